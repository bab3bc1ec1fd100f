"""What is sent and what comes back."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NoReturn

from conformance.model.contract import Operation

Headers = tuple[tuple[str, str], ...]


class Credential(StrEnum):
    """Whose key a request carries."""

    FIRST = "first"
    SECOND = "second"
    WRONG = "wrong"
    CUT = "cut"
    """The first half of the first tenant's key."""
    LONGER = "longer"
    """The first tenant's key and one character more."""
    BARE = "bare"
    """The first tenant's key, without the word that stands before it."""
    OTHER_SCHEME = "other-scheme"
    """The first tenant's key as a bearer token."""
    FORGED = "forged"
    """A token of nobody, where the provider takes tokens besides keys."""
    BORROWED = "borrowed"
    """The second tenant's secret with all else that the first tenant's key consists of."""
    NONE = "none"


class Expectation(StrEnum):
    """What the contract says must happen to a request."""

    ACCEPTED = "accepted"
    """Valid in shape and meaning: a success status."""
    REFUSED = "refused"
    """Invalid in one known way: a 4XX in the documented shape."""
    FREE = "free"
    """The contract leaves the answer to the service."""


class Delivery(StrEnum):
    """How the body of a request travels."""

    WHOLE = "whole"
    IN_DRIPS = "in-drips"
    """In pieces, with pauses between them."""
    BROKEN_OFF = "broken-off"
    """Only a part of what its length promises; then the connection is closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request relative to the target: `path` starts after the base URL and holds the query."""

    method: str
    path: str
    headers: Headers = ()
    body: bytes = b""
    delivery: Delivery = Delivery.WHOLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What came back; `elapsed` in seconds from sending to the last byte."""

    status: int
    headers: Headers = ()
    body: bytes = b""
    elapsed: float = 0.0
    _parsed: list[Any] = field(default_factory=list, init=False, repr=False, compare=False)

    def header(self, name: str) -> str | None:
        """Return the first value of header `name`, whatever its case."""
        wanted = name.lower()
        for key, value in self.headers:
            if key.lower() == wanted:
                return value
        return None

    def json(self) -> Any:
        """Return the parsed body.

        Raises:
            Excessive: It is more than is read.
            ValueError: The body is no JSON text (RFC 8259: NaN and Infinity are none).
        """
        if not self._parsed:
            try:
                self._parsed.append(parse_bounded(self.body))
            except (ValueError, RecursionError) as error:
                self._parsed.append(_Unreadable(error))
        parsed = self._parsed[0]
        if isinstance(parsed, _Unreadable):
            raise parsed.error
        return parsed

    def json_or_none(self) -> Any:
        """Return the parsed body, or None when it is no JSON text."""
        try:
            return self.json()
        except (ValueError, RecursionError):
            return None


DEEPEST = 64
"""Levels of objects and lists that are read in an answer."""
MOST_VALUES = 2**18
"""Values, objects and lists included, that are read in an answer: as many as the outcomes of
18 qubits."""


class Excessive(ValueError):
    """A JSON text is nested more deeply, or holds more values, than is read."""


class Unpaired(ValueError):
    """A JSON text has half of a surrogate pair, which RFC 8259 allows and no UTF-8 can say."""


@dataclass(frozen=True, slots=True)
class _Unreadable:
    error: Exception


def parse_bounded(text: bytes) -> Any:
    """Parse RFC 8259 JSON in UTF-8 that somebody else wrote, of bounded size.

    Raises:
        Excessive: It is nested too deeply, or holds too much.
        Unpaired: It has half of a surrogate pair.
        ValueError: It is something else, NaN and Infinity included.
    """
    opened = text.count(b"[") + text.count(b"{")
    if opened + text.count(b",") > MOST_VALUES:
        raise Excessive(f"more than {MOST_VALUES} values")
    try:
        value = parse_json(text)
    except RecursionError:
        raise Excessive(f"more than {DEEPEST} levels") from None
    if opened > DEEPEST and _is_deep(value):
        raise Excessive(f"more than {DEEPEST} levels")
    if b"\\u" in text and any(escape[1] for escape in _ESCAPE.finditer(text)):
        raise Unpaired("half of a surrogate pair, which is no character")
    return value


_ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F])|.)",
    re.DOTALL,
)
"""An escape: a pair of surrogates, half of one (which is the group), or any other."""


def _is_deep(value: Any) -> bool:
    """Whether what was parsed holds anything on a level beyond `DEEPEST`."""
    level = [value] if type(value) in _CONTAINERS else []
    for _ in range(DEEPEST):
        level = [
            child
            for node in level
            for child in (node.values() if type(node) is dict else node)
            if type(child) in _CONTAINERS
        ]
        if not level:
            return False
    return any(level)


_CONTAINERS = frozenset({dict, list})


def parse_json(text: bytes | str) -> Any:
    """Parse RFC 8259 JSON in UTF-8.

    Raises:
        ValueError: `text` is something else, NaN and Infinity included.
    """
    if isinstance(text, bytes):
        # json.loads would take UTF-16, UTF-32 and lone surrogates; "utf-8-sig" is slow
        text = text.decode("utf-8").removeprefix("\ufeff")
    return _DECODER.decode(text)


def parse_sent(text: bytes) -> Any:
    """Parse a body that was sent, as a service may read it: in UTF-16 and UTF-32 as well.

    RFC 4627 allowed these, RFC 8259 does not, and libraries read them still.

    Raises:
        ValueError: `text` is JSON in no encoding of Unicode.
    """
    return _DECODER.decode(text.decode(json.detect_encoding(text), "surrogatepass"))


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


_DECODER = json.JSONDecoder(parse_constant=_refuse_constant)
"""Made once: `json.loads` would make one for every text."""


class Problem(StrEnum):
    """Why a request brought no response."""

    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    DISCONNECTED = "disconnected"
    MALFORMED = "malformed"
    TOO_LARGE = "too-large"
    UNTRUSTED = "untrusted"
    """The target's certificate cannot be verified: nothing was sent."""
    UNSENDABLE = "unsendable"
    """The request itself is no HTTP: ours to mend, and nothing to judge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One planned request and what the contract expects of the answer."""

    id: str
    """`suite.scenario.step`; `qconform run --case suite.scenario` plays the scenario again."""
    suite: str
    operation: Operation | None
    request: Request
    expects: Expectation = Expectation.FREE
    credential: Credential = Credential.FIRST
    because: str = ""
    """Why a refusal, or an acceptance, is expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A request and its response, as they happened."""

    case: Case
    response: Response | None
    problem: Problem | None = None
    detail: str = ""
    started: float = 0.0
    """Seconds since the run began."""
    number: int = 0
    """Position in the run log, from 1."""

    @property
    def operation(self) -> Operation | None:
        """The operation that the request was made for."""
        return self.case.operation

    @property
    def is_http_refusal(self) -> bool:
        """Whether HTTP itself, or any gateway, defines this answer for every operation."""
        return self.response is not None and self.response.status in {
            405, 406, 408, 411, 413, 414, 415, 417, 421, 426, 429, 431, 501, 505,
        }  # fmt: skip

    @property
    def succeeded(self) -> bool:
        """Whether the answer has a success status."""
        return self.response is not None and 200 <= self.response.status < 300
