"""The district as pages see it: read by many at once, written to by one; judged again only when something changed."""

import threading
import time
from collections.abc import Callable, Hashable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar, cast

from lms_sync.errors import LmsSyncError
from lms_sync.operations.clock_behind import expect_later
from lms_sync.operations.night import open_issuer
from lms_sync.operations.opening import LOCK, STATE, now, opened_pool, workspace_on
from lms_sync.reports.issuer import Issuer
from lms_sync.store.locks import FolderLock
from lms_sync.store.pool import StorePool
from lms_sync.store.sign_ins import SignIns, open_sign_ins
from lms_sync.store.workspace import Workspace
from lms_sync.workspace.settings.config import FILE_NAME, Config, read_config

PATIENCE = 5.0
"""Seconds that a decision waits for whoever writes."""
LONGEST_WAIT = 0.5
"""Seconds that a page of a large district waits for a new judgement; a small one's is there sooner."""
SIGN_INS = "web.db"
Value = TypeVar("Value")


@dataclass(slots=True)
class JudgedDistrict:
    """Everybody judged by what is stored now, and what pages made of it; gone as soon as anybody writes."""

    issuer: Issuer
    mark: Hashable
    results: dict[str, Any] = field(default_factory=dict)
    at_work: threading.RLock = field(default_factory=threading.RLock)
    outdated: bool = False
    """Somebody has written since, and a page was made with it all the same."""

    def once(self, name: str, make: Callable[[], Value]) -> Value:
        """Return what `make` gives, made once for this judgement."""
        with self.at_work:
            if name not in self.results:
                self.results[name] = make()
            return cast(Value, self.results[name])


class BeingWorkedOut(LmsSyncError):
    """Everybody is being judged for the first time since the start, and that takes a while."""


@dataclass(slots=True)
class OpenDistrict:
    """A district's workspace, open for pages."""

    folder: Path
    pool: StorePool
    sign_ins: SignIns
    clock: Callable[[], datetime]
    patience: float = PATIENCE
    nights: dict[datetime, Mapping[str, str]] = field(default_factory=dict)
    """Where everybody stood at the end of the night before the last; it stays as it was known then."""
    past: dict[date, Any] = field(default_factory=dict)
    """What pages replayed of days that are over; it stays as it was known then."""
    heavy: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(2))
    """Held while a PDF or a workbook is made, so that quick pages never wait for many of them."""
    _config: Config | None = None
    _stamp: int = 0
    longest_wait: float | None = None
    """Seconds from its beginning that pages wait for a new judgement, then show the one before; None: as long as
    it takes."""
    prepare: tuple[Callable[["OpenDistrict", Workspace, JudgedDistrict], object], ...] = ()
    """What pages need at once of a new judgement, made before it is shown."""
    _read: dict[str, tuple[Hashable, Any]] = field(default_factory=dict)
    _judgement: JudgedDistrict | None = None
    _upcoming: Future[JudgedDistrict] | None = None
    _begun_at: float = 0.0
    _judging: threading.Lock = field(default_factory=threading.Lock)
    _worker: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "judging"))

    @property
    def config(self) -> Config:
        """Return the settings as the file holds them now. Raises: ConfigError when they are wrong."""
        stamp = (self.folder / FILE_NAME).stat().st_mtime_ns if (self.folder / FILE_NAME).exists() else 0
        if self._config is None or stamp != self._stamp:
            self._config, self._stamp = read_config(self.folder), stamp
        return self._config

    @property
    def last_config(self) -> Config | None:
        """Return the settings as they were last in order: what a page says that tells of wrong ones."""
        return self._config

    @contextmanager
    def reading(self) -> Iterator[Workspace]:
        """Yield the workspace for reading; a night may run meanwhile."""
        with self.pool.store() as store:
            yield workspace_on(store, self.config, clock=self.clock)

    @contextmanager
    def writing(self, who: str) -> Iterator[Workspace]:
        """Yield the workspace for one decision, which waits briefly for whoever else writes.

        Raises: Locked, with who holds the lock; SafetyStop where the clock stands before the last run.
        """
        config = self.config
        lock = FolderLock(config.folder / STATE / LOCK, who=f"{who}, on a page", patience=self.patience)
        with lock.held(), self.pool.store(alone=True) as store:
            workspace = workspace_on(store, config, clock=self.clock)
            expect_later(workspace)
            yield workspace

    def judgement(self, workspace: Workspace) -> JudgedDistrict:
        """Return everybody judged today by what is stored now; where that takes too long, the judgement before.

        Raises: ConfigError while nothing was ever recorded; BeingWorkedOut where there is none before.
        """
        mark = self._mark(workspace)
        for _ in range(2):
            with self._judging:
                earlier = self._judgement
                if earlier is not None and earlier.mark == mark:
                    return earlier
                upcoming, ours = self._begun()
                wait = self._wait()
            try:
                found = upcoming.result(wait)
            except TimeoutError:
                return _outdated(earlier)
            if ours or found.mark == mark:
                return found
            # It was begun before somebody wrote: the next one knows of that.
        return found

    def read_once(self, name: str, sha256: str, read: Callable[[], Value]) -> Value:
        """Return what is read of a file, read once for its content and for what is stored now."""
        key = (sha256, self.pool.mark(), self._stamp)
        kept = self._read.get(name)
        if kept is None or kept[0] != key:
            kept = self._read[name] = (key, read())
        return cast(Value, kept[1])

    def start_judging(self) -> None:
        """Judge everybody while nobody waits for it yet."""
        with self._judging:
            self._begun()

    def close(self) -> None:
        """Wait for what is at work."""
        self._worker.shutdown(wait=True, cancel_futures=True)

    def _mark(self, workspace: Workspace) -> Hashable:
        return self.pool.mark(), workspace.today(), self._stamp

    def _begun(self) -> tuple[Future[JudgedDistrict], bool]:
        """Return the judgement that is being made, and whether it was begun just now; the caller holds the lock."""
        if self._upcoming is not None and not self._upcoming.done():
            return self._upcoming, False
        self._upcoming = self._worker.submit(self._judge)
        self._begun_at = time.monotonic()
        return self._upcoming, True

    def _wait(self) -> float | None:
        """Return how many seconds to wait: of all pages that need one judgement, the first ones wait."""
        return None if self.longest_wait is None else max(0.0, self._begun_at + self.longest_wait - time.monotonic())

    def _judge(self) -> JudgedDistrict:
        with self.reading() as workspace:
            mark = self._mark(workspace)
            judgement = JudgedDistrict(open_issuer(workspace, as_of=workspace.today()), mark)
            for make in self.prepare:
                make(self, workspace, judgement)
        with self._judging:
            self._judgement = judgement
        return judgement


def _outdated(earlier: JudgedDistrict | None) -> JudgedDistrict:
    if earlier is None:
        raise BeingWorkedOut("Everybody's status is being worked out", hint="Load this page again in a few seconds.")
    earlier.outdated = True
    return earlier


@contextmanager
def open_district(config: Config, *, clock: Callable[[], datetime] = now) -> Iterator[OpenDistrict]:
    """Open a workspace for pages. Raises: ConfigError when its database can't be used."""
    with ExitStack() as stack:
        pool = stack.enter_context(opened_pool(config, clock=clock))
        sign_ins = stack.enter_context(open_sign_ins(config.folder / STATE / SIGN_INS))
        district = OpenDistrict(config.folder, pool, sign_ins, clock)
        stack.callback(district.close)
        yield district
