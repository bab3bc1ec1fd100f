"""Compare simulators on small circuits: `python benchmarks/simulator/compare.py`.

Each engine runs in a process of its own on one thread. `warm` is CPU time a circuit, from the
parsed JSON object to the array of probabilities, best of the rounds; `first` is the same in the
first round, with nothing cached; `process` is the wall time of a whole Python process that runs
every circuit once. `apart` is the largest difference from our probabilities.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import corpus
import engines
import numpy as np

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS")


def main() -> None:
    """Run the comparison, or one engine of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--circuits", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--engine", choices=engines.ENGINES, help="run this one, print JSON")
    parser.add_argument("--save", type=Path, help="with --engine: where to keep its probabilities")
    options = parser.parse_args()
    if options.engine:
        sources = corpus.small(options.seed, options.circuits)
        print(json.dumps(timed(options.engine, sources, options.rounds, options.save)))
    else:
        compare(options.circuits, options.seed, options.rounds)


def timed(
    name: str, sources: list[corpus.Entry], rounds: int, save: Path | None
) -> dict[str, float]:
    """Return microseconds of CPU a circuit: in the first round and in the best."""
    run = engines.ENGINES[name]()
    found: list[float] = []
    for _ in range(rounds):
        start = time.process_time()
        results = [run(source) for source in sources]
        found.append((time.process_time() - start) / len(sources) * 1e6)
    if save:
        np.save(save, np.concatenate(results))
    return {"first": found[0], "warm": min(found)}


def compare(circuits: int, seed: int, rounds: int) -> None:
    """Print the table."""
    size = ["--circuits", str(circuits), "--seed", str(seed)]
    gates = sum(len(source["circuit"]) for source in corpus.small(seed, circuits))
    print(f"{circuits} circuits of 2-6 qubits, {gates / circuits:.1f} gates in the mean\n")
    print(f"{'engine':10}{'warm us':>9}{'ratio':>7}{'first us':>10}{'process s':>11}{'apart':>10}")
    warm_of_ours, results_of_ours = None, None
    with tempfile.TemporaryDirectory() as folder:
        for name in engines.ENGINES:
            file = Path(folder) / f"{name}.npy"
            row = json.loads(child(name, [*size, "--rounds", str(rounds), "--save", str(file)]))
            start = time.perf_counter()
            child(name, [*size, "--rounds", "1"])
            process = time.perf_counter() - start
            results = np.load(file)
            warm_of_ours = warm_of_ours or row["warm"]
            results_of_ours = results if results_of_ours is None else results_of_ours
            apart = np.abs(results - results_of_ours).max()
            print(
                f"{name:10}{row['warm']:9.0f}{row['warm'] / warm_of_ours:7.2f}"
                f"{row['first']:10.0f}{process:11.2f}{apart:10.0e}"
            )


def child(name: str, arguments: list[str]) -> str:
    """Return what this script prints for one engine."""
    done = subprocess.run(  # noqa: S603 (this very script)
        [sys.executable, __file__, "--engine", name, *arguments],
        env={**os.environ, **dict.fromkeys(THREADS, "1")},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


if __name__ == "__main__":
    main()
