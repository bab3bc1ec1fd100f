"""Where a key comes from when it is not on the command line."""

from __future__ import annotations

import os
from collections.abc import Sequence


def key_from(given: str, variables: Sequence[str]) -> str:
    """Return `given`, or the first of the environment variables that holds something."""
    return given or next((os.environ[name] for name in variables if os.environ.get(name)), "")
