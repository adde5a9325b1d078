"""What must be there before anything is issued, and a person's word to issue without a source that was never read."""

from lms_sync.compliance.unread import how_unread, never_read, waiting_rows, why_it_waits
from lms_sync.errors import ConfigError, UsageError
from lms_sync.model.author import Author
from lms_sync.model.finding import Area, Finding
from lms_sync.model.log import DecisionKind
from lms_sync.model.readings import ReadingAccepted
from lms_sync.reports.issuer import Issuer
from lms_sync.store.known.registers import ACCEPTED
from lms_sync.store.known.snapshot import Snapshot, read_snapshot
from lms_sync.store.workspace import Workspace
from lms_sync.workspace.settings.config import FILE_NAME, Config
from lms_sync.workspace.start.shipped_values import SHIPPED_VALUE, shipped_values

NO_EVIDENCE = "no-evidence"
MISSING = frozenset((SHIPPED_VALUE, NO_EVIDENCE))
"""Codes of the findings without whose settlement nothing is issued."""


def missing(config: Config, snapshot: Snapshot | None) -> tuple[Finding, ...]:
    """Return what keeps everything from being issued; nothing where it may be. No snapshot: nothing recorded yet."""
    findings = shipped_values(config.settings)
    if config.settings.source:
        return findings
    known = snapshot is not None and bool(any(snapshot.counts.values()) or snapshot.filed)
    return findings if known else (*findings, _no_evidence())


def _no_evidence() -> Finding:
    return Finding(
        Area.CONFIG,
        NO_EVIDENCE,
        where=FILE_NAME,
        found="there is no [[source]], and no document of an ESD is on file, so nothing is known about anybody",
        expected="a source of completions, or a filed document",
        remedy="Add a [[source]], or file a document with `lms-sync documents add`. Until then nothing is issued.",
        blocks=True,
    )


def expect_complete(issuer: Issuer) -> None:
    """Raise ConfigError that says what is missing before anything may be issued."""
    if found := missing(issuer.config, issuer.snapshot):
        raise ConfigError(
            "nothing is issued yet\n" + "\n".join(f"  {finding.where}: {finding.found}" for finding in found),
            hint=" ".join(finding.remedy for finding in found),
        )


def expect_read(issuer: Issuer, partner_id: str, people: frozenset[str]) -> None:
    """Raise UsageError where evidence of these people of a partner may not have been read."""
    if why := why_it_waits(issuer.snapshot, partner_id, people):
        raise UsageError(
            f"it must wait: {why}", hint="Fix what keeps it from being read, or release it as described."
        )


def banner(issuer: Issuer) -> tuple[str, ...]:
    """Return what HR must know before reading a judgement: what is missing, and what was not read. One line each."""
    snapshot = issuer.snapshot
    return (
        *(f"Nothing is issued: {f.where}: {f.found}." for f in missing(issuer.config, snapshot)),
        *(f"Source {source.name} {how_unread(source, snapshot)}." for source in never_read(snapshot)),
        *(
            f"{rows.file} (source {rows.source}): {rows.refused} of {rows.counted} rows were refused."
            for rows in waiting_rows(snapshot)
        ),
    )


def issue_without(workspace: Workspace, author: Author, *, source: str) -> None:
    """Record a person's word that reports may go out though a source was never read whole; it ends when it has been.

    Raises: UsageError for a source that is not set up, or has been read whole.
    """
    store = workspace.store
    with store.transaction():
        snapshot = read_snapshot(store, author.at)
        unread = [configured.name for configured in never_read(snapshot)] if snapshot else []
        if source not in unread:
            raise UsageError(
                f"{source}: there is nothing to release; no mail waits for a first full reading of this source",
                hint=f"Those that wait: {', '.join(unread) or 'none'}.",
            )
        on = author.at.astimezone(workspace.zone).date()
        accepted = ReadingAccepted(source, author.by, on, author.reason)
        before = ACCEPTED.read(store).get(source)
        ACCEPTED.put(store, source, accepted, now=author.at)
        store.audit.add(
            DecisionKind.UNREAD,
            source,
            author,
            before=ACCEPTED.plain(before) if before else None,
            after=ACCEPTED.plain(accepted),
        )
