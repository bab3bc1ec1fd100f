"""Single exchanges and results on the bench: judged one at a time, outside of any run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from conformance.checks import Contract
from conformance.engine.judging import Judging
from conformance.model import Exchange, Finding, Judgement
from conformance.oracle import Reference
from conformance.providers import provider as facts_of
from conformance.spec import load
from conformance.transport import Redactor


class Bench:
    """Judges what it is handed by the whole contract of a provider.

    Args:
        provider: Whose contract.
        url: Base URL of the target, for curl lines; the provider's own when left out.
        keys: What no answer may repeat and no finding shows.
    """

    def __init__(self, provider: str = "ionq", *, url: str = "", keys: Sequence[str] = ()) -> None:
        facts = facts_of(provider)
        redactor = Redactor(keys)
        self._new: list[Finding] = []
        self.specification = load(provider)
        self.provider = facts
        self.oracle = Reference()
        self._judging = Judging(
            contract=Contract(
                strict=self.specification,
                lenient=load(provider, lenient=True),
                provider=facts,
                oracle=self.oracle,
                leaks=redactor.finds,
                patience=30.0,
                lag=facts.list_lag,
            ),
            only=frozenset(),
            repeat=lambda _scenario: "",
            url=url or facts.url,
            clean=redactor.text,
            on_finding=self._new.append,
            on_note=lambda _text: None,
        )

    def exchange(self, exchange: Exchange) -> list[Finding]:
        """Return in what one exchange departs from the contract."""
        return self._taken(lambda: self._judging.exchange(exchange))

    def history(self, exchanges: Sequence[Exchange]) -> list[Finding]:
        """Return in what the ordered exchanges of a scenario depart from it together."""
        return self._taken(lambda: self._judging.history(exchanges))

    def _taken(self, judge: Any) -> list[Finding]:
        self._judging.findings.clear()
        judge()
        taken, self._new[:] = list(self._new), []
        return taken

    def counts(
        self, circuit: Mapping[str, Any], counts: Mapping[str, int], *, alpha: float
    ) -> Judgement:
        """Return the verdict on `counts` as a sample of what an ideal machine gives.

        Args:
            circuit: As IonQ's API takes it.
            counts: By decimal key; bit k of it is qubit k. At least one shot.
            alpha: Bound on the probability of calling a right sample wrong.
        """
        shots = sum(counts.values())
        answer = {key: count / shots for key, count in counts.items()}
        oracle = Reference(alpha=alpha)
        row = oracle.weigh(circuit, answer, (), shots=shots, model="ideal")
        return oracle.judge([(row, circuit)])

    def result(self, circuit: Mapping[str, Any], probabilities: Mapping[str, float]) -> list[str]:
        """Return in what `probabilities` are not those of `circuit`; nothing if they are.

        Args:
            circuit: As IonQ's API takes it: `qubits`, `gateset`, `circuit`.
            probabilities: By decimal key; bit k of it is qubit k.
        """
        oddities = self.oracle.distribution(circuit, probabilities) or self.oracle.exact(
            circuit, probabilities, ()
        )
        return [
            f"{o.where}: expected {o.expected}, got {o.seen}. {o.note}".strip() for o in oddities
        ]
