"""Misdeeds in lists: parts, pages, orders and entries."""

from __future__ import annotations

from typing import Any

from conformance.mock.http import Answer, Refusal
from conformance.mock.misdeeds.scene import Misdeed, Scene
from conformance.providers import ListFacts, Paging


def _facts(scene: Scene) -> ListFacts | None:
    """Return what is known of the list that is asked for; None for any other call."""
    return next((f for f in scene.facts.lists if f.operation == scene.operation), None)


def _without(scene: Scene, *names: str) -> Answer:
    return scene.serve_asking({n: value for n, value in scene.query.items() if n not in names})


def _ignores_filters(scene: Scene) -> Answer:
    facts = _facts(scene)
    return (
        scene.serve() if facts is None else _without(scene, *(f.parameter for f in facts.filters))
    )


def _ignores_order(scene: Scene) -> Answer:
    facts = _facts(scene)
    return scene.serve() if facts is None else _without(scene, facts.order)


def _entries(scene: Scene, content: dict[str, Any]) -> list[dict[str, Any]]:
    facts = _facts(scene)
    return content.get(facts.member, []) if facts is not None else []


def _loses_one(scene: Scene) -> Answer:
    """Leave the first entry of every page but the first out."""
    answer, content = scene.told()
    facts = _facts(scene)
    cursor = facts.start or "next" if facts is not None else ""
    first = 1 if facts is not None and facts.paging is Paging.PAGE else 0
    if cursor in scene.query and scene.query[cursor] != first:
        del _entries(scene, content)[:1]
    return answer


def _counts_page(scene: Scene) -> Answer:
    answer, content = scene.told()
    facts = _facts(scene)
    if facts is not None:
        content[facts.total] = len(_entries(scene, content))
    return answer


def _refuses_last(scene: Scene) -> Answer:
    answer, content = scene.told()
    facts = _facts(scene)
    beyond = facts is not None and int(scene.query.get(facts.start, 1)) > 1
    if beyond and not _entries(scene, content):
        raise Refusal(404, "there is no such page")
    return answer


def _another_entry(scene: Scene) -> Answer:
    answer, content = scene.told()
    facts = _facts(scene)
    for entry in _entries(scene, content):
        for name in facts.same if facts is not None else ():
            if isinstance(entry.get(name), list):
                entry[name] = ["another"]
            elif isinstance(entry.get(name), int):
                entry[name] += 1
    return answer


def _lists_removed(scene: Scene) -> Answer:
    """Go on listing a job that was removed."""
    if scene.operation == scene.facts.jobs.delete:
        told = scene.serve_other(scene.facts.jobs.read, None)
        scene.memory.setdefault("gone", []).append(told.content)
        return scene.serve()
    answer, content = scene.told()
    if scene.operation == scene.facts.jobs.listing:
        _entries(scene, content).extend(scene.memory.get("gone", []))
    return answer


MISDEEDS: dict[str, Misdeed] = {
    "filters-ignored": _ignores_filters,
    "order-ignored": _ignores_order,
    "entry-between-pages": _loses_one,
    "last-page-refused": _refuses_last,
    "page-counted-as-all": _counts_page,
    "removed-job-listed": _lists_removed,
    "entry-of-another-tag": _another_entry,
}
"""By the name of the fault."""
