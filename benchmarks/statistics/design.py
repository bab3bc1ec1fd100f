"""Search for the circuits that make every mistake with one kind of gate most visible.

    python benchmarks/statistics/design.py [--seeds 200]

For each kind of gate, alone and under one to four controls, it tries seeds and repeats, and prints
those whose least visible mistake gathers the most evidence in 1,000 shots. What it prints is the
table `CHOSEN` of `conformance/generate/designs.py`.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from conformance.generate.designs import NATIVE, design
from conformance.oracle.hypotheses import Setting, predictions
from conformance.oracle.mistakes import kinds
from conformance.oracle.power import log_expected
from conformance.oracle.programs import read

SHOTS = 1000
ENOUGH = 120.0
"""Evidence beyond which more of it is worth little."""


def score(circuit: dict[str, Any], kind: str) -> float:
    """Return how visible the mistakes with `kind` are: the least first, then all of them."""
    setting = Setting(program=read(circuit))
    seen = []
    for hypothesis, predicted in predictions(setting):
        if hypothesis.kind != kind:
            continue
        mean, spread = log_expected(setting.declared, predicted, SHOTS)
        small = "rad too" in hypothesis.family
        if mean > 1e-6 and not (small and controls_of(circuit)):
            seen.append(min(mean - 2.33 * spread, ENOUGH))
    return min(seen) + 0.05 * sum(seen) / len(seen) if seen else 0.0


def controls_of(circuit: dict[str, Any]) -> bool:
    """Whether it is about controls, where errors of angles show less; `cnot` has one always."""
    return any(
        "controls" in g and (g["gate"], len(g["controls"])) != ("cnot", 1)
        for g in circuit["circuit"]
    )


def best(kind: str, controls: int, seeds: int) -> tuple[float, int, int]:
    """Return score, repeats and seed of the best design."""
    repeats = (1, 3) if controls > (kind == "cnot") else (7, 9, 11)
    return max(
        (score(design(kind, controls, count, seed), kind), count, seed)
        for count in repeats
        for seed in range(seeds // len(repeats))
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--kind", action="append", choices=kinds())
    arguments = parser.parse_args()
    seeds = arguments.seeds
    for kind in arguments.kind or kinds():
        for controls in range(5):
            if (kind in NATIVE and controls) or (kind == "cnot" and not controls):
                continue
            found, repeats, seed = best(
                kind, controls, seeds if controls <= (kind == "cnot") else seeds // (3 * controls)
            )
            print(f'    ("{kind}", {controls}): ({repeats}, {seed}),  # {found:.0f}', flush=True)


if __name__ == "__main__":
    main()
