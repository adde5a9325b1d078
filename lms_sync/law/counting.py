"""One requirement's credits → what they come to: how many count, from which day on that is enough, and by what."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from operator import attrgetter

from lms_sync.law.series import Counts
from lms_sync.law.standing import MetBy
from lms_sync.model.evidence import Credit
from lms_sync.text import written_day

# All of a credit but its requirement, so that no two different ones are equal: the order of arrival never shows.
_oldest_first = attrgetter(
    *("day", "source", "record", "origin", "title", "amount", "host_school", "experienced_officer", "waived", "again")
)


@dataclass(frozen=True, slots=True)
class Tally:
    """What the credits of one requirement come to; documents stand outside it."""

    have: int
    """Without waivers; 1 at most for a topic."""
    met_by: MetBy | None
    """`credits` or `waived`, whichever came first; None when it is not enough."""
    met_on: date | None
    credits: tuple[Credit, ...]
    """Those that count, oldest first."""
    notes: tuple[str, ...]


NOTHING = Tally(0, None, None, (), ())
"""What no credits come to; most requirements of most people have none, or one."""


def tally(credits: Collection[Credit], counts: Counts, *, need: int) -> Tally:
    """Return what one requirement's credits come to against `need`.

    A waiver meets the requirement as a whole, whatever its amount: an ESD waives no part of a count.
    """
    ordered = _first_of_each_record(sorted(credits, key=_oldest_first)) if credits else []
    if not ordered:
        return NOTHING
    trained = [credit for credit in ordered if _trained(credit, counts)]
    per_day = _per_day(trained, counts)
    met_on, met_by = _reached(per_day, need), MetBy.CREDITS
    waived_on = next((credit.day for credit in ordered if credit.waived), None)
    if waived_on is not None and (met_on is None or waived_on < met_on):
        met_on, met_by = waived_on, MetBy.WAIVED
    total = sum(per_day.values())
    return Tally(
        have=min(total, need) if counts is Counts.TOPICS else total,
        met_by=met_by if met_on else None,
        met_on=met_on,
        credits=tuple(ordered if len(trained) == len(ordered) else _counting(ordered, counts)),
        notes=() if counts is Counts.TOPICS else _notes(ordered, trained, counts, per_day.keys()),
    )


def _counting(ordered: Iterable[Credit], counts: Counts) -> list[Credit]:
    return [credit for credit in ordered if credit.waived or _trained(credit, counts)]


def _notes(
    ordered: Iterable[Credit], trained: Iterable[Credit], counts: Counts, counted: Collection[date]
) -> tuple[str, ...]:
    return (*_without_evidence(ordered, counts, counted), *_counted_once(trained, counts))


def _first_of_each_record(ordered: Iterable[Credit]) -> list[Credit]:
    """Return the credits without those that repeat one before: a record that is done again counts once."""
    found: list[Credit] = []
    records: set[tuple[str, str]] = set()
    for credit in ordered:
        if not (credit.again and (credit.source, credit.record) in records):
            found.append(credit)
            records.add((credit.source, credit.record))
    return found


def _trained(credit: Credit, counts: Counts) -> bool:
    """Tell whether the credit is a training that counts. Source: series.toml, reading on-the-job-evidence."""
    if credit.waived or credit.amount <= 0:
        return False
    return counts is not Counts.DATES or bool(credit.host_school.strip() and credit.experienced_officer.strip())


def _per_day(trained: Iterable[Credit], counts: Counts) -> dict[date, int]:
    """Return what each date counts for, oldest first. Source: readings two-dates and check-ins-of-one-date."""
    per_day: dict[date, int] = defaultdict(int)
    for credit in trained:
        per_day[credit.day] = max(per_day[credit.day], credit.amount if counts is Counts.AMOUNTS else 1)
    return per_day


def _reached(per_day: Mapping[date, int], need: int) -> date | None:
    """Return the first day on which the count so far was enough; None where it never was."""
    sofar = 0
    for day, count in per_day.items():
        sofar += count
        if sofar >= need:
            return day
    return None


def _without_evidence(credits: Iterable[Credit], counts: Counts, counted: Collection[date]) -> list[str]:
    if counts is not Counts.DATES:
        return []
    days = {credit.day for credit in credits if not credit.waived and credit.amount > 0 and credit.day not in counted}
    return [
        f"The entry of {written_day(day)} does not count: it needs the host school and the experienced officer."
        for day in sorted(days)
    ]


def _counted_once(trained: Iterable[Credit], counts: Counts) -> list[str]:
    if counts is Counts.TOPICS:
        return []
    entries: dict[date, list[int]] = defaultdict(list)
    for credit in trained:
        entries[credit.day].append(credit.amount)
    if counts is Counts.DATES:
        return [
            f"What is entered for {written_day(day)} counts as one day: two days of training are two dates."
            for day, amounts in entries.items()
            if sum(amounts) > 1
        ]
    return [
        f"Of {len(amounts)} entries of {written_day(day)} only the largest counts ({max(amounts)}):"
        " sources often report the same."
        for day, amounts in entries.items()
        if len(amounts) > 1
    ]
