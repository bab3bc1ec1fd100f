"""OpenQASM text to statements, within bounds: the parser is slow, and slower yet on odd text."""

from __future__ import annotations

import re
from typing import Any

from openqasm3 import parser

from conformance.mock.program.measured import ProgramProblem

LONGEST_TEXT = 100_000
"""Characters of a program, about five seconds; more is refused before it is parsed."""

DEEPEST = 40
"""Brackets that may be open at once, and signs before a number."""

_ANTLR: Any = parser
"""The parser's own module, which has its parts but exports few of them."""

_VERSION_2 = re.compile(r"\s*(?://[^\n]*\n\s*)*OPENQASM\s+2\b")


def statements(text: str) -> list[Any]:
    """Return the statements of an OpenQASM 2 or 3 program, as nodes of `openqasm3.ast`.

    Raises:
        ProgramProblem: It is no such program, too long, or nested too deep.
    """
    if len(text) > LONGEST_TEXT:
        raise ProgramProblem(f"expected at most {LONGEST_TEXT} characters, got {len(text)}")
    _check_depth(text)
    if _VERSION_2.match(text):
        text = text.replace("^", "**")  # a power there, and nothing else
    try:
        return _parsed(text)
    except RecursionError:
        raise ProgramProblem("expected a program of some depth, got one nested too deep") from None
    except Exception as error:  # on odd text the parser fails in ways of its own
        raise ProgramProblem(f"expected an OpenQASM program: {str(error)[:200]}") from error


def _check_depth(text: str) -> None:
    depth = signs = 0
    for character in text:
        depth += (character in "([{") - (character in ")]}")
        signs = signs + 1 if character in "-+~!" else 0 if not character.isspace() else signs
        if max(depth, signs) > DEEPEST:
            raise ProgramProblem(f"expected at most {DEEPEST} open brackets or signs, got more")


def _parsed(text: str) -> list[Any]:
    """Return the statements, as `openqasm3.parse` does, which also prints what it objects to."""
    lexer = _ANTLR.qasm3Lexer(_ANTLR.InputStream(text))
    reader = _ANTLR.qasm3Parser(_ANTLR.CommonTokenStream(lexer))
    for source in (lexer, reader):
        source.removeErrorListeners()
        source.addErrorListener(_ANTLR._RaiseOnErrorListener())
    return list(_ANTLR.QASMNodeVisitor().visitProgram(reader.program()).statements)
