"""Operations to cases: circuits and payloads that are valid by construction."""

from conformance.generate.catalogue import Specimen, specimens
from conformance.generate.circuits import circuit, native_circuit, qis_circuit
from conformance.generate.payloads import job_payload
from conformance.generate.related import relatives

__all__ = [
    "Specimen",
    "circuit",
    "job_payload",
    "native_circuit",
    "qis_circuit",
    "relatives",
    "specimens",
]
