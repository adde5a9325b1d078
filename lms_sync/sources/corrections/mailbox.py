"""The district's mailbox, read over TLS and never changed; the one home of imap-tools."""

import re
import ssl
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from imaplib import IMAP4
from pathlib import Path
from socket import SHUT_RDWR

from imap_tools import MailBox
from imap_tools.errors import ImapToolsError, MailboxFetchError
from imap_tools.utils import check_command_status

from lms_sync.errors import MailError, SourceError
from lms_sync.time_limit import within
from lms_sync.workspace.settings.config import secret
from lms_sync.workspace.settings.corrections import MailboxSettings
from lms_sync.workspace.settings.limits import LimitSettings

TIMEOUT = 30.0
"""Seconds for which the server may be silent."""
LONGEST = 1800.0
"""Seconds that one look may take in all; what it did not come to waits for the next night."""
_NONSENSE = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, MemoryError)
"""What the library stumbles with over an answer that is not IMAP, or one that is larger than any memory."""


@dataclass(frozen=True, slots=True)
class MailMessage:
    """One message."""

    uid: int
    raw: bytes
    """Empty for one that is too large."""


@dataclass(frozen=True, slots=True)
class NewMail:
    """What came since the last look, as far as one night takes it."""

    validity: str
    seen: int
    """The newest message that was taken before."""
    messages: tuple[MailMessage, ...] = ()
    """The oldest first."""
    left: int = 0
    """How many more there are; they wait for the next night."""

    def cursor(self, taken: int) -> str:
        """Return where the next look goes on, when so many of the messages were taken."""
        return f"{self.validity}:{self.messages[taken - 1].uid if taken else self.seen}"


@dataclass(slots=True)
class _Look:
    """How far one look at the mailbox has come."""

    stage: str = "the connection"
    """What the server is asked for."""
    remedy: str = "Check host, port and ca_file in [corrections.mailbox]."

    def at(self, stage: str, remedy: str = "") -> None:
        """Go on to the next stage."""
        self.stage, self.remedy = stage, remedy or "Nothing of it was taken; it is tried again the next night."


class _NoMessage(ValueError):
    """The server answered without the message that it was asked for."""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """How the mailbox is reached."""

    settings: MailboxSettings
    password: Callable[[], str] = field(repr=False)
    """Gives the password, or with `oauth` an access token."""
    ca_file: Path | None = None
    limits: LimitSettings = field(default_factory=LimitSettings)
    silence: float = TIMEOUT
    longest: float = LONGEST

    def since(self, cursor: str) -> NewMail:
        """Return the messages that came after `cursor` (`validity:uid`).

        The folder is opened for reading only: no message is marked or moved. A mailbox that was made anew (another
        validity) is read from its beginning; what was taken before is recognised by its content.
        Raises: SourceError when the server can't be reached, refuses something, breaks off or answers nonsense.
        """
        look = _Look()
        try:
            return within(self.longest, lambda: self._looked(cursor, look))
        except MailError as error:
            raise SourceError(f"the mailbox {self.settings.user}: {error}", hint=error.hint) from error
        except (ImapToolsError, IMAP4.error, OSError, *_NONSENSE) as error:
            # Not chained: a server may repeat the sign-in in its words.
            raise SourceError(
                f"the mailbox {self.settings.user} at {self.settings.host}: {_words(error, look.stage)}",
                hint=f"{look.remedy} What came before stays.",
            ) from None

    def _looked(self, cursor: str, look: _Look) -> NewMail:
        box = self._signed_in(look)
        try:
            return self._read(box, cursor, look)
        finally:
            self._leave(box)

    def _signed_in(self, look: _Look) -> MailBox:
        context = ssl.create_default_context(cafile=str(self.ca_file) if self.ca_file else None)
        box = MailBox(self.settings.host, self.settings.port, timeout=self.silence, ssl_context=context)
        look.at("the sign-in", "Check user and secret in [corrections.mailbox].")
        try:
            if self.settings.sign_in == "oauth":
                box.xoauth2(self.settings.user, self.password(), initial_folder=None)
            else:
                box.login(self.settings.user, self.password(), initial_folder=None)
        except BaseException:
            self._leave(box)
            raise
        return box

    def _leave(self, box: MailBox) -> None:
        """Close the connection, whatever has become of it; what was read before counts."""
        with suppress(ImapToolsError, IMAP4.error, OSError, *_NONSENSE):
            within(self.silence, box.logout)
        with suppress(OSError):
            # First, since closing waits for one who still reads.
            box.client.socket().shutdown(SHUT_RDWR)
        with suppress(OSError):
            box.client.shutdown()

    def _read(self, box: MailBox, cursor: str, look: _Look) -> NewMail:
        look.at(f"the folder {self.settings.folder}", "Check folder in [corrections.mailbox].")
        box.folder.set(self.settings.folder, readonly=True)
        validity = str(box.folder.status(self.settings.folder, ["UIDVALIDITY"])["UIDVALIDITY"])
        before, _, last = cursor.partition(":")
        seen = int(last) if before == validity and last.isdecimal() else 0
        look.at("the search for new messages")
        uids = sorted(int(uid) for uid in box.uids(f"UID {seen + 1}:*") if int(uid) > seen)
        most = self.limits.mailbox_mails
        return NewMail(validity, seen, tuple(self._messages(box, uids[:most], look)), len(uids[most:]))

    def _messages(self, box: MailBox, uids: list[int], look: _Look) -> Iterator[MailMessage]:
        for uid in uids:
            look.at(f"message {uid}", f"If it stays so, move message {uid} out of the folder {self.settings.folder}.")
            sized = _fetched(box, uid, "(RFC822.SIZE)")
            if sized == [None]:
                continue  # it was deleted or moved since the search
            if not (size := _size(sized)):
                continue  # nothing is in it: a server whose disk was full leaves such
            if size > self.limits.mail_bytes:
                yield MailMessage(uid, b"")
                continue
            raw = next((part[1] for part in _fetched(box, uid, "(BODY.PEEK[])") if isinstance(part, tuple)), b"")
            if not raw:
                raise _NoMessage
            yield MailMessage(uid, bytes(raw))


def no_token() -> str:
    """Give no token: the settings name a secret of the mailbox's own."""
    return ""


def open_mailbox(
    settings: MailboxSettings, folder: Path, *, limits: LimitSettings, token: Callable[[], str] = no_token
) -> Mailbox:
    """Return the mailbox of the settings; `folder` is the workspace. The secret is read when it is needed.

    `token` gives the access token of [oauth], where that signs in.
    """
    key = "[corrections.mailbox] " + ("token" if settings.sign_in == "oauth" else "password")
    named = secret(settings.secret_env, settings.secret_file, folder=folder, key=key)
    read = token if settings.by_oauth else named
    return Mailbox(settings, read, folder / settings.ca_file if settings.ca_file else None, limits)


def _fetched(box: MailBox, uid: int, what: str) -> list[object]:
    """Return the parts of the server's answer. Raises: MailboxFetchError where it refuses."""
    result = box.client.uid("FETCH", str(uid), what)
    check_command_status(result, MailboxFetchError)
    return list(result[1])


def _size(answer: list[object]) -> int:
    text = b" ".join(part for part in answer if isinstance(part, bytes))
    if not (found := re.search(rb"RFC822\.SIZE (\d{1,18})\b", text)):
        raise _NoMessage
    return int(found[1])


def _words(error: BaseException, stage: str) -> str:
    """Return why, without what a server may quote of the sign-in."""
    match error:
        case ssl.SSLCertVerificationError():
            return f"its certificate can't be trusted ({error.verify_message.rstrip('.')})"
        case TimeoutError():
            return f"it answers too slowly at {stage} ({error})"
        case ssl.SSLError() if stage == _Look().stage:
            return "no TLS at the connection: another port, or it broke off"
        case IMAP4.abort() if "EOF" in str(error) or "socket error" in str(error):
            return f"the connection broke off at {stage}"
        case ImapToolsError() | IMAP4.error() if not isinstance(error, IMAP4.abort):
            return f"the server refused {stage}"
        case UnicodeEncodeError():
            return f"{stage} has letters that IMAP can't carry: plain ASCII is needed"
        case _NoMessage():
            return f"the server did not hand over {stage}"
        case OSError():
            return f"{error.strerror or type(error).__name__} at {stage}"
    return f"what the server answered at {stage} is not IMAP"
