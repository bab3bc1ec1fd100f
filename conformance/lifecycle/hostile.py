"""Walks over odd but legal, and plainly illegal, input: any answer but a failure is right.

What is sent here is judged by what holds for every answer: no 5xx, no hang, no stack trace, no
key. Where a job is made of it, the job must still be what was submitted. Only on targets that
are ours.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from functools import partial

from conformance.lifecycle.backends import available_backend
from conformance.lifecycle.conversation import Conversation, answered
from conformance.lifecycle.jobs import BELL
from conformance.model import Delivery, Expectation

_TEXTS = {
    "nul": "a\0b",
    "controls": "".join(map(chr, range(1, 32))) + "\x7f\x85",
    "right-to-left": "\u202eabc\u2066 \u0627\u0644",
    "astral": "\U0001f469\u200d\U0001f52c \U0001d4d7 \U00010330",
    "noncharacters": "\ufffe\uffff\ufdd0",
    "line ends": "a\r\nb\u2028c\u2029d",
    "markup": "<script>alert(1)</script>{{7*7}}${7*7}%s%n'\"--;",
    "long": "x" * 20_000,
}
_NUMBERS = (
    "2147483647", "2147483648", "4294967296", "9007199254740993", "9223372036854775808",
    "18446744073709551616", "1" + "0" * 400, "1e400", "-1e400", "1e-400", "-0", "-0.0", "1E2",
)  # fmt: skip
_NO_NUMBERS = ("NaN", "Infinity", "-Infinity", "0x10", "01", "+1", ".5", "1.", "1_000")
_MEDIA_TYPES = (
    "text/plain", "application/xml", "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x", "application/octet-stream",
)  # fmt: skip
_ODD_LABELS = (
    "application/json; charset=latin-1", "application/json;;", "APPLICATION/JSON", ";", "/",
    "application/json, text/plain", "application/" + "j" * 2000,
)  # fmt: skip
_PATHS = (
    "/jobs/..", "/jobs/../whoami", "/jobs/%2e%2e/whoami", "/jobs/..%2fwhoami", "//jobs",
    "/jobs//", "/./whoami", "/whoami/", "/whoami;x=1", "/WHOAMI", "/whoami%20", "/jobs/%00",
    "/jobs/%ff%fe", "/jobs/%c0%af", "/jobs/%zz", "/jobs/a%2Fcost", "/jobs/" + "a" * 6000,
    "/" + "a/" * 300, "/jobs?limit=%zz", "/jobs?" + "&".join(f"a{i}=1" for i in range(500)),
    "/jobs?ids[]=x&ids[0]=y", "/jobs?%00=1", "/jobs?limit", "/jobs?=1&&==",
)  # fmt: skip
_METHODS = ("PATCH", "TRACE", "PROPFIND", "QCONFORM", "get")
_DEEP = 500
_LARGE = 300_000
_AT_ONCE = 6
_TRIES, _BETWEEN_TRIES = 10, 0.1


def odd_texts(talk: Conversation) -> None:
    """Submit jobs with odd names and metadata; those that are taken must come back unchanged."""
    facts = talk.provider.jobs
    for name, text in _TEXTS.items():
        answer = answered(
            talk.call(facts.create, body=facts.circuit(BELL, name=text, metadata={name: text}))
        )
        if isinstance(answer.get("id"), str):
            talk.read(answer["id"])
    for raw in (rb'"\ud800"', rb'"\udfff\ud800"', b'"\xff\xfe"', b'"\xed\xa0\x80"'):
        answer = answered(talk.call(facts.create, raw=_with(talk, "name", raw)))
        if isinstance(answer.get("id"), str):
            _remove(talk, answer["id"])


def _remove(talk: Conversation, job: str) -> None:
    """Delete a job whose name not every client can read; a service may first let it end."""
    for _ in range(_TRIES):
        if talk.call(talk.provider.jobs.delete, talk.job_ids(job)).succeeded:
            return
        time.sleep(_BETWEEN_TRIES)


def odd_numbers(talk: Conversation) -> None:
    """Submit numbers at and beyond the ends of every width, and what is no number of JSON."""
    create = talk.provider.jobs.create
    for text in _NUMBERS:
        talk.call(create, raw=_with(talk, "shots", text.encode()))
        talk.call(create, raw=_with(talk, "noise", b'{"model":"ideal","seed":%s}' % text.encode()))
    for text in _NO_NUMBERS:
        talk.call(
            create,
            raw=_with(talk, "shots", text.encode()),
            expects=Expectation.REFUSED,
            because=f"{text} is no number of JSON",
        )
    for text in ("1e308", "1e400", "-1e400", "1e-320"):
        gates = b'[{"gate":"rx","target":0,"rotation":%s}]' % text.encode()
        circuit = b'{"qubits":1,"gateset":"qis","circuit":%s}' % gates
        talk.call(create, raw=_with(talk, "input", circuit))


def odd_structures(talk: Conversation) -> None:
    """Submit keys twice, values deep inside others, wide lists, and large bodies."""
    create = talk.provider.jobs.create
    for name, value in (("shots", b"100"), ("backend", b'"simulator"'), ("name", b'"again"')):
        talk.call(create, raw=_with(talk, name, value, twice=True))
    for opening, closing in ((b'{"a":', b"}"), (b"[", b"]")):
        deep = opening * _DEEP + b"1" + closing * _DEEP
        for name in ("settings", "metadata", "input", "qconform"):
            talk.call(create, raw=_with(talk, name, deep))
    for many in (talk.provider.jobs.cancel_many, talk.provider.jobs.delete_many):
        talk.call(many, body={"ids": ["x"] * 5000})
        talk.call(many, body={"ids": ["\0", "", " ", "../..", "x" * 10_000]})
    talk.call(create, raw=_with(talk, "name", b'"' + b"x" * _LARGE + b'"'))


def odd_labels(talk: Conversation) -> None:
    """Send a right body under wrong, odd and missing labels, and in other encodings."""
    create = talk.provider.jobs.create
    right = _with(talk, "name", b'"label"')
    for label in (*_MEDIA_TYPES, *_ODD_LABELS):
        talk.call(create, raw=right, headers=(("Content-Type", label),))
    utf16 = right.decode().encode("utf-16")
    talk.call(create, raw=utf16, headers=(("Content-Type", "application/json; charset=utf-16"),))
    talk.call(create, raw=b"\xef\xbb\xbf" + right)
    for name, value in (
        ("Content-Encoding", "gzip"),
        ("Accept", "text/html"),
        ("Accept", "image/png;q=0"),
        ("Accept-Encoding", "identity;q=0, qconform"),
        ("X-HTTP-Method-Override", "DELETE"),
        ("Range", "bytes=5-2"),
        ("If-Match", '"x"'),
        ("X-Qconform", "x" * 6000),
    ):
        talk.call("getWhoami", headers=((name, value),))


def odd_paths(talk: Conversation) -> None:
    """Ask for paths and queries that are encoded, doubled, cut or climbing."""
    for path in _PATHS:
        talk.ask("GET", path, expects=Expectation.FREE, because="")
    listing = talk.provider.jobs.listing
    for query in ({"status": ["completed"] * 2}, {"limit": ["1"] * 2}, {"ids": ["x"] * 300}):
        talk.call(listing, query=query)


def odd_methods(talk: Conversation) -> None:
    """Use methods that no path offers; none may be served, and none may echo the key."""
    for method in _METHODS:
        for path in ("/whoami", "/jobs", "/sessions"):
            talk.ask(method, path, expects=Expectation.FREE, because="")


def writes_at_once(talk: Conversation) -> None:
    """Submit, cancel and delete at the same moment: nothing is lost, nothing happens twice."""
    facts = talk.provider.jobs
    made = talk.at_once(
        [
            partial(talk.call, facts.create, body=facts.circuit(BELL, name=f"at once {index}"))
            for index in range(_AT_ONCE)
        ]
    )
    ids = [i for e in made if isinstance(i := answered(e).get("id"), str)]
    for job in ids:
        talk.finish(job)
    if ids:
        names = talk.job_ids(ids[0])
        changes = [partial(talk.call, facts.cancel, names), partial(talk.call, facts.delete, names)]
        talk.at_once(changes * (_AT_ONCE // 2))
        talk.read(ids[0])


def session_at_once(talk: Conversation) -> None:
    """Submit more jobs at the same moment than a session allows, and end it several times."""
    backend = available_backend(talk)
    facts, sessions = talk.provider.jobs, talk.provider.sessions
    session = talk.open_session(sessions.request(backend=backend, job_count_limit=2))
    body = facts.circuit(BELL, backend=backend, shots=100, session_id=session)
    made = talk.at_once([partial(talk.call, facts.create, body=body)] * _AT_ONCE)
    for job in [i for e in made if isinstance(i := answered(e).get("id"), str)]:
        talk.finish(job)
    names = talk.session_ids(session)
    talk.at_once([partial(talk.call, sessions.end, names)] * 3)
    talk.call(sessions.read, names)


def slow_bodies(talk: Conversation) -> None:
    """Submit jobs whose bodies come in drips, and some whose bodies are broken off.

    The latter are whole JSON texts, of which the announced blanks at the end are missing, and
    halves of one.
    """
    facts = talk.provider.jobs
    slow = facts.circuit(BELL, shots=100, name="in drips")
    talk.finish(talk.submit(slow, valid="a job that comes in drips", delivery=Delivery.IN_DRIPS))
    talk.call(facts.cancel_many, raw=b'{"ids": ', delivery=Delivery.IN_DRIPS)
    newest = {"limit": 20}
    talk.call(facts.listing, query=newest)
    for padding in (b"", b" " * 64):
        body = facts.circuit(BELL, shots=100, name=f"broken off {talk.random.getrandbits(64):x}")
        raw = json.dumps(body).encode() + padding
        talk.call(facts.create, raw=raw, delivery=Delivery.BROKEN_OFF)
    talk.call(
        "getWhoami", expects=Expectation.ACCEPTED, because="others had their requests broken off"
    )
    talk.call(facts.listing, query=newest)


def _with(talk: Conversation, name: str, value: bytes, *, twice: bool = False) -> bytes:
    """Return the text of a valid job in which `name` is the JSON text `value`."""
    body = talk.provider.jobs.circuit(BELL, shots=100)
    members = [
        b"%s:%s" % (json.dumps(key).encode(), json.dumps(inner).encode())
        for key, inner in body.items()
        if twice or key != name
    ]
    return b"{%s}" % b",".join([*members, b"%s:%s" % (json.dumps(name).encode(), value)])


WALKS: dict[str, Callable[[Conversation], None]] = {
    "odd-texts": odd_texts,
    "odd-numbers": odd_numbers,
    "odd-structures": odd_structures,
    "odd-labels": odd_labels,
    "odd-paths": odd_paths,
    "odd-methods": odd_methods,
    "writes-at-once": writes_at_once,
    "session-at-once": session_at_once,
    "slow-bodies": slow_bodies,
}
