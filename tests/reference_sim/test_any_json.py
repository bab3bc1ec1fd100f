from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference_sim import CircuitError, probabilities

NUMBERS = st.one_of(st.integers(-1, 3), st.floats(), st.booleans(), st.integers())
VALUES = st.recursive(
    st.none() | NUMBERS | st.sampled_from(["", "X", "ZY", "h", "qis"]),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=4,
)
NAMES = ["h", "z", "cnot", "rx", "xx", "swap", "pauliexp", "gpi", "ms", "zz", "nop", "u"]
FIELDS = [
    "target", "targets", "control", "controls", "rotation", "phase", "phases", "angle", "time",
    "terms", "coefficients",
]  # fmt: skip
GATES = st.builds(
    lambda name, fields: {"gate": name, **fields},
    st.sampled_from(NAMES),
    st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=4),
)
INPUTS = st.fixed_dictionaries(
    {"circuit": st.lists(GATES | VALUES, max_size=3) | VALUES},
    optional={"qubits": NUMBERS, "gateset": st.sampled_from(["qis", "native"]) | VALUES},
)


@given(source=INPUTS)
@settings(max_examples=400, deadline=None, database=None)
def test_any_json_is_a_distribution_or_a_refusal(source: dict[str, Any]) -> None:
    try:
        found = probabilities(source, max_qubits=12)
    except CircuitError:
        return  # any other error, and any warning, fails the test
    assert found.sum() == pytest.approx(1, abs=1e-12)
