"""What the tests of the plugin share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def load_plugin(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Load the plugin in inner sessions too where qconform is on the path and not installed."""
    if not request.config.pluginmanager.hasplugin("conformance"):
        monkeypatch.setenv("PYTEST_PLUGINS", "conformance.plugin")
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    monkeypatch.setenv("PYTHONPATH", path)
