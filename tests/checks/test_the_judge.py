"""A value against a schema: two validators that must agree, formats, and the reason told."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from told import contract, job

from conformance.checks.judge import judge_for, shown

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-10, 2_000_000)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(
        ["completed", "2026-03-01T10:00:00Z", "2026-13-01T10:00:00Z", "", "simulator"]
    )
    | st.text(max_size=6)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2)
    ),
    max_leaves=4,
)
JOB_SCHEMA = contract().strict.operation("GetJob").responses["200"].content["application/json"]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_both_judges_agree_on_jobs_with_fields_changed(data: st.DataObject) -> None:
    names = data.draw(st.lists(st.sampled_from(sorted(job())), max_size=3, unique=True))
    value = {**job(), **{name: data.draw(VALUES) for name in names}}
    for name in data.draw(st.lists(st.sampled_from(sorted(job())), max_size=2, unique=True)):
        del value[name]
    judge = judge_for(JOB_SCHEMA)
    assert judge.accepts(value) == judge.accepts_by_both(value)
    assert bool(judge.departures(value)) != judge.accepts(value)


@settings(max_examples=60, deadline=None)
@given(value=VALUES)
def test_both_judges_agree_on_any_value(value: Any) -> None:
    for operation in ("GetJob", "GetJobs", "getBackends", "GetSessions"):
        schemas = contract().strict.operation(operation).responses["200"].content.values()
        for schema in schemas:
            judge_for(schema).accepts_by_both(value)


@pytest.mark.parametrize(
    ("moment", "accepted"),
    [
        ("2026-03-01T10:00:00Z", True),
        ("2026-03-01t10:00:00z", True),
        ("2026-03-01T10:00:00.123456789Z", True),
        ("2026-03-01T10:00:00+14:00", True),
        ("2026-12-31T23:59:60Z", True),
        ("2026-03-01T10:00:00", False),
        ("2026-03-01 10:00:00Z", False),
        ("2026-02-30T10:00:00Z", False),
        ("2026-03-01T25:00:00Z", False),
        ("2026-03-01", False),
        ("1772359200", False),
        ("", False),
        (7, True),
    ],
)
def test_a_date_time_is_what_rfc_3339_says(moment: object, accepted: bool) -> None:  # noqa: FBT001 - a table's column
    assert judge_for({"format": "date-time"}).accepts_by_both(moment) is accepted


@pytest.mark.parametrize(
    ("day", "accepted"), [("2026-03-01", True), ("2026-02-29", False), ("20260301", False)]
)
def test_a_date_is_a_day_of_the_calendar(day: str, accepted: bool) -> None:  # noqa: FBT001 - a table's column
    assert judge_for({"format": "date"}).accepts_by_both(day) is accepted


@pytest.mark.parametrize(
    "identifier", ["b5ac2d9e-0000-4000-8000-000000000001", "job_7", "b5ac2d9e", "", 7]
)
def test_what_an_identifier_looks_like_is_not_judged(identifier: object) -> None:
    assert judge_for({"format": "uuid"}).accepts_by_both(identifier) is True


def test_the_reason_comes_from_the_branch_that_was_meant() -> None:
    circle = {"properties": {"kind": {"const": "circle"}, "radius": {"type": "number"}}}
    square = {"properties": {"kind": {"const": "square"}, "side": {"items": {"type": "number"}}}}
    schema = {"oneOf": [circle, square], "required": ["kind"]}
    (reason,) = judge_for(schema).departures({"kind": "square", "side": ["long"]})
    assert (reason.pointer, reason.keyword, reason.expected) == ("/side/0", "type", "number")


def test_a_pointer_is_escaped() -> None:
    schema = {"properties": {"a/b~c": {"type": "string"}}}
    (reason,) = judge_for(schema).departures({"a/b~c": 1})
    assert reason.pointer == "/a~1b~0c"


def test_what_is_shown_has_a_bounded_length() -> None:
    assert len(shown("x" * 10_000)) == len(shown("y" * 400)) <= 160
