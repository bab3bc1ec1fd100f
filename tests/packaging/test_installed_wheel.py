"""What is shipped works where it is installed: wheel made from the sdist, outside the checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

import conformance

pytest.importorskip("hatchling", reason="building a wheel needs the extra 'test'")

CHECKOUT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Installed:
    """An environment that has the wheel; every other library is that of this interpreter."""

    python: Path
    script: Path
    home: Path

    def run(self, *command: str | Path, code: int = 0) -> str:
        """Run `command` in a folder that is not the checkout and return what it printed."""
        done = call(command, self.home)
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout


def call(command: Sequence[str | Path], folder: Path) -> subprocess.CompletedProcess[str]:
    unset = ("PYTHONPATH", "PYTHONHOME")
    clean = {name: value for name, value in os.environ.items() if name not in unset}
    return subprocess.run(  # noqa: S603 (our own command lines)
        [str(part) for part in command],
        cwd=folder,
        env={**clean, "PYTHONUTF8": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        encoding="utf-8",
    )


def build(what: str, source: Path, out: Path) -> Path:
    """Call hatchling's `build_sdist` or `build_wheel` in `source` and return the file."""
    program = f"import hatchling.build, sys; print(hatchling.build.build_{what}(sys.argv[1]))"
    done = call([sys.executable, "-c", program, out], source)
    assert done.returncode == 0, done.stderr
    return out / done.stdout.splitlines()[-1]


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("sdist", CHECKOUT, tmp_path_factory.mktemp("sdist"))


@pytest.fixture(scope="module")
def unpacked(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("unpacked")
    with tarfile.open(sdist) as archive:
        archive.extractall(out, filter="data")
    (folder,) = out.iterdir()
    return folder


@pytest.fixture(scope="module")
def wheel(unpacked: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("wheel", unpacked, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    home = tmp_path_factory.mktemp("elsewhere")
    venv.create(home / "env", with_pip=False, symlinks=os.name != "nt")
    bin_folder = home / "env" / ("Scripts" if os.name == "nt" else "bin")
    python = bin_folder / ("python.exe" if os.name == "nt" else "python")
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = Path(call([python, "-c", ask], home).stdout.strip())
    # A line of a .pth file joins the end of the search path: the wheel comes first, and an
    # editable installation of the checkout is not followed from here.
    borrowed = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (packages / "borrowed.pth").write_text("\n".join(sorted(borrowed)), encoding="utf-8")
    pip: list[str | Path] = [sys.executable, "-m", "pip", "--python", python, "install", "-qq"]
    done = call([*pip, "--no-deps", "--no-index", wheel], home)
    assert done.returncode == 0, done.stderr
    return Installed(python=python, script=bin_folder / "qconform", home=home)


def test_the_sdist_holds_the_tests_and_everything_they_need(unpacked: Path) -> None:
    wanted = ("Makefile", "constraints.txt", "LICENSE", "README.md", "tests/conftest.py")
    assert [name for name in wanted if not (unpacked / name).is_file()] == []
    here = {path.relative_to(CHECKOUT) for path in (CHECKOUT / "tests").rglob("test_*.py")}
    there = {path.relative_to(unpacked) for path in (unpacked / "tests").rglob("test_*.py")}
    assert there == here


def test_the_wheel_holds_both_packages_and_the_three_folders_and_no_tests(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    info = f"qconform-{conformance.__version__}.dist-info"
    assert {name.partition("/")[0] for name in names} == {"conformance", "reference_sim", info}
    shipped = {
        name.removeprefix("conformance/_data/")
        for name in names
        if name.startswith("conformance/_data/")
    }
    assert {name.partition("/")[0] for name in shipped} == {"specs", "cassettes", "reports"}
    assert f"{info}/licenses/LICENSE" in names
    assert {"conformance/py.typed", "reference_sim/py.typed"} <= set(names)
    specs = (path for path in (CHECKOUT / "specs").rglob("*") if path.is_file())
    assert {path.relative_to(CHECKOUT).as_posix() for path in specs} <= shipped


def test_the_installed_package_is_the_one_that_runs(installed: Installed) -> None:
    where = installed.run(installed.python, "-c", "import conformance; print(conformance.__file__)")
    assert Path(where.strip()).is_relative_to(installed.home)


@pytest.mark.parametrize("name", ["specs", "cassettes", "reports"])
def test_a_data_folder_is_read_from_the_installation(installed: Installed, name: str) -> None:
    program = (
        "import sys; from conformance.resources import folder; found = folder(sys.argv[1]);"
        "print(found); print(sum(len(p.read_bytes()) for p in found.rglob('*') if p.is_file()))"
    )
    place, size = installed.run(installed.python, "-c", program, name).splitlines()
    assert Path(place).is_relative_to(installed.home)
    assert int(size) > 0


def test_the_command_says_its_version(installed: Installed) -> None:
    expected = f"qconform, version {conformance.__version__}"
    assert installed.run(installed.script, "--version").strip() == expected


def test_python_m_conformance_is_the_same_command(installed: Installed) -> None:
    as_module = installed.run(installed.python, "-m", "conformance", "--help")
    assert as_module == installed.run(installed.script, "--help")


def test_the_shipped_documents_are_proved(installed: Installed) -> None:
    assert installed.run(installed.script, "specs", "check")


def test_a_run_judges_the_mock_and_leaves_its_reports(installed: Installed) -> None:
    out = installed.home / "report"
    options = ("--profile", "smoke", "--out", out, "--quiet", "--format", "json")
    printed = json.loads(installed.run(installed.script, "run", *options))
    assert isinstance(printed, dict)
    left = {path.name for path in out.iterdir()}
    assert {"report.html", "junit.xml", "report.json", "run.ndjson"} <= left
