"""What one partner is sent on a night: its report where one goes, else a short warning of its own, or nothing.

A warning that may not leave is told to HR instead; in either case it is given once.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from lms_sync.compliance.audience import Audience, about_of
from lms_sync.compliance.due_warnings import Span, due_warnings, near_now, warning_keys
from lms_sync.compliance.gap_report import DueWarning, GapReport
from lms_sync.errors import UsageError
from lms_sync.mail.documents import make_plan
from lms_sync.mail.issue import PostedReport, post_packet, ready, seed_of, wanted
from lms_sync.mail.packet import Packet
from lms_sync.mail.posting import Draft, plan_recipients, post, reason_to_hold
from lms_sync.mail.same_again import says_the_same
from lms_sync.model.address import named_sender
from lms_sync.model.delivery import Delivery, DeliveryKind, DeliveryState, new_delivery_id
from lms_sync.model.due_warning import Warned, not_warned
from lms_sync.model.finding import Area, Finding
from lms_sync.model.issued import IssuedReport
from lms_sync.model.roster import Cadence, Partner
from lms_sync.reports.issuer import Issuer
from lms_sync.reports.notice import notice_email
from lms_sync.reports.partner.warning import warning_lines, warning_notice
from lms_sync.store.known.registers import WARNED, joined
from lms_sync.store.store import Store


@dataclass(frozen=True, slots=True)
class Tonight:
    """What a partner's night rests on besides its report."""

    stop: str = ""
    """Why nothing may leave to it; empty if it may."""
    nothing_issued: str = ""
    """Why nothing at all is issued yet; empty if it is."""
    last_night: date | None = None
    """The day of the last night that came to its end."""
    warned: Mapping[str, Warned] | None = None
    """Partner ID → how far it has been warned, where that was read for all partners already."""


@dataclass(frozen=True, slots=True)
class PartnerNight:
    """What one partner's night came to."""

    posted: tuple[Delivery, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class DecidedTonight:
    """What a partner is to have tonight."""

    report: GapReport
    """With what it warns of."""
    tonight: Tonight
    warned: Warned
    posted: PostedReport | None
    """The report's message; None where no report goes."""


def decide_tonight(store: Store, issuer: Issuer, report: GapReport, tonight: Tonight) -> DecidedTonight:
    """Return what the partner is to have tonight."""
    partner = report.partner
    before = WARNED.read(store) if tonight.warned is None else tonight.warned
    warned = before.get(_key(report)) or not_warned(tonight.last_night, report.as_of)
    warnings = due_warnings(report, span_of(warned, tonight.last_night, report.as_of))
    about = about_of(report.at)
    last = None if tonight.nothing_issued else store.reports.last(partner.partner_id, about=about)
    wants = not tonight.nothing_issued and _wanted(issuer, report, last)
    # A person who holds the partner's reports holds those of all its contacts.
    stop = tonight.stop or (_held_by_person(store, partner.partner_id) if report.at else "")
    posted = PostedReport(partner, stop, seed_of(issuer, report), about) if wants else None
    return DecidedTonight(replace(report, warnings=warnings), replace(tonight, stop=stop), warned, posted)


def span_of(warned: Warned, last_night: date | None, today: date) -> Span:
    """Return the days whose warnings a partner is given today."""
    given = frozenset(warned.given if warned.through == today else ())
    return Span(warned.since(last_night, today), today, given)


def carry_out(store: Store, issuer: Issuer, decided: DecidedTonight, *, make: Callable[[], Packet]) -> PartnerNight:
    """Put into the outbox what a partner is to have; its packet is asked for only if it may go. One transaction."""
    report, warnings, why = decided.report, decided.report.warnings, decided.tonight.nothing_issued
    with store.transaction():
        posted: tuple[Delivery, ...] = ()
        if decided.posted is not None:
            posted = (post_packet(store, issuer, decided.posted, make=make),)
            why = posted[0].detail if posted[0].state is DeliveryState.HELD else ""
        elif not why and warnings:
            why = why_no_warning(store, issuer, report.partner, stop=decided.tonight.stop)
            posted = () if why else (post_warning(store, issuer, report, warnings),)
        _record(store, issuer, report, decided.warned, () if why else warnings)
    return PartnerNight(posted, (_told_to_hr(issuer, report, warnings, why),) if warnings and why else ())


def _key(report: GapReport) -> str:
    """Return what stands for who is warned."""
    about = about_of(report.at)
    return joined(report.partner.partner_id, about) if about else report.partner.partner_id


def _held_by_person(store: Store, partner_id: str) -> str:
    reports = store.deliveries.of(DeliveryKind.PARTNER, partner_id)
    return next((d.detail for d in reports if d.state is DeliveryState.HELD and d.held_by_person), "")


def fall_behind(store: Store, issuer: Issuer, audience: Audience, *, last_night: date | None) -> None:
    """Record that the warnings of some contacts could not be made, so that the next night makes them."""
    today, key = issuer.judged.as_of, audience.partner.partner_id
    key = joined(key, audience.about) if audience.about else key
    warned = WARNED.read(store).get(key) or not_warned(last_night, today)
    with store.transaction():
        behind = Warned(warned.since(last_night, today), behind=True)
        WARNED.put(store, key, warned if warned.behind else behind, now=issuer.now)


def _wanted(issuer: Issuer, report: GapReport, last: IssuedReport | None) -> bool:
    if last is None:
        return wanted(report, last=None)
    # Only *on change* asks what was said; the plan is made for it alone.
    asks = report.partner.cadence is Cadence.ON_CHANGE and wanted(report, last=last.as_of)
    return wanted(report, last=last.as_of, same=asks and says_the_same(report, make_plan(report, issuer), last))


def nothing_new(store: Store, issuer: Issuer, report: GapReport) -> str:
    """Return why a report that is let go is not to be sent after all; empty where it is.

    Outside its cadence a partner is not told again what the last report that arrived told it.
    """
    if report.partner.cadence is Cadence.NONE:
        return "by the roster the partner is sent nothing (Cadence: none)"
    issued = store.reports.last(report.partner.partner_id, about=about_of(report.at))
    arrived = store.reports.last(report.partner.partner_id, arrived=True, about=about_of(report.at))
    if arrived is None or issued is None or wanted(report, last=issued.as_of):
        return ""
    if not says_the_same(report, make_plan(report, issuer), arrived):
        return ""
    return f"nothing has changed since the report of {arrived.as_of}, and the next one goes out as Cadence says"


def _record(
    store: Store, issuer: Issuer, report: GapReport, warned: Warned, warnings: tuple[DueWarning, ...]
) -> None:
    """Keep what was warned of; a night that warned of nothing writes nothing, unless earlier ones were owed."""
    if not warnings and not warned.behind:
        return
    today = report.as_of
    before = warned.given if warned.through == today else ()
    given = tuple(sorted({*before, *warning_keys(warnings)}))
    WARNED.put(store, _key(report), Warned(max(today, warned.through), given), now=issuer.now)


def why_no_warning(store: Store, issuer: Issuer, partner: Partner, *, stop: str) -> str:
    """Return why no short mail may go to the partner: what holds its reports holds that too; empty if it may."""
    if partner.cadence is Cadence.NONE:
        return "by the roster it is sent nothing (Cadence: none)"
    reports = store.deliveries.of(DeliveryKind.PARTNER, partner.partner_id)
    held = next((delivery for delivery in reversed(reports) if delivery.state is DeliveryState.HELD), None)
    draft = replace(_draft(issuer, partner), stop=stop)
    recipients = plan_recipients(draft, released=store.deliveries.released(partner.partner_id))
    why = reason_to_hold(draft, recipients, held=held)
    return why or (held.detail if held else "")


def post_warning(
    store: Store, issuer: Issuer, report: GapReport, warnings: tuple[DueWarning, ...], *, about: str = ""
) -> Delivery:
    """Put the short mail into the outbox; the caller holds the transaction."""
    draft = _draft(issuer, report.partner)
    whose = " ".join(part for part in (draft.about, about_of(report.at)) if part)
    draft = replace(draft, about=about or _free(store, replace(draft, about=whose)))
    email = notice_email(warning_notice(report, warnings, issuer.templates.names), issuer.templates)
    return post(store.deliveries, draft, build=lambda envelope: ready(issuer, email, envelope), at=issuer.now)


def _free(store: Store, draft: Draft) -> str:
    """Return the day, with a number where it has a warning already: the first one is not replaced."""
    number, about = 1, draft.about
    while store.deliveries.of(draft.kind, draft.partner_id, about):
        number += 1
        about = f"{draft.about} {number}"
    return about


def release_warning(store: Store, issuer: Issuer, report: GapReport, released: Delivery, *, stop: str) -> Delivery:
    """Build a released warning anew, of what is near today, and queue it.

    Raises: UsageError where nothing is near any more, and where something else keeps mail from the partner.
    """
    warnings = near_now(report)
    if not warnings:
        raise UsageError(
            f"{released.delivery_id}: no last lawful day of {report.partner.partner_id} is near any more",
            hint="It stays held; there is nothing to warn of.",
        )
    if stop:
        raise UsageError(f"{released.delivery_id} must wait: {stop}", hint="Correct that; it stays held.")
    with store.transaction():
        return post_warning(store, issuer, report, warnings, about=released.about)


def _draft(issuer: Issuer, partner: Partner) -> Draft:
    today = issuer.judged.as_of
    return Draft(
        delivery_id=new_delivery_id(today, issuer.mint()),
        kind=DeliveryKind.WARNING,
        partner_id=partner.partner_id,
        sender=named_sender(issuer.config.settings.mail.sender, issuer.config.settings.district.name),
        to=partner.report_to,
        copy=partner.copy_to,
        about=today.isoformat(),
    )


def _told_to_hr(issuer: Issuer, report: GapReport, warnings: tuple[DueWarning, ...], why: str) -> Finding:
    lines = warning_lines(report, warnings, issuer.templates.names, with_ids=True)
    return Finding(
        Area.DELIVERY,
        "warning-not-mailed",
        where=f"partner {report.partner.partner_id}",
        found=f"a last lawful day is near, and no mail says so, because {why}. {' '.join(lines)}",
        expected="a partner that is warned 30, 14, 7 and 0 days before",
        remedy="Inform the partner yourself, or release its mail (`lms-sync outbox list` shows what is held).",
        people=tuple(dict.fromkeys(warning.person.person_id for warning in warnings)),
        subject=f"{report.partner.partner_id} {report.as_of}",
    )
