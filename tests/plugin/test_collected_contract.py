"""`pytest --conformance ionq`: the contract as test items of somebody else's session."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from conformance.checks import RULES
from conformance.mock import running
from conformance.mock.ionq import app

BROKEN = ("--conformance-fault", "cut-body")
"""What getWhoami answers is no JSON."""
NARROW = ("-k", "getWhoami and (SCHEMA or HTTP-00)")
SMALL = ("--conformance", "ionq", "--conformance-profile", "smoke")


@pytest.fixture(autouse=True)
def plugin(pytester: pytest.Pytester, load_plugin: None) -> None:
    """Load the plugin, and let warnings be errors."""
    del load_plugin
    pytester.makeini("[pytest]\nfilterwarnings = error\n")


def outcomes(pytester: pytest.Pytester, *arguments: str) -> dict[str, int]:
    return pytester.runpytest_subprocess(*arguments).parseoutcomes()


def test_the_contract_is_collected_an_item_for_each_rule_and_operation(
    pytester: pytest.Pytester,
) -> None:
    result = pytester.runpytest(*SMALL, "--co", "-q")
    names = [line for line in result.outlines if line.startswith("ionq::")]
    assert result.ret == 0
    assert len(names) == len(set(names)) > 300
    assert "ionq::LIFE-001 job-moves-forward[GetJob]" in names
    assert "ionq::SCHEMA-001 body-matches-document[GetJob]" in names
    assert {name.split("::")[1].split()[0] for name in names} == {rule.id for rule in RULES}
    assert not (pytester.path / "conformance-report").exists()


def test_items_are_chosen_by_name(pytester: pytest.Pytester) -> None:
    result = pytester.runpytest(*SMALL, "--co", "-q", "-k", "LIFE-001")
    assert "ionq::LIFE-001 job-moves-forward[GetJob]" in result.outlines
    assert len([line for line in result.outlines if line.startswith("ionq::")]) == 1


def test_a_clean_target_passes_and_leaves_the_reports_of_a_run(pytester: pytest.Pytester) -> None:
    result = pytester.runpytest_subprocess(*SMALL, *NARROW)
    result.assert_outcomes(passed=6, skipped=1, deselected=None)
    assert result.ret == 0
    result.stdout.re_match_lines([r"holds: 0 findings; .*", r"report: .*report\.html"])
    names = {file.name for file in (pytester.path / "conformance-report").iterdir()}
    assert names == {"run.ndjson", "report.html", "report.json", "junit.xml"}


def test_a_violated_rule_fails_its_item_with_the_finding(pytester: pytest.Pytester) -> None:
    result = pytester.runpytest_subprocess(*SMALL, *NARROW, *BROKEN)
    assert result.ret == 1
    result.stdout.re_match_lines(
        [
            r"SCHEMA-003 body-is-json  getWhoami  violated.*",
            r"  expected  a JSON text",
            r"  seen .*",
            r"  curl      curl -sS -i http://127.0.0.1:.*/whoami .*",
            r"  again     qconform run --fault cut-body .*",
            r"FAILED ionq::SCHEMA-003 body-is-json\[getWhoami\].*",
        ]
    )
    assert "Traceback" not in result.stdout.str()


def test_the_project_s_own_tests_run_beside_the_contract(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_of_mine(): pass")
    result = pytester.runpytest_subprocess(
        *SMALL, "-k", "of_mine or (getWhoami and ACCESS-001)", "-v"
    )
    result.assert_outcomes(passed=2, deselected=None)


@pytest.mark.parametrize("workers", ["1", "2", "4"])
def test_workers_of_xdist_share_one_run(pytester: pytest.Pytester, workers: str) -> None:
    pytest.importorskip("xdist", reason="the tests have pytest-xdist")
    alone = outcomes(pytester, *SMALL, *NARROW, *BROKEN)
    before = report(pytester)
    result = pytester.runpytest_subprocess(*SMALL, *NARROW, *BROKEN, "-n", workers)
    found = result.parseoutcomes()
    assert {k: found[k] for k in ("passed", "failed", "skipped")} == {
        k: alone[k] for k in ("passed", "failed", "skipped")
    }
    assert report(pytester) == before
    result.stdout.re_match_lines([r"violated: \d+ findings?; .*"])


def report(pytester: pytest.Pytester) -> tuple[object, ...]:
    """What must not depend on how many workers there were: findings with counts, and totals."""
    text = (pytester.path / "conformance-report" / "report.json").read_text("utf-8")
    whole = json.loads(text)
    found = sorted((f["fingerprint"], f["count"]) for f in whole["findings"])
    return (found, sorted((r["id"], r["judged"]) for r in whole["rules"]))


def test_the_first_failure_stops_the_session(pytester: pytest.Pytester) -> None:
    found = outcomes(pytester, *SMALL, *NARROW, *BROKEN, "-x")
    assert found["failed"] == 1
    assert found.get("passed", 0) < 6


def test_last_failed_runs_only_what_failed(pytester: pytest.Pytester) -> None:
    first = outcomes(pytester, *SMALL, *NARROW, *BROKEN)
    again = outcomes(pytester, *SMALL, *NARROW, *BROKEN, "--lf")
    assert again["failed"] == first["failed"]
    assert again.get("passed", 0) == 0


def test_an_item_is_run_by_its_node_id(pytester: pytest.Pytester) -> None:
    node = "ionq::SCHEMA-003 body-is-json[getWhoami]"
    assert outcomes(pytester, *SMALL, *BROKEN, node) == {"failed": 1}


def test_a_target_is_judged_by_its_url(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(app(faults=["cut-body"])) as mock:
        monkeypatch.setenv("QCONFORM_API_KEY", mock.keys[0])
        result = pytester.runpytest_subprocess(*SMALL, *NARROW, "--conformance-url", mock.url)
    assert result.parseoutcomes()["failed"] == 1
    key = mock.keys[0].encode()
    written = [p for p in pytester.path.rglob("*") if p.is_file()]
    assert len(written) > 4
    assert not [path.name for path in written if key in path.read_bytes()]
    assert key.decode() not in result.stdout.str()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--conformance", "acme"], "--conformance: expected a provider, got 'acme'"),
        ([*SMALL, "--conformance-profile", "slow"], "--conformance-profile: expected a profile"),
        ([*SMALL, "--conformance-fault", "crahs"], "Did you mean 'crash'?"),
    ],
)
def test_a_wrong_option_ends_the_session_with_a_sentence(
    pytester: pytest.Pytester, arguments: list[str], message: str
) -> None:
    result = pytester.runpytest(*arguments)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert message in result.stderr.str()


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("http://127.0.0.1:1/v0.4", "expected an API that answers, got unreachable"),
        ("https://elsewhere.example/v0.4", "expected a loopback address, got another host"),
    ],
)
def test_a_target_that_cannot_be_judged_is_an_error_of_each_item(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, url: str, message: str
) -> None:
    monkeypatch.setenv("QCONFORM_API_KEY", "some-key")
    result = pytester.runpytest_subprocess(*SMALL, *NARROW, "--conformance-url", url)
    result.assert_outcomes(errors=7, deselected=None)
    assert message in result.stdout.str()


def test_without_the_plugin_nothing_is_known_of_it(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTEST_PLUGINS", raising=False)
    pytester.makepyfile("def test_of_mine(): pass")
    result = pytester.runpytest_subprocess("-p", "no:conformance", "--conformance", "ionq")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "unrecognized arguments: --conformance" in result.stderr.str()
    assert outcomes(pytester, "-p", "no:conformance") == {"passed": 1}


def test_a_session_that_does_not_ask_imports_nothing_of_ours(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import sys

        def test_of_mine():
            ours = {name for name in sys.modules if name.startswith(("conformance", "reference"))}
            assert ours <= {"conformance", "conformance.plugin", "conformance.plugin.fixtures"}
            assert not {"numpy", "yaml", "httpcore", "uvicorn"} & sys.modules.keys()
        """
    )
    others = ("-p", "no:schemathesis", "-p", "no:hypothesispytest", "-p", "no:anyio")
    assert outcomes(pytester, *others) == {"passed": 1}


def test_the_plugin_imports_nothing_but_pytest() -> None:
    code = (
        "import sys, pytest; before = set(sys.modules); import conformance.plugin; "
        "print(*sorted(set(sys.modules) - before))"
    )
    made = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)  # noqa: S603 - our own words
    assert set(re.findall(r"\S+", made.stdout)) == {
        "conformance",
        "conformance.plugin",
        "conformance.plugin.fixtures",
    }


def test_the_entry_point_leads_to_the_plugin() -> None:
    import tomllib

    text = (Path(__file__).resolve().parents[2] / "pyproject.toml").read_text("utf-8")
    points = tomllib.loads(text)["project"]["entry-points"]["pytest11"]
    assert points == {"conformance": "conformance.plugin"}
