"""A workbook that another program keeps to itself: said with who has it, and no guess at what it holds."""

import errno
from pathlib import Path

import pytest

from lms_sync.workspace.mapping import check as mapping
from lms_sync.workspace.roster import check as roster


@pytest.mark.parametrize("number", [errno.EACCES, errno.EBUSY, errno.EPERM, errno.EIO])
@pytest.mark.parametrize(("owner", "words"), [(b"\x07J.Marsh", "J.Marsh"), (None, "close it where it is open")])
def test_it_is_a_finding_with_who_has_it_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, owner: bytes | None, words: str
) -> None:
    def locked(*_: object, **__: object) -> None:
        raise OSError(number, "in use")

    for module, name in ((roster, "roster.xlsx"), (mapping, "courses.xlsx")):
        (tmp_path / name).write_bytes(b"open")
        if owner:
            (tmp_path / f"~${name}").write_bytes(owner)
        monkeypatch.setattr(module, "read_sheets", locked)
    unread = roster.check_roster(tmp_path / "roster.xlsx")
    unmapped = mapping.check_mapping(tmp_path / "courses.xlsx", sources=("esd",))
    assert (unread.roster, unmapped.course_map) == (None, None)
    for finding in (*unread.findings, *unmapped.findings):
        assert (finding.blocks, "in use" in finding.found, words in finding.remedy) == (True, True, True)
