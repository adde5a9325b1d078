"""What a killed run left in the vault goes; what anything refers to, or may refer to, stays."""

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from lms_sync.documents.sweep import sweep
from lms_sync.documents.vault import MEGABYTE, Vault
from lms_sync.model.agreement import FiledDocument, KeptFile
from lms_sync.model.author import Author
from lms_sync.model.log import DecisionKind
from lms_sync.store.known.registers import DOCUMENTS
from lms_sync.store.store import Opening, Store, open_store
from tests.documents.filing_files import pdf

NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(f"sqlite:///{tmp_path}/x.db", Opening("pinehill", "check", NOW)) as opened:
        yield opened


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "documents", MEGABYTE)


def keep(vault: Vault, text: str) -> tuple[KeptFile, str]:
    handed = vault.handed(f"{text}.pdf", pdf(text))
    return handed.file, vault.keep(handed.file, handed.content).name


def record(store: Store, file: KeptFile) -> None:
    told = ("verified", "ESD 113", date(2026, 11, 1), "", file, "Kim", date(2026, 11, 1))
    with store.transaction():
        DOCUMENTS.put(store, "D1", FiledDocument("D1", ("100417",), ("classroom",), *told), now=NOW)


def test_only_what_nothing_refers_to_goes(store: Store, vault: Vault) -> None:
    filed, kept = keep(vault, "filed")
    record(store, filed)
    _, orphan = keep(vault, "orphan")
    half = vault.folder / f".{filed.sha256}.pdf.part"
    half.write_bytes(b"%PDF")
    (vault.folder / "notes of the reviewer.txt").write_text("not ours")
    assert set(sweep(store, vault)) == {orphan, half.name}
    assert {path.name for path in vault.folder.iterdir()} == {kept, "notes of the reviewer.txt"}
    assert sweep(store, vault) == ()


def test_the_file_of_a_document_that_was_withdrawn_stays(store: Store, vault: Vault) -> None:
    filed, kept = keep(vault, "filed")
    record(store, filed)
    with store.transaction():
        DOCUMENTS.end(store, "D1", now=NOW + timedelta(days=1))
    assert sweep(store, vault) == ()
    assert (vault.folder / kept).is_file()


def test_what_lay_here_when_a_backup_was_put_back_stays(store: Store, vault: Vault) -> None:
    _, earlier = keep(vault, "filed after the backup was made")
    os.utime(vault.folder / earlier, (NOW.timestamp() - 60,) * 2)
    with store.transaction():
        store.audit.add(DecisionKind.RESTORE, "database", Author("Kim", "disk", NOW), before=None, after={})
    _, orphan = keep(vault, "orphan")
    os.utime(vault.folder / orphan, (NOW.timestamp() + 60,) * 2)
    assert sweep(store, vault) == (orphan,)


def test_a_rehearsal_deletes_nothing(tmp_path: Path, vault: Vault) -> None:
    _, orphan = keep(vault, "orphan")
    opening = Opening("pinehill", "check", NOW, rehearsal=True)
    with open_store(f"sqlite:///{tmp_path}/x.db", opening) as store:
        assert sweep(store, vault) == ()
    assert (vault.folder / orphan).is_file()
