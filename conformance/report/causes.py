"""Findings that likely have one cause, put together."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

from conformance.model import Finding, Severity

_FIRST = ("HTTP", "SCHEMA", "ACCESS", "INPUT")
"""Families that say the most about a cause; what others find may follow from it."""
_COMMON = frozenset({"*", "id", "ids", "jobs", "next", "name", "status"})
"""Fields that answers of many kinds have."""
_WHOLE = frozenset({"response", "response.status", "response.body"})
"""Places that are too wide to tie findings of different rules together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """What likely goes wrong once, and shows in one place or in several."""

    head: Finding
    """The finding that tells most of it."""
    others: tuple[Finding, ...] = ()


def causes_of(findings: Sequence[Finding]) -> tuple[Cause, ...]:
    """Return the likely causes of `findings`, each finding under one of them.

    Findings are put together when they are of one rule on one operation, when one rule found
    the same thing at the same place of several operations, when several rules object to one
    place of one operation or to one field wherever it is, and when they judge one and the same
    answer.

    Args:
        findings: In the order in which they are shown, which is kept.
    """
    leader = list(range(len(findings)))
    first: dict[Hashable, int] = {}
    for index, finding in enumerate(findings):
        for tie in _ties(finding):
            _join(leader, first.setdefault(tie, index), index)
    groups: dict[int, list[Finding]] = {}
    for index, finding in enumerate(findings):
        groups.setdefault(_root(leader, index), []).append(finding)
    return tuple(map(_cause, groups.values()))


def _ties(finding: Finding) -> Iterator[Hashable]:
    weight = finding.severity
    yield weight, "rule", finding.check, finding.operation
    yield weight, "everywhere", finding.check, finding.clause, finding.place
    field = finding.place.rpartition("/")[2]
    if finding.place not in _WHOLE:
        yield weight, "place", finding.operation, finding.place
    if field not in _COMMON and "/" in finding.place:
        yield weight, "field", field
    if finding.exchanges:
        yield weight, "answer", max(finding.exchanges)


def _root(leader: list[int], index: int) -> int:
    while leader[index] != index:
        index = leader[index]
    return index


def _join(leader: list[int], one: int, other: int) -> None:
    low, high = sorted((_root(leader, one), _root(leader, other)))
    leader[high] = low


def _cause(group: list[Finding]) -> Cause:
    head = min(group, key=_remoteness)
    return Cause(head=head, others=tuple(f for f in group if f is not head))


def _remoteness(finding: Finding) -> tuple[bool, int, int]:
    """How far from its cause a finding likely is: the most basic and most frequent is nearest."""
    family = finding.check.partition("-")[0]
    rank = _FIRST.index(family) if family in _FIRST else len(_FIRST)
    return finding.severity is Severity.WARNING, rank, -finding.count
