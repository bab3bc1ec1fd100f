"""Right parts mixed into generated cases, so that they are about things that exist."""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st

from conformance.lifecycle import Call


def about(case: Any, call: Call) -> Any:
    """Return a strategy for `case`: half have the ids of `call`, and half its body."""
    lots = st.tuples(st.booleans(), st.booleans())
    return lots.map(lambda lot: _about(case, call, named=lot[0], whole=lot[1]))


def _about(case: Any, call: Call, *, named: bool, whole: bool) -> Any:
    if named and call.ids:
        case.path_parameters = {**(case.path_parameters or {}), **call.ids}
    if whole and call.body is not None:
        case.body = call.body
    return case
