"""Text from servers made harmless: nothing invisible, nothing that a terminal or CI obeys."""

from __future__ import annotations

import re

_COMMAND = re.compile(r"##(?=\[|\w+\[)")
"""Azure Pipelines, TeamCity and old GitHub commands, anywhere in a line."""


def visible(text: str, *, lines: bool = False) -> str:
    r"""Return `text` with control, bidirectional, unassigned and lone characters as escapes.

    An escape character becomes the four characters `\x1b`, a right-to-left override `\u202e`.
    Whatever is left is valid in XML and HTML and shows on a terminal.

    Args:
        text: Anything, lone surrogates included.
        lines: Keep line feeds and tabs; without it they become escapes, too.
    """
    if text.isprintable():
        return text
    kept = "\n\t" if lines else ""
    return "".join(c if c.isprintable() or c in kept else _escape(c) for c in text)


def _escape(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")


def no_command(line: str) -> str:
    """Return one line of terminal text in a form that no CI system takes for a command.

    GitHub obeys lines that begin with `::name::`, after white space; others `##name[`.
    """
    line = _COMMAND.sub("# #", line)
    bare = line.lstrip()
    if bare.startswith("::"):
        return f"{line[: len(line) - len(bare)]}: :{bare[2:]}"
    return line


def shortened(text: str, limit: int) -> str:
    """Return `text`, or its first `limit` characters and how many more there are."""
    if len(text) <= limit:
        return text
    return f"{text[:limit].rstrip()} ... ({len(text) - limit:,} more characters)"
