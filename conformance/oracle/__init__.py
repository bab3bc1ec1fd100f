"""Measured results to verdicts: are these the probabilities of the submitted circuit?"""

from conformance.oracle.exact import Reference, exact_bound, judge_distribution, judge_exact

__all__ = ["Reference", "exact_bound", "judge_distribution", "judge_exact"]
