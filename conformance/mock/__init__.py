"""Providers as ASGI applications: stateful, deterministic, with faults that can be switched on."""

from conformance.mock.clock import Clock, InstantClock, RealClock, SteppedClock
from conformance.mock.faults import FAULTS, Fault, Faults
from conformance.mock.server import Running, running, serve

__all__ = [
    "FAULTS",
    "Clock",
    "Fault",
    "Faults",
    "InstantClock",
    "RealClock",
    "Running",
    "SteppedClock",
    "running",
    "serve",
]
