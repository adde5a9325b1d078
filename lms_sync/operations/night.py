"""One night, read top to bottom: take in → pull → judge → issue → send → summary.

`gaps`, `report`, `pull` and `outbox release` use the same steps, so that what they show is what the night would do.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from lms_sync.compliance.judge import Judged, judge_roster
from lms_sync.compliance.unread import unread_findings
from lms_sync.documents.sweep import sweep
from lms_sync.documents.vault import open_vault
from lms_sync.errors import EXIT_FINDINGS, ConfigError, LmsSyncError, NothingRecorded, worst
from lms_sync.law.series import Law
from lms_sync.mail.before_issuing import missing
from lms_sync.mail.besides import other_addresses
from lms_sync.mail.came_back import doubt_findings, end_outdated
from lms_sync.mail.issue import issue_summary
from lms_sync.mail.outbox import Batch
from lms_sync.mail.outbox import findings as outbox_findings
from lms_sync.mail.send import send
from lms_sync.model.delivery import Delivery, DeliveryState
from lms_sync.model.finding import Finding
from lms_sync.model.run import Pulled
from lms_sync.operations.agreed.baseline import write_baseline
from lms_sync.operations.backup.make import nightly_backup
from lms_sync.operations.basis import Basis, forget
from lms_sync.operations.intake import Intake, take_in
from lms_sync.operations.issuing import issue_all
from lms_sync.operations.judging import NightJudgement, judge_tonight, untold
from lms_sync.operations.plausible_roster import ROSTER
from lms_sync.operations.pull.sources import NOBODY, pull_sources
from lms_sync.operations.summary import (
    NightOutcome,
    NightStanding,
    keep_unsent,
    new_since,
    standing_tonight,
    summarise,
    words_before,
)
from lms_sync.operations.upgrade.during_night import BeforePull, look_after, look_before, remember
from lms_sync.operations.upgrade.standings import kept
from lms_sync.operations.upgrade.status import findings as findings_of_rules
from lms_sync.operations.watch import watch
from lms_sync.reports.issuer import Issuer, SummaryIssuer
from lms_sync.reports.night.summary import NightSummary
from lms_sync.reports.templates import Templates, template_environment
from lms_sync.store.known.differences import compare_anew
from lms_sync.store.known.readers import read_law
from lms_sync.store.known.registers import RULE_CHANGES
from lms_sync.store.known.roster_in_force import RosterInForce
from lms_sync.store.known.snapshot import Snapshot, read_snapshot
from lms_sync.store.store import Store
from lms_sync.store.workspace import Workspace
from lms_sync.text import written_minute
from lms_sync.workspace.settings.config import Config

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Night:
    """What a night came to."""

    started: datetime
    as_of: date
    """The day on which everybody is judged."""
    pulled: tuple[Pulled, ...] = ()
    judged: Judged | None = None
    before: Mapping[str, str] = field(default_factory=dict)
    """Everybody's standing as the last night kept it, until tonight's takes its place."""
    issuer: Issuer | None = None
    """All that documents about this night's judgement need; None where nobody was judged anew."""
    new: tuple[Finding, ...] = ()
    posted: list[Delivery] = field(default_factory=list)
    known: frozenset[str] = frozenset()
    """Ids of the deliveries that were there before; a dry run shows no others."""
    batch: Batch | None = None
    summary: NightSummary | None = None
    unsent: Path | None = None
    """Where the summary lies when it could not be sent."""
    troubles: list[LmsSyncError] = field(default_factory=list)
    """Each reason of an exit code that no finding tells."""
    codes: set[int] = field(default_factory=set)
    rests_on: tuple[Basis, NightStanding] | None = None
    """What a second night of the day compares with, once this one's files are written; None: it concludes anew."""

    @property
    def exit_code(self) -> int:
        """Return the exit code that stands for all that happened."""
        return worst(self.codes | ({EXIT_FINDINGS} if self.new else set()))


def run_night(
    workspace: Workspace,
    *,
    accept_drop: Mapping[str, str],
    accept_days: Mapping[str, str] = NOBODY,
    as_of: date | None = None,
    everybody: bool = False,
) -> Night:
    """Run one night; `everybody` judges all anew, also those of whom nothing changed. Return what it came to.

    `accept_drop` and `accept_days` name who insists on what a safety stop asks about, by source. Raises: ConfigError
    when there is no roster to judge by, neither a good one now nor an earlier one.
    """
    store, now = workspace.store, workspace.clock()
    if everybody:
        compare_anew(store)
    night = Night(now, as_of or workspace.today())
    night.known = frozenset(delivery.delivery_id for delivery in store.deliveries.listed(*DeliveryState))
    _sweep_documents(workspace)
    backed_up = nightly_backup(workspace)
    write_baseline(store, now=now)
    basis = Basis.of(workspace, as_of=night.as_of)  # first, so that what is changed meanwhile counts as changed
    before = look_before(workspace, now=now)
    intake = take_in(workspace, now=now, insisting=accept_drop.get(ROSTER, ""))
    with store.transaction():
        run_id = store.runs.start("nightly", now)
    night.codes |= {ConfigError.exit_code} if any(f.blocks for fs in intake.findings.values() for f in fs) else set()
    night.pulled = pull_sources(workspace, intake, accept_drop=accept_drop, accept_days=accept_days)
    night.codes |= {pulled.error.exit_code for pulled in night.pulled if pulled.error}
    standing = None if everybody else basis.standing(workspace)
    scopes: dict[str, tuple[Finding, ...]] = {}
    if standing is None:
        found = judge_tonight(
            workspace, as_of=night.as_of, everybody=everybody, roster=intake.roster, book=intake.book
        )
        standing, scopes = _judge_and_issue(workspace, night, intake, before, found)
    else:
        night.batch = send(workspace)
        _note(night, night.batch)
    scopes["backup"] = backed_up
    _conclude(workspace, night, standing, scopes=scopes, roster=intake.roster)
    with store.transaction():
        if night.judged is not None:
            remember(workspace, night.judged, night.before, now=workspace.clock())
            night.before = {}
        store.runs.finish(run_id, now=workspace.clock(), exit_code=night.exit_code)
    if night.codes:
        forget(workspace)
    else:
        night.rests_on = (basis, standing)
    return night


def _sweep_documents(workspace: Workspace) -> None:
    if swept := sweep(workspace.store, open_vault(*workspace.config.kept_files)):
        log.info("documents: %d files deleted that nothing refers to; a run was killed", len(swept))


def let_stand(workspace: Workspace, night: Night, *, whole: bool) -> None:
    """Let a night's conclusions stand while nothing changes; where it is not `whole`, the next one concludes anew.

    Called last: a night that is killed before it has written its files is no whole one.
    """
    if night.rests_on is None or not whole:
        forget(workspace)
        return
    basis, standing = night.rests_on
    basis.remember(workspace, standing)


def _judge_and_issue(
    workspace: Workspace, night: Night, intake: Intake, before: BeforePull | None, found: NightJudgement
) -> tuple[NightStanding, dict[str, tuple[Finding, ...]]]:
    """Issue and send what is due by tonight's judgement; return how everybody stands, and by scope what was found."""
    store = workspace.store
    issuer = _issuer(workspace, found.snapshot, found.judged)
    night.codes |= found.codes
    if look_after(workspace, before, issuer, now=workspace.clock()):
        issuer = replace(issuer, snapshot=replace(issuer.snapshot, rule_changes=RULE_CHANGES.read(store)))
    night.judged, night.issuer = issuer.judged, issuer
    roster = issuer.snapshot.roster
    end_outdated(store, roster, other_addresses(workspace.config, roster), now=workspace.clock())
    lacking = missing(workspace.config, issuer.snapshot)
    night.codes |= {ConfigError.exit_code} if lacking else set()
    issued = issue_all(workspace, issuer, night.pulled)
    night.posted += issued.posted
    night.codes |= issued.codes
    about_people = untold((*issuer.judged.findings, *issued.findings), intake.findings["roster"])
    night.batch = send(workspace)
    _note(night, night.batch)
    scopes = {
        **intake.findings,
        "judging": about_people,
        "rules": findings_of_rules(issuer.snapshot.rule_changes.values()),
        "before issuing": (*lacking, *unread_findings(issuer.snapshot)),
        **watch(store, issuer, workspace.pseudonyms),
    }
    night.before = kept(store)
    before_in_words = words_before(store, night.before, workspace.pseudonyms, zone=workspace.zone)
    return standing_tonight(issuer, before_in_words), scopes


def open_issuer(workspace: Workspace, *, as_of: date, known_at: datetime | None = None) -> Issuer:
    """Return everybody judged on `as_of` by what was known at `known_at` (now), ready to make documents.

    Raises: NothingRecorded when nothing was by then.
    """
    now = workspace.clock()
    snapshot = read_snapshot(workspace.store, known_at or now)
    if snapshot is None:
        if known_at is None:
            raise NothingRecorded("no night has run here yet", hint="Run `lms-sync nightly` first.")
        raise NothingRecorded(
            f"nothing was recorded yet on {written_minute(known_at.astimezone(workspace.zone))}",
            hint="Choose a later --known-at.",
        )
    return _issuer(workspace, snapshot, judge_roster(snapshot, workspace.pseudonyms, as_of=as_of))


def _issuer(workspace: Workspace, snapshot: Snapshot, judged: Judged) -> Issuer:
    return Issuer(
        workspace.config,
        snapshot,
        judged,
        open_templates(workspace.config, snapshot.law, ZoneInfo(snapshot.settings.zone)),
        workspace.clock(),
        workspace.mint,
        workspace.pseudonyms,
    )


def open_templates(config: Config, law: Law, zone: ZoneInfo) -> Templates:
    """Return the templates of the documents: the workspace's templates before the shipped ones."""
    folder: Path = config.path(config.settings.reports.folder)
    environment = template_environment(folder if folder.is_dir() else None)
    return Templates(environment, law.names, zone)


def _note(night: Night, batch: Batch) -> None:
    """Keep why there was no way out, once, and its exit code."""
    if batch.trouble is not None:
        night.codes.add(batch.trouble.exit_code)
        if str(batch.trouble) not in map(str, night.troubles):
            night.troubles.append(batch.trouble)


def _conclude(
    workspace: Workspace,
    night: Night,
    standing: NightStanding,
    *,
    scopes: Mapping[str, tuple[Finding, ...]],
    roster: RosterInForce,
) -> None:
    """Record the findings, and mail HR the night's summary."""
    store, now = workspace.store, workspace.clock()
    with store.transaction():
        delivered = (*outbox_findings(_numbered(store, night)), *doubt_findings(store))
        store.findings.see({**scopes, "outbox": delivered}, now=now)
        waiting = store.findings.open()
        night.new = new_since(waiting, store.runs.last_finished("nightly"))
        outcome = NightOutcome(
            night.pulled,
            waiting,
            night.new,
            _tonight(night),
            standing,
            night.as_of,
            now,
            night.started,
            roster,
            night.known,
        )
        night.summary = summarise(workspace, outcome)
        templates = open_templates(workspace.config, read_law(store), workspace.zone)
        mailed = issue_summary(
            store, SummaryIssuer(workspace.config, templates, workspace.clock(), workspace.mint), night.summary
        )
    _note(night, send(workspace))
    if not store.rehearsal and store.deliveries.get(mailed.delivery_id).state is not DeliveryState.SENT:
        try:
            night.unsent = keep_unsent(workspace, night.summary)
        except ConfigError as error:
            night.troubles.append(error)
            night.codes.add(error.exit_code)


def _numbered(store: Store, night: Night) -> tuple[Delivery, ...]:
    """Return all deliveries; those that a dry run made have no number, since nobody could use it."""
    return tuple(
        replace(delivery, delivery_id="") if store.rehearsal and delivery.delivery_id not in night.known else delivery
        for delivery in store.deliveries.listed(*DeliveryState)
    )


def _tonight(night: Night) -> frozenset[str]:
    """Return the ids of tonight's deliveries."""
    tried = night.batch.tried if night.batch else ()
    return frozenset(delivery.delivery_id for delivery in (*night.posted, *tried))
