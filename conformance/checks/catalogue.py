"""All rules, written out. Nothing registers itself; a rule that is not here does not exist."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from conformance.checks import (
    access,
    agreement,
    body,
    changes,
    characterizations,
    facts,
    functions,
    http,
    input,  # noqa: A004 - the family is called INPUT
    life,
    listing,
    lists,
    money,
    ownership,
    physics,
    promises,
    refusal,
    relations,
    session,
    session_jobs,
    statistics,
    usage,
    variants,
)
from conformance.checks.contract import Contract
from conformance.model import Exchange, Finding, Judgement, Severity

ExchangeCheck = Callable[[Exchange, Contract], Iterator[Finding]]
HistoryCheck = Callable[[Sequence[Exchange], Contract], Iterator[Finding | None]]
"""Yields None each time it judges something, and a finding for each departure."""


RunCheck = Callable[[Judgement, Contract], Iterator[Finding | None]]
"""Sees all results of the run at once, weighed."""


class Basis(StrEnum):
    """What kind of source a rule stands on, firmest first."""

    DOCUMENT = "document"
    """The provider's document or schemas promise it, or it follows from what they promise."""
    STANDARD = "standard"
    """HTTP, JSON or common security practice demands it."""
    GUIDE = "guide"
    """The provider's guides say it."""
    CLIENT = "client"
    """Released clients rely on it."""
    READING = "reading"
    """It is how we read the document; another reading is possible."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A check with a stable id; its docstring is its page in the report."""

    id: str
    check: Callable[..., Iterator[Finding | None]]
    basis: Basis = Basis.DOCUMENT
    """The weakest source that the rule stands on."""
    raised: str = ""
    """Why it is an error although its basis is weaker than the document; empty for no."""
    needs: str = ""
    """What a run needs besides a key, so that the rule can be judged."""

    @property
    def severity(self) -> Severity:
        """An error, or a warning where nothing firmer than custom stands behind the rule."""
        firm = self.basis in {Basis.DOCUMENT, Basis.STANDARD} or self.raised
        return Severity.ERROR if firm else Severity.WARNING

    @property
    def name(self) -> str:
        """The check's name as people read it: `status-is-declared`."""
        return self.check.__name__.replace("_", "-")

    @property
    def family(self) -> str:
        """The first part of the id: `HTTP`."""
        return self.id.partition("-")[0]

    @property
    def page(self) -> tuple[str, str, str]:
        """Title, reason and source, from the check's docstring."""
        parts = (inspect.getdoc(self.check) or "").split("\n\n")
        texts = [" ".join(part.split()) for part in parts]
        why = next((t for t in texts if t.startswith("Why it matters: ")), "")
        source = next((t for t in texts if t.startswith("Source: ")), "")
        return texts[0], why.removeprefix("Why it matters: "), source.removeprefix("Source: ")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeRule(Rule):
    """A rule about one exchange, where `applies` says that it can be judged."""

    check: ExchangeCheck
    applies: Callable[[Exchange, Contract], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRule(Rule):
    """A rule about the ordered exchanges of a scenario."""

    check: HistoryCheck


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRule(Rule):
    """A rule about the results of a whole run."""

    check: RunCheck


_PRODUCT = "right results are what is sold"
_UNUSABLE = "released clients cannot use an answer that departs"
_MONEY = "somebody pays for the difference"
_SECOND = "a second account"
_OWNED = "a target that is ours: machines and sessions cost money"
_SOLVER = "a target that is ours: solvers ask for credentials of their own"

EXCHANGE_RULES: tuple[ExchangeRule, ...] = (
    ExchangeRule(id="SCHEMA-001", check=body.body_matches_document, applies=body.has_parsed_body),
    ExchangeRule(id="SCHEMA-002", check=body.body_matches_json_schema, applies=body.has_bound_body),
    ExchangeRule(
        id="SCHEMA-003",
        check=body.body_is_json,
        applies=body.has_documented_body,
        basis=Basis.STANDARD,
    ),
    ExchangeRule(
        id="HTTP-001",
        check=http.no_server_error,
        applies=http.got_any_response,
        basis=Basis.STANDARD,
    ),
    ExchangeRule(id="HTTP-002", check=http.status_is_declared, applies=http.was_answered),
    ExchangeRule(id="HTTP-003", check=http.media_type_is_declared, applies=http.was_answered),
    ExchangeRule(
        id="HTTP-004",
        check=http.undeclared_method_is_refused,
        applies=http.used_undeclared_method,
        basis=Basis.STANDARD,
    ),
    ExchangeRule(
        id="HTTP-005", check=http.request_completes, applies=http.was_sent, basis=Basis.STANDARD
    ),
    ExchangeRule(
        id="INPUT-001", check=input.valid_request_is_accepted, applies=input.must_be_accepted
    ),
    ExchangeRule(
        id="INPUT-002", check=input.invalid_request_is_refused, applies=input.must_be_refused
    ),
    ExchangeRule(
        id="INPUT-003", check=input.refusal_states_its_status, applies=input.is_json_refusal
    ),
    ExchangeRule(id="ACCESS-001", check=access.key_is_required, applies=access.came_without_key),
    ExchangeRule(
        id="ACCESS-002", check=access.wrong_key_is_refused, applies=access.came_with_wrong_key
    ),
    ExchangeRule(
        id="ACCESS-003",
        check=access.other_tenant_cannot_read,
        applies=access.reads_of_another,
        basis=Basis.STANDARD,
        needs=_SECOND,
    ),
    ExchangeRule(
        id="ACCESS-004",
        check=access.other_tenant_cannot_change,
        applies=access.changes_of_another,
        basis=Basis.STANDARD,
        needs=_SECOND,
    ),
    ExchangeRule(
        id="ACCESS-005",
        check=access.key_is_never_echoed,
        applies=http.got_any_response,
        basis=Basis.STANDARD,
    ),
    ExchangeRule(
        id="ACCESS-009",
        check=access.key_comes_as_documented,
        applies=access.came_in_another_form,
        basis=Basis.READING,
    ),
    ExchangeRule(
        id="INPUT-006",
        check=input.undocumented_media_type_is_refused,
        applies=input.has_undocumented_media_type,
        basis=Basis.READING,
    ),
    ExchangeRule(
        id="LIFE-022",
        check=agreement.answer_is_about_what_was_asked,
        applies=agreement.names_one_thing,
    ),
    ExchangeRule(
        id="ROBUST-001",
        check=http.no_internals_in_answers,
        applies=http.got_any_response,
        basis=Basis.STANDARD,
    ),
    ExchangeRule(
        id="ACCESS-007",
        check=access.open_operation_needs_no_key,
        applies=access.opens_without_key,
    ),
)

HISTORY_RULES: tuple[HistoryRule, ...] = (
    HistoryRule(
        id="ACCESS-006",
        check=lists.lists_show_own_entries_only,
        basis=Basis.STANDARD,
        needs=_SECOND,
    ),
    HistoryRule(id="ACCESS-008", check=ownership.intruders_change_nothing, basis=Basis.STANDARD),
    HistoryRule(
        id="INPUT-004", check=refusal.refused_request_changes_nothing, basis=Basis.STANDARD
    ),
    HistoryRule(
        id="INPUT-005",
        check=physics.impossible_job_does_not_complete,
        basis=Basis.READING,
        raised=_PRODUCT,
    ),
    HistoryRule(id="LIFE-001", check=life.job_moves_forward),
    HistoryRule(id="LIFE-002", check=life.terminal_state_is_final),
    HistoryRule(id="LIFE-003", check=life.results_exactly_when_completed),
    HistoryRule(
        id="LIFE-004", check=life.canceled_job_is_not_run, basis=Basis.CLIENT, raised=_MONEY
    ),
    HistoryRule(id="LIFE-005", check=life.deleted_job_is_gone),
    HistoryRule(id="LIFE-006", check=life.times_are_ordered),
    HistoryRule(id="LIFE-007", check=facts.submitted_facts_come_back),
    HistoryRule(id="LIFE-008", check=life.job_reaches_an_end),
    HistoryRule(id="LIFE-009", check=session.session_moves_forward, needs=_OWNED),
    HistoryRule(id="LIFE-010", check=session.session_limits_hold, needs=_OWNED),
    HistoryRule(id="LIFE-011", check=facts.failed_job_says_why),
    HistoryRule(id="LIFE-012", check=physics.valid_job_completes),
    HistoryRule(id="LIFE-013", check=facts.family_agrees),
    HistoryRule(id="LIFE-014", check=session.session_ends_when_told, needs=_OWNED),
    HistoryRule(id="LIFE-015", check=session.session_holds_its_jobs, needs=_OWNED),
    HistoryRule(id="LIFE-016", check=session.session_facts_come_back, needs=_OWNED),
    HistoryRule(
        id="LIFE-017", check=physics.links_lead_to_the_results, basis=Basis.CLIENT, raised=_UNUSABLE
    ),
    HistoryRule(id="LIFE-018", check=session.session_spends_no_more, needs=_OWNED),
    HistoryRule(id="LIFE-019", check=session.session_is_known, needs=_OWNED),
    HistoryRule(id="LIFE-020", check=session.session_goes_its_own_way, needs=_OWNED),
    HistoryRule(id="LIFE-021", check=session.session_is_listed, needs=_OWNED),
    HistoryRule(id="LIFE-023", check=agreement.created_job_can_be_read),
    HistoryRule(id="LIFE-024", check=agreement.results_stay_the_same),
    HistoryRule(id="LIFE-025", check=agreement.jobs_share_their_owner),
    HistoryRule(id="LIFE-026", check=agreement.session_keeps_its_backend, needs=_OWNED),
    HistoryRule(
        id="LIFE-027", check=life.completed_job_says_when, basis=Basis.CLIENT, raised=_UNUSABLE
    ),
    HistoryRule(id="LIFE-028", check=agreement.bulk_answer_names_what_was_asked),
    HistoryRule(id="LIFE-029", check=agreement.every_job_has_its_own_id, needs=_OWNED),
    HistoryRule(id="LIFE-030", check=changes.change_is_kept, needs=_OWNED),
    HistoryRule(id="LIFE-031", check=changes.waiting_job_can_be_canceled),
    HistoryRule(id="LIFE-032", check=changes.metrics_tell_what_happened),
    HistoryRule(id="LIFE-033", check=changes.job_runs_what_it_was_given),
    HistoryRule(id="LIST-001", check=lists.pages_hold_every_entry_once),
    HistoryRule(id="LIST-002", check=lists.filter_is_sound),
    HistoryRule(id="LIST-003", check=lists.list_entry_equals_single_read),
    HistoryRule(id="LIST-004", check=lists.active_filter_is_sound, needs=_OWNED),
    HistoryRule(id="LIST-005", check=agreement.catalogue_entry_equals_single_read),
    HistoryRule(id="LIST-006", check=agreement.session_entry_equals_single_read, needs=_OWNED),
    HistoryRule(id="LIST-007", check=listing.list_keeps_to_its_filters, needs=_OWNED),
    HistoryRule(id="LIST-008", check=listing.pages_make_up_the_list, needs=_OWNED),
    HistoryRule(id="LIST-009", check=listing.list_is_in_its_order, needs=_OWNED),
    HistoryRule(id="LIST-010", check=listing.listed_thing_is_as_it_is_read, needs=_OWNED),
    HistoryRule(id="LIST-011", check=characterizations.characterizations_come_once),
    HistoryRule(id="LIST-012", check=characterizations.characterization_filter_is_sound),
    HistoryRule(id="LIST-013", check=characterizations.backend_names_its_characterization),
    HistoryRule(
        id="PHYS-001", check=physics.exact_probabilities_match, basis=Basis.GUIDE, raised=_PRODUCT
    ),
    HistoryRule(id="PHYS-002", check=physics.probabilities_are_a_distribution),
    HistoryRule(
        id="PHYS-003",
        check=physics.each_circuit_has_its_result,
        basis=Basis.CLIENT,
        raised=_PRODUCT,
    ),
    HistoryRule(
        id="PHYS-004", check=physics.stats_match_the_circuit, basis=Basis.CLIENT, raised=_PRODUCT
    ),
    HistoryRule(
        id="PHYS-005",
        check=functions.cut_weighs_what_is_told,
        basis=Basis.READING,
        raised=_PRODUCT,
        needs=_SOLVER,
    ),
    HistoryRule(
        id="PHYS-006",
        check=functions.energy_lies_in_the_spectrum,
        basis=Basis.CLIENT,
        raised=_PRODUCT,
    ),
    HistoryRule(
        id="PHYS-007",
        check=functions.energy_is_that_of_its_ansatz,
        basis=Basis.CLIENT,
        raised=_PRODUCT,
    ),
    HistoryRule(id="PHYS-008", check=variants.variants_make_up_their_job, needs=_OWNED),
    HistoryRule(id="PHYS-009", check=variants.variant_counts_are_its_probabilities, needs=_OWNED),
    HistoryRule(id="PHYS-010", check=relations.related_results_agree),
    HistoryRule(id="PHYS-011", check=variants.debiased_results_are_distributions, needs=_OWNED),
    HistoryRule(
        id="PHYS-012", check=changes.results_have_their_form, basis=Basis.CLIENT, raised=_PRODUCT
    ),
    HistoryRule(id="COST-001", check=money.estimate_is_monotone),
    HistoryRule(id="COST-002", check=money.dry_run_is_free),
    HistoryRule(id="COST-003", check=money.usage_adds_up),
    HistoryRule(id="COST-004", check=money.estimate_says_what_it_is_for),
    HistoryRule(
        id="COST-005", check=money.cost_keeps_to_its_estimate, basis=Basis.READING, raised=_MONEY
    ),
    HistoryRule(id="COST-006", check=money.unrun_job_is_free, needs=_OWNED),
    HistoryRule(id="COST-007", check=usage.usage_agrees_with_itself, needs=_OWNED),
    HistoryRule(id="SESSION-001", check=promises.session_lasts_no_longer, needs=_OWNED),
    HistoryRule(
        id="SESSION-002",
        check=promises.idle_session_gives_way,
        basis=Basis.GUIDE,
        raised=_MONEY,
        needs=_OWNED,
    ),
    HistoryRule(
        id="SESSION-003",
        check=promises.closed_session_takes_no_job,
        basis=Basis.GUIDE,
        raised=_MONEY,
        needs=_OWNED,
    ),
    HistoryRule(
        id="SESSION-004",
        check=promises.ended_session_starts_no_job,
        basis=Basis.GUIDE,
        raised=_MONEY,
        needs=_OWNED,
    ),
    HistoryRule(
        id="SESSION-005",
        check=promises.one_session_for_a_name,
        basis=Basis.CLIENT,
        raised=_MONEY,
        needs=_OWNED,
    ),
    HistoryRule(id="SESSION-006", check=promises.second_end_changes_nothing, needs=_OWNED),
    HistoryRule(id="SESSION-007", check=promises.removed_session_is_gone, needs=_OWNED),
    HistoryRule(
        id="SESSION-008",
        check=session_jobs.session_lets_its_jobs_end,
        basis=Basis.GUIDE,
        raised=_MONEY,
        needs=_OWNED,
    ),
    HistoryRule(id="SESSION-009", check=session_jobs.session_counts_its_jobs, needs=_OWNED),
    HistoryRule(id="SESSION-010", check=session_jobs.session_tells_its_course, needs=_OWNED),
)

RUN_RULES: tuple[RunRule, ...] = (
    RunRule(id="STAT-001", check=statistics.sampled_results_fit_their_circuits),
    RunRule(id="STAT-002", check=statistics.impossible_outcomes_never_come),
)

RULES: tuple[Rule, ...] = (*EXCHANGE_RULES, *HISTORY_RULES, *RUN_RULES)
