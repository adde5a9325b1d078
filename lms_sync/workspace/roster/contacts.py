"""The sheet *Contacts*: further people of a partner, each of whom reads of some buildings only."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from lms_sync.model.finding import Finding
from lms_sync.model.roster import Assignment, Contact, Partner, PartnerKind
from lms_sync.tables.fields import Wrong
from lms_sync.tables.form import Entry, FormReader
from lms_sync.text import did_you_mean, fold
from lms_sync.workspace.roster.buildings import KnownBuildings
from lms_sync.workspace.roster.entries import Rows


@dataclass(frozen=True, slots=True)
class WrittenContact:
    """One row of the sheet."""

    entry: Entry
    partner_id: str
    contact: Contact


def written_contacts(rows: Rows, entries: Sequence[Entry], known: KnownBuildings) -> tuple[WrittenContact, ...]:
    """Return the rows with an address that can be written to; what is wrong with others is found already."""
    found = []
    for entry in entries:
        parts = (part for words in entry.words("Buildings") for part in known.parts(words))
        names = (known.name(part.partition(":")[0].strip()) for part in parts)
        buildings = tuple(dict.fromkeys(name for name in names if name))
        found += [
            WrittenContact(entry, entry.text("Partner ID"), Contact(address, buildings))
            for address in rows.addresses(entry, "Address")
        ]
    return tuple(found)


def with_contacts(
    partners: Sequence[tuple[Entry, Partner]], contacts: Sequence[WrittenContact]
) -> list[tuple[Entry, Partner]]:
    """Return the partners with their contacts; several rows of one address of a partner are one contact.

    A row without a building is nobody's: it must not read as one about everybody.
    """
    theirs: dict[str, dict[str, Contact]] = {}
    for row in (row for row in contacts if row.contact.buildings):
        known = theirs.setdefault(row.partner_id, {})
        before = known.get(fold(row.contact.address), Contact(row.contact.address, ()))
        buildings = tuple(dict.fromkeys((*before.buildings, *row.contact.buildings)))
        known[fold(row.contact.address)] = Contact(before.address, buildings)
    return [
        (entry, replace(partner, contacts=tuple(theirs.get(partner.partner_id, {}).values())))
        for entry, partner in partners
    ]


def contact_findings(
    reader: FormReader,
    contacts: Sequence[WrittenContact],
    partners: Mapping[str, Partner],
    assignments: Sequence[Assignment],
) -> Iterator[Finding]:
    """Yield what is wrong between contacts and other sheets."""
    owners = {
        address.casefold(): partner
        for partner in partners.values()
        for address in (*partner.report_to, *partner.copy_to)
    }
    first: dict[str, WrittenContact] = {}
    places: dict[str, set[str]] = {}
    for assignment in assignments:
        places.setdefault(assignment.partner_id, set()).update(name for name, _ in assignment.buildings)
    for row in contacts:
        if row.partner_id not in partners:
            hint = did_you_mean(row.partner_id, partners)
            wrong = Wrong(
                f'"{row.partner_id}"',
                "one of the ids in the sheet Partners",
                f"{hint}Correct it, or add it there.",
            )
            yield _finding(reader, "id-unknown", row, "Partner ID", wrong)
            continue
        yield from _otherwise_written_to(reader, row, owners, first)
        if not row.contact.buildings and "Buildings" not in row.entry.wrong:
            remedy = "Name them. Contacts who read about everybody go into the sheet Partners instead."
            wrong = Wrong(
                f"Buildings is blank ({row.contact.address})", "the buildings of which the contact reads", remedy
            )
            yield _finding(reader, "contact-without-buildings", row, "Buildings", wrong)
        known = places.get(row.partner_id, set())
        for building in row.contact.buildings:
            if fold(building) not in map(fold, known):
                wrong = Wrong(
                    f'"{building}"',
                    "a building of this partner, as its Assignments write it",
                    f"{did_you_mean(building, known)}Correct it; until then the contact reads of nobody there.",
                )
                yield _finding(
                    reader, "contact-building-unknown", row, "Buildings", wrong, blocks=False, part=building
                )


def _otherwise_written_to(
    reader: FormReader, row: WrittenContact, owners: Mapping[str, Partner], first: dict[str, WrittenContact]
) -> Iterator[Finding]:
    """Yield that an address reads everything anyway, or of another partner's people."""
    address = row.contact.address.casefold()
    owner = owners.get(address)
    known = first.setdefault(address, row)
    if owner is not None and owner.partner_id == row.partner_id:
        wrong = Wrong(
            f'"{row.contact.address}", which stands among the addresses of the sheet Partners too',
            "one or the other",
            "Addresses in Partners read about everybody; delete the address there, or the row here.",
        )
        yield _finding(reader, "contact-reads-all", row, "Address", wrong)
    elif (owner is not None and owner.kind is not PartnerKind.DISTRICT) or known.partner_id != row.partner_id:
        wrong = Wrong(
            f'"{row.contact.address}", which another partner has too',
            "an address that belongs to one partner",
            "Give each partner its own address: a report must not reach another partner.",
        )
        yield _finding(reader, "address-shared", row, "Address", wrong)


def _finding(
    reader: FormReader,
    code: str,
    row: WrittenContact,
    heading: str,
    wrong: Wrong,
    *,
    blocks: bool = True,
    part: str = "",
) -> Finding:
    subject = row.entry.subject(heading, part or row.contact.address)
    return reader.finding(code, row.entry.where(heading), wrong, blocks=blocks, subject=subject)
