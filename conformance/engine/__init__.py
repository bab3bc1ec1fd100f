"""Runs a plan against a target and yields events."""

from conformance.engine.line import Interrupt, clean_journal
from conformance.engine.options import PROFILES, SUITES, Options, Profile
from conformance.engine.running import run

__all__ = ["PROFILES", "SUITES", "Interrupt", "Options", "Profile", "clean_journal", "run"]
