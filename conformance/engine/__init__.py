"""Runs a plan against a target and yields events."""

from conformance.engine.bench import Bench
from conformance.engine.line import Interrupt, clean_journal
from conformance.engine.options import PROFILES, SUITES, Options, Profile
from conformance.engine.replaying import Replay, replay
from conformance.engine.running import run

__all__ = [
    "PROFILES",
    "SUITES",
    "Bench",
    "Interrupt",
    "Options",
    "Profile",
    "Replay",
    "clean_journal",
    "replay",
    "run",
]
