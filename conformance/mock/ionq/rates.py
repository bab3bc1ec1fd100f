"""Rates of the noise models: those that IonQ has published, and the mock's own for the others.

Source: IonQ's public guide to simulation with noise models. What the mock takes for a model that
is not published is told where a user sees it (a warning in the job), and proves nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

from conformance.providers.ionq import UNPUBLISHED_NOISE_MODELS

Rates = tuple[float, float]
"""Depolarising rates of one- and two-qubit gates."""

PUBLIC_RATES: Mapping[str, Rates] = {
    "aria-1": (0.0005, 0.0133),
    "aria-2": (0.00065733, 0.01856),
    "forte-1": (0.00026667, 0.00494933),
}
"""Depolarising rates of one- and two-qubit gates that IonQ has published."""

OWN_RATES: Mapping[str, Rates] = {
    "harmony": (0.002, 0.025),
    "harmony-1": (0.002, 0.025),
    "harmony-2": (0.002, 0.025),
    "forte-enterprise-1": (0.00026667, 0.00494933),
}
"""Choices of the mock for models whose rates are not public."""


def is_published(model: str) -> bool:
    """Return whether IonQ has published the rates of a noise model."""
    return model not in UNPUBLISHED_NOISE_MODELS


def rates_of(model: str) -> Rates | None:
    """Return the rates of a noise model; None for `ideal`."""
    return PUBLIC_RATES.get(model) or OWN_RATES.get(model)
