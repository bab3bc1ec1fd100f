"""The table of all settings; options, environment, schema and documentation follow from it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What form a setting has."""

    TEXT = "text"
    TEXTS = "texts"
    """Any number of texts; on the command line the option is repeated."""
    TABLE = "table"
    """Names to words; on the command line `NAME=WORD`, repeated."""
    INTEGER = "integer"
    NUMBER = "number"
    FLAG = "flag"
    PATH = "path"
    """A file or folder; in a configuration file it is relative to that file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One thing that can be set."""

    name: str
    """As it stands in a file, and after two dashes on the command line."""
    kind: Kind
    help: str
    default: Any = None
    choices: tuple[str, ...] = ()
    """For a table, the words that may stand on its right."""
    minimum: float | None = None
    above: float | None = None
    """What a number must exceed."""
    maximum: float | None = None
    commands: tuple[str, ...] = ("run",)
    """Commands that have it as an option."""
    secret: bool = False
    """Never shown, and refused in a file, which others read."""
    consent: bool = False
    """Allows what only a person may allow: refused in a file, which came with a checkout."""

    @property
    def variable(self) -> str:
        """Name of the environment variable that sets it."""
        return "QCONFORM_" + self.name.upper().replace("-", "_")

    @property
    def in_file(self) -> bool:
        """Whether a configuration file may set it."""
        return not (self.secret or self.consent)


SUITES = ("access", "lifecycle", "physics", "hostile", "contract")
PROFILES = ("smoke", "ci", "full")
_BOTH = ("run", "cleanup")
_JUDGING = ("run", "replay")

SETTINGS: tuple[Setting, ...] = (
    Setting(
        name="url",
        kind=Kind.TEXT,
        default="",
        help="Base URL of the target; without it the embedded mock, or with --live the service.",
        commands=_BOTH,
    ),
    Setting(
        name="api-key",
        kind=Kind.TEXT,
        default="",
        secret=True,
        help="Key of the account; or QCONFORM_API_KEY, IONQ_API_KEY.",
        commands=_BOTH,
    ),
    Setting(
        name="second-api-key",
        kind=Kind.TEXT,
        default="",
        secret=True,
        help="Key of another account, to test access with.",
    ),
    Setting(
        name="live",
        kind=Kind.FLAG,
        default=False,
        consent=True,
        help="Allow a target that is not on this machine, and treat it with care.",
        commands=_BOTH,
    ),
    Setting(
        name="provider",
        kind=Kind.TEXT,
        default="ionq",
        help="Whose API it is.",
        commands=_JUDGING,
    ),
    Setting(name="seed", kind=Kind.INTEGER, default=1, help="Same seed, same cases."),
    Setting(
        name="profile",
        kind=Kind.TEXT,
        default="ci",
        choices=PROFILES,
        help="smoke, ci or full.",
    ),
    Setting(
        name="suite",
        kind=Kind.TEXTS,
        default=(),
        choices=SUITES,
        help=f"Only this suite: {', '.join(SUITES)}.",
    ),
    Setting(
        name="operation",
        kind=Kind.TEXTS,
        default=(),
        help="Only this operation, by its id.",
        commands=_JUDGING,
    ),
    Setting(
        name="rule",
        kind=Kind.TEXTS,
        default=(),
        help="Judge by this rule only.",
        commands=_JUDGING,
    ),
    Setting(
        name="select",
        kind=Kind.TEXTS,
        default=(),
        help="Judge by these rules only: ids, or how ids begin (PHYS).",
        commands=_JUDGING,
    ),
    Setting(
        name="ignore",
        kind=Kind.TEXTS,
        default=(),
        help="Do not judge by these rules: ids, or how ids begin.",
        commands=_JUDGING,
    ),
    Setting(
        name="severity",
        kind=Kind.TABLE,
        default={},
        choices=("error", "warning"),
        help="RULE=error or RULE=warning: what a finding of this rule weighs.",
        commands=_JUDGING,
    ),
    Setting(
        name="out",
        kind=Kind.PATH,
        default="conformance-report",
        help="Folder for the run log and the reports.",
        commands=_JUDGING,
    ),
    Setting(name="junit", kind=Kind.PATH, help="Write JUnit XML here too.", commands=_JUDGING),
    Setting(
        name="request-timeout",
        kind=Kind.NUMBER,
        default=10.0,
        minimum=0.01,
        help="Seconds a request may take in all.",
        commands=_BOTH,
    ),
    Setting(
        name="job-timeout",
        kind=Kind.NUMBER,
        minimum=0.01,
        help="Seconds a job may take to end; 30, and 300 with --live.",
        commands=_JUDGING,
    ),
    Setting(
        name="deadline",
        kind=Kind.NUMBER,
        default=0.0,
        minimum=0.0,
        help="Seconds the run may take in all; then it reports what it has.",
    ),
    Setting(
        name="alpha",
        kind=Kind.NUMBER,
        default=1e-6,
        minimum=0.0,
        maximum=1.0,
        help="Bound on a false alarm over all sampled results of the run.",
        commands=_JUDGING,
    ),
    Setting(
        name="workers",
        kind=Kind.INTEGER,
        default=4,
        minimum=1,
        maximum=64,
        help="Scenarios played side by side.",
    ),
    Setting(
        name="fault",
        kind=Kind.TEXTS,
        default=(),
        help="Switch a fault of the embedded mock on.",
    ),
    Setting(
        name="backend",
        kind=Kind.TEXT,
        default="",
        help="With --live: the backend that jobs are for; a QPU is used only when named here.",
    ),
    Setting(
        name="dry-run",
        kind=Kind.FLAG,
        default=False,
        help="With --live: submit jobs as dry runs, which are checked and not executed.",
    ),
    Setting(
        name="max-jobs", kind=Kind.INTEGER, minimum=0, help="With --live: jobs that may be made."
    ),
    Setting(
        name="max-cost",
        kind=Kind.NUMBER,
        default=0.0,
        minimum=0.0,
        help="With --live: what all jobs may cost by the service's estimates, in its currency.",
    ),
    Setting(
        name="max-qpu-seconds",
        kind=Kind.NUMBER,
        minimum=0.0,
        help="With --live: seconds that all jobs may take on QPUs by the service's estimates.",
    ),
    Setting(
        name="max-requests",
        kind=Kind.INTEGER,
        minimum=1,
        help="With --live: requests that may be sent, removals included.",
    ),
    Setting(
        name="rate",
        kind=Kind.NUMBER,
        above=0.0,
        help="Requests a second that may be sent; 10 with --live, else any number.",
        commands=_BOTH,
    ),
    Setting(
        name="ca",
        kind=Kind.PATH,
        help="PEM file or folder of the authorities to trust; or REQUESTS_CA_BUNDLE, "
        "SSL_CERT_FILE.",
        commands=_BOTH,
    ),
    Setting(
        name="client-cert",
        kind=Kind.PATH,
        help="PEM file with our certificate, for a target that asks for one.",
        commands=_BOTH,
    ),
    Setting(
        name="client-key",
        kind=Kind.PATH,
        help="PEM file with the key of --client-cert, unless that file holds it.",
        commands=_BOTH,
    ),
    Setting(
        name="journal",
        kind=Kind.PATH,
        help="Folder of the journals of live runs; by default with the user's other state.",
        commands=_BOTH,
    ),
)
"""Every setting, in the order in which people read them."""
