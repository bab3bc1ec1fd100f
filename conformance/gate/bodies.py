"""Schemas of the same thing in two documents, to what changed and what of it breaks."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from conformance.gate.api import Api
from conformance.gate.changes import Verdict
from conformance.gate.confirming import Judge, Unsure
from conformance.gate.conventions import Game
from conformance.gate.examples import Examples
from conformance.gate.forms import FREE, Finite, Form, Pool, Text
from conformance.gate.membership import holds, values_of
from conformance.gate.places import Described, place_of
from conformance.gate.searching import Question, Search
from conformance.gate.shaping import Direction, Shaper
from conformance.gate.sites import Site
from conformance.gate.walking import Walker
from conformance.gate.wire import readings

PATIENCE = 15
"""Budgets that may be spent in vain before searches become hasty; after twice as many, none is."""
HASTE = 0.1
"""Seconds of a hasty search."""
DERIVED = 0.4
"""Seconds for what most likely only follows from another difference."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A schema of the base and that of the head, and where each stands."""

    base: Any
    head: Any
    base_pointer: str
    head_pointer: str
    direction: Direction
    wire: bool = False
    """Whether values travel as text, so that 1 and "1" are the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One difference between two schemas, decided."""

    site: Site
    verdict: Verdict
    pointer: str
    gone: bool
    value: tuple[Any, ...] = ()
    """The value of the witness, if there is one."""
    convention: str = ""
    note: str = ""


@dataclass(slots=True)
class Schemas:
    """Compares schemas of two documents; what is asked twice is answered once."""

    base: Api
    head: Api
    game: Game
    budget: float
    pool: Pool = field(default_factory=Pool)
    _shapers: dict[tuple[str, Direction], Shaper] = field(default_factory=dict)
    _judges: dict[tuple[str, Direction, bool], Judge] = field(default_factory=dict)
    _vain: float = 0.0
    """Seconds spent on searches that found nothing."""
    _known: dict[tuple[Form, Form, Direction, bool], list[Found]] = field(default_factory=dict)

    def form(self, side: str, schema: Any, direction: Direction) -> Form:
        """Return the form of a schema of `base` or `head`."""
        if (side, direction) not in self._shapers:
            api = self.base if side == "base" else self.head
            shaper = Shaper(self.pool, api.document, api.source, direction)
            self._shapers[side, direction] = shaper
        return self._shapers[side, direction].form(schema)

    def judge(self, side: str, direction: Direction, *, tolerant: bool = False) -> Judge:
        """Return the two validators of a document, for one direction."""
        key = (side, direction, tolerant)
        if key not in self._judges:
            api = self.base if side == "base" else self.head
            self._judges[key] = Judge(
                document=api.document, source=api.source, direction=direction, tolerant=tolerant
            )
        return self._judges[key]

    def example(self, side: str, schema: Any, direction: Direction) -> Any:
        """Return the smallest value of a schema that was found; None where none was."""
        found = Examples(self.pool).of(self.form(side, schema, direction), 1)
        return found[0] if found else None

    def examples(self, side: str, schema: Any, direction: Direction = "request") -> list[Any]:
        """Return some small values of a schema."""
        return Examples(self.pool).of(self.form(side, schema, direction), 20)

    def listed(self, side: str, schema: Any) -> list[Any]:
        """Return the values that a schema of a parameter lists."""
        cases = self.pool.list(self.form(side, schema, "request"))
        return [value for case in cases if isinstance(case, Finite) for value in values_of(case)]

    def compare(self, pair: Pair) -> list[Found]:
        """Return every difference between two schemas, each decided, with its own place."""
        forms = (
            self.form("base", pair.base, pair.direction),
            self.form("head", pair.head, pair.direction),
        )
        if forms[0] == forms[1]:
            return []
        key = (*forms, pair.direction, pair.wire)
        if key not in self._known:
            self._known[key] = list(self._compared(pair, *forms))
        described = (
            Described(self.base.document, pair.base, pair.base_pointer),
            Described(self.head.document, pair.head, pair.head_pointer),
        )
        placed = []
        for found in self._known[key]:
            pointer, gone = place_of(found.site, *described)
            fallback = pair.base_pointer if gone else pair.head_pointer
            placed.append(replace(found, pointer=pointer or fallback, gone=gone))
        return placed

    def _compared(self, pair: Pair, base: Form, head: Form) -> Iterator[Found]:
        for site in _distinct(Walker(self.pool).walk(base, head)):
            response = pair.direction == "response"
            if pair.wire and site.rule in {"type", "nullable"} and self._takes_text(site, response):
                site = replace(site, lean="narrower" if response else "wider")
            decided = self._decided(pair, base, head, site)
            if not (site.derived and decided.verdict is Verdict.SUSPECTED):
                yield decided

    def _takes_text(self, site: Site, response: bool) -> bool:  # noqa: FBT001  # a direction
        """Whether who listens takes every text that who speaks may write."""
        speaker, listener = site.base, site.head_all
        if response:
            speaker, listener = site.head, site.base_all
        heard = all(
            isinstance(case, Finite)
            and not case.also
            and all(
                any(holds(self.pool, listener, each) for each in readings(v))
                for v in values_of(case)
            )
            for case in self.pool.list(speaker)
        )
        if heard:
            return True
        scalars = all(c.kind not in {"array", "object"} for c in self.pool.list(speaker))
        return scalars and (listener == FREE or Text() in self.pool.list(listener))

    def _decided(self, pair: Pair, base: Form, head: Form, site: Site) -> Found:
        response = pair.direction == "response"
        dangerous = site.lean in ({"wider", "both"} if response else {"narrower", "both"})
        if response and site.rule == "max-properties":
            dangerous = False  # further members are read past
        found = Found(site=site, verdict=Verdict.COMPATIBLE, pointer="", gone=False)
        if dangerous:
            question = self._question(pair, base, head)
            try:
                value = self._searched(question, site, response=response)
            except LookupError:
                return replace(
                    found,
                    verdict=Verdict.SUSPECTED,
                    note="No witness was found in the budget: another part of the schema may "
                    "accept the same, or the difference is beyond this search.",
                )
            convention = self._exception(pair, site)
            verdict = self.game.of(convention) if convention else Verdict.BREAKING
            return replace(found, verdict=verdict, value=(value,), convention=convention)
        convention = _convention(site, response=response)
        return replace(found, verdict=self.game.of(convention), convention=convention)

    def _searched(self, question: Question, site: Site, *, response: bool) -> Any:
        """Return a witness; what was looked for in vain so far shortens the time for the next.

        Raises:
            LookupError: None was found in time, or no time is left for more searches.
        """
        budget = min(self.budget, DERIVED) if site.derived else self.budget
        if self._vain > 2 * PATIENCE * self.budget:
            raise LookupError("enough was looked for in vain")
        if self._vain > PATIENCE * self.budget:
            budget = min(budget, HASTE)
        started = time.monotonic()
        try:
            return Search(self.pool, budget).witness(question, site, response=response)
        except LookupError:
            self._vain += time.monotonic() - started
            raise

    def _exception(self, pair: Pair, site: Site) -> str:
        """Return the convention that may soften a break of which there is a witness."""
        if pair.direction == "response":
            return "response-enum-value" if site.rule in {"enum-value-added", "enum"} else ""
        if site.rule in {"property-required", "property-added"}:
            described = Described(self.head.document, pair.head, pair.head_pointer).at(site.path)
            if any("default" in schema for schema, _ in described):
                return "required-with-default"
        return ""

    def _question(self, pair: Pair, base: Form, head: Form) -> Question:
        response = pair.direction == "response"
        source, sink = (head, base) if response else (base, head)
        confirm = self._confirmation(pair)
        return Question(
            source=source,
            sink=sink,
            tolerant=response,
            confirm=confirm,
            accepts=lambda v: any(
                holds(self.pool, sink, each, tolerant=response)
                for each in (readings(v) if pair.wire else (v,))
            ),
        )

    def _confirmation(self, pair: Pair) -> Callable[[Any], bool]:
        response = pair.direction == "response"
        names = ("head", "base") if response else ("base", "head")
        schemas = (pair.head, pair.base) if response else (pair.base, pair.head)
        speaker = self.judge(names[0], pair.direction)
        listener = self.judge(names[1], pair.direction, tolerant=response)

        def confirmed(value: Any) -> bool:
            try:
                if not speaker.accepts(schemas[0], value):
                    return False
                heard = readings(value) if pair.wire else (value,)
                return not any(listener.accepts(schemas[1], each) for each in heard)
            except Unsure:
                return False

        return confirmed


def _convention(site: Site, *, response: bool) -> str:
    """Return the convention for a difference that no value can show."""
    if site.rule == "max-properties" and response:
        return "undocumented-property"
    if site.convention == "property-added":
        return "new-response-property" if response else "additions"
    if site.convention == "property-removed":
        return "removed-response-property" if response else "removed-request-property"
    if site.convention == "map-opened":  # nobody describes further members any more
        return "removed-response-property" if response else "additions"
    if site.convention == "free-object":
        return "undocumented-property" if response else "free-object"
    return site.convention or "additions"


def _distinct(sites: Iterator[Site]) -> Iterator[Site]:
    seen: set[tuple[object, ...]] = set()
    for site in sites:
        key = (site.rule, site.path, site.lean, site.before, site.after)
        if key not in seen:
            seen.add(key)
            yield site
