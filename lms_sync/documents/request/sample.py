"""A made-up request to an ESD: `lms-sync check` renders its template with it."""

from dataclasses import replace
from datetime import date

from lms_sync.compliance.entries import RecordEntry
from lms_sync.compliance.gate import NOTHING, made_up
from lms_sync.documents.request.pdf import Request
from lms_sync.documents.request.status import FinishedComponent, NotAsked, RequestCandidate
from lms_sync.law.series import Component, Counts
from lms_sync.reports.person.sample import sample_record


def sample_request() -> Request:
    """Return a request in which nothing that the template may be asked to say is left out."""
    record = sample_record()
    classroom, on_the_job = record.components
    check_ins = Component("check-in", "check-in trainings", Counts.AMOUNTS, {}, 12, classroom.citation)
    first = RecordEntry(
        ("topic-01",),
        date(2026, 8, 10),
        made_up("Rights"),
        made_up("vector"),
        made_up("8d31a4db98b3"),
        made_up("export.xlsx, Done!A12"),
        NOTHING,
    )
    asked = (
        FinishedComponent(
            classroom,
            2,
            2,
            date(2026, 8, 12),
            (first, replace(first, requirements=("topic-10",), title=made_up("Calm"))),
        ),
        FinishedComponent(on_the_job, 0, 2, None, record.counted[1:]),
    )
    not_asked = (
        NotAsked(check_ins, 6, 6, record.documents[0], ""),
        NotAsked(check_ins, 6, 6, None, "Q-2026-0001"),
        NotAsked(check_ins, 4, 6, None, ""),
    )
    return Request("Q-2026-0002", "ESD 900", record, RequestCandidate(asked, not_asked))
