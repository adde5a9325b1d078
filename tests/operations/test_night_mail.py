"""Whole nights against a real mail server with TLS and a sign-in, against none, and with a crash in the middle."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from lms_sync.model.carrier import Envelope, RecipientOutcome, RecipientResult
from lms_sync.model.delivery import Delivery, DeliveryState, RecipientState
from tests.mail.smtp_servers import PASSWORD, USER, certificates, serving
from tests.operations.night_files import BOSS, CHIEF, HR, OWN, SETTINGS, partner_lines, roster
from tests.operations.night_town import Town, message_of, text_of

pytestmark = pytest.mark.slow  # whole nights by the dozen

COPY = "clerk@quarry.example.org"


@dataclass(frozen=True)
class Authority:
    """A server's TLS context, and the certificate by which a client trusts it."""

    context: ssl.SSLContext
    certificate: str


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(*certificates(tmp_path_factory.mktemp("authority")))


def use_server(town: Town, port: int, authority: Authority, *, security: str = "starttls") -> None:
    """Let the town's mail leave through the server on `port`."""
    town.write("state/mail.password", PASSWORD)
    relay = f'host = "localhost"\nport = {port}\nsecurity = "{security}"\nuser = "{USER}"'
    secrets = f'password_file = "state/mail.password"\nca_file = "{authority.certificate}"'
    town.write("lms_sync.toml", f'{SETTINGS}carrier = "smtp"\n\n[mail.smtp]\n{relay}\n{secrets}\n')


def one_delivery(town: Town, partner_id: str) -> Delivery:
    """Return the newest delivery to a partner."""
    return town.deliveries(partner_id)[-1]


def body_of(town: Town, delivery: Delivery) -> bytes:
    with town.workspace() as workspace:
        return workspace.store.deliveries.body(delivery.delivery_id)


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_each_partner_gets_its_own_message_once_over_tls(settled: Town, authority: Authority, security: str) -> None:
    """FAULTS: a parallel cron sends four to eight copies; here every night that follows sends none."""
    with serving(**{security: authority.context}) as server:
        use_server(settled, server.port, authority, security=security)
        assert settled.night(days=7).exit_code == 0
        settled.night(days=1)
        boxes = server.post.boxes

    assert {address: len(box) for address, box in boxes.items()} == {CHIEF: 1, BOSS: 1, OWN: 1, HR: 2}
    names = {CHIEF: "Quarryville Police", BOSS: "Heronmere Guards", OWN: "own safety and security staff"}
    for address, name in names.items():
        message = message_of(boxes[address][0])
        assert message["To"] == address
        assert name in text_of(message).replace("\r\n", " ")
    assert len({str(message_of(box[0])["Message-ID"]) for box in boxes.values()}) == 4


def test_one_address_that_is_refused_costs_no_other_its_message(settled: Town, authority: Authority) -> None:
    """FAULTS: one bad recipient ends the batch."""
    lines = partner_lines()
    settled.write("roster.xlsx", roster(partners=[{**lines[0], "Copy to": COPY}, *lines[1:]]))
    settled.night(days=1)
    with serving(starttls=authority.context) as server:
        use_server(settled, server.port, authority)
        server.post.rcpt[COPY] = ["550 5.1.1 nobody of that name"]
        settled.night(days=6)
        held = one_delivery(settled, "quarry")
        assert held.state is DeliveryState.HELD
        settled.release(hours=1)
        boxes = server.post.boxes

    sent = one_delivery(settled, "quarry")
    assert sent.state is DeliveryState.SENT
    assert sent.addresses(RecipientState.REFUSED) == (COPY,)
    assert {address: len(box) for address, box in boxes.items()} == {CHIEF: 1, BOSS: 1, OWN: 1, HR: 1}


def test_without_a_server_everything_waits_and_goes_out_the_next_night_as_it_was(
    settled: Town, authority: Authority
) -> None:
    """FAULTS: a failed send is logged as done and never sent; a new Message-ID on each try."""
    with serving() as gone:
        port = gone.port
    use_server(settled, port, authority)
    night = settled.night(days=7)
    assert night.exit_code == 3
    waiting = one_delivery(settled, "quarry")
    assert waiting.state is DeliveryState.QUEUED
    written = body_of(settled, waiting)

    with serving(starttls=authority.context) as server:
        use_server(settled, server.port, authority)
        assert settled.night(days=1).exit_code == 0
        boxes = server.post.boxes
    assert boxes[CHIEF] == [written]
    assert message_of(written)["Message-ID"] == waiting.message_id
    sent = one_delivery(settled, "quarry")
    assert (sent.state, sent.report_id, sent.tries) == (DeliveryState.SENT, waiting.report_id, 2)
    assert {address: len(box) for address, box in boxes.items()} == {CHIEF: 1, BOSS: 1, OWN: 1, HR: 2}


@dataclass
class Memory:
    """A carrier that keeps what it is given, and ends the program when it is given something for `fatal`."""

    fatal: str = ""
    boxes: dict[str, list[bytes]] = field(default_factory=dict)
    name: str = "memory"

    @contextmanager
    def session(self) -> Iterator["Memory"]:
        yield self

    def send(self, envelope: Envelope, message: bytes) -> tuple[RecipientResult, ...]:
        for address in envelope.recipients:
            self.boxes.setdefault(address, []).append(message)
        if self.fatal in envelope.recipients:
            raise KeyboardInterrupt
        return tuple(RecipientResult(address, RecipientOutcome.ACCEPTED) for address in envelope.recipients)


def test_a_crash_while_sending_leaves_an_unknown_delivery_that_nothing_sends_again(settled: Town) -> None:
    """FAULTS: sent first, recorded after: a crash sends twice."""
    post = settled.carrier = Memory(fatal=CHIEF)
    with pytest.raises(KeyboardInterrupt):
        settled.night(days=7)
    assert one_delivery(settled, "quarry").state is DeliveryState.SENDING

    post.fatal = ""
    assert settled.night(days=1).exit_code == 1
    lost = one_delivery(settled, "quarry")
    assert lost.state is DeliveryState.UNKNOWN
    assert lost.delivery_id in text_of(message_of(post.boxes[HR][-1]))
    for _ in range(2):
        assert settled.night(days=1).exit_code == 0
    assert len(post.boxes[CHIEF]) == 1
    assert len(post.boxes[BOSS]) == 1
    assert len(settled.findings("delivery-unknown")) == 1


def test_a_connection_lost_after_data_is_unknown_and_is_not_resent(settled: Town, authority: Authority) -> None:
    """FAULTS: a dropped connection after DATA is resent."""
    with serving(starttls=authority.context) as server:
        use_server(settled, server.port, authority)
        server.post.data = ["drop"]
        settled.night(days=7)
        for _ in range(3):
            settled.night(days=1)
        boxes = server.post.boxes

    assert all(len(boxes[address]) == 1 for address in (CHIEF, BOSS, OWN))
    states = [one_delivery(settled, partner).state for partner in ("quarry", "heron", "own")]
    assert sorted(states) == sorted([DeliveryState.UNKNOWN, DeliveryState.SENT, DeliveryState.SENT])


def test_the_password_stands_in_no_log_and_no_table(
    settled: Town, authority: Authority, caplog: pytest.LogCaptureFixture
) -> None:
    with serving(starttls=authority.context) as server:
        use_server(settled, server.port, authority)
        settled.write("state/mail.password", "not the right one")
        assert settled.night(days=7).exit_code == 3

    assert "not the right one" not in caplog.text
    assert b"not the right one" not in settled.database.read_bytes()
    assert b"not the right one" not in Path(settled.folder / "state/lms_sync.log").read_bytes()
