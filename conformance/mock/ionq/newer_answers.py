"""Answers of the document's API under the names that the newer API has for them.

Sources: as `newer` says.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from conformance.mock.ionq.identifiers import identifier, seed_of

QIS_GATES = (
    *("x", "y", "z", "h", "s", "si", "t", "ti", "v", "vi", "rx", "ry", "rz"),
    *("cnot", "swap", "xx", "yy", "zz", "not", "pauliexp"),
)

NATIVE = "ionq.native.v1"

_JSON = "application/json"
_NUMBERS = {"type": "object", "additionalProperties": {"type": "number", "minimum": 0}}
_COUNTS = {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}}

FORMATS: Mapping[str, tuple[str, str, Mapping[str, Any]]] = {
    "ionq.result.probabilities.json.v1": ("probabilities", "Outcome to probability.", _NUMBERS),
    "ionq.result.histogram.json.v1": ("histogram", "Outcome to the shots that gave it.", _COUNTS),
    "ionq.result.shots.json.v1": (
        "shots",
        "The outcome of each shot.",
        {"type": "array", "items": {"type": "string", "pattern": "^[0-9]+$"}},
    ),
    "ionq.result.probabilities-aggregate.json.v1": (
        "probabilities-aggregate",
        "Id of each child job to its outcomes and probabilities.",
        {"type": "object", "additionalProperties": _NUMBERS},
    ),
    NATIVE: (
        "compiled-native",
        "The circuit in native gates.",
        {
            "type": "object",
            "required": ["qubits", "circuit"],
            "properties": {
                "qubits": {"type": "integer", "minimum": 0},
                "circuit": {"type": "array", "items": {"type": "object", "required": ["gate"]}},
            },
        },
    ),
}
"""Format to the id of its artifact, what it is, and its schema. Outcomes are decimal."""

_OF_VARIANTS = tuple(FORMATS)[:3]


def newer_job(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return a job with its results by format; an ideal simulation tells no shots."""
    newer = dict(told)
    sampled = _is_sampled(told)
    if not sampled:
        newer.pop("shots", None)
    if told.get("results") and "probabilities" in told["results"]:
        newer["results"] = _results(told["results"]["probabilities"], sampled=sampled)
    mitigation = (told.get("output") or {}).get("error_mitigation") or {}
    if "debiasing" in mitigation:
        variants = [_variant(each) for each in mitigation["debiasing"]["variants"]]
        debiasing = {**mitigation["debiasing"], "variants": variants}
        newer["output"] = {
            **told["output"],
            "error_mitigation": {**mitigation, "debiasing": debiasing},
        }
    return newer


def _variant(told: Mapping[str, Any]) -> dict[str, Any]:
    results = {name: descriptor(name, told["variant_id"]) for name in _OF_VARIANTS}
    return {**told, "results": results}


def descriptor(name: str, variant: str = "") -> dict[str, str]:
    """Return what names the artifact in format `name`, of a job or of one of its variants."""
    ending = f".{variant}" if variant else ""
    return {"id": f"{FORMATS[name][0]}{ending}", "format": name, "media_type": _JSON}


def _is_sampled(told: Mapping[str, Any]) -> bool:
    model = (told.get("noise") or {}).get("model", "ideal")
    return bool(told["backend"].startswith("qpu.") or model != "ideal")


def _results(old: Mapping[str, Any], *, sampled: bool) -> dict[str, Any]:
    """Return descriptors by format, and the link under its old name, which is one too."""
    if old["url"].endswith("/aggregated"):
        names = ["ionq.result.probabilities-aggregate.json.v1"]
    else:
        names = ["ionq.result.probabilities.json.v1"]
        if sampled:
            names += ["ionq.result.histogram.json.v1", "ionq.result.shots.json.v1"]
    described = {name: descriptor(name) for name in names}
    return {"probabilities": {**old, **described[names[0]]}, **described}


def histogram(probabilities: Mapping[str, float], shots: int) -> dict[str, int]:
    """Return how many of `shots` gave each outcome."""
    return {outcome: round(value * shots) for outcome, value in probabilities.items()}


def in_order(shots: Mapping[str, Any]) -> list[str]:
    """Return the outcomes of numbered shots."""
    return [str(shots[number]) for number in sorted(shots, key=int)]


def shots_of(histogram: Mapping[str, int], job_id: str) -> list[str]:
    """Return one outcome a shot, in an order that the job fixes: the counts know none."""
    found = [outcome for outcome, count in histogram.items() for _ in range(count)]
    random.Random(seed_of("shots", job_id)).shuffle(found)  # noqa: S311 (no secret depends on it)
    return found


def newer_estimate(told: Mapping[str, Any], project: str | None) -> dict[str, Any]:
    """Return an estimate under the newer names; its times are whole milliseconds."""
    rates = dict(told["rate_information"])
    organization = rates.pop("organization")
    backend = told["input_values"]["backend"]
    return {
        "estimate_context": {
            **told["input_values"],
            "organization": organization,
            "project": project,
        },
        "estimated_at": told["estimated_at"],
        "estimated_unit": told["cost_unit"],
        "rate_card": {
            "id": identifier("rate card", organization, 0),
            "rates": [{"sku": backend, "unit": "gates", **rates}],
        },
        "estimated_total_cost": told["estimated_cost"],
        "estimated_execution_time": round(told["estimated_execution_time"] * 1000),
        "current_predicted_queue_time": round(told["current_predicted_queue_time"] * 1000),
    }


def newer_backend(told: Any) -> Any:
    """Return a backend, or each of a list, with the gates that it knows."""
    if isinstance(told, list):
        return [newer_backend(each) for each in told]
    name = told["backend"]
    two = ["zz"] if "forte" in name else ["ms"]
    return {
        **told,
        "supported_gates": list(QIS_GATES),
        "supported_native_gates": ["gpi", "gpi2", *(two if "." in name else ["ms", "zz"])],
        "supported_error_mitigations": ["debiasing"] if "." in name else [],
    }


def newer_usage(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return usage with its amounts by currency, of which there is one."""
    unit = told["usage_unit"]
    periods = [
        {
            **period,
            "amount_unit": unit,
            "amounts": [{"amount": period["amount"], "unit": unit}],
        }
        for period in told["usage_data"]
    ]
    totals = [{"amount": told["amount_total"], "unit": unit}]
    return {**told, "amount_totals": totals, "usage_data": periods}
