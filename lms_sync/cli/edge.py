"""The one edge where exceptions become sentences and exit codes, and where logging is set up."""

import errno
import json
import logging
import logging.handlers
import os
import signal
import sys
import threading
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any, TextIO

import click

from lms_sync.cli.launch import STOPPED
from lms_sync.cli.lazy import LazyGroup
from lms_sync.cli.plain_signs import write_what_the_terminal_can
from lms_sync.cli.printing import printing
from lms_sync.errors import (
    EXIT_BUG,
    LmsSyncError,
    Terminated,
    UsageError,
    exit_code_of,
    full_disk,
    interruption_behind,
)
from lms_sync.files import narrow, private_folder, private_opener

LOG_FILE = "lms_sync.log"
_PLAIN = {
    "→": "->",
    "…": "...",
    "“": '"',
    "”": '"',
    "’": "'",
    "–": "-",
    "—": "-",
    "✓": "+",
    "✗": "x",
    "•": "*",
    "·": "*",
}
_PLAIN |= {"≤": "<=", "≥": ">=", "×": "x"} | dict.fromkeys("̧̀́̂̃̈̊", "")


class Edge(LazyGroup):
    """A command group that ends every error as a sentence on stderr and an exit code."""

    def main(self, args: Sequence[str] | None = None, *extra: Any, **kwargs: Any) -> Any:
        """Run a command and exit with its code; return the code when click is told not to exit."""
        write_what_the_terminal_can()
        with printing(), _terminated_in_order():
            return self._main(args, *extra, **kwargs)

    def _main(self, args: Sequence[str] | None, *extra: Any, **kwargs: Any) -> Any:
        exits = kwargs.pop("standalone_mode", True)
        try:
            _expect_text(sys.argv[1:] if args is None else args)
            code = super().main(args, *extra, **{**kwargs, "standalone_mode": False})
        except click.exceptions.Exit as leaving:
            code = leaving.exit_code
        except click.ClickException as error:
            error.show()
            code = UsageError.exit_code
        except (Exception, KeyboardInterrupt) as error:
            code = _ended(error)
        if not exits:
            return code
        sys.exit(code if isinstance(code, int) else 0)


def _ended(error: BaseException) -> int:
    """Say why a command ended, and return its exit code."""
    interruption = interruption_behind(error)
    if interruption or isinstance(error, click.Abort):  # which stands for a question that was not answered, too
        click.echo(STOPPED, err=True)
        return exit_code_of(interruption or KeyboardInterrupt())
    if isinstance(error, LmsSyncError):
        return _tell(str(error), error.hint, error.exit_code)
    if isinstance(error, OSError):
        return _tell(f"{_named(error)}: {error.strerror or error}", _os_hint(error), UsageError.exit_code)
    return _unforeseen(error)


def _expect_text(words: Sequence[str]) -> None:
    """Refuse what was typed in other bytes than those of UTF-8, as a file's name of an older system may be."""
    for word in words:
        escaped = word.encode("utf-8", "backslashreplace").decode()
        if escaped != word:
            raise UsageError(
                f"{escaped}: this is not written in UTF-8", hint="Type it again, or give the file another name."
            )


@contextmanager
def _terminated_in_order() -> Iterator[None]:
    """Let SIGTERM end a command as Ctrl-C does: transactions are undone, and the lock is let go."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(_number: int, _frame: FrameType | None) -> None:
        raise Terminated

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before or signal.SIG_DFL)


def _tell(message: str, hint: str, code: int) -> int:
    click.echo(f"lms-sync: {message}", err=True)
    if hint:
        click.echo(f"  → {hint}", err=True)
    return code


def _named(error: OSError) -> str:
    """Return the path as the person knows it: a whole file is written as `.NAME.part` first."""
    if error.filename is None:
        return "a file"
    path = Path(os.fsdecode(error.filename))
    hidden = path.name.startswith(".") and path.suffix == ".part"
    return str(path.with_name(path.name[1:].removesuffix(".part")) if hidden else path)


def _os_hint(error: OSError) -> str:
    hints = {
        errno.ENOSPC: "The disk is full. Make room and run the command again.",
        errno.EDQUOT: "The account's share of the disk is used up. Make room and run the command again.",
        errno.EACCES: "The account that runs lms-sync may not do that; see the folder's owner and mode.",
        errno.EPERM: "The account that runs lms-sync may not do that; see the folder's owner and mode.",
        errno.EROFS: "The folder is mounted for reading only; name one that you may write to.",
        errno.ENOENT: "There is no such folder or file; see how it is written, or make the folder first.",
    }
    return hints.get(error.errno or 0, "Check the path and try again.")


def _unforeseen(error: BaseException) -> int:
    # Imported here: a command that asks the database nothing must not wait for its library.
    from sqlalchemy.exc import OperationalError

    if full_disk(error):
        return _tell("the disk is full", "Make room, and run the command again.", UsageError.exit_code)
    if isinstance(error, OperationalError):
        hint = "Is the disk full, or is the database in use elsewhere?"
        return _tell(f"the database: {error.orig}", hint, UsageError.exit_code)
    return _bug("".join(traceback.format_exception(error)))


def _bug(trace: str) -> int:
    files = [h.baseFilename for h in logging.getLogger().handlers if isinstance(h, ToFile)]
    if files:
        logging.getLogger(__name__).debug("%s", trace)
        return _tell("a fault of the program stopped this command", f"The trace is in {files[0]}.", EXIT_BUG)
    return _tell("a fault of the program stopped this command\n" + trace, "Please report this trace.", EXIT_BUG)


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as JSON: at, level, logger, message, trace."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


class MessageFormatter(logging.Formatter):
    """The bare message; what is worse than information says so first."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as a person at a terminal reads it."""
        worse = record.levelno > logging.INFO
        return f"{record.levelname.lower()}: {super().format(record)}" if worse else super().format(record)


class ToStderr(logging.StreamHandler[TextIO]):
    """The log on stderr."""


class ToFile(logging.handlers.RotatingFileHandler):
    """The log in the workspace's file, which is the account's alone."""

    def _open(self) -> Any:
        narrow(Path(self.baseFilename))
        return open(self.baseFilename, self.mode, encoding=self.encoding, opener=private_opener)

    def shouldRollover(self, record: logging.LogRecord) -> bool | int:
        """Tell whether the file is full; where another process has put it aside meanwhile, go on in the new one."""
        if self.stream is not None and not self._holds(self.stream):
            self.stream.close()
            self.stream = self._open()
        return super().shouldRollover(record)

    def _holds(self, stream: TextIO) -> bool:
        """Tell whether the file of this name is the one that is open."""
        try:
            return os.path.samestat(os.stat(self.baseFilename), os.fstat(stream.fileno()))
        except OSError:
            return False

    def handleError(self, record: logging.LogRecord) -> None:
        """Lose a line that can't be written (a full disk); the library's own way prints traces and data."""


OURS = (ToStderr, ToFile)


def set_up_logging(*, json_lines: bool, verbose: bool, terminal: bool) -> None:
    """Write the log to stderr: everything of note on a terminal, only what needs a person elsewhere."""
    handler = ToStderr(sys.stderr)
    handler.setFormatter(JsonLines() if json_lines else MessageFormatter())
    handler.setLevel(logging.DEBUG if verbose else logging.INFO if terminal or json_lines else logging.WARNING)
    root = logging.getLogger()
    for earlier in [handler for handler in root.handlers if isinstance(handler, OURS)]:
        root.removeHandler(earlier)
        with suppress(OSError, ValueError):  # its stream may be gone, or full
            earlier.close()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    logging.getLogger("lms_sync").setLevel(logging.DEBUG)
    logging.getLogger("alembic").setLevel(logging.WARNING)


def log_to_file(folder: Path) -> None:
    """Write the whole log, traces among it, to the workspace's log file too. It names nobody.

    A command that opens the workspace several times goes on in the same file.
    """
    private_folder(folder)
    path = folder / LOG_FILE
    if any(
        isinstance(handler, ToFile) and handler.baseFilename == str(path) for handler in logging.getLogger().handlers
    ):
        return
    handler = ToFile(path, maxBytes=2_000_000, backupCount=5, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.getLogger().addHandler(handler)
