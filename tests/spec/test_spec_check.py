"""`check` reports what is wrong with a folder."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from conformance import resources
from conformance.spec import check


def refuted(tmp_path: Path, name: str, old: str, new: str) -> Iterator[str]:
    """Yield what fails after one change of a file of the folder."""
    folder = tmp_path / "ionq" / "v0.4"
    shutil.copytree(resources.folder("specs") / "ionq" / "v0.4", folder)
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    yield from (proof.text for proof in check(folder=folder) if not proof.holds)


@pytest.mark.parametrize(
    ("name", "old", "new", "seen"),
    [
        ("overlay.yaml", "target: $.paths['/whoami'].get", "target: $.paths['/who'].get", "/who"),
        ("overlay.yaml", "    description: As for BaseJob.\n", "", "gives a reason"),
        ("overlay.yaml", "operationId: GetJobCost,", "operationId: GetJobPrice,", "GetJobPrice"),
        (
            "openapi.yaml",
            "NoiseModel:\n      type: string",
            "NoiseModel:\n      type: word",
            "a valid OpenAPI",
        ),
        ("provenance.toml", 'file = "schemas/job.json"', 'file = "schemas/work.json"', "job.json"),
        ("provenance.toml", 'licence = "none', 'license = "none', "it lacks licence"),
        ("normative.toml", 'operation = "GetSession"', 'operation = "ShowSession"', "ShowSession"),
        ("normative.toml", '"status": "ended"', '"status": "lost"', "refused by Session"),
        ("schemas/job.json", '"type": "integer"', '"type": "whole"', "valid JSON Schema"),
        ("schemas/job.json", '"type": "object"', '"type": object', "no JSON"),
    ],
)
def test_a_fault_of_the_folder_is_reported(
    tmp_path: Path, name: str, old: str, new: str, seen: str
) -> None:
    texts = []
    for text in refuted(tmp_path, name, old, new):
        texts.append(text)
        if seen in text:  # what follows is proven elsewhere
            return
    pytest.fail(f"{seen!r} is in none of {texts}")


def test_a_folder_without_a_document_is_reported(tmp_path: Path) -> None:
    (proof,) = check(folder=tmp_path / "none" / "v1")
    assert not proof.holds
    assert "openapi.yaml: expected an OpenAPI document, got no such file" in proof.text
