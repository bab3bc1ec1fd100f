from __future__ import annotations

import json
import re
import shlex
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_rules import RULES
from sample_runs import SAMPLES, STARTED, exchange, hostile_run, killed_run, violated_run

from conformance import resources
from conformance.model import (
    Credential,
    Event,
    ExchangeRecorded,
    Finding,
    FindingMade,
    Outcome,
    RunFinished,
    Severity,
    SuiteFinished,
    Verdict,
)
from conformance.report import html, json_report, junit, summarize, terminal
from conformance.report.commands import broken
from conformance.runlog import from_json, to_json

COMMAND = re.compile(r"^\s*::|##\[|##\w+\[")


class Page(HTMLParser):
    """The tags of a page, and what its attributes point to."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.pointers: list[str] = []
        self.handlers: list[str] = []
        self.ids: set[str] = set()
        self.policy = ""
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        named = dict(attrs)
        self.pointers += [str(named[key]) for key in ("src", "href", "action") if key in named]
        self.handlers += [key for key in named if key.startswith("on") or key == "style"]
        self.ids.add(str(named.get("id")))
        if named.get("http-equiv") == "Content-Security-Policy":
            self.policy = str(named["content"])


def finding(number: int, **fields: Any) -> Finding:
    words = {"expected": "a", "seen": "b", "clause": str(number), "where": "response.status"}
    named: dict[str, Any] = words | fields
    return Finding(check="HTTP-002", operation="GetJob", case="contract.1.1", **named)


def run_of(*findings: Finding, outcomes: Sequence[Outcome] = ()) -> tuple[Event, ...]:
    return (
        STARTED,
        *(FindingMade(finding=found) for found in findings),
        SuiteFinished(suite="contract", exchanges=0, elapsed=0.1, outcomes=tuple(outcomes)),
        RunFinished(verdict=Verdict.VIOLATES, exit_code=1, elapsed=1.0),
    )


@pytest.mark.parametrize("name", SAMPLES)
def test_a_page_fetches_nothing_and_runs_only_its_own_script(name: str) -> None:
    page = Page(html(summarize(SAMPLES[name]()), rules=RULES))

    assert page.tags.count("script") == 1
    assert page.tags.count("style") == 1
    assert not {"link", "img", "iframe", "object", "base"} & set(page.tags)
    assert not page.handlers
    assert all(pointer.startswith("#") for pointer in page.pointers)
    assert page.policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in page.policy


@pytest.mark.parametrize("name", ["clean", "violated", "killed"])
def test_every_link_of_a_page_leads_somewhere(name: str) -> None:
    page = Page(html(summarize(SAMPLES[name]()), rules=RULES))

    assert {pointer[1:] for pointer in page.pointers} <= page.ids


def test_hostile_text_is_shown_and_not_obeyed() -> None:
    summary = summarize(hostile_run())
    page = html(summary, rules=RULES)

    assert "alert(1)</script>" not in page
    assert "\\u202egnp\\x00" in page
    for text in (page, junit(summary), terminal(summary)):
        assert all(char.isprintable() or char in "\n\t" for char in text)
    assert not any(COMMAND.search(line) for line in terminal(summary).splitlines())


@settings(deadline=None)  # four reports an example, on machines that do other things, too
@given(st.text(st.characters(), max_size=60))
def test_no_text_of_a_server_breaks_a_report(text: str) -> None:
    made = ExchangeRecorded(exchange=exchange(1, "GetJob", got={text: text}, because=text))
    found = replace(finding(1, expected=text, seen=text, curl=text), note=text, exchanges=(1,))
    events = [
        from_json(to_json(event))
        for event in (STARTED, made, FindingMade(finding=found), *run_of()[1:])
    ]
    summary = summarize(events)

    lines = terminal(summary).splitlines()

    assert not any(COMMAND.search(line) for line in lines)
    assert all(line.isprintable() for line in lines)
    ET.fromstring(junit(summary))  # noqa: S314  # our own output
    json.dumps(json_report(summary), allow_nan=False)
    assert Page(html(summary)).tags.count("script") == 1


@pytest.mark.parametrize("name", SAMPLES)
def test_the_json_report_matches_its_published_schema(name: str) -> None:
    schema = json.loads((resources.folder("reports") / "schema" / "report.schema.json").read_text())
    report = json_report(summarize(SAMPLES[name]()), rules=RULES)

    jsonschema.Draft202012Validator(schema).validate(json.loads(json.dumps(report)))


def test_a_killed_run_says_so_in_every_report() -> None:
    summary = summarize(killed_run())
    sentence = "he run did not end: what follows is what was judged by then"

    assert sentence in html(summary, rules=RULES)
    assert sentence in terminal(summary, rules=RULES)
    assert sentence in junit(summary, rules=RULES)
    assert json_report(summary)["ended"] is False
    assert json_report(summary)["exit_code"] is None


def test_the_last_line_of_the_terminal_is_the_verdict() -> None:
    last = terminal(summarize(SAMPLES["clean"]()), rules=RULES).splitlines()[-1]

    assert last == "holds: 0 findings; 21 rules on 15 operations, 78 requests, 2.8 s, seed 42"


def test_a_finding_reads_as_the_style_page_asks() -> None:
    found = finding(1, expected="one of 201, 4XX", seen="200", again="qconform run --case c4")

    text = terminal(summarize(run_of(found)), rules=RULES)

    assert (
        "\nHTTP-002 status-is-declared  GET /jobs/{UUID}  violated\n"
        "  expected  one of 201, 4XX\n"
        "  seen      200\n"
        "  where     response.status\n"
        "  again     qconform run --case c4\n"
    ) in text


@pytest.mark.parametrize("width", [80, 120])
def test_only_commands_are_wider_than_the_terminal(width: int) -> None:
    lines = terminal(summarize(violated_run()), width=width, rules=RULES).splitlines()

    wide = [line for line in lines[:-1] if len(line) > width]

    assert all("curl" in line or line.lstrip().startswith("-") for line in wide)


@given(st.lists(st.text(max_size=30), min_size=1, max_size=12), st.integers(20, 100))
def test_a_command_in_several_lines_means_what_it_meant(words: list[str], room: int) -> None:
    command = shlex.join(["curl", *words])

    lines = "\n".join(broken(command, room))

    assert shlex.split(lines.replace("\\\n", "")) == ["curl", *words]


def test_a_rule_violated_only_by_warnings_fails_no_build() -> None:
    found = replace(finding(1), severity=Severity.WARNING)

    root = ET.fromstring(junit(summarize(run_of(found)), rules=RULES))  # noqa: S314  # our own

    assert root.findall(".//failure") == []
    messages = [skipped.get("message", "") for skipped in root.iter("skipped")]
    assert any(message.startswith("warning: expected a, seen b") for message in messages)


def test_cannot_tell_and_not_tested_are_skipped_in_junit() -> None:
    untold = Outcome(check="PHYS-001", operation="GetJob", judged=4, inconclusive=3)

    root = ET.fromstring(junit(summarize(run_of(outcomes=[untold])), rules=RULES))  # noqa: S314  # our own

    reasons = [skipped.get("message") for skipped in root.iter("skipped")]
    assert reasons.count("cannot tell, 3 of 4 times") == 1
    assert reasons.count("not tested") == len(RULES) - 1


def test_a_page_with_fifty_findings_stays_small() -> None:
    body = {"id": "x" * 40, "circuit": [{"gate": "h", "target": n} for n in range(900)]}
    made = [
        ExchangeRecorded(exchange=exchange(n, "CreateJob", sent=body, got=body)) for n in range(150)
    ]
    found = [
        FindingMade(
            finding=replace(finding(n, curl="c" * 500), exchanges=(3 * n, 3 * n + 1, 3 * n + 2))
        )
        for n in range(50)
    ]

    page = html(summarize((STARTED, *made, *found)), rules=RULES)

    assert len(page) < 300_000


def test_many_findings_are_bounded_and_the_rest_is_announced() -> None:
    apart = (replace(finding(n), operation=f"op{n}", clause=f"c{n}") for n in range(700))
    summary = summarize(run_of(*apart))

    assert "200 more findings: report.json has every one" in html(summary)
    assert "and 680 more findings" in terminal(summary)
    assert len(json_report(summary)["findings"]) == 700


def test_many_findings_of_one_cause_are_one_in_the_terminal() -> None:
    shown = terminal(summarize(run_of(*(finding(n) for n in range(700)))))

    assert "700 findings of likely 1 cause" in shown
    assert "and 693 more findings" in shown
    assert len(shown.splitlines()) < 40


def test_probabilities_are_drawn_when_a_finding_states_both() -> None:
    found = finding(1, expected='{"0": 0.5, "3": 0.5}', seen='{"0": 1.0}; far off')

    assert '<svg class="chart"' in html(summarize(run_of(found)))


@pytest.mark.parametrize("seen", ["none", "{}", '{"0": "x"}', '{"0": true}', '{"0": -1}', "{oops"])
def test_nothing_is_drawn_where_there_are_no_numbers(seen: str) -> None:
    found = finding(1, expected='{"0": 0.5}', seen=seen)

    assert '<svg class="chart"' not in html(summarize(run_of(found)))


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (b'{"a":1,"a":2}', '{"a":1,"a":2}'),
        (b'{"a": NaN}', '{"a": NaN}'),
        (b"\xff\x00", "2 bytes that are no UTF-8"),
        (b'["\\ud800"]', '["\\ud800"]'),
        (b"[" * 5000, "[[[["),
        (b"9" * 5000, "9999"),
    ],
)
def test_a_body_that_is_no_plain_json_is_shown_as_it_is(body: bytes, shown: str) -> None:
    made = ExchangeRecorded(exchange=exchange(1, "GetJob", got=body))
    found = FindingMade(finding=replace(finding(1), exchanges=(1,)))

    assert shown in html(summarize((STARTED, made, found)))


def test_the_page_compares_what_sessions_promise_where_one_was_tested() -> None:
    begun, ended = violated_run()[0], violated_run()[-1]
    held = Outcome(check="LIFE-009", operation="GetSession", judged=3)
    foreign = Outcome(check="ACCESS-003", operation="GetJob", judged=3)
    for outcomes, shown in (((held, foreign), True), ((foreign,), False)):
        suite = SuiteFinished(suite="lifecycle", outcomes=outcomes, elapsed=1.0, exchanges=3)
        page = html(summarize([begun, suite, ended]))
        assert ("its states follow each other as tabled" in page) is shown
        assert ("Scaleway Quantum as a Service" in page) is shown


@pytest.mark.parametrize("credential", [c for c in Credential if c is not Credential.FIRST])
def test_the_page_has_words_for_every_kind_of_key(credential: Credential) -> None:
    page = resources.folder("reports") / "templates" / "report.html.j2"
    assert f'"{credential}": "' in page.read_text("utf-8")
