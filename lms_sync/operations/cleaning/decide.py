"""What earlier versions stored and this one would not is found, and taken out of the database."""

from datetime import UTC, date, datetime

from lms_sync.documents.vault import open_vault
from lms_sync.errors import UsageError
from lms_sync.files import shipped
from lms_sync.model.author import Author
from lms_sync.model.log import DecisionKind
from lms_sync.operations.cleaning.kept_headings import headings_of
from lms_sync.operations.cleaning.plan import CleaningPlan, CleaningRules, Stored, Whose, plan_cleaning
from lms_sync.operations.retention.holdings import KeptSpan
from lms_sync.operations.retention.leavers import EVERYTHING, held_ids
from lms_sync.operations.retention.survey import survey
from lms_sync.sources.connectors import read_layouts
from lms_sync.store.kept_rows import KeptRows
from lms_sync.store.known.registers import HOLDS
from lms_sync.store.purge import Purging
from lms_sync.store.workspace import Workspace

SINCE = datetime(1970, 1, 1, tzinfo=UTC)
SUBJECT = "what earlier versions stored"


def planned_cleaning(workspace: Workspace) -> CleaningPlan:
    """Return what a cleaning would write anew."""
    store, config = workspace.store, workspace.config
    rows = KeptRows(store.connection, store.district_id)
    layouts, _ = read_layouts(config.path(config.settings.mappings.layouts))
    known, _ = read_layouts(shipped("mappings") / "layouts")
    headings = headings_of(config.settings.source, layouts, known)
    whose = _whose(workspace, rows)
    names = ("item", "origin", "completion", "file", "pull", "finding", "learner")
    stored = Stored(*(tuple(rows.rows(name)) for name in names))
    plan = plan_cleaning(stored, whose, CleaningRules(headings, workspace.pseudonyms, workspace.zone))
    if EVERYTHING in HOLDS.read(store):
        return CleaningPlan((), kept=plan.kept + len(plan.changes))
    return plan


def _whose(workspace: Workspace, rows: KeptRows) -> Whose:
    store = workspace.store
    vault = open_vault(*workspace.config.kept_files)
    found = survey(store, workspace.pseudonyms, vault=vault, cutoff=date(1970, 1, 1), cutoff_at=SINCE)
    held = held_ids(found, KeptSpan(SINCE))
    theirs = frozenset(learner for learner, people in found.owners.items() if people & held)
    return Whose(frozenset(found.owners), theirs, bool(found.holds), rows.cited())


def clean(workspace: Workspace, author: Author, *, plan: CleaningPlan) -> CleaningPlan:
    """Write anew what the plan says, all of it or nothing, log it, and leave nothing of the old in free pages.

    Raises: UsageError for a plan that changes nothing.
    """
    if not plan.changes:
        raise UsageError("nothing is stored that would not be kept", hint="There is nothing to do.")
    store = workspace.store
    purging = Purging(store.connection, store.district_id)
    if not store.rehearsal:
        purging.overwrite()
    with store.transaction():
        KeptRows(store.connection, store.district_id).rewrite(plan.changes)
        store.known_rows.forget()
        after = {"rows": plan.counts, "kept for holds": plan.kept}
        store.audit.add(DecisionKind.CLEANING, SUBJECT, author, before=None, after=after)
    if not store.rehearsal:
        purging.shrink(plan.counts)
    return plan
