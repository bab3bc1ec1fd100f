"""Every single edit of a document is told right, and every break is shown."""

from __future__ import annotations

import copy
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from mutations import MUTATIONS, Mutation

from conformance.gate import Comparison, Source, Verdict, compare, game
from conformance.spec import reading

ROOT = Path(__file__).resolve().parents[2]
OURS = ROOT / "specs/ionq/v0.4/openapi.yaml"
PUBLISHED = ROOT.parent / "shared/upstream/ionq/openapi.yml"
TODAY = date(2026, 11, 21)
WORSE = [Verdict.BREAKING, Verdict.SUSPECTED, Verdict.RISKY, Verdict.COMPATIBLE]


def judged(base: dict[str, Any], head: dict[str, Any]) -> Comparison:
    ones, others = (Source(document=d, name=n) for d, n in ((base, "base"), (head, "head")))
    return compare(ones, others, game(), today=TODAY)


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(OURS, id="ours"),
        pytest.param(PUBLISHED, id="published", marks=pytest.mark.exhaustive),
    ],
)
def document(request: pytest.FixtureRequest) -> dict[str, Any]:
    if not request.param.exists():
        pytest.skip("the published document is not beside the checkout")
    return reading.read_document(request.param)


def edited(document: dict[str, Any], mutation: Mutation) -> dict[str, Any]:
    copied = copy.deepcopy(document)
    mutation.edit(copied)
    return copied


def told(comparison: Comparison) -> tuple[str, set[str]]:
    """Return the worst verdict, and the rules that gave it."""
    if not comparison.changes:
        return "none", {""}
    worst = comparison.changes[0].verdict
    return str(worst), {c.rule for c in comparison.changes if c.verdict is worst}


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda m: m.name)
def test_each_edit_is_classified_by_the_game_there_and_back(
    document: dict[str, Any], mutation: Mutation
) -> None:
    changed = edited(document, mutation)
    pairs = ((document, changed, mutation.there), (changed, document, mutation.back))
    for base, head, (verdict, rule) in pairs:
        comparison = judged(base, head)
        worst, rules = told(comparison)
        shown = [(c.verdict, c.rule, c.where, c.note) for c in comparison.changes]
        assert worst == verdict, shown
        assert rule in rules, shown
        for change in comparison.changes:
            assert (change.witness is not None) or change.verdict is not Verdict.BREAKING, shown
            assert change.pointer or change.operation == "", shown


def test_there_are_at_least_150_mutations_of_every_kind() -> None:
    expectations = [e for m in MUTATIONS for e in (m.there, m.back)]
    assert len(expectations) >= 150 * 2 - 20
    assert len({rule for _, rule in expectations}) >= 45
    assert len({m.name for m in MUTATIONS}) == len(MUTATIONS)
    assert sum(verdict == "breaking" for verdict, _ in expectations) >= 75


def test_a_witness_body_is_valid_before_and_invalid_after() -> None:
    """Not our search but plain jsonschema on hand-made schemas decides here."""
    base = _tiny({"type": "integer", "minimum": 1, "maximum": 10})
    head = _tiny({"type": "integer", "minimum": 1, "maximum": 5})
    change = judged(base, head).changes[0]
    assert change.witness is not None
    body = change.witness.message["body"]
    assert body == {"n": 6}
    for document, fits in ((base, True), (head, False)):
        operation = document["paths"]["/a"]["post"]
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        assert jsonschema.Draft202012Validator(schema).is_valid(body) is fits


def _tiny(schema: dict[str, Any]) -> dict[str, Any]:
    body = {"type": "object", "required": ["n"], "properties": {"n": schema}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": {
            "/a": {
                "post": {
                    "requestBody": {
                        "required": True,
                        "content": {"application/json": {"schema": body}},
                    },
                    "responses": {"204": {"description": "done"}},
                }
            }
        },
    }
