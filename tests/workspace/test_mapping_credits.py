from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_sync.compliance.credits import (
    Claimed,
    Credited,
    NotCounted,
    NotCountedReason,
    TeachesNone,
    Unmapped,
    counted_by,
)
from lms_sync.model.course_map import CourseRow
from lms_sync.model.evidence import ClaimReason, Completion, claim_id
from lms_sync.model.finding import Origin
from lms_sync.workspace.mapping.file_names import in_file_name
from tests.compliance.mapped import DAY, DONE, EVIDENCE, ROW, credits_of, index


def requirements(completion: Completion, *rows: CourseRow) -> list[str]:
    mapped = credits_of(completion, index(*rows), accepted={})
    return [credit.requirement for credit in mapped.credits] if isinstance(mapped, Credited) else []


def test_a_title_matches_in_any_case_blanks_and_unicode_form() -> None:
    assert requirements(DONE, ROW) == ["topic-06"]
    composed, split = "Café Å", "Cafe\u0301 A\u030a"
    assert requirements(replace(DONE, course=split), replace(ROW, course=composed)) == ["topic-06"]


def test_a_credit_tells_where_it_comes_from() -> None:
    mapped = credits_of(DONE, index(ROW), accepted={})
    assert isinstance(mapped, Credited)
    (credit,) = mapped.credits
    assert (credit.day, credit.source, credit.record, credit.origin) == (DAY, "canvas", "r1", "export.csv, A2")
    assert (credit.title, credit.amount, credit.waived) == ("Bias Free  Policing", 1, False)


def test_a_named_source_replaces_every_source_and_nothing_is_added_up() -> None:
    own = replace(ROW, source="canvas", course="101", topics=(10,))
    assert requirements(DONE, ROW, own) == ["topic-10"]
    assert requirements(replace(DONE, source="vector"), ROW, own) == ["topic-06"]


def test_a_named_sources_row_replaces_even_when_it_does_not_count() -> None:
    own = replace(ROW, source="canvas", course="101", counts_until=date(2026, 1, 1))
    mapped = credits_of(DONE, index(ROW, own), accepted={})
    assert mapped == NotCounted(NotCountedReason.OUTSIDE_DATES, "Courses!B2")


def test_a_blank_unit_means_the_whole_course_only() -> None:
    assert credits_of(replace(DONE, unit="u7", unit_title="Bias"), index(ROW), accepted={}) == Unmapped()
    assert credits_of(DONE, index(replace(ROW, unit="Bias")), accepted={}) == Unmapped()
    assert requirements(replace(DONE, unit="u7", unit_title="BIAS"), replace(ROW, unit="Bias")) == ["topic-06"]


def test_days_are_inclusive_and_choose_the_version() -> None:
    old = replace(ROW, topics=(1,), counts_until=date(2026, 10, 4))
    new = replace(ROW, topics=(2,), counts_from=date(2026, 10, 5))
    assert requirements(replace(DONE, day=date(2026, 10, 4)), old, new) == ["topic-01"]
    assert requirements(replace(DONE, day=date(2026, 10, 5)), old, new) == ["topic-02"]


@pytest.mark.parametrize(
    ("row", "score", "reason"),
    [
        (replace(ROW, decided_on=None), None, NotCountedReason.UNDECIDED),
        (replace(ROW, counts_from=date(2026, 10, 6)), None, NotCountedReason.OUTSIDE_DATES),
        (replace(ROW, minimum_score=Decimal(80)), Decimal("79.9"), NotCountedReason.UNDER_SCORE),
        (replace(ROW, minimum_score=Decimal(80)), None, NotCountedReason.NO_SCORE),
    ],
)
def test_a_row_that_does_not_count_says_why(row: CourseRow, score: Decimal | None, reason: NotCountedReason) -> None:
    assert credits_of(replace(DONE, score=score), index(row), accepted={}) == NotCounted(reason, "Courses!B2")


def test_the_minimum_score_itself_counts() -> None:
    assert requirements(replace(DONE, score=Decimal(80)), replace(ROW, minimum_score=Decimal(80))) == ["topic-06"]


def test_decided_without_topics_teaches_none_and_no_row_is_unmapped() -> None:
    assert credits_of(DONE, index(replace(ROW, topics=())), accepted={}) == TeachesNone("Courses!B2")
    assert credits_of(replace(DONE, course_title="Bias"), index(ROW), accepted={}) == Unmapped()


def test_a_claim_counts_only_once_accepted() -> None:
    waiver = replace(DONE, claim=ClaimReason.WAIVER)
    rows = index(replace(ROW, topics=(6, 7), minimum_score=Decimal(80)))
    claimed = credits_of(waiver, rows, accepted={"ffffffff": DAY})
    assert isinstance(claimed, Claimed)
    assert [(c.requirement, c.claim_id, c.reason) for c in claimed.claims] == [
        ("topic-06", claim_id(waiver), "waiver"),
        ("topic-07", claim_id(waiver), "waiver"),
    ]
    credited = credits_of(waiver, rows, accepted={claim_id(waiver): date(2026, 12, 1)})
    assert isinstance(credited, Credited)
    assert [(c.requirement, c.day, c.waived) for c in credited.credits] == [
        ("topic-06", DAY, True),
        ("topic-07", DAY, True),
    ]


def test_a_claim_without_a_day_is_credited_on_the_day_of_its_decision() -> None:
    undated = replace(DONE, claim=ClaimReason.NO_DATE, day=None)
    assert isinstance(credits_of(undated, index(ROW), accepted={}), Claimed)
    credited = credits_of(undated, index(ROW), accepted={claim_id(undated): date(2026, 12, 1)})
    assert isinstance(credited, Credited)
    assert [(c.day, c.waived) for c in credited.credits] == [(date(2026, 12, 1), False)]


def test_an_on_the_job_day_without_host_and_officer_is_a_claim() -> None:
    row = replace(ROW, topics=(), on_the_job_days=1)
    assert requirements(replace(DONE, attributes=EVIDENCE), row) == ["on-the-job"]
    for told in ((), EVIDENCE[:1], EVIDENCE[1:], (EVIDENCE[0], ("host_school", ""))):
        one = replace(DONE, attributes=told)
        claimed = credits_of(one, index(row), accepted={})
        assert isinstance(claimed, Claimed)
        assert claimed.claims[0].reason is ClaimReason.NO_HOST
        accepted = credits_of(one, index(row), accepted={claim_id(one): date(2026, 12, 1)})
        assert isinstance(accepted, Credited)
        (credit,) = accepted.credits
        assert credit.day == DAY
        assert credit.host_school
        assert credit.experienced_officer


@pytest.mark.parametrize("hours", ["0", "0.0", "0,00", "0 h", "00:00", "0:00:00", "0 Hours", "0 min.", "0h00"])
def test_an_on_the_job_day_of_no_hours_is_a_claim(hours: str) -> None:
    row = replace(ROW, on_the_job_days=1)
    done = replace(DONE, attributes=(*EVIDENCE, ("hours", hours)))
    mapped = credits_of(done, index(row), accepted={})
    assert isinstance(mapped, Credited)
    assert [credit.requirement for credit in mapped.credits] == ["topic-06"], "a topic asks for no hours"
    assert [claim.reason for claim in mapped.claims] == [ClaimReason.NO_HOURS]
    accepted = credits_of(done, index(row), accepted={claim_id(done): date(2026, 12, 1)})
    assert isinstance(accepted, Credited)
    assert [credit.day for credit in accepted.credits] == [DAY, DAY]


@pytest.mark.parametrize("hours", ["", "8", "0.5", "0:30", "10", "n/a", "0 h 45 min"])
def test_other_figures_let_an_on_the_job_day_count(hours: str) -> None:
    done = replace(DONE, attributes=(*EVIDENCE, ("hours", hours)))
    assert requirements(done, replace(ROW, topics=(), on_the_job_days=1)) == ["on-the-job"]


@pytest.mark.parametrize(
    ("officer", "counts"),
    [
        *((own, False) for own in ("Noor Amari", "Amari, Noor", "Ofc. Noor Amari", "N. Amari")),
        *((other, True) for other in ("Noor Amir", "J. Amari", "Sgt. R. Vet")),
    ],
)
@pytest.mark.parametrize(
    "row", [replace(ROW, on_the_job_days=1), replace(ROW, check_ins=2)], ids=["on-the-job", "check-in"]
)
def test_under_the_own_name_as_experienced_officer_only_the_topics_count(
    row: CourseRow, officer: str, *, counts: bool
) -> None:
    done = replace(DONE, attributes=(("experienced_officer", officer), EVIDENCE[1]))
    rows = index(row)
    mapped = counted_by(rows.match(done), done, rows, accepted={}, own=[("Noor", "Amari")])
    assert isinstance(mapped, Credited)
    assert (len(mapped.credits), [claim.reason for claim in mapped.claims]) == (
        (2, []) if counts else (1, [ClaimReason.NO_HOST])
    )


def test_a_check_in_of_which_no_officer_is_named_counts() -> None:
    for named in ((), EVIDENCE[1:], (("experienced_officer", ""),)):
        assert requirements(replace(DONE, attributes=named), replace(ROW, topics=(), check_ins=1)) == ["check-in"]


def test_topics_count_while_the_same_records_on_the_job_day_waits() -> None:
    mapped = credits_of(DONE, index(replace(ROW, on_the_job_days=1)), accepted={})
    assert isinstance(mapped, Credited)
    assert [credit.requirement for credit in mapped.credits] == ["topic-06"]
    assert [claim.requirement for claim in mapped.claims] == ["on-the-job"]


def test_check_ins_keep_their_amount() -> None:
    mapped = credits_of(DONE, index(replace(ROW, topics=(), check_ins=3)), accepted={})
    assert isinstance(mapped, Credited)
    assert [(credit.requirement, credit.amount) for credit in mapped.credits] == [("check-in", 3)]


def test_the_claim_id_follows_the_content_and_not_where_it_was_read() -> None:
    moved = replace(DONE, origin=Origin(file="other.csv"), status="Exempt", score=Decimal("90.0"))
    assert claim_id(moved) == claim_id(replace(DONE, score=Decimal("90")))
    assert len({claim_id(replace(DONE, day=day)) for day in (DAY, date(2026, 10, 6), None)}) == 3
    assert claim_id(DONE) != claim_id(replace(DONE, source="vector"))


ROWS = st.builds(
    replace,
    st.just(ROW),
    source=st.sampled_from(["*", "canvas", "vector"]),
    course=st.sampled_from(["101", "Bias free policing", "other"]),
    unit=st.sampled_from(["", "u7", "Bias"]),
    topics=st.lists(st.integers(1, 13), unique=True, max_size=3).map(lambda found: tuple(sorted(found))),
)


@given(st.lists(ROWS, max_size=8, unique_by=lambda row: (row.source, row.course, row.unit)), st.randoms())
def test_the_order_of_rows_changes_nothing_and_one_row_alone_speaks(rows: list[CourseRow], random: Random) -> None:
    completion = replace(DONE, unit="u7", unit_title="Bias")
    mapped = credits_of(completion, index(*rows), accepted={})
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert credits_of(completion, index(*shuffled), accepted={}) == mapped
    if isinstance(mapped, Credited):
        assert tuple(int(c.requirement[-2:]) for c in mapped.credits) in {row.topics for row in rows}


BY_FILE = replace(
    DONE, course="sss-01_sh__amp__co", course_title="", attributes=(("course_in_file_name", "completion"),)
)
"""A completion whose course only the name of a download tells."""


@pytest.mark.parametrize(
    ("course", "form"),
    [
        ("SSS-10", "sss-10"),
        ("SSS-01 SH & Co", "sss-01_sh__amp__co"),
        ("SSS-01 SH &amp; Co", "sss-01_sh__amp__co"),
        ("Déjà vu", "d__j___vu"),
        ("A.B/C", "a_b_c"),
        ("", ""),
    ],
)
def test_a_short_name_has_its_form_in_a_files_name(course: str, form: str) -> None:
    assert in_file_name(course) == form


@given(st.text())
def test_a_form_holds_only_what_moodle_leaves_and_is_its_own_form(course: str) -> None:
    form = in_file_name(course)
    assert set(form) <= set("abcdefghijklmnopqrstuvwxyz0123456789-_")
    assert in_file_name(form) == form


def test_a_course_that_a_files_name_tells_is_found_by_its_form() -> None:
    row = replace(ROW, course="SSS-01 SH & Co")
    assert requirements(BY_FILE, row) == ["topic-06"]
    assert requirements(replace(BY_FILE, attributes=()), row) == []


def test_a_form_that_two_courses_share_is_refused_and_both_are_named() -> None:
    rows = (replace(ROW, course="SSS-01 SH & Co"), replace(ROW, course="sss-01.SH & Co", cell="Courses!B3"))
    mapped = credits_of(BY_FILE, index(*rows), accepted={})
    assert mapped == NotCounted(NotCountedReason.ALIKE, "Courses!B2 and Courses!B3")


def test_a_course_that_is_written_like_its_form_is_not_told_from_another_that_shares_it() -> None:
    """`SSS_01` and `SSS 01` are both `sss_01` in a file's name."""
    rows = (replace(ROW, course="SSS_01"), replace(ROW, course="SSS 01", cell="Courses!B3"))
    by_file = replace(BY_FILE, course="sss_01")
    assert credits_of(by_file, index(*rows), accepted={}) == NotCounted(
        NotCountedReason.ALIKE, "Courses!B2 and Courses!B3"
    )
    assert requirements(replace(by_file, attributes=()), *rows) == ["topic-06"]


def test_a_row_of_the_source_replaces_the_same_course_and_not_another_of_its_form() -> None:
    own = replace(ROW, source="canvas", course="SSS-01 SH & Co", topics=(8,))
    same, other = (replace(ROW, course=course, cell="Courses!B3") for course in ("sss-01 sh & co", "SSS-01.SH & Co"))
    assert requirements(BY_FILE, own, same) == ["topic-08"]
    assert isinstance(credits_of(BY_FILE, index(own, other), accepted={}), NotCounted)


def test_a_row_with_the_form_itself_comes_before_all() -> None:
    shared = (replace(ROW, course="SSS-01 SH & Co"), replace(ROW, course="SSS-01.SH & Co", topics=(7,)))
    own = replace(ROW, source="canvas", course=BY_FILE.course, topics=(8,))
    assert requirements(BY_FILE, *shared, own) == ["topic-08"]


def test_units_of_a_course_in_a_files_name_are_found_too() -> None:
    row = replace(ROW, course="SSS-01 SH & Co", unit="Read the module")
    assert requirements(replace(BY_FILE, unit="Read the module"), row) == ["topic-06"]
    assert requirements(BY_FILE, row) == []
