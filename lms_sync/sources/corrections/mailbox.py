"""The district's mailbox, read over TLS and never changed; the one home of imap-tools."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from imaplib import IMAP4
from pathlib import Path

from imap_tools import MailBox
from imap_tools.errors import ImapToolsError

from lms_sync.errors import MailError, SourceError
from lms_sync.time_limit import within
from lms_sync.workspace.settings.config import secret
from lms_sync.workspace.settings.corrections import MailboxSettings
from lms_sync.workspace.settings.limits import LimitSettings

TIMEOUT = 30.0
"""Seconds for which the server may be silent."""
LONGEST = 1800.0
"""Seconds that one look may take in all; what it did not come to waits for the next night."""


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


@dataclass(frozen=True, slots=True)
class Mailbox:
    """How the mailbox is reached."""

    settings: MailboxSettings
    password: Callable[[], str] = field(repr=False)
    """Gives the password, or with `oauth` an access token."""
    ca_file: Path | None = None
    limits: LimitSettings = field(default_factory=LimitSettings)

    def since(self, cursor: str) -> NewMail:
        """Return the messages that came after `cursor` (`validity:uid`).

        The folder is opened for reading only: no message is marked or moved. A mailbox that was made anew (another
        validity) is read from its beginning; what was taken before is recognised by its content.
        Raises: SourceError when the server can't be reached, refuses the sign-in, or breaks off.
        """
        try:
            return within(LONGEST, lambda: self._looked(cursor))
        except MailError as error:
            raise SourceError(f"the mailbox {self.settings.user}: {error}", hint=error.hint) from error
        except (ImapToolsError, IMAP4.error, OSError, ValueError) as error:
            raise SourceError(
                f"the mailbox {self.settings.user} at {self.settings.host}: {_words(error)}",
                hint="Check host, port, user and secret in [corrections.mailbox]; what came before stays.",
            ) from error

    def _looked(self, cursor: str) -> NewMail:
        box = self._signed_in()
        try:
            return self._read(box, cursor)
        finally:
            _leave(box)

    def _signed_in(self) -> MailBox:
        context = ssl.create_default_context(cafile=str(self.ca_file) if self.ca_file else None)
        box = MailBox(self.settings.host, self.settings.port, timeout=TIMEOUT, ssl_context=context)
        try:
            if self.settings.sign_in == "oauth":
                box.xoauth2(self.settings.user, self.password(), initial_folder=None)
            else:
                box.login(self.settings.user, self.password(), initial_folder=None)
        except BaseException:
            _leave(box)
            raise
        return box

    def _read(self, box: MailBox, cursor: str) -> NewMail:
        box.folder.set(self.settings.folder, readonly=True)
        validity = str(box.folder.status(self.settings.folder, ["UIDVALIDITY"])["UIDVALIDITY"])
        before, _, last = cursor.partition(":")
        seen = int(last) if before == validity and last.isdigit() else 0
        uids = sorted(int(uid) for uid in box.uids(f"UID {seen + 1}:*") if int(uid) > seen)
        most = self.limits.mailbox_mails
        return NewMail(validity, seen, tuple(self._messages(box, uids[:most])), len(uids[most:]))

    def _messages(self, box: MailBox, uids: list[int]) -> Iterator[MailMessage]:
        for uid in uids:
            _, sized = box.client.uid("FETCH", str(uid), "(RFC822.SIZE)")
            if _size(sized) > self.limits.mail_bytes:
                yield MailMessage(uid, b"")
                continue
            _, answer = box.client.uid("FETCH", str(uid), "(BODY.PEEK[])")
            raw = next((part[1] for part in answer if isinstance(part, tuple)), b"")
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


def _leave(box: MailBox) -> None:
    """Close the connection, whatever has become of it."""
    with suppress(ImapToolsError, IMAP4.error, OSError):
        box.logout()
    with suppress(OSError):
        box.client.shutdown()


def _size(answer: object) -> int:
    text = b" ".join(part for part in answer if isinstance(part, bytes)) if isinstance(answer, list) else b""
    digits = text.rpartition(b"RFC822.SIZE ")[2].split(b")")[0].strip()
    return int(digits) if digits.isdigit() else 0


def _words(error: Exception) -> str:
    """Return why, without what a server may quote of the sign-in."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return "its certificate is not one that this machine trusts"
    if isinstance(error, IMAP4.abort):
        return "the connection broke off"
    if isinstance(error, ImapToolsError | IMAP4.error):
        return "the server refused the sign-in or a question"
    if isinstance(error, TimeoutError):
        return f"it answers too slowly ({error})"
    return str(getattr(error, "strerror", None) or type(error).__name__)
