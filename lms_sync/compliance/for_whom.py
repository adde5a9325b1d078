"""What people must settle before partners read it: offerings for some of them, words that name one. Pure."""

from collections.abc import Iterable, Sequence

from lms_sync.compliance.plan.openings import naming_findings, openings, openings_findings
from lms_sync.model.course_map import CourseMap
from lms_sync.model.finding import Area, Finding
from lms_sync.model.names import plain_words
from lms_sync.model.roster import Partner, Roster
from lms_sync.workspace.roster.named_partners import PartnerNames, partner_names, words_in
from lms_sync.workspace.settings.sources import A_FILE, AN_LMS, SourceSettings


def names_among(
    roster: Roster, *, district: str, topics: Iterable[str], former: Sequence[Partner] = ()
) -> PartnerNames:
    """Return what names a partner of the roster or a `former` one; district, buildings and topics name nobody."""
    buildings = (name for assignment in roster.assignments for name, _ in assignment.buildings)
    return partner_names((*roster.partners.values(), *former), public=(district, *topics, *buildings))


def map_findings(course_map: CourseMap, roster: Roster, names: PartnerNames, *, file: str) -> tuple[Finding, ...]:
    """Return which offerings wait until somebody says for whom they are, and which rows name a partner."""
    found = openings(course_map, roster, names, partners={})
    return (*openings_findings(found, roster, file=file), *naming_findings(course_map, names, file=file))


def shown_as(sources: Iterable[SourceSettings], roster: Roster, names: PartnerNames) -> dict[str, str]:
    """Return source → what partners read of it; of one that would name somebody what its kind is called."""
    return {
        source.name: _by_kind(source) if _names_somebody(source.shown_as, roster, names) else source.shown_as
        for source in sources
    }


def shown_as_findings(sources: Iterable[SourceSettings], roster: Roster, names: PartnerNames) -> tuple[Finding, ...]:
    """Return a blocking finding for each `shown_as` that names a partner or a person.

    Partners read what the kind is called in its place, so that itself, stated or not, needs no other words: somebody
    on the roster may be called S or An.
    """
    return tuple(
        Finding(
            Area.CONFIG,
            "shown-as-names",
            where=f"lms_sync.toml, [[source]] {source.name}",
            found=f"shown_as “{source.shown_as}” names {whom}",
            expected="words that every partner may read",
            remedy=f"Say what kind of source it is; until then partners read “{_by_kind(source)}”.",
            source=source.name,
            blocks=True,
        )
        for source in sources
        if source.shown_as != _by_kind(source) and (whom := _names_somebody(source.shown_as, roster, names))
    )


def others_named(text: str, roster: Roster, names: PartnerNames, reader: str) -> str:
    """Return whom a text names besides the partner that reads it and its own people; empty for nobody."""
    if partners := sorted(names.named(text) - {reader}):
        return f"partner {', '.join(partners)}"
    written = set(words_in(text))
    theirs = {a.person_id for a in roster.assignments if a.partner_id == reader}
    shared = {a.person_id for a in roster.assignments if a.partner_id != reader}
    for person in roster.people.values():
        own = person.person_id in theirs and person.person_id not in shared
        if not own and written & {*plain_words(person.last_name), *plain_words(person.person_id)}:
            return f"person {person.person_id}"
    return ""


def _by_kind(source: SourceSettings) -> str:
    return A_FILE if source.kind == "spreadsheet" else AN_LMS


def _names_somebody(text: str, roster: Roster, names: PartnerNames) -> str:
    """Return whom a text names; empty for nobody."""
    if partners := sorted(names.named(text)):
        return f"partner {', '.join(partners)}"
    words = set(words_in(text))
    people = roster.people.values()
    named = [p.person_id for p in people if words & {*plain_words(p.last_name), *plain_words(p.person_id)}]
    return f"person {named[0]}" if named else ""
