"""A request after its shape has been checked, as the handlers of the operations see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from conformance.mock.ionq.tenants import Tenant
from conformance.mock.ionq.world import World
from conformance.model import Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request for one operation."""

    operation: Operation
    tenant: Tenant
    """Who asks; for operations that need no key, the first tenant stands for anybody."""
    path: Mapping[str, str]
    query: Mapping[str, Any]
    body: Any
    world: World
