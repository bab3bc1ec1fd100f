"""No secret outlives `Redactor`, whoever sent it and however it was written."""

from __future__ import annotations

import json
import string

import pytest
from encodings_of_secrets import forms, traces
from hypothesis import assume, given
from hypothesis import strategies as st

from conformance.model import Case, Exchange, ExchangeRecorded, Request, Response
from conformance.runlog.encode import to_json
from conformance.transport import REMOVED, Redactor

SECRET = 'k3y/with+"odd"=chars&more'  # noqa: S105 - it opens nothing
keys = st.text(string.ascii_letters + string.digits + string.punctuation, min_size=8, max_size=40)


def exchange(place: str, text: str) -> Exchange:
    """Return an exchange that carries `text` in one place."""
    request, response = Request(method="GET", path="/x"), Response(status=200)
    if place == "path":
        request = Request(method="GET", path=f"/x?q={text}&r=1")
    elif place == "request header":
        request = Request(method="GET", path="/x", headers=(("X-Any", f"a {text} b"),))
    elif place == "request body":
        request = Request(method="POST", path="/x", body=f"a {text} b".encode())
    elif place == "response header":
        response = Response(status=200, headers=(("X-Any", f"a {text} b"),))
    elif place == "name of a header":
        response = Response(status=200, headers=((f"X-{text}", "1"),))
    elif place == "response body":
        response = Response(status=200, body=f'{{"detail": "a {text} b"}}'.encode())
    elif place == "broken body":
        response = Response(status=200, body=b"\xff\xfe" + f" {text} ".encode() + b"\x80")
    case = Case(id="a.b.1", suite="a", operation=None, request=request)
    detail = f"no answer to {text}" if place == "detail" else ""
    return Exchange(case=case, response=response, detail=detail, number=1)


PLACES = (
    "path",
    "request header",
    "request body",
    "response header",
    "name of a header",
    "response body",
    "broken body",
    "detail",
)


def logged(given: Exchange, redactor: Redactor) -> str:
    """Return the line of the run log for an exchange, and what a reader makes of it."""
    clean = redactor.exchange(given)
    line = json.dumps(to_json(ExchangeRecorded(exchange=clean)))
    body = clean.response.body.decode("latin-1") if clean.response else ""
    return line + json.dumps(json.loads(line), ensure_ascii=False) + body


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", forms(SECRET))
def test_a_secret_is_removed_from_every_place_in_every_encoding(place: str, name: str) -> None:
    text = forms(SECRET)[name]
    redactor = Redactor([SECRET])
    assert redactor.finds(f"before {text} after")
    line = logged(exchange(place, text), redactor)
    assert traces(SECRET, line) == []
    assert REMOVED in line


@given(secret=keys, place=st.sampled_from(PLACES), data=st.data())
def test_no_encoding_of_any_secret_reaches_the_run_log(
    secret: str, place: str, data: st.DataObject
) -> None:
    text = data.draw(st.sampled_from(sorted(set(forms(secret).values()))))
    redactor = Redactor([secret])
    said_anyway = logged(exchange(place, REMOVED), Redactor([]))
    assume(not traces(secret, said_anyway))  # a key like RESPONSE is a word of every log
    assert redactor.finds(text)
    assert traces(secret, logged(exchange(place, text), redactor)) == []


@given(secret=keys, text=st.text(max_size=80))
def test_texts_without_a_secret_stay_as_they_are(secret: str, text: str) -> None:
    redactor = Redactor([secret])
    if not redactor.finds(text) and '"' not in text:
        assert redactor.text(text) == text


@given(secret=keys, body=st.binary(max_size=60))
def test_bodies_that_are_no_text_keep_their_other_bytes(secret: str, body: bytes) -> None:
    redactor = Redactor([secret])
    if not redactor.finds(body) and b'"' not in body:
        assert redactor.body(body) == body


@given(secret=keys, text=st.text(max_size=80))
def test_what_was_cleaned_is_clean(secret: str, text: str) -> None:
    redactor = Redactor([secret])
    once = redactor.text(f"{text}{secret}{text}")
    assert not redactor.finds(once)


@pytest.mark.parametrize(
    "name", ["Authorization", "authorization", "Cookie", "Set-Cookie", "X-Auth-Token"]
)
def test_headers_that_hold_credentials_lose_their_value_even_when_it_is_unknown(name: str) -> None:
    assert Redactor([]).headers(((name, "anything"),)) == ((name, REMOVED),)


def test_fields_that_hold_credentials_lose_their_value_even_when_it_is_unknown() -> None:
    body = rb'{"api_key": "tell \"nobody\"", "token" : "x", "tokens": "y", "shots": 1}'
    cleaned = json.loads(Redactor([]).body(body))
    assert cleaned == {"api_key": REMOVED, "token": REMOVED, "tokens": "y", "shots": 1}


def test_several_secrets_are_removed_the_longest_first() -> None:
    redactor = Redactor(["abcdef", "abcdefghij"])
    assert redactor.text("<abcdefghij> <abcdef>") == f"<{REMOVED}> <{REMOVED}>"


def test_without_secrets_nothing_is_found() -> None:
    assert not Redactor([]).finds("anything")
    assert not Redactor(["", "abc"]).finds("abc"), "a text of three characters is no key"
