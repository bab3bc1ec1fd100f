"""JSON that somebody else wrote: what is a text in UTF-8 is read, half a character is not."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.model.exchange import Unpaired, parse_bounded


@given(st.text(st.characters(exclude_categories=())))
def test_exactly_texts_without_half_a_pair_are_read(text: str) -> None:
    written = json.dumps({text: [text]}).encode("ascii")
    whole = json.loads(json.dumps(text))  # two halves that stand together are one character
    if any("\ud800" <= character <= "\udfff" for character in whole):
        with pytest.raises(Unpaired):
            parse_bounded(written)
    else:
        assert parse_bounded(written) == {whole: [whole]}


@pytest.mark.parametrize(
    ("escaped", "read"),
    [
        (rb'"\ud83d\ude00"', "\U0001f600"),
        (rb'"\\ud800"', r"\ud800"),
        (rb'"\\\\ud800"', r"\\ud800"),
        (rb'"\uD7FF\uE000"', "\ud7ff\ue000"),
    ],
)
def test_what_only_looks_like_half_a_pair_is_read(escaped: bytes, read: str) -> None:
    assert parse_bounded(escaped) == read


@pytest.mark.parametrize(
    "escaped", [rb'"\uD800"', rb'"\udc00\ud800"', rb'"\\\ud800x"', rb'"\\ud83d\ude00"']
)
def test_half_a_pair_is_told_whatever_stands_before_it(escaped: bytes) -> None:
    with pytest.raises(Unpaired):
        parse_bounded(escaped)


@pytest.mark.parametrize(
    "text",
    ['"a"'.encode("utf-16"), '"a"'.encode("utf-32-le"), b'"\xed\xa0\x80"', b'"\xff"'],
    ids=["utf-16", "utf-32", "surrogate", "no text"],
)
def test_bytes_that_are_no_utf_8_are_no_json(text: bytes) -> None:
    with pytest.raises(ValueError, match=r"codec|line 1"):
        parse_bounded(text)
