"""Every stage of a look at the mailbox × what can go wrong there: a sentence, an end, and nothing taken as read."""

import socket
import ssl
import threading
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import trustme

from lms_sync.errors import SourceError
from lms_sync.model.pseudonyms import Pseudonyms
from lms_sync.model.roster import Roster
from lms_sync.operations.pull.apply import PullContext
from lms_sync.operations.pull.pulls import Pulling, pull_all
from lms_sync.people.match import directory
from lms_sync.sources.corrections.claims import FormContext
from lms_sync.sources.corrections.mailbox import Mailbox
from lms_sync.sources.corrections.sender import TrustedServer
from lms_sync.sources.corrections.source import Corrections
from lms_sync.store.store import Opening, open_store
from lms_sync.workspace.settings.corrections import MailboxSettings
from lms_sync.workspace.settings.limits import LimitSettings
from tests.sources.test_contract import InMemory

pytestmark = pytest.mark.slow  # sockets by the dozen
SEAL = Pseudonyms(b"a key that the tests made up, 32")
USER, SECRET = "training@district.example.org", "made-up-password"
MAIL = b"From: chief@quarry.example.org\r\nSubject: Re: gaps\r\n\r\nHere it is.\r\n"
NO, BAD, DROP, HANG, DRIP, GARBAGE = "NO", "BAD", "(drop)", "(hang)", "(drip)", "(garbage)"
GOOD = {
    "greeting": b"* OK ready",
    "CAPABILITY": b"* CAPABILITY IMAP4rev1 AUTH=XOAUTH2",
    "LOGIN": b"",
    "AUTHENTICATE": b"",
    "EXAMINE": b"* 1 EXISTS",
    "STATUS": b'* STATUS "INBOX" (UIDVALIDITY 7)',
    "SEARCH": b"* SEARCH 3",
    "RFC822.SIZE": b"* 1 FETCH (UID 3 RFC822.SIZE %d)" % len(MAIL),
    "BODY": b"* 1 FETCH (UID 3 BODY[] {%d}\r\n%s)" % (len(MAIL), MAIL),
    "LOGOUT": b"* BYE",
}
NAMES = {
    "connect": ("connection", "host, port"),
    "greeting": ("connection", "host, port"),
    "CAPABILITY": ("connection", "host, port"),
    "LOGIN": ("sign-in", "user and secret"),
    "AUTHENTICATE": ("sign-in", "user and secret"),
    "EXAMINE": ("folder INBOX", "folder in"),
    "STATUS": ("folder INBOX", "folder in"),
    "SEARCH": ("search for new messages", "next night"),
    "RFC822.SIZE": ("message 3", "move message 3"),
    "BODY": ("message 3", "move message 3"),
    "in a literal": ("message 3", "move message 3"),
}
"""Stage → what the sentence names, and what the hint says to look at."""
Answers = Mapping[str, str | bytes]


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def tls_of(authority: trustme.CA, host: str = "localhost", until: datetime | None = None) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(host, not_after=until).configure_cert(context)
    return context


@contextmanager
def scripted(tls: ssl.SSLContext, answers: Answers) -> Iterator[int]:
    """Serve one connection: each stage answers as it is written, and well where nothing is written."""
    stop = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            with suppress(OSError, ValueError), listening.accept()[0] as wire:
                if _say(wire, answers.get("connect", b""), stop):
                    with tls.wrap_socket(wire, server_side=True) as safe:
                        _talk(safe, answers, stop)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            stop.set()
            thread.join(10)


def _talk(wire: socket.socket, answers: Answers, stop: threading.Event) -> None:
    if not _say(wire, answers.get("greeting", GOOD["greeting"] + b"\r\n"), stop):
        return
    for line in wire.makefile("rb"):
        tag, _, rest = line.strip().partition(b" ")
        stage = next(stage for stage in GOOD if stage.encode() in rest.split(b" CHARSET")[0])
        if stage == "BODY" and (fault := answers.get("in a literal")):
            wire.sendall(GOOD["BODY"][:50])
            if not _say(wire, fault, stop):
                return
        fault = answers.get(stage, b"")
        if fault in (NO, BAD):
            wire.sendall(b"%s %s [X] your secret is %s\r\n" % (tag, str(fault).encode(), SECRET.encode()))
        elif isinstance(fault, bytes):
            wire.sendall((fault or GOOD[stage]) + b"\r\n" if fault or GOOD[stage] else b"")
            wire.sendall(tag + b" OK done\r\n")
        elif not _say(wire, fault, stop):
            return


def _say(wire: socket.socket, answer: str | bytes, stop: threading.Event) -> bool:
    """Answer; tell whether the conversation goes on."""
    if isinstance(answer, bytes):
        wire.sendall(answer)
    elif answer == HANG:
        stop.wait(20)
    elif answer == GARBAGE:
        wire.sendall(b"\x00\xffmade-up-password (((\r\n" * 20)
    elif answer in (NO, BAD):
        wire.sendall(b"* BYE " + SECRET.encode() + b"\r\n")
    while answer == DRIP and not stop.wait(0.02):
        wire.sendall(b"*")
    return isinstance(answer, bytes)


def look(tmp_path: Path, authority: trustme.CA, port: int, sign_in: str = "password") -> Mailbox:
    ca_file = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(ca_file))
    named: dict[str, object] = {"host": "localhost", "port": port, "user": USER, "sign_in": sign_in}
    settings = MailboxSettings.model_validate(named | {"password_file": "x", "token_file": "x"})
    return Mailbox(settings, lambda: SECRET, ca_file, silence=5.0, longest=10.0)


def corrections(box: Mailbox) -> Corrections:
    counter = FormContext(SEAL, Roster({}, {}, {}, ()), date(2026, 11, 1))
    return Corrections(Path("none"), box, TrustedServer(), counter, LimitSettings())


def failed(box: Mailbox) -> SourceError:
    """Return what the pull ends with: an error of one source, by which no place in the mailbox moves on."""
    with pytest.raises(SourceError) as caught:
        corrections(box).pull(frozenset(), "7:2")
    assert SECRET not in "".join(traceback.format_exception(caught.value)) + caught.value.hint
    assert str(caught.value).startswith(f"the mailbox {USER}")
    return caught.value


@pytest.mark.parametrize("fault", [NO, BAD, DROP, HANG, GARBAGE])
@pytest.mark.parametrize("stage", NAMES)
def test_whatever_happens_at_whatever_stage_is_told_and_nothing_is_taken(
    tmp_path: Path, authority: trustme.CA, stage: str, fault: str
) -> None:
    sign_in = "oauth" if stage == "AUTHENTICATE" else "password"
    with scripted(tls_of(authority), {stage: fault}) as port:
        box = look(tmp_path, authority, port, sign_in)
        error = failed(replace(box, silence=0.3) if fault == HANG else box)
    named, remedy = NAMES[stage]
    assert named in str(error)
    assert remedy in error.hint


def test_a_mailbox_that_fails_keeps_its_place_and_the_other_sources_go_on(
    tmp_path: Path, authority: trustme.CA
) -> None:
    night = datetime(2026, 11, 23, 10, tzinfo=UTC)
    desk = PullContext(SEAL, directory((), SEAL))
    other = InMemory("esd", "cumulative", (("ana", "SSS-05", "done"),))
    with (
        open_store("sqlite://", Opening("pinehill", SEAL.check, night)) as store,
        scripted(tls_of(authority), {"in a literal": DROP}) as port,
    ):
        box = look(tmp_path, authority, port)
        failing, fine = pull_all(store, [corrections(box), other], Pulling(night, lambda: desk))
        assert store.runs.cursor("corrections") == ""
        assert len(list(store.evidence.completions("esd"))) == 1
    assert isinstance(failing.error, SourceError)
    assert fine.error is None


@pytest.mark.parametrize("stage", ["LOGIN", "in a literal"])
def test_an_answer_that_drips_has_an_end(tmp_path: Path, authority: trustme.CA, stage: str) -> None:
    with scripted(tls_of(authority), {stage: DRIP}) as port:
        box = look(tmp_path, authority, port)
        box = replace(box, longest=0.3)
        assert "too slowly" in str(failed(box))


@pytest.mark.parametrize("fault", [NO, BAD, DROP, HANG, DRIP, GARBAGE, b""])
def test_what_was_read_whole_counts_however_the_server_takes_leave(
    tmp_path: Path, authority: trustme.CA, fault: str
) -> None:
    with scripted(tls_of(authority), {"LOGOUT": fault}) as port:
        box = look(tmp_path, authority, port)
        new = (replace(box, silence=0.3) if fault in (HANG, DRIP) else box).since("7:2")
    assert [(mail.uid, mail.raw) for mail in new.messages] == [(3, MAIL)]
    assert new.cursor(1) == "7:3"


@pytest.mark.parametrize(
    ("stage", "answer"),
    [
        ("STATUS", b'* STATUS "INBOX" (MESSAGES 1)'),
        ("STATUS", b"* STATUS"),
        ("SEARCH", b"* SEARCH three"),
        ("SEARCH", b"* SEARCH {3}\r\n1 2"),
        ("RFC822.SIZE", b"* 1 FETCH (UID 3 RFC822.SIZE many)"),
        ("BODY", b"* 1 FETCH (UID 3 BODY[] NIL)"),
        ("BODY", b"* 1 FETCH (UID 3 BODY[] {0}\r\n)"),
        ("BODY", b"* OK nothing"),
        ("BODY", b"* 1 FETCH (UID 3 BODY[] {99999999999999999999999}\r\n"),
        ("BODY", b"* 1 FETCH (UID 3 BODY[] {9000000000000000000}\r\n"),
    ],
)
def test_an_answer_without_what_was_asked_for_is_told(
    tmp_path: Path, authority: trustme.CA, stage: str, answer: bytes
) -> None:
    with scripted(tls_of(authority), {stage: answer}) as port:
        assert NAMES[stage][0] in str(failed(look(tmp_path, authority, port)))


def test_a_message_that_was_deleted_meanwhile_is_passed_over(tmp_path: Path, authority: trustme.CA) -> None:
    with scripted(tls_of(authority), {"RFC822.SIZE": b"* OK nothing"}) as port:
        new = look(tmp_path, authority, port).since("7:2")
    assert (new.messages, new.cursor(0)) == ((), "7:2")


@pytest.mark.parametrize(
    ("host", "until", "why"),
    [
        ("other.example.org", None, "ostname mismatch"),
        ("localhost", datetime(2020, 1, 1, tzinfo=UTC), "expired"),
    ],
)
def test_a_certificate_that_is_wrong_or_expired_is_not_trusted(
    tmp_path: Path, authority: trustme.CA, host: str, until: datetime | None, why: str
) -> None:
    with scripted(tls_of(authority, host, until), {}) as port:
        error = failed(look(tmp_path, authority, port))
    assert "certificate can't be trusted" in str(error)
    assert why in str(error)
    assert "ca_file" in error.hint


def test_nobody_there_is_told(tmp_path: Path, authority: trustme.CA) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        assert "Connection refused" in str(failed(look(tmp_path, authority, free.getsockname()[1])))


def test_a_password_that_imap_cannot_carry_is_told_without_it(tmp_path: Path, authority: trustme.CA) -> None:
    with scripted(tls_of(authority), {}) as port:
        box = look(tmp_path, authority, port)
        box = replace(box, password=lambda: "pässwort")
        error = failed(box)
    assert "plain ASCII" in str(error)
    assert "pässwort" not in "".join(traceback.format_exception(error))
