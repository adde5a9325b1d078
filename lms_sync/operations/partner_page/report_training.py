"""A partner reports completed trainings: written as a correction, which the next night reads as claims."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from email.message import EmailMessage
from pathlib import Path

from lms_sync.compliance.gap_report import GapReport
from lms_sync.documents.vault import open_vault
from lms_sync.errors import UsageError
from lms_sync.files import private_folder, write_private
from lms_sync.model.author import Author
from lms_sync.model.log import DecisionKind
from lms_sync.model.partner_page import Acknowledgement, ReportedTraining
from lms_sync.reports.issuer import Issuer
from lms_sync.reports.missing import topic_words
from lms_sync.sources.corrections.page_report import FilledTraining, filled_form
from lms_sync.sources.corrections.source import BY_PAGE
from lms_sync.store.known.registers import ACKNOWLEDGED, REPORTED, joined
from lms_sync.store.workspace import Workspace

EARLIEST = date(2001, 7, 25)
"""Twenty years before the law: an earlier day is a typing error."""
MOST_PEOPLE = 200


@dataclass(frozen=True, slots=True)
class TrainingForm:
    """What somebody of a partner says: one training of one or many people."""

    people: tuple[str, ...]
    """Person IDs."""
    requirement: str
    day: date | None
    provider: str
    instructor: str = ""
    number: str = ""
    file: Path | None = None
    """The certificate, or the sign-in sheet."""


def report_training(
    workspace: Workspace, author: Author, *, issuer: Issuer, report: GapReport, form: TrainingForm
) -> tuple[ReportedTraining, ...]:
    """Keep what a partner reported; it counts for nothing until somebody of the district decides.

    `report` is the partner's own: who and what does not stand in it can't be reported. Raises: UsageError otherwise.
    """
    day = _expect_sound(form, report, today=workspace.day(author.at))
    vault, store = open_vault(*workspace.config.kept_files), workspace.store
    taken = vault.take(form.file) if form.file else None
    token = workspace.mint()
    with store.transaction():
        reported = tuple(
            ReportedTraining(
                report_id=f"W{author.at:%Y%m%d}-{token}-{number}",
                partner_id=report.partner.partner_id,
                address=author.by,
                person_id=person_id,
                requirement=form.requirement,
                day=day,
                provider=form.provider,
                instructor=form.instructor,
                number=form.number,
                file=taken[0] if taken else None,
                at=author.at,
            )
            for number, person_id in enumerate(form.people, start=1)
        )
        for training in reported:
            REPORTED.put(store, training.report_id, training, now=author.at)
        after = {"people": list(form.people), "requirement": form.requirement, "day": day.isoformat()}
        store.audit.add(DecisionKind.REPORTED, report.partner.partner_id, author, before=None, after=after)
        if taken:
            vault.keep(*taken)
        _write(workspace, issuer, report, reported, name=f"{reported[0].report_id}.eml")
    return reported


def _expect_sound(form: TrainingForm, report: GapReport, *, today: date) -> date:
    """Return the day. Raises: UsageError for what can't be so."""
    open_ones = {str(person.person_id): {str(s.requirement) for s in person.open} for person in report.people}
    if not form.people:
        raise UsageError("nobody was chosen", hint="Tick everybody who completed the training.")
    if len(form.people) > MOST_PEOPLE:
        raise UsageError(
            f"{len(form.people)} people at once, more than {MOST_PEOPLE}",
            hint=f"Report them in several parts of at most {MOST_PEOPLE} people each.",
        )
    if not all(person in open_ones for person in form.people):
        raise UsageError("somebody who is not among your people today", hint="Reload the page, and choose again.")
    done = [person for person in form.people if form.requirement not in open_ones[person]]
    if done:
        names = _names(report)
        raise UsageError(
            f"this is not missing for {'; '.join(names[person] for person in done)}", hint="Choose what is missing."
        )
    if form.day is None or not EARLIEST <= form.day <= today:
        raise UsageError(
            f"{form.day or 'a blank'}: not a day on which it was completed", hint="Write the day of completion."
        )
    if not form.provider.strip():
        raise UsageError("the provider is blank", hint="Say who gave the training.")
    return form.day


def _write(
    workspace: Workspace, issuer: Issuer, report: GapReport, reported: Sequence[ReportedTraining], *, name: str
) -> None:
    """Write what was reported as the workbook that partners send back, from the address that was verified."""
    names = _names(report)
    rows = [
        FilledTraining(
            training.person_id,
            names[training.person_id],
            training.requirement,
            topic_words(training.requirement, issuer.templates.names),
            training.day,
            provider_words(training),
            training.number,
        )
        for training in reported
    ]
    book = filled_form(
        rows, partner_id=report.partner.partner_id, as_of=report.as_of, pseudonyms=workspace.pseudonyms
    )
    message = EmailMessage()
    message["From"] = reported[0].address
    message["Subject"] = "Reported on the partner's page"
    message.set_content("Reported on the partner's page.")
    message.add_attachment(book, maintype="application", subtype="octet-stream", filename="corrections.xlsx")
    folder = workspace.config.path(workspace.config.settings.corrections.folder) / BY_PAGE
    private_folder(folder)
    write_private(folder / name, message.as_bytes())


def provider_words(training: ReportedTraining) -> str:
    """Return who gave a training, as the cell of the workbook says it."""
    return "; instructor ".join(part for part in (training.provider, training.instructor) if part)


def _names(report: GapReport) -> dict[str, str]:
    return {str(person.person_id): str(person.name) for person in report.people}


def acknowledge(workspace: Workspace, author: Author, *, partner_id: str, delivery_id: str) -> Acknowledgement:
    """Record that somebody of a partner has read a report. Raises: UsageError when they said so before."""
    store = workspace.store
    with store.transaction():
        key = joined(delivery_id, author.by)
        if key in ACKNOWLEDGED.read(store):
            raise UsageError("you reported this before", hint="Nothing was changed.")
        read = Acknowledgement(partner_id, delivery_id, author.by, author.at)
        ACKNOWLEDGED.put(store, key, read, now=author.at)
        after = {"delivery": delivery_id}
        store.audit.add(DecisionKind.ACKNOWLEDGED, partner_id, author, before=None, after=after)
    return read
