"""False alarms, power, circuits to alarm, and naming, by simulation.

    python benchmarks/statistics/study.py [--runs 10000] [--quick] [--csv FILE]

A run is the sequence of designed circuits, one for every kind of gate alone, and those under
noise; each gives some shots. Correct runs are drawn from the declared distributions, wrong ones
from each hypothesis' own. Everything that judges is the code of `conformance.oracle`; only the
drawing and the tables are here. pytest-quantum's check is its chi-square test at 0.05 with every
outcome of the register in the expected map, and its bound on the total variation distance, 0.05.
"""

from __future__ import annotations

import argparse
import csv
import math
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.stats import chi2

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from conformance.generate.catalogue import noisy, specimens
from conformance.generate.designs import designs
from conformance.oracle import evidence
from conformance.oracle.hypotheses import Setting, hypotheses, predictions
from conformance.oracle.programs import read
from conformance.oracle.readings import noise_of
from conformance.oracle.verdict import (
    EVERYWHERE,
    LISTED,
    SHARE,
    SOMEWHERE,
    TINY_STEP,
    TOGETHER,
    threshold,
)

FloatArray = evidence.FloatArray
SHOTS = (100, 1_000, 10_000)
ALPHAS = (0.01, 1e-3, 1e-6)
CHUNK = 500
WEAK = 0.05
"""Nats a shot below which a mistake hardly shows in a circuit."""


@dataclass(slots=True)
class Subject:
    """One circuit of the run: what was declared, and what each hypothesis makes of it."""

    name: str
    kind: str
    declared: FloatArray
    names: list[str]
    predicted: FloatArray
    ratios: FloatArray


def subject(name: str, kind: str, circuit: dict, model: str = "ideal") -> Subject:
    """Return a circuit with the predictions of all hypotheses that change it."""
    setting = Setting(program=read(circuit), model=model, noise=noise_of(model))
    names, rows, ratios = [], [], []
    for hypothesis, p in predictions(setting):
        ratio = evidence.log_ratios(setting.declared, p)
        total = p.sum()
        if total > 0 and np.abs(p / total - setting.declared).max() > TINY_STEP:
            names.append(hypothesis.name)
            rows.append(p / total)
            ratios.append(ratio)
    return Subject(
        name, kind, setting.declared / setting.declared.sum(), names,
        np.array(rows), np.array(ratios),
    )  # fmt: skip


def subjects() -> list[Subject]:
    """Return the circuits of the study, those of a `ci` run that are or could be sampled."""
    found = [subject(f"design {kind}", kind, circuit) for kind, circuit in designs(0, 0)]
    found += [subject(f"design {kind}", kind, c) for kind, c in designs(1, 1) if kind == "cnot"]
    for specimen in specimens():
        if specimen.name.startswith(("order-", "superposition", "mixed")):
            found.append(subject(specimen.name, "", specimen.inputs[0]))
    for specimen in noisy():
        found.append(subject(specimen.name, "", specimen.inputs[0], specimen.model))
    return found


def controlled() -> list[Subject]:
    """Return the designs under one and three controls, for the power table alone."""
    return [
        subject(f"design {kind} under {count}", kind, circuit)
        for count in (1, 3)
        for kind, circuit in designs(count, count)
        if (kind, count) != ("cnot", 1)
    ]


@dataclass(slots=True)
class Weight:
    """Log evidence of the circuits so far, for each of many runs."""

    listed: FloatArray
    sporadic: FloatArray
    everywhere: FloatArray
    somewhere: FloatArray
    impossible: np.ndarray
    order: dict[str, int]

    @classmethod
    def empty(cls, runs: int, order: dict[str, int]) -> Weight:
        """Return the evidence before the first circuit."""
        zeros = np.zeros((runs, len(order)))
        flat = np.zeros(runs)
        return cls(zeros, zeros.copy(), flat, flat.copy(), np.zeros(runs, dtype=bool), order)

    def add(self, one: Subject, counts: np.ndarray) -> None:
        """Add the evidence of one more circuit; counts have shape (runs, outcomes)."""
        columns = [self.order[name] for name in one.names]
        values = counts @ one.ratios.T
        self.listed[:, columns] += values
        self.sporadic[:, columns] += np.logaddexp(math.log(1 - SHARE), math.log(SHARE) + values)
        unlisted = evidence.log_unlisted(one.declared, counts)
        self.everywhere += unlisted
        self.somewhere += np.logaddexp(math.log(1 - SHARE), math.log(SHARE) + unlisted)
        self.impossible |= (counts[:, one.declared <= 1e-24] > 0).any(axis=1)

    def total(self) -> FloatArray:
        """Return the log evidence of the mixture."""
        each = math.log(LISTED / len(self.order) / 2)
        terms = np.concatenate(
            (
                self.listed + each,
                self.sporadic + each,
                (self.everywhere + math.log(EVERYWHERE))[:, np.newaxis],
                (self.somewhere + math.log(SOMEWHERE))[:, np.newaxis],
            ),
            axis=1,
        )
        top = terms.max(axis=1)
        return top + np.log(np.exp(terms - top[:, np.newaxis]).sum(axis=1))

    def alarms(self, alpha: float) -> np.ndarray:
        """Return which runs have given the alarm."""
        return (self.total() >= threshold(alpha)) | self.impossible

    def named(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return best name, the names together with it, and whether none fits; by run."""
        scores = np.maximum(self.listed, self.sporadic)
        best = scores.max(axis=1)
        together = scores > (best - TOGETHER)[:, np.newaxis]
        none = np.maximum(self.everywhere, self.somewhere) > best
        return scores.argmax(axis=1), together, none


def draw(rng: np.random.Generator, p: FloatArray, shots: int, runs: int) -> np.ndarray:
    """Return counts of `runs` results, shape (runs, outcomes)."""
    return rng.multinomial(shots, p / p.sum(), size=runs)


def false_alarms(circuits: list[Subject], order: dict[str, int], runs: int, shots: int) -> None:
    """Print how many correct runs give the alarm."""
    rng = np.random.default_rng(1)
    found = dict.fromkeys(ALPHAS, 0)
    others = dict.fromkeys(("chi-square 0.05", "TVD 0.05", "TVD 0.1"), 0)
    for start in range(0, runs, CHUNK):
        size = min(CHUNK, runs - start)
        weight = Weight.empty(size, order)
        peers = {name: np.zeros(size, dtype=bool) for name in others}
        for one in circuits:
            counts = draw(rng, one.declared, shots, size)
            weight.add(one, counts)
            for name, alarms in neighbours(one, counts, shots).items():
                peers[name] |= alarms
        for alpha in ALPHAS:
            found[alpha] += int(weight.alarms(alpha).sum())
        for name in others:
            others[name] += int(peers[name].sum())
    print(f"\n## False alarms: {runs:,} correct runs of {len(circuits)} circuits, {shots:,} shots")
    for alpha in ALPHAS:
        share, most = found[alpha] / runs, alpha * runs
        print(
            f"  alpha {alpha:<7g} {found[alpha]:>6} alarms ({share:.4%}); nominal at most {most:g}"
        )
    for name, count in others.items():
        print(f"  {name:<14} {count:>6} runs with an alarm ({count / runs:.1%})")


def neighbours(one: Subject, counts: np.ndarray, shots: int) -> dict[str, np.ndarray]:
    """Return the alarms of the tests that others use."""
    expected = one.declared * shots
    possible = one.declared > 1e-24
    deviation = (counts[:, possible] - expected[possible]) ** 2 / expected[possible]
    freedom = max(1, int(possible.sum()) - 1)
    limit = chi2.isf(0.05, freedom)
    distance = 0.5 * np.abs(counts / shots - one.declared).sum(axis=1)
    chi_square = deviation.sum(axis=1) > limit
    return {
        "chi-square 0.05": chi_square,
        "TVD 0.05": distance > 0.05,
        "TVD 0.1": distance > 0.1,
    }


def power(circuits: list[Subject], order: dict[str, int], repeats: int) -> list[dict]:
    """Return, for every hypothesis, how often its best circuit gives the alarm."""
    rng = np.random.default_rng(2)
    rows = []
    for hypothesis in hypotheses():
        showing = [one for one in circuits if hypothesis.name in one.names]
        if not showing:
            continue
        best = max(showing, key=lambda one: _expected(one, hypothesis.name))
        p = best.predicted[best.names.index(hypothesis.name)]
        row: dict = {"hypothesis": hypothesis.name, "family": hypothesis.family,
                     "kind": hypothesis.kind, "circuit": best.name,
                     "tvd": 0.5 * float(np.abs(p - best.declared).sum())}  # fmt: skip
        for shots in SHOTS:
            counts = draw(rng, p, shots, repeats)
            weight = Weight.empty(repeats, order)
            weight.add(best, counts)
            row[f"ours {shots}"] = float(weight.alarms(1e-6).mean())
            for name, alarms in neighbours(best, counts, shots).items():
                row[f"{name} {shots}"] = float(alarms.mean())
            never = (counts[:, best.declared <= 1e-24] > 0).any(axis=1)
            row[f"pytest-quantum {shots}"] = row[f"chi-square 0.05 {shots}"]
            row[f"chi-square 0.05 {shots}"] = float(
                (neighbours(best, counts, shots)["chi-square 0.05"] | never).mean()
            )
        rows.append(row)
    return rows


def _expected(one: Subject, name: str) -> float:
    index = one.names.index(name)
    return float(one.predicted[index] @ one.ratios[index])


def sequences(
    circuits: list[Subject], more: list[Subject], order: dict[str, int], repeats: int, shots: int
) -> list[dict]:
    """Return, for every hypothesis, circuits to the alarm and how often the name is right.

    Circuits in which the mistake shows come first, the most telling one first; `more` is for
    mistakes that hardly show elsewhere. Naming is judged after all circuits.
    """
    rng = np.random.default_rng(3)
    rows = []
    for hypothesis in hypotheses():
        showing = [one for one in circuits if hypothesis.name in one.names]
        if max((_expected(one, hypothesis.name) for one in showing), default=0.0) < WEAK:
            showing += [one for one in more if hypothesis.name in one.names]
        if not showing:
            continue
        weight = Weight.empty(repeats, order)
        took = np.full(repeats, np.inf)
        visible = sorted(showing, key=lambda one: -_expected(one, hypothesis.name))
        for number, one in enumerate([*visible, *(c for c in circuits if c not in showing)], 1):
            wrong = hypothesis.name in one.names
            p = one.predicted[one.names.index(hypothesis.name)] if wrong else one.declared
            weight.add(one, draw(rng, p, shots, repeats))
            if number <= len(visible):
                took = np.where(np.isinf(took) & weight.alarms(1e-6), number, took)
        first, together, none = weight.named()
        alarmed = weight.alarms(1e-6)
        right = together[:, order[hypothesis.name]] & ~none & alarmed
        alone = (first == order[hypothesis.name]) & right
        rows.append(
            {
                "hypothesis": hypothesis.name, "family": hypothesis.family,
                "kind": hypothesis.kind, "median": float(np.median(took)),
                "alarms": int(alarmed.sum()), "right": int(right.sum()),
                "alone": int(alone.sum()),
                "names": float(np.median(together.sum(axis=1))),
            }
        )  # fmt: skip
    return rows


def strangers(circuits: list[Subject], order: dict[str, int], runs: int, shots: int) -> None:
    """Print how runs with mistakes that are far from every listed one fare."""
    rng = np.random.default_rng(4)
    alarms = none = 0
    for _ in range(runs):
        weight = Weight.empty(1, order)
        for one in circuits:
            other = rng.dirichlet(np.full(one.declared.size, 0.6))
            p = 0.7 * one.declared + 0.3 * other
            p[one.declared <= 1e-24] = 0
            weight.add(one, draw(rng, p, shots, 1))
        if weight.alarms(1e-6)[0]:
            alarms += 1
            none += bool(weight.named()[2][0])
    print(f"\n## Mistakes on no list ({shots:,} shots): 30 % of each result drawn elsewhere")
    print(f"  {alarms} of {runs} runs alarm; none of the named fits in {none} of them")


def summary(title: str, rows: list[dict], families: list[str]) -> None:
    """Print the power by family: the least over its hypotheses, and the median."""
    print(f"\n## {title}")
    tests = ("ours", "chi-square 0.05", "pytest-quantum", "TVD 0.05", "TVD 0.1")
    head = "  ".join(f"{name:>17}" for name in tests)
    print(f"{'mistake (hypotheses)':<52} {head}")
    for family in families:
        chosen = [row for row in rows if row["family"] == family]
        cells = [
            "/".join(f"{np.median([r[f'{t} {s}'] for r in chosen]):5.2f}" for s in SHOTS)
            for t in tests
        ]
        print(f"{family[:46]:<46} {len(chosen):>4}  " + "  ".join(f"{c:>17}" for c in cells))


def main() -> None:
    """Run the study and print its tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--quick", action="store_true", help="a tenth of everything")
    parser.add_argument("--csv", type=Path, help="write the power of every hypothesis here")
    arguments = parser.parse_args()
    runs = arguments.runs // 10 if arguments.quick else arguments.runs
    repeats = 20 if arguments.quick else 100
    begun = time.monotonic()
    circuits = subjects()
    order = {hypothesis.name: place for place, hypothesis in enumerate(hypotheses())}
    print(f"{len(order)} hypotheses, {len(circuits)} circuits")
    false_alarms(circuits, order, runs, 1_000)
    more = controlled()
    rows = power([*circuits, *more], order, repeats)
    families = list(dict.fromkeys(row["family"] for row in rows))
    summary("Power of one circuit, the best for the mistake, at 100/1,000/10,000 shots; median "
            "over kinds of gates", rows, families)  # fmt: skip
    if arguments.csv:
        with arguments.csv.open("w", newline="") as stream:
            columns = [name for name in rows[0] if name not in {"family", "kind"}]
            writer = csv.DictWriter(stream, columns, extrasaction="ignore", lineterminator="\n")
            writer.writeheader()
            writer.writerows(
                {k: f"{v:.3g}" if isinstance(v, float) else v for k, v in row.items()}
                for row in rows
            )
    told = sequences(circuits, more, order, max(10, repeats // 5), 1_000)
    report_sequences(told)
    strangers(circuits, order, max(20, repeats), 1_000)
    print(f"\ntook {time.monotonic() - begun:.0f} s")


def report_sequences(told: list[dict]) -> None:
    """Print circuits to the alarm, and how often the cause is named rightly."""
    print("\n## Circuits to the alarm at 1e-6 and 1,000 shots (median), and right names")
    small = [r for r in told if "0.05 rad" in r["family"] and "angle" in r["family"] and r["kind"]]
    depolarised = [r for r in told if r["family"].startswith(("2 % of", "depolarisation of 2"))]
    subtle = ("rad too", "of white noise", "decimals", "precision", "left out", "readout", "decay",
              "depolarisation", "noise", "rates", "term")  # fmt: skip
    structural = [r for r in told if not any(word in r["family"] for word in subtle)]
    for title, chosen in (("0.05 rad in one kind of gate", small), ("2 % depolarisation",
                          depolarised), ("structural mistakes", structural)):  # fmt: skip
        medians = [r["median"] for r in chosen]
        slow = [f"{r['hypothesis']} ({r['median']:g})" for r in chosen if r["median"] > 1]
        print(f"  {title:<30} {len(chosen):>4} hypotheses; median {np.median(medians):g}, "
              f"most {max(medians):g}; above 1: {', '.join(slow[:12]) or 'none'}")  # fmt: skip
    alarms, right = sum(r["alarms"] for r in told), sum(r["right"] for r in told)
    alone = sum(r["alone"] for r in told)
    print(f"  the right name among those given in {right} of {alarms} alarms "
          f"({right / alarms:.2%}), first in {alone / alarms:.2%}; names given together: "
          f"median {np.median([r['names'] for r in told]):g}, "
          f"mean {np.mean([r['names'] for r in told]):.2f}")  # fmt: skip
    worst = sorted(told, key=lambda r: (r["right"] / max(1, r["alarms"]), r["hypothesis"]))[:12]
    for row in worst:
        print(f"    {row['hypothesis']:<60} {row['right']}/{row['alarms']}")
    missed = [r["hypothesis"] for r in told if r["alarms"] == 0]
    print(f"  never found in a run at 1,000 shots: {', '.join(missed) or 'none'}")


if __name__ == "__main__":
    main()
