"""Recorded exchanges in and out: run logs, cassettes of vcrpy and Schemathesis, HAR files.

`read` tells the kind of a file from what is in it; `Writer` makes cassettes that vcrpy plays.
"""

from conformance.traffic.attributing import attributed
from conformance.traffic.origin import Origin
from conformance.traffic.reading import files_in, origin_of, read
from conformance.traffic.unreadable import UnreadableTraffic
from conformance.traffic.writing import Writer, check_name, write

__all__ = [
    "Origin",
    "UnreadableTraffic",
    "Writer",
    "attributed",
    "check_name",
    "files_in",
    "origin_of",
    "read",
    "write",
]
