"""Warnings 30, 14, 7 and 0 days before a last lawful day: on their day, once, by report, by mail, or to HR."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest

from lms_sync.compliance.audience import audiences
from lms_sync.compliance.due_warnings import STEPS, Span, due_warnings, near_now
from lms_sync.compliance.gap_report import GapReport
from lms_sync.errors import UsageError
from lms_sync.mail.decide import hold, hold_partner
from lms_sync.mail.issue import current_report
from lms_sync.mail.partner_night import PartnerNight, Tonight, fall_behind
from lms_sync.model.author import Author
from lms_sync.model.delivery import DeliveryKind, DeliveryState
from lms_sync.model.due_warning import Warned, not_warned
from lms_sync.model.roster import Cadence
from lms_sync.operations.night import open_issuer
from lms_sync.operations.release import release_held
from lms_sync.operations.sample import SAMPLE_NAMES, sample_plan, sample_report
from lms_sync.reports.issuer import Issuer
from lms_sync.reports.partner.letter import letter
from lms_sync.store.known.registers import WARNED
from lms_sync.store.workspace import Workspace
from tests.operations.night_files import BOSS, CHIEF, NAMES, partner_lines, roster
from tests.operations.night_town import Town, issue_tonight, message_of, text_of

LAST = date(2027, 3, 2)
"""The last lawful day of the classroom topics that people of the town lack."""


def day(step: int) -> date:
    return LAST - timedelta(days=step)


@dataclass
class Nights:
    """Nights of one partner whose report is not due, one after another."""

    workspace: Workspace
    partner_id: str = "quarry"
    cadence: Cadence = Cadence.ON_CHANGE
    last_night: date | None = None
    judged_once: Issuer | None = None

    def report(self, on: date) -> tuple[Issuer, GapReport]:
        """Return the partner's report of a day on which everybody stands as in February."""
        if self.judged_once is None:
            self.judged_once = open_issuer(self.workspace, as_of=day(20))
        judged = replace(self.judged_once.judged, as_of=on)
        issuer = replace(self.judged_once, judged=judged, now=self.workspace.clock())
        partner = issuer.snapshot.roster.partners[self.partner_id]
        report = current_report(self.workspace.store, issuer, partner)
        return issuer, replace(report, partner=replace(partner, cadence=self.cadence))

    def night(self, on: date, *, stop: str = "") -> PartnerNight:
        issuer, report = self.report(on)
        found = issue_tonight(self.workspace.store, issuer, report, Tonight(stop, "", self.last_night))
        self.last_night = on
        return found

    def text(self, night: PartnerNight) -> str:
        (delivery,) = night.posted
        return text_of(message_of(self.workspace.store.deliveries.body(delivery.delivery_id)))


@pytest.fixture
def nights(settled: Town) -> Iterator[Nights]:
    settled.later(days=1)
    with settled.workspace() as workspace:
        yield Nights(workspace)


def test_each_day_of_a_warning_has_one_short_mail_and_no_other_day_has_any(nights: Nights) -> None:
    wanted = {}
    for on in (day(31), *map(day, STEPS[:2]), day(13), *map(day, STEPS[2:]), day(-1)):
        for again in range(2):
            found = nights.night(on)
            assert found.findings == ()
            wanted[on, again] = len(found.posted)
    assert [on for (on, again), number in wanted.items() if number] == [day(step) for step in STEPS]
    assert [again for (_, again), number in wanted.items() if number] == [0, 0, 0, 0]


def test_a_warning_says_who_lacks_what_by_when_and_names_nobody_else(nights: Nights) -> None:
    nights.night(day(15))
    night = nights.night(day(14))
    (delivery,) = night.posted
    assert (delivery.kind, delivery.state) == (DeliveryKind.WARNING, DeliveryState.QUEUED)
    text = " ".join(nights.text(night).split())
    assert "Rookhurst, Benedetta: 12 classroom topics" in text
    assert "Last lawful day: 2 Mar 2027, in 14 days." in text
    others = {name for person_id, (name, _) in NAMES.items() if person_id != "70102"}
    assert not any(name in text for name in others)
    assert not any(name in delivery.subject for name, _ in NAMES.values())


def test_a_night_that_did_not_run_costs_no_warning_and_several_days_are_one(nights: Nights) -> None:
    nights.night(day(31))
    assert "in 12 days" in nights.text(nights.night(day(12)))  # the days 30 and 14 were missed
    assert nights.night(day(11)).posted == ()
    assert "now past" in nights.text(nights.night(day(-2)))
    assert nights.night(day(-3)).posted == ()


def test_on_the_first_night_only_todays_are_given(nights: Nights) -> None:
    assert nights.night(day(13)).posted == ()
    assert len(Nights(nights.workspace, "heron").night(day(7)).posted) == 1


def test_an_earlier_versions_last_night_counts_as_one_that_warned(nights: Nights) -> None:
    nights.last_night = day(20)
    assert len(nights.night(day(10)).posted) == 1


def test_in_a_report_that_goes_that_night_it_is_a_line_on_top_and_no_other_mail(nights: Nights) -> None:
    nights.cadence = Cadence.WEEKLY
    (delivery,) = nights.night(day(14)).posted
    assert delivery.kind is DeliveryKind.PARTNER
    body = message_of(nights.workspace.store.deliveries.body(delivery.delivery_id))
    assert "Reminder: Rookhurst, Benedetta" in " ".join(text_of(body).split())
    nights.cadence = Cadence.ON_CHANGE
    assert nights.night(day(14)).posted == ()


@pytest.mark.parametrize("why", ["stop", "held by a person", "not released", "cadence none"])
def test_what_keeps_reports_from_a_partner_keeps_warnings_too_and_hr_is_told(nights: Nights, why: str) -> None:
    store, author = nights.workspace.store, Author("A. Roe", "being looked at", nights.workspace.clock())
    stop = "a source looks broken" if why == "stop" else ""
    if why == "held by a person":
        partner = nights.report(day(14))[1].partner
        hold_partner(nights.workspace, author, partner=partner)
    if why == "not released":
        with store.transaction():
            for address in store.deliveries.released("quarry"):
                store.deliveries.take_back("quarry", address)
    if why == "cadence none":
        nights.cadence = Cadence.NONE
    before = store.deliveries.listed()
    found = nights.night(day(14), stop=stop)
    assert found.posted == ()
    assert store.deliveries.listed() == before
    (finding,) = found.findings
    assert (finding.code, finding.people) == ("warning-not-mailed", ("70102",))
    assert "Rookhurst, Benedetta (70102)" in finding.found
    assert nights.night(day(13)).findings == ()  # told once


def test_a_report_that_is_held_on_the_day_tells_hr_of_the_warning(nights: Nights) -> None:
    nights.cadence = Cadence.WEEKLY
    found = nights.night(day(14), stop="a source looks broken")
    assert [delivery.state for delivery in found.posted] == [DeliveryState.HELD]
    assert [finding.code for finding in found.findings] == ["warning-not-mailed"]


def test_what_a_night_could_not_make_the_next_one_makes(nights: Nights) -> None:
    nights.night(day(15))
    issuer, report = nights.report(day(14))
    (audience,) = audiences(report.partner)
    fall_behind(nights.workspace.store, issuer, audience, last_night=nights.last_night)
    nights.last_night = day(14)
    fall_behind(nights.workspace.store, nights.report(day(13))[0], audience, last_night=nights.last_night)
    nights.last_night = day(13)
    assert len(nights.night(day(12)).posted) == 1
    assert nights.night(day(11)).posted == ()


def test_a_night_that_warns_of_nothing_writes_nothing(nights: Nights) -> None:
    nights.night(day(20))
    assert WARNED.read(nights.workspace.store) == {}


def test_a_held_partner_gets_no_warning_that_still_waits_to_be_sent(nights: Nights) -> None:
    report = nights.report(day(14))[1]
    (queued,) = nights.night(day(14)).posted
    author = Author("A. Roe", "being looked at", nights.workspace.clock())
    hold_partner(nights.workspace, author, partner=report.partner)
    assert nights.workspace.store.deliveries.get(queued.delivery_id).stopped


def test_a_warning_that_was_held_is_built_anew_of_what_is_near_when_it_is_let_go(nights: Nights) -> None:
    (queued,) = nights.night(day(14)).posted
    author = Author("A. Roe", "so decided", nights.workspace.clock())
    hold(nights.workspace, author, delivery_ids=[queued.delivery_id])
    # In the town's November nothing is near.
    released = release_held(nights.workspace, author, delivery_ids=[queued.delivery_id])
    assert released.built == ()
    (error,) = released.refused
    assert isinstance(error, UsageError)
    assert "near any more" in str(error)


@pytest.mark.slow
def test_whole_nights_warn_on_their_day_also_after_one_that_did_not_run(settled: Town) -> None:
    settled.write("roster.xlsx", roster(partners=partner_lines(quarry="on change", heron="none")))
    settled.now = settled.now.replace(year=2027, month=2, day=15)
    settled.night()  # since the last night the thirtieth day before has gone by
    assert ["heron" in owed for owed in settled.findings("warning-not-mailed")] == [True]
    before = len(settled.to(CHIEF))
    settled.night(days=2)  # the day itself, 16 February, had no night
    (mail,) = settled.to(CHIEF)[before:]
    assert "in 13 days" in text_of(mail)
    (told,) = settled.findings("warning-not-mailed")
    assert "heron" in told
    settled.night(days=1)
    assert len(settled.to(CHIEF)) == before + 1
    assert settled.findings("warning-not-mailed") == []
    assert not any("Reminder" in text_of(mail) for mail in settled.to(BOSS))


@pytest.mark.parametrize(
    ("warned", "last_night", "since"),
    [
        (not_warned(None, date(2026, 11, 23)), None, date(2026, 11, 22)),
        (not_warned(date(2026, 11, 23), date(2026, 11, 23)), date(2026, 11, 23), date(2026, 11, 22)),
        (not_warned(date(2026, 11, 20), date(2026, 11, 23)), date(2026, 11, 20), date(2026, 11, 20)),
        (Warned(date(2026, 11, 1)), date(2026, 11, 20), date(2026, 11, 20)),
        (Warned(date(2026, 11, 1), behind=True), date(2026, 11, 20), date(2026, 11, 1)),
        (Warned(date(2026, 11, 23)), date(2026, 11, 20), date(2026, 11, 22)),
    ],
)
def test_since_when_warnings_are_wanted(warned: Warned, last_night: date | None, since: date) -> None:
    assert warned.since(last_night, date(2026, 11, 23)) == since


def test_a_report_with_reminders_keeps_to_five_lines() -> None:
    report = sample_report()
    days = [standing.last_lawful_day for person in report.people for standing in person.open]
    nearest = min(day for day in days if day and day >= report.as_of)
    report = replace(report, as_of=nearest - timedelta(days=14))
    warned = replace(report, warnings=due_warnings(report, Span(report.as_of - timedelta(days=1), report.as_of)))
    assert warned.warnings
    assert near_now(report)[: len(warned.warnings)] == warned.warnings
    brief = letter(warned, sample_plan(), SAMPLE_NAMES).brief
    assert 1 <= len(brief) <= 5
    assert any("Reminder" in line for line in brief)
