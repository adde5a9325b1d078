"""Every file that something rests on is looked for: documents, requests, review points, adoptions, duties."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from lms_sync.documents.still_there import kept_findings
from lms_sync.documents.vault import MEGABYTE, Vault
from lms_sync.model.agreement import Adoption, DutyDone, EsdRequest, FiledDocument, KeptFile, ReviewedPoint
from lms_sync.store.known.registers import ADOPTIONS, DOCUMENTS, DUTIES, POINTS, REQUESTS
from lms_sync.store.store import Opening, Store, open_store
from tests.documents.filing_files import pdf

NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
DAY = date(2026, 11, 1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(f"sqlite:///{tmp_path}/x.db", Opening("pinehill", "check", NOW)) as one:
        yield one


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "documents", MEGABYTE)


def take(vault: Vault, tmp_path: Path, text: str) -> tuple[KeptFile, bytes]:
    path = tmp_path / f"{text}.pdf"
    path.write_bytes(pdf(text))
    return vault.take(path)


def record_all(store: Store, files: list[KeptFile]) -> None:
    with store.transaction():
        document = FiledDocument(
            "D1", ("100417",), ("classroom",), "verified", "ESD 113", DAY, "", files[0], "Kim", DAY
        )
        DOCUMENTS.put(store, "D1", document, now=NOW)
        asked = EsdRequest("R1", "100502", ("classroom",), "ESD 113", DAY, "Kim", DAY, files[1])
        REQUESTS.put(store, "R1", asked, now=NOW)
        point = ReviewedPoint("TPD-26", "A1", True, DAY, "", "", "", files[2], "Kim", DAY)  # noqa: FBT003
        POINTS.put(store, "a", point, now=NOW)
        POINTS.put(store, "b", ReviewedPoint("TPD-26", "A2", True, DAY, "", "", "", None, "Kim", DAY), now=NOW)  # noqa: FBT003
        ADOPTIONS.put(store, "TPD-26", Adoption("TPD-26", DAY, "", files[3], "Kim", DAY), now=NOW)
        DUTIES.put(store, "s", DutyDone("students", "2026-27", "", DAY, "", files[4], "Kim", DAY), now=NOW)


@pytest.mark.slow
def test_every_kept_file_is_looked_for(store: Store, vault: Vault, tmp_path: Path) -> None:
    taken = [take(vault, tmp_path, text) for text in ("one", "two", "three", "four", "five")]
    record_all(store, [file for file, _ in taken])
    missing = kept_findings(store, vault)
    for file, content in taken:
        vault.keep(file, content)

    assert {(f.code, f.found.partition("(")[2].rstrip(")"), f.people) for f in missing} == {
        ("document-file-missing", "the document D1", ("100417",)),
        ("document-file-missing", "the request R1", ("100502",)),
        ("document-file-missing", "TPD-26, point A1", ()),
        ("document-file-missing", "the adoption of TPD-26", ()),
        ("document-file-missing", "the duty students of 2026-27", ()),
    }
    assert all(f.where.startswith("documents/") and "backup" in f.remedy for f in missing)
    assert kept_findings(store, vault) == ()


def test_a_file_that_several_things_rest_on_is_one_finding(store: Store, vault: Vault, tmp_path: Path) -> None:
    file, content = take(vault, tmp_path, "one")
    record_all(store, [file] * 5)
    vault.keep(file, content).write_bytes(b"forged")
    (found,) = kept_findings(store, vault)

    assert (found.code, found.people) == ("document-file-changed", ("100417", "100502"))
