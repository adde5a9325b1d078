"""Issue 13, lines 9 and 14: workbooks that people edit or send back, cut, odd and slow; and budgets of CPU time."""

import zipfile
from datetime import date
from functools import partial
from io import BytesIO
from pathlib import Path

import pytest

from lms_sync.errors import SourceError, UsageError
from lms_sync.model.evidence import Refused
from lms_sync.model.pseudonyms import Pseudonyms
from lms_sync.model.roster import Roster
from lms_sync.sources.corrections import source as returned_source
from lms_sync.sources.corrections.claims import FormContext, Returned, recognise
from lms_sync.sources.corrections.mailbox import MailMessage, NewMail
from lms_sync.sources.corrections.sender import TrustedServer
from lms_sync.sources.corrections.source import Corrections
from lms_sync.sources.pull import Pull, pull_within, within_the_night
from lms_sync.tables import guard
from lms_sync.tables.annotate import annotate
from lms_sync.tables.budget import Budget, spending
from lms_sync.tables.cells import Unreadable
from lms_sync.workspace.mapping import check as mapping_check
from lms_sync.workspace.mapping.check import check_mapping
from lms_sync.workspace.roster import check as roster_check
from lms_sync.workspace.roster.check import check_roster
from lms_sync.workspace.settings.limits import LimitSettings
from lms_sync.workspace.start.workbooks import roster_workbook


def far_cell() -> bytes:
    """Return a workbook one of whose cells says that it stands in row 99999999999."""
    odd = BytesIO()
    with zipfile.ZipFile(BytesIO(roster_workbook())) as whole, zipfile.ZipFile(odd, "w") as changed:
        for name in whole.namelist():
            content = whole.read(name)
            if name.endswith("sheet1.xml"):
                content = content.replace(b'r="A1"', b'r="A99999999999"', 1)
            changed.writestr(name, content)
    return odd.getvalue()


WHOLE = roster_workbook()
CUT = [WHOLE[: len(WHOLE) * part // 22] for part in range(22)]


@pytest.mark.parametrize("content", [*CUT, far_cell(), b"\x00" * 900], ids=[*map(str, range(22)), "far", "zeros"])
def test_13_14_a_cut_or_odd_roster_or_map_is_a_finding_and_the_last_good_one_stays(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(content)
    checked, mapped = check_roster(path), check_mapping(path, sources=())
    assert (checked.roster, mapped.course_map) == (None, None)
    assert all(any(finding.blocks for finding in found) for found in (checked.findings, mapped.findings))


def test_13_14_what_nobody_foresaw_in_a_roster_or_map_ends_no_night(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise OverflowError("Roe, Ann")

    path = tmp_path / "book.xlsx"
    path.write_bytes(WHOLE)
    monkeypatch.setattr(roster_check, "check_roster_sheets", fail)
    monkeypatch.setattr(mapping_check, "check_mapping_sheets", fail)
    for found in (check_roster(path).findings, check_mapping(path, sources=()).findings):
        assert [(finding.code, "OverflowError" in finding.found) for finding in found] == [("file-unreadable", True)]
        assert "Roe" not in str(found)


def test_13_14_a_folder_in_the_place_of_the_roster_is_a_finding(tmp_path: Path) -> None:
    assert [finding.blocks for finding in check_roster(tmp_path).findings] == [True]


@pytest.mark.parametrize("content", [CUT[5], CUT[20], far_cell(), b""], ids=["5", "20", "far", "empty"])
def test_13_14_filled_in_workbooks_and_annotate_are_read_behind_the_guard(tmp_path: Path, content: bytes) -> None:
    context = FormContext(Pseudonyms(b"k"), Roster({}, {}, {}, ()), date(2026, 11, 1))
    (item,) = recognise(Returned("a.xlsx", content, ""), context).items
    assert isinstance(item.reading, Refused)
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    with pytest.raises(UsageError):
        annotate(path, tmp_path / "b.xlsx", [])
    assert not (tmp_path / "b.xlsx").exists()


class Clock:
    """CPU time that goes on by itself."""

    def __init__(self, step: float) -> None:
        self.now, self.step = 0.0, step

    def __call__(self) -> float:
        self.now += self.step
        return self.now


def test_13_9_a_budget_ends_with_the_one_that_it_is_a_part_of() -> None:
    clock = Clock(0.0)
    night = Budget("the night", 100.0, clock=clock)
    clock.now = 90.0
    source = Budget("the source acme", 30.0, within=night, clock=clock)
    assert (source.left, str(source.narrowest)) == (10.0, "the 100 CPU seconds of the night")
    clock.now = 95.0
    assert Budget("one message", 2.0, within=source, clock=clock).left == 2.0
    assert str(Budget("the source acme", 1800.0)) == "the 30 CPU minutes of the source acme"


def test_13_9_what_no_longer_fits_is_not_read_and_said() -> None:
    with spending(Budget("the source acme", 0.0)), pytest.raises(Unreadable, match="not read tonight") as refusal:
        guard.read_guarded(WHOLE)
    assert "the source acme" in refusal.value.found
    with spending(Budget("the source acme", 0.0)), pytest.raises(Unreadable):
        guard.read_guarded(b"a,b\r\n1,2\r\n")
    assert guard.read_guarded(WHOLE).sheets


def test_13_9_a_source_is_not_begun_when_the_nights_time_is_used_up() -> None:
    with within_the_night(0), pytest.raises(SourceError, match="the night") as failed:
        pull_within(lambda: Pull("acme", "increment", ()), source="acme", seconds=60)
    assert "next night" in failed.value.hint


class Box:
    """A mailbox with three messages, of which a night takes two."""

    def since(self, cursor: str) -> NewMail:
        mail = b"From: x@y.example\r\n\r\nHello.\r\n"
        return NewMail("7", 3, (MailMessage(4, mail), MailMessage(5, mail)), left=1)


def test_13_9_mail_that_does_not_fit_is_said_and_comes_next_night(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = FormContext(Pseudonyms(b"k"), Roster({}, {}, {}, ()), date(2026, 11, 1))
    box = Corrections(tmp_path, Box(), TrustedServer(), context, LimitSettings())  # type: ignore[arg-type]
    pull = box.pull(frozenset(), "7:3")
    (finding,) = [finding for file in pull.files for finding in file.findings]
    assert (pull.cursor, finding.code, finding.found[:9]) == ("7:5", "mail-left", "1 message")
    clock = Clock(200.0)
    monkeypatch.setattr(returned_source, "Budget", partial(Budget, clock=clock))
    pull = box.pull(frozenset(), "7:3")
    (finding,) = [finding for file in pull.files for finding in file.findings if finding.code == "mail-left"]
    assert pull.cursor in ("7:3", "7:4")
    assert "the 10 CPU minutes of the mailbox" in finding.found


def test_13_9_the_limits_are_settings() -> None:
    limits = LimitSettings()
    assert (limits.mail_mb, limits.mail_seconds, limits.mailbox_mails) == (20, 60, 200)
    assert (limits.mailbox_minutes, limits.source_minutes, limits.night_minutes) == (10, 30, 120)
