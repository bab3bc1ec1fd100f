"""All results of a run to one verdict: a test martingale over what each of them weighs.

The evidence against the declared circuits is a mixture over the hypotheses of the product of their
likelihood ratios over all sampled results, each hypothesis with a product of its own. Under what
was declared it exceeds 2/alpha with a probability of at most alpha/2 (Ville's inequality); the
other half of alpha is for outcomes of probability zero. Where a request can be read in several
ways, the evidence is the least over the readings, one reading for the whole run.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from conformance.model import Judgement, Verdict, Weighed
from conformance.oracle.hypotheses import MOST_EXPLAINED, hypotheses
from conformance.oracle.readings import FIRST

ALPHA = 1e-6
LISTED, EVERYWHERE, SOMEWHERE = 0.6, 0.2, 0.2
"""Prior weights: a mistake on the list, an unlisted one in all results, or in some."""
SHARE = 0.1
"""Share of results in which an unlisted mistake of only some is expected."""
TINY_STEP = 1e-9
"""Hypotheses whose log ratio is below this in every outcome predict what was declared."""
TOGETHER = math.log(20)
"""Hypotheses whose evidence is less than this below the best are named with it."""
STRAY = 1e-13
"""Probability that single precision leaves on all impossible outcomes: 30 times (2**-24)**2."""
LOG10 = math.log(10)


def threshold(alpha: float) -> float:
    """Return the log evidence at which a mixture gives the alarm."""
    return math.log(2 / alpha)


def threshold_of_one(alpha: float) -> float:
    """Return the log evidence at which one hypothesis gives the alarm by itself."""
    return threshold(alpha) + math.log(2 * len(hypotheses()) / LISTED)


def impossible_shots(shots: int, alpha: float) -> int:
    """Return how many shots of probability zero, out of so many, give the alarm.

    Amplitudes in single precision leave up to about `STRAY` on all impossible outcomes of a circuit
    together; k stray shots have a probability of at most (shots STRAY)**k / k!. One shot is enough
    up to five million shots at an alpha of 1e-6.
    """
    mean, count, chance = shots * STRAY, 1, shots * STRAY
    while chance > alpha / 2:
        count += 1
        chance *= mean / count
    return count


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Log evidence of everything against the first reading, over all sampled results."""

    listed: Mapping[str, float]
    sporadic: Mapping[str, float]
    """The same for mistakes that are made in some results only."""
    everywhere: float
    somewhere: float
    readings: Mapping[str, float]

    @property
    def against(self) -> float:
        """Log of the mixture's evidence, over the reading that fits best."""
        count = len(hypotheses())
        others = max(0, count - len(self.listed))
        terms = [*self.listed.values(), *self.sporadic.values(), 0.0]
        shares = [LISTED / count / 2] * (2 * len(self.listed)) + [LISTED * others / count]
        terms += [self.everywhere, self.somewhere]
        shares += [EVERYWHERE, SOMEWHERE]
        return _log_sum(terms, shares) - self.best_reading

    @property
    def best_reading(self) -> float:
        """Log likelihood of the reading that fits best, over the first's."""
        return max(self.readings.values(), default=0.0)


def judge(results: Iterable[Weighed], alpha: float = ALPHA) -> Judgement:
    """Return the verdict over `results`; their order does not matter."""
    rows = tuple(sorted(results, key=lambda r: (r.case, r.position, r.exchanges)))
    sampled = [r for r in rows if r.shots and not r.open]
    exact = [r for r in rows if not r.shots and not r.open]
    wrong = [r for r in exact if r.wrong]
    weights = weights_of(sampled)
    alarm = bool(sampled) and weights.against >= threshold(alpha)
    impossible = sum(r.impossible for r in sampled)
    names, against = named(weights, exact, alarmed=alarm or impossible > 0)
    told = {name for r in rows for name in r.tells}
    shots = sum(r.shots for r in sampled)
    never = impossible >= impossible_shots(shots, alpha)
    violated = alarm or bool(wrong) or never
    judged = bool(sampled or exact)
    verdict = Verdict.VIOLATES if violated else Verdict.CONFORMS
    return Judgement(
        verdict=verdict if judged else Verdict.INCONCLUSIVE if rows else Verdict.NOT_TESTED,
        alpha=alpha,
        evidence=weights.against / LOG10 if sampled else 0.0,
        names=names if violated else (),
        against=against / LOG10,
        exact=len(exact),
        sampled=len(sampled),
        open=sum(bool(r.open) for r in rows),
        impossible=impossible,
        told=tuple(sorted(told)),
        untold=tuple(h.name for h in hypotheses() if h.name not in told),
        smallest=_smallest(sampled),
        results=tuple(r if r.shots else replace(r, tells=()) for r in rows),
    )


def weights_of(sampled: Sequence[Weighed]) -> Weights:
    """Return the sums over sampled results; exact ones have no place here."""
    listed: dict[str, list[float]] = {}
    readings: dict[str, list[float]] = {FIRST: []}
    for row in sampled:
        for name, value in row.evidence:
            listed.setdefault(name, []).append(value)
        for name, value in row.readings:
            readings.setdefault(name, []).append(value)
    return Weights(
        listed={name: math.fsum(values) for name, values in listed.items()},
        sporadic={name: _somewhere(values) for name, values in listed.items()},
        everywhere=math.fsum(row.unlisted for row in sampled),
        somewhere=_somewhere([row.unlisted for row in sampled]),
        readings={name: math.fsum(values) for name, values in readings.items()},
    )


def _somewhere(values: Iterable[float]) -> float:
    """Return the log evidence of results each of which shows a mistake, or not, by itself."""
    return math.fsum(_log_sum((0.0, value), (1 - SHARE, SHARE)) for value in values)


def named(
    weights: Weights, exact: Sequence[Weighed], *, alarmed: bool
) -> tuple[tuple[str, ...], float]:
    """Return the hypotheses that fit, best first, and their log evidence over what was declared.

    Sampled results give them their weight, exact ones rule them out. None is named where a
    distribution on no list explains the sampled results better, or nothing all exact ones.
    """
    wrong = [frozenset(r.fits) for r in exact if r.wrong and r.qubits <= MOST_EXPLAINED]
    ruled_out = {name for r in exact if not r.wrong for name in r.tells}
    sporadic = weights.sporadic
    scores = {n: max(v, sporadic[n]) for n, v in weights.listed.items()} if alarmed else {}
    if wrong:
        fitting = frozenset.intersection(*wrong) - ruled_out
        if not fitting:
            return several(wrong, ruled_out), 0.0
        scores = {name: scores.get(name, 0.0) for name in fitting}
    elif exact:
        scores = {name: value for name, value in scores.items() if name not in ruled_out}
    if not scores:
        return (), 0.0
    best = max(scores.values())
    unlisted = max(weights.everywhere, weights.somewhere)
    if alarmed and unlisted > best:
        return (), unlisted - weights.best_reading
    order = {h.name: place for place, h in enumerate(hypotheses())}
    together = [name for name, value in scores.items() if best - value < TOGETHER]
    together.sort(key=lambda name: (-scores[name], order.get(name, len(order)), name))
    return tuple(together), best - weights.best_reading


def several(wrong: Sequence[frozenset[str]], ruled_out: set[str]) -> tuple[str, ...]:
    """Return the fewest mistakes that together explain all wrong exact results, as one name.

    Greedily: the one that explains most, then the one that explains most of the rest. Mistakes
    that a right result rules out come last, as mistakes of some results only.
    """
    left, names = list(wrong), list[str]()
    while left:
        counts = Counter(name for fits in left for name in fits)
        if not counts:
            return (" and ".join([*names, "something on no list"]),) if names else ()
        order = {h.name: place for place, h in enumerate(hypotheses())}
        best = min(counts, key=lambda n: (n in ruled_out, -counts[n], order.get(n, len(order)), n))
        names.append(best if best not in ruled_out else f"in some results {best}")
        left = [fits for fits in left if best not in fits]
    return (" and ".join(names),)


def _log_sum(terms: Sequence[float], weights: Sequence[float]) -> float:
    pairs = [(t, w) for t, w in zip(terms, weights, strict=True) if w > 0]
    top = max(t for t, _ in pairs)
    return top + math.log(math.fsum(w * math.exp(t - top) for t, w in pairs))


def _smallest(sampled: Sequence[Weighed]) -> tuple[tuple[str, float], ...]:
    best: dict[str, float] = {}
    for row in sampled:
        for name, value in row.smallest:
            best[name] = min(value, best.get(name, math.inf))
    return tuple(sorted(best.items()))


__all__ = ["ALPHA", "judge", "threshold", "threshold_of_one"]
