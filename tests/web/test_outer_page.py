"""What a partner does on its page, and what anybody may verify."""

import io
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from lms_sync.web.opening import open_district
from lms_sync.web.outer.app import create_outer_app
from lms_sync.workspace.settings.config import read_config
from tests.cli.small_district import NOW, OFFICER, district
from tests.web.outer_visitor import BY, FORM, PDF, PORT, URL, Partner, Town, released
from tests.web.visitor import local, open_app, text


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Partner]:
    """Yield somebody of a partner whose page the tests of a module share, and change nothing of."""
    folder = tmp_path_factory.mktemp("outer") / "ws"
    with (
        district(folder, nights=1, prepare=released) as small,
        open_district(read_config(small.folder)) as opened,
    ):
        yield Partner(create_outer_app(opened, port=PORT), folder).enter()


def test_a_reported_training_is_a_claim_until_somebody_decides(town: Town) -> None:
    partner = town.partner().enter()
    answer = partner.post("/report", **FORM, instructor="J. Doe", number="77", file=(io.BytesIO(PDF), "scan.eml"))
    assert answer.status_code == 303, text(answer)
    assert "received" in text(partner.get("/"))
    assert "Report a completed training" in text(partner.get("/"))

    with time_machine.travel(NOW + timedelta(days=1)):
        assert town.small.run("nightly").exit_code in (0, 1)
        assert "waits for the district's decision" in text(partner.get("/"))
        with open_app(town.small.folder) as (app, opened):
            desk = local(app, opened)
            page = desk.page("/partners/HERON")
            assert desk.get(re.findall(r'href="(/reported/[^"]+)"', page)[0]).data == PDF
            findings = desk.page("/worklist?area=claim").split('<div class="finding" id="f-')
            (reported,) = [finding for finding in findings if "Canyon ESD; instructor J. Doe" in finding]
            assert "boss@heron.example.com" in reported
            claim = reported.partition('"')[0]
            assert "accepted" in desk.does("/worklist", one=f"{claim}:accept", reason="seen the certificate")
        assert "accepted" in text(partner.get("/"))


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"person": OFFICER[0]}, "not among your people"),
        ({"person": ["00201", "99999"]}, "not among your people"),
        ({"person": []}, "nobody was chosen"),
        ({"person": [str(number) for number in range(201)]}, "Report them in several parts of at most 200 people"),
        ({"requirement": "check-ins"}, "this is not missing for Brook, Ben"),
        ({"day": "2026-12-24"}, "not a day on which it was completed"),
        ({"day": "1926-01-01"}, "not a day on which it was completed"),
        ({"day": ""}, "not a day on which it was completed"),
        ({"provider": " "}, "the provider is blank"),
        ({"file": (io.BytesIO(b"MZ\x90\x00" + b"\x00" * 99), "x.pdf")}, "x.pdf"),
    ],
)
def test_what_can_t_be_so_is_not_taken(shared: Partner, changed: dict[str, Any], words: str) -> None:
    answer = shared.post("/report", **{**FORM, **changed})

    assert answer.status_code == 422
    assert words in text(answer)
    assert not list(shared.folder.glob("inbox/corrections/by-page/*"))


@pytest.mark.slow
def test_what_was_refused_stays_refused_when_it_is_reported_again_with_a_certificate(town: Town) -> None:
    partner = town.partner().enter()

    def states() -> list[str]:
        page = partner.get("/").text.partition("What you reported")[2].replace("&#39;", "'")
        return re.findall(r'<span class="tag \w+">([^<]+)</span>', page)

    assert partner.post("/report", **FORM).status_code == 303
    with time_machine.travel(NOW + timedelta(days=1)), open_app(town.small.folder) as (app, opened):
        town.small.run("nightly")
        claim = town.small.whole_id("Canyon ESD")
        local(app, opened).does("/worklist", one=f"{claim}:refuse", reason="no certificate was sent")
        assert states() == ["refused"]
        assert partner.post("/report", **FORM, number="77").status_code == 303
        assert states() == ["received", "refused"]
    with time_machine.travel(NOW + timedelta(days=2)), open_app(town.small.folder) as (app, opened):
        town.small.run("nightly")
        assert states() == ["waits for the district's decision", "refused"]
        assert partner.post("/report", **FORM, number="78").status_code == 303
    with time_machine.travel(NOW + timedelta(days=3)), open_app(town.small.folder) as (app, opened):
        town.small.run("nightly")
        assert states() == ["waits for the district's decision", "replaced by a later report", "refused"]
        claim = town.small.whole_id("certificate 78")
        local(app, opened).does("/worklist", one=f"{claim}:accept", reason="seen the certificate")
        assert states() == ["accepted", "replaced by a later report", "refused"]


def test_days_are_those_of_the_district_in_the_evening_too(town: Town) -> None:
    partner = town.partner()
    with time_machine.travel(NOW.replace(hour=3) + timedelta(days=1)), open_app(town.small.folder) as (app, opened):
        partner.enter()
        assert partner.post("/report", **FORM).status_code == 303
        assert partner.post("/read").status_code == 303
        page = text(partner.get("/"))
        assert "You confirmed on 23 Nov 2026" in page
        assert "State 23 Nov 2026 Brook, Ben" in page
        assert "24 Nov 2026" not in text(local(app, opened).get("/partners/HERON")).partition("Its page")[2][:400]


def test_that_a_report_was_read_is_seen_by_hr(town: Town) -> None:
    partner = town.partner().enter()
    assert partner.post("/read").status_code == 303
    assert "You confirmed on 23 Nov 2026" in text(partner.get("/"))
    assert partner.post("/read").status_code == 422
    with open_app(town.small.folder) as (app, opened):
        assert "boss@heron.example.com has read the report" in text(local(app, opened).get("/partners/HERON"))


def test_a_form_from_elsewhere_or_without_the_token_does_nothing(shared: Partner) -> None:
    partner = shared
    assert partner.post("/report", {"Sec-Fetch-Site": "cross-site"}, **FORM).status_code == 403
    assert partner.post("/report", {"Sec-Fetch-Site": "same-site"}, **FORM).status_code == 403
    assert partner.post("/report", {"Origin": "null"}, **FORM).status_code == 403
    assert partner.post("/report", csrf="0" * 64, **FORM).status_code == 403


def issued(town: Town) -> tuple[str, str]:
    """Return number and code of a training plan that was issued."""
    out = town.small.run("agreements", "plan", "HERON-26", "-o", str(town.small.folder / "plan.pdf"), *BY)
    found = re.search(r"(TP-\d{4}-\d{4}), verification code (\S+)", out.stdout)
    assert found, out.output
    return found[1], found[2]


def test_anybody_may_verify_and_learns_of_nobody(town: Town) -> None:
    number, code = issued(town)
    anybody = town.partner()
    genuine = text(anybody.post("/verify", number=number, code=code))
    by_file = text(anybody.post("/verify", file=(io.BytesIO((town.small.folder / "plan.pdf").read_bytes()), "p.pdf")))
    wrong = [
        text(anybody.post("/verify", number=number, code="AAAA-AAAA-AAAA-AAAA")),
        text(anybody.post("/verify", number="TP-2026-0099", code=code)),
        text(anybody.post("/verify", file=(io.BytesIO(b"%PDF-1.7 something else"), "p.pdf"))),
    ]

    assert f"training plan {number}" in genuine == by_file
    assert len(set(wrong)) == 1
    assert "Not recognized" in wrong[0]
    for page in (genuine, by_file, *wrong):
        assert not {"Brook", "Marsh", "Heron", "A. Roe"} & {*re.findall(r"[A-Z]\w+(?:\. \w+)?", page)}

    town.small.run("agreements", "withdraw", number, "--reason", "Brook has left", *BY)
    page = text(anybody.post("/verify", number=number, code=code))
    assert "do not rely on it" in page
    assert "Brook" not in page


def test_a_network_may_verify_twenty_documents_an_hour(town: Town) -> None:
    anybody = town.partner()
    answers = [anybody.post("/verify", number="TP-2026-0001", code="x").status_code for _ in range(21)]

    assert answers == [200] * 20 + [429]


def test_an_agreement_s_documents_are_shared_for_a_time_and_each_look_is_recorded(town: Town) -> None:
    number, _ = issued(town)
    with open_app(town.small.folder) as (app, opened):
        desk = local(app, opened)
        answer = desk.post("/agreements/HERON-26/share", whom="State Auditor", days="14", reason="audit of 2026")
        link = re.search(rf"{URL}(/e/\S+)", text(answer))
        assert link
        assert link[1] not in desk.page("/agreements/HERON-26")
    outsider = town.partner()
    page = outsider.get(link[1])
    assert f"{number}.pdf" in page.text
    assert outsider.post(link[1], name=f"{number}.pdf").data.startswith(b"%PDF")
    assert outsider.post(link[1], name="../../roster.xlsx").status_code == 404
    looks = (town.small.folder / "state/looks.jsonl").read_text(encoding="utf-8")
    assert looks.count('"who": "State Auditor"') == 2

    with time_machine.travel(NOW + timedelta(days=15)):
        assert outsider.get(link[1]).status_code == 404
    with open_app(town.small.folder) as (app, opened):
        local(app, opened).does("/agreements/HERON-26/share/end", reason="the audit is over")
    assert outsider.get(link[1]).status_code == 404
    assert outsider.post(link[1], name=f"{number}.pdf").status_code == 404
