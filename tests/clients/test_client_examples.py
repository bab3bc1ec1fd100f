"""The examples for each client run as they stand, against a mock that is being served."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from client_distributions import REASON

from conformance.mock import ionq, running

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "clients"

pytestmark = pytest.mark.clients


@pytest.mark.parametrize("client", ["cirq_ionq", "ionq_core", "pennylane_ionq", "qiskit_ionq"])
def test_an_example_prints_a_bell_pair(client: str, tmp_path: Path) -> None:
    pytest.importorskip(client, reason=REASON)
    with running(ionq.app(seed=1)) as mock:
        environment = {**os.environ, "IONQ_API_URL": mock.url, "IONQ_API_KEY": mock.keys[0]}
        done = subprocess.run(  # noqa: S603 # our own file, by our own interpreter
            [sys.executable, str(EXAMPLES / f"{client}_bell.py")],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    assert (done.returncode, done.stdout) == (0, "00 0.500\n11 0.500\n"), done.stderr


def test_every_client_has_an_example() -> None:
    assert len(list(EXAMPLES.glob("*_bell.py"))) == 4
