"""IBM's Qiskit Runtime API as a mock."""

from conformance.mock.ibm.app import IbmMock, app

__all__ = ["IbmMock", "app"]
