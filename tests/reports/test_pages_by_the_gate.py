"""What templates get that partners, principals, ESDs and the people themselves read has come through the gate."""

from collections.abc import Iterator
from dataclasses import is_dataclass
from typing import get_args, get_type_hints

import pytest

from lms_sync.agreements.clause_c.pdf import EvidenceLine, Stamp
from lms_sync.documents.request.pdf import RequestPage
from lms_sync.reports.partner.email import Freshness
from lms_sync.reports.partner.letter import Letter
from lms_sync.reports.person.pdf import RecordPage
from lms_sync.reports.principal.email import PostedLine


def bare(page: object, name: str = "") -> Iterator[str]:
    """Yield the fields that hold a bare `str`, those of values inside it too."""
    if page is str:
        yield name
    elif is_dataclass(page):
        for field, held in get_type_hints(page).items():
            yield from bare(held, f"{name}.{field}".strip("."))
    else:
        for held in get_args(page):
            yield from bare(held, name)


@pytest.mark.parametrize(
    "page",
    [Letter, RequestPage, RecordPage, PostedLine, EvidenceLine, Stamp, Freshness],
    ids=lambda page: page.__name__,
)
def test_every_text_of_a_page_has_come_through_the_gate(page: type) -> None:
    assert list(bare(page)) == []
