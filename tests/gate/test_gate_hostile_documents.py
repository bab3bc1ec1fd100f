"""Documents that mean harm get a sentence, in bounded time and memory."""

# ruff: noqa: E501, FBT002  # schemas are tables, read across; a schema may be a boolean
from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from conformance.cli import main


def _gate(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main(["gate", *map(str, arguments)])
    said = capsys.readouterr()
    return code, said.out, said.err


def _document(schema: Any = True, **more: Any) -> dict[str, Any]:
    content = {"application/json": {"schema": schema}}
    operation = {
        "requestBody": {"content": content, "required": True},
        "responses": {"200": {"description": "done", "content": content}},
    }
    info = {"title": "t", "version": "1"}
    return {"openapi": "3.1.0", "info": info, "paths": {"/a": {"post": operation}}, **more}


def _write(path: Path, document: Any) -> Path:
    path.write_text(json.dumps(document), "utf-8")
    return path


@pytest.fixture
def good(tmp_path: Path) -> Path:
    return _write(tmp_path / "good.json", _document({"type": "string"}))


BROKEN = {
    "invalid UTF-8": b"openapi: 3.0.3\ninfo: \xff\xfe",
    "no mapping": b"- a\n- b\n",
    "empty": b"",
    "no OpenAPI": b"a: 1\n",
    "Swagger 2": b"swagger: '2.0'\n",
    "broken YAML": b"openapi: [3.0.3\n",
    "a key twice": b"openapi: 3.0.3\nopenapi: 3.0.3\n",
    "paths no object": b"openapi: 3.0.3\npaths: []\n",
    "an operation no object": b"openapi: 3.0.3\npaths: {/a: {get: 5}}\n",
    "a parameter no object": b"openapi: 3.0.3\npaths: {/a: {get: {parameters: [3]}}}\n",
    "an alias of itself": b"openapi: 3.0.3\npaths: &a {b: *a}\n",
    "deep nesting": b"openapi: 3.0.3\npaths: " + b"[" * 5000 + b"]" * 5000,
    "a key twice in JSON": b'{"openapi": "3.0.3", "paths": {}, "paths": {}}',
    "no number": b'{"openapi": "3.1.0", "paths": {}, "x-a": NaN}',
    "no number in YAML": b"openapi: 3.1.0\npaths: {/a: {post: {requestBody: {content: {application/json: {schema: {enum: [.inf]}}}}, responses: {}}}}\n",
    "a number of 6000 digits": b'{"openapi": "3.1.0", "paths": {}, "x-a": ' + b"1" * 6000 + b"}",
    "a step of nothing": b"openapi: 3.1.0\npaths: {/a: {post: {requestBody: {content: {application/json: {schema: {type: number, multipleOf: 0}}}}, responses: {}}}}\n",
    "required numbers": b"openapi: 3.1.0\npaths: {/a: {post: {requestBody: {content: {application/json: {schema: {type: object, required: [1]}}}}, responses: {}}}}\n",
    "required text": b"openapi: 3.1.0\npaths: {/a: {post: {requestBody: {content: {application/json: {schema: {type: object, required: abc}}}}, responses: {}}}}\n",
    "deep JSON": b'{"openapi": "3.0.3", "paths": ' + b'{"a":' * 50000 + b"1" + b"}" * 50001,
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_document_is_refused_in_one_sentence(
    name: str, good: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_bytes(BROKEN[name])
    for pair in ((bad, good), (good, bad)):
        code, out, err = _gate(capsys, *pair)
        assert code == 3, (out, err)
        assert str(bad) in err
        assert "expected" in err
        assert len(err.splitlines()) == 1


def test_a_yaml_bomb_is_refused_before_it_goes_off(
    good: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = ["openapi: 3.0.3", "paths: {}", "a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    bomb = tmp_path / "bomb.yaml"
    bomb.write_text("\n".join(lines), "utf-8")
    code, _, err = _gate(capsys, good, bomb)
    assert code == 3
    assert "at most 2,000,000 values, got aliases that stand for" in err


def test_merge_keys_do_not_multiply(
    good: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = ["openapi: 3.0.3", "paths: {}", "x-0: &a0 {a: 1}"]
    lines += [
        f"x-{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 10)}], k{n}: 1}}" for n in range(1, 13)
    ]
    bomb = tmp_path / "bomb.yaml"
    bomb.write_text("\n".join(lines), "utf-8")
    assert _gate(capsys, bomb, bomb)[0] == 0


@pytest.mark.parametrize("word", ["oneOf", "anyOf", "allOf", "not", "if"])
def test_a_schema_that_contains_itself_at_its_own_place_is_told_or_understood(
    word: str, good: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    itself = {"$ref": "#/components/schemas/A"}
    schema: dict[str, Any] = {
        word: itself if word in {"not", "if"} else [itself, {"type": "string"}]
    }
    if word == "if":
        schema |= {"then": False, "else": True}
    whole = _document(itself, components={"schemas": {"A": schema}})
    bad = _write(tmp_path / "bad.json", whole)
    for pair in ((bad, good), (good, bad)):
        code, out, err = _gate(capsys, *pair)
        assert code in {0, 1, 3}, (out, err)
        assert "defect" not in err
    code = main(["lint", str(bad)])
    assert code in {0, 1}
    assert "defect" not in capsys.readouterr().err


def test_a_text_or_a_list_of_endless_length_costs_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    schemas = ({"type": "string", "pattern": "a{1000000}"}, {"type": "array", "minItems": 10**9})
    for schema in schemas:
        base = _write(tmp_path / "base.json", _document(schema))
        head = _write(tmp_path / "head.json", _document({"type": "integer"}))
        for pair in ((base, head), (head, base)):
            assert _gate(capsys, *pair, "--budget", "0.2")[0] in {0, 1}


def test_thousands_of_alternatives_are_refused(
    good: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    parts = [{"type": "object", "required": [f"p{n}"]} for n in range(3000)]
    bad = _write(tmp_path / "bad.json", _document({"anyOf": parts}))
    code, _, err = _gate(capsys, good, bad)
    assert code == 3
    assert "more alternatives than can be compared" in err


def test_a_pattern_that_python_does_not_know_leaves_a_change_suspected(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pair = [
        _write(
            tmp_path / f"{n}.json", _document({"type": "string", "pattern": r"^\p{L}+$", **more})
        )
        for n, more in enumerate(({}, {"maxLength": 9}))
    ]
    code, out, err = _gate(capsys, *pair, "--budget", "0.2")
    assert code == 0, err
    assert "suspected" in out


def test_a_number_beyond_every_float_is_a_number(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pair = [
        _write(tmp_path / f"{n}.json", _document({"type": "integer", "maximum": 10**400 - n}))
        for n in range(2)
    ]
    code, out, err = _gate(capsys, *pair)
    assert code == 1, err
    assert "maximum" in out


def test_lint_refuses_a_document_whose_parts_are_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = {"/a": {"get": {"parameters": {"x": 1}, "responses": {}}}}
    bad = _write(tmp_path / "bad.json", {"openapi": "3.1.0", "paths": paths})
    assert main(["lint", str(bad)]) == 3
    assert "well-formed" in capsys.readouterr().err


def test_a_reference_bomb_costs_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def bomb(text: str) -> dict[str, Any]:
        schemas: dict[str, Any] = {"S0": {"type": "string", "description": text}}
        for n in range(1, 40):
            ref = {"$ref": f"#/components/schemas/S{n - 1}"}
            schemas[f"S{n}"] = {"type": "object", "properties": {"a": ref, "b": ref}}
        return _document({"$ref": "#/components/schemas/S39"}, components={"schemas": schemas})

    pair = [_write(tmp_path / f"{n}.json", bomb(str(n))) for n in range(2)]
    code, out, _ = _gate(capsys, *pair)
    assert code == 0
    assert "no change" in out


def test_circular_references_are_told_or_understood(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    schemas = {
        "A": {"$ref": "#/components/schemas/B"},
        "B": {"$ref": "#/components/schemas/A"},
        "C": {"allOf": [{"$ref": "#/components/schemas/C"}]},
        "D": {"type": "object", "required": ["d"], "properties": {"d": {"$ref": "#/components/schemas/D"}}},
    }  # fmt: skip
    for name in schemas:
        one = _document({"$ref": f"#/components/schemas/{name}"}, components={"schemas": schemas})
        two = _document({"type": "integer"}, components={"schemas": schemas})
        pair = _write(tmp_path / "one.json", one), _write(tmp_path / "two.json", two)
        for base, head in (pair, pair[::-1]):
            code, out, err = _gate(capsys, base, head)
            assert code in {0, 1}, err
            assert "change" in out or "1 " in out


@pytest.mark.parametrize("reference", ["other.json#/a", "/etc/passwd", "https://example.com/a.yaml", "file:///etc/passwd"])  # fmt: skip
def test_references_outside_are_refused_unless_allowed(
    reference: str, good: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = _write(tmp_path / "bad.json", _document({"$ref": reference}))
    code, _, err = _gate(capsys, good, bad)
    assert code == 3
    assert reference in err
    assert "--follow-refs" in err


@pytest.mark.parametrize("reference", ["/etc/passwd", "../secret.json", "file:///etc/passwd"])
def test_allowed_references_stay_in_the_folder(
    reference: str, good: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = _write(tmp_path / "bad.json", _document({"$ref": reference}))
    code, _, err = _gate(capsys, good, bad, "--follow-refs")
    assert code == 3
    assert "same folder" in err


def test_allowed_references_to_a_file_beside_are_followed(
    good: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    inner = {"text": {"$ref": "#/deeper"}, "deeper": {"type": "string"}}
    _write(tmp_path / "parts.json", inner)
    whole = _write(tmp_path / "whole.json", _document({"$ref": "parts.json#/text"}))
    code, out, err = _gate(capsys, good, whole, "--follow-refs")
    assert code == 0, err
    assert "no change" in out


@pytest.mark.parametrize("pattern", ["^(a+)+$", "^(a|a)*$", r"^(\w+\s?)*$", "(", "^(?=(a+))\\1b$"])
def test_a_pattern_on_which_matching_never_ends_costs_nothing(
    pattern: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plain = _write(tmp_path / "plain.json", _document({"type": "string", "minLength": 40}))
    evil = _document({"type": "string", "minLength": 40, "pattern": pattern})
    code, out, err = _gate(capsys, plain, _write(tmp_path / "evil.json", evil))
    assert code in {0, 1}, err
    assert "pattern" in out


def test_ten_megabytes_of_yaml_are_refused_and_of_json_are_read(
    good: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    schemas = {f"S{n}": {"type": "string", "description": "x" * 1000} for n in range(10_000)}
    large = _write(tmp_path / "large.json", _document({"type": "string"}, components={"schemas": schemas}))  # fmt: skip
    assert large.stat().st_size > 10_000_000
    assert _gate(capsys, good, large)[0] == 0
    yaml = tmp_path / "large.yaml"
    yaml.write_bytes(b"# YAML, not JSON\n" + large.read_bytes())
    code, _, err = _gate(capsys, good, yaml)
    assert code == 3
    assert "4 MiB of YAML" in err
    huge = tmp_path / "huge.json"
    with huge.open("wb") as file:
        file.truncate(200 * 2**20)
    code, _, err = _gate(capsys, good, huge)
    assert code == 3
    assert "at most 16 MiB" in err


def test_git_revisions_that_are_options_are_no_revisions(
    good: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = _gate(capsys, good, "git:--output=x:file")
    assert code == 3
    assert "git:REVISION:PATH" in err


def test_what_documents_say_is_never_a_command_to_a_terminal_or_a_ci_system(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = "\x1b[31m::error::\n::set-output name=a::b"
    base = _document({"type": "object", "properties": {name: {"type": "string"}}})
    head = _document({"type": "object", "properties": {name: {"type": "integer"}}})
    pair = _write(tmp_path / "a.json", base), _write(tmp_path / "b.json", head)
    for form in ("text", "markdown", "github", "junit", "html"):
        _, out, _ = _gate(capsys, *pair, "--format", form)
        assert "\x1b" not in out
        commands = [line for line in out.splitlines() if line.lstrip().startswith("::")]
        assert all(line.startswith("::error file=") for line in commands), form
