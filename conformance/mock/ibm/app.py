"""The application: from an ASGI request through token, shape and handler to an answer."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

from conformance import spec
from conformance.mock.clock import Clock, RealClock
from conformance.mock.faults import Faults
from conformance.mock.http import (
    Answer,
    Receive,
    Refusal,
    Scope,
    Send,
    live_and_die,
    read_body,
    send_answer,
)
from conformance.mock.ibm.accounts import (
    ACCOUNTS,
    LIFE_OF_A_TOKEN,
    Account,
    account_of_key,
    account_of_token,
    token_for,
)
from conformance.mock.ibm.handlers import HANDLERS
from conformance.mock.ibm.world import Call, World
from conformance.mock.ionq.identifiers import identifier
from conformance.mock.ionq.routing import Router
from conformance.mock.ionq.validation import Validation
from conformance.model import Operation, Specification

_API_KEY_GRANT = "urn:ibm:params:oauth:grant-type:apikey"
_GENERIC_ERRORS = {"list_workloads", "get_usage"}
"""Operations whose refusals have a number for a code."""
_LISTS = {"limit": (1, 200), "offset": (0, 2**31 - 1)}
"""Parameters of the list of jobs that mean their default where they are out of range."""


class IbmMock:
    """IBM's Qiskit Runtime API, and the token exchange, as an ASGI application."""

    base_path = "/api/v1"

    def __init__(self, *, seed: int, clock: Clock) -> None:
        self.clock = clock
        self.specification = _specification()
        self.world = World(seed=seed, clock=clock)
        self._validation = Validation(Faults(), spec.tolerances("ibm"), strict=False)
        self._router = Router(self.specification.operations, self.specification.base_path)

    @property
    def keys(self) -> tuple[str, ...]:
        """The API key of every account."""
        return tuple(account.key for account in ACCOUNTS)

    @property
    def instances(self) -> tuple[str, ...]:
        """The CRN of every account's instance."""
        return tuple(account.crn for account in ACCOUNTS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await live_and_die(receive, send)
            return
        operation_id = ""
        try:
            body = await read_body(receive)
            if scope["path"].removeprefix(scope.get("root_path", "")) == "/identity/token":
                answer = self._exchange(scope["method"], body)
            else:
                path = _raw_path(scope)
                operation, values = self._router.find(scope["method"], path)
                operation_id = operation.id
                answer = self._answer(operation, values, scope, body)
        except Refusal as refusal:
            answer = self._refused(refusal, operation_id)
        await send_answer(send, answer)

    def _answer(
        self, operation: Operation, path: dict[str, str], scope: Scope, body: bytes
    ) -> Answer:
        headers: dict[bytes, bytes] = dict(scope["headers"])
        with self.world.lock:
            account = self._account(operation, headers)
            self._validation.path(operation, path)
            media_type = headers.get(b"content-type")
            shown = None if media_type is None else media_type.decode("latin-1")
            call = Call(
                operation=operation,
                account=account,
                path=path,
                query=self._validation.query(operation, _in_range(operation, scope)),
                body=self._validation.body(operation, body, shown),
                world=self.world,
            )
            return HANDLERS[operation.id](call)

    def _account(self, operation: Operation, headers: Mapping[bytes, bytes]) -> Account:
        """Return who asks.

        Raises:
            Refusal: 401 without a good token or key, 403 for another account's instance.
        """
        if not operation.authenticated:
            return ACCOUNTS[0]
        scheme, _, secret = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
        if scheme.lower() == "bearer":
            account = account_of_token(secret.strip(), self.clock.now())
        else:
            account = account_of_key(secret.strip()) if scheme.lower() == "apikey" else None
        if account is None:
            raise Refusal(401, "expected a valid token or API key in the header Authorization")
        crn = headers.get(b"service-crn", b"").decode("latin-1")
        if not crn:
            raise Refusal(401, "expected the CRN of an instance in the header Service-CRN")
        if crn != account.crn:
            raise Refusal(403, "expected the CRN of an instance of this account")
        return account

    def _exchange(self, method: str, body: bytes) -> Answer:
        """Return a token for an API key, as IBM Cloud IAM does."""
        form = {name: values[-1] for name, values in parse_qs(body.decode("latin-1")).items()}
        account = account_of_key(form.get("apikey", ""))
        if method != "POST" or form.get("grant_type") != _API_KEY_GRANT or account is None:
            content = {
                "errorCode": "BXNIM0415E",
                "errorMessage": "Provided API key could not be found.",
            }
            return Answer(status=400, content=content)
        now = self.clock.now()
        content = {
            "access_token": token_for(account, now),
            "refresh_token": "not_supported",
            "token_type": "Bearer",
            "expires_in": LIFE_OF_A_TOKEN,
            "expiration": int(now) + LIFE_OF_A_TOKEN,
            "scope": "ibm openid",
        }
        return Answer(content=content)

    def _refused(self, refusal: Refusal, operation_id: str) -> Answer:
        trace = identifier(self.world.seed, "trace", self.world.named, refusal.message)
        error: dict[str, Any] = {"message": refusal.message, "more_info": "https://example.com"}
        if operation_id in _GENERIC_ERRORS:
            error |= {"code": refusal.status, "solution": "Mend the request."}
        else:
            error["code"] = str(refusal.status)
        content = {"trace": trace, "errors": [error]}
        return Answer(status=refusal.status, content=content, headers=list(refusal.headers))


@functools.cache
def _specification() -> Specification:
    """Return the contract; read once, since tests make many mocks."""
    return spec.load("ibm", lenient=True)


def _raw_path(scope: Scope) -> str:
    """Return the path as it was sent, without the place that the application is mounted at."""
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    path = raw.partition(b"?")[0].decode("latin-1")
    return path.removeprefix(scope.get("root_path", ""))


def _in_range(operation: Operation, scope: Scope) -> bytes:
    """Return the query string without what means its default by being out of range."""
    raw: bytes = scope["query_string"]
    if operation.id != "list_jobs" or not raw:
        return raw
    parts = raw.decode("latin-1").split("&")
    return "&".join(part for part in parts if not _out_of_range(part)).encode("latin-1")


def _out_of_range(part: str) -> bool:
    name, _, text = part.partition("=")
    if name not in _LISTS:
        return False
    low, high = _LISTS[name]
    try:
        return not low <= json.loads(text) <= high
    except (ValueError, TypeError):
        return True


def app(*, seed: int = 0, clock: Clock | None = None) -> IbmMock:
    """Return IBM's Qiskit Runtime API as an ASGI application with a state of its own.

    Args:
        seed: Fixes every identifier and every sample.
        clock: What jobs and sessions move on; the wall clock when left out.
    """
    return IbmMock(seed=seed, clock=clock or RealClock())
