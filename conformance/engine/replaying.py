"""Recorded exchanges judged again, by the documents and rules of today, offline."""

from __future__ import annotations

import datetime as dt
import gc
import shlex
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from conformance import __version__, traffic
from conformance.checks import Contract
from conformance.engine.choosing import Choice
from conformance.engine.judging import Judging
from conformance.errors import BadValue, ExitCode, UnknownName
from conformance.model import (
    Case,
    Event,
    Exchange,
    ExchangeRecorded,
    FindingMade,
    NoteMade,
    ResultsWeighed,
    RunFinished,
    RunStarted,
    SuiteFinished,
    SuiteStarted,
    Verdict,
    Waiver,
)
from conformance.oracle import ALPHA, Reference
from conformance.providers import provider as facts_of
from conformance.spec import load
from conformance.transport import REMOVED, Redactor

SUITE = "recorded"
_NEED_A_KEY = frozenset({"ACCESS-005"})
"""Rules that can be judged only where the recording still holds the key."""
_MOST_WAITING = 20_000
"""Exchanges that wait for the end of their scenario; then what is there is judged."""
_BETWEEN_COLLECTIONS = 50_000
"""Objects that are made between two looks for unreachable cycles."""
_KEY_HEADERS = frozenset({"authorization", "x-auth-token", "service-crn", "x-api-key"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """What is to be judged again, and by what."""

    paths: tuple[Path, ...]
    """Recordings, and folders of them."""
    provider: str = "ionq"
    operations: tuple[str, ...] = ()
    """Ids of operations to which judging is limited; empty for all."""
    rules: tuple[str, ...] = ()
    """Rules to which judging is limited; empty for all."""
    select: tuple[str, ...] = ()
    """Beginnings of the ids of rules that are judged; empty for all."""
    ignore: tuple[str, ...] = ()
    """Beginnings of the ids of rules that are not."""
    severity: Mapping[str, str] = field(default_factory=dict)
    """Beginning of a rule's id to what its findings weigh: `error` or `warning`."""
    waivers: tuple[Waiver, ...] = ()
    """Findings that are accepted."""
    alpha: float = ALPHA
    """Bound on the probability of a false alarm over all sampled results."""
    patience: float = 30.0
    """Seconds within which a recorded job on the ideal simulator had to end."""


def replay(options: Replay) -> Iterator[Event]:
    """Judge all recorded exchanges again and yield events as a run does.

    Nothing is contacted. A history is what one scenario recorded; where a recording names none,
    it is the whole file.

    Raises:
        ConformanceError: The options are wrong, or a recording cannot be read.
    """
    with _rarely_collected():
        yield from _Replay(options).events()


@contextmanager
def _rarely_collected() -> Iterator[None]:
    """Look for unreachable cycles less often: what is read stays, and is not to be walked anew."""
    usual = gc.get_threshold()
    gc.set_threshold(max(usual[0], _BETWEEN_COLLECTIONS) if usual[0] else 0, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


@dataclass(slots=True)
class _Waiting:
    """Exchanges whose scenario may go on."""

    histories: dict[str, list[Exchange]] = field(default_factory=dict)
    count: int = 0

    def add(self, exchange: Exchange) -> bool:
        """Keep `exchange`; tell whether there are too many now."""
        scenario = exchange.case.id.rpartition(".")[0]
        self.histories.setdefault(scenario, []).append(exchange)
        self.count += 1
        return self.count >= _MOST_WAITING

    def take(self) -> Sequence[list[Exchange]]:
        """Return the histories and keep nothing."""
        taken, self.histories, self.count = list(self.histories.values()), {}, 0
        return taken


class _Replay:
    def __init__(self, options: Replay) -> None:
        self.options = options
        self.provider = facts_of(options.provider)
        self.strict = load(options.provider)
        known = tuple(operation.id for operation in self.strict.operations)
        for wanted in options.operations:
            if wanted not in known:
                raise UnknownName("operation", wanted, known, "--operation")
        if not 0 < options.alpha < 1:
            raise BadValue("--alpha", "a probability between 0 and 1", str(options.alpha))
        self.files = traffic.files_in(options.paths)
        self.keys: set[str] = set()
        self.redactor = Redactor(())
        self.begun = time.monotonic()
        self.said: list[Event] = []
        self.skipped: Counter[str] = Counter()
        self.waiting = _Waiting()
        self.count = 0
        self.choice = Choice.of(options)
        self.judging = Judging(
            contract=Contract(
                strict=self.strict,
                lenient=load(options.provider, lenient=True),
                provider=self.provider,
                oracle=Reference(alpha=options.alpha),
                leaks=lambda text: self.redactor.finds(text),
                patience=options.patience,
                lag=self.provider.list_lag,
            ),
            only=frozenset(options.rules),
            repeat=lambda _scenario: self._again(),
            url=self.provider.url,
            clean=lambda text: self.redactor.text(text),
            on_finding=lambda finding: self.said.append(FindingMade(finding=finding)),
            on_note=self._note,
            choice=self.choice,
        )

    def events(self) -> Iterator[Event]:
        yield self._started()
        yield SuiteStarted(suite=SUITE)
        for path in self.files:
            yield from self._file(path)
        if self.count:
            yield ResultsWeighed(judgement=self.judging.run(SUITE))
        for reason, number in sorted(self.skipped.items()):
            self._note(f"{number} of {self.count} exchanges were not judged: {reason}")
        for text in self.choice.unmet(self.judging.findings):
            self._note(text)
        yield from self._take_said()
        yield SuiteFinished(
            suite=SUITE,
            exchanges=self.count,
            elapsed=time.monotonic() - self.begun,
            outcomes=self.judging.outcomes(SUITE),
        )
        yield self._finished()

    def _file(self, path: Path) -> Iterator[Event]:
        self._tell_staleness(path)
        self.keys.clear()
        self._forget_keys()
        for recorded in traffic.read(path, self.strict):
            self._learn_keys(recorded)
            self.count += 1
            told = not recorded.case.id.startswith(f"{SUITE}.")
            exchange = replace(recorded, case=self._case(recorded), number=self.count)
            if self._is_ours(exchange, told=told):
                self.judging.exchange(exchange)
                if self.waiting.add(exchange):
                    self._judge_histories()
            yield from self._take_said()
            yield ExchangeRecorded(exchange=self.redactor.exchange(exchange))
        self._judge_histories()
        yield from self._take_said()

    def _case(self, recorded: Exchange) -> Case:
        """Return the case as one of this suite; a key that was removed stands as one again."""
        case = recorded.case
        identity = case.id if case.id.startswith(f"{SUITE}.") else f"{SUITE}.{case.id}"
        header, value = self.provider.authorization(REMOVED)
        removed = (header.lower(), REMOVED)
        headers = tuple(
            (header, value) if (name.lower(), text) == removed else (name, text)
            for name, text in case.request.headers
        )
        request = case.request
        if headers != request.headers:
            request = replace(request, headers=headers)
        return replace(case, id=identity, suite=SUITE, request=request)

    def _is_ours(self, exchange: Exchange, *, told: bool) -> bool:
        """Whether the exchange can be judged and should be; count it by the reason if not."""
        operation = exchange.operation
        if operation is None and not told:
            reason = "their requests are for no operation of the document"
        elif exchange.response is None and exchange.problem is None:
            reason = exchange.detail
        elif self.options.operations and (
            operation is None or operation.id not in self.options.operations
        ):
            reason = "they are for other operations than those asked for"
        else:
            return True
        self.skipped[reason] += 1
        return False

    def _judge_histories(self) -> None:
        for history in self.waiting.take():
            self.judging.history(history)

    def _learn_keys(self, exchange: Exchange) -> None:
        """Take note of the keys that the recorder left in, so that we write none of them down."""
        for name, value in exchange.case.request.headers:
            if name.lower() in _KEY_HEADERS and value not in self.keys and _is_key(value):
                self.keys.add(value)
                self.redactor = Redactor({*self.keys, *(v.split()[-1] for v in self.keys)})
                self.judging.only = frozenset(self.options.rules)

    def _forget_keys(self) -> None:
        from conformance.checks import RULES

        self.redactor = Redactor(())
        rules = self.options.rules or tuple(rule.id for rule in RULES)
        self.judging.only = frozenset(rules) - _NEED_A_KEY

    def _tell_staleness(self, path: Path) -> None:
        origin = traffic.origin_of(path)
        if origin is None:
            return
        stale = origin.staleness(self.strict, dt.datetime.now(dt.UTC))
        if stale:
            self._note(f"{path.name} is stale: {stale}. Record it again with --record.")
        if origin.provider != self.provider.name:
            self._note(f"{path.name} was recorded from {origin.provider}.")

    def _note(self, text: str) -> None:
        self.said.append(NoteMade(suite=SUITE, text=self.redactor.text(text)))

    def _take_said(self) -> list[Event]:
        said, self.said = self.said, []
        return said

    def _started(self) -> RunStarted:
        return RunStarted(
            tool=__version__,
            provider=self.provider.name,
            title=self.strict.title,
            document=self.strict.source,
            digest=self.strict.digest,
            target=f"recorded in {', '.join(map(str, self.options.paths))}",
            seed=0,
            profile="replay",
            suites=(SUITE,),
            started=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            operations=tuple((o.id, o.method, o.path) for o in self.strict.operations),
        )

    def _finished(self) -> RunFinished:
        code, verdict = ExitCode.OK, Verdict.CONFORMS
        if self.judging.violated:
            code, verdict = ExitCode.VIOLATED, Verdict.VIOLATES
        elif not any(outcome.judged for outcome in self.judging.outcomes(SUITE)):
            code, verdict = ExitCode.NOT_JUDGED, Verdict.INCONCLUSIVE
        return RunFinished(
            verdict=verdict,
            exit_code=code,
            elapsed=time.monotonic() - self.begun,
            findings=tuple((name, self.judging.counts[name]) for name in self.judging.findings),
        )

    def _again(self) -> str:
        return shlex.join(["qconform", "replay", *map(str, self.options.paths)])


def _is_key(value: str) -> bool:
    """Whether a header holds a key, and not what a recorder put in its place."""
    masks = {REMOVED, "[Filtered]", "DUMMY", "REDACTED"}
    return bool(value.strip()) and value.split()[-1] not in masks
