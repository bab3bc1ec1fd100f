"""Expected and seen numbers as an SVG bar chart, where a finding states both."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence

from markupsafe import Markup

from conformance.model import Finding
from conformance.report.visible import shortened, visible

BARS = 16
"""Outcomes that are drawn; those that differ most are kept."""

_ROW = 26
_LABELS = 96
_LENGTH = 360
_WIDTH = 560

Distribution = Mapping[str, float]


def chart(finding: Finding) -> Markup | None:
    """Return a chart of the two distributions that `finding` compares, or None.

    Drawn when `expected` and `seen` each hold a JSON object of non-negative numbers, such as
    `{"0": 0.5, "3": 0.5}`: then the reader sees at once which outcomes were swapped.
    """
    expected, seen = distribution(finding.expected), distribution(finding.seen)
    if expected is None or seen is None:
        return None
    keys = _most_different(expected, seen)
    return _svg(keys, expected, seen)


def distribution(text: str) -> Distribution | None:
    """Return the first JSON object in `text` if all its members are non-negative numbers."""
    start = text.find("{")
    if start < 0:
        return None
    try:
        found, _ = json.JSONDecoder().raw_decode(text[start:])
    except (ValueError, RecursionError):
        return None
    if not found or not all(_is_amount(value) for value in found.values()):
        return None
    return {str(key): float(value) for key, value in found.items()}


def _is_amount(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return 0 <= value < 1e300 and math.isfinite(value)


def _most_different(expected: Distribution, seen: Distribution) -> list[str]:
    keys = sorted(
        {*expected, *seen}, key=lambda key: (-abs(expected.get(key, 0) - seen.get(key, 0)), key)
    )
    return sorted(keys[:BARS], key=lambda key: (len(key), key))


def _svg(keys: Sequence[str], expected: Distribution, seen: Distribution) -> Markup:
    largest = max(*expected.values(), *seen.values()) or 1.0
    height = _ROW * len(keys) + 4
    rows = Markup("").join(
        _row(number, key, expected.get(key, 0.0), seen.get(key, 0.0), largest)
        for number, key in enumerate(keys)
    )
    return Markup(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" '
        'aria-label="expected and seen probabilities">{}</svg>'
    ).format(_WIDTH, height, rows)


def _row(number: int, key: str, expected: float, seen: float, largest: float) -> Markup:
    top = _ROW * number + 2
    return Markup(
        '<text class="key" x="{}" y="{}">{}</text>'
        '<rect class="want" x="{}" y="{}" width="{:.1f}" height="9"/>'
        '<rect class="got" x="{}" y="{}" width="{:.1f}" height="9"/>'
        '<text class="value" x="{:.1f}" y="{}">{} / {}</text>'
    ).format(
        *(_LABELS - 8, top + 15, shortened(visible(key), 12)),
        *(_LABELS, top + 2, max(1.0, _LENGTH * expected / largest)),
        *(_LABELS, top + 12, max(1.0, _LENGTH * seen / largest)),
        *(_LABELS + 8 + _LENGTH * max(expected, seen) / largest, top + 15),
        *(f"{expected:.4g}", f"{seen:.4g}"),
    )
