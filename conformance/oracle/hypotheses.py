"""The named hypotheses, fixed before any data: what else a result could be the result of."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Any

import numpy as np

import reference_sim
from conformance.oracle.mistakes import INVISIBLE, MISTAKES, Change, kind_of, kinds, possible
from conformance.oracle.programs import FloatArray, Program, Step, distribution, read
from conformance.oracle.surroundings import DEPOLARISATIONS, MODELS, NOISES, REPORTS
from reference_sim import DepolarizingNoise

ALL_KINDS = "every kind of gate"
MOST_EXPLAINED = 12
"""Qubits up to which every mistake is simulated."""
GROUPS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "rx, ry, rz": frozenset({"rx", "ry", "rz"}),
        "xx, yy, zz": frozenset({"xx", "yy", "zz"}),
        "s, si, t, ti": frozenset({"s", "si", "t", "ti"}),
        "gates with an angle": frozenset({"rx", "ry", "rz", "xx", "yy", "zz"}),
    }
)
"""Kinds of gates that one piece of code is likely to serve."""

Replacements = dict[int, Sequence[Step]]
"""Place of a gate to the steps that a mistake puts there."""


@dataclass(slots=True, kw_only=True, weakref_slot=True)
class Setting:
    """What was asked for: the ground on which every hypothesis makes its prediction."""

    program: Program
    model: str = "ideal"
    """Name of the noise model."""
    noise: DepolarizingNoise | None = None
    others: Mapping[str, Program] = field(default_factory=dict)
    """Circuits whose results may have been taken for this one's, by name."""
    _declared: list[FloatArray] = field(default_factory=list)
    _places: dict[str, list[int]] = field(default_factory=dict)
    _replaced: dict[tuple[Change, str], Replacements] = field(default_factory=dict)
    _mistaken: dict[tuple[Change, frozenset[str]], FloatArray] = field(default_factory=dict)

    @property
    def declared(self) -> FloatArray:
        """The distribution that was asked for."""
        if not self._declared:
            self._declared.append(distribution(self.program, self.noise))
        return self._declared[0]

    def of(self, program: Program) -> FloatArray:
        """Return the distribution of another program under the same noise."""
        return distribution(program, self.noise)

    @property
    def places(self) -> Mapping[str, Sequence[int]]:
        """Where the program has a gate of each kind that it has."""
        if not self._places:
            for index, step in enumerate(self.program.steps):
                self._places.setdefault(kind_of(step), []).append(index)
        return self._places

    def mistaken(self, change: Change, concerned: Iterable[str]) -> FloatArray | None:
        """Return the distribution after `change` of the kinds `concerned`; None if it does nothing.

        Groups of kinds that come to the same here are computed once.
        """
        touched = frozenset(k for k in self.places if k in concerned and self.replaced(change, k))
        if not touched:
            return None
        key = (change, touched)
        if key not in self._mistaken:
            self._mistaken[key] = self.of(self._rewritten(change, touched))
        return self._mistaken[key]

    def replaced(self, change: Change, kind: str) -> Replacements:
        """Return what `change` puts in the place of each gate of one kind that it touches."""
        key = (change, kind)
        if key not in self._replaced:
            changed = ((i, change(self.program.steps[i])) for i in self.places[kind])
            self._replaced[key] = {i: steps for i, steps in changed if steps is not None}
        return self._replaced[key]

    def _rewritten(self, change: Change, touched: Iterable[str]) -> Program:
        replacing: Replacements = {}
        for kind in touched:
            replacing |= self.replaced(change, kind)
        steps: list[Step] = []
        for index, step in enumerate(self.program.steps):
            steps.extend(replacing.get(index, (step,)))
        return self.program.with_steps(steps)


Prediction = Callable[[Setting], FloatArray | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hypothesis:
    """A mistake that somebody could have made, and what it makes of a circuit."""

    name: str
    """Completes "The data fit: ..."."""
    family: str
    """The mistake without the kind of gate that it is made on."""
    predict: Prediction
    """The distribution that the mistake gives; None where it changes nothing."""
    kind: str = ""
    """The kind of gate that it is about, if it is about one."""


@cache
def hypotheses() -> tuple[Hypothesis, ...]:
    """Return every hypothesis, in a fixed order."""
    return (*_around(), *_of_noise(), *_of_gates())


def explanations(
    circuit: Mapping[str, Any], others: Sequence[tuple[str, Mapping[str, Any]]] = ()
) -> Iterator[tuple[str, FloatArray]]:
    """Yield (name, distribution) for every mistake that can be made on an ideal `circuit`.

    Distributions have shape (2**qubits,), bit k of an index being qubit k.
    """
    setting = Setting(program=read(circuit), others=readable(others))
    if not explained(setting.program):
        return
    for hypothesis, predicted in predictions(setting):
        yield hypothesis.name, predicted


def explained(program: Program) -> bool:
    """Whether a circuit is small enough to simulate every mistake with it."""
    return program.qubits <= MOST_EXPLAINED


def readable(others: Sequence[tuple[str, Mapping[str, Any]]]) -> dict[str, Program]:
    """Return the programs of those circuits that have a meaning."""
    programs = {}
    for name, circuit in others:
        try:
            programs[name] = read(circuit)
        except reference_sim.CircuitError:
            continue
    return programs


def predictions(
    setting: Setting, left_out: Container[str] = ()
) -> Iterator[tuple[Hypothesis, FloatArray]]:
    """Yield every hypothesis that says something about `setting`, with what it says.

    Those whose names are `left_out` are not simulated.
    """
    present = setting.places
    for hypothesis in hypotheses():
        absent = hypothesis.kind and hypothesis.kind not in present
        if absent or hypothesis.name in left_out:
            continue
        predicted = hypothesis.predict(setting)
        if predicted is not None:
            yield hypothesis, predicted
    yield from other_circuits(setting)


def other_circuits(setting: Setting) -> Iterator[tuple[Hypothesis, FloatArray]]:
    """Yield the mistakes of giving one circuit's result for another's."""
    for name, program in setting.others.items():
        found = setting.of(program)
        size = setting.declared.size
        if found.size == size:
            label = f"another circuit of the job, {name}"
            family = "another circuit of the job"
            yield Hypothesis(name=label, family=family, predict=lambda _: None), found


def _around() -> Iterator[Hypothesis]:
    for name, report in REPORTS.items():
        yield Hypothesis(
            name=name,
            family=name.partition(" (")[0],
            predict=lambda setting, report=report: report(setting.declared),  # type: ignore[misc] # a default of its own for each
        )


def _of_noise() -> Iterator[Hypothesis]:
    for name, noise in (*MODELS.items(), *DEPOLARISATIONS.items()):
        label = f"the noise of {name}" if name in MODELS else name
        yield Hypothesis(name=label, family=label, predict=_under(name, noise))
    for name, change in NOISES.items():
        yield Hypothesis(name=name, family=name, predict=_changed(change))


def _under(name: str, noise: DepolarizingNoise) -> Prediction:
    def predict(setting: Setting) -> FloatArray | None:
        return None if setting.model == name else _noisy(setting.program, noise)

    return predict


def _changed(change: Callable[[DepolarizingNoise], DepolarizingNoise | None]) -> Prediction:
    def predict(setting: Setting) -> FloatArray | None:
        if setting.noise is None:
            return None
        return _noisy(setting.program, change(setting.noise))

    return predict


def _noisy(program: Program, noise: DepolarizingNoise | None) -> FloatArray | None:
    try:
        return distribution(program, noise)
    except reference_sim.BadArgument:
        return None


def _of_gates() -> Iterator[Hypothesis]:
    for family, change in MISTAKES.items():
        concerned = [kind for kind in kinds() if possible(change, kind)]
        for kind in concerned:
            yield Hypothesis(
                name=f"{family} ({kind})",
                family=family,
                kind=kind,
                predict=_on_gates(change, frozenset({kind})),
            )
        for scope, members in {**GROUPS, ALL_KINDS: frozenset(concerned)}.items():
            if len(members) < 2 or not members <= {*concerned}:
                continue
            if scope == ALL_KINDS and (family in INVISIBLE or members in GROUPS.values()):
                continue
            yield Hypothesis(
                name=f"{family} ({scope})", family=family, predict=_on_gates(change, members)
            )


def _on_gates(change: Change, concerned: frozenset[str]) -> Prediction:
    """Return the prediction of a mistake on some kinds of gates."""
    return lambda setting: setting.mistaken(change, concerned)


def differs(one: FloatArray, other: FloatArray, bound: float) -> bool:
    """Whether two predictions differ by more than `bound` in some outcome."""
    return bool(np.abs(one - other).max() > bound)
