"""documents add: who may have verified a document, by name."""

import pytest

from tests.cli.small_district import District
from tests.cli.test_cli_documents import BEN, add, filed, hand_in, kept
from tests.documents.filing_files import pdf


@pytest.mark.parametrize("esd", ["Heron Guards", "heron  GUARDS, Inc.", "HERON", "Pinehill School District"])
def test_neither_a_partner_nor_the_district_is_an_esd_whatever_the_reason(morning: District, esd: str) -> None:
    path = hand_in(morning, pdf("Ben Brook"))
    refused = add(morning, path, "--esd", esd, "--reason", "they said so", person=BEN)

    assert (refused.exit_code, "and no ESD" in refused.stderr) == (2, True)
    assert (filed(morning), kept(morning)) == ([], [])


def test_an_esd_is_remarked_the_first_time_that_it_is_named(morning: District) -> None:
    first = add(morning, hand_in(morning, pdf("Ada Marsh")))
    second = add(morning, hand_in(morning, pdf("Ben Brook"), "b.pdf"), "--esd", "esd 113", person=BEN)

    assert (first.exit_code, "! ESD 113 was never named here before" in first.stdout) == (0, True)
    assert (second.exit_code, "never named" in second.stdout) == (0, False)


@pytest.mark.parametrize("esd", ["Vector Solutions", "NASRO", "Safety Service LLC"])
def test_who_is_not_named_like_an_esd_needs_a_reason(morning: District, esd: str) -> None:
    path = hand_in(morning, pdf("Ada Marsh"))
    refused = add(morning, path, "--esd", esd)
    assert (refused.exit_code, f'"{esd}" is not named like an educational' in refused.stderr) == (2, True)
    assert add(morning, path, "--esd", esd, "--reason", "it is what the ESD was called").exit_code == 0


@pytest.mark.parametrize("esd", ["NWESD 189", "Puget Sound Educational Service District", "Olympic E.S.D. 114"])
def test_the_names_of_esds_need_none(morning: District, esd: str) -> None:
    assert add(morning, hand_in(morning, pdf("Ada Marsh")), "--esd", esd).exit_code == 0
