"""IonQ's maxcut jobs, quantum functions and variants: payloads, and how answers are read.

Sources: the published document of 15 May 2026 for the payloads and for what variants tell; the
models of ionq-core 0.2.0 for `value`, `variance` and `qaoa_results` in the results of a job.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from conformance.providers.functions import (
    CutTold,
    EnergyAsked,
    EnergyTold,
    FunctionFacts,
    Variant,
    VariantFacts,
)

_HEAD = ("OPENQASM 3.0;", 'include "stdgates.inc";')
_DECLARED = re.compile(r"qubit\[(\d+)\] q;", re.ASCII)
_TURN = re.compile(r"(r[xyz])\(theta(\d+)\) q\[(\d+)\];", re.ASCII)
_PLAIN = re.compile(r"(h|x) q\[(\d+)\];", re.ASCII)
_CX = re.compile(r"cx q\[(\d+)\], q\[(\d+)\];", re.ASCII)
_INPUT = re.compile(r"input float\[64\] theta(\d+);", re.ASCII)
_DEFAULT_SHOTS = 100

Json = dict[str, Any]


def cut_job(graph: Mapping[str, Any], *, shots: int = 1000, **fields: Any) -> Json:
    """Return a creation payload for the largest cut of `graph`, with credentials of nobody."""
    return {
        "type": "qctrl.qaoa.v1",
        "backend": "simulator",
        "shots": shots,
        "input": {"problem_type": "maxcut", "problem": dict(graph)},
        "external_settings": {"api_credentials": "none"},
        **fields,
    }


def graph_of(payload: Mapping[str, Any]) -> Json | None:
    """Return the graph whose largest cut a payload asks for."""
    whole = payload.get("input")
    if payload.get("type") != "qctrl.qaoa.v1" or not isinstance(whole, dict):
        return None
    problem = whole.get("problem")
    return problem if isinstance(problem, dict) else None


def cuts_told(job: Mapping[str, Any]) -> Sequence[CutTold]:
    """Return the cuts that a job tells as its solver's last word."""
    return [
        CutTold(
            cost=told.get("optimal_cost"),
            sides=told.get("optimal_bitstring"),
            place=f"{member}/qaoa_results",
        )
        for member in ("results", "output")
        if isinstance(told := _member(job, member).get("qaoa_results"), dict)
        and told.get("processing_status") == "complete"
    ]


def energy_job(
    ansatz: Mapping[str, Any],
    hamiltonian: Sequence[Mapping[str, Any]],
    *,
    shots: int = 1000,
    **fields: Any,
) -> Json:
    """Return a creation payload for an energy; angles of the ansatz become parameters.

    Args:
        ansatz: An `input` object with gates out of rx, ry, rz, h, x and cnot.
        hamiltonian: Pauli strings with their coefficients.
        shots: Readings of each basis, where they are sampled.
        fields: Further fields of the payload.
    """
    text, params = _program(ansatz)
    data = {"hamiltonian": [dict(term) for term in hamiltonian], "ansatz": {"data": text}}
    return {
        "type": "quantum-function",
        "backend": "simulator",
        "shots": shots,
        "input": {"data": {"type": "hamiltonian-energy", "data": data}, "params": params},
        **fields,
    }


def energy_of(payload: Mapping[str, Any]) -> EnergyAsked | None:
    """Return the energy that a payload asks for; None with penalties or a part of the outcomes."""
    whole, outer = payload.get("input"), _member(_member(payload, "input"), "data")
    data = outer.get("data")
    named = outer.get("type") == "hamiltonian-energy" and isinstance(data, dict)
    if payload.get("type") != "quantum-function" or not isinstance(whole, dict) or not named:
        return None
    fields: Json = data if isinstance(data, dict) else {}
    terms, shots = fields.get("hamiltonian"), payload.get("shots", _DEFAULT_SHOTS)
    partial = fields.get("penalty") or fields.get("cvar_alpha") not in (None, 1)
    if partial or not isinstance(terms, list) or not isinstance(shots, int):
        return None
    ansatz = _circuit(_member(fields, "ansatz").get("data"), whole.get("params"))
    return EnergyAsked(hamiltonian=terms, ansatz=ansatz, shots=shots)


def energy_told(job: Mapping[str, Any]) -> EnergyTold | None:
    """Return the energy that a completed job tells."""
    results = _member(job, "results")
    return EnergyTold(value=results["value"], place="results/value") if "value" in results else None


def variants_of(job: Mapping[str, Any]) -> Sequence[Variant]:
    """Return the variants of a debiased job, none where one of them cannot be read."""
    mitigation = _member(_member(job, "output"), "error_mitigation")
    told = _member(mitigation, "debiasing").get("variants")
    found = [_variant(entry) for entry in (told if isinstance(told, list) else [])]
    return [each for each in found if each is not None] if None not in found else []


def _variant(entry: object) -> Variant | None:
    name, shots = (
        (entry.get("variant_id"), entry.get("shots")) if isinstance(entry, dict) else ("", None)
    )
    if not isinstance(name, str) or not name or not isinstance(shots, int):
        return None
    return Variant(id=name, shots=shots)


def _member(whole: Mapping[str, Any], name: str) -> Json:
    member = whole.get(name)
    return member if isinstance(member, dict) else {}


# ---------------------------------------------------------------- ansatz and program


def _program(ansatz: Mapping[str, Any]) -> tuple[str, list[float]]:
    """Return an ansatz as OpenQASM 3, and the values of its inputs."""
    lines, params = list[str](), list[float]()
    for gate in ansatz["circuit"]:
        name, target = gate["gate"], gate["target"]
        if name == "cnot":
            lines.append(f"cx q[{gate['control']}], q[{target}];")
        elif "rotation" in gate:
            lines.append(f"{name}(theta{len(params)}) q[{target}];")
            params.append(gate["rotation"])
        else:
            lines.append(f"{name} q[{target}];")
    inputs = [f"input float[64] theta{number};" for number in range(len(params))]
    return "\n".join([*_HEAD, *inputs, f"qubit[{ansatz['qubits']}] q;", *lines, ""]), params


def _circuit(text: object, params: object) -> Json | None:
    """Return the ansatz of a program in the words of `_program`; None for any other."""
    lines = text.splitlines() if isinstance(text, str) else []
    if lines[:2] != [*_HEAD] or not isinstance(params, list):
        return None
    inputs = [line for line in lines[2:] if _INPUT.fullmatch(line)]
    declared = [f"input float[64] theta{number};" for number in range(len(params))]
    body = lines[2 + len(inputs) :]
    width = _DECLARED.fullmatch(body[0]) if body else None
    gates = [_gate(line, params) for line in body[1:]]
    if inputs != declared or width is None or None in gates:
        return None
    return {"gateset": "qis", "qubits": int(width[1]), "circuit": gates}


def _gate(line: str, params: Sequence[Any]) -> Json | None:
    if turn := _TURN.fullmatch(line):
        number = int(turn[2])
        value = params[number] if number < len(params) else None
        return {"gate": turn[1], "target": int(turn[3]), "rotation": value}
    if plain := _PLAIN.fullmatch(line):
        return {"gate": plain[1], "target": int(plain[2])}
    if pair := _CX.fullmatch(line):
        return {"gate": "cnot", "control": int(pair[1]), "target": int(pair[2])}
    return None


FUNCTIONS = FunctionFacts(
    cut=cut_job,
    graph_of=graph_of,
    cuts_told=cuts_told,
    energy=energy_job,
    energy_of=energy_of,
    energy_told=energy_told,
)

VARIANTS = VariantFacts(
    settings={"error_mitigation": {"debiasing": True}},
    fewest_shots=500,
    of=variants_of,
    probabilities="GetVariantProbabilities",
    histogram="GetVariantHistogram",
    single_shots="GetVariantShots",
    id_parameter="variantId",
    sharpen="sharpen",
)
