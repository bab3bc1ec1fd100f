"""Cassettes of tests: vcrpy plays and records them, without secrets, and with our header."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from conformance import __version__, traffic
from conformance.mock.ionq import keys
from conformance.plugin.stale import PROPERTY
from conformance.providers import provider as facts_of
from conformance.spec import load
from conformance.transport import Redactor

_MATCH = ("method", "path", "query", "body")
"""What a request must share with a recorded one; the host is free, since a mock's changes."""


@contextmanager
def cassette(request: pytest.FixtureRequest) -> Iterator[Any]:
    """Use the cassette of the test while the block runs, and yield it."""
    import vcr  # type: ignore[import-untyped] # vcrpy has no types

    provider = request.config.getoption("--conformance") or "ionq"
    path = path_of(request)
    _tell_staleness(request, path, provider)
    cleaning = _Cleaning(provider)
    player = vcr.VCR(
        record_mode=request.config.getoption("--conformance-record"),
        match_on=_MATCH,
        before_record_request=cleaning.request,
        before_record_response=cleaning.response,
        decode_compressed_response=True,
    )
    player.register_serializer("conformance", _Labelled(provider))
    with player.use_cassette(str(path), serializer="conformance") as used:
        yield used


def path_of(request: pytest.FixtureRequest) -> Path:
    """Return the cassette of the test: `cassettes/<module>/<test>.yaml` beside its module."""
    name = re.sub(r"[^\w.-]+", "-", request.node.name).strip("-")
    module = Path(request.node.path)
    return module.parent / "cassettes" / module.stem / f"{name}.yaml"


def _tell_staleness(request: pytest.FixtureRequest, path: Path, provider: str) -> None:
    if not path.exists():
        return
    origin = traffic.origin_of(path)
    stale = origin.staleness(load(provider), dt.datetime.now(dt.UTC)) if origin else ""
    if stale:
        text = f"{path.name} is stale: {stale}. Record it again: --conformance-record=all"
        request.node.user_properties.append((PROPERTY, text))


class _Cleaning:
    """Removes secrets from what vcrpy is about to keep or to compare."""

    def __init__(self, provider: str) -> None:
        facts = facts_of(provider)
        names = (*facts.key_variables, facts.second_key_variable)
        known = [os.environ[name] for name in names if os.environ.get(name)]
        self._redactor = Redactor([*known, *keys()])

    def request(self, request: Any) -> Any:
        headers = self._redactor.headers(
            tuple((str(k), str(v)) for k, v in request.headers.items())
        )
        request.headers = dict(headers)
        request.uri = self._redactor.text(request.uri)
        if isinstance(request.body, bytes):
            request.body = self._redactor.body(request.body)
        return request

    def response(self, response: dict[str, Any]) -> dict[str, Any]:
        headers: Mapping[str, Any] = response["headers"]
        cleaned: dict[str, list[str]] = {}
        for name, values in headers.items():
            listed = values if isinstance(values, list) else [values]
            pairs = self._redactor.headers(tuple((name, str(value)) for value in listed))
            cleaned[name] = [value for _, value in pairs]
        body = dict(response["body"])
        if isinstance(body.get("string"), bytes):
            body["string"] = self._redactor.body(body["string"])
        return {**response, "headers": cleaned, "body": body}


class _Labelled:
    """vcrpy's YAML with our header, which vcrpy passes over."""

    def __init__(self, provider: str) -> None:
        self._provider = provider

    def deserialize(self, text: str) -> Any:
        from vcr.serializers import yamlserializer  # type: ignore[import-untyped] # no types

        return yamlserializer.deserialize(text)

    def serialize(self, content: dict[str, Any]) -> str:
        from vcr.serializers import yamlserializer

        specification = load(self._provider)
        uris = [one["request"]["uri"] for one in content["interactions"][:1]]
        origin = traffic.Origin(
            provider=self._provider,
            target=re.sub(r"(?<=[^/:])/.*", "", uris[0]) if uris else "",
            recorded=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            tool=__version__,
            document=specification.source,
            digest=specification.digest,
        )
        header: str = yamlserializer.serialize({"qconform": origin.as_json()})
        recorded: str = yamlserializer.serialize(content)
        return header + recorded  # in front, so that it is read without the rest
