"""What a night takes for its partners: nothing for those that get nothing; the same packets by one process or two."""

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from benchmarks.made_up import Size, build
from lms_sync.compliance.build import build_report
from lms_sync.mail.packet import MANY, Order, Packet, order_of, packing
from lms_sync.model.pseudonyms import Pseudonyms
from lms_sync.operations.night import open_issuer
from lms_sync.operations.sample import sample_plan, sample_report
from lms_sync.reports.issuer import Issuer
from tests.operations.night_town import Town
from tests.operations.test_night_statements import counted
from tests.reports.golden_documents import VOICE

pytestmark = pytest.mark.slow
NOW = datetime(2026, 11, 23, 10, 10, tzinfo=UTC)
PEOPLE, FEW, MORE = 24, 2, 12


def statements(folder: Path, partners: int) -> list[int]:
    """Return how many statements a first night takes, and the nights of the next day and of the week after."""
    build(folder, Size(PEOPLE, partners))
    town = Town(folder, NOW)
    found = []
    for days in (0, 1, 6):
        with counted() as asked:
            made = town.night(days=days)
        assert [pulled.error for pulled in made.pulled if pulled.source == "class"] == [None]
        found.append(asked.total())
    return found


def test_partners_whose_reports_wait_take_no_statements_of_their_own(tmp_path: Path) -> None:
    few, more = statements(tmp_path / "few", FEW), statements(tmp_path / "more", MORE)

    a_new_one = 7  # its last report is asked for, and it is put into the outbox once
    assert more[0] <= few[0] + (MORE - FEW) * a_new_one + 2, (few, more)
    assert all(many <= less + 2 for less, many in zip(few[1:], more[1:], strict=True)), (few, more)


def test_two_processes_make_the_packets_that_one_makes(tmp_path: Path) -> None:
    build(tmp_path, Size(PEOPLE, 3))
    town = Town(tmp_path, NOW)
    town.night()
    with town.workspace() as workspace:
        issuer = open_issuer(workspace, as_of=workspace.today())
        orders = [order(issuer, partner_id) for partner_id in ("C0", "C1", "C2") * 2]
        by_one, by_two = packed(orders, issuer, number=1), packed(orders, issuer, number=MANY)

    assert len({packet.attachments[0].content for packet in by_one}) == 3
    assert by_two == by_one


def test_where_no_processes_can_be_begun_one_makes_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_values: object, **_named: object) -> None:
        raise OSError("no semaphores here")

    monkeypatch.setattr("lms_sync.mail.packet.ProcessPoolExecutor", none)
    config = SimpleNamespace(path=lambda _: tmp_path, settings=SimpleNamespace(reports=SimpleNamespace(folder="")))
    issuer = cast(Issuer, SimpleNamespace(config=config, templates=VOICE, pseudonyms=Pseudonyms(b"made up")))
    with packing(issuer, number=MANY) as packs:
        assert packs.ahead == 0
        assert packs.begin(Order(sample_report(), sample_plan(), ""))().attachments


def order(issuer: Issuer, partner_id: str) -> Order:
    partner = issuer.snapshot.roster.partners[partner_id]
    return order_of(build_report(issuer.snapshot, issuer.judged, partner, last=None), issuer, link="")


def packed(orders: list[Order], issuer: Issuer, *, number: int) -> list[Packet]:
    with packing(issuer, number=number) as packs:
        return [packet() for packet in [packs.begin(order) for order in orders]]
