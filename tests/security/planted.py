"""Made-up districts over some years, with a word of its own planted in every text that is somebody's."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random

from lms_sync.law.series import load
from lms_sync.law.yearly import load_yearly
from lms_sync.model.agreement import FiledDocument, KeptFile
from lms_sync.model.course_map import CourseMap, CourseRow, Offering, course_map
from lms_sync.model.evidence import ClaimReason, Completion, Item, Learner, Refused, claim_id
from lms_sync.model.finding import Area, ClaimDecision, Finding, Origin
from lms_sync.model.pseudonyms import Pseudonyms
from lms_sync.model.roster import Agreement, Assignment, Cadence, Partner, PartnerKind, Person, Roster, StaffClass
from lms_sync.operations.pull.apply import PullContext, apply_pull
from lms_sync.people.match import directory
from lms_sync.sources.pull import FileRead, Pull
from lms_sync.store.known.judgement_settings import JudgementSettings
from lms_sync.store.known.registers import DOCUMENTS
from lms_sync.store.known.snapshot import ShippedLaw, record_map, record_program, record_roster
from lms_sync.store.store import Store

SEAL = Pseudonyms(b"made up for the tests")
YEARS = (date(2024, 9, 3), date(2025, 9, 3), date(2026, 9, 3))
"""The first day of each school year; what the roster says changes on it."""
TODAY = date(2026, 11, 23)
STEADY = 2
"""So many people stay with one partner all the years, and have a file of their own."""
MAPPED = {"Rights": (1,), "Calm": (10,), "Minds": (4,)}


@dataclass
class Planted:
    """What was planted, and who may read it."""

    random: Random
    readers: dict[str, frozenset[str]] = field(default_factory=dict)
    """Word → the Partner IDs that may read it."""
    files: dict[str, tuple[str, set[str]]] = field(default_factory=dict)
    """Word in the name of a file, sheet or course → what it is, and whose items it held; empty for strangers'."""
    employers: dict[str, set[str]] = field(default_factory=dict)
    """Person ID → every partner of any year."""
    source: str = ""

    def word(self, *readers: str) -> str:
        """Return a new word that only `readers` may read."""
        word = "zq" + "".join(self.random.choice("bcdfghjklmnprstvwz") for _ in range(10))
        self.readers[word] = frozenset(readers)
        return word

    def forbidden(self, reader: str) -> set[str]:
        """Return the words that the reader must not find anywhere."""
        open_files = {word for word, (_, whose) in self.files.items() if self._theirs(whose) == {reader}}
        return {word for word, readers in self.readers.items() if reader not in readers} - open_files

    def _theirs(self, whose: set[str]) -> set[str]:
        return {partner for person in whose for partner in self.employers.get(person, {"?"})}


@dataclass(frozen=True)
class District:
    """A district as it is on the last day, in a store."""

    planted: Planted
    roster: Roster
    agreements: tuple[Agreement, ...]


def grow(store: Store, seed: int) -> District:
    """Live through the years: people join, move, leave and come back, partners end, files come each year."""
    planted = Planted(Random(seed))
    planted.source = planted.word()
    partners = _partners(planted)
    people = [_person(planted, number) for number in range(7)]
    roster = Roster({}, {}, {}, ())
    posts: list[Assignment] = []
    agreements: list[Agreement] = []
    for year, first in enumerate(YEARS):
        now = datetime(first.year, first.month, first.day, 10, tzinfo=UTC)
        there = partners if year < 2 else partners[:-1]  # the last one ends
        ids = {p.partner_id for p in there}
        over = [replace(a, ends=first - timedelta(days=1)) for a in agreements if a.partner_id in ids]
        agreements = [*over, *(_agreement(p, first) for p in there)]
        posts = [*_ended(posts, first), *_posts(planted, people, there, first)]
        kept = tuple(post for post in posts if post.partner_id in ids)
        known = {p.partner_id: p for p in there}, {a.agreement_id: a for a in agreements}
        roster = Roster(*known, {p.person_id: p for p in people}, kept)
        with store.transaction():
            record_roster(store, roster, now=now)
            record_map(store, _map(planted, there, first), now=now)
            record_program(store, ShippedLaw(load(), load_yearly()), _settings(), versions={}, now=now)
        _pull(store, planted, roster, year=year, now=now)
    _decide(store, planted, roster)
    _may_be_read(planted, roster)
    return District(planted, roster, tuple(a for a in agreements if not a.ends))


def _partners(planted: Planted) -> list[Partner]:
    found = []
    for _ in range(4):
        partner_id = planted.word()
        name = f"{planted.word(partner_id)} Guards"
        planted.readers[partner_id] = frozenset({partner_id})
        kind = PartnerKind.SECURITY_COMPANY
        found.append(Partner(partner_id, name, kind, (f"{partner_id}@example.org",), (), Cadence.WEEKLY))
    return found


def _person(planted: Planted, number: int) -> Person:
    last, first, preferred, mail = (planted.word() for _ in range(4))
    person_id = planted.word()
    return Person(
        person_id,
        last,
        first,
        preferred,
        (f"{mail}@example.org",),
        StaffClass.OTHER,
        "HR",
        YEARS[0],
        YEARS[number % 2],
    )


def _agreement(partner: Partner, first: date) -> Agreement:
    return Agreement(f"{partner.partner_id}-{first.year}", partner.partner_id, f"{first.year}", first, None)


def _ended(posts: list[Assignment], first: date) -> Iterator[Assignment]:
    for post in posts:
        yield post if post.ends else replace(post, ends=first - timedelta(days=1))


def _posts(planted: Planted, people: list[Person], partners: list[Partner], first: date) -> Iterator[Assignment]:
    for number, person in enumerate(people):
        some = planted.random.sample(partners, planted.random.choice((0, 1, 1, 1, 2)))
        for partner in some if number >= STEADY else [partners[number]]:
            planted.employers.setdefault(person.person_id, set()).add(partner.partner_id)
            agreement = f"{partner.partner_id}-{first.year}"
            position = f"Guard {planted.word(partner.partner_id)}"
            places = (("Fir ES", Decimal(3)),)
            yield Assignment(person.person_id, partner.partner_id, agreement, first, None, position, places)


def _map(planted: Planted, partners: list[Partner], first: date) -> CourseMap:
    rows = [
        CourseRow("*", name, "", name, topics, 0, 0, None, None, None, "T", YEARS[0], provider="ESD", fee=Decimal(9))
        for name, topics in MAPPED.items()
    ]
    offerings = []
    for partner in partners:
        name, own = partner.name, partner.partner_id
        # One row says whose it is by its title and link; one offering is for its partner alone.
        link = f"https://{own}.example.org"
        rows.append(
            CourseRow(
                "*", f"{name} basics", "", f"{name} basics", (2, 3), 0, 0, None, None, None, "T", YEARS[0], link=link
            )
        )
        place, start = planted.word(own), first + timedelta(days=planted.random.randrange(100, 200))
        offerings.append(Offering(planted.word(own), "Calm", "", start, start, place, 9, link, "", (own,)))
    offerings.append(Offering("o-all", "Rights", "", None, None, "online", None, "", "", ()))
    return course_map(rows, offerings)


def _settings() -> JudgementSettings:
    return JudgementSettings("Pinehill Schools", "Human Resources", "America/Los_Angeles", 60)


def _pull(store: Store, planted: Planted, roster: Roster, *, year: int, now: datetime) -> None:
    book = directory(roster.people.values(), SEAL)
    files = [_file(planted, roster, number, year) for number in range(5)]
    pull = Pull(planted.source, "increment", tuple(files))
    with store.transaction():
        apply_pull(store, pull, context=PullContext(SEAL, book), now=now)


def _file(planted: Planted, roster: Roster, number: int, year: int) -> FileRead:
    """Return a file of one partner's people, with others among them now and then, and refused rows."""
    name, sheet = planted.word(), planted.word()
    posted = [a for a in roster.assignments if a.ends is None]
    partner = planted.random.choice(posted).partner_id if posted else ""
    some = [a.person_id for a in posted if a.partner_id == partner]
    if number < STEADY:
        some = [sorted(planted.employers, key=list(roster.people).index)[number]]
    if number == 3:
        some += planted.random.sample(sorted(roster.people), 2)
    if number == 4:
        some.append("")
    for word in (name, sheet):
        planted.files[word] = "file", set(some)
    items = [
        _item(planted, roster, person_id, Origin(f"{name}.xlsx", name, sheet, f"A{row}"), year)
        for row, person_id in enumerate(some, start=2)
    ]
    if number == 2:
        items.append(_refused(planted, Origin(f"{name}.xlsx", name, sheet, "A99")))
        for word in (name, sheet):
            planted.files[word][1].add("")
    return FileRead(f"{name}.xlsx", name, name, tuple(items), ())


def _item(planted: Planted, roster: Roster, person_id: str, origin: Origin, year: int) -> Item:
    """Return a completion of a person of the roster, or of a stranger."""
    stranger = planted.word()
    course = planted.random.choice([*MAPPED, *MAPPED, planted.word()])
    if course not in MAPPED:
        planted.files[course] = "course", {person_id}
    others = planted.random.choice([planted.word(), *(p.last_name for p in roster.people.values())])
    # A stranger's names are its own; somebody's on the roster are as the roster has them.
    person = roster.people.get(person_id)
    names = (person.first_name, person.last_name) if person else (planted.word(), planted.word())
    learner = Learner(planted.source, person_id or stranger, person_id, (), *names, planted.word())
    completion = Completion(
        source=planted.source,
        record=planted.word(),
        learner=learner,
        course=course,
        course_title=course,
        day=YEARS[year] - timedelta(days=planted.random.randrange(1, 300)),
        origin=origin,
        status=planted.word(),
        claim=planted.random.choice([None, None, None, ClaimReason.WAIVER]),
        attributes=(
            *(("certificate", planted.word()), ("experienced_officer", others)),
            *(("host_school", planted.word()), ("provider", planted.word())),
        ),
    )
    text = (("Who", learner.key), ("Course", course), ("Note", planted.word()))
    return Item(origin, text, completion, frozenset({"Who"}))


def _refused(planted: Planted, origin: Origin) -> Item:
    finding = Finding(Area.ROW, "blank", planted.word(), planted.word(), planted.word(), planted.word())
    return Item(origin, (("Who", planted.word()), ("Course", planted.word())), Refused(finding), frozenset({"Who"}))


def _decide(store: Store, planted: Planted, roster: Roster) -> None:
    """Accept and refuse claims with HR's reasons, and file an ESD's list that names everybody."""
    now = datetime(2026, 10, 1, 10, tzinfo=UTC)
    with store.transaction():
        for completion in store.evidence.completions():
            if completion.claim and planted.random.random() < 0.7:
                accepted = planted.random.random() < 0.5
                reason = f"because {planted.word()}"
                decision = ClaimDecision(claim_id(completion), accepted, reason, "A. Roe", now.date())
                store.findings.decide(decision, now=now)
        kept = KeptFile("0" * 64, f"{planted.word()}.xlsx", "application/pdf", 1)
        people = tuple(sorted(roster.people))
        filed = FiledDocument(
            "D00000001", people, ("check-in",), "verified", "ESD 900", date(2026, 9, 20), "88", kept, "A. Roe",
            now.date(), planted.word(), f"{planted.word()}!A7", tuple(roster.people[i].name for i in people),
        )  # fmt: skip
        DOCUMENTS.put(store, filed.document_id, filed, now=now)


def _may_be_read(planted: Planted, roster: Roster) -> None:
    """Let each partner read the names of those who are assigned to it today."""
    for person in roster.people.values():
        now = frozenset(
            a.partner_id for a in roster.assignments if a.person_id == person.person_id and a.covers(TODAY)
        )
        for text in (person.person_id, person.last_name, person.first_name, person.preferred_name):
            planted.readers[text] = now
