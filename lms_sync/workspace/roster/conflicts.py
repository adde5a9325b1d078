"""What rows of the roster workbook say against each other. Each function yields findings and changes nothing."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations

from lms_sync.model.finding import Finding
from lms_sync.model.roster import Agreement, Assignment, Partner, PartnerKind, Person
from lms_sync.tables.fields import Wrong
from lms_sync.tables.form import Entry, FormReader
from lms_sync.text import did_you_mean, did_you_mean_id, fold, written_day
from lms_sync.workspace.roster.forms import AGREEMENTS, HALF_A_YEAR, PARTNERS, PEOPLE


@dataclass(frozen=True, slots=True)
class Written:
    """The workbook's rows as facts, each with the entry it was read from; doubled ids still doubled."""

    partners: Sequence[tuple[Entry, Partner]]
    agreements: Sequence[tuple[Entry, Agreement]]
    people: Sequence[tuple[Entry, Person]]
    assignments: Sequence[tuple[Entry, Assignment]]
    ids: Mapping[str, frozenset[str]]
    """Sheet → the ids in its first column, those of rows that could not be read for another reason included."""
    assigned: frozenset[str]
    """The Person IDs of *Assignments*, likewise."""


def conflicts(reader: FormReader, written: Written) -> Iterator[Finding]:
    """Yield all that is wrong between rows."""
    partners = {partner.partner_id: partner for _, partner in written.partners}
    agreements = {agreement.agreement_id: agreement for _, agreement in written.agreements}
    for heading, entries in (
        ("Partner ID", [entry for entry, _ in written.partners]),
        ("Agreement ID", [entry for entry, _ in written.agreements]),
        ("Person ID", [entry for entry, _ in written.people]),
    ):
        yield from _doubled(reader, entries, heading=heading)
    yield from _shared_addresses(reader, written.partners)
    yield from _shared_identifiers(reader, written.people)
    for entry, _ in written.agreements:
        yield from _unknown(reader, entry, heading="Partner ID", known=written.ids[PARTNERS.title])
    yield from _agreements_overlapping(reader, written.agreements)
    ids = written.ids
    for entry, assignment in written.assignments:
        yield from _unknown(reader, entry, heading="Person ID", known=ids[PEOPLE.title])
        yield from _unknown(reader, entry, heading="Agreement ID", known=ids[AGREEMENTS.title])
        yield from _unknown(reader, entry, heading="Partner ID", known=ids[PARTNERS.title])
        yield from _whose(reader, entry, agreements=agreements, partners=partners)
        yield from _outside_agreement(reader, entry, assignment=assignment, agreements=agreements)
    yield from _assignments_overlapping(reader, written.assignments)
    yield from _unassigned(reader, written)
    yield from _late_first_days(reader, written)


def _doubled(reader: FormReader, entries: Sequence[Entry], *, heading: str) -> Iterator[Finding]:
    first: dict[str, Entry] = {}
    for entry in entries:
        code = entry.text(heading)
        known = first.setdefault(fold(code), entry)
        if code and known is not entry:
            wrong = Wrong(
                f'"{code}", which {known.cell(heading)} holds too', "each id once", "Delete or correct one."
            )
            yield reader.finding("id-doubled", entry.where(heading), wrong, subject=entry.subject(heading))


def _unknown(reader: FormReader, entry: Entry, *, heading: str, known: Collection[str]) -> Iterator[Finding]:
    code = entry.text(heading)
    if code and code not in known:
        sheet = {"Person ID": "People", "Agreement ID": "Agreements", "Partner ID": "Partners"}[heading]
        hint = did_you_mean(code, known) if sheet == "Partners" else did_you_mean_id(code, known)
        alike = "Write both alike, with the zeros of the id" if hint and sheet != "Partners" else "Correct it"
        remedy = f"{hint}{alike}, or add it to {sheet}."
        wrong = Wrong(f'"{code}"', f"one of the ids in the sheet {sheet}", remedy)
        yield reader.finding("id-unknown", entry.where(heading), wrong, subject=entry.subject(heading))


def _shared_addresses(reader: FormReader, partners: Sequence[tuple[Entry, Partner]]) -> Iterator[Finding]:
    """Yield a finding per address of two partners: one would read about the other's people. HR's own may recur."""
    owner: dict[str, tuple[Entry, str]] = {}
    for entry, partner in partners:
        if partner.kind is PartnerKind.DISTRICT:
            continue
        for heading, addresses in (("Report to", partner.report_to), ("Copy to", partner.copy_to)):
            for address in addresses:
                known, place = owner.setdefault(address.casefold(), (entry, entry.cell(heading)))
                if known is not entry:
                    wrong = Wrong(
                        f'"{address}", which {place} holds too',
                        "an address that belongs to one partner",
                        "Give each partner its own address: a report must not reach another partner.",
                    )
                    yield reader.finding(
                        "address-shared", entry.where(heading), wrong, subject=entry.subject(heading, address)
                    )


def _shared_identifiers(reader: FormReader, people: Sequence[tuple[Entry, Person]]) -> Iterator[Finding]:
    """Yield a finding per identifier of two people; what carries it is credited to neither."""
    holders: dict[tuple[str, str, str], list[tuple[Entry, str]]] = defaultdict(list)
    for entry, person in people:
        for email in person.emails:
            holders["E-mails", email, fold(email)].append((entry, person.person_id))
        for source, learner in person.other_ids:
            holders["Other IDs", f"{source}:{learner}", fold(f"{source}:{learner}")].append((entry, person.person_id))
    merged: dict[tuple[str, str], list[tuple[Entry, str, str]]] = defaultdict(list)
    for (heading, value, folded), found in holders.items():
        merged[heading, folded] += [(entry, person_id, value) for entry, person_id in found]
    for (heading, folded), held in merged.items():
        ids = tuple(dict.fromkeys(person_id for _, person_id, _ in held))
        if len(ids) > 1:
            wrong = Wrong(
                f'"{held[-1][2]}", held by ' + " and ".join(ids),
                "an identifier of one person",
                "Take it from the wrong one; until then nothing that carries it is credited by itself.",
            )
            finding = reader.finding("identifier-shared", held[-1][0].where(heading), wrong, blocks=False)
            yield replace(finding, people=ids, subject=f"{reader.file}, {heading}, {folded}")


def _agreements_overlapping(reader: FormReader, agreements: Sequence[tuple[Entry, Agreement]]) -> Iterator[Finding]:
    for (_, agreement), (entry, other) in combinations(agreements, 2):
        if agreement.partner_id == other.partner_id and agreement.overlaps(other.starts, other.ends):
            wrong = Wrong(
                f"{other.agreement_id} overlaps {agreement.agreement_id}",
                "one agreement of a partner on any day",
                "End the earlier one, unless both are intended.",
            )
            yield reader.finding(
                "agreements-overlap",
                entry.where("Starts"),
                wrong,
                blocks=False,
                subject=entry.subject("Starts", agreement.agreement_id),
            )


def _whose(
    reader: FormReader, entry: Entry, *, agreements: Mapping[str, Agreement], partners: Mapping[str, Partner]
) -> Iterator[Finding]:
    """Yield what is wrong with the partner that an assignment's row tells."""
    agreement, partner_id = agreements.get(entry.text("Agreement ID")), entry.text("Partner ID")
    if agreement and partner_id and agreement.partner_id != partner_id:
        wrong = Wrong(
            f'"{partner_id}", but the agreement is with {agreement.partner_id}',
            "the agreement's partner, or blank",
            "Clear the cell, or correct the agreement.",
        )
        yield reader.finding(
            "partner-contradicts", entry.where("Partner ID"), wrong, subject=entry.subject("Partner ID")
        )
    elif not partner_id and "Agreement ID" not in entry.answers:
        wrong = Wrong("neither an agreement nor a partner", "who the person works for", "Fill in one of the two.")
        yield reader.finding(
            "partner-missing", entry.where("Agreement ID"), wrong, subject=entry.subject("Agreement ID")
        )
    elif "Agreement ID" not in entry.answers and _outsider(partners.get(partner_id)):
        wrong = Wrong(
            f"work for {partner_id} without an agreement",
            "an agreement with the partner (RCW 28A.320.1242)",
            "Add the agreement and name it here. The person is reported to the partner meanwhile.",
        )
        yield about_person(
            entry,
            reader.finding(
                "agreement-missing",
                entry.where("Agreement ID"),
                wrong,
                blocks=False,
                subject=entry.subject("Agreement ID"),
            ),
        )


def _outsider(partner: Partner | None) -> bool:
    return partner is not None and partner.kind is not PartnerKind.DISTRICT


def _outside_agreement(
    reader: FormReader, entry: Entry, *, assignment: Assignment, agreements: Mapping[str, Agreement]
) -> Iterator[Finding]:
    agreement = agreements.get(assignment.agreement_id or "")
    if agreement is None:
        return
    early = assignment.starts < agreement.starts
    late = agreement.ends and (assignment.ends or assignment.starts) > agreement.ends
    if early or late:
        span = f"{written_day(agreement.starts)} to {written_day(agreement.ends, 'open')}"
        wrong = Wrong(
            f"{written_day(assignment.starts)} to {written_day(assignment.ends, 'open')}",
            f"days within {agreement.agreement_id}, {span}",
            "Correct the days, or name the agreement of those days in a row of its own.",
        )
        yield about_person(
            entry,
            reader.finding(
                "outside-agreement", entry.where("Starts"), wrong, blocks=False, subject=entry.subject("Starts")
            ),
        )


def _assignments_overlapping(
    reader: FormReader, assignments: Sequence[tuple[Entry, Assignment]]
) -> Iterator[Finding]:
    by_pair = defaultdict(list)
    for entry, assignment in assignments:
        by_pair[assignment.person_id, assignment.partner_id].append((entry, assignment))
    for same in by_pair.values():
        for (first, held), (entry, other) in combinations(same, 2):
            if held.overlaps(other.starts, other.ends):
                span = f"{written_day(other.starts)} to {written_day(other.ends, 'open')}"
                wrong = Wrong(
                    f"{span}, which overlaps {first.cell('Starts')}",
                    "one assignment of a person to a partner on any day",
                    "End the earlier one the day before the later one starts, or merge the two rows.",
                )
                yield reader.finding(
                    "assignments-overlap", entry.where("Starts"), wrong, subject=entry.subject("Starts")
                )


def _unassigned(reader: FormReader, written: Written) -> Iterator[Finding]:
    if not written.people:
        wrong = Wrong(
            "nobody on the roster (examples don't count)",
            "a row for each person who guards the schools",
            "Fill in the sheet People.",
        )
        yield reader.finding("roster-empty", PEOPLE.title, wrong)
    for entry, person in written.people:
        if person.person_id and person.person_id not in written.assigned:
            wrong = Wrong(
                f"{person.person_id} has no assignment",
                "a row in Assignments",
                "Add one: without it no report shows the person.",
            )
            yield about_person(
                entry,
                reader.finding(
                    "person-unassigned",
                    entry.where("Person ID"),
                    wrong,
                    blocks=False,
                    subject=entry.subject("Person ID"),
                ),
            )


def _late_first_days(reader: FormReader, written: Written) -> Iterator[Finding]:
    """Yield a finding for each first day long after the first assignment: a year mistyped leaves nothing due."""
    starts: dict[str, date] = {}
    for _, assignment in written.assignments:
        starts[assignment.person_id] = min(assignment.starts, starts.get(assignment.person_id, date.max))
    for entry, person in written.people:
        began = starts.get(person.person_id)
        if began and person.first_day and person.first_day - began > HALF_A_YEAR:
            wrong = Wrong(
                f"{written_day(person.first_day)}, more than half a year after an assignment began on"
                f" {written_day(began)}",
                "the first day on school property with students expected",
                "Correct the day, or the assignment's start. As it is, nothing is due before that day.",
            )
            heading = "First day with students"
            place, subject = entry.where(heading), entry.subject(heading)
            yield about_person(entry, reader.finding("first-day-late", place, wrong, blocks=False, subject=subject))


def about_person(entry: Entry, finding: Finding) -> Finding:
    """Return a finding with the person whose row it is about."""
    person_id = entry.text("Person ID")
    return replace(finding, people=(person_id,)) if person_id else finding
