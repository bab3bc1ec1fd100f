"""Where code may name a provider: its data, its module, its mock, and what is listed here."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
NAMES = re.compile(r"ionq|ibm|scaleway", re.IGNORECASE)
OWN = re.compile(
    r"conformance/(mock/(ionq|ibm|scaleway)/|providers/(ionq|ibm|scaleway)(_\w+)?\.py)"
)

ALLOWED = {
    "conformance/providers/__init__.py": "finds a provider by its name",
    "conformance/mock/playing.py": "finds a mock by its provider's name, and says how to reach it",
    "conformance/mock/rest.py": "routes and validates with the parts of the first mock",
    "conformance/mock/program/qpy.py": "names the extra that it needs",
    "conformance/cli/mock.py": "serves the first mock with all its options",
    "conformance/plugin/mocks.py": "gives tests the first mock",
    "conformance/plugin/cassettes.py": "the default, and the first mock's keys",
    "conformance/oracle/surroundings.py": "the noise models of the reference simulator",
    "reference_sim/__init__.py": "noise models by whose machines they are of",
    "reference_sim/noise.py": "noise models by whose machines they are of",
    **dict.fromkeys(
        (
            "conformance/cli/drift.py",
            "conformance/cli/gate.py",
            "conformance/cli/selftest.py",
            "conformance/cli/specs.py",
            "conformance/config/settings.py",
            "conformance/engine/bench.py",
            "conformance/engine/options.py",
            "conformance/engine/replaying.py",
            "conformance/plugin/__init__.py",
            "conformance/plugin/checking.py",
            "conformance/plugin/fixtures.py",
            "conformance/plugin/targets.py",
            "conformance/spec/__init__.py",
            "conformance/spec/loading.py",
        ),
        "the provider that is meant when none is named",
    ),
}
"""Module to why it may."""
DEFAULTS = 3
"""Places at most in which a module may name the provider that is meant when none is."""


def modules() -> Iterator[Path]:
    for folder in ("conformance", "reference_sim"):
        for path in sorted((ROOT / folder).glob("**/*.py")):
            if not OWN.match(path.relative_to(ROOT).as_posix()):
                yield path


def named_in(module: Path) -> list[int]:
    """Return the lines of code that name a provider; docstrings and comments may."""
    tree = ast.parse(module.read_text("utf-8"))
    told = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}
    return [line for line, text in _texts(tree, told) if NAMES.search(text)]


def _texts(tree: ast.AST, told: set[int]) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.lineno, node.value
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, f"{node.module} {' '.join(alias.name for alias in node.names)}"
        elif isinstance(node, ast.Import):
            yield node.lineno, " ".join(alias.name for alias in node.names)
        elif isinstance(node, ast.Name):
            yield node.lineno, node.id
        elif isinstance(node, ast.Attribute):
            yield node.lineno, node.attr


def test_no_code_names_a_provider_but_where_it_is_listed_with_a_reason() -> None:
    found = {path.relative_to(ROOT).as_posix() for path in modules() if named_in(path)}
    assert found
    assert found - set(ALLOWED) == set()


@pytest.mark.parametrize("room", ["checks", "lifecycle", "generate", "transport", "live", "report"])
def test_what_judges_and_what_talks_names_no_provider(room: str) -> None:
    assert not [name for name in ALLOWED if name.startswith(f"conformance/{room}/")]


def test_a_default_is_named_once_or_twice_and_not_looked_at() -> None:
    for name, reason in ALLOWED.items():
        if reason == "the provider that is meant when none is named":
            assert len(named_in(ROOT / name)) <= DEFAULTS, name
