"""Lists: pages, orders, tags."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from conformance.mock.http import Answer, Refusal

DEFAULT_SIZE, LARGEST_SIZE = 50, 1000

Entry = Mapping[str, Any]


def page(
    name: str,
    entries: Iterable[Entry],
    query: Mapping[str, Any],
    order: str,
    extra: Mapping[str, Callable[[Entry], Any]] | None = None,
) -> Answer:
    """Return one page of `entries`, and how many there are in all.

    Args:
        name: Member that holds them.
        entries: All that match.
        query: Of the request: `page`, from 1, `page_size`, `order_by`.
        order: The order where none is asked for.
        extra: Sorting values that are no member of an entry, by name.

    Raises:
        Refusal: The page or its size is below 1.
    """
    number, size = query.get("page", 1), query.get("page_size", DEFAULT_SIZE)
    for what, value in (("page", number), ("page_size", size)):
        if value < 1:
            raise Refusal(400, f"expected {what} from 1, got {value}", (what,))
    size = min(size, LARGEST_SIZE)
    field, _, direction = str(query.get("order_by", order)).rpartition("_")
    special = (extra or {}).get(field)

    def value_of(entry: Entry) -> str:
        return str((special(entry) if special else entry.get(field)) or "")

    ordered = sorted(entries, key=value_of, reverse=direction == "desc")
    start = (number - 1) * size
    return Answer(content={"total_count": len(ordered), name: ordered[start : start + size]})


def tagged(entry: Entry, query: Mapping[str, Any]) -> bool:
    """Whether an entry has all the tags that were asked for."""
    return set(query.get("tags", ())) <= set(entry["tags"] or ())


def equal(entry: Entry, query: Mapping[str, Any], names: Mapping[str, str]) -> bool:
    """Whether an entry's members are those asked for; the zero value of an enum means any.

    Args:
        entry: As it is told.
        query: Of the request.
        names: Query parameter to member.
    """
    return all(
        entry[member] == query[name]
        for name, member in names.items()
        if name in query and not str(query[name]).startswith("unknown_")
    )
