"""Scaleway's API as an application: who asks, and refusals told apart by type."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from conformance.mock.clock import Clock, RealClock
from conformance.mock.http import Answer, Refusal
from conformance.mock.rest import Handlers, RestMock
from conformance.mock.scaleway import job_handlers, other_handlers, session_handlers
from conformance.mock.scaleway.accounts import ACCOUNTS, Account
from conformance.mock.scaleway.world import World
from conformance.model import Operation

HANDLERS: Handlers = {
    "ListSessions": session_handlers.list_sessions,
    "CreateSession": session_handlers.create_session,
    "GetSession": session_handlers.get_session,
    "UpdateSession": session_handlers.update_session,
    "DeleteSession": session_handlers.delete_session,
    "ListSessionACLs": session_handlers.list_acls,
    "TerminateSession": session_handlers.terminate_session,
    "ListBookings": session_handlers.list_bookings,
    "GetBooking": session_handlers.get_booking,
    "UpdateBooking": session_handlers.update_booking,
    "ListJobs": job_handlers.list_jobs,
    "CreateJob": job_handlers.create_job,
    "GetJob": job_handlers.get_job,
    "UpdateJob": job_handlers.update_job,
    "DeleteJob": job_handlers.delete_job,
    "CancelJob": job_handlers.cancel_job,
    "GetJobCircuit": job_handlers.get_circuit,
    "ListJobResults": job_handlers.list_results,
    "ListPlatforms": other_handlers.list_platforms,
    "GetPlatform": other_handlers.get_platform,
    "ListApplications": other_handlers.list_applications,
    "GetApplication": other_handlers.get_application,
    "ListModels": other_handlers.list_models,
    "CreateModel": other_handlers.create_model,
    "GetModel": other_handlers.get_model,
    "ListProcesses": other_handlers.list_processes,
    "CreateProcess": other_handlers.create_process,
    "GetProcess": other_handlers.get_process,
    "UpdateProcess": other_handlers.update_process,
    "DeleteProcess": other_handlers.delete_process,
    "CancelProcess": other_handlers.get_process,
    "ListProcessResults": other_handlers.list_process_results,
}
"""Operation id to what serves it; a process is over at once, so that cancelling just tells it."""

_TYPES = {
    400: "invalid_arguments",
    401: "denied_authentication",
    403: "permissions_denied",
    404: "not_found",
    405: "invalid_arguments",
    409: "transient_state",
    412: "precondition_failed",
    413: "invalid_arguments",
    415: "invalid_arguments",
}


class ScalewayMock(RestMock[Account, World]):
    """Scaleway's Quantum as a Service, v1alpha1."""

    provider = "scaleway"
    base_path = ""
    handlers = HANDLERS
    accounts = ACCOUNTS

    def __init__(
        self, *, seed: int, clock: Clock, strict: bool, faults: Sequence[str] = ()
    ) -> None:
        world = World(seed=seed, clock=clock)
        super().__init__(clock=clock, world=world, strict=strict, faults=faults)

    @property
    def keys(self) -> tuple[str, ...]:
        """The secret key of every account."""
        return tuple(account.key for account in ACCOUNTS)

    @property
    def projects(self) -> tuple[str, ...]:
        """The project of every account."""
        return tuple(account.project_id for account in ACCOUNTS)

    def account(self, operation: Operation, headers: Mapping[bytes, bytes]) -> Account:
        """Return who asks.

        Raises:
            Refusal: 401 without a known key.
        """
        del operation
        sent = headers.get(b"x-auth-token", b"").decode("latin-1")
        found = next((account for account in ACCOUNTS if account.key == sent), None)
        if found is None:
            raise Refusal(401, "expected a known secret key in the header X-Auth-Token")
        return found

    def change_outcomes(self, content: dict[str, Any], change: Callable[[int, int], int]) -> None:
        """Change every outcome that is counted, one shot at a time."""
        for entry in content.get("job_results", ()):
            told = json.loads(entry["result"])
            for result in told["results"]:
                bits = result["header"]["memory_slots"]
                shots = [
                    hex(change(int(key, 16), bits))
                    for key, count in result["data"]["counts"].items()
                    for _ in range(count)
                ]
                result["data"]["counts"] = dict(Counter(shots))
            entry["result"] = json.dumps(told)

    def secret(self, headers: Mapping[bytes, bytes]) -> str:
        """Return the secret key in the header X-Auth-Token."""
        return headers.get(b"x-auth-token", b"").decode("latin-1")

    def refused(self, refusal: Refusal, operation_id: str) -> Answer:
        """Return a refusal with its type, and what that type carries besides."""
        del operation_id
        content: dict[str, Any] = {"message": refusal.message, "type": _TYPES[refusal.status]}
        if refusal.status == 404 and len(refusal.keys) == 2:
            content["resource"], content["resource_id"] = refusal.keys
        elif refusal.status == 400:
            content["details"] = [
                {"argument_name": key, "reason": "constraint", "help_message": refusal.message}
                for key in refusal.keys
            ]
        elif refusal.status == 401:
            content |= {"method": "api_key", "reason": "not_found"}
        elif refusal.status == 412:
            content["precondition"] = refusal.keys[0]
            content["help_message"] = refusal.message
        return Answer(status=refusal.status, content=content, headers=list(refusal.headers))


def app(
    *,
    seed: int = 0,
    clock: Clock | None = None,
    strict: bool = False,
    faults: Sequence[str] = (),
) -> ScalewayMock:
    """Return Scaleway's Quantum as a Service as an ASGI application with a state of its own.

    Args:
        seed: Fixes every identifier and every sample.
        clock: What jobs and sessions move on; the wall clock when left out.
        strict: Accept exactly what the document allows; otherwise also what released
            clients send against its letter.
        faults: Names of misbehaviours to switch on.
    """
    return ScalewayMock(seed=seed, clock=clock or RealClock(), strict=strict, faults=faults)
