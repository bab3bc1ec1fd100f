"""The contract as test items: collected once, judged by one run, however many workers there are."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conformance.cli.settings import configuration, values_of
from conformance.model import Finding, Severity, Verdict
from conformance.plugin.sharing import once
from conformance.plugin.subjects import Subject, subjects
from conformance.providers import provider as facts_of
from conformance.spec import load

_SHARED = "conformance_shared"


def register(config: pytest.Config) -> None:
    """Collect the contract that `--conformance` names.

    Raises:
        pytest.UsageError: An option names what does not exist.
    """
    name = config.getoption("--conformance")
    if not hasattr(config, "workerinput"):
        _check(config, name)
    config.pluginmanager.register(ContractPlugin(config, name), "conformance-contract")


def _check(config: pytest.Config, name: str) -> None:
    from conformance.engine.options import PROFILES, SUITES
    from conformance.errors import ConformanceError, UnknownName
    from conformance.mock import FAULTS
    from conformance.plugin.making import options_of

    profile = config.getoption("--conformance-profile")
    try:
        facts_of(name)
        if profile and profile not in PROFILES:
            raise UnknownName("profile", profile, tuple(PROFILES), "--conformance-profile")
        options_of(config, (), 0)
        for suite in config.getoption("--conformance-suite"):
            if suite not in SUITES:
                raise UnknownName("suite", suite, SUITES, "--conformance-suite")
        known = tuple(fault.name for fault in FAULTS)
        for fault in config.getoption("--conformance-fault"):
            if fault not in known:
                raise UnknownName("fault", fault, known, "--conformance-fault")
    except ConformanceError as error:
        raise pytest.UsageError(str(error).replace("--provider:", "--conformance:")) from None


class Violation(Exception):
    """An item's rule is violated; the findings say how."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(findings)
        self.findings = findings


class ContractCollector(pytest.Collector):
    """The contract of one provider."""

    def collect(self) -> Iterator[pytest.Item]:
        """Yield an item for each rule and operation."""
        for subject in subjects(load(self.name), facts_of(self.name)):
            nodeid = f"{self.nodeid}::{subject.name}"  # whole, so that pytest sees its brackets
            yield ContractItem.from_parent(self, name=subject.name, nodeid=nodeid, subject=subject)


class ContractItem(pytest.Item):
    """One rule on one operation."""

    def __init__(self, *, subject: Subject, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.subject = subject

    def setup(self) -> None:
        """Make the run that all items share, unless it was made."""
        plugin = self.config.pluginmanager.getplugin("conformance-contract")
        self._verdict, self._findings = plugin.verdict(self)

    def runtest(self) -> None:
        """Report the verdict; what is a warning only, or accepted, is an expected failure.

        Raises:
            Violation: It is violated.
        """
        if self._findings and all(f.severity is Severity.WARNING for f in self._findings):
            pytest.xfail(" ".join(f.note for f in self._findings if f.note) or "a warning")
        if self._verdict is Verdict.VIOLATES:
            raise Violation(self._findings)
        if self._verdict is not Verdict.CONFORMS:
            pytest.skip(self._verdict.shown)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Return the findings, or why there was no run."""
        from conformance.plugin.wording import words_of

        if isinstance(excinfo.value, Violation):
            return "\n\n".join(words_of(finding) for finding in excinfo.value.findings)
        if isinstance(excinfo.value, pytest.UsageError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Return where the item is: it has no line, so its name must do."""
        return self.config.rootpath, None, f"{self.parent.name if self.parent else ''}::{self.name}"


class ContractPlugin:
    """Adds the items to those of the session, and makes their run when the first one needs it."""

    def __init__(self, config: pytest.Config, provider: str) -> None:
        self._config = config
        self._provider = provider
        self._out = _folder_of(config)
        self._selected: list[Subject] = []
        self._all: list[Subject] = []
        self._verdicts: Any = None
        self._failure = ""
        self._made = False
        self._wanted = _node_ids(config, provider)
        self._folder = self._shared_folder()

    def _shared_folder(self) -> Path | None:
        """Return a folder that all workers of this session know; None where there are none."""
        workerinput = getattr(self._config, "workerinput", None)
        if workerinput is not None:
            return Path(workerinput[_SHARED])
        if self._config.pluginmanager.hasplugin("dsession"):
            return Path(tempfile.mkdtemp(prefix="qconform-"))
        return None

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Tell a worker of xdist where the others are."""
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="qconform-"))
        node.workerinput[_SHARED] = str(self._folder)

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(
        self, session: pytest.Session, items: list[pytest.Item]
    ) -> None:
        """Add the items of the contract, before `-k` and `--lf` choose among all."""
        collector = ContractCollector.from_parent(
            session, name=self._provider, nodeid=self._provider
        )
        report = session.ihook.pytest_make_collect_report(collector=collector)
        session.ihook.pytest_collectreport(report=report)
        found = [item for item in report.result if isinstance(item, ContractItem)]
        self._all = [item.subject for item in found]
        items += [item for item in found if not self._wanted or item.nodeid in self._wanted]

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Note what was left to do."""
        self._selected = [i.subject for i in session.items if isinstance(i, ContractItem)]

    def verdict(self, item: ContractItem) -> tuple[Verdict, list[Finding]]:
        """Return the verdict of `item` and its findings.

        Raises:
            pytest.UsageError: There is no run, and why.
        """
        if not self._made:
            self._make()
        if self._failure:
            raise pytest.UsageError(self._failure)
        homes = [s.operation for s in self._all if s.rule.id == item.subject.rule.id]
        verdict: tuple[Verdict, list[Finding]] = self._verdicts.of(item.subject, homes)
        return verdict

    def _make(self) -> None:
        from conformance.plugin.verdicts import verdicts_of

        def run() -> str:
            from conformance.plugin.making import make, options_of  # the engine takes a second

            return make(options_of(self._config, self._selected, len(self._all)), self._out)

        self._made = True
        self._failure = run() if self._folder is None else once(self._folder, run)
        if not self._failure:
            self._verdicts = verdicts_of(self._out / "run.ndjson")

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Say in a line what the run was, and where its report is."""
        log = self._out / "run.ndjson"
        if any(
            report.nodeid.startswith(f"{self._provider}::")
            for kind in ("passed", "failed")
            for report in terminalreporter.stats.get(kind, ())
        ):
            from conformance.plugin.wording import summary_of

            terminalreporter.section("conformance")
            terminalreporter.write_line(summary_of(log))
            terminalreporter.write_line(f"report: {self._out / 'report.html'}")

    def pytest_unconfigure(self, config: pytest.Config) -> None:
        """Remove what the workers shared."""
        if self._folder is not None and not hasattr(config, "workerinput"):
            shutil.rmtree(self._folder, ignore_errors=True)


def _node_ids(config: pytest.Config, provider: str) -> frozenset[str]:
    """Take node ids of our items from the arguments, where pytest would look for files."""
    mine = [argument for argument in config.args if argument.startswith(f"{provider}::")]
    if mine:
        config.args[:] = [argument for argument in config.args if argument not in mine]
    return frozenset(mine)


def _folder_of(config: pytest.Config) -> Path:
    """Return where run log and reports go."""
    out = Path(config.getoption("--conformance-out") or values_of("run", configuration())["out"])
    return out if out.is_absolute() else config.invocation_params.dir / out
