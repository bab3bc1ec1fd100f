"""PHYS: the parts of a debiased run make up the whole, and each agrees with itself."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from conformance.checks.contract import Contract
from conformance.checks.input import path_values
from conformance.checks.life import History
from conformance.checks.physics import Circuit, is_sharpened
from conformance.checks.story import Moment, Story, jobs_of, response_object, state_of
from conformance.model import Credential, Finding, Oddity
from conformance.providers import State, Variant

_SHOWN = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Debiased:
    """A completed job that was run as variants, and what was read of them."""

    story: Story
    told: Moment
    """The reading of the job that tells its variants."""
    circuit: Circuit
    shots: int
    variants: Sequence[Variant]
    probabilities: Mapping[str, Moment]
    histograms: Mapping[str, Moment]
    single_shots: Mapping[str, Moment]


def variants_make_up_their_job(history: History, contract: Contract) -> Iterator[Finding | None]:
    """The variants of a debiased job share its shots, and their average is its result.

    Why it matters: shots are paid for; a result that leaves a variant out has the bias that
    debiasing is there to remove.

    Source: the document: `sharpen` reads variants "instead of averaging them". Each variant may
    count by its shots or as much as any other, and numbers may be rounded to less than half a shot.
    """
    for job in _debiased(history, contract):
        total = sum(variant.shots for variant in job.variants)
        yield None
        if total != job.shots:
            yield Finding(
                clause="variants/shots",
                where="response.body/output/error_mitigation/debiasing/variants",
                expected=f"variants whose shots sum to {job.shots}, the shots of the job",
                seen=f"{len(job.variants)} variants with {total} shots",
                exchanges=(*job.story.numbers[:1], job.told.number),
            )
            continue
        read = [_distribution(job, each.id, contract) for each in job.variants]
        parts = [part for part in read if part is not None]
        for moment in _plain(job, contract) if len(parts) == len(read) else ():
            yield None
            yield from _not_averaged(job, parts, moment)


def variant_counts_are_its_probabilities(
    history: History, contract: Contract
) -> Iterator[Finding | None]:
    """The histogram of a variant counts its shots, and its probabilities are those counts' shares.

    Why it matters: clients read the one or the other; who takes counts for likelihoods and who
    takes shares must see the same run.

    Source: the document: decimal basis state to count, and to probability, of one variant. Single
    shots are judged where they are told as the number of each shot, from 0, to its outcome.
    """
    for job in _debiased(history, contract):
        for variant in job.variants:
            moment = job.histograms.get(variant.id)
            if moment is not None and all(map(_is_count, moment.body.values())):
                yield from _counted(job, variant, moment, contract)


def debiased_results_are_distributions(
    history: History, contract: Contract
) -> Iterator[Finding | None]:
    """What a variant gives, and the sharpened result, are distributions over the register.

    Why it matters: votes, counts or shares of a part look like probabilities; what is computed
    from them is off by a factor.

    Source: GetResultsResponse ("keyed by decimal qubit state"), whose values are probabilities.
    """
    for job in _debiased(history, contract):
        sharpened = [m for m in job.story.results if is_sharpened(m, contract)]
        for moment in (*job.probabilities.values(), *sharpened):
            yield None
            for odd in contract.oracle.distribution(job.circuit, moment.body):
                yield _finding(odd, job.told, moment)


def _debiased(history: History, contract: Contract) -> Iterator[Debiased]:
    """Yield each completed job of one circuit that tells variants."""
    facts = contract.provider
    for story in jobs_of(history, contract).values():
        circuits = facts.jobs.circuits_of(story.payload)
        shots = story.payload.get("shots", facts.jobs.default_shots)
        done = [m for m in story.readings if state_of(m.body, contract) is State.COMPLETED]
        variants = facts.variants.of(done[-1].body) if done else ()
        if len(circuits) == 1 and variants and contract.oracle.is_valid(circuits[0]):
            yield Debiased(
                story=story,
                told=done[-1],
                circuit=circuits[0],
                shots=shots,
                variants=variants,
                probabilities=_read(history, story.id, facts.variants.probabilities, contract),
                histograms=_read(history, story.id, facts.variants.histogram, contract),
                single_shots=_read(history, story.id, facts.variants.single_shots, contract),
            )


def _read(history: History, job: str, operation: str, contract: Contract) -> dict[str, Moment]:
    """Return what `operation` told of the variants of a job, the last answer of each."""
    facts, found = contract.provider, dict[str, Moment]()
    for exchange in history:
        asked = exchange.operation
        if asked is None or asked.id != operation or not exchange.succeeded:
            continue
        named = path_values(asked.path, exchange.case.request.path)
        owned = exchange.case.credential is Credential.FIRST
        if owned and named.get(facts.jobs.id_parameter) == job:
            variant = named.get(facts.variants.id_parameter, "")
            found[variant] = Moment(exchange=exchange, body=response_object(exchange))
    return found


def _plain(job: Debiased, contract: Contract) -> Iterator[Moment]:
    """Yield the results of the job that are its average, where they are a distribution."""
    for moment in job.story.results:
        operation = moment.exchange.operation
        if operation is None or operation.id != contract.provider.jobs.results:
            continue
        odd = contract.oracle.distribution(job.circuit, moment.body)
        if not odd and not is_sharpened(moment, contract):
            yield moment


def _distribution(job: Debiased, variant: str, contract: Contract) -> Mapping[str, float] | None:
    """Return the probabilities of a variant, if they were read and are a distribution."""
    moment = job.probabilities.get(variant)
    if moment is None or contract.oracle.distribution(job.circuit, moment.body):
        return None
    return moment.body


def _not_averaged(
    job: Debiased, parts: Sequence[Mapping[str, float]], moment: Moment
) -> Iterator[Finding]:
    """Yield a finding where the result is neither average of its variants."""
    by_shots = _mean(parts, [variant.shots for variant in job.variants])
    alike = _mean(parts, [1] * len(parts))
    half = 0.5 / max(job.shots, 1)
    if all(_farthest(each, moment.body) > half for each in (by_shots, alike)):
        worst = _worst(by_shots, moment.body)
        yield Finding(
            clause="variants/average",
            where="response.body",
            expected=f"{_some(by_shots, worst)}, the average of {len(parts)} variants",
            seen=_some(moment.body, worst),
            exchanges=(job.told.number, moment.number),
        )


def _mean(parts: Sequence[Mapping[str, float]], weights: Sequence[int]) -> dict[str, float]:
    total = max(sum(weights), 1)
    return {
        key: math.fsum(w * p.get(key, 0.0) for w, p in zip(weights, parts, strict=True)) / total
        for key in sorted(set().union(*parts), key=int)
    }


def _counted(
    job: Debiased, variant: Variant, moment: Moment, contract: Contract
) -> Iterator[Finding | None]:
    """Judge the histogram of a variant by its shots, one by one too, and its probabilities."""
    yield None
    total = sum(moment.body.values())
    if total != variant.shots:
        yield Finding(
            clause="histogram/shots",
            where="response.body",
            expected=f"counts that sum to {variant.shots}, the shots of the variant",
            seen=f"a sum of {total}",
            exchanges=(job.told.number, moment.number),
        )
        return
    counted = {key: count / total for key, count in moment.body.items() if total}
    odd = contract.oracle.distribution(job.circuit, counted)
    found = [_finding(each, job.told, moment) for each in odd]
    shares = _distribution(job, variant.id, contract)
    if shares is not None and not found:
        yield None
        found = list(_not_counted(shares, counted, total, moment))
    yield from found
    single = job.single_shots.get(variant.id)
    if single is not None and not found:
        yield from _not_tallied(single, moment)


def _not_tallied(single: Moment, counts: Moment) -> Iterator[Finding | None]:
    """Judge single shots, told as the number of each to its outcome, by their histogram."""
    shots, wanted = single.body, {key: n for key, n in counts.body.items() if n}
    numbered = all(map(_is_count, shots.values())) and {*shots} == {*map(str, range(len(shots)))}
    if not numbered or len(shots) != sum(wanted.values()):
        return
    yield None
    tally = Counter(map(str, shots.values()))
    if tally != wanted:
        worst = _worst(wanted, tally)
        yield Finding(
            clause="histogram/single-shots",
            where="response.body",
            expected=f"{_some(wanted, worst)}, as the histogram counts them",
            seen=_some(tally, worst),
            exchanges=(counts.number, single.number),
        )


def _not_counted(
    shares: Mapping[str, float], counted: Mapping[str, float], shots: int, moment: Moment
) -> Iterator[Finding]:
    """Yield a finding where a count is not a probability times the shots."""
    if _farthest(shares, counted) > 0.5 / shots:
        worst = _worst(shares, counted)
        wanted = {key: shots * value for key, value in shares.items()}
        yield Finding(
            clause="histogram/probabilities",
            where="response.body",
            expected=f"{_some(wanted, worst)}, the probabilities times {shots} shots",
            seen=_some(moment.body, worst),
            exchanges=(moment.number,),
        )


def _farthest(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    return max((abs(one.get(k, 0.0) - other.get(k, 0.0)) for k in {*one, *other}), default=0.0)


def _worst(one: Mapping[str, float], other: Mapping[str, float]) -> list[str]:
    """Return the outcomes that differ most, in their order."""
    keys = sorted({*one, *other}, key=lambda k: (-abs(one.get(k, 0.0) - other.get(k, 0.0)), int(k)))
    return sorted(keys[:_SHOWN], key=int)


def _some(values: Mapping[str, float], keys: Sequence[str]) -> str:
    return json.dumps({key: round(values.get(key, 0.0), 6) for key in keys})


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _finding(odd: Oddity, told: Moment, moment: Moment) -> Finding:
    return Finding(
        clause=odd.clause,
        where=odd.where,
        expected=odd.expected,
        seen=odd.seen,
        exchanges=(told.number, moment.number),
    )
