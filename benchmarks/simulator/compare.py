"""Compare simulators on small circuits: `python benchmarks/simulator/compare.py`.

Each engine runs in a process of its own on one thread. `warm` is CPU time a circuit, from the
parsed JSON object to the array of probabilities, best of the rounds over the same circuits; `fresh`
is the same with other circuits in every round, so that no angle comes twice, and the `ratio` after
each is to ours; `first` is the first round of all; `process` is the wall time of a whole Python
process that runs every circuit once. `apart` is the largest difference from our probabilities.
"""

from __future__ import annotations

import argparse
import importlib.util
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
import numpy.typing as npt

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
        print(json.dumps(timed(options.engine, sources, options)))
    else:
        compare(options.circuits, options.seed, options.rounds)


def timed(name: str, sources: list[corpus.Entry], options: argparse.Namespace) -> dict[str, float]:
    """Return microseconds of CPU a circuit: first round, best round, best with other circuits."""
    run = engines.ENGINES[name]()
    first, results = once(run, sources)
    rounds = range(1, options.rounds)
    fresh = [
        once(run, corpus.small(options.seed + 1000 * other, len(sources)))[0] for other in rounds
    ]
    warm = [once(run, sources)[0] for _ in rounds]
    if options.save:
        np.save(options.save, np.concatenate(results))
    return {"first": first, "warm": min([first, *warm]), "fresh": min([first, *fresh])}


def once(
    run: engines.Engine, sources: list[corpus.Entry]
) -> tuple[float, list[npt.NDArray[np.float64]]]:
    """Return microseconds of CPU a circuit, and what came out."""
    start = time.process_time()
    results = [run(source) for source in sources]
    return (time.process_time() - start) / len(sources) * 1e6, results


def compare(circuits: int, seed: int, rounds: int) -> None:
    """Print the table."""
    size = ["--circuits", str(circuits), "--seed", str(seed)]
    gates = sum(len(source["circuit"]) for source in corpus.small(seed, circuits))
    print(f"{circuits} circuits of 2-6 qubits, {gates / circuits:.1f} gates in the mean\n")
    print(
        f"{'engine':8}{'warm us':>9}{'ratio':>7}{'fresh us':>10}{'ratio':>7}"
        f"{'first us':>10}{'process s':>11}{'apart':>8}"
    )
    ours: dict[str, float] = {}
    results_of_ours = None
    with tempfile.TemporaryDirectory() as folder:
        for name in engines.ENGINES:
            if importlib.util.find_spec(engines.OPTIONAL.get(name, "numpy")) is None:
                print(f"{name:8} not installed: pip install {engines.OPTIONAL[name]}")
                continue
            file = Path(folder) / f"{name}.npy"
            row = json.loads(child(name, [*size, "--rounds", str(rounds), "--save", str(file)]))
            start = time.perf_counter()
            child(name, [*size, "--rounds", "1"])
            process = time.perf_counter() - start
            results = np.load(file)
            ours = ours or row
            results_of_ours = results if results_of_ours is None else results_of_ours
            apart = np.abs(results - results_of_ours).max()
            print(
                f"{name:8}{row['warm']:9.0f}{row['warm'] / ours['warm']:7.2f}"
                f"{row['fresh']:10.0f}{row['fresh'] / ours['fresh']:7.2f}"
                f"{row['first']:10.0f}{process:11.2f}{apart:8.0e}"
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
