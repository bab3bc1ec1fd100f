"""docs/own-provider.md: its commands, run as they stand, lead where it says."""

from __future__ import annotations

import ast
import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("hatchling", reason="installing the package needs the extra 'test'")

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "own-provider.md").read_text("utf-8")
FOLDER = "docs/examples/own-provider"


class Reader:
    """Somebody who types what the page says, in a copy of the checkout's examples.

    Ports are free ones instead of those written down, and pip installs into a folder of the
    test without asking the network; all else is typed as it stands.
    """

    def __init__(self, home: Path) -> None:
        self.folder = home
        shutil.copytree(ROOT / FOLDER, home / FOLDER)
        self.site = home / "site"
        paths = os.pathsep.join([str(ROOT), str(self.site)])
        self.environment = {**os.environ, "PYTHONPATH": paths, "PYTHONUTF8": "1"}
        self.ports: dict[str, str] = {}
        self.servers: list[subprocess.Popen[bytes]] = []
        self.said: dict[str, tuple[int, str]] = {}

    def type(self, line: str) -> None:
        """Do what a shell would do."""
        for port in re.findall(r"\b80\d\d\b", line):
            line = line.replace(port, self.ports.setdefault(port, _free_port()))
        words = shlex.split(line.removesuffix("&"))
        if words[0] == "cd":
            self.folder /= words[1]
        elif line.endswith("&"):
            command = [sys.executable, *words[1:]]
            self.servers.append(subprocess.Popen(command, cwd=self.folder, env=self.environment))  # noqa: S603
            _wait_for(int(words[2]))
        else:
            done = subprocess.run(  # noqa: S603 (the page's own commands)
                self._command(words),
                cwd=self.folder,
                env=self.environment,
                capture_output=True,
                encoding="utf-8",
                check=False,
            )
            self.said[line] = done.returncode, done.stdout + done.stderr

    def _command(self, words: list[str]) -> list[str]:
        if words[:3] == ["pip", "install", "-e"]:
            quietly = ["-q", "--no-deps", "--no-build-isolation", "--no-index"]
            here = ["--target", str(self.site), f"./{words[3]}"]
            return [sys.executable, "-m", "pip", "install", *quietly, *here]
        assert words[0] == "qconform", words
        return [sys.executable, "-m", "conformance", *words[1:]]


def _free_port() -> str:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return str(found.getsockname()[1])


def _wait_for(port: int) -> None:
    until = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert time.monotonic() < until, "the server does not listen"
            time.sleep(0.05)
        else:
            return


def lines() -> list[str]:
    blocks = re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL)
    return [line.removeprefix("$ ") for block in blocks for line in block.splitlines()]


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    reader = Reader(tmp_path_factory.mktemp("reader"))
    try:
        for line in lines():
            reader.type(line)
        yield reader
    finally:
        for server in reader.servers:
            server.terminate()
            server.wait()


def test_every_command_of_the_page_ends_as_the_page_says(reader: Reader) -> None:
    *good, last = reader.said.values()
    assert [code for code, _ in good] == [0] * len(good), good
    assert len(good) == 4
    assert last[0] == 1, last[1]


def test_the_first_run_is_green_and_says_what_it_has_not_judged(reader: Reader) -> None:
    run = next(text for line, (_, text) in reader.said.items() if "smoke" in line)
    assert "nothing is violated" in run
    for suite in ("access", "hostile", "contract"):
        assert re.search(rf"^{suite} +holds ", run, re.MULTILINE), run
    assert "sessions are not described yet" in run


def test_a_careless_service_is_found_out_by_the_rules_that_the_page_names(reader: Reader) -> None:
    _, text = reader.said[list(reader.said)[-1]]
    named = set(re.findall(r"exits with 1: (ACCESS-\d+).*?(ACCESS-\d+)", PAGE, re.DOTALL)[0])
    assert set(re.findall(r"^(ACCESS-\d+) ", text, re.MULTILINE)) == named


def test_the_table_of_the_page_names_the_files_that_were_made(reader: Reader) -> None:
    made = [path for path in (reader.folder / "qconform-coins").glob("**/*") if path.is_file()]
    for path in made:
        assert path.name in PAGE or path.name == "__init__.py", path
    document = next(path for path in made if path.name == "openapi.yaml")
    assert document.read_bytes() == (ROOT / FOLDER / "openapi.yaml").read_bytes()


def test_with_the_jobs_of_the_page_the_lifecycle_suite_judges_them_and_is_green(
    reader: Reader,
) -> None:
    (block,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    package = reader.site / "qconform_coins"
    facts = (package / "facts.py").read_text("utf-8")
    start, end = facts.index("JOBS = "), facts.index("# Once `create` is set here")
    written = block.partition("JOBS = ")[2]
    mended = f"{facts[:start]}JOBS = {written}\n{facts[end:]}".replace(
        "JobFacts, Provider, SessionFacts", "JobFacts, Provider, SessionFacts, State"
    )
    kept = [line for line in mended.splitlines() if '"LIFE-": ' not in line]
    (package / "facts.py").write_text("\n".join(kept), "utf-8")
    things = (package / "things.py").read_text("utf-8")
    placed = things.replace('place=""', 'place="machine"')
    placed = placed.replace('place_read=""', 'place_read="getMachine"')
    ast.parse(placed)
    (package / "things.py").write_text(placed, "utf-8")
    command = next(line for line in reader.said if "smoke" in line)
    again = f"{command} --suite lifecycle --format json --out again"
    reader.type(again)
    code, text = reader.said.pop(again)
    assert code == 0, text
    rules = json.loads(text[text.index("{") : text.rindex("}") + 1])["rules"]
    judged = {rule["id"] for rule in rules if rule["judged"] and rule["verdict"] == "conforms"}
    assert {"LIFE-001", "LIFE-002", "LIFE-005", "LIFE-008", "LIFE-012"} <= judged, text
