"""The first night after the rules changed: every difference is listed, and held until HR has looked."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from lms_sync.cli.main import main
from lms_sync.mail.heads_up import issue_heads_up
from lms_sync.mail.reasons_to_hold import BY_RULES, judged_otherwise, stop_reasons
from lms_sync.model.author import Author
from lms_sync.model.delivery import DeliveryState
from lms_sync.model.links import Merge
from lms_sync.operations.night import open_issuer
from lms_sync.operations.release import rebuild_held
from lms_sync.operations.upgrade import rule_versions, standings
from lms_sync.operations.upgrade.decide import accept_rules
from lms_sync.operations.upgrade.during_night import keep_judged_anew, look_before, remember
from lms_sync.operations.upgrade.standings import ShortStanding, differences
from lms_sync.operations.upgrade.status import judged_anew
from lms_sync.store.known.registers import RULE_CHANGES
from lms_sync.store.workspace import Workspace
from lms_sync.workspace.settings.buildings import BuildingSettings
from tests.operations.night_files import CLASS, CLASS_ROWS, NAMES, assignment_line, done, partner_lines, roster, sheet
from tests.operations.night_town import Town

pytestmark = pytest.mark.slow  # whole nights by the dozen
ADABELLE = "70101"


def under_old_rules(town: Town, *, kept: bool = True) -> None:
    """Let the last night have judged by other rules, which called one person's topic open; or have kept nothing."""
    with town.workspace() as workspace, workspace.store.transaction():
        facts, now = workspace.store.facts, workspace.clock()
        for name in rule_versions.present():
            facts.end(rule_versions.KIND, name, now=now)
        if kept:
            old = facts.read(standings.KIND)[ADABELLE]
            facts.put(standings.KIND, ADABELLE, {**old, "met": old["met"][1:]}, now=now)
        else:
            for person_id in facts.read(standings.KIND):
                facts.end(standings.KIND, person_id, now=now)


def test_a_night_keeps_its_rules_and_everybodys_standing(settled: Town) -> None:
    with settled.workspace() as workspace:
        assert rule_versions.recorded(workspace.store) == rule_versions.present()
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


def accept(workspace: Workspace) -> None:
    (waiting,) = RULE_CHANGES.read(workspace.store)
    accept_rules(workspace, Author("A. Roe", "looked at each", workspace.clock()), finding_id=waiting)


def test_what_hr_accepted_at_the_upgrade_is_not_asked_again_by_the_night(settled: Town) -> None:
    under_old_rules(settled)
    with settled.workspace() as workspace:
        keep_judged_anew(workspace, now=workspace.clock())
        accept(workspace)
        assert look_before(workspace, now=workspace.clock()) is not None
        assert RULE_CHANGES.read(workspace.store) == {}


def test_what_is_let_go_before_the_first_night_waits_for_the_differences_too(settled: Town) -> None:
    under_old_rules(settled)
    with settled.workspace() as workspace:
        rebuild_held(workspace)
        (change,) = RULE_CHANGES.read(workspace.store).values()
    assert change.people == (ADABELLE,)


def test_what_pull_read_by_new_rules_before_the_first_night_is_compared_with_the_last_night(settled: Town) -> None:
    under_old_rules(settled)
    with settled.workspace() as workspace:
        gone = workspace.store.evidence.completions()[0]
        with workspace.store.transaction():
            workspace.store.evidence.end_all([gone], reason="corrected", now=workspace.clock())
            files = workspace.store.evidence.files(gone.source)
            later = replace(files[0], fingerprint="read since", sha256="ee", first_read_at=workspace.clock())
            workspace.store.evidence.record_file(later)
        before = look_before(workspace, now=workspace.clock())
    assert before is not None
    assert gone in before.completions
    assert files[0].sha256 in before.files
    assert "ee" not in before.files


def test_another_text_of_the_law_is_another_rule(settled: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    under_old_rules(settled)
    with settled.workspace() as workspace:
        store = workspace.store
        with store.transaction():
            rule_versions.record(store, now=workspace.clock())
        assert judged_anew(store, workspace.pseudonyms, zone=workspace.zone) is None
        monkeypatch.setattr(rule_versions, "_law", lambda: "another text")
        assert judged_anew(store, workspace.pseudonyms, zone=workspace.zone) is not None


def test_nobody_of_whom_nothing_was_recorded_is_told_overdue_by_the_upgrade_alone(
    settled: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing was kept, and a purge has taken the reports."""
    under_old_rules(settled, kept=False)
    late = ShortStanding("overdue", frozenset(), frozenset({"topic-01"}))
    monkeypatch.setattr(standings, "in_short", lambda judged: {ADABELLE: late})
    monkeypatch.setattr(standings, "of_report", lambda issued: {})
    with settled.workspace() as workspace:
        change = keep_judged_anew(workspace, now=workspace.clock())
        assert change is not None
        assert change.people == (ADABELLE,)
        assert "overdue, and nothing was recorded before" in change.lines[0]
        assert ADABELLE in change.unrecorded
        issuer = open_issuer(workspace, as_of=workspace.today())
        assert stop_reasons(issuer, ())["quarry"] == BY_RULES


def test_who_has_left_since_the_last_report_makes_no_difference(
    settled: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    under_old_rules(settled, kept=False)
    before = ShortStanding("on plan", frozenset(), frozenset())
    monkeypatch.setattr(standings, "of_report", lambda issued: {"0": before})
    monkeypatch.setattr(standings, "in_short", lambda judged: {"0": replace(before, state="overdue")})
    with settled.workspace() as workspace:
        change = judged_anew(workspace.store, workspace.pseudonyms, zone=workspace.zone)
    assert change is not None
    assert change.lines == ()


def test_a_principals_heads_up_waits_too(settled: Town) -> None:
    under_old_rules(settled)
    building = BuildingSettings(name="Elm ES", principal="principal@pinehill.example.org")
    with settled.workspace() as workspace:
        keep_judged_anew(workspace, now=workspace.clock())
        issuer = open_issuer(workspace, as_of=workspace.today())
        roster = issuer.snapshot.roster
        there = tuple(replace(one, buildings=(("Elm ES", Decimal(5)),)) for one in roster.assignments)
        posted = replace(issuer.snapshot, roster=replace(roster, assignments=there))
        with workspace.store.transaction():
            held = issue_heads_up(workspace.store, replace(issuer, snapshot=posted), building, stopped=())
    assert held.state is DeliveryState.HELD
    assert held.detail == BY_RULES


def test_of_two_upgrades_in_a_row_each_waits_for_hr(settled: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    with settled.workspace() as workspace:
        for version in ("8", "9"):
            kept = standings.recorded(workspace.store)[ADABELLE]
            otherwise = {ADABELLE: replace(kept, met=frozenset(sorted(kept.met)[1:]))}
            monkeypatch.setattr(rule_versions, "JUDGING", version)
            monkeypatch.setattr(standings, "in_short", lambda judged, found=otherwise: found)
            keep_judged_anew(workspace, now=workspace.clock())
            issuer = open_issuer(workspace, as_of=workspace.today())
            with workspace.store.transaction():
                remember(workspace, issuer.judged, standings.kept(workspace.store), now=workspace.clock())
        first, second = RULE_CHANGES.read(workspace.store)
        author = Author("A. Roe", "looked at the last only", workspace.clock())
        accept_rules(workspace, author, finding_id=second)
        assert judged_otherwise(open_issuer(workspace, as_of=workspace.today()).snapshot) == {ADABELLE: BY_RULES}
        accept_rules(workspace, author, finding_id=first)
        assert judged_otherwise(open_issuer(workspace, as_of=workspace.today()).snapshot) == {}


def test_who_has_another_person_id_since_is_held_under_that(settled: Town) -> None:
    under_old_rules(settled)
    with settled.workspace() as workspace:
        keep_judged_anew(workspace, now=workspace.clock())
        snapshot = open_issuer(workspace, as_of=workspace.today()).snapshot
    people = {("70199" if i == ADABELLE else i): person for i, person in snapshot.roster.people.items()}
    merge = Merge(ADABELLE, "70199", (), (), (), "A. Roe", date(2026, 11, 24), "a new number")
    decided = replace(snapshot.decided, merges=(merge,))
    assert judged_otherwise(replace(snapshot, roster=replace(snapshot.roster, people=people), decided=decided)) == {
        "70199": BY_RULES
    }


def test_a_difference_says_what_changed() -> None:
    before = ShortStanding("on plan", frozenset({"topic-01", "topic-02"}), frozenset())
    after = ShortStanding("overdue", frozenset({"topic-02", "topic-03"}), frozenset({"topic-01"}))
    (found,) = differences({"1": before, "2": before}, {"1": after, "2": before, "3": after})
    assert str(found) == "1: on plan → overdue, topic-01: met → open, topic-03: open → met, topic-01: in time → late"


def test_the_command_is_there() -> None:
    assert "db" in main.commands
