"""What a night made of one person, as the store keeps it for the next one: the judgement, and what it rests on."""

from dataclasses import dataclass, replace
from datetime import date

from lms_sync.law.standing import Judgement
from lms_sync.model.finding import Finding
from lms_sync.model.stored.stored_type import StoredType

CourseNames = tuple[str, str, str, str, str, bool]
"""Source, course, course title, unit, unit title; and whether only a file's name tells the course."""


@dataclass(frozen=True, slots=True)
class UndecidedCompletion:
    """A completion that counts for nothing because nobody has decided yet what its course teaches."""

    source: str
    record: str
    day: date | None
    course: str
    course_title: str
    unit: str
    unit_title: str
    alike: str = ""
    """The rows of the map that the course's form in a file's name may stand for; empty: the map has none."""


@dataclass(frozen=True, slots=True)
class ReportedCompletion:
    """A completion that a partner reported in a correction."""

    requirement: str
    day: date | None
    claim: str
    """The id of the claim about it."""


@dataclass(frozen=True, slots=True)
class JudgedPerson:
    """One person judged on one day."""

    judgement: Judgement
    sources: tuple[tuple[str, date | None], ...] = ()
    """(source that holds evidence of the person, newest day of a completion), by source."""
    undecided: tuple[UndecidedCompletion, ...] = ()
    claims: tuple[Finding, ...] = ()
    """What a person must accept before it counts."""
    future: tuple[Finding, ...] = ()
    """Completions on a day to come."""
    courses: tuple[CourseNames, ...] = ()
    """Every course of which there is a completion, whether or not it counts: a row of the map may speak of it."""
    decidable: tuple[str, ...] = ()
    """The ids of all claims that a decision was, or may be, made about."""
    reported: tuple[ReportedCompletion, ...] = ()
    changes_on: date | None = None
    """The first later day on which the same facts may give another judgement; None: they never do."""

    @property
    def without_sentences(self) -> "JudgedPerson":
        """Return it without what is written for readers: an upgrade that words it otherwise changes no judgement.

        How many reasons and notes there are is a fact: what HR is not asked for, nobody records.
        """
        standings = tuple(replace(s, notes=_blank(s.notes)) for s in self.judgement.standings)
        return replace(
            self,
            judgement=replace(self.judgement, reasons=_blank(self.judgement.reasons), standings=standings),
            claims=tuple(map(_without_sentences, self.claims)),
            future=tuple(map(_without_sentences, self.future)),
        )


def _blank(sentences: tuple[str, ...]) -> tuple[str, ...]:
    return ("",) * len(sentences)


def _without_sentences(finding: Finding) -> Finding:
    return replace(finding, found="", expected="", remedy="")


JUDGED_PERSON: StoredType[JudgedPerson] = StoredType("judgement", JudgedPerson)
