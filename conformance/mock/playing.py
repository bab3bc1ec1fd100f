"""The mocks of providers other than the first, and of all of them on one port."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conformance.mock.clock import Clock
    from conformance.mock.http import AsgiApp
    from conformance.mock.server import Served

OTHERS = ("ibm", "scaleway", "all")
"""What `--provider` may name besides the first."""


def mock_of(provider: str, *, seed: int, strict: bool, clock: Clock) -> Served:
    """Return the application that plays `provider`; one clock moves all of them."""
    from conformance.mock.ibm import app as ibm
    from conformance.mock.scaleway import app as scaleway

    if provider == "ibm":
        return ibm(seed=seed, strict=strict, clock=clock)
    if provider == "scaleway":
        return scaleway(seed=seed, strict=strict, clock=clock)
    from conformance.mock.ionq import app as ionq
    from conformance.mock.together import Together

    first = ionq(seed=seed, strict=strict, clock=clock)
    second = ibm(seed=seed, strict=strict, clock=clock)
    third = scaleway(seed=seed, strict=strict, clock=clock)
    paths: dict[str, AsgiApp] = {
        "/v0.4": first,
        "/api": second,
        "/identity": second,
        "/qaas": third,
    }
    return Together(paths, (*first.keys, *second.keys, *third.keys))


def key_lines(provider: str) -> list[str]:
    """Return the keys of every account, with what its clients demand besides."""
    from conformance.mock.ibm.accounts import ACCOUNTS as IBM
    from conformance.mock.ionq import keys
    from conformance.mock.scaleway.accounts import ACCOUNTS as SCALEWAY

    ibm = [f"{account.key} {account.crn}" for account in IBM]
    scaleway = [f"{account.key} {account.access_key} {account.project_id}" for account in SCALEWAY]
    return {"ibm": ibm, "scaleway": scaleway}.get(provider, [*keys(), *ibm, *scaleway])


def pointers(provider: str, root: str) -> list[tuple[str, str]]:
    """Return, for each client library, what points it at the mock."""
    from conformance.mock.ibm.accounts import ACCOUNTS as IBM
    from conformance.mock.scaleway.accounts import ACCOUNTS as SCALEWAY

    one, two = IBM[0], SCALEWAY[0]
    ibm = [
        (
            "qiskit-ibm-runtime",
            (
                f"IAM_URL={root} QISKIT_FUNCTIONS_EXPERIMENTAL=1; QiskitRuntimeService("
                f'channel="ibm_quantum_platform", token="{one.key}", instance="{one.crn}", '
                f'url_resolver=lambda *_: "{root}/api/v1")'
            ),
        )
    ]
    scaleway = [
        (
            "scaleway",
            (
                f"SCW_API_URL={root} SCW_ACCESS_KEY={two.access_key} SCW_SECRET_KEY={two.key} "
                f"SCW_DEFAULT_PROJECT_ID={two.project_id}"
            ),
        ),
        ("scaleway-qaas-client", f'QaaSClient("{two.project_id}", "{two.key}", url="{root}")'),
    ]
    return {"ibm": ibm, "scaleway": scaleway}.get(provider, [*ibm, *scaleway])
