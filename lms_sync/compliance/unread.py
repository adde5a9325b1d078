"""What keeps a partner's reports waiting because evidence of its people may not have been read. Pure."""

from collections.abc import Iterable

from lms_sync.model.finding import Area, Finding
from lms_sync.model.readings import ConfiguredSource, RefusedRows
from lms_sync.model.run import EMPTY
from lms_sync.store.known.snapshot import Snapshot
from lms_sync.text import command_line

NEVER_READ = "has never been read in full"
SAYS_NOTHING = "says nothing of anybody yet"


def never_read(snapshot: Snapshot) -> tuple[ConfiguredSource, ...]:
    """Return the sources of lms_sync.toml of which no pull has yet read every file or page."""
    whole = {source for source, (stored, _) in snapshot.pulls.items() if stored is not None}
    return tuple(source for source in snapshot.settings.sources if source.name not in whole)


def how_unread(source: ConfiguredSource, snapshot: Snapshot) -> str:
    """Return what is said of a source that was never read whole, as a predicate."""
    _, attempt = snapshot.pulls.get(source.name, (None, None))
    return SAYS_NOTHING if attempt and attempt.outcome == EMPTY else NEVER_READ


def concerns(source: ConfiguredSource, partner_id: str, snapshot: Snapshot) -> bool:
    """Tell whether a source may tell of the partner's people; one that names an unknown partner may tell of all."""
    names_all = not source.partners or not snapshot.roster.partners.keys() >= set(source.partners)
    return names_all or partner_id in source.partners


def let_go(snapshot: Snapshot) -> frozenset[str]:
    """Return the sources without which a person has let reports go."""
    return frozenset(accepted.source for accepted in snapshot.accepted if not accepted.file)


def waiting_rows(snapshot: Snapshot) -> tuple[RefusedRows, ...]:
    """Return the files with refused rows that no person has accepted."""
    accepted = {(a.source, a.file, a.sha256) for a in snapshot.accepted if a.file}
    return tuple(rows for rows in snapshot.refused if (rows.source, rows.file, rows.sha256) not in accepted)


def why_it_waits(snapshot: Snapshot, partner_id: str, people: Iterable[str]) -> str:
    """Return why what is told about these people of a partner must wait, as a sentence for HR; empty if it may go."""
    free = let_go(snapshot)
    for source in never_read(snapshot):
        if source.name not in free and concerns(source, partner_id, snapshot):
            return (
                f"source {source.name} {how_unread(source, snapshot)}, and may have records of its people"
                f" (`{command_line('outbox release', without=source.name, reason=...)}` lets it go)"
            )
    here = set(people)
    for rows in waiting_rows(snapshot):
        if rows.everybody or here & set(rows.people):
            return (
                f"{rows.refused} of {rows.counted} rows of {rows.file} (source {rows.source}) were refused, and may"
                f" be evidence of its people (`{accept_command(rows)}` lets it go)"
            )
    return ""


def accept_command(rows: RefusedRows) -> str:
    """Return what lets the people of refused rows go without these rows."""
    return command_line("pull", rows.source, accept_refused=rows.source, reason=...)


def unread_findings(snapshot: Snapshot) -> tuple[Finding, ...]:
    """Return a finding for each source that was never read whole, and for each that names an unknown partner.

    Of one that says nothing of anybody its pull has told.
    """
    unread = (source for source in never_read(snapshot) if how_unread(source, snapshot) == NEVER_READ)
    return (
        *(_never_read(source, free=source.name in let_go(snapshot)) for source in unread),
        *partner_findings(snapshot.settings.sources, snapshot.roster.partners),
    )


def _never_read(source: ConfiguredSource, *, free: bool) -> Finding:
    whom = f"the reports of {', '.join(source.partners)}" if source.partners else "all reports"
    so_far = f"{whom} say so" if free else f"{whom} wait"
    return Finding(
        Area.SOURCE,
        "never-read",
        where=f"source {source.name}",
        found="no pull has yet read it in full",
        expected="one pull in which every file or page is read",
        remedy=f"Fix what keeps it from being read; until then {so_far}."
        + ("" if free else f" Without it: `{command_line('outbox release', without=source.name, reason=...)}`."),
        source=source.name,
    )


def partner_findings(sources: Iterable[ConfiguredSource], partners: Iterable[str]) -> tuple[Finding, ...]:
    """Return a finding for each source whose `partners` name one that is not on the roster."""
    known = frozenset(partners)
    return tuple(
        Finding(
            Area.CONFIG,
            "source-partner-unknown",
            where=f"lms_sync.toml, [[source]] {source.name}, partners",
            found=f"{', '.join(unknown)}: no such Partner ID on the roster",
            expected="Partner IDs as the roster has them",
            remedy=f"Correct it. The roster has {', '.join(sorted(known)) or 'none'}; until then it concerns all.",
            source=source.name,
        )
        for source in sources
        if (unknown := [partner_id for partner_id in source.partners if partner_id not in known])
    )
