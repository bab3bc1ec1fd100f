"""The fixtures and markers, in tests such as users write."""

from __future__ import annotations

from pathlib import Path

import pytest

from conformance import spec, traffic
from conformance.engine import SUITES
from conformance.mock import FAULTS, running
from conformance.mock.hardships import HARDSHIPS
from conformance.mock.ionq import app, keys
from conformance.plugin.mocks import SURVIVABLE

assert SUITES, "the engine, and with it NumPy, is imported here: sessions in this process share it"
BELL = """
        BELL = {"qubits": 2, "gateset": "qis", "circuit": [
            {"gate": "h", "target": 0}, {"gate": "cnot", "control": 0, "target": 1}]}
"""


def run(pytester: pytest.Pytester, source: str, *arguments: str) -> pytest.RunResult:
    pytester.makepyfile(source)
    return pytester.runpytest(*arguments)


def test_the_mock_has_an_address_keys_a_clock_and_faults(pytester: pytest.Pytester) -> None:
    source = """
        import pytest, requests

        def jobs(mock, key):
            answer = requests.get(mock.url + "/jobs", headers={"Authorization": "apiKey " + key})
            return answer.status_code, answer.json()

        @pytest.mark.conformance_mock(clock="stepped", seed=3)
        def test_a(conformance_mock):
            assert conformance_mock.url.startswith("http://127.0.0.1:")
            assert jobs(conformance_mock, conformance_mock.api_key)[0] == 200
            assert jobs(conformance_mock, conformance_mock.second_api_key)[0] == 200
            assert jobs(conformance_mock, "another")[0] == 401
            before = conformance_mock.clock.now()
            conformance_mock.clock.advance(60)
            assert conformance_mock.clock.now() == before + 60
            conformance_mock.faults.switch_on("any-key-accepted")
            assert jobs(conformance_mock, "another")[0] == 200
            conformance_mock.reset()
            assert jobs(conformance_mock, "another")[0] == 401
            assert "key-of" not in repr(conformance_mock)

        def test_b(conformance_mock):
            assert not conformance_mock.faults
    """
    run(pytester, source).assert_outcomes(passed=2)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ('clock="slow"', "expected real, instant, stepped"),
        ("speed=3", "unexpected keyword argument 'speed'"),
    ],
)
def test_a_wrong_option_of_the_mock_is_told(
    pytester: pytest.Pytester, options: str, message: str
) -> None:
    source = f"""
        import pytest

        @pytest.mark.conformance_mock({options})
        def test_a(conformance_mock): pass
    """
    result = run(pytester, source)
    result.assert_outcomes(errors=1)
    assert message in result.stdout.str()


def test_a_test_is_run_once_for_each_named_fault(pytester: pytest.Pytester) -> None:
    source = """
        import pytest, requests

        @pytest.mark.conformance_faults("html-answer", "rate-limited")
        def test_client(conformance_mock, conformance_fault):
            assert conformance_mock.fault == conformance_fault
            answers = [requests.get(conformance_mock.url + "/backends") for _ in range(2)]
            if conformance_fault == "html-answer":
                assert "html" in answers[0].headers["content-type"]
            else:
                assert [a.status_code for a in answers] == [429, 200]
                assert answers[0].headers["retry-after"] == "1"
    """
    result = run(pytester, source, "-v")
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(["*test_client?html-answer?*", "*test_client?rate-limited?*"])


def test_without_names_all_that_a_client_should_survive_is_tried(
    pytester: pytest.Pytester,
) -> None:
    source = """
        import pytest

        @pytest.fixture
        def client(conformance_mock): return conformance_mock

        @pytest.mark.conformance_faults
        def test_client(client): assert client.fault
    """
    run(pytester, source).assert_outcomes(passed=len(SURVIVABLE))
    assert set(SURVIVABLE) <= {*HARDSHIPS, *(fault.name for fault in FAULTS)}


@pytest.mark.parametrize(
    ("marker", "fixture", "message"),
    [
        ('("reversed-bit")', "conformance_mock", "Did you mean 'reversed-bits'?"),
        ("", "tmp_path", "expected a test with the fixture conformance_mock"),
    ],
)
def test_a_wrong_use_of_the_marker_is_told(
    pytester: pytest.Pytester, marker: str, fixture: str, message: str
) -> None:
    source = f"""
        import pytest

        @pytest.mark.conformance_faults{marker}
        def test_a({fixture}): pass
    """
    result = run(pytester, source)
    assert result.ret != 0
    assert message in result.stdout.str() + result.stderr.str()


def test_what_a_target_answers_is_judged(pytester: pytest.Pytester) -> None:
    source = """
        def test_good(conformance_target):
            exchange = conformance_target.call("GET", "/backends")
            assert exchange.response.json()

        def test_refused(conformance_target):
            assert conformance_target.call("GET", "/jobs", key="").response.status == 401

        def test_bad(conformance_target, conformance_mock):
            conformance_mock.faults.switch_on("html-answer")
            conformance_target.call("GET", "/backends")
    """
    result = run(pytester, source)
    result.assert_outcomes(passed=3, errors=1)
    result.stdout.fnmatch_lines(["*HTTP-003 media-type-is-declared  getBackends  violated*"])


def test_a_target_s_answers_are_judged_together(pytester: pytest.Pytester) -> None:
    source = f"""
        import pytest
        {BELL}
        @pytest.mark.conformance_mock(clock="instant")
        def test_story(conformance_target, conformance_mock):
            conformance_mock.faults.switch_on("reversed-bits")
            circuit = {{"qubits": 2, "gateset": "qis", "circuit": [{{"gate": "x", "target": 0}}]}}
            body = {{"type": "ionq.circuit.v1", "backend": "simulator", "input": circuit}}
            made = conformance_target.call("POST", "/jobs", json=body).response.json()
            conformance_target.call("GET", "/jobs/" + made["id"])
            conformance_target.call("GET", "/jobs/" + made["id"] + "/results/probabilities")
            with pytest.raises(AssertionError, match="PHYS-001"):
                conformance_target.check()
    """
    result = run(pytester, source)
    result.stdout.fnmatch_lines(["*the reversed bit order*"])
    result.assert_outcomes(passed=1, errors=1)
    assert "targets.py" not in result.stdout.str()


def test_the_target_is_what_the_command_line_names(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = """
        def test_good(conformance_target):
            exchange = conformance_target.call("GET", "/whoami")
            assert exchange.response.status == 200
    """
    with running(app()) as mock:
        monkeypatch.setenv("QCONFORM_API_KEY", mock.keys[0])
        result = run(pytester, source, "--conformance-url", mock.url)
        result.assert_outcomes(passed=1)
        monkeypatch.delenv("QCONFORM_API_KEY")
        result = run(pytester, source, "--conformance-url", mock.url)
    result.assert_outcomes(errors=1)
    assert "QCONFORM_API_KEY: expected the key of an account" in result.stdout.str()
    result = run(pytester, source, "--conformance-url", "https://elsewhere.example/v0.4")
    assert "Add --conformance-live to contact it" in result.stdout.str()


@pytest.mark.parametrize("client", ["requests", "httpx"])
def test_one_response_is_judged(pytester: pytest.Pytester, client: str) -> None:
    source = f"""
        import {client} as client, pytest

        def test_good(conformance_mock, conformance_check):
            conformance_check(client.get(conformance_mock.url + "/backends"))

        def test_bad(conformance_mock, conformance_check):
            conformance_mock.faults.switch_on("unknown-backend-status")
            conformance_check(client.get(conformance_mock.url + "/backends"))

        def test_findings(conformance_mock, conformance_check):
            conformance_mock.faults.switch_on("no-key-needed")
            found = conformance_check.findings(client.get(conformance_mock.url + "/jobs"))
            assert [finding.check for finding in found] == ["ACCESS-001"]

        def test_strange(conformance_mock, conformance_check):
            with pytest.raises(TypeError, match="expected a response of requests or httpx"):
                conformance_check("text")
            with pytest.raises(TypeError, match="expected a request for an operation of"):
                conformance_check(client.get(conformance_mock.url + "/no/such/path"))
    """
    result = run(pytester, source)
    result.assert_outcomes(passed=3, failed=1)
    result.stdout.fnmatch_lines(["*SCHEMA-002 body-matches-json-schema  getBackends  violated*"])


def test_one_result_is_judged(pytester: pytest.Pytester) -> None:
    source = f"""
        import pytest
        {BELL}
        ONE = {{"qubits": 2, "gateset": "qis", "circuit": [{{"gate": "x", "target": 0}}]}}

        def test_right(conformance_check):
            conformance_check.result(BELL, probabilities={{"0": 0.5, "3": 0.5}})
            conformance_check.result(BELL, counts={{"0": 507, "3": 493}})
            conformance_check.result(ONE, counts={{"1": 10}})

        @pytest.mark.parametrize("wrong", [{{"0": 0.6, "3": 0.4}}, {{"0": 1}}])
        def test_wrong_probabilities(conformance_check, wrong):
            with pytest.raises(AssertionError, match="expected"):
                conformance_check.result(BELL, probabilities=wrong)

        @pytest.mark.parametrize("wrong", [{{"0": 700, "3": 300}}, {{"1": 1}}, {{}}])
        def test_wrong_counts(conformance_check, wrong):
            with pytest.raises(AssertionError, match="counts: expected"):
                conformance_check.result(BELL, counts=wrong)

        def test_neither(conformance_check):
            with pytest.raises(TypeError, match="either probabilities or counts"):
                conformance_check.result(BELL)

        def test_too_large_to_tell(conformance_check):
            wide = [{{"gate": "h", "target": qubit}} for qubit in range(14)]
            large = {{"qubits": 14, "gateset": "qis", "circuit": wide}}
            conformance_check.result(large, counts={{"0": 500, "1": 500}})

        def test_a_mistake_has_a_name(conformance_check):
            turned = [{{"gate": "rx", "target": 0, "rotation": 1.0}}, {{"gate": "x", "target": 1}}]
            circuit = {{"qubits": 2, "gateset": "qis", "circuit": turned}}
            with pytest.raises(AssertionError, match="data fit twice the angle"):
                conformance_check.result(circuit, counts={{"2": 292, "3": 708}})
    """
    result = run(pytester, source, "-rs")
    result.assert_outcomes(passed=8, skipped=1)
    result.stdout.fnmatch_lines(["*cannot tell: 14 qubits*"])


CASSETTE_TEST = """
    import os, requests

    def test_reads(conformance_cassette):
        headers = {"Authorization": "apiKey " + os.environ["QCONFORM_API_KEY"]}
        answer = requests.get(os.environ["SERVICE"] + "/whoami?x=1", headers=headers)
        assert answer.json()["key_name"] == "key of the first tenant"
"""


def test_a_cassette_is_recorded_once_and_then_played(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(app()) as mock:
        monkeypatch.setenv("QCONFORM_API_KEY", mock.keys[0])
        monkeypatch.setenv("SERVICE", mock.url)
        run(pytester, CASSETTE_TEST).assert_outcomes(passed=1)
    (path,) = pytester.path.rglob("*.yaml")
    assert path.parts[-3] == "cassettes"
    assert path.name == "test_reads.yaml"
    assert not [key for key in keys() if key in path.read_text("utf-8")]
    origin = traffic.origin_of(path)
    assert origin is not None
    assert origin.digest == spec.load("ionq").digest
    assert origin.target == mock.url.removesuffix("/v0.4")
    monkeypatch.setenv("SERVICE", "https://api.ionq.co/v0.4")  # not asked
    run(pytester, CASSETTE_TEST, "--conformance-record", "none").assert_outcomes(passed=1)
    (exchange,) = traffic.read(path, spec.load("ionq"))
    assert exchange.operation is not None
    assert exchange.operation.id == "getWhoami"


def test_a_stale_cassette_is_told_at_the_end(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(app()) as mock:
        monkeypatch.setenv("QCONFORM_API_KEY", mock.keys[0])
        monkeypatch.setenv("SERVICE", mock.url)
        result = run(pytester, CASSETTE_TEST)
    assert "is stale" not in result.stdout.str()
    (path,) = pytester.path.rglob("*.yaml")
    digest = spec.load("ionq").digest
    path.write_text(path.read_text("utf-8").replace(digest, "0" * 64), encoding="utf-8")
    result = run(pytester, CASSETTE_TEST)
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["conformance: test_reads.yaml is stale: the document has*"])


def test_without_a_cassette_nothing_is_asked_when_nothing_may_be_recorded(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QCONFORM_API_KEY", "k")
    monkeypatch.setenv("SERVICE", "http://127.0.0.1:9/v0.4")
    result = run(pytester, CASSETTE_TEST, "--conformance-record", "none")
    result.assert_outcomes(failed=1)
    assert "CannotOverwriteExistingCassetteException" in result.stdout.str()
    assert not list(pytester.path.rglob("*.yaml"))


def test_hardships_keep_to_the_contract(pytester: pytest.Pytester) -> None:
    source = f"""
        import pytest, time
        {BELL}
        @pytest.mark.conformance_faults(*{[n for n in HARDSHIPS if n != "cut-off"]!r})
        def test_story(conformance_target, conformance_fault):
            body = {{"type": "ionq.circuit.v1", "backend": "simulator", "input": BELL}}
            call = conformance_target.call
            answers = [call("POST", "/jobs", json=body) for _ in range(2)]
            made = answers[-1].response.json()
            statuses = [call("GET", "/jobs/" + made["id"]).response for _ in range(3)]
            told = statuses[-1].json()["status"]
            conformance_target.findings[:] = [
                f for f in conformance_target.findings if f.check != "HTTP-001"]  # 503 is one
            assert (told == "failed") == (conformance_fault == "failed-job")
    """
    result = run(pytester, source)
    result.assert_outcomes(passed=len(HARDSHIPS) - 1)


@pytest.mark.clients
def test_the_example_of_the_documentation_runs(pytester: pytest.Pytester) -> None:
    pytest.importorskip("qiskit_ionq", reason="the example is a test-suite of qiskit-ionq")
    example = Path(__file__).resolve().parents[2] / "docs" / "examples" / "test_my_client.py"
    pytester.makepyfile(test_my_client=example.read_text("utf-8"))
    result = pytester.runpytest_subprocess("-p", "no:schemathesis")
    assert result.ret == 0
    assert result.parseoutcomes()["passed"] >= 6
