"""`qconform selftest`: prove that every rule can fail, by every fault of the mock."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from conformance.errors import ExitCode, UnknownName

if TYPE_CHECKING:
    from conformance.engine.selftest import Score, Trial


@click.command("selftest", short_help="prove that every rule can fail, by every fault")
@click.option("--provider", default="ionq", show_default=True, help="Whose mock.")
@click.option("--fault", "wanted", multiple=True, help="Only this fault; may be repeated.")
@click.option("--rule", "rules", multiple=True, help="Only faults that this rule must find.")
@click.option("--whole", is_flag=True, help="A whole run of profile ci for each fault; long.")
@click.option("--seed", type=int, default=0, show_default=True, help="Same seed, same cases.")
@click.option("--workers", type=click.IntRange(0, 64), default=0,
              help="Processes side by side; 0, the default, for one a core.")  # fmt: skip
@click.option("--format", "output", type=click.Choice(["text", "json"]), default="text",
              help="What to print.")  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), default=None,
              help="Write the result here as JSON too.")  # fmt: skip
def command(
    *,
    provider: str,
    wanted: tuple[str, ...],
    rules: tuple[str, ...],
    whole: bool,
    seed: int,
    workers: int,
    output: str,
    out: Path | None,
) -> int:
    """Switch each fault of the embedded mock on, and see which rules find it.

    Prints which rules found which fault, and for each rule the share of its faults that it
    found. Exit code 1 when a fault is missed, or a rule has no fault that could trip it.
    """
    from conformance.engine.selftest import scores, trials, unproven
    from conformance.mock.playing import faults_of
    from conformance.providers import bundled

    facts = bundled(provider)
    known = faults_of(provider)
    names = [
        fault.name
        for fault in known
        if (not wanted or fault.name in wanted) and (not rules or {*fault.finds} & {*rules})
    ]
    _check(wanted, tuple(fault.name for fault in known), "fault", "--fault")
    order = {fault.name: number for number, fault in enumerate(known)}
    done: list[Trial] = []
    for trial in trials(names, workers=workers, whole=whole, seed=seed, provider=provider):
        done.append(trial)
        if output == "text" and not trial.caught:
            click.echo(f"missed {trial.fault}: expected {', '.join(trial.missed)}", err=True)
    done.sort(key=lambda trial: order[trial.fault])
    whole_catalogue = not wanted and not rules
    left = unproven() if whole_catalogue else ()
    marks = [
        score
        for score in scores(done)
        if score.faults or (whole_catalogue and not facts.reason_against(score.rule))
    ]
    text = json.dumps(_as_json(done, marks, left), indent=1)
    if out is not None:
        out.write_text(text + "\n", encoding="utf-8")
    click.echo(text if output == "json" else _as_text(done, marks, left))
    return ExitCode.OK if all(t.caught for t in done) and not left else ExitCode.VIOLATED


def _check(wanted: tuple[str, ...], known: tuple[str, ...], kind: str, option: str) -> None:
    for name in wanted:
        if name not in known:
            raise UnknownName(kind, name, known, option)


def _as_text(done: Sequence[Trial], marks: Sequence[Score], left: Sequence[str]) -> str:
    """Return the detection matrix, one fault a line, the scores, and the sums."""
    width = max((len(trial.fault) for trial in done), default=0)
    lines = ["found by rule (in brackets: beyond those that must)", ""]
    for trial in done:
        others = [rule for rule in trial.found if rule not in trial.expected]
        cells = [f"{rule}" if rule in trial.found else f"-{rule}-" for rule in trial.expected]
        cells += [f"({rule})" for rule in others]
        mark = " " if trial.caught else "!"
        lines.append(f"{mark} {trial.fault:{width}}  {' '.join(cells)}")
    lines += ["", "mutation score by rule", ""]
    for score in marks:
        share = f"{score.caught / score.faults:4.0%}" if score.faults else "none"
        lines.append(f"  {score.rule:11} {share}  {score.caught} of {score.faults}")
    caught = sum(trial.caught for trial in done)
    lines += ["", f"{caught} of {len(done)} faults found by all rules that must"]
    if left:
        lines.append(f"no fault can trip {', '.join(left)}")
    return "\n".join(lines)


def _as_json(done: Sequence[Trial], marks: Sequence[Score], left: Sequence[str]) -> object:
    return {
        "faults": [
            {"fault": t.fault, "expected": list(t.expected), "found": list(t.found)} for t in done
        ],
        "scores": [{"rule": s.rule, "caught": s.caught, "faults": s.faults} for s in marks],
        "unproven": list(left),
        "caught": sum(t.caught for t in done),
    }
