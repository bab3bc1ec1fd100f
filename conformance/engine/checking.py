"""Options that cannot be, refused before anything is sent; and the walks of each suite."""

from __future__ import annotations

import math
from collections.abc import Iterator

from conformance.engine.address import check_address, check_key
from conformance.engine.options import PROFILES, SEQUENCES, SUITES, Options, Profile
from conformance.errors import BadValue, UnknownName
from conformance.lifecycle import (
    Walk,
    access_walks,
    hostile_walks,
    input_walks,
    lifecycle_walks,
    physics_walks,
    walks_over_things,
)
from conformance.model import Specification
from conformance.providers import Provider, provider, require_target


def check(options: Options) -> None:
    """Raise unless names, times and target of `options` can be.

    Raises:
        ConformanceError: With the option that is wrong.
    """
    if options.profile not in PROFILES:
        raise UnknownName("profile", options.profile, tuple(PROFILES), "--profile")
    for suite in (*options.suites, *filter(None, [options.case.partition(".")[0]])):
        if suite not in SUITES:
            where = "--case" if options.case else "--suite"
            raise UnknownName("suite", suite, SUITES, where)
    for name in ("request_timeout", "patience", "deadline"):
        if not math.isfinite(getattr(options, name)):
            option = f"--{name.replace('_', '-').replace('patience', 'job-timeout')}"
            raise BadValue(option, "a number of seconds", str(getattr(options, name)))
    if not 0 < options.alpha < 1:
        raise BadValue("--alpha", "a probability between 0 and 1", str(options.alpha))
    if options.live and not provider(options.provider).live:
        known = f"--provider {options.provider}"
        repair = "Its jobs and sessions cost money, and no limit of that is known here yet."
        raise BadValue("--live", "a provider on whose own service runs are safe", known, repair)
    require_target(options.provider, options.url)
    if options.url:
        check_address(options.url, live=options.live)
        facts = provider(options.provider)
        if options.key or facts.key_words:
            check_key(options.key, "--api-key", facts.key_words, facts.key_variables)
        if options.second_key:
            check_key(options.second_key, "--second-api-key", facts.key_words)
        if options.faults:
            repair = "Switch it on there: qconform mock --fault."
            raise BadValue("--fault", "the embedded mock as target", options.url, repair)


def check_operations(options: Options, specification: Specification) -> None:
    """Raise unless the operations that the run is limited to are there."""
    known = tuple(operation.id for operation in specification.operations)
    for wanted in options.operations:
        if wanted not in known:
            raise UnknownName("operation", wanted, known, "--operation")


def check_case(options: Options, specification: Specification) -> None:
    """Raise unless `--case` names a scenario that the run has."""
    if not options.case:
        return
    suite = options.case.partition(".")[0]
    wanted = ".".join(options.case.split(".")[:2])
    facts = provider(options.provider)
    walks = walks_of(suite, specification, facts, PROFILES[options.profile])
    names = [walk.name for walk in walks]
    if suite == "contract":
        names += [*(operation.id for operation in specification.operations), SEQUENCES]
    known = tuple(f"{suite}.{name}" for name in names)
    if wanted not in known:
        raise UnknownName("case", wanted, known, "--case")


def walks_of(
    suite: str, specification: Specification, provider: Provider, profile: Profile
) -> Iterator[Walk]:
    """Yield the walks of `suite`, in their order."""
    if provider.things is not None:
        return walks_over_things(suite, specification, provider, profile.random_circuits)
    if suite == "access":
        return access_walks(specification)
    if suite == "lifecycle":
        return lifecycle_walks(profile.walked_sequences)
    if suite == "physics":
        return physics_walks(profile.random_circuits)
    if suite == "hostile":
        return hostile_walks()
    return input_walks(specification, provider)
