"""Gap reports → JSON and CSV for other programs."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from lms_sync.compliance.gap_report import (
    GapReport,
    PersonGaps,
    ReportedClaim,
    ReportedCredit,
    ReportedSignUp,
    ReportedStanding,
)
from lms_sync.law.standing import state_words
from lms_sync.tables.write_csv import csv_text

CSV_HEADINGS = (
    *("as_of", "partner_id", "partner", "person_id", "person", "class", "first_day", "state", "requirement"),
    *("met_by", "have", "need", "on", "due", "last_lawful_day", "late", "claims", "doubted", "signed_up"),
)


def report_json(reports: Sequence[GapReport]) -> dict[str, Any]:
    """Return the reports in the shape of `gaps --format json`: days and instants as ISO 8601 text.

    `agreement` holds the agreement's ID, several drawn together by `; `, and null for the district's own staff.
    The figures that all partners share stand once; null when there is no report.
    Raises: ValueError when the reports were not judged together.
    """
    shared = {(report.as_of, report.known_at, report.law, report.mapping) for report in reports}
    if len(shared) > 1:
        raise ValueError("reports of different days, laws or course maps can't share one answer")
    first = reports[0] if reports else None
    return {
        "as_of": first.as_of.isoformat() if first else None,
        "known_at": first.known_at.isoformat() if first else None,
        "law": first.law if first else None,
        "mapping": first.mapping if first else None,
        "partners": [_partner(report) for report in reports],
    }


def gaps_csv(reports: Sequence[GapReport]) -> str:
    """Return one row per person and requirement under `CSV_HEADINGS`; no cell runs when a spreadsheet opens it."""
    return csv_text(CSV_HEADINGS, _flat(reports))


def _partner(report: GapReport) -> dict[str, Any]:
    return {
        "id": report.partner.partner_id,
        "name": report.partner.name,
        "agreement": "; ".join(report.agreements) or None,
        "people": [_person(person) for person in report.people],
    }


def _person(person: PersonGaps) -> dict[str, Any]:
    return {
        "id": person.person_id,
        "name": person.name,
        "class": person.staff_class,
        "first_day": _iso(person.first_day),
        "state": person.state.value,
        "requirements": [_requirement(standing) for standing in person.requirements],
    }


def _requirement(standing: ReportedStanding) -> dict[str, Any]:
    return {
        "id": standing.requirement,
        "met_by": standing.met_by.value if standing.met_by else None,
        "have": standing.have,
        "need": standing.need,
        "on": _iso(standing.on),
        "due": _iso(standing.due),
        "late": standing.late,
        "doubted": _iso(standing.doubted),
        "credits": [_credit(credit) for credit in standing.credits],
        "claims": [_claim(claim) for claim in standing.claims],
        "signed_up": [_sign_up(sign_up) for sign_up in standing.signed_up],
        "notes": list(standing.notes),
    }


def _sign_up(sign_up: ReportedSignUp) -> dict[str, Any]:
    return {"day": _iso(sign_up.day), "title": sign_up.title, "source": sign_up.source}


def _credit(credit: ReportedCredit) -> dict[str, Any]:
    return {"source": credit.source, "record": credit.record, "origin": credit.origin}


def _claim(claim: ReportedClaim) -> dict[str, Any]:
    return {
        "id": claim.claim_id,
        "day": _iso(claim.day),
        "reason": claim.reason,
        "source": claim.source,
        "record": claim.record,
        "origin": claim.origin,
    }


def _flat(reports: Sequence[GapReport]) -> Iterator[tuple[str | int | date | None, ...]]:
    """Give one row per person and requirement, in the columns' order."""
    for report in reports:
        for person in report.people:
            who = (report.as_of, report.partner.partner_id, report.partner.name, person.person_id, person.name)
            staff_class = person.staff_class.value if person.staff_class else None
            state = state_words(person.state, person.doubted)
            for standing in person.requirements:
                yield (*who, staff_class, person.first_day, state, *_flat_standing(standing))


def _flat_standing(standing: ReportedStanding) -> tuple[str | int | date | None, ...]:
    return (
        standing.requirement,
        standing.met_by.value if standing.met_by else None,
        standing.have,
        standing.need,
        standing.on,
        standing.due,
        standing.last_lawful_day,
        "yes" if standing.late else "no",
        "; ".join(claim.claim_id for claim in standing.claims),
        standing.doubted,
        standing.signed_up[0].day if standing.signed_up else None,
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
