"""Contracts from disk."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from conformance.errors import ExitCode, UnknownName, UnreadableDocument
from conformance.spec import json_schema, load, load_files

MINIMAL = {
    "openapi": "3.1.0",
    "info": {"title": "Small", "version": "1"},
    "servers": [{"url": "https://{where}/api/v1/", "variables": {"where": {"default": "x.test"}}}],
    "security": [{"key": []}],
    "paths": {
        "/things/{id}": {
            "parameters": [
                {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
            ],
            "get": {"responses": {"200": {"description": "one"}, "5xx": {"description": "no"}}},
            "put": {
                "operationId": "set",
                "security": [{}, {"key": []}],
                "parameters": [
                    {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
                ],
                "requestBody": {"content": {"text/plain": {}}},
                "responses": {"default": {"$ref": "#/components/responses/Done"}},
            },
        }
    },
    "components": {"responses": {"Done": {"description": "done"}}},
}


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def refusal(openapi: Path, overlay: Path | None = None) -> str:
    with pytest.raises(UnreadableDocument) as caught:
        load_files(openapi, overlay)
    assert caught.value.exit_code is ExitCode.NOT_JUDGED
    return str(caught.value)


def test_the_bundled_contract_has_the_published_operations_and_one_more() -> None:
    contract = load("ionq")
    assert len(contract.operations) == 26
    assert (contract.provider, contract.version, contract.base_path) == ("ionq", "v0.4", "/v0.4")
    assert contract.source == "specs/ionq/v0.4/openapi.yaml"
    assert len(contract.digest) == 64


def test_an_operation_points_to_what_describes_it() -> None:
    contract = load("ionq")
    pointer = "specs/ionq/v0.4/openapi.yaml#/paths/~1jobs~1{UUID}/get"
    assert contract.operation("GetJob").pointer == pointer
    added = contract.operation("GetJobAggregatedProbabilities").pointer
    assert added == "specs/ionq/v0.4/overlay.yaml#/actions/1"


def test_only_backends_and_their_lists_are_open() -> None:
    open_ones = {
        operation.id for operation in load("ionq").operations if not operation.authenticated
    }
    assert open_ones == {"getBackends", "getBackend", "getCharacterizationsForBackend"}


def test_every_operation_promises_a_body_for_its_refusals() -> None:
    for operation in load("ionq").operations:
        for status in (400, 401, 403, 404, 409):
            declared = operation.declared(status)
            assert declared is not None
            assert "application/json" in declared.content, (operation.id, status)


def test_a_published_5xx_stays_and_none_is_added() -> None:
    contract = load("ionq")
    assert contract.operation("GetJob").declared(500) is not None
    assert contract.operation("GetSession").declared(500) is None


def test_a_simulator_can_be_looked_up_but_has_no_characterizations() -> None:
    contract = load("ionq")
    names = {
        wanted: contract.operation(wanted).parameters[0].schema["enum"]
        for wanted in ("getBackend", "getCharacterizationsForBackend")
    }
    assert "simulator" in names["getBackend"]
    assert "simulator" not in names["getCharacterizationsForBackend"]


def test_json_schemas_bind_responses_but_for_what_is_decided_otherwise() -> None:
    contract = load("ionq")
    (backend,) = contract.bindings_for("getBackend", 200)
    assert backend.schema["properties"]["status"]["enum"]
    assert backend.schema["properties"]["last_updated"]["format"] == "date-time"
    assert "format" not in backend.schema["properties"]["characterization_id"]
    (job,) = contract.bindings_for("GetJobs", 200)
    assert job.place == "/jobs/*"
    assert "enum" not in job.schema["properties"]["status"]
    assert not {"input", "shots"} & set(job.schema["required"])
    assert contract.bindings_for("GetJob", 404) == ()


def test_a_json_schema_is_also_there_as_published() -> None:
    assert json_schema("ionq", "job")["required"] == ["type", "shots", "backend", "input"]


def test_any_document_loads(tmp_path: Path) -> None:
    contract = load_files(write(tmp_path / "small.json", json.dumps(MINIMAL)))
    get, put = contract.operations
    assert contract.base_path == "/api/v1"
    assert (get.id, get.method, get.authenticated) == ("GET /things/{id}", "GET", True)
    assert get.declared(503) is not None
    assert (put.id, put.authenticated, set(put.body)) == ("set", False, {"text/plain"})
    assert [parameter.schema["type"] for parameter in put.parameters] == ["integer"]
    assert set(put.responses) == {"default"}


def test_yaml_keys_and_dates_are_read_as_written(tmp_path: Path) -> None:
    text = """
openapi: 3.0.3
info: {title: Dates, version: 2026-05-15}
paths:
  /x: {get: {responses: {200: {description: ok, x-on: 2026-05-15}}}}
"""
    contract = load_files(write(tmp_path / "a.yaml", text))
    assert contract.version == "2026-05-15"
    assert contract.operations[0].declared(200) is not None


def test_an_unknown_provider_or_version_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownName, match="Did you mean 'ionq'"):
        load("ionque")
    with pytest.raises(UnknownName, match=r"v0\.4"):
        load("ionq", version="v0.5")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert "no such file" in refusal(tmp_path / "none.yaml")
    assert "is a directory" in refusal(tmp_path)


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("openapi: 3.0.3\npaths: [", "did not find expected node content in line"),
        ("openapi: 3.0.3\nopenapi: 3.0.3\n", "the key 'openapi' a second time in line 2, column 1"),
        ("- a list\n", "got a list"),
        ("", "got nothing"),
        ("<!doctype html><p>hello</p>", "got text"),
        ("[a, b]: 1\n", "a key that is no text"),
        ("swagger: '2.0'\n", "got Swagger 2.0"),
        ("openapi: 4.0.0\n", "got openapi: 4.0.0"),
        ("openapi: 3.0.3\ninfo: {}\npaths: []\n", "an object `paths`"),
        ("openapi: 3.0.3\ninfo: {}\npaths: {/x: {get: 5}}\n", "well-formed"),
        ("openapi: 3.0.3\ninfo: {}\npaths: {/x: {$ref: other.yaml}}\n", "Bundle it"),
        ("openapi: 3.0.3\ninfo: {}\npaths: {/x: {$ref: '#/nowhere'}}\n", "$ref: #/nowhere"),
        ("openapi: 3.0.3\ninfo: {}\npaths: {/x: {$ref: '#/paths/~1x'}}\n", "$ref: #/paths/~1x"),
        ("a: &a\n  b: *b\n", "found undefined alias"),
        ("x: !!python/object:os.system {}\n", "could not determine a constructor"),
    ],
)
def test_a_broken_document_is_refused_with_its_reason(tmp_path: Path, text: str, seen: str) -> None:
    path = write(tmp_path / "broken.yaml", text)
    message = refusal(path)
    assert seen in message
    assert message.startswith(str(path))


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "image.yaml"
    path.write_bytes(b"\x89PNG\r\n\x1a\n\x00\xff")
    assert "expected an OpenAPI document" in refusal(path)


def test_a_broken_overlay_is_named(tmp_path: Path) -> None:
    document = write(tmp_path / "small.json", json.dumps(MINIMAL))
    for text, seen in (
        ("openapi: 3.0.3", "Overlay 1.0"),
        ("overlay: 1.0.0\nactions: []", "a list of actions"),
        ("overlay: 1.0.0\nactions: [{update: {}}]", "a target in every action"),
        ("overlay: 1.0.0\nactions: [{target: $.info.title, update: {a: 1}}]", "object or a list"),
        ("overlay: 1.0.0\nactions: [{target: '$.info[?(', update: {a: 1}}]", "an overlay that"),
    ):
        overlay = write(tmp_path / "overlay.yaml", text)
        message = refusal(document, overlay)
        assert seen in message
        assert message.startswith(str(overlay))


def test_loading_needs_no_validator() -> None:
    heavy = "{'jsonschema', 'jsonschema_rs', 'openapi_core', 'oas_patch', 'numpy', 'schemathesis'}"
    code = (
        "import sys; from conformance.spec import load; load(lenient=True); "
        f"sys.exit(bool({heavy} & set(sys.modules)))"
    )
    ended = subprocess.run([sys.executable, "-c", code], check=False)  # noqa: S603  # our own code
    assert ended.returncode == 0
