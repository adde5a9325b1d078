"""What the store keeps of many exports of one source: what is new, and not every record's key each night."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from lms_sync.model.evidence import StoredFile
from lms_sync.model.many_records import RecordsOfFile
from lms_sync.operations.pull.superseded import without_superseded
from lms_sync.operations.retention.record import Purge, record_purge
from lms_sync.store.refused_items import refused_items
from tests.operations.night_files import CLASS, CLASS_ROWS, HEADINGS, done, sheet
from tests.operations.night_town import START, Town

RECORDS = st.frozensets(st.sampled_from("abcdef"))


def stored_file(number: int, records: frozenset[str], *, there: bool) -> StoredFile:
    read = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(days=number)
    kept = RecordsOfFile.of(records)
    return StoredFile("class", f"f{number}", "class.csv", f"s{number}", read, {}, kept, kept, there)


def newest_speaking(files: list[StoredFile]) -> dict[str, datetime]:
    """Return record → when the newest file that speaks of it was read first."""
    speaking: dict[str, datetime] = {}
    for file in files:
        speaking |= {r: max(file.first_read_at, speaking.get(r, file.first_read_at)) for r in file.spoken.each}
    return speaking


@given(st.lists(st.tuples(RECORDS, st.booleans()), max_size=6))
def test_what_a_file_loses_a_newer_one_says(told: list[tuple[frozenset[str], bool]]) -> None:
    files = [stored_file(number, records, there=there) for number, (records, there) in enumerate(told)]

    changed = {file.fingerprint: file for file in without_superseded(files)}
    after = [changed.get(file.fingerprint, file) for file in files]

    assert all(not file.there for file in changed.values())
    assert newest_speaking(after) == newest_speaking(files)
    assert {r for f in after for r in f.records.each} == {r for f in files for r in f.records.each}
    gone = [file for file in after if not file.there]
    assert sum(len(file.spoken) for file in gone) == len({r for file in gone for r in file.spoken.each})


def test_files_that_gave_way_to_newer_ones_keep_no_keys(town: Town) -> None:
    town.night()
    for number in range(3):
        rows = [*CLASS_ROWS, *(done("70101", f"Drill {n}", "10/05/2026") for n in range(number + 1))]
        town.write(CLASS, sheet(rows))
        town.night(days=1)

    files = [row for row in town.evidence_of("class")["file"] if row.gone_at is not None]
    assert len(files) == 3
    assert [(row.records, row.spoken) for row in files] == [("", None)] * 3


def test_the_records_of_a_file_that_has_grown_are_kept_as_before_with_the_new_ones_behind(town: Town) -> None:
    texts: list[str] = []
    for number in range(4):
        town.write(CLASS, sheet([*CLASS_ROWS, *(done("70101", f"Drill {n}", "10/05/2026") for n in range(number))]))
        town.night(days=1)
        (text,) = [row.records for row in town.evidence_of("class")["file"] if row.gone_at is None]
        texts.append(text)

    assert all(later.startswith(f"{earlier} ") for earlier, later in pairwise(texts))


def test_a_night_writes_of_a_name_only_the_learners_that_are_new_under_it(town: Town) -> None:
    town.night()
    before = {row.key for row in town.rows()["fact"] if row.kind == "reader"}
    town.write(CLASS, sheet([*CLASS_ROWS, done("70101", "Rights", "10/05/2026")]))
    town.night(days=1)

    rows = [row for row in town.rows()["fact"] if row.kind == "reader"]
    new = [row for row in rows if row.key not in before]
    assert [len(row.payload["learners"]) for row in new] == [1]  # under the course; file and sheet had the learner
    assert all(row.ended_at is None for row in rows)


UNUSED = (
    *(done("70101", "Rights", "", "In Progress"), done("70101", "Minds", "", "Not Started")),
    *(done("70102", "Calm", "in autumn"), done("70102", "Calm", "in autumn"), done("70102", "Rights", "10/06/2026")),
    *(done("80201", "Bystanders", "", "Exempt"), ("Total", *[""] * (len(HEADINGS) - 1))),
)
"""Rows that are not done, refused, told twice, a claim without a day, passed over."""


def test_rows_on_which_nothing_stands_are_kept_once_however_many_exports_say_them(town: Town) -> None:
    kept = []
    for number in range(4):
        more = (done("70101", f"Drill {n}", "10/05/2026") for n in range(number))
        town.write(CLASS, sheet([*more, *CLASS_ROWS, *UNUSED]))  # each night a row further down
        town.night(days=1)
        kept.append(sorted(row.outcome for row in town.evidence_of("class")["item"]))

    assert {"not a completion", "refused", "superseded"} <= {*kept[0]}
    assert [len(outcomes) for outcomes in kept] == [len(kept[0]) + number for number in range(4)]
    assert [sorted(outcomes) for outcomes in kept[1:]] == [sorted([*kept[0], *["added"] * n]) for n in (1, 2, 3)]


def test_a_refused_row_is_found_where_it_stands_tonight(town: Town) -> None:
    town.write(CLASS, sheet([*CLASS_ROWS, *UNUSED]))
    town.night(days=1)
    town.write(CLASS, sheet([done("70101", "Drill 0", "10/05/2026"), *CLASS_ROWS, *UNUSED]))
    town.night(days=1)

    with town.workspace() as workspace:
        kept = refused_items(workspace.store)
    first = 2 + 1 + len(CLASS_ROWS) + 2  # below the header, a new row, all others, and what is not done
    assert [item.origin.cell for item in kept] == [f"A{first}", f"A{first + 1}"]


def test_rows_of_a_file_that_is_there_stay_when_another_says_the_same(town: Town) -> None:
    town.write(CLASS, sheet([*CLASS_ROWS, *UNUSED]))
    town.night(days=1)
    town.write("inbox/class/other.csv", sheet([*CLASS_ROWS, *UNUSED, done("70101", "Calm", "10/06/2026")]))
    town.night(days=1)

    with town.workspace() as workspace:
        kept = refused_items(workspace.store)
    assert {item.origin.file for item in kept} == {"class.csv", "other.csv"}


def test_an_old_content_that_comes_back_after_a_purge_says_what_it_said(town: Town) -> None:
    first, second = (
        sheet([*CLASS_ROWS, *UNUSED]),
        sheet([done("70101", "Drill 0", "10/05/2026"), *CLASS_ROWS, *UNUSED]),
    )
    for content in (first, second):
        town.write(CLASS, content)
        town.night(days=1)
    with town.workspace() as workspace, workspace.store.transaction():
        record_purge(workspace.store, Purge(START.date(), START, START.date(), "T", "a test", {}), now=town.now)
    town.write(CLASS, first)
    town.night(days=1)

    (ledger,) = [row.ledger for row in town.evidence_of("class")["file"] if row.gone_at is None]
    assert ledger["refused"] == 2
    assert not [outcome for outcome in ledger if "purged" in outcome]
