"""Print how long judging one response takes by all pure rules, and making one valid job payload.

    python benchmarks/judging/speed.py [RUNLOG]

RUNLOG is a run's run.ndjson; without it, the exchanges of the directed suites against the
embedded mock are judged again. Each exchange is parsed anew, as in a run. The figures are
processor time, the best of five rounds.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from conformance import runlog
from conformance.checks import EXCHANGE_RULES, Contract
from conformance.engine import Options, run
from conformance.generate import job_payload
from conformance.model import Exchange, ExchangeRecorded, Response
from conformance.oracle import Reference
from conformance.providers import provider
from conformance.spec import load

ROUNDS = 5
PAYLOADS = 2000


def best(work: Callable[[], object]) -> float:
    """Return the seconds of processor time that `work` takes in the quickest of some rounds."""
    times = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        work()
        times.append(time.process_time() - begun)
    return min(times)


def exchanges(log: str) -> list[Exchange]:
    """Return the answered exchanges of a log, or of a small run against the embedded mock."""
    options = Options(suites=("access", "lifecycle", "physics"), profile="smoke", seed=1)
    events = runlog.read(Path(log)) if log else run(options)
    found = [event.exchange for event in events if isinstance(event, ExchangeRecorded)]
    return [exchange for exchange in found if exchange.response is not None]


def unparsed(exchange: Exchange) -> Exchange:
    """Return the exchange as it was before anybody read its body."""
    answer = exchange.response
    assert answer is not None  # noqa: S101 - `exchanges` keeps answered ones only
    fresh = Response(
        status=answer.status, headers=answer.headers, body=answer.body, elapsed=answer.elapsed
    )
    return replace(exchange, response=fresh)


def judge_all(evidence: Sequence[Exchange], contract: Contract) -> int:
    """Judge each exchange by every rule that applies; return how many findings there are."""
    return sum(
        len(list(rule.check(exchange, contract)))
        for exchange in evidence
        for rule in EXCHANGE_RULES
        if rule.applies(exchange, contract)
    )


def main() -> None:
    """Print the two figures."""
    facts = provider("ionq")
    contract = Contract(
        strict=load("ionq"), lenient=load("ionq", lenient=True), provider=facts, oracle=Reference()
    )
    evidence = exchanges(sys.argv[1] if len(sys.argv) > 1 else "")
    judge_all(evidence, contract)
    size = sum(len(e.response.body) for e in evidence if e.response) / len(evidence)
    rounds = [[unparsed(e) for e in evidence] for _ in range(ROUNDS)]
    seconds = best(lambda: judge_all(rounds.pop(), contract))
    each = seconds / len(evidence) * 1e6
    print(f"judging   {each:7.1f} us a response, {len(evidence)} of {size:.0f} bytes on average")
    rng = random.Random(1)  # noqa: S311 - cases, not secrets
    seconds = best(lambda: [job_payload(rng, facts) for _ in range(PAYLOADS)])
    print(f"payloads  {PAYLOADS / seconds:7.0f} a second")


if __name__ == "__main__":
    main()
