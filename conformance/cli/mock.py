"""`qconform mock`: serve the mock until it is stopped."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from conformance.mock import Fault
    from conformance.mock.ionq import IonqMock
    from conformance.mock.server import Served

T = TypeVar("T")


@click.command("mock", short_help="serve a stateful mock of the API")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8400, show_default=True,
              help="Port to listen on; 0 picks a free one.")  # fmt: skip
@click.option("--provider", default="ionq", show_default=True, metavar="NAME",
              help="Whose API to play: ionq, ibm, scaleway, or all on one port.")  # fmt: skip
@click.option("--seed", type=int, default=0, show_default=True, help="Same seed, same answers.")
@click.option("--strict", is_flag=True, help="Accept no departure from the document.")
@click.option("--clock", default="real", show_default=True, metavar="real|instant|stepped|Nx",
              help="How fast jobs pass through their states; 60x is an hour a minute.")  # fmt: skip
@click.option("--latency", metavar="TIME", help="Time every answer waits: 50ms, or 20ms-200ms.")
@click.option("--rate-limit", type=float, metavar="N",
              help="Requests a second that a key may make; more gets 429.")  # fmt: skip
@click.option("--queue-time", metavar="TIME",
              help="Time a job waits on any backend, such as 30s.")  # fmt: skip
@click.option("--keep", type=click.IntRange(min=1), metavar="N",
              help="Forget a tenant's oldest ended jobs beyond N.")  # fmt: skip
@click.option("--state", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
              help="Keep jobs and sessions in FILE; the next start goes on.")  # fmt: skip
@click.option("--control", is_flag=True,
              help="Serve /_mock: step the clock, switch faults, reset.")  # fmt: skip
@click.option("--log", is_flag=True, help="Write a line for each request to stderr.")
@click.option("--api-version", default="v0.4", show_default=True, metavar="v0.4|v0.4-next",
              help="The API of the document, or the newer one (docs/clients.md).")  # fmt: skip
@click.option("--from-cassette", "cassettes", multiple=True, metavar="PATH",
              type=click.Path(path_type=Path),
              help="Serve this recording, and nothing else.")  # fmt: skip
@click.option("--fault", "faults", multiple=True, help="Misbehave in this way; see --list-faults.")
@click.option("--list-faults", is_flag=True, help="List all faults and exit.")
@click.option("--print-keys", is_flag=True, help="Print the keys of both tenants and exit.")
def command(
    *,
    host: str,
    port: int,
    provider: str,
    seed: int,
    strict: bool,
    clock: str,
    latency: str | None,
    rate_limit: float | None,
    queue_time: str | None,
    keep: int | None,
    state: Path | None,
    control: bool,
    log: bool,
    api_version: str,
    cassettes: tuple[Path, ...],
    faults: tuple[str, ...],
    list_faults: bool,
    print_keys: bool,
) -> int:
    """Serve a stateful mock: jobs, sessions and real results, for two tenants.

    It answers under /v0.4, shows its document at /docs, accepts what tolerances.toml lists,
    and stops with Ctrl-C, saying what it let pass. One process serves everybody: there are no
    workers to disagree about what jobs there are.
    """
    from conformance.mock import (
        FAULTS,
        clock_named,
        latency_named,
        log_to,
        playing,
        serve,
        wait_named,
    )
    from conformance.mock.ionq import app, keys
    from conformance.providers import bundled

    if provider in playing.OTHERS:
        only = {"--latency": latency,
                "--rate-limit": rate_limit, "--queue-time": queue_time, "--keep": keep,
                "--state": state, "--control": control, "--log": log,
                "--api-version": api_version != "v0.4"}  # fmt: skip
        _refuse_options(provider, only)
        if provider == "all" and (faults or list_faults):
            _refuse_options(provider, {"--fault": faults, "--list-faults": list_faults})
        if list_faults:
            click.echo(_fault_lines(playing.faults_of(provider)))
            return 0
        if print_keys:
            click.echo("\n".join(playing.key_lines(provider)))
            return 0
        moved = _read("--clock", clock_named, clock)
        other = playing.mock_of(provider, seed=seed, strict=strict, clock=moved, faults=faults)
        serve(other, host, port, on_ready=lambda url: _announce_other(url, other, provider))
        return 0
    if not cassettes:
        bundled(provider)
    if list_faults:
        click.echo(_fault_lines(FAULTS))
        return 0
    if print_keys:
        click.echo("\n".join(keys()))
        return 0
    if cassettes:
        from conformance.cli.recording import serve_recorded

        serve_recorded(cassettes, provider, host, port)
        return 0
    if control:
        _require_loopback(host)
    served = app(
        seed=seed,
        strict=strict,
        clock=_read("--clock", clock_named, clock),
        faults=faults,
        latency=None if latency is None else _read("--latency", latency_named, latency),
        rate_limit=rate_limit,
        queue_time=None if queue_time is None else _read("--queue-time", wait_named, queue_time),
        keep=keep,
        state=state,
        control=control,
        log=log_to(sys.stderr) if log else None,
        api_version=api_version,
    )
    with contextlib.closing(served):
        serve(served, host, port, on_ready=lambda url: _announce(url, served, control=control))
    _tell_what_passed(served)
    return 0


def _fault_lines(faults: Sequence[Fault]) -> str:
    return "\n".join(f"{f.name:28} {', '.join(f.finds):24} {f.summary}" for f in faults)


def _read(option: str, reader: Callable[[str], T], text: str) -> T:
    """Return what `text` means; an error names the option instead of the value's kind."""
    from conformance.errors import BadValue

    try:
        return reader(text)
    except BadValue as problem:
        raise replace(problem, where=option) from None


def _require_loopback(host: str) -> None:
    from conformance.errors import BadValue

    if not (host.startswith("127.") or host in {"localhost", "::1"}):
        repair = "Whoever reaches the control path can reset the mock; listen on 127.0.0.1."
        raise BadValue(where="--control", expected="a loopback --host", seen=host, repair=repair)


def _announce(url: str, served: IonqMock, *, control: bool) -> None:
    from conformance.mock.ionq import pointers

    first, second = served.keys
    root = url.removesuffix(served.base_path)
    lines = [
        ("listening", url),
        ("document", f"{root}/docs"),
        ("keys", f"{first}  (first tenant)"),
        ("", f"{second}  (second tenant)"),
        *([("control", f"curl {root}/_mock")] if control else []),
        *pointers(url, first).items(),
        ("judge it", f"qconform run --url {url} --api-key {first} --second-api-key {second}"),
    ]
    click.echo("\n".join(f"{name:15} {text}" for name, text in lines))


def _refuse_options(provider: str, given: Mapping[str, object]) -> None:
    """Raise where an option was given that only the mock of IonQ has."""
    from conformance.errors import BadValue

    for option, value in given.items():
        if value:
            repair = "Leave it out, or serve that mock alone."
            raise BadValue(option, "the mock of ionq", f"--provider {provider}", repair)


def _announce_other(url: str, served: Served, provider: str) -> None:
    from conformance.mock import playing
    from conformance.providers import NAMES
    from conformance.spec import load

    root = url.removesuffix(served.base_path)
    keys = [("keys" * (not n), line) for n, line in enumerate(playing.key_lines(provider))]
    lines = [("listening", url), *keys, *playing.pointers(provider, root)]
    if provider in NAMES:
        first, second = playing.keys_of(provider)
        command = f"qconform run --provider {provider} --url {root}{load(provider).base_path}"
        asked = f'{command} --api-key "{first}" --second-api-key "{second}"'
        lines.append(("judge it", asked))
    click.echo("\n".join(f"{name:20} {text}" for name, text in lines))


def _tell_what_passed(served: IonqMock) -> None:
    from conformance.mock import told

    report = told(served.leniency.report())
    if report:
        click.echo(f"let pass against the document (tolerances.toml says why):\n{report}")
