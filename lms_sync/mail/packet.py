"""What one partner receives; what many partners receive is made by two processes at once, of the same bytes.

The processes are begun anew and given reports, plans and templates: a copy of this one might wait for ever for what
a library's threads held when it was copied.
"""

import logging
import multiprocessing
import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from lms_sync.compliance.gap_report import GapReport
from lms_sync.compliance.plan.training_plan import TrainingPlan
from lms_sync.mail.documents import Documents, Making, make_plan
from lms_sync.mail.message import Attachment
from lms_sync.mail.same_again import planned_mark
from lms_sync.model.pseudonyms import Pseudonyms
from lms_sync.reports.gaps_export import report_json
from lms_sync.reports.issuer import Issuer
from lms_sync.reports.templates import EmailParts, Templates, template_environment

log = logging.getLogger(__name__)

MANY = 40
"""So many packets are worth a second process; a district has six."""
PROCESSES = 2
AHEAD = 2
"""Packets that wait for each process: enough to keep it busy, few enough to be held in memory."""


@dataclass(frozen=True, slots=True)
class Order:
    """What a packet is made of."""

    report: GapReport
    plan: TrainingPlan
    link: str
    """To the partner's page; empty where there is none."""


@dataclass(frozen=True, slots=True)
class PacketTemplates:
    """How packets speak, as it can be given to another process."""

    folder: Path | None
    """Where the workspace's templates are."""
    names: Mapping[str, str]
    zone: str
    pseudonyms: Pseudonyms = field(repr=False)

    @classmethod
    def of(cls, issuer: Issuer) -> "PacketTemplates":
        """Return how an issuer's packets speak."""
        folder = issuer.config.path(issuer.config.settings.reports.folder)
        templates = issuer.templates
        return cls(folder if folder.is_dir() else None, templates.names, templates.zone.key, issuer.pseudonyms)

    def making(self) -> Making:
        """Return what makes documents so."""
        return Making(Templates(template_environment(self.folder), self.names, ZoneInfo(self.zone)), self.pseudonyms)


@dataclass(frozen=True, slots=True)
class Packet:
    """What one partner receives, and what is kept of it."""

    judgement: Mapping[str, Any]
    """As a report keeps it."""
    email: EmailParts
    attachments: tuple[Attachment, ...]


@dataclass(frozen=True, slots=True)
class Packing:
    """What makes packets."""

    begin: Callable[[Order], Callable[[], Packet]]
    """Begins a packet, and gives what waits for it and returns it."""
    ahead: int
    """So many may be begun before the first of them is asked for."""


def packet_of(documents: Documents) -> Packet:
    """Return what is sent and kept of a partner's documents."""
    kept = report_json([documents.report])["partners"][0]
    return Packet({**kept, "planned": planned_mark(documents.plan)}, documents.email, documents.attachments)


def order_of(report: GapReport, issuer: Issuer, *, link: str) -> Order:
    """Return what the packet of a report is made of."""
    return Order(report, make_plan(report, issuer), link)


def make_packet(order: Order, making: Making) -> Packet:
    """Return one partner's packet."""
    return packet_of(making.documents(order.report, order.plan, link=order.link))


@contextmanager
def packing(issuer: Issuer, *, number: int) -> Iterator[Packing]:
    """Give what makes packets; `number` is about how many there will be."""
    making = Making(issuer.templates, issuer.pseudonyms)
    pool = _pool(issuer) if number >= MANY and (os.cpu_count() or 1) >= PROCESSES else None
    if pool is None:
        yield Packing(lambda order: partial(make_packet, order, making), 0)
        return
    with pool:
        yield Packing(lambda order: _begun(order, pool, making), PROCESSES * AHEAD)


def _pool(issuer: Issuer) -> ProcessPoolExecutor | None:
    """Return the processes; None on a system that has not what they talk to each other by."""
    anew, chosen = multiprocessing.get_context("spawn"), PacketTemplates.of(issuer)
    try:
        return ProcessPoolExecutor(PROCESSES, anew, initializer=_begin, initargs=(chosen,))
    except (OSError, ImportError, NotImplementedError) as error:
        log.info("packets are made by one process: %s", type(error).__name__)
        return None


def _begun(order: Order, pool: ProcessPoolExecutor, making: Making) -> Callable[[], Packet]:
    """Have a process make a packet, and return what waits for it. Where the process was killed it is made here."""
    try:
        future = pool.submit(_make_in_child, order)
    except BrokenExecutor:
        return partial(make_packet, order, making)

    def wait() -> Packet:
        try:
            return future.result()
        except BrokenExecutor:
            return make_packet(order, making)

    return wait


_OF_CHILD: list[Making] = []
"""In a process that makes packets: what it makes them with."""


def _begin(chosen: PacketTemplates) -> None:
    _OF_CHILD.append(chosen.making())


def _make_in_child(order: Order) -> Packet:
    return make_packet(order, _OF_CHILD[0])
