"""What the pages about one person say of a completion: where it was read, and who decided about it."""

from lms_sync.compliance.entries import RecordEntry
from lms_sync.compliance.gate import NOTHING, PartnerText, fill, joined, own_row, program, reason_of_hr
from lms_sync.reports import words

SHOWN_OF_A_RECORD = 12
"""Digits of a record's key that a page shows; the JSON holds all of them."""


def origin_words(entry: RecordEntry) -> PartnerText:
    """Return file, sheet and cell, source and record."""
    record = own_row(entry.record[:SHOWN_OF_A_RECORD])
    return fill("{}; source {}, record {}", words.clean(entry.origin), words.clean(entry.source), words.clean(record))


def verdict_words(entry: RecordEntry) -> PartnerText:
    """Return who accepted or refused the claim, when, and that there is a reason; empty where nobody had to."""
    decision = entry.decision
    if decision is None:
        return NOTHING
    verdict = program("accepted") if decision.accepted else program("refused")
    by, on = words.clean(own_row(decision.decided_by)), words.written(decision.decided_on)
    return joined(": ", (fill("{} by {} on {}", verdict, by, on), reason_of_hr(decision.reason)))
