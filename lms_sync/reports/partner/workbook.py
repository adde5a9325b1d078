"""A partner's workbook: summary, person × requirement matrix, gaps by due date, plan, corrections, evidence."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from lms_sync.compliance.gap_report import GapReport, PersonGaps, ReportedStanding
from lms_sync.compliance.plan.training_plan import PersonPlan, TrainingPlan
from lms_sync.law.standing import MetBy, State
from lms_sync.model.evidence import ClaimReason
from lms_sync.model.pseudonyms import Pseudonyms
from lms_sync.reports import words
from lms_sync.reports.figures import LEGEND, NOT_REQUIRED, REQUIREMENTS, grid, mark_of
from lms_sync.reports.missing import gaps_of, missing_words, topic_words, urgency
from lms_sync.reports.partner.email import Freshness, freshness, whose
from lms_sync.reports.partner.letter import Letter, letter
from lms_sync.reports.partner.planned import SETTLING, closes_words, plan_lines, planned_state
from lms_sync.reports.partner.pressing import PressingRow as Pressing
from lms_sync.reports.templates import Templates
from lms_sync.sources.corrections.sheet_form import MissingTraining, correction_sheet
from lms_sync.tables.looks import Tone
from lms_sync.tables.write import ColumnSpec, Row, SheetSpec, Toned, write_workbook
from lms_sync.text import SIGNS_SHOWN

_STATE_TONES: dict[State, Tone] = {
    State.DOCUMENTED: "good",
    State.COMPLETE: "good",
    State.ON_PLAN: "",
    State.OVERDUE: "bad",
    State.UNDETERMINED: "warn",
    State.NOT_STARTED: "quiet",
}
SHEETS = (
    "Matrix: who has met what. Gaps: what is missing. Plan: what covers it. Corrections: to fill in and send back."
    " Evidence: what counts."
)
MARKS = tuple((mark.sign, mark.tone) for mark in LEGEND)


def partner_workbook(
    report: GapReport,
    plan: TrainingPlan,
    templates: Templates,
    *,
    pseudonyms: Pseudonyms | None = None,
    partner_letter: Letter | None = None,
) -> bytes:
    """Return the xlsx file that goes with the partner's e-mail; the same report gives the same bytes.

    `partner_letter` is what `letter` returns, where the caller has it.
    With the workspace's seal its sheet Corrections can be filled in and sent back; without, it is a preview.
    """
    names = templates.names
    sheets = (
        _summary(report, partner_letter or letter(report, plan, names), templates),
        _matrix(report, plan, names),
        _gaps(report, names),
        _plan(plan),
        _corrections(report, names, pseudonyms),
        _evidence(report, names),
    )
    title = f"School safety training, {words.clean(report.partner_name)}, {words.written(report.as_of)}"
    return write_workbook(None, sheets, title=title, day=report.as_of)


def _summary(report: GapReport, partner_letter: Letter, templates: Templates) -> SheetSpec:
    facts = [
        ("Partner", words.clean(report.partner_name)),
        ("Judged as of", words.written_in_full(report.as_of)),
        ("Call or write to", words.clean(report.contact)),
        ("Evidence known on", templates.instant(report.known_at)),
        ("In short", " ".join(partner_letter.headline)),
        *_alike("Overdue", ((row.name, _pressing(row)) for row in partner_letter.overdue)),
        *_alike("Due soon", ((row.name, _pressing(row)) for row in partner_letter.soon)),
        *(
            ("Waiting", f"{name}: {number} read, the course not decided yet")
            for name, number in partner_letter.undecided
        ),
        *_alike("Changed", ((person.name, " ".join(person.sentences)) for person in partner_letter.changes)),
        *_alike("Decision", ((person.name, " ".join(person.sentences)) for person in partner_letter.decisions)),
        *(("Source", _source(age)) for age in freshness(report.sources, templates)),
        ("About", whose(report)),
        ("Law applied", words.version_day(report.law)),
        ("Course map", report.mapping),
        ("Complete", "Every component is finished by the evidence we hold."),
        ("Complete, in doubt", "Met, but a source no longer says so: it counts until the district has decided."),
        ("Documented", "An educational service district (ESD) has issued its document; it does so on request."),
        ("Overdue", "Only after the last lawful day, which is never a Saturday, Sunday or legal holiday."),
        ("Sheets", SHEETS),
        ("Privacy", "Names and training records: pass this on only to those who need it."),
    ]
    columns = (ColumnSpec("Item", 20), ColumnSpec("What it says", 118))
    intro = ("Training of school safety and security staff",)
    return SheetSpec("Summary", columns, tuple(facts), intro=intro, one_page=True)


def _alike(item: str, people: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield a row for what there is to say of each, with the names of all of whom it is the same."""
    names: dict[str, list[str]] = {}
    for name, sentences in people:
        names.setdefault(sentences, []).append(name)
    yield from ((item, f"{'; '.join(alike)}: {sentences}") for sentences, alike in names.items())


def _pressing(row: Pressing) -> str:
    lacks = "; ".join(f"{missing.what}, {missing.when}" for missing in row.missing)
    return f"{row.consequence} Missing: {lacks}. {row.planned}"


def _matrix(report: GapReport, plan: TrainingPlan, names: Mapping[str, str]) -> SheetSpec:
    columns = (
        ColumnSpec("Person ID", 9),
        ColumnSpec("Person", 20),
        ColumnSpec("Class", 12),
        ColumnSpec("First day with students", 12, "date"),
        ColumnSpec("State", 22),
        *(ColumnSpec(topic_words(requirement, names), 15.5) for requirement in REQUIREMENTS),
    )
    intro = (
        f"Status as of {words.written_in_full(report.as_of)}",
        f"A date is the day on which it was met; words say what is missing and by when. {grid(report).key}",
        "An exclamation mark after a date means that it was met after the last lawful day.",
    )
    plans = {person.person_id: person for person in plan.people}
    rows = tuple(_matrix_row(person, plans.get(person.person_id), report) for person in report.people)
    return SheetSpec("Matrix", columns, rows, intro=intro, table="Matrix", freeze_columns=2, marks=MARKS)


def _matrix_row(person: PersonGaps, plan: PersonPlan | None, report: GapReport) -> Row:
    standings: dict[str, ReportedStanding] = {standing.requirement: standing for standing in person.requirements}
    absent = f"{NOT_REQUIRED.sign} not required" if person.staff_class else "? depends on the class"
    return (
        person.person_id,
        words.clean(person.name),
        words.SHORT_CLASSES[person.staff_class],
        person.first_day or Toned("not recorded", "warn"),
        Toned(planned_state(person, plan), "warn" if person.doubted else _STATE_TONES[person.state]),
        *(
            _matrix_cell(standings[requirement], report) if requirement in standings else absent
            for requirement in REQUIREMENTS
        ),
    )


def _matrix_cell(standing: ReportedStanding, report: GapReport) -> Toned:
    """Return the day on which it was met, or words that begin with the figure's sign, by which they are coloured."""
    mark = mark_of(standing, report)
    if standing.met_by is not None:
        if standing.doubted:
            return Toned(f"{mark.sign} met, in doubt since {words.written(standing.doubted)}")
        if standing.on is None or standing.met_by is MetBy.WAIVED:
            day = words.written(standing.on) if standing.on else ""
            return Toned(f"{mark.sign} {standing.met_by} {day}".strip(), "warn" if standing.late else "")
        return Toned(standing.on, "warn" if standing.late else "good", " !" if standing.late else "")
    counted = f"{standing.have} of {standing.need} done, " if standing.need > 1 else "missing, "
    when = "was due" if standing.late else "due"
    due = f"{when} {words.written(standing.due)}" if standing.due else "due date not known yet"
    booked = f"; signed up for {words.written(standing.signed_up[0].day)}" if standing.signed_up else ""
    return Toned(f"{mark.sign} {counted}{due}{booked}")


def _gaps(report: GapReport, names: Mapping[str, str]) -> SheetSpec:
    """Return what each person lacks of a component by one day, a row each."""
    columns = (
        ColumnSpec("Due", 14, "date"),
        ColumnSpec("Last lawful day", 14, "date"),
        ColumnSpec("How pressing", 16),
        ColumnSpec("Person ID", 11),
        ColumnSpec("Person", 24),
        ColumnSpec("Missing", 56),
        ColumnSpec("Signed up for", 30),
        ColumnSpec("Waiting for a decision", 30),
        ColumnSpec("Notes", 40),
    )
    gaps = [(gap, person) for person in report.people for gap in gaps_of(person.open)]
    rows = tuple(_gap_row(gap, person, report, names) for gap, person in sorted(gaps, key=_by_due))
    return SheetSpec("Gaps by due date", columns, rows, intro=("What is missing, by due date",), table="Gaps")


_WAITS: Mapping[str, str] = {ClaimReason.WAIVER.value: "marked as waived or exempt"}
"""Reasons of claims that need other words for a reader."""


def _by_due(gap: tuple[Sequence[ReportedStanding], PersonGaps]) -> date:
    standings, _ = gap
    return standings[0].due or date.max


def _gap_row(gap: Sequence[ReportedStanding], person: PersonGaps, report: GapReport, names: Mapping[str, str]) -> Row:
    first = gap[0]
    soon = f"within {report.due_soon_days} days"
    pressing: dict[str, Toned] = {
        "overdue": Toned("! overdue", "bad"),
        "soon": Toned(soon, "warn"),
        "later": Toned("later" if first.due else "no date yet"),
    }
    signed_up = (f"{words.written(b.day)}: {words.clean(b.title)}" for standing in gap for b in standing.signed_up)
    claims = (
        f"{c.title}: {_WAITS.get(c.reason, c.reason)} ({c.claim_id[:SIGNS_SHOWN]})" for s in gap for c in s.claims
    )
    return (
        first.due or "not known yet",
        first.last_lawful_day or "not known yet",
        pressing[urgency(first, report)],
        person.person_id,
        words.clean(person.name),
        missing_words(gap, names),
        "; ".join(dict.fromkeys(signed_up)),
        words.clean("; ".join(dict.fromkeys(claims))),
        words.clean(" ".join(dict.fromkeys(note for standing in gap for note in standing.notes))),
    )


def _plan(plan: TrainingPlan) -> SheetSpec:
    columns = (
        ColumnSpec("Person ID", 11),
        ColumnSpec("Person", 24),
        ColumnSpec("First date", 14, "date"),
        ColumnSpec("When", 24),
        ColumnSpec("What", 30),
        ColumnSpec("Where, fee, hours, seats", 34),
        ColumnSpec("Covers", 20),
        ColumnSpec("In time", 16),
        ColumnSpec("Sign up at", 34, "link"),
    )
    rows: list[Row] = []
    for person in plan.people:
        who = (person.person_id, words.clean(person.name))
        for line in plan_lines(person):
            in_time = Toned("! after due date", "bad") if line.late else "yes"
            details = line.note if line.proposed else line.details
            rows.append((*who, line.first, line.when, line.what, details, line.closes, in_time, line.link))
        for left, why in ((person.unclosed, "No class covers this yet"), (person.settling, SETTLING)):
            if left:
                rows.append((*who, None, "", Toned(why, "warn"), "", closes_words(left), "", ""))
    intro = (
        "What each person takes to finish the series",
        "Seats are shown, not reserved: sign up yourselves.",
        "Dates of on-the-job days and check-ins are proposed: agree them with the school and its experienced staff.",
    )
    return SheetSpec("Plan", columns, tuple(rows), intro=intro, table="TrainingPlan", freeze_columns=2)


def _corrections(report: GapReport, names: Mapping[str, str], pseudonyms: Pseudonyms | None) -> SheetSpec:
    missing = (
        MissingTraining(
            person.person_id, words.clean(person.name), standing.requirement, topic_words(standing.requirement, names)
        )
        for person in report.people
        for standing in person.open
        for _ in range(max(1, standing.need - standing.have) if standing.need > 1 else 1)
    )
    return correction_sheet(missing, partner_id=report.partner.partner_id, as_of=report.as_of, pseudonyms=pseudonyms)


def _evidence(report: GapReport, names: Mapping[str, str]) -> SheetSpec:
    columns = (
        ColumnSpec("Person ID", 11),
        ColumnSpec("Person", 24),
        ColumnSpec("Requirement", 30),
        ColumnSpec("Day", 14, "date"),
        ColumnSpec("Course", 32),
        ColumnSpec("Source", 16),
        ColumnSpec("Record", 24),
        ColumnSpec("Where it was read", 40),
        ColumnSpec("Host school", 18),
        ColumnSpec("Experienced officer", 20),
    )
    topics = {requirement: topic_words(requirement, names) for requirement in REQUIREMENTS}
    rows = tuple(
        (
            *who,
            topics.get(standing.requirement) or topic_words(standing.requirement, names),
            credit.day,
            words.clean(credit.title),
            words.clean(credit.source),
            credit.record[:12],
            words.clean(credit.origin),
            words.clean(credit.host_school),
            words.clean(credit.experienced_officer),
        )
        for person in report.people
        for who in [(person.person_id, words.clean(person.name))]
        for standing in person.requirements
        for credit in standing.credits
    )
    intro = ("Every completion that counts, and where it was read",)
    return SheetSpec("Evidence", columns, rows, intro=intro, table="Evidence", freeze_columns=2)


def _source(age: Freshness) -> str:
    """Return how fresh the evidence of a source is."""
    trouble = f" Trouble tonight: {age.trouble}" if age.trouble else ""
    return f"{age.source}: last read {age.pulled}; newest completion {age.newest}.{trouble}"
