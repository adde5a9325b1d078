"""What cannot be undone, where the settings ask for a second person: never approved by who asked, both named."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask

from lms_sync.errors import ConfigError
from lms_sync.model.finding import Area
from lms_sync.model.second_person import ActRequest, AskedAct, SecondAct
from lms_sync.store.audit import broken
from lms_sync.web.opening import OpenDistrict, open_district
from lms_sync.web.roles import Role
from lms_sync.workspace.settings.config import read_config
from tests.cli.small_district import GUARD, NOW, OFFICER, District, district
from tests.web.visitor import Visitor, open_app, somebody, text, with_roles

LETTER = b"From: training@esd900.example.org\r\nDate: Mon, 2 Nov 2026 09:00:00 -0800\r\n\r\nWe waive this:"
WAIVER = {"kind": "waived", "esd": "ESD 900", "day": "2026-11-02", "number": "88", "component": ["classroom"]}
SECOND = '[web.second_person]\nacts = ["confirm", "adopt", "waive", "purge"]\n'
PAGE = f"/people/{GUARD[0]}"
LEFT_OVER = f"{'e' * 64}.pdf"


@dataclass
class Office:
    """A desk behind a proxy, at which two decide."""

    small: District
    app: Flask
    opened: OpenDistrict

    def person(self, role: Role) -> Visitor:
        return somebody(self.app, self.opened, role)

    def waive(self, role: Role = Role.HR) -> str:
        """Ask for a waiver, and return the request's id."""
        self.person(role).does(f"{PAGE}/documents", **WAIVER, file=(io.BytesIO(LETTER), "letter.eml"))
        return self.request()

    def request(self) -> str:
        found = re.findall(r'name="request" value="([^"]+)"', self.person(Role.HR).page("/requests"))
        return str(found[-1])

    def answers(self, role: Role, request: str, answer: str) -> tuple[int, str]:
        visitor = self.person(role)
        answered = visitor.post("/requests", request=request, answer=answer, reason="looked at it")
        where = answered.headers.get("Location")
        return answered.status_code, text(visitor.get(where) if where else answered)

    def log(self) -> list[dict[str, Any]]:
        with self.opened.reading() as workspace:
            entries = workspace.store.audit.entries()
        assert broken(entries) == ()
        return [dict(entry.payload) | {"kind": entry.kind} for entry in entries]


def two_decide(small: District) -> None:
    with_roles(small.folder)
    path = small.folder / "lms_sync.toml"
    path.write_text(path.read_text(encoding="utf-8") + SECOND, encoding="utf-8")


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setenv("SECRET", "made up")
    with district(tmp_path / "ws", nights=1) as small:
        two_decide(small)
        with open_app(small.folder) as (app, opened):
            yield Office(small, app, opened)


def test_a_waiver_counts_when_a_second_person_has_agreed_and_the_log_names_both(office: Office) -> None:
    request = office.waive()
    assert "None is on file" in office.person(Role.HR).page(PAGE)
    assert "request waits for a second person" in text(office.person(Role.REVIEWER).get("/"))
    assert "for a second person" not in text(office.person(Role.HR).get("/")).partition("Everybody's status")[0]
    file = office.person(Role.REVIEWER).get(f"/requests/{request}/file")
    assert (file.status_code, file.data) == (200, LETTER)

    status, words = office.answers(Role.REVIEWER, request, "approve")

    assert (status, "On file now" in words) == (303, True)
    assert "letter.eml" in office.person(Role.HR).page(PAGE)
    entry = office.log()[-1]
    assert (entry["kind"], entry["by"], entry["second"]) == ("document", "The hr", "The reviewer")
    assert "The hr; second person: The reviewer" in office.person(Role.HR).page("/log")
    assert office.answers(Role.REVIEWER, request, "approve")[0] == 404
    assert not list((office.small.folder / "state" / "requests").glob("*"))


@pytest.mark.slow
@pytest.mark.parametrize("answer", ["approve", "refuse"])
def test_nobody_decides_what_they_asked_for_under_no_role(office: Office, answer: str) -> None:
    """The same address may stand under two roles; a name that is spelled otherwise is still the same person's."""
    request = office.waive()
    office.small.settings('reviewer = { emails = ["reviewer@', 'reviewer = { emails = ["hr@')
    before = office.log()
    status, words = office.answers(Role.HR, request, answer)
    assert (status, "you asked for it yourself" in words) == (422, True)
    assert office.log() == before
    assert office.answers(Role.HR, request, "take back")[0] == 303
    assert office.log()[-1]["kind"] == "second person"


@pytest.mark.parametrize(("name", "email", "same"), [
    ("A. Roe", "a.roe@example.org", True),
    ("Somebody else", "A.ROE@example.org", True),
    ("a. roe, reviewer", "second@example.org", True),
    ("A.Roe@example.org", "other@example.org", True),
    ("B. Kim", "b.kim@example.org", False),
    ("B. Kim", "a.roe@other.example.org", False),
])  # fmt: skip
def test_who_is_the_same_person(name: str, email: str, same: bool) -> None:  # noqa: FBT001
    wanted = AskedAct(SecondAct.PURGE, "all")
    by_sign_in = ActRequest("S1", wanted, "A. Roe, HR", "a.roe@example.org", "x", NOW, NOW)
    assert by_sign_in.is_of(name, email) is same


@pytest.mark.parametrize("account", ["b.kim", "B. Kim", "b.kim@example.org"])
def test_an_account_of_the_command_line_is_the_person_who_signs_in_with_its_name(account: str) -> None:
    request = ActRequest("S1", AskedAct(SecondAct.PURGE, "all"), account, "", "x", NOW, NOW)
    assert request.is_of("B. Kim", "b.kim@example.org")
    assert not request.is_of("A. Roe", "a.roe@example.org")


@pytest.mark.slow
def test_a_request_that_is_refused_does_nothing_and_is_logged(office: Office) -> None:
    status, words = office.answers(Role.REVIEWER, office.waive(), "refuse")
    assert (status, "Nothing was done" in words) == (303, True)
    assert "None is on file" in office.person(Role.HR).page(PAGE)
    assert [(e["kind"], e["by"]) for e in office.log()[-2:]] == [
        ("second person", "The hr"),
        ("second person", "The reviewer"),
    ]


@pytest.mark.slow
def test_a_request_expires(office: Office) -> None:
    request = office.waive()
    with time_machine.travel(NOW + timedelta(days=7, minutes=1)):
        assert office.answers(Role.REVIEWER, request, "approve")[0] == 404
        assert "Nothing waits" in text(office.person(Role.REVIEWER).get("/requests"))


@pytest.mark.slow
def test_the_same_is_not_asked_for_twice(office: Office) -> None:
    office.waive()
    again = office.person(Role.REVIEWER).post(f"{PAGE}/documents", **WAIVER, file=(io.BytesIO(LETTER), "letter.eml"))
    assert (again.status_code, "has asked for this already" in text(again)) == (422, True)


@pytest.mark.slow
def test_what_cannot_be_done_is_refused_before_anybody_is_asked(office: Office) -> None:
    tomorrow = office.person(Role.HR).post(
        f"{PAGE}/documents", **{**WAIVER, "day": "2026-12-24"}, file=(io.BytesIO(LETTER), "letter.eml")
    )
    assert tomorrow.status_code == 422
    assert "Nothing waits" in text(office.person(Role.REVIEWER).get("/requests"))


@pytest.mark.slow
def test_a_file_that_was_changed_meanwhile_is_not_filed(office: Office) -> None:
    request = office.waive()
    (kept,) = (office.small.folder / "state" / "requests").rglob("letter.eml")
    kept.write_bytes(LETTER + b" and everything else")
    status, words = office.answers(Role.REVIEWER, request, "approve")
    assert (status, "no longer as it was handed in" in words) == (422, True)
    assert office.answers(Role.REVIEWER, request, "refuse")[0] == 303


@pytest.mark.slow
def test_what_is_verified_and_a_plan_need_nobody_else(office: Office) -> None:
    hr = office.person(Role.HR)
    words = hr.does(f"{PAGE}/documents", **{**WAIVER, "kind": "verified"}, file=(io.BytesIO(LETTER), "letter.eml"))
    assert "is on file now" in words
    assert "Issued:" in hr.does("/agreements/HERON-26/issue/plan")


@pytest.mark.slow
def test_a_confirmation_is_issued_by_two(office: Office) -> None:
    filing = ("--person", OFFICER[0], "--esd", "ESD 900", "--day", "2026-11-02", "--kind", "verified")
    letter = office.small.folder.parent / "letter.eml"
    letter.write_bytes(LETTER)
    both = ("--component", "classroom", "--component", "on-the-job", "--reason", "seen")
    assert office.small.run("documents", "add", str(letter), *filing, *both).exit_code == 0

    asked = office.small.run("agreements", "confirm", "QPD-26", "--by", "hr")
    assert asked.exit_code == 1, asked.output
    assert "https://desk.example.org/requests" in asked.stdout
    request = office.request()
    assert office.answers(Role.HR, request, "approve")[0] == 422  # `hr` at the command line is hr@…
    status, words = office.answers(Role.REVIEWER, request, "approve")

    assert (status, "Issued: TC-2026-0001" in words) == (303, True)
    assert (office.log()[-1]["by"], office.log()[-1]["second"]) == ("hr", "The reviewer")


@pytest.mark.slow
def test_a_purge_is_asked_for_by_its_command_and_only_hr_approves(office: Office) -> None:
    left = office.small.folder / "documents" / LEFT_OVER
    left.parent.mkdir(exist_ok=True)
    left.write_bytes(b"%PDF-1.7")
    purge = ("purge", "--older-than", "2020-01-01", "--go", "--reason", "item 12")
    assert office.small.run(*purge, "--by", "Op").exit_code == 1
    assert left.exists()
    request = office.request()
    assert office.answers(Role.REVIEWER, request, "approve")[0] == 404
    status, words = office.answers(Role.HR, request, "approve")
    assert (status, "Purged" in words) == (303, True)
    assert not left.exists()
    assert (office.log()[-1]["by"], office.log()[-1]["second"]) == ("Op", "The hr")


@pytest.mark.parametrize("acts", ['["shred"]', '["confirm"]'])
def test_a_second_person_has_to_be_able_to_sign_in(tmp_path: Path, acts: str) -> None:
    with district(tmp_path / "ws", nights=0) as small:
        path = small.folder / "lms_sync.toml"
        path.write_text(
            path.read_text(encoding="utf-8") + f"\n[web.second_person]\nacts = {acts}\n", encoding="utf-8"
        )
        with pytest.raises(ConfigError), open_district(read_config(small.folder)):
            pass


LIST = "Person ID,Component,Kind,ESD,Date\n00201,classroom,verified,ESD 900,2026-11-02\n"
WAIVED = "00101,classroom,waived,ESD 900,2026-11-02\n"


@pytest.mark.slow
def test_a_waiver_in_a_sheet_is_not_accepted_by_one_person(office: Office) -> None:
    with office.opened.reading() as workspace:
        waiting = [found.finding for found in workspace.store.findings.open()]
    (claim,) = [finding.id for finding in waiting if finding.area is Area.CLAIM]
    alone = office.small.run("worklist", "accept", claim, "--reason", "the sheet says so")
    assert (alone.exit_code, "second, signed-in person" in alone.stderr) == (2, True)
    assert office.small.run("worklist", "refuse", claim, "--reason", "no document").exit_code == 0


@pytest.mark.slow
def test_a_list_with_a_waiver_in_it_is_filed_whole_or_not_at_all(office: Office) -> None:
    path = office.small.folder.parent / "list.csv"
    path.write_text(LIST + WAIVED, encoding="utf-8")
    added = office.small.run("documents", "add", str(path), "--by", "Kim")
    assert (added.exit_code, "for a second person" in added.stdout) == (1, True)
    assert office.small.json("documents", "list", "--format", "json") == []
    assert office.answers(Role.HR, office.request(), "approve")[0] == 303
    assert len(office.small.json("documents", "list", "--format", "json")) == 2
    assert {(e["by"], e["second"]) for e in office.log()[-2:]} == {("Kim", "The hr")}
