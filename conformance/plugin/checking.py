"""One response, or one result, judged inside somebody's own test."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from conformance.engine import Bench
from conformance.model import Case, Exchange, Finding, Judgement, Request, Response, Verdict
from conformance.plugin.wording import all_words_of
from conformance.traffic import attributed

_ALPHA = 1e-9
"""How often a right result may be called wrong."""


class Check:
    """Judges by the contract of a provider; what departs from it fails the test.

    Args:
        provider: Whose contract.
    """

    def __init__(self, provider: str = "ionq") -> None:
        self._bench = Bench(provider)
        self._count = 0

    def __call__(self, response: Any) -> None:
        """Judge the response of requests or httpx, with the request it answers, or an `Exchange`.

        Raises:
            AssertionError: It departs from the contract; the text says in what.
        """
        __tracebackhide__ = True
        findings = self.findings(response)
        if findings:
            raise AssertionError(all_words_of(findings))

    def findings(self, response: Any) -> list[Finding]:
        """Return in what a response departs from the contract.

        Raises:
            TypeError: It is no response that is known, or one for no operation of the contract.
        """
        self._count += 1
        exchange = response if isinstance(response, Exchange) else _exchange(response, self._count)
        if exchange.operation is None:
            exchange = attributed(exchange, self._bench.specification)
        if exchange.operation is None:
            request = exchange.case.request
            raise TypeError(
                f"expected a request for an operation of {self._bench.specification.source}, got "
                f"{request.method} {request.path}"
            )
        return self._bench.exchange(exchange)

    def result(
        self,
        circuit: Mapping[str, Any],
        *,
        probabilities: Mapping[str, float] | None = None,
        counts: Mapping[str, int] | None = None,
    ) -> None:
        """Judge what came back for a circuit: exact `probabilities`, or `counts` of shots.

        Probabilities must be those of an ideal simulator. Counts are a sample of them, weighed
        as a run weighs sampled results: against every mistake on the list and against what is on
        none; one right result in a thousand million is called wrong. Where nothing can be told,
        since the circuit is too large, the test is skipped.

        Args:
            circuit: As IonQ's API takes it: `qubits`, `gateset`, `circuit`.
            probabilities: By decimal key; bit k of it is qubit k.
            counts: Likewise.

        Raises:
            AssertionError: These are not the results of the circuit.
            TypeError: There are neither, or both.
        """
        __tracebackhide__ = True
        if (probabilities is None) == (counts is None):
            raise TypeError("expected either probabilities or counts")
        if probabilities is not None:
            wrong = self._bench.result(circuit, probabilities)
        else:
            wrong = self._of_counts(circuit, counts or {})
        if wrong:
            raise AssertionError("\n".join(wrong))

    def _of_counts(self, circuit: Mapping[str, Any], counts: Mapping[str, int]) -> list[str]:
        import reference_sim

        size = 2 ** reference_sim.parse(circuit).qubits
        strange = [k for k in counts if not (k.isascii() and k.isdigit() and int(k) < size)]
        if strange or sum(counts.values()) < 1:
            return [f"counts: expected keys from 0 to {size - 1} and some shots, got {counts}"]
        judgement = self._bench.counts(circuit, counts, alpha=_ALPHA)
        if judgement.verdict is Verdict.INCONCLUSIVE:
            pytest.skip(f"{judgement.verdict.shown}: {judgement.results[0].open}")
        return _objections(judgement)


def _objections(judgement: Judgement) -> list[str]:
    """Return what is wrong with the one result that was judged, in a sentence; nothing if right."""
    from conformance.report.physics import cause, evidence

    (row,) = judgement.results
    if judgement.verdict is not Verdict.VIOLATES:
        return []
    shares = f"counts: expected shares like {row.expected}, got {row.seen} of {row.shots} shots"
    return [f"{shares}; {evidence(judgement)}; {cause(judgement)}"]


def _exchange(response: Any, number: int) -> Exchange:
    """Return the exchange that a response of requests or httpx tells.

    Raises:
        TypeError: It is none.
    """
    try:
        request = response.request
        sent = request.body if hasattr(request, "body") else request.content
        url = str(request.url)
        body: bytes = response.content
        status: int = response.status_code
        headers = tuple((str(k), str(v)) for k, v in response.headers.items())
        asked = tuple((_text(k), _text(v)) for k, v in request.headers.items())
    except AttributeError:
        kind = f"{type(response).__module__}.{type(response).__name__}"
        raise TypeError(f"expected a response of requests or httpx, got {kind}") from None
    made = Request(method=str(request.method), path=url, headers=asked, body=_bytes(sent))
    case = Case(id=f"check.response.{number}", suite="check", operation=None, request=made)
    elapsed = response.elapsed.total_seconds()
    answer = Response(status=status, headers=headers, body=body, elapsed=elapsed)
    return Exchange(case=case, response=answer, number=number)


def _bytes(body: Any) -> bytes:
    if body is None:
        return b""
    return body.encode() if isinstance(body, str) else bytes(body)


def _text(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)
