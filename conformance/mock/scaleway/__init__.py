"""Scaleway's Quantum as a Service as a mock."""

from conformance.mock.scaleway.app import ScalewayMock, app

__all__ = ["ScalewayMock", "app"]
