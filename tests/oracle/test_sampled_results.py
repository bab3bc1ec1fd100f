"""Counts against exact distributions: no false alarm, a named cause, and a stated power."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

import reference_sim
from conformance.generate import specimens
from conformance.generate.designs import CHOSEN, design, designs
from conformance.model import Judgement, Verdict
from conformance.oracle import Reference
from conformance.oracle.evidence import log_ratios, log_unlisted
from conformance.oracle.hypotheses import Setting, explanations, hypotheses
from conformance.oracle.mistakes import kinds
from conformance.oracle.power import log_expected, smallest_distance
from conformance.oracle.programs import distribution, read
from conformance.oracle.readings import readings
from conformance.oracle.verdict import threshold_of_one

ORACLE = Reference()
FloatArray = npt.NDArray[np.float64]
BELL = {
    "qubits": 2,
    "gateset": "qis",
    "circuit": [{"gate": "h", "target": 0}, {"gate": "cnot", "control": 0, "target": 1}],
}
ARIA = reference_sim.DepolarizingNoise(one_qubit=0.0005, two_qubit=0.0133)


def drawn(p: FloatArray, shots: int, seed: int) -> dict[str, float]:
    counts = reference_sim.sample(p / p.sum(), shots, seed)
    return {str(k): int(c) / shots for k, c in enumerate(counts) if c}


def judged(
    results: list[tuple[dict[str, Any], dict[str, float]]],
    *,
    shots: int = 1000,
    model: str = "ideal",
) -> Judgement:
    rows = [
        (ORACLE.weigh(one, answer, (), shots=shots, model=model), one) for one, answer in results
    ]
    return ORACLE.judge(rows)


def noisy(name: str) -> dict[str, Any]:
    return next(s.inputs[0] for s in specimens() if s.name == name)


# ---------------------------------------------------------------- the list of hypotheses


def test_there_are_many_hypotheses_and_each_has_a_name_of_its_own() -> None:
    names = [hypothesis.name for hypothesis in hypotheses()]
    assert len(names) == len(set(names)) > 400


def test_every_kind_of_gate_has_hypotheses_and_a_design() -> None:
    for kind in kinds():
        families = {h.family for h in hypotheses() if h.kind == kind}
        assert {"a lost gate", "an angle 0.05 rad too large"} <= families, kind
        most = 0 if kind in {"gpi", "gpi2", "ms", "native zz"} else 4
        least = 1 if kind == "cnot" else 0
        assert all((kind, controls) in CHOSEN for controls in range(least, most + 1)), kind


@pytest.mark.parametrize("seed", range(40))
def test_programs_give_what_the_simulator_gives(seed: int) -> None:
    import random

    from conformance.generate import circuit

    one = circuit(random.Random(seed))  # noqa: S311 - cases, not secrets
    assert np.abs(distribution(read(one)) - reference_sim.probabilities(one)).max() < 1e-12
    noisy_one = reference_sim.noisy_probabilities(one, ARIA)
    assert np.abs(distribution(read(one), ARIA) - noisy_one).max() < 1e-12


# ---------------------------------------------------------------- evidence


@pytest.mark.parametrize("seed", range(5))
def test_a_likelihood_ratio_has_an_expectation_of_at_most_one(seed: int) -> None:
    rng = np.random.default_rng(seed)
    p, q = rng.dirichlet(np.ones(8)), rng.dirichlet(np.full(8, 0.2))
    p[3] = 0
    p /= p.sum()
    assert p @ np.exp(log_ratios(p, q)) <= 1 + 1e-9


def test_the_unlisted_mixture_is_a_distribution_over_all_counts() -> None:
    """All sequences of three shots: the mixture's probabilities sum to 1."""
    p = np.array([0.5, 0.2, 0.2, 0.1])
    sequences = np.array(np.meshgrid(*[range(4)] * 3)).reshape(3, -1).T
    counts = np.stack([np.bincount(s, minlength=4) for s in sequences])
    declared = np.prod(p[sequences], axis=1)
    total = (declared * np.exp(log_unlisted(p, counts))).sum()
    assert total == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize("shots", [100, 1000, 10_000])
def test_correct_results_give_no_alarm(shots: int) -> None:
    results = [(one, drawn(reference_sim.probabilities(one), shots, 7)) for _, one in designs(0, 0)]
    judgement = judged(results, shots=shots)
    assert judgement.verdict is Verdict.CONFORMS
    assert judgement.evidence < 1


def test_the_verdict_does_not_depend_on_the_order_of_the_results() -> None:
    rows = [
        (ORACLE.weigh(one, drawn(reference_sim.probabilities(one), 500, 3), (), shots=500,
                      model="ideal"), one)
        for _, one in designs(0, 0)
    ]  # fmt: skip
    assert ORACLE.judge(rows).evidence == ORACLE.judge(rows[::-1]).evidence


def test_all_zeros_for_a_bell_pair_are_violated() -> None:
    assert judged([(BELL, {"0": 1.0})]).verdict is Verdict.VIOLATES


def test_one_shot_of_probability_zero_is_enough() -> None:
    judgement = judged([(BELL, {"0": 0.5, "3": 0.499, "1": 0.001})])
    assert judgement.impossible == 1
    assert judgement.verdict is Verdict.VIOLATES


@pytest.mark.parametrize(
    "name",
    [
        "the inverse gate (s)", "an angle 0.05 rad too large (x)", "half the angle (ry)",
        "an angle 0.05 rad too small (ms)", "control and target exchanged (cnot)",
        "the phases exchanged (ms)", "degrees for radians (xx)", "a neighbouring gate (v)",
    ],
)  # fmt: skip
def test_a_mistake_with_one_kind_of_gate_is_found_and_named(name: str) -> None:
    kind = name.partition("(")[2].rstrip(")")
    one = design(kind, 1 if kind == "cnot" else 0, *CHOSEN[kind, 1 if kind == "cnot" else 0])
    wrong = dict(explanations(one))[name]
    judgement = judged([(one, drawn(wrong, 1000, 5))])
    assert judgement.verdict is Verdict.VIOLATES
    assert name in judgement.names
    assert judgement.against > 6


def test_a_mistake_far_from_every_named_one_is_found_and_fits_none() -> None:
    one = design("swap", 0, *CHOSEN["swap", 0])
    p = 0.5 * reference_sim.probabilities(one) + 0.5 * np.array([0.02, 0.9, 0.03, 0.05])
    judgement = judged([(one, drawn(p, 1000, 5))])
    assert judgement.verdict is Verdict.VIOLATES
    assert judgement.names == ()


def test_mistakes_that_no_result_tells_apart_are_named_together() -> None:
    one = {"qubits": 1, "gateset": "qis", "circuit": [{"gate": "h", "target": 0}]}
    judgement = judged([(one, {"0": 1.0})])
    assert {"a lost gate (h)", "no gate at all"} <= set(judgement.names)


# ---------------------------------------------------------------- power


@pytest.mark.parametrize("kind", kinds())
def test_an_error_of_a_twentieth_radian_shows_in_one_circuit_of_1000_shots(kind: str) -> None:
    """With 99 % power: the expected evidence is 2.33 standard deviations above the alarm."""
    controls = 1 if kind == "cnot" else 0
    one = design(kind, controls, *CHOSEN[kind, controls])
    setting = Setting(program=read(one))
    found = dict(explanations(one))
    for size in ("large", "small"):
        wrong = found[f"an angle 0.05 rad too {size} ({kind})"]
        mean, spread = log_expected(setting.declared, wrong, 1000)
        assert mean - 2.33 * spread >= threshold_of_one(1e-6), (kind, size, mean)


def test_the_stated_smallest_distance_is_seen() -> None:
    p = np.full(4, 0.25)
    limit = threshold_of_one(1e-6)
    distance = smallest_distance(4, 1000, limit)
    q = p + distance * np.array([0.5, 0.5, -0.5, -0.5])
    counts = np.random.default_rng(1).multinomial(1000, q, size=400)
    assert (log_unlisted(p, counts) >= limit - 8).mean() >= 0.99


def test_more_shots_show_smaller_effects() -> None:
    sizes = [smallest_distance(8, shots, 20.0) for shots in (100, 1000, 10_000, 100_000)]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] < 0.02


# ---------------------------------------------------------------- noise


@pytest.mark.parametrize("index", range(4))
def test_every_reading_of_a_noise_model_holds(index: int) -> None:
    one = noisy("noise-aria-1-1")
    admissible = [program for _, program in readings(read(one))]
    program = admissible[index % len(admissible)]
    p = distribution(program, ARIA)
    assert judged([(one, drawn(p, 20_000, 3))], shots=20_000, model="aria-1").names == ()


@pytest.mark.parametrize("name", ["no noise", "noise at twice the rates", "the noise of aria-2"])
def test_other_noise_than_asked_for_is_found_and_named(name: str) -> None:
    one = noisy("noise-aria-1-0")
    setting = Setting(program=read(one), model="aria-1", noise=ARIA)
    wrong = next(h for h in hypotheses() if h.name == name).predict(setting)
    assert wrong is not None
    judgement = judged([(one, drawn(wrong, 20_000, 4))], shots=20_000, model="aria-1")
    assert judgement.verdict is Verdict.VIOLATES
    assert name in judgement.names


def test_of_an_unpublished_noise_model_nothing_can_be_told() -> None:
    judgement = judged([(BELL, {"0": 1.0})], model="harmony")
    assert judgement.verdict is Verdict.INCONCLUSIVE
    assert "not published" in judgement.results[0].open


def test_probabilities_that_are_no_counts_are_compared_or_left_open() -> None:
    one = noisy("noise-aria-1-1")
    p = distribution(read(one), ARIA)
    exact = {str(k): float(v) for k, v in enumerate(p)}
    assert judged([(one, exact)], model="aria-1").verdict is Verdict.CONFORMS
    off = {**exact, "0": exact["0"] + 0.01, "1": exact["1"] - 0.01}
    assert judged([(one, off)], model="aria-1").verdict is Verdict.INCONCLUSIVE


# ---------------------------------------------------------------- a run of exact results


def test_the_cause_of_several_wrong_exact_results_is_what_fits_them_all() -> None:
    circuits = [design(kind, 0, *CHOSEN[kind, 0]) for kind in ("rx", "ry", "rz", "xx")]
    name = "half the angle (rx, ry, rz)"
    rows = []
    for one in circuits:
        p = dict(explanations(one)).get(name, reference_sim.probabilities(one))
        answer = {str(k): float(v) for k, v in enumerate(p)}
        rows.append((ORACLE.weigh(one, answer, (), shots=0, model="ideal"), one))
    judgement = ORACLE.judge(rows)
    assert judgement.verdict is Verdict.VIOLATES
    assert judgement.names[0] == name
