"""Exchanges to a cassette: vcrpy's format, with what vcrpy passes over for us to read again."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any, Self

import yaml

from conformance.errors import BadValue, UnwritableOutput
from conformance.model import Exchange, Expectation, Headers
from conformance.traffic.origin import Origin

_DUMPER: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
SUFFIXES = (".yaml", ".yml", ".json")


class Writer:
    """Writes each exchange at once, as YAML or JSON by the name of the file.

    A context manager. A YAML cassette that is cut short by a crash is still one: its items come
    last in the file. Exchanges without a response, for which vcrpy's format has no place, stand
    under `unanswered`, which is written at the end.

    Args:
        path: The cassette; its folders are made, an older one there is replaced.
        origin: The header. What is written holds the words of `exchange` as they are: secrets
            must be gone already.
        base: What stands before the path of each request: `https://api.ionq.co/v0.4`.

    Raises:
        BadValue: The name ends in something else.
        UnwritableOutput: From the constructor and from `write`.
    """

    def __init__(self, path: Path, origin: Origin, *, base: str) -> None:
        check_name(path)
        self._path = path
        self._base = base.rstrip("/")
        self._json = path.suffix == ".json"
        self._unanswered: list[dict[str, Any]] = []
        self._first = True
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file: IO[str] = path.open("w", encoding="ascii", newline="\n")
        except OSError as error:
            raise self._unwritable(error) from error
        header = origin.as_json()
        if self._json:
            self._put(f'{{"version": 1,\n "qconform": {json.dumps(header)},\n "interactions": [')
        else:
            self._put(_yaml({"version": 1}) + _yaml({"qconform": header}) + "interactions:\n")

    def __enter__(self) -> Self:
        """Return the writer itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Finish and close the file."""
        self.close()

    def write(self, exchange: Exchange) -> None:
        """Append `exchange`."""
        entry = _entry(exchange, self._base)
        if self._json:
            _escape_bytes(entry)
        if exchange.response is None:
            self._unanswered.append(entry)
            return
        if self._json:
            self._put(("\n  " if self._first else ",\n  ") + _json(entry))
        else:
            self._put(_yaml([entry]))
        self._first = False

    def close(self) -> None:
        """Finish and close the file; closing twice is fine."""
        if self._file.closed:
            return
        if self._json:
            left = "".join(
                f',\n "unanswered": {_json(self._unanswered)}' if self._unanswered else ""
            )
            self._put(f"\n ]{left}\n}}\n")
        else:
            self._put("  []\n" if self._first else "")
            self._put(_yaml({"unanswered": self._unanswered}) if self._unanswered else "")
        self._file.close()

    def _put(self, text: str) -> None:
        try:
            self._file.write(text)
            self._file.flush()
        except OSError as error:
            raise self._unwritable(error) from error

    def _unwritable(self, error: OSError) -> UnwritableOutput:
        seen = (error.strerror or os.strerror(error.errno or 0)).lower()
        return UnwritableOutput(path=str(self._path), seen=seen, option="--record")


def write(path: Path, exchanges: Iterable[Exchange], origin: Origin, *, base: str) -> None:
    """Write `exchanges` as one cassette; arguments and errors as those of `Writer`."""
    with Writer(path, origin, base=base) as writer:
        for exchange in exchanges:
            writer.write(exchange)


def check_name(path: Path, where: str = "--record") -> None:
    """Raise `BadValue` unless a cassette can have this name."""
    if path.suffix not in SUFFIXES:
        repair = "vcrpy tells YAML from JSON by it."
        raise BadValue(where, f"a file ending in {', '.join(SUFFIXES)}", str(path), repair)


def _entry(exchange: Exchange, base: str) -> dict[str, Any]:
    request, response = exchange.case.request, exchange.response
    entry: dict[str, Any] = {
        "request": {
            "method": request.method,
            "uri": _text(base + request.path),
            "headers": _headers(request.headers),
            "body": _body(request.body) if request.body else None,
        }
    }
    if response is not None:
        entry["response"] = {
            "status": {"code": response.status, "message": ""},
            "headers": _headers(response.headers),
            "body": {"string": _body(response.body)},
        }
    entry["qconform"] = _told(exchange)
    return entry


def _told(exchange: Exchange) -> dict[str, Any]:
    """Return what judging needs and vcrpy's format has no place for."""
    case = exchange.case
    told: dict[str, Any] = {
        "number": exchange.number,
        "case": _text(case.id),
        "operation": case.operation.id if case.operation else None,
        "credential": str(case.credential),
    }
    if case.expects is not Expectation.FREE:
        told |= {"expects": str(case.expects), "because": _text(case.because)}
    if exchange.problem is not None:
        told |= {"problem": str(exchange.problem), "detail": _text(exchange.detail)}
    if exchange.started:
        told["started"] = round(exchange.started, 6)
    return told


def _headers(headers: Headers) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in headers:
        found.setdefault(_text(name), []).append(_text(value))
    return found


def _body(body: bytes) -> str | bytes:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return bytes(body)


def _text(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _yaml(value: Any) -> str:
    text: str = yaml.dump(value, Dumper=_DUMPER, sort_keys=False, width=100)
    return text


def _json(value: Any) -> str:
    return json.dumps(value)


def _escape_bytes(entry: dict[str, Any]) -> None:
    """Keep bytes that are no text beside the escapes which stand for them in vcrpy's JSON."""
    places = [("request", entry["request"], "body")]
    if "response" in entry:
        places.append(("response", entry["response"]["body"], "string"))
    for which, holder, member in places:
        body = holder[member]
        if isinstance(body, bytes):
            entry["qconform"][f"{which}_base64"] = base64.b64encode(body).decode("ascii")
            holder[member] = body.decode("utf-8", "backslashreplace")
