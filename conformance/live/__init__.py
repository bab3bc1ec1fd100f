"""What keeps a run on somebody else's system from costing money or touching what is not its own."""

from conformance.live.guard import Guard

__all__ = ["Guard"]
