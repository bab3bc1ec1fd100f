"""IonQ's v0.4 API: every operation, with state, two tenants, and results from a simulator."""

from conformance.mock.ionq.app import IonqMock, app
from conformance.mock.ionq.pointing import pointers
from conformance.mock.ionq.tenants import TENANTS, Tenant, keys

__all__ = ["TENANTS", "IonqMock", "Tenant", "app", "keys", "pointers"]
