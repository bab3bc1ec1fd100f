"""Who may use the mock: two organisations, each with one user, one project and one fixed key."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenant:
    """An organisation as the mock knows it."""

    name: str
    key: str = field(repr=False)
    key_id: str
    key_name: str
    organization_id: str
    project_id: str
    project_name: str
    user_id: str
    user_name: str


TENANTS: tuple[Tenant, ...] = (
    Tenant(
        name="first",
        key="qconform-mock-key-of-the-first-tenant",
        key_id="0b9c6a52-5f0e-4d43-9a39-6d2f0a3c7e11",
        key_name="key of the first tenant",
        organization_id="2f4f6c1d-7f5a-4b0e-8a2e-11a4f1d6c501",
        project_id="7d1f0f3e-93c5-4c0a-8f0a-5c9d3b7a2e21",
        project_name="project of the first tenant",
        user_id="5a1e7b40c2d94f6e8b3a9d71",
        user_name="user of the first tenant",
    ),
    Tenant(
        name="second",
        key="qconform-mock-key-of-the-second-tenant",
        key_id="c3a4d1e8-2b77-4f9b-b6f5-90d1c8e4a312",
        key_name="key of the second tenant",
        organization_id="9e0d3b7a-1c64-4f58-9b1d-22b5e2c7d602",
        project_id="e8c2a5b9-4d16-4e7f-a1b3-6fae4c8b3f32",
        project_name="project of the second tenant",
        user_id="c94d2f81e7b35a608d1f4e92",
        user_name="user of the second tenant",
    ),
)


def keys() -> tuple[str, ...]:
    """Return the key of every tenant, in the order of `TENANTS`."""
    return tuple(tenant.key for tenant in TENANTS)
