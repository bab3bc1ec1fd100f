"""The option of the mock that serves the API since June 2026, at its edges."""

from __future__ import annotations

from typing import Any

import pytest
from mock_driver import SECOND, Driver, qis

from conformance.errors import UnknownName
from conformance.mock import InstantClock, ionq

H = {"gate": "h", "target": 0}


@pytest.fixture
def driver() -> Driver:
    return Driver(ionq.app(seed=3, clock=InstantClock(), api_version="v0.4-next"))


def test_an_unknown_version_is_refused_with_one_that_is_near() -> None:
    with pytest.raises(UnknownName, match=r"Did you mean 'v0\.4-next'"):
        ionq.app(api_version="v0.4-newest")


def test_the_documents_own_api_has_none_of_it() -> None:
    driver = Driver(ionq.app(clock=InstantClock()))
    job = driver.submit(qis(H))
    assert list(driver.get(f"/jobs/{job}")["results"]) == ["probabilities"]
    assert driver.send("GET", f"/jobs/{job}/artifacts/probabilities").status == 404
    assert driver.send("POST", f"/jobs/{job}/clone", {}).status == 404
    assert driver.send("GET", "/schemas/formats/ionq.result.shots.json.v1").status == 404


def test_results_keep_their_link_beside_the_formats(driver: Driver) -> None:
    told = driver.get(f"/jobs/{driver.submit(qis(H))}")
    link = told["results"]["probabilities"]["url"]
    found = driver.get(link.removeprefix("/v0.4"))
    artifact = told["results"]["ionq.result.probabilities.json.v1"]["id"]
    assert driver.get(f"/jobs/{told['id']}/artifacts/{artifact}") == found


def test_shots_of_a_job_have_one_order(driver: Driver) -> None:
    job = driver.submit(qis(H, noise={"model": "aria-1"}, shots=64))
    shots = driver.get(f"/jobs/{job}/artifacts/shots")
    assert len(shots) == 64
    assert shots != sorted(shots)
    assert shots == driver.get(f"/jobs/{job}/artifacts/shots")


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"type": "ionq.multi-circuit.v1"}, "type"),
        ({"input": {}}, "input"),
        ({"shots": 0}, "shots"),
        ({"unheard": 1}, "unheard"),
        ({"metadata": 7}, "metadata"),
        ([], "object"),
    ],
)
def test_a_clone_with_a_bad_change_is_refused(driver: Driver, body: Any, says: str) -> None:
    job = driver.submit(qis(H))
    reply = driver.send("POST", f"/jobs/{job}/clone", body)
    assert (reply.status, reply.json()["statusCode"]) == (400, 400)
    assert says in reply.json()["message"]
    assert len(driver.get("/jobs")["jobs"]) == 1


def test_a_clone_whose_body_is_no_json_is_refused(driver: Driver) -> None:
    job = driver.submit(qis(H))
    assert driver.send("POST", f"/jobs/{job}/clone", raw=b"{").status == 400


def test_a_clone_without_changes_runs_the_same_circuit(driver: Driver) -> None:
    job = driver.submit(qis(H, name="mine"))
    reply = driver.send("POST", f"/jobs/{job}/clone", raw=b"")
    clone = driver.get(f"/jobs/{reply.json()['id']}")
    assert (reply.status, clone["name"]) == (201, "mine")
    place = "results/probabilities"
    assert driver.get(f"/jobs/{clone['id']}/{place}") == driver.get(f"/jobs/{job}/{place}")


def test_a_method_that_an_added_path_lacks_is_refused(driver: Driver) -> None:
    job = driver.submit(qis(H))
    assert driver.send("DELETE", f"/jobs/{job}/clone").status in {404, 405}


def test_another_tenant_finds_nothing(driver: Driver) -> None:
    job = driver.submit(qis(H))
    assert driver.send("GET", f"/jobs/{job}/artifacts/probabilities", key=SECOND).status == 404
    assert driver.send("POST", f"/jobs/{job}/move", {}, key=SECOND).status == 404
    assert driver.send("POST", f"/jobs/{job}/clone", {}, key=None).status == 401


def test_a_failed_job_tells_no_results(driver: Driver) -> None:
    job = driver.submit(qis({"gate": "h", "target": 9}))
    assert driver.get(f"/jobs/{job}")["results"] is None
    assert driver.send("GET", f"/jobs/{job}/artifacts/probabilities").status == 404


def test_an_unknown_format_is_refused_with_the_known_ones(driver: Driver) -> None:
    reply = driver.send("GET", "/schemas/formats/ionq.result.shots.json.v9")
    assert reply.status == 404
    assert "ionq.result.shots.json.v1" in reply.json()["message"]


def test_a_solver_job_is_not_cloned_for_its_credentials_are_not_kept(driver: Driver) -> None:
    problem = {
        "nodes": [{"id": "a"}, {"id": "b"}],
        "adjacency": [[{"id": "b"}], [{"id": "a"}]],
    }
    job = driver.submit(
        {
            "type": "qctrl.qaoa.v1",
            "backend": "simulator",
            "input": {"problem_type": "maxcut", "problem": problem},
            "external_settings": {"api_credentials": "secret"},
        }
    )
    reply = driver.send("POST", f"/jobs/{job}/clone", {})
    assert reply.status == 409
    assert "credentials" in reply.json()["message"]
    assert driver.send("GET", f"/jobs/{job}/artifacts/probabilities").status == 404


def test_a_job_of_several_circuits_has_no_compiled_one(driver: Driver) -> None:
    circuits = {"gateset": "qis", "circuits": [{"circuit": [H]}] * 2}
    body = {"type": "ionq.multi-circuit.v1", "backend": "simulator", "input": circuits}
    job = driver.submit(body)
    assert "compilation" not in driver.get(f"/jobs/{job}")["output"]
    assert driver.send("GET", f"/jobs/{job}/artifacts/compiled-native").status == 404
    assert driver.send("GET", f"/jobs/{job}/artifacts/probabilities-aggregate").status == 200


def test_an_unknown_variant_is_not_found(driver: Driver) -> None:
    job = driver.submit(qis(H))
    assert driver.send("GET", f"/jobs/{job}/artifacts/shots.nobody").status == 404


@pytest.mark.parametrize("fault", ["html-answer", "wrong-stats", "results-withheld"])
def test_faults_of_the_documents_answers_show_in_the_newer_ones(fault: str) -> None:
    app = ionq.app(seed=3, clock=InstantClock(), api_version="v0.4-next", faults=[fault])
    driver = Driver(app)
    job = driver.submit(qis(H))
    assert driver.send("GET", "/backends").media_type.startswith("text/html") is (
        fault == "html-answer"
    )
    told = driver.get(f"/jobs/{job}")
    assert (told["stats"]["qubits"] == 3) is (fault == "wrong-stats")
    assert (told["results"] is None) is (fault == "results-withheld")
