"""What schemas say that restricts no value: defaults, discriminators, deprecation."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from conformance.gate import lifetime
from conformance.gate.api import Op, Part
from conformance.gate.bodies import Pair
from conformance.gate.changes import Change
from conformance.gate.forms import ANY_KEY, ITEM
from conformance.spec import pointers

if TYPE_CHECKING:
    from conformance.gate.comparing import Comparer

PLACES = 4000
"""Schemas of one body that are looked at."""
WORDS = ("default", "discriminator", "deprecated", "x-sunset", "x-stability-level")
_Path = tuple[str, ...]


@dataclass(slots=True)
class Said:
    """What is said of one place, by any schema that speaks of it."""

    raw: dict[str, list[Any]] = field(default_factory=dict)
    pointers: dict[str, str] = field(default_factory=dict)
    pointer: str = ""
    schemas: int = 0
    """How many schemas speak of it."""


def hints(comparer: Comparer, one: Op, pair: Pair, where: str) -> Iterator[Change]:
    """Yield what changed of defaults, discriminators and announcements in a schema."""
    base = said(comparer.base.document, pair.base, pair.base_pointer)
    head = said(comparer.head.document, pair.head, pair.head_pointer)
    for path in base.keys() & head.keys():
        was, now = base[path], head[path]
        if was.raw == now.raw:
            continue
        place = "/".join((where, *path))
        yield from _default(comparer, one, pair, place, was, now)
        yield from _discriminator(comparer, one, pair, place, was, now)
        ones, others = _announcing(was), _announcing(now)
        yield from lifetime.announced(
            ones,
            others,
            comparer.game,
            comparer.today,
            op=one,
            where=place,
            direction=pair.direction,
        )


def _announcing(place: Said) -> Part:
    """Return what is announced at a place, as if one schema said all of it."""
    raw = {word: values[-1] for word, values in place.raw.items() if word in WORDS[2:]}
    return Part(raw=raw, pointer=place.pointer)


def said(document: Mapping[str, Any], schema: Any, pointer: str) -> dict[_Path, Said]:
    """Return what a schema says of each place, besides which values it accepts."""
    found: dict[_Path, Said] = {}
    waiting: list[tuple[Any, str, _Path, frozenset[str]]] = [(schema, pointer, (), frozenset())]
    for _ in range(PLACES):
        if not waiting:
            break
        raw, at, path, above = waiting.pop()
        if not isinstance(raw, Mapping) or at in above:
            continue
        place = found.setdefault(path, Said(pointer=at))
        place.schemas += 1
        for word in WORDS:
            if word in raw:
                values = place.raw.setdefault(word, [])
                values.append(raw[word])
                place.pointers[word] = f"{at}/{word}"
        above |= {at}
        waiting += ((*inner, above) for inner in _inner(document, raw, at, path))
    return found


def _inner(
    document: Mapping[str, Any], raw: Mapping[str, Any], at: str, path: _Path
) -> Iterator[tuple[Any, str, _Path]]:
    reference = raw.get("$ref")
    if isinstance(reference, str) and reference.startswith("#"):
        yield pointers.find(document, reference), reference[1:], path
    for word in ("allOf", "anyOf", "oneOf"):
        for index, part in enumerate(raw.get(word) or ()):
            yield part, f"{at}/{word}/{index}", path
    for name, part in (raw.get("properties") or {}).items():
        yield part, f"{at}/properties/{pointers.escape(name)}", (*path, name)
    for word, step in (("items", ITEM), ("additionalProperties", ANY_KEY)):
        if isinstance(raw.get(word), Mapping):
            yield raw[word], f"{at}/{word}", (*path, step)


def _default(
    comparer: Comparer, one: Op, pair: Pair, where: str, was: Said, now: Said
) -> Iterator[Change]:
    ones, others = (Counter(map(_text, each.raw.get("default", ()))) for each in (was, now))
    if was.schemas != now.schemas:  # an alternative more or less repeats what the others say
        ones, others = Counter(ones.keys()), Counter(others.keys())
    before, after = sorted(ones - others), sorted(others - ones)
    if before or after:
        yield comparer.change(
            "default", one, pair.direction, where,
            ", ".join(before) or "none", ", ".join(after) or "none",
            now.pointers.get("default", now.pointer),
            convention="default-changed" if pair.direction == "request" else "response-default",
        )  # fmt: skip


def _discriminator(
    comparer: Comparer, one: Op, pair: Pair, where: str, was: Said, now: Said
) -> Iterator[Change]:
    ones, others = was.raw.get("discriminator"), now.raw.get("discriminator")
    if ones == others:
        return
    before = sorted(_shown(comparer, "base", pair, each) for each in ones or ())
    after = sorted(_shown(comparer, "head", pair, each) for each in others or ())
    if before != after:
        yield comparer.change(
            "discriminator", one, pair.direction, where,
            "; ".join(text for text, _ in before) or "none",
            "; ".join(text for text, _ in after) or "none",
            now.pointers.get("discriminator", now.pointer), convention="discriminator",
        )  # fmt: skip


def _shown(comparer: Comparer, side: str, pair: Pair, raw: Any) -> tuple[str, tuple[Any, ...]]:
    """Return a discriminator in words, and the sets that its values stand for."""
    if not isinstance(raw, Mapping):
        return _text(raw), ()
    mapping = raw.get("mapping") or {}
    forms = []
    for value in sorted(mapping):
        target = str(mapping[value])
        reference = target if target.startswith("#") else f"#/components/schemas/{target}"
        forms.append(sorted(comparer.schemas.form(side, {"$ref": reference}, pair.direction)))
    return f"{raw.get('propertyName')}: {', '.join(sorted(mapping)) or 'by name'}", tuple(forms)


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
