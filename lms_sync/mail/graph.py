"""The carrier that hands messages to Microsoft Graph: a draft in the sender's mailbox, which is then sent.

Graph knows no "once": a message that is handed over in one call and whose answer is lost may have gone or not. So a
draft is made first, under an id that stays, and sent in a call of its own; where that answer is lost, the draft is
looked at. Source of limits and answers: Microsoft's pages on sendMail, large attachments, immutable ids.
"""

import base64
import email
import email.policy
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any
from urllib.parse import quote

import requests

from lms_sync.errors import MailError
from lms_sync.mail.graph_message import as_json, recipients_of
from lms_sync.model.address import split_sender
from lms_sync.model.carrier import Envelope, RecipientOutcome, RecipientResult
from lms_sync.time_limit import within

SMALL = 2_000_000
"""Bytes of a message that Graph takes whole: a request of 4 MB, in which it stands as base64 of base64."""
LARGE_FILE = 3_000_000
"""Bytes from which an attachment goes by an upload session."""
PIECE = 3_276_800
"""Bytes of one piece of an upload; a multiple of 320 kB, as Graph asks."""
_KEPT = {"Prefer": 'IdType="ImmutableId"'}
_TAKEN = 202
_TOO_MANY = 429
_NOT_NOW = (408, _TOO_MANY)
_NO_WAY = (401, 403, 404)
LONGEST_WAIT = 60.0
"""Seconds for which a session waits at most, in all, where Graph asks it to; the rest is tried on a later night."""
_TIMES = (10, 60)
"""Seconds to connect, and between two bytes of an answer."""


@dataclass(frozen=True, slots=True)
class GraphCarrier:
    """Microsoft Graph, in the name of one mailbox."""

    mailbox: str
    """Empty for the sender's own address."""
    token: Callable[[], str] = field(repr=False)
    address: str = "https://graph.microsoft.com"
    ca_file: str = ""
    times: tuple[float, float] = _TIMES
    longest: float = 300.0
    """Seconds that one call may take in all, however its answer drips."""
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False)

    @property
    def name(self) -> str:
        """Return the name that lms_sync.toml calls it by."""
        return "graph"

    @contextmanager
    def session(self) -> Iterator["GraphSession"]:
        """Return a session whose calls share one connection."""
        with requests.Session() as wire:
            yield GraphSession(self, wire)

    def reach(self) -> str:
        """Look into the mailbox, send nothing, and return where to, in words. Raises: MailError, ConfigError."""
        with self.session() as session:
            try:
                session.look()
            except _Refused as refused:
                raise MailError(f"Microsoft Graph refused: {refused}", hint="Try again later.") from None
        return f"{self.address}, mailbox {self.mailbox}"


class _Refused(Exception):
    """An answer that ends the try: what became of the message, in words."""

    def __init__(self, outcome: RecipientOutcome, words: str) -> None:
        super().__init__(words)
        self.outcome = outcome


class GraphSession:
    """Calls for the messages of one batch."""

    def __init__(self, carrier: GraphCarrier, wire: requests.Session) -> None:
        self._carrier = carrier
        self._wire = wire
        self._waited = 0.0
        self._throttled = ""
        """What Graph said when it took no more; then the rest of the batch waits without asking."""

    def send(self, envelope: Envelope, message: bytes) -> tuple[RecipientResult, ...]:
        """Send one message. Raises: MailError where the app may not, or nothing answers; ConfigError for a secret."""
        if self._throttled:
            return tuple(RecipientResult(a, RecipientOutcome.DEFERRED, self._throttled) for a in envelope.recipients)
        mailbox = quote(self._carrier.mailbox or split_sender(envelope.sender)[1], safe="@")
        base = f"{self._carrier.address}/v1.0/users/{mailbox}/messages"
        try:
            draft = self._draft(base, envelope, message)
            outcome, words = self._go(f"{base}/{quote(draft, safe='')}")
        except _Refused as refused:
            outcome, words = refused.outcome, str(refused)
        return tuple(RecipientResult(address, outcome, words) for address in envelope.recipients)

    def look(self) -> None:
        """Ask for the id of one message. Raises: _Refused, MailError, ConfigError."""
        mailbox = quote(self._carrier.mailbox, safe="@")
        self._ask("GET", f"{self._carrier.address}/v1.0/users/{mailbox}/messages?$top=1&$select=id")

    def _draft(self, base: str, envelope: Envelope, message: bytes) -> str:
        """Make the draft and return its id. Raises: _Refused, MailError; then nothing was sent."""
        parsed = email.message_from_bytes(message, policy=email.policy.default)
        assert isinstance(parsed, EmailMessage)
        if len(message) <= SMALL:
            draft = self._answer_of("POST", base, data=base64.b64encode(message), kind="text/plain")
            # Whoever has the message already, or may not have it yet, stands in its head and not in the envelope.
            self._answer_of("PATCH", f"{base}/{quote(draft, safe='')}", json=recipients_of(envelope))
            return draft
        draft = self._answer_of("POST", base, json=as_json(parsed, envelope))
        for part in parsed.iter_attachments():
            self._attach(f"{base}/{quote(draft, safe='')}/attachments", part)
        return draft

    def _attach(self, url: str, part: Any) -> None:
        content = part.get_payload(decode=True) or b""
        name, kind = part.get_filename() or "file", part.get_content_type()
        if len(content) < LARGE_FILE:
            file = {"@odata.type": "#microsoft.graph.fileAttachment", "name": name, "contentType": kind}
            self._answer_of("POST", url, json={**file, "contentBytes": base64.b64encode(content).decode()})
            return
        item = {"attachmentType": "file", "name": name, "size": len(content), "contentType": kind}
        place = self._answer_of(
            "POST", f"{url}/createUploadSession", json={"AttachmentItem": item}, tells="uploadUrl"
        )
        for start in range(0, len(content), PIECE):
            piece = content[start : start + PIECE]
            span = f"bytes {start}-{start + len(piece) - 1}/{len(content)}"
            # The place itself is the right to write there; it is another host, which must not see the token.
            self._ask("PUT", place, data=piece, headers={"Content-Range": span}, signed=False)

    def _answer_of(self, method: str, url: str, *, tells: str = "id", **call: Any) -> str:
        """Return what an answer tells of what was made. Raises: as `_draft`, also for a success that tells nothing.

        A portal or proxy may answer in Graph's place; a message whose recipients were not set must not leave.
        """
        found = self._ask(method, url, **call).get(tells)
        if isinstance(found, str) and found:
            return found
        raise _Refused(RecipientOutcome.DEFERRED, f"an answer that is none of Microsoft Graph's: it tells no {tells}")

    def _go(self, draft: str) -> tuple[RecipientOutcome, str]:
        """Send a draft. Where the answer is lost, look whether it is a draft still."""
        try:
            self._ask("POST", f"{draft}/send")
        except _Refused as refused:
            if refused.outcome is not RecipientOutcome.UNKNOWN:
                raise
            return self._looked_up(draft, str(refused))
        return RecipientOutcome.ACCEPTED, "Microsoft Graph took it"

    def _looked_up(self, draft: str, words: str) -> tuple[RecipientOutcome, str]:
        try:
            found = self._ask("GET", f"{draft}?$select=isDraft")
        except (_Refused, MailError):
            return RecipientOutcome.UNKNOWN, words
        if found.get("isDraft") is True:
            return RecipientOutcome.DEFERRED, f"{words}; it is a draft still"
        if found.get("isDraft") is False:
            return RecipientOutcome.ACCEPTED, "Microsoft Graph has sent it"
        return RecipientOutcome.UNKNOWN, words

    def _ask(self, method: str, url: str, **call: Any) -> dict[str, Any]:
        """Call once, and once more where Graph asks to wait a little: then it has done nothing (429)."""
        answer = self._call(method, url, **call)
        wait = _wait_asked(answer)
        if wait is not None and self._waited + wait <= LONGEST_WAIT:
            self._waited += wait
            self._carrier.sleep(wait)
            answer = self._call(method, url, **call)
        if answer.status_code == _TOO_MANY:
            self._throttled = f"Microsoft Graph takes no more for now: {_words(answer)}"
        return self._read(answer, sends=url.endswith("/send"))

    def _call(
        self,
        method: str,
        url: str,
        *,
        json: Any = None,
        data: bytes | None = None,
        kind: str = "",
        headers: Mapping[str, str] | None = None,
        signed: bool = True,
    ) -> requests.Response:
        sent = dict(headers or {}) | (_KEPT if signed else {}) | ({"Content-Type": kind} if kind else {})
        if signed:
            sent["Authorization"] = f"Bearer {self._carrier.token()}"
        try:
            request = partial(
                self._wire.request,
                *(method, url),
                json=json,
                data=data,
                headers=sent,
                timeout=self._carrier.times,
                allow_redirects=False,
                # Named in each call: the environment's authorities would win over the session's.
                verify=self._carrier.ca_file or True,
            )
            return within(self._carrier.longest, request)
        except TimeoutError:
            self._throttled = "Microsoft Graph answers too slowly"
            raise _Refused(_lost(url), self._throttled) from None
        except requests.ConnectTimeout:
            raise self._nobody("did not answer in time") from None
        except requests.exceptions.SSLError:
            raise self._nobody("showed a certificate that can't be trusted") from None
        except requests.RequestException as error:
            if _never_left(error):
                raise self._nobody("could not be reached") from None
            lost = f"the connection to Microsoft Graph was lost ({type(error).__name__})"
            raise _Refused(_lost(url), lost) from None

    def _read(self, answer: requests.Response, *, sends: bool) -> dict[str, Any]:
        words = _words(answer)
        if 200 <= answer.status_code < 300:
            if sends and answer.status_code != _TAKEN:
                raise _Refused(RecipientOutcome.UNKNOWN, f"{words}, where Microsoft Graph says {_TAKEN}")
            return _object(answer)
        if answer.status_code in _NOT_NOW:
            raise _Refused(RecipientOutcome.DEFERRED, words)
        if answer.status_code in _NO_WAY:
            raise MailError(f"Microsoft Graph refused: {words}", hint=_hint(answer.status_code))
        if answer.status_code >= 500 or answer.status_code < 400:
            raise _Refused(RecipientOutcome.UNKNOWN if sends else RecipientOutcome.DEFERRED, words)
        raise _Refused(RecipientOutcome.REFUSED, words)

    def _nobody(self, what: str) -> MailError:
        hint = "Check [mail.graph] address, and whether a firewall is in the way."
        return MailError(f"Microsoft Graph ({self._carrier.address}) {what}", hint=hint)


def _lost(url: str) -> RecipientOutcome:
    """Return what a message has become where the answer to a call was lost: only sending leaves it open."""
    return RecipientOutcome.UNKNOWN if url.endswith("/send") else RecipientOutcome.DEFERRED


def _wait_asked(answer: requests.Response) -> float | None:
    """Return for how many seconds a throttled caller is to wait; None for others, or where no time is named."""
    asked = answer.headers.get("Retry-After", "")
    if answer.status_code != _TOO_MANY or not asked:
        return None
    if asked.isdecimal():
        return float(asked)
    try:
        return max(0.0, (parsedate_to_datetime(asked) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None


def _never_left(error: requests.RequestException) -> bool:
    """Tell whether the request itself cannot have left: there was no connection."""
    return isinstance(error, requests.ConnectionError) and "NewConnectionError" in repr(error)


def _object(answer: requests.Response) -> dict[str, Any]:
    try:
        found = answer.json() if answer.content else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _words(answer: requests.Response) -> str:
    """Return the server's own words as one short line."""
    error = _object(answer).get("error")
    named = error if isinstance(error, dict) else {}
    text = f"{answer.status_code} {named.get('code', '')} {named.get('message', '')}"
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", " ", text).split())[:500]


def _hint(status: int) -> str:
    if status == 401:
        return "Check tenant, client_id and secret in [oauth]."
    if status == 403:
        return "Let an administrator give the app Mail.ReadWrite and Mail.Send for this mailbox (docs/operators.md)."
    return "Check [mail.graph] mailbox: it must exist in this tenant."
