"""Rules about characterizations: by page, by date, and the one that a backend names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from told import Told, all_found, found, refusal

from conformance.model import Exchange

LISTING = "getCharacterizationsForBackend"
RULES = ("LIST-011", "LIST-012", "LIST-013")
ARIA, FORTE = "qpu.aria-1", "qpu.forte-1"


def identifier(number: int) -> str:
    return f"00000000-0000-4000-8000-0000000000{number:02}"


def entry(number: int, *, hour: int = 6) -> dict[str, Any]:
    """Return the characterization of a day of January."""
    date = f"2026-01-{number:02}T{hour:02}:30:00Z"
    return {"id": identifier(number), "backend": ARIA, "date": date}


def backend(name: str, named: str) -> dict[str, Any]:
    return {"backend": name, "status": "available", "qubits": 25, "characterization_id": named}


def page(told: Told, numbers: list[int], pages: int | None = None, **query: Any) -> Exchange:
    body: dict[str, Any] = {"characterizations": [entry(n) for n in numbers]}
    body |= {} if pages is None else {"pages": pages}
    return told.say(LISTING, 200, body, ids={"backend": ARIA}, query=query)


def paged(told: Told, *read: tuple[int, list[int], int | None]) -> None:
    for number, numbers, pages in read:
        page(told, numbers, pages, limit=2, page=number)


def single(told: Told, name: str, number: int, status: int = 200, **changes: Any) -> None:
    ids = {"backend": name, "UUID": identifier(number)}
    body = {**entry(number), **changes} if status == 200 else refusal(status)
    told.say("getCharacterization", status, body, ids=ids)


def first_page_again(told: Told) -> None:
    paged(told, (1, [9, 8], None), (2, [9, 8], None), (1, [9, 8], None))


def overlap(told: Told) -> None:
    paged(told, (1, [9, 8], None), (2, [8, 7], None), (1, [9, 8], None))


def longer_than_asked_for(told: Told) -> None:
    page(told, [9, 8, 7], limit=2)


def entries_counted(told: Told) -> None:
    paged(told, (1, [9, 8], 7), (2, [7, 6], 5), (1, [9, 8], 7))


def promised_pages_missing(told: Told) -> None:
    paged(told, (1, [9, 8], 4), (2, [], 4), (1, [9, 8], 4))


def too_early(told: Told) -> None:
    page(told, [5, 8], start="2026-01-08")


def too_late(told: Told) -> None:
    page(told, [5, 8], end="2026-01-07")


def start_ignored_beside_end(told: Told) -> None:
    page(told, [5, 8], start="2026-01-08", end="2026-01-09")


def in_both_halves(told: Told) -> None:
    page(told, [8, 9], start="2026-01-08")
    page(told, [7, 8], end="2026-01-08")


def names_none(told: Told) -> None:
    told.say("getBackends", 200, [backend(ARIA, identifier(9))])
    single(told, ARIA, 9, 404)


def names_another(told: Told) -> None:
    told.say("getBackend", 200, backend(ARIA, identifier(9)), ids={"backend": ARIA})
    single(told, ARIA, 9, backend=FORTE)


DEPARTURES: list[tuple[str, Callable[[Told], None]]] = [
    ("LIST-011", first_page_again),
    ("LIST-011", overlap),
    ("LIST-011", longer_than_asked_for),
    ("LIST-011", entries_counted),
    ("LIST-011", promised_pages_missing),
    ("LIST-012", too_early),
    ("LIST-012", too_late),
    ("LIST-012", start_ignored_beside_end),
    ("LIST-012", in_both_halves),
    ("LIST-013", names_none),
    ("LIST-013", names_another),
]


@pytest.mark.parametrize(("rule", "happens"), DEPARTURES, ids=[h.__name__ for _, h in DEPARTURES])
def test_a_departure_is_found(rule: str, happens: Callable[[Told], None]) -> None:
    told = Told()
    happens(told)
    assert found(rule, told.history)


def remaining_pages(told: Told) -> None:
    paged(told, (1, [9, 8], 1), (2, [7], 0), (1, [9, 8], 1))


def all_pages(told: Told) -> None:
    paged(told, (1, [9, 8], 2), (2, [7], 2), (1, [9, 8], 2))


def one_page_in_all(told: Told) -> None:
    paged(told, (1, [9, 8], 1), (2, [], 1), (1, [9, 8], 1))


def measured_between_two_pages(told: Told) -> None:
    paged(told, (1, [9, 8], 1), (2, [8, 7], 1), (1, [10, 9], 2))


def days_of_another_zone(told: Told) -> None:
    late = {"characterizations": [entry(7, hour=20)]}  # of the 8th, east of Greenwich
    told.say(LISTING, 200, late, ids={"backend": ARIA}, query={"start": "2026-01-08"})
    page(told, [8], end="2026-01-08")  # of the 7th, west of it


def moments_that_nobody_can_read(told: Told) -> None:
    body = {"characterizations": [{**entry(8), "date": "last week"}], "pages": "many"}
    told.say(LISTING, 200, body, ids={"backend": ARIA}, query={"start": "soon", "end": "later"})


def in_force(told: Told) -> None:
    told.say("getBackends", 200, [backend(ARIA, identifier(9)), {"backend": FORTE}])
    single(told, ARIA, 9)
    single(told, ARIA, 8, 404)


def of_a_stranger(told: Told) -> None:
    told.say("getBackends", 200, [backend(FORTE, identifier(9))])
    single(told, ARIA, 9, 404)


@pytest.mark.parametrize(
    "happens",
    [
        remaining_pages,
        all_pages,
        one_page_in_all,
        measured_between_two_pages,
        days_of_another_zone,
        moments_that_nobody_can_read,
        in_force,
        of_a_stranger,
    ],
)
def test_what_a_service_may_tell_gives_no_finding(happens: Callable[[Told], None]) -> None:
    told = Told()
    happens(told)
    assert [f for f in all_found(told.history) if f.partition(" ")[0] in RULES] == []
