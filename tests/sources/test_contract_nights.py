"""What every source says of a record night after night, and what is stored of it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from lms_sync.model.pseudonyms import Pseudonyms
from lms_sync.model.run import Pulled
from lms_sync.operations.pull.apply import PullContext
from lms_sync.operations.pull.pulls import Pulling, pull_all
from lms_sync.people.match import directory
from lms_sync.sources.connectors import Source
from lms_sync.sources.spreadsheet.source import OpenedPattern, Spreadsheet
from lms_sync.store.known.registers import DOUBTS
from lms_sync.store.store import Opening, Store, open_store
from tests.sources.sample_files import layout_named
from tests.sources.test_contract import InMemory

SEAL = Pseudonyms(b"a key that the tests made up, 32")

SAYS = {"done": ("09/03/2025", "Passed"), "not done": ("", "Failed"), "revoked": ("", "Revoked")}
"""What a source may say of a record → day and status word in a sheet."""


def saying_in_memory(folder: Path, records: Sequence[tuple[str, str, str]]) -> Source:
    return InMemory("esd", "cumulative", tuple(records))


def saying_in_a_sheet(folder: Path, records: Sequence[tuple[str, str, str]]) -> Source:
    """Return a sheet that says so; a line more each night, so that no two nights have the same file."""
    lines = ["Last Name,First Name,Employee ID,Email,Course,Completed Date,Status"]
    for learner, course, says in records:
        lines.append(",".join((learner.title(), "Ana", learner, f"{learner}@example.org", course, *SAYS[says])))
    night = len(list(folder.iterdir()))
    (folder / f"night-{night}.csv").write_text("\n".join([*lines, *["" for _ in range(night)]]))
    layout = layout_named("vector-completions")
    words = layout.status.model_copy(
        update={"not_done": ("Incomplete",), "failed": ("Failed",), "revoked": ("Revoked",)}
    )
    pattern = OpenedPattern(f"night-{night}.csv", layout.model_copy(update={"status": words}))
    return Spreadsheet("esd", "cumulative", (pattern,), folder, "America/Los_Angeles")


SAYING = {"in memory": saying_in_memory, "in a sheet": saying_in_a_sheet}
CLASS = tuple(f"person{number}" for number in range(12))


@dataclass
class SourceNights:
    """A source that says something else each night, and what is stored of it."""

    folder: Path
    source: Callable[[Path, Sequence[tuple[str, str, str]]], Source]
    store: Store
    now: datetime = datetime(2026, 11, 23, 10, tzinfo=UTC)

    def night(self, **says: str) -> Pulled:
        """Run a night: everybody has done the course, but for those named, of whom the source says this."""
        self.now += timedelta(days=1)
        records = [(person, "SSS-05", says.get(person, "done")) for person in CLASS]
        desk = PullContext(SEAL, directory((), SEAL))
        (pulled,) = pull_all(self.store, [self.source(self.folder, records)], Pulling(self.now, lambda: desk))
        return pulled

    @property
    def days(self) -> list[date | None]:
        return [completion.day for completion in self.store.evidence.completions("esd")]

    @property
    def findings(self) -> list[str]:
        """Return the id of the finding that each doubt belongs to."""
        return [doubt.finding_id for doubt in DOUBTS.read(self.store).values()]


@pytest.fixture(params=SAYING)
def nights(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SourceNights]:
    with open_store("sqlite://", Opening("pinehill", SEAL.check, SourceNights.now)) as store:
        yield SourceNights(tmp_path, SAYING[request.param], store)


def test_not_done_after_done_is_doubted_until_it_is_done_again(nights: SourceNights) -> None:
    nights.night()
    (file,) = nights.night(person3="not done").files
    assert dict(file.outcomes) == {"unchanged": 11, "not a completion": 1}
    assert (len(nights.days), len(nights.findings)) == (12, 1)
    nights.night(person3="not done")
    assert len(nights.findings) == 1
    (file,) = nights.night().files
    assert (dict(file.outcomes), len(nights.days), nights.findings) == ({"unchanged": 12}, 12, [])


def test_what_is_revoked_counts_no_longer(nights: SourceNights) -> None:
    nights.night()
    nights.night(person3="not done")
    (file,) = nights.night(person3="revoked").files
    assert dict(file.outcomes) == {"unchanged": 11, "withdrawn": 1}
    assert (len(nights.days), nights.findings) == (11, [])


def test_a_reset_of_one_course_is_one_finding_and_no_safety_stop(nights: SourceNights) -> None:
    nights.night()
    pulled = nights.night(**dict.fromkeys(CLASS, "not done"))
    assert pulled.error is None
    assert (len(nights.days), len(nights.findings), len(set(nights.findings))) == (12, 12, 1)
