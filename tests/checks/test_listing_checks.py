"""Rules about lists that a provider's facts tell: what breaks each, and what a service may do."""

from __future__ import annotations

from typing import Any

from told_of import Talk

MARK = "qconform-1"


def job(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "id": f"job-{number}",
        "created": f"2026-03-01T10:00:0{number}.123Z",
        "program": {"id": "sampler"},
        "state": {"status": "Completed"},
        "status": "Completed",
        "cost": 1,
        "backend": "one",
        "tags": [MARK, f"number-{number}"],
        **changes,
    }


def told(*numbers: int) -> Talk:
    """Return a history in which these jobs were read."""
    talk = Talk("ibm")
    for number in numbers:
        talk.say("get_job_by_id", job(number), ids={"id": f"job-{number}"})
    return talk


def listed(talk: Talk, *jobs: dict[str, Any], count: int | None = None, **query: Any) -> Talk:
    total = {} if count is None else {"count": count}
    body = {"jobs": list(jobs), "limit": 200, "offset": query.get("offset", 0), **total}
    if "limit" in query:
        body["limit"] = query["limit"]
    talk.say("list_jobs", body, **query)
    return talk


def test_an_entry_that_was_not_asked_for_is_found() -> None:
    talk = listed(told(1), job(1), job(2, backend="two"), count=2, backend="one")
    assert talk.clauses("LIST-007") == {"list/backend"}


def test_every_tag_that_was_asked_for_must_be_there() -> None:
    talk = listed(told(1), job(1), count=1, tags=[MARK, "number-2"])
    assert talk.clauses("LIST-007") == {"list/tags"}


def test_an_entry_far_outside_a_bound_of_time_is_found() -> None:
    talk = listed(told(1), job(1), count=1, created_after="2026-03-02T00:00:00Z")
    assert talk.clauses("LIST-007") == {"list/created_after"}


def test_whether_a_bound_is_part_of_its_span_and_how_moments_are_rounded_is_free() -> None:
    """A job made at .1234 tells .123, and may be left out of all until .123."""
    assert not listed(told(1), count=0, created_before=job(1)["created"]).found("LIST-007")
    talk = listed(told(1), job(1), count=1, created_after=job(1)["created"])
    assert not talk.found("LIST-007")


def test_a_known_thing_that_a_whole_list_lacks_is_found() -> None:
    assert listed(told(1, 2), job(1), count=1, tags=[MARK]).clauses("LIST-007") == {"list/missing"}


def test_a_page_need_not_hold_all() -> None:
    assert not listed(told(1, 2), job(1), count=2, tags=[MARK], limit=1).found("LIST-007")


def test_a_thing_that_was_removed_meanwhile_need_not_be_listed() -> None:
    talk = told(1)
    talk.say("delete_job", status=204, ids={"id": "job-1"})
    assert not listed(talk, count=0, tags=[MARK]).found("LIST-007")


def test_a_state_that_may_have_passed_excuses_an_entry_that_is_missing() -> None:
    talk = Talk("ibm")
    talk.say("get_job_by_id", job(1, status="Queued"), ids={"id": "job-1"})
    assert not listed(talk, count=0, tags=[MARK], pending="true").found("LIST-007")


def pages(*contents: list[int], count: int | None, limit: int = 2) -> Talk:
    talk = told(1, 2, 3)
    for number, entries in enumerate(contents):
        whole = [job(n) for n in entries]
        listed(talk, *whole, count=count, tags=[MARK], limit=limit, offset=number * limit)
    return talk


def test_pages_that_make_up_the_list_are_no_finding() -> None:
    assert not pages([3, 2], [1], [], count=3).found("LIST-008")
    assert not pages([3, 2], [1], [], count=None).found("LIST-008")


def test_an_entry_on_two_pages_is_found() -> None:
    assert pages([3, 2], [2, 1], [], count=3).clauses("LIST-008") == {"list/once"}


def test_an_entry_between_two_pages_is_found() -> None:
    assert pages([3, 2], [], count=2).clauses("LIST-008") == {"list/lost"}


def test_a_total_that_is_that_of_the_page_is_found() -> None:
    assert pages([3, 2], [1], [], count=2).clauses("LIST-008") == {"list/count"}


def test_a_page_larger_than_was_asked_for_is_found() -> None:
    assert "list/size" in pages([3, 2, 1], [], count=3).clauses("LIST-008")


def test_a_limit_out_of_range_may_mean_the_default() -> None:
    talk = told(1)
    talk.say("list_jobs", {"jobs": [], "limit": 200, "offset": 0, "count": 0}, limit=201)
    assert not talk.found("LIST-008")


def test_an_order_that_is_turned_round_is_found_and_equal_moments_are_not() -> None:
    first = job(1)
    assert listed(told(1), first, job(2), sort="DESC").clauses("LIST-009") == {"list/order/DESC"}
    assert not listed(told(1), first, {**first, "id": "other"}, sort="DESC").found("LIST-009")
    assert not listed(told(1), first, job(2)).found("LIST-009")  # no order is documented


def test_names_with_signs_have_no_order_that_all_alphabets_share() -> None:
    talk = Talk("scaleway")
    entries = [{"id": "1", "name": "B_1"}, {"id": "2", "name": "a-1"}]
    talk.say("ListSessions", {"sessions": entries, "total_count": 2}, project_id="p")
    assert not talk.found("LIST-009")
    plain = [{"id": "1", "name": "b"}, {"id": "2", "name": "a"}]
    talk.say("ListSessions", {"sessions": plain, "total_count": 2}, project_id="p")
    assert talk.clauses("LIST-009") == {"list/order/name_asc"}


def test_an_entry_that_says_another_thing_than_the_job_is_found() -> None:
    assert listed(told(1), job(1, backend="two")).clauses("LIST-010") == {"list/same/backend"}
    stale = job(1, status="Queued", state={"status": "Queued"})
    assert listed(told(1), stale).clauses("LIST-010") == {"list/same/status"}


def test_an_entry_may_say_less_and_write_a_moment_in_another_way() -> None:
    entry = {**job(1), "created": "2026-03-01T11:00:01.123456+01:00"}
    del entry["tags"]
    assert not listed(told(1), entry).found("LIST-010")


def test_an_entry_of_what_was_changed_meanwhile_may_be_another() -> None:
    talk = told(1)
    talk.say("replace_job_tags", status=204, sent={"tags": ["new"]}, ids={"id": "job-1"})
    assert not listed(talk, job(1, tags=["new"])).found("LIST-010")


def test_a_removed_thing_that_is_listed_is_found_once_the_list_must_know() -> None:
    talk = told(1)
    talk.say("delete_job", status=204, ids={"id": "job-1"})
    listed(talk, job(1), count=1, tags=[MARK])
    assert talk.clauses("LIST-007") == {"list/removed"}


def test_a_page_with_room_for_more_than_it_holds_is_found() -> None:
    assert listed(told(1), job(1), count=2).clauses("LIST-008") == {"list/short"}
    assert not listed(told(1), job(1), count=2, limit=1).found("LIST-008")
    assert not listed(told(1), count=1, limit=1, offset=1).found("LIST-008")


def test_a_page_after_the_last_one_must_not_be_refused_where_pages_are_numbered() -> None:
    talk = Talk("scaleway")
    asked: dict[str, Any] = {"project_id": "p", "tags": ["m"], "page_size": 2}
    body = {"sessions": [{"id": "1", "name": "a"}], "total_count": 1}
    talk.say("ListSessions", body, page=1, **asked)
    talk.say("ListSessions", {"sessions": [], "total_count": 1}, page=2, **asked)
    assert not talk.found("LIST-008")
    other = Talk("scaleway")
    other.say("ListSessions", body, page=1, **asked)
    other.say("ListSessions", {"message": "no", "type": "not_found"}, status=404, page=2, **asked)
    assert other.clauses("LIST-008") == {"list/end"}
