"""Patterns as sets of texts: whether one holds another, and a shortest text that only one has.

A pattern is read as ECMA 262 has it (a digit is 0 to 9, `$` is the very end), by walking two lists
of patterns side by side as automata that are built on the way. What cannot be walked so
(look-around, back references, word boundaries) or grows too large is unknown, and then nothing is
claimed.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from conformance.gate.patterns import parsed
from conformance.gate.sites import Lean

LAST = 0x10FFFF
STATES = 3000
"""Steps of one pattern, and pairs of states of two, beyond which nothing is claimed."""
WORK = 60_000
"""Moves looked at for one question."""
_PREFERRED = "a0A-_ .é\n"
_SURROGATES = ((0xD800, 0xDFFF),)

Ranges = tuple[tuple[int, int], ...]
_DIGIT: Ranges = ((48, 57),)
_WORD: Ranges = ((48, 57), (65, 90), (95, 95), (97, 122))
_SPACE: Ranges = (
    (9, 13), (32, 32), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029),
    (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000), (0xFEFF, 0xFEFF),
)  # fmt: skip
_NEWLINE: Ranges = ((10, 10),)


class Unknown(Exception):
    """A pattern is none, is of a kind that no automaton reads, or is too large."""


def outside(ranges: Ranges) -> Ranges:
    """Return the code points that are in none of `ranges`."""
    found, low = [], 0
    for start, end in sorted(ranges):
        if start > low:
            found.append((low, start - 1))
        low = max(low, end + 1)
    return (*found, (low, LAST)) if low <= LAST else tuple(found)


@dataclass(slots=True)
class Automaton:
    """States of one pattern, the first being 0; `end` is reached when it has matched."""

    free: list[list[tuple[str, int]]] = field(default_factory=list)
    """From a state, moves that read nothing: `""`, or `^` and `$`, which ask where they are."""
    reading: list[list[tuple[Ranges, int]]] = field(default_factory=list)
    end: int = -1

    def state(self) -> int:
        """Return a new state.

        Raises:
            Unknown: There are too many.
        """
        if len(self.free) >= STATES:
            raise Unknown("too many states")
        self.free.append([])
        self.reading.append([])
        return len(self.free) - 1

    def closed(self, states: Iterable[int], *, first: bool, last: bool) -> frozenset[int]:
        """Return the states that are reached without reading on."""
        found, waiting = set[int](), list(states)
        while waiting:
            state = waiting.pop()
            if state in found:
                continue
            found.add(state)
            for mark, then in self.free[state]:
                if not mark or (mark == "^" and first) or (mark == "$" and last):
                    waiting.append(then)
        return frozenset(found)


@functools.lru_cache(maxsize=512)
def automaton(pattern: str) -> Automaton:
    """Return the automaton of a pattern.

    Raises:
        Unknown: There is none.
    """
    tree = parsed(pattern)
    if tree is None or tree.state.flags & ~32:  # 32 is Unicode, which every pattern of text has
        raise Unknown(pattern)
    made = Automaton()
    start = made.state()
    try:
        made.end = _sequence(made, tree, start)
    except RecursionError:
        raise Unknown(pattern) from None
    return made


def _sequence(made: Automaton, parts: Any, at: int) -> int:
    for word, detail in parts:
        at = _part(made, str(word), detail, at)
    return at


def _part(made: Automaton, word: str, detail: Any, at: int) -> int:
    if word == "SUBPATTERN":
        _, added, dropped, inner = detail
        if added or dropped:
            raise Unknown(word)
        return _sequence(made, inner, at)
    if word == "BRANCH":
        end = made.state()
        for branch in detail[1]:
            start = made.state()
            made.free[at].append(("", start))
            made.free[_sequence(made, branch, start)].append(("", end))
        return end
    if word in {"MAX_REPEAT", "MIN_REPEAT"}:
        low, high, inner = detail
        return _repeat(made, low, high, inner, at)
    if word == "AT":
        marks = {"AT_BEGINNING": "^", "AT_BEGINNING_STRING": "^", "AT_END": "$"}
        if str(detail) not in marks:
            raise Unknown(str(detail))
        end = made.state()
        made.free[at].append((marks[str(detail)], end))
        return end
    end = made.state()
    made.reading[at].append((_one(word, detail), end))
    return end


def _repeat(made: Automaton, low: int, high: Any, inner: Any, at: int) -> int:
    for _ in range(low):
        at = _sequence(made, inner, at)
    if str(high) == "MAXREPEAT":
        start, end = made.state(), made.state()
        made.free[at].append(("", start))
        made.free[_sequence(made, inner, start)].append(("", start))
        made.free[start].append(("", end))
        return end
    end = made.state()
    for _ in range(low, int(high)):
        made.free[at].append(("", end))
        at = _sequence(made, inner, at)
    made.free[at].append(("", end))
    return end


def _one(word: str, detail: Any) -> Ranges:
    """Return the code points of a part that reads one character."""
    if word == "LITERAL":
        return ((detail, detail),)
    if word == "NOT_LITERAL":
        return outside(((detail, detail),))
    if word == "ANY":
        return outside(_NEWLINE)
    if word != "IN":
        raise Unknown(word)
    named = [(str(one), value) for one, value in detail]
    found = tuple(r for one, value in named if one != "NEGATE" for r in _ranges(one, value))
    return outside(found) if named[0][0] == "NEGATE" else found


def _ranges(word: str, value: Any) -> Ranges:
    if word == "LITERAL":
        return ((value, value),)
    if word == "RANGE":
        return (tuple(value),)
    kinds = {"DIGIT": _DIGIT, "WORD": _WORD, "SPACE": _SPACE}
    name = str(value).removeprefix("CATEGORY_")
    plain = name.removeprefix("NOT_")
    if word != "CATEGORY" or plain not in kinds:
        raise Unknown(str(value))
    return outside(kinds[plain]) if name != plain else kinds[plain]


@dataclass(frozen=True, slots=True)
class _Here:
    """Where the search for a pattern in a text stands."""

    states: frozenset[int]
    found: bool
    """Whether it has matched, whatever follows."""
    fresh: bool = False
    """Whether nothing was read so far."""


class _Search:
    """A pattern looked for anywhere in a text, character by character."""

    def __init__(self, pattern: str) -> None:
        self._made = automaton(pattern)
        self.start = self._at(self._made.closed({0}, first=True, last=False), fresh=True)
        self._empty = self._made.end in self._made.closed({0}, first=True, last=True)
        self._again = self._made.closed({0}, first=False, last=False)

    def _at(self, states: frozenset[int], *, fresh: bool = False) -> _Here:
        found = self._made.end in states
        return _Here(frozenset(), found=True) if found else _Here(states, found=False, fresh=fresh)

    def ranges(self) -> Iterator[tuple[int, int]]:
        """Yield every range that the pattern speaks of."""
        for moves in self._made.reading:
            for ranges, _ in moves:
                yield from ranges

    def read(self, here: _Here, code: int) -> _Here:
        """Return where the search stands after one more character."""
        if here.found:
            return here
        reached = {
            then
            for state in here.states
            for ranges, then in self._made.reading[state]
            if any(low <= code <= high for low, high in ranges)
        }
        return self._at(self._made.closed(reached, first=False, last=False) | self._again)

    def ends(self, here: _Here) -> bool:
        """Return whether a text that ends here has the pattern."""
        if here.found or (here.fresh and self._empty):
            return True
        return self._made.end in self._made.closed(here.states, first=False, last=True)


@functools.lru_cache(maxsize=2048)
def differing(
    inside: frozenset[str], beyond: frozenset[str], least: int = 0, most: int | None = None
) -> str | None:
    """Return a shortest text that has every pattern of `inside` and not every one of `beyond`.

    Args:
        inside: Patterns.
        beyond: Patterns; with none of them, any text has them all, and there is no such text.
        least: Characters that the text must have.
        most: Characters that it may have.

    Returns:
        The text, or None when there is none.

    Raises:
        Unknown: It could not be told.
    """
    return _shortest(inside, beyond, least, most, refused=True)


@functools.lru_cache(maxsize=2048)
def common(patterns: frozenset[str], least: int = 0, most: int | None = None) -> str | None:
    """Return a shortest text that has every one of `patterns`; None when there is none.

    Raises:
        Unknown: It could not be told.
    """
    return _shortest(patterns, frozenset(), least, most, refused=False)


@functools.lru_cache(maxsize=1024)
def is_idle(pattern: object) -> bool:
    """Return whether every text has the pattern, for all that can be told."""
    if not isinstance(pattern, str):
        return False
    try:
        return differing(frozenset(), frozenset({pattern})) is None
    except Unknown:
        return False


def lean(one: frozenset[str], other: frozenset[str]) -> Lean:
    """Return what happens to a set of texts when its patterns change; `none` for nothing.

    Raises:
        Unknown: It could not be told.
    """
    lost, new = differing(one, other) is not None, differing(other, one) is not None
    if lost and new:
        return "both"
    return "narrower" if lost else "wider" if new else "none"


def _shortest(
    inside: frozenset[str], beyond: frozenset[str], least: int, most: int | None, *, refused: bool
) -> str | None:
    if refused and not beyond:
        return None
    ours, theirs = ([_Search(p) for p in sorted(each)] for each in (inside, beyond))
    searches = [*ours, *theirs]
    letters = _letters(searches)
    start = tuple(search.start for search in searches)
    seen, layer = {(start, 0, False)}, [(start, "")]
    work = length = 0
    second = None
    while layer:
        for states, text in layer:
            ends = [search.ends(here) for search, here in zip(searches, states, strict=True)]
            told = not all(ends[len(ours) :]) if refused else True
            if length >= least and all(ends[: len(ours)]) and told:
                if not text.endswith("\n"):
                    return text
                second = second or text  # before a last newline, engines differ on what `$` is
        if length == most:
            break
        length += 1
        following = []
        for states, text in layer:
            for letter in letters:
                work += 1
                if work > WORK:
                    raise Unknown("too many states")
                then = tuple(s.read(h, letter) for s, h in zip(searches, states, strict=True))
                key = (then, min(length, least), letter == _NEWLINE[0][0])
                if key not in seen:
                    seen.add(key)
                    following.append((then, text + chr(letter)))
        layer = following
    return second


def _letters(searches: list[_Search]) -> list[int]:
    """Return one character for each set of characters that no pattern tells apart."""
    ends = {0, LAST + 1, 0xD800, 0xE000}
    for search in searches:
        for low, high in search.ranges():
            ends |= {low, high + 1}
    cuts = sorted(ends)
    preferred = [ord(c) for c in _PREFERRED]
    found = []
    for low, after in itertools.pairwise(cuts):
        if low >= _SURROGATES[0][0] and after <= _SURROGATES[0][1] + 1:
            continue  # no text of JSON holds half a character
        nice = [c for c in preferred if low <= c < after]
        shown = max(low, 33) if after > 33 else low
        found.append(nice[0] if nice else shown)
    rank = {c: i for i, c in enumerate(preferred)}
    return sorted(found, key=lambda c: (rank.get(c, len(rank)), c))
