"""What `qconform run --plan` prints."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conformance.engine.rehearsing import Plan


def plan_text(plan: Plan, *, output: str) -> str:
    """Return `plan` for people, or as JSON."""
    if output == "json":
        return json.dumps(asdict(plan), indent=2)
    price = plan.price
    minutes = plan.requests / plan.rate / 60
    lines = [
        f"plan for   {plan.url}, jobs on {plan.backend}",
        *(
            f"{name:10} {requests} requests, {made} submissions"
            for name, requests, made in plan.suites
        ),
        f"in all     {plan.requests} requests, estimates and removals included",
        f"time       {minutes:.1f} min at {plan.rate:g} a second, and what jobs wait in queues",
        f"jobs       {price.jobs}, children of multi-circuit jobs included; all are removed",
        f"cost       {price.cost:g} {plan.currency}, {price.qpu_seconds:g} s of QPU time",
        "           by the mock's prices; the service is asked for its own before each submission",
    ]
    if plan.stopped:
        lines.append(f"ends early {plan.stopped}")
    lines += [f"note       {note}" for note in plan.notes[:10]]
    lines.append("Nothing was contacted: this was played on the embedded mock.")
    return "\n".join(lines)
