"""Words for the rules of the sample runs, as the catalogue would give them."""

from __future__ import annotations

from conformance.model import Severity
from conformance.report import RuleText

_LINES = """
SCHEMA-001 body-matches-document | A response body has the shape that the document promises.
SCHEMA-002 body-matches-json-schema | A job, session or backend matches its own JSON Schema.
SCHEMA-003 body-is-json | A body that is labelled JSON is JSON.
HTTP-001 no-server-error | No request makes the service answer 5XX.
HTTP-002 status-is-declared | A response has a status that its operation declares.
HTTP-003 media-type-is-declared | A response is labelled with a declared media type.
HTTP-004 undeclared-method-is-refused | A method that the path does not offer is refused.
HTTP-005 request-completes | A request is answered in time and in full.
INPUT-001 valid-request-is-accepted | What the document allows is not refused.
INPUT-002 invalid-request-is-refused | What the document forbids is not accepted.
INPUT-003 refusal-states-its-status | An error body names the status it came with.
ACCESS-001 key-is-required | Without a key nothing but the public operations answers.
ACCESS-002 wrong-key-is-refused | A key that nobody issued opens nothing.
ACCESS-003 other-tenant-cannot-read | One tenant never reads what another one owns.
ACCESS-005 key-is-never-echoed | No answer repeats the key that came with the request.
LIFE-001 job-moves-forward | A job never returns to an earlier state.
LIFE-003 results-exactly-when-completed | Results exist when a job is completed, and only then.
LIFE-006 times-are-ordered | A job starts after its submission and ends after its start.
LIST-001 pages-hold-every-entry-once | Walking the pages shows each entry exactly once.
PHYS-001 exact-probabilities-match | An ideal simulator returns the circuit's own probabilities.
PHYS-002 probabilities-are-a-distribution | Probabilities are in range and sum to one.
PHYS-003 each-circuit-has-its-own-result | In a multi-circuit job each circuit gets its own result.
COST-001 estimate-is-monotone | More shots never cost less.
"""

_WHY = {
    "HTTP-002": """A client generated from the document has no branch for an undeclared code,
so the error surfaces far from its cause.""",
    "PHYS-001": """A result that is wrong in its bits looks exactly like one that is right.
The circuits are chosen so that each common mistake, such as reversed qubits or a rotation of
the opposite sense, changes a probability by at least one half.""",
    "ACCESS-003": "Job names, circuits and results are trade secrets of whoever pays for them.",
}

_SOURCES = {
    "HTTP-002": "OpenAPI 3.0.3, section 4.7.16 (Responses Object)",
    "PHYS-001": "Nielsen and Chuang (2010), section 2.2.5",
    "ACCESS-003": "OWASP API Security Top 10 (2023), API1",
}

_WARNINGS = {"LIFE-006"}


def _rule(line: str) -> RuleText:
    head, _, title = line.partition(" | ")
    check, name = head.split()
    return RuleText(
        id=check,
        name=name,
        title=title,
        why=_WHY.get(check, ""),
        source=_SOURCES.get(check, ""),
        severity=Severity.WARNING if check in _WARNINGS else Severity.ERROR,
    )


RULES = {rule.id: rule for rule in map(_rule, _LINES.strip().splitlines())}
