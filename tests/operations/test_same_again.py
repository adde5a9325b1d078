"""Outside its cadence a partner is never sent what the last report said already; what is new goes."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from lms_sync.compliance.gap_report import GapReport
from lms_sync.compliance.gate import made_up
from lms_sync.mail.decide import hold_partner
from lms_sync.mail.documents import make_plan
from lms_sync.mail.partner_night import Tonight, nothing_new
from lms_sync.mail.same_again import planned_mark, says_the_same
from lms_sync.model.author import Author
from lms_sync.model.delivery import Delivery, DeliveryState
from lms_sync.model.roster import Cadence
from lms_sync.operations.night import open_issuer
from lms_sync.operations.release import release_held
from lms_sync.operations.sample import sample_plan
from lms_sync.reports.issuer import Issuer
from lms_sync.store.workspace import Workspace
from tests.operations.night_town import Town, issue_tonight, report_of

pytestmark = pytest.mark.slow  # a district is opened for each


@pytest.fixture
def workspace(settled: Town) -> Iterator[Workspace]:
    settled.later(days=2)
    with settled.workspace() as opened:
        yield opened


def hold_and_release(workspace: Workspace) -> Delivery:
    author = Author("A. Roe", "looked at", workspace.clock())
    issuer = open_issuer(workspace, as_of=workspace.today())
    held = hold_partner(workspace, author, partner=issuer.snapshot.roster.partners["quarry"])
    author = replace(author, at=workspace.clock())
    (built,) = release_held(workspace, author, delivery_ids=[held.delivery_id]).built
    return built


def now(workspace: Workspace, cadence: Cadence = Cadence.WEEKLY) -> tuple[Issuer, GapReport]:
    issuer = open_issuer(workspace, as_of=workspace.today())
    report = report_of(workspace, "quarry")
    return issuer, replace(report, partner=replace(report.partner, cadence=cadence))


def test_a_release_between_reports_sends_nothing_again_and_says_so(workspace: Workspace) -> None:
    ended = hold_and_release(workspace)
    assert ended.stopped
    assert "nothing has changed since the report of 2026-11-23" in ended.detail
    assert workspace.store.deliveries.listed(DeliveryState.HELD, DeliveryState.QUEUED) == ()


def test_days_alone_are_no_news(workspace: Workspace) -> None:
    issuer, report = now(workspace)
    last = workspace.store.reports.last("quarry")
    assert last is not None
    later = replace(report, as_of=report.as_of + timedelta(days=30), previous=None, history=())
    assert says_the_same(later, make_plan(report, issuer), last)


@pytest.mark.parametrize("what", ["somebody left", "another name", "somebody is late", "another offering"])
def test_what_is_said_otherwise_is_news(workspace: Workspace, what: str) -> None:
    issuer, report = now(workspace)
    plan = make_plan(report, issuer)
    last = workspace.store.reports.last("quarry")
    assert last is not None
    first, *others = report.people
    match what:
        case "somebody left":
            report = replace(report, people=tuple(others))
        case "another name":
            report = replace(report, people=(replace(first, name=made_up("Roe, Ann")), *others))
        case "somebody is late":
            late = tuple(replace(standing, late=True) for standing in first.requirements)
            report = replace(report, people=(replace(first, requirements=late), *others))
        case "another offering":
            plan = sample_plan()
    assert not says_the_same(report, plan, last)


def test_what_an_earlier_version_did_not_record_is_not_taken_for_news(workspace: Workspace) -> None:
    _, report = now(workspace)
    last = workspace.store.reports.last("quarry")
    assert last is not None
    earlier = replace(last, judgement={key: value for key, value in last.judgement.items() if key != "planned"})
    assert says_the_same(report, sample_plan(), earlier)


def test_proposed_days_move_without_being_news() -> None:
    plan = sample_plan()
    moved = tuple(replace(person, days=()) for person in plan.people)
    assert planned_mark(replace(plan, people=moved)) == planned_mark(plan)
    fewer = tuple(replace(person, sittings=()) for person in plan.people)
    assert planned_mark(replace(plan, people=fewer)) != planned_mark(plan)


def test_on_change_does_not_try_the_same_words_every_night_where_nobody_takes_them(workspace: Workspace) -> None:
    issuer, report = now(workspace, Cadence.ON_CHANGE)
    store = workspace.store
    changed = replace(report, people=tuple(replace(p, changes=(made_up("x"),)) for p in report.people))
    night = Tonight(last_night=date(2026, 11, 24))
    sent = []
    for days in range(10):
        on = report.as_of + timedelta(days=days)
        judged = replace(issuer, judged=replace(issuer.judged, as_of=on), now=workspace.clock())
        with_new = replace(changed, as_of=on, people=changed.people[:1])
        for delivery in issue_tonight(store, judged, with_new, night).posted:
            sent.append(days)
            with store.transaction():
                store.deliveries.save(delivery, replace(delivery, state=DeliveryState.FAILED))
    assert sent == [0, 7]


def test_who_is_sent_nothing_by_the_roster_is_sent_nothing_by_a_release(workspace: Workspace) -> None:
    issuer, report = now(workspace, Cadence.NONE)
    assert "Cadence: none" in nothing_new(workspace.store, issuer, report)
