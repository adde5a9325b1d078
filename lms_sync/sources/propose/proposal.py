"""A sheet that nobody has described → a layout to edit: what was found, how sure it is, and why. Pure.

A header is found by its words, each column profiled by its cells; columns are candidates for roles, with reasons; the
best of them make the draft; what is then open is asked.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lms_sync.sources.propose.candidate import SURE, RoleCandidate
from lms_sync.sources.propose.columns import MOST, ColumnProfile, KnownValues, profile
from lms_sync.sources.propose.date_order import DateFinding, may_be_day, study
from lms_sync.sources.propose.draft import DraftLine, LayoutDraft, Proposal, Unused
from lms_sync.sources.propose.headers import FoundHeader, find_header
from lms_sync.sources.propose.headings import learnt_roles
from lms_sync.sources.propose.marks import MAY_DENY, Marks, denied_days, marks_of_matrix, marks_of_rows
from lms_sync.sources.propose.matrix import MatrixCourses, courses_of
from lms_sync.sources.propose.questions import name_order, open_questions, skipped_lines, without_course
from lms_sync.sources.propose.roles import ChosenColumns as Chosen
from lms_sync.sources.propose.roles import as_stated, candidates, choose
from lms_sync.sources.propose.titles import LabelledTitle, titles_above
from lms_sync.sources.spreadsheet.forbidden import mask
from lms_sync.sources.spreadsheet.layout import Layout, Role
from lms_sync.sources.spreadsheet.layout_rules import WHO, DateRules, Matrix, SheetChoice
from lms_sync.tables.cells import Sheet, address, text
from lms_sync.text import fold

NOBODY = KnownValues()
HEADER_WITHIN = 20  # rows, in which a layout looks for its header when it does not say where


def propose(
    sheets: Sequence[Sheet],
    layouts: Iterable[Layout],
    *,
    known: KnownValues = NOBODY,
    sheet: str = "",
    day_order: str = "",
) -> Proposal | None:
    """Return a layout for the file; None when no row of any sheet looks like a header.

    `known` are the district's own ids, addresses and courses; `sheet` names the one to read; `day_order` (`mdy` or
    `dmy`) is what a person said where the cells leave it open.
    """
    learnt = learnt_roles(layouts)
    searched = [tab for tab in sheets if (fold(tab.name) == fold(sheet) if sheet else not tab.hidden)]
    header = find_header(searched, learnt)
    if header is None:
        return None
    columns = tuple(profile(n, heading, header.rows, known=known) for n, heading in enumerate(header.headings))
    found = as_stated(candidates(columns, learnt), columns, known.columns)
    seen = _Seen(header, columns, found, choose(found), len(searched) > 1, known.course)
    return _proposal(seen, day_order)


@dataclass(frozen=True, slots=True)
class _Seen:
    """A sheet as far as its columns have been looked at."""

    header: FoundHeader
    columns: tuple[ColumnProfile, ...]
    candidates: tuple[RoleCandidate, ...]
    chosen: Chosen
    several: bool
    """True when the file has other sheets."""
    course: str
    """Which every row is about, as a person said."""


def _proposal(seen: _Seen, day_order: str) -> Proposal:
    courses = courses_of(seen.columns, seen.chosen)
    roles = _roles(seen, courses)
    marks = _marks(seen, roles, courses)
    titles = _titles(seen, roles, matrix=courses is not None)
    days = _days(seen, roles, courses, titles=titles, day_order=day_order)
    used = {
        role: candidate
        for role, candidate in roles.items()
        if not _is_day_alone(role, roles, matrix=courses is not None)
    }
    if marks.questions and marks.words is None:
        used.pop("completed_on", None)
    headings = {role: candidate.column.heading for role, candidate in used.items()}
    draft = LayoutDraft(
        sheet=_sheet(seen),
        columns=headings,
        key=_key(seen, roles, courses),
        dates=_date_rules(days, roles, marks),
        status=marks.words,
        matrix=_matrix(seen, used, courses),
        name_order=name_order(roles),
        skip=skipped_lines(seen.header.rows),
        stated=tuple(title.rule for title in titles),
        constants={"course_title": seen.course} if seen.course else {},
    )
    return Proposal(
        draft,
        (*_choices(seen, roles, courses), *map(_title_choice, titles), *_further(marks, days, draft)),
        (
            *_asked(seen, roles, courses, titles=titles),
            *marks.questions,
            *_about_days(days),
            *open_questions(seen.header, roles, seen.columns, matrix=bool(courses)),
        ),
        _unused(seen, used, courses),
        days.open_cell,
        marks.unknown,
    )


def _titles(seen: _Seen, roles: dict[Role, RoleCandidate], *, matrix: bool) -> tuple[LabelledTitle, ...]:
    if matrix:
        return ()
    above = [row for row in seen.header.sheet.rows if row.number < seen.header.first]
    taken = {*roles, *(("course_title",) if "course" in roles else ())}
    return titles_above(above, frozenset(taken))


def _title_choice(title: LabelledTitle) -> DraftLine:
    return DraftLine(f"{title.rule.role} = the title “{title.label}:”", "likely", f"{title.cell[0]}, for every row")


def _roles(seen: _Seen, courses: MatrixCourses | None) -> dict[Role, RoleCandidate]:
    """Return the columns by role; in a matrix, courses, days and states stand in its cells."""
    if courses is None:
        return dict(seen.chosen.by_role)
    across = {column.index for column in courses.columns}
    others = ("completed_on", "status", "score", "course", "course_title", "unit_title", "assignment")
    return {
        role: candidate
        for role, candidate in seen.chosen.by_role.items()
        if candidate.column.index not in across and role not in others
    }


def _is_day_alone(role: Role, roles: dict[Role, RoleCandidate], *, matrix: bool) -> bool:
    """Tell whether the only thing that could say that somebody completed it is a day that may be of anything."""
    return role == "completed_on" and not matrix and "status" not in roles and roles[role].score < SURE


def _marks(seen: _Seen, roles: dict[Role, RoleCandidate], courses: MatrixCourses | None) -> Marks:
    if courses is not None:
        return marks_of_matrix(courses.columns)
    taken = {candidate.column.index for role, candidate in roles.items() if role not in MAY_DENY}
    others = [column for column in seen.columns if column.index not in taken and not column.is_forbidden]
    if "status" not in roles:
        return (
            denied_days(roles["completed_on"].column, others, seen.header.rows)
            if "completed_on" in roles
            else Marks()
        )
    who = [roles[role].column for role in WHO if role in roles]
    day = roles["completed_on"].column if "completed_on" in roles else None
    return marks_of_rows(roles["status"], others, seen.header.rows, who=who, day=day)


def _days(
    seen: _Seen,
    roles: dict[Role, RoleCandidate],
    courses: MatrixCourses | None,
    *,
    titles: Sequence[LabelledTitle],
    day_order: str,
) -> DateFinding:
    day_columns = courses.columns if courses and courses.cells == "days" else ()
    columns = day_columns or tuple(roles[role].column for role in ("completed_on",) if role in roles)
    indexes = {column.index for column in columns}
    cells = [cell for column in columns for cell in column.cells if not courses or may_be_day(cell[1])]
    cells += [title.cell for title in titles if title.rule.role == "completed_on"]
    beside = [
        cell for column in seen.columns if column.days > 0.5 and column.index not in indexes for cell in column.cells
    ]
    return study(cells, beside=beside, order=day_order)


def _date_rules(days: DateFinding, roles: dict[Role, RoleCandidate], marks: Marks) -> DateRules:
    blank = "not done" if "completed_on" in roles and marks.words is None else "claim"
    return DateRules.model_validate(
        {
            "order": days.order,
            "formats": days.formats,
            "instant": days.instant,
            "serials": days.serials,
            "separator": days.separator,
            "blank": blank,
        }
    )


def _sheet(seen: _Seen) -> SheetChoice:
    header = seen.header
    return SheetChoice(
        name=header.sheet.name if seen.several else "",
        header_within=max(header.first, HEADER_WITHIN),
        header_rows=header.last - header.first + 1,
    )


def _matrix(seen: _Seen, used: dict[Role, RoleCandidate], courses: MatrixCourses | None) -> Matrix | None:
    if courses is None:
        return None
    taken = {*(column.index for column in courses.columns), *(candidate.column.index for candidate in used.values())}
    ignore = tuple(column.heading for column in seen.columns if column.heading and column.index not in taken)
    return Matrix(ignore=ignore, cells=courses.cells)


def _key(seen: _Seen, roles: dict[Role, RoleCandidate], courses: MatrixCourses | None) -> tuple[Role, ...]:
    one_of: tuple[Role, ...] = ("person_id", "learner", "email", "name")
    who = next(((role,) for role in one_of if role in roles), None)
    names: tuple[Role, ...] = ("first_name", "last_name")
    people = who or tuple(role for role in names if role in roles)
    unit: tuple[Role, ...] = ("unit_title",) if "unit_title" in roles else ()
    assignment: tuple[Role, ...] = ("assignment",) if "assignment" in roles and not courses else ()
    return (*people, "course", *unit, *assignment)


def _choices(seen: _Seen, roles: dict[Role, RoleCandidate], courses: MatrixCourses | None) -> tuple[DraftLine, ...]:
    header = seen.header
    rows = f"row {header.first}" if header.first == header.last else f"rows {header.first} and {header.last}"
    where = rows + (f" of “{header.sheet.name}”" if header.sheet.name else "")
    choices = [DraftLine("the header", "likely" if seen.several else "sure", f"{where} holds most known headings")]
    choices += [
        DraftLine(f"{role} = “{candidate.column.heading}”", candidate.sure, candidate.why)
        for role, candidate in roles.items()
    ]
    if courses is not None:
        number = f"{len(courses.columns)} columns hold {courses.cells}"
        choices.append(DraftLine("a matrix: people down, courses across", "likely", number))
    return tuple(choices)


def _further(marks: Marks, days: DateFinding, draft: LayoutDraft) -> tuple[DraftLine, ...]:
    choices = []
    if draft.name_order:
        choices.append(DraftLine(f"names are written {draft.name_order}", "likely", "most are"))
    if marks.known:
        choices.append(
            DraftLine("status words: " + ", ".join(marks.known), "likely", "they mean the same in other systems")
        )
    if days.order:
        choices.append(DraftLine(f"days are written {days.order}", "sure", days.why))
    if days.formats:
        choices.append(
            DraftLine(f"days as {', '.join(days.formats)}", "sure", "every such cell can be read so, and only so")
        )
    if days.instant:
        zone = 'state the zone beside the path in lms_sync.toml: zone = "…"'
        choices.append(DraftLine("times of day", "sure", zone if draft.dates.needs_zone else "they state their zone"))
    if draft.dates.blank == "not done":
        choices.append(
            DraftLine("a row without a day is not a completion", "likely", "nothing else says that it is one")
        )
    return tuple(choices)


def _asked(
    seen: _Seen, roles: dict[Role, RoleCandidate], courses: MatrixCourses | None, *, titles: Sequence[LabelledTitle]
) -> tuple[str, ...]:
    own_id_is_known = "person_id" in roles and roles.get("learner") and roles["learner"].column.numbers >= MOST
    asked = [
        candidate.question
        for role, candidate in roles.items()
        if not _is_day_alone(role, roles, matrix=bool(courses)) and not (role == "learner" and own_id_is_known)
    ]
    asked += [
        f"both “{first.column.heading}” and “{second.column.heading}” may be {first.role}; the first is taken"
        for first, second in seen.chosen.tied
        if roles.get(first.role) is first
    ]
    if courses is None:
        stated: list[Role] = [*(title.rule.role for title in titles), *(("course_title",) if seen.course else ())]
        asked += without_course(seen.header, roles, seen.columns, stated=stated)
    elif not any(column.days for column in courses.columns):
        held = "scores" if courses.cells == "scores" else "marks"
        asked.append(f"on which day was it? The cells are {held} and state none, so each is a claim to decide")
    return tuple(filter(None, asked))


def _about_days(days: DateFinding) -> tuple[str, ...]:
    asked = []
    if days.open_cell:
        asked.append(f"is the day or the month first ({days.open_cell}; {days.why})? State dates.order")
    if days.unread:
        where, value = days.unread[0]
        many = "1 cell is" if len(days.unread) == 1 else f"{len(days.unread)} cells are"
        asked.append(mask(f"{many} no day, the first {where}: “{text(value)}”"))
    return tuple(asked)


def _unused(seen: _Seen, used: dict[Role, RoleCandidate], courses: MatrixCourses | None) -> tuple[Unused, ...]:
    taken = {candidate.column.index for candidate in used.values()}
    if courses is not None:
        taken |= {column.index for column in courses.columns}
    free = [column for column in seen.columns if column.index not in taken and (column.heading or column.filled)]
    return tuple(
        Unused(column.heading, (), "never read: social security numbers or birth dates")
        if column.is_forbidden
        else Unused(column.heading or f"column {address(1, column.index)[:-1]}", column.samples)
        for column in free
    )
