"""Every package says what it offers, sorted; heavy imports wait until they are wanted."""

from __future__ import annotations

import importlib
import pkgutil
import subprocess
import sys

import pytest

import conformance
import reference_sim

COMMANDS = "conformance.cli"
"""The one package that offers commands, not names to import."""

HEAVY = ("hypothesis", "jsonschema", "numpy", "rich", "schemathesis")


def packages() -> list[str]:
    found = [conformance.__name__, reference_sim.__name__]
    for root in (conformance, reference_sim):
        below = pkgutil.walk_packages(root.__path__, root.__name__ + ".")
        found += [module.name for module in below if module.ispkg]
    return found


def rank(name: str) -> tuple[int, str]:
    """Order names as ruff does: constants, classes, the rest."""
    bare = name.lstrip("_")
    if bare.isupper():
        return 0, name
    return (1 if bare[:1].isupper() else 2), name


@pytest.mark.parametrize("name", packages())
def test_a_package_lists_its_names_once_and_sorted(name: str) -> None:
    package = importlib.import_module(name)
    listed = list(getattr(package, "__all__", []))
    offered = [key for key, value in vars(package).items() if is_own(name, key, value)]
    assert listed == sorted(set(listed), key=rank)
    assert not [entry for entry in listed if not hasattr(package, entry)]
    assert listed or not offered or name == COMMANDS, f"{name} defines {offered} and has no __all__"


def is_own(package: str, name: str, value: object) -> bool:
    """Whether `value` is a public class or function that `package` itself defines."""
    return not name.startswith("_") and getattr(value, "__module__", None) == package


def loaded_by(statement: str) -> set[str]:
    """Return the top-level modules that a fresh interpreter has loaded after `statement`."""
    program = f"import sys\n{statement}\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, check=True, encoding="utf-8")  # noqa: S603 (our own program)
    return set(done.stdout.splitlines()[-1].split())


def test_help_imports_nothing_heavy() -> None:
    loaded = loaded_by("from conformance.cli import main\nassert main(['--help']) == 0")
    assert "click" in loaded
    assert loaded.isdisjoint(HEAVY)


def test_the_reference_simulator_imports_numpy_alone() -> None:
    loaded = loaded_by("import reference_sim")
    assert loaded.isdisjoint({"conformance", *HEAVY} - {"numpy"})
