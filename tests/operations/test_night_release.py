"""Nothing leaves before a person has released it, and each partner is written to as often as it asked for."""

from datetime import timedelta

import pytest

from lms_sync.files import shipped
from lms_sync.model.delivery import DeliveryState
from tests.operations.night_files import (
    BOSS,
    CHIEF,
    CLASS,
    CLASS_ROWS,
    HR,
    assignment_line,
    done,
    partner_lines,
    roster,
    sheet,
)
from tests.operations.night_town import Town, text_of

pytestmark = pytest.mark.slow  # whole nights by the dozen

PARTNERS = ("quarry", "heron", "own")


def test_before_anybody_released_an_address_only_the_summary_to_hr_leaves(town: Town) -> None:
    town.night()
    town.night(days=1)

    assert [str(one["To"]) for one in town.mail()] == [HR, HR]
    for partner in PARTNERS:
        (held,) = town.deliveries(partner)
        assert (held.state, held.report_id, held.message_id) == (DeliveryState.HELD, None, "")


def test_after_the_release_each_partner_gets_exactly_one_message(town: Town) -> None:
    town.night()
    town.release(hours=6)
    town.night(hours=18)

    assert len(town.to(CHIEF)) == len(town.to(BOSS)) == 1
    assert [[one.state for one in town.deliveries(partner)] for partner in PARTNERS] == [[DeliveryState.SENT]] * 3


def test_a_new_address_on_the_roster_is_held_until_it_is_released_too(settled: Town) -> None:
    lines = partner_lines()
    settled.write("roster.xlsx", roster(partners=[{**lines[0], "Copy to": "new@quarry.example.org"}, *lines[1:]]))
    settled.night(days=7)

    held = settled.deliveries("quarry")[-1]
    assert held.state is DeliveryState.HELD
    assert "new@quarry.example.org" in held.detail
    assert CHIEF not in held.detail
    assert len(settled.to(CHIEF)) == 1
    assert len(settled.to(BOSS)) == 2
    settled.release(hours=1)
    assert settled.deliveries("quarry")[-1].state is DeliveryState.SENT


def test_a_held_report_is_built_anew_from_the_facts_of_the_day_on_which_it_is_released(town: Town) -> None:
    town.night()
    assert "topic-04" in town.open_topics("70102")
    town.write(CLASS, sheet([*CLASS_ROWS, done("70102", "Minds", "11/24/2026")]))
    town.night(days=1)
    (sent,) = [one for one in town.release(days=1) if one.partner_id == "quarry"]

    with town.workspace() as workspace:
        issued = workspace.store.reports.last("quarry")
    assert issued is not None
    assert (issued.report_id, issued.as_of.isoformat()) == (sent.report_id, "2026-11-25")
    (person,) = [one for one in issued.judgement["people"] if one["id"] == "70102"]
    met = {one["id"] for one in person["requirements"] if one["met_by"]}
    assert {"topic-01", "topic-04"} <= met


def test_an_address_under_two_partners_never_comes_into_force(settled: Town) -> None:
    lines = partner_lines()
    settled.write("roster.xlsx", roster(partners=[lines[0], {**lines[1], "Copy to": CHIEF}, lines[2]]))
    night = settled.night(days=7)

    assert night.exit_code == 2
    assert "Partners!E6" in text_of(settled.to(HR)[-1])
    assert [str(one["To"]) for one in settled.to(BOSS)] == [BOSS, BOSS]
    assert all("Marshbane" not in text_of(one) for one in settled.to(CHIEF))


def test_a_cadence_is_kept_over_nights_that_did_not_run(town: Town) -> None:
    """FAULTS: cron did not run that day, so nothing was ever sent and no one noticed."""
    town.write("roster.xlsx", roster(partners=partner_lines(heron="weekly", quarry="monthly", own="on change")))
    town.night()
    town.release(hours=1)
    start = town.now - timedelta(hours=1)
    for day in (6, 7, 8, 16, 22, 23):  # the nights of the 30th are there, those of day 14 and 15 are not
        town.now = start + timedelta(days=day)
        town.night()

    days = {partner: [(one.created_at - start).days for one in town.deliveries(partner)] for partner in PARTNERS}
    assert days == {"heron": [0, 7, 16, 23], "quarry": [0, 8], "own": [0]}
    assert (len(town.to(BOSS)), len(town.to(CHIEF))) == (4, 2)


def test_a_partner_that_wants_no_mail_gets_none(town: Town) -> None:
    town.write("roster.xlsx", roster(partners=partner_lines(heron="none")))
    town.night()

    assert town.deliveries("heron") == []
    assert town.report("heron").people


def test_a_partner_that_wants_to_hear_of_changes_hears_of_each_once(town: Town) -> None:
    town.write("roster.xlsx", roster(partners=partner_lines(heron="on change")))
    town.night()
    town.release(hours=1)
    town.night(days=1)
    town.write("inbox/log/log-2.csv", sheet([done("80202", "Rights", "11/20/2026")]))
    town.night(days=1)
    town.night(days=1)

    assert len(town.to(BOSS)) == 2


def test_a_person_who_left_a_partner_is_told_to_it_once(settled: Town) -> None:
    partners = partner_lines(quarry="on change")
    moved = [assignment_line("70101"), assignment_line("70102", "heron")]
    settled.write("roster.xlsx", roster(partners=partners, assignments=moved))
    settled.night(days=1)
    settled.night(days=1)

    assert len(settled.to(CHIEF)) == 2
    assert "Rookhurst" in text_of(settled.to(CHIEF)[1])


@pytest.mark.parametrize(("broken", "code"), [("letter.nothing_of_this_name", 2), ("1 / 0", 5)])
def test_a_report_that_cannot_be_made_stops_no_other(settled: Town, broken: str, code: int) -> None:
    shipped_one = (shipped("reports") / "partner.txt.j2").read_text(encoding="utf-8")
    only_heron = f'{{% if report.partner.partner_id == "heron" %}}{{{{ {broken} }}}}{{% endif %}}'
    settled.write("reports/partner.txt.j2", shipped_one + only_heron)
    night = settled.night(days=7)

    assert night.exit_code == code
    assert (len(settled.to(CHIEF)), len(settled.to(BOSS))) == (2, 1)
    assert any("partner heron" in one for one in settled.findings("report-not-made"))
    assert "partner heron" in text_of(settled.to(HR)[-1])
    (settled.folder / "reports/partner.txt.j2").unlink()
    settled.night(days=1)
    assert len(settled.to(BOSS)) == 2
