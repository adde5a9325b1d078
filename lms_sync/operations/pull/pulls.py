"""Pull every source and apply what it says, each in a transaction of its own: one bad source never stops the rest."""

import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from functools import cache, partial

from lms_sync.errors import LmsSyncError, SafetyStop, SourceError, trouble_of
from lms_sync.mail.came_back import forwarded_findings, stray_findings, take_automatic
from lms_sync.model.address import fold_address
from lms_sync.model.evidence import FileThere, Learner
from lms_sync.model.finding import Area, Finding
from lms_sync.model.row_memory import RowMemory
from lms_sync.model.run import Pulled, PullRecord
from lms_sync.operations.pull.apply import PullContext, apply_pull
from lms_sync.operations.pull.decide import days_author, drop_author
from lms_sync.operations.pull.exchanged_days import DaysExchanged
from lms_sync.operations.pull.masked import without_ssns
from lms_sync.operations.pull.plain_rows import with_items
from lms_sync.operations.pull.readable import Ours, ours_of, without_quotes
from lms_sync.operations.pull.record_files import file_scope, untold
from lms_sync.operations.pull.refused import Assessed, assess, refused_first
from lms_sync.operations.pull.remember import memory_of, needs_every_row, no_memory
from lms_sync.operations.pull.signed_up import end_past
from lms_sync.operations.pull.unchanged import is_unchanged, record_unchanged
from lms_sync.operations.pull.waiting import accepted_contents, record_waiting
from lms_sync.sources.connectors import Source, remembering
from lms_sync.sources.pull import FileRead, Pull, pull_within
from lms_sync.store.known.registers import REFUSED
from lms_sync.store.known.snapshot import read_roster
from lms_sync.store.store import Store
from lms_sync.text import without_place
from lms_sync.workspace.settings.corrections import CORRECTIONS

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pulling:
    """How the sources of one night are pulled."""

    now: datetime
    open_context: Callable[[], PullContext]
    """Gives what pulls are read against; asked only where there is something to read."""
    accept_drop: Mapping[str, str] = field(default_factory=dict)
    """Source → who insists on its drop."""
    accept_days: Mapping[str, str] = field(default_factory=dict)
    """Source → who says that its days are right, though day and month are exchanged."""
    zone: tzinfo = UTC
    """The district's."""
    anew: bool = False
    """Read every file, also those that were read before and have not changed since."""
    keep_received: Callable[[Pull], None] = lambda pull: None
    """Keeps what a pull says of messages that came; called in the transaction that stores the pull."""
    seconds: float = 1_800.0
    """CPU seconds that one source may take."""

    def context(self, source: str) -> PullContext:
        """Return what a source's pull is read against."""
        insisting = drop_author(self.accept_drop[source], self.now) if source in self.accept_drop else None
        sure = days_author(self.accept_days[source], self.now) if source in self.accept_days else None
        return replace(self.open_context(), drop_accepted=insisting, days_accepted=sure, anew=self.anew)

    def memory(self, store: Store, source: str, *, every_row: bool) -> Callable[[], RowMemory]:
        """Return what gives the rows of a source that need not be read again."""
        offer = no_memory if self.anew or every_row else memory_of
        return cache(lambda: offer(store, source, self.open_context().pseudonyms))


def pull_all(store: Store, sources: Iterable[Source], pulling: Pulling) -> tuple[Pulled, ...]:
    """Pull the sources one after the other."""
    return tuple(_pull(store, source, pulling) for source in sources)


def _pull(store: Store, source: Source, pulling: Pulling, *, every_row: bool = False) -> Pulled:
    assessed: Assessed | None = None
    now = pulling.now
    try:
        memory = pulling.memory(store, source.name, every_row=every_row)
        read = _read(store, source, pulling, memory)
        _take_answers(store, read, pulling)
        there = store.evidence.files_there(source.name)
        if is_unchanged(store, read, there) and source.name not in pulling.accept_drop:
            return _unchanged(store, read, there, pulling)
        context = replace(pulling.context(source.name), memory=memory)
        read, ours = _fit_to_keep(store, read, context)
        # An item each where former days may end: that is planned, and not only stored.
        each = context.days_accepted is not None
        read = with_items(store, read, ours, memory(), each=each)
        assessed = _assessed(store, read)
        pull = assessed.pull
        if needs_every_row(store, assessed):
            return _pull(store, source, pulling, every_row=True)
        if pull.failed and not pull.skipped and len(pull.failed) == len(pull.files):
            with store.transaction():
                record_waiting(store, assessed, context, now=now)
            return _failed(store, source.name, _nothing_readable(assessed), now=now, files=pull.files)
        if pull is not read:  # with a file less, somebody may no longer be known to be on the roster
            ours = _ours_of(store, pull, context)
            pull = with_items(store, pull, ours, memory(), each=each)
        with store.transaction():
            result = apply_pull(store, pull, context=context, now=now, ours=ours)
            record_waiting(store, assessed, context, now=now)
            pulling.keep_received(pull)
            # With the data: the files of a night that is stopped later are not read again by the next.
            store.findings.see(result.findings, now=now)
    except SafetyStop as stop:
        assert assessed is not None
        with store.transaction():
            record_waiting(store, assessed, context, now=now)
        log.warning("source %s was not stored: SafetyStop", source.name)
        return _failed(store, source.name, refused_first(stop, read), now=now, files=_refused(assessed))
    except Exception as error:
        trouble = trouble_of(error, f"source {source.name} was not stored")
        if trouble is error:
            log.warning("source %s was not stored: %s", source.name, type(error).__name__)
        return _failed(store, source.name, trouble, now=now)
    log.info("source %s: %s files", source.name, len(result.files))
    return Pulled(source.name, result.files, None, result.findings)


def _read(store: Store, source: Source, pulling: Pulling, memory: Callable[[], RowMemory]) -> Pull:
    """Return what a source says; what was read before and has not changed since it passes over."""
    skip = frozenset[str]() if pulling.anew else _to_skip(store, source.name)
    cursor = "" if pulling.anew else store.runs.cursor(source.name)
    store.let_go()  # a pull may take minutes
    pull_source = partial(remembering(source, memory).pull, skip, cursor)
    return pull_within(pull_source, source=source.name, seconds=pulling.seconds)


def _unchanged(store: Store, read: Pull, there: Sequence[FileThere], pulling: Pulling) -> Pulled:
    """Record a pull that says nothing new."""
    with store.transaction():
        end_past(store, read.source, today=pulling.now.astimezone(pulling.zone).date(), now=pulling.now)
        pulling.keep_received(read)
        return record_unchanged(store, read, there, now=pulling.now)


def _take_answers(store: Store, read: Pull, pulling: Pulling) -> None:
    """Take answers of programs into account, before the place in the mailbox moves on: twice is as once."""
    if read.source != CORRECTIONS:
        return
    stray = take_automatic(store, read.automatic, on=pulling.now.astimezone(pulling.zone).date(), now=pulling.now)
    partners = read_roster(store).partners.values() if stray else ()
    contacts = {fold_address(address) for p in partners for address in p.addresses}
    with store.transaction():
        unnamed = [mail for mail in stray if not store.deliveries.answered(mail.about)]
        found = (*stray_findings(unnamed, contacts), *forwarded_findings(store, stray))
        store.findings.see({"answers": (*found, *untold(store, ["answers"])["answers"])}, now=pulling.now)


def _fit_to_keep(store: Store, pull: Pull, context: PullContext) -> tuple[Pull, Ours]:
    """Return a pull without what must not be kept, and whose findings quote no stranger's row; and whose it is."""
    clean = without_ssns(pull)
    ours = _ours_of(store, clean, context)
    return without_quotes(clean, ours), ours


def _ours_of(store: Store, pull: Pull, context: PullContext) -> Ours:
    of_source, memory = store.of_source(pull.source), context.memory and context.memory()
    known = memory.in_clear if memory else None  # nobody but this run has written since
    in_clear = of_source.in_clear() if known is None else frozenset(known)

    def strangers(learners: Collection[Learner]) -> frozenset[str]:
        if memory is None:
            return frozenset()
        # Who is on the roster and has done nothing yet may be kept as a stranger still.
        return of_source.hidden(memory.unchanged(learners, without=in_clear | memory.rows.learners_in_clear))

    return ours_of(pull, in_clear, context.book, context.pseudonyms, strangers=strangers)


def _to_skip(store: Store, source: str) -> frozenset[str]:
    """Return the fingerprints of the files that need not be read again.

    None after a pull that was not stored whole: what waits for a person in each file has to be looked at anew. So has
    a file whose refused rows a person has accepted since it was read.
    """
    _, last = store.runs.pulls().get(source, (None, None))
    if last is None or last.outcome != "stored":
        return frozenset()
    accepted = accepted_contents(store, source)
    again = {rows.sha256 for rows in REFUSED.read(store).values() if (rows.file, rows.sha256) in accepted}
    return frozenset(file.fingerprint for file in store.evidence.files_there(source) if file.sha256 not in again)


def _assessed(store: Store, pull: Pull) -> Assessed:
    """Return the pull with what was refused in it; what partners send back are claims, and keeps nobody waiting."""
    if pull.source == CORRECTIONS:
        return Assessed(pull, (), {})
    return assess(pull, accepted=accepted_contents(store, pull.source))


def _refused(assessed: Assessed) -> tuple[FileRead, ...]:
    """Return the files whose refused rows a safety stop names."""
    return tuple(file for file in assessed.pull.files if file.name in assessed.items)


def _nothing_readable(assessed: Assessed) -> SourceError:
    pull = assessed.pull
    causes = "; ".join(f"{rows.file}: {', '.join(rows.causes)}" for rows in assessed.refused)
    why = f": {causes}" if causes else ""
    return SourceError(
        f"source {pull.source}: none of its files could be read ({', '.join(pull.failed)}){why}",
        hint="What is wrong with each is on the worklist; what was stored before stays.",
    )


_STOPPED_FOR = "as much as it held before, and rows that can be read"
_DAYS_FOR = "the days of a record as they were, or single ones put right"
_FAILED_FOR = "a source that answers, and that can be read in full"


def _failed(
    store: Store, source: str, error: LmsSyncError, *, now: datetime, files: Iterable[FileRead] = ()
) -> Pulled:
    code, expected, stopped = "source-failed", _FAILED_FOR, isinstance(error, SafetyStop)
    if stopped:
        code, expected = "safety-stop", _STOPPED_FOR
    if isinstance(error, DaysExchanged):
        code, expected = "days-exchanged", _DAYS_FOR
    finding = Finding(
        Area.SOURCE,
        code,
        where=f"source {source}",
        found=without_place(str(error), f"source {source}"),
        expected=expected,
        remedy=error.hint,
        source=source,
    )
    found = {file_scope(source, file.name): file.findings for file in files} | {f"source {source}": (finding,)}
    with store.transaction():
        outcome = "safety stop" if stopped else "failed"
        store.runs.record_pull(PullRecord(source, now, outcome, str(error), {}))
        store.findings.see(found, now=now)
    return Pulled(source, (), error, found)
