"""What waits because rows were refused: kept from pull to pull, and a person's word that lets it go."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from lms_sync.errors import UsageError
from lms_sync.model.author import Author
from lms_sync.model.evidence import Completion, Item, NotDone, Refused
from lms_sync.model.learner_names import pseudonymous_learners
from lms_sync.model.log import DecisionKind
from lms_sync.model.pseudonyms import PseudonymousLearner
from lms_sync.model.readings import ReadingAccepted, RefusedRows
from lms_sync.operations.pull.apply import PullContext
from lms_sync.operations.pull.refused import Assessed
from lms_sync.people.match import match_all
from lms_sync.people.named_in_row import known_names
from lms_sync.sources.pull import Pull
from lms_sync.store.known.registers import ACCEPTED, REFUSED, joined
from lms_sync.store.store import Store
from lms_sync.store.workspace import Workspace


def accepted_contents(store: Store, source: str) -> frozenset[tuple[str, str]]:
    """Return the (file, content) of a source whose refused rows a person has accepted."""
    return frozenset((a.file, a.sha256) for a in ACCEPTED.read(store).values() if a.source == source and a.file)


def record_waiting(store: Store, assessed: Assessed, context: PullContext, *, now: datetime) -> None:
    """Keep whose reports wait for which file, and end what has been mended; the caller holds the transaction."""
    pull, here = assessed.pull, {rows.file for rows in assessed.refused}
    for key, rows in REFUSED.read(store).items():
        if rows.source == pull.source and rows.file not in here and _mended(rows, pull):
            REFUSED.end(store, key, now=now)
    for rows in assessed.refused:
        whole = _with_people(store, rows, assessed.items[rows.file], context)
        REFUSED.put(store, joined(rows.source, rows.file), whole, now=now)


def _mended(rows: RefusedRows, pull: Pull) -> bool:
    """Tell whether a file was read well tonight, or has given way to others of a source that tells all each time."""
    if any(file.sha256 == rows.sha256 for file in pull.skipped):
        return False
    if rows.file in {*(file.name for file in pull.files), *(file.name for file in pull.skipped)}:
        return rows.file not in pull.failed
    return pull.export == "cumulative" and not pull.failed


def _with_people(store: Store, rows: RefusedRows, items: Sequence[Item], context: PullContext) -> RefusedRows:
    """Return the rows with whom they may be about: everybody in the file, tonight and before, and whom they name."""
    in_clear = [i.reading.learner for i in items if isinstance(i.reading, Completion | NotDone)]
    tonight = pseudonymous_learners(dict.fromkeys(in_clear), context.pseudonyms)
    stored = store.evidence.learners(source=rows.source)
    known = known_names(rows.source, (*stored, *tonight), context.book, context.pseudonyms)
    named = [known.people(_identifying(item)) for item in items if isinstance(item.reading, Refused)]
    people = frozenset().union(*(found for found in named if found))
    people |= _matched(tonight, context) | _read_before(store, rows, stored, context)
    return replace(rows, people=tuple(sorted(people)), everybody=None in named)


def _identifying(item: Item) -> list[str]:
    return [text for heading, text in item.text if heading in item.identifying]


def _matched(learners: Sequence[PseudonymousLearner], context: PullContext) -> frozenset[str]:
    return frozenset(person for match in match_all(learners, context.book).values() for person in match.people)


def _read_before(
    store: Store, rows: RefusedRows, stored: Iterable[PseudonymousLearner], context: PullContext
) -> frozenset[str]:
    """Return whom earlier readings of the file named; a file of a new name may stand for any other of its source."""
    files = store.evidence.files(rows.source, gone=True)
    same = [file for file in files if file.name == rows.file]
    records = frozenset().union(*(file.records.each for file in same or files))
    completions = store.evidence.completions(rows.source)
    keys = {completion.learner.key for completion in completions if completion.record in records}
    return _matched([learner for learner in stored if learner.learner in keys], context)


def accept_refused(workspace: Workspace, author: Author, *, source: str) -> tuple[RefusedRows, ...]:
    """Record a person's word that reports may go out without the rows refused in a source's files as they are now.

    It holds for the content that was refused; another content of the same file needs another word. Return the files.

    Raises: UsageError where nothing refused of the source keeps anybody waiting.
    """
    store = workspace.store
    with store.transaction():
        accepted = accepted_contents(store, source)
        waiting = tuple(
            rows
            for rows in REFUSED.read(store).values()
            if rows.source == source and (rows.file, rows.sha256) not in accepted
        )
        if not waiting:
            raise UsageError(
                f"{source}: no refused rows keep anybody waiting",
                hint="`lms-sync worklist` shows what was refused; pull the source first.",
            )
        on = author.at.astimezone(workspace.zone).date()
        for rows in waiting:
            word = ReadingAccepted(source, author.by, on, author.reason, rows.file, rows.sha256)
            ACCEPTED.put(store, joined(source, rows.file, rows.sha256), word, now=author.at)
        files = [{"file": rows.file, "sha256": rows.sha256, "refused": rows.refused} for rows in waiting]
        store.audit.add(DecisionKind.REFUSED, source, author, before=None, after={"files": files})
    return waiting
