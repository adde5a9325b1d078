"""The outer app: a partner's page by link and code, a reported training until it is decided, verifying, evidence."""

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import time_machine
from openpyxl import load_workbook

from lms_sync.model.partner_page import PartnerLink
from lms_sync.web.opening import open_district
from lms_sync.web.outer.app import create_outer_app
from lms_sync.web.routes import ROUTES
from lms_sync.workspace.settings.config import read_config
from tests.cli.small_district import NOW, District, district
from tests.web.outer_visitor import BY, LINK, PORT, Town, mails, released
from tests.web.visitor import local, open_app, text


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


def test_the_outer_app_has_none_of_the_desk_s_pages(town: Town) -> None:
    desk = {route.rule for route in ROUTES} - {"/", "/verify"}

    assert not desk & {rule.rule for rule in town.app.url_map.iter_rules()}
    for path in ("/people", "/worklist", "/roster", "/sign-in", "/log"):
        assert town.partner().get(path).status_code == 404


@pytest.mark.slow
def test_links_can_t_be_guessed_by_trying(town: Town) -> None:
    anybody = town.partner()
    answers = [anybody.get(f"/l/{number}").status_code for number in range(61)]

    assert answers == [404] * 60 + [429]


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
