"""A run from its first event to its last: plan, suites in order, verdict."""

from __future__ import annotations

import datetime as dt
import queue
import shlex
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import ExitStack

from conformance import __version__
from conformance.checks import Contract
from conformance.engine.checking import check, check_case, check_operations, walks_of
from conformance.engine.choosing import Choice
from conformance.engine.judging import WEIGHED, Judging
from conformance.engine.keys import keys_by_credential
from conformance.engine.line import Interrupt, Line
from conformance.engine.opinion import SecondOpinion
from conformance.engine.options import PROFILES, SUITES, Options, Profile
from conformance.engine.scenarios import Stage
from conformance.engine.scope import not_judged, of_sessions
from conformance.engine.target import Target
from conformance.errors import ConformanceError, ExitCode, SilentTarget, UntrustedTarget
from conformance.lifecycle import Walk, build_request
from conformance.model import (
    Credential,
    Event,
    Exchange,
    ExchangeRecorded,
    FindingMade,
    NoteMade,
    Problem,
    Request,
    ResultsWeighed,
    RunFinished,
    RunStarted,
    Specification,
    SuiteFinished,
    SuiteStarted,
    Verdict,
)
from conformance.oracle import Reference
from conformance.providers import Provider, provider
from conformance.spec import load
from conformance.transport import Redactor, TransportFailure

EMBEDDED = "embedded mock"
_UNFINISHED = frozenset({"target-silent", "interrupted", "told-to-wait", "untrusted"})
"""Ends of a run that leave its question open; a deadline or a budget is wanted, so it does not."""
_GRACE = 0.7
"""Seconds that an interrupted run waits for its worker, so that its report comes at once."""


def run(options: Options, *, interrupt: Interrupt | None = None) -> Iterator[Event]:
    """Run the plan of `options` and yield events as they happen.

    Closing the iterator stops the run; what was judged by then has been yielded. What a live
    run made is removed before its last event, or, when it was interrupted, after that: so the
    report need not wait for it.

    Args:
        options: What to do.
        interrupt: Called from anywhere, ends the run with what it has.

    Raises:
        ConformanceError: The options are wrong, or there is nothing that can be judged.
    """
    with ExitStack() as resources:
        yield from Run(options, resources, interrupt or Interrupt()).events()


class Run:
    """A run that is prepared: everything is known and nothing has been sent."""

    def __init__(self, options: Options, resources: ExitStack, interrupt: Interrupt) -> None:
        check(options)
        self.provider: Provider = provider(options.provider)
        self.profile: Profile = PROFILES[options.profile]
        self.strict: Specification = load(options.provider)
        self.embedded = not options.url
        self.options = (
            _with_mock(options, resources, self.strict.base_path) if self.embedded else options
        )
        check_operations(self.options, self.strict)
        check_case(self.options, self.strict)
        self.queue: queue.SimpleQueue[Event | BaseException | None] = queue.SimpleQueue()
        self.begun = time.monotonic()
        ends_at = self.begun + (self.options.deadline or float("inf"))
        self.line = Line(self.options, self.strict, embedded=self.embedded, ends_at=ends_at)
        resources.callback(self.line.close)
        self.owned, self.guard = self.line.owned, self.line.guard
        self.redactor = Redactor(
            filter(None, (*map(self.provider.secret, self._given()), *self.line.secrets))
        )
        probe = self.strict.operation(self.provider.probe)
        self.target = Target(
            self.line.transport,
            self.provider,
            self._keys(),
            self._exchanged,
            probe=Request(method=probe.method, path=probe.path),
            guard=self.guard,
            ask=lambda query: build_request(
                self.strict.operation(self.provider.jobs.estimate), {}, query, None
            ),
        )
        self.target.deadline = ends_at
        self.contract = Contract(
            strict=self.strict,
            lenient=load(options.provider, lenient=True),
            provider=self.provider,
            oracle=Reference(alpha=self.options.alpha),
            leaks=Redactor(self._secrets()).finds,
            patience=self.options.patience,
            lag=self.provider.list_lag,
        )
        self.choice = Choice.of(options)
        self.judging = Judging(
            contract=self.contract,
            only=frozenset(options.rules),
            choice=self.choice,
            repeat=self._command,
            url=self.options.url,
            clean=self.redactor.text,
            on_finding=lambda finding: self.queue.put(FindingMade(finding=finding)),
            on_note=lambda text: self._note("", text),
        )
        self.opinion = SecondOpinion(self.strict, one_in=self.profile.second_opinion)
        self.broken = False
        self._suite_begun: tuple[str, float, int] | None = None
        self._interrupt = interrupt
        interrupt.listen(self._interrupted)

    def events(self) -> Iterator[Event]:
        """Yield what happens, from the first request on."""
        self._probe()
        yield self._started()
        worker = threading.Thread(target=self._work, name="run", daemon=True)
        worker.start()
        ended = False
        try:
            while (event := self.queue.get()) is not None:
                if isinstance(event, BaseException):
                    raise event
                ended = isinstance(event, RunFinished)
                yield event
            if not ended:
                yield from self._early_end(worker)
        except KeyboardInterrupt:
            self._interrupted()
            yield from self._early_end(worker)
        finally:
            if not ended:
                self._interrupted()
            worker.join(timeout=_GRACE)  # so that connections are closed after their last use
            if not self._interrupt.at_once:
                self.line.clean_up()

    def _early_end(self, worker: threading.Thread) -> Iterator[Event]:
        """Yield what the worker still says, and the end of the run."""
        worker.join(timeout=_GRACE)
        while not self.queue.empty():
            event = self.queue.get()
            if event is not None and not isinstance(event, BaseException | RunFinished):
                yield event
        if self._suite_begun is not None:
            yield self._suite_finished(*self._suite_begun)
        yield self._finished()

    def _interrupted(self) -> None:
        """Send nothing more, break off what is under way, and let the events come to an end."""
        self.target.stop("interrupted")
        self.line.transport.abort()
        self.queue.put(None)

    def _work(self) -> None:
        try:
            for text in not_judged(self.provider):
                self._note("", text)
            for suite in self._order():
                if suite in self._suites() and not self.target.stopped:
                    self._suite(suite)
            for text in (*self.choice.unmet(self.judging.findings), *of_sessions(self.judging)):
                self._note("", text)
            if self.target.stopped != "interrupted":
                self._clean_up()
                self.queue.put(self._finished())
        except ConformanceError as error:
            self.queue.put(error)
        except Exception as error:  # noqa: BLE001 - carried to the caller's thread and raised there
            error.add_note("".join(traceback.format_exception(error)))
            self.queue.put(error)
        self.queue.put(None)

    def _suite(self, suite: str) -> None:
        self._suite_begun = (suite, time.monotonic(), self.target.count)
        walks = self._walks(suite)
        self.queue.put(SuiteStarted(suite=suite, planned=len(walks)))
        stage = Stage(
            options=self.options,
            specification=self.strict,
            provider=self.provider,
            target=self.target,
            judging=self.judging,
            owned=self.owned,
            on_note=self._note,
        )
        stage.play_all(walks)
        self.broken |= bool(stage.broken)
        if suite == "contract" and not (self.options.case and walks):
            from conformance.engine.contract_suite import fuzz

            fuzz(stage, self.profile)
        if [suite] == [name for name in SUITES if name in WEIGHED & {*self._suites()}][-1:]:
            self.queue.put(ResultsWeighed(judgement=self.judging.run(suite)))
        done, self._suite_begun = self._suite_finished(*self._suite_begun), None
        self.queue.put(done)

    def _suite_finished(self, suite: str, begun: float, count: int) -> SuiteFinished:
        return SuiteFinished(
            suite=suite,
            exchanges=self.target.count - count,
            elapsed=time.monotonic() - begun,
            outcomes=self.judging.outcomes(suite),
            stopped=self.target.stopped,
        )

    def _clean_up(self) -> None:
        """Delete what a live run made and did not delete, and say what that run used."""
        cleaned = self.line.clean_up()
        if cleaned.left:
            self._note("", f"{len(cleaned.left)} jobs could not be removed: qconform cleanup")
        if cleaned.unknown:
            self._note("", f"{cleaned.unknown} submissions may have made a job: qconform cleanup")
        for reason, count in self.target.forbidden.most_common():
            self._note("", f"{count} requests were not sent: {reason}")
        if self.target.retries:
            self._note("", f"{self.target.retries} requests were sent again, as the service asked")
        if self.target.overrun:
            self._note("", f"the run ended because {self.target.overrun}")
        if not self.owned:
            spent, currency = self.line.budget.spent, self.provider.spending.currency
            self._note(
                "",
                f"used: {self.line.budget.requests} requests, {spent.jobs} jobs, "
                f"{spent.cost:g} {currency}, {spent.qpu_seconds:g} s of QPU time, by estimates",
            )

    def _walks(self, suite: str) -> list[Walk]:
        walks = walks_of(suite, self.strict, self.provider, self.profile)
        wanted = ".".join(self.options.case.split(".")[:2])
        about = frozenset(self.options.operations)
        chosen = [
            walk
            for walk in walks
            if (not wanted or f"{walk.suite}.{walk.name}" == wanted)
            and (not about or not walk.operations or walk.operations & about)
            and (self.owned or not walk.owned_only)
        ]
        first = set(self.options.first)
        return sorted(chosen, key=lambda walk: f"{walk.suite}.{walk.name}" not in first)

    def _order(self) -> list[str]:
        """Return the suites in their order; those in which something failed last come first.

        The contract suite stays last: its fuzzing takes longer than all the others.
        """
        failed = {name.partition(".")[0] for name in self.options.first} - {"contract"}
        return sorted(SUITES, key=lambda suite: suite not in failed)

    def _suites(self) -> tuple[str, ...]:
        if self.options.case:
            return (self.options.case.partition(".")[0],)
        return self.options.suites

    def _exchanged(self, exchange: Exchange) -> Exchange:
        self.judging.exchange(exchange)
        objection = self.opinion.objection(exchange)
        if objection:
            self._note(exchange.case.suite, objection)
        self.queue.put(ExchangeRecorded(exchange=self.redactor.exchange(exchange)))
        return exchange

    def _note(self, suite: str, text: str) -> None:
        self.queue.put(NoteMade(suite=suite, text=self.redactor.text(text)))

    def _given(self) -> tuple[str, str]:
        return (self.options.key, self.options.second_key)

    def _keys(self) -> dict[Credential, str]:
        return keys_by_credential(self.provider, self.options.key, self.options.second_key)

    def _secrets(self) -> Iterator[str]:
        """Yield what no answer may repeat; half a key may be a plain word, and is no secret."""
        for credential, key in self._keys().items():
            if key and credential is not Credential.CUT:
                yield self.provider.secret(key)

    def _probe(self) -> None:
        """Ask what anybody may ask, so that a wrong URL is told apart from a broken service."""
        operation = self.strict.operation(self.provider.probe)
        try:
            response = self.target.probe()
        except TransportFailure as failure:
            if failure.problem is Problem.UNTRUSTED:
                raise UntrustedTarget(self.options.url, failure.detail) from failure
            raise SilentTarget(
                self.options.url,
                f"{failure.problem} ({failure.detail})",
                "Is it running, and is --url its base URL with the version in it?",
            ) from failure
        if response.json_or_none() is None and response.status != 429:
            label = response.header("content-type") or "no Content-Type"
            raise SilentTarget(
                self.options.url,
                f"{response.status} with {label} at {operation.path}",
                f"The base URL ends like {self.provider.url!r}.",
            )

    def _started(self) -> RunStarted:
        return RunStarted(
            tool=__version__,
            provider=self.provider.name,
            title=self.strict.title,
            document=self.strict.source,
            digest=self.strict.digest,
            target=EMBEDDED if self.embedded else self.redactor.text(self.options.url),
            seed=self.options.seed,
            profile=self.options.profile,
            suites=self._suites(),
            started=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            operations=tuple((o.id, o.method, o.path) for o in self.strict.operations),
        )

    def _finished(self) -> RunFinished:
        findings = self.judging.findings
        judged = {o.check for suite in SUITES for o in self.judging.outcomes(suite) if o.judged}
        required = set(self.profile.required) if not self.options.rules else set()
        code, verdict = ExitCode.OK, Verdict.CONFORMS
        if self.judging.violated:
            code, verdict = ExitCode.VIOLATED, Verdict.VIOLATES
        elif self.broken:
            code, verdict = ExitCode.BUG, Verdict.INCONCLUSIVE
        elif not judged or required - judged or self.target.stopped in _UNFINISHED:
            code, verdict = ExitCode.NOT_JUDGED, Verdict.INCONCLUSIVE
        return RunFinished(
            verdict=verdict,
            exit_code=code,
            elapsed=time.monotonic() - self.begun,
            findings=tuple((name, self.judging.counts[name]) for name in findings),
            stopped=self.target.stopped,
        )

    def _command(self, scenario: str) -> str:
        options = self.options
        words = ["qconform", "run"]
        if options.provider != type(options)().provider:
            words += ["--provider", options.provider]
        if not self.embedded:
            words += ["--url", options.url]
        for fault in options.faults if self.embedded else ():
            words += ["--fault", fault]
        if options.profile != "ci":
            words += ["--profile", options.profile]
        return shlex.join([*words, "--seed", str(options.seed), "--case", scenario])


def _with_mock(options: Options, resources: ExitStack, base_path: str) -> Options:
    """Start the embedded mock and return `options` aimed at it."""
    from dataclasses import replace

    from conformance.mock import running
    from conformance.mock.playing import embedded, keys_of

    app = embedded(options.provider, seed=options.seed, faults=options.faults)
    served = resources.enter_context(running(app))
    url = served.url.removesuffix(app.base_path) + base_path
    first, second = keys_of(options.provider)
    return replace(options, url=url, key=first, second_key=second)


__all__ = ["EMBEDDED", "run"]
