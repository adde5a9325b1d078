"""By a clock that stands before the last night the desk shows what there is, and its forms do nothing."""

from datetime import timedelta

import time_machine

from tests.cli.small_district import NIGHT, District
from tests.web.visitor import Visitor, text


def test_a_form_does_nothing_and_says_why(own: tuple[Visitor, District]) -> None:
    visitor, small = own
    held = small.json("outbox", "list", "--format", "json")[0]["delivery"]
    with time_machine.travel(NIGHT - timedelta(days=1)):
        answer = visitor.post("/messages", act="release", delivery=held, reason="checked")
    assert answer.status_code == 422
    assert "clock says 22 Nov 2026, 02:10" in text(answer)
    assert "nothing was done" in text(answer)
    assert "the backup made before it has to be put back." in text(answer)
    assert held in visitor.page("/messages")
    assert small.json("outbox", "list", "--format", "json")[0]["state"] == "held"
