"""Each shipped layout reads its samples as the golden beside each says."""

from pathlib import Path

import pytest

from lms_sync.files import shipped
from lms_sync.model.evidence import Completion, NotDone
from lms_sync.sources.connectors import read_layouts
from tests.sources.sample_files import FILES, golden_path, golden_text, layout_of, read_sample


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_sample_reads_as_its_golden(path: Path) -> None:
    assert golden_text(path) == golden_path(path).read_text(encoding="utf-8")


def test_every_shipped_layout_is_sound_and_has_a_sample() -> None:
    layouts, findings = read_layouts(shipped("mappings") / "layouts")
    assert findings == ()
    assert set(layouts) == {layout_of(path) for path in FILES}


def test_three_downloads_of_one_report_are_the_same_evidence() -> None:
    reads = [read_sample(path) for path in FILES if path.stem == "moodle-custom-report"]
    evidence = [
        {i.reading.record: i.reading.content for i in read.items if isinstance(i.reading, Completion)}
        for read in reads
    ]
    undone = [{i.reading.record for i in read.items if isinstance(i.reading, NotDone)} for read in reads]
    assert len(evidence) == 3
    assert evidence[0] == evidence[1] == evidence[2]
    assert undone[0] == undone[1] == undone[2]
    assert len(evidence[0]) >= 15


def test_repeated_hour_of_the_pacific_downloads_keeps_the_day_and_no_instant() -> None:
    pacific = read_sample(next(path for path in FILES if path.suffix == ".ods"))
    texts = {
        i.reading.record: (dict(i.text)["Time completed"], i.reading)
        for i in pacific.items
        if isinstance(i.reading, Completion)
    }
    repeated = [reading for words, reading in texts.values() if words == "Sunday, 2 November 2025, 1:30 AM"]
    assert repeated
    assert {(str(reading.day), reading.instant) for reading in repeated} == {("2025-11-02", None)}


def test_two_learners_with_one_person_id_stay_two() -> None:
    read = read_sample(next(path for path in FILES if path.name.endswith("report.csv")))
    keys = {
        i.reading.learner.key
        for i in read.items
        if isinstance(i.reading, Completion) and i.reading.learner.person_id.casefold() == "e100040"
    }
    assert keys == {"emp00040", "emp00041"}
