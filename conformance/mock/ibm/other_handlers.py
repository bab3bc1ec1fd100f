"""The operations on backends, instances and versions."""

from __future__ import annotations

from typing import Any

from conformance.mock.http import Answer, Refusal
from conformance.mock.ibm import backends
from conformance.mock.ibm.job_handlers import mine
from conformance.mock.ibm.session_handlers import DONE, Call


def _backend(call: Call) -> backends.Backend:
    found = backends.BACKENDS.get(call.path["id"])
    if found is None:
        raise Refusal(404, f"there is no backend {call.path['id']!r}")
    return found


def _queued(call: Call, backend: str) -> int:
    now = call.world.clock.now()
    return sum(
        job.body["backend"] == backend and job.status(now) == "Queued"
        for job in call.world.jobs.values()
    )


def list_backends(call: Call) -> Answer:
    """Tell the machines."""
    devices = [backends.device(b, _queued(call, b.name)) for b in backends.BACKENDS.values()]
    return Answer(content={"devices": devices})


def backend_configuration(call: Call) -> Answer:
    """Tell what a machine is."""
    return Answer(content=backends.configuration(_backend(call)))


def backend_properties(call: Call) -> Answer:
    """Tell what was measured of a machine."""
    return Answer(content=backends.properties(_backend(call)))


def backend_status(call: Call) -> Answer:
    """Tell whether a machine works."""
    backend = _backend(call)
    return Answer(content=backends.status(backend, _queued(call, backend.name)))


def backend_defaults(call: Call) -> Answer:
    """Tell a machine's defaults: there are none."""
    _backend(call)
    return Answer(content={})


def get_instance(call: Call) -> Answer:
    """Tell the instance that the request names."""
    content: dict[str, Any] = {"backends": list(backends.BACKENDS), "plan_id": call.account.plan_id}
    limit = call.world.limits.get(call.account.name)
    return Answer(content=content if limit is None else {**content, "instance_limit": limit})


def get_configuration(call: Call) -> Answer:
    """Tell the limit of the instance."""
    return Answer(content={"instance_limit": call.world.limits.get(call.account.name)})


def replace_configuration(call: Call) -> Answer:
    """Set the limit of the instance."""
    call.world.limits[call.account.name] = call.body["instance_limit"]
    return DONE


def get_usage(call: Call) -> Answer:
    """Tell what the instance has used: the seconds of its jobs."""
    now = call.world.clock.now()
    used = sum(job.seconds_used(now) for job in mine(call))
    limit = call.world.limits.get(call.account.name)
    content: dict[str, Any] = {
        "instance_id": call.account.crn,
        "plan_id": call.account.plan_id,
        "usage_consumed_seconds": round(used, 3),
        "usage_limit_reached": limit is not None and used >= limit,
    }
    return Answer(content=content if limit is None else {**content, "usage_limit_seconds": limit})


def list_versions(_call: Call) -> Answer:
    """Tell the versions of the API."""
    live = [{"version": "2026-03-15", "status": "live"}]
    old = ("2024-01-01", "2025-01-01", "2025-05-01", "2026-02-01", "2026-02-15")
    content = {"versions": [*live, *({"version": v, "status": "deprecated"} for v in old)]}
    return Answer(content=content)
