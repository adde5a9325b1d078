"""The district's mailbox over real TLS: read, never changed; what goes wrong is a sentence without a secret."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from lms_sync.errors import ConfigError, SourceError
from lms_sync.sources.corrections import mailbox
from lms_sync.sources.corrections.mailbox import Mailbox, open_mailbox
from lms_sync.sources.corrections.post import workbooks_of
from lms_sync.workspace.settings.corrections import MailboxSettings
from tests.mail.smtp_servers import certificates
from tests.sources.imap_server import PASSWORD, TOKEN, USER, Folder, serving

MAIL = b"From: chief@quarry.example.org\r\nSubject: Re: gaps\r\n\r\nHere it is.\r\n"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Folder]:
    tls, _ = certificates(tmp_path)
    with serving(Folder({3: MAIL, 5: MAIL + b"again"}), tls) as one:
        yield one


def reader(tmp_path: Path, folder: Folder, **changes: object) -> Mailbox:
    _, ca_file = certificates(tmp_path / "ca") if changes.pop("stranger", False) else (None, _ca(tmp_path))
    (tmp_path / "secret").write_text(str(changes.pop("secret", PASSWORD)), encoding="utf-8")
    told: dict[str, object] = {"host": "localhost", "port": folder.port, "user": USER, "ca_file": ca_file}
    told |= {"password_file": "secret"} | changes
    return open_mailbox(MailboxSettings.model_validate(told), tmp_path)


def _ca(tmp_path: Path) -> str:
    (found,) = [path for path in tmp_path.iterdir() if path.name == "authority.pem"]
    return str(found)


def test_messages_are_read_once_in_their_order_and_nothing_is_changed(tmp_path: Path, folder: Folder) -> None:
    box = reader(tmp_path, folder)
    mails, cursor = box.since("")
    assert [(one.uid, one.raw) for one in mails] == [(3, MAIL), (5, MAIL + b"again")]
    assert cursor == "7:5"
    assert box.since(cursor) == ((), "7:5")
    folder.messages[9] = MAIL
    assert [one.uid for one in box.since(cursor)[0]] == [9]
    assert any(line.upper().startswith("EXAMINE") for line in folder.asked)
    assert not any(
        word in line.upper() for line in folder.asked for word in ("STORE", "COPY", "MOVE", "EXPUNGE", "BODY[")
    )


def test_a_mailbox_made_anew_is_read_from_its_beginning(tmp_path: Path, folder: Folder) -> None:
    assert [one.uid for one in reader(tmp_path, folder).since("6:400")[0]] == [3, 5]


def test_an_access_token_signs_in(tmp_path: Path, folder: Folder) -> None:
    box = reader(tmp_path, folder, sign_in="oauth", token_file="secret", password_file="", secret=TOKEN)
    assert len(box.since("")[0]) == 2


def test_a_message_that_is_too_large_is_not_fetched(
    tmp_path: Path, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox, "MOST_BYTES", len(MAIL))
    assert [one.raw for one in reader(tmp_path, folder).since("")[0]] == [MAIL, b""]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"secret": "wrong"}, "refused the sign-in"),
        ({"stranger": True}, "certificate"),
    ],
)
def test_a_refused_sign_in_or_a_strange_server_is_said_without_the_secret(
    tmp_path: Path, folder: Folder, changes: dict[str, object], said: str
) -> None:
    (tmp_path / "ca").mkdir()
    box = reader(tmp_path, folder, **changes)
    with pytest.raises(SourceError) as failed:
        box.since("")
    assert said in str(failed.value)
    assert "wrong" not in str(failed.value)
    assert PASSWORD not in repr(box)


def test_a_dead_server_and_one_that_breaks_off_are_said(tmp_path: Path, folder: Folder) -> None:
    folder.silent = True
    with pytest.raises(SourceError, match=USER):
        reader(tmp_path, folder).since("")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        folder.port = free.getsockname()[1]
    with pytest.raises(SourceError, match=USER):
        reader(tmp_path, folder).since("")


def test_a_secret_must_be_named() -> None:
    with pytest.raises(ValueError, match="password_env or password_file"):
        MailboxSettings(host="x", user="y")
    with pytest.raises(ConfigError, match="there is no file"):
        open_mailbox(MailboxSettings(host="x", user="y", password_file="none"), Path("/")).password()


PASSES = "mx.district.example.org; spf=pass; dmarc=pass header.from=quarry.example.org"


def message(*headers: str, kind: str = "application/octet-stream") -> bytes:
    head = "\r\n".join(("From: chief@quarry.example.org", *headers, f"Content-Type: {kind}"))
    return f"{head}\r\n\r\nPK\x03\x04 made up".encode()


@pytest.mark.parametrize(
    ("headers", "believed"),
    [
        ((f"Authentication-Results: {PASSES}",), True),
        ((), False),
        ((f"Authentication-Results: {PASSES.replace('dmarc=pass', 'dmarc=fail')}",), False),
        ((f"Authentication-Results: evil.example.net; dmarc=pass\r\nX: {PASSES}",), False),
        (
            (
                "Authentication-Results: mx.district.example.org; dmarc=fail",
                f"Authentication-Results: {PASSES}",
            ),
            False,
        ),
    ],
)
def test_only_the_own_mail_server_vouches_for_a_sender(headers: tuple[str, ...], *, believed: bool) -> None:
    (found,) = workbooks_of(message(*headers), name="m", trusted="mx.district.example.org")
    assert (found.doubt == "") is believed


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe\x00",
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--y\r\n",
        b"Content-Type: multipart/mixed\r\n\r\nPK",
        message(kind="message/rfc822"),
        b"From: a@x.example.org\r\nContent-Transfer-Encoding: base64\r\n\r\n%%%%",
        b'From: a@x.example.org\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\n\r\nx\x9f>"',
    ],
)
def test_broken_messages_and_those_inside_others_carry_nothing(raw: bytes) -> None:
    assert list(workbooks_of(raw, name="m")) == []
