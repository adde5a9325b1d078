"""Nights on which a source says "no" after "yes": nothing is lost, every reader is told, and HR decides."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import update

from lms_sync.compliance.decide_doubts import DoubtsDecided, end_completions, keep_completions, undo_decision
from lms_sync.errors import UsageError
from lms_sync.model.author import Author
from lms_sync.reports.gaps_export import report_json
from lms_sync.store.schema import completion
from tests.operations.night_files import (
    BOSS,
    CLASS,
    CLASS_ROWS,
    HR,
    LOG,
    LOG_ROWS,
    NAMES,
    assignment_line,
    done,
    person_line,
    roster,
    sheet,
)
from tests.operations.night_town import Town, report_of, text_of

pytestmark = pytest.mark.slow  # whole nights by the dozen

UNDONE = done("80201", "Calm", "", "In Progress")


def say_no(town: Town) -> None:
    town.write(LOG, sheet([UNDONE, LOG_ROWS[1]]))
    town.night(days=1)


def calm(town: Town) -> dict[str, Any]:
    """Return how the person whom it is about stands on topic 10, as `gaps --format json` tells."""
    with town.workspace() as workspace:
        (partner,) = report_json([report_of(workspace, "heron")])["partners"]
    (person,) = [one for one in partner["people"] if one["id"] == "80201"]
    (topic,) = [one for one in person["requirements"] if one["id"] == "topic-10"]
    return {name: topic[name] for name in ("met_by", "on", "doubted")}


def waiting(town: Town, code: str) -> str:
    with town.workspace() as workspace:
        (found,) = [one.finding for one in workspace.store.findings.open() if one.finding.code == code]
    return found.id


def act(town: Town, decide: Callable[..., DoubtsDecided], finding_id: str) -> DoubtsDecided:
    with town.workspace() as workspace:
        return decide(workspace, Author("A. Roe", "asked the trainer", workspace.clock()), finding_id=finding_id)


SOUND = {"met_by": "credits", "on": "2026-10-07", "doubted": None}
IN_DOUBT = {**SOUND, "doubted": "2026-11-24"}
ENDED = {"met_by": None, "on": None, "doubted": None}


def test_a_no_takes_nothing_away_and_the_partner_and_hr_are_told(settled: Town) -> None:
    assert calm(settled) == SOUND
    say_no(settled)
    assert calm(settled) == IN_DOUBT
    (found,) = settled.findings("completion-doubted")
    assert "completed on 7 Oct 2026, now says “In Progress” (in doubt since 24 Nov 2026)" in found
    settled.night(days=7)
    letter = text_of(settled.to(BOSS)[-1])
    assert "Topic 10: met, in doubt since 24 Nov 2026" in " ".join(letter.split())
    settled.night(days=7)
    assert "Decide this first" in text_of(settled.to(HR)[-1])


def test_what_hr_keeps_is_kept_until_done_and_then_no_again(settled: Town) -> None:
    say_no(settled)
    act(settled, keep_completions, waiting(settled, "completion-doubted"))
    settled.night(days=1)
    assert (calm(settled), settled.findings("completion-doubted")) == (SOUND, [])
    other = done("80202", "Bystanders", "11/20/2026")
    settled.write(LOG, sheet([*LOG_ROWS, other]))
    settled.night(days=1)
    settled.write(LOG, sheet([UNDONE, LOG_ROWS[1], other]))
    settled.night(days=1)
    assert calm(settled) == {**SOUND, "doubted": "2026-11-27"}


def test_what_hr_ends_counts_no_longer_and_both_can_be_undone(settled: Town) -> None:
    say_no(settled)
    finding_id, before_it = waiting(settled, "completion-doubted"), settled.clock()
    decided = act(settled, end_completions, finding_id)
    assert (decided.completions, calm(settled)) == (1, ENDED)
    with settled.workspace() as workspace:
        (heron,) = report_json([report_of(workspace, "heron", known_at=before_it)])["partners"]
    assert "2026-11-24" in {topic["doubted"] for person in heron["people"] for topic in person["requirements"]}
    with pytest.raises(UsageError, match="decided already: end"):
        act(settled, keep_completions, finding_id)
    settled.night(days=1)
    assert calm(settled) == ENDED
    act(settled, undo_decision, finding_id)
    assert (calm(settled), waiting(settled, "completion-doubted")) == (IN_DOUBT, finding_id)
    with pytest.raises(UsageError, match="is not decided"):
        act(settled, undo_decision, finding_id)
    with settled.workspace() as workspace:
        log = workspace.store.audit.entries()
    verdicts = [entry.payload["after"]["verdict"] for entry in log if entry.kind == "doubt"]
    assert verdicts == ["end", "undecided"]


def test_a_course_that_is_reset_is_one_finding_and_no_safety_stop(town: Town) -> None:
    everybody = [done(person_id, "Everything", "10/05/2026") for person_id in NAMES]
    lines = {
        "people": [person_line(person_id) for person_id in NAMES],
        "assignments": [assignment_line(person_id) for person_id in NAMES],
    }
    town.write("roster.xlsx", roster(**lines))
    town.write(CLASS, sheet([*everybody, *CLASS_ROWS[1:7]]))
    town.night()
    town.write(CLASS, sheet([(*row[:5], "", "Not Started") for row in (*everybody, *CLASS_ROWS[1:7])]))
    night = town.night(days=1)
    assert [pulled.error for pulled in night.pulled] == [None, None]
    reset = [found for found in town.findings("completion-doubted") if "looks reset" in found]
    assert len(reset) == 1
    assert "Everything looks reset: 5 people" in reset[0]
    with town.workspace() as workspace:
        (chief, *_) = report_of(workspace, "quarry").people
        assert chief.doubted is not None
    (finding_id,) = {one.finding.id for one in _open(town) if "looks reset" in one.finding.found}
    assert act(town, keep_completions, finding_id).completions == 5


def _open(town: Town) -> tuple[Any, ...]:
    with town.workspace() as workspace:
        return workspace.store.findings.open()


def test_what_an_earlier_version_ended_by_a_no_is_in_doubt_after_the_first_night(settled: Town) -> None:
    settled.later(days=1)
    with settled.workspace() as workspace, workspace.store.transaction():
        ended = {"ended_at": workspace.clock(), "end_reason": "no longer done"}
        workspace.store.connection.execute(update(completion).where(completion.c.course == "Calm").values(**ended))
    settled.write(LOG, sheet([UNDONE, LOG_ROWS[1]]))
    assert calm(settled) == ENDED
    settled.night(days=2)
    assert calm(settled) == IN_DOUBT
    settled.night(days=1)
    assert calm(settled) == IN_DOUBT
    act(settled, end_completions, waiting(settled, "completion-doubted"))
    settled.night(days=1)
    assert calm(settled) == ENDED


def test_a_correction_that_would_open_what_is_met_waits_for_hr(settled: Town) -> None:
    moved = done("80201", "Calm", "12/01/2026")
    settled.write(LOG, sheet([moved, LOG_ROWS[1]]))
    settled.night(days=1)
    assert calm(settled) == SOUND
    (found,) = settled.findings("correction-waits")
    assert "completed on 7 Oct 2026, now says 1 Dec 2026" in found
    finding_id = waiting(settled, "correction-waits")
    act(settled, end_completions, finding_id)
    assert calm(settled) == ENDED
    act(settled, undo_decision, finding_id)
    assert calm(settled) == SOUND
    act(settled, keep_completions, finding_id)
    settled.write(LOG, sheet([moved, LOG_ROWS[1], done("80202", "Bystanders", "11/20/2026")]))
    settled.night(days=1)
    assert (calm(settled), settled.findings("correction-waits")) == (SOUND, [])


def test_a_correction_that_stays_in_time_is_taken_the_same_night(settled: Town) -> None:
    settled.write(LOG, sheet([done("80201", "Calm", "10/09/2026"), LOG_ROWS[1]]))
    settled.night(days=1)
    assert calm(settled) == {**SOUND, "on": "2026-10-09"}


@pytest.mark.slow
def test_sound_evidence_of_another_source_keeps_the_doubt_from_everybody_but_hr(settled: Town) -> None:
    settled.write(CLASS, sheet([*CLASS_ROWS, done("80201", "Calm", "10/09/2026")]))
    settled.night(days=1)
    say_no(settled)
    assert calm(settled) == SOUND
    assert len(settled.findings("completion-doubted")) == 1
    settled.night(days=7)
    letter = settled.to(BOSS)[-1]
    assert "in doubt" not in text_of(letter)
    assert "in doubt" not in text_of(letter, "html")


@pytest.mark.slow
def test_two_sources_whose_corrections_do_harm_together_do_not_both_have_their_way(settled: Town) -> None:
    rows = [*CLASS_ROWS, done("80201", "Calm", "10/09/2026")]
    settled.write(CLASS, sheet(rows))
    settled.night(days=1)
    settled.write(CLASS, sheet([*rows[:-1], done("80201", "Calm", "12/01/2026")]))
    settled.write(LOG, sheet([done("80201", "Calm", "12/02/2026"), LOG_ROWS[1]]))
    settled.night(days=1)
    assert calm(settled) == SOUND
    (found,) = settled.findings("correction-waits")
    assert "completed on 7 Oct 2026, now says 2 Dec 2026" in found


@pytest.mark.slow
def test_done_again_a_year_later_is_a_further_completion_and_the_earliest_counts(settled: Town) -> None:
    later = done("80201", "Calm", "09/20/2027")
    settled.later(days=301)
    settled.write(LOG, sheet([later, LOG_ROWS[1]]))
    night = settled.night(days=1)
    assert [dict(file.outcomes) for pulled in night.pulled for file in pulled.files if pulled.source == "log"] == [
        {"added": 1, "unchanged": 1}
    ]
    assert calm(settled) == {**SOUND, "doubted": "2027-09-21"}
    (found,) = settled.findings("done-again-or-corrected")
    assert "completed on 7 Oct 2026, is now completed on 20 Sep 2027: done again, or the day corrected?" in found
    act(settled, keep_completions, waiting(settled, "done-again-or-corrected"))
    settled.night(days=1)
    assert (calm(settled), settled.findings("done-again-or-corrected")) == (SOUND, [])
