"""What the tests of the plugin share."""

from __future__ import annotations

import pytest


@pytest.fixture
def load_plugin(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Load the plugin in inner sessions too where qconform is on the path and not installed."""
    if not request.config.pluginmanager.hasplugin("conformance"):
        monkeypatch.setenv("PYTEST_PLUGINS", "conformance.plugin")
