"""The gate: two documents to changes, each with a verdict and, if it breaks, a witness."""

from conformance.gate.changes import Change, Comparison, Document, Evidence, Verdict, Witness
from conformance.gate.comparing import BUDGET, Source, compare
from conformance.gate.conventions import CONVENTIONS, Convention, Game, game
from conformance.gate.rules import CHANGES, ChangeRule

__all__ = [
    "BUDGET",
    "CHANGES",
    "CONVENTIONS",
    "Change",
    "ChangeRule",
    "Comparison",
    "Convention",
    "Document",
    "Evidence",
    "Game",
    "Source",
    "Verdict",
    "Witness",
    "compare",
    "game",
]
