"""To whom each offering is open, and which ones wait until somebody has said so. Pure."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from lms_sync.model.course_map import NOBODY_YET, CourseMap, Offering
from lms_sync.model.finding import Area, Finding
from lms_sync.model.roster import Roster
from lms_sync.text import did_you_mean, fold, written_day
from lms_sync.workspace.mapping.forms import FOR_PARTNERS
from lms_sync.workspace.roster.named_partners import PartnerNames

NOT_SAID = "nobody has stated yet who may take it (?)"


@dataclass(frozen=True, slots=True)
class Waiting:
    """Why an offering is open to nobody."""

    offering: Offering
    why: str
    unknown: tuple[str, ...] = ()
    """Partner IDs that the roster does not have."""


@dataclass(frozen=True, slots=True)
class Openings:
    """Who may take what on the day judged."""

    waiting: Mapping[str, Waiting] = field(default_factory=dict)
    """By offering id."""
    partners: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Person ID → the partners to which the person is assigned on that day."""

    def settled(self, offering: Offering) -> bool:
        """Tell whether it is known who may take the offering."""
        return offering.offering_id not in self.waiting

    def open_to(self, offering: Offering, partners: Collection[str]) -> bool:
        """Tell whether the offering is open to every one of these partners."""
        if not self.settled(offering):
            return False
        theirs = {fold(partner_id) for partner_id in offering.for_partners or ()}
        return not theirs or theirs.issuperset(map(fold, partners))

    def of_person(self, person_id: str, partner_id: str) -> frozenset[str]:
        """Return the partners of a person, the one whose plan is made among them."""
        return self.partners.get(person_id, frozenset()) | {partner_id}


def openings(
    course_map: CourseMap, roster: Roster, names: PartnerNames, *, partners: Mapping[str, frozenset[str]]
) -> Openings:
    """Return who may take what; `names` tell which partner a text names, `partners` those of each person."""
    waiting = {found.offering.offering_id: found for found in _waiting(course_map, roster, names)}
    return Openings(waiting, partners)


def _waiting(course_map: CourseMap, roster: Roster, names: PartnerNames) -> Iterable[Waiting]:
    known = {fold(partner_id) for partner_id in roster.partners}
    providers = _providers(course_map)
    places = Counter(fold(offering.place) for offering in course_map.offerings if offering.place)
    given = Counter(fold(by) for offering in course_map.offerings for by in providers[offering.offering_id])
    for offering in course_map.offerings:
        unknown = tuple(i for i in offering.for_partners or () if fold(i) not in known)
        if offering.for_partners == NOBODY_YET:
            yield Waiting(offering, NOT_SAID)
        elif unknown:
            yield Waiting(offering, f"{', '.join(unknown)}: no such Partner ID on the roster", unknown)
        elif offering.for_partners is None:
            by = providers[offering.offering_id]
            texts = (
                *by,
                offering.course,
                offering.unit,
                offering.place,
                offering.link,
                *_titles(course_map, offering),
            )
            if named := sorted({who for text in texts for who in names.named(text)}):
                yield Waiting(offering, f"it names {', '.join(named)}")
            elif offering.place and places[fold(offering.place)] == 1:
                yield Waiting(offering, f"no other offering is held at {offering.place}")
            elif alone := [name for name in by if given[fold(name)] == 1]:
                yield Waiting(offering, f"no other offering is given by {alone[0]}")


def _providers(course_map: CourseMap) -> dict[str, frozenset[str]]:
    by_course: dict[tuple[str, str], set[str]] = {}
    for row in course_map.rows:
        by_course.setdefault((fold(row.course), fold(row.unit)), set()).update({row.provider} - {""})
    return {o.offering_id: frozenset(by_course.get((fold(o.course), fold(o.unit)), ())) for o in course_map.offerings}


def _titles(course_map: CourseMap, offering: Offering) -> Iterable[str]:
    key = fold(offering.course), fold(offering.unit)
    return (row.title for row in course_map.rows if (fold(row.course), fold(row.unit)) == key)


def openings_findings(found: Openings, roster: Roster, *, file: str) -> tuple[Finding, ...]:
    """Return a finding for each offering that is open to nobody; `file` is the workbook's name."""
    return tuple(_finding(waiting, roster, file) for waiting in found.waiting.values())


def _finding(waiting: Waiting, roster: Roster, file: str) -> Finding:
    offering = waiting.offering
    hint = "".join(did_you_mean(unknown, roster.partners) for unknown in waiting.unknown)
    column = "" if offering.for_partners is not None else f'Add a column "{FOR_PARTNERS}" (--annotate does). '
    return Finding(
        Area.MAPPING,
        "partner-unknown" if waiting.unknown else "offering-for-whom",
        where=f"{file}, {offering.cell or 'Offerings'}",
        found=f"“{offering.course}”, {written_day(offering.starts, 'any day')}: {waiting.why}",
        expected=f"under {FOR_PARTNERS} the Partner IDs that may take it, or a blank for everybody",
        remedy=f"{hint}{column}Until it is answered the offering is open to nobody.",
        subject=f"offering {offering.offering_id}",
    )


def naming_findings(course_map: CourseMap, names: PartnerNames, *, file: str) -> tuple[Finding, ...]:
    """Return a finding for each title, provider or link of the map that names a partner, whichever rows have it."""
    rows: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in course_map.rows:
        texts = {"Title": row.title or row.unit or row.course, "Provider": row.provider, "Link": row.link}
        for heading, text in texts.items():
            rows[heading, text].append(row.cell or "Courses")
    return tuple(
        _naming(heading, text, named, file=file, cells=cells)
        for (heading, text), cells in rows.items()
        if (named := sorted(names.named(text)))
    )


def _naming(heading: str, text: str, named: Collection[str], *, file: str, cells: Sequence[str]) -> Finding:
    more = f" and {len(cells) - 1} more rows" if len(cells) > 1 else ""
    return Finding(
        Area.MAPPING,
        "names-a-partner",
        where=f"{file}, {cells[0]}{more}",
        found=f"{heading} “{text}” names {', '.join(named)}",
        expected="words that name no partner",
        remedy=f"Other partners read the topic instead of it. Write a {heading.lower()} that everybody may read.",
        subject=f"{heading} {fold(text)}",
    )
