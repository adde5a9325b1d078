"""The contract of every carrier, and what only the folder and the registry do."""

import email
import email.policy
import stat
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lms_sync.errors import ConfigError, MailError
from lms_sync.mail.carriers import CARRIERS, configured_carrier
from lms_sync.mail.folder import FolderCarrier
from lms_sync.mail.message import MessageParts, build_message
from lms_sync.mail.pace import PacedCarrier
from lms_sync.mail.smtp import SmtpCarrier
from lms_sync.model.carrier import Carrier, Envelope, RecipientOutcome, RecipientResult
from lms_sync.workspace.settings.config import Config, Settings
from tests.mail.smtp_servers import PASSWORD, USER, Post, certificates, serving

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
TO = ("chief@police.example.org", "clerk@police.example.org")
ENVELOPE = Envelope("d-1", "Lincoln School District <safety@example.org>", to=TO[:1], copy=TO[1:])
PARTS = MessageParts("Übersicht – 2 überfällig", "<p>Zoë Nuñez</p>", "Zoë Nuñez\n.\n..\n.hidden\n")


def message_of(envelope: Envelope) -> bytes:
    return build_message(PARTS, envelope=envelope, message_id=f"<{envelope.delivery_id}@example.org>", date=NOW)


@dataclass(frozen=True)
class Memory:
    """The simplest carrier: keeps what it is given."""

    boxes: dict[str, list[bytes]] = field(default_factory=dict)
    name: str = "memory"

    @contextmanager
    def session(self) -> Iterator["Memory"]:
        yield self

    def send(self, envelope: Envelope, message: bytes) -> tuple[RecipientResult, ...]:
        for address in envelope.recipients:
            self.boxes.setdefault(address, []).append(message)
        return tuple(RecipientResult(address, RecipientOutcome.ACCEPTED) for address in envelope.recipients)


@dataclass(frozen=True)
class Member:
    """A carrier under contract, and how to read what it delivered."""

    carrier: Carrier
    received: Callable[[], list[bytes]]
    """One message per recipient, or (folder) per delivery; in the order of sending."""


def _smtp_member(stack: ExitStack, kind: str, folder: Path) -> tuple[Carrier, Post]:
    context, ca_file = certificates(folder)
    if kind == "starttls":
        server = stack.enter_context(serving(starttls=context))
        carrier = SmtpCarrier(
            "localhost", server.port, "starttls", USER, lambda: PASSWORD, ca_file, client_name="here"
        )
    elif kind == "tls":
        server = stack.enter_context(serving(tls=context))
        carrier = SmtpCarrier("localhost", server.port, "tls", USER, lambda: PASSWORD, ca_file, client_name="here")
    else:
        server = stack.enter_context(serving())
        carrier = SmtpCarrier("127.0.0.1", server.port, "plain", USER, lambda: PASSWORD, client_name="here")
    return carrier, server.post


@pytest.fixture(scope="module", params=["memory", "folder", "starttls", "tls", "plain"])
def member(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Member]:
    folder = tmp_path_factory.mktemp("mail")
    with ExitStack() as stack:
        if request.param == "memory":
            memory = Memory()
            yield Member(memory, lambda: memory.boxes.get(TO[0], []))
        elif request.param == "folder":
            seconds = iter(range(60))
            out = folder / "outbox"
            carrier = FolderCarrier(out, lambda: NOW.replace(second=next(seconds)))
            yield Member(carrier, lambda: [path.read_bytes() for path in sorted(out.glob("*.eml"))])
        else:
            smtp, post = _smtp_member(stack, request.param, folder)
            yield Member(smtp, lambda: post.boxes.get(TO[0], []))


def test_every_carrier_delivers_the_exact_bytes_and_answers_for_each_recipient(member: Member) -> None:
    before = len(member.received())
    message = message_of(ENVELOPE)
    with member.carrier.session() as session:
        results = session.send(ENVELOPE, message)
    assert [(r.address, r.outcome) for r in results] == [(address, RecipientOutcome.ACCEPTED) for address in TO]
    assert member.received()[before:] == [message]


def test_every_carrier_takes_a_batch_in_one_session(member: Member) -> None:
    before = len(member.received())
    envelopes = [Envelope(f"d-{number}", "safety@example.org", to=TO) for number in (2, 3, 4)]
    with member.carrier.session() as session:
        for envelope in envelopes:
            session.send(envelope, message_of(envelope))
    assert member.received()[before:] == [message_of(envelope) for envelope in envelopes]


def test_every_carrier_takes_an_empty_batch_and_can_be_used_again(member: Member) -> None:
    for _ in range(2):
        with member.carrier.session():
            pass


def test_what_arrives_reads_as_it_was_written(member: Member) -> None:
    with member.carrier.session() as session:
        session.send(ENVELOPE, message_of(ENVELOPE))
    read = email.message_from_bytes(member.received()[-1], policy=email.policy.default)
    assert read["Subject"] == PARTS.subject
    text = read.get_body(("plain",))
    assert text is not None
    assert text.get_content().replace("\r\n", "\n") == PARTS.text


def test_folder_names_files_by_time_and_delivery_and_keeps_them_private(tmp_path: Path) -> None:
    FolderCarrier(tmp_path / "out", lambda: NOW).send(ENVELOPE, b"one")
    (path,) = (tmp_path / "out").iterdir()
    assert path.name == "20261123T093000Z-d-1.eml"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_folder_overwrites_nothing_and_leaves_no_part_behind(tmp_path: Path) -> None:
    carrier = FolderCarrier(tmp_path, lambda: NOW)
    carrier.send(ENVELOPE, b"one")
    with pytest.raises(MailError, match="was not written"):
        carrier.send(ENVELOPE, b"two")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"one"]


def test_folder_survives_a_part_that_a_crash_left(tmp_path: Path) -> None:
    (tmp_path / ".20261123T093000Z-d-1.eml.part").write_bytes(b"half")
    FolderCarrier(tmp_path, lambda: NOW).send(ENVELOPE, b"whole")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"whole"]


def test_folder_says_where_it_could_not_write(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file, no folder")
    with pytest.raises(MailError, match="taken") as caught:
        FolderCarrier(tmp_path / "taken", lambda: NOW).send(ENVELOPE, b"one")
    assert "[mail] folder" in caught.value.hint


APP = {"provider": "microsoft", "tenant": "t", "client_id": "c", "secret_file": "s"}


def _config(folder: Path, mail: dict[str, object], **more: object) -> Config:
    district = {"id": "lincoln", "name": "Lincoln", "zone": "UTC", "hr": ["hr@example.org"], "contact": "HR"}
    settings = {"district": district, "mail": {"sender": "safety@example.org", **mail}, **more}
    return Config(folder=folder, settings=Settings.model_validate(settings))


def test_the_default_carrier_is_the_folder(tmp_path: Path) -> None:
    carrier = configured_carrier(_config(tmp_path, {}), clock=lambda: NOW)
    assert isinstance(carrier, FolderCarrier)
    assert carrier.path == tmp_path / "outbox"


def test_the_relay_comes_from_the_settings_and_shows_no_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RELAY_PASSWORD", PASSWORD)
    relay = {"host": "mail.example.org", "user": USER, "password_env": "RELAY_PASSWORD", "ca_file": "ca.pem"}
    config = _config(tmp_path, {"carrier": "smtp", "smtp": relay})
    carrier = configured_carrier(config, clock=lambda: NOW)
    assert isinstance(carrier, PacedCarrier)
    assert carrier.per_minute == 30
    carrier = carrier.carrier
    assert isinstance(carrier, SmtpCarrier)
    assert (carrier.host, carrier.port, carrier.security) == ("mail.example.org", 587, "starttls")
    assert carrier.ca_file == str(tmp_path / "ca.pem")
    assert carrier.password() == PASSWORD
    assert PASSWORD not in repr(carrier)


def test_every_carrier_is_called_by_its_own_name(tmp_path: Path) -> None:
    relay = {"host": "mail.example.org"}
    for name, make in CARRIERS.items():
        config = _config(tmp_path, {"carrier": name, "smtp": relay}, oauth=APP)
        assert make(config, lambda: NOW).name == name


@pytest.mark.parametrize(
    "mail", [{"carrier": "graph"}, {"carrier": "smtp", "smtp": {"host": "h", "user": "u", "sign_in": "oauth"}}]
)
def test_a_sign_in_by_oauth_needs_its_section(tmp_path: Path, mail: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"\[oauth\] is missing"):
        _config(tmp_path, mail)
    assert configured_carrier(_config(tmp_path, mail, oauth=APP), clock=lambda: NOW).name == mail["carrier"]


@pytest.mark.parametrize("host", ["mail.example.org", "192.0.2.7", "localhost.example.org"])
def test_plain_leaves_no_machine(host: str) -> None:
    with pytest.raises(ConfigError, match="unencrypted"):
        SmtpCarrier(host, 25, "plain")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.9.9.9", "::1", "[::1]"])
def test_plain_is_for_this_machine(host: str) -> None:
    assert SmtpCarrier(host, 25, "plain").host == host
