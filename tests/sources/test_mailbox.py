"""The district's mailbox over real TLS: read, never changed; what goes wrong is a sentence without a secret."""

import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from lms_sync.errors import ConfigError, SourceError
from lms_sync.sources.corrections.mailbox import Mailbox, open_mailbox
from lms_sync.workspace.settings.corrections import MailboxSettings
from lms_sync.workspace.settings.limits import LimitSettings
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
    limits = LimitSettings(mailbox_mails=int(str(most))) if (most := changes.pop("most", 0)) else LimitSettings()
    told |= {"password_file": "secret"} | changes
    return open_mailbox(MailboxSettings.model_validate(told), tmp_path, limits=limits)


def _ca(tmp_path: Path) -> str:
    (found,) = [path for path in tmp_path.iterdir() if path.name == "authority.pem"]
    return str(found)


def test_messages_are_read_once_in_their_order_and_nothing_is_changed(tmp_path: Path, folder: Folder) -> None:
    box = reader(tmp_path, folder)
    new = box.since("")
    assert [(one.uid, one.raw) for one in new.messages] == [(3, MAIL), (5, MAIL + b"again")]
    assert (new.cursor(0), new.cursor(1), new.cursor(2)) == ("7:0", "7:3", "7:5")
    assert (box.since("7:5").messages, box.since("7:5").cursor(0)) == ((), "7:5")
    folder.messages[9] = MAIL
    assert [one.uid for one in box.since("7:5").messages] == [9]
    assert any(line.upper().startswith("EXAMINE") for line in folder.asked)
    assert not any(
        word in line.upper() for line in folder.asked for word in ("STORE", "COPY", "MOVE", "EXPUNGE", "BODY[")
    )


def test_a_mailbox_made_anew_is_read_from_its_beginning(tmp_path: Path, folder: Folder) -> None:
    assert [one.uid for one in reader(tmp_path, folder).since("6:400").messages] == [3, 5]


def test_an_access_token_signs_in(tmp_path: Path, folder: Folder) -> None:
    box = reader(tmp_path, folder, sign_in="oauth", token_file="secret", password_file="", secret=TOKEN)
    assert len(box.since("").messages) == 2


def test_a_message_that_is_too_large_is_not_fetched(tmp_path: Path, folder: Folder) -> None:
    folder.messages[5] = MAIL + b"x" * 1_000_000
    box = replace(reader(tmp_path, folder), limits=LimitSettings(mail_mb=1))
    assert [one.raw for one in box.since("").messages] == [MAIL, b""]


def test_a_message_of_no_bytes_keeps_the_others_from_nobody(tmp_path: Path, folder: Folder) -> None:
    """A mail server whose disk was full leaves such files, and every night's look at the mailbox failed by it."""
    folder.messages[4] = b""
    assert [one.uid for one in reader(tmp_path, folder).since("").messages] == [3, 5]


def test_more_messages_than_a_night_takes_wait_for_the_next(tmp_path: Path, folder: Folder) -> None:
    new = reader(tmp_path, folder, most=1).since("")
    assert ([one.uid for one in new.messages], new.left) == ([3], 1)


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
        open_mailbox(
            MailboxSettings(host="x", user="y", password_file="none"), Path("/"), limits=LimitSettings()
        ).password()


def test_a_look_has_an_end(tmp_path: Path) -> None:
    """FAULTS: a mail server that drips a byte a time held the night, and its lock, for ever."""
    certificates(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        slow = replace(reader(tmp_path, Folder(port=silent.getsockname()[1])), longest=0.2)
        with pytest.raises(SourceError, match="too slowly"):
            slow.since("")
