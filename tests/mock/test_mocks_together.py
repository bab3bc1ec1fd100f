"""Every provider's mock as a command, alone and all on one port."""

from __future__ import annotations

import httpx
import pytest

from conformance.cli import main
from conformance.mock import InstantClock, running
from conformance.mock.playing import mock_of


def test_each_answers_under_the_path_of_the_real_service() -> None:
    app = mock_of("all", seed=1, strict=False, clock=InstantClock())
    with running(app) as mock:
        ionq, ibm, scaleway = app.keys[0], app.keys[2], app.keys[4]
        asked = {
            "/v0.4/whoami": {"Authorization": f"apiKey {ionq}"},
            "/api/v1/versions": {"Authorization": f"apikey {ibm}"},
            "/qaas/v1alpha1/platforms": {"X-Auth-Token": scaleway},
        }
        for path, headers in asked.items():
            assert httpx.get(mock.url + path, headers=headers).status_code == 200
        form = {"grant_type": "urn:ibm:params:oauth:grant-type:apikey", "apikey": ibm}
        granted = httpx.post(f"{mock.url}/identity/token", data=form)
        assert granted.json()["expires_in"] == 3600
        assert httpx.get(f"{mock.url}/elsewhere").status_code == 404


@pytest.mark.parametrize(("provider", "lines"), [("ibm", 2), ("scaleway", 2), ("all", 6)])
def test_keys_are_printed_with_what_a_client_demands_besides(
    provider: str, lines: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["mock", "--provider", provider, "--print-keys"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == lines


def test_an_option_that_a_mock_does_not_have_is_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["mock", "--provider", "ibm", "--keep", "3"]) == 2
    assert "--keep" in capsys.readouterr().err


def test_an_unknown_provider_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mock", "--provider", "acme"]) == 2
    assert "acme" in capsys.readouterr().err
