"""What the documentation gives people for their CI is well-formed, and the action's script runs."""

# ruff: noqa: E501  # lists of names, read across
from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from conformance.cli import main
from conformance.cli.gate import FILES, LEVELS, command
from conformance.gate import CONVENTIONS

ROOT = Path(__file__).resolve().parents[2]


def read(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text("utf-8"))


def options() -> set[str]:
    return {name for parameter in command.params for name in parameter.opts}


def test_the_action_takes_what_its_example_gives() -> None:
    action, example = read("action.yml"), read("docs/ci/github.yml")
    steps = example["jobs"]["gate"]["steps"]
    used = next(step for step in steps if "qconform" in str(step.get("uses")))
    assert used["with"].keys() <= action["inputs"].keys()
    assert {n for n, i in action["inputs"].items() if i.get("required")} <= used["with"].keys()
    assert action["runs"]["using"] == "composite"
    assert action["inputs"]["fail-on"]["default"] in LEVELS


def test_every_option_in_the_examples_exists() -> None:
    texts = [(ROOT / n).read_text("utf-8") for n in ("action.yml", "docs/ci/gitlab.yml", "Containerfile", "docs/ci/pre-commit.yaml")]  # fmt: skip
    lines = [line for text in texts for line in text.splitlines() if "gate " in line or "set --" in line]  # fmt: skip
    named = {option for line in lines for option in re.findall(r"--[a-z-]{3,}", line)}
    assert {"--out", "--fail-on", "--format", "--waivers"} <= named
    assert named - {"--rm"} <= options()


def test_the_hooks_run_commands_that_exist(capsys: pytest.CaptureFixture[str]) -> None:
    hooks = {hook["id"]: hook for hook in read(".pre-commit-hooks.yaml")}
    for name, hook in hooks.items():
        words = hook["entry"].split()
        assert words[0] == "qconform", name
        assert main([*words[1:], "--help"]) == 0
        capsys.readouterr()
    (repo,) = read("docs/ci/pre-commit.yaml")["repos"]
    assert {hook["id"] for hook in repo["hooks"]} <= hooks.keys()


def test_the_gitlab_snippet_keeps_the_report_that_is_written() -> None:
    job = read("docs/ci/gitlab.yml")["api-gate"]
    assert Path(job["artifacts"]["reports"]["junit"]).name == FILES["junit"]
    assert "qconform gate" in job["script"][0]


def test_the_container_runs_the_command_as_nobody() -> None:
    lines = (ROOT / "Containerfile").read_text("utf-8").splitlines()
    assert 'ENTRYPOINT ["qconform"]' in lines
    assert any(line.startswith("USER ") and line != "USER root" for line in lines)


def test_the_page_lists_every_convention_with_its_verdict() -> None:
    page = (ROOT / "docs/gate.md").read_text("utf-8")
    for line in CONVENTIONS:
        assert f"| {line.name} | {line.verdict} | {line.says} |" in page


@pytest.mark.skipif(shutil.which("bash") is None, reason="the action's steps are bash")
def test_the_steps_of_the_action_run_on_a_pull_request(tmp_path: Path) -> None:
    """The comparing step, with the command of this checkout in the place of the installed one."""
    source = (ROOT / "specs/ionq/v0.4/openapi.yaml").read_text("utf-8")
    for number, text in enumerate((source, source.replace("maximum: 1000000", "maximum: 5000"))):
        (tmp_path / "openapi.yaml").write_text(text, "utf-8")
        identity = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
        for words in (["init", "-q"], ["add", "openapi.yaml"], ["commit", "-qm", str(number)]):
            subprocess.run(["git", *identity, *words], cwd=tmp_path, check=True)  # noqa: S603, S607  # the test's own repository
    program = tmp_path / "qconform/bin/qconform"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m conformance "$@"\n', "utf-8")
    program.chmod(0o755)
    step = read("action.yml")["runs"]["steps"][1]
    settings = {
        "DOCUMENT": "openapi.yaml", "BASE": "", "BASE_SHA": "HEAD~1", "FAIL_ON": "breaking",
        "WAIVERS": "", "ARGUMENTS": "--budget 1", "OUT": "reports", "RUNNER_TEMP": str(tmp_path),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"), "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    assert step["env"].keys() <= settings.keys()
    done = subprocess.run(  # noqa: S603  # the action's own script
        ["bash", "-e", "-c", step["run"]],  # noqa: S607  # found above
        cwd=tmp_path, env={**os.environ, **settings}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert "::error file=openapi.yaml,line=" in done.stdout
    assert "API gate failed" in (tmp_path / "summary.md").read_text("utf-8")
    assert {path.name for path in (tmp_path / "reports").iterdir()} == set(FILES.values())
