"""Random sequences of calls about jobs, sessions, lists, accounts and money, shrunk by Hypothesis.

The machine decides nothing: after each sequence its exchanges are judged, and a sequence that
shows a departure nobody has seen yet is made shorter as long as it shows the same one.
"""

from __future__ import annotations

import time
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import hypothesis
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    multiple,
    rule,
    run_state_machine_as_test,
)

from conformance.lifecycle.backends import available_backend
from conformance.lifecycle.conversation import Conversation, Stop, answered
from conformance.lifecycle.jobs import BELL
from conformance.model import Credential, Exchange, Expectation

_SEARCH, _SHRINK = 12.0, 5.0
"""Seconds for finding a departure, and for making the sequence that shows it shorter."""
_UNKNOWN = "00000000-0000-4000-8000-00000000dead"
_FORMS = st.sampled_from(
    (
        {},
        {"name": " a name "},
        {"metadata": {"Key": "Value\x1f\u00e9"}},
        {"shots": 1},
        {"dry_run": True},
        {"noise": {"model": "ideal", "seed": 7}},
    )
)
_SETTINGS = st.sampled_from(({}, {"job_count_limit": 1}, {"job_count_limit": 3}))


class Departure(Exception):
    """A sequence shows departures that were not seen before; their fingerprints name them."""


@dataclass(slots=True)
class _Watch:
    """What the search has found, and how long it may go on: a slow target ends it early."""

    begun: float = field(default_factory=time.monotonic)
    found: float = 0.0
    """When the first departure was seen; 0 for not yet."""
    shortest: list[Exchange] = field(default_factory=list)

    def is_over(self) -> bool:
        now = time.monotonic()
        return now - self.begun > _SEARCH or (self.found > 0 and now - self.found > _SHRINK)

    def note(self, history: list[Exchange]) -> None:
        self.found = self.found or time.monotonic()
        if not self.shortest or len(history) < len(self.shortest):
            self.shortest = list(history)


def explore(talk: Conversation, *, sequences: int, steps: int) -> None:
    """Play random sequences; leave in the history of `talk` the shortest that shows a departure.

    Args:
        talk: The scenario's side; its `objections` judge a sequence.
        sequences: How many are played when none shows a departure.
        steps: Calls in the longest of them.

    Raises:
        Stop: Hypothesis gave up before its time and found nothing, since the target answers
            the same calls otherwise each time.
    """
    watch = _Watch()
    machine = _machine_for(talk, watch)
    seeded = hypothesis.seed(talk.random.getrandbits(64))(machine)
    settings = hypothesis.settings(
        max_examples=sequences,
        stateful_step_count=steps,
        database=None,
        deadline=None,
        print_blob=False,
        report_multiple_bugs=False,
        verbosity=hypothesis.Verbosity.quiet,
        phases=(hypothesis.Phase.generate, hypothesis.Phase.shrink),
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    gave_up = ""
    try:
        run_state_machine_as_test(seeded, settings=settings)
    except (Departure, hypothesis.errors.HypothesisException, ExceptionGroup) as error:
        gave_up = type(error).__name__
    except AssertionError as error:
        if not _is_of_hypothesis(error):
            raise
        gave_up = "an assertion"
    if watch.shortest:
        talk.history[:] = watch.shortest
    elif gave_up and not watch.is_over():
        raise Stop(f"equal sequences of calls went differently ({gave_up} of Hypothesis)")


def _machine_for(talk: Conversation, watch: _Watch) -> type[RuleBasedStateMachine]:
    """Return a machine whose sequences are told by `talk`, each with a history of its own."""
    facts, sessions = talk.provider.jobs, talk.provider.sessions
    backends: list[str] = []

    class Machine(RuleBasedStateMachine):
        jobs = Bundle("jobs")
        opened = Bundle("opened")

        def __init__(self) -> None:
            super().__init__()
            hypothesis.assume(not watch.is_over())
            talk.history.clear()

        @rule(target=jobs, form=_FORMS)
        def submit(self, form: dict[str, Any]) -> Any:
            body = facts.circuit(BELL, **form)
            return _made(talk.call(facts.create, body=body))

        @rule(target=jobs, session=opened)
        def submit_into(self, session: str) -> Any:
            body = facts.circuit(BELL, backend=backends[0], shots=100, session_id=session)
            return _made(talk.call(facts.create, body=body))

        @rule(job=jobs)
        def read(self, job: str) -> None:
            talk.read(job)

        @rule(job=jobs)
        def wait(self, job: str) -> None:
            _patiently(talk, job)

        @rule(job=jobs)
        def results(self, job: str) -> None:
            talk.read(job)
            talk.call(facts.results, talk.job_ids(job))
            talk.read(job)

        @rule(job=jobs)
        def cost(self, job: str) -> None:
            talk.call(facts.cost, talk.job_ids(job))

        @rule(job=jobs)
        def cancel(self, job: str) -> None:
            talk.call(facts.cancel, talk.job_ids(job))
            talk.read(job)

        @rule(job=consumes(jobs))
        def delete(self, job: str) -> None:
            removed = talk.call(facts.delete, talk.job_ids(job))
            if removed.succeeded:
                talk.read(job)

        @rule(ids=st.lists(jobs, min_size=1, max_size=3, unique=True))
        def cancel_many(self, ids: list[str]) -> None:
            talk.call(facts.cancel_many, body={"ids": ids})

        @rule(ids=st.lists(jobs, min_size=1, max_size=3, unique=True), limit=st.integers(1, 3))
        def listing(self, ids: list[str], limit: int) -> None:
            talk.call(facts.listing, query={"ids": ids, "limit": limit})

        @rule(job=jobs)
        def intrude(self, job: str) -> None:
            if talk.has_second_key:
                stranger = Credential.SECOND
                talk.call(
                    facts.cancel,
                    talk.job_ids(job),
                    credential=stranger,
                    expects=Expectation.REFUSED,
                    because="it belongs to another tenant",
                )
                talk.call(facts.listing, query={"ids": [job]}, credential=stranger)

        @rule(change=st.sampled_from(("shots", "input", "backend", "type")))
        def submit_wrongly(self, change: str) -> None:
            body = {**facts.circuit(BELL, name="wrong"), change: None}
            talk.call(
                facts.create,
                body=body,
                expects=Expectation.REFUSED,
                because=f"{change} is null",
            )
            talk.call(facts.read, talk.job_ids(_UNKNOWN))

        @rule(target=opened, settings=_SETTINGS)
        def open_session(self, settings: dict[str, Any]) -> Any:
            try:
                backends[:] = backends or [available_backend(talk)]
            except Stop:
                return multiple()
            request = sessions.request(backend=backends[0], **settings)
            return _made(talk.call(sessions.create, body=request))

        @rule(session=opened)
        def read_session(self, session: str) -> None:
            talk.call(sessions.read, talk.session_ids(session))

        @rule(session=opened)
        def end_session(self, session: str) -> None:
            talk.call(sessions.end, talk.session_ids(session))
            talk.call(sessions.read, talk.session_ids(session))

        @rule(session=opened)
        def list_session(self, session: str) -> None:
            talk.call(sessions.jobs, talk.session_ids(session))

        def teardown(self) -> None:
            seen = talk.objections(talk.history)
            if seen:
                watch.note(talk.history)
                raise Departure(*sorted(seen))

    return Machine


def _is_of_hypothesis(error: AssertionError) -> bool:
    """Whether Hypothesis itself found a sequence to go differently; it asserts that in places."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return Path(hypothesis.__file__).parent in Path(last.filename).parents


def _made(exchange: Exchange) -> Any:
    """Return the id of what was made, as a bundle takes it; nothing if nothing was."""
    identifier = answered(exchange).get("id")
    return identifier if isinstance(identifier, str) else multiple()


def _patiently(talk: Conversation, job: str) -> None:
    """Wait for a job, which may have been deleted, or forgotten, or never end."""
    try:
        talk.finish(job)
    except Stop as reason:
        if "cannot be read" not in str(reason):
            raise
