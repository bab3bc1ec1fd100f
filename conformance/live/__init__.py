"""What keeps a run on somebody else's system from costing money or touching what is not its own."""

from conformance.live.budget import Budget, Limits
from conformance.live.guard import Errand, Guard
from conformance.live.journal import Journal, Leftover, default_folder, in_use, journals
from conformance.live.journal import read as read_journal
from conformance.live.retrying import LONGEST_WAIT, SAFE, Pace, asked_wait, wait_before_retry

__all__ = [
    "LONGEST_WAIT",
    "SAFE",
    "Budget",
    "Errand",
    "Guard",
    "Journal",
    "Leftover",
    "Limits",
    "Pace",
    "asked_wait",
    "default_folder",
    "in_use",
    "journals",
    "read_journal",
    "wait_before_retry",
]
