"""To who sent corrections: what was taken as a claim, what was not and why, and later what was decided. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lms_sync.compliance.gate import PartnerText, fill, own_row, program
from lms_sync.model.received_mail import ReportedRow
from lms_sync.reports import words
from lms_sync.reports.missing import topic_words
from lms_sync.reports.notice import Notice, NoticeList


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """One entry, with the name that the roster has for its person, who is of the reader's own people."""

    row: ReportedRow
    name: str
    decision: str = ""
    """accepted | refused; empty while it waits."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What one reader is told in one mail."""

    district: PartnerText
    contact: PartnerText
    received: tuple[date, ...]
    """When the messages came of which this is the receipt; empty for word of decisions alone."""
    lines: tuple[ReceiptLine, ...]
    refused: tuple[str, ...]
    """What was not taken, as its sender wrote it, and why."""
    files: tuple[str, ...]
    """Names of the certificates that are kept."""


def receipt_notice(receipt: Receipt, names: Mapping[str, str]) -> Notice:
    """Return the short mail; `names` gives each requirement's short name."""
    district = words.clean(receipt.district)
    days = words.listed([words.written(day) for day in receipt.received])
    if receipt.received:
        subject, title = fill("{}: we received what you reported", district), program("We received what you reported")
        lead = fill(
            "This is about the corrections that you sent on {}. Nothing counts until the district has decided; you"
            " will be notified then. You need not answer this mail.",
            days,
        )
    else:
        subject, title = fill("{}: decided about what you reported", district), program("What was decided")
        lead = program("The district has decided about training that you reported. The reason is on file with it.")
    return Notice(
        subject=subject,
        title=title,
        lead=(lead,),
        lists=(
            NoticeList(program("Waits for the district’s decision"), _listed(receipt.lines, "", names)),
            NoticeList(program("Accepted: it counts"), _listed(receipt.lines, "accepted", names)),
            NoticeList(program("Not accepted: it does not count"), _listed(receipt.lines, "refused", names)),
            NoticeList(program("Not taken"), tuple(map(own_row, receipt.refused))),
            NoticeList(program("Kept with it"), tuple(map(own_row, receipt.files))),
        ),
        district=receipt.district,
        contact=receipt.contact,
    )


def _listed(lines: Sequence[ReceiptLine], decision: str, names: Mapping[str, str]) -> tuple[PartnerText, ...]:
    return tuple(
        fill(
            "{}: {}, completed on {}",
            own_row(line.name),
            topic_words(line.row.requirement, names),
            words.written(line.row.day) if line.row.day else program("an unknown day"),
        )
        for line in lines
        if line.decision == decision
    )
