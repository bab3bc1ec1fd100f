"""What a finding says about itself: the command under `again` plays it once more."""

from __future__ import annotations

import shlex
from dataclasses import replace

import pytest
from plans import BY_NAME, findings, plan_for

from conformance.engine import Options
from conformance.model import Finding

REPLAYED = (
    "wrong-type",
    "null-list",
    "lax-methods",
    "missing-input-unchecked",
    "job-deletable",
    "list-leaks",
    "s-as-si",
    "circuits-swapped",
    "stale-results",
    "job-steps-back",
    "session-reopens",
    "page-drops-entry",
    "estimate-falls",
)


def options_of(command: str, plan: Options) -> Options:
    """Return what the printed command asks for, as the command line would read it."""
    words = shlex.split(command)
    assert words[:2] == ["qconform", "run"]
    given = dict(zip(words[2::2], words[3::2], strict=True))
    assert set(given) <= {"--seed", "--case", "--fault", "--profile"}
    return replace(
        plan,
        operations=(),
        suites=(),
        seed=int(given["--seed"]),
        case=given["--case"],
        faults=(given["--fault"],),
        profile=given.get("--profile", "ci"),
    )


def found_by(plan: Options, rule: str) -> Finding:
    return next(finding for finding in findings(plan) if finding.check == rule)


@pytest.mark.parametrize("name", REPLAYED)
def test_the_printed_command_finds_the_same_again(name: str) -> None:
    fault = BY_NAME[name]
    plan = replace(plan_for(fault), seed=5)
    finding = found_by(plan, fault.finds[0])
    replayed = findings(options_of(finding.again, plan))
    assert finding.fingerprint in {again.fingerprint for again in replayed}


def test_a_finding_says_where_it_stands_and_how_to_ask_again() -> None:
    finding = found_by(plan_for(BY_NAME["wrong-type"]), "SCHEMA-001")
    assert finding.operation == "GetJob"
    assert finding.where == "response.body/shots"
    assert finding.expected == "integer"
    assert finding.seen == '"777"'
    assert finding.case.startswith("lifecycle.whole-life.")
    assert finding.source.endswith("/get/responses/200")
    assert finding.exchanges
    assert finding.curl.startswith("curl -sS -i http://127.0.0.1:")
    assert '"Authorization: apiKey $QCONFORM_API_KEY"' in finding.curl


@pytest.mark.parametrize("name", ["wrong-type", "reversed-bits", "job-deletable", "list-disagrees"])
def test_a_reproduction_is_at_most_one_screen(name: str) -> None:
    fault = BY_NAME[name]
    finding = found_by(plan_for(fault), fault.finds[0])
    texts = (finding.expected, finding.seen, finding.note, finding.curl, finding.again)
    assert sum(len(text) for text in texts) < 24 * 80


def test_no_finding_carries_a_key() -> None:
    from conformance.mock.ionq import TENANTS

    for name in ("key-echoed", "no-key-needed"):
        for finding in findings(plan_for(BY_NAME[name])):
            assert not any(tenant.key in repr(finding) for tenant in TENANTS)
