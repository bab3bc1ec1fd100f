"""What recorded exchanges say of changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from conformance import traffic
from conformance.gate.api import Api, Op, media_for, read_api
from conformance.gate.behaviour import answer_for, media_of
from conformance.gate.changes import Change, Comparison, Evidence, Verdict
from conformance.gate.comparing import Source
from conformance.gate.confirming import Judge, Unsure
from conformance.gate.forms import ANY_KEY, ITEM
from conformance.model import Exchange, Specification
from conformance.spec.describing import base_path_of, operations_of

REFUSALS_SHOWN = 5


def weighed(
    comparison: Comparison,
    base: Source,
    head: Source,
    *,
    recordings: Sequence[Path],
) -> Comparison:
    """Return the comparison with evidence at its changes.

    Args:
        comparison: Of `base` and `head`.
        base: The document by which the traffic was recorded.
        head: The document that is to replace it.
        recordings: Run logs, cassettes, HAR files, or folders of them.

    Raises:
        UnreadableTraffic: A recording is none.
    """
    seen = _Seen(read_api(base.document, base.name), read_api(head.document, head.name))
    for exchange in recorded(recordings, base):
        seen.add(exchange)
    changes = tuple(seen.evidence(change) for change in comparison.changes)
    return replace(comparison, changes=changes, notes=(*comparison.notes, *seen.notes()))


def recorded(recordings: Sequence[Path], base: Source) -> Iterator[Exchange]:
    """Yield the exchanges of recordings, attributed to the operations of `base`.

    Raises:
        UnreadableTraffic: A recording is none.
    """
    specification = specification_of(base)
    for file in traffic.files_in(recordings):
        yield from traffic.read(file, specification)


def specification_of(source: Source) -> Specification:
    """Return a document as the harness reads it, for attributing exchanges to operations."""
    info = source.document.get("info") or {}
    return Specification(
        provider="custom",
        version=str(info.get("version", "")),
        title=str(info.get("title", "")),
        base_path=base_path_of(source.document),
        operations=operations_of(source.document, source.name, lambda path, method: path),
        bindings=(),
        document=source.document,
        source=source.name,
        digest=source.digest,
    )


@dataclass(slots=True)
class _Seen:
    """Exchanges counted by what the base and the head say of them."""

    base: Api
    head: Api
    total: int = 0
    strangers: int = 0
    operations: Counter[str] = field(default_factory=Counter)
    refused: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    bodies: dict[tuple[str, str], list[Any]] = field(default_factory=dict)
    _judges: dict[tuple[str, str], Judge] = field(default_factory=dict)

    def add(self, exchange: Exchange) -> None:
        """Count an exchange."""
        self.total += 1
        known = exchange.case.operation
        one = self._find(self.base, known.method, known.path) if known is not None else None
        if one is None:
            self.strangers += 1
            return
        self.operations[one.shown] += 1
        other = next((op for op in self.head.operations if op.key == one.key), None)
        self._request(exchange, one, other)
        self._response(exchange, one, other)

    def _find(self, api: Api, method: str, path: str) -> Op | None:
        return next((o for o in api.operations if (o.method, o.path) == (method, path)), None)

    def _request(self, exchange: Exchange, one: Op, other: Op | None) -> None:
        name = f"exchange {exchange.number}"
        if other is None:
            self.refused.setdefault((one.shown, "request"), []).append(name)
            return
        body = _parsed(exchange.case.request.body)
        if body is None or one.body is None:
            return
        media = media_of(exchange.case.request.headers)
        mine = media_for(one.body.content, media)
        self.bodies.setdefault((one.shown, "request"), []).append(body)
        theirs = media_for(other.body.content, media) if other.body is not None else None
        fits = mine is not None and self._accepts("base", "request", mine.schema, body)
        if fits and not (theirs and self._accepts("head", "request", theirs.schema, body)):
            self.refused.setdefault((one.shown, "request"), []).append(name)

    def _response(self, exchange: Exchange, one: Op, other: Op | None) -> None:
        response = exchange.response
        if response is None or other is None:
            return
        body = _parsed(response.body)
        media = media_of(response.headers)
        said = [answer_for(op, response.status) for op in (one, other)]
        contents = [media_for(a.content, media) if a is not None else None for a in said]
        if body is None or contents[0] is None:
            return
        self.bodies.setdefault((one.shown, "response"), []).append(body)
        fits = self._accepts("base", "response", contents[0].schema, body)
        now = contents[1]
        if fits and not (now and self._accepts("head", "response", now.schema, body)):
            refused = self.refused.setdefault((one.shown, "response"), [])
            refused.append(f"exchange {exchange.number}")

    def _accepts(self, side: str, direction: str, schema: Any, body: Any) -> bool:
        api = self.base if side == "base" else self.head
        key = (side, direction)
        if key not in self._judges:
            self._judges[key] = Judge(
                document=api.document,
                source=api.source,
                direction="request" if direction == "request" else "response",
            )
        try:
            return self._judges[key].accepts(schema, body)
        except Unsure:
            return True

    def evidence(self, change: Change) -> Change:
        """Return a change with what the recordings say of its operation and its place."""
        if change.verdict is Verdict.COMPATIBLE or not change.operation:
            return change
        count = self.operations[change.operation]
        found = [Evidence(source="traffic", text=f"operation used {count} times", count=count)]
        steps = tuple(change.where.split("/")[1:])
        bodies = self.bodies.get((change.operation, change.direction), [])
        if steps and bodies:
            held = sum(any(True for _ in at(body, steps)) for body in bodies)
            text = f"{held} of {len(bodies)} recorded bodies have {'/'.join(steps)}"
            found.append(Evidence(source="traffic", text=text, count=held))
        refused = self.refused.get((change.operation, change.direction), [])
        if refused:
            shown = ", ".join(refused[:REFUSALS_SHOWN])
            text = f"the head refuses {len(refused)} recorded {change.direction}s: {shown}"
            found.append(Evidence(source="traffic", text=text, count=len(refused)))
        return replace(change, evidence=(*change.evidence, *found))

    def notes(self) -> Iterator[str]:
        """Yield what the recordings say as a whole."""
        counts = Counter({"request": 0, "response": 0})
        for (_, direction), names in self.refused.items():
            counts[direction] += len(names)
        yield (
            f"traffic: {self.total} exchanges, {self.strangers} of no operation of the base; the "
            f"head refuses {counts['request']} requests and {counts['response']} responses that "
            "the base accepts"
        )


def at(value: Any, steps: tuple[str, ...]) -> Iterator[Any]:
    """Yield every value at a place; `*` stands for each element, `{*}` for each member."""
    if not steps:
        yield value
        return
    step, rest = steps[0], steps[1:]
    if step == ITEM and isinstance(value, list):
        for part in value:
            yield from at(part, rest)
    elif step == ANY_KEY and isinstance(value, dict):
        for part in value.values():
            yield from at(part, rest)
    elif isinstance(value, dict) and step in value:
        yield from at(value[step], rest)


def _parsed(body: bytes) -> Any:
    import json

    try:
        return json.loads(body)
    except ValueError:
        return None
