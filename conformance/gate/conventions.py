"""The rules of the game: what two sets of values alone cannot say.

Requests may only widen and responses may only narrow, for clients that read tolerantly and send
only documented properties. Each line below is one consequence; each may be set otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from conformance.errors import BadValue, UnknownName
from conformance.gate.changes import Verdict

B, S, R, C = Verdict.BREAKING, Verdict.SUSPECTED, Verdict.RISKY, Verdict.COMPATIBLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Convention:
    """One line of the game."""

    name: str
    says: str
    verdict: Verdict
    may: tuple[Verdict, ...] = (B, R, C)


def _line(name: str, verdict: Verdict, says: str) -> Convention:
    return Convention(name=name, says=says, verdict=verdict)


CONVENTIONS: tuple[Convention, ...] = (
    _line(
        "undocumented-property",
        C,
        "A property that no document names is sent by nobody and read by nobody; closing "
        "or opening an object is no break.",
    ),
    _line(
        "free-object",
        R,
        "An object of a request that named no property was free to fill, and is so no more.",
    ),
    _line(
        "new-response-property",
        C,
        "A response may carry a new property, in a closed object too: readers ignore what "
        "they do not know.",
    ),
    _line(
        "removed-response-property",
        R,
        "An optional property of a response is no longer described; a client may have read it.",
    ),
    _line(
        "removed-request-property",
        R,
        "A property of an open request is no longer described; it is accepted and may "
        "have no effect.",
    ),
    _line(
        "removed-parameter",
        R,
        "A parameter is no longer described; a service that ignores unknown ones accepts "
        "the request and does something else.",
    ),
    _line("response-enum-value", B, "A response may carry a value that its enum did not list."),
    _line(
        "required-with-default",
        B,
        "A request must now carry something that has a default: a validator refuses it, a "
        "kind service fills it in.",
    ),
    _line("default-changed", R, "What is left out of a request now means something else."),
    _line(
        "response-default",
        C,
        "The default of something in a response is a hint for documentation.",
    ),
    _line("removed-operation", B, "A request that was described is no longer so."),
    _line(
        "removed-deprecated-operation",
        B,
        "An operation is gone that was deprecated, its sunset not given or not yet past.",
    ),
    _line("removed-after-sunset", R, "An operation is gone whose announced sunset is past."),
    _line(
        "swallowed-path",
        B,
        "A request is now answered by another operation, whose path template has it.",
    ),
    _line("decoded-differently", B, "The text of a parameter is now read as another value."),
    _line("removed-error-status", C, "An error is no longer described."),
    _line("removed-success-status", B, "The only success that was described is no more."),
    _line("removed-other-success", C, "One of several successes is no longer described."),
    _line("new-success-status", R, "A success may come that was not described."),
    _line(
        "new-error-status",
        C,
        "An error may come that was not described; clients treat it by its class.",
    ),
    _line(
        "removed-response-media-type",
        B,
        "A client that asks for a media type no longer gets it.",
    ),
    _line("new-response-media-type", C, "A further media type is there for those who ask for it."),
    _line(
        "removed-call",
        R,
        "A callback or webhook is no longer described; who waits for it may wait in vain.",
    ),
    _line("removed-response-header", R, "An optional header of a response is no longer described."),
    _line(
        "discriminator",
        R,
        "Decoders that go by the discriminator choose otherwise; which values are valid "
        "is the same.",
    ),
    _line("deprecation", C, "Deprecating something, or taking that back, changes no message."),
    _line("sunset", C, "An announced end, or a later one, changes no message."),
    _line(
        "sunset-too-soon",
        R,
        "An announced end is sooner than the grace days allow, or sooner than it was, or "
        "withdrawn.",
    ),
    _line("unstable-operation", R, "An operation broke that was declared draft or alpha."),
    _line("stability-lowered", R, "Something is declared less stable than it was."),
    _line("server", R, "A server is no longer listed, and its path is still served by another."),
    _line(
        "server-path",
        B,
        "A server is no longer listed, and no other has its path: every URL changes.",
    ),
    _line(
        "security-detail",
        R,
        "Where a token comes from, or which scopes there are, has changed.",
    ),
    _line(
        "names",
        C,
        "Names of path parameters, components and operations are not part of any message.",
    ),
    _line("additions", C, "What is new and asked of nobody breaks nobody."),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Game:
    """The conventions in force, and what a run is told besides."""

    verdicts: Mapping[str, Verdict]
    grace_days: int = 0

    def of(self, name: str) -> Verdict:
        """Return what a convention says."""
        return self.verdicts[name]


def game(settings: Iterable[tuple[str, str]] = (), *, grace_days: int = 0) -> Game:
    """Return the game with some lines set otherwise.

    Args:
        settings: Names of conventions and the verdicts that they shall give.
        grace_days: Days that must lie between today and a newly announced sunset.

    Raises:
        UnknownName: There is no such convention.
        BadValue: It cannot give such a verdict.
    """
    verdicts = {line.name: line.verdict for line in CONVENTIONS}
    for name, wanted in settings:
        if name not in verdicts:
            raise UnknownName("convention", name, tuple(verdicts))
        if wanted not in {str(v) for v in (B, R, C)}:
            raise BadValue(name, "breaking, risky or compatible", wanted)
        verdicts[name] = Verdict(wanted)
    return Game(verdicts=verdicts, grace_days=grace_days)
