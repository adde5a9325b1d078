"""What a reviewer, or a row of a list, says that a document of an ESD says, and what can be wrong with it. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date

from lms_sync.errors import UsageError
from lms_sync.model.links import successors
from lms_sync.model.names import plain_words
from lms_sync.store.known.snapshot import Snapshot
from lms_sync.tables.fields import Wrong
from lms_sync.text import did_you_mean, did_you_mean_id, fold, plain, written_day

COMPONENTS = ("classroom", "on-the-job", "check-in")
ALL = "all"
"""All components that the series asks of the person's class."""
WAIVED = "waived"
KINDS = ("verified", WAIVED)
EARLIEST = date(2019, 1, 1)
"""No ESD gave such documents before the act of 2019 (the old RCW 28A.320.124): an earlier day needs a word."""

_LEGAL_FORMS = frozenset({"inc", "incorporated", "llc", "llp", "co", "corp", "corporation", "ltd", "the"})


@dataclass(frozen=True, slots=True)
class DocumentStatement:
    """What a document says, as a reviewer or a list tells it."""

    people: tuple[str, ...]
    components: tuple[str, ...]
    """May hold `all`."""
    kind: str
    esd: str
    day: date
    number: str = ""
    """Of the document, as the ESD numbers it; empty for none."""


def person_problem(person_id: str, snapshot: Snapshot) -> Wrong | None:
    """Return why nothing can be filed under a Person ID; None when it can."""
    people = snapshot.roster.people
    if person_id in people:
        return None
    expected = "the Person ID of somebody on the roster"
    now = successors(snapshot.merges).get(person_id)
    if now is not None:
        return Wrong(f"{person_id} is a former Person ID of {now}", expected, f"File it under {now}.")
    return Wrong(
        f"nobody on the roster has the Person ID {person_id}",
        expected,
        f"{did_you_mean_id(person_id, people)}The roster's sheet People holds the ids, leading zeros included.",
    )


def esd_problem(esd: str, snapshot: Snapshot) -> Wrong | None:
    """Return why nobody of this name can have verified or waived anything; None when it may be an ESD."""
    expected = "the educational service district that gave the document"
    if not printable(esd):
        return Wrong("no ESD is named", expected, 'Add --esd "ESD 113".')
    remedy = "Only an ESD verifies or waives (RCW 28A.310.515(4)): name the one that signed it."
    if _firm(esd) == _firm(snapshot.settings.district):
        return Wrong(f'"{printable(esd)}" is the district itself, and no ESD', expected, remedy)
    for partner in snapshot.roster.partners.values():
        if _firm(esd) in (_firm(partner.name), _firm(partner.partner_id)):
            return Wrong(f'"{printable(esd)}" is a partner on the roster, and no ESD', expected, remedy)
    return None


def esd_doubt(esd: str, snapshot: Snapshot) -> Wrong | None:
    """Return what speaks against a name that no document on file has, though it may be an ESD's; None for nothing."""
    words = plain_words(esd.replace(".", ""))
    like_one = {"service", "district"} < {*words} or any("esd" in word for word in words)
    if like_one or fold(esd) in {fold(document.esd) for document in snapshot.filed.values()}:
        return None
    return Wrong(
        f'"{printable(esd)}" is not named like an educational service district',
        "an ESD, such as ESD 113 or Puget Sound ESD",
        "Only an ESD verifies or waives (RCW 28A.310.515(4)): name the one that signed it. A document of an ESD of"
        " another name is filed by itself, with --reason.",
    )


def _firm(name: str) -> tuple[str, ...]:
    """Return what two spellings of a firm's name have in common: its words, without accents and legal forms."""
    words = plain_words(name)
    return tuple(word for word in words if word not in _LEGAL_FORMS) or words


def never_named(esds: Iterable[str], known: Collection[str]) -> tuple[str, ...]:
    """Return a sentence for each ESD that nothing on file names; `known` are those of documents and requests."""
    folded = {fold(name) for name in known}
    return tuple(
        f"{esd} was never named here before: {did_you_mean(esd, known)}Check that it is an ESD, and spelt as ever."
        for esd in {fold(esd): esd for esd in esds if fold(esd) not in folded}.values()
    )


def day_problem(day: date, *, today: date) -> Wrong | None:
    """Return why a document cannot have this day; None when it can."""
    if day <= today:
        return None
    return Wrong(
        f"{written_day(day)} is in the future",
        "the day on which the ESD verified or waived",
        "Look at the day again.",
    )


def old_day(day: date) -> Wrong | None:
    """Return what speaks against a day, though it may be right; None for nothing."""
    if day >= EARLIEST:
        return None
    return Wrong(
        f"{written_day(day)} is before {EARLIEST.year}, when no ESD gave such documents",
        f"a day from {EARLIEST} on",
        "Look at the year again; a document that really is so old is filed by itself, with --reason.",
    )


def class_problem(person_id: str, snapshot: Snapshot) -> Wrong | None:
    """Return why nobody can say which components `all` is for somebody on the roster; None when it is plain."""
    if snapshot.roster.people[person_id].staff_class is not None:
        return None
    return Wrong(
        f"the class of {person_id} is not recorded, so nobody knows which components are meant by all",
        "a class in the roster, or the components by name",
        "Name the components that the document names: classroom, on-the-job, check-in.",
    )


def by_components(
    document_statement: DocumentStatement, snapshot: Snapshot, *, today: date
) -> tuple[DocumentStatement, ...]:
    """Return what is said with `all` spelt out: one part for people of the same components, ids ascending.

    `all` is what the series asks of a person's class today: a document for an SRO says nothing of check-ins.
    Everybody is to be on the roster, with a class where `all` is said.
    """
    groups: dict[tuple[str, ...], list[str]] = {}
    for person_id in sorted(set(document_statement.people)):
        wanted = set(document_statement.components)
        if ALL in wanted:
            wanted |= set(asked_of(person_id, snapshot, today=today))
        groups.setdefault(tuple(component for component in COMPONENTS if component in wanted), []).append(person_id)
    return tuple(
        replace(document_statement, people=tuple(people), components=parts) for parts, people in groups.items()
    )


def asked_of(person_id: str, snapshot: Snapshot, *, today: date) -> tuple[str, ...]:
    """Return the components that the series asks of somebody on the roster."""
    staff_class = snapshot.roster.people[person_id].staff_class
    return tuple(component.id for component in snapshot.law.on(today).required(staff_class))


def expect_sound(document_statement: DocumentStatement, snapshot: Snapshot, *, today: date) -> None:
    """Refuse what cannot be filed, all of it at once.

    Raises: UsageError for a kind or a component that there is none of, somebody who is not on the roster, `all` for a
    person without a class, a future day, a blank ESD, or one that is a partner or the district.
    """
    refuse(_unknown_words(document_statement))
    found: list[Wrong | None] = [person_problem(person, snapshot) for person in document_statement.people]
    known = [person for person in document_statement.people if person in snapshot.roster.people]
    found += [class_problem(person_id, snapshot) for person_id in known if ALL in document_statement.components]
    found += [day_problem(document_statement.day, today=today), esd_problem(document_statement.esd, snapshot)]
    refuse([wrong for wrong in found if wrong is not None])


def _unknown_words(document_statement: DocumentStatement) -> list[Wrong]:
    """Return what is wrong with the words of a statement that only a few are meant by."""
    words = [
        (document_statement.kind, KINDS),
        *((word, (*COMPONENTS, ALL)) for word in document_statement.components),
    ]
    return [
        Wrong(f'"{printable(word)}" is none of {", ".join(known)}', " or ".join(known), "Choose one of these.")
        for word, known in words
        if word not in known
    ]


def refuse(found: Iterable[Wrong]) -> None:
    """Raise UsageError with all that was found, and what to do; nothing for nothing."""
    wrong = list(dict.fromkeys(found))
    if wrong:
        remedies = dict.fromkeys(problem.remedy for problem in wrong)
        raise UsageError("\n  ".join(problem.found for problem in wrong), hint="\n  → ".join(remedies))


def printable(words: str) -> str:
    """Return words as they may be shown anywhere: in one line, without characters that steer a terminal."""
    return plain("".join(c if c.isprintable() else " " for c in words))
