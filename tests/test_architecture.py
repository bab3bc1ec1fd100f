"""Who may import whom; a new arrow between rooms is a decision, made here first."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
EVERYBODY = {"__version__", "model", "errors", "resources"}
ROOMS: dict[str, set[str]] = {
    "__init__": set(),
    "__main__": {"cli"},
    "model": set(),
    "errors": {"model"},
    "resources": {"errors"},
    "config": set(),
    "spec": set(),
    "providers": {"spec"},
    "transport": set(),
    "generate": {"spec", "providers", "reference_sim"},
    "live": {"transport", "providers"},
    "lifecycle": {"spec", "generate", "providers", "transport"},
    "checks": {"spec", "providers"},
    "oracle": {"providers", "reference_sim"},
    "mock": {"spec", "providers", "reference_sim"},
    "engine": {
        "spec",
        "providers",
        "transport",
        "generate",
        "lifecycle",
        "live",
        "checks",
        "oracle",
        "mock",
        "runlog",
        "traffic",
    },
    "gate": {"spec", "generate", "traffic", "report"},
    "runlog": set(),
    "traffic": {"spec", "runlog"},
    "report": {"runlog", "checks"},
    "cli": {
        "config",
        "spec",
        "providers",
        "transport",
        "live",
        "gate",
        "checks",
        "engine",
        "mock",
        "runlog",
        "report",
        "traffic",
        "oracle",
    },
    "plugin": {
        "spec",
        "providers",
        "transport",
        "checks",
        "engine",
        "mock",
        "runlog",
        "report",
        "traffic",
        "cli",
        "reference_sim",
    },
}
"""What the modules of a room may import besides `EVERYBODY`, third parties and themselves."""

BASE = {"__init__", "__main__", "model", "errors", "resources"}
MODULES = sorted([*ROOT.glob("conformance/**/*.py"), *ROOT.glob("reference_sim/**/*.py")])


def room_of(module: Path) -> str:
    """Return the room of a module: the folder or file right under `conformance`."""
    return module.relative_to(ROOT / "conformance").parts[0].removesuffix(".py")


def imports(module: Path) -> Iterator[str]:
    """Yield the full name of every module and name that `module` imports, wherever it does."""
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}:{node.lineno}: imports are absolute here"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def rooms_seen_by(module: Path) -> set[str]:
    """Return the rooms of `conformance`, and `reference_sim`, that `module` imports from."""
    names = [name.split(".") for name in imports(module)]
    rooms = {parts[1] for parts in names if parts[0] == "conformance" and len(parts) > 1}
    return rooms | {parts[0] for parts in names if parts[0] == "reference_sim"}


def relative(module: Path) -> str:
    return module.relative_to(ROOT).as_posix()


def test_every_room_is_in_the_table_and_every_entry_is_a_room() -> None:
    assert {room_of(m) for m in MODULES if m.is_relative_to(ROOT / "conformance")} == set(ROOMS)


@pytest.mark.parametrize("room", sorted(ROOMS))
def test_a_room_imports_what_the_table_grants_and_nothing_else(room: str) -> None:
    allowed = ROOMS[room] | {room} | (set() if room in BASE else EVERYBODY)
    modules = [m for m in MODULES if m.is_relative_to(ROOT / "conformance") and room_of(m) == room]
    trespasses = {relative(m): rooms_seen_by(m) - allowed for m in modules}
    assert modules
    assert {name: rooms for name, rooms in trespasses.items() if rooms} == {}


def test_the_table_has_no_cycles() -> None:
    above: dict[str, set[str]] = {room: others - {"__version__"} for room, others in ROOMS.items()}
    while above:
        free = {room for room, needs in above.items() if not needs & above.keys()}
        assert free, f"each of these imports another: {sorted(above)}"
        above = {room: needs for room, needs in above.items() if room not in free}


def test_the_mock_never_meets_the_checks_nor_what_meets_them() -> None:
    reached, todo = set[str](), {"mock"}
    while todo:
        room = todo.pop()
        reached.add(room)
        todo |= (ROOMS.get(room, set()) & ROOMS.keys()) - reached
    assert reached.isdisjoint({"checks", "engine", "oracle", "lifecycle"})


def test_the_reference_simulator_imports_numpy_and_nothing_else() -> None:
    outside = {
        f"{relative(module)}: {name}"
        for module in MODULES
        if module.is_relative_to(ROOT / "reference_sim")
        for name in imports(module)
        if name.partition(".")[0] not in {*sys.stdlib_module_names, "numpy", "reference_sim"}
    }
    assert outside == set()


@pytest.mark.parametrize("package", ["schemathesis", "httpcore", "openapi_core", "uvicorn"])
def test_a_large_dependency_is_met_in_one_place(package: str) -> None:
    places = {
        "schemathesis": {"conformance/engine/contract_suite.py"},
        "httpcore": {"conformance/transport/http.py", "conformance/transport/deadline.py"},
        "openapi_core": {"conformance/engine/opinion.py"},
        "uvicorn": {"conformance/mock/server.py", "conformance/mock/wire.py"},
    }
    found = {relative(m) for m in MODULES if package in {n.partition(".")[0] for n in imports(m)}}
    assert found == places[package]


def test_no_module_is_a_drawer_for_odds_and_ends() -> None:
    drawers = {"utils", "util", "helpers", "helper", "common", "misc"}
    parts = {part for m in MODULES for part in m.relative_to(ROOT).with_suffix("").parts}
    assert parts.isdisjoint(drawers)


def test_no_module_has_more_than_400_lines() -> None:
    lengths = {relative(m): len(m.read_text("utf-8").splitlines()) for m in MODULES}
    assert {name: lines for name, lines in lengths.items() if lines > 400} == {}


def test_only_the_command_line_loads_modules_by_a_computed_name() -> None:
    found = {relative(m) for m in MODULES if "importlib" in set(imports(m))}
    assert found <= {"conformance/cli/__init__.py"}


def test_providers_of_other_packages_are_looked_for_in_one_place() -> None:
    found = {relative(m) for m in MODULES if any("entry_points" in name for name in imports(m))}
    assert found == {"conformance/resources.py"}


def test_public_names_exist_and_are_sorted() -> None:
    listed = 0
    for module in MODULES:
        for node in ast.parse(module.read_text("utf-8")).body:
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
                names = ast.literal_eval(node.value)
                constants = [n for n in names if n.isupper()]
                classes = [n for n in names if n[0].isupper() and not n.isupper()]
                others = [n for n in names if n[0].islower() or n[0] == "_"]
                ordered = [*sorted(constants), *sorted(classes), *sorted(others)]
                assert names == ordered, f"{relative(module)}: __all__ is not sorted"
                listed += 1
    assert listed >= 8
