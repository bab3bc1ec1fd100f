"""Agreement: the same fact, read by two routes or at two times, is the same fact."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

from conformance.checks.contract import Contract, as_documented, settled
from conformance.checks.input import path_values
from conformance.checks.judge import shown
from conformance.checks.life import History
from conformance.checks.story import (
    Moment,
    Story,
    entries_of,
    jobs_of,
    request_body,
    response_object,
    sessions_of,
    state_of,
)
from conformance.model import Credential, Exchange, Finding
from conformance.providers import Provider, State

_OWNERS = ("submitter_id", "project_id")
_FIXED_OF_SESSION = ("backend", "created_at", "settings", "submitter_id", "project_id")
_FIXED_OF_BACKEND = ("backend", "qubits")


def names_one_thing(exchange: Exchange, contract: Contract) -> bool:
    """Whether the path names a job, a session or a backend, and the answer says which."""
    if not exchange.succeeded or not as_documented(exchange):
        return False
    named = _named(exchange, contract)
    return bool(named) and any(name in response_object(exchange) for name in named)


def answer_is_about_what_was_asked(exchange: Exchange, contract: Contract) -> Iterator[Finding]:
    """An answer names the job, session or backend that the request named.

    Why it matters: whoever asked for one thing and is told of another acts on the wrong one.

    Source: `id` of the answers in the document, and the path parameters of their operations.
    """
    body = response_object(exchange)
    for field, asked in _named(exchange, contract).items():
        if field in body and body[field] != asked:
            yield Finding(
                clause=f"about/{field}",
                where=f"response.body/{field}",
                expected=f"{asked}, which was asked for",
                seen=shown(body[field]),
            )


def _named(exchange: Exchange, contract: Contract) -> dict[str, str]:
    """Return the fields that must repeat what the path names, with the values of the path."""
    operation = exchange.operation
    repeated = contract.provider.repeats.get(operation.id, "") if operation else ""
    if operation is not None and repeated:
        values = path_values(operation.path, exchange.case.request.path)
        return dict.fromkeys((repeated,), next(iter(values.values()), ""))
    field, parameter = _naming(operation.path, contract.provider) if operation else ("", "")
    if operation is None or not field:
        return {}
    values = path_values(operation.path, exchange.case.request.path)
    return {field: values[parameter]} if parameter in values else {}


_NAMINGS: dict[str, tuple[Provider, tuple[str, str]]] = {}


def _naming(path: str, provider: Provider) -> tuple[str, str]:
    """Return (field, parameter) that must agree in answers at `path`; found once."""
    kept = _NAMINGS.get(path)
    if kept is None or kept[0] is not provider:
        kept = _NAMINGS[path] = (provider, _find_naming(path, provider))
    return kept[1]


def _find_naming(path: str, provider: Provider) -> tuple[str, str]:
    last = path.rpartition("{")[2].partition("}")[0] if "{" in path else ""
    if last and last in (provider.jobs.id_parameter, provider.sessions.id_parameter):
        return "id", last
    if last in provider.free_parameters and path.endswith("}"):
        return last, last
    return "", ""


def every_job_has_its_own_id(history: History, contract: Contract) -> Iterator[Finding | None]:
    """Each submission that is accepted makes a job of its own.

    Why it matters: of two jobs under one id, one is lost and paid for.

    Source: `id` of the answer to a submission.
    """
    makers = {contract.provider.jobs.create, contract.provider.sessions.create}
    first: dict[str, int] = {}
    for exchange in history:
        identifier = response_object(exchange).get("id")
        made = exchange.operation is not None and exchange.operation.id in makers
        again = contract.provider.sessions.deduplication
        if again and request_body(exchange).get(again) is not None:
            continue
        if not made or not exchange.succeeded or not isinstance(identifier, str):
            continue
        yield None
        before = first.setdefault(identifier, exchange.number)
        if before != exchange.number:
            yield Finding(
                clause="id/again",
                where="response.body/id",
                expected="an id that was not given before",
                seen=identifier,
                exchanges=(before, exchange.number),
            )


def created_job_can_be_read(history: History, contract: Contract) -> Iterator[Finding | None]:
    """A job that was created, and not deleted, can be read by who created it.

    Why it matters: its id is all that a client has; a job that cannot be found is lost and
    paid for.

    Source: the operations that create and read jobs.
    """
    for story in jobs_of(history, contract).values():
        if story.created is None or story.deleted:
            continue
        reads = [e for e in story.refused if _is_read(e, contract)]
        yield None
        lost = next(
            (e for e in reads if _is_404(e) and settled(story.created.exchange, e, contract)), None
        )
        if lost is not None:
            yield Finding(
                clause="created/read",
                where="response.status",
                expected="200: the job was created and not deleted",
                seen="404",
                exchanges=(story.created.number, lost.number),
            )


def _is_read(exchange: Exchange, contract: Contract) -> bool:
    return exchange.operation is not None and exchange.operation.id == contract.provider.jobs.read


def _is_404(exchange: Exchange) -> bool:
    return exchange.response is not None and exchange.response.status == 404


def results_stay_the_same(history: History, contract: Contract) -> Iterator[Finding | None]:
    """The results of a job are the same whenever they are read.

    Why it matters: results are measured once; those that change were never measured.

    Source: the results operations of the document; a job runs once.
    """
    for story in jobs_of(history, contract).values():
        first: dict[str, Moment] = {}
        for moment in story.results:
            asked = moment.exchange.case.request.path
            before = first.setdefault(asked, moment)
            if before is moment:
                continue
            yield None
            if before.body != moment.body:
                yield Finding(
                    clause="results/change",
                    where="response.body",
                    expected=f"{shown(before.body)}, as they were read before",
                    seen=shown(moment.body),
                    exchanges=(before.number, moment.number),
                )


def jobs_share_their_owner(history: History, contract: Contract) -> Iterator[Finding | None]:
    """Jobs that one key submitted have one submitter and one project, that of the key.

    Why it matters: bills and access are decided by these.

    Source: `submitter_id` and `project_id` of the job and of the operation that tells whose
    key it is.
    """
    own = [s for s in jobs_of(history, contract).values() if s.created is not None and s.readings]
    for earlier, later in itertools.pairwise(own):
        before, after = earlier.readings[0], later.readings[0]
        yield None
        for name in _OWNERS:
            one, other = before.body.get(name), after.body.get(name)
            if one is not None and other is not None and one != other:
                expected = f"{shown(one)}, as of the job before"
                yield _owner(name, expected, other, before, after)
    project = _project_of_key(history)
    for story in own[:1]:
        told = story.readings[0]
        if project and told.body.get("project_id") is not None:
            yield None
            if told.body["project_id"] != project:
                expected = f"{project}, the project of the key"
                yield _owner("project_id", expected, told.body["project_id"], told, told)


def _owner(name: str, expected: str, seen: object, before: Moment, after: Moment) -> Finding:
    return Finding(
        clause=f"owner/{name}",
        where=f"response.body/{name}",
        expected=expected,
        seen=shown(seen),
        exchanges=tuple(sorted({before.number, after.number})),
    )


def _project_of_key(history: History) -> str:
    for exchange in history:
        body = response_object(exchange)
        mine = exchange.succeeded and exchange.case.credential is Credential.FIRST
        if mine and "key_id" in body and isinstance(body.get("project_id"), str):
            return str(body["project_id"])
    return ""


def catalogue_entry_equals_single_read(
    history: History, _contract: Contract
) -> Iterator[Finding | None]:
    """A backend or characterization in a list says the same as when it is read by itself.

    Why it matters: clients size circuits by the one and choose backends by the other.

    Source: Backend and Characterization of the document.
    """
    listed: dict[tuple[str, str], tuple[dict[str, Any], Exchange]] = {}
    for exchange in history:
        if not exchange.succeeded or not as_documented(exchange):
            continue
        for entry in _catalogue(exchange):
            listed[_identity(entry)] = (entry, exchange)
        single = response_object(exchange)
        entry_of = listed.get(_identity(single))
        if entry_of is None:
            continue
        entry, listing = entry_of
        yield None
        fields = tuple(single) if "id" in single else _FIXED_OF_BACKEND
        for name in fields:
            if name in entry and name in single and entry[name] != single[name]:
                yield Finding(
                    clause=f"same/{name}",
                    where=f"response.body/{name}",
                    expected=f"{shown(entry[name])}, as the list says",
                    seen=shown(single[name]),
                    exchanges=(listing.number, exchange.number),
                )
                break


def _catalogue(exchange: Exchange) -> list[dict[str, Any]]:
    body = exchange.response.json_or_none() if exchange.response else None
    if isinstance(body, list):
        return [e for e in body if isinstance(e, dict) and isinstance(e.get("backend"), str)]
    return entries_of(exchange, "characterizations")


def _identity(entry: Mapping[str, Any]) -> tuple[str, str]:
    """Return what tells the entry from all others: a characterization has an id of its own."""
    if "id" in entry:
        return "characterization", str(entry["id"])
    return "backend", str(entry.get("backend"))


def session_entry_equals_single_read(
    history: History, contract: Contract
) -> Iterator[Finding | None]:
    """A session in the list of sessions says the same as the session read by itself.

    Why it matters: the limits in the list are those that people believe in.

    Source: Session of the document.
    """
    read = {
        story.id: story.readings[-1]
        for story in sessions_of(history, contract).values()
        if story.readings
    }
    for exchange in history:
        operation = exchange.operation
        if operation is None or operation.id != contract.provider.sessions.listing:
            continue
        for entry in entries_of(exchange, "sessions") if exchange.succeeded else ():
            single = read.get(str(entry.get("id")))
            if single is None:
                continue
            yield None
            for name in _FIXED_OF_SESSION:
                told, listed = single.body.get(name), entry.get(name)
                if name in entry and name in single.body and told != listed:
                    yield Finding(
                        clause=f"session/same/{name}",
                        where=f"response.body/sessions/0/{name}",
                        expected=f"{shown(told)}, as the session itself says",
                        seen=shown(listed),
                        exchanges=tuple(sorted({single.number, exchange.number})),
                    )
                    break


def session_keeps_its_backend(history: History, contract: Contract) -> Iterator[Finding | None]:
    """A session runs jobs on its own backend and on no other.

    Why it matters: it is that machine's time that was reserved, and is billed.

    Source: `backend` of CreateSessionRequest; `session_id` of the creation payload.
    """
    jobs = jobs_of(history, contract)
    for session in sessions_of(history, contract).values():
        for job in jobs.values():
            if job.payload.get("session_id") != session.id:
                continue
            yield None
            asked, own = job.payload.get("backend"), session.payload.get("backend")
            if asked != own and _completed(job, contract):
                yield Finding(
                    clause="session/backend",
                    where="response.body/status",
                    expected=f"a refusal, or a failed job: the session is for {own}",
                    seen=f"a job for {asked}, completed",
                    exchanges=tuple(sorted({*session.numbers, *job.numbers})),
                )


def _completed(job: Story, contract: Contract) -> bool:
    return any(state_of(m.body, contract) is State.COMPLETED for m in job.readings)


def bulk_answer_names_what_was_asked(
    history: History, contract: Contract
) -> Iterator[Finding | None]:
    """The answer to a call about several jobs names no other jobs than the call did.

    Why it matters: it is the caller's only record of what was cancelled or deleted.

    Source: `ids` of the bulk operations and of their answers.
    """
    facts = contract.provider.jobs
    for exchange in history:
        operation = exchange.operation
        if operation is None or operation.id not in {facts.cancel_many, facts.delete_many}:
            continue
        asked, told = request_body(exchange).get("ids"), response_object(exchange).get("ids")
        if not exchange.succeeded or not isinstance(asked, list) or not isinstance(told, list):
            continue
        yield None
        strange = [i for i in told if i not in asked]
        if strange:
            yield Finding(
                clause="bulk/ids",
                where="response.body/ids",
                expected=f"some of {shown(asked)}",
                seen=shown(strange[0]),
                exchanges=(exchange.number,),
            )
