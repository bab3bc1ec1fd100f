"""Providers as ASGI applications: stateful, deterministic, with faults that can be switched on."""

from conformance.mock.clock import Clock, InstantClock, RealClock, SteppedClock, clock_named
from conformance.mock.faults import FAULTS, Fault, Faults
from conformance.mock.leniency import Leniency, LetPass, told
from conformance.mock.pacing import Latency, latency_named, wait_named
from conformance.mock.requestlog import log_to
from conformance.mock.server import Running, running, serve

__all__ = [
    "FAULTS",
    "Clock",
    "Fault",
    "Faults",
    "InstantClock",
    "Latency",
    "Leniency",
    "LetPass",
    "RealClock",
    "Running",
    "SteppedClock",
    "clock_named",
    "latency_named",
    "log_to",
    "running",
    "serve",
    "told",
    "wait_named",
]
