"""The document that the mock serves: by the letter, and with what it tolerates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from conformance import spec
from conformance.mock.ionq.shapes import Shape
from conformance.model import Specification
from conformance.spec import Tolerance


@dataclass(frozen=True, slots=True, kw_only=True)
class Contracts:
    """What the mock accepts (`served`), and what the document allows (`letter`)."""

    served: Specification
    letter: Specification
    tolerances: tuple[Tolerance, ...]
    strict: bool

    def shapes(self) -> Iterator[Shape]:
        """Yield the shape of the requests for each operation."""
        for operation in self.served.operations:
            letter = self.letter.operation(operation.id)
            yield Shape(
                operation=operation,
                letter=operation if letter == operation else letter,
                tolerances=tuple(t for t in self.tolerances if operation.id in t.operations),
            )


def contracts(*, strict: bool) -> Contracts:
    """Return IonQ's document for a mock; each form is read once a process."""
    letter = spec.load("ionq")
    return Contracts(
        served=letter if strict else spec.load("ionq", lenient=True),
        letter=letter,
        tolerances=spec.tolerances("ionq"),
        strict=strict,
    )
