"""Simulators that are not ours, fed from the API's form by their own gates.

Each is a module `<name>_peer` with `probabilities(source)` and `noisy(source, r1, r2)`. None uses a
matrix of `reference_sim`: each gate is built from what the peer offers, and native gates from QIS
ones (gpi, gpi2 and ms are x, a quarter turn and xx between phase gates).
"""

from __future__ import annotations

import importlib
import math
from collections.abc import Iterator, Mapping
from typing import Any, Protocol, cast

import numpy as np
import numpy.typing as npt
import pytest

REASON = "the peer simulators are optional: install the extra 'test'"
PEERS = ("qiskit", "qulacs", "cirq")
Probabilities = npt.NDArray[np.float64]

Entry = Mapping[str, Any]
Step = tuple[str, tuple[int, ...], tuple[int, ...], tuple[Any, ...]]
"""Name of a QIS gate, targets, controls, parameters."""


class Peer(Protocol):
    """What each of the modules offers."""

    def probabilities(self, source: Entry) -> Probabilities: ...

    def noisy(self, source: Entry, one_qubit: float, two_qubit: float) -> Probabilities:
        """The rates are IonQ's r; each peer turns them into its own parameter."""


def load(name: str) -> Peer:
    """The peer; skips the test where its library is not installed."""
    return cast("Peer", importlib.import_module(f"{name}_peer"))


def optional(module: str) -> Any:
    return pytest.importorskip(module, reason=REASON)


def steps(source: Entry) -> Iterator[Step]:
    for entry in source["circuit"]:
        name = entry["gate"]
        targets = tuple(entry.get("targets", [entry.get("target")]))
        controls = tuple(entry.get("controls", ()))
        if "control" in entry:
            controls = (entry["control"],)
        if source["gateset"] == "native":
            yield from _native_steps(name, targets, entry)
        elif name == "pauliexp":
            parameters = (entry["terms"], entry["coefficients"], entry["time"])
            yield name, targets, controls, parameters
        elif name == "z" and "rotation" in entry:
            yield "phase", targets, controls, (entry["rotation"],)
        else:
            rotation = (entry["rotation"],) if "rotation" in entry else ()
            yield {"not": "x", "cnot": "x"}.get(name, name), targets, controls, rotation


def _native_steps(name: str, targets: tuple[Any, ...], entry: Entry) -> Iterator[Step]:
    turn = 2 * math.pi
    if name == "nop":
        return
    if name == "zz":
        yield "zz", targets, (), (turn * entry.get("angle", entry.get("phase")),)
        return
    inner: tuple[str, tuple[float, ...]] = {
        "gpi": ("x", ()),
        "gpi2": ("rx", (math.pi / 2,)),
        "ms": ("xx", (turn * entry.get("angle", 0.25),)),
    }[name]
    phases = entry["phases"] if name == "ms" else [entry["phase"]]
    for qubit, phase in zip(targets, phases, strict=True):
        yield "phase", (qubit,), (), (-turn * phase,)
    yield inner[0], targets, (), inner[1]
    for qubit, phase in zip(targets, phases, strict=True):
        yield "phase", (qubit,), (), (turn * phase,)
