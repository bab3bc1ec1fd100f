"""Who may use the mock: two organisations, one project and one secret key each."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An organisation with its project."""

    name: str
    key: str = field(repr=False)
    """The secret key: a UUID, as the SDK demands."""
    access_key: str
    project_id: str


ACCOUNTS = (
    Account(
        name="first",
        key="11111111-1111-4111-8111-111111111111",
        access_key="SCWQCONFORMMOCK00001",
        project_id="aaaaaaaa-0001-4000-8000-000000000001",
    ),
    Account(
        name="second",
        key="22222222-2222-4222-8222-222222222222",
        access_key="SCWQCONFORMMOCK00002",
        project_id="aaaaaaaa-0002-4000-8000-000000000002",
    ),
)
