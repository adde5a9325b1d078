"""Downloads as Moodle names them: the short name, mangled, is all that the name tells of the course."""

from pathlib import Path

import pytest

from lms_sync.model.evidence import Completion
from lms_sync.sources.pull import FileRead
from tests.sources.sample_files import SAMPLES, ZONES, layout_named, layout_of, read_sample, source_of

COMPLETION, PROGRESS = "completion_report_SSS-10_pacific.csv", "activity_progress_report_SSS-10.csv"
NAMED_BY_MOODLE = {
    "completion-sss-10-20251114_0807-comma_separated.csv": COMPLETION,
    "completion-sss-10-20251114_0807-comma_separated (1).csv": COMPLETION,
    "completion-sss-10-20251114_0807-tab_separated.csv": COMPLETION,
    "progress.sss-10.csv": PROGRESS,
    "progress.sss-10 (1).csv": PROGRESS,
}


def completions(file: FileRead) -> dict[str, Completion]:
    return {one.record: one for item in file.items if isinstance(one := item.reading, Completion)}


def read_as(name: str, sample: str, folder: Path) -> dict[str, Completion]:
    """Return the completions of a sample under another name."""
    (folder / name).write_bytes((SAMPLES / sample).read_bytes())
    layout = layout_named(layout_of(SAMPLES / sample))
    (file,) = source_of(folder / name, layout, ZONES[sample]).pull(frozenset()).files
    return completions(file)


@pytest.mark.parametrize("name", NAMED_BY_MOODLE)
def test_they_hold_the_same_records_as_under_any_other_name(name: str, tmp_path: Path) -> None:
    sample = NAMED_BY_MOODLE[name]
    ours, theirs = read_as(name, sample, tmp_path), completions(read_sample(SAMPLES / sample))
    assert ours.keys() == theirs.keys()
    assert {one.course for one in ours.values()} == {"sss-10"}
    assert all("course_in_file_name" in dict(one.attributes) for one in ours.values())


@pytest.mark.parametrize(
    ("name", "sample", "course"),
    [
        (
            "completion-sss-10-20251114_0807-20251115_0900-comma_separated.csv",
            COMPLETION,
            "sss-10-20251114_0807",
        ),
        ("completion-sss-01_sh__amp__co-20251114_0807-comma_separated.csv", COMPLETION, "sss-01_sh__amp__co"),
        ("progress.sss-01_sh__amp__co.csv", PROGRESS, "sss-01_sh__amp__co"),
    ],
)
def test_the_mangled_short_name_is_the_course(name: str, sample: str, course: str, tmp_path: Path) -> None:
    assert {one.course for one in read_as(name, sample, tmp_path).values()} == {course}


def test_names_that_people_give_are_read_as_before() -> None:
    for sample in (COMPLETION, PROGRESS):
        read = completions(read_sample(SAMPLES / sample)).values()
        assert {(one.course, one.attributes) for one in read} == {("SSS-10", ())}


@pytest.mark.parametrize("sample", [COMPLETION, PROGRESS, "2025-11-14T0807_Grades-SSS-10.csv"])
def test_a_second_download_of_a_day_is_about_the_same_course(sample: str, tmp_path: Path) -> None:
    again = sample.replace("SSS-10_pacific", "SSS-10 (2)_pacific").replace("SSS-10.csv", "SSS-10 (1).csv")
    (tmp_path / again).write_bytes((SAMPLES / sample).read_bytes())
    layout = layout_named(layout_of(SAMPLES / sample))
    (file,) = source_of(tmp_path / again, layout, ZONES.get(sample, "")).pull(frozenset()).files
    assert {one.course for one in completions(file).values()} == {"SSS-10"}
