"""What holds, where it came from, and what is said when it cannot be."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from conformance.cli import main
from conformance.config import UnreadableConfiguration, resolve
from conformance.errors import BadValue, ConformanceError, ExitCode
from conformance.model import Waiver
from conformance.runlog import read


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def written(folder: Path, text: str, name: str = "qconform.toml") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, "utf-8")
    return folder / name


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    held = resolve(tmp_path, {})
    assert (held.file, held.waivers, held.unknown) == (None, (), ())
    assert {value.origin for value in held.values.values()} == {"default"}
    assert held.given("run") == {}


def test_the_environment_goes_over_the_file_and_each_value_knows_its_origin(tmp_path: Path) -> None:
    written(tmp_path, 'seed = 5\nprofile = "smoke"\nworkers = 2\n')
    values = resolve(tmp_path, {"QCONFORM_SEED": "7", "QCONFORM_PROFILE": ""}).values
    assert (values["seed"].value, values["seed"].origin) == (7, "environment, QCONFORM_SEED")
    assert (values["profile"].value, values["profile"].origin) == (
        "smoke",
        "qconform.toml, profile",
    )


def test_a_pyproject_speaks_for_us_only_where_it_has_our_table(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    written(tmp_path, "[tool.qconform]\nseed = 3\n", "pyproject.toml")
    inner = tmp_path / "a" / "b"
    written(inner, "[tool.ruff]\n", "pyproject.toml")
    value = resolve(inner, {}).values["seed"]
    assert (value.value, value.origin) == (3, "pyproject.toml, tool.qconform.seed")


def test_the_search_ends_at_the_root_of_the_repository(tmp_path: Path) -> None:
    written(tmp_path, "seed = 3\n")
    inside = tmp_path / "checkout" / "tests"
    inside.mkdir(parents=True)
    assert resolve(inside, {}).file is None, "outside of a repository only the folder itself"
    (tmp_path / "checkout" / ".git").mkdir()
    assert resolve(inside, {}).file is None
    (tmp_path / ".git").mkdir()
    assert resolve(inside, {}).file is None
    (tmp_path / "checkout" / ".git").rmdir()
    assert resolve(inside, {}).file == tmp_path / "qconform.toml"


def test_a_variable_names_a_file_or_none(tmp_path: Path) -> None:
    written(tmp_path, "seed = 3\n")
    written(tmp_path / "other", "seed = 4\n", "mine.toml")
    assert resolve(tmp_path, {"QCONFORM_CONFIG": "other/mine.toml"}).values["seed"].value == 4
    assert resolve(tmp_path, {"QCONFORM_CONFIG": ""}).values["seed"].value == 1
    with pytest.raises(UnreadableConfiguration, match="no such file"):
        resolve(tmp_path, {"QCONFORM_CONFIG": "missing.toml"})


def test_lists_tables_flags_and_paths(tmp_path: Path) -> None:
    file = 'suite = "access"\nout = "build/x"\n[severity]\nHTTP-001 = "warning"\n'
    environment = {"QCONFORM_RULE": "PHYS-001, HTTP-001", "QCONFORM_LIVE": "yes"}
    written(tmp_path, file)
    values = {name: v.value for name, v in resolve(tmp_path, environment).values.items()}
    assert values["suite"] == ("access",)
    assert values["rule"] == ("PHYS-001", "HTTP-001")
    assert values["live"] is True
    assert values["severity"] == {"HTTP-001": "warning"}
    assert values["out"] == str(tmp_path / "build" / "x")
    over = resolve(tmp_path, {"QCONFORM_SEVERITY": "A=error, B=warning"}).values["severity"]
    assert over.value == {"A": "error", "B": "warning"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("sead = 1", ("'sead'", "'seed'")),
        ("request_timeout = 1", ("'request_timeout'", "'request-timeout'")),
        ("zzz = 1", ("'zzz'", "qconform config")),
        ('seed = "1"', ("seed", "a whole number")),
        ("seed = true", ("seed", "a whole number")),
        ("deadline = nan", ("deadline", "a number")),
        ("workers = 65", ("workers", "at most 64")),
        ("rate = 0", ("rate", "more than 0")),
        ('profile = "smok"', ("profile", "'smoke'")),
        ('suite = ["acess"]', ("suite", "'access'")),
        ("suite = 3", ("suite", "a list of texts")),
        ('severity = "error"', ("severity", "a table")),
        ('[severity]\nA = "fatal"', ("severity", "one of error, warning")),
        ("dry-run = 1", ("dry-run", "true or false")),
        ('api-key = "hunter2hunter2"', ("api-key", "QCONFORM_API_KEY")),
        ("live = true", ("live", "--live")),
        ("waiver = 1", ("waiver", "[[waiver]]")),
        ("[[waiver]]\nreason = 'x'", ("waiver[1].fingerprint", "hexadecimal")),
        ("[[waiver]]\nfingerprint = '0123456'\nreason = 'x'", ("at least 8",)),
        ("[[waiver]]\nfingerprint = '01234567'", ("waiver[1].reason",)),
        ("[[waiver]]\nfingerprint = '01234567'\nreason = 'x'\nexpire = 2027-01-01", ("'expires'",)),
        (
            "[[waiver]]\nfingerprint = '01234567'\nreason = 'x'\nexpires = 2027-01-01T00:00:00",
            ("waiver[1].expires", "a day"),
        ),
        ("seed = 1\nseed = 2", ("no TOML",)),
        ("a = " + "[" * 5000, ("nesting too deep",)),
        ("\x00", ("no TOML",)),
        ("#" * (1024 * 1024 + 1), ("more than",)),
    ],
)
def test_what_a_file_cannot_say_is_refused_with_its_place(
    text: str, words: tuple[str, ...], tmp_path: Path
) -> None:
    written(tmp_path, text)
    with pytest.raises(UnreadableConfiguration) as caught:
        resolve(tmp_path, {})
    assert "qconform.toml" in str(caught.value)
    assert all(word in str(caught.value) for word in words), str(caught.value)
    assert "hunter2" not in str(caught.value)
    assert len(str(caught.value)) < 400
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "text", "word"),
    [
        ("QCONFORM_SEED", "x", "a whole number"),
        ("QCONFORM_LIVE", "perhaps", "1 or 0"),
        ("QCONFORM_SUITE", "access,physic", "'physics'"),
        ("QCONFORM_SEVERITY", "HTTP-001", "one of error, warning"),
    ],
)
def test_what_a_variable_cannot_say_is_refused_by_name(
    name: str, text: str, word: str, tmp_path: Path
) -> None:
    with pytest.raises(BadValue) as caught:
        resolve(tmp_path, {name: text})
    assert name in str(caught.value)
    assert word in str(caught.value)


def test_waivers_come_from_the_file(tmp_path: Path) -> None:
    text = "[[waiver]]\nfingerprint = '01234567AB'\nreason = 'known'\n"
    written(tmp_path, f"{text}owner = 'ada'\nexpires = '2027-01-31'")
    day = dt.date(2027, 1, 31)
    expected = Waiver(fingerprint="01234567ab", reason="known", owner="ada", expires=day)
    assert resolve(tmp_path, {}).waivers == (expected,)


def test_a_misspelt_variable_is_told(tmp_path: Path) -> None:
    unknown = resolve(tmp_path, {"QCONFORM_SED": "1", "QCONFORM_TRACEBACK": "1"}).unknown
    assert unknown == ("QCONFORM_SED sets nothing. Did you mean QCONFORM_SEED?",)


def test_the_command_shows_what_holds_and_no_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    written(tmp_path, 'seed = 5\nselect = ["A\\u007f", "B"]\n')
    monkeypatch.setenv("QCONFORM_API_KEY", "key-of-somebody")
    assert main(["config"]) == ExitCode.OK
    text = capsys.readouterr().out
    assert main(["config", "--format", "json"]) == ExitCode.OK
    entries = json.loads(capsys.readouterr().out)
    assert entries["settings"]["seed"] == {"value": 5, "origin": "qconform.toml, seed"}
    assert entries["settings"]["api-key"]["origin"] == "environment, QCONFORM_API_KEY"
    assert "key-of-somebody" not in text + json.dumps(entries)
    assert "(set, not shown)" in text
    assert "A\\x7f, B" in text


def test_a_run_obeys_file_environment_and_command_line_in_this_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    written(
        tmp_path, 'operation = ["getWhoami"]\nsuite = ["access"]\nseed = 5\nprofile = "smoke"\n'
    )
    monkeypatch.setenv("QCONFORM_SEED", "6")
    monkeypatch.setenv("QCONFORM_OUT", "reports")
    assert main(["run", "--quiet"]) == ExitCode.OK
    assert main(["run", "--quiet", "--seed", "7", "--out", "again"]) == ExitCode.OK
    capsys.readouterr()
    first, second = (next(read(tmp_path / out / "run.ndjson")) for out in ("reports", "again"))
    assert (getattr(first, "seed", None), getattr(second, "seed", None)) == (6, 7)
    assert getattr(first, "profile", None) == "smoke"


def test_a_broken_file_ends_a_run_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written(tmp_path, "sead = 5\n")
    assert main(["run"]) == ExitCode.USAGE
    printed = capsys.readouterr()
    assert printed.err.count("\n") == 1
    assert "'seed'" in printed.err
    assert issubclass(UnreadableConfiguration, ConformanceError)
