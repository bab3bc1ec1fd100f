"""Settings from file, environment and command line, and where each of them came from."""

from conformance.config.files import UnreadableConfiguration, find, read
from conformance.config.resolving import Configuration, Value, resolve
from conformance.config.schema import schema
from conformance.config.settings import PROFILES, SETTINGS, SUITES, Kind, Setting
from conformance.config.waivers import waivers_of

__all__ = [
    "PROFILES",
    "SETTINGS",
    "SUITES",
    "Configuration",
    "Kind",
    "Setting",
    "UnreadableConfiguration",
    "Value",
    "find",
    "read",
    "resolve",
    "schema",
    "waivers_of",
]
