"""What a command ends with is said: an exit code never comes without a sentence."""

from pathlib import Path

import pytest

from tests.cli.small_district import OFFICER, district, roster_book

SMTP = """
carrier = "smtp"
[mail.smtp]
host = "127.0.0.1"
port = 9
security = "plain"
user = "x"
password_env = "LMS_SYNC_NO_SUCH_PASSWORD"
"""
SENDER = 'sender = "hr@pinehill.example.org"\n'


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("people", "match", "-o", ""), "it names nothing"),
        (("mappings", "suggest", "-o", " "), "it names nothing"),
        (("db", "backup", "-o", ""), "it names nothing"),
        (("outbox", "show", "caf\udce9"), "caf\\udce9: this is not written in UTF-8"),
        (("mappings", "check", "caf\udce9.xlsx"), "caf\\udce9.xlsx: this is not written in UTF-8"),
    ],
)
def test_what_cannot_be_meant_is_said_and_is_no_fault_of_the_program(
    tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    with district(tmp_path / "ws", nights=0) as one:
        refused = one.run(*words)
    assert (refused.exit_code, told in refused.stderr) == (2, True)


def test_a_missing_secret_is_said_by_check_and_night_and_hr_finds_the_summary(tmp_path: Path) -> None:
    with district(tmp_path / "ws", nights=0) as one:
        one.settings(SENDER, SENDER + SMTP)
        check = one.run("check")
        assert (check.exit_code, "LMS_SYNC_NO_SUCH_PASSWORD is not set" in check.stdout) == (2, True)

        night = one.run("nightly")
        assert night.exit_code == 2
        assert "LMS_SYNC_NO_SUCH_PASSWORD is not set" in night.stderr
        assert "the night's summary could not be sent; it is in" in night.stderr
        (kept,) = (one.folder / "state/unsent").iterdir()
        assert "WHAT TO DO FIRST" in kept.read_text(encoding="utf-8")
        assert kept.stat().st_mode & 0o077 == 0 or kept.parent.stat().st_mode & 0o077 == 0

        one.settings(SMTP, "")
        again = one.run("nightly", "-n")
        steps = again.stdout.partition("WHAT TO DO FIRST")[2].split()
        assert "could not be sent. It is in state/unsent/" in " ".join(steps[:20])


@pytest.mark.parametrize(
    ("section", "found"),
    [
        ('kind = "moodle"\nurl = "https://lms.example.org"\ntoken_env = "NO_SUCH_TOKEN"', "NO_SUCH_TOKEN is not set"),
        ('kind = "moodle"\nurl = "https://lms.example.org"\n', "no secret is named"),
        (
            'kind = "xapi"\nurl = "https://lrs.example.org"\nuser = "x"\npassword_file = "state/none"',
            "there is no file state/none",
        ),
        (
            'kind = "canvas"\nurl = "https://lms.example.org"\ncourses = ["1"]\ntoken_file = "state/blank"',
            "blank is blank",
        ),
        (
            'kind = "spreadsheet"\nexport = "cumulative"\n'
            'files = [{ path = "sftp://h/x", layout = "vector-completions", options_env = { password = "NO_PW" } }]',
            "NO_PW is not set",
        ),
    ],
)
def test_check_resolves_every_secret(tmp_path: Path, section: str, found: str) -> None:
    with district(tmp_path / "ws", nights=0) as one:
        (one.folder / "state").mkdir(exist_ok=True)
        (one.folder / "state/blank").write_text("\n", encoding="utf-8")
        one.settings("[mail]", f'[[source]]\nname = "esd"\n{section}\n\n[mail]')
        check = one.run("check")
        assert (check.exit_code, found in check.stdout) == (2, True)


def test_gaps_of_nobody_say_so(tmp_path: Path) -> None:
    with district(tmp_path / "ws", nights=0) as one:
        (one.folder / "roster.xlsx").write_bytes(b"no workbook")
        one.run("nightly")
        gaps = one.run("gaps")
        assert (gaps.exit_code, "nobody has been judged: no usable roster" in gaps.stderr) == (2, True)
        (one.folder / "roster.xlsx").write_bytes(roster_book())


def test_gaps_carry_the_banner(tmp_path: Path) -> None:
    with district(tmp_path / "ws", nights=0) as one:
        (one.folder / "inbox/export.csv").unlink()
        one.run("nightly")
        assert "! Source vendor has never been read in full." in one.run("gaps").stdout
        assert one.json("gaps", "--format", "json")["banner"] == ["Source vendor has never been read in full."]
        released = one.run("outbox", "release", "--without", "vendor", "--reason", "it opens in January")
        assert (released.exit_code, "until it has been read in full" in released.stdout) == (0, True)
        assert "unread" in one.run("log", "show", "--kind", "unread").stdout


def test_a_source_without_a_row_about_anybody_keeps_reports_waiting(tmp_path: Path) -> None:
    with district(tmp_path / "ws", nights=0) as one:
        one.export(("Totals", "", "", "", "", "", ""))
        one.run("nightly")
        assert "! Source vendor says nothing of anybody yet." in one.run("gaps").stdout
        lines = one.json("worklist", "--format", "json")
        assert [(line["code"], line["found"]) for line in lines if line["area"] == "source"] == [
            ("source-empty", "no row of it speaks of anybody (export.csv)")
        ]
        why = "source vendor says nothing of anybody yet, and may have records of its people"
        assert one.run("outbox", "list", "--format", "json").stdout.count(why) == 2
        one.export((*OFFICER, "Topic course 1", "09/15/2026", "In Progress"))
        one.run("pull")
        assert "!" not in one.run("gaps").stdout
        assert "source-empty" not in one.run("worklist", "--format", "json").stdout
        one.export()
        assert "speaks of anybody" not in one.run("pull").stdout


def test_a_head_that_no_log_ever_had_is_called_so(tmp_path: Path) -> None:
    with district(tmp_path / "ws", nights=1) as one:
        verified = one.run("log", "verify", "--head", "1:0123456789abcdef")
        assert (verified.exit_code, "is not a head of this log" in verified.stdout) == (1, True)
        verified = one.run("log", "verify", "--head", "900:0123456789abcdef")
        assert (verified.exit_code, "is not a head of this log" in verified.stdout) == (1, True)


def test_refused_rows_are_accepted_with_a_reason_only(tmp_path: Path) -> None:
    with district(tmp_path / "ws", nights=0) as one:
        one.export(*(("", "", "", "", "Calm", "10/05/2026", "Completed") for _ in range(3)))
        pulled = one.run("pull")
        assert (pulled.exit_code, "3 rows: " in pulled.stdout) == (3, True)
        assert one.run("pull", "--accept-refused", "vendor").exit_code == 2
        assert "a file. 3 rows of it can't be read" in one.run("people", "show", OFFICER[0]).stdout
        accepted = one.run("pull", "--accept-refused", "vendor", "--reason", "a cover page")
        assert "Accepted: 3 of 3 rows of export.csv are not read." in accepted.stdout
        assert accepted.exit_code in (0, 1)
