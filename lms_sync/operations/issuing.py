"""What one night issues: each partner's report or reminder, then all that goes besides; what it found on the way."""

from collections.abc import Sequence
from dataclasses import dataclass

from lms_sync.compliance.audience import audiences
from lms_sync.compliance.plan.partner_plan import plan_findings
from lms_sync.errors import LmsSyncError, trouble_of
from lms_sync.mail.before_issuing import missing
from lms_sync.mail.besides import issue_besides
from lms_sync.mail.issue import current_report, make_plan
from lms_sync.mail.partner_night import Tonight, fall_behind, issue_tonight
from lms_sync.mail.reasons_to_hold import stop_reasons, stopped_sources
from lms_sync.model.delivery import Delivery
from lms_sync.model.finding import Area, Finding
from lms_sync.model.roster import Partner
from lms_sync.model.run import Pulled
from lms_sync.reports.issuer import Issuer
from lms_sync.store.workspace import Workspace
from lms_sync.workspace.roster.school_calendar import closed_first_days
from lms_sync.workspace.roster.starters import starter_findings


@dataclass(frozen=True, slots=True)
class Issued:
    """What was issued on one night."""

    posted: tuple[Delivery, ...]
    findings: tuple[Finding, ...]
    """Every finding of the judging too."""
    codes: frozenset[int]
    """Exit codes of what went wrong."""


def issue_all(workspace: Workspace, issuer: Issuer, pulled: Sequence[Pulled]) -> Issued:
    """Issue what is due and return every finding of the judging; one partner's trouble never stops the others.

    Nothing is issued where something is missing that must be there first.
    """
    store, roster = workspace.store, issuer.snapshot.roster
    posted: list[Delivery] = []
    findings, codes, plans = list(issuer.judged.findings), set[int](), []
    stops = stop_reasons(issuer, pulled)
    lacking = missing(workspace.config, issuer.snapshot)
    why_nothing = "nothing is issued yet" if lacking else ""
    begun = store.runs.last_begun("nightly")
    last_night = workspace.day(begun) if begun else None
    for audience in (audience for partner in roster.partners.values() for audience in audiences(partner)):
        partner = audience.partner
        try:
            report = current_report(store, issuer, partner, at=audience.at)
            plans += [] if audience.at else [make_plan(report, issuer)]
            tonight = Tonight(stops.get(partner.partner_id, ""), why_nothing, last_night)
            issued = issue_tonight(store, issuer, report, tonight)
            posted += issued.posted
            findings += issued.findings
        except Exception as error:
            trouble = trouble_of(error, "the report of one partner could not be made")
            codes.add(trouble.exit_code)
            findings.append(_not_issued(partner, trouble))
            fall_behind(store, issuer, audience, last_night=last_night)
    if not lacking:
        stopped = stopped_sources(issuer.snapshot, pulled)
        besides = issue_besides(store, issuer, stops=stops, stopped=stopped)
        posted += besides.posted
        codes |= besides.codes
        findings += besides.findings
    starters = starter_findings(roster, as_of=issuer.judged.as_of)
    closed = closed_first_days(roster, issuer.snapshot.settings.closed)
    found = (*findings, *starters, *closed, *plan_findings(plans))
    return Issued(tuple(posted), found, frozenset(codes))


def _not_issued(partner: Partner, trouble: LmsSyncError) -> Finding:
    where, expected = f"partner {partner.partner_id}", "a report that can be made"
    return Finding(Area.DELIVERY, "report-not-made", where, str(trouble), expected, remedy=trouble.hint)
