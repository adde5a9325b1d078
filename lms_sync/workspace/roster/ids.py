"""Whether the ids that HR gives are fit for file names, headers and command lines."""

import re
from collections.abc import Iterator
from dataclasses import replace

from lms_sync.model.finding import Finding
from lms_sync.tables.fields import Wrong
from lms_sync.tables.form import Entry, FormReader
from lms_sync.text import without_zeros
from lms_sync.workspace.roster.conflicts import Written

FIT = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}")
"""What a new id may be. That two differ in more than case is checked with all that stands twice."""


def unfit_ids(reader: FormReader, written: Written, *, known: frozenset[str] | None) -> Iterator[Finding]:
    """Yield a finding for each new id that is unfit; it blocks where `known` tells that it is new."""
    for heading, entry, code in _ids(written):
        if code and FIT.fullmatch(code) is None and code not in (known or ()):
            wrong = Wrong(
                f'"{code}"',
                "letters, digits, full stops, hyphens and underscores, 64 at most, and no full stop in front",
                "Give another id. One that was on the roster before may stay as it is.",
            )
            finding = reader.finding("id-unfit", entry.where(heading), wrong)
            yield replace(finding, blocks=known is not None)


def lost_zeros(reader: FormReader, written: Written, *, known: frozenset[str] | None) -> Iterator[Finding]:
    """Yield a finding a sheet for new ids, held as numbers, that are `known` ones without their leading zeros.

    Everybody would be somebody new, of whom nothing is known. An id that is text is meant so.
    """
    former = {without_zeros(code): code for code in sorted(known or ())}
    found: dict[str, list[tuple[Entry, str]]] = {}
    for heading, entry, code in _ids(written):
        if heading in entry.numbers and code not in (known or ()) and without_zeros(code) in former:
            found.setdefault(heading, []).append((entry, code))
    for heading, cells in found.items():
        (entry, code), more = cells[0], len(cells) - 1
        below = f" and {more} more below" if more else ""
        wrong = Wrong(
            f'the number {code}, where the roster had the code "{former[without_zeros(code)]}" before{below}',
            "the same codes, zeros in front included",
            "Format the column as text and type the zeros again. Where a code is really a new one, format its cell as"
            " text and type it again as it is.",
        )
        yield reader.finding("id-lost-zeros", entry.where(heading), wrong, subject=f"{entry.place}, {heading}")


def _ids(written: Written) -> Iterator[tuple[str, Entry, str]]:
    """Yield (heading, row, id) of everything that has an id of its own."""
    yield from (("Partner ID", entry, partner.partner_id) for entry, partner in written.partners)
    yield from (("Agreement ID", entry, agreement.agreement_id) for entry, agreement in written.agreements)
    yield from (("Person ID", entry, person.person_id) for entry, person in written.people)
