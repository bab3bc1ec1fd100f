"""Lines of a document's text, by JSON pointer."""

from __future__ import annotations

from typing import Any

import yaml

from conformance.spec import pointers

LARGEST = 2 * 2**20
"""Bytes of a text beyond which its lines are not looked for."""


class Lines:
    """The places of a YAML or JSON text; it is read again when it is first asked."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._root: Any = None
        self._read = False

    def line(self, pointer: str) -> int:
        """Return the line, from 1, of what a pointer names, or of the nearest thing above it."""
        node, line = self._tree(), 1
        for step in pointers.steps(pointer):
            found = _inner(node, step)
            if found is None:
                break
            line, node = found
        return line

    def _tree(self) -> Any:
        if not self._read:
            self._read = True
            if len(self._content) <= LARGEST:
                loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
                self._root = yaml.compose(self._content, Loader=loader)
        return self._root


def _inner(node: Any, step: str) -> tuple[int, Any] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if getattr(key, "value", None) == step:
                return key.start_mark.line + 1, value
    elif isinstance(node, yaml.SequenceNode) and step.isdigit() and int(step) < len(node.value):
        inner = node.value[int(step)]
        return inner.start_mark.line + 1, inner
    return None
