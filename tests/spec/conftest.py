"""Many folders that differ in one line: what they have in common is proven once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from conformance.spec import Proof, check, proving


def _remembered(judged: Callable[[Any], str]) -> Callable[[Any], str]:
    """Return `judged`, a function of a document's content, with a memory by that content."""
    told: dict[str, str] = {}

    def remembered(document: Any) -> str:
        content = json.dumps(document, sort_keys=True, default=str)
        if content not in told:
            told[content] = judged(document)
        return told[content]

    return remembered


@pytest.fixture(scope="session", autouse=True)
def _the_same_document_is_judged_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        for name in ("_openapi_problem", "_schema_problem"):
            patched.setattr(proving, name, _remembered(getattr(proving, name)))
        yield


@pytest.fixture(scope="session")
def proofs() -> list[Proof]:
    """Every proof of the bundled folder."""
    return list(check("ionq"))
