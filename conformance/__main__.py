"""`python -m conformance` is the command `qconform`."""

from conformance.cli import script

script()
