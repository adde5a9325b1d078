"""Whom a text names besides its reader: partners, and people who are not the reader's alone."""

from dataclasses import replace

import pytest

from lms_sync.compliance.for_whom import names_among, others_named, shown_as, shown_as_findings
from lms_sync.model.roster import Person
from lms_sync.workspace.settings.sources import SourceSettings, SpreadsheetSettings, XapiSettings
from tests.compliance.person_facts import GUARD, ME, OTHER, roster

ROSTER = roster()
NAMES = names_among(ROSTER, district="Pinehill Schools", topics=["De-escalation"])
SHARED = replace(ROSTER, assignments=(*ROSTER.assignments, replace(ROSTER.assignments[0], partner_id="heron")))
NOBODYS = replace(ROSTER, people={**ROSTER.people, "90301": Person("90301", "Ashgrove", "Bertil")})
"""With somebody who works for nobody yet."""


@pytest.mark.parametrize(
    ("text", "reader", "named"),
    [
        ("The days were wrong.", "quarry", ""),
        ("Quillfeather's day was wrong.", "quarry", ""),
        (f"See {ME}.", "quarry", ""),
        ("Quillfeather's day was wrong.", "heron", f"person {ME}"),
        (f"See {ME}.", "heron", f"person {ME}"),
        ("Quillfeather's day was wrong.", "", f"person {ME}"),
        ("Marshbane and Lindqvist", "quarry", f"person {OTHER}"),
        ("LINDQVIST, Dovid", "quarry", f"person {GUARD}"),
        ("Mixed up with Heronmere Guards.", "quarry", "partner heron"),
        ("Mixed up with Heronmere Guards.", "heron", ""),
        ("Heronmere's and Quarryville's lists", "", "partner heron, quarry"),
    ],
)
def test_a_reader_reads_of_itself_and_its_own_people_only(text: str, reader: str, named: str) -> None:
    assert others_named(text, ROSTER, NAMES, reader) == named


def test_somebody_who_works_for_another_partner_too_or_for_nobody_is_not_the_readers_own() -> None:
    assert others_named("Quillfeather", SHARED, NAMES, "quarry") == f"person {ME}"
    assert others_named("Ashgrove", NOBODYS, NAMES, "quarry") == "person 90301"


@pytest.mark.parametrize(
    ("said", "whom"),
    [
        ("the class at the ESD", ""),
        ("Heronmere's list", "partner heron"),
        ("list of Quillfeather", f"person {ME}"),
        (f"sheet of {GUARD}", f"person {GUARD}"),
    ],
)
def test_a_source_that_would_be_called_by_somebodys_name_is_called_by_its_kind(said: str, whom: str) -> None:
    sources: list[SourceSettings] = [
        SpreadsheetSettings.model_construct(name="vendor", kind="spreadsheet", shown_as=said),
        XapiSettings.model_construct(name="esd", kind="xapi", shown_as=said),
    ]
    kinds = {"vendor": "a file", "esd": "the ESD's LMS"}
    assert shown_as(sources, ROSTER, NAMES) == (kinds if whom else dict.fromkeys(kinds, said))
    found = [finding.found for finding in shown_as_findings(sources, ROSTER, NAMES)]
    assert found == ([f"shown_as “{said}” names {whom}"] * 2 if whom else [])
