"""Measured results to verdicts: are these the probabilities of the submitted circuit?"""

from conformance.oracle.exact import exact_bound, judge_distribution, judge_exact
from conformance.oracle.reference import Reference
from conformance.oracle.verdict import ALPHA, judge

__all__ = ["ALPHA", "Reference", "exact_bound", "judge", "judge_distribution", "judge_exact"]
