"""Why a partner's report waits: for each reason the partners whom it concerns, and no other."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from lms_sync.compliance.judge import Judged
from lms_sync.errors import SafetyStop, SourceError
from lms_sync.mail.reasons_to_hold import BY_RULES, BY_STORED, stop_reasons
from lms_sync.model.evidence import Learner
from lms_sync.model.links import Merge, OutdatedDecision, PeopleDecisions
from lms_sync.model.roster import Roster
from lms_sync.model.rule_change import STORED_JUDGEMENTS, RuleChange
from lms_sync.model.run import Pulled, PullRecord
from lms_sync.reports.issuer import Issuer
from lms_sync.store.known.snapshot import Snapshot
from tests.compliance.person_facts import DAY, GUARD, ME, OTHER, PARTNERS, SEAL, done, judged, knowledge_of, roster

NIGHT = datetime(2026, 11, 23, 10, tzinfo=UTC)
BROKEN = "a source that holds evidence of its people looks broken (safety stop)"
HR = "hr@example.org"


def issuer(snapshot: Snapshot, found: Judged | None = None) -> Issuer:
    """Return what is asked of an issuer here: the facts, the judgement and the district's own addresses."""
    config: Any = SimpleNamespace(settings=SimpleNamespace(district=SimpleNamespace(hr=(HR,))))
    templates: Any = None
    return Issuer(config, snapshot, found or judged(snapshot), templates, NIGHT, str, SEAL)


OF_VENDOR = done("Rights", who=GUARD, source="vendor", learner=Learner("vendor", GUARD, person_id=GUARD))
KNOWN = knowledge_of(done("Rights"), OF_VENDOR)
"""The source `class` holds evidence of one of Quarryville's people, `vendor` of one of Heronmere's."""


def test_nothing_waits_where_there_is_no_reason() -> None:
    assert stop_reasons(issuer(KNOWN), ()) == {}


@pytest.mark.parametrize(("source", "held"), [("class", "quarry"), ("vendor", "heron")])
def test_a_source_that_looks_broken_holds_those_with_evidence_of_it_tonight_and_until_it_is_sound(
    source: str, held: str
) -> None:
    stopped, failed = (
        Pulled(source, (), error, {}) for error in (SafetyStop("misses 9 records"), SourceError("no answer"))
    )
    assert stop_reasons(issuer(KNOWN), [stopped]) == {held: BROKEN}
    assert stop_reasons(issuer(KNOWN), [failed]) == {}
    for outcome, reasons in (("safety stop", {held: BROKEN}), ("failed", {}), ("stored", {})):
        before = replace(KNOWN, pulls={source: (None, PullRecord(source, NIGHT, outcome, "", {}))})
        assert stop_reasons(issuer(before), ()) == reasons


def test_several_people_of_whom_one_has_evidence_of_it_are_enough() -> None:
    assert {a.person_id for a in roster().assigned("heron", DAY)} == {OTHER, GUARD}
    assert stop_reasons(issuer(KNOWN), [Pulled("vendor", (), SafetyStop("x"), {})]) == {"heron": BROKEN}


def with_assignments_ended(partner_id: str) -> Roster:
    whole = roster()
    ended = [replace(a, ends=DAY - timedelta(days=1)) if a.partner_id == partner_id else a for a in whole.assignments]
    return replace(whole, assignments=tuple(ended))


def test_who_no_longer_works_there_holds_nothing() -> None:
    known = replace(KNOWN, roster=with_assignments_ended("quarry"))
    assert stop_reasons(issuer(known), [Pulled("class", (), SafetyStop("x"), {})]) == {}


@pytest.mark.parametrize(("rule", "why"), [("matching and judging", BY_RULES), (STORED_JUDGEMENTS, BY_STORED)])
def test_what_the_program_alone_judges_otherwise_holds_the_partners_of_these_people(rule: str, why: str) -> None:
    change = RuleChange("f1", rule, date(2026, 10, 1), ("somebody: complete",), (OTHER,))
    assert stop_reasons(issuer(replace(KNOWN, rule_changes={"f1": change})), ()) == {"heron": why}
    merge = Merge("former", ME, (), (), (), "Kim", date(2026, 10, 2), "renumbered")
    renumbered = replace(
        KNOWN, rule_changes={"f1": replace(change, people=("former",))}, decided=PeopleDecisions(merges=(merge,))
    )
    assert stop_reasons(issuer(renumbered), ()) == {"quarry": why}


def test_a_decision_that_names_nobody_holds_until_it_is_answered() -> None:
    decision = OutdatedDecision(OTHER, "", "the link of class:80201")
    for one, reasons in (
        (decision, {"heron": "a decision about one of its people does not say for whom it was made"}),
        (replace(decision, answered=True), {}),
        (replace(decision, then="Cleodora Marsh"), {}),
    ):
        found = replace(judged(KNOWN), outdated=(one,))
        assert stop_reasons(issuer(KNOWN, found), ()) == reasons


def test_an_address_under_two_partners_holds_both_but_not_one_of_the_districts_own() -> None:
    def shared(address: str) -> dict[str, str]:
        partners = {i: replace(partner, report_to=(address,)) for i, partner in PARTNERS.items()}
        return stop_reasons(issuer(replace(KNOWN, roster=replace(roster(), partners=partners))), ())

    assert shared("chief@example.org") == dict.fromkeys(
        PARTNERS, "one of its addresses is listed under another partner too"
    )
    assert shared(HR.upper()) == {}
