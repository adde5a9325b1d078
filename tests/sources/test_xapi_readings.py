"""What one statement says: who, what, when, or why it says nothing."""

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_sync.model.evidence import ClaimReason, Completion, Reading, Refused, Revoked, Skipped
from lms_sync.model.pseudonyms import Pseudonyms, pseudonymous_learner
from lms_sync.model.roster import Person
from lms_sync.people.match import directory, match_all
from lms_sync.sources.spreadsheet.cell_dates import Zones
from lms_sync.sources.xapi.actor import unmatchable
from lms_sync.sources.xapi.readings import StatementForm, read_statements
from tests.sources.lrs_server import COMPLETED, FAILED, PASSED, SATISFIED, WAIVED, Raw, statement, statement_id, void

PACIFIC = Zones("", "America/Los_Angeles")
FORM = StatementForm("lrs", "https://lrs.example.org/xAPI/statements", (COMPLETED, PASSED), (), frozenset(), PACIFIC)


def reading(raw: object, form: StatementForm = FORM) -> Reading:
    (item,) = read_statements([raw], form)
    return item.reading


def completion(raw: object, form: StatementForm = FORM) -> Completion:
    read = reading(raw, form)
    assert isinstance(read, Completion), read
    return read


def refused(raw: object, form: StatementForm = FORM) -> Refused:
    read = reading(raw, form)
    assert isinstance(read, Refused), read
    return read


@pytest.mark.parametrize("verb", [COMPLETED, PASSED])
def test_a_completion(verb: str) -> None:
    one = completion(statement(1, verb, result={"completion": True, "success": True, "score": {"scaled": 0.9}}))
    assert (one.source, one.record) == ("lrs", statement_id(1))
    assert (one.course, one.course_title, one.unit) == (
        "https://lms.example.org/course/SSS-10",
        "De-escalation",
        "",
    )
    assert (one.day, one.instant) == (date(2025, 9, 3), datetime(2025, 9, 3, 16, 30, tzinfo=UTC))
    assert (one.claim, one.score, one.status) == (None, Decimal(90), verb.rpartition("/")[2])
    assert str(one.origin) == f"https://lrs.example.org/xAPI/statements, {statement_id(1)}"


@pytest.mark.parametrize(
    ("result", "why"),
    [
        ({"completion": True, "success": False}, "completed, but result.success is false"),
        ({"completion": False}, "completed, but result.completion is false"),
    ],
)
def test_what_was_not_passed_is_nothing(result: Raw, why: str) -> None:
    assert reading(statement(1, result=result)) == Skipped(why)


@pytest.mark.parametrize("verb", [FAILED, SATISFIED, "http://adlnet.gov/expapi/verbs/initialized"])
def test_other_verbs_tell_of_no_completion(verb: str) -> None:
    word = verb.rpartition("/")[2]
    raw = statement(1, verb, result={"completion": True, "success": True})
    assert reading(raw) == Skipped(f"{word} reports no completion")


def test_a_waiver_is_a_claim() -> None:
    reason = {"https://w3id.org/xapi/cmi5/result/extensions/reason": "Tested Out"}
    one = completion(statement(1, WAIVED, result={"completion": True, "success": True, "extensions": reason}))
    assert (one.claim, one.status) == (ClaimReason.WAIVER, "waived: Tested Out")


def test_a_void_revokes_its_target_whatever_the_case_of_its_id() -> None:
    target = "6B12C322-40A9-5792-8C14-B3EC04105944"
    assert reading(void(2, target)) == Revoked("lrs", target.lower(), "voided")
    assert completion(statement(1, id=target)).record == target.lower()


def test_a_void_of_no_statement_revokes_nothing() -> None:
    raw = void(2, "x") | {"object": {"id": "https://lms.example.org/course/SSS-10"}}
    assert isinstance(reading(raw), Skipped)


def test_only_named_activities_count() -> None:
    form = replace(FORM, activities=("https://lms.example.org/course/SSS-",))
    other = {"id": "https://lms.example.org/course/first-aid"}
    assert isinstance(reading(statement(1), form), Completion)
    assert reading(statement(1, object=other), form) == Skipped("an activity that `activities` does not name")


def test_what_is_about_a_person_or_another_statement_is_no_completion() -> None:
    thing = {"objectType": "StatementRef", "id": statement_id(9)}
    assert reading(statement(1, object=thing)) == Skipped("about StatementRef, not an activity")


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2025-09-01T06:59:59.000Z", date(2025, 8, 31)),
        ("2025-09-01T07:00:00Z", date(2025, 9, 1)),
        ("2025-08-31T22:59:59-08:00", date(2025, 8, 31)),
        ("2025-08-31T23:59:59-07:00", date(2025, 8, 31)),
        ("2025-09-01T12:29:59.1234567+05:30", date(2025, 8, 31)),
        ("2025-09-01t06:59:59z", date(2025, 8, 31)),
        ("2025-09-01T06:59:59+0000", date(2025, 8, 31)),
    ],
)
def test_any_offset_gives_the_districts_day(written: str, day: date) -> None:
    assert completion(statement(1, timestamp=written)).day == day


def test_no_time_is_a_claim_and_never_today() -> None:
    one = completion(statement(1, timestamp=None))
    assert (one.day, one.instant, one.claim) == (None, None, ClaimReason.NO_DATE)


def test_a_time_without_offset_takes_the_stated_zone_or_is_refused() -> None:
    raw = statement(1, timestamp="2025-09-01T01:30:00")
    assert refused(raw).finding.code == "zone-missing"
    stated = replace(FORM, zones=Zones("America/New_York", "America/Los_Angeles"))
    assert completion(raw, stated).day == date(2025, 8, 31)
    # A time that tells its offset is not touched by it.
    assert completion(statement(1), stated) == completion(statement(1))


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"timestamp": "yesterday"}, "bad-date"),
        ({"timestamp": "2025-02-31T00:00:00Z"}, "bad-date"),
        ({"timestamp": "1925-09-01T00:00:00Z"}, "bad-date"),
        ({"actor": None}, "nobody"),
        ({"actor": {"name": "Ana Diaz"}}, "nobody"),
        ({"actor": {"mbox": "mailto:"}}, "nobody"),
        ({"actor": {"objectType": "Group", "mbox": "mailto:class@example.org"}}, "nobody"),
        ({"actor": {"account": {"homePage": "https://lms.example.org", "name": "123-45-6789"}}}, "forbidden-id"),
        ({"id": ""}, "statement-unreadable"),
        ({"verb": None}, "statement-unreadable"),
        ({"object": "SSS-10"}, "statement-unreadable"),
        ({"result": {"success": "no"}}, "statement-unreadable"),
    ],
)
def test_what_cannot_be_read_is_refused_with_place_and_remedy(parts: dict[str, Any], code: str) -> None:
    finding = refused(statement(1, **parts)).finding
    assert (finding.code, finding.source) == (code, "lrs")
    assert finding.where.startswith(FORM.url)
    assert finding.remedy
    assert "123-45" not in str(finding)
    assert "Ana" not in str(finding)


@pytest.mark.parametrize("raw", [None, "x", [], {}, {"id": {"a": 1}}, {"actor": [], "verb": 3}])
def test_what_is_no_statement_stops_no_other(raw: object) -> None:
    one, other = read_statements([raw, statement(1)], FORM)
    assert {type(one.reading), type(other.reading)} == {Refused, Completion}


def test_what_cannot_be_read_and_is_voided_need_not_be_read() -> None:
    items = read_statements([statement(1, timestamp="soon"), void(2, statement_id(1))], FORM)
    assert [type(item.reading) for item in items] == [Skipped, Revoked]


@pytest.mark.parametrize(
    "mbox",
    [
        "mailto:ana.o'diaz+lms@example.org",
        "MAILTO:Ana.O'Diaz+LMS@Example.org",
        " mailto: ana.o'diaz+lms@example.org ",
        "mailto:ana.o%27diaz%2Blms%40example.org",
        "mailto:ana.o%27diaz%2blms@example.org",
        "mailto:ana.o'diaz+lms@example.org?subject=Your%20course",
        "ana.o'diaz+lms@example.org",
    ],
)
def test_an_address_is_one_learner_however_the_lrs_spells_it(mbox: str) -> None:
    """With %40 for @ it was refused, and with %27 for an apostrophe somebody else's."""
    learner = completion(statement(1, actor={"mbox": mbox, "name": "Ana O'Diaz"})).learner
    assert learner.key == "ana.o'diaz+lms@example.org"
    assert [email.lower() for email in learner.emails] == ["ana.o'diaz+lms@example.org"]


@pytest.mark.parametrize(
    "mbox", ["mailto:ana%0A@example.org", "mailto:ana%40b@example.org", "mailto:100%@example.org"]
)
def test_escapes_that_stand_for_nothing_of_an_address_stay_as_they_are(mbox: str) -> None:
    learner = completion(statement(1, actor={"mbox": mbox, "name": "Ana Diaz"})).learner
    assert learner.key == mbox.removeprefix("mailto:").lower()


def test_people_by_e_mail() -> None:
    learner = completion(statement(1, actor={"mbox": "MAILTO:Ana.D@Example.org", "name": "Ana Diaz"})).learner
    assert (learner.key, learner.emails, learner.person_id) == ("ana.d@example.org", ("Ana.D@Example.org",), "")
    assert (learner.first_name, learner.last_name) == ("Ana", "Diaz")


def test_an_account_is_the_persons_id_only_where_the_settings_say_so() -> None:
    raw = statement(1, actor={"account": {"homePage": "https://LMS.example.org/", "name": "E100005"}})
    assert completion(raw).learner.person_id == ""
    ours = replace(FORM, person_id_homes=frozenset({"https://lms.example.org"}))
    learner = completion(raw, ours).learner
    assert (learner.key, learner.person_id) == ("https://lms.example.org|e100005", "E100005")
    elsewhere = statement(1, actor={"account": {"homePage": "https://other.example.com", "name": "E100005"}})
    assert completion(elsewhere, ours).learner.person_id == ""


def test_people_by_hash_or_openid_are_told_apart_and_openid_matches_nobody() -> None:
    digest = hashlib.sha1(b"mailto:ana@example.org").hexdigest()
    by_hash = completion(statement(1, actor={"mbox_sha1sum": f" {digest.upper()}"})).learner
    by_openid = completion(statement(1, actor={"openid": "https://id.example.org/ana"})).learner
    assert (by_hash.key, by_hash.emails, by_hash.addresses) == (f"sha1:{digest}", (digest,), ())
    assert by_openid.emails == ()
    assert unmatchable([by_hash, by_openid, completion(statement(1)).learner]) == ("openid",)


@pytest.mark.parametrize(
    ("hashed", "person_id"),
    [
        ("ana@example.org", "E1"),
        ("Ana@Example.org", "E1"),
        ("ben@example.org", "E2"),
        ("ANA@EXAMPLE.ORG", ""),
        ("cy@example.org", ""),
    ],
)
def test_the_hash_of_an_address_matches_who_has_the_address(hashed: str, person_id: str) -> None:
    """As the roster has it, or in lower case; another way to write it makes another hash."""
    people = (
        Person("E1", "Diaz", "Ana", emails=("Ana@Example.org",)),
        Person("E2", "Okafor", "Ben", emails=("ben@example.org",)),
    )
    digest = hashlib.sha1(f"mailto:{hashed}".encode()).hexdigest()
    raw = completion(statement(1, actor={"name": "", "mbox_sha1sum": digest})).learner
    pseudonyms = Pseudonyms(b"a key for tests")
    (match,) = match_all([pseudonymous_learner(raw, pseudonyms)], directory(people, pseudonyms)).values()
    assert (match.person_id, match.conflict) == (person_id, "")


@pytest.mark.parametrize("spelt", ["Ana@Example.org", "ana%40Example.org", "ana@example.org"])
def test_who_is_named_by_address_and_by_its_hash_is_one(spelt: str) -> None:
    """The hash is of the address as the LMS has it; other statements of the same LRS tell how that is."""
    people, pseudonyms = (Person("E1", "Diaz", "Ana", emails=("ana@example.org",)),), Pseudonyms(b"a key for tests")
    digest = hashlib.sha1(f"mailto:{spelt}".replace("%40", "@").encode()).hexdigest().upper()
    actors = {"name": "", "mbox": f"mailto:{spelt}"}, {"name": "", "mbox_sha1sum": digest}
    raw = [completion(statement(number, actor=actor)).learner for number, actor in enumerate(actors, 1)]
    matches = match_all([pseudonymous_learner(who, pseudonyms) for who in raw], directory(people, pseudonyms))
    assert [match.person_id for match in matches.values()] == ["E1", "E1"]


@pytest.mark.parametrize(
    ("names", "title"),
    [
        ({"es": "Desescalada", "en-US": "De-escalation"}, "De-escalation"),
        ({"es": "Desescalada", "en-GB": "De-escalation"}, "De-escalation"),
        ({"es": "Desescalada", "fr": " "}, "Desescalada"),
        ({}, "https://lms.example.org/c"),
    ],
)
def test_titles_are_english_where_there_is_one(names: dict[str, str], title: str) -> None:
    raw = statement(1, object={"id": "https://lms.example.org/c", "definition": {"name": names}})
    assert completion(raw).course_title == title


@pytest.mark.parametrize(
    ("score", "read"),
    [
        ({"raw": 8, "max": 10, "min": 0}, Decimal(80)),
        ({"raw": 45, "max": 50}, Decimal(90)),
        ({"raw": 8, "max": 0}, Decimal(8)),
        ({"scaled": 0.29, "raw": 12}, Decimal("29")),
        ({"raw": 7.5}, Decimal("7.5")),
        ({}, None),
    ],
)
def test_scores_are_per_cent_where_they_are_scaled(score: Raw, read: Decimal | None) -> None:
    assert completion(statement(1, result={"score": score})).score == read


def test_the_item_keeps_what_was_read_and_knows_what_identifies() -> None:
    raw = statement(1, context={"instructor": {"mbox": "mailto:boss@example.org"}}, result={"completion": True})
    (item,) = read_statements([raw], FORM)
    kept = dict(item.text)
    assert kept["actor.mbox"] == "mailto:ana@example.org"
    assert kept["result.completion"] == "true"
    assert item.identifying == {"actor.mbox", "actor.name"}
    assert "boss" not in repr(item)


def test_the_same_statement_twice_is_one_item_and_another_content_is_not() -> None:
    again = statement(1, timestamp="2025-09-04T16:30:00Z")
    assert len(read_statements([statement(1), statement(1), again], FORM)) == 2


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(part=st.sampled_from(sorted(statement(1))), value=ANYTHING)
def test_whatever_a_part_says_there_is_one_item(part: str, value: object) -> None:
    assert len(read_statements([statement(1) | {part: value}], FORM)) == 1
    nested = statement(1) | {"result": {part: value, "score": value}, "actor": {"mbox": value, "account": value}}
    assert len(read_statements([nested], FORM)) == 1


@given(st.permutations([statement(n, stored=f"2025-09-0{n}T00:00:00Z") for n in range(1, 6)]))
def test_the_order_of_the_answer_says_nothing(raws: list[Raw]) -> None:
    assert [item.origin.item for item in read_statements(raws, FORM)] == [statement_id(n) for n in range(1, 6)]
