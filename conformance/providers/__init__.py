"""What a provider does that its document omits; one module a provider, found by name."""

from __future__ import annotations

from conformance import resources
from conformance.errors import BadValue, BrokenProvider, UnknownName
from conformance.providers.base import JobFacts, Provider, SessionFacts, State
from conformance.providers.functions import EnergyAsked, Variant
from conformance.providers.listing import Filter, How, ListFacts, Paging
from conformance.providers.spending import Price, SpendingFacts
from conformance.providers.things import Ids, Thing, Things

__all__ = [
    "NAMES",
    "EnergyAsked",
    "Filter",
    "How",
    "Ids",
    "JobFacts",
    "ListFacts",
    "Paging",
    "Price",
    "Provider",
    "SessionFacts",
    "SpendingFacts",
    "State",
    "Thing",
    "Things",
    "Variant",
    "bundled",
    "provider",
    "require_target",
]

NAMES = ("ionq", "ibm", "scaleway")
"""Those that are bundled, each with a mock."""


def provider(name: str) -> Provider:
    """Return the facts about the provider `name`, bundled or added by another package.

    Raises:
        UnknownName: There is none of this name.
        BrokenProvider: Another package adds it, and cannot be used.
    """
    if name not in NAMES:
        return _added(name)
    if name == "ibm":
        from conformance.providers.ibm import IBM

        return IBM
    if name == "scaleway":
        from conformance.providers.scaleway import SCALEWAY

        return SCALEWAY
    from conformance.providers.ionq import IONQ

    return IONQ


def bundled(name: str, option: str = "--provider") -> Provider:
    """Return the facts about a provider that has a mock here.

    Raises:
        UnknownName: There is none of this name.
        BadValue: Another package adds it, so there is no mock of it.
    """
    facts = provider(name)
    if name not in NAMES:
        expected = f"a provider with a mock ({', '.join(NAMES)})"
        raise BadValue(option, expected, name, f"Judge a server: {_judging(name)}")
    return facts


def require_target(name: str, url: str) -> None:
    """Raise unless there is something to judge: a URL, or a mock of the provider.

    Raises:
        UnknownName: There is no provider of this name.
        BadValue: Another package adds it, and no URL is given.
    """
    if not url and provider(name).name not in NAMES:
        expected = f"the base URL of a server, for there is no mock of {name!r}"
        raise BadValue("--url", expected, "", f"Give one: {_judging(name)}")


def _judging(name: str) -> str:
    return f"qconform run --provider {name} --url http://127.0.0.1:8000"


def _added(name: str) -> Provider:
    added = resources.added_providers()
    if name not in added:
        known = (*NAMES, *added)
        raise UnknownName(kind="provider", wanted=name, known=known, where="--provider")
    found = resources.added_provider(name)
    where = f"entry point group {resources.GROUP}"
    if not isinstance(found, Provider):
        expected = "a conformance.providers.Provider"
        raise BrokenProvider(name, where, expected, f"{type(found).__name__}")
    if found.name != name:
        raise BrokenProvider(name, where, "a Provider of this name", f"one named {found.name!r}")
    return found
