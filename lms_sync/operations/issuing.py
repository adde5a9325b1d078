"""A night's reports: whose are due, which may go out, and their way into the outbox.

Reports, plans and documents are made only for partners that get one; of the others HR is told by figures.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from lms_sync.compliance.audience import Audience, audiences
from lms_sync.compliance.build import build_report
from lms_sync.compliance.plan.outline import Outline, Outlining, partners_that_differ
from lms_sync.compliance.plan.partner_plan import differing_findings, unclosed_findings
from lms_sync.errors import LmsSyncError, trouble_of
from lms_sync.mail.before_issuing import missing
from lms_sync.mail.besides import issue_besides
from lms_sync.mail.documents import Making, make_plan
from lms_sync.mail.issue import PostedReport, draft_of, last_report, may_be_wanted, report_with_history
from lms_sync.mail.packet import Order, Packet, Packing, make_packet, order_of, packing
from lms_sync.mail.page_links import link_of
from lms_sync.mail.partner_night import (
    DecidedTonight,
    PartnerNight,
    Tonight,
    carry_out,
    decide_tonight,
    fall_behind,
    span_of,
)
from lms_sync.mail.posting import Draft, stays_held, why_it_is_held
from lms_sync.mail.reasons_to_hold import stopped_sources
from lms_sync.model.delivery import Delivery, DeliveryKind
from lms_sync.model.due_warning import Warned, not_warned
from lms_sync.model.finding import Area, Finding
from lms_sync.model.roster import Cadence, Partner
from lms_sync.model.run import Pulled
from lms_sync.operations.counted_before import stops_of
from lms_sync.reports.issuer import Issuer
from lms_sync.store.deliveries import WaitingDeliveries
from lms_sync.store.known.registers import WARNED
from lms_sync.store.reports import LastDays
from lms_sync.store.store import Store
from lms_sync.store.workspace import Workspace
from lms_sync.workspace.roster.school_calendar import closed_first_days
from lms_sync.workspace.roster.starters import starter_findings

NOT_MADE = frozenset(("report-not-made", "heads-up-not-made"))
"""Codes of the findings about documents that tonight could not be made."""


@dataclass(frozen=True, slots=True)
class IssuedTonight:
    """What a night's issuing came to."""

    posted: tuple[Delivery, ...]
    findings: tuple[Finding, ...]
    codes: frozenset[int]
    """Exit codes of what went wrong."""


@dataclass(slots=True)
class _Troubles:
    """What went wrong with partners; one partner's trouble never stops the others."""

    found: dict[str, Finding] = field(default_factory=dict)
    """Partner ID → what went wrong first."""
    codes: set[int] = field(default_factory=set)

    def add(self, partner: Partner, error: Exception) -> None:
        """Keep why a partner's report could not be made."""
        trouble = trouble_of(error, "the report of one partner could not be made")
        self.codes.add(trouble.exit_code)
        self.found.setdefault(partner.partner_id, _not_issued(partner, trouble))


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of all partners before any of them is looked at; read at once."""

    stops: Mapping[str, str]
    """Partner ID → why nothing may leave to it."""
    nothing_issued: str
    last_night: date | None
    waiting: WaitingDeliveries
    days: Mapping[str, LastDays]
    warned: Mapping[str, Warned]

    @classmethod
    def of(cls, workspace: Workspace, issuer: Issuer, pulled: Sequence[Pulled]) -> "_Known":
        """Return what is known before tonight's issuing."""
        store = workspace.store
        begun = store.runs.last_begun("nightly")
        return cls(
            stops_of(store, issuer, pulled),
            "nothing is issued yet" if missing(workspace.config, issuer.snapshot) else "",
            workspace.day(begun) if begun else None,
            store.deliveries.waiting(DeliveryKind.PARTNER),
            store.reports.last_days(),
            WARNED.read(store),
        )

    def tonight(self, partner_id: str) -> Tonight:
        """Return what a partner's night rests on besides its report."""
        return Tonight(self.stops.get(partner_id, ""), self.nothing_issued, self.last_night, self.warned)

    def draft(self, issuer: Issuer, partner: Partner) -> Draft:
        """Return the delivery that a report of the partner would be wanted for."""
        return draft_of(issuer, PostedReport(partner, self.stops.get(partner.partner_id, ""), ""))

    def may_be_wanted(self, partner: Partner, as_of: date) -> bool:
        """Tell whether the partner may be to be sent a report."""
        last = self.days.get(partner.partner_id, LastDays())
        return not self.nothing_issued and may_be_wanted(partner, as_of, last)

    def goes(self, issuer: Issuer, partner: Partner) -> bool:
        """Tell whether a report of the partner would go out, where one is wanted."""
        wanted = self.may_be_wanted(partner, issuer.judged.as_of)
        return wanted and not why_it_is_held(self.draft(issuer, partner), self.waiting)


@dataclass(frozen=True, slots=True)
class _Begun:
    """A partner's night that is to be carried out."""

    audience: Audience
    decided: DecidedTonight
    packet: Callable[[], Packet]


def issue_all(workspace: Workspace, issuer: Issuer, pulled: Sequence[Pulled]) -> IssuedTonight:
    """Issue what is due and return what came of it.

    Nothing is issued where something is missing that must be there first.
    """
    store, snapshot, judged = workspace.store, issuer.snapshot, issuer.judged
    troubles, posted, findings = _Troubles(), list[Delivery](), list[Finding]()
    outlining = Outlining.of(snapshot.course_map, judged.openings, as_of=judged.as_of)
    outlines = list(_outlines(issuer, outlining, troubles))
    known = _Known.of(workspace, issuer, pulled)
    for night in _partner_nights(store, issuer, known, troubles):
        posted += night.posted
        findings += night.findings
    if not known.nothing_issued:
        besides = issue_besides(store, issuer, stops=known.stops, stopped=stopped_sources(snapshot, pulled))
        posted += besides.posted
        troubles.codes |= besides.codes
        findings += besides.findings
    starters = starter_findings(snapshot.roster, as_of=judged.as_of)
    closed = closed_first_days(snapshot.roster, snapshot.settings.closed)
    every = (*troubles.found.values(), *findings, *starters, *closed, *_plan_findings(issuer, outlining, outlines))
    return IssuedTonight(tuple(posted), every, frozenset(troubles.codes))


def _partner_nights(store: Store, issuer: Issuer, known: _Known, troubles: _Troubles) -> Iterator[PartnerNight]:
    """Yield what each partner's night came to, of those that have one; a report is built only for those."""
    partners = issuer.snapshot.roster.partners.values()
    number = sum(known.goes(issuer, partner) for partner in partners)
    waiting: deque[_Begun] = deque()
    with packing(issuer, number=number) as packs:
        for audience in (audience for partner in partners for audience in audiences(partner)):
            try:
                quiet = None if audience.at else _quiet(issuer, known, audience.partner)
                found = quiet or _begun(store, issuer, known, audience=audience, packs=packs)
            except Exception as error:
                troubles.add(audience.partner, error)
                _fail(store, issuer, known, audience)
                continue
            if isinstance(found, PartnerNight):
                yield found
            else:
                waiting.append(found)
            while len(waiting) > packs.ahead:
                yield from _carried_out(store, issuer, known, waiting.popleft(), troubles=troubles)
        while waiting:
            yield from _carried_out(store, issuer, known, waiting.popleft(), troubles=troubles)


def _quiet(issuer: Issuer, known: _Known, partner: Partner) -> PartnerNight | None:
    """Return the night of a partner for whom nothing need be built; None for others."""
    judged, partner_id = issuer.judged, partner.partner_id
    assigned = issuer.snapshot.roster.assigned(partner_id, judged.as_of)
    warned = known.warned.get(partner_id) or not_warned(known.last_night, judged.as_of)
    span = span_of(warned, known.last_night, judged.as_of)
    gaps = (gap for a in assigned for gap in judged.short[a.person_id].gaps)
    if warned.behind or span.among(gap.last_lawful_day for gap in gaps):
        return None
    if not known.may_be_wanted(partner, judged.as_of):
        return PartnerNight()
    held = stays_held(known.draft(issuer, partner), known.waiting)
    sure = assigned and partner.cadence is not Cadence.ON_CHANGE
    return PartnerNight((held,)) if sure and held is not None else None


def _begun(store: Store, issuer: Issuer, known: _Known, *, audience: Audience, packs: Packing) -> _Begun:
    """Return the night of a partner, or of some contacts of it, decided; its packet begun where one goes out."""
    partner, at = audience.partner, audience.at
    since = known.days.get(partner.partner_id, LastDays())
    last = last_report(store, issuer, partner.partner_id, about=audience.about) if since.arrived or at else None
    report = build_report(issuer.snapshot, issuer.judged, partner, last=last, at=at)
    decided = decide_tonight(store, issuer, report, known.tonight(partner.partner_id))
    packet: Callable[[], Packet] = partial(_packet, store, issuer, decided)
    if decided.posted and packs.ahead and not at and known.goes(issuer, partner):
        packet = packs.begin(_order(store, issuer, decided))
    return _Begun(audience, decided, packet)


def _packet(store: Store, issuer: Issuer, decided: DecidedTonight) -> Packet:
    return make_packet(_order(store, issuer, decided), Making(issuer.templates, issuer.pseudonyms))


def _order(store: Store, issuer: Issuer, decided: DecidedTonight) -> Order:
    seed = decided.posted.seed if decided.posted else ""
    return order_of(report_with_history(store, decided.report), issuer, link=link_of(issuer, seed))


def _carried_out(
    store: Store, issuer: Issuer, known: _Known, begun: _Begun, *, troubles: _Troubles
) -> Iterator[PartnerNight]:
    try:
        night = carry_out(store, issuer, begun.decided, make=begun.packet)
    except Exception as error:
        troubles.add(begun.audience.partner, error)
        _fail(store, issuer, known, begun.audience)
    else:
        yield night


def _fail(store: Store, issuer: Issuer, known: _Known, audience: Audience) -> None:
    """Have the next night make the warnings that this one could not."""
    fall_behind(store, issuer, audience, last_night=known.last_night)


def _outlines(issuer: Issuer, outlining: Outlining, troubles: _Troubles) -> Iterator[Outline]:
    """Yield what everybody's plans come to."""
    roster, judged = issuer.snapshot.roster, issuer.judged
    for partner in roster.partners.values():
        assigned = dict.fromkeys(a.person_id for a in roster.assigned(partner.partner_id, judged.as_of))
        try:
            yield outlining.of_partner(partner.partner_id, {i: judged.short[i] for i in assigned})
        except Exception as error:
            troubles.add(partner, error)


def _plan_findings(issuer: Issuer, outlining: Outlining, outlines: Sequence[Outline]) -> tuple[Finding, ...]:
    """Return what HR must know of everybody's plans: what nothing closes, and whose plans differ."""
    covered = frozenset(topic for takeable in outlining.catalogue.offerings for topic in takeable.topics)
    unclosed = unclosed_findings((pair for outline in outlines for pair in outline.unclosed), covered=covered)
    partners, differing = issuer.snapshot.roster.partners, sorted(partners_that_differ(outlines))
    reports = [build_report(issuer.snapshot, issuer.judged, partners[i], last=None) for i in differing]
    return (*unclosed, *differing_findings([make_plan(report, issuer) for report in reports]))


def _not_issued(partner: Partner, trouble: LmsSyncError) -> Finding:
    where, expected = f"partner {partner.partner_id}", "a report that can be made"
    return Finding(Area.DELIVERY, "report-not-made", where, str(trouble), expected, remedy=trouble.hint)
