"""Bodies of requests that do not travel whole and at once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import pairwise

_PIECES = 5


class BrokenOff(Exception):
    """A request was broken off in its body, as it was meant to be."""


def in_drips(body: bytes, *, pause: float) -> Iterator[bytes]:
    """Yield `body` in pieces, with `pause` seconds before each but the first."""
    size = len(body)
    edges = [size * i // _PIECES for i in range(_PIECES + 1)]
    for number, (begin, end) in enumerate(pairwise(edges)):
        if number:
            time.sleep(pause)
        if begin < end:
            yield body[begin:end]


def broken_off(body: bytes) -> Iterator[bytes]:
    """Yield `body` without the blanks at its end, or else its first half, and stop there.

    Raises:
        BrokenOff: What was yielded has been sent; the connection is not to be used again.
    """
    sent = body.rstrip(b" ")
    if len(sent) == len(body):
        sent = body[: len(body) // 2]
    yield sent
    raise BrokenOff(f"broken off after {len(sent)} of {len(body)} bytes, as it was meant to be")
