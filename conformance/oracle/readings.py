"""The ways in which a request for noise can be read; a result may follow any of them.

IonQ's guide says that noise follows "corresponding" gates. Whether those are the submitted gates
or the native ones that they are compiled to, and whether turns about z, which are made by shifting
phases, have any, is not published. No reading is a departure, so a departure is what fits none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conformance.oracle.programs import MOST_NOISY_QUBITS, Program, Step, components
from conformance.oracle.surroundings import MODELS
from reference_sim import DepolarizingNoise, Gate

FIRST = "noise after every gate as submitted"
_VIRTUAL = frozenset({"z", "s", "si", "t", "ti", "rz"})
_NATIVE_PAIRS = {"swap": 3, "cnot": 1, "x": 1, "y": 1, "z": 1, "not": 1}
"""Fully or partly entangling native gates in a gate on two qubits; 2 for others under a control."""


def noise_of(model: str) -> DepolarizingNoise | None:
    """Return the published rates of a noise model; None where there are none."""
    return MODELS.get(model)


def why_open(program: Program, model: str) -> str:
    """Return why no exact noisy distribution can be stated; empty when one can."""
    if model not in MODELS:
        return f"the rates of the noise model {model} are not published"
    if any(len(s.gate.targets) + len(s.gate.controls) > 2 for s in program.steps):
        return "what noise follows a gate on three qubits or more is not published"
    widest = max(map(len, components(program)))
    if widest > MOST_NOISY_QUBITS:
        return f"{widest} connected qubits, exact noise is computed up to {MOST_NOISY_QUBITS}"
    return ""


def readings(program: Program) -> Iterator[tuple[str, Program]]:
    """Yield each reading of where noise acts, by name, the plain one first."""
    yield FIRST, program
    native = all(step.gateset == "native" for step in program.steps)
    if not native:
        yield "turns about z without noise", program.with_steps(map(_virtual, program.steps))
    yield (
        "no noise after gates on one qubit",
        program.with_steps(
            step._replace(noise=0.0) if _size(step) == 1 else step for step in program.steps
        ),
    )
    merged = program.with_steps(_merged(program.steps))
    yield "runs of gates on one qubit with the noise of one", merged
    if not native and any(_size(step) == 2 for step in program.steps):
        for around in (0, 2, 4):
            name = f"compiled, with {around} gates on each qubit of a pair"
            yield name, merged.with_steps(_compiled(merged.steps, around))


def _size(step: Step) -> int:
    return len(step.gate.targets) + len(step.gate.controls)


def _virtual(step: Step) -> Step:
    return step._replace(noise=0.0) if _size(step) == 1 and step.gate.name in _VIRTUAL else step


def _merged(steps: Sequence[Step]) -> Iterator[Step]:
    """Yield the steps with noise after the last of each run of one-qubit gates alone."""
    last: dict[int, bool] = {}
    kept: list[Step] = []
    for step in reversed(steps):
        qubits = step.gate.targets + step.gate.controls
        single = len(qubits) == 1
        again = single and last.get(qubits[0], False)
        kept.append(step._replace(noise=0.0) if again else step)
        for qubit in qubits:
            last[qubit] = single
    return reversed(kept)


def _compiled(steps: Sequence[Step], around: int) -> Iterator[Step]:
    for step in steps:
        if _size(step) != 2:
            yield step
            continue
        pairs = _NATIVE_PAIRS.get(step.gate.name, 2 if step.gate.controls else 1)
        yield step._replace(noise=float(pairs))
        for qubit in (*step.gate.targets, *step.gate.controls) if around else ():
            yield Step(Gate("rz", (qubit,), (), (0.0,)), "qis", float(around))
