"""Waivers: what they cover, and when they end."""

from __future__ import annotations

from datetime import date

from conformance.model import Waiver, waived

TODAY = date(2026, 3, 2)


def test_a_waiver_covers_the_fingerprint_that_it_begins() -> None:
    waiver = Waiver(fingerprint="1234abcd", reason="known")
    result = waived([waiver], {"1234abcd5678", "ffff00001111"}, TODAY)
    assert result.accepted == {"1234abcd5678"}
    assert (result.used, result.unused, result.expired) == ((waiver,), (), ())


def test_a_waiver_holds_through_its_last_day_and_no_longer() -> None:
    waiver = Waiver(fingerprint="1234abcd", reason="known", expires=TODAY)
    assert waived([waiver], ["1234abcd5678"], TODAY).used == (waiver,)
    later = waived([waiver], ["1234abcd5678"], date(2026, 3, 3))
    assert (later.accepted, later.expired) == (frozenset(), (waiver,))


def test_a_waiver_that_covers_nothing_is_told() -> None:
    waiver = Waiver(fingerprint="00000000", reason="mended long ago")
    assert waived([waiver], ["1234abcd5678"], TODAY).unused == (waiver,)


def test_without_waivers_nothing_is_accepted() -> None:
    assert waived([], ["1234abcd5678"], TODAY).accepted == frozenset()
