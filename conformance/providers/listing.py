"""How lists are asked for a part of what they hold, and what each part promises of its entries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Entry = Mapping[str, Any]
Told = Callable[[Entry], object]
"""Entry to what it says of itself; None where it says nothing."""


_NEARLY = 1.0
"""Seconds from a bound within which a moment may lie on either side of it."""
_FAR = dt.timedelta(days=1)


class How(StrEnum):
    """How what an entry says must compare to what was asked for."""

    SAME = "same"
    ALL = "all"
    """The entry has each of the asked-for texts."""
    AFTER = "after"
    """The entry's moment is not before the one asked for."""
    BEFORE = "before"


class Paging(StrEnum):
    """How the next page is asked for."""

    NONE = "none"
    OFFSET = "offset"
    """By the number of entries that stand before it."""
    PAGE = "page"
    """By its number, from 1."""
    LINK = "link"
    """By what the page before says is next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """A query parameter, and what it promises of every entry of the answer."""

    parameter: str
    told: Told
    how: How = How.SAME
    lasting: bool = True
    """Whether what it asks about is settled when the thing is made."""

    def fits(self, entry: Entry, asked: Sequence[str]) -> bool | None:
        """Return whether `entry` is what was asked for; None where that cannot be told."""
        told = self.told(entry)
        if told is None or not asked:
            return None
        if self.how is How.ALL:
            return isinstance(told, list) and {*asked} <= {*map(str, told)}
        if self.how is How.SAME:
            anything = asked[0].startswith("unknown_")  # the zero value of an enumeration
            return anything or as_text(told) == asked[0]
        entered, limit = _moment(told), _moment(asked[0])
        if entered is None or limit is None or abs(entered - limit) < _NEARLY:
            return None  # moments are told rounded, and whether a bound is part of it is open
        return entered >= limit if self.how is How.AFTER else entered <= limit

    def fitting(self, entry: Entry) -> list[str]:
        """Return texts to ask with, so that `entry` is what is asked for; none if it is silent."""
        told = self.told(entry)
        if told is None:
            return []
        if self.how in {How.AFTER, How.BEFORE}:
            return self._bound(told, -_FAR if self.how is How.AFTER else _FAR)
        return [str(each) for each in told] if isinstance(told, list) else [as_text(told)]

    def excluding(self, entry: Entry) -> list[str]:
        """Return texts to ask with, so that `entry` is not what is asked for; none if unknown."""
        told = self.told(entry)
        if told is None or self.how not in {How.AFTER, How.BEFORE}:
            return []
        return self._bound(told, _FAR if self.how is How.AFTER else -_FAR)

    def _bound(self, told: object, away: dt.timedelta) -> list[str]:
        moment = _moment(told)
        if moment is None:
            return []
        return [(dt.datetime.fromtimestamp(moment, dt.UTC) + away).strftime("%Y-%m-%dT%H:%M:%SZ")]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFacts:
    """A list of things that its owner can make, or of what a provider offers."""

    operation: str
    member: str
    """Member of the answer that holds the entries."""
    thing: str
    """What it lists, by its name in the provider's table."""
    read: str = ""
    """Operation that reads one of them."""
    fields: Callable[[int, str], dict[str, Any]] = lambda _number, _mark: {}
    """Number and mark to the fields of a body by which things of a walk differ and belong."""
    mark: str = ""
    """Parameter that asks for things with a mark; empty for none."""
    filters: tuple[Filter, ...] = ()
    order: str = ""
    """Parameter that asks for an order."""
    orders: Mapping[str, tuple[Told, bool]] = field(default_factory=dict)
    """Its words to what they order by, and whether the greatest stands first."""
    usual: str = ""
    """The documented order of a list for which none was asked."""
    paging: Paging = Paging.NONE
    size: str = ""
    start: str = ""
    total: str = ""
    """Member of the answer that says how many entries there are on all pages."""
    same: Mapping[str, Told] = field(default_factory=dict)
    """Members of an entry to what a single read says of the same: settled from the start."""
    ended: Mapping[str, Told] = field(default_factory=dict)
    """The same of what is settled when the thing has ended."""
    final: Callable[[Entry], bool] = lambda _entry: False
    """Whether a single read says that the thing has ended."""

    def filter(self, parameter: str) -> Filter | None:
        """Return the filter of this name; None where there is none."""
        return next((each for each in self.filters if each.parameter == parameter), None)


def at(*steps: str) -> Told:
    """Return what reads the member of an entry at these steps."""

    def told(entry: Entry) -> object:
        found: object = entry
        for step in steps:
            found = found.get(step) if isinstance(found, Mapping) else None
        return found

    return told


def moment_at(*steps: str) -> Told:
    """Return what reads a moment of an entry, in seconds since 1970."""
    read = at(*steps)
    return lambda entry: _moment(read(entry))


def word_at(*steps: str) -> Told:
    """Return what reads a text that sorts alike in every alphabet: small letters alone."""
    read = at(*steps)

    def told(entry: Entry) -> object:
        found = read(entry)
        plain = isinstance(found, str) and found.isascii() and found.isalpha() and found.islower()
        return found if plain else None

    return told


def as_text(value: object) -> str:
    """Return a value as a query has it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _moment(value: object) -> float | None:
    try:
        told = dt.datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    if told is None:
        return None
    return (told if told.tzinfo else told.replace(tzinfo=dt.UTC)).timestamp()
