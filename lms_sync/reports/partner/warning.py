"""That last lawful days come near: as a line of a report, as a short mail of its own, and as HR reads it. Pure."""

from collections.abc import Mapping, Sequence

from lms_sync.compliance.gap_report import DueWarning, GapReport
from lms_sync.compliance.gate import NOTHING, PartnerText, fill, joined, program
from lms_sync.reports import words
from lms_sync.reports.missing import missing_of
from lms_sync.reports.notice import Notice, NoticeList

_PERSON, _PEOPLE = program("person"), program("people")


def warning_notice(report: GapReport, warnings: Sequence[DueWarning], names: Mapping[str, str]) -> Notice:
    """Return the short mail about `warnings`, of which there is at least one."""
    first = warnings[0]
    number = words.count(len({warning.person.person_id for warning in warnings}), _PERSON, _PEOPLE)
    district = words.clean(report.district)
    subject = "{}: school safety training of {}, last lawful day {}"
    lead = fill(
        "This is a reminder about {} of {}. After the last lawful day the training is overdue.",
        number,
        words.clean(report.partner_name),
    )
    decisions = tuple(
        fill("{}: {}", words.clean(person.name), joined(" ", map(words.clean, person.decisions)))
        for person in {warning.person.person_id: warning.person for warning in warnings}.values()
        if person.decisions
    )
    return Notice(
        subject=fill(subject, district, number, when(first, report)),
        title=program("Training that is due"),
        lead=(lead, program("The training plan in your last report says what covers each gap.")),
        lists=(
            NoticeList(program("Who lacks what"), warning_lines(report, warnings, names)),
            NoticeList(program("Waiting for the district"), decisions),
        ),
        district=district,
        contact=report.contact,
    )


def warning_lines(
    report: GapReport, warnings: Sequence[DueWarning], names: Mapping[str, str], *, with_ids: bool = False
) -> tuple[PartnerText, ...]:
    """Return a sentence a warning: who lacks what, the last lawful day, and how far away it is."""
    return tuple(
        fill(
            "{}{}: {}. Last lawful day: {}.",
            words.clean(warning.person.name),
            fill(" ({})", warning.person.person_id) if with_ids else NOTHING,
            joined("; ", (missing.what for missing in missing_of(warning.standings, report, names))),
            when(warning, report),
        )
        for warning in warnings
    )


def when(warning: DueWarning, report: GapReport) -> PartnerText:
    """Return the last lawful day and how far away it is: `Dec 7, 2026, in 14 days`."""
    day = words.written(warning.last_lawful_day)
    left = (warning.last_lawful_day - report.as_of).days
    if left == 0:
        return fill("{}, today", day)
    if left < 0:
        return fill("{}, now past", day)
    return fill("{}, in {}", day, words.count(left, program("day"), program("days")))
