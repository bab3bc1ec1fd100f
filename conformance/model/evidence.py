"""What the results of a run weigh, together: sums per result, and the verdict over all of them."""

from __future__ import annotations

from dataclasses import dataclass

from conformance.model.findings import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """What one result says for and against the hypotheses.

    Evidence is a logarithm to base e of a likelihood ratio to the declared distribution.
    """

    case: str
    """Id of the case that fetched it; with `position` the canonical order."""
    position: int = 0
    """Place among the results that the case's scenario judged."""
    exchanges: tuple[int, ...] = ()
    model: str = "ideal"
    shots: int = 0
    """0 for an exact result, which is compared and not tested."""
    qubits: int = 0
    readings: tuple[tuple[str, float], ...] = ()
    """Each admissible reading of what was asked for, with its log likelihood over the first's."""
    evidence: tuple[tuple[str, float], ...] = ()
    """Hypotheses that predict otherwise, with their log likelihood over the first reading's."""
    unlisted: float = 0.0
    """Log evidence for a distribution that is on no list."""
    impossible: int = 0
    """Shots with outcomes of probability zero."""
    wrong: bool = False
    """Whether an exact result is out of its bound."""
    fits: tuple[str, ...] = ()
    """Hypotheses that a wrong exact result fits."""
    tells: tuple[str, ...] = ()
    """Hypotheses that this result tells apart from what was declared, or would."""
    smallest: tuple[tuple[str, float], ...] = ()
    """Smallest effect seen with 99 % power: total variation distance, radians by kind of gate."""
    expected: str = ""
    """The outcomes that differ most, as they should be, as a JSON object."""
    seen: str = ""
    """The same outcomes as they came."""
    open: str = ""
    """Why nothing can be told of it; empty when it is judged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The verdict over all results of a run, from their sums in canonical order."""

    verdict: Verdict
    alpha: float
    """Bound on the probability of a false alarm of the whole run."""
    evidence: float = 0.0
    """Decimal logarithm of the evidence of all sampled results against what was declared."""
    names: tuple[str, ...] = ()
    """The hypotheses that the data fit, which no result of the run tells apart; empty for none."""
    against: float = 0.0
    """Decimal logarithm of the evidence for the named hypothesis over the declared circuits."""
    exact: int = 0
    sampled: int = 0
    open: int = 0
    impossible: int = 0
    told: tuple[str, ...] = ()
    """Hypotheses that some result tells apart from what was declared."""
    untold: tuple[str, ...] = ()
    """Those that no result of the run can show."""
    smallest: tuple[tuple[str, float], ...] = ()
    """Smallest effect that the run would have seen with 99 % power, by name."""
    results: tuple[Weighed, ...] = ()
    """In canonical order."""
