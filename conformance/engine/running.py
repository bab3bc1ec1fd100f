"""A run from its first event to its last: plan, suites in order, verdict."""

from __future__ import annotations

import datetime as dt
import math
import queue
import shlex
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import ExitStack

from conformance import __version__
from conformance.checks import Contract
from conformance.engine.address import check_address, check_key, is_loopback
from conformance.engine.judging import WEIGHED, Judging
from conformance.engine.opinion import SecondOpinion
from conformance.engine.options import PROFILES, SEQUENCES, SUITES, Options, Profile
from conformance.engine.scenarios import Stage
from conformance.engine.target import Target
from conformance.errors import (
    BadValue,
    ConformanceError,
    ExitCode,
    SilentTarget,
    UnknownName,
)
from conformance.lifecycle import (
    Walk,
    access_walks,
    build_request,
    hostile_walks,
    input_walks,
    lifecycle_walks,
    physics_walks,
)
from conformance.live import Guard
from conformance.model import (
    Credential,
    Event,
    Exchange,
    ExchangeRecorded,
    FindingMade,
    NoteMade,
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
from conformance.transport import HttpTransport, Redactor, TransportFailure

EMBEDDED = "embedded mock"
_UNFINISHED = frozenset({"target-silent", "interrupted"})
"""Ends of a run that leave its question open; a deadline is wanted, so it does not."""


def run(options: Options) -> Iterator[Event]:
    """Run the plan of `options` and yield events as they happen.

    Closing the iterator stops the run; what was judged by then has been yielded.

    Raises:
        ConformanceError: The options are wrong, or there is nothing that can be judged.
    """
    with ExitStack() as resources:
        yield from _Run(options, resources).events()


class _Run:
    def __init__(self, options: Options, resources: ExitStack) -> None:
        _check(options)
        self.provider: Provider = provider(options.provider)
        self.profile: Profile = PROFILES[options.profile]
        self.strict: Specification = load(options.provider)
        self.embedded = not options.url
        self.options = _with_mock(options, resources) if self.embedded else options
        self.owned = is_loopback(self.options.url)
        _check_operations(self.options, self.strict)
        _check_case(self.options, self.strict)
        self.queue: queue.SimpleQueue[Event | BaseException | None] = queue.SimpleQueue()
        self.redactor = Redactor(filter(None, (self.options.key, self.options.second_key)))
        self.begun = time.monotonic()
        ends_at = self.begun + (self.options.deadline or float("inf"))
        transport = HttpTransport(
            self.options.url, timeout=self.options.request_timeout, ends_at=ends_at
        )
        resources.callback(transport.close)
        probe = self.strict.operation(self.provider.probe)
        self.guard = Guard(self.provider, live=not self.owned)
        self.target = Target(
            transport,
            self.provider,
            self._keys(),
            self._exchanged,
            probe=Request(method=probe.method, path=probe.path),
            guard=self.guard,
        )
        self.target.deadline = ends_at
        self.contract = Contract(
            strict=self.strict,
            lenient=load(options.provider, lenient=True),
            provider=self.provider,
            oracle=Reference(alpha=self.options.alpha),
            leaks=Redactor([*filter(None, self._keys().values())]).finds,
            patience=self.options.patience,
            lag=self.provider.list_lag,
        )
        self.judging = Judging(
            contract=self.contract,
            only=frozenset(options.rules),
            repeat=self._command,
            url=self.options.url,
            clean=self.redactor.text,
            on_finding=lambda finding: self.queue.put(FindingMade(finding=finding)),
            on_note=lambda text: self._note("", text),
        )
        self.opinion = SecondOpinion(self.strict, one_in=self.profile.second_opinion)

    def events(self) -> Iterator[Event]:
        self._probe()
        yield self._started()
        worker = threading.Thread(target=self._work, name="run", daemon=True)
        worker.start()
        try:
            while (event := self.queue.get()) is not None:
                if isinstance(event, BaseException):
                    raise event
                yield event
        except GeneratorExit:
            self.target.stop("interrupted")
            worker.join(timeout=1.0)  # so that its connections are closed after their last use
            raise
        except KeyboardInterrupt:
            self.target.stop("interrupted")
            worker.join(timeout=1.0)
            yield from self._left()
            yield self._finished()

    def _left(self) -> Iterator[Event]:
        while not self.queue.empty():
            event = self.queue.get()
            if event is not None and not isinstance(event, BaseException):
                yield event

    def _work(self) -> None:
        try:
            for suite in SUITES:
                if suite in self._suites() and not self.target.stopped:
                    self._suite(suite)
            self._clean_up()
            self.queue.put(self._finished())
        except ConformanceError as error:
            self.queue.put(error)
        except Exception as error:  # noqa: BLE001 - carried to the caller's thread and raised there
            error.add_note("".join(traceback.format_exception(error)))
            self.queue.put(error)
        self.queue.put(None)

    def _suite(self, suite: str) -> None:
        begun, count = time.monotonic(), self.target.count
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
        if suite == "contract" and not (self.options.case and walks):
            from conformance.engine.contract_suite import fuzz

            fuzz(stage, self.profile)
        if [suite] == [name for name in SUITES if name in WEIGHED & {*self._suites()}][-1:]:
            self.queue.put(ResultsWeighed(judgement=self.judging.run(suite)))
        self.queue.put(
            SuiteFinished(
                suite=suite,
                exchanges=self.target.count - count,
                elapsed=time.monotonic() - begun,
                outcomes=self.judging.outcomes(suite),
                stopped=self.target.stopped,
            )
        )

    def _clean_up(self) -> None:
        """Delete what a live run made and did not delete, also after its time is up."""
        if self.owned or not self.guard.made:
            return
        jobs = self.provider.jobs
        operation = self.strict.operation(jobs.delete)
        header = self.provider.authorization(self.options.key)
        transport = HttpTransport(self.options.url, timeout=self.options.request_timeout)
        left = []
        for job in self.guard.made:
            request = build_request(operation, {jobs.id_parameter: job}, {}, None, (header,))
            try:
                if transport.send(request).status >= 400:
                    left.append(job)
            except TransportFailure:
                left.append(job)
        transport.close()
        if left:
            self._note("", f"{len(left)} jobs could not be deleted: {', '.join(left[:20])}")

    def _walks(self, suite: str) -> list[Walk]:
        walks = _walks(suite, self.strict, self.provider, self.profile)
        wanted = ".".join(self.options.case.split(".")[:2])
        about = frozenset(self.options.operations)
        return [
            walk
            for walk in walks
            if (not wanted or f"{walk.suite}.{walk.name}" == wanted)
            and (not about or not walk.operations or walk.operations & about)
            and (self.owned or not walk.owned_only)
        ]

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

    def _keys(self) -> dict[Credential, str]:
        return {
            Credential.FIRST: self.options.key,
            Credential.SECOND: self.options.second_key,
            Credential.WRONG: self.provider.wrong_key,
            Credential.CUT: self.options.key[: len(self.options.key) // 2],
            Credential.BARE: self.options.key,
            Credential.OTHER_SCHEME: self.options.key,
        }

    def _probe(self) -> None:
        """Ask what anybody may ask, so that a wrong URL is told apart from a broken service."""
        operation = self.strict.operation(self.provider.probe)
        try:
            response = self.target.probe()
        except TransportFailure as failure:
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
        if not self.embedded:
            words += ["--url", options.url]
        for fault in options.faults if self.embedded else ():
            words += ["--fault", fault]
        if options.profile != "ci":
            words += ["--profile", options.profile]
        return shlex.join([*words, "--seed", str(options.seed), "--case", scenario])


def _check(options: Options) -> None:
    if options.profile not in PROFILES:
        raise UnknownName("profile", options.profile, tuple(PROFILES), "--profile")
    for suite in (*options.suites, *filter(None, [options.case.partition(".")[0]])):
        if suite not in SUITES:
            where = "--case" if options.case else "--suite"
            raise UnknownName("suite", suite, SUITES, where)
    for name in ("request_timeout", "patience", "deadline"):
        if not math.isfinite(getattr(options, name)):
            option = f"--{name.replace('_', '-').replace('patience', 'job-timeout')}"
            raise BadValue(option, "a number of seconds", str(getattr(options, name)))
    if not 0 < options.alpha < 1:
        raise BadValue("--alpha", "a probability between 0 and 1", str(options.alpha))
    if options.url:
        check_address(options.url, live=options.live)
        check_key(options.key, "--api-key")
        if options.second_key:
            check_key(options.second_key, "--second-api-key")
        if options.faults:
            repair = "Switch it on there: qconform mock --fault."
            raise BadValue("--fault", "the embedded mock as target", options.url, repair)


def _check_operations(options: Options, specification: Specification) -> None:
    known = tuple(operation.id for operation in specification.operations)
    for wanted in options.operations:
        if wanted not in known:
            raise UnknownName("operation", wanted, known, "--operation")


def _check_case(options: Options, specification: Specification) -> None:
    """Raise unless `--case` names a scenario that the run has."""
    if not options.case:
        return
    suite = options.case.partition(".")[0]
    wanted = ".".join(options.case.split(".")[:2])
    facts = provider(options.provider)
    walks = _walks(suite, specification, facts, PROFILES[options.profile])
    names = [walk.name for walk in walks]
    if suite == "contract":
        names += [*(operation.id for operation in specification.operations), SEQUENCES]
    known = tuple(f"{suite}.{name}" for name in names)
    if wanted not in known:
        raise UnknownName("case", wanted, known, "--case")


def _walks(
    suite: str, specification: Specification, provider: Provider, profile: Profile
) -> Iterator[Walk]:
    if suite == "access":
        return access_walks(specification)
    if suite == "lifecycle":
        return lifecycle_walks(specification)
    if suite == "physics":
        return physics_walks(profile.random_circuits)
    if suite == "hostile":
        return hostile_walks()
    return input_walks(specification, provider)


def _with_mock(options: Options, resources: ExitStack) -> Options:
    """Start the embedded mock and return `options` aimed at it."""
    from dataclasses import replace

    from conformance.mock import running
    from conformance.mock.ionq import app

    served = resources.enter_context(running(app(seed=options.seed, faults=options.faults)))
    return replace(options, url=served.url, key=served.keys[0], second_key=served.keys[1])


__all__ = ["EMBEDDED", "run"]
