"""The Python of a provider's new package: a table of things, and facts to fill in."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from conformance.model import Specification
from conformance.providers.guessing import Guess, Guessed, Named

_WIDTH = 88
_HELD_BACK = {
    "COST-": "costs of jobs are not described yet",
    "INPUT-003": "it is not described yet whether a refusal states its status",
    "INPUT-004": "jobs are not described yet",
    "INPUT-005": "jobs are not described yet",
    "LIFE-": "jobs and sessions are not described yet",
    "LIST-": "lists of jobs are not described yet",
    "PHYS-": "circuits and results are not described yet",
    "SESSION-": "sessions are not described yet",
    "STAT-": "circuits and results are not described yet",
}


_THINGS_HEAD = """\
What the operations of {title} are about, and right bodies.

Guessed from the document by `qconform init-provider`. With it every operation is called with
ids of things that exist: rightly, wrongly in one way, without a key, and by a stranger.
"""
_THINGS_TAIL = """\
    # The thing on which jobs run (a backend, a platform), by its name above, and the
    # operation that reads one. The lifecycle and physics suites need both.
    place="",
    place_read="",
    # Operations that need their job to have ended.
    not_while_running=frozenset(),
    # Operations that may refuse a call from this table. Take one out when its body above
    # is right and nothing but a defect can make it refuse: then INPUT-001 judges it.
    elsewhere=frozenset({unsure}),
)
"""
_BODIES_HEAD = """\
    ),
    # A right body of each operation that takes one, best with many of its optional fields:
    # whatever is wrong in one place is made from it. `ids` holds the ids of the things that
    # the made thing needs.
    bodies={"""
_FACTS_HEAD = """\
{title}: what it does beyond its document.

Laid out by `qconform init-provider`; it works as it is. Fill in JOBS, then SESSIONS, and take
out of `unjudged` what is described by then.
"""
_JOBS_HEAD = """\
# Operations are named by their operationId; an empty name means that there is none. Once
# `create` is set, and `place` in things.py, the lifecycle suite submits jobs: give `circuit`
# then, a function from a circuit and options (backend, shots, session_id) to a payload."""
_SESSIONS_HEAD = """\

# Once `create` is set here, too, the lifecycle suite opens sessions: give `request` then, a
# function from backend, longest (seconds) and other fields to a payload. The table of states
# is `states` with `returns`."""
_PROVIDER = """
PROVIDER = Provider(
    name={name},
    title={title},
    url={url},
    documents=Path(__file__).parent / "specs" / {name},
    # Where a key is looked for in the environment, and how it travels.
    key_variables=({variable},),
    second_key_variable={second_variable},
    key_header={header},{note}
    key_prefix={prefix},
    key_words={words},
    wrong_key="qconform-key-of-nobody",
    free_parameters=frozenset(),
    free_access=frozenset(),
    # A read that every such service answers; the run asks it first.
    probe={probe},
    # Seconds that a list may lag behind single reads.
    list_lag=0.0,
    jobs=JOBS,
    sessions=SESSIONS,
    things=THINGS,
    # Rules that are not judged, by how their ids begin, and why. Take out what is described.
    unjudged={unjudged},
    # True when runs on the real service are known to be safe: allows --live.
    live=False,
)
"""


def things_code(contract: Specification, guess: Guess) -> str:
    """Return the module that holds the table of things and right bodies."""
    parts = [
        f'"""{_THINGS_HEAD.format(title=_plain(contract.title))}"""\n',
        "from conformance.providers import Thing, Things\n",
        "THINGS = Things(\n    things=(",
        *(_thing(thing) for thing in guess.things),
        _BODIES_HEAD,
        *(_body(name, body) for name, body in guess.bodies.items()),
        "    },",
        _THINGS_TAIL.format(unsure=_set(guess.unsure)),
    ]
    return "\n".join(parts)


def facts_code(name: str, package: str, contract: Specification, guess: Guess) -> str:
    """Return the module that holds the `Provider`, with the model of its states to fill in."""
    header, prefix, note = _key(contract)
    told = {
        "name": name,
        "title": contract.title,
        "url": _server(contract),
        "variable": _variable(name),
        "second_variable": _variable(name, "SECOND_"),
        "header": header or "Authorization",
        "prefix": prefix,
        "probe": guess.probe,
    }
    code = {
        "note": note,
        "words": '("the key of an account",)' if header else "()",
        "unjudged": _written(_HELD_BACK, 4),
        **{field: _text(value) for field, value in told.items()},
    }
    parts = [
        f'"""{_FACTS_HEAD.format(title=_plain(contract.title))}"""\n',
        "from pathlib import Path\n",
        "from conformance.providers import JobFacts, Provider, SessionFacts\n",
        f"from {package}.things import THINGS\n",
        _JOBS_HEAD,
        _facts("JobFacts", "JOBS", _jobs_fields(guess.roles.get("job", {}))),
        _SESSIONS_HEAD,
        _facts("SessionFacts", "SESSIONS", _session_fields(guess.roles.get("session", {}))),
        _PROVIDER.format(**code),
    ]
    return "\n".join(parts)


def _thing(thing: Guessed) -> str:
    lines = [f"        Thing(\n            name={_text(thing.name)},"]
    lines.append(f"            paths=({_text(thing.path)},),")
    told = {name: getattr(thing, name) for name in ("create", "listing", "member", "field")}
    lines += [
        f"            {name}={_text(value)},"
        for name, value in told.items()
        if value and (name, value) != ("field", "id")
    ]
    if thing.needs:
        lines.append(f"            needs={_written(thing.needs, 12)},")
    if not thing.create and not thing.listing:
        lines.append("            # Name what makes one (create), or lists those that are there.")
    elif not thing.create:
        lines.append("            owned=False,  # whether each account has its own")
    return "\n".join([*lines, "        ),"])


def _body(operation: str, body: Any) -> str:
    argument = "ids" if _names_things(body) else "_ids"
    return f"        {_text(operation)}: lambda {argument}: {_written(body, 8)},"


def _names_things(body: Any) -> bool:
    inner = body.values() if isinstance(body, dict) else body if isinstance(body, list) else ()
    return isinstance(body, Named) or any(map(_names_things, inner))


def _jobs_fields(roles: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    yield from _operations(
        roles,
        create="submits a job",
        read="reads one",
        listing="lists jobs",
        cancel="cancels one",
        delete="removes one",
        results="returns the results of a completed one",
        id_parameter="the path parameter that names a job",
    )
    yield "states", "{}", 'word of the API to a State: {"queued": State.WAITING, ...}'
    yield "order", "()", "those words in the order in which a job passes through them"
    yield "times", "()", "fields with moments, in the order in which they happen"
    yield "made_at", '""', "the field with the moment of submission"
    yield "circuits_of", "lambda _payload: ()", "payload to its circuits, for the physics suite"


def _session_fields(roles: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    yield from _operations(
        roles,
        create="opens a session",
        read="reads one",
        listing="lists sessions",
        end="ends one",
        id_parameter="the path parameter that names a session",
    )
    yield "state", '"status"', "the field that says in which state it is"
    yield "states", "()", "in their order; the last one is final"
    yield "returns", "frozenset()", 'steps back that are right: {("active", "inactive")}'
    yield "over", "frozenset()", "states in which it has ended, or is about to"
    yield "times", "()", "fields with moments, in the order in which they happen"
    yield "ended_at", '""', "the field with the moment of its end"
    yield "longest", '""', "the field that says how long it may last"
    yield "counted_from", "()", "fields with the moment from which that counts"
    yield "idle", '""', "the field that says how long it may be idle"
    yield "seconds", "lambda _value: None", "a duration, as the API writes it, in seconds"


def _operations(roles: Mapping[str, str], **told: str) -> Iterator[tuple[str, str, str]]:
    for field, text in told.items():
        hint = f"; perhaps {_plain(roles[field])}" if field in roles else ""
        yield field, '""', f"{text}{hint}"


def _facts(kind: str, name: str, fields: Iterator[tuple[str, str, str]]) -> str:
    rows = [f"    {field}={value},  # {told}" for field, value, told in fields]
    return "\n".join([f"{name} = {kind}(", *rows, ")"])


def _key(contract: Specification) -> tuple[str, str, str]:
    """Return header and prefix of a key, and a note; no header where nothing needs a key."""
    schemes = (contract.document.get("components") or {}).get("securitySchemes") or {}
    for scheme in schemes.values():
        kind, where = scheme.get("type"), scheme.get("in")
        if kind == "apiKey" and where == "header":
            return str(scheme.get("name")), "", ""
        if kind == "apiKey":
            return "Authorization", "", f"  # the document wants it in the {_plain(where)}: mend"
        word = str(scheme.get("scheme", "Bearer")).capitalize()
        return "Authorization", f"{word} ", ""
    return "", "", ""


def _server(contract: Specification) -> str:
    servers = contract.document.get("servers") or []
    urls = [str(s.get("url", "")) for s in servers if isinstance(s, dict)]
    return next((u for u in urls if urlsplit(u).scheme), "http://127.0.0.1:8000")


def _variable(name: str, kind: str = "") -> str:
    return f"QCONFORM_{kind}{re.sub(r'[^A-Z0-9]', '_', name.upper())}_KEY"


def _plain(value: object) -> str:
    """Return a text of the document as it can stand in a comment or docstring."""
    kept = re.sub(r"[^\w .,;:()/'-]", " ", str(value), flags=re.ASCII)
    return " ".join(kept.split())[:60] or "an API"


def _text(value: str) -> str:
    quoted = repr(value)
    return f'"{quoted[1:-1]}"' if quoted[0] == "'" and '"' not in quoted else quoted


def _written(value: Any, indent: int) -> str:
    """Return `value` as Python, over several lines where one is too short."""
    if isinstance(value, Named):
        return f"ids[{_text(value.thing)}]"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, float) and not math.isfinite(value):
        return f'float("{value}")'
    if not isinstance(value, dict | list | tuple) or not value:
        return repr(value)
    inner = indent + 4
    if isinstance(value, dict):
        rows = [f"{_text(str(k))}: {_written(v, inner)}" for k, v in value.items()]
    else:
        rows = [_written(v, inner) for v in value]
    brackets = {dict: ("{", "}"), list: ("[", "]"), tuple: ("(", ")")}
    opening, closing = brackets[type(value)]
    last = "," if isinstance(value, tuple) and len(value) == 1 else ""
    one = f"{opening}{', '.join(rows)}{last}{closing}"
    if len(one) + indent < _WIDTH - 20 and "\n" not in one:
        return one
    lines = "".join(f"{' ' * inner}{row},\n" for row in rows)
    return f"{opening}\n{lines}{' ' * indent}{closing}"


def _set(names: tuple[str, ...]) -> str:
    rows = "".join(f"            {_text(name)},\n" for name in names)
    return f"\n        {{\n{rows}        }}\n    " if names else ""
