"""What the mocks of all providers can do wrong."""

from conformance.mock.misdeeds import answers, changes, jobs, lists, sessions
from conformance.mock.misdeeds.scene import Change, Misdeed, Scene

MISDEEDS: dict[str, Misdeed] = {
    **answers.MISDEEDS,
    **changes.MISDEEDS,
    **jobs.MISDEEDS,
    **lists.MISDEEDS,
    **sessions.MISDEEDS,
}
"""By the name of the fault."""

__all__ = ["MISDEEDS", "Change", "Misdeed", "Scene"]
