"""Documents that would take memory, time or the reader's trust are refused in one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from conformance.errors import UnreadableDocument
from conformance.spec import load_files

_LAUGHS = "a0: &a0 [x, x]\n" + "".join(
    f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}, *a{n - 1}]\n" for n in range(1, 40)
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (_LAUGHS, "aliases"),
        ("a: &a [*a]\n", "nesting too deep"),
        ("a: &a {b: *a}\n", "nesting too deep"),
        ("openapi: 3.0.3\nopenapi: 3.0.3\n", "a second time"),
        ('{"openapi": "3.0.3", "openapi": "3.0.3"}', "a second time"),
        ("!!python/object/apply:os.system ['true']\n", "python"),
        ("a: !!python/name:os.system\n", "python"),
        ("? [a]\n: b\n", "a key that is no text"),
        ("[" * 100_000, "nesting too deep"),
        ('{"a":' * 100_000, "nesting too deep"),
        ("- " * 100_000, "nesting too deep"),
        ("".join(" " * n + "a:\n" for n in range(1500)), "nesting too deep"),
        ("\x00", "expected"),
        ("", "nothing"),
        ("- a\n", "a list"),
    ],
)
def test_a_hostile_document_is_refused(text: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "openapi.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(UnreadableDocument) as caught:
        load_files(path)
    assert words in str(caught.value)
    assert len(str(caught.value)) < 500


def test_a_document_without_end_is_not_read_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("conformance.spec.reading.LARGEST", 1000)
    path = tmp_path / "openapi.yaml"
    path.write_text("#" * 1001, "utf-8")
    with pytest.raises(UnreadableDocument, match="more than 1000 bytes"):
        load_files(path)
