"""Clause C of an agreement → JSON: what an issued document says, as it is stored with it and rebuilt from history."""

from typing import Any

from lms_sync.agreements.clause_c.status import ClauseC, ComponentDocument, CoveredPerson
from lms_sync.reports.gaps_export import report_json


def clause_c_json(clause: ClauseC) -> dict[str, Any]:
    """Return all that a confirmation or a plan rests on; days and instants are ISO 8601 text.

    The covered people stand there as `gaps --format json` tells them, each with `required`, `documents`, `deadlines`
    and `lacks` besides.
    """
    judged = report_json([clause.report])
    (partner,) = judged.pop("partners")
    people = {person["id"]: person for person in partner.pop("people")}
    agreement = clause.agreement
    return {
        **judged,
        "district": clause.report.district,
        "citation": clause.citation,
        "partner": {"id": partner["id"], "name": partner["name"]},
        "agreement": {
            "id": agreement.agreement_id,
            "school_year": agreement.school_year,
            "starts": agreement.starts.isoformat(),
            "ends": agreement.ends.isoformat() if agreement.ends else None,
        },
        "people": [people[covered.gaps.person_id] | _documentation(covered) for covered in clause.people],
    }


def _documentation(person: CoveredPerson) -> dict[str, Any]:
    return {
        "required": list(person.components),
        "documents": [_document(component_document) for component_document in person.documents],
        "deadlines": [[component, day.isoformat()] for component, day in person.deadlines],
        "lacks": list(person.lacks),
    }


def _document(document: ComponentDocument) -> dict[str, str]:
    return {
        "component": document.component,
        "kind": document.kind,
        "esd": document.esd,
        "day": document.day.isoformat(),
        "number": document.number,
        "document": document.document_id,
        "sha256": document.sha256,
        "origin": document.origin,
    }
