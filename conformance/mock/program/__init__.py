"""Programs that clients submit, in whatever form, as circuits that can be simulated."""

from conformance.mock.program.measured import MeasuredCircuit, ProgramProblem, Register, compact

__all__ = ["MeasuredCircuit", "ProgramProblem", "Register", "compact"]
