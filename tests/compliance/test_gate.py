"""A text reaches a partner's document only as a value of the gate, which lets through what is listed."""

import ast
import dataclasses
import typing
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from lms_sync.agreements.clause_c.pdf import EvidenceLine, Stamp
from lms_sync.agreements.clause_c.status import ComponentDocument, CoveredPerson
from lms_sync.compliance.gap_report import DueWarning, GapReport
from lms_sync.compliance.gate import RECORDED, Gate, fill, law_text
from lms_sync.compliance.plan.training_plan import TrainingPlan
from lms_sync.compliance.posted import BuildingList
from lms_sync.model.evidence import Completion, Credit, Learner
from lms_sync.model.finding import Origin
from lms_sync.model.roster import Partner
from lms_sync.reports.figures import Grid, Timeline
from lms_sync.reports.notice import Notice, NoticeList
from lms_sync.reports.partner.email import Freshness
from lms_sync.reports.partner.letter import Letter
from lms_sync.reports.principal.email import PostedLine
from lms_sync.store.known.readers import NOBODY_KNOWN, name_key
from lms_sync.workspace.settings.sources import A_FILE
from tests.compliance.person_facts import DAY

ROOT = Path(__file__).parents[2] / "lms_sync"
GATE = ROOT / "compliance" / "gate.py"
GIVEN = (
    GapReport,
    TrainingPlan,
    Letter,
    Grid,
    Timeline,
    Freshness,
    EvidenceLine,
    Stamp,
    ComponentDocument,
    CoveredPerson,
    DueWarning,
    Notice,
    NoticeList,
)


@cache
def calls(path: Path) -> tuple[tuple[str, ast.Call], ...]:
    nodes = (node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call))
    return tuple((node.func.id, node) for node in nodes if isinstance(node.func, ast.Name))


def calling(*names: str) -> Iterator[tuple[Path, ast.Call]]:
    """Yield each call of a function of these names, with the module that makes it."""
    for path in ROOT.rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        if any(f"{name}(" in source for name in names):
            yield from ((path, call) for name, call in calls(path) if name in names)


def is_literal(node: ast.expr) -> bool:
    """Tell whether an expression is text that stands in the program: a literal, a name of one, or one of two."""
    if isinstance(node, ast.IfExp):
        return is_literal(node.body) and is_literal(node.orelse)
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str)
    return False


def literals(path: Path) -> set[str]:
    """Return the names to which the module binds nothing but literals."""
    bound: dict[str, bool] = {}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        for target in node.targets if isinstance(node, ast.Assign) else ():
            if isinstance(target, ast.Name) and isinstance(node, ast.Assign):
                bound[target.id] = bound.get(target.id, True) and is_literal(node.value)
    return {name for name, is_one in bound.items() if is_one}


def test_no_other_module_makes_a_partners_text() -> None:
    named = (path for path in ROOT.rglob("*.py") if "PartnerText" in path.read_text(encoding="utf-8"))
    modules = [path for path in named if path != GATE]
    made = [path for path in modules for name, _ in calls(path) if name == "PartnerText"]
    cast = [
        path for path in modules for name, call in calls(path) if name == "cast" and "PartnerText" in ast.dump(call)
    ]
    assert made + cast == []


def test_what_stands_for_the_programs_words_is_written_in_the_program() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path, call in calling("program", "fill")
        if path != GATE
        and not (
            is_literal(call.args[0]) or (isinstance(call.args[0], ast.Name) and call.args[0].id in literals(path))
        )
    ]
    assert wrong == []


def test_only_samples_are_made_up() -> None:
    callers = {path for path, _ in calling("made_up")}
    samples = {ROOT / "operations" / f"{name}.py" for name in ("sample", "sample_clause_c", "sample_record")}
    assert callers == samples


def bare(of: type, seen: frozenset[type] = frozenset()) -> Iterator[str]:
    """Yield every field, however deep, whose type lets any text in."""
    if of in seen or of is Partner:  # the reader's own row
        return
    for name, hint in typing.get_type_hints(of).items():
        for part in parts(hint):
            if part is str:
                yield f"{of.__name__}.{name}"
            elif dataclasses.is_dataclass(part) and isinstance(part, type):
                yield from bare(part, seen | {of})


def parts(hint: object) -> Iterator[object]:
    yield hint
    for part in typing.get_args(hint):
        yield from parts(part)


@pytest.mark.parametrize("of", [*GIVEN, PostedLine], ids=lambda of: of.__name__)
def test_what_templates_are_given_has_no_field_for_a_bare_text(of: type) -> None:
    assert list(bare(of)) == []


def test_a_principals_list_has_none_but_the_person_id_that_is_not_shown() -> None:
    assert list(bare(BuildingList)) == ["Posted.person_id"]


PLACE = Origin(file="Heron 2026.xlsx", sheet="Heronmere", cell="B7")
OWN, BOTH = frozenset({"heron"}), frozenset({"heron", "quarry"})


def gate(file: frozenset[str], sheet: frozenset[str] = OWN, *, reader: str = "heron") -> Gate:
    readers = {name_key("file", PLACE.file): file, name_key("sheet", PLACE.sheet): sheet}
    named = {"Heronmere basics": OWN, "Calm": frozenset[str]()}
    buildings, people = {"pinehill hs": "Pinehill HS"}, {frozenset({"cleodora", "marshbane"}): "Cleodora Marshbane"}
    shown = {"heron-lms": "the vendor's portal"}
    return Gate(reader, readers, shown, named, {"topic-10": "De-escalation"}, buildings, people)


@pytest.mark.parametrize(
    ("of", "said"),
    [
        (gate(OWN), "Heron 2026.xlsx, Heronmere!B7"),
        (gate(OWN, BOTH), "Heron 2026.xlsx, row 7"),
        (gate(BOTH), "a file, row 7"),
        (gate(OWN | {NOBODY_KNOWN}), "a file, row 7"),
        (gate(OWN, reader="quarry"), "a file, row 7"),
        (gate(frozenset({""}), reader=""), "a file, row 7"),
    ],
)
def test_a_name_is_told_to_the_only_partner_whose_people_it_ever_held(of: Gate, said: str) -> None:
    assert of.origin("class", PLACE) == said


def test_a_source_is_called_as_the_settings_say() -> None:
    assert gate(BOTH).source("heron-lms") == "the vendor's portal"
    assert gate(BOTH).source("gone") == A_FILE
    assert (
        gate(BOTH).origin("heron-lms", Origin(url="https://heron.example.org/7", item="9")) == "the vendor's portal"
    )


@pytest.mark.parametrize(
    ("title", "as_read", "reader", "said"),
    [
        ("Heronmere basics", False, "heron", "Heronmere basics"),
        ("Heronmere basics", False, "quarry", "De-escalation"),
        ("Calm", False, "quarry", "Calm"),
        ("never looked at", False, "quarry", "De-escalation"),
        ("of the source", True, "heron", "De-escalation"),
    ],
)
def test_a_title_that_names_a_partner_is_told_to_it_alone(
    title: str, *, as_read: bool, reader: str, said: str
) -> None:
    credit = Credit("topic-10", DAY, "class", "r", "", title, as_read=as_read)
    assert gate(OWN, reader=reader).title(credit) == said


def test_schools_are_buildings_and_officers_the_readers_own() -> None:
    of = gate(OWN)
    assert (of.school("PINEHILL  HS"), of.school("Heronmere HQ"), of.school("")) == ("Pinehill HS", RECORDED, "")
    assert of.officer("Marshbane, Cleodora") == "Cleodora Marshbane"
    assert of.officer("Dovid Lindqvist") == RECORDED
    assert of.topic("topic-10") == law_text("De-escalation")


@pytest.mark.parametrize(
    ("origin", "said"),
    [("", ""), ("list.pdf, row 12", "the ESD's list, row 12"), ("Heronmere.pdf", "the ESD's list")],
)
def test_the_list_of_an_esd_is_told_without_its_name(origin: str, said: str) -> None:
    assert gate(OWN).list_of_esd(origin) == said
    assert replace(gate(OWN), everything=True).list_of_esd(origin) == origin


def course_gate(*own: str, reader: str = "heron") -> Gate:
    """Return the gate of a reader to whom these names of courses belong, and of others to whom no name does."""
    readers = {name_key("course", name): frozenset({reader}) for name in own}
    return replace(gate(OWN, reader=reader), readers=readers)


@pytest.mark.parametrize(
    ("own", "said"),
    [
        (("Bias", "Part 1"), "Bias / Part 1"),
        (("Bias",), "De-escalation"),
        (("Part 1",), "De-escalation"),
        ((), "De-escalation"),
    ],
)
def test_a_course_and_its_unit_are_told_where_both_were_read_of_the_readers_people_only(
    own: tuple[str, ...], said: str
) -> None:
    of, instead = course_gate(*own), law_text("De-escalation")
    assert of.course("Bias", "Part 1", instead=instead) == said
    by_id = Completion("class", "r", Learner("class", "1"), "Bias", "", DAY, Origin(), unit="Part 1")
    by_title = replace(by_id, course="c9", course_title="Bias", unit="u9", unit_title="Part 1")
    assert [of.read_as(completion, instead=instead) for completion in (by_id, by_title)] == [said, said]
    district = replace(of, everything=True)
    assert district.course("Bias", "Part 1", instead=instead) == "Bias / Part 1"


@pytest.mark.parametrize(
    ("title", "as_read", "own", "said"),
    [
        ("Own course", True, ("Own course",), "Own course"),
        ("Own course", False, ("Own course",), "De-escalation"),
        ("Heronmere basics", True, (), "Heronmere basics"),
        ("Calm", True, (), "Calm"),
    ],
)
def test_a_title_as_read_is_told_where_it_is_the_readers_own_or_the_maps(
    title: str, *, as_read: bool, own: tuple[str, ...], said: str
) -> None:
    credit = Credit("topic-10", DAY, "class", "r", "", title, as_read=as_read)
    assert course_gate(*own).title(credit) == said


def test_an_instructor_or_place_is_told_where_it_is_the_readers_own_and_hours_where_they_are_a_figure() -> None:
    of, district = course_gate("A. Reed, room 5"), replace(gate(OWN), everything=True)
    assert [of.taught(detail) for detail in ("A. Reed, room 5", "Heronmere HQ", "")] == [
        "A. Reed, room 5",
        RECORDED,
        "",
    ]
    assert [of.hours(figure) for figure in ("7.5", "1:30", "with Lindqvist")] == ["7.5", "1:30", RECORDED]
    assert (district.taught("Heronmere HQ"), district.hours("with Lindqvist")) == ("Heronmere HQ", "with Lindqvist")


def test_no_name_is_that_of_a_reader_to_whom_nothing_belongs() -> None:
    assert gate(OWN).is_reader("Heronmere basics")
    assert not gate(OWN, reader="quarry").is_reader("Heronmere basics")
    nobody = replace(gate(OWN, reader=""), named={"Calm": frozenset({""})})
    assert not nobody.is_reader("Calm")
    assert course_gate("Bias", reader="").course("Bias", instead=law_text("De-escalation")) == "De-escalation"
    assert gate(OWN).is_reader("never looked at") is False


def test_a_sentence_that_ends_in_a_short_form_has_one_full_stop() -> None:
    assert fill("Arrange it with {}.", law_text("Grant, Marcus Jr.")) == "Arrange it with Grant, Marcus Jr."
    assert fill("Arrange it with {}.", law_text("Quist, Eli")) == "Arrange it with Quist, Eli."
