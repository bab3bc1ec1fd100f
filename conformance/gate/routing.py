"""Which of many path templates a path belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

_T = TypeVar("_T")


@dataclass(slots=True)
class _Step(Generic[_T]):
    literal: dict[str, _Step[_T]] = field(default_factory=dict)
    templates: dict[str, tuple[re.Pattern[str], _Step[_T]]] = field(default_factory=dict)
    ends: list[_T] = field(default_factory=list)


class Routes(Generic[_T]):
    """Path templates as a tree of steps; a literal step wins over a template."""

    def __init__(self, entries: Iterable[tuple[str, _T]]) -> None:
        """Keep what belongs to each template, of equal ones the first."""
        self._root: _Step[_T] = _Step()
        for template, value in entries:
            step = self._root
            for text in template.split("/"):
                step = self._below(step, text)
            step.ends.append(value)

    def _below(self, step: _Step[_T], text: str) -> _Step[_T]:
        if "{" not in text:
            return step.literal.setdefault(text, _Step())
        shape = "([^/]+)".join(map(re.escape, re.split(r"\{[^}]*\}", text)))
        if shape not in step.templates:
            step.templates[shape] = re.compile(shape), _Step()
        return step.templates[shape][1]

    def find(self, path: str) -> _T | None:
        """Return what belongs to the template of a path without its query; None for no template."""
        return self._find(self._root, path.split("/"), 0)

    def _find(self, step: _Step[_T], texts: list[str], index: int) -> _T | None:
        if index == len(texts):
            return step.ends[0] if step.ends else None
        text = texts[index]
        below = [step.literal[text]] if text in step.literal else []
        below += [inner for shape, inner in step.templates.values() if shape.fullmatch(text)]
        for inner in below:
            found = self._find(inner, texts, index + 1)
            if found is not None:
                return found
        return None
