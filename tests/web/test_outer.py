"""The outer app: a partner's page by link and code, a reported training until it is decided, verifying, evidence."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from openpyxl import load_workbook
from werkzeug.test import TestResponse

from lms_sync.model.partner_page import PartnerLink
from lms_sync.web.opening import OpenDistrict, open_district
from lms_sync.web.outer.app import create_outer_app
from lms_sync.web.routes import ROUTES
from lms_sync.workspace.settings.config import read_config
from tests.cli.small_district import GUARD, NOW, OFFICER, District, district
from tests.web.visitor import SAME_ORIGIN, local, open_app, text

URL = "https://training.example.org"
PORT = 8081
LINK = re.compile(rf"{URL}(/l/\S+)")
BY = ("--by", "A. Roe, HR")
PDF = b"From: boss@heron.example.com\r\nDate: Mon, 2 Nov 2026 09:00:00 -0800\r\n\r\nA certificate."


def released(small: District) -> None:
    """Name the outer app's address, and let the first reports go."""
    path = small.folder / "lms_sync.toml"
    path.write_text(path.read_text(encoding="utf-8") + f'\n[web.outer]\nurl = "{URL}"\n', encoding="utf-8")
    assert small.run("nightly").exit_code in (0, 1)
    assert small.run("outbox", "release", "--all", "--reason", "checked", *BY).exit_code == 0


def mails(folder: Path, to: str) -> list[str]:
    """Return the texts of the messages to an address, the oldest first."""
    found = []
    for path in sorted((folder / "outbox").glob("*.eml"), key=lambda path: path.stat().st_mtime_ns):
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        assert isinstance(message, EmailMessage)
        body = message.get_body(("plain",))
        if to in str(message["To"]) and body is not None:
            found.append(str(body.get_content()))
    return found


@dataclass
class Partner:
    """Somebody of a partner, in a browser of their own."""

    app: Flask
    folder: Path
    contact: str = "boss@heron.example.com"

    def __post_init__(self) -> None:
        self.client = self.app.test_client()

    @property
    def link(self) -> str:
        """Return the path of the link in the last report."""
        links = [re.search(rf"{URL}(/l/\S+)", mail) for mail in mails(self.folder, self.contact)]
        return [found[1] for found in links if found][-1]

    def get(self, path: str) -> TestResponse:
        return self.client.get(path, base_url=URL)

    def post(self, path: str, headers: Any = SAME_ORIGIN, **form: Any) -> TestResponse:
        data = {"csrf": self.csrf(), **form}
        return self.client.post(
            path, base_url=URL, data=data, headers=dict(headers), content_type="multipart/form-data"
        )

    def csrf(self) -> str:
        found = re.search(r'name="csrf" value="([0-9a-f]+)"', self.get("/").text)
        return found[1] if found else ""

    def code(self) -> str:
        """Have a code sent, and return it from the mail."""
        answer = self.post(self.link)
        assert answer.status_code == 303, text(answer)
        return str(re.findall(r"\b(\d{6})\b", mails(self.folder, self.contact)[-1])[0])

    def enter(self) -> "Partner":
        assert self.post("/code", code=self.code()).headers["Location"] == "/"
        return self


@dataclass
class Town:
    """The district's command line, the outer app, and the desk's."""

    small: District
    app: Flask
    opened: OpenDistrict

    def partner(self, contact: str = "boss@heron.example.com") -> Partner:
        return Partner(self.app, self.small.folder, contact)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with (
        district(tmp_path / "ws", nights=1, prepare=released) as small,
        open_district(read_config(small.folder)) as opened,
    ):
        yield Town(small, create_outer_app(opened, port=PORT), opened)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Partner]:
    """Yield somebody of a partner whose page the tests of a module share, and change nothing of."""
    folder = tmp_path_factory.mktemp("outer") / "ws"
    with (
        district(folder, nights=1, prepare=released) as small,
        open_district(read_config(small.folder)) as opened,
    ):
        yield Partner(create_outer_app(opened, port=PORT), folder).enter()


def test_opening_the_link_sends_nothing_and_changes_nothing(town: Town) -> None:
    """Mail scanners open links, and run the scripts behind them."""
    before = len(mails(town.small.folder, "heron"))
    partner = town.partner()
    for _ in range(3):
        answer = partner.get(partner.link)
        assert answer.status_code == 200
        assert "b…@heron.example.com" in answer.text
        assert "Brook" not in answer.text
        assert "boss@" not in answer.text
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert len(mails(town.small.folder, "heron")) == before
    assert partner.get("/").status_code == 401


def test_the_code_opens_the_page_of_that_partner_and_of_no_other(town: Town) -> None:
    partner = town.partner().enter()
    page = text(partner.get("/"))

    assert "Brook, Ben" in page
    assert "Marsh" not in page
    assert "Quarry" not in page
    cookie = partner.client.get_cookie("__Host-lms_sync_outer_device", domain="training.example.org")
    assert cookie is not None
    assert cookie.secure
    assert cookie.http_only
    assert "No Social Security" in page
    name = re.findall(r'href="/packet/([^"]+xlsx)"', partner.get("/").text)[0]
    assert partner.get(f"/packet/{name}").status_code == 200
    assert partner.get("/packet/training-gaps-QPD-2026-11-23.xlsx").status_code == 404
    assert '"who": "boss@heron.example.com"' in (town.small.folder / "state/looks.jsonl").read_text(encoding="utf-8")


def with_a_copy(small: District) -> None:
    """Let reports of one partner go to a second address too."""
    book = load_workbook(small.folder / "roster.xlsx")
    sheet = book["Partners"]
    heads = {str(cell.value): cell.column for row in sheet.iter_rows() for cell in row if cell.value}
    row = next(cell.row for line in sheet.iter_rows() for cell in line if cell.value == "HERON")
    sheet.cell(row, heads["Copy to"]).value = "clerk@heron.example.com"
    book.save(small.folder / "roster.xlsx")
    released(small)


@pytest.mark.slow
def test_a_link_is_bound_to_the_address_that_it_was_mailed_to(tmp_path: Path) -> None:
    with (
        district(tmp_path / "ws", nights=1, prepare=with_a_copy) as small,
        open_district(read_config(small.folder)) as opened,
    ):
        town = Town(small, create_outer_app(opened, port=PORT), opened)
        links = {str(found[1]) for mail in mails(small.folder, "boss@heron") if (found := LINK.search(mail))}
        boss, clerk = sorted(links, key=lambda link: "b\u2026@" not in town.partner().get(link).text)
        for link, own, other in ((boss, "boss", "clerk"), (clerk, "clerk", "boss")):
            before = {name: len(mails(small.folder, f"{name}@heron")) for name in (own, other)}
            visitor = town.partner()
            assert f"{own[0]}\u2026@heron" in visitor.get(link).text
            # What a form says of an address has no say.
            assert visitor.post(link, address="1").status_code == 303
            after = {name: len(mails(small.folder, f"{name}@heron")) for name in (own, other)}
            assert (after[own] - before[own], after[other] - before[other]) == (1, 0)
        with open_app(small.folder) as (app, desk):
            page = local(app, desk).page("/partners/HERON")
            assert "2 active links" in page
            message = re.findall(r'href="(/messages/[^"]+)"', page)[0]
            assert "/l/\u2026" in local(app, desk).page(message)
        # What is kept in the outbox opens nothing.
        with opened.reading() as workspace:
            (sent,) = [d for d in workspace.store.deliveries.listed() if d.partner_id == "HERON"]
            seed = LINK.search(workspace.store.deliveries.body(sent.delivery_id).decode())
        assert seed
        assert town.partner().get(seed[1]).status_code == 404


def test_a_link_of_an_earlier_version_for_several_addresses_works_no_longer() -> None:
    link = PartnerLink("HERON", ("boss@heron.example.com", "x@heron.example.com"), "D1", NOW.date(), date(2027, 1, 1))
    assert not link.works(NOW.date())
    assert replace(link, addresses=link.addresses[:1]).works(NOW.date())


def test_a_code_is_for_the_browser_that_asked_and_works_once(town: Town) -> None:
    partner, other = town.partner(), town.partner()
    code = partner.code()

    assert other.post("/code", code=code).status_code == 422
    assert partner.post("/code", code=code).status_code == 303
    partner.post("/leave")
    assert partner.get("/").status_code == 401
    assert partner.post("/code", code=code).status_code == 422


def test_after_five_wrong_codes_the_right_one_does_not_help(town: Town) -> None:
    partner = town.partner()
    code = partner.code()
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    for _ in range(5):
        assert partner.post("/code", code=wrong).status_code == 422
    assert partner.post("/code", code=code).status_code == 422


def test_only_the_newest_code_works_and_three_an_hour_are_sent(town: Town) -> None:
    first, second = town.partner(), town.partner()
    old = first.code()
    new = second.code()

    assert first.post("/code", code=old).status_code == 422
    assert second.post("/code", code=new).status_code == 303
    town.partner().code()
    assert town.partner().post(first.link).status_code == 429


def test_a_code_is_too_old_after_ten_minutes(town: Town) -> None:
    partner = town.partner()
    code = partner.code()
    with time_machine.travel(NOW + timedelta(minutes=11)):
        assert partner.post("/code", code=code).status_code == 422


@pytest.mark.parametrize("what", ["unknown", "expired", "ended", "no longer a contact"])
def test_a_link_that_does_not_work_says_nothing_of_why(town: Town, what: str) -> None:
    partner = town.partner().enter()
    path, days = partner.link, 0
    match what:
        case "unknown":
            path = "/l/" + "x" * 43
        case "expired":
            days = 46
        case "ended":
            with open_app(town.small.folder) as (app, opened):
                local(app, opened).does("/partners/HERON/links/end", reason="it was passed on")
        case _:
            _replace_contact(town.small.folder)
    with time_machine.travel(NOW + timedelta(days=days)):
        answer, sent = partner.get(path), town.partner().post(path)
        assert answer.status_code == sent.status_code == 404
        assert "This link does not work" in answer.text
        assert "Heron" not in answer.text
        if what != "unknown":
            assert partner.get("/").status_code == 401


def _replace_contact(folder: Path) -> None:
    from lms_sync.store.known.snapshot import read_roster, record_roster
    from tests.operations.night_town import Town as NightTown

    with NightTown(folder, NOW + timedelta(minutes=1)).workspace() as workspace:
        roster = read_roster(workspace.store)
        changed = replace(roster.partners["HERON"], report_to=("new@heron.example.com",))
        with workspace.store.transaction():
            new = replace(roster, partners={**roster.partners, "HERON": changed})
            record_roster(workspace.store, new, now=workspace.clock())


FORM = {"requirement": "topic-02", "day": "2026-11-02", "provider": "Canyon ESD", "person": GUARD[0]}


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


def test_the_outer_app_has_none_of_the_desk_s_pages(town: Town) -> None:
    desk = {route.rule for route in ROUTES} - {"/", "/verify"}

    assert not desk & {rule.rule for rule in town.app.url_map.iter_rules()}
    for path in ("/people", "/worklist", "/roster", "/sign-in", "/log"):
        assert town.partner().get(path).status_code == 404


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


@pytest.mark.slow
def test_links_can_t_be_guessed_by_trying(town: Town) -> None:
    anybody = town.partner()
    answers = [anybody.get(f"/l/{number}").status_code for number in range(61)]

    assert answers == [404] * 60 + [429]


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


def test_only_hashes_of_links_are_stored(town: Town) -> None:
    partner = town.partner().enter()
    secret = partner.link.rpartition("/")[2].encode()
    for path in (town.small.folder / "state").glob("*.db*"):
        content = path.read_bytes()
        if path.name.startswith("web.db"):
            assert secret not in content
        else:
            # The mail that carries the link is kept as it was sent; nothing else tells it.
            assert content.count(secret) <= 6
    assert secret not in (town.small.folder / "state/lms_sync.log").read_bytes()


def test_without_an_address_of_the_outer_app_no_mail_has_a_link(tmp_path: Path) -> None:
    with district(tmp_path / "ws", nights=1) as small:
        small.run("outbox", "release", "--all", "--reason", "checked", *BY)
        assert not [mail for mail in mails(small.folder, "heron") if "/l/" in mail]
