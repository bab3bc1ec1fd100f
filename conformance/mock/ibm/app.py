"""IBM's API as an application: who asks, the token exchange, and the two shapes of refusal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs

from conformance.mock.clock import Clock, RealClock
from conformance.mock.http import Answer, Refusal
from conformance.mock.ibm import (
    job_handlers,
    other_handlers,
    session_handlers,
    workload_handlers,
)
from conformance.mock.ibm.accounts import (
    ACCOUNTS,
    LIFE_OF_A_TOKEN,
    Account,
    account_of_key,
    account_of_token,
    token_for,
)
from conformance.mock.ibm.world import World
from conformance.mock.ionq.identifiers import identifier
from conformance.mock.rest import Handlers, RestMock
from conformance.model import Operation

HANDLERS: Handlers = {
    "create_session": session_handlers.create_session,
    "get_session": session_handlers.get_session,
    "update_session": session_handlers.update_session,
    "delete_session_close": session_handlers.close_session,
    "list_workloads": workload_handlers.list_workloads,
    "list_backends": other_handlers.list_backends,
    "get_backend_configuration": other_handlers.backend_configuration,
    "get_backend_properties": other_handlers.backend_properties,
    "get_backend_status": other_handlers.backend_status,
    "get_backend_defaults": other_handlers.backend_defaults,
    "create_job": job_handlers.create_job,
    "list_jobs": job_handlers.list_jobs,
    "get_job_by_id": job_handlers.get_job,
    "delete_job": job_handlers.delete_job,
    "cancel_job": job_handlers.cancel_job,
    "get_job_results": job_handlers.job_results,
    "get_job_logs": job_handlers.job_logs,
    "get_job_metrics": job_handlers.job_metrics,
    "replace_job_tags": job_handlers.replace_tags,
    "get_instance": other_handlers.get_instance,
    "get_instance_configuration": other_handlers.get_configuration,
    "replace_instance_configuration": other_handlers.replace_configuration,
    "get_usage": other_handlers.get_usage,
    "list_versions": other_handlers.list_versions,
}
"""Operation id to what serves it."""

_API_KEY_GRANT = "urn:ibm:params:oauth:grant-type:apikey"
_GENERIC_ERRORS = {"list_workloads", "get_usage"}
"""Operations whose refusals have a number for a code."""
_LISTS = {"limit": (1, 200), "offset": (0, 2**31 - 1)}
"""Parameters of the list of jobs that mean their default where they are out of range."""


class IbmMock(RestMock[Account, World]):
    """IBM's Qiskit Runtime API, and the token exchange at `/identity/token`."""

    provider = "ibm"
    base_path = "/api/v1"
    handlers = HANDLERS
    accounts = ACCOUNTS

    def __init__(
        self, *, seed: int, clock: Clock, strict: bool, faults: Sequence[str] = ()
    ) -> None:
        world = World(seed=seed, clock=clock)
        super().__init__(clock=clock, world=world, strict=strict, faults=faults)

    @property
    def keys(self) -> tuple[str, ...]:
        """The API key of every account."""
        return tuple(account.key for account in ACCOUNTS)

    @property
    def instances(self) -> tuple[str, ...]:
        """The CRN of every account's instance."""
        return tuple(account.crn for account in ACCOUNTS)

    def account(self, operation: Operation, headers: Mapping[bytes, bytes]) -> Account:
        """Return who asks, by token or key, and for which instance.

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
        if account is None and scheme.lower() == "bearer" and self.faults.on("any-token"):
            return ACCOUNTS[0]
        if account is None:
            raise Refusal(401, "expected a valid token or API key in the header Authorization")
        crn = headers.get(b"service-crn", b"").decode("latin-1")
        if not crn:
            raise Refusal(401, "expected the CRN of an instance in the header Service-CRN")
        if crn != account.crn and self.faults.on("any-instance"):
            return next((other for other in ACCOUNTS if other.crn == crn), account)
        if crn != account.crn:
            raise Refusal(403, "expected the CRN of an instance of this account")
        return account

    def change_outcomes(self, content: dict[str, Any], change: Callable[[int, int], int]) -> None:
        """Change every sample of every register, in results in the plain form."""
        for result in content.get("results", ()):
            for register in result["data"].values():
                bits = register["num_bits"]
                samples = [change(int(text, 16), bits) for text in register["samples"]]
                register["samples"] = [hex(value) for value in samples]

    def secret(self, headers: Mapping[bytes, bytes]) -> str:
        """Return the token or key in the header Authorization."""
        return headers.get(b"authorization", b"").decode("latin-1").partition(" ")[2]

    def query_string(self, operation: Operation, raw: bytes) -> bytes:
        """Return the query without bounds of a list that are out of range: they mean defaults."""
        if operation.id != "list_jobs":
            return raw
        parts = [part for part in raw.decode("latin-1").split("&") if not _out_of_range(part)]
        return "&".join(parts).encode("latin-1")

    def aside(self, method: str, path: str, body: bytes) -> Answer | None:
        """Return a token for an API key, as IBM Cloud IAM does."""
        if path != "/identity/token":
            return None
        form = {name: values[-1] for name, values in parse_qs(body.decode("latin-1")).items()}
        account = account_of_key(form.get("apikey", ""))
        if method != "POST" or form.get("grant_type") != _API_KEY_GRANT or account is None:
            content = {"errorCode": "BXNIM0415E", "errorMessage": "There is no such API key."}
            return Answer(status=400, content=content)
        now = self.clock.now()
        granted: dict[str, Any] = {
            "access_token": token_for(account, now),
            "refresh_token": "not_supported",
            "token_type": "Bearer",
            "expires_in": LIFE_OF_A_TOKEN,
            "expiration": int(now) + LIFE_OF_A_TOKEN,
            "scope": "ibm openid",
        }
        return Answer(content=granted)

    def refused(self, refusal: Refusal, operation_id: str) -> Answer:
        """Return a refusal in the shape of its operation."""
        trace = identifier(self.world.seed, "trace", self.world.named, refusal.message)
        error: dict[str, Any] = {"message": refusal.message, "more_info": "https://example.com"}
        if operation_id in _GENERIC_ERRORS:
            error |= {"code": refusal.status, "solution": "Mend the request."}
        else:
            error["code"] = str(refusal.status)
        content = {"trace": trace, "errors": [error]}
        return Answer(status=refusal.status, content=content, headers=list(refusal.headers))


def _out_of_range(part: str) -> bool:
    name, _, text = part.partition("=")
    if name not in _LISTS:
        return False
    low, high = _LISTS[name]
    number = text.removeprefix("-")
    return number.isdecimal() and not low <= int(text) <= high


def app(
    *,
    seed: int = 0,
    clock: Clock | None = None,
    strict: bool = False,
    faults: Sequence[str] = (),
) -> IbmMock:
    """Return IBM's Qiskit Runtime API as an ASGI application with a state of its own.

    Args:
        seed: Fixes every identifier and every sample.
        clock: What jobs and sessions move on; the wall clock when left out.
        strict: Accept exactly what the document allows; otherwise also what released
            clients send against its letter.
        faults: Names of misbehaviours to switch on.
    """
    return IbmMock(seed=seed, clock=clock or RealClock(), strict=strict, faults=faults)
