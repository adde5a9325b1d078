"""Whether the ids that HR gives are fit for file names, headers and command lines."""

import re
from collections.abc import Iterator
from dataclasses import replace

from lms_sync.model.finding import Finding
from lms_sync.tables.fields import Wrong
from lms_sync.tables.form import FormReader
from lms_sync.workspace.roster.conflicts import Written

FIT = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}")
"""What a new id may be. That two differ in more than case is checked with all that stands twice."""


def unfit_ids(reader: FormReader, written: Written, *, known: frozenset[str] | None) -> Iterator[Finding]:
    """Yield a finding for each new id that is unfit; it blocks where `known` tells that it is new."""
    ids = (
        *(("Partner ID", entry, partner.partner_id) for entry, partner in written.partners),
        *(("Agreement ID", entry, agreement.agreement_id) for entry, agreement in written.agreements),
        *(("Person ID", entry, person.person_id) for entry, person in written.people),
    )
    for heading, entry, code in ids:
        if code and FIT.fullmatch(code) is None and code not in (known or ()):
            wrong = Wrong(
                f'"{code}"',
                "letters, digits, full stops, hyphens and underscores, 64 at most, and no full stop in front",
                "Give another id. One that was on the roster before may stay as it is.",
            )
            finding = reader.finding("id-unfit", entry.where(heading), wrong)
            yield replace(finding, blocks=known is not None)
