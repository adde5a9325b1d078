"""The first night after the rules changed: every difference is listed, and held until HR has looked."""

from datetime import date

import pytest

from lms_sync.cli.main import main
from lms_sync.model.author import Author
from lms_sync.model.delivery import DeliveryState
from lms_sync.operations.upgrade import rules, standings
from lms_sync.operations.upgrade.decide import accept_rules
from lms_sync.operations.upgrade.standings import ShortStanding, differences
from lms_sync.store.known.registers import RULE_CHANGES
from tests.operations.night_files import CLASS, CLASS_ROWS, NAMES, assignment_line, done, partner_lines, roster, sheet
from tests.operations.night_town import Town

ADABELLE = "70101"


def under_old_rules(town: Town, *, kept: bool = True) -> None:
    """Let the last night have judged by other rules, which called one person's topic open; or have kept nothing."""
    with town.workspace() as workspace, workspace.store.transaction():
        facts, now = workspace.store.facts, workspace.clock()
        for name in rules.present():
            facts.end(rules.KIND, name, now=now)
        if kept:
            old = facts.read(standings.KIND)[ADABELLE]
            facts.put(standings.KIND, ADABELLE, {**old, "met": old["met"][1:]}, now=now)
        else:
            for person_id in facts.read(standings.KIND):
                facts.end(standings.KIND, person_id, now=now)


def test_a_night_keeps_its_rules_and_everybodys_standing(settled: Town) -> None:
    with settled.workspace() as workspace:
        assert rules.recorded(workspace.store) == rules.present()
        kept = standings.recorded(workspace.store)
    assert ADABELLE in kept


def test_what_new_rules_change_by_the_same_facts_is_listed_and_holds_the_partner(settled: Town) -> None:
    under_old_rules(settled)
    settled.night(days=7)
    (told,) = settled.findings("rules-changed")
    assert "Quillfeather" in told
    assert "open → met" in told
    assert settled.deliveries("quarry")[-1].state is DeliveryState.HELD
    assert "new rules" in settled.deliveries("quarry")[-1].detail
    assert settled.deliveries("heron")[-1].state is DeliveryState.SENT

    with settled.workspace() as workspace:
        (waiting,) = RULE_CHANGES.read(workspace.store)
        accept_rules(workspace, Author("A. Roe", "looked at each", workspace.clock()), finding_id=waiting)
    settled.night(days=7)
    assert settled.findings("rules-changed") == []
    assert settled.deliveries("quarry")[-1].state is DeliveryState.SENT


def test_an_earlier_version_is_compared_by_the_reports_that_it_issued(settled: Town) -> None:
    under_old_rules(settled, kept=False)
    settled.night(days=1)
    assert settled.findings("rules-changed") == [], "the reports say what these rules say"


@pytest.mark.slow
def test_reports_of_different_days_are_each_compared_by_their_own_day(settled: Town) -> None:
    """Heron's report is a day younger than Quarry's, and 80202 works for both; in between two people learnt more."""
    both = [*map(assignment_line, NAMES), assignment_line("80202", "quarry")]
    settled.write("roster.xlsx", roster(assignments=both, partners=partner_lines(heron="on change")))
    settled.night(days=7)
    learnt = [done("80202", "Minds", "10/20/2026"), done("70102", "Calm", "10/20/2026")]
    settled.write(CLASS, sheet([*CLASS_ROWS, *learnt]))
    settled.night(days=1)
    with settled.workspace() as workspace:
        days = {i: report.as_of for i in ("quarry", "heron") if (report := workspace.store.reports.last(i))}
    assert days == {"quarry": date(2026, 11, 30), "heron": date(2026, 12, 1)}
    under_old_rules(settled, kept=False)
    settled.night(days=1)
    assert settled.findings("rules-changed") == []


def test_rules_that_stay_change_nothing(settled: Town) -> None:
    settled.night(days=7)
    assert settled.findings("rules-changed") == []


def test_a_difference_says_what_changed() -> None:
    before = ShortStanding("on plan", frozenset({"topic-01", "topic-02"}), frozenset())
    after = ShortStanding("overdue", frozenset({"topic-02", "topic-03"}), frozenset({"topic-01"}))
    (found,) = differences({"1": before, "2": before}, {"1": after, "2": before, "3": after})
    assert str(found) == "1: on plan → overdue, topic-01: met → open, topic-03: open → met, topic-01: in time → late"


def test_the_command_is_there() -> None:
    assert "db" in main.commands
