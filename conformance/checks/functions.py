"""PHYS: cuts and energies that jobs other than circuits tell."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from conformance.checks.contract import Contract
from conformance.checks.life import History
from conformance.checks.story import Moment, Story, jobs_of, state_of
from conformance.model import Finding, Oddity
from conformance.providers import EnergyAsked, State

_LARGEST = 1e300
"""Numbers beyond it, which floats may not hold, are none."""


def cut_weighs_what_is_told(history: History, contract: Contract) -> Iterator[Finding | None]:
    """The cost that a solver ends with is the weight of the cut that it ends with.

    Why it matters: the partition is what is used, the cost is what is believed; a cost above the
    exact optimum is that of no partition.

    Source: AddJobResultsPayload of the document; an exact search. Signs, the order of the sides,
    and whether cut edges or Ising energies are counted are open: each reading is right.
    """
    for story, moment in _completed(history, contract):
        graph = contract.provider.functions.graph_of(story.payload)
        judged = set[str]()
        for cut in contract.provider.functions.cuts_told(moment.body) if graph else ():
            oddities = contract.oracle.cut(graph or {}, _number(cut.cost), cut.sides)
            told = repr((cut.cost, cut.sides))
            if oddities is None or told in judged:
                continue
            judged.add(told)
            yield None
            yield from _findings(oddities, cut.place, story, moment)


def energy_lies_in_the_spectrum(history: History, contract: Contract) -> Iterator[Finding | None]:
    """An energy lies between the lowest and the highest eigenvalue of its Hamiltonian.

    Why it matters: no state has another, so that an optimiser that is told one is misled.

    Source: reference_sim; the document's Hamiltonian. Identity terms may be counted or not, and
    the sampling error of the shots is allowed for (Hoeffding's inequality).
    """
    for story, moment, asked, value in _energies(history, contract):
        oddities = contract.oracle.spectrum(asked.hamiltonian, value, asked.shots)
        if oddities is not None:
            yield None
            yield from _findings(oddities, "results", story, moment)


def energy_is_that_of_its_ansatz(history: History, contract: Contract) -> Iterator[Finding | None]:
    """The energy of a Hamiltonian is the one in the state that the ansatz prepares.

    Why it matters: it is the product. A sign, a parameter at another place or a lost term looks
    like an energy.

    Source: reference_sim; IonQ's SDKs for OpenQASM 3. The order of Pauli letters and the counting
    of identity terms are open, and the sampling error of the shots is allowed for.
    """
    for story, moment, asked, value in _energies(history, contract):
        if asked.ansatz is None or contract.oracle.spectrum(asked.hamiltonian, value, asked.shots):
            continue
        oddities = contract.oracle.energy(asked.ansatz, asked.hamiltonian, value, asked.shots)
        if oddities is not None:
            yield None
            yield from _findings(oddities, "results", story, moment)


def _energies(
    history: History, contract: Contract
) -> Iterator[tuple[Story, Moment, EnergyAsked, float]]:
    """Yield each energy that the ideal simulator told, and what it was asked for."""
    facts = contract.provider.functions
    for story, moment in _completed(history, contract):
        asked, told = facts.energy_of(story.payload), facts.energy_told(moment.body)
        if asked is None or told is None or not contract.provider.jobs.is_ideal(story.payload):
            continue
        if (value := _number(told.value)) is not None:
            yield story, moment, asked, value


def _completed(history: History, contract: Contract) -> Iterator[tuple[Story, Moment]]:
    """Yield the last reading of each completed job whose submission was seen."""
    for story in jobs_of(history, contract).values():
        for moment in story.readings[-1:]:
            if story.payload and state_of(moment.body, contract) is State.COMPLETED:
                yield story, moment


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    number = float(value) if abs(value) < _LARGEST else math.nan
    return number if math.isfinite(number) else None


def _findings(
    oddities: Sequence[Oddity], place: str, story: Story, moment: Moment
) -> Iterator[Finding]:
    for oddity in oddities:
        yield Finding(
            clause=oddity.clause,
            where=f"response.body/{place}/{oddity.where}",
            expected=oddity.expected,
            seen=oddity.seen,
            note=oddity.note,
            exchanges=(*story.numbers[:1], moment.number),
        )
