"""What a report says of the results of circuits: verdict, cause, coverage and power, in words."""

from __future__ import annotations

import math
from collections import Counter

from conformance.model import Judgement, Verdict
from conformance.report.wording import plural

NAMED = 4
LISTED = 6


def lines(judgement: Judgement) -> list[tuple[str, str]]:
    """Return labelled sentences about the results of a run, the most telling first."""
    found = [("results", counted(judgement))]
    if judgement.sampled:
        found.append(("evidence", evidence(judgement)))
    if judgement.verdict is Verdict.VIOLATES:
        found.append(("cause", cause(judgement)))
    found.append(("mistakes", coverage(judgement)))
    if judgement.smallest:
        found.append(("power", power(judgement)))
    return found


def counted(judgement: Judgement) -> str:
    """Return how many results were judged, and why others were not."""
    text = f"{judgement.exact} exact, {judgement.sampled} sampled"
    reasons = Counter(row.open for row in judgement.results if row.open)
    for reason, count in sorted(reasons.items()):
        text += f"; {count} cannot be told: {reason}"
    return text


def evidence(judgement: Judgement) -> str:
    """Return the evidence of the sampled results, and what would have been an alarm."""
    limit = math.log10(2 / judgement.alpha)
    text = (
        f"10^{judgement.evidence:.1f} : 1 against what was declared; an alarm at 10^{limit:.1f} : 1"
        f" (false alarms of a run below {judgement.alpha:g})"
    )
    if judgement.impossible:
        text += f"; {plural(judgement.impossible, 'shot')} of probability zero"
    return text


def cause(judgement: Judgement) -> str:
    """Return what the data of the run fit."""
    if not judgement.names:
        return "none of the named mistakes fits"
    text = "; or ".join(judgement.names[:NAMED])
    more = len(judgement.names) - NAMED
    text += f"; or {more} more that no circuit of the run tells apart" if more > 0 else ""
    sure = f" (evidence 10^{judgement.against:.1f} : 1)" if judgement.against > 0 else ""
    return f"the data fit {text}{sure}"


def coverage(judgement: Judgement) -> str:
    """Return how many of the named mistakes the run could have seen, and which not."""
    told = len(set(judgement.told))
    total = told + len(judgement.untold)
    text = f"{told} of {total} named mistakes would have shown"
    if judgement.untold:
        more = len(judgement.untold) - LISTED
        text += f"; not: {'; '.join(judgement.untold[:LISTED])}"
        text += f"; and {more} more" if more > 0 else ""
    return text


def power(judgement: Judgement) -> str:
    """Return the smallest effects that one sampled result would have shown with 99 % power."""
    effects = dict(judgement.smallest)
    parts = []
    if "distance" in effects:
        parts.append(f"total variation distance {effects.pop('distance'):.3f}")
    parts += [f"{kind} {error:.3f} rad" for kind, error in sorted(effects.items())]
    return f"seen with 99 % power in one sampled result: {', '.join(parts)}"
