"""What a provider does that its document omits; one module a provider, found by name."""

from __future__ import annotations

from conformance.errors import UnknownName
from conformance.providers.base import Provider, SessionFacts, State
from conformance.providers.functions import EnergyAsked, Variant
from conformance.providers.spending import Price, SpendingFacts
from conformance.providers.things import Ids, Thing, Things

__all__ = [
    "NAMES",
    "EnergyAsked",
    "Ids",
    "Price",
    "Provider",
    "SessionFacts",
    "SpendingFacts",
    "State",
    "Thing",
    "Things",
    "Variant",
    "provider",
]

NAMES = ("ionq", "ibm", "scaleway")


def provider(name: str) -> Provider:
    """Return the facts about the provider `name`.

    Raises:
        UnknownName: There is none of this name.
    """
    if name not in NAMES:
        raise UnknownName(kind="provider", wanted=name, known=NAMES, where="--provider")
    if name == "ibm":
        from conformance.providers.ibm import IBM

        return IBM
    if name == "scaleway":
        from conformance.providers.scaleway import SCALEWAY

        return SCALEWAY
    from conformance.providers.ionq import IONQ

    return IONQ
