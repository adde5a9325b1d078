"""Messages with corrections → what is kept of them: the claims, what was not taken and why, the certificates."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from lms_sync.documents.vault import open_vault
from lms_sync.errors import UsageError
from lms_sync.model.address import fold_address
from lms_sync.model.agreement import KeptFile
from lms_sync.model.evidence import Completion, Item, Refused
from lms_sync.model.finding import Area, Finding
from lms_sync.model.received_mail import CorrectionMail, Enclosure, ReceivedMail, ReportedRow
from lms_sync.model.roster import Roster
from lms_sync.operations.pull.record_files import untold
from lms_sync.sources.pull import FileRead, FileSkipped, Pull
from lms_sync.store.known.registers import CORRECTION_MAILS
from lms_sync.store.known.snapshot import read_roster
from lms_sync.store.workspace import Workspace

WHOLE: Mapping[str, str] = {
    "correction-unreadable": "it could not be read",
    "correction-foreign": "it is no form that the district sent you",
    "correction-sender": "it is no form that the district sent you",
    "correction-expired": "it is too old; please use the workbook of the newest report",
    "correction-tampered": "a code, a person or a requirement in it was changed; please fill in a fresh copy",
}
"""Code of a finding about a whole workbook → what its sender reads: nothing that stands in the workbook."""
NOT_FILLED_IN = "nothing was filled in"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one workbook."""

    sha256: str
    rows: tuple[ReportedRow, ...] = ()
    refused: tuple[str, ...] = ()


def keep_received(workspace: Workspace, pull: Pull, *, now: datetime) -> None:
    """Keep what became of messages that were not kept before; the caller holds the transaction.

    Certificates are kept among the documents; in a rehearsal no file is written.
    """
    store = workspace.store
    if not pull.received:
        return
    earlier = CORRECTION_MAILS.read(store)
    roster = read_roster(store)
    found: list[Finding] = []
    for mail in pull.received:
        if mail.mail in earlier:
            continue
        kept = []
        for enclosure in mail.enclosures:
            try:
                kept.append(_keep(workspace, enclosure))
            except UsageError as error:
                found.append(_not_kept(mail, enclosure, error))
        outcomes = tuple(outcomes_of(mail, pull, earlier.values()))
        whose = partner_of_sender(mail.sender, roster)
        correction = CorrectionMail(
            partner_id=whose,
            sender=mail.sender,
            message_id=mail.message_id,
            received_on=workspace.day(now),
            workbooks=tuple(outcome.sha256 for outcome in outcomes),
            rows=tuple(row for outcome in outcomes for row in outcome.rows),
            refused=tuple(sentence for outcome in outcomes for sentence in outcome.refused),
            files=tuple(kept),
            is_answerable=mail.is_answerable and bool(whose),
        )
        found += _later_files(mail, pull, correction)
        earlier[mail.mail] = correction
        CORRECTION_MAILS.put(store, mail.mail, correction, now=now)
    store.findings.see({"enclosures": (*found, *untold(store, ["enclosures"])["enclosures"])}, now=now)


def partner_of_sender(sender: str, roster: Roster) -> str:
    """Return the one partner whose contact somebody is; empty for none, and for who is the contact of several."""
    address = fold_address(sender)
    found = [
        partner.partner_id for partner in roster.partners.values() if address in map(fold_address, partner.addresses)
    ]
    return found[0] if len(found) == 1 else ""


def outcomes_of(mail: ReceivedMail, pull: Pull, earlier: Collection[CorrectionMail]) -> Iterator[Outcome]:
    """Yield what became of each workbook of a message; of one that came before, what became of it then. Pure."""
    for file in pull.files:
        if file.name in mail.workbooks:
            yield _outcome(file)
    for skipped in pull.skipped:
        if skipped.name in mail.workbooks:
            yield _outcome_before(skipped, mail, earlier)


def _outcome(file: FileRead) -> Outcome:
    rows, refused = [], []
    for item in file.items:
        if isinstance(item.reading, Completion):
            reading = item.reading
            person_id = reading.learner.person_id or ""
            rows.append(ReportedRow(person_id, reading.course, reading.day))
        elif isinstance(item.reading, Refused):
            refused.append(_sentence(file, item, item.reading.finding))
    nothing = () if rows or refused else (f"{_short(file.name)}: {NOT_FILLED_IN}",)
    return Outcome(file.sha256, tuple(rows), (*refused, *nothing))


def _sentence(file: FileRead, item: Item, finding: Finding) -> str:
    """Return why something was not taken; of a row what its sender wrote there, of a workbook nothing of it."""
    if finding.code in WHOLE:
        return f"{_short(file.name)}: {WHOLE[finding.code]}"
    place = "!".join(part for part in (item.origin.sheet, item.origin.cell) if part)
    return f"{_short(file.name)}, {place}: {finding.found}; expected: {finding.expected}"


def _short(name: str) -> str:
    """Return the file's name as its sender called it."""
    return name.partition(", ")[2] or name


def _outcome_before(skipped: FileSkipped, mail: ReceivedMail, earlier: Collection[CorrectionMail]) -> Outcome:
    name = _short(skipped.name)
    for correction in earlier:
        if skipped.sha256 in correction.workbooks and fold_address(correction.sender) == fold_address(mail.sender):
            return Outcome(skipped.sha256, correction.rows, (f"{name}: we had it already, and nothing was changed",))
    return Outcome(skipped.sha256, (), (f"{name}: we had it already, and nothing was changed",))


def _keep(workspace: Workspace, enclosure: Enclosure) -> KeptFile:
    """Keep a certificate. Raises: UsageError for a kind or size that is not kept."""
    vault = open_vault(*workspace.config.kept_files)
    if len(enclosure.content) > vault.largest:
        raise UsageError(f"{enclosure.name}: too large", hint="Ask for a smaller scan.")
    handed = vault.handed(enclosure.name, enclosure.content)
    if not workspace.store.rehearsal:
        vault.keep(handed.file, handed.content)
    return handed.file


def _not_kept(mail: ReceivedMail, enclosure: Enclosure, error: UsageError) -> Finding:
    return Finding(
        Area.CLAIM,
        "certificate-not-kept",
        where=f"{mail.name}, {enclosure.name}",
        found=f"it came with corrections and was not kept: {error}",
        expected="a file of a kind and size that are kept",
        remedy=error.hint,
        subject=f"{mail.mail} {enclosure.sha256}",
    )


def _later_files(mail: ReceivedMail, pull: Pull, correction: CorrectionMail) -> Iterator[Finding]:
    """Yield that certificates came with a workbook that had been read before, whose claims do not name them."""
    again = {skipped.name for skipped in pull.skipped} & {*mail.workbooks}
    if again and correction.files:
        names = "; ".join(f"{file.name}, sha256 {file.sha256}" for file in correction.files)
        yield Finding(
            Area.CLAIM,
            "certificate-later",
            where=mail.name,
            found=f"it brings a workbook that was read before, and with it {names}, kept among the documents",
            expected="a certificate that came with its workbook",
            remedy="Look at it beside the claims of that workbook.",
            people=tuple(dict.fromkeys(row.person_id for row in correction.rows)),
            subject=mail.mail,
        )
