"""How many requests a second the mock serves, beside Prism: `python benchmarks/mock/compare.py`.

wrk (one thread, 16 connections) reads one job, submits Bell pairs, and submits them and fetches
each result (so that each is simulated), for some seconds each; rounds alternate between the
servers, and the best of each is told. Prism makes no results, so that it has no third figure.
On a busy machine trust the ratios, and the processor time a request, which other programs hardly
change.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from servers import BELL, KEY, Server, ours, prism, submitted

CONNECTIONS = 16


@dataclass(frozen=True)
class Load:
    """What wrk saw, and what it cost the server."""

    rate: float
    """Requests a second."""
    p99: float
    """Milliseconds."""
    failed: int
    cpu: float
    """Microseconds of processor a request."""


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=int, default=5, help="of each load")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--without-prism", action="store_true")
    asked = parser.parse_args()
    if shutil.which("wrk") is None:
        print("expected wrk on the path, found none: apt install wrk", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        servers = [*started(stack, Path(folder), with_prism=not asked.without_prism)]
        report(servers, asked.rounds, asked.seconds, Path(folder))
    return 0


def started(stack: contextlib.ExitStack, folder: Path, *, with_prism: bool) -> Iterator[Server]:
    """Start the servers and yield each."""
    for options in ((), ("--state", str(folder / "state"))):
        yield stack.enter_context(ours("--clock", "instant", "--keep", "10000", *options))
    if with_prism and shutil.which("npx") is not None:
        document = folder / "openapi.json"
        show = [sys.executable, "-m", "conformance", "specs", "show"]
        shown = subprocess.run(show, check=True, capture_output=True)  # noqa: S603 (our own)
        document.write_bytes(shown.stdout)
        yield stack.enter_context(prism(document))


def report(servers: list[Server], rounds: int, seconds: int, folder: Path) -> None:
    """Load the servers in turns and print what was seen."""
    scripts = {"reads": None, "submissions": posting(folder), "with results": fetching(folder)}
    seen: dict[tuple[str, str], list[Load]] = {}
    for _ in range(rounds):
        for server in servers:
            for what, script in scripts.items():
                if server.name.startswith("Prism") and what == "with results":
                    continue
                path = f"/jobs/{submitted(server)}" if script is None else "/jobs"
                found = load(server, path, seconds, script)
                seen.setdefault((server.name, what), []).append(found)
    print(f"{'server':34} {'ready s':>8} {'MB':>6}  {'what':14} {'req/s':>8} {'p99 ms':>8} "
          f"{'us cpu':>8} {'failed':>7}")  # fmt: skip
    for server in servers:
        name = re.sub(r" --clock.*?10000", "", server.name)
        name = re.sub(r"--state \S+", "--state FILE", name)
        head = f"{name:34} {server.ready:8.2f} {server.megabytes():6.0f}"
        for what in scripts:
            if (server.name, what) in seen:
                one = max(seen[server.name, what], key=lambda each: each.rate)
                figures = f"{one.rate:8.0f} {one.p99:8.1f} {one.cpu:8.1f} {one.failed:7}"
                print(f"{head}  {what:14} {figures}")
                head = f"{'':50}"


def posting(folder: Path) -> Path:
    """Write the script by which wrk submits jobs."""
    script = folder / "post.lua"
    body = json.dumps(BELL)
    script.write_text(
        "wrk.method = 'POST'\n"
        f"wrk.body = [==[{body}]==]\n"
        "wrk.headers['Content-Type'] = 'application/json'\n"
    )
    return script


def fetching(folder: Path) -> Path:
    """Write the script by which wrk submits jobs and fetches the result of each."""
    script = folder / "fetch.lua"
    script.write_text(
        "local waiting, post = {}, nil\n"
        "init = function() post = wrk.format('POST', nil, nil, wrk.body) end\n"
        f"wrk.body = [==[{json.dumps(BELL)}]==]\n"
        "wrk.headers['Content-Type'] = 'application/json'\n"
        "request = function()\n"
        "  local job = table.remove(waiting)\n"
        "  if job == nil then return post end\n"
        "  return wrk.format('GET', wrk.path .. '/' .. job .. '/results/probabilities', nil, '')\n"
        "end\n"
        "response = function(status, headers, body)\n"
        '  local job = string.match(body, \'^{"id":"([^"]+)"\')\n'
        "  if status == 201 and job then table.insert(waiting, job) end\n"
        "end\n"
    )
    return script


def load(server: Server, path: str, seconds: int, script: Path | None = None) -> Load:
    """Let wrk ask for `path` and return what it saw."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency"]
    command += ["-H", f"Authorization: apiKey {KEY}"]
    command += ["-s", str(script)] if script is not None else []
    before = server.cpu()
    told = subprocess.run(  # noqa: S603 (wrk)
        [*command, f"{server.url}{path}"], check=True, capture_output=True, text=True
    ).stdout
    cpu = server.cpu() - before
    requests = int(_found(r"(\d+) requests in", told))
    failed = int(_found(r"Non-2xx or 3xx responses: (\d+)", told, "0"))
    number, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", told).groups()  # type: ignore[union-attr]
    p99 = float(number) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[unit]
    rate = float(_found(r"Requests/sec:\s+([\d.]+)", told))
    return Load(rate, p99, failed, cpu / requests * 1e6)


def _found(pattern: str, text: str, otherwise: str = "") -> str:
    match = re.search(pattern, text)
    return match[1] if match else otherwise


if __name__ == "__main__":
    sys.exit(main())
