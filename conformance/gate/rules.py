"""The kinds of change that the gate tells apart."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRule:
    """One kind of change."""

    id: str
    name: str
    says: str


def _rule(number: int, name: str, says: str) -> ChangeRule:
    return ChangeRule(id=f"CHANGE-{number}", name=name, says=says)


CHANGES: tuple[ChangeRule, ...] = (
    _rule(101, "operation-removed", "An operation is no longer described."),
    _rule(102, "operation-added", "An operation is new."),
    _rule(103, "path-swallowed", "Requests for one operation are answered by another."),
    _rule(104, "server-removed", "A server is no longer listed."),
    _rule(105, "server-added", "A server is new."),
    _rule(106, "operation-id", "An operation has another operationId."),
    _rule(107, "deprecation", "Something is deprecated, or no longer so."),
    _rule(108, "sunset", "The announced end of something is new, moved or withdrawn."),
    _rule(109, "stability", "The stability level of something changed."),
    _rule(110, "call-removed", "The service no longer sends a callback or webhook."),
    _rule(111, "call-added", "The service sends a further callback or webhook."),
    _rule(201, "parameter-removed", "A parameter is no longer described."),
    _rule(202, "parameter-added", "A parameter is new."),
    _rule(203, "parameter-required", "A parameter became required."),
    _rule(204, "parameter-optional", "A parameter became optional."),
    _rule(205, "parameter-decoding", "The text of a parameter is read in another way."),
    _rule(206, "path-parameter-name", "A path parameter has another name."),
    _rule(301, "body-removed", "A request takes no body any more."),
    _rule(302, "body-added", "A request takes a body now."),
    _rule(303, "body-required", "A request must have a body now."),
    _rule(304, "body-optional", "A request may go without its body now."),
    _rule(305, "request-media-type-removed", "A body is no longer taken in a media type."),
    _rule(306, "request-media-type-added", "A body is taken in a further media type."),
    _rule(401, "response-status-removed", "A status is no longer described."),
    _rule(402, "response-status-added", "A status is new."),
    _rule(403, "response-media-type-removed", "A response no longer comes in a media type."),
    _rule(404, "response-media-type-added", "A response comes in a further media type."),
    _rule(405, "response-header-removed", "A header of a response is no longer described."),
    _rule(406, "response-header-added", "A header of a response is new."),
    _rule(407, "response-header-optional", "A header of a response may be missing now."),
    _rule(408, "response-header-required", "A header of a response is always there now."),
    _rule(501, "security-tightened", "Credentials that were enough are so no more."),
    _rule(502, "security-relaxed", "Other credentials are enough, too."),
    _rule(503, "security-scheme", "A scheme's address or scopes changed."),
    _rule(601, "type", "Values are of other types."),
    _rule(602, "nullable", "Null became possible, or impossible."),
    _rule(603, "enum", "Any value became one of a list, or the other way."),
    _rule(604, "enum-value-removed", "A list of values lost one."),
    _rule(605, "enum-value-added", "A list of values won one."),
    _rule(606, "minimum", "The least number changed."),
    _rule(607, "maximum", "The greatest number changed."),
    _rule(608, "multiple-of", "The step of numbers changed."),
    _rule(609, "min-length", "The least length of a text changed."),
    _rule(610, "max-length", "The greatest length of a text changed."),
    _rule(611, "pattern", "The pattern of a text changed."),
    _rule(612, "format", "The format of a value changed."),
    _rule(613, "min-items", "The least number of elements changed."),
    _rule(614, "max-items", "The greatest number of elements changed."),
    _rule(615, "unique-items", "Whether elements may repeat changed."),
    _rule(616, "items", "Which elements a list may have changed."),
    _rule(617, "contains", "What a list must contain changed."),
    _rule(618, "property-added", "A property is new."),
    _rule(619, "property-removed", "A property is no longer described."),
    _rule(620, "property-required", "A property became required."),
    _rule(621, "property-optional", "A property became optional."),
    _rule(622, "additional-properties", "Which further properties an object may have changed."),
    _rule(623, "min-properties", "The least number of properties changed."),
    _rule(624, "max-properties", "The greatest number of properties changed."),
    _rule(625, "property-names", "How properties may be called changed."),
    _rule(626, "dependent-required", "Which properties must come together changed."),
    _rule(627, "alternative-removed", "One of several alternatives is gone."),
    _rule(628, "alternative-added", "There is a further alternative."),
    _rule(629, "exclusive", "Whether exactly one alternative must fit changed."),
    _rule(630, "negation", "What a value must not be changed."),
    _rule(631, "condition", "A condition between parts of a value changed."),
    _rule(632, "default", "What stands for a value that is left out changed."),
    _rule(633, "discriminator", "How a decoder tells alternatives apart changed."),
)

BY_NAME = {rule.name: rule for rule in CHANGES}
