"""The mocks of providers other than the first, and of all of them on one port."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from conformance.mock.clock import InstantClock
from conformance.mock.faults import FAULTS, Fault
from conformance.mock.faults.shared import faults_for
from conformance.providers import provider as facts_of

if TYPE_CHECKING:
    from conformance.mock.clock import Clock
    from conformance.mock.http import AsgiApp
    from conformance.mock.server import Served

OTHERS = ("ibm", "scaleway", "all")
"""What `--provider` may name besides the first."""


def mock_of(
    provider: str, *, seed: int, strict: bool, clock: Clock, faults: Sequence[str] = ()
) -> Served:
    """Return the application that plays `provider`; one clock moves all of them."""
    from conformance.mock.ibm import app as ibm
    from conformance.mock.scaleway import app as scaleway

    if provider == "ibm":
        return ibm(seed=seed, strict=strict, clock=clock, faults=faults)
    if provider == "scaleway":
        return scaleway(seed=seed, strict=strict, clock=clock, faults=faults)
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


def faults_of(provider: str) -> tuple[Fault, ...]:
    """Return what the mock of `provider` can be told to do wrong."""
    return faults_for(facts_of(provider)) if provider in OTHERS else FAULTS


def embedded(provider: str, *, seed: int, faults: Sequence[str]) -> Served:
    """Return the application that a run judges when it is given no target.

    Jobs of the first provider take no time; those of the others end when they are looked at.
    """
    if provider in OTHERS:
        return mock_of(provider, seed=seed, strict=False, clock=InstantClock(), faults=faults)
    from conformance.mock.ionq import app

    return app(seed=seed, faults=faults)


def keys_of(provider: str) -> tuple[str, str]:
    """Return the keys of both accounts in the form in which a run takes them."""
    from conformance.mock.ionq import keys

    first, second = key_lines(provider) if provider in OTHERS else keys()
    return first, second


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
