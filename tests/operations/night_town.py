"""Whole nights in a small workspace that the tests write themselves, on a clock that is moved by hand."""

import email
import email.policy
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from functools import cache
from logging import FileHandler, getLogger
from pathlib import Path
from typing import Any

from sqlalchemy import select

from lms_sync.cli.opening import open_workspace
from lms_sync.compliance.gap_report import GapReport
from lms_sync.files import shipped
from lms_sync.mail.documents import make_documents
from lms_sync.mail.issue import current_report, report_with_history
from lms_sync.mail.packet import Packet, packet_of
from lms_sync.mail.page_links import link_of
from lms_sync.mail.partner_night import PartnerNight, Tonight, carry_out, decide_tonight
from lms_sync.mail.send import send
from lms_sync.model.author import Author
from lms_sync.model.carrier import Carrier
from lms_sync.model.delivery import Delivery, DeliveryState
from lms_sync.operations.night import Night, let_stand, open_issuer, run_night
from lms_sync.operations.release import release_held
from lms_sync.reports.issuer import Issuer
from lms_sync.store.schema import metadata
from lms_sync.store.store import Store
from lms_sync.store.workspace import Workspace
from tests.operations.night_files import (
    CLASS,
    CLASS_ROWS,
    EMPLOYERS,
    LOG,
    LOG_ROWS,
    SETTINGS,
    VENDOR,
    course_map,
    roster,
    sheet,
)

START = datetime(2026, 11, 23, 10, 10, tzinfo=UTC)
"""Ten past two in the morning of a Monday, where the district is."""
VOLATILE = {"run", "pull", "delivery", "recipient"}


@dataclass
class Town:
    """A workspace, the present instant in it, and what a person does there."""

    folder: Path
    now: datetime = START
    carrier: Carrier | None = None
    """Instead of the one that the settings name."""
    ticks: int = field(default=0, init=False)

    def write(self, name: str, content: bytes | str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)

    def clock(self) -> datetime:
        """Return the instant of the night; no two readings are equal."""
        self.ticks += 1
        return self.now + timedelta(milliseconds=self.ticks)

    def later(self, **by: float) -> None:
        self.now += timedelta(**by)

    @contextmanager
    def workspace(self, *, rehearsal: bool = False) -> Iterator[Workspace]:
        before = list(getLogger().handlers)
        try:
            with open_workspace(str(self.folder), clock=self.clock, rehearsal=rehearsal) as workspace:
                yield with_carrier(workspace, self.carrier)
        finally:
            for handler in [h for h in getLogger().handlers if h not in before and isinstance(h, FileHandler)]:
                getLogger().removeHandler(handler)
                handler.close()

    def night(self, *, rehearsal: bool = False, insist: Mapping[str, str] | None = None, **by: float) -> Night:
        """Run a night that writes no files into `out/`, `by` later than the last one."""
        self.later(**by)
        with self.workspace(rehearsal=rehearsal) as workspace:
            night = run_night(workspace, accept_drop=insist or {})
            let_stand(workspace, night, whole=True)
            return night

    def release(self, **by: float) -> list[Delivery]:
        """Let go of everything that is held, and send it; return the deliveries as they then stand."""
        self.later(**by)
        with self.workspace() as workspace:
            held = tuple(one.delivery_id for one in workspace.store.deliveries.listed(DeliveryState.HELD))
            author = Author("A. Roe", "checked", workspace.clock())
            built = release_held(workspace, author, delivery_ids=held).built
            send(workspace)
            return [workspace.store.deliveries.get(one.delivery_id) for one in built]

    def mail(self) -> list[EmailMessage]:
        """Return what lies in the outbox folder, the oldest first."""
        files = sorted((self.folder / "outbox").glob("*.eml"))
        return [message_of(file.read_bytes()) for file in files]

    def to(self, recipient: str) -> list[EmailMessage]:
        return [one for one in self.mail() if recipient in str(one["To"])]

    def deliveries(self, partner_id: str) -> list[Delivery]:
        """Return the partner's deliveries, the oldest first; those to HR about the night for an empty id."""
        with self.workspace() as workspace:
            return [one for one in workspace.store.deliveries.listed() if one.partner_id == partner_id]

    def report(self, partner_id: str) -> GapReport:
        """Return the partner's report as it stands."""
        with self.workspace() as workspace:
            return report_of(workspace, partner_id)

    def open_topics(self, person_id: str) -> set[str]:
        """Return the topics that the person lacks."""
        report = self.report(EMPLOYERS[person_id[0]])
        (person,) = [one for one in report.people if one.person_id == person_id]
        return {one.requirement for one in person.open if one.requirement.startswith("topic")}

    def findings(self, code: str) -> list[str]:
        """Return what waits on the worklist, as sentences."""
        with self.workspace() as workspace:
            return [str(one.finding) for one in workspace.store.findings.open() if one.finding.code == code]

    def rows(self) -> dict[str, list[Any]]:
        """Return the tables' rows, but for those that tell that there was a night at all."""
        with self.workspace() as workspace:
            return dump(workspace.store)

    def evidence_of(self, source: str) -> dict[str, list[Any]]:
        """Return all that the store holds of a source, but for when it was pulled."""
        rows = self.rows()
        return {
            n: [r for r in rows[n] if r.source == source]
            for n in ("completion", "item", "file", "learner", "absence")
        }

    @property
    def database(self) -> Path:
        return self.folder / "state" / "lms_sync.db"


def with_carrier(workspace: Workspace, carrier: Carrier | None) -> Workspace:
    if carrier is None:
        return workspace
    return Workspace(
        workspace.config, workspace.store, workspace.pseudonyms, carrier, workspace.clock, workspace.mint
    )


def report_of(workspace: Workspace, partner_id: str, **when: datetime) -> GapReport:
    issuer = open_issuer(workspace, as_of=workspace.today(), **when)
    return current_report(workspace.store, issuer, issuer.snapshot.roster.partners[partner_id])


def dump(store: Store) -> dict[str, list[Any]]:
    return {
        name: sorted(store.connection.execute(_query(name)), key=repr)
        for name in metadata.tables
        if name not in VOLATILE
    }


def _query(name: str) -> Any:
    return select(*(column for column in metadata.tables[name].c if column.name != "last_seen"))


@cache
def message_of(content: bytes) -> EmailMessage:
    """Return a message that is only read: one that lies in the outbox is taken apart once."""
    found = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return found


def text_of(message: EmailMessage, kind: str = "plain") -> str:
    """Return a body part of a message."""
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def found_town(folder: Path) -> Town:
    """Return a new town in which nothing has happened yet: two partners, five people, two sources."""
    town = Town(folder)
    for name, content in _new_files().items():
        town.write(name, content)
    return town


@cache
def _new_files() -> Mapping[str, bytes | str]:
    """Return path → content of a town in which nothing has happened yet; workbooks take long to write."""
    layout = (shipped("mappings") / f"layouts/{VENDOR}.toml").read_bytes()
    return {
        "lms_sync.toml": SETTINGS,
        "state/identity.key": "made up for the tests\n",
        "roster.xlsx": roster(),
        "mappings/layouts/log.toml": layout,
        "mappings/courses.xlsx": course_map(),
        f"mappings/layouts/{VENDOR}.toml": layout,
        CLASS: sheet(CLASS_ROWS),
        LOG: sheet(LOG_ROWS),
    }


def issue_tonight(store: Store, issuer: Issuer, report: GapReport, tonight: Tonight) -> PartnerNight:
    """Issue what one partner is to have on a night, as the night issues it to each."""
    decided = decide_tonight(store, issuer, report, tonight)

    def make() -> Packet:
        assert decided.posted is not None
        link = link_of(issuer, decided.posted.seed)
        return packet_of(make_documents(report_with_history(store, decided.report), issuer, link=link))

    return carry_out(store, issuer, decided, make=make)
