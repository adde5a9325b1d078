"""Documents of an ESD: filed from a person's page, looked at, taken back."""

from flask import abort, request
from werkzeug.wrappers import Response

from lms_sync.documents.decide import Filed, Filing, file_path, withdraw
from lms_sync.documents.vault import open_vault
from lms_sync.errors import NeedsSecond, UsageError
from lms_sync.model.agreement import KeptFile
from lms_sync.operations.night import open_issuer
from lms_sync.operations.second_person.carry_out import waiver
from lms_sync.web.looks import record_look
from lms_sync.web.person_page import known_on_roster
from lms_sync.web.second import asked
from lms_sync.web.uploads import needed
from lms_sync.web.visit import Visit, content, day_of, done, form


def file_document(visit: Visit, person_id: str) -> Response:
    """File a document of an ESD about somebody, as `documents add` does."""
    person_id = known_on_roster(visit, person_id).person_id
    with needed("file") as path, visit.writing() as workspace:
        reason = form("reason")
        filing = Filing(
            path,
            (person_id,),
            tuple(request.form.getlist("component")),
            form("kind"),
            form("esd"),
            day_of("day"),
            form("number"),
            insists=bool(reason),
        )
        snapshot = open_issuer(workspace, as_of=workspace.today()).snapshot
        author = visit.author(workspace, reason or f"filed {path.name}")
        try:
            filed = file_path(workspace, author, filing=filing, snapshot=snapshot)
        except NeedsSecond:
            return asked(visit, workspace, author, wanted=waiver(filing), file=path)
    return done(_filed_words(filed), f"/people/{person_id}")


def _filed_words(filed: object) -> str:
    if not isinstance(filed, Filed):
        return "The list was taken in."
    sentences = [f"{document.document_id} is on file now." for document in filed.new]
    sentences += [f"{document.document_id} was on file already; nothing was changed." for document in filed.same]
    return "\n".join((*sentences, *filed.remarks))


def document(visit: Visit, document_id: str) -> Response:
    """Return the file of a document on file, and record the look."""
    filed = visit.issuer.snapshot.filed.get(document_id)
    if filed is None:
        abort(404)
    return kept_file(visit, filed.file, what=f"document {document_id}")


def kept_file(visit: Visit, file: KeptFile, *, what: str) -> Response:
    """Return a file of the folder of documents, and record the look. Raises: UsageError where it is not as it was."""
    vault = open_vault(*visit.workspace.config.kept_files)
    if problem := vault.problem(file):
        raise UsageError(f"{file.name} {problem}", hint="Compare with a backup of the folder of documents.")
    record_look(visit.district, visit.user.name, what)
    return content(vault.place(file).read_bytes(), kind=file.media_type, name=file.name)


def withdraw_document(visit: Visit, document_id: str) -> Response:
    """Let a document stop counting; its file stays."""
    with visit.writing() as workspace:
        document = withdraw(workspace, visit.author(workspace), document_id=document_id)
    people = ", ".join(document.people)
    return done(f"{document_id} no longer counts, for {people}.", f"/people/{document.people[0]}")
