"""Values wrong in one way: one edit, at every place, the original left alone."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from conformance.generate.mutants import mutants

VALUE: dict[str, Any] = {
    "name": "n",
    "shots": 10,
    "dry_run": False,
    "gates": [{"target": 0}, {"target": 1}, {"target": 2}],
    "noise": None,
}
PLACES = {"", "/name", "/shots", "/dry_run", "/gates", "/gates/0", "/gates/0/target", "/gates/2",
          "/gates/2/target", "/noise"}  # fmt: skip


def flat(value: Any, pointer: str = "") -> dict[str, str]:
    """Return what stands at each place of `value`, containers by their kind."""
    inner = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value) if isinstance(value, list) else ()
    )  # fmt: skip
    here = {pointer: type(value).__name__ if isinstance(value, dict | list) else repr(value)}
    for name, part in inner:
        here |= flat(part, f"{pointer}/{name}")
    return here


def test_every_place_is_edited_and_of_a_list_the_first_and_last_element() -> None:
    assert {mutant.pointer for mutant in mutants(VALUE)} == PLACES


def test_a_mutant_differs_from_the_original_at_its_place_only() -> None:
    before = flat(VALUE)
    for mutant in mutants(VALUE):
        after = flat(mutant.value)
        changed = {p for p in before.keys() | after.keys() if before.get(p) != after.get(p)}
        assert all(pointer.startswith(mutant.pointer) for pointer in changed), mutant


def test_no_two_mutants_of_a_place_are_told_by_the_same_words() -> None:
    words = [(mutant.pointer, mutant.edit) for mutant in mutants(VALUE)]
    assert len(set(words)) == len(words)


def test_the_original_is_left_as_it_was() -> None:
    kept = copy.deepcopy(VALUE)
    for mutant in mutants(VALUE):
        if isinstance(mutant.value, dict):
            mutant.value.clear()
    assert kept == VALUE


@pytest.mark.parametrize(
    ("pointer", "edit", "wanted"),
    [
        ("/name", "left out", {k: v for k, v in VALUE.items() if k != "name"}),
        ("/noise", "null", VALUE),
        ("/shots", "1000001", {**VALUE, "shots": 1_000_001}),
        ("/shots", "a text", {**VALUE, "shots": "many"}),
        ("/dry_run", "a number", {**VALUE, "dry_run": 2}),
        ("", "a list", [VALUE]),
    ],
)
def test_an_edit_is_what_its_words_say(pointer: str, edit: str, wanted: Any) -> None:
    (found,) = [m.value for m in mutants(VALUE) if (m.pointer, m.edit) == (pointer, edit)]
    assert json.dumps(found) == json.dumps(wanted)
