"""The faults of every mock that is told what to do wrong by `mock.misdeeds`.

Which operations and fields they concern is said by the provider's facts; what a provider does not
have, its sessions' deduplication for one, no fault is about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from conformance.mock.faults.fault import Fault
from conformance.providers import Paging, Provider

Named = Callable[[Provider], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """A fault before a provider's own names are put in."""

    name: str
    summary: str
    finds: str
    suite: str = "contract"
    scenario: str = ""
    """With `{read}` and the like for operations of sessions, `{job}` for the reading of a job."""
    needs: Named = lambda _facts: "yes"
    """What the provider must have for it."""


def _row(
    name: str,
    summary: str,
    finds: str,
    suite: str,
    scenario: str,
    needs: Named = lambda _facts: "yes",
) -> _Row:
    return _Row(
        name=name, summary=summary, finds=finds, suite=suite, scenario=scenario, needs=needs
    )


_ROWS = (
    _row("id-as-number", "the id of a session is a number", "SCHEMA-001", "contract",
         "right-{read}"),
    _row("undocumented-state", "a session is in a state that is not documented", "SCHEMA-001",
         "contract", "right-{read}"),
    _row("time-in-words", "a moment is told in words", "SCHEMA-001", "contract", "right-{read}"),
    _row("not-json", "an answer that is labelled JSON is none", "SCHEMA-003", "contract",
         "right-{read}"),
    _row("wrong-label", "a JSON answer is labelled HTML", "HTTP-003", "contract", "right-{read}"),
    _row("undeclared-status", "a session is read with 206", "HTTP-002", "contract",
         "right-{read}"),
    _row("unknown-id-crashes", "an unknown id fails with 500", "HTTP-001", "hostile",
         "odd-{read}"),
    _row("right-session-refused", "a right session is refused", "INPUT-001", "contract",
         "right-{create}"),
    _row("lax-bodies", "any JSON object is taken as a body", "INPUT-002", "contract",
         "wrong-{create}-0"),
    _row("lax-queries", "queries are not looked at", "INPUT-002", "contract",
         "wrong-query-{listing}"),
    _row("any-media-type", "a body is read whatever its label", "INPUT-006", "hostile",
         "odd-labels"),
    _row("unknown-path-served", "a path that is not documented is answered", "HTTP-004",
         "contract", "unknown-paths"),
    _row("stack-trace", "a refusal shows a stack trace", "ROBUST-001", "hostile", "odd-{read}"),
    _row("no-key-needed", "a request without a key is the first account's", "ACCESS-001",
         "access", "{read}-keys"),
    _row("any-key", "an unknown key is the first account's", "ACCESS-002", "access",
         "{read}-keys"),
    _row("strangers-read", "sessions and jobs are shown to any account", "ACCESS-003", "access",
         "{read}-other-tenant"),
    _row("strangers-end", "any account may end a session", "ACCESS-004 ACCESS-008", "access",
         "{end}-other-tenant"),
    _row("strangers-listed", "lists hold the jobs of all accounts", "ACCESS-006", "access",
         "{jobs}-other-tenant"),
    _row("key-echoed", "a session repeats the caller's key", "ACCESS-005", "contract",
         "right-{read}"),
    _row("job-requeued", "a running job waits again", "LIFE-001", "lifecycle", "whole-life"),
    _row("job-steps-back", "a completed job runs again", "LIFE-002", "lifecycle", "whole-life"),
    _row("results-of-canceled-job", "a canceled job has results", "LIFE-003", "lifecycle",
         "cancel-at-once"),
    _row("results-withheld", "a completed job has no results", "LIFE-003", "lifecycle",
         "several-jobs"),
    _row("canceled-job-completes", "a canceled job waits, and completes", "LIFE-004", "lifecycle",
         "cancel-at-once"),
    _row("deleted-job-stays", "a deleted job can be read", "LIFE-005", "lifecycle", "whole-life"),
    _row("job-in-another-session", "a job tells another session than its own", "LIFE-007",
         "lifecycle", "whole-session"),
    _row("job-stuck", "a job waits for ever", "LIFE-008", "lifecycle", "whole-life"),
    _row("valid-job-fails", "a right job fails", "LIFE-012", "lifecycle", "whole-life"),
    _row("job-of-another-id", "a job is told under another id", "LIFE-022", "lifecycle",
         "whole-life"),
    _row("results-change", "results are others when they are read again", "LIFE-024",
         "lifecycle", "whole-life"),
    _row("one-id-for-all-jobs", "every job gets the id of the first", "LIFE-029", "lifecycle",
         "several-jobs"),
    _row("job-of-no-session", "a job for a session that nobody opened completes", "LIFE-019",
         "lifecycle", "unknown-session"),
    _row("session-goes-back", "an ended session begins again", "LIFE-009", "lifecycle",
         "whole-session"),
    _row("job-after-end", "an ended session runs a job", "LIFE-010", "lifecycle",
         "whole-session"),
    _row("session-stays-open", "a session that was ended goes on", "LIFE-014", "lifecycle",
         "whole-session"),
    _row("session-forgets-limit", "a session tells another limit than was asked for", "LIFE-016",
         "lifecycle", "whole-session"),
    _row("session-never-starts", "a session waits although its job completed", "LIFE-020",
         "lifecycle", "whole-session"),
    _row("session-never-ends", "a session goes on beyond its longest time", "SESSION-001",
         "lifecycle", "end-at-last"),
    _row("session-never-idle", "a session stays active however long it is idle", "SESSION-002",
         "lifecycle", "idle-session", lambda facts: facts.sessions.idle),
    _row("closed-session-takes-jobs", "a session closed to new jobs takes one", "SESSION-003",
         "lifecycle", "closed-to-new-jobs", lambda facts: facts.sessions.close),
    _row("starts-after-end", "a job goes on after its session has ended", "SESSION-004",
         "lifecycle", "end-with-jobs"),
    _row("two-sessions-for-a-name", "a deduplication id opens a second session", "SESSION-005",
         "lifecycle", "same-name", lambda facts: facts.sessions.deduplication),
    _row("end-moves", "the end of a session moves when it is ended again", "SESSION-006",
         "lifecycle", "whole-session"),
    _row("removed-session-stays", "a removed session can be read", "SESSION-007", "lifecycle",
         "removed-session", lambda facts: facts.sessions.remove),
    _row("name-shared-by-accounts", "a deduplication id gives another account's session",
         "SESSION-005", "lifecycle", "same-name", lambda facts: facts.sessions.deduplication),
    _row("end-kills-running", "a running job is canceled when its session is told to end",
         "SESSION-008", "lifecycle", "end-while-running",
         lambda facts: "yes" if facts.sessions.finishes else ""),
    _row("closing-drops-jobs", "a session closed to new jobs cancels those it has",
         "SESSION-008", "lifecycle", "closed-to-new-jobs", lambda facts: facts.sessions.close),
    _row("end-strands-jobs", "jobs of an ended session wait for ever", "SESSION-008",
         "lifecycle", "end-with-jobs"),
    _row("session-stops-for-ever", "a session that was ended never has ended", "LIFE-014",
         "lifecycle", "whole-session", lambda facts: "yes" if len(facts.sessions.over) > 1 else ""),
    _row("session-ends-early", "a session has ended before its limits, and nobody ended it",
         "LIFE-020", "lifecycle", "whole-session"),
    _row("job-counted-twice", "a session counts a job more than it has", "SESSION-009",
         "lifecycle", "whole-session", lambda facts: facts.sessions.waiting_jobs),
    _row("state-not-logged", "a session leaves a state out of its list", "SESSION-010",
         "lifecycle", "whole-session", lambda facts: facts.sessions.log),
    _row("use-grows-after-end", "what an ended session has used grows", "SESSION-010",
         "lifecycle", "whole-session", lambda facts: facts.sessions.used),
    _row("change-forgotten", "a change is answered and not made", "LIFE-030", "lifecycle",
         "change-{change}", lambda facts: facts.jobs.change),
    _row("payload-forgotten", "a job tells one of its tags alone", "LIFE-007", "lifecycle",
         "parts-of-{listing}"),
    _row("cancel-refused", "a waiting job cannot be canceled", "LIFE-031", "lifecycle",
         "cancel-at-once"),
    _row("metrics-move", "the end of a job moves in its metrics", "LIFE-032", "lifecycle",
         "whole-life", lambda facts: facts.jobs.metrics),
    _row("metrics-begin-early", "a job began before it was made", "LIFE-032", "lifecycle",
         "whole-life", lambda facts: facts.jobs.metrics),
    _row("unrun-job-charged", "a job that never ran has used seconds", "LIFE-032", "lifecycle",
         "cancel-at-once", lambda facts: facts.jobs.metrics),
    _row("other-circuit-told", "a job tells another circuit than it was given", "LIFE-033",
         "lifecycle", "whole-life", lambda facts: facts.jobs.given[0]),
    _row("job-lasts-too-long", "a job lasted longer than its moments say", "LIFE-006",
         "lifecycle", "whole-life", lambda facts: facts.jobs.lasted),
    _row("removed-job-listed", "a removed job is listed", "LIST-007", "lifecycle",
         "parts-of-{listing}"),
    _row("use-falls", "what an account has used falls", "COST-007", "lifecycle", "whole-life",
         lambda facts: facts.usage.operation),
    _row("filters-ignored", "a list ignores what it is asked for", "LIST-007", "lifecycle",
         "parts-of-{listing}"),
    _row("entry-between-pages", "an entry falls between two pages", "LIST-008", "lifecycle",
         "parts-of-{listing}"),
    _row("last-page-refused", "the page after the last one is refused", "LIST-008",
         "lifecycle", "parts-of-{listing}",
         lambda facts: "yes" if any(f.paging is Paging.PAGE for f in facts.lists) else ""),
    _row("page-counted-as-all", "a page's entries are told as the total", "LIST-008",
         "lifecycle", "parts-of-{listing}"),
    _row("order-ignored", "a list is in its usual order whatever is asked for", "LIST-009",
         "lifecycle", "parts-of-{listing}"),
    _row("entry-of-another-tag", "an entry has other tags than its thing", "LIST-010",
         "lifecycle", "parts-of-{listing}"),
    _row("shots-lost", "results have fewer shots, or other circuits, than were asked for",
         "PHYS-012", "lifecycle", "several-jobs"),
    _row("any-token", "a token of nobody is taken for a key", "ACCESS-002", "access",
         "{read}-keys", lambda facts: "yes" if facts.takes_tokens else ""),
    _row("any-instance", "a key of one account opens another's instance", "ACCESS-003", "access",
         "{jobs}-other-tenant", lambda facts: "yes" if facts.takes_tokens else ""),
    _row("reversed-bits", "outcomes have their bits in reverse", "STAT-001", "physics",
         "order-x-on-qubit-0"),
    _row("highest-bit-lost", "the highest bit of every outcome is 0", "STAT-001", "physics",
         "gate-h"),
    _row("stray-shots", "some shots have the highest bit flipped", "STAT-002", "physics",
         "order-x-on-qubit-0"),
)  # fmt: skip


def faults_for(provider: Provider) -> tuple[Fault, ...]:
    """Return the faults that the mock of `provider` can show."""
    return tuple(_faults(provider))


def _faults(provider: Provider) -> Iterator[Fault]:
    sessions = provider.sessions
    names = {
        "create": sessions.create,
        "read": sessions.read,
        "end": sessions.end,
        "change": provider.jobs.change,
        "listing": provider.jobs.listing,
        "jobs": provider.jobs.listing,
    }
    for row in _ROWS:
        rules = tuple(rule for rule in row.finds.split() if not provider.reason_against(rule))
        if row.needs(provider) and rules:
            yield Fault(
                name=row.name,
                summary=row.summary,
                finds=rules,
                suite=row.suite,
                scenario=row.scenario.format(**names),
            )
