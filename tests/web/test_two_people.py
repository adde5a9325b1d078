"""Two people decide the same thing: what somebody has decided since a page was opened is not undone unseen."""

import re

from tests.cli.small_district import COURSES, GUARD, ROWS, District
from tests.web.visitor import Visitor, text

WHY = "nothing is known of it"


def hidden(page: str, name: str) -> str:
    """Return what the first field of that name says that nobody sees."""
    return str(re.findall(rf'name="{name}" value="([^"]*)"', page)[0])


def test_a_claim_that_somebody_else_has_decided_is_left_so(own: tuple[Visitor, District]) -> None:
    visitor, district = own
    claim = district.whole_id("waived")
    waiting = hidden(visitor.page("/worklist"), "waiting")
    assert district.run("worklist", "refuse", claim, "--reason", WHY, "--by", "B. Lee").exit_code == 0

    late = {"one": f"{claim}:accept", "reason": "letter no. 88", f"day-{claim}": "2026-10-05", "waiting": waiting}
    answer = visitor.post("/worklist", **late)
    assert answer.status_code == 422
    assert f"somebody was quicker: refused by B. Lee, “{WHY}” What to do: Load the page again." in text(answer)
    assert [entry["by"] for entry in district.json("log", "show", "--kind", "claim", "--format", "json")] == [
        "B. Lee"
    ]

    decided = visitor.page("/worklist").partition("Decided in the last 30 days")[2]
    assert 'name="waiting"' not in decided, "there it is turned on purpose"
    late.pop("waiting")
    assert "accepted by A. Roe" in visitor.does("/worklist", **late)


def test_a_claim_that_one_has_decided_oneself_is_decided_anew(own: tuple[Visitor, District]) -> None:
    visitor, district = own
    claim = district.whole_id("waived")
    again = {"one": f"{claim}:refuse", "reason": WHY, "waiting": "yes"}
    assert "refused by A. Roe" in visitor.does("/worklist", **again)
    assert "refused by A. Roe" in visitor.does("/worklist", **again)


def test_what_is_refused_is_named_by_what_it_is_about(own: tuple[Visitor, District]) -> None:
    """No page shows the ids of findings."""
    visitor, district = own
    claim = district.whole_id("waived")
    answer = visitor.post("/worklist", finding=[claim, "ffffffff"], answer="accept", reason="letter no. 88")
    said = text(answer)

    found = next(f["found"] for f in district.json("worklist", "--format", "json") if claim.startswith(f["id"]))
    assert f"{claim[:8]} ({found}): the source gives no day" in said
    assert claim not in said
    assert "ffffffff is not on the worklist" in said


def test_a_learner_whom_somebody_else_has_matched_is_left_so(own: tuple[Visitor, District]) -> None:
    visitor, district = own
    district.export(*ROWS, ("B-17", *GUARD[1:3], "", COURSES[2], "09/15/2026", "Completed"))
    assert district.run("nightly").exit_code == 1
    page = visitor.page("/matches")
    learner, seen, person = (hidden(page, name) for name in ("learner", "seen", "candidate"))
    assert person == GUARD[0]
    assert district.run("people", "link", learner, person, "--reason", "asked him", "--by", "B. Lee").exit_code == 0

    none_of_them = {"learner": learner, "candidate": person, "person": "", "reason": "another", "seen": seen}
    answer = visitor.post("/matches", **none_of_them)
    assert answer.status_code == 422
    assert f"decided since this page was opened: B. Lee: {person}, “asked him”" in text(answer)
    (kept,) = district.json("people", "links", "--format", "json")
    assert kept["by"] == "B. Lee"

    # Taken back meanwhile, what the page shows as waiting waits again.
    assert district.run("people", "unlink", learner, "--reason", "not him").exit_code == 0
    assert f"is none of {person}" in visitor.does("/matches", **none_of_them)
