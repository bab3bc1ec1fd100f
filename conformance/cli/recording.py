"""Cassettes on the command line: a run into one as it happens, and one served back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

from conformance.model import Event, ExchangeRecorded, RunStarted


def check_recording(path: Path) -> None:
    """Raise unless a cassette can be written at `path`; an old one is left as it is.

    Raises:
        BadValue: Its name ends in what no cassette ends in.
        UnwritableOutput: It is a folder, or may not be written.
    """
    from conformance.cli.results import check_writable
    from conformance.traffic import check_name

    check_name(path)
    check_writable(path, option="--record")


def recorded(events: Iterator[Event], path: Path | None, url: str) -> Iterator[Event]:
    """Yield `events` as they come, and write their exchanges to `path` if it is given.

    Secrets are gone from what a run says, so none reaches the cassette.

    Args:
        events: Of a run.
        path: The cassette.
        url: Base URL that stands for a target that has none of its own, the embedded mock.
    """
    with closing(events), ExitStack() as resources:  # type: ignore[type-var] # a generator
        if path is None:
            yield from events
            return
        from conformance.traffic import Origin, Writer

        writer = None
        for event in events:
            if isinstance(event, RunStarted):
                base = event.target if "://" in event.target else url
                origin = Origin(
                    provider=event.provider,
                    target=event.target,
                    recorded=event.started,
                    tool=event.tool,
                    document=event.document,
                    digest=event.digest,
                )
                writer = resources.enter_context(Writer(path, origin, base=base))
            elif isinstance(event, ExchangeRecorded) and writer is not None:
                writer.write(event.exchange)
            yield event


def serve_recorded(paths: tuple[Path, ...], provider: str, host: str, port: int) -> None:
    """Serve what `paths` recorded until Ctrl-C.

    Raises:
        UnreadableTraffic: One of them is no recording.
        BadValue: The port is taken, or the host is not an address of this machine.
    """
    import click

    from conformance import traffic
    from conformance.mock import serve
    from conformance.mock.recorded import RecordedMock
    from conformance.spec import load

    specification = load(provider)
    files = traffic.files_in(paths)
    exchanges = [one for file in files for one in traffic.read(file, specification)]
    served = RecordedMock(exchanges, specification.base_path)

    def announce(url: str) -> None:
        click.echo(f"listening       {url}")
        click.echo(f"recorded        {len(served)} requests in {len(files)} files; any key will do")

    serve(served, host, port, on_ready=announce)
