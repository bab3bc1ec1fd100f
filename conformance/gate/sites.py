"""Places where two forms differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import inf
from typing import Literal

from conformance.gate.forms import Case, Conjunct, Form, Pool
from conformance.gate.wording import shown

Lean = Literal["narrower", "wider", "both", "none"]
"""What happens to the set of values: fewer, more, one here and the other there, or nothing that
anybody may rely on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One step on the way to a site, and the cases that it went through."""

    base: Case
    head: Case
    step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One difference between two forms."""

    rule: str
    frames: tuple[Frame, ...]
    base: Form
    """The cases of the base that differ."""
    head: Form
    base_all: Form
    """All that the base accepts at this place."""
    head_all: Form
    lean: Lean
    before: str
    after: str
    member: str = ""
    """The member that comes, goes, or becomes required."""
    convention: str = ""
    """The convention that decides, where no set does."""
    derived: bool = False
    """Whether it only follows from what changed inside, unless a witness shows otherwise."""

    @property
    def path(self) -> tuple[str, ...]:
        """The place in the value; with the member for what is about a member."""
        steps = tuple(frame.step for frame in self.frames)
        return (*steps, self.member) if self.member else steps


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """A pair of forms under comparison; makes the sites of this place."""

    pool: Pool
    base: Form
    head: Form
    base_all: Form
    head_all: Form
    frames: tuple[Frame, ...]

    def of(self, one: Case, other: Case) -> Here:
        """Return the same place, for one case of each side."""
        form = self.pool.form
        return replace(self, base=form(one), head=form(other))

    def site(
        self,
        rule: str,
        lean: Lean,
        before: str,
        after: str,
        *,
        member: str = "",
        convention: str = "",
    ) -> Site:
        """Return a difference of this place."""
        return Site(
            rule=rule,
            frames=self.frames,
            base=self.base,
            head=self.head,
            base_all=self.base_all,
            head_all=self.head_all,
            lean=lean,
            before=before,
            after=after,
            member=member,
            convention=convention,
        )

    def inner(self, one: Case, other: Case, step: str) -> tuple[Frame, ...]:
        """Return the frames of a place one step inside."""
        return (*self.frames, Frame(base=one, head=other, step=step))

    def gone(self, case: Case) -> Site:
        """Return the site of an alternative that is no more."""
        form = self.pool.form(case)
        text = shown(self.pool, form)
        return replace(self, base=form).site("alternative-removed", "narrower", text, "not there")

    def come(self, case: Case) -> Site:
        """Return the site of a new alternative."""
        form = self.pool.form(case)
        text = shown(self.pool, form)
        return replace(self, head=form).site("alternative-added", "wider", "not there", text)

    def kinds(self) -> Iterator[Site]:
        """Yield one site for the types that came or went, and one for null."""
        before = {self.pool.cases[n].kind for n in self.base}
        after = {self.pool.cases[n].kind for n in self.head}
        lost, new = before - after, after - before
        if "null" in lost | new:
            lean: Lean = "narrower" if "null" in lost else "wider"
            yield self._some({"null"}).site("nullable", lean, _types(before), _types(after))
        lost, new = lost - {"null"}, new - {"null"}
        if lost or new:
            lean = "both" if lost and new else "narrower" if lost else "wider"
            texts = shown(self.pool, self.base), shown(self.pool, self.head)
            yield self._some(lost | new).site("type", lean, *texts)

    def _some(self, kinds: set[str]) -> Here:
        """Return the same place, for the cases of some types."""
        cases = self.pool.cases
        base = frozenset(n for n in self.base if cases[n].kind in kinds)
        head = frozenset(n for n in self.head if cases[n].kind in kinds)
        return replace(self, base=base, head=head)

    def conditions(self, one: frozenset[Conjunct], other: frozenset[Conjunct]) -> Iterator[Site]:
        """Yield what changed of the further conditions."""
        rules = {"one": "exclusive", "not": "negation", "if": "condition", "contains": "contains"}
        for word in sorted({c.word for c in one ^ other}):
            was, now = ({c for c in each if c.word == word} for each in (one, other))
            lean = _lean(self.pool, was, now)
            words = ("said" if each else "not said" for each in (was, now))
            site = self.site(rules[word], lean, *words)
            yield replace(site, derived=word == "one" and lean == "both")


def _lean(pool: Pool, was: set[Conjunct], now: set[Conjunct]) -> Lean:
    """Return what happens to a set of values by its further conditions, all of one word."""
    lost, new = was - now, now - was
    if lost and new and not (len(lost) == len(new) == 1):
        return "both"
    if not (lost and new):
        return "narrower" if new else "wider"
    before, after = lost.pop(), new.pop()
    if before.word == "not" and pool.meet is not None:
        both = pool.meet((before.forms[0], after.forms[0]))
        return (
            "narrower" if both == before.forms[0] else "wider" if both == after.forms[0] else "both"
        )
    if before.word != "contains" or before.forms != after.forms:
        return "both"
    counts = [
        (c.numbers[0] or 0, inf if c.numbers[1] is None else c.numbers[1]) for c in (before, after)
    ]
    if counts[0][0] <= counts[1][0] and counts[1][1] <= counts[0][1]:
        return "narrower"
    wider = counts[1][0] <= counts[0][0] and counts[0][1] <= counts[1][1]
    return "wider" if wider else "both"


def _types(kinds: set[str]) -> str:
    return " or ".join(sorted(kinds)) or "nothing"
