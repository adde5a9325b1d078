"""people show: one person's record, as text, JSON and PDF, and the words that are wrong."""

import json
import re

import pytest

from tests.cli.small_district import COURSES, GUARD, OFFICER, ROWS, UNREADABLE, District


def said(text: str) -> str:
    return " ".join(text.split())


def test_the_record_says_what_counts_from_where_and_what_does_not(morning: District) -> None:
    shown = morning.run("people", "show", OFFICER[0])
    text = said(shown.stdout)

    assert shown.exit_code == 0
    assert text.startswith("TRAINING RECORD OF MARSH, ADA Pinehill School District")
    assert re.search(r"15 Sep 2026: Topic course 1 toward: 1 .+? from: a file, row \d+; source a file, record", text)
    assert "decided by A. Roe, HR on 20 Aug 2026" in text
    assert "due 2 Mar 2027" in text
    assert "Write or call: Human Resources, hr@pinehill.example.org" in text


def test_it_names_nobody_else(morning: District) -> None:
    for who, other in ((OFFICER, GUARD), (GUARD, OFFICER)):
        for form in ("text", "json"):
            text = morning.run("people", "show", who[0], "--format", form).stdout
            assert who[1].casefold() in text.casefold()
            assert not any(word.casefold() in text.casefold() for word in (*other[:2], other[3]))


def test_a_waiting_claim_and_an_unmapped_course_say_why_they_do_not_count(morning: District) -> None:
    uncounted = morning.json("people", "show", GUARD[0], "--format", "json")["uncounted"]

    whys = {one["title"]: one["why"] for one in uncounted}
    assert "only an ESD can waive training; the district has not decided yet" in whys["Topic course 1"]
    assert whys["First Aid"] == "the course map has no row for the course"


def test_a_row_that_could_not_be_read_is_told_to_whom_it_names_until_it_is_corrected(morning: District) -> None:
    row = "a file, row 13. This row may be this person's."
    assert row in said(morning.run("people", "show", GUARD[0]).stdout)
    assert "This row may be" not in said(morning.run("people", "show", OFFICER[0]).stdout)
    whole = morning.run("people", "show", GUARD[0], "--in-full", "--format", "json").stdout
    (unread,) = json.loads(whole)["unread"]
    assert unread["place"].startswith('export.csv, A13: "02/30/2026"')
    corrected = (*GUARD, COURSES[1], "02/28/2026", "Completed")
    morning.export(*(line if line != UNREADABLE else corrected for line in ROWS))
    morning.run("pull")
    assert "This row may be" not in said(morning.run("people", "show", GUARD[0]).stdout)


def test_a_refusal_is_told_from_the_moment_it_is_made_and_not_before(morning: District) -> None:
    (claim,) = morning.ids("worklist", "Waived") or morning.ids("worklist", "Topic course 1")
    morning.run("worklist", "refuse", claim, "--reason", "no record at the ESD", "--by", "B. Coe")

    now = said(morning.run("people", "show", GUARD[0]).stdout)
    before = said(morning.run("people", "show", GUARD[0], "--known-at", "2026-11-23T07:00").stdout)
    assert "refused by B. Coe on 23 Nov 2026" in now
    assert "no record at the ESD" not in now, "HR's reasons stay with HR"
    assert "B. Coe" not in before


def test_a_file_that_ends_in_pdf_is_a_tagged_pdf(morning: District) -> None:
    file = morning.folder / "record.pdf"
    written = morning.run("people", "show", OFFICER[0], "-o", str(file))
    content = file.read_bytes()

    assert (written.exit_code, written.stdout) == (0, f"Wrote {file}\n")
    assert content.startswith(b"%PDF-")
    assert b"/MarkInfo" in content
    assert b"<pdfuaid:part>1</pdfuaid:part>" in content


def test_any_other_file_holds_what_the_screen_would(morning: District) -> None:
    for form, name in (("text", "record.txt"), ("json", "record.json")):
        file = morning.folder / name
        morning.run("people", "show", OFFICER[0], "--format", form, "-o", str(file))
        text = file.read_text(encoding="utf-8")
        assert OFFICER[0] in text
        assert (form == "json") == text.startswith("{")
    assert json.loads(text)["person"]["id"] == OFFICER[0]


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("101",), 'Did you mean "00101"?'),
        (("nobody",), "nobody on the roster has the Person ID nobody"),
        (("00101", "--as-of", "soon"), "--as-of soon: not a day"),
        (("00101", "--as-of", "2019-01-01"), "no training series was in force"),
        (("00101", "--format", "json", "-o", "record.pdf"), "--format json is no PDF"),
        (("00101", "-o", "no-such-folder/record.txt"), "no-such-folder/record.txt"),
    ],
)
def test_wrong_words_are_answered_with_a_remedy(morning: District, args: tuple[str, ...], message: str) -> None:
    wrong = morning.run("people", "show", *args)

    assert wrong.exit_code == 2
    assert message in wrong.stderr
    assert "→" in wrong.stderr
