"""Reports: a run log to a summary, and the summary to HTML, JUnit XML, JSON and terminal text.

Every report is a pure function of the log, so a run that was killed has one, too.
"""

from conformance.report.collect import summarize
from conformance.report.html_page import html
from conformance.report.json_file import REPORT_VERSION, json_report
from conformance.report.junit_xml import junit
from conformance.report.output import FORMATS, json_text, write, write_text
from conformance.report.rules import NO_RULES, Rules, RuleText
from conformance.report.summary import (
    OperationTally,
    Reach,
    RuleTally,
    SlowExchange,
    SuiteTally,
    Summary,
)
from conformance.report.terminal_text import terminal

__all__ = [
    "FORMATS",
    "NO_RULES",
    "REPORT_VERSION",
    "OperationTally",
    "Reach",
    "RuleTally",
    "RuleText",
    "Rules",
    "SlowExchange",
    "SuiteTally",
    "Summary",
    "html",
    "json_report",
    "json_text",
    "junit",
    "summarize",
    "terminal",
    "write",
    "write_text",
]
