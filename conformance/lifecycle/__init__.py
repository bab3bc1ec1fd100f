"""Directed walks over jobs, sessions, lists, accounts and money.

A walk only talks; what it saw is judged afterwards, by the checks, from the exchanges.
"""

from conformance.lifecycle.conversation import Conversation, Forbidden, Stop, build_request
from conformance.lifecycle.walks import (
    Walk,
    access_walks,
    hostile_walks,
    input_walks,
    lifecycle_walks,
    physics_walks,
)

__all__ = [
    "Conversation",
    "Forbidden",
    "Stop",
    "Walk",
    "access_walks",
    "build_request",
    "hostile_walks",
    "input_walks",
    "lifecycle_walks",
    "physics_walks",
]
