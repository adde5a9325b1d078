"""One person's record: what counts, what does not and why, and nobody else in it."""

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms_sync.compliance.entries import RecordEntry
from lms_sync.compliance.gate import ON_FILE
from lms_sync.compliance.person_record import PersonRecord, build_record
from lms_sync.law.series import load
from lms_sync.model.agreement import KeptFile, SheetScan
from lms_sync.model.evidence import ClaimReason, Completion, Learner
from lms_sync.model.finding import Origin
from lms_sync.reports.person.as_json import record_json
from lms_sync.reports.person.pdf import record_text
from lms_sync.reports.templates import Templates, template_environment
from lms_sync.store.known.readers import learner_key, name_key
from tests.compliance.person_facts import (
    DAY,
    GUARD,
    ME,
    OTHER,
    PARTNERS,
    PEOPLE,
    ROWS,
    claim,
    decided,
    done,
    judged,
    knowledge_of,
    record_of,
)

VOICE = Templates(template_environment(None), load().names, ZoneInfo("America/Los_Angeles"))
EVIDENCED = (("experienced_officer", "Cleodora Marshbane"), ("host_school", "Fir ES"))


def only(entries: tuple[RecordEntry, ...]) -> RecordEntry:
    (one,) = entries
    return one


def test_what_counts_says_its_day_source_record_and_cell() -> None:
    rights = done("Rights")
    record = record_of(rights)
    entry = only(record.counted)
    assert (entry.requirements, entry.day, entry.source) == (("topic-01",), date(2026, 10, 5), "a file")
    assert (rights.origin.cell, entry.origin) == ("A6", "a file, row 6")
    assert len(entry.record) == 32
    assert entry.decision is None
    assert record.uncounted == ()


def test_what_a_hearing_asks_of_a_class_is_told_in_full_to_the_district_and_else_to_whom_it_belongs() -> None:
    told = (("hours", "8 hours"), ("instructor", "Sgt. Ivy Moss"), ("place", "Pine Hall"))
    rights = done("Rights", attributes=told)
    snapshot = knowledge_of(rights)
    learners = frozenset(learner_key(one.source, one.learner) for one in snapshot.learners)
    snapshot = replace(snapshot, readers={name_key("course", text): learners for _, text in told})
    own = build_record(snapshot, judged(snapshot), ME)
    assert only(own.counted).why == "hours: 8 hours; instructor: Sgt. Ivy Moss; place: Pine Hall"
    snapshot = replace(snapshot, readers={})
    assert only(build_record(snapshot, judged(snapshot), ME).counted).why == (
        "hours: 8 hours; instructor: recorded; place: recorded"
    )
    scan = SheetScan("S1", "class", "class.xlsx", KeptFile("ab", "roll.pdf", "application/pdf", 9), "A. Roe", DAY)
    scanned = replace(snapshot, scans=(scan, replace(scan, scan_id="S2", sheet="other.xlsx")))
    why = only(build_record(scanned, judged(scanned), ME).counted).why
    assert why.endswith("place: recorded; scan of the sheet on file: S1")
    record = build_record(snapshot, judged(snapshot), ME, for_district=True)
    assert only(record.counted).why == only(own.counted).why
    assert "class.xlsx, Done!A6" in only(record.counted).origin


def test_a_course_for_many_topics_stands_once() -> None:
    assert only(record_of(done("All")).counted).requirements == tuple(f"topic-{n:02}" for n in range(1, 14))


@pytest.mark.parametrize(
    ("completion", "why"),
    [
        (done("Knots"), "the course map has no row for the course"),
        (done("Bystanders"), "reviewed and teaches none of the required training (Courses!BBystanders"),
        (done("Calm"), "nobody has decided yet what the course teaches"),
        (done("Minds"), "on a day on which the map does not count the course"),
        (done("Force"), "the source gives none"),
        (done("Force", score=79), "under the map's minimum"),
        (done("Rights", date(2026, 12, 1)), "its day is after the day judged"),
        (
            done("Day"),
            "does not name the host school, or an experienced officer who is somebody else; the district has not"
            " decided yet",
        ),
        (claim("Rights"), "it has no date; the district has not decided yet"),
        (claim("Rights", ClaimReason.WAIVER, date(2026, 10, 5)), "only an ESD can waive"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_does_not_count_says_why_and_what_would_change_it(completion: Completion, why: str) -> None:
    record = record_of(completion)
    assert record.counted == ()
    assert why in only(record.uncounted).why
    assert only(record.uncounted).remedy


def test_a_refused_claim_says_who_refused_it_and_that_the_reason_is_on_file() -> None:
    waiver = claim("Rights", ClaimReason.WAIVER, date(2026, 10, 5))
    record = record_of(waiver, decisions=(decided(waiver, accepted=False, reason="the ESD knows nothing of it"),))
    refused = only(record.uncounted).decision
    assert refused is not None
    assert (refused.accepted, refused.decided_by, refused.reason) == (False, "A. Roe", ON_FILE)
    assert f"refused by A. Roe on 9 Nov 2026: {ON_FILE}" in " ".join(record_text(record, VOICE).split())


def test_an_accepted_claim_counts_with_who_accepted_it_and_on_the_day_that_was_named() -> None:
    undated = claim("Rights")
    decision = replace(decided(undated, accepted=True), training_day=date(2026, 10, 5))
    record = record_of(undated, decisions=(decision,))
    entry = only(record.counted)
    assert record.uncounted == ()
    assert (entry.day, entry.why) == (date(2026, 10, 5), "the source gives no day; who accepted it named this one")
    assert entry.decision is not None
    assert entry.decision.decided_by == "A. Roe"
    assert judged(knowledge_of(undated, decisions=(decision,))).findings == judged(knowledge_of()).findings


def test_what_an_earlier_version_accepted_without_a_day_counts_as_it_did_and_is_asked_about() -> None:
    undated = claim("Rights")
    decision = decided(undated, accepted=True)
    entry = only(record_of(undated, decisions=(decision,)).counted)
    assert (entry.day, "the day of the decision is used" in entry.why) == (date(2026, 11, 9), True)
    (asked,) = [f for f in judged(knowledge_of(undated, decisions=(decision,))).findings if f.code == "claim-day"]
    assert (asked.id, asked.people) == (decision.claim_id, (ME,))
    assert "was accepted without a day, and counts as done on 9 Nov 2026" in asked.found
    assert f"lms-sync worklist accept {decision.claim_id} --day YYYY-MM-DD --reason" in asked.remedy
    dated = claim("Rights", ClaimReason.WAIVER, date(2026, 10, 5))
    waived = judged(knowledge_of(dated, decisions=(decided(dated, accepted=True),)))
    assert "claim-day" not in {f.code for f in waived.findings}


def test_of_one_day_only_the_largest_entry_counts_and_the_others_are_shown() -> None:
    record = record_of(done("Check-in"), done("Check-in x3"))
    assert only(record.counted).title == "Check-in x3"
    assert only(record.uncounted).title == "Check-in"
    assert "another entry of the same day counts" in only(record.uncounted).why


def test_two_on_the_job_entries_of_one_day_are_one_day() -> None:
    day = done("Day", attributes=EVIDENCED)
    record = record_of(day, replace(day, record="the same day again"))
    assert (len(record.counted), len(record.uncounted)) == (1, 1)


def test_what_the_class_does_not_require_is_said() -> None:
    record = record_of(done("Check-in", who=GUARD), person_id=GUARD)
    assert only(record.uncounted).why == "check-in is not required of class SRO"


def test_records_that_may_be_the_persons_are_counted_and_not_told() -> None:
    one = done("Rights", key="a")
    another = done("All", key="b")
    record = record_of(one, another)
    assert record.counted == record.uncounted == ()
    assert [(doubt.source, doubt.records) for doubt in record.doubts] == [("a file", 1), ("a file", 1)]


def test_every_completion_of_the_person_is_in_the_record_and_no_other() -> None:
    found = [done(one.course) for one in ROWS] + [done("Rights", who=OTHER), done("Knots")]
    record = record_of(*found)
    told = {(entry.source, entry.record) for entry in (*record.counted, *record.uncounted)}
    assert len(told) == len(ROWS) + 1


def test_what_is_missing_has_its_deadline() -> None:
    record = record_of(done("Rights"))
    assert {s.requirement for s in record.open} >= {"topic-02", "on-the-job", "check-in"}
    assert {s.due for s in record.open if s.component == "classroom"} == {date(2027, 3, 2)}


def test_the_page_says_how_to_dispute_it_and_by_which_law() -> None:
    text = " ".join(record_text(record_of(done("Rights")), VOICE).split())
    assert "HOW TO DISPUTE THIS RECORD" in text
    assert "Human Resources, 555-0100" in text
    assert "RCW 28A.400.345(2)(b)" in text
    assert "last lawful day 2 Mar 2027" in text


def test_nobody_of_that_id_is_a_key_error() -> None:
    snapshot = knowledge_of()
    with pytest.raises(KeyError):
        build_record(snapshot, judged(snapshot), "nobody")


@pytest.mark.parametrize(("learner", "origin"), [(ME, "class.xlsx, Done!A6"), (OTHER, "a file, row 6")])
def test_a_file_is_named_where_all_its_items_were_of_the_one_employer(learner: str, origin: str) -> None:
    rights = done("Rights")
    snapshot = knowledge_of(rights, done("Minds", who=learner))
    learners = frozenset(learner_key(one.source, one.learner) for one in snapshot.learners)
    readers = {name_key("file", "class.xlsx"): learners, name_key("sheet", "Done"): learners}
    snapshot = replace(snapshot, readers=readers)
    assert build_record(snapshot, judged(snapshot), ME).counted[0].origin == origin


STRANGERS = [PARTNERS["heron"].name, "Cleodora Marshbane", "Marshbane, Cleodora", "cleodora.marshbane", OTHER]


@given(st.lists(st.sampled_from([*STRANGERS, "training", "2026"]), min_size=1, max_size=3).map(" ".join))
@settings(max_examples=40, deadline=None)
def test_the_record_names_nobody_else(name: str) -> None:
    waiver = replace(claim("Rights", ClaimReason.WAIVER, DAY), origin=Origin(file=f"{name}.xlsx", cell="A7"))
    refusal = decided(waiver, accepted=False, reason=f"mixed up with {name}")
    odd = replace(done("Knots"), course_title=name, unit_title=name, origin=Origin(file=f"{name}.csv"))
    day = done("Day", attributes=(("experienced_officer", name), ("host_school", name)))
    lost = replace(
        done("All"), record="lost", learner=Learner("class", name, first_name="Adabelle", last_name="Quillfeather")
    )
    record = record_of(waiver, odd, day, lost, decisions=(refusal,))
    _tells_of_nobody_else(record)


def _tells_of_nobody_else(record: PersonRecord) -> None:
    told = f"{record_text(record, VOICE)} {record_json(record)}".casefold()
    for word in ("marshbane", "cleodora", "heronmere", "lindqvist", OTHER, GUARD):
        assert word not in told
    assert "quillfeather" in told
    assert ME in told


def test_the_json_holds_the_same_entries_with_days_as_text() -> None:
    waiver = claim("Rights", ClaimReason.WAIVER, DAY)
    record = record_of(waiver, done("All"), decisions=(decided(waiver, accepted=False),))
    told = record_json(record)
    assert [one["record"] for one in told["counted"]] == [one.record for one in record.counted]
    assert told["uncounted"][0]["decision"]["decided_on"] == "2026-11-09"
    assert told["known_at"] == datetime(2026, 11, 23, 10, tzinfo=UTC).isoformat()
    assert told["person"]["name"] == PEOPLE[ME].name
