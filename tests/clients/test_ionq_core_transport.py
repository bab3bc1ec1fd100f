"""How ionq-core 0.2.0 travels: asynchronously, with retries, errors and extensions."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from client_circuits import QIS_WIRE, ideal, qis
from client_core import (
    CLIENT,
    NOBODY,
    api,
    connect,
    core,
    create_job,
    distribution,
    get_job_probabilities,
    payload,
    submit,
)
from client_distributions import Distribution, assert_exactly
from client_traffic import Service, departures, serving, undeclared_parameters

get_backends = api("backends.get_backends")
get_job = api("default.get_job")
get_jobs = api("default.get_jobs")
get_whoami = api("whoami.get_whoami")

pytestmark = pytest.mark.clients


@pytest.fixture
def served() -> Iterator[Service]:
    with serving(CLIENT) as served:
        yield served


@pytest.fixture
def client(served: Service) -> Iterator[Any]:
    with connect(served) as client:
        yield client


def test_a_job_is_awaited_asynchronously(served: Service) -> None:
    async def play() -> tuple[str, Distribution]:
        async with connect(served) as client:
            created = await create_job.asyncio(client=client, body=payload(QIS_WIRE, 3))
            done = await core.async_wait_for_job(client, created.id, poll_interval=0.01)
            answer = await get_job_probabilities.asyncio(created.id, client=client)
            return done.status, {int(key): answer[key] for key in answer.additional_keys}

    status, seen = asyncio.run(play())
    assert status == "completed"
    assert_exactly(seen, ideal(qis()))


def test_lists_and_sessions_are_used_asynchronously(served: Service) -> None:
    async def play() -> tuple[list[str], list[str], list[str], str]:
        async with connect(served) as client:
            jobs = []
            async with core.SessionManager(client, "qpu.aria-1", max_time=5) as session:
                fields = {"backend": "qpu.aria-1", "session_id": session.session_id}
                for _ in range(3):
                    body = payload(QIS_WIRE, 3, **fields)
                    jobs.append((await create_job.asyncio(client=client, body=body)).id)
                own = core.aiter_session_jobs(client, session.session_id, limit=2)
                inside = [job.id async for job in own]
            listed = [job.id async for job in core.aiter_jobs(client, limit=1)]
            return jobs, inside, listed, await session.async_status()

    jobs, inside, listed, status = asyncio.run(play())
    assert inside == listed == jobs[::-1]
    assert status == "ended"


def test_the_detailed_form_shows_the_response(client: Any) -> None:
    answer = get_whoami.sync_detailed(client=client)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert answer.parsed.key_name == "key of the first tenant"


def test_errors_arrive_as_the_classes_of_the_client(served: Service, client: Any) -> None:
    with pytest.raises(core.BadRequestError, match="qubit"):
        submit(client, payload(QIS_WIRE, -1))
    with pytest.raises(core.NotFoundError):
        get_job.sync(NOBODY, client=client)
    stranger = connect(served, "nobody's key")
    with stranger, pytest.raises(core.AuthenticationError) as refused:
        get_whoami.sync(client=stranger)
    assert refused.value.body["statusCode"] == 401


@pytest.mark.parametrize(
    ("status", "kind"),
    [(403, "PermissionDeniedError"), (429, "RateLimitError"), (503, "ServerError")],
)
def test_a_refusal_that_lasts_is_an_error_with_its_message(
    served: Service, client: Any, status: int, kind: str
) -> None:
    served.recorder.retry_after = "2.5"
    served.recorder.refusals[("GET", "/whoami")] = [status]
    with pytest.raises(getattr(core, kind), match="try again") as refused:
        get_whoami.sync(client=client)
    assert refused.value.status_code == status
    if status == 429:
        assert refused.value.retry_after == 2.5


@pytest.mark.parametrize("status", [429, 500, 502, 503, 520])
def test_a_submission_is_tried_again(served: Service, status: int) -> None:
    served.recorder.refusals[("POST", "/jobs")] = [status]
    with connect(served, max_retries=2) as client:
        job = submit(client, payload(QIS_WIRE, 3))
        assert get_job.sync(job, client=client).status == "completed"
        assert_exactly(distribution(client, job), ideal(qis()))
    assert served.recorder.statuses("POST", "/jobs") == [status, 201]


def test_reading_is_tried_again_without_being_told_when(served: Service) -> None:
    served.recorder.refusals[("GET", "/whoami")] = [503]
    with connect(served, max_retries=None) as client:
        assert get_whoami.sync(client=client).key_name == "key of the first tenant"
    assert served.recorder.statuses("GET", "/whoami") == [503, 200]


def test_retries_end(served: Service) -> None:
    served.recorder.refusals[("GET", "/whoami")] = [429] * 9
    with connect(served, max_retries=1) as client, pytest.raises(core.RateLimitError):
        get_whoami.sync(client=client)
    assert served.recorder.statuses("GET", "/whoami") == [429] * 2


def test_a_service_that_is_gone_is_a_connection_error(served: Service) -> None:
    with connect(served) as client:
        served.running.close()
        with pytest.raises(core.APIConnectionError):
            get_whoami.sync(client=client)


def test_an_extension_sees_requests_and_adds_to_them(served: Service) -> None:
    seen: list[tuple[str, int]] = []

    class Hook:
        def on_request(self, request: Any) -> None:
            del request

        def on_response(self, request: Any, response: Any) -> None:
            seen.append((request.method, response.status_code))

    extension = core.ClientExtension(
        user_agent_token="tests/1",  # noqa: S106 # what the header ends with
        default_headers={"X-Study": "7"},
        event_hooks=(Hook(),),
        error_mapper=lambda error: LookupError(str(error)),
    )
    with connect(served, extension=extension, additional_user_agent="more/2") as client:
        assert len(get_backends.sync(client=client)) > 1
        with pytest.raises(LookupError):
            get_job.sync(NOBODY, client=client)
    assert seen == [("GET", 200)]
    headers = served.recorder.sent[0].headers
    assert headers["x-study"] == "7"
    assert headers["user-agent"].startswith("ionq-core/0.2.0 ")
    assert headers["user-agent"].endswith("more/2 tests/1")


def test_the_key_is_read_from_the_environment(
    served: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IONQ_API_KEY", served.keys[1])
    with connect(served, api_key=None) as client:
        assert get_whoami.sync(client=client).key_name == "key of the second tenant"


def test_it_departs_from_the_document_nowhere(served: Service, client: Any) -> None:
    submit(client, payload(QIS_WIRE, 3, noise={"model": "aria-1"}))
    get_jobs.sync(client=client, status="completed", limit=1)
    job = submit(client, payload(QIS_WIRE, 3))
    get_job_probabilities.sync(job, client=client, sharpen=True)
    assert departures(served.recorder.sent) == undeclared_parameters(served.recorder.sent) == set()
