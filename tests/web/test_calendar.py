"""The calendar at the desk: a yearly duty has a day, and its proof can be looked at."""

import io
import re

import pytest

from tests.cli.small_district import District
from tests.web.visitor import Visitor, text

NOTICE = b"From: hr@pinehill.example.org\r\nDate: Mon, 2 Nov 2026 09:00:00 -0800\r\n\r\nThe information for families."
SENT = {"duty": "families", "note": "by e-mail to all families"}


@pytest.mark.slow
def test_the_proof_of_a_duty_is_looked_at_and_each_look_recorded(own: tuple[Visitor, District]) -> None:
    visitor, district = own
    answer = visitor.post("/calendar", **SENT, on=" ")
    assert (answer.status_code, "the day on which it was done is blank" in text(answer)) == (422, True)
    answer = visitor.post("/calendar", note="by e-mail", on="2026-10-01")
    assert (answer.status_code, "Not done no yearly duty was chosen" in text(answer)) == (422, True)
    answer = visitor.post("/calendar", duty="families", note=" ", on="2026-10-01")
    assert (answer.status_code, "Fill in “How it was done”" in text(answer)) == (422, True)
    visitor.does("/calendar", **SENT, on="2026-10-01", file=(io.BytesIO(NOTICE), "notice.eml"))

    (link,) = re.findall(r'href="(/calendar/proof[^"]+)">notice.eml<', visitor.page("/calendar"))
    answer = visitor.get(link.replace("&amp;", "&"))
    assert (answer.data, answer.headers["Content-Disposition"]) == (NOTICE, "attachment; filename=notice.eml")
    looks = (district.folder / "state/looks.jsonl").read_text(encoding="utf-8")
    assert looks.count("proof of families 2026-27") == 1
    assert visitor.get("/calendar/proof?duty=ospi&year=2026-27&building=").status_code == 404

    visitor.does("/calendar/undo", duty="families", year="2026-27", reason="the wrong year")
    assert "notice.eml" not in visitor.page("/calendar")
