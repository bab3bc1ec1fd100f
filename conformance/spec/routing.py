"""Which operation a request is for."""

from __future__ import annotations

import functools
import re
from urllib.parse import unquote

from conformance.model import Operation, Specification


def match(
    specification: Specification, method: str, path: str
) -> tuple[Operation, dict[str, str]] | None:
    """Return the operation that `method` and `path` ask for, with its path parameters.

    A literal step wins over a template: `/jobs/estimate` is never a job called `estimate`.

    Args:
        specification: Whose operations are searched.
        method: In any case.
        path: After the base path; a query, and the base path itself, are ignored.

    Returns:
        The operation and its percent-decoded parameters, or None.
    """
    bare = path.partition("?")[0]
    base = specification.base_path
    if base and bare.startswith(f"{base}/"):
        bare = bare.removeprefix(base)
    for operation in sorted(specification.operations, key=_literalness):
        found = _pattern(operation.path).fullmatch(bare)
        if found and operation.method == method.upper():
            names = re.findall(r"\{([^}]*)\}", operation.path)
            return operation, dict(zip(names, map(unquote, found.groups()), strict=True))
    return None


def _literalness(operation: Operation) -> tuple[bool, ...]:
    return tuple("{" in step for step in operation.path.split("/"))


@functools.lru_cache(maxsize=4096)
def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"\{[^}]*\}", template)
    return re.compile("([^/]+)".join(re.escape(part) for part in parts))
