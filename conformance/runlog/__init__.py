"""Run logs: the events of a run on disk, one JSON object a line, and back.

`reports/schema/run-log.schema.json` describes a line.
"""

from conformance.runlog.bodies import BODY_LIMIT, CutBody
from conformance.runlog.decode import from_json
from conformance.runlog.encode import SCHEMA_VERSION, to_json
from conformance.runlog.files import Log, UnreadableLog, Writer, read

__all__ = [
    "BODY_LIMIT",
    "SCHEMA_VERSION",
    "CutBody",
    "Log",
    "UnreadableLog",
    "Writer",
    "from_json",
    "read",
    "to_json",
]
