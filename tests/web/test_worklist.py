"""The worklist in a browser: the row as read, an answer in place, several at once, and taking it back."""

import re
from secrets import token_hex

import pytest

from lms_sync.errors import Locked
from lms_sync.operations.opening import opened
from lms_sync.store.locks import FolderLock
from lms_sync.workspace.settings.config import read_config
from tests.cli.small_district import GUARD, District
from tests.web.visitor import Visitor, text


def claim(district: District) -> str:
    return district.whole_id("waived")


def day(claim_id: str) -> dict[str, str]:
    """Return the field for the day that the source of the small district's claim does not give."""
    return {f"day-{claim_id}": "2026-10-05"}


def test_a_finding_shows_the_row_as_it_was_read_and_marks_the_cell(shared: Visitor) -> None:
    html = shared.page("/worklist?area=row")

    assert "<dt>Completed Date</dt><dd><mark>02/30/2026</mark></dd>" in html
    assert f"<dt>Employee ID</dt><dd>{GUARD[0]}</dd>" in html


def test_what_waits_is_filtered_by_kind_partner_and_source(shared: Visitor) -> None:
    everything = shared.page("/worklist").count('class="finding"')
    claims = shared.page("/worklist?area=claim").count('class="finding"')
    of_police = shared.page("/worklist?partner=QPD").count('class="finding"')
    of_vendor = shared.page("/worklist?source=vendor").count('class="finding"')

    assert claims == 1 < everything
    assert 0 <= of_police < everything
    assert 0 < of_vendor < everything
    assert "Nothing waits here" in shared.page("/worklist?area=claim&partner=QPD")
    for area, where in (("delivery", "to partner HERON"), ("agreement", "agreement HERON-26")):
        page = text(shared.get(f"/worklist?area={area}&partner=HERON"))
        assert "1 thing waits" in page
        assert where in page


@pytest.mark.parametrize("path", ["/worklist?from=60", "/worklist?from=999999", "/people?from=100"])
def test_a_page_beyond_the_last_line_is_the_last_page(shared: Visitor, path: str) -> None:
    """Who decides all of the last page is led back to it."""
    page = text(shared.get(path))
    assert "Nothing waits here" not in page
    assert text(shared.get(path.partition("?")[0])).partition(" Show ")[2] == page.partition(" Show ")[2]


def test_no_command_of_the_command_line_stands_on_the_page(shared: Visitor) -> None:
    assert "lms-sync" not in text(shared.get("/worklist"))


def test_a_claim_is_accepted_in_place_turned_and_logged(own: tuple[Visitor, District]) -> None:
    visitor, district = own
    claim_id = claim(district)
    page = visitor.does(
        "/worklist", one=f"{claim_id}:accept", reason="letter no. 88", back="/worklist", **day(claim_id)
    )

    assert f"{claim_id[:8]} accepted by A. Roe" in page
    assert "waived" in visitor.page(f"/people/{GUARD[0]}")
    assert "claim, accepted by A. Roe: letter no. 88" in text(visitor.get(f"/people/{GUARD[0]}"))
    last = district.json("log", "show", "--kind", "claim", "--format", "json")[-1]
    assert (last["by"], last["why"]) == ("A. Roe", "letter no. 88")

    page = visitor.does("/worklist", one=f"{claim_id}:refuse", reason="the letter was another's")
    assert f"{claim_id[:8]} refused by A. Roe" in page


def test_a_claim_without_a_day_asks_for_the_day_of_the_training(own: tuple[Visitor, District]) -> None:
    visitor, district = own
    claim_id = claim(district)
    assert f'type="date" id="day-{claim_id}"' in visitor.page("/worklist")
    refused = visitor.post("/worklist", one=f"{claim_id}:accept", reason="letter no. 88")
    assert "Name the day that the document shows in “Day of the training”" in text(refused)
    wrong = visitor.post("/worklist", one=f"{claim_id}:accept", reason="x", **{f"day-{claim_id}": "2031-01-05"})
    assert "a day in the future What to do: Correct “Day of the training”" in text(wrong)
    visitor.does("/worklist", one=f"{claim_id}:refuse", reason="nothing is known of it")
    assert f'type="date" id="day-{claim_id}"' in visitor.page("/worklist")  # among what was decided: to be turned
    page = visitor.does("/worklist", one=f"{claim_id}:accept", reason="letter no. 88", **day(claim_id))
    assert "as done on 5 Oct 2026" in page
    assert "5 Oct 2026" in text(visitor.get(f"/people/{GUARD[0]}"))


def test_several_are_answered_at_once_and_what_does_not_fit_stops_no_other(own: tuple[Visitor, District]) -> None:
    visitor, district = own
    claim_id = claim(district)
    ticked = {"finding": [claim_id, "ffffffff"], "answer": "accept"}
    page = visitor.does("/worklist", **ticked, reason="letter no. 88", **day(claim_id))

    assert f"{claim_id[:8]} accepted" in page
    assert "Not done: ffffffff is not on the worklist. No claim" in page


@pytest.mark.slow
def test_what_became_of_very_many_is_told_though_no_cookie_holds_it(own: tuple[Visitor, District]) -> None:
    """Chromium drops a cookie of more than 4,096 bytes: of six hundred answers nothing was told."""
    visitor, district = own
    ids = [token_hex(4) for _ in range(200)]
    ticked = {"finding": [claim(district), *ids], "answer": "accept"}
    answer = visitor.post("/worklist", **ticked, reason="letter no. 88", **day(claim(district)))

    assert max(map(len, answer.headers.getlist("Set-Cookie"))) < 500
    page = visitor.page("/worklist")
    assert page.count("is not on the worklist") == len(ids)
    assert all(f"Not done: {finding_id}" in page for finding_id in ids)
    assert "Not done" not in visitor.page("/worklist")


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"answer": "accept", "reason": "x"}, "nothing was chosen"),
        ({"one": "x:bless", "reason": "x"}, "no answer was chosen"),
        ({"finding": "ffffffff", "answer": "accept", "reason": " "}, "a name and a reason"),
        ({"finding": "ffffffff", "answer": "undo", "reason": "x"}, "nothing that is in doubt"),
    ],
)
def test_a_form_that_can_t_be_done_is_refused_with_what_to_do(
    shared: Visitor, form: dict[str, str], status: str
) -> None:
    answer = shared.post("/worklist", **form)

    assert answer.status_code == 422
    assert status in text(answer)
    assert "What to do:" in text(answer)
    assert "<title>Error: not done" in answer.text


def test_a_decision_during_a_night_says_who_holds_the_lock(own: tuple[Visitor, District]) -> None:
    visitor, district = own
    with FolderLock(district.folder / "state" / "lock", who="lms-sync nightly").held():
        answer = visitor.post("/worklist", one=f"{claim(district)}:accept", reason="x")
        assert visitor.get("/worklist").status_code == 200
    assert answer.status_code == 409
    assert re.search(r"lms-sync nightly, since \d\d:\d\d \(process \d+\)", text(answer))
    named = day(claim(district))
    assert visitor.post("/worklist", one=f"{claim(district)}:accept", reason="x", **named).status_code == 303


def test_pages_are_read_while_a_night_writes_and_show_what_it_wrote_once_it_is_stored(
    own: tuple[Visitor, District],
) -> None:
    visitor, district = own
    claim_id = claim(district)
    with opened(read_config(district.folder), lock_for="lms-sync nightly") as workspace:
        with workspace.store.transaction():
            workspace.store.findings.clear(claim_id, now=workspace.clock())
            assert claim_id in visitor.page("/worklist")
        assert claim_id not in visitor.page("/worklist")


def test_the_command_line_says_who_holds_the_lock(own: tuple[Visitor, District]) -> None:
    _, district = own
    with FolderLock(district.folder / "state" / "lock", who="A. Roe, on a page").held():
        night = district.run("nightly")
    assert night.exit_code == Locked.exit_code
    assert "A. Roe, on a page, since" in night.stderr
