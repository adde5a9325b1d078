"""The district as pages see it: read by many at once, written to by one; judged again only when something changed."""

import threading
from collections.abc import Callable, Hashable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar, cast

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
SIGN_INS = "web.db"
Value = TypeVar("Value")


@dataclass(slots=True)
class Judgement:
    """Everybody judged by what is stored now, and what pages made of it; gone as soon as anybody writes."""

    issuer: Issuer
    mark: Hashable
    results: dict[str, Any] = field(default_factory=dict)
    at_work: threading.RLock = field(default_factory=threading.RLock)

    def once(self, name: str, make: Callable[[], Value]) -> Value:
        """Return what `make` gives, made once for this judgement."""
        with self.at_work:
            if name not in self.results:
                self.results[name] = make()
            return cast(Value, self.results[name])


@dataclass(slots=True)
class OpenDistrict:
    """A district's workspace, open for pages."""

    folder: Path
    pool: StorePool
    sign_ins: SignIns
    clock: Callable[[], datetime]
    patience: float = PATIENCE
    past: dict[date, Any] = field(default_factory=dict)
    """What pages replayed of days that are over; it stays as it was known then."""
    heavy: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(2))
    """Held while a PDF or a workbook is made, so that quick pages never wait for many of them."""
    _config: Config | None = None
    _stamp: int = 0
    _judgement: Judgement | None = None
    _judging: threading.Lock = field(default_factory=threading.Lock)

    @property
    def config(self) -> Config:
        """Return the settings as the file holds them now. Raises: ConfigError when they are wrong."""
        stamp = (self.folder / FILE_NAME).stat().st_mtime_ns if (self.folder / FILE_NAME).exists() else 0
        if self._config is None or stamp != self._stamp:
            self._config, self._stamp = read_config(self.folder), stamp
        return self._config

    @contextmanager
    def reading(self) -> Iterator[Workspace]:
        """Yield the workspace for reading; a night may run meanwhile."""
        with self.pool.store() as store:
            yield workspace_on(store, self.config, clock=self.clock)

    @contextmanager
    def writing(self, who: str) -> Iterator[Workspace]:
        """Yield the workspace for one decision, which waits briefly for whoever else writes.

        Raises: Locked, with who holds the lock.
        """
        config = self.config
        lock = FolderLock(config.folder / STATE / LOCK, who=f"{who}, on a page", patience=self.patience)
        with lock.held(), self.pool.store(alone=True) as store:
            yield workspace_on(store, config, clock=self.clock)

    def judgement(self, workspace: Workspace) -> Judgement:
        """Return everybody judged today by what is stored now.

        Raises: ConfigError while nothing was ever recorded.
        """
        with self._judging:
            today = workspace.today()
            mark = (self.pool.mark(), today, self._stamp)
            if self._judgement is None or self._judgement.mark != mark:
                self._judgement = Judgement(open_issuer(workspace, as_of=today), mark)
            return self._judgement


@contextmanager
def open_district(config: Config, *, clock: Callable[[], datetime] = now) -> Iterator[OpenDistrict]:
    """Open a workspace for pages. Raises: ConfigError when its database can't be used."""
    with ExitStack() as stack:
        pool = stack.enter_context(opened_pool(config, clock=clock))
        sign_ins = stack.enter_context(open_sign_ins(config.folder / STATE / SIGN_INS))
        yield OpenDistrict(config.folder, pool, sign_ins, clock)
