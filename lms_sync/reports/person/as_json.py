"""One person's record → JSON for other programs: the same facts, days and instants as ISO 8601 text."""

from dataclasses import asdict
from typing import Any

from lms_sync.compliance.entries import RecordEntry
from lms_sync.compliance.person_record import PastAssignment, PersonRecord
from lms_sync.law.standing import Standing
from lms_sync.model.roster import Person


def record_json(record: PersonRecord) -> dict[str, Any]:
    """Return the record in the shape of `people show --format json`; days, instants and enums as text."""
    return {
        "as_of": record.as_of.isoformat(),
        "known_at": record.known_at.isoformat(),
        "law": record.law,
        "citation": record.citation,
        "mapping": record.mapping,
        "contact": record.contact,
        "person": _person(record.person),
        "assignments": [_post(post) for post in record.posts],
        "state": record.state.value,
        "reasons": list(record.reasons),
        "requirements": [_requirement(standing, record) for standing in record.standings],
        "counted": [_entry(entry) for entry in record.counted],
        "uncounted": [_entry(entry) for entry in record.uncounted],
        "doubts": [asdict(doubt) for doubt in record.doubts],
        "unread": [asdict(unread) for unread in record.unread],
        "documents": [_plain(asdict(document)) for document in record.documents],
        "sources": [_plain(asdict(source)) for source in record.sources],
    }


def _person(person: Person) -> dict[str, Any]:
    return {
        "id": person.person_id,
        "name": person.name,
        "class": person.staff_class,
        "class_decided_by": person.class_decided_by,
        "class_decided_on": _text(person.class_decided_on),
        "first_day": _text(person.first_day),
        "clock": _plain(asdict(person.clock)) if person.clock else None,
    }


def _post(post: PastAssignment) -> dict[str, Any]:
    assignment = post.assignment
    return {
        "partner": post.partner,
        "agreement": assignment.agreement_id,
        "starts": _text(assignment.starts),
        "ends": _text(assignment.ends),
        "position": assignment.position,
        "buildings": {name: str(days) if days else None for name, days in assignment.buildings},
        "series": assignment.series,
        "decided_by": assignment.decided_by,
        "decided_on": _text(assignment.decided_on),
    }


def _requirement(standing: Standing, record: PersonRecord) -> dict[str, Any]:
    return {
        "id": standing.requirement,
        "met_by": standing.met_by,
        "have": standing.have,
        "need": standing.need,
        "on": _text(standing.on),
        "due": _text(standing.due),
        "last_lawful_day": _text(standing.last_lawful_day),
        "late": standing.late,
        "doubted": _text(standing.doubted),
        "signed_up": [_plain(asdict(sign_up)) for sign_up in record.signed_up.get(standing.requirement, ())],
        "notes": list(standing.notes),
    }


def _entry(entry: RecordEntry) -> dict[str, Any]:
    decision = _plain(asdict(entry.decision)) if entry.decision else None
    return _plain(asdict(entry)) | {"decision": decision}


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: _text(value) for name, value in values.items()}


def _text(value: Any) -> Any:
    """Return a day as ISO 8601 text; anything else as it is."""
    return value.isoformat() if hasattr(value, "isoformat") else value
