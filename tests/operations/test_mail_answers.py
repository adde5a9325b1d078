"""What comes into the mailbox, from the message as it lies there to what it makes of deliveries and claims."""

from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from lms_sync.operations.intake import take_in
from lms_sync.operations.night import run_night
from lms_sync.operations.pull.sources import pull_sources
from lms_sync.store.workspace import Workspace
from tests.mail.smtp_servers import certificates
from tests.operations.night_files import CHIEF
from tests.operations.night_town import Town
from tests.sources.imap_server import PASSWORD, USER, Folder, serving
from tests.sources.test_automatic import MTA, about, report

pytestmark = pytest.mark.slow  # a district is opened for each


@pytest.fixture
def workspace(settled: Town) -> Iterator[Workspace]:
    settled.later(days=1)
    with settled.workspace() as opened:
        yield opened


def pull(workspace: Workspace) -> None:
    intake = take_in(workspace, now=workspace.clock())
    (pulled,) = pull_sources(workspace, intake, accept_drop={}, only=["corrections"])
    assert pulled.error is None


def waiting(workspace: Workspace, code: str) -> list[str]:
    return [str(found.finding) for found in workspace.store.findings.open() if found.finding.code == code]


def test_a_report_of_non_delivery_in_the_folder_marks_the_delivery_once(settled: Town, workspace: Workspace) -> None:
    sent = next(d for d in workspace.store.deliveries.listed() if d.partner_id == "quarry")
    failed = about(CHIEF, "failed", "Diagnostic-Code: smtp; 550 no such user")
    raw = report(MTA, failed).replace(b"<r1@district.example.org>", sent.message_id.encode())
    settled.write("inbox/corrections/back.eml", raw)
    pull(workspace)
    pull(workspace)
    assert workspace.store.deliveries.get(sent.delivery_id).recipients[0].state == "bounced"
    assert waiting(workspace, "answer-unmatched") == []


def test_a_message_that_came_back_from_where_a_mailbox_forwards_is_told(settled: Town, workspace: Workspace) -> None:
    """The report names the other address alone; nobody heard of it."""
    sent = next(d for d in workspace.store.deliveries.listed() if d.partner_id == "quarry")
    failed = about("chief.private@elsewhere.example.com", "failed", "Diagnostic-Code: smtp; 550 no such user")
    raw = report(MTA, failed).replace(b"<r1@district.example.org>", sent.message_id.encode())
    settled.write("inbox/corrections/back.eml", raw)
    pull(workspace)
    (words,) = waiting(workspace, "answer-forwarded")
    assert f"{sent.delivery_id} to {CHIEF}" in words
    assert "chief.private@elsewhere.example.com, to which it was not sent: 550 no such user" in words
    assert workspace.store.deliveries.get(sent.delivery_id) == sent, "it may be forged"


def test_a_report_about_a_contact_that_names_no_message_of_ours_is_told(settled: Town, workspace: Workspace) -> None:
    settled.write("inbox/corrections/back.eml", report(MTA, about(CHIEF, "failed")))
    pull(workspace)
    (told,) = waiting(workspace, "answer-unmatched")
    assert CHIEF in told


def test_what_was_wrong_with_a_message_is_told_by_a_night_though_no_later_pull_finds_it_again(
    settled: Town, tmp_path: Path
) -> None:
    """A mailbox gives each message once: what a pull found was gone with the next one, before HR heard of it."""
    stranger = EmailMessage()
    stranger["From"] = "stranger@elsewhere.example.com"
    book = (settled.folder / "roster.xlsx").read_bytes()
    stranger.add_attachment(book, maintype="application", subtype="octet-stream", filename="filled.xlsx")
    codes, messages = (
        ["answer-unmatched", "correction-sender"],
        [report(MTA, about(CHIEF, "failed")), bytes(stranger)],
    )
    tls, ca_file = certificates(tmp_path)
    settled.write("secret", PASSWORD)
    with serving(Folder(dict(enumerate(messages, start=1))), tls) as box:
        with (settled.folder / "lms_sync.toml").open("a") as file:
            mailbox = f"""host = "localhost"\nport = {box.port}\nuser = "{USER}"\npassword_file = "secret"\n"""
            file.write(f"[corrections.mailbox]\n{mailbox}ca_file = '{ca_file}'\n[limits]\nmailbox_mails = 1\n")
        settled.later(days=1)
        with settled.workspace() as workspace:
            pull(workspace)
            assert len(waiting(workspace, "mail-left")) == 1
            for _ in range(2):
                pull(workspace)
                assert [len(waiting(workspace, code)) for code in (*codes, "mail-left")] == [1, 1, 0]
            night = run_night(workspace, accept_drop={})
            assert {finding.code for finding in night.new} >= {*codes}
            pull(workspace)
            assert [len(waiting(workspace, code)) for code in codes] == [0, 0]
