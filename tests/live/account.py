"""What is in an account of the mock, asked for past every gateway."""

from __future__ import annotations

import datetime as dt
from contextlib import closing
from typing import Any

from conformance.mock import running
from conformance.mock.ionq import IonqMock
from conformance.model import Request
from conformance.providers import provider
from conformance.transport import HttpTransport


def ask(mock: IonqMock, *paths: str) -> list[Any]:
    """Return what the first tenant is answered at each of `paths`."""
    headers = (provider("ionq").authorization(mock.keys[0]),)
    with running(mock) as served, closing(HttpTransport(served.url)) as transport:
        requests = [Request(method="GET", path=path, headers=headers) for path in paths]
        return [transport.send(request).json() for request in requests]


def jobs_of(mock: IonqMock) -> list[str]:
    """Return the ids of the jobs that are there, a hundred at most."""
    return [job["id"] for job in ask(mock, "/jobs?limit=100")[0]["jobs"]]


def spent(mock: IonqMock) -> tuple[float, float]:
    """Return what all jobs have cost, in dollars and seconds, also those that are deleted."""
    organization = ask(mock, "/sessions")[0]["organization_id"]
    end = dt.date(2030, 1, 1)
    query = f"start_date=2020-01-01&end_date={end}&group_by=project&modality=monthly"
    usage = ask(mock, f"/organizations/{organization}/usage?{query}")[0]
    return usage["amount_total"], usage["time_us_total"] / 1e6
