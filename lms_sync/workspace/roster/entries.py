"""Entries of the roster workbook → partners, agreements, people and assignments, with findings about each alone."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache

from email_validator import EmailNotValidError, validate_email

from lms_sync.model.finding import Finding
from lms_sync.model.roster import (
    DAYS_NOT_RECORDED,
    Agreement,
    Assignment,
    Cadence,
    ClockDecision,
    Partner,
    PartnerKind,
    Person,
    StaffClass,
)
from lms_sync.tables.fields import Wrong
from lms_sync.tables.form import Entry, FormReader
from lms_sync.text import plain, written_day
from lms_sync.workspace.roster.buildings import WEEK, KnownBuildings, building_and_days

_SIMPLE = re.compile(r"([a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*)@([a-z0-9.-]+)")
"""An address whose part before the @ is in its normal form already. Source: RFC 5322, 3.2.3."""
_SIMPLE_LENGTH = 64
"""No limit of any part (RFC 5321, 4.5.3.1) is met in fewer signs."""


@dataclass(slots=True)
class Rows:
    """Makes facts of one workbook's entries and keeps what it finds wrong on the way."""

    reader: FormReader
    known: KnownBuildings
    findings: list[Finding] = field(default_factory=list)

    def partner(self, entry: Entry) -> Partner:
        """Return a partner; unreadable words become the most careful choice, and the finding blocks."""
        partner = Partner(
            partner_id=entry.text("Partner ID"),
            name=entry.text("Name"),
            kind=PartnerKind(entry.text("Kind") or PartnerKind.SECURITY_COMPANY),
            report_to=self.addresses(entry, "Report to"),
            copy_to=self.addresses(entry, "Copy to"),
            cadence=Cadence(entry.text("Cadence") or Cadence.NONE),
        )
        if partner.cadence is not Cadence.NONE and not entry.words("Report to"):
            wrong = Wrong("no address", "whom to send the report to", "Fill in an address, or set Cadence to none.")
            self._note("address-missing", entry, "Report to", wrong=wrong)
        return partner

    def agreement(self, entry: Entry) -> Agreement | None:
        """Return an agreement; None when it has no first day, of which there is a finding already."""
        self._order(entry)
        starts = entry.day("Starts")
        if starts is None:
            return None
        return Agreement(
            agreement_id=entry.text("Agreement ID"),
            partner_id=entry.text("Partner ID"),
            school_year=entry.text("School year"),
            starts=starts,
            ends=entry.day("Ends"),
            review_due=entry.day("Review due"),
            adopted_on=entry.day("Adopted on"),
        )

    def person(self, entry: Entry) -> Person:
        """Return a person. A class without who decided it and when is no class; the same for a clock."""
        decided_by, decided_on = entry.text("Class decided by"), entry.day("Class decided on")
        word = entry.text("Class")
        self._class(entry)
        if not entry.day("First day with students") and "First day with students" not in entry.wrong:
            wrong = Wrong(
                "First day with students is blank",
                "the first day on school property with students expected",
                "Find it out and record it: without it no due date is known.",
            )
            self._note("first-day-missing", entry, "First day with students", wrong=wrong)
        return Person(
            person_id=entry.text("Person ID"),
            last_name=entry.text("Last name"),
            first_name=entry.text("First name"),
            preferred_name=entry.text("Preferred name"),
            emails=self.addresses(entry, "E-mails"),
            staff_class=StaffClass(word) if word and decided_by and decided_on else None,
            class_decided_by=decided_by,
            class_decided_on=decided_on,
            first_day=entry.day("First day with students"),
            clock=self._clock(entry),
            other_ids=tuple(self._other_ids(entry)),
        )

    def assignment(self, entry: Entry, agreements: Mapping[str, Agreement]) -> Assignment | None:
        """Return an assignment; None when it has no first day, of which there is a finding already."""
        self._order(entry)
        self._decision(entry)
        agreement_id = entry.text("Agreement ID")
        agreement = agreements.get(agreement_id)
        starts = entry.day("Starts")
        if starts is None:
            return None
        return Assignment(
            person_id=entry.text("Person ID"),
            partner_id=agreement.partner_id if agreement else entry.text("Partner ID"),
            agreement_id=agreement_id or None,
            starts=starts,
            ends=entry.day("Ends"),
            position=entry.text("Position"),
            buildings=self._buildings(entry),
            series=entry.text("Series"),
            decided_by=entry.text("Decided by"),
            decided_on=entry.day("Decided on"),
        )

    def addresses(self, entry: Entry, heading: str) -> tuple[str, ...]:
        """Return the addresses in their normal form, each once; nothing is looked up on the network."""
        addresses: dict[str, str] = {}
        for written in entry.words(heading):
            try:
                address = normal_address(written)
                addresses.setdefault(address.casefold(), address)
            except EmailNotValidError as error:
                alone = "Write the address alone, without a name or angle brackets."
                remedy = alone if "<" in written else f"Correct it: {str(error).rstrip('.')}."
                wrong = Wrong(f'"{written}"', "e-mail addresses, separated by semicolons", remedy)
                self._refuse("address-unreadable", entry, heading, wrong=wrong, part=written)
        return tuple(addresses.values())

    def _other_ids(self, entry: Entry) -> Iterator[tuple[str, str]]:
        for written in entry.words("Other IDs"):
            source, _, learner = (plain(part) for part in written.partition(":"))
            if source and learner:
                yield source, learner
            else:
                wrong = Wrong(
                    f'"{written}"', "source:id, such as canvas:4417", "Write the source's name, : and the id."
                )
                self._refuse("other-id-unreadable", entry, "Other IDs", wrong=wrong, part=written)

    def _class(self, entry: Entry) -> None:
        word = entry.text("Class")
        blank = [
            h for h in ("Class decided by", "Class decided on") if h not in entry.answers and h not in entry.wrong
        ]
        if not word and "Class" not in entry.wrong:
            wrong = Wrong(
                "Class is blank",
                "SRO or other, as decided by the district",
                "Decide by RCW 28A.320.124(3) and record who decided it and when.",
            )
            self._note("person-class-missing", entry, "Class", wrong=wrong)
        elif word and blank:
            wrong = Wrong(
                f"Class {word}, but {' and '.join(blank)} blank",
                "who decided the class and when",
                "Fill in both; until then the class counts as not decided.",
            )
            self._note("class-undecided", entry, blank[0], wrong=wrong, about="Class")

    def _clock(self, entry: Entry) -> ClockDecision | None:
        starts, on = entry.day("Clock starts"), entry.day("Clock decided on")
        by, citing = entry.text("Clock decided by"), entry.text("Clock citing")
        if starts and on and by and citing:
            return ClockDecision(starts, by, on, citing)
        if starts or on or by or citing:
            wrong = Wrong(
                "a part of the decision on the clock is blank",
                "Clock starts, Clock decided by, Clock decided on and Clock citing",
                "Fill in all four; until then the clock counts as not decided.",
            )
            self._note("clock-undecided", entry, "Clock starts", wrong=wrong)
        return None

    def _decision(self, entry: Entry) -> None:
        """Note an assignment without the decision that must come before it. Source: RCW 28A.400.345(1)."""
        decided_on, starts = entry.day("Decided on"), entry.day("Starts")
        if {"Series", "Decided by", "Decided on"} & entry.wrong.keys():
            return
        if not (entry.text("Series") and entry.text("Decided by") and decided_on):
            wrong = Wrong(
                "the decision before assignment is not fully recorded",
                "Series (confirmed or required), Decided by and Decided on (RCW 28A.400.345(1))",
                "Record what was decided, who decided it and when.",
            )
            self._note("assignment-undecided", entry, "Series", wrong=wrong)
        elif starts and decided_on > starts:
            wrong = Wrong(
                f"decided on {written_day(decided_on)}, after the assignment began on {written_day(starts)}",
                "a decision before assignment (RCW 28A.400.345(1))",
                "Correct the day if it is mistyped; otherwise it stays on record as late.",
            )
            self._note("assignment-decided-late", entry, "Decided on", wrong=wrong)

    def _buildings(self, entry: Entry) -> tuple[tuple[str, Decimal], ...]:
        buildings: dict[str, Decimal] = {}
        for written in (part for words in entry.words("Buildings") for part in self.known.parts(words)):
            if found := building_and_days(written):
                name = self.known.name(found[0])
                buildings[name] = buildings.get(name, DAYS_NOT_RECORDED) + found[1]
            else:
                wrong = Wrong(
                    f'"{written}"',
                    "a building, : and days a week",
                    "Write it like this: Lincoln HS: 3; Stadium HS: 2",
                )
                self._refuse("buildings-unreadable", entry, "Buildings", wrong=wrong, part=written)
        total = sum(buildings.values())
        if total > WEEK:
            wrong = Wrong(f"{total} days a week in all", f"at most {WEEK}", "Correct the days of the buildings.")
            self._refuse("building-days-too-many", entry, "Buildings", wrong=wrong)
        return tuple(buildings.items())

    def _order(self, entry: Entry) -> None:
        starts, ends = entry.day("Starts"), entry.day("Ends")
        if starts and ends and ends < starts:
            wrong = Wrong(
                f"Ends {written_day(ends)}, before Starts {written_day(starts)}",
                f"{written_day(starts)} or later",
                "Correct one of the two days.",
            )
            self._refuse("days-reversed", entry, "Ends", wrong=wrong)

    def _refuse(self, code: str, entry: Entry, heading: str, *, wrong: Wrong, part: str = "") -> None:
        """Keep a finding that blocks; `part` is the part of a list that it is about."""
        subject = entry.subject(heading, part)
        self.findings.append(self.reader.finding(code, entry.where(heading), wrong, subject=subject))

    def _note(self, code: str, entry: Entry, heading: str, *, wrong: Wrong, about: str = "") -> None:
        """Keep a finding that does not block, with the person whom the row is about, who is named in it.

        `about` is the heading that stands for several, where `heading` is the first of them that lacks something.
        """
        subject = entry.subject(about or heading)
        wrong = replace(wrong, found=wrong.found + entry.whose)
        finding = self.reader.finding(code, entry.where(heading), wrong, blocks=False, subject=subject)
        people = (entry.text("Person ID"),) if entry.text("Person ID") else ()
        self.findings.append(replace(finding, people=people))


def normal_address(written: str) -> str:
    """Return an address in its normal form. Raises: EmailNotValidError for what is no address.

    In what most addresses look like only the domain takes work, and colleagues share it.
    """
    simple = _SIMPLE.fullmatch(written)
    if simple and len(written) <= _SIMPLE_LENGTH and (domain := _domain(simple[2])):
        return f"{simple[1]}@{domain}"
    return str(validate_email(written, check_deliverability=False).normalized)


@lru_cache(maxsize=4_096)
def _domain(written: str) -> str:
    """Return a domain in its normal form; empty for what is none."""
    try:
        return str(validate_email(f"x@{written}", check_deliverability=False).domain)
    except EmailNotValidError:
        return ""
