"""A small district with an outbox in SQLite, a clock that is moved by hand, and a carrier that follows a script."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import create_engine, event, insert
from sqlalchemy.engine import Engine

from lms_sync.errors import MailError
from lms_sync.mail.outbox import Batch, RetryPolicy, send_due
from lms_sync.mail.posting import Draft, Ready, post
from lms_sync.model.author import Author
from lms_sync.model.carrier import Carrier, Envelope, RecipientOutcome, RecipientResult
from lms_sync.model.delivery import Delivery, DeliveryKind
from lms_sync.model.pseudonyms import Pseudonyms
from lms_sync.store import schema
from lms_sync.store.deliveries import Deliveries
from lms_sync.store.store import Store
from lms_sync.store.workspace import Workspace
from lms_sync.workspace.settings.config import Config, District, Settings
from lms_sync.workspace.settings.mail import MailSettings

START = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
CHIEF, CLERK = "chief@police.example.org", "clerk@police.example.org"
PATIENCE = RetryPolicy()
SETTINGS = Settings.model_construct(
    district=District(id="lincoln", name="Lincoln", zone="UTC", hr=("hr@example.org",), contact="HR"),
    mail=MailSettings(sender="Lincoln <safety@example.org>"),
)

Script = Callable[[Envelope], tuple[RecipientResult, ...]]


def all_get(outcome: RecipientOutcome, detail: str = "") -> Script:
    return lambda envelope: tuple(RecipientResult(a, outcome, detail) for a in envelope.recipients)


def each_gets(**outcomes: RecipientOutcome) -> Script:
    """Answer by the part of the address before the @."""
    return lambda envelope: tuple(
        RecipientResult(a, outcomes[a.partition("@")[0]], f"said {outcomes[a.partition('@')[0]]}")
        for a in envelope.recipients
    )


def no_way_out(envelope: Envelope) -> tuple[RecipientResult, ...]:
    raise MailError("mail server mail.example.org:587 could not be reached")


@dataclass
class Scripted:
    """A carrier that answers by its script, and accepts when that is used up; it keeps what it was given."""

    script: list[Script] = field(default_factory=list)
    seen: list[tuple[Envelope, bytes]] = field(default_factory=list)
    name: str = "scripted"

    @contextmanager
    def session(self) -> Iterator["Scripted"]:
        yield self

    def send(self, envelope: Envelope, message: bytes) -> tuple[RecipientResult, ...]:
        answer = self.script.pop(0) if self.script else all_get(RecipientOutcome.ACCEPTED)
        self.seen.append((envelope, message))
        return answer(envelope)


@dataclass
class World:
    """One district's outbox, its clock and its carrier."""

    engine: Engine
    carrier: Scripted = field(default_factory=Scripted)
    now: datetime = START
    built: list[Envelope] = field(default_factory=list)

    @contextmanager
    def outbox(self) -> Iterator[Deliveries]:
        with self.engine.begin() as connection:
            yield Deliveries(connection, "lincoln")

    def clock(self) -> datetime:
        return self.now

    def later(self, **by: float) -> None:
        self.now += timedelta(**by)

    def author(self, reason: str = "looked at it") -> Author:
        return Author("Ann Ode", reason, self.now)

    def draft(self, name: str = "d-1", *, partner: str = "police", to: tuple[str, ...] = (CHIEF, CLERK)) -> Draft:
        return Draft(name, DeliveryKind.PARTNER, partner, "Lincoln <safety@example.org>", to)

    def post(self, draft: Draft) -> Delivery:
        """Post a draft whose message tells who it is for and when it was built."""

        def build(envelope: Envelope) -> Ready:
            self.built.append(envelope)
            report_id = f"r{len(self.built)}"
            self._issue(deliveries, report_id, draft.partner_id)
            return Ready(
                f"Report {report_id}", f"<{report_id}@example.org>", f"message {report_id}".encode(), report_id
            )

        with self.outbox() as deliveries:
            return post(deliveries, draft, build=build, at=self.now)

    def queue(self, name: str = "d-1", *, partner: str = "police", to: tuple[str, ...] = (CHIEF, CLERK)) -> Delivery:
        """Post a draft whose addresses are released."""
        with self.outbox() as deliveries:
            deliveries.release(partner, to, author=self.author())
        return self.post(self.draft(name, partner=partner, to=to))

    def send(self, carrier: Carrier | None = None) -> Batch:
        return send_due(self.outbox, carrier or self.carrier, clock=self.clock, patience=PATIENCE)

    def decide(
        self, act: Callable[..., tuple[Delivery, ...]], *names: str, reason: str = "looked at it"
    ) -> tuple[Delivery, ...]:
        """Let a person decide about deliveries."""
        with self.engine.connect() as connection:
            store = Store(connection, "lincoln", rehearsal=False)
            config = Config.model_construct(folder=Path(), settings=SETTINGS)
            nobody = Pseudonyms(b"a key for tests, of some length")
            workspace = Workspace(config, store, nobody, self.carrier, self.clock, lambda: "token")
            return act(workspace, self.author(reason), delivery_ids=names)

    def get(self, name: str = "d-1") -> Delivery:
        with self.outbox() as deliveries:
            return deliveries.get(name)

    def body(self, name: str = "d-1") -> bytes:
        with self.outbox() as deliveries:
            return deliveries.body(name)

    def all(self) -> tuple[Delivery, ...]:
        with self.outbox() as deliveries:
            return deliveries.listed()

    def _issue(self, deliveries: Deliveries, report_id: str, partner_id: str) -> None:
        mine = {"district_id": "lincoln", "report_id": report_id, "partner_id": partner_id}
        when = {"as_of": date(2026, 11, 23), "known_at": self.now, "issued_at": self.now}
        row: dict[str, object] = {**mine, **when, "program": "0", "replaces": None, "judgement": {}}
        deliveries.connection.execute(insert(schema.report).values(**row))


@contextmanager
def world(path: Path | None = None) -> Iterator[World]:
    """Give a new world, in memory or in a file."""
    engine = create_engine(f"sqlite:///{path}" if path else "sqlite://")
    # SQLite checks foreign keys only when asked to.
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA foreign_keys = ON").close())
    schema.metadata.create_all(engine)
    with engine.begin() as connection:
        for district in ("lincoln", "roosevelt"):
            row = {"district_id": district, "key_check": "", "created_at": START}
            connection.execute(insert(schema.district).values(**row))
    yield World(engine)
    engine.dispose()
