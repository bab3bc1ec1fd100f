"""Live runs through a rough gateway over TLS: within budget, once, and leaving nothing behind."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from account import jobs_of, spent
from gateway import SKEW, TURNED_AWAY, Arrived, Gateway, Mishap, rough, serving

from conformance.engine import Options, run
from conformance.errors import ExitCode
from conformance.live import Limits
from conformance.mock import running
from conformance.mock.ionq import app
from conformance.model import Event, ExchangeRecorded, FindingMade, NoteMade, RunFinished
from conformance.transport import Trust

FAST = Limits(rate=100_000.0)


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[Path, Path]]:
    """Return the certificate of an authority, and (certificate, key) of localhost by it."""
    trustme = pytest.importorskip("trustme", reason="certificates for tests are made by trustme")
    folder = tmp_path_factory.mktemp("certificates")
    ca, server = trustme.CA(), None
    server = ca.issue_cert("localhost", "127.0.0.1")
    files = [folder / name for name in ("ca.pem", "server.pem", "server.key")]
    ca.cert_pem.write_to_path(files[0])
    for blob in server.cert_chain_pems:
        blob.write_to_path(files[1], append=True)
    server.private_key_pem.write_to_path(files[2])
    return files[0], (files[1], files[2])


@contextlib.contextmanager
def served(
    gateway: Gateway, authority: tuple[Path, tuple[Path, Path]], journals: Path, **changes: Any
) -> Iterator[Options]:
    """Serve `gateway` over TLS; yield the options of a small live run against it."""
    first, second = gateway.mock.keys
    with serving(gateway, files=authority[1]) as url:
        options = Options(
            url=url,
            key=first,
            second_key=second,
            live=True,
            profile="smoke",
            suites=("lifecycle",),
            limits=FAST,
            trust=Trust(ca=str(authority[0])),
            journal=str(journals),
            patience=10.0,
            request_timeout=5.0,
        )
        yield replace(options, **changes)


def creations(gateway: Gateway) -> list[Arrived]:
    return [request for request in gateway.arrived if request.creates]


def notes(events: list[Event]) -> str:
    return "\n".join(event.text for event in events if isinstance(event, NoteMade))


def ended(events: list[Event]) -> RunFinished:
    assert isinstance(events[-1], RunFinished)
    return events[-1]


@pytest.mark.parametrize(
    "seed", [1, *(pytest.param(seed, marks=pytest.mark.exhaustive) for seed in range(2, 8))]
)
def test_nothing_is_sent_twice_that_must_not_be_and_nothing_is_left(
    seed: int, authority: tuple[Path, tuple[Path, Path]], tmp_path: Path
) -> None:
    gateway = Gateway(choose=rough(seed))
    with served(gateway, authority, tmp_path, suites=("lifecycle", "physics")) as options:
        events = list(run(options))
    marks: dict[str, list[Arrived]] = {}
    for request in creations(gateway):
        marks.setdefault(request.mark, []).append(request)
    assert "" not in marks
    assert len(marks) > 40
    for attempts in marks.values():
        assert sum(request.forwarded for request in attempts) <= 1
        assert all(request.mishap in TURNED_AWAY for request in attempts[:-1])
    seen = Counter(request.mishap for request in creations(gateway))
    assert seen[Mishap.BROKEN_AFTER] + seen[Mishap.RESET_AFTER], "jobs that nobody was told of"
    assert jobs_of(gateway.mock) == []
    assert list(tmp_path.iterdir()) == [], "a journal that is worked off goes"
    assert "could not be removed" not in notes(events)
    assert (
        max(event.exchange.started for event in events if isinstance(event, ExchangeRecorded))
        < SKEW
    )


def test_a_retried_request_is_recorded_once_with_the_answer_that_stood(
    authority: tuple[Path, tuple[Path, Path]], tmp_path: Path
) -> None:
    def busy_at_first(number: int, _method: str, _path: str) -> Mishap:
        turn = [Mishap.NONE, Mishap.BUSY, Mishap.BUSY_UNTIL, Mishap.BUSY_FOR_SOME_TIME][number % 4]
        return turn if number < 16 else Mishap.NONE

    gateway = Gateway(choose=busy_at_first)
    case = "lifecycle.whole-life"
    with served(gateway, authority, tmp_path, case=case) as options:
        events = list(run(options))
    statuses = [
        event.exchange.response.status
        for event in events
        if isinstance(event, ExchangeRecorded) and event.exchange.response
    ]
    assert statuses
    assert 429 not in statuses
    assert "sent again" in notes(events)
    assert ended(events).exit_code == ExitCode.OK


@pytest.mark.parametrize("most", [0, 7, pytest.param(1, marks=pytest.mark.exhaustive)])
def test_a_run_makes_no_job_more_than_it_may(
    most: int, authority: tuple[Path, tuple[Path, Path]], tmp_path: Path
) -> None:
    gateway = Gateway(choose=rough(4, share=0.1))
    limits = replace(FAST, jobs=most)
    with served(gateway, authority, tmp_path, limits=limits, workers=8) as options:
        events = list(run(options))
    assert gateway.made <= most
    assert gateway.made >= most - 3, "what may have been made counts as made"
    assert f"--max-jobs is {most}" in notes(events) or "would pass the budget" in notes(events)
    assert jobs_of(gateway.mock) == []


@pytest.mark.parametrize("most", [12.4, 100.0, pytest.param(0.0, marks=pytest.mark.exhaustive)])
def test_a_run_costs_no_cent_more_than_it_may(
    most: float, authority: tuple[Path, tuple[Path, Path]], tmp_path: Path
) -> None:
    gateway = Gateway()
    limits = replace(FAST, cost=most)
    with served(
        gateway,
        authority,
        tmp_path,
        limits=limits,
        backend="qpu.aria-1",
        suites=("physics",),
        workers=8,
    ) as options:
        list(run(options))
    paid, _ = spent(gateway.mock)
    assert paid <= most
    assert bool(paid) == (most >= 12.5), "the least that a job costs"
    machines = [r for r in creations(gateway) if b'"qpu.aria-1"' in r.body]
    estimates = [r for r in gateway.arrived if r.path.endswith("/jobs/estimate")]
    free = [r for r in creations(gateway) if b'"quantum-function"' in r.body]
    assert all(b'"simulator"' in r.body for r in free), "nobody can say what it costs elsewhere"
    assert len(estimates) >= len(machines) == gateway.made - len(free)
    assert jobs_of(gateway.mock) == []


def test_a_run_takes_no_second_more_of_a_machine_than_it_may(
    authority: tuple[Path, tuple[Path, Path]], tmp_path: Path
) -> None:
    gateway = Gateway()
    limits = replace(FAST, qpu_seconds=2.0, cost=None)
    with served(
        gateway, authority, tmp_path, limits=limits, backend="qpu.aria-1", suites=("physics",)
    ) as options:
        list(run(options))
    _, seconds = spent(gateway.mock)
    assert 0 < seconds <= 2.0


@pytest.mark.parametrize("most", [1, 30, 100])
def test_a_run_sends_no_request_more_than_it_may_and_yet_removes_its_jobs(
    most: int, authority: tuple[Path, tuple[Path, Path]], tmp_path: Path
) -> None:
    gateway = Gateway()
    limits = replace(FAST, requests=most)
    with served(gateway, authority, tmp_path, limits=limits, workers=8) as options:
        events = list(run(options))
    assert len(gateway.arrived) <= most
    assert ended(events).stopped == "budget"
    assert jobs_of(gateway.mock) == []


def test_machines_are_used_only_when_one_is_named_and_dry_runs_cost_nothing(
    authority: tuple[Path, tuple[Path, Path]], tmp_path: Path
) -> None:
    for backend, dry in (("", False), ("qpu.aria-1", True)):
        gateway = Gateway()
        changes: dict[str, Any] = {"backend": backend, "dry_run": dry, "suites": ("lifecycle",)}
        with served(gateway, authority, tmp_path, **changes) as options:
            list(run(options))
        assert creations(gateway)
        assert spent(gateway.mock) == (0, 0)
        named = [b'"qpu.' in request.body for request in creations(gateway)]
        assert any(named) == bool(backend)
        assert all(b'"dry_run": true' in r.body for r in creations(gateway)) == dry
        assert not [r for r in gateway.arrived if r.method == "POST" and "/sessions" in r.path]


def test_a_service_that_cannot_price_a_job_is_sent_none(
    authority: tuple[Path, tuple[Path, Path]], tmp_path: Path
) -> None:
    def no_estimates(_number: int, _method: str, path: str) -> Mishap:
        return Mishap.RESET_BEFORE if path.endswith("/estimate") else Mishap.NONE

    gateway = Gateway(choose=no_estimates)
    limits = replace(FAST, cost=1e6)
    with served(
        gateway, authority, tmp_path, limits=limits, backend="qpu.aria-1", suites=("physics",)
    ) as options:
        events = list(run(options))
    unpriced = [r for r in creations(gateway) if b'"simulator"' not in r.body]
    assert unpriced == [], "the simulator is free"
    assert "does not say what the job would cost" in notes(events)


def test_a_job_that_costs_more_than_its_estimate_ends_the_run(tmp_path: Path) -> None:
    from conformance.live import Budget
    from conformance.providers import Price

    budget = Budget(Limits(cost=10.0))
    estimated = Price(jobs=1, cost=6.0)
    assert budget.reserve(estimated) == ""
    assert budget.correct(estimated, 6.0) == ""
    assert "12" in budget.correct(estimated, 12.0)
    assert budget.reserve(Price(jobs=1, cost=0.01))


def test_a_service_that_says_come_back_in_days_is_left_alone(
    authority: tuple[Path, tuple[Path, Path]], tmp_path: Path
) -> None:
    async def later(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or len(gateway.arrived) < 20:
            await gateway(scope, receive, send)
            return
        turned.append(scope["path"])
        headers = [(b"retry-after", b"172800"), (b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 429, "headers": headers})
        await send({"type": "http.response.body", "body": b"{}"})

    gateway, turned = Gateway(), list[str]()
    first, second = gateway.mock.keys
    with serving(later, files=authority[1]) as url:
        options = Options(
            url=url,
            key=first,
            second_key=second,
            live=True,
            profile="smoke",
            limits=FAST,
            trust=Trust(ca=str(authority[0])),
            journal=str(tmp_path),
        )
        events = list(run(options))
    assert ended(events).stopped == "told-to-wait"
    assert ended(events).exit_code in {ExitCode.NOT_JUDGED, ExitCode.VIOLATED}
    assert len(turned) < 60


def test_a_certificate_that_does_not_verify_ends_the_run_before_anything_is_sent(
    authority: tuple[Path, tuple[Path, Path]],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from conformance.cli import main

    monkeypatch.chdir(tmp_path)
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
    gateway = Gateway()
    arguments = [
        "run",
        "--api-key",
        gateway.mock.keys[0],
        "--suite",
        "access",
        "--operation",
        "getWhoami",
        "--quiet",
    ]
    with serving(gateway, files=authority[1]) as url:
        assert main([*arguments, "--url", url]) == ExitCode.NOT_JUDGED
        printed = capsys.readouterr().err
        assert gateway.arrived == []
        assert "--ca" in printed
        assert printed.count("\n") == 1
        elsewhere = url.replace("localhost", "127.0.0.2")
        trusted = ["--ca", str(authority[0])]
        assert main([*arguments, "--url", elsewhere, *trusted]) == ExitCode.NOT_JUDGED
        assert gateway.arrived == [], "the certificate is another's"
        assert main([*arguments, "--url", url, *trusted]) == ExitCode.OK
        monkeypatch.setenv("SSL_CERT_FILE", str(authority[0]))
        assert main([*arguments, "--url", url]) == ExitCode.OK
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "missing.pem"))
        assert main([*arguments, "--url", url]) == ExitCode.USAGE
        assert "REQUESTS_CA_BUNDLE" in capsys.readouterr().err


def test_a_plan_contacts_nothing_and_says_what_a_run_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import json

    from conformance.cli import main

    monkeypatch.chdir(tmp_path)
    gateway = Gateway()
    with serving(gateway) as url:
        arguments = ["run", "--live", "--url", url, "--api-key", gateway.mock.keys[0]]
        arguments += ["--profile", "smoke", "--suite", "physics", "--format", "json", "--quiet"]
        assert main([*arguments, "--plan", "--backend", "qpu.aria-1", "--max-cost", "200"]) == 0
        plan = json.loads(capsys.readouterr().out)
        assert gateway.arrived == []
    assert plan["url"] == url
    assert 0 < plan["price"]["cost"] <= 200
    assert plan["price"]["jobs"] > 0
    assert "budget" in "\n".join(plan["notes"])
    assert list(tmp_path.iterdir()) == []


def test_a_faultless_service_is_judged_alike_with_and_without_live(tmp_path: Path) -> None:
    mock = app()
    with running(mock) as target:
        first, second = target.keys
        options = Options(
            url=target.url,
            key=first,
            second_key=second,
            live=True,
            profile="smoke",
            suites=("access", "lifecycle", "physics"),
            limits=FAST,
            journal=str(tmp_path),
        )
        events = list(run(options))
    assert [event for event in events if isinstance(event, FindingMade)] == []
    assert ended(events).exit_code == ExitCode.OK
    assert jobs_of(mock) == []
