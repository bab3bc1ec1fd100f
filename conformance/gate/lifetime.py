"""Deprecation, sunset and stability: what is announced, and whether in time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from conformance.gate.api import Op, Part
from conformance.gate.changes import Change
from conformance.gate.conventions import Game

STABILITY = ("draft", "alpha", "beta", "stable")
"""The levels of `x-stability-level`, the least first."""


def sunset_of(raw: Mapping[str, Any]) -> date | None:
    """Return the day of `x-sunset`, which may be a date or a time; None without one."""
    text = str(raw.get("x-sunset") or "")[:10]
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def is_unstable(op: Op) -> bool:
    """Whether an operation was declared to be no more than a draft."""
    return str(op.raw.get("x-stability-level") or "") in {"draft", "alpha"}


def removal(op: Op, today: date) -> str:
    """Return the convention for an operation that is gone."""
    if not op.flag("deprecated"):
        return "removed-operation"
    end = sunset_of(op.raw)
    return (
        "removed-after-sunset"
        if end is not None and end < today
        else "removed-deprecated-operation"
    )


def operation(one: Op, other: Op, game: Game, today: date) -> Iterator[Change]:
    """Yield what is announced about an operation, and its new name."""
    yield from announced(one, other, game, today, op=one, where="operation", direction="none")
    names = one.raw.get("operationId"), other.raw.get("operationId")
    if names[0] != names[1] and None not in names:
        yield _change(
            "operation-id", game, "names", one, "operation", *names, f"{other.pointer}/operationId"
        )


def announced(
    one: Part, other: Part, game: Game, today: date, *, op: Op, where: str, direction: str
) -> Iterator[Change]:
    """Yield what is announced about an operation, a parameter or a schema."""
    was, now = one.flag("deprecated"), other.flag("deprecated")
    at = f"{other.pointer}/deprecated" if "deprecated" in other.raw else other.pointer
    if was != now:
        words = ("deprecated", "not deprecated")
        yield _change(
            "deprecation",
            game,
            "deprecation",
            op,
            where,
            words[not was],
            words[not now],
            at,
            direction,
        )
    yield from _sunset(one, other, game, today, op=op, where=where, direction=direction)
    levels = [str(part.raw.get("x-stability-level") or "") for part in (one, other)]
    if levels[0] != levels[1]:
        lower = _level(levels[1]) < _level(levels[0])
        convention = "stability-lowered" if lower else "deprecation"
        words = (levels[0] or "not said", levels[1] or "not said")
        yield _change("stability", game, convention, op, where, *words, other.pointer, direction)


def _sunset(
    one: Part, other: Part, game: Game, today: date, *, op: Op, where: str, direction: str
) -> Iterator[Change]:
    texts = [str(part.raw.get("x-sunset") or "") for part in (one, other)]
    if texts[0] == texts[1]:
        return
    days = sunset_of(one.raw), sunset_of(other.raw)
    soon = days[1] is None
    if days[1] is not None:
        sooner = days[0] is not None and days[1] < days[0]
        soon = sooner or days[1] < today + timedelta(days=game.grace_days)
    convention = (
        "sunset-too-soon"
        if soon and not (days[1] is None and not other.flag("deprecated"))
        else "sunset"
    )
    words = (texts[0] or "none", texts[1] or "none")
    yield _change("sunset", game, convention, op, where, *words, other.pointer, direction)


def _level(name: str) -> int:
    return STABILITY.index(name) if name in STABILITY else len(STABILITY) - 1


def _change(
    rule: str,
    game: Game,
    convention: str,
    op: Op,
    where: str,
    before: Any,
    after: Any,
    pointer: str,
    direction: str = "none",
) -> Change:
    return Change(
        rule=rule,
        verdict=game.of(convention),
        operation=op.shown,
        direction=direction,
        where=where,
        before=str(before),
        after=str(after),
        pointer=pointer,
        convention=convention,
    )
