"""What a provider does that its document omits; one module a provider, found by name."""

from __future__ import annotations

from conformance.errors import UnknownName
from conformance.providers.base import Provider, State
from conformance.providers.functions import EnergyAsked, Variant
from conformance.providers.spending import Price, SpendingFacts

__all__ = [
    "NAMES",
    "EnergyAsked",
    "Price",
    "Provider",
    "SpendingFacts",
    "State",
    "Variant",
    "provider",
]

NAMES = ("ionq",)


def provider(name: str) -> Provider:
    """Return the facts about the provider `name`.

    Raises:
        UnknownName: There is none of this name.
    """
    if name not in NAMES:
        raise UnknownName(kind="provider", wanted=name, known=NAMES, where="--provider")
    from conformance.providers.ionq import IONQ

    return IONQ
