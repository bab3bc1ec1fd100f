"""One run for all workers of pytest-xdist: the first that needs it makes it, the others wait."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


def once(folder: Path, make: Callable[[], str]) -> str:
    """Return what `make` returned, in whichever process first came here with this `folder`.

    A process that dies while it makes leaves the work to the next.
    """
    folder.mkdir(parents=True, exist_ok=True)
    made = folder / "made"
    with _locked(folder / "lock"):
        if not made.exists():
            made.write_text(make(), encoding="utf-8")
        return made.read_text("utf-8")


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("a+b") as file:
        _lock(file)
        try:
            yield
        finally:
            _unlock(file)


if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes]) -> None:
        file.seek(0)
        while True:
            try:
                msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
            except OSError:  # it gives up after ten seconds
                continue
            return

    def _unlock(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)
else:
    import fcntl

    def _lock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX)

    def _unlock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)
