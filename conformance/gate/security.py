"""Credentials: whether what was enough is still enough."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.gate.api import Api, Credentials, Op
from conformance.gate.bodies import Schemas
from conformance.gate.changes import Change, Verdict, Witness
from conformance.gate.conventions import Game
from conformance.gate.messages import request


def operation(schemas: Schemas, one: Op, other: Op) -> Iterator[Change]:
    """Yield each alternative of the base that no longer suffices, and each new one."""
    for needed in one.security:
        if not any(_enough(needed, alternative) for alternative in other.security):
            yield _tightened(schemas, one, other, needed)
    for needed in other.security:
        if not any(_enough(needed, alternative) for alternative in one.security):
            yield Change(
                rule="security-relaxed",
                verdict=Verdict.COMPATIBLE,
                operation=one.shown,
                direction="request",
                where="request.security",
                before="not enough",
                after=_shown(needed),
                pointer=other.security_pointer,
                convention="additions",
            )


def _tightened(schemas: Schemas, one: Op, other: Op, needed: Credentials) -> Change:
    message = request(schemas, one, anonymous=True)
    carried = {name: "<given>" for name, _ in needed}
    if carried:
        message["credentials"] = sorted(_shown(frozenset({each})) for each in needed)
    after = " or ".join(_shown(each) for each in other.security)
    reason = f"request.security: {_shown(needed)} was enough, {after} is asked for"
    return Change(
        rule="security-tightened",
        verdict=Verdict.BREAKING,
        operation=one.shown,
        direction="request",
        where="request.security",
        before=_shown(needed),
        after=after,
        pointer=other.security_pointer,
        witness=Witness(kind="request", message=message, accepted_by="base", reason=reason),
    )


def _enough(carried: Credentials, asked: Credentials) -> bool:
    """Whether a request that carries some credentials satisfies an alternative."""
    has = dict(carried)
    return all(name in has and scopes <= has[name] for name, scopes in asked)


def _shown(needed: Credentials) -> str:
    words = [
        f"{name} with {', '.join(sorted(scopes))}" if scopes else name
        for name, scopes in sorted(needed, key=lambda each: each[0])
    ]
    return " and ".join(words) or "no credentials"


def schemes(base: Api, head: Api, game: Game) -> Iterator[Change]:
    """Yield changed addresses and scopes of schemes that an operation of the base uses."""
    used = _used(base)
    ones, others = _schemes(base), _schemes(head)
    for name in sorted(used & ones.keys() & others.keys()):
        for place in sorted(_details(ones[name]).keys() | _details(others[name]).keys()):
            was, now = (_details(each).get(place, "none") for each in (ones[name], others[name]))
            if was != now:
                gone = now == "none"
                yield Change(
                    rule="security-scheme",
                    verdict=game.of("additions" if was == "none" else "security-detail"),
                    operation="",
                    direction="request",
                    where=f"security/{place}",
                    before=was,
                    after=now,
                    pointer=f"/components/securitySchemes/{name}",
                    gone=gone and name not in others,
                    convention="additions" if was == "none" else "security-detail",
                )


def _schemes(api: Api) -> Mapping[str, Any]:
    found: Mapping[str, Any] = (api.document.get("components") or {}).get("securitySchemes") or {}
    return found


def _used(api: Api) -> set[str]:
    holders: list[Any] = [api.document, *(op.raw for op in api.operations)]
    return {name for each in holders for needed in each.get("security") or () for name in needed}


def _details(scheme: Mapping[str, Any]) -> dict[str, str]:
    """Return what is said of a scheme besides what a request carries."""
    found = (
        {"openIdConnectUrl": str(scheme["openIdConnectUrl"])}
        if "openIdConnectUrl" in scheme
        else {}
    )
    for flow, described in (scheme.get("flows") or {}).items():
        for word in ("authorizationUrl", "tokenUrl", "refreshUrl"):
            if word in described:
                found[f"{flow}/{word}"] = str(described[word])
        for scope in described.get("scopes") or {}:
            found[f"{flow}/scopes/{scope}"] = "listed"
    return found
