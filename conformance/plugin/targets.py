"""The target of a test: requests that are judged, one by one and together."""

from __future__ import annotations

import json as json_text
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

import pytest

from conformance.engine import Bench
from conformance.engine.address import check_address, check_key, is_loopback
from conformance.errors import BadValue, ConformanceError
from conformance.model import Case, Credential, Exchange, Finding, Request
from conformance.plugin.wording import all_words_of
from conformance.providers import provider as facts_of
from conformance.traffic import attributed
from conformance.transport import HttpTransport, TransportFailure


@dataclass(slots=True, kw_only=True)
class Target:
    """A service under test, for which `call` sends a request and has the answer judged."""

    url: str
    """Base URL, version included."""
    api_key: str = field(repr=False)
    exchanges: list[Exchange] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    _bench: Bench = field(repr=False)
    _transport: HttpTransport = field(repr=False)

    def call(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        key: str | None = None,
    ) -> Exchange:
        """Send a request and return the exchange; `exchange.response.json()` is what came.

        Args:
            method: GET, POST ...
            path: Below the base URL: `/jobs`.
            json: The body.
            query: Added to the path.
            headers: Besides the key and the label of the body.
            key: The key to use instead of the target's; '' for none.

        Raises:
            BadValue: The target is not on this machine, and the request does more than read.
        """
        if method.upper() != "GET" and not is_loopback(self.url):
            repair = "qconform run --live submits jobs and removes them again."
            raise BadValue("conformance_target", "GET on a live target", method, repair)
        exchange = self._send(self._case(method, path, json, query, headers or {}, key))
        self.exchanges.append(exchange)
        self.findings += self._bench.exchange(exchange)
        return exchange

    def _case(
        self,
        method: str,
        path: str,
        json: Any,
        query: Mapping[str, Any] | None,
        headers: Mapping[str, str],
        key: str | None,
    ) -> Case:
        made = dict(headers)
        if json is not None:
            made.setdefault("Content-Type", "application/json")
        wanted = self.api_key if key is None else key
        if wanted:
            name, value = self._bench.provider.authorization(wanted)
            made[name] = value
        request = Request(
            method=method.upper(),
            path=path + (f"?{urlencode(query, doseq=True)}" if query else ""),
            headers=tuple(made.items()),
            body=b"" if json is None else json_text.dumps(json).encode(),
        )
        whose = Credential.FIRST if wanted == self.api_key else Credential.WRONG
        return Case(
            id=f"target.test.{len(self.exchanges) + 1}",
            suite="target",
            operation=None,
            request=request,
            credential=whose if wanted else Credential.NONE,
        )

    def _send(self, case: Case) -> Exchange:
        number = len(self.exchanges) + 1
        try:
            exchange = Exchange(
                case=case, response=self._transport.send(case.request), number=number
            )
        except TransportFailure as failure:
            exchange = Exchange(
                case=case,
                response=None,
                problem=failure.problem,
                detail=failure.detail,
                number=number,
            )
        found = attributed(exchange, self._bench.specification).operation
        return replace(exchange, case=replace(case, operation=found))

    def check(self) -> None:
        """Judge what was exchanged so far, one by one and together.

        Raises:
            AssertionError: It departs from the contract; the text says in what.
        """
        __tracebackhide__ = True
        together = self._bench.history(list(self.exchanges))
        known = {finding.fingerprint for finding in self.findings}
        self.findings += [finding for finding in together if finding.fingerprint not in known]
        if self.findings:
            raise AssertionError(all_words_of(self.findings))


@contextmanager
def target(request: pytest.FixtureRequest) -> Iterator[Target]:
    """Yield what the command line names as target, or a mock, and judge it at the end."""
    config = request.config
    provider = config.getoption("--conformance") or "ionq"
    url = config.getoption("--conformance-url")
    if url:
        variables = facts_of(provider).key_variables
        key = next((os.environ[name] for name in variables if os.environ.get(name)), "")
        try:
            check_address(url, live=config.getoption("--conformance-live"))
            check_key(key, "QCONFORM_API_KEY")
        except ConformanceError as error:
            raise pytest.UsageError(
                str(error)
                .replace("--url", "--conformance-url")
                .replace("--live", "--conformance-live")
            ) from None
    else:
        mock = request.getfixturevalue("conformance_mock")
        url, key = mock.url, mock.api_key
    transport = HttpTransport(url)
    found = Target(
        url=url,
        api_key=key,
        _bench=Bench(provider, url=url, keys=(key,)),
        _transport=transport,
    )
    try:
        yield found
    finally:
        transport.close()
    try:
        found.check()
    except AssertionError as departure:
        pytest.fail(str(departure), pytrace=False)
