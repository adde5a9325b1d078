"""Nights that take stored judgements: whom they judge anew, what a full judging finds, what nobody relies on."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from sqlalchemy import update

from lms_sync.compliance.judge import judge_roster
from lms_sync.errors import EXIT_BUG
from lms_sync.law.standing import State
from lms_sync.mail.reasons_to_hold import BY_STORED
from lms_sync.model.author import Author
from lms_sync.model.delivery import DeliveryState
from lms_sync.operations import judging
from lms_sync.operations.judging import NightJudgement, judge_tonight
from lms_sync.operations.night import Night, open_issuer, run_night
from lms_sync.operations.upgrade.decide import accept_rules
from lms_sync.store.judgements import judgement
from lms_sync.store.kept_rows import KeptRows, Rewrite
from lms_sync.store.known.packed_judgement import packed, unpacked
from lms_sync.store.known.registers import RULE_CHANGES
from tests.operations.earlier_workspace import earlier_town
from tests.operations.night_files import CLASS, CLASS_ROWS, NAMES, done, sheet
from tests.operations.night_town import Town
from tests.operations.old_town import purged
from tests.operations.test_night_statements import counted

pytestmark = pytest.mark.slow  # whole nights
ADABELLE = "70101"


def anew(town: Town, *, everybody: bool = False, **by: float) -> tuple[Night, int]:
    """Run a night; return what it came to, and how many people it judged anew."""
    found: list[NightJudgement] = []
    town.later(**by)
    with town.workspace() as workspace:

        def watched(*given: object, **options: object) -> NightJudgement:
            found.append(judge_tonight(*given, **options))  # type: ignore[arg-type]
            return found[-1]

        with patch("lms_sync.operations.night.judge_tonight", watched):
            night = run_night(workspace, accept_drop={}, everybody=everybody)
    return night, sum(judged.anew for judged in found)


def plant(town: Town) -> None:
    """Store of somebody that nothing is missing, as a fault of the program would."""
    with town.workspace() as workspace, workspace.store.transaction():
        known = judging._known(workspace, workspace.clock(), as_of=workspace.today(), everybody=False)
        person = unpacked(known.stored[ADABELLE])
        wrong = replace(person, judgement=replace(person.judgement, state=State.DOCUMENTED))
        stored = known.basis.stored(ADABELLE, packed(wrong), decidable=person.decidable)
        workspace.store.judgements.replace([(ADABELLE, stored)], ended={ADABELLE})


def test_a_night_judges_those_of_whom_anything_changed(settled: Town) -> None:
    with counted() as statements:
        _, nobody = anew(settled, days=1)
    assert nobody == 0
    assert [s for s in statements if "FROM completion" in s and "GROUP BY" not in s and "origin_id" in s] == []
    settled.write(CLASS, sheet([*CLASS_ROWS, done("70102", "Calm", "10/05/2026")]))
    night, only_one = anew(settled, days=1)
    assert only_one == 1
    assert night.judged is not None
    with settled.workspace() as workspace:
        whole = open_issuer(workspace, as_of=workspace.today()).judged
    assert night.judged.people == whole.people
    with pytest.raises(RuntimeError, match="were not read"):
        len(night.judged.outcomes)


def test_a_night_judges_everybody_where_it_is_asked_to_and_once_a_week(settled: Town) -> None:
    assert anew(settled, everybody=True, minutes=5)[1] == len(NAMES)
    assert [anew(settled, days=1)[1] for _ in range(8)] == [0] * 6 + [len(NAMES), 0]


def test_a_kept_judgement_that_is_wrong_is_found_and_holds_the_partner(settled: Town) -> None:
    plant(settled)
    night, judged = anew(settled, everybody=True, days=7)
    assert (judged, night.exit_code) == (len(NAMES), EXIT_BUG)
    assert night.judged is not None
    assert night.judged.people[ADABELLE].state is not State.DOCUMENTED
    (found,) = settled.findings("judgement-differed")
    assert "documented →" in found
    held = settled.deliveries("quarry")[-1]
    assert (held.state, held.detail) == (DeliveryState.HELD, BY_STORED)
    assert settled.deliveries("heron")[-1].state is DeliveryState.SENT
    with settled.workspace() as workspace:
        (waiting,) = RULE_CHANGES.read(workspace.store)
        accept_rules(workspace, Author("A. Roe", "looked at her", workspace.clock()), finding_id=waiting)
    assert anew(settled, everybody=True, days=1)[0].exit_code != EXIT_BUG
    assert settled.findings("judgement-differed") == []


def test_an_upgrade_that_only_words_something_otherwise_is_no_difference(settled: Town) -> None:
    settled.write(CLASS, sheet([*CLASS_ROWS, done(ADABELLE, "Calm", "10/05/2030")]))
    anew(settled, days=1)
    with settled.workspace() as workspace, workspace.store.transaction():
        known = judging._known(workspace, workspace.clock(), as_of=workspace.today(), everybody=False)
        person = unpacked(known.stored[ADABELLE])
        (to_come,) = person.future
        worded = replace(person, future=(replace(to_come, found="In the words of an earlier version."),))
        stored = known.basis.stored(ADABELLE, packed(worded), decidable=person.decidable)
        workspace.store.judgements.replace([(ADABELLE, stored)], ended={ADABELLE})
    night, _ = anew(settled, everybody=True, minutes=5)
    assert (night.exit_code == EXIT_BUG, settled.findings("judgement-differed")) == (False, [])


def test_what_somebody_else_wrote_into_a_kept_judgement_counts_for_nothing(settled: Town) -> None:
    theirs = judgement.c.person_id == ADABELLE
    for values in ({"packed": b"no judgement"}, {"fingerprint": "0" * 32}):
        with settled.workspace() as workspace, workspace.store.transaction():
            workspace.store.connection.execute(update(judgement).where(theirs).values(**values))
        night, judged = anew(settled, days=1)
        assert judged == 1
        assert night.exit_code != EXIT_BUG


def test_the_first_night_on_an_earlier_workspace_judges_everybody_and_keeps_it(tmp_path: Path) -> None:
    town = earlier_town(tmp_path / "earlier")
    first, judged = anew(town, days=1)
    assert first.judged is not None
    assert judged == len(first.judged.people) > 0
    with town.workspace() as workspace:
        assert dict(workspace.store.judgements.each()).keys() == first.judged.people.keys()
    # One of its decisions has but the beginning of a claim's id, and is found only among all evidence.
    assert anew(town, days=1)[1] == judged


def test_a_replay_and_what_people_look_at_rest_on_the_evidence_alone(settled: Town) -> None:
    with settled.workspace() as workspace:
        then, day = workspace.clock(), workspace.today()
        before = open_issuer(workspace, as_of=day).judged.people
    plant(settled)
    with settled.workspace() as workspace:
        assert open_issuer(workspace, as_of=day).judged.people == before
        replayed = open_issuer(workspace, as_of=day, known_at=then)
        assert replayed.judged.people == before
        assert judge_roster(replayed.snapshot, workspace.pseudonyms, as_of=day).people == before


def test_what_a_purge_removes_or_a_cleaning_rewrites_lets_go_of_what_was_kept(settled: Town) -> None:
    with settled.workspace() as workspace, workspace.store.transaction():
        rows = KeptRows(workspace.store.connection, workspace.store.district_id)
        key, origin = next(iter(rows.rows("origin")))
        rows.rewrite([Rewrite("origin", key, {"sheet": f"{origin['sheet']} of autumn"})])
        assert dict(workspace.store.judgements.each()) == {}
    assert anew(settled, days=1)[1] == len(NAMES)
    settled.later(days=2500)
    with settled.workspace() as workspace:
        purged(workspace, workspace.today())
        assert dict(workspace.store.judgements.each()) == {}


def test_a_night_that_ends_before_it_has_kept_anything_leaves_what_was_there(settled: Town) -> None:
    settled.write(CLASS, sheet([*CLASS_ROWS, done("70102", "Calm", "10/05/2026")]))
    settled.later(days=1)
    killed = patch("lms_sync.operations.judging.keep", side_effect=KeyboardInterrupt)
    with settled.workspace() as workspace, killed, pytest.raises(KeyboardInterrupt):
        run_night(workspace, accept_drop={})
    _, judged = anew(settled, minutes=1)
    assert judged == 1


def test_who_has_left_the_roster_leaves_nothing(settled: Town) -> None:
    with settled.workspace() as workspace, workspace.store.transaction():
        kept = dict(workspace.store.judgements.each())
        workspace.store.judgements.replace([("gone", kept[ADABELLE])])
    anew(settled, minutes=5, everybody=True)
    with settled.workspace() as workspace:
        assert dict(workspace.store.judgements.each()).keys() == NAMES.keys()
    assert timedelta(days=7) == judging.JUDGED_WHOLE_EVERY
