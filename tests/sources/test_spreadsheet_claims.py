"""What only a person may accept."""

from pathlib import Path

import pytest

from lms_sync.model.evidence import ClaimReason
from tests.sources.plain_files import PLAIN, reading_of


def test_needs_make_a_claim(tmp_path: Path) -> None:
    needs = [{"courses": ["On-the-job day"], "filled": ["host_school"]}]
    columns = {**PLAIN["columns"], "host_school": ["School"]}
    head = "ID,Course,Done on,School\n"

    def claim(row: str) -> object:
        return reading_of(tmp_path, head + row, needs=needs, columns=columns).claim

    for blank in ("", "-", "n/a", "TBD", "?", "No", "Not applicable", "same", "not yet", "signed", "0"):
        assert claim(f"7,on-the-job  DAY,09/03/2025,{blank}\n") is ClaimReason.NO_HOST
    assert claim("7,On-the-job day,09/03/2025,Lincoln HS\n") is None
    assert claim("7,Check-in,09/03/2025,\n") is None


@pytest.mark.parametrize(
    ("officer", "claim"),
    [
        *(
            (own, ClaimReason.NO_HOST)
            for own in ("Amari, Noor", "Noor  AMARI", "Ofc. Noor Amari", "Noor J. Amari Jr.")
        ),
        *((own, ClaimReason.NO_HOST) for own in ("N. Amari", "Sgt Amari", "Amári, Nóor", "self")),
        *((other, None) for other in ("Noor Amir", "J. Amari", "Jo Amari", "Sgt. R. Vet", "Amari-Vet, Noor")),
    ],
)
def test_nobody_is_their_own_experienced_officer(tmp_path: Path, officer: str, claim: ClaimReason | None) -> None:
    needs = [{"courses": ["Check-in"], "filled": ["experienced_officer"]}]
    columns = {**PLAIN["columns"], "experienced_officer": ["With"], "name": ["Officer"]}
    row = f'ID,Course,Done on,Officer,With\n7,Check-in,09/03/2025,"Amari, Noor","{officer}"\n'
    assert reading_of(tmp_path, row, needs=needs, columns=columns).claim is claim
