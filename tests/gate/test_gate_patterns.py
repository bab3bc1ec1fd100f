"""Patterns are compared as sets of texts, not as texts."""

from __future__ import annotations

import itertools
import random
import re
from datetime import date
from typing import Any

import pytest

from conformance.gate import Change, Source, Verdict, compare, game
from conformance.gate.languages import Unknown, differing

LETTERS = "abc\n"
TEXTS = ["".join(t) for size in range(5) for t in itertools.product(LETTERS, repeat=size)]


def changes(base: Any, head: Any, *, answer: bool = False) -> list[Change]:
    sources = []
    for name, schema in (("base", base), ("head", head)):
        content = {"application/json": {"schema": schema}}
        operation: dict[str, Any] = {"responses": {"200": {"description": "done"}}}
        if answer:
            operation["responses"]["200"]["content"] = content
        else:
            operation["requestBody"] = {"required": True, "content": content}
        paths = {"/a": {"post": operation}}
        info = {"title": "t", "version": "1"}
        document = {"openapi": "3.1.0", "info": info, "paths": paths}
        sources.append(Source(document=document, name=name))
    return list(compare(sources[0], sources[1], game(), today=date(2026, 11, 21)).changes)


def text(pattern: str, **more: Any) -> dict[str, Any]:
    return {"type": "string", "pattern": pattern, **more}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("^[0-9]{1,8}$", "^[0-9][0-9]{0,7}$"),
        ("^[0-9]+$", r"^\d+$"),
        ("^(a+)+$", "^a+$"),
        ("^(a|b|c)$", "^[a-c]$"),
        (r"^[\s\S]*$", ""),
        ("a*", ""),
        ("^[a-f]{8}(-[a-f]{4}){3}$", "^[a-f]{8}-[a-f]{4}-[a-f]{4}-[a-f]{4}$"),
    ],
)
def test_a_pattern_written_otherwise_is_no_change(one: str, other: str) -> None:
    for base, head in ((one, other), (other, one)):
        for answer in (False, True):
            assert changes(text(base), text(head), answer=answer) == []


@pytest.mark.parametrize(
    ("wide", "narrow", "outside"),
    [
        ("^[a-z0-9_-]+$", "^[a-y0-9_-]+$", "z"),
        ("[a-z]", "^[a-z]+$", None),
        ("^[A-Z]{3}-[0-9]{4,5}$", "^[A-Z]{3}-[0-9]{4}$", "AAA-00000"),
        ("", "^.*$", None),  # which has no newline
        ("^(ab|cd)*$", "^(abcd)*$", "ab"),
    ],
)
def test_a_narrower_pattern_breaks_requests_and_a_wider_one_responses(
    wide: str, narrow: str, outside: str | None
) -> None:
    for base, head, answer in ((wide, narrow, False), (narrow, wide, True)):
        (change,) = changes(text(base), text(head), answer=answer)
        assert change.verdict is Verdict.BREAKING
        assert change.witness is not None
        body = change.witness.message["body"]
        assert re.search(wide, body)
        assert not re.search(narrow, body)
        assert outside is None or body == outside
    for base, head, answer in ((narrow, wide, False), (wide, narrow, True)):
        (change,) = changes(text(base), text(head), answer=answer)
        assert change.verdict is Verdict.COMPATIBLE


def test_a_witness_keeps_the_length_that_is_asked_for() -> None:
    base, head = text("^[a-z]+$", minLength=4, maxLength=6), text("^[a-m]+$", minLength=4)
    found = [c for c in changes(base, head) if c.rule == "pattern"]
    assert [c.verdict for c in found] == [Verdict.BREAKING]
    assert found[0].witness is not None
    assert 4 <= len(found[0].witness.message["body"]) <= 6


def test_alternatives_that_no_text_fits_both_of_are_apart() -> None:
    parts = [text("^a"), text("^b")]
    assert changes({"anyOf": parts}, {"oneOf": parts}) == []
    overlapping = [text("^a"), text("b$")]
    found = changes({"anyOf": overlapping}, {"oneOf": overlapping})
    assert [c.verdict for c in found] == [Verdict.BREAKING]
    assert found[0].witness is not None
    assert re.search("^a.*b$", found[0].witness.message["body"])


@pytest.mark.parametrize("pattern", [r"^(a+)\1$", r"^(?=a)b", r"\bword", "((a{1,500}){1,500}){9}"])
def test_of_a_pattern_that_is_beyond_it_nothing_is_claimed(pattern: str) -> None:
    with pytest.raises(Unknown):
        differing(frozenset({pattern}), frozenset({"^a$"}))


def test_differences_are_those_that_matching_finds() -> None:
    """Random pairs against the `re` module on every text of up to four letters."""
    draws = random.Random(20261121)  # noqa: S311  # texts keep no secret
    shown = 0
    for _ in range(600):
        one, other = _pattern(draws, 0), _pattern(draws, 0)
        ones, others = (re.compile(p.replace("$", r"\Z")) for p in (one, other))
        lost = {t for t in TEXTS if ones.search(t) and not others.search(t)}
        found = differing(frozenset({one}), frozenset({other}))
        if found is None:
            assert not lost, (one, other)
        else:
            shown += 1
            assert ones.search(found), (one, other, found)
            assert not others.search(found), (one, other, found)
    assert shown > 100


def _pattern(draws: random.Random, depth: int) -> str:
    kind = draws.randrange(9 if depth < 3 else 3)
    if kind < 3:
        return draws.choice(["a", "b", "[ab]", "[^a]", ".", "c", r"\d", r"[\w-]"])
    inner = _pattern(draws, depth + 1)
    if kind < 5:
        return inner + _pattern(draws, depth + 1)
    if kind == 5:
        return f"({inner}|{_pattern(draws, depth + 1)})"
    if kind == 6:
        return f"(?:{inner}){draws.choice(['*', '+', '?', '{2}', '{1,2}'])}"
    return f"^{inner}" if kind == 7 else f"{inner}$"
