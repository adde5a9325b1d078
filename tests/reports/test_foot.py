"""Every mail ends with why one receives it and whom to tell to stop it, also by a workspace's own templates."""

from dataclasses import replace
from pathlib import Path

import pytest

from lms_sync.agreements.clause_c.email import document_email, withdrawal_email
from lms_sync.compliance.gate import made_up
from lms_sync.operations.sample import sample_plan, sample_report
from lms_sync.operations.sample_clause_c import SAMPLE_SETTINGS, sample_issued
from lms_sync.operations.sample_night import sample_night
from lms_sync.operations.sample_record import sample_building, sample_notice
from lms_sync.reports.foot import with_foot
from lms_sync.reports.night.email import night_email
from lms_sync.reports.notice import notice_email
from lms_sync.reports.partner.email import partner_email
from lms_sync.reports.principal.email import building_email
from lms_sync.reports.templates import EmailParts, Templates, template_environment
from tests.reports.golden_documents import VOICE


def mails(templates: Templates) -> dict[str, EmailParts]:
    return {
        "partner": partner_email(sample_report(), sample_plan(), templates),
        "building": building_email(sample_building(), templates),
        "notice": notice_email(sample_notice(), templates),
        "agreement": document_email(sample_issued(), sample_report().partner, SAMPLE_SETTINGS, templates),
        "withdrawal": withdrawal_email(sample_issued(), SAMPLE_SETTINGS, templates),
        "night": night_email(sample_night(), templates),
    }


def test_every_mail_says_why_it_comes_and_whom_to_tell() -> None:
    for stem, email in mails(VOICE).items():
        for part in (email.text, email.html):
            said = " ".join(part.split())
            assert said.count("You receive this") == 1, stem
            assert "If it should stop" in said, stem
        last = email.text.rstrip().rpartition("\n\n")[2]
        assert last.startswith("You receive this"), stem
        asked = "lms_sync.toml" if stem == "night" else "Human Resources"
        assert asked in last.replace("\n", " "), stem


@pytest.mark.parametrize("page", ["<p>Mine.</p>", "<html><body><p>Mine.</p></body></html>"])
def test_a_workspaces_own_template_need_not_know_of_it(tmp_path: Path, page: str) -> None:
    (tmp_path / "notice.html.j2").write_text(page, encoding="utf-8")
    (tmp_path / "notice.txt.j2").write_text("Mine.", encoding="utf-8")
    email = notice_email(sample_notice(), replace(VOICE, environment=template_environment(tmp_path)))
    assert email.text.startswith("Mine.\n\nYou receive this")
    assert "Mine." in email.html
    assert "You receive this" in email.html


def test_what_the_settings_say_is_text_and_never_markup() -> None:
    assert (
        with_foot("<body></body>", made_up("<b>HR & Co</b>"))
        == "<body><p>&lt;b&gt;HR &amp; Co&lt;/b&gt;</p>\n</body>"
    )
