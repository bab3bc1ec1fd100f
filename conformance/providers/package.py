"""A new provider as a package of its own: documents, table of things, facts, entry point."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from conformance import __version__, spec
from conformance.errors import BadValue, UnreadableDocument, UnwritableOutput
from conformance.model import Specification
from conformance.providers.guessing import guess
from conformance.providers.package_code import facts_code, things_code
from conformance.resources import GROUP

_NAME = re.compile(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*")
_REFUSAL = "The service may refuse any request; the document says so nowhere."
_TABLES = {
    "normative.toml": (
        "# JSON Schemas, in schemas/, that bind bodies besides openapi.yaml. None is needed.\n"
        "# [[body]]\n"
        '# document = "schemas/job.json"\n'
        '# component = "Job"                 # the same body in openapi.yaml\n'
        '# direction = "response"\n'
        '# places = [{operation = "getJob", status = "200", at = ""}]\n'
        "# sample = '{}'                     # a body that both accept\n"
    ),
    "disagreements.toml": (
        "# Where those JSON Schemas and openapi.yaml say different things, and which one binds.\n"
        "# qconform specs check finds what is missing here.\n"
    ),
    "tolerances.toml": (
        "# What released clients send against the letter of openapi.yaml, and a service may\n"
        "# accept or refuse. qconform specs check proves each by its example.\n"
    ),
}


def lay_out(name: str, document: Path, out: Path, *, today: dt.date) -> tuple[Path, ...]:
    """Write a package that adds the provider `name`, and return its files.

    Args:
        name: By which `--provider` finds it.
        document: OpenAPI 3.0 or 3.1, YAML or JSON; copied as it is.
        out: A folder that does not exist, or is empty.
        today: Stated as the date of the document.

    Raises:
        BadValue: The name cannot be that of a provider or package.
        UnreadableDocument: The document is missing, broken, or not valid.
        UnwritableOutput: There is something at `out`, or it cannot be written.
    """
    if not _NAME.fullmatch(name):
        repair = "Such as acme, or acme-cloud."
        raise BadValue("NAME", "small letters and digits, with - or _ between", name, repair)
    _require_free(out)
    contract = spec.load_files(document, provider=name)
    if not contract.operations:
        raise UnreadableDocument(str(document), "a document with operations", "none")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=out.parent, prefix=".qconform-") as folder:
            staged = Path(folder) / "package"
            _write(staged, name, document, contract, today)
            if out.is_dir():
                out.rmdir()
            staged.rename(out)
    except OSError as problem:
        raise UnwritableOutput(str(out), (problem.strerror or str(problem)).lower()) from None
    return tuple(sorted(path for path in out.glob("**/*") if path.is_file()))


def _require_free(out: Path) -> None:
    try:
        taken = out.exists() and (not out.is_dir() or any(out.iterdir()))
    except OSError as problem:
        raise UnwritableOutput(str(out), (problem.strerror or str(problem)).lower()) from None
    if taken:
        raise UnwritableOutput(str(out), "one that holds something, which is never overwritten")


def _write(
    staged: Path, name: str, document: Path, published: Specification, today: dt.date
) -> None:
    package = f"qconform_{name.replace('-', '_')}"
    folder = staged / package / "specs" / name / _version(published)
    folder.mkdir(parents=True)
    content = document.read_bytes()
    (folder / "openapi.yaml").write_bytes(content)
    overlay = _overlay(published)
    (folder / "overlay.yaml").write_text(_overlay_text(overlay), "utf-8")
    for table, text in _TABLES.items():
        (folder / table).write_text(text, "utf-8")
    origin = _provenance(published, document, content, today)
    (folder / "provenance.toml").write_text(origin, "utf-8")
    _prove(folder, document)
    contract = spec.load_folder(folder)
    guessed = guess(contract)
    root = f'"""The provider {name} for qconform."""\n\nfrom {package}.facts import PROVIDER\n\n'
    code = {
        "__init__.py": root + '__all__ = ["PROVIDER"]\n',
        "facts.py": facts_code(name, package, contract, guessed),
        "things.py": things_code(contract, guessed),
    }
    for file, text in code.items():
        (staged / package / file).write_text(text, "utf-8")
    (staged / "pyproject.toml").write_text(_project(name, package), "utf-8")


def _prove(folder: Path, document: Path) -> None:
    """Raise unless what was written keeps every promise that a bundled folder must keep."""
    for proof in spec.check(folder=folder):
        if not proof.holds:
            repair = "Mend the document, then lay it out again."
            raise UnreadableDocument(str(document), "a valid document", proof.text, repair)


def _version(contract: Specification) -> str:
    kept = re.sub(r"[^\w.-]+", "-", contract.version, flags=re.ASCII).strip(".-") or "1"
    return kept if not kept[0].isdigit() else f"v{kept}"


def _overlay(contract: Specification) -> list[dict[str, Any]]:
    """Return the actions that add missing names of operations, and missing refusals."""
    actions = list(_operation_actions(contract))
    if not actions:
        reason = "Nothing is missing; take this out when there is a first action of your own."
        mark = {"x-qconform": "nothing is missing"}
        actions.append({"target": "$.info", "description": reason, "update": mark})
    return actions


def _operation_actions(contract: Specification) -> Iterator[dict[str, Any]]:
    used = {operation.id for operation in contract.operations}
    for operation in contract.operations:
        item = contract.document["paths"][operation.path]
        described = item.get(operation.method.lower())
        if not isinstance(described, dict):
            continue  # behind a reference, where an overlay does not reach
        quote = '"' if "'" in operation.path else "'"
        target = f"$.paths[{quote}{operation.path}{quote}].{operation.method.lower()}"
        if not described.get("operationId"):
            name = _operation_name(operation.method, operation.path, used)
            reason = "The document gives it no name, by which facts and reports speak of it."
            yield {"target": target, "description": reason, "update": {"operationId": name}}
        if not any(status[0] == "4" or status == "default" for status in operation.responses):
            update = {"4XX": _refusal()}
            where = f"{target}.responses"
            yield {"target": where, "description": _REFUSAL, "update": update}


def _refusal() -> dict[str, Any]:
    schema = {"schema": {"type": "object"}}
    return {"description": "The request is refused.", "content": {"application/json": schema}}


def _operation_name(method: str, path: str, used: set[str]) -> str:
    words = re.findall(r"[A-Za-z0-9]+", path.replace("{", "by {"))
    name = method.lower() + "".join(word[0].upper() + word[1:] for word in words)
    while name in used:
        name += "_"
    used.add(name)
    return name


def _overlay_text(actions: list[dict[str, Any]]) -> str:
    import yaml

    overlay = {
        "overlay": "1.0.0",
        "info": {"title": "What the service does beyond its document", "version": "1.0.0"},
        "actions": actions,
    }
    head = (
        "# What the service does and openapi.yaml leaves out: each action says why. Begin with\n"
        "# the refusals below: give them the body that the service really sends.\n"
    )
    text: str = yaml.dump(
        json.loads(json.dumps(overlay)), sort_keys=False, allow_unicode=True, width=100
    )
    return head + text


def _provenance(contract: Specification, document: Path, content: bytes, today: dt.date) -> str:
    info = contract.document["info"]
    fields = {
        "file": "openapi.yaml",
        "title": contract.title or "fill in",
        "publisher": _held(info, "contact", "name"),
        "url": _held(info, "contact", "url"),
        "date": today.isoformat(),
        "licence": _held(info, "license", "name"),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    rows = (f"{name} = {json.dumps(value)}\n" for name, value in fields.items())
    head = f"# Where the document comes from; laid out from {json.dumps(document.name)[1:-1]}.\n"
    return f"{head}\n[[document]]\n{''.join(rows)}"


def _held(info: Mapping[str, Any], part: str, name: str) -> str:
    held = info.get(part)
    return str(held.get(name) or "fill in") if isinstance(held, dict) else "fill in"


def _project(name: str, package: str) -> str:
    return (
        '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n\n'
        f'[project]\nname = "{package.replace("_", "-")}"\nversion = "0.1.0"\n'
        f'description = "The provider {name} for qconform"\nrequires-python = ">=3.11"\n'
        f'dependencies = ["qconform>={__version__}"]\n\n'
        f'[project.entry-points."{GROUP}"]\n{name} = "{package}:PROVIDER"\n\n'
        f'[tool.hatch.build.targets.wheel]\npackages = ["{package}"]\n'
    )
