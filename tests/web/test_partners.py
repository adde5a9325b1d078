"""Partners in a browser: the report as it would be sent, and what holds a message or lets it go."""

import re

import pytest

from tests.cli.small_district import District
from tests.web.visitor import Visitor, text


def held(visitor: Visitor, partner: str) -> str:
    (found,) = re.findall(r'name="delivery" value="([^"]+)"', visitor.page(f"/partners/{partner}"))
    return str(found)


def test_the_report_is_the_one_that_would_be_sent(shared: Visitor) -> None:
    page = shared.page("/partners/HERON")
    email = shared.get("/partners/HERON/e-mail.html")

    assert "Brook, Ben" in email.text
    assert "Marsh" not in email.text
    assert email.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert email.headers["X-Frame-Options"] == "SAMEORIGIN"
    for path in re.findall(r'href="(/partners/HERON/files/[^"]+)"', page):
        assert shared.get(path).status_code == 200
    assert shared.page("/partners/HERON/e-mail.txt").startswith("Pinehill")


def test_a_held_message_is_released_and_sent(own: tuple[Visitor, District]) -> None:
    visitor, district = own
    page = visitor.does("/messages", delivery=held(visitor, "HERON"), act="release", reason="addresses checked")

    assert "for HERON: sent" in page
    assert len(list((district.folder / "outbox").glob("*.eml"))) == 2
    assert "HERON" not in visitor.page("/messages").partition("<main")[2]


def test_a_message_is_held_by_a_person(own: tuple[Visitor, District]) -> None:
    visitor, _ = own
    page = visitor.does("/messages", delivery=held(visitor, "QPD"), act="hold", reason="being renegotiated")

    assert "held, waits for a person" in page
    assert "held by A. Roe: being renegotiated" in text(visitor.get("/messages"))


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"act": "release", "reason": "x"}, "nothing was chosen"),
        ({"act": "burn", "delivery": "x", "reason": "x"}, "nothing was chosen"),
        ({"act": "release", "delivery": "none", "reason": "x"}, "none"),
        ({"act": "retry", "delivery": "HELD", "reason": "x"}, "is held, not failed or unknown"),
        ({"act": "arrived", "delivery": "HELD", "reason": "x"}, "is held, not unknown or sending"),
        ({"act": "lost", "delivery": "HELD", "reason": "x"}, "is held, not unknown or sending"),
        ({"act": "release", "delivery": "HELD", "reason": " "}, "a name and a reason"),
    ],
)
def test_what_can_t_be_done_to_a_message_is_told(shared: Visitor, form: dict[str, str], words: str) -> None:
    form = {name: held(shared, "HERON") if value == "HELD" else value for name, value in form.items()}
    answer = shared.post("/messages", **form)

    assert answer.status_code == 422
    assert words in text(answer)
