"""Many runs in one process: the documents are read once."""

from __future__ import annotations

import functools
from collections.abc import Iterator

import pytest

from conformance.engine import running


@pytest.fixture(scope="session", autouse=True)
def _documents_are_read_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(running, "load", functools.cache(running.load))
        yield
