"""An agreement's page: what is attached to its review can be looked at, and what is answered is yes or no."""

import io
import re

import pytest

from tests.cli.small_district import District
from tests.web.visitor import Visitor, text

PAGE = "/agreements/HERON-26"
MINUTES = b"From: board@pinehill.example.org\r\nDate: Mon, 2 Nov 2026 09:00:00 -0800\r\n\r\nThe minutes."


def recorded(visitor: Visitor, **form: object) -> str:
    seen = re.findall(r'name="point" value="A1"><input type="hidden" name="seen" value="([^"]*)"', visitor.page(PAGE))
    answer = visitor.post(f"{PAGE}/points", **{"point": "A1", "on": "2026-10-01", "seen": seen[0], **form})
    return text(answer) if answer.status_code != 303 else "recorded"


@pytest.mark.slow
def test_what_is_attached_to_a_point_is_looked_at_and_each_look_recorded(own: tuple[Visitor, District]) -> None:
    visitor, district = own
    assert recorded(visitor, done="yes", file=(io.BytesIO(MINUTES), "minutes.eml")) == "recorded"

    (link,) = re.findall(rf'href="({PAGE}/files/[^"]+)">minutes.eml<', visitor.page(PAGE))
    assert visitor.client.head(link, base_url=visitor.base).status_code == 200
    answer = visitor.get(link)
    assert (answer.data, answer.headers["Content-Disposition"]) == (MINUTES, "attachment; filename=minutes.eml")
    looks = (district.folder / "state/looks.jsonl").read_text(encoding="utf-8")
    assert looks.count("attachment A1 of agreement HERON-26") == 1
    for other in ("A2", "adoption", "../../roster.xlsx"):
        assert visitor.get(f"{PAGE}/files/{other}").status_code == 404
    assert visitor.get("/agreements/QPD-26/files/A1").status_code == 404


@pytest.mark.parametrize("done", ["maybe", "YES", "true"])
def test_a_point_is_answered_by_yes_or_no_only(shared: Visitor, done: str) -> None:
    """Another word was recorded as no."""
    assert f'Done: "{done}". Choose yes or no.' in recorded(shared, done=done)
