"""A person's own record, by mail to the person: once a month, where the district has opted in.

It goes to the first address that stands with the person on the roster, and to no other; an address that somebody else
has too is nobody's. Like every address it waits until a person of the district has released it.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from lms_sync.compliance.disputed import WHY_IT_WAITS, disputed_people, release_waits
from lms_sync.compliance.person_record import build_record
from lms_sync.errors import LmsSyncError, UsageError, trouble_of
from lms_sync.files import id_in_name
from lms_sync.mail.documents import PDF
from lms_sync.mail.issue import ready
from lms_sync.mail.message import Attachment
from lms_sync.mail.posting import Draft, Ready, post
from lms_sync.model.address import fold_address, named_sender
from lms_sync.model.carrier import Envelope
from lms_sync.model.delivery import Delivery, DeliveryKind, DeliveryState, new_delivery_id
from lms_sync.model.finding import Area, Finding
from lms_sync.model.roster import Person
from lms_sync.reports.issuer import Issuer
from lms_sync.reports.notice import notice_email
from lms_sync.reports.person.email import record_notice
from lms_sync.reports.person.pdf import record_pdf
from lms_sync.store.store import Store

PREFIX = "person:"


@dataclass(frozen=True, slots=True)
class OwnRecords:
    """What a night's records came to."""

    posted: tuple[Delivery, ...] = ()
    findings: tuple[Finding, ...] = ()
    """Records that could not be made."""
    codes: frozenset[int] = frozenset()
    """Exit codes of what went wrong."""


def person_key(person_id: str) -> str:
    """Return what stands for a person where a delivery or a release names a partner: `person:00417`."""
    return PREFIX + person_id


def issue_own_records(store: Store, issuer: Issuer, stops: Mapping[str, str]) -> OwnRecords:
    """Issue every record that is wanted tonight; one person's trouble never stops the others."""
    if issuer.config.settings.reports.own_record == "off":
        return OwnRecords()
    posted, findings, codes = [], [], set()
    for person, address in _readers(issuer):
        if not _wanted(store, issuer, person):
            continue
        try:
            with store.transaction():
                posted.append(_issue(store, issuer, person, address, stops))
        except Exception as error:
            trouble = trouble_of(error, "the record of one person could not be made")
            codes.add(trouble.exit_code)
            findings.append(_not_made(person, trouble))
    return OwnRecords(tuple(posted), tuple(findings), frozenset(codes))


def release_own_record(store: Store, issuer: Issuer, released: Delivery, stops: Mapping[str, str]) -> Delivery:
    """Build a released record anew and queue it.

    Raises: UsageError where the person has left, has no address of their own, or no records are sent any more.
    """
    wanted = {person_key(person.person_id): (person, address) for person, address in _readers(issuer)}
    if issuer.config.settings.reports.own_record == "off" or released.partner_id not in wanted:
        raise UsageError(
            f"{released.delivery_id}: there is no record to send to {released.partner_id.removeprefix(PREFIX)}",
            hint="The person has left or has no address of their own, or [reports] own_record is off. It stays held.",
        )
    with store.transaction():
        return _issue(store, issuer, *wanted[released.partner_id], stops)


def _readers(issuer: Issuer) -> Iterator[tuple[Person, str]]:
    """Yield who is assigned on the day and has an address that nobody else on the roster has, with the address."""
    roster = issuer.snapshot.roster
    holders = Counter(a for person in roster.people.values() for a in {*map(fold_address, person.emails)})
    for person_id in roster.people_on(issuer.judged.as_of):
        person = roster.people[person_id]
        if person.emails and holders[fold_address(person.emails[0])] == 1:
            yield person, person.emails[0]


def _wanted(store: Store, issuer: Issuer, person: Person) -> bool:
    """Tell whether nothing was sent in this month; what is held is looked at again every night."""
    zone = issuer.templates.zone
    earlier = store.deliveries.of(DeliveryKind.RECORD, person_key(person.person_id))
    month = _month(issuer.now, zone)
    return not any(d.state is not DeliveryState.HELD and _month(d.created_at, zone) == month for d in earlier)


def _month(moment: datetime, zone: ZoneInfo) -> tuple[int, int]:
    local = moment.astimezone(zone)
    return local.year, local.month


def _issue(store: Store, issuer: Issuer, person: Person, address: str, stops: Mapping[str, str]) -> Delivery:
    settings = issuer.config.settings
    draft = Draft(
        delivery_id=new_delivery_id(issuer.judged.as_of, issuer.mint()),
        kind=DeliveryKind.RECORD,
        partner_id=person_key(person.person_id),
        sender=named_sender(settings.mail.sender, settings.district.name),
        to=(address,),
        stop=_why_it_waits(issuer, person, stops),
    )

    def build(envelope: Envelope) -> Ready:
        # What may be somebody else's is left out: it is looked at with HR, not sent.
        record = replace(build_record(issuer.snapshot, issuer.judged, person.person_id), doubts=())
        name = f"training-record-{id_in_name(person.person_id)}-{issuer.judged.as_of.isoformat()}.pdf"
        attachment = Attachment(name, record_pdf(record, issuer.templates).content, PDF)
        email = notice_email(record_notice(record, issuer.templates), issuer.templates)
        return ready(issuer, email, envelope, attachments=(attachment,))

    return post(store.deliveries, draft, build=build, at=issuer.now)


def _why_it_waits(issuer: Issuer, person: Person, stops: Mapping[str, str]) -> str:
    """Return why a record must wait: what keeps the report of the person's partner back keeps it back too."""
    if person.person_id in disputed_people(issuer.snapshot, issuer.judged):
        return WHY_IT_WAITS
    if release_waits(issuer.snapshot, person_key(person.person_id)):
        return WHY_IT_WAITS
    employers = {a.partner_id for a in issuer.snapshot.roster.people_on(issuer.judged.as_of)[person.person_id]}
    return next((stops[partner_id] for partner_id in sorted(employers) if stops.get(partner_id)), "")


def _not_made(person: Person, trouble: LmsSyncError) -> Finding:
    where, expected = f"the record of {person.person_id}", "a record that can be made"
    people = (person.person_id,)
    return Finding(
        Area.DELIVERY, "record-not-made", where, str(trouble), expected, remedy=trouble.hint, people=people
    )
