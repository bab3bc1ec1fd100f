"""Short texts that fit a pattern, and short texts that do not."""

from __future__ import annotations

import functools
import random
import re
import warnings
from collections.abc import Iterator
from typing import Any

from conformance.gate.texts import ODD, matches

TRIES = 40
LONGEST = 10_000
"""Characters of a text beyond which none is written."""
_LONGEST_REPEAT = 3


@functools.lru_cache(maxsize=1024)
def fitting(pattern: str) -> tuple[str, ...]:
    """Return a few texts that fit `pattern`, the shortest first; none if it is not understood.

    They are written by walking the parsed pattern, so that a pattern on which matching takes for
    ever costs nothing.
    """
    tree = parsed(pattern)
    if tree is None or tree.getwidth()[0] > LONGEST:
        return ()
    draws = random.Random(pattern)  # noqa: S311  # examples, not secrets
    made = {_write(tree, draws, least=True)}
    made |= {_write(tree, draws, least=False) for _ in range(TRIES)}
    good = [text for text in sorted(made, key=lambda t: (len(t), t)) if matches(pattern, text)]
    return tuple(good[:6])


@functools.lru_cache(maxsize=1024)
def refused(pattern: str) -> tuple[str, ...]:
    """Return a few texts that do not fit `pattern`."""
    near = [text for good in fitting(pattern)[:4] for text in _edits(good)]
    return tuple(text for text in (*near, *ODD) if not matches(pattern, text))[:12]


def _edits(text: str) -> Iterator[str]:
    """Yield texts that differ from `text` in one place."""
    yield text + "!"
    yield f"!{text}"
    yield text[:-1]
    yield text[1:]
    yield text.swapcase()
    yield text + text[-1:]
    yield text[:1] + " " + text[1:]


def parsed(pattern: str) -> Any:
    """Return the parsed pattern, parts with a word and its detail; None where it is none."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of patterns that a later Python reads otherwise
        try:
            return re._parser.parse(pattern)  # type: ignore[attr-defined, unused-ignore]  # no public name
        except (re.error, RecursionError, OverflowError):
            return None


def _write(parts: Any, draws: random.Random, *, least: bool) -> str:
    return "".join(_part(str(word), detail, draws, least=least) for word, detail in parts)


def _part(word: str, detail: Any, draws: random.Random, *, least: bool) -> str:
    if word == "LITERAL":
        return chr(detail)
    if word == "NOT_LITERAL":
        return "b" if chr(detail) == "a" else "a"
    if word == "ANY":
        return "a" if least else draws.choice("ab0 -")
    if word == "IN":
        return _one_of(detail, draws, least=least)
    if word in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
        low, high, inner = detail
        count = low if least else draws.randint(low, min(int(high), low + _LONGEST_REPEAT))
        return "".join(_write(inner, draws, least=least) for _ in range(count))
    if word == "SUBPATTERN":
        return _write(detail[-1], draws, least=least)
    if word == "BRANCH":
        branches = detail[1]
        return _write(branches[0] if least else draws.choice(branches), draws, least=least)
    return _write(detail, draws, least=least) if word == "ATOMIC_GROUP" else ""


def _one_of(detail: Any, draws: random.Random, *, least: bool) -> str:
    words = [(str(word), value) for word, value in detail]
    if words[0][0] == "NEGATE":
        banned = "".join(_chars(word, value) for word, value in words[1:])
        free = [c for c in "a0-A _.~é" if c not in banned]
        return free[0] if least and free else draws.choice(free or ["a"])
    chars = "".join(_chars(word, value) for word, value in words)
    return chars[0] if least else draws.choice(chars)


def _chars(word: str, value: Any) -> str:
    if word == "LITERAL":
        return chr(value)
    if word == "RANGE":
        low, high = value
        return "".join(map(chr, range(low, min(high, low + 60) + 1)))
    classes = {
        "CATEGORY_DIGIT": "0123456789",
        "CATEGORY_WORD": "aZ0_b",
        "CATEGORY_SPACE": " \t",
        "CATEGORY_NOT_DIGIT": "a-",
        "CATEGORY_NOT_WORD": "- ",
        "CATEGORY_NOT_SPACE": "a0",
    }
    return classes.get(str(value), "a")
