"""From a method and a path to the operation that they ask for; literal steps win."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import unquote

from conformance.mock.http import Refusal
from conformance.model import Operation


@dataclass(slots=True)
class _Step:
    """One place in the tree of paths."""

    literal: dict[str, _Step] = field(default_factory=dict)
    template: _Step | None = None
    operations: dict[str, tuple[Operation, tuple[str, ...]]] = field(default_factory=dict)
    """Method to operation and the names of its path parameters."""


class Router:
    """The paths of a document as a tree."""

    def __init__(self, operations: Iterable[Operation], base_path: str) -> None:
        self._root = _Step()
        for operation in operations:
            self._add(operation, base_path)

    def find(self, method: str, raw_path: str) -> tuple[Operation, dict[str, str]]:
        """Return the operation and its percent-decoded path parameters.

        Raises:
            Refusal: 404 for an unknown path, 405 for a method that the path does not have.
        """
        end, values = self._end(raw_path)
        if method not in end.operations:
            allowed = ", ".join(sorted(end.operations))
            headers = ((b"allow", allowed.encode("ascii")),)
            raise Refusal(405, f"expected {allowed}, got {method}", headers=headers)
        operation, names = end.operations[method]
        return operation, dict(zip(names, map(unquote, values), strict=True))

    def any_operation(self, raw_path: str) -> tuple[Operation, dict[str, str]]:
        """Return some operation of the path, whatever its method: for a fault.

        Raises:
            Refusal: 404 for an unknown path.
        """
        end, values = self._end(raw_path)
        operation, names = next(iter(end.operations.values()))
        return operation, dict(zip(names, map(unquote, values), strict=True))

    def _end(self, raw_path: str) -> tuple[_Step, tuple[str, ...]]:
        found = _end(self._root, raw_path.split("/")[1:], ())
        if found is None:
            raise Refusal(404, "there is nothing at this path")
        return found

    def _add(self, operation: Operation, base_path: str) -> None:
        step, names = self._root, []
        for part in f"{base_path}{operation.path}".split("/")[1:]:
            if part.startswith("{"):
                names.append(part.strip("{}"))
                step.template = step.template or _Step()
                step = step.template
            else:
                step = step.literal.setdefault(part, _Step())
        step.operations[operation.method.upper()] = (operation, tuple(names))


def _end(
    step: _Step, rest: list[str], values: tuple[str, ...]
) -> tuple[_Step, tuple[str, ...]] | None:
    """Return the place that a path leads to, and what stands for its templates."""
    if not rest:
        return (step, values) if step.operations else None
    found = None
    if rest[0] in step.literal:
        found = _end(step.literal[rest[0]], rest[1:], values)
    if found is None and step.template is not None and rest[0]:
        found = _end(step.template, rest[1:], (*values, rest[0]))
    return found
