"""Directed walks over jobs, sessions, lists, accounts and money.

A walk only talks; what it saw is judged afterwards, by the checks, from the exchanges.
"""

from conformance.lifecycle.conversation import Conversation, Forbidden, Stop, build_request
from conformance.lifecycle.having import Call, right_calls
from conformance.lifecycle.walks import (
    Walk,
    access_walks,
    hostile_walks,
    input_walks,
    lifecycle_walks,
    physics_walks,
)
from conformance.lifecycle.walks_over_things import walks_over_things

__all__ = [
    "Call",
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
    "right_calls",
    "walks_over_things",
]
