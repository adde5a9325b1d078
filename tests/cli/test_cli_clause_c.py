"""agreements confirm, plan, send, verify, withdraw: as a reviewer types them."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from lms_sync.cli.opening import open_workspace
from lms_sync.model.agreement import FiledDocument, KeptFile
from tests.agreements.forging import overwritten
from tests.agreements.signing import SIGNER, signed
from tests.cli.small_district import District, district, run
from tests.deciding import file_document, take_back_document


@pytest.fixture
def pinehill(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[District]:
    monkeypatch.setenv("LMS_SYNC_USER", "A. Roe")
    (tmp_path / "desk").mkdir()
    monkeypatch.chdir(tmp_path / "desk")
    with district(tmp_path / "ws", nights=1) as made:
        yield made


def document(pinehill: District, *components: str) -> None:
    """File the ESD's word for the officer of the police department."""
    with open_workspace(str(pinehill.folder)) as workspace, workspace.store.transaction():
        kept = KeptFile("0" * 64, "letter.pdf", "application/pdf", 9)
        one = FiledDocument(
            *("D1", ("00101",), components, "verified", "ESD 900", date(2026, 11, 2), "88", kept, "Kim"),
            filed_on=workspace.today(),
        )
        file_document(workspace.store, one, at=workspace.clock())


def confirmed(pinehill: District) -> tuple[Path, str]:
    """Issue a confirmation; return its file and code."""
    document(pinehill, "classroom", "on-the-job")
    said = pinehill.run("agreements", "confirm", "QPD-26")
    assert said.exit_code == 0, said.output
    found = re.search(r"verification code ([0-9A-Z-]{19})", said.output)
    assert found is not None
    return Path("TC-2026-0001.pdf"), found[1]


def test_a_confirmation_is_refused_by_names_and_nothing_is_written(pinehill: District) -> None:
    document(pinehill, "classroom")
    said = pinehill.run("agreements", "confirm", "qpd-26")

    assert said.exit_code == 2
    assert "QPD-26 can't be confirmed as of 23 Nov 2026: 1 of 1 people are not documented" in said.stderr
    assert "Marsh, Ada (00101): no ESD document for the on-the-job training days (0 of 2 finished)" in said.stderr
    assert "agreements plan QPD-26" in said.stderr
    assert list(Path().iterdir()) == []


def test_it_is_written_under_its_number_and_recognised_by_its_bytes(pinehill: District) -> None:
    path, _ = confirmed(pinehill)
    said = pinehill.run("agreements", "verify", str(path))

    assert said.exit_code == 0
    assert "as it was issued, byte for byte" in said.output
    assert "Marsh, Ada" in said.output
    assert "classroom verified by ESD 900 no. 88 on 2 Nov 2026" in said.output


def test_the_rebuilding_command_that_it_shows_works(pinehill: District) -> None:
    path, _ = confirmed(pinehill)
    told = re.search(r"lms-sync (gaps .*)", pinehill.run("agreements", "verify", str(path)).output)
    assert told is not None
    again = pinehill.run(*told[1].split())

    assert again.exit_code == 0, again.output
    assert "documented" in again.output


def test_number_and_code_from_paper_are_recognised_and_the_file_can_be_had_again(pinehill: District) -> None:
    path, code = confirmed(pinehill)
    said = pinehill.run("agreements", "verify", "TC-2026-0001", code.lower(), "-o", "again.pdf")

    assert said.exit_code == 0
    assert Path("again.pdf").read_bytes() == path.read_bytes()
    wrong = pinehill.run("agreements", "verify", "TC-2026-0001", "0000-0000-0000-0000")
    assert (wrong.exit_code, "another code" in wrong.output) == (1, True)


def test_a_signed_copy_is_told_from_one_that_was_changed_behind_the_issued_bytes(pinehill: District) -> None:
    path, _ = confirmed(pinehill)
    Path("signed.pdf").write_bytes(signed(path.read_bytes()))
    Path("forged.pdf").write_bytes(signed(overwritten(path.read_bytes())))
    good, bad = (pinehill.run("agreements", "verify", name) for name in ("signed.pdf", "forged.pdf"))

    assert good.exit_code == 0
    assert f"signed by “{SIGNER}”, the signature is intact" in good.output
    assert bad.exit_code == 1
    assert "Go by the document as issued" in bad.output


@pytest.mark.parametrize("place", [9, -40])
def test_a_copy_edited_in_a_hex_editor_is_not_recognised(pinehill: District, place: int) -> None:
    path, _ = confirmed(pinehill)
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    Path("edited.pdf").write_bytes(content)
    said = pinehill.run("agreements", "verify", "edited.pdf")

    assert said.exit_code == 1
    assert "calls itself TC-2026-0001" in said.output
    assert "Nothing was written" in pinehill.run("agreements", "verify", "edited.pdf", "-o", "again.pdf").output
    assert not Path("again.pdf").exists()


def test_what_is_no_document_of_ours_is_refused_in_words(pinehill: District) -> None:
    Path("other.pdf").write_bytes(b"%PDF-1.7 somebody else's")
    Path("huge.pdf").touch()
    with Path("huge.pdf").open("r+b") as file:
        file.truncate(2_000_000_000)

    assert pinehill.run("agreements", "verify", "other.pdf").exit_code == 1
    assert "25 MB are the most" in pinehill.run("agreements", "verify", "huge.pdf").stderr
    assert "no such file" in pinehill.run("agreements", "verify", "missing.pdf").stderr
    assert "verification code" in pinehill.run("agreements", "verify", "TC-2026-0001").stderr
    assert "no such agreement" in pinehill.run("agreements", "plan", "QPD-27").stderr


def test_nothing_is_issued_or_sent_by_a_roster_that_was_changed_since_the_night(pinehill: District) -> None:
    confirmed(pinehill)
    (pinehill.folder / "roster.xlsx").unlink()

    for words in (("plan", "HERON-26"), ("send", "TC-2026-0001")):
        said = pinehill.run("agreements", *words)
        assert (said.exit_code, "roster.xlsx: changed since the last night" in said.stderr) == (2, True)


def test_a_confirmation_that_is_no_longer_true_is_shown_so_and_nothing_is_adopted_on_it(pinehill: District) -> None:
    path, _ = confirmed(pinehill)
    with open_workspace(str(pinehill.folder)) as workspace, workspace.store.transaction():
        take_back_document(workspace.store, "D1", at=workspace.clock())
    shown = pinehill.run("agreements", "show", "QPD-26").output
    adopted = pinehill.run("agreements", "adopt", "QPD-26", "--on", "2026-11-23", "--note", "item 7")
    verified = pinehill.run("agreements", "verify", str(path))

    for said in (shown, adopted.stderr, verified.output):
        assert "Marsh, Ada (00101) was not documented on 23 Nov 2026 by what is known now" in said
    assert (adopted.exit_code, verified.exit_code) == (2, 1)
    (why, *_) = pinehill.json("agreements", "show", "QPD-26", "--format", "json")["contradictions"]
    assert "no ESD document for the classroom topics" in why


def test_no_file_of_anybody_is_overwritten(pinehill: District) -> None:
    Path("agenda.pdf").write_bytes(b"%PDF-1.7 an agenda")
    said = pinehill.run("agreements", "plan", "HERON-26", "-o", "agenda.pdf")

    assert (said.exit_code, "is there already" in said.stderr) == (2, True)
    assert Path("agenda.pdf").read_bytes() == b"%PDF-1.7 an agenda"
    assert "TP-2026-0001" in said.stdout  # it is issued, and can be had again
    assert pinehill.run("agreements", "plan", "HERON-26").exit_code == 0


def test_the_calendar_tells_a_documents_day_from_the_trainings(pinehill: District) -> None:
    confirmed(pinehill)
    told = pinehill.run("calendar", "--from", "2026-09-01", "--until", "2027-12-31", "--all").output

    assert "✓ documented 2 Nov 2026" in told


def test_a_draft_takes_no_number(pinehill: District) -> None:
    said = pinehill.run("agreements", "plan", "HERON-26", "--draft")
    assert (said.exit_code, Path("draft-HERON-26.pdf").is_file()) == (0, True)
    assert "1 of 1 people are not documented" in said.output
    assert "TP-2026-0001" in pinehill.run("agreements", "plan", "HERON-26", "-o", "plan.pdf").output


def test_a_day_to_come_is_refused_and_a_past_one_is_not(pinehill: District) -> None:
    assert "a day in the future" in pinehill.run("agreements", "plan", "HERON-26", "--as-of", "2026-12-01").stderr
    assert pinehill.run("agreements", "plan", "HERON-26", "--as-of", "2026-11-20").exit_code == 0


def test_sending_is_held_until_the_address_is_released_and_a_withdrawal_reaches_who_got_it(
    pinehill: District,
) -> None:
    confirmed(pinehill)
    held = pinehill.run("agreements", "send", "TC-2026-0001")
    assert held.exit_code == 1
    assert "outbox release" in held.output
    assert pinehill.run("outbox", "release", "--all", "--reason", "checked").exit_code == 0
    twice = pinehill.run("agreements", "send", "TC-2026-0001")
    assert (twice.exit_code, "was mailed on 23 Nov 2026" in twice.stderr) == (2, True)
    assert pinehill.run("agreements", "send", "TC-2026-0001", "--again").exit_code == 0
    sent = sorted((pinehill.folder / "outbox").glob("*.eml"))
    assert "your reason, which they do not read" in pinehill.run("agreements", "withdraw", "-h").stdout
    said = pinehill.run("agreements", "withdraw", "tc-2026-0001", "--reason", "the ESD revoked it")

    assert said.exit_code == 0, said.output
    assert "chief@quarry.example.org" in said.output
    (told,) = set((pinehill.folder / "outbox").glob("*.eml")) - set(sent)
    assert b"Withdrawn: training confirmation TC-2026-0001" in told.read_bytes()
    verdict = pinehill.run("agreements", "verify", "TC-2026-0001.pdf")
    assert (verdict.exit_code, "WITHDRAWN by A. Roe: the ESD revoked it" in verdict.output) == (1, True)
    assert "TC-2026-0001" in pinehill.run("log", "show", "--kind", "withdrawal").output


def test_a_reviewer_without_a_workspace_is_told_what_to_do(tmp_path: Path) -> None:
    said = run("-w", str(tmp_path), "agreements", "verify", "TC-2026-0001", "x")

    assert (said.exit_code, "lms_sync.toml" in said.stderr) == (2, True)
