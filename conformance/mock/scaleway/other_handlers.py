"""The operations on platforms, applications, models and processes."""

from __future__ import annotations

from conformance.mock.clock import timestamp
from conformance.mock.http import Answer, Refusal
from conformance.mock.scaleway import platforms
from conformance.mock.scaleway.pages import equal, page, tagged
from conformance.mock.scaleway.session_handlers import GONE, Call, own_project
from conformance.mock.scaleway.world import Record


def list_platforms(call: Call) -> Answer:
    """Tell a page of platforms."""
    names = {
        "provider_name": "provider_name",
        "backend_name": "backend_name",
        "name": "name",
        "platform_type": "type",
        "platform_technology": "technology",
    }
    told = map(platforms.described, platforms.PLATFORMS.values())
    kept = [entry for entry in told if equal(entry, call.query, names)]
    return page("platforms", kept, call.query, "name_asc")


def get_platform(call: Call) -> Answer:
    """Tell a platform."""
    platform = platforms.PLATFORMS.get(call.path["platform_id"])
    if platform is None:
        raise Refusal(404, "there is no such thing", ("platform", call.path["platform_id"]))
    return Answer(content=platforms.described(platform))


def list_applications(call: Call) -> Answer:
    """Tell a page of applications."""
    names = {"name": "name", "application_type": "type"}
    kept = [platforms.APPLICATION] if equal(platforms.APPLICATION, call.query, names) else []
    return page("applications", kept, call.query, "name_asc")


def get_application(call: Call) -> Answer:
    """Tell an application."""
    wanted = call.path["application_id"]
    if wanted != platforms.APPLICATION["id"]:
        raise Refusal(404, "there is no such thing", ("application", wanted))
    return Answer(content=platforms.APPLICATION)


def create_model(call: Call) -> Answer:
    """Store a model."""
    world = call.world
    project = call.body.get("project_id") or call.account.project_id
    own_project(call, project)
    model = world.new_id("model")
    told = {
        "id": model,
        "created_at": timestamp(world.clock.now()),
        "url": None,
        "project_id": project,
    }
    world.models[model] = Record(account=call.account, told=told)
    return Answer(content=told)


def list_models(call: Call) -> Answer:
    """Tell a page of models."""
    mine = [r.told for r in call.world.models.values() if r.account is call.account]
    kept = [entry for entry in mine if equal(entry, call.query, {"project_id": "project_id"})]
    return page("models", kept, call.query, "created_at_desc")


def get_model(call: Call) -> Answer:
    """Tell a model."""
    return Answer(content=call.world.record("model", call.path["model_id"], call.account).told)


def create_process(call: Call) -> Answer:
    """Start a process; the mock's only application has nothing to do and is done at once."""
    world, body = call.world, call.body
    own_project(call, body["project_id"])
    if body["platform_id"] not in platforms.PLATFORMS:
        raise Refusal(404, "there is no such thing", ("platform", str(body["platform_id"])))
    if body["application_id"] != platforms.APPLICATION["id"]:
        raise Refusal(404, "there is no such thing", ("application", str(body["application_id"])))
    process, now = world.new_id("process"), timestamp(world.clock.now())
    told = {
        "id": process,
        "name": body.get("name") or "process",
        "application_id": body["application_id"],
        "platform_id": body["platform_id"],
        "attached_session_ids": [],
        "created_at": now,
        "started_at": now,
        "updated_at": now,
        "finished_at": now,
        "status": "completed",
        "project_id": body["project_id"],
        "tags": list(body.get("tags") or ()),
        "progress": 1,
        "progress_message": None,
        "input": body.get("input"),
    }
    world.processes[process] = Record(account=call.account, told=told)
    return Answer(content=told)


def list_processes(call: Call) -> Answer:
    """Tell a page of processes."""
    mine = [r.told for r in call.world.processes.values() if r.account is call.account]
    names = {"application_id": "application_id", "project_id": "project_id"}
    kept = [e for e in mine if equal(e, call.query, names) and tagged(e, call.query)]
    return page("processes", kept, call.query, "created_at_desc")


def get_process(call: Call) -> Answer:
    """Tell a process."""
    return Answer(content=call.world.record("process", call.path["process_id"], call.account).told)


def update_process(call: Call) -> Answer:
    """Rename or retag a process; null leaves as it is."""
    told = call.world.record("process", call.path["process_id"], call.account).told
    told.update({n: call.body[n] for n in ("name", "tags") if call.body.get(n) is not None})
    told["updated_at"] = timestamp(call.world.clock.now())
    return Answer(content=told)


def delete_process(call: Call) -> Answer:
    """Remove a process."""
    wanted = call.path["process_id"]
    call.world.record("process", wanted, call.account)
    del call.world.processes[wanted]
    return GONE


def list_process_results(call: Call) -> Answer:
    """Tell the results of a process: there are none."""
    call.world.record("process", call.path["process_id"], call.account)
    return page("process_results", (), call.query, "created_at_desc")
