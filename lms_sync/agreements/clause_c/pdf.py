"""Clause C of an agreement → the training confirmation and the training plan as PDFs for signature."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from itertools import groupby
from typing import Any

from lms_sync.agreements.clause_c.status import ClauseC, ComponentDocument, CoveredPerson
from lms_sync.compliance.gap_report import ReportedCredit, doubt_sentences
from lms_sync.compliance.gate import NOTHING, PartnerText, fill, joined, own_row, program
from lms_sync.compliance.plan.training_plan import TrainingPlan
from lms_sync.law.standing import State
from lms_sync.reports import words
from lms_sync.reports.figures import grid
from lms_sync.reports.partner.email import freshness
from lms_sync.reports.partner.letter import LetterSection, letter
from lms_sync.reports.partner.pdf import shared_notes
from lms_sync.reports.partner.planned import closes_words
from lms_sync.reports.templates import Templates
from lms_sync.reports.typeset import Pdf, typeset

COMPONENT_NAMES = {
    "classroom": program("Classroom"),
    "on-the-job": program("On the job"),
    "check-in": program("Check-ins"),
}
"""Component → the heading of its column."""
EARLY = program("✓ Documented before the first day")
KNOWN_STATES = {
    State.ON_PLAN: program("→ Within the deadline"),
    State.UNDETERMINED: program("? Not known yet: the district must record a fact"),
    State.NOT_STARTED: program("○ First day with students still ahead"),
}
"""States whose words only readers of the district's reports know → words for the reader of an agreement."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What makes a document an issued one."""

    number: PartnerText
    code: PartnerText
    """The verification code."""
    issued_on: date
    issued_by: PartnerText
    program: PartnerText
    """Version of the program that makes it."""
    terms: PartnerText
    """The citation of what an agreement must hold (law/yearly.toml)."""


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """One line of the evidence: a document of an ESD, or records that count."""

    what: PartnerText
    """What it shows: a component, or requirements."""
    from_whom: PartnerText
    """The ESD and its number; or the course."""
    day: PartnerText
    place: PartnerText
    """Source, file, sheet and cell, or API record; or the list that names the person."""
    key: PartnerText
    """The hash of the document's file, or the record's key."""


def confirmation_pdf(clause: ClauseC, stamp: Stamp | None, templates: Templates) -> Pdf:
    """Return the training confirmation; without a stamp a draft, which says so on each page.

    Raises: UsageError when the template can't be filled.
    """
    data = _shared(clause, stamp, templates) | {
        "columns": [COMPONENT_NAMES[name] for name in _components(clause)],
        "people": [_confirmed(person, _components(clause)) for person in clause.people],
    }
    return typeset(templates, "confirmation", data, day=_day(clause, stamp))


def agreement_plan_pdf(clause: ClauseC, plan: TrainingPlan, stamp: Stamp | None, templates: Templates) -> Pdf:
    """Return the training plan of an agreement; without a stamp a draft. Raises: UsageError as above."""
    partner_letter = letter(clause.report, plan, templates.names, in_full=len(clause.people))
    with_gaps = [person.person_id for person in clause.report.people if person.open]
    sections = dict(zip(with_gaps, partner_letter.sections, strict=True))
    data = _shared(clause, stamp, templates) | {
        "summary": _summary(clause),
        "overdue": [asdict(row) for row in partner_letter.overdue],
        "sections": [_planned(person, sections.get(person.gaps.person_id)) for person in clause.undocumented],
        "documented": [_confirmed(person, _components(clause)) for person in clause.people if person.documented],
        "columns": [COMPONENT_NAMES[name] for name in _components(clause)],
        "unclosed": partner_letter.unclosed,
        "grid": asdict(grid(clause.report)),
        "arrange": partner_letter.arrange,
        "sittings": [asdict(line) for line in partner_letter.sittings],
        "shared_notes": shared_notes(partner_letter.sections),
    }
    return typeset(templates, "agreement_plan", data, day=_day(clause, stamp))


def _day(clause: ClauseC, stamp: Stamp | None) -> date:
    return stamp.issued_on if stamp else clause.report.as_of


def _shared(clause: ClauseC, stamp: Stamp | None, templates: Templates) -> dict[str, Any]:
    """Return what both documents say: parties, number and code, law and map, evidence."""
    report, agreement = clause.report, clause.agreement
    ends = fill(" to {}", words.written_in_full(agreement.ends)) if agreement.ends else program(" on")
    return {
        "district": words.clean(report.district),
        "partner": words.clean(report.partner_name),
        "contact": words.clean(report.contact),
        "agreement": words.clean(own_row(agreement.agreement_id)),
        "school_year": words.clean(own_row(agreement.school_year)),
        "term": fill("from {}{}", words.written_in_full(agreement.starts), ends),
        "day": words.written_in_full(report.as_of),
        "known_at": templates.instant(report.known_at),
        "law": words.version_day(report.law),
        "citation": clause.citation,
        "mapping": report.mapping,
        "number_of_people": words.count(len(clause.people), program("person"), program("people")),
        "stamp": {} if stamp is None else asdict(stamp) | {"issued_on": words.written_in_full(stamp.issued_on)},
        "evidence": [_evidence(person) for person in clause.people],
        "sources": [asdict(source) for source in freshness(report.sources, templates)],
    }


def _components(clause: ClauseC) -> tuple[str, ...]:
    """Return every component that is required of anybody, in the series' order."""
    required = {component for person in clause.people for component in person.components}
    return tuple(name for name in COMPONENT_NAMES if name in required)


def _about(person: CoveredPerson) -> PartnerText:
    gaps = person.gaps
    first = (
        fill("first day with students {}", words.written(gaps.first_day))
        if gaps.first_day
        else program("first day not recorded")
    )
    return joined(" · ", (words.CLASS_WORDS[gaps.staff_class], words.clean(gaps.position), first))


def _confirmed(person: CoveredPerson, components: Sequence[str]) -> dict[str, Any]:
    on_file: dict[str, ComponentDocument] = {document.component: document for document in person.documents}
    missing: dict[str, PartnerText] = dict.fromkeys(person.components, program("NO DOCUMENT ON FILE"))
    cells = [
        _document_words(on_file[name]) if name in on_file else missing.get(name, _not_required(person))
        for name in components
    ]
    return {"name": words.clean(person.gaps.name), "about": _about(person), "cells": cells}


def _not_required(person: CoveredPerson) -> PartnerText:
    return program("not required of this class") if person.gaps.staff_class else program("CLASS NOT RECORDED")


def _document_words(document: ComponentDocument) -> PartnerText:
    esd, day = words.clean(document.esd), words.written(document.day)
    return fill("{} by {} on {}{}", document.kind, esd, day, _number(document))


def _number(document: ComponentDocument) -> PartnerText:
    return fill(", no.\u00a0{}", words.clean(document.number)) if document.number else NOTHING


def _summary(clause: ClauseC) -> list[tuple[str, int]]:
    """Return (state, how many people), without empty ones; who is documented before the first day stands apart."""
    states = [
        EARLY if covered.documented and covered.gaps.state is not State.DOCUMENTED else _state(covered)
        for covered in clause.people
    ]
    return [
        (word, states.count(word))
        for word in (*(words.STATE_WORDS | KNOWN_STATES).values(), words.COMPLETE_IN_DOUBT, EARLY)
        if word in states
    ]


def _state(covered: CoveredPerson) -> str:
    doubted = covered.gaps.doubted and covered.gaps.state is State.COMPLETE
    return words.COMPLETE_IN_DOUBT if doubted else (words.STATE_WORDS | KNOWN_STATES)[covered.gaps.state]


def _known(state: str) -> str:
    """Return a state, with what the plan does not keep, in words that the reader of an agreement knows."""
    for known, word in KNOWN_STATES.items():
        state = state.replace(words.STATE_WORDS[known], word)
    return state


def _planned(person: CoveredPerson, section: LetterSection | None) -> dict[str, Any]:
    """Return one person's section: what is missing and planned, and what the ESD is still to be asked for."""
    return {
        "name": words.clean(person.gaps.name),
        "state": _known(section.state if section else words.state_words(person.gaps.state, person.gaps.doubted)),
        "about": _about(person),
        "reasons": [
            words.clean(reason) for reason in (*person.gaps.reasons, *doubt_sentences(person.gaps.requirements))
        ],
        "missing": [asdict(missing) for missing in section.missing] if section else [],
        "plan": [asdict(line) for line in section.plan] if section else [],
        "unclosed": section.unclosed if section else "",
        "notes": list(section.notes) if section else [],
        "deadlines": [
            fill("{}: by {}", COMPONENT_NAMES[component], words.written(day)) for component, day in person.deadlines
        ],
        "to_request": [words.COMPONENT_WORDS[name][1] for name in person.to_request],
        "documents": [
            fill("{}: {}", COMPONENT_NAMES[document.component], _document_words(document))
            for document in person.documents
        ],
    }


def _evidence(person: CoveredPerson) -> dict[str, Any]:
    proofs = [*map(_of_document, person.documents), *_of_records(person)]
    return {"name": words.clean(person.gaps.name), "proofs": [asdict(proof) for proof in proofs]}


def _of_document(document: ComponentDocument) -> EvidenceLine:
    place = joined(", ", (fill("document {}", document.document_id), words.clean(document.origin)))
    return EvidenceLine(
        what=fill("{}, {}", COMPONENT_NAMES[document.component], document.kind),
        from_whom=fill("{}{}", words.clean(document.esd), _number(document)),
        day=words.written(document.day),
        place=place,
        key=document.sha256,
    )


def _of_records(person: CoveredPerson) -> Iterator[EvidenceLine]:
    """Yield the records that count, each once with all the requirements toward which it counts."""

    def record(
        pair: tuple[PartnerText, ReportedCredit],
    ) -> tuple[date, PartnerText, PartnerText, PartnerText]:
        return pair[1].day, pair[1].source, pair[1].record, pair[1].title

    pairs = [(s.requirement, credit) for s in person.gaps.requirements for credit in s.credits]
    for (day, source, key, title), same in groupby(sorted(pairs, key=record), key=record):
        found = list(same)
        yield EvidenceLine(
            what=closes_words(tuple(requirement for requirement, _ in found)),
            from_whom=words.clean(title),
            day=words.written(day),
            place=fill("{}: {}", words.clean(source), words.clean(found[0][1].origin)),
            key=key,
        )
