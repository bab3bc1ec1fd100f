"""Single edits of IonQ's document, and what the rules of the game say of each, both ways.

The expectations are derived by hand from the game, not from what the gate happens to say: requests
may only widen and responses may only narrow, for clients that read tolerantly and send only what
is documented.
"""

# ruff: noqa: E501, FBT003  # a mutation a line: the table is read across, and JSON has booleans
from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from conformance.spec import pointers

Edit = Callable[[dict[str, Any]], None]
B, R, C, N = "breaking", "risky", "compatible", "none"


@dataclass(frozen=True)
class Mutation:
    """An edit, the worst verdict there and back, and the rule that must give it."""

    name: str
    edit: Edit
    there: tuple[str, str]
    back: tuple[str, str]


def put(pointer: str, value: Any) -> Edit:
    """Set a place of the document."""

    def edit(document: dict[str, Any]) -> None:
        pointers.put(document, pointer, copy.deepcopy(value))

    return edit


def drop(pointer: str) -> Edit:
    """Take a place away."""

    def edit(document: dict[str, Any]) -> None:
        *above, last = pointers.steps(pointer)
        holder = pointers.find(document, pointers.join(above))
        del holder[int(last) if isinstance(holder, list) else last]

    return edit


def append(pointer: str, value: Any) -> Edit:
    """Add to a list."""
    return lambda document: pointers.find(document, pointer).append(copy.deepcopy(value))


def discard(pointer: str, value: Any) -> Edit:
    """Take a value from a list."""
    return lambda document: pointers.find(document, pointer).remove(value)


def all_of(*edits: Edit) -> Edit:
    """Do several edits that are one change."""

    def edit(document: dict[str, Any]) -> None:
        for each in edits:
            each(document)

    return edit


S = "/components/schemas"
CIRCUIT = f"{S}/CircuitJobCreationPayload"
JOB = f"{S}/GetCircuitJobResponse"
ESTIMATE = "/paths/~1jobs~1estimate/get/parameters"
LIST = "/paths/~1jobs/get/parameters"
POST = "/paths/~1jobs/post"
GET = "/paths/~1jobs~1{UUID}/get"
JSON = "application~1json"
HEADER = {"schema": {"type": "integer"}}
FLAG = {"type": "boolean"}

MUTATIONS: tuple[Mutation, ...] = (
    # operations
    Mutation("an operation is gone", drop(f"{GET}"), (B, "operation-removed"), (C, "operation-added")),
    Mutation("a path is gone", drop("/paths/~1whoami"), (B, "operation-removed"), (C, "operation-added")),
    Mutation("a literal path is gone, and a template takes its requests", drop("/paths/~1jobs~1estimate"), (B, "path-swallowed"), (C, "operation-added")),
    Mutation("a deprecated operation", put(f"{GET}/deprecated", True), (C, "deprecation"), (C, "deprecation")),
    Mutation("a sunset", all_of(put(f"{GET}/deprecated", True), put(f"{GET}/x-sunset", "2099-01-01")), (C, "sunset"), (C, "sunset")),
    Mutation("another operationId", put(f"{GET}/operationId", "ShowJob"), (C, "operation-id"), (C, "operation-id")),
    Mutation("another server path", put("/servers/0/url", "https://api.ionq.co/v0.5"), (B, "server-removed"), (B, "server-removed")),
    Mutation("a further server", append("/servers", {"url": "https://eu.ionq.co/v0.4"}), (C, "server-added"), (R, "server-removed")),
    # parameters
    Mutation("an optional query parameter is gone", drop(f"{LIST}/1"), (R, "parameter-removed"), (C, "parameter-added")),
    Mutation("a new optional query parameter", append(LIST, {"name": "sort", "in": "query", "schema": {"type": "string"}}), (C, "parameter-added"), (R, "parameter-removed")),
    Mutation("a new required query parameter", append(LIST, {"name": "sort", "in": "query", "required": True, "schema": {"type": "string"}}), (B, "parameter-added"), (R, "parameter-removed")),
    Mutation("a new required header", append(LIST, {"name": "X-Org", "in": "header", "required": True, "schema": {"type": "string"}}), (B, "parameter-added"), (R, "parameter-removed")),
    Mutation("a new required cookie", append(LIST, {"name": "org", "in": "cookie", "required": True, "schema": {"type": "string"}}), (B, "parameter-added"), (R, "parameter-removed")),
    Mutation("a parameter becomes required", put(f"{LIST}/1/required", True), (B, "parameter-required"), (C, "parameter-optional")),
    Mutation("a required parameter becomes optional", put(f"{ESTIMATE}/0/required", False), (C, "parameter-optional"), (B, "parameter-required")),
    Mutation("a parameter of numbers takes words", put(f"{LIST}/6/schema", {"type": "string"}), (C, "type"), (B, "type")),
    Mutation("a parameter of words takes numbers", put(f"{LIST}/1/schema", {"type": "integer"}), (B, "type"), (C, "type")),
    Mutation("a parameter gets a minimum", put(f"{LIST}/6/schema/minimum", 1), (B, "minimum"), (C, "minimum")),
    Mutation("a parameter gets a maximum", put(f"{LIST}/6/schema/maximum", 25), (B, "maximum"), (C, "maximum")),
    Mutation("a parameter's maximum rises", put("/paths/~1backends~1{backend}~1characterizations/get/parameters/3/schema/maximum", 50), (C, "maximum"), (B, "maximum")),
    Mutation("a parameter of 32 bits takes 64", put(f"{LIST}/6/schema/format", "int64"), (C, "maximum"), (B, "maximum")),
    Mutation("a parameter lists its values", put(f"{LIST}/3/schema", {"type": "string", "enum": ["simulator", "qpu.forte-1"]}), (B, "enum"), (C, "enum")),
    Mutation("a parameter gets a pattern", put(f"{LIST}/1/schema/pattern", "^[0-9a-f-]+$"), (B, "pattern"), (C, "pattern")),
    Mutation("a parameter gets a length", put(f"{LIST}/1/schema/maxLength", 36), (B, "max-length"), (C, "max-length")),
    Mutation("a parameter gets a format", put(f"{LIST}/4/schema/format", "uuid"), (B, "format"), (C, "format")),
    Mutation("a date becomes a time", put("/paths/~1organizations~1{organization_id}~1usage/get/parameters/1/schema/format", "date-time"), (B, "format"), (B, "format")),
    Mutation("a list is no longer exploded", put(f"{LIST}/0/explode", False), (B, "parameter-decoding"), (B, "parameter-decoding")),
    Mutation("a list is parted by bars", all_of(put(f"{LIST}/0/style", "pipeDelimited"), put(f"{LIST}/0/explode", False)), (B, "parameter-decoding"), (B, "parameter-decoding")),
    Mutation("a list becomes one value", put(f"{LIST}/0/schema", {"type": "string"}), (B, "type"), (B, "type")),
    Mutation("a default of a parameter", put(f"{ESTIMATE}/3/schema/default", 500), (R, "default"), (R, "default")),
    Mutation("a deprecated parameter", put(f"{LIST}/3/deprecated", True), (C, "deprecation"), (C, "deprecation")),
    Mutation("a path parameter gets a format", put(f"{GET}/parameters/0/schema/format", "uuid"), (B, "format"), (C, "format")),
    Mutation("a listed path value is gone", discard("/components/parameters/backend/schema/enum", "qpu.aria-1"), (B, "enum-value-removed"), (C, "enum-value-added")),
    Mutation("a value of a language is new", append("/paths/~1jobs~1{UUID}~1circuits~1{lang}/get/parameters/1/schema/enum", "qir"), (C, "enum-value-added"), (B, "enum-value-removed")),
    Mutation("a flag becomes a word", put("/paths/~1sessions/get/parameters/0/schema", {"type": "string", "enum": ["yes", "no"]}), (B, "type"), (B, "type")),
    # request bodies
    Mutation("a body becomes optional", put(f"{POST}/requestBody/required", False), (C, "body-optional"), (B, "body-required")),
    Mutation("a body is gone", drop(f"{POST}/requestBody"), (B, "body-removed"), (B, "body-added")),
    Mutation("an optional body", put("/paths/~1sessions~1{session_id}~1end/post/requestBody", {"content": {"application/json": {"schema": {"type": "object"}}}}), (C, "body-added"), (B, "body-removed")),
    Mutation("a further media type of a body", put(f"{POST}/requestBody/content/text~1plain", {"schema": {"type": "string"}}), (C, "request-media-type-added"), (B, "request-media-type-removed")),
    Mutation("another media type of a body", all_of(put(f"{POST}/requestBody/content/application~1xml", {"schema": {}}), drop(f"{POST}/requestBody/content/{JSON}")), (B, "request-media-type-removed"), (B, "request-media-type-removed")),
    Mutation("fewer shots", put(f"{CIRCUIT}/properties/shots/maximum", 5000), (B, "maximum"), (C, "maximum")),
    Mutation("more shots at least", put(f"{CIRCUIT}/properties/shots/minimum", 10), (B, "minimum"), (C, "minimum")),
    Mutation("no limit of shots", drop(f"{CIRCUIT}/properties/shots/maximum"), (C, "maximum"), (B, "maximum")),
    Mutation("shots by the hundred", put(f"{CIRCUIT}/properties/shots/multipleOf", 100), (B, "multiple-of"), (C, "multiple-of")),
    Mutation("shots without their lower end", put(f"{CIRCUIT}/properties/shots/exclusiveMinimum", True), (B, "minimum"), (C, "minimum")),
    Mutation("another default of shots", put(f"{CIRCUIT}/properties/shots/default", 1000), (R, "default"), (R, "default")),
    Mutation("no default of shots", drop(f"{CIRCUIT}/properties/shots/default"), (R, "default"), (R, "default")),
    Mutation("shots become words", put(f"{CIRCUIT}/properties/shots", {"type": "string"}), (B, "type"), (B, "type")),
    Mutation("shots may be fractions", put(f"{CIRCUIT}/properties/shots", {"type": "number", "default": 100, "minimum": 1, "maximum": 1000000}), (C, "type"), (B, "type")),
    Mutation("a name has a length", put(f"{CIRCUIT}/properties/name/maxLength", 64), (B, "max-length"), (C, "max-length")),
    Mutation("a name is not empty", put(f"{CIRCUIT}/properties/name/minLength", 1), (B, "min-length"), (C, "min-length")),
    Mutation("a name has a pattern", put(f"{CIRCUIT}/properties/name/pattern", "^[a-z]+$"), (B, "pattern"), (C, "pattern")),
    Mutation("a name may be null", put(f"{CIRCUIT}/properties/name/nullable", True), (C, "nullable"), (B, "nullable")),
    Mutation("a name becomes required", append(f"{CIRCUIT}/required", "name"), (B, "property-required"), (C, "property-optional")),
    Mutation("a backend becomes optional", discard(f"{CIRCUIT}/required", "backend"), (C, "property-optional"), (B, "property-required")),
    Mutation("a closed request loses a property", drop(f"{CIRCUIT}/properties/dry_run"), (B, "property-removed"), (C, "property-added")),
    Mutation("a request has a new property", put(f"{CIRCUIT}/properties/priority", {"type": "integer"}), (C, "property-added"), (B, "property-removed")),
    Mutation("a request has a new required property", all_of(put(f"{CIRCUIT}/properties/priority", {"type": "integer"}), append(f"{CIRCUIT}/required", "priority")), (B, "property-added"), (B, "property-removed")),
    Mutation("an open request loses a property", drop(f"{S}/HamiltonianEnergyInput/properties/params"), (R, "property-removed"), (C, "property-added")),
    Mutation("an open request is closed", put(f"{S}/HamiltonianEnergyData/additionalProperties", False), (C, "additional-properties"), (C, "additional-properties")),
    Mutation("a closed request is opened", drop(f"{CIRCUIT}/additionalProperties"), (C, "additional-properties"), (C, "additional-properties")),
    Mutation("the values of a map become numbers", put(f"{S}/JobMetadata/additionalProperties", {"type": "integer"}), (B, "type"), (B, "type")),
    Mutation("the values of a map have a length", put(f"{S}/JobMetadata/additionalProperties/maxLength", 50), (B, "max-length"), (B, "max-length")),
    Mutation("a map has few members", put(f"{S}/JobMetadata/maxProperties", 10), (B, "max-properties"), (C, "max-properties")),
    Mutation("a gate is gone", discard(f"{S}/QisGate/enum", "pauliexp"), (B, "enum-value-removed"), (C, "enum-value-added")),
    Mutation("a gate is new", append(f"{S}/QisGate/enum", "ccx"), (C, "enum-value-added"), (B, "enum-value-removed")),
    Mutation("any gate", drop(f"{S}/QisGate/enum"), (C, "enum"), (B, "enum")),
    Mutation("a problem type is new", append(f"{S}/QctrlQaoaJobInput/properties/problem_type/enum", "tsp"), (C, "enum-value-added"), (B, "enum-value-removed")),
    Mutation("the type of a job has another name", put(f"{CIRCUIT}/properties/type/enum", ["ionq.circuit.v2"]), (B, "enum-value-removed"), (B, "enum-value-removed")),
    Mutation("a circuit is not empty", put(f"{S}/QisCircuitInput/properties/circuit/minItems", 1), (B, "min-items"), (C, "min-items")),
    Mutation("a circuit has few gates", put(f"{S}/QisCircuitInput/properties/circuit/maxItems", 100), (B, "max-items"), (C, "max-items")),
    Mutation("no gate twice", put(f"{S}/QisCircuitInput/properties/circuit/uniqueItems", True), (B, "unique-items"), (C, "unique-items")),
    Mutation("targets are integers", put(f"{S}/Gate_QisGate/properties/targets/items", {"type": "integer"}), (B, "type"), (C, "type")),
    Mutation("a target becomes required", append(f"{S}/Gate_QisGate/required", "target"), (B, "property-required"), (C, "property-optional")),
    Mutation("rotations are single", put(f"{S}/Gate_QisGate/properties/rotation/format", "float"), (B, "maximum"), (C, "maximum")),
    Mutation("an alternative of a request is gone", drop(f"{S}/JobCreationPayload/anyOf/3"), (B, "alternative-removed"), (C, "alternative-added")),
    Mutation("an alternative of a request is new", append(f"{S}/JobCreationPayload/anyOf", {"type": "object", "required": ["program"], "properties": {"program": {"type": "string"}}, "additionalProperties": False}), (C, "alternative-added"), (B, "alternative-removed")),
    Mutation("exactly one becomes any", all_of(put(f"{S}/QuantumFunctionInput/anyOf", [{"$ref": f"#{S}/HamiltonianEnergyInput"}, {"$ref": f"#{S}/GenericQuantumFunctionInput"}]), drop(f"{S}/QuantumFunctionInput/oneOf")), (C, "exclusive"), (B, "exclusive")),
    Mutation("a discriminator is gone", drop(f"{S}/QuantumFunctionInput/discriminator"), (R, "discriminator"), (R, "discriminator")),
    Mutation("another discriminating property", put(f"{S}/QuantumFunctionInput/discriminator/propertyName", "kind"), (R, "discriminator"), (R, "discriminator")),
    Mutation("a discriminator knows another word", put(f"{S}/QuantumFunctionInput/discriminator/mapping/generic", f"#{S}/GenericQuantumFunctionInput"), (R, "discriminator"), (R, "discriminator")),
    Mutation("a limit of a session is positive", put(f"{S}/SessionSettingsRequest/properties/job_count_limit/minimum", 1), (B, "minimum"), (C, "minimum")),
    Mutation("a limit of a session has 64 bits", put(f"{S}/SessionSettingsRequest/properties/job_count_limit/format", "int64"), (C, "maximum"), (B, "maximum")),
    Mutation("a conjunction demands more", put(f"{S}/CreateSessionRequest/allOf", [{"required": ["settings"]}]), (B, "property-required"), (C, "property-optional")),
    Mutation("something must not be", put(f"{S}/JobBackends/not", {"enum": ["simulator"]}), (B, "negation"), (B, "negation")),
    Mutation("a property that is only read", put(f"{CIRCUIT}/properties/name/readOnly", True), (R, "property-removed"), (C, "property-added")),
    Mutation("a deprecated property", put(f"{CIRCUIT}/properties/name/deprecated", True), (C, "deprecation"), (C, "deprecation")),
    # responses
    Mutation("the only success is gone", drop(f"{GET}/responses/200"), (B, "response-status-removed"), (R, "response-status-added")),
    Mutation("an error is gone", drop(f"{GET}/responses/429"), (C, "response-status-removed"), (C, "response-status-added")),
    Mutation("an error is new", put(f"{GET}/responses/404", {"description": "none"}), (C, "response-status-added"), (C, "response-status-removed")),
    Mutation("another success", put(f"{GET}/responses/202", {"description": "later"}), (R, "response-status-added"), (C, "response-status-removed")),
    Mutation("a success has another status", all_of(put(f"{POST}/responses/200", {"description": "done"}), drop(f"{POST}/responses/201")), (B, "response-status-removed"), (B, "response-status-removed")),
    Mutation("a response has no body", drop(f"{GET}/responses/200/content"), (B, "response-media-type-removed"), (C, "response-media-type-added")),
    Mutation("a response in a further media type", put(f"{GET}/responses/200/content/text~1csv", {"schema": {"type": "string"}}), (C, "response-media-type-added"), (B, "response-media-type-removed")),
    Mutation("a response in another media type", all_of(put(f"{GET}/responses/200/content/application~1xml", {"schema": {}}), drop(f"{GET}/responses/200/content/{JSON}")), (B, "response-media-type-removed"), (B, "response-media-type-removed")),
    Mutation("a response has a new header", put(f"{GET}/responses/200/headers", {"X-Rate": HEADER}), (C, "response-header-added"), (R, "response-header-removed")),
    Mutation("a response always has a new header", put(f"{GET}/responses/200/headers", {"X-Rate": {**HEADER, "required": True}}), (C, "response-header-added"), (B, "response-header-removed")),
    Mutation("a status of a job is new", append(f"{S}/JobStatus/enum", "paused"), (B, "enum-value-added"), (B, "enum-value-removed")),
    Mutation("a status of a session is new", append(f"{S}/SessionStatusEnum/enum", "paused"), (B, "enum-value-added"), (C, "enum-value-removed")),
    Mutation("a failure is new", append(f"{S}/Failure/properties/code/enum", "Fire"), (B, "enum-value-added"), (C, "enum-value-removed")),
    Mutation("any failure", drop(f"{S}/Failure/properties/code/enum"), (B, "enum"), (C, "enum")),
    Mutation("a required response property is gone", all_of(drop(f"{JOB}/properties/stats"), discard(f"{JOB}/required", "stats")), (B, "property-removed"), (C, "property-added")),
    Mutation("an optional response property is gone", drop(f"{JOB}/properties/cost_model"), (R, "property-removed"), (C, "property-added")),
    Mutation("an optional property of an open response is gone", drop(f"{S}/Backend/properties/location"), (R, "property-removed"), (C, "property-added")),
    Mutation("a closed response has a new property", put(f"{JOB}/properties/queue", {"type": "integer"}), (C, "property-added"), (R, "property-removed")),
    Mutation("an open response has a new property", put(f"{S}/Backend/properties/queue", {"type": "integer"}), (C, "property-added"), (R, "property-removed")),
    Mutation("a closed response has a new required property", all_of(put(f"{JOB}/properties/queue", FLAG), append(f"{JOB}/required", "queue")), (C, "property-added"), (B, "property-removed")),
    Mutation("a response property becomes optional", discard(f"{JOB}/required", "results"), (B, "property-optional"), (C, "property-required")),
    Mutation("a response property becomes required", append(f"{JOB}/required", "shots"), (C, "property-required"), (B, "property-optional")),
    Mutation("a response property may be null", put(f"{JOB}/properties/backend/nullable", True), (B, "nullable"), (C, "nullable")),
    Mutation("a response property is never null", put(f"{JOB}/properties/name/nullable", False), (C, "nullable"), (B, "nullable")),
    Mutation("a whole object of a response may be null", put(f"{S}/GetJobCostResponse/properties/estimated_cost/nullable", True), (B, "nullable"), (C, "nullable")),
    Mutation("a response property has another type", put(f"{JOB}/properties/id", {"type": "integer"}), (B, "type"), (B, "type")),
    Mutation("a response number may be a fraction", put(f"{S}/Backend/properties/qubits", {"type": "number", "minimum": 0}), (B, "type"), (C, "type")),
    Mutation("a response number is whole", put(f"{S}/Backend/properties/kw", {"type": "integer"}), (C, "type"), (B, "type")),
    Mutation("a response number loses its minimum", drop(f"{S}/Backend/properties/qubits/minimum"), (B, "minimum"), (C, "minimum")),
    Mutation("a response number gets a maximum", put(f"{S}/Backend/properties/qubits/maximum", 1000), (C, "maximum"), (B, "maximum")),
    Mutation("a response number has 64 bits", put(f"{JOB}/properties/execution_duration_ms/format", "int64"), (B, "maximum"), (C, "maximum")),
    Mutation("a response text has no format", drop(f"{S}/Session/properties/created_at/format"), (B, "format"), (C, "format")),
    Mutation("a response text has a format", put(f"{S}/Session/properties/organization_id/format", "uuid"), (C, "format"), (B, "format")),
    Mutation("a response text has a pattern", put(f"{S}/Session/properties/id/pattern", "^[0-9]+$"), (C, "pattern"), (B, "pattern")),
    Mutation("a response text is not empty", put(f"{S}/Session/properties/id/minLength", 1), (C, "min-length"), (B, "min-length")),
    Mutation("a response list has a length", put(f"{S}/SessionsResponse/properties/sessions/maxItems", 100), (C, "max-items"), (B, "max-items")),
    Mutation("a response list is never empty", put(f"{S}/JobsDeletedResponse/properties/ids/minItems", 1), (C, "min-items"), (B, "min-items")),
    Mutation("elements of a response list change", put(f"{S}/JobsDeletedResponse/properties/ids/items", {"type": "integer"}), (B, "type"), (B, "type")),
    Mutation("a map of a response has other values", put(f"{S}/GetResultsResponse/additionalProperties", {"type": "string"}), (B, "type"), (B, "type")),
    Mutation("a map of a response has any values", put(f"{S}/GetResultsResponse/additionalProperties", {}), (B, "additional-properties"), (C, "additional-properties")),
    Mutation("a closed response is opened", put(f"{JOB}/additionalProperties", True), (C, "additional-properties"), (C, "additional-properties")),
    Mutation("an alternative of a response is new", append(f"{S}/CircuitJobSettings/properties/error_mitigation/properties/debiasing/anyOf", {"type": "string"}), (B, "type"), (C, "type")),
    Mutation("an alternative of a response is gone", drop(f"{S}/CircuitJobSettings/properties/error_mitigation/properties/debiasing/anyOf/1"), (C, "type"), (B, "type")),
    Mutation("a response property is only written", put(f"{JOB}/properties/shots/writeOnly", True), (R, "property-removed"), (C, "property-added")),
    Mutation("a response is a list", put(f"{S}/Whoami", {"type": "array", "items": {}}), (B, "type"), (B, "type")),
    Mutation("a response property deep inside", drop(f"{S}/Characterization/properties/fidelity/properties/spam/properties/stderr"), (R, "property-removed"), (C, "property-added")),
    # security
    Mutation("credentials are asked for", drop("/paths/~1backends/get/security"), (N, ""), (N, "")),
    Mutation("a key is asked for", put("/paths/~1backends/get/security", [{"apiKeyAuth": []}]), (B, "security-tightened"), (C, "security-relaxed")),
    Mutation("a key is no longer asked for", put(f"{GET}/security", []), (C, "security-relaxed"), (B, "security-tightened")),
    Mutation("a key in another header", put("/components/securitySchemes/apiKeyAuth/name", "X-Key"), (B, "security-tightened"), (B, "security-tightened")),
    Mutation("another scheme", put("/components/securitySchemes/apiKeyAuth", {"type": "http", "scheme": "bearer"}), (B, "security-tightened"), (B, "security-tightened")),
    Mutation("a further scheme is enough", all_of(put("/components/securitySchemes/token", {"type": "http", "scheme": "bearer"}), append(f"{GET}/security", {"token": []})), (C, "security-relaxed"), (B, "security-tightened")),
    Mutation("a second scheme is asked for", all_of(put("/components/securitySchemes/token", {"type": "http", "scheme": "bearer"}), put(f"{GET}/security", [{"apiKeyAuth": [], "token": []}])), (B, "security-tightened"), (C, "security-relaxed")),
    Mutation("everybody is let in", append(f"{GET}/security", {}), (C, "security-relaxed"), (B, "security-tightened")),
    # nothing at all
    Mutation("an unused component", put(f"{S}/Nobody", {"type": "string"}), (N, ""), (N, "")),
    Mutation("a used component that is unused in messages", put(f"{S}/AddJobResultsPayload/required", []), (N, ""), (N, "")),
    Mutation("an extension", put(f"{GET}/x-note", "hello"), (N, ""), (N, "")),
    Mutation("a tag", put(f"{GET}/tags", ["jobs"]), (N, ""), (N, "")),
)  # fmt: skip
"""At least 150 with both directions; each is tried on our document, and on the published one."""
