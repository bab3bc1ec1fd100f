"""What a user has chosen: which rules are judged, how much they weigh, what is accepted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from conformance.checks import RULES, Rule
from conformance.errors import BadValue, UnknownName
from conformance.model import Finding, Severity, Waiver, waived


class Chosen(Protocol):
    """Options that choose rules."""

    @property
    def select(self) -> tuple[str, ...]: ...  # noqa: D102 - as in `Choice`, so the three below
    @property
    def ignore(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def severity(self) -> Mapping[str, str]: ...  # noqa: D102
    @property
    def waivers(self) -> tuple[Waiver, ...]: ...  # noqa: D102


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The rules of a run. Ids may be whole, or a beginning that several share: `PHYS`."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severities: Mapping[str, Severity] = field(default_factory=dict)
    waivers: tuple[Waiver, ...] = ()
    today: dt.date = dt.date.min

    @classmethod
    def of(cls, options: Chosen) -> Choice:
        """Return what `options` choose.

        Raises:
            UnknownName: No rule has an id that begins so.
            BadValue: A severity is neither `error` nor `warning`.
        """
        for option, names in (
            ("select", options.select),
            ("ignore", options.ignore),
            ("severity", tuple(options.severity)),
        ):
            for name in names:
                if not any(rule.id.startswith(name) for rule in RULES):
                    raise UnknownName("rule", name, tuple(r.id for r in RULES), f"--{option}")
        for rule, word in options.severity.items():
            if word not in set(Severity):
                raise BadValue(f"severity of {rule}", "error or warning", word)
        return cls(
            select=options.select,
            ignore=options.ignore,
            severities={rule: Severity(word) for rule, word in options.severity.items()},
            waivers=options.waivers,
            today=dt.datetime.now(dt.UTC).date(),
        )

    def takes(self, rule: str) -> bool:
        """Whether the rule with this id is judged."""
        chosen = not self.select or rule.startswith(self.select)
        left_out = bool(self.ignore) and rule.startswith(self.ignore)
        return chosen and not left_out

    def severity_of(self, rule: Rule) -> Severity:
        """Return how much findings of `rule` weigh; the longest beginning of its id decides."""
        named = [name for name in self.severities if rule.id.startswith(name)]
        return self.severities[max(named, key=len)] if named else rule.severity

    def waived(self, finding: Finding) -> Finding:
        """Return `finding`, as a warning that says why it is accepted, if a waiver covers it."""
        found = waived(self.waivers, {finding.fingerprint}, self.today)
        if not found.used:
            return finding
        waiver = found.used[0]
        until = f", until {waiver.expires}" if waiver.expires else ""
        owner = f" by {waiver.owner}" if waiver.owner else ""
        note = f"Accepted{owner}{until}: {waiver.reason}"
        whole = f"{finding.note} {note}" if finding.note else note
        return replace(finding, severity=Severity.WARNING, note=whole)

    def unmet(self, fingerprints: Collection[str]) -> Iterator[str]:
        """Yield a sentence for each waiver that accepts nothing of what was found."""
        fared = waived(self.waivers, fingerprints, self.today)
        for waiver in fared.unused:
            yield f"the waiver of {waiver.fingerprint} ({waiver.reason}) covers nothing found here"
        for waiver in fared.expired:
            yield f"the waiver of {waiver.fingerprint} ({waiver.reason}) expired {waiver.expires}"
