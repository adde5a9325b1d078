"""The family tree of errors. Each says where, what was found, what was expected and what to do.

    LmsSyncError                exit code
    ├── UsageError                  2   a command's words, or a file that people edit, are not right
    │   ├── ConfigError             2   lms_sync.toml, a secret or the database's set-up
    │   │   └── NothingRecorded     2   a workspace before its first night, or a time before it
    │   ├── NeedsSecond             2   what cannot be undone, without the second person that the settings ask for
    │   └── WrongCells              2   a filled-in file has cells that can't be taken; nothing of it was
    ├── SourceError                 3   a source could not be pulled; its last evidence stays
    ├── MailError                   3   the mail server refused or was not there
    ├── SafetyStop                  4   tonight's data look broken; nothing of that source was stored
    └── Locked                     75   another run holds the workspace

An exception that is none of these is a bug: exit code 5, its trace goes to the log file.
"""

import errno
import logging
import signal
from collections.abc import Iterable
from typing import ClassVar

log = logging.getLogger(__name__)

EXIT_DONE = 0
EXIT_FINDINGS = 1
EXIT_BUG = 5


_NO_ROOM_ON_THE_SERVER = "53100"
"""Source: PostgreSQL, Error Codes."""


class LmsSyncError(Exception):
    """An error that a person can act on; `str()` is the sentence, `hint` what to do about it."""

    exit_code: ClassVar[int] = EXIT_BUG

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class UsageError(LmsSyncError):
    """A command's words, or a file that people edit, are not right."""

    exit_code = 2


class ConfigError(UsageError):
    """lms_sync.toml, a secret or the database's set-up is not right."""


class NothingRecorded(ConfigError):
    """A workspace before its first night, or asked for a time before it."""


class NeedsSecond(UsageError):
    """It cannot be undone, and the settings ask for a second, signed-in person; nothing was done."""


class WrongCells(UsageError):
    """A file that was filled in has cells that can't be taken as they stand; nothing of it was taken in."""

    def __init__(self, message: str, *, hint: str, cells: Iterable[str]) -> None:
        super().__init__(message, hint=hint)
        self.cells = tuple(cells)
        """A sentence for each."""


class SourceError(LmsSyncError):
    """A source could not be pulled as a whole; its last evidence stays."""

    exit_code = 3


class MailError(LmsSyncError):
    """The mail server refused the session or could not be reached."""

    exit_code = 3


class SafetyStop(LmsSyncError):
    """A source's data, or the machine's clock, look broken; nothing was stored by them."""

    exit_code = 4


class Locked(LmsSyncError):
    """Another run holds the lock of this workspace."""

    exit_code = 75


class Terminated(KeyboardInterrupt):
    """The service, or somebody, asks the command to end (SIGTERM)."""


def interruption_behind(error: BaseException | None) -> KeyboardInterrupt | None:
    """Return the Ctrl-C or SIGTERM in whose wake an error was raised: what is cut short may fail to clean up."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__context__
    return error


def exit_code_of(error: BaseException) -> int:
    """Return the exit code of a command that ends by an error; EXIT_BUG for a fault of the program."""
    if interruption := interruption_behind(error):
        return 128 + (signal.SIGTERM if isinstance(interruption, Terminated) else signal.SIGINT)
    if isinstance(error, LmsSyncError):
        return error.exit_code
    return UsageError.exit_code if isinstance(error, OSError) or full_disk(error) else EXIT_BUG


def full_disk(error: BaseException) -> bool:
    """Tell whether there was no room for what was to be written, in a file or in the database."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    # A database's own error, as SQLAlchemy wraps it: SQLite's words, PostgreSQL's, or its code.
    original = getattr(error, "orig", "")
    words = str(original)
    code = getattr(original, "sqlstate", None)
    return "disk is full" in words or "No space left on device" in words or code == _NO_ROOM_ON_THE_SERVER


def trouble_of(error: Exception, what: str) -> LmsSyncError:
    """Return what people are told of an error that must not stop the rest: a foreseen one as it is.

    Any other is a fault of the program: `what` failed, in words that name nobody, goes to the log with its trace.
    Raises: KeyboardInterrupt where that is behind it, since it must stop the rest.
    """
    if interruption := interruption_behind(error):
        raise interruption
    if isinstance(error, LmsSyncError):
        return error
    if full_disk(error):
        return ConfigError(f"{what}: the disk is full", hint="Make room, and run the command again.")
    # A fault's own words may hold a name, and no log above DEBUG names anybody.
    log.error("%s: %s", what, type(error).__name__)
    log.debug("the trace of that fault", exc_info=error)
    return LmsSyncError("a fault of the program", hint="See the log file; report the trace.")


# When several outcomes apply to one run, the first of these is its exit code.
PRECEDENCE = (EXIT_BUG, 2, 75, 4, 3, EXIT_FINDINGS, EXIT_DONE)


def worst(codes: set[int]) -> int:
    """Return the exit code that stands for all `codes`; 0 for none."""
    return next(code for code in PRECEDENCE if code in codes or code == EXIT_DONE)
