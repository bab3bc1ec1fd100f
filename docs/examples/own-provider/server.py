"""The service of openapi.yaml, as small as it can be: `python server.py 8000`.

With `--careless` it forgets to ask whose a job is.
"""

import json
import os
import re
import sys
import uuid

import uvicorn

KEYS = {"key-of-anna": "anna", "key-of-boris": "boris"}
MACHINES = {"fair": {"id": "fair", "coins": 1}}
JOBS = {}  # id to (owner, job)


class Refused(Exception):
    def __init__(self, status, message, allow=""):
        self.answer = (status, {"message": message}, [(b"allow", allow.encode())] * bool(allow))


def list_machines(_owner, _body):
    return 200, {"machines": list(MACHINES.values())}


def get_machine(_owner, _body, name):
    if name not in MACHINES:
        raise Refused(404, "there is no such machine")
    return 200, MACHINES[name]


def list_jobs(owner, _body):
    return 200, {"jobs": [job for whose, job in JOBS.values() if whose == owner]}


def create_job(owner, body):
    known = {"machine_id", "tosses", "name"}
    tosses, name = body.get("tosses"), body.get("name", "")
    whole = isinstance(tosses, int | float) and not isinstance(tosses, bool) and tosses % 1 == 0
    if not body.keys() <= known or not isinstance(name, str) or len(name) > 80:
        raise Refused(400, "a job has machine_id, tosses and a name of at most 80 characters")
    if not whole or not 1 <= tosses <= 1000:
        raise Refused(400, "tosses is a whole number from 1 to 1000")
    if not isinstance(body.get("machine_id"), str) or body["machine_id"] not in MACHINES:
        raise Refused(400, "machine_id names no machine")
    job = {"id": str(uuid.uuid4()), "machine_id": body["machine_id"], "tosses": int(tosses)}
    job |= {"name": body.get("name"), "status": "waiting", "heads": None}
    JOBS[job["id"]] = (owner, job)
    return 201, job


def own_job(owner, name):
    if name not in JOBS or (JOBS[name][0] != owner and "--careless" not in sys.argv):
        raise Refused(404, "you have no such job")
    return JOBS[name][1]


def get_job(owner, _body, name):
    job = own_job(owner, name)
    if job["status"] == "waiting":  # it runs when somebody looks
        heads = sum(byte % 2 for byte in os.urandom(job["tosses"]))
        job |= {"status": "completed", "heads": heads}
    return 200, job


def delete_job(owner, _body, name):
    own_job(owner, name)
    del JOBS[name]
    return 204, None


def cancel_job(owner, _body, name):
    job = own_job(owner, name)
    if job["status"] == "completed":
        raise Refused(409, "it has run already")
    job["status"] = "canceled"
    return 200, job


OPEN = {list_machines, get_machine}
ROUTES = {
    r"/v1/machines": {"GET": list_machines},
    r"/v1/machines/([^/]+)": {"GET": get_machine},
    r"/v1/jobs": {"GET": list_jobs, "POST": create_job},
    r"/v1/jobs/([^/]+)": {"GET": get_job, "DELETE": delete_job},
    r"/v1/jobs/([^/]+)/cancel": {"POST": cancel_job},
}


def body_of(headers, raw):
    if headers.get(b"content-type", b"").split(b";")[0].strip().lower() != b"application/json":
        raise Refused(415, "the body is application/json")
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        raise Refused(400, "the body is no JSON") from None
    if not isinstance(body, dict):
        raise Refused(400, "the body is no object")
    return body


def answer(method, path, headers, raw):
    found = ((re.fullmatch(pattern, path), methods) for pattern, methods in ROUTES.items())
    match, methods = next(((m, ms) for m, ms in found if m), (None, {}))
    if match is None:
        raise Refused(404, "there is no such path")
    if method not in methods:
        raise Refused(405, "the path has no such method", ", ".join(methods))
    call = methods[method]
    owner = KEYS.get(headers.get(b"x-coins-key", b"").decode("latin-1"))
    if owner is None and call not in OPEN:
        raise Refused(401, "the key is missing, or nobody's")
    return call(owner, body_of(headers, raw) if call is create_job else None, *match.groups())


async def app(scope, receive, send):
    raw, more = b"", True
    while more:
        event = await receive()
        raw, more = raw + event.get("body", b""), event.get("more_body", False)
    try:
        status, body = answer(scope["method"], scope["path"], dict(scope["headers"]), raw)
        further = []
    except Refused as refused:
        status, body, further = refused.answer
    content = b"" if body is None else json.dumps(body).encode()
    label = [(b"content-type", b"application/json")] * (body is not None)
    await send({"type": "http.response.start", "status": status, "headers": [*label, *further]})
    await send({"type": "http.response.body", "body": content})


if __name__ == "__main__":
    uvicorn.run(app, port=int(sys.argv[1]), lifespan="off", log_level="error")
