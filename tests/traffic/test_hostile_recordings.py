"""Files that are no recordings, broken, or made to do harm: one clear sentence each."""

from __future__ import annotations

import tracemalloc
import zlib
from pathlib import Path

import pytest
import yaml
from recordings import BASE, har, har_entry, interaction, saved

from conformance import spec, traffic
from conformance.traffic import UnreadableTraffic

IONQ = spec.load("ionq")
GOOD = yaml.dump({"version": 1, "interactions": [interaction(f"{BASE}/backends")]})

BROKEN = {
    "empty.yaml": ("", "got an empty file"),
    "blank.yaml": (" \n\n", "got an empty file"),
    "words.yaml": ("just words", "got text"),
    "list.yaml": ("- 1\n- 2\n", "got a list"),
    "other.yaml": ("openapi: 3.0.3\npaths: {}\n", "got YAML with 'openapi', 'paths'"),
    "none.yaml": ("version: 1\ninteractions: []\n", "expected recorded exchanges, got none"),
    "twice.yaml": (GOOD + "interactions: []\n", "'interactions' a second time"),
    "twice-inside.yaml": ("interactions:\n- {a: 1, a: 2}\n", "line 2: expected each key once"),
    "second.yaml": (f"{GOOD}---\n{GOOD}", "got a second one"),
    "code.yaml": (
        "interactions:\n- !!python/object/apply:os.system ['exit 1']\n",
        "got the tag 'tag:yaml.org,2002:python/object/apply:os.system'",
    ),
    "deep.yaml": ("interactions:\n- " + "[" * 100 + "]" * 100, "nesting of at most 60"),
    "deeper.yaml": ("interactions: " + "[" * 200_000, "nest"),
    "unknown-alias.yaml": ("interactions:\n- *nobody\n", "an alias of something before it"),
    "own-alias.yaml": ("interactions:\n- &a [*a]\n", "an alias of something before it"),
    "bad-base64.yaml": ("interactions:\n- {a: !!binary 'x'}\n", "base64 under !!binary"),
    "cut.yaml": (GOOD[:-40] + '"', "expected"),
    "no-request.yaml": ("interactions:\n- {response: null}\n", "expected a request"),
    "no-method.yaml": ("interactions:\n- {request: {uri: x}}\n", "a request with method and uri"),
    "status.yaml": (GOOD.replace("200", "'abc'"), "a status of three digits, got 'abc'"),
    "empty.json": ("{}", "got JSON with nothing in it"),
    "cut.json": ('{"interactions": [', "line 1: expected JSON"),
    "nan.json": ('{"interactions": [NaN]}', "NaN, which is no JSON"),
    "twice.json": ('{"a": 1, "a": 2}', "the key 'a' a second time"),
    "deep.json": ('{"a": ' + "[" * 100_000, "nesting too deep"),
    "no-list.json": ('{"interactions": {}}', "interactions, a list"),
    "digits.json": ('{"interactions": [' + "1" * 9000 + "]}", "expected JSON"),
    "no-entries.har": ('{"log": {"entries": 1}}', "log.entries, a list"),
    "no-har.har": ('{"log": {"entries": [{}]}}', "entry 1: expected a request"),
    "log.ndjson": ('{"log":1,"event":"run-fini', "run.ndjson"),
    "binary.yaml": ("\x00\x01\x02", "expected"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_recording_is_refused_in_one_sentence(tmp_path: Path, name: str) -> None:
    content, message = BROKEN[name]
    path = saved(tmp_path / name, content)
    with pytest.raises(Exception, match="expected") as error:
        list(traffic.read(path, IONQ))
    said = str(error.value)
    assert message in said
    assert str(path) in said
    assert said.isprintable()
    assert error.value.exit_code == 3  # type: ignore[attr-defined] # all of ours have it


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableTraffic, match="got no such file or directory"):
        list(traffic.read(tmp_path / "none.yaml", IONQ))


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "c.json"
    path.write_bytes(b'{"interactions": "\xff"}')
    with pytest.raises(UnreadableTraffic, match="expected UTF-8"):
        list(traffic.read(path, IONQ))


def test_a_compression_bomb_is_refused_without_the_memory_for_it(tmp_path: Path) -> None:
    told = interaction(f"{BASE}/backends", zlib.compress(b"0" * 200_000_000, 9))
    told["response"]["headers"]["Content-Encoding"] = ["gzip"]
    path = saved(tmp_path / "c.yaml", yaml.dump({"interactions": [told]}))
    tracemalloc.start()
    with pytest.raises(UnreadableTraffic, match="a body of at most 16777216 bytes"):
        list(traffic.read(path, IONQ))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 100_000_000


def test_an_exchange_of_more_values_than_any_has_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path / "c.yaml", "interactions:\n- [" + "[]," * 600_000 + "]\n")
    with pytest.raises(UnreadableTraffic, match="at most 500000 values in an exchange"):
        list(traffic.read(path, IONQ))


def test_json_of_more_values_than_fit_in_memory_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path / "c.json", '{"interactions": [' + "[]," * 2_100_000 + "0]}")
    with pytest.raises(UnreadableTraffic, match="at most 2000000 values"):
        list(traffic.read(path, IONQ))


def test_commas_in_texts_are_no_values(tmp_path: Path) -> None:
    entry = har_entry(f"{BASE}/backends", {"text": "[" + "0," * 2_100_000 + "0]"})
    (back,) = traffic.read(saved(tmp_path / "c.har", har(entry)), IONQ)
    assert back.response is not None
    assert len(back.response.body) == 4_200_003
