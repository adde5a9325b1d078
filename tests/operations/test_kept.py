"""What a pull keeps readable, and what it does not: all of the database is looked through."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from lms_sync.model.evidence import Completion, Item, Learner
from lms_sync.model.finding import Origin
from lms_sync.model.pseudonyms import Pseudonyms
from lms_sync.model.roster import Person
from lms_sync.model.run import Pulled
from lms_sync.operations.pull.apply import PullContext
from lms_sync.operations.pull.masked import without_ssns
from lms_sync.operations.pull.pulls import Pulling, pull_all
from lms_sync.people.match import directory
from lms_sync.sources.pull import FileRead, Pull
from lms_sync.sources.spreadsheet.layout import Layout
from lms_sync.sources.spreadsheet.source import OpenedPattern, Spreadsheet
from lms_sync.store.judgements import StoredJudgement
from lms_sync.store.schema import metadata
from lms_sync.store.store import Opening, Store, open_store

SEAL = Pseudonyms(b"a key that the tests made up, 32")
ADA, BO = Person("00101", "Reyes", "Ada"), Person("00202", "Quillfeather", "Bo")
HEAD = "Emp,Name,Course,Done on,State,Mentor,Cert,Mail,Surname,Staff No,Remark\n"
OWN = "00101,Ada Reyes,De-escalation,2025-09-03,Passed (by I. Halloran),M. Sorby,C-1,ada@example.org,Reyes,77,left\n"
OTHER = (
    "00202,Bo Quillfeather,De-escalation,2025-09-04,Passed (by K. Zabriskie),Vexley Thorncastle,CQ-99812,"
    "bo@faraway.example.org,Quillfeather,88123,Quillfeather again\n"
)
REFUSED = "00303,Wim Yarborough,De-escalation,last Tuesday,Passed (by X),V. T.,C-3,wim@faraway.example.org,Y,1,z\n"
STRANGE = ("quillfeather", "zabriskie", "thorncastle", "cq-99812", "faraway", "00202", "88123")
"""What tells of somebody who is on no roster, folded."""
LAYOUT: dict[str, Any] = {
    "name": "acme",
    "kind": "rows",
    "columns": {
        **{"person_id": ["Emp"], "name": ["Name"], "course_title": ["Course"], "completed_on": ["Done on"]},
        **{"status": ["State"], "experienced_officer": ["Mentor"], "certificate": ["Cert"], "email": ["Mail"]},
    },
    "key": ["person_id", "course"],
    "name_order": "first last",
    "dates": {"formats": ["%Y-%m-%d"]},
    "status": {"done": ["Passed (by *)"]},
}


@dataclass
class Class:
    """A class whose file is pulled night after night."""

    folder: Path
    store: Store
    roster: tuple[Person, ...] = (ADA,)
    layout: dict[str, Any] = field(default_factory=lambda: LAYOUT)
    now: datetime = datetime(2026, 11, 23, 10, tzinfo=UTC)

    def pull(self, *rows: str, name: str = "Quillfeather, Bo.csv", anew: bool = False) -> Pulled:
        (self.folder / name).write_text(HEAD + "".join(rows), encoding="utf-8")
        self.now += timedelta(days=1)
        pattern = OpenedPattern("*.csv", Layout.model_validate(self.layout))
        source = Spreadsheet("esd", "increment", (pattern,), self.folder, "America/Los_Angeles")
        desk = PullContext(SEAL, directory(self.roster, SEAL))
        (pulled,) = pull_all(self.store, [source], Pulling(self.now, lambda: desk, anew=anew))
        return pulled

    def all(self) -> str:
        """Return all that the database holds, folded."""
        tables = metadata.sorted_tables
        return repr([self.store.connection.execute(select(table)).all() for table in tables]).casefold()

    def texts(self) -> list[dict[str, str]]:
        rows = self.store.connection.execute(select(metadata.tables["item"].c.text)).scalars()
        return [dict(row) for row in rows]

    def origins(self) -> set[str]:
        return {str(completion.origin) for completion in self.store.evidence.completions("esd")}


@pytest.fixture
def school(tmp_path: Path) -> Iterator[Class]:
    with open_store("sqlite://", Opening("pinehill", SEAL.check, Class.now)) as store:
        yield Class(tmp_path, store)


def test_5_columns_that_the_layout_does_not_name_are_not_kept_and_the_pull_says_which(school: Class) -> None:
    (file,) = school.pull(OWN).files
    assert file.dropped == ("Surname", "Staff No", "Remark")
    (text,) = school.texts()
    assert set(text) == {"Emp", "Name", "Course", "Done on", "State", "Mentor", "Cert", "Mail"}


def test_5_a_column_under_keep_is_kept_of_the_districts_own_people_and_hidden_of_others(school: Class) -> None:
    school.layout = {**LAYOUT, "keep": ["remark"]}
    (file,) = school.pull(OWN, OTHER).files
    assert file.dropped == ("Surname", "Staff No")
    own, other = sorted(school.texts(), key=lambda text: text["Remark"].startswith("#"))
    assert own["Remark"] == "left"
    assert other["Remark"].startswith("#")


def test_5_nothing_readable_stays_of_learners_without_a_candidate(school: Class) -> None:
    school.pull(OWN, OTHER, name="class.csv")
    kept = school.all()
    assert [words for words in STRANGE if words in kept] == []
    assert all(words in kept for words in ("ada reyes", "m. sorby", "class.csv"))


def test_5_a_files_name_is_kept_only_where_somebody_of_the_roster_stands_in_it(school: Class) -> None:
    (file,) = school.pull(OTHER).files
    assert file.name.startswith("a file of nobody on the roster (sha256 ")
    assert school.origins() == {"a file read on 2026-11-24, row 2"}
    (again,) = school.pull(OTHER).files
    assert (again.unchanged, again.name) == (True, file.name)
    assert [words for words in STRANGE if words in school.all()] == []


def test_5_who_joins_later_is_named_when_that_content_is_read_again(school: Class) -> None:
    school.pull(OTHER)
    school.roster = (ADA, BO)
    school.pull(OTHER)
    assert school.origins() == {"a file read on 2026-11-24, row 2"}
    (file,) = school.pull(OTHER, anew=True).files
    assert (file.name, school.origins()) == ("Quillfeather, Bo.csv", {"Quillfeather, Bo.csv, A2"})
    (completion,) = school.store.evidence.completions("esd")
    assert dict(completion.attributes) == {"certificate": "CQ-99812", "experienced_officer": "Vexley Thorncastle"}
    assert not (school.pull(OTHER, anew=True).files[0].outcomes.keys() - {"unchanged"})


def test_a_kept_judgement_goes_when_what_it_may_cite_is_named(school: Class) -> None:
    kept = {"E1": StoredJudgement(date(2026, 11, 24), "0" * 64, b"")}
    with school.store.transaction():
        school.store.judgements.replace(kept.items())
    school.pull(OTHER)
    school.pull(OTHER, anew=True)
    assert dict(school.store.judgements.each()) == kept
    school.roster = (ADA, BO)
    school.pull(OTHER, anew=True)
    assert dict(school.store.judgements.each()) == {}


def test_5_who_left_the_roster_stays_readable_until_retention(school: Class) -> None:
    school.roster = (ADA, BO)
    school.pull(OTHER)
    before = school.texts()
    school.roster = (ADA,)
    school.pull(OTHER, anew=True)
    assert school.texts() == before


def test_5_a_finding_quotes_nothing_of_a_strangers_row_but_what_tells_of_nobody(school: Class) -> None:
    school.pull(OWN, REFUSED, name="class.csv")
    (finding,) = [waiting.finding for waiting in school.store.findings.open()]
    assert finding.found == '"last Tuesday", not written as the layout says'
    assert "yarborough" not in school.all()
    matrix = {"kind": "matrix", "columns": {"person_id": ["Emp"]}, "key": ["person_id", "course"], "matrix": {}}
    school.layout = {"name": "acme", **matrix, "dates": {"formats": ["%Y-%m-%d"]}}
    (school.folder / "class.csv").unlink()
    school.pull(OTHER, name="matrix.csv")
    found = [waiting.finding.found for waiting in school.store.findings.open()]
    assert any('"…", not written as the layout says' in words for words in found)
    assert [words for words in STRANGE if words in school.all()] == []


def test_5_what_waited_in_a_file_without_a_name_loses_it_when_it_waits_no_longer(school: Class) -> None:
    school.pull(OTHER, REFUSED)
    assert [w.finding.where for w in school.store.findings.open()] == ["Quillfeather, Bo.csv, D3"]
    school.pull(OTHER)
    assert school.store.findings.open() == ()
    assert "quillfeather" not in school.all()


def test_5_social_security_numbers_of_sources_that_are_no_sheets_are_dropped_and_counted() -> None:
    ssn, place = "123\u201145\u20116789", Origin(url="https://lms.example.org/1", item="1")
    learner = Learner("lms", "u1", ssn, (f"{ssn}@example.org", "a@example.org"), "Ada", f"Reyes {ssn}")
    completion = Completion("lms", "r1", learner, "c1", f"Course {ssn}", None, place, status=f"done {ssn}")
    items = (Item(place, (("Name", f"Ada {ssn}"),), completion), Item(place, (("Name", "Bo"),), completion))
    (file,) = without_ssns(Pull("lms", "cumulative", (FileRead("course 1", "", "", items, ()),))).files
    assert ssn not in repr(file)
    assert isinstance(file.items[0].reading, Completion)
    assert file.items[0].reading.learner.emails == ("a@example.org",)
    assert [finding.found for finding in file.findings] == ["2 values look like social security numbers"]
