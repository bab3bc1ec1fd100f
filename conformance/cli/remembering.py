"""What the last run left in its log: the scenarios in which something was found."""

from __future__ import annotations

import json
from pathlib import Path

_MARK = b'"event":"finding-made"'


def failing_scenarios(log: Path) -> tuple[str, ...]:
    """Return `suite.scenario` of each finding in `log`; nothing if there is no log to read.

    The next run plays these first, so that what was broken is seen again, or seen to be mended,
    at once.
    """
    found: dict[str, None] = {}
    try:
        with log.open("rb") as lines:
            for line in lines:
                if _MARK in line[:80]:
                    found[_scenario(line)] = None
    except OSError:
        return ()
    found.pop("", None)
    return tuple(found)


def _scenario(line: bytes) -> str:
    try:
        case = json.loads(line)["case"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""
    return ".".join(case.split(".")[:2]) if isinstance(case, str) else ""
