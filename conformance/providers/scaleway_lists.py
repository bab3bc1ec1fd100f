"""What Scaleway's lists can be asked for, and how their pages are turned."""

from __future__ import annotations

from typing import Any

from conformance.providers.listing import (
    Filter,
    How,
    ListFacts,
    Paging,
    Told,
    at,
    moment_at,
    word_at,
)

Json = dict[str, Any]

_ENDED = frozenset({"completed", "error", "cancelled"})
_OF_SESSIONS = (
    "name", "max_duration", "max_idle_duration", "project_id", "tags", "platform_id",
    "created_at", "deduplication_id", "parameters",
)  # fmt: skip
_TAGS = Filter(parameter="tags", told=at("tags"), how=How.ALL)
_PROJECT = Filter(parameter="project_id", told=at("project_id"))
_LETTERS = "cedab"
"""Names of what walks make differ by one of these."""


def _orders(**told: Told) -> dict[str, tuple[Told, bool]]:
    """Return the two words for each member by which a list can be ordered."""
    return {
        f"{name}_{way}": (read, way == "desc")
        for name, read in told.items()
        for way in ("asc", "desc")
    }


def _named(number: int, mark: str) -> Json:
    return {"name": f"qconform{_LETTERS[number]}", "tags": [mark, f"number-{number}"]}


def _list(operation: str, member: str, thing: str, read: str, **fields: Any) -> ListFacts:
    usual = {"paging": Paging.PAGE, "size": "page_size", "start": "page", "total": "total_count"}
    return ListFacts(
        **{**usual, "order": "order_by", **fields},
        operation=operation,
        member=member,
        thing=thing,
        read=read,
    )


LISTS = (
    _list(
        "ListSessions",
        "sessions",
        "session",
        "GetSession",
        fields=_named,
        mark="tags",
        filters=(_TAGS, _PROJECT, Filter(parameter="platform_id", told=at("platform_id"))),
        orders=_orders(
            name=word_at("name"),
            started_at=moment_at("started_at"),
            created_at=moment_at("created_at"),
        ),
        usual="name_asc",
        same={name: at(name) for name in _OF_SESSIONS},
        ended={name: at(name) for name in ("status", "started_at", "terminated_at")},
        final=lambda session: session.get("status") == "stopped",
    ),
    _list(
        "ListJobs",
        "jobs",
        "job",
        "GetJob",
        fields=_named,
        mark="tags",
        filters=(_TAGS, Filter(parameter="session_id", told=at("session_id"))),
        orders=_orders(name=word_at("name"), created_at=moment_at("created_at")),
        usual="created_at_desc",
        same={name: at(name) for name in ("name", "tags", "session_id", "created_at")},
        ended={name: at(name) for name in ("status", "started_at", "job_duration")},
        final=lambda job: job.get("status") in _ENDED,
    ),
    _list(
        "ListPlatforms",
        "platforms",
        "platform",
        "GetPlatform",
        filters=(
            Filter(parameter="name", told=at("name")),
            Filter(parameter="provider_name", told=at("provider_name")),
            Filter(parameter="backend_name", told=at("backend_name")),
            Filter(parameter="platform_type", told=at("type")),
            Filter(parameter="platform_technology", told=at("technology")),
        ),
        orders=_orders(
            name=word_at("name"),
            provider_name=word_at("provider_name"),
            backend_name=word_at("backend_name"),
        ),
        usual="name_asc",
        same={
            name: at(name)
            for name in (
                "name",
                "version",
                "provider_name",
                "backend_name",
                "type",
                "technology",
                "max_qubit_count",
                "max_shot_count",
                "max_circuit_count",
                "is_bookable",
            )
        },
    ),
    _list(
        "ListProcesses",
        "processes",
        "process",
        "GetProcess",
        fields=_named,
        mark="tags",
        filters=(
            _TAGS,
            _PROJECT,
            Filter(parameter="application_id", told=at("application_id")),
        ),
        orders=_orders(name=word_at("name"), created_at=moment_at("created_at")),
        usual="created_at_desc",
        same={
            name: at(name)
            for name in ("name", "tags", "project_id", "platform_id", "application_id", "input")
        },
    ),
)
