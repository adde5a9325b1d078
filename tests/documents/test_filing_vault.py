"""The vault: what is taken, what is refused before it is read, and that a file is there before anything names it."""

import errno
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_sync.documents.vault import MEGABYTE, Vault, plain_name
from lms_sync.errors import UsageError
from tests.documents.filing_files import pdf

LETTER = pdf("ESD 113: Ada Marsh")


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "documents", MEGABYTE)


def put(path: Path, content: bytes = LETTER) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_a_file_is_kept_once_under_its_hash_with_the_ending_of_its_content(vault: Vault, tmp_path: Path) -> None:
    file, content = vault.take(put(tmp_path / "letter.exe"))
    again, _ = vault.take(put(tmp_path / "copy.pdf"))
    place = vault.keep(file, content)
    vault.keep(again, content)

    assert [path.name for path in vault.folder.iterdir()] == [f"{file.sha256}.pdf"]
    assert (place.read_bytes(), place.stat().st_mode & 0o777, vault.folder.stat().st_mode & 0o777) == (
        LETTER,
        0o600,
        0o700,
    )
    assert (file.name, file.size, vault.problem(file)) == ("letter.exe", len(LETTER), "")


def test_a_file_of_two_gigabytes_is_refused_by_its_size_alone(vault: Vault, tmp_path: Path) -> None:
    huge = put(tmp_path / "huge.pdf")
    os.truncate(huge, 2 * 2**30)

    with pytest.raises(UsageError, match=r"2,147\.5 MB, and 1 MB are the most"):
        vault.take(huge)


def test_a_file_that_says_it_is_smaller_than_it_is_is_refused(
    vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(tmp_path / "grows.pdf", LETTER + b"\0" * 2 * MEGABYTE)
    real = os.fstat
    monkeypatch.setattr(os, "fstat", lambda fd: os.stat_result((*real(fd)[:6], 10, *real(fd)[7:10])))

    with pytest.raises(UsageError, match="grows while it is read"):
        vault.take(path)


@pytest.mark.parametrize("kind", ["folder", "pipe", "link to a device", "missing", "dangling link"])
def test_what_is_no_file_is_refused_without_waiting_for_it(vault: Vault, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "letter.pdf"
    match kind:
        case "folder":
            path.mkdir()
        case "pipe":
            os.mkfifo(path)
        case "link to a device":
            path.symlink_to("/dev/zero")
        case "dangling link":
            path.symlink_to(tmp_path / "nowhere")

    with pytest.raises(UsageError, match=r"letter\.pdf: (a folder or a device, not a file|there is no such file)"):
        vault.take(path)


def test_a_link_is_followed_and_never_kept_as_a_link(vault: Vault, tmp_path: Path) -> None:
    (tmp_path / "link.pdf").symlink_to(put(tmp_path / "elsewhere" / "letter.pdf"))
    file, content = vault.take(tmp_path / "link.pdf")
    place = vault.keep(file, content)

    assert (place.is_symlink(), place.read_bytes(), file.name) == (False, LETTER, "link.pdf")


def test_a_link_in_the_vault_is_replaced_and_what_it_led_to_stays(vault: Vault, tmp_path: Path) -> None:
    file, content = vault.take(put(tmp_path / "letter.pdf"))
    vault.folder.mkdir()
    vault.place(file).symlink_to(put(tmp_path / "secret", b"secret"))
    vault.keep(file, content)

    assert (vault.place(file).is_symlink(), (tmp_path / "secret").read_bytes()) == (False, b"secret")


def test_a_full_disk_leaves_no_part_of_a_file(vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, content = vault.take(put(tmp_path / "letter.pdf"))

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        vault.keep(file, content)
    assert list(vault.folder.iterdir()) == []


def test_the_file_and_its_name_are_made_durable(
    vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, content = vault.take(put(tmp_path / "letter.pdf"))
    synced: list[bool] = []
    real = os.fsync

    def watched(descriptor: int) -> None:
        synced.append(os.path.isdir(f"/dev/fd/{descriptor}"))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", watched)
    vault.keep(file, content)

    assert synced == [False, True], "the file first, then the folder that names it"


def test_what_happened_to_a_kept_file_is_told(vault: Vault, tmp_path: Path) -> None:
    file, content = vault.take(put(tmp_path / "letter.pdf"))
    place = vault.keep(file, content)
    place.write_bytes(content + b"x")
    changed = vault.problem(file)
    vault.keep(file, content)
    mended = vault.problem(file)
    place.unlink()

    assert (changed, mended, vault.problem(file)) == ("was changed since it was filed", "", "is no longer there")


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        (r"C:\x\y.pdf", "y.pdf"),
        (r"..\..\y.pdf", "y.pdf"),
        ("a\nb\x1b[31m.pdf", "a_b_[31m.pdf"),
        ("\u202egnp.exe", "_gnp.exe"),
        ("..", "unnamed"),
        ("", "unnamed"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_a_name_is_kept_without_folders_and_control_characters(name: str, kept: str) -> None:
    assert plain_name(name) == kept


@given(st.text(max_size=300))
def test_no_kept_name_leads_anywhere(name: str) -> None:
    kept = plain_name(name)

    assert not set(kept) & set("/\\\0\n\r\x1b")
    assert kept.isprintable()
    assert kept not in {"", ".", ".."}
    assert len(kept) <= 120
    assert plain_name(kept) == kept
