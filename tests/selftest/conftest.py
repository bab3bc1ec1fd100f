"""Many runs in one process: the documents are read once."""

from __future__ import annotations

import functools
from collections.abc import Iterator

import pytest

import conformance.spec


@pytest.fixture(scope="session", autouse=True)
def _documents_are_read_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        cached = functools.cache(conformance.spec.load)
        patched.setattr("conformance.engine.running.load", cached)
        yield
