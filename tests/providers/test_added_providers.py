"""A provider that another package adds works as a bundled one does, or says why it cannot."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from conformance.cli import main
from conformance.errors import BrokenProvider, ExitCode, UnknownName
from conformance.providers import NAMES, Provider, provider
from conformance.spec import load

_MODULE = """
from dataclasses import replace
from pathlib import Path
from conformance.providers import provider
PROVIDER = replace(provider("scaleway"), name={name!r}, documents=Path(__file__).parent / "specs")
NUMBER = 3
"""
_DOCUMENT = """
openapi: 3.1.0
info: {title: Somebody's API, version: '1'}
paths:
  /things:
    get:
      operationId: ListThings
      responses: {'200': {description: All of them}}
"""
_OVERLAY = """
overlay: 1.0.0
info: {title: Nothing, version: '1'}
actions: [{target: $.info, description: None is needed, update: {x-kind: example}}]
"""
_COUNT = iter(range(1000))


class Packages:
    """A folder on the path, in which packages are laid as an installer lays them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def add(self, entries: str, *, name: str = "acme", versions: tuple[str, ...] = ("v1",)) -> None:
        """Add a package whose entry points are `entries`; `MODULE` in them is its module."""
        module = f"added_{name}_{next(_COUNT)}"
        package = self.folder / module
        package.mkdir()
        (package / "__init__.py").write_text(_MODULE.format(name=name))
        for version in versions:
            folder = package / "specs" / version
            folder.mkdir(parents=True)
            (folder / "openapi.yaml").write_text(_DOCUMENT)
            (folder / "overlay.yaml").write_text(_OVERLAY)
            for table in ("normative", "disagreements", "tolerances"):
                (folder / f"{table}.toml").touch()
        told = self.folder / f"{module}-1.dist-info"
        told.mkdir()
        (told / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1\n")
        points = entries.replace("MODULE", module)
        (told / "entry_points.txt").write_text(f"[qconform.providers]\n{points}\n")


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Packages:
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.chdir(tmp_path)
    load.cache_clear()
    return Packages(tmp_path)


def test_an_added_provider_is_found_by_its_name_with_its_newest_document(
    packages: Packages,
) -> None:
    packages.add("acme = MODULE:PROVIDER", versions=("v1", "v2", "v10"))
    assert provider("acme").name == "acme"
    assert load("acme").operation("ListThings").path == "/things"
    assert load("acme", version="v2").title == "Somebody's API"
    with pytest.raises(UnknownName, match="v3"):
        load("acme", version="v3")


def test_an_unknown_name_is_told_which_are_known_the_added_ones_too(packages: Packages) -> None:
    packages.add("acme = MODULE:PROVIDER")
    for wanted in (provider, load):
        with pytest.raises(UnknownName) as error:
            wanted("zzz")
        assert set(error.value.known) == {*NAMES, "acme"}


def test_an_added_provider_does_not_replace_a_bundled_one(packages: Packages) -> None:
    before = provider("ibm")
    packages.add("ibm = MODULE:PROVIDER", name="ibm")
    assert provider("ibm") is before
    assert load("ibm").operation(before.probe)


@pytest.mark.parametrize(
    ("entry", "word"),
    [
        ("acme = no_such_module_here:PROVIDER", "ModuleNotFoundError"),
        ("acme = MODULE:NOTHING", "AttributeError"),
        ("acme = MODULE:NUMBER", "int"),
        ("acme = not a reference", "entry point"),
        ("other = MODULE:PROVIDER", "'acme'"),
    ],
)
def test_a_broken_entry_point_is_told_in_one_sentence_and_harms_no_other(
    packages: Packages, capsys: pytest.CaptureFixture[str], entry: str, word: str
) -> None:
    packages.add(entry)
    name = entry.partition(" ")[0]
    with pytest.raises(BrokenProvider, match=word):
        provider(name)
    command = ["run", "--provider", name, "--url", "http://127.0.0.1:9", "--api-key", "k"]
    assert main(command) == ExitCode.USAGE
    (line,) = capsys.readouterr().err.splitlines()
    assert "uninstall" in line
    assert "Traceback" not in line
    assert isinstance(provider(NAMES[0]), Provider)


def test_a_module_that_fails_when_it_is_imported_is_named(packages: Packages) -> None:
    packages.add("acme = MODULE:PROVIDER")
    (package,) = packages.folder.glob("added_*/__init__.py")
    package.write_text("raise RuntimeError('the module gives up')")
    with pytest.raises(BrokenProvider, match="the module gives up"):
        provider("acme")


def test_two_packages_for_one_name_are_both_named(packages: Packages) -> None:
    packages.add("acme = MODULE:PROVIDER")
    packages.add("acme = MODULE:PROVIDER")
    with pytest.raises(BrokenProvider, match=r"added_acme_\d+.*added_acme_\d+"):
        provider("acme")


def test_a_provider_without_documents_is_told_where_they_should_be(packages: Packages) -> None:
    packages.add("acme = MODULE:PROVIDER", versions=())
    with pytest.raises(BrokenProvider, match=r"VERSION/openapi\.yaml"):
        load("acme")


@pytest.mark.parametrize("command", ["run", "mock", "selftest"])
def test_what_needs_a_mock_says_that_an_added_provider_has_none(
    packages: Packages, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    packages.add("acme = MODULE:PROVIDER")
    assert main([command, "--provider", "acme"]) == ExitCode.USAGE
    (line,) = capsys.readouterr().err.splitlines()
    assert "mock" in line
    assert "--url" in line


def test_help_and_bundled_providers_look_at_no_entry_point() -> None:
    program = (
        "import sys; from conformance.cli import main; from conformance.providers import provider;"
        "main(['--help']); provider('ibm'); sys.exit('importlib.metadata' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stderr
