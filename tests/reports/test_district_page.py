from dataclasses import replace
from datetime import date
from io import BytesIO
from itertools import pairwise

from openpyxl import load_workbook

from lms_sync.compliance.gap_report import ReportedSignUp
from lms_sync.compliance.gate import made_up
from lms_sync.law.standing import State
from lms_sync.model.finding import Area, Finding
from lms_sync.operations.sample import SAMPLE_NAMES, sample_plan, sample_report
from lms_sync.operations.sample_night import sample_night, sample_overview
from lms_sync.reports.district.booking import unbooked
from lms_sync.reports.district.late import NAMED, booked_words, late_sentence, late_steps, need_words, some_names
from lms_sync.reports.district.overview import NO_BUILDING, DistrictOverview, overview
from lms_sync.reports.district.page import DAYS_AHEAD, LISTED, district_page, states_words
from lms_sync.reports.district.workbook import district_workbook
from lms_sync.reports.partner.letter import letter
from tests.reports.golden_documents import VOICE
from tests.reports.html_page import read_page

NAMES = {**SAMPLE_NAMES, "on-the-job": "on-the-job training", "check-in": "check-in training"}


def finding(number: int, area: Area = Area.ROW, **changes: object) -> Finding:
    base = Finding(area, "bad-date", f"a.xlsx, S!D{number:03}", f"x{number}", "a date", "Mend it.")
    return replace(base, **changes)  # type: ignore[arg-type]


def of(*reports: object) -> DistrictOverview:
    return overview(reports, sample_night(), names=NAMES, sources=(), trend=())  # type: ignore[arg-type]


def words(view: DistrictOverview) -> str:
    return read_page(district_page(view, VOICE)).words


def test_whoever_works_for_two_partners_is_counted_once() -> None:
    report = sample_report()
    other = replace(report, partner=replace(report.partner, partner_id="OTHER", name="Other Guards"))
    view = of(report, other)
    assert view.people == len(report.people)
    assert [tally.total for tally in view.partners] == [len(report.people)] * 2
    assert all(tally.total == len(report.people) for tally in view.buildings)
    assert view.overdue[0].partners == f"{report.partner.name}, Other Guards"


def test_the_overdue_stand_with_what_is_late_and_the_others_with_what_is_next() -> None:
    view = of(sample_report())
    assert [(due.person_id, due.day, due.days) for due in view.overdue] == [
        ("00101", date(2026, 8, 31), 84),
        ("00102", date(2026, 10, 13), 41),
    ]
    assert [due.person_id for due in view.ahead] == ["00106", "00109", "00114"]
    assert [due.day for due in view.ahead] == sorted(due.day for due in view.ahead)
    undetermined = {p.person_id for p in sample_report().people if p.state is State.UNDETERMINED}
    assert not undetermined & {due.person_id for due in (*view.overdue, *view.ahead)}


def test_people_without_a_building_are_told_as_such() -> None:
    report = sample_report()
    view = of(replace(report, people=tuple(replace(person, buildings=()) for person in report.people)))
    assert [tally.name for tally in view.buildings] == [NO_BUILDING]


def test_the_states_words_have_signs() -> None:
    assert states_words((("overdue", 1), ("complete, in doubt", 2))) == "! 1 overdue, ? 2 complete, in doubt"
    assert states_words(()) == "nobody"


def test_every_figure_is_a_picture_with_a_text_alternative() -> None:
    page = read_page(district_page(sample_overview(), VOICE))
    pictures = [attributes for tag, attributes in page.elements if tag == "svg"]
    labels = [picture.get("aria-label", "") for picture in pictures]
    assert len(pictures) > 4
    assert all(picture.get("role") == "img" for picture in pictures)
    assert all(labels)
    assert any("classroom topics" in label for label in labels)
    assert any(label.startswith("From ") for label in labels)


def test_of_many_days_ahead_the_later_ones_are_counted() -> None:
    view = sample_overview()
    assert view.timeline is not None
    many = replace(view.timeline, days=view.timeline.days[:1] * (DAYS_AHEAD + 2))
    assert "And 2 later days." in words(replace(view, timeline=many))


def test_every_finding_stands_on_the_page_new_ones_marked() -> None:
    areas = tuple(finding(number, area) for number, area in enumerate(Area))
    shown = words(replace(sample_overview(), night=replace(sample_night(), new=areas, waiting=(finding(99),))))
    assert all(f"S!D{number:03}" in shown for number in (*range(len(areas)), 99))
    assert "Rows and cells: 2 1 new" in shown


def test_what_was_read_and_dropped_and_strangers_are_told() -> None:
    shown = words(sample_overview())
    assert "columns dropped: SSN" in shown
    assert "15 items = 9 added + 1 corrected" in shown
    assert "Learners of the sources who are not on the roster: 12." in shown


def test_more_people_than_a_list_holds_are_counted() -> None:
    report = sample_report()
    late = next(person for person in report.people if person.state is State.OVERDUE)
    many = tuple(replace(late, person_id=made_up(f"P{n}")) for n in range(LISTED + 3))
    assert "And 3 more: district.xlsx lists everybody." in words(of(replace(report, people=many)))


def test_nothing_on_the_page_runs_or_is_fetched() -> None:
    bad = finding(1, found="<script>alert(1)</script>")
    page = read_page(district_page(replace(sample_overview(), night=replace(sample_night(), new=(bad,))), VOICE))
    assert not {"script", "link", "img", "iframe"} & {tag for tag, _ in page.elements}
    links = [attributes.get("href", "") for tag, attributes in page.elements if tag == "a"]
    ids = {attributes.get("id", "") for _, attributes in page.elements}
    assert links
    assert all(link.startswith("#") and link[1:] in ids for link in links)
    assert all(after <= before + 1 for before, after in pairwise(page.headings))


def test_a_district_without_anybody_has_a_page_and_a_workbook() -> None:
    assert "Nobody is overdue." in words(of())
    book = load_workbook(BytesIO(district_workbook((), NAMES)))
    assert book.sheetnames == ["People", "By partner", "By building"]


def test_the_grid_has_everybody_and_every_requirement_with_filters() -> None:
    report = sample_report()
    sheet = load_workbook(BytesIO(district_workbook((report,), NAMES)))["People"]
    (table,) = sheet.tables.values()
    assert table.autoFilter is not None
    header, *rows = sheet[table.ref]
    assert len(header) == 8 + 15
    assert [row[0].value for row in rows] == [person.person_id for person in report.people]
    cells = {header[n].value: rows[0][n].value for n in range(len(header))}
    assert cells["1 Rights of children in school"] == "! late 31 Aug 2026"
    assert cells["2 Child and adolescent development"].date() == date(2026, 5, 4)


def test_each_sheet_prints_one_page_wide_at_letter_landscape() -> None:
    book = load_workbook(BytesIO(district_workbook((sample_report(),), NAMES)))
    for sheet in book.worksheets:
        page = sheet.page_setup
        assert (page.orientation, page.paperSize, page.fitToWidth, page.fitToHeight) == ("landscape", 1, None, 0)
        assert sheet.sheet_properties.pageSetUpPr is not None
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        width = sum(c.width * ((c.max or 0) - (c.min or 0) + 1) for c in sheet.column_dimensions.values())
        assert width <= 340, "printed smaller than that, nobody reads it"


def test_what_to_do_first_begins_with_those_who_are_late_and_what_to_book() -> None:
    shown = words(sample_overview())
    first = shown.partition("Then, in the records")[0].rpartition("What to do first ")[2]
    assert (
        "2 people are past the last lawful day for some training: Abernathy, Lucille (Lu); Castañeda, Inés." in first
    )
    assert "Book “De-escalation and rights”, 3 Dec 2026 (covers 1 Rights of children in school, 10" in first
    assert "Arrange check-in trainings with the schools: Castañeda, Inés." in first
    assert "lms-sync" not in first


def test_many_who_are_late_are_counted_and_the_list_names_them() -> None:
    view = sample_overview()
    many = replace(view, overdue=view.overdue[:1] * (NAMED + 1))
    assert late_sentence(many) == (
        f"{NAMED + 1} people are past the last lawful day for some training: named under “Overdue now” below."
    )
    assert late_sentence(replace(view, overdue=())) == ""
    assert late_steps(replace(view, bookings=(), unbooked=())) == ()


def test_the_classes_to_book_have_topics_names_and_whom_to_write_to() -> None:
    book = words(sample_overview()).partition("Nothing is booked yet. ")[2].partition("By partner")[0]
    assert "Fernwick Police Department: chief@fernwick-pd.example.org" in book
    assert "Covers: 1 Rights of children in school, 10 De-escalation with youth" in book
    assert "Fernwick Police Department (2): Đặng, Thị Mai (Mai); Underhill, Pax" in book
    assert (
        "No class yet for topic 13 Restorative justice : 2 people Fernwick Police Department (2): Đặng, Thị" in book
    )


def test_of_many_names_some_stand_there() -> None:
    assert some_names(("A", "B", "C"), most=3) == "A; B; C"
    assert some_names(("A", "B", "C", "D"), most=3) == "A; B; C and 1 more"


def test_whoever_works_for_two_partners_needs_a_thing_once() -> None:
    report, plan = sample_report(), sample_plan()
    other = replace(
        report, partner=replace(report.partner, partner_id=made_up("OTHER"), name=made_up("Other Guards"))
    )
    needs = unbooked([(report, plan), (other, plan)], NAMES)
    assert [(need.why, need.what, need.people) for need in needs] == [
        ("no class", "topic 13 Restorative justice", 2),
        ("with schools", "check-in trainings", 1),
        ("with schools", "on-the-job training days", 3),
    ]
    assert {tuple(name for name, _ in need.going) for need in needs} == {(report.partner.name, "Other Guards")}


def test_a_class_of_which_the_district_settles_who_may_take_it_is_not_called_missing() -> None:
    plan = sample_plan()
    people = tuple(replace(person, unclosed=(), settling=person.unclosed) for person in plan.people)
    needs = unbooked([(sample_report(), replace(plan, people=people))], NAMES)
    assert (
        need_words(needs[0]) == "The district still settles who may take the class for topic 13 Restorative justice"
    )


def test_topics_that_the_same_people_lack_are_one_line_everywhere() -> None:
    plan, report = sample_plan(), sample_report()
    topics = tuple(made_up(f"topic-{number:02}") for number in (2, 3, 12))
    people = tuple(replace(person, unclosed=topics, days=()) for person in plan.people)
    missing = "2 Child and adolescent development, 3 Trauma-informed approaches, 12 Student records (FERPA)"
    assert [need.what for need in unbooked([(report, replace(plan, people=people))], NAMES)] == [f"topics {missing}"]
    (line,) = letter(report, replace(plan, people=people), NAMES).unclosed
    assert line[0] == missing


def test_several_missing_things_have_each_its_own_last_lawful_day() -> None:
    report = sample_report()
    late = next(person for person in report.people if person.person_id == "00101")
    first = next(standing for standing in late.requirements if standing.late)
    check_in = next(s for p in report.people for s in p.requirements if s.late and s.component == "check-in")
    both = replace(late, requirements=(first, check_in))
    (due,) = of(replace(report, people=(both,))).overdue
    assert [what.rpartition(" (")[2] for what in due.missing] == [
        "last lawful day 31 Aug 2026)",
        "last lawful day 13 Oct 2026)",
    ]


def test_where_the_desk_has_an_address_each_step_leads_to_its_page() -> None:
    page = read_page(district_page(replace(sample_overview(), web_address="https://desk.example.org"), VOICE))
    links = {attributes.get("href", "") for tag, attributes in page.elements if tag == "a"}
    assert {"https://desk.example.org/worklist", "https://desk.example.org/messages"} <= links


def test_the_topics_are_explained_at_the_foot() -> None:
    foot = words(sample_overview()).rpartition("The 13 topics by number ")[2]
    assert all(f"{number} {SAMPLE_NAMES[f'topic-{number:02}']}" in foot for number in range(1, 14))


def test_whoever_is_signed_up_already_is_not_said_to_be_unbooked() -> None:
    report = sample_report()
    sign_up = ReportedSignUp(date(2026, 12, 3), made_up("Calm First"), made_up("vector"))
    person = next(person for person in report.people if person.open)
    signed = tuple(replace(standing, signed_up=(sign_up,)) for standing in person.requirements)
    view = of(replace(report, people=(replace(person, requirements=signed), *report.people[1:])))
    assert (of(report).signed_up, view.signed_up) == (0, 1)
    assert booked_words(of(report)) == "Nothing is booked yet."
    assert booked_words(view).startswith("1 person is already signed up for a class")
