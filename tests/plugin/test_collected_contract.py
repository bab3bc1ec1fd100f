"""`pytest --conformance ionq`: the contract as test items of somebody else's session."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from conformance.checks import RULES
from conformance.engine import SUITES
from conformance.mock import running
from conformance.mock.ionq import app

BROKEN = ("--conformance-fault", "job-readable")
"""A stranger reads a job."""
assert SUITES, "the engine, and with it NumPy, is imported here: sessions in this process share it"
WITHOUT_OTHERS = ("-p", "no:schemathesis", "-p", "no:hypothesispytest", "-p", "no:anyio")
"""What the plugins of our dependencies cost is not ours to test."""
SMALL = ("--conformance", "ionq", "--conformance-profile", "smoke", "--conformance-suite", "access")
NARROW = ("-k", "GetCompiledFile or ACCESS-003 and GetJob]")
"""So few rules on so few operations that the run is short."""
SLOW = (pytest.mark.exhaustive,)
ITEM = "ionq::ACCESS-003 other-tenant-cannot-read[GetJob]"


@pytest.fixture(autouse=True)
def warnings_are_errors(pytester: pytest.Pytester) -> None:
    """Let warnings be errors in inner sessions, but for what comes of sharing a process."""
    shared = "ignore:Module already imported:pytest.PytestAssertRewriteWarning"
    pytester.makeini(f"[pytest]\nfilterwarnings =\n    error\n    {shared}\n")


def outcomes(pytester: pytest.Pytester, *arguments: str) -> dict[str, int]:
    return pytester.runpytest(*arguments).parseoutcomes()


def chosen(pytester: pytest.Pytester, *arguments: str) -> list[str]:
    """Return the items that the arguments leave."""
    result = pytester.runpytest(*SMALL, "--co", "-q", *arguments)
    return [line for line in result.outlines if line.startswith("ionq::")]


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
    wanted = ["ionq::LIFE-001 job-moves-forward[GetJob]"]
    assert chosen(pytester, "-k", "LIFE-001") == wanted
    assert chosen(pytester, "-k", "moves-forward and GetJob") == wanted


def test_a_clean_target_passes_and_leaves_the_reports_of_a_run(pytester: pytest.Pytester) -> None:
    result = pytester.runpytest(*SMALL, *NARROW)
    found = result.parseoutcomes()
    assert found["passed"] > 8
    assert found["passed"] + found["skipped"] == len(chosen(pytester, *NARROW))
    assert result.ret == 0
    result.stdout.re_match_lines([r"holds: 0 findings; .*", r"report: .*report\.html"])
    names = {file.name for file in (pytester.path / "conformance-report").iterdir()}
    assert names == {"run.ndjson", "report.html", "report.json", "junit.xml"}


def test_a_violated_rule_fails_its_item_with_the_finding(pytester: pytest.Pytester) -> None:
    result = pytester.runpytest(*SMALL, *NARROW, *BROKEN)
    assert result.ret == 1
    result.stdout.re_match_lines(
        [
            r"ACCESS-003 other-tenant-cannot-read  GetJob  violated.*",
            r"  expected  401, 403 or another refusal with another tenant's key",
            r"  seen      200",
            r"  curl      curl -sS -i http://127.0.0.1:.*/jobs/.*",
            r"  again     qconform run --fault job-readable .*",
            r"FAILED ionq::ACCESS-003 other-tenant-cannot-read\[GetJob\].*",
        ]
    )
    assert "Traceback" not in result.stdout.str()


def test_the_project_s_own_tests_run_beside_the_contract(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_of_mine(): pass")
    found = outcomes(pytester, *SMALL, "-k", "of_mine or (GetCompiledFile and ACCESS-001)")
    assert found["passed"] == 2


@pytest.mark.parametrize(
    "workers", [pytest.param(count, marks=SLOW * (count != "2")) for count in ("1", "2", "4")]
)
def test_workers_of_xdist_share_one_run(workers: str, pytester: pytest.Pytester) -> None:
    pytest.importorskip("xdist", reason="the tests have pytest-xdist")
    alone = outcomes(pytester, *SMALL, *NARROW, *BROKEN)
    before = report(pytester)
    result = pytester.runpytest_subprocess(*SMALL, *NARROW, *BROKEN, *WITHOUT_OTHERS, "-n", workers)
    found = result.parseoutcomes()
    totals = ("passed", "failed", "skipped")
    assert [found.get(kind) for kind in totals] == [alone.get(kind) for kind in totals]
    assert report(pytester) == before
    result.stdout.re_match_lines([r"violated: \d+ findings?.*; .*"])


def report(pytester: pytest.Pytester) -> tuple[object, ...]:
    """What must not depend on how many workers there were."""
    text = (pytester.path / "conformance-report" / "report.json").read_text("utf-8")
    whole = json.loads(text)
    found = sorted(finding["fingerprint"] for finding in whole["findings"])
    return found, sorted((rule["id"], rule["verdict"]) for rule in whole["rules"])


def test_the_configuration_holds_for_the_items_too(pytester: pytest.Pytester) -> None:
    settings = pytester.path / "qconform.toml"
    settings.write_text(
        'profile = "smoke"\nsuite = ["access"]\nfault = ["job-readable"]\nout = "elsewhere"\n'
        '[severity]\n"ACCESS" = "warning"\n',
        "utf-8",
    )
    result = pytester.runpytest("--conformance", "ionq", *NARROW, "-rx")
    found = result.parseoutcomes()
    assert found["xfailed"] >= 1
    assert "failed" not in found
    assert result.ret == 0
    assert (pytester.path / "elsewhere" / "run.ndjson").exists()
    settings.write_text('profle = "smoke"\n', "utf-8")
    wrong = pytester.runpytest("--conformance", "ionq", "--co")
    assert wrong.ret == pytest.ExitCode.USAGE_ERROR
    assert "profile" in wrong.stderr.str()


def test_the_first_failure_stops_the_session(pytester: pytest.Pytester) -> None:
    found = outcomes(pytester, *SMALL, *NARROW, *BROKEN, "-x")
    assert found["failed"] == 1
    assert found.get("passed", 0) < len(chosen(pytester, *NARROW)) - 1


def test_last_failed_runs_only_what_failed(pytester: pytest.Pytester) -> None:
    first = outcomes(pytester, *SMALL, *NARROW, *BROKEN)
    again = outcomes(pytester, *SMALL, *NARROW, *BROKEN, "--lf")
    assert again["failed"] == first["failed"]
    assert again.get("passed", 0) == 0


def test_an_item_is_run_by_its_node_id(pytester: pytest.Pytester) -> None:
    assert outcomes(pytester, *SMALL, *BROKEN, ITEM) == {"failed": 1}


def test_a_target_is_judged_by_its_url(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(app(faults=["job-readable"])) as mock:
        monkeypatch.setenv("QCONFORM_API_KEY", mock.keys[0])
        monkeypatch.setenv("QCONFORM_SECOND_API_KEY", mock.keys[1])
        result = pytester.runpytest(*SMALL, *NARROW, "--conformance-url", mock.url)
    assert result.parseoutcomes()["failed"] >= 1
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
        ([*SMALL, "--conformance-suite", "acess"], "Did you mean 'access'?"),
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
    result = pytester.runpytest(*SMALL, *NARROW, "--conformance-url", url)
    assert result.parseoutcomes()["errors"] == len(chosen(pytester, *NARROW))
    assert message in result.stdout.str()


def test_without_the_plugin_nothing_is_known_of_it(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTEST_PLUGINS", raising=False)
    pytester.makepyfile("def test_of_mine(): pass")
    alone = ("-p", "no:conformance", *WITHOUT_OTHERS)
    result = pytester.runpytest_subprocess(*alone, "--conformance", "ionq")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "unrecognized arguments: --conformance" in result.stderr.str()
    assert pytester.runpytest_subprocess(*alone).parseoutcomes() == {"passed": 1}


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
    result = pytester.runpytest_subprocess(*WITHOUT_OTHERS)
    assert result.parseoutcomes() == {"passed": 1}


def test_the_plugin_imports_nothing_but_pytest() -> None:
    code = (  # in a process that has imported nothing else
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
