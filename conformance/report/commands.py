"""Shell commands in several lines that can still be copied."""

from __future__ import annotations

import re

_WORD = re.compile(r"""(?:'[^']*'|"[^"\\`]*"|[^\s'"\\])+""")
"""A word whose quotes are simple enough to break the line behind it."""


def broken(command: str, room: int) -> list[str]:
    """Return `command` in lines of about `room` columns that end with backslashes but the last.

    It breaks between options, never inside a quoted word, so the lines mean the same to a
    shell; a command with quotes that are hard to read stays in one line.
    """
    words = _WORD.findall(command)
    if len(command) <= room or " ".join(words) != command or "$'" in command:
        return [command]
    lines = [words[0]]
    for word, previous in zip(words[1:], words, strict=False):
        full = len(lines[-1]) + 1 + len(word) > room and not previous.startswith("-")
        if full or (word.startswith("-") and len(lines[-1]) > room // 2):
            lines.append(f"  {word}")
        else:
            lines[-1] += f" {word}"
    return [f"{line} \\" for line in lines[:-1]] + lines[-1:]
