"""The monthly heads-up to principals: which are wanted, why one must wait, and its way into the outbox.

A building is opted in by a [[building]] section of lms_sync.toml. It is told on the first night of a month, and a
person must have released the principal's address for that building.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from lms_sync.compliance.disputed import WHY_IT_WAITS, disputed_people, release_waits
from lms_sync.compliance.posted import BuildingList, build_building, buildings
from lms_sync.compliance.unread import why_it_waits
from lms_sync.errors import LmsSyncError, UsageError, trouble_of
from lms_sync.mail.issue import ready
from lms_sync.mail.posting import Draft, post
from lms_sync.mail.reasons_to_hold import judged_otherwise
from lms_sync.model.address import fold_address
from lms_sync.model.delivery import Delivery, DeliveryKind, DeliveryState, new_delivery_id
from lms_sync.model.finding import Area, Finding
from lms_sync.model.roster import PartnerKind, Roster
from lms_sync.reports.issuer import Issuer
from lms_sync.reports.principal.email import building_email
from lms_sync.store.store import Store
from lms_sync.text import did_you_mean, fold
from lms_sync.workspace.settings.buildings import BuildingSettings
from lms_sync.workspace.settings.config import Config

PREFIX = "building:"


@dataclass(frozen=True, slots=True)
class HeadsUps:
    """What a night's heads-ups came to."""

    posted: tuple[Delivery, ...]
    findings: tuple[Finding, ...]
    """Buildings that nobody on the roster is ever assigned to, and lists that could not be made."""
    codes: frozenset[int]
    """Exit codes of what went wrong."""


def building_id(building: BuildingSettings) -> str:
    """Return what stands for the building where a delivery or a release names a partner: `building:Lincoln HS`."""
    return PREFIX + building.name


def heads_up_wanted(store: Store, issuer: Issuer, building: BuildingSettings) -> bool:
    """Tell whether the building has not been told in this month; one that is held is looked at again every night."""
    zone = issuer.templates.zone
    month = _month(issuer.now, zone)
    earlier = store.deliveries.of(DeliveryKind.BUILDING, building_id(building))
    return not any(d.state is not DeliveryState.HELD and _month(d.created_at, zone) == month for d in earlier)


def issue_heads_ups(store: Store, issuer: Issuer, *, stopped: Collection[str]) -> HeadsUps:
    """Issue every heads-up that is wanted tonight; one building's trouble never stops the others."""
    config, posted, codes = issuer.config, [], set()
    findings = list(unknown_buildings(config, issuer.snapshot.roster))
    unknown = {finding.where for finding in findings}
    for building in config.settings.building:
        if _where(building) in unknown or not heads_up_wanted(store, issuer, building):
            continue
        try:
            with store.transaction():
                posted.append(issue_heads_up(store, issuer, building, stopped=stopped))
        except Exception as error:
            trouble = trouble_of(error, "the heads-up of one building could not be made")
            codes.add(trouble.exit_code)
            findings.append(_not_made(building, trouble))
    return HeadsUps(tuple(posted), tuple(findings), frozenset(codes))


def release_heads_up(store: Store, issuer: Issuer, released: Delivery, *, stopped: Collection[str]) -> Delivery:
    """Build a released heads-up anew and queue it.

    Raises: UsageError when the building is no longer opted in.
    """
    building = next((b for b in issuer.config.settings.building if building_id(b) == released.partner_id), None)
    if building is None:
        raise UsageError(
            f"{released.delivery_id}: lms_sync.toml has no [[building]] {released.partner_id.removeprefix(PREFIX)}",
            hint="It stays held; there is nobody to send it to.",
        )
    with store.transaction():
        return issue_heads_up(store, issuer, building, stopped=stopped)


def _not_made(building: BuildingSettings, trouble: LmsSyncError) -> Finding:
    return Finding(
        Area.DELIVERY,
        "heads-up-not-made",
        _where(building),
        str(trouble),
        expected="the monthly list of whoever is posted at the building",
        remedy=trouble.hint,
    )


def _where(building: BuildingSettings) -> str:
    return f"lms_sync.toml, [[building]] {building.name}"


def _month(moment: datetime, zone: ZoneInfo) -> tuple[int, int]:
    local = moment.astimezone(zone)
    return local.year, local.month


def issue_heads_up(store: Store, issuer: Issuer, building: BuildingSettings, *, stopped: Collection[str]) -> Delivery:
    """Put the principal's message into the outbox, queued or held; the caller holds the transaction.

    `stopped` are the sources that look broken; a list that rests on one of them waits.
    """
    building_list = build_building(issuer.snapshot, issuer.judged, building.name)
    draft = Draft(
        delivery_id=new_delivery_id(building_list.as_of, issuer.mint()),
        kind=DeliveryKind.BUILDING,
        partner_id=building_id(building),
        sender=issuer.config.settings.mail.sender,
        to=(building.principal,),
        stop=_why_it_waits(issuer, building, building_list, stopped=stopped),
    )
    email = building_email(building_list, issuer.templates)
    return post(store.deliveries, draft, build=lambda envelope: ready(issuer, email, envelope), at=issuer.now)


def _why_it_waits(
    issuer: Issuer, building: BuildingSettings, building_list: BuildingList, *, stopped: Collection[str]
) -> str:
    """Return why the list must wait: it would reach a partner, a source looks broken, evidence was not read."""
    address = fold_address(building.principal)
    own = {fold_address(hr_address) for hr_address in issuer.config.settings.district.hr}
    for partner in issuer.snapshot.roster.partners.values():
        theirs = {fold_address(partner_address) for partner_address in partner.addresses} - own
        if partner.kind is not PartnerKind.DISTRICT and address in theirs:
            return f"its address is listed under partner {partner.partner_id} too"
    if any(issuer.judged.sources[posted.person_id] & set(stopped) for posted in building_list.people):
        return "a source that holds evidence of its people looks broken (safety stop)"
    posted_here = {posted.person_id for posted in building_list.people}
    disputed = disputed_people(issuer.snapshot, issuer.judged)
    if posted_here & disputed or release_waits(issuer.snapshot, building_id(building)):
        return WHY_IT_WAITS
    otherwise = judged_otherwise(issuer.snapshot)
    if found := posted_here & otherwise.keys():
        return otherwise[min(found)]
    for partner_id in issuer.snapshot.roster.partners:
        assigned = issuer.snapshot.roster.assigned(partner_id, issuer.judged.as_of)
        here = posted_here & {assignment.person_id for assignment in assigned}
        if here and (why := why_it_waits(issuer.snapshot, partner_id, here)):
            return why
    return ""


def unknown_buildings(config: Config, roster: Roster) -> tuple[Finding, ...]:
    """Return a finding for each opted-in building that no assignment on the roster names; it is told nothing."""
    known = buildings(roster.assignments)
    folded = {fold(name) for name in known}
    return tuple(
        Finding(
            Area.CONFIG,
            "building-unknown",
            where=_where(building),
            found="no assignment on the roster names this building",
            expected="a building as the roster's Assignments write it",
            remedy=f"{did_you_mean(building.name, known)}Correct the name, or take the section away.",
        )
        for building in config.settings.building
        if fold(building.name) not in folded
    )
