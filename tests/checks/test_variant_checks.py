"""The parts of a debiased run as a service might tell them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from told import BELL, JOB, Told, found, judges

RULES = ("PHYS-008", "PHYS-009", "PHYS-011")
COUNTS: dict[str, dict[str, int]] = {"a": {"0": 60, "3": 40}, "b": {"0": 100, "2": 1, "3": 199}}
"""Outcomes of two variants with unequal shots."""
BY_SHOTS = {"0": 160 / 400, "2": 1 / 400, "3": 239 / 400}
ALIKE = {"0": (0.6 + 1 / 3) / 2, "2": 1 / 600, "3": (0.4 + 199 / 300) / 2}
VOTES = {"0": 0.25, "3": 0.75}


def shares(counts: Mapping[str, int]) -> dict[str, float]:
    return {key: count / sum(counts.values()) for key, count in counts.items()}


def one_by_one(counts: Mapping[str, int]) -> dict[str, int]:
    """Return single shots as IonQ's document allows: the number of each to its outcome."""
    outcomes = [int(key) for key, count in counts.items() for _ in range(count)]
    return {str(number): outcome for number, outcome in enumerate(outcomes)}


def debiased(
    *,
    shots: int = 400,
    plain: Mapping[str, Any] = BY_SHOTS,
    sharpened: Mapping[str, Any] = VOTES,
    histograms: Mapping[str, Any] = COUNTS,
    probabilities: Mapping[str, Any] | None = None,
    single: Mapping[str, Any] | None = None,
) -> Told:
    """Return a history in which a debiased job and all its parts are read."""
    told = Told()
    told.create(backend="qpu.aria-1", shots=shots, input=BELL)
    variants = [{"variant_id": k, "shots": sum(c.values())} for k, c in COUNTS.items()]
    told.read(output={"error_mitigation": {"debiasing": {"variants": variants}}}, shots=shots)
    told.say("GetJobProbabilities", body=plain)
    told.say("GetJobProbabilities", body=sharpened, query={"sharpen": True})
    for name in COUNTS:
        ids = {"UUID": JOB, "variantId": name}
        told.say("GetVariantHistogram", body=histograms[name], ids=ids)
        read = probabilities or {k: shares(c) for k, c in COUNTS.items()}
        told.say("GetVariantProbabilities", body=read[name], ids=ids)
        told.say("GetVariantShots", body=single or one_by_one(COUNTS[name]), ids=ids)
    return told


def all_found(told: Told) -> dict[str, list[str]]:
    return {rule: [f.clause for f in found(rule, told.history)] for rule in RULES}


QUIET: dict[str, list[str]] = {rule: [] for rule in RULES}


def test_parts_that_make_up_the_whole_are_judged_and_right() -> None:
    told = debiased()
    assert all(judges(rule, told.history) for rule in RULES)
    assert all_found(told) == QUIET


def test_variants_may_count_alike_or_by_their_shots() -> None:
    assert all_found(debiased(plain=ALIKE)) == QUIET


def test_numbers_may_be_rounded_to_less_than_half_a_shot() -> None:
    third = {"a": {"0": 0.6, "3": 0.4}, "b": {"0": 0.3333333, "2": 0.0033333, "3": 0.6633334}}
    assert all_found(debiased(plain={"0": 0.4, "2": 0.002, "3": 0.598})) == QUIET
    assert all_found(debiased(probabilities=third)) == QUIET


def test_shots_that_do_not_add_up_are_found() -> None:
    assert all_found(debiased(shots=500)) == QUIET | {"PHYS-008": ["variants/shots"]}


def test_a_result_that_leaves_a_variant_out_is_found() -> None:
    told = debiased(plain=shares(COUNTS["b"]))
    assert all_found(told) == QUIET | {"PHYS-008": ["variants/average"]}


def test_the_sharpened_result_is_no_average() -> None:
    told = debiased(sharpened={"3": 1.0})
    assert all_found(told) == QUIET


@pytest.mark.parametrize(
    ("counts", "clause"),
    [
        ({"0": 60, "3": 41}, "histogram/shots"),
        ({"0": 40, "3": 60}, "histogram/probabilities"),
        ({"0": 60, "7": 40}, "distribution/keys"),
        ({"0": 60, "x": 40}, "distribution/keys"),
    ],
)
def test_counts_that_are_not_those_of_the_variant_are_found(
    counts: Mapping[str, int], clause: str
) -> None:
    told = debiased(histograms=COUNTS | {"a": dict(counts)})
    assert all_found(told) == QUIET | {"PHYS-009": [clause]}


def test_single_shots_that_the_histogram_does_not_count_are_found() -> None:
    told = debiased(single=one_by_one({"0": 59, "3": 41}))
    assert all_found(told) == QUIET | {"PHYS-009": ["histogram/single-shots"]}


@pytest.mark.parametrize("single", [{"0": 60, "3": 40}, {"shot": 1}, {"0": "00", "1": "11"}])
def test_single_shots_in_another_form_are_not_judged(single: Mapping[str, Any]) -> None:
    assert all_found(debiased(single=single)) == QUIET


def test_counts_that_are_no_whole_numbers_are_left_to_the_schema() -> None:
    told = debiased(histograms={key: {"0": 0.5, "3": "40"} for key in COUNTS})
    assert all_found(told) == QUIET


@pytest.mark.parametrize("sharpened", [{"0": 100, "3": 300}, {"0": 0.25}, {"9": 1.0}])
def test_a_sharpened_result_that_is_no_distribution_is_found(sharpened: Mapping[str, Any]) -> None:
    told = debiased(sharpened=sharpened)
    assert [len(found(rule, told.history)) for rule in RULES] == [0, 0, 1]


def test_a_result_that_was_to_be_plain_and_is_sharpened_is_found() -> None:
    told = debiased()
    told.say("GetJobProbabilities", body=BY_SHOTS, query={"sharpen": False})
    assert all_found(told) == QUIET
    told.say("GetJobProbabilities", body=VOTES, query={"sharpen": False})
    assert found("PHYS-008", told.history)[0].clause == "variants/average"


def test_a_variant_in_percent_is_found() -> None:
    told = debiased(probabilities={k: dict(c) for k, c in COUNTS.items()})
    assert [f.clause for f in found("PHYS-011", told.history)] == ["distribution/range"] * 2


def test_a_job_that_is_not_debiased_has_no_parts_to_judge() -> None:
    told = Told()
    told.create()
    told.read()
    told.say("GetJobProbabilities", body={"0": 0.5, "3": 0.5}, query={"sharpen": True})
    assert not any(judges(rule, told.history) for rule in RULES)
    assert not judges("PHYS-001", told.history), "what sharpening does there is not said"
