"""Files of recorded exchanges, of whatever kind, to exchanges."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from conformance import runlog
from conformance.model import Exchange, ExchangeRecorded, RunStarted, Specification
from conformance.traffic import cassette, har, json_file, yaml_stream
from conformance.traffic.attributing import Attribution
from conformance.traffic.origin import Origin, origin_from
from conformance.traffic.unreadable import Broken, UnreadableTraffic

SUFFIXES = (".yaml", ".yml", ".json", ".har", ".ndjson")
KINDS = "a run log, a cassette of vcrpy, qconform or Schemathesis (YAML or JSON), or a HAR file"
_RUN_LOG = re.compile(rb'\{"log": ?\d')
Decode = Callable[[object, int, str], Exchange]


def read(path: Path, specification: Specification | None = None) -> Iterator[Exchange]:
    """Yield the exchanges that the file at `path` holds, in order, numbered from 1.

    Each comes as it was recorded: what a recorder did not remove is still in it, keys too. An
    exchange whose response is missing, or was not kept whole, has neither response nor problem,
    and `detail` says why.

    Args:
        path: A run log, a cassette, or a HAR file; what it is shows in its content.
        specification: Whose operations the requests are for, with paths relative to its base
            path. None leaves paths as they are, and operations to what the file says.

    Raises:
        UnreadableTraffic: It is none of these, broken, or holds no exchange. Reading is lazy,
            so this comes while iterating.
    """
    try:
        count = 0
        for exchange in _exchanges(path, specification):
            count += 1
            yield exchange
    except OSError as error:
        seen = (error.strerror or str(error)).lower()
        raise UnreadableTraffic(str(path), KINDS, seen) from None
    if not count:
        raise UnreadableTraffic(str(path), "recorded exchanges", "none")


def origin_of(path: Path) -> Origin | None:
    """Return what the recording says about itself; None when it says nothing.

    Raises:
        UnreadableTraffic: It is no recording, or broken before it says so.
    """
    try:
        if _is_run_log(path):
            return _origin_of_log(path)
        if _is_json(path):
            return origin_from(json_file.load(path).get("qconform"))
        for name, value, _ in yaml_stream.members(path):
            if name == "qconform":
                return origin_from(value)
            if name in yaml_stream.LISTS:
                return None
    except OSError as error:
        raise UnreadableTraffic(str(path), KINDS, (error.strerror or str(error)).lower()) from None
    return None


def files_in(paths: Iterable[Path]) -> list[Path]:
    """Return the files that `paths` name; of a folder, the recordings in it and below, sorted.

    Raises:
        UnreadableTraffic: A folder holds none.
    """
    found: list[Path] = []
    for path in paths:
        if not path.is_dir():
            found.append(path)
            continue
        inside = sorted(p for p in path.rglob("*") if p.suffix in SUFFIXES and p.is_file())
        inside = [p for p in inside if not _is_report(p)]
        if not inside:
            seen = "no file of this kind"
            raise UnreadableTraffic(str(path), f"files ending in {', '.join(SUFFIXES)}", seen)
        found += inside
    return found


def _is_report(path: Path) -> bool:
    """Whether this is what a run left beside its log."""
    return path.name == "report.json" and path.with_name("run.ndjson").exists()


def _exchanges(path: Path, specification: Specification | None) -> Iterator[Exchange]:
    if _is_run_log(path):
        yield from _of_log(path, specification)
    elif _is_json(path):
        yield from _of_json(path, specification)
    else:
        yield from _of_yaml(path, specification)


def _is_json(path: Path) -> bool:
    return _start(path)[:1] == b"{"


def _is_run_log(path: Path) -> bool:
    return _RUN_LOG.match(_start(path)) is not None


def _start(path: Path) -> bytes:
    with path.open("rb") as file:
        start = file.read(4096)
    if not start:
        raise UnreadableTraffic(str(path), KINDS, "an empty file")
    return start.removeprefix(b"\xef\xbb\xbf").lstrip()


def _of_log(path: Path, specification: Specification | None) -> Iterator[Exchange]:
    attribution = Attribution(specification, keys_are_kept=True)
    for event in runlog.read(path):
        if isinstance(event, ExchangeRecorded):
            yield attribution.of(_whole(event.exchange), told=True)


def _whole(exchange: Exchange) -> Exchange:
    """Return `exchange` without a response that cannot be judged, as a body was cut for the log."""
    response, request = exchange.response, exchange.case.request
    cut = isinstance(request.body, runlog.CutBody)
    if response is None or not (cut or isinstance(response.body, runlog.CutBody)):
        return exchange
    which = "request" if cut else "response"
    return replace(
        exchange, response=None, detail=f"the recording holds only the beginning of the {which}"
    )


def _origin_of_log(path: Path) -> Origin | None:
    started = next(iter(runlog.read(path)), None)
    if not isinstance(started, RunStarted):
        return None
    return Origin(
        provider=started.provider,
        target=started.target,
        recorded=started.started,
        tool=started.tool,
        document=started.document,
        digest=started.digest,
    )


def _of_json(path: Path, specification: Specification | None) -> Iterator[Exchange]:
    whole = json_file.load(path)
    log = whole.get("log")
    if isinstance(log, dict) and "entries" in log:
        keys_are_kept = har.is_made_by_schemathesis(log)
        reading = _Reading(path, specification, har.exchange_of, keys_are_kept=keys_are_kept)
        entries = log["entries"]
        if not isinstance(entries, list):
            raise UnreadableTraffic(str(path), "log.entries, a list", type(entries).__name__)
        for number, entry in enumerate(entries, start=1):
            yield reading.exchange(entry, f"entry {number}")
        return
    if not yaml_stream.LISTS & whole.keys():
        seen = f"JSON with {', '.join(map(ascii, list(whole)[:6])) or 'nothing in it'}"
        raise UnreadableTraffic(str(path), KINDS, seen)
    keys_are_kept = _keeps_keys(whole.get("recorded_with"))
    reading = _Reading(path, specification, cassette.exchange_of, keys_are_kept=keys_are_kept)
    for name in sorted(yaml_stream.LISTS & whole.keys()):
        items = whole[name]
        if not isinstance(items, list):
            raise UnreadableTraffic(str(path), f"{name}, a list", type(items).__name__)
        for number, item in enumerate(items, start=1):
            yield reading.exchange(item, f"interaction {number}")


def _of_yaml(path: Path, specification: Specification | None) -> Iterator[Exchange]:
    reading = _Reading(path, specification, cassette.exchange_of, keys_are_kept=False)
    names = []
    for name, value, line in yaml_stream.members(path):
        names.append(name)
        if name == "recorded_with" and _keeps_keys(value):
            reading = _Reading(path, specification, cassette.exchange_of, keys_are_kept=True)
        elif name in yaml_stream.LISTS and value is not yaml_stream.EMPTY:
            yield reading.exchange(value, f"line {line}")
    if not yaml_stream.LISTS & set(names):
        seen = f"YAML with {', '.join(map(ascii, names[:6])) or 'nothing in it'}"
        raise UnreadableTraffic(str(path), KINDS, seen)


def _keeps_keys(recorder: object) -> bool:
    """Whether a recorder masks keys, so that a request without one had none."""
    return str(recorder).startswith("Schemathesis")


class _Reading:
    """One recording, of which exchange follows exchange."""

    def __init__(
        self,
        path: Path,
        specification: Specification | None,
        decode: Decode,
        *,
        keys_are_kept: bool,
    ) -> None:
        self._path = path
        self._decode = decode
        self._attribution = Attribution(specification, keys_are_kept=keys_are_kept)
        self._count = 0
        self._begun: float | None = None

    def exchange(self, item: object, place: str) -> Exchange:
        """Return the exchange that `item` tells; `place` is where it stands in the file."""
        self._count += 1
        try:
            made = self._decode(item, self._count, self._path.stem)
        except Broken as problem:
            raise UnreadableTraffic(
                str(self._path), problem.expected, problem.seen, place
            ) from None
        if self._begun is None:
            self._begun = made.started
        made = replace(made, started=max(made.started - self._begun, 0.0))
        told = isinstance(item, dict) and "qconform" in item
        return self._attribution.of(made, told=told)
