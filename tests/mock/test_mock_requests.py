"""What the mock accepts and refuses before any job is involved."""

from __future__ import annotations

import json
from typing import Any

import pytest
from mock_driver import FIRST, SECOND, Driver, H, Reply, qis

from conformance import spec
from conformance.mock import InstantClock, ionq
from conformance.spec import Tolerance


@pytest.fixture
def lenient() -> Driver:
    return Driver(ionq.app(clock=InstantClock()))


@pytest.fixture
def strict() -> Driver:
    return Driver(ionq.app(clock=InstantClock(), strict=True))


def assert_refused(reply: Reply, status: int) -> Any:
    body = reply.json()
    assert (reply.status, body["statusCode"]) == (status, status)
    assert body["error"]
    assert body["message"]
    return body


def test_two_tenants_have_keys_and_identities_of_their_own(lenient: Driver) -> None:
    assert ionq.keys() == (FIRST, SECOND)
    first, second = (lenient.get("/whoami", key=key) for key in (FIRST, SECOND))
    assert not set(first.values()) & set(second.values())


@pytest.mark.parametrize("key", [None, "", " ", "no-such-key", FIRST + "x"])
def test_a_request_without_a_known_key_is_refused(strict: Driver, key: str | None) -> None:
    reply = strict.send("GET", "/jobs", key="wrong" if key == "" else key)
    assert_refused(reply, 401)
    assert reply.headers["www-authenticate"] == "apiKey"


def test_backends_and_their_characterizations_need_no_key(strict: Driver) -> None:
    for path in (
        "/backends",
        "/backends/qpu.forte-1",
        "/backends/qpu.forte-1/characterizations",
    ):
        assert strict.send("GET", path, key=None).status == 200


def test_an_unknown_path_is_not_found(strict: Driver) -> None:
    for path in ("/", "/job", "/jobs/", "/jobs/a/b", "/backends/qpu.aria-9", "/jobs/%2e%2e"):
        assert_refused(strict.send("GET", path), 404)


def test_an_undeclared_method_is_refused_with_the_declared_ones(strict: Driver) -> None:
    reply = strict.send("PATCH", "/jobs")
    assert_refused(reply, 405)
    assert reply.headers["allow"] == "DELETE, GET, POST"
    assert strict.send("DELETE", "/jobs/estimate").headers["allow"] == "GET"


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"shots": 0}, "shots"),
        ({"shots": "many"}, "shots"),
        ({"metadata": {"a": 1}}, "metadata.a"),
        ({"backend": 7}, "backend"),
        ({"input": {"gateset": "qis"}}, "input"),
        ({"noise": {"model": "loud"}}, "noise.model"),
        ({"settings": {"compilation": {"opt": "x"}}}, "settings.compilation.opt"),
        ({"colour": "red"}, "body"),
    ],
)  # fmt: skip
def test_an_invalid_job_is_refused_by_the_name_of_the_bad_value(
    lenient: Driver, change: dict[str, Any], key: str
) -> None:
    body = assert_refused(lenient.send("POST", "/jobs", qis(H, **change)), 400)
    assert body["validation"] == {"keys": [key], "source": "body"}


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"[]",
        b"\xff",
        b'{"shots": NaN}',
        b'{"shots": 1e999}',
        b'{"name": "\\ud800"}',
        b"[" * 100_000,
        b'{"shots": ' + b"9" * 5000 + b"}",
    ],
    ids=["nothing", "cut", "list", "bytes", "nan", "inf", "surrogate", "deep", "huge"],
)
def test_a_body_that_is_no_job_is_refused_in_the_documented_shape(
    lenient: Driver, raw: bytes
) -> None:
    assert_refused(lenient.send("POST", "/jobs", raw=raw), 400)


def test_a_body_of_another_media_type_is_refused(lenient: Driver) -> None:
    for media_type in ("text/plain", "application/xml", "application/jsonp"):
        assert_refused(lenient.send("POST", "/jobs", qis(H), media_type=media_type), 415)
    accepted = lenient.send("POST", "/jobs", qis(H), media_type="Application/JSON; charset=utf-8")
    assert accepted.status == 201


def test_a_body_of_more_than_ten_megabytes_is_refused(lenient: Driver) -> None:
    large = json.dumps(qis(H, name="n" * 10_000_001)).encode()
    assert_refused(lenient.send("POST", "/jobs", raw=large), 413)


@pytest.mark.parametrize(
    "query",
    ["limit=many", "limit=", "limit=1.5", "limit=99999999999", "status=done"],
)
def test_a_query_parameter_of_another_type_is_refused(strict: Driver, query: str) -> None:
    body = assert_refused(strict.send("GET", f"/jobs?{query}"), 400)
    assert body["validation"] == {"keys": [query.partition("=")[0]], "source": "query"}


def test_a_required_query_parameter_cannot_be_left_out(strict: Driver) -> None:
    body = assert_refused(strict.send("GET", "/jobs/estimate?shots=1"), 400)
    assert body["validation"]["keys"] == ["backend"]


def test_an_unknown_query_parameter_is_ignored(strict: Driver) -> None:
    assert strict.get("/jobs?colour=red") == {"jobs": [], "next": None}


def _send_example(driver: Driver, tolerance: Tolerance) -> Reply:
    example = tolerance.example
    job = driver.submit(qis(H))
    operation = driver.app.specification.operation(tolerance.operations[0])
    path = operation.path.format(**{"UUID": job, **_real(example.get("path", {}), job)})
    query = "&".join(f"{name}={value}" for name, value in example.get("query", {}).items())
    media_type = example.get("headers", {}).get("Content-Type")
    if tolerance.kind != "transport":
        media_type = "application/json"
    whole = f"{path}?{query}" if query else path
    return driver.send(operation.method, whole, example.get("body"), media_type=media_type)


def _real(values: dict[str, str], job: str) -> dict[str, str]:
    return {name: job if name == "UUID" else value for name, value in values.items()}


@pytest.mark.parametrize("tolerance", spec.tolerances("ionq"), ids=lambda each: each.id)
def test_a_listed_departure_is_accepted_by_the_lenient_mock_alone(
    lenient: Driver, strict: Driver, tolerance: Tolerance
) -> None:
    assert _send_example(lenient, tolerance).status in {200, 201}
    assert 400 <= _send_example(strict, tolerance).status < 500


def test_json_without_a_content_type_is_accepted_only_where_a_client_sends_it(
    lenient: Driver,
) -> None:
    session = {"backend": "simulator"}
    assert_refused(lenient.send("POST", "/sessions", session, media_type=None), 415)


def test_nothing_of_another_tenant_is_there(strict: Driver) -> None:
    job, session = strict.submit(qis(H)), strict.session()
    for method, path in (
        ("GET", f"/jobs/{job}"),
        ("GET", f"/jobs/{job}/cost"),
        ("GET", f"/jobs/{job}/results/probabilities"),
        ("GET", f"/jobs/{job}/results/probabilities/aggregated"),
        ("GET", f"/jobs/{job}/circuits/native"),
        ("PUT", f"/jobs/{job}/status/cancel"),
        ("DELETE", f"/jobs/{job}"),
        ("GET", f"/sessions/{session}"),
        ("GET", f"/sessions/{session}/jobs"),
        ("POST", f"/sessions/{session}/end"),
    ):
        assert_refused(strict.send(method, path, key=SECOND), 404)
    several = {"ids": [job]}
    assert_refused(strict.send("PUT", "/jobs/status/cancel", several, key=SECOND), 404)
    assert_refused(strict.send("DELETE", "/jobs", several, key=SECOND), 404)
    other = Driver(strict.app, key=SECOND)
    assert_refused(other.send("POST", "/jobs", qis(H, session_id=session)), 404)
    assert other.get("/jobs")["jobs"] == []
    assert other.get(f"/jobs?ids={job}")["jobs"] == []
    assert other.get("/sessions")["sessions"] == []
    assert strict.get(f"/jobs/{job}")["status"] == "completed"


def test_the_application_can_be_mounted_below_a_path() -> None:
    driver = Driver(ionq.app(clock=InstantClock()), mount="/ionq")
    assert driver.get("/whoami")["key_name"] == "key of the first tenant"
