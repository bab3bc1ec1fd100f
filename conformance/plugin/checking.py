"""One response, or one result, judged inside somebody's own test."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from conformance.engine import Bench
from conformance.model import Case, Exchange, Finding, Request, Response
from conformance.plugin.wording import all_words_of
from conformance.traffic import attributed

_ALPHA = 1e-9
"""How often a right result may be called wrong."""
_NOTHING = 1e-12
"""Probability below which an outcome must not be drawn at all."""


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

        Probabilities must be those of an ideal simulator. Counts are a sample of them: what
        cannot occur must not, and the total variation distance must be one that shots explain,
        but for one right result in a thousand million.

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
            wrong = _counts_objections(circuit, counts or {})
        if wrong:
            raise AssertionError("\n".join(wrong))


def _counts_objections(circuit: Mapping[str, Any], counts: Mapping[str, int]) -> list[str]:
    import reference_sim

    expected = reference_sim.probabilities(circuit)
    shots = sum(counts.values())
    size = len(expected)
    outside = [key for key in counts if not (key.isascii() and key.isdigit() and int(key) < size)]
    if outside or shots < 1:
        return [f"counts: expected keys from 0 to {size - 1} and some shots, got {dict(counts)}"]
    seen = {int(key): count / shots for key, count in counts.items() if count}
    impossible = [outcome for outcome in seen if expected[outcome] < _NOTHING]
    if impossible:
        return [f"counts: expected no {impossible[0]}, got {counts[str(impossible[0])]}"]
    distance = 0.5 * sum(abs(float(p) - seen.get(k, 0.0)) for k, p in enumerate(expected))
    bound = shot_noise_bound(int((expected >= _NOTHING).sum()), shots)
    if distance <= bound:
        return []
    what = f"a total variation distance of at most {bound:.4f} at {shots} shots"
    return [f"counts: expected {what}, got {distance:.4f}"]


def shot_noise_bound(outcomes: int, shots: int, *, alpha: float = _ALPHA) -> float:
    """Return the total variation distance that a right sample exceeds with probability `alpha`.

    Source: Weissman et al. (2003), Inequalities for the L1 deviation of the empirical
    distribution: P(L1 >= e) <= (2**k - 2) exp(-n e**2 / 2); the distance is half of L1.
    """
    return math.sqrt((outcomes * math.log(2.0) - math.log(alpha)) / (2.0 * shots))


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
