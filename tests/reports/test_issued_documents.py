"""What goes with a partner's e-mail, and what `check` says about a workspace's printed template."""

import logging
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from lms_sync.compliance.gap_report import GapReport
from lms_sync.compliance.gate import made_up
from lms_sync.mail import documents as making
from lms_sync.mail.documents import Documents, make_documents
from lms_sync.model.pseudonyms import Pseudonyms
from lms_sync.operations.check import check_workspace
from lms_sync.operations.opening import now
from lms_sync.operations.sample import sample_plan, sample_report
from lms_sync.reports.issuer import Issuer
from lms_sync.workspace.settings.config import read_config
from lms_sync.workspace.start.create import create
from tests.reports.golden_documents import VOICE


def documents(report: GapReport, monkeypatch: pytest.MonkeyPatch) -> Documents:
    monkeypatch.setattr(making, "make_plan", lambda report, issuer: sample_plan())
    return make_documents(report, cast(Issuer, SimpleNamespace(templates=VOICE, pseudonyms=Pseudonyms(b"made up"))))


def named(name: str) -> GapReport:
    report = sample_report()
    return replace(report, people=(replace(report.people[0], name=made_up(name)), *report.people[1:]))


def problems(workspace: Path) -> list[str]:
    return [f"{finding.found} {finding.remedy}" for finding in check_workspace(read_config(workspace), now=now())]


def test_the_workbook_and_the_plan_go_with_the_email(monkeypatch: pytest.MonkeyPatch) -> None:
    attached = documents(sample_report(), monkeypatch).attachments
    assert [(one.name, one.media_type.split("/")[0]) for one in attached] == [
        ("training-gaps-fpd-2026-11-23.xlsx", "application"),
        ("training-plan-fpd-2026-11-23.pdf", "application"),
        ("planned-training-fpd-2026-11-23.ics", "text"),
    ]
    assert [one.content[:4] for one in attached] == [b"PK\x03\x04", b"%PDF", b"BEGI"]


def test_a_plan_without_the_claim_is_sent_and_logged_without_a_name(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        made = documents(named("Smiley 🙂, Sam"), monkeypatch)
    assert made.attachments[1].content.startswith(b"%PDF")
    (line,) = caplog.messages
    assert line.startswith("partner fpd: the PDF does not claim PDF/UA-1")
    assert "U+1F642" in line
    assert "Sam" not in line


def test_a_plan_with_the_claim_is_not_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        documents(sample_report(), monkeypatch)
    assert caplog.messages == []


@pytest.mark.parametrize(
    ("template", "words"),
    [("= Plan\n#nobody", "unknown variable: nobody"), ("= Plan", "document title")],
)
def test_check_names_what_is_wrong_with_a_printed_template(tmp_path: Path, template: str, words: str) -> None:
    create(tmp_path)
    before = problems(tmp_path)
    (tmp_path / "reports").mkdir(exist_ok=True)
    (tmp_path / "reports" / "plan.typ").write_text(template, encoding="utf-8")
    (new,) = set(problems(tmp_path)) - set(before)
    assert new.startswith("reports/plan.typ: ")
    assert words in new
