"""Which alternative of one form became which of the other."""

from __future__ import annotations

from conformance.gate.forms import Case, Finite, Form, Object, Pool


def pair(
    pool: Pool, base: Form, head: Form
) -> tuple[list[tuple[Case, Case]], list[Case], list[Case]]:
    """Return pairs of cases that are most alike, and those of either side without a partner.

    Cases are paired within a type only, the most alike first.
    """
    ones, others = pool.list(base), pool.list(head)
    ranked = sorted(
        (
            (-_alike(pool, one, other), i, j)
            for i, one in enumerate(ones)
            for j, other in enumerate(others)
            if one.kind == other.kind
        ),
    )
    pairs: list[tuple[Case, Case]] = []
    left, right = set(range(len(ones))), set(range(len(others)))
    for score, i, j in ranked:
        if i in left and j in right and (score < 0 or len(ones) == len(others) == 1):
            pairs.append((ones[i], others[j]))
            left.discard(i)
            right.discard(j)
    return pairs, [ones[i] for i in sorted(left)], [others[j] for j in sorted(right)]


def _alike(pool: Pool, one: Case, other: Case) -> float:
    """Return how alike two cases of a type are: nothing in common is 0."""
    if isinstance(one, Finite) and isinstance(other, Finite):
        return 1 + len(one.values & other.values) / len(one.values | other.values)
    if not (isinstance(one, Object) and isinstance(other, Object)):
        return 1
    mine, theirs = dict(one.members), dict(other.members)
    names = mine.keys() | theirs.keys()
    if not names:
        return 1
    same = sum(1 for n in names if mine.get(n) == theirs.get(n))
    known = len(mine.keys() & theirs.keys())
    tags = sum(_same_tag(pool, mine[n], theirs[n]) for n in mine.keys() & theirs.keys())
    return tags * 3 + (same + known) / len(names) + (one.required == other.required) / 2


def _same_tag(pool: Pool, one: Form, other: Form) -> int:
    """Whether two members that take listed values share one, or none."""
    values = [
        frozenset().union(*(c.values for c in pool.list(form) if isinstance(c, Finite)))
        if all(isinstance(c, Finite) for c in pool.list(form))
        else frozenset[str]()
        for form in (one, other)
    ]
    if not values[0] or not values[1]:
        return 0
    return 1 if values[0] & values[1] else -1
