"""A sheet that nobody has described → a layout to edit: what was found, how sure it is, and why. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lms_sync.sources.propose.date_order import Cell, DateFinding, holds_days, looks_like_days, study
from lms_sync.sources.propose.fits import said_twice
from lms_sync.sources.propose.vocabulary import UNSURE, heading_roles, meaning
from lms_sync.sources.spreadsheet.layout import Layout, Role
from lms_sync.sources.spreadsheet.layout_rules import WHO
from lms_sync.sources.spreadsheet.privacy import BIRTH_HEADING, SSN_HEADING
from lms_sync.tables.cells import Row, Sheet, address, text
from lms_sync.text import fold, plain

SEARCHED_ROWS = 30
NO_COURSE = re.compile(r"hire|birth|start|position|phone|note|remark|comment")
FEW_WORDS = 25
"""A column of status words has at most this many different ones."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that the proposal says."""

    what: str
    sure: str
    """`sure`, `likely` or `unsure`."""
    why: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A layout to edit."""

    data: Mapping[str, Any]
    """What the TOML file says, as `Layout` takes it."""
    choices: tuple[Choice, ...]
    open_questions: tuple[str, ...]
    """What a person must fill in or decide; while there is any, the layout is not finished."""
    ambiguous_day: str
    """A cell whose day may be read day-first or month-first, where nothing decides; empty when settled."""
    status_unknown: tuple[str, ...]
    """Words of the status column that a person must sort."""


def propose(
    sheets: Sequence[Sheet], layouts: Iterable[Layout], *, sheet: str = "", day_order: str = ""
) -> Proposal | None:
    """Return a layout for the file; None when no row of any sheet looks like a header.

    `sheet` names the one to read; `day_order` (`mdy` or `dmy`) is what a person said where the cells leave it open.
    """
    roles = heading_roles(layouts)
    candidates = [one for one in sheets if (fold(one.name) == fold(sheet) if sheet else not one.hidden)]
    found = [
        (score, one, row) for one in candidates for row in one.rows[:SEARCHED_ROWS] if (score := _score(row, roles))
    ]
    if not found:
        return None
    _, chosen, header = max(found, key=lambda one: (one[0], -one[2].number))
    return _Draft(chosen, header, roles, several=len(candidates) > 1, day_order=day_order).proposal()


def _score(row: Row, roles: Mapping[str, Role]) -> int:
    """Return how many different roles a row's headings have, 0 when it names nobody."""
    named = {roles[key] for cell in row.cells if isinstance(cell, str) and (key := fold(cell)) in roles}
    return len(named) if named & set(WHO) and len([c for c in row.cells if c not in (None, "")]) >= 2 else 0


class _Draft:
    """Puts one proposal together."""

    def __init__(
        self, sheet: Sheet, header: Row, roles: Mapping[str, Role], *, several: bool, day_order: str
    ) -> None:
        self.sheet, self.header, self.day_order = sheet, header, day_order
        self.headings = [plain(text(cell)) for cell in header.cells]
        self.rows = [row for row in sheet.rows if row.number > header.number]
        self.choices: list[Choice] = []
        self.questions: list[str] = []
        self.several = several
        self.columns = self._columns(roles)
        self.unknown: tuple[str, ...] = ()
        self.ambiguous = ""

    def proposal(self) -> Proposal:
        """Return what was found."""
        where = f"row {self.header.number}" + (f" of “{self.sheet.name}”" if self.sheet.name else "")
        self._say("the header", "likely" if self.several else "sure", f"{where} holds most known headings")
        data: dict[str, Any] = {"kind": "rows"}
        if self.several:
            data["sheet"] = {"name": self.sheet.name}
        if self.header.number > 20:
            data.setdefault("sheet", {})["header_within"] = self.header.number
        courses = self._matrix_columns()
        if courses:
            data |= {"kind": "matrix", "matrix": self._matrix(courses)}
        data["columns"] = {role: [self.headings[column]] for role, column in self.columns.items()}
        self._names(data)
        self._days(data, courses)
        self._words(data, courses)
        self._course(data, matrix=bool(courses))
        self._key(data, matrix=bool(courses))
        self._lines_of_the_report(data)
        self._lost_zeros()
        return Proposal(data, tuple(self.choices), tuple(self.questions), self.ambiguous, self.unknown)

    def _say(self, what: str, sure: str, why: str) -> None:
        self.choices.append(Choice(what, sure, why))

    def _cells(self, column: int) -> list[Cell]:
        return [(address(row.number, column), row.cell(column)) for row in self.rows if row.cell(column) is not None]

    def _columns(self, roles: Mapping[str, Role]) -> dict[Role, int]:
        found: dict[Role, int] = {}
        for column, heading in enumerate(self.headings):
            role = roles.get(fold(heading))
            if role is None or SSN_HEADING.search(fold(heading)) or BIRTH_HEADING.search(fold(heading)):
                continue
            if (
                role == "status"
                and not any(meaning(text(value)) for _, value in self._cells(column))
                and "sign" in fold(heading)
            ):
                continue  # signatures, not marks
            if role in found and fold(self.headings[found[role]]) in UNSURE and fold(heading) not in UNSURE:
                del found[role]
            if role in found:
                self.questions.append(
                    f"both “{self.headings[found[role]]}” and “{heading}” may be {role}; the first is taken"
                )
                continue
            found[role] = column
            doubtful = fold(heading) in UNSURE
            why = "the heading may mean something else" if doubtful else "such headings mean this"
            self._say(f"{role} = “{heading}”", "unsure" if doubtful else "sure", why)
        self._by_content(found)
        if "learner" in found and fold(self.headings[found["learner"]]) in ("id", "badge", "badge number", "badge #"):
            self.questions.append(
                f"is “{self.headings[found['learner']]}” the person's own id, as on the roster? Call it person_id;"
                " as learner it is only the source's"
            )
        return found

    def _by_content(self, found: dict[Role, int]) -> None:
        free = [n for n, heading in enumerate(self.headings) if heading and n not in found.values()]
        for column in free:
            values = [value for _, value in self._cells(column)]
            texts = [value for value in values if isinstance(value, str)]
            if "email" not in found and texts and sum("@" in one for one in texts) >= 0.8 * len(values):
                found["email"] = column
                self._say(f"email = “{self.headings[column]}”", "likely", "its cells are addresses")
        days = [n for n in free if n not in found.values() and looks_like_days(v for _, v in self._cells(n))]
        if "completed_on" not in found and len(days) == 1:
            found["completed_on"] = days[0]
            self._say(f"completed_on = “{self.headings[days[0]]}”", "unsure", "the only other column of days")

    def _matrix_columns(self) -> list[int]:
        """Return the columns of a matrix: at least three without a role, whose cells are days or status words."""
        if "completed_on" in self.columns or {"course", "course_title"} & self.columns.keys():
            return []
        free = [n for n, heading in enumerate(self.headings) if heading and n not in self.columns.values()]
        held = [n for n in free if self._cells(n) and self._is_course(n)]
        return held if len(held) >= 3 else []

    def _is_course(self, column: int) -> bool:
        if NO_COURSE.search(fold(self.headings[column])):
            return False
        values = [value for _, value in self._cells(column)]
        return sum(bool(meaning(text(v))) or holds_days(v) for v in values) >= 0.5 * len(values)

    def _matrix(self, courses: Sequence[int]) -> dict[str, Any]:
        values = [value for n in courses for _, value in self._cells(n)]
        kind = "days" if any(map(holds_days, values)) else "words"
        self._say("a matrix: people down, courses across", "likely", f"{len(courses)} columns hold {kind}")
        taken = {*courses, *self.columns.values()}
        ignore = [heading for n, heading in enumerate(self.headings) if heading and n not in taken]
        return {"cells": kind, "ignore": ignore} if ignore else {"cells": kind}

    def _names(self, data: dict[str, Any]) -> None:
        if "name" not in self.columns:
            return
        names = [text(value) for _, value in self._cells(self.columns["name"])]
        commas = sum("," in name for name in names)
        order = "last, first" if commas * 2 >= len(names) else "first last"
        data["name_order"] = order
        sure = "sure" if commas == len(names) else "likely"
        self._say(f"names are written {order}", sure, f"{commas} of {len(names)} have a comma")

    def _days(self, data: dict[str, Any], courses: Sequence[int]) -> None:
        columns = [*courses] or [self.columns[r] for r in ("completed_on",) if r in self.columns]
        cells = [cell for n in columns for cell in self._cells(n) if not meaning(text(cell[1]))]
        others = [
            n for n in range(len(self.headings)) if n not in columns and looks_like_days(v for _, v in self._cells(n))
        ]
        beside = [cell for n in others for cell in self._cells(n)]
        found = study(cells, beside=beside, order=self.day_order)
        rules = {
            name: value
            for name, value in (("order", found.order), ("formats", list(found.formats)), ("instant", found.instant))
            if value
        }
        data["dates"] = rules | ({"serials": True} if found.serials else {})
        self._say_days(found)

    def _say_days(self, found: DateFinding) -> None:
        if found.open_cell:
            self.ambiguous = found.open_cell
            self.questions.append(
                f"is the day or the month first ({found.open_cell}; {found.why})? State dates.order"
            )
        elif found.order:
            self._say(f"days are written {found.order}", "sure", found.why)
        if found.formats:
            self._say(f"days as {', '.join(found.formats)}", "sure", "every such cell can be read so, and only so")
        if found.instant:
            self._say("times of day", "sure", 'state the zone beside the path in lms_sync.toml: zone = "…"')
        if found.unread:
            where, value = found.unread[0]
            self.questions.append(f"{len(found.unread)} cells are no day, the first {where}: “{text(value)}”")

    def _words(self, data: dict[str, Any], courses: Sequence[int]) -> None:
        if "status" in self.columns:
            values = [text(value) for _, value in self._cells(self.columns["status"])]
        else:
            values = [text(v) for n in courses for _, v in self._cells(n) if not holds_days(v)]
        words = sorted({plain(value) for value in values if plain(value)}, key=fold)
        if not words:
            return
        if len(words) > FEW_WORDS:
            self.questions.append(f"the status column has {len(words)} different words: is it one?")
            words = []
        data["status"] = {
            name: [word for word in words if meaning(word) == name] for name in ("done", "not_done", "claim")
        }
        self.unknown = tuple(word for word in words if not meaning(word))
        if self.unknown:
            self.questions.append("sort these status words: " + ", ".join(f"“{word}”" for word in self.unknown))
        known = [word for word in words if meaning(word)]
        if known:
            self._say("status words: " + ", ".join(known), "likely", "they mean the same in other systems")

    def _course(self, data: dict[str, Any], *, matrix: bool) -> None:
        if matrix or {"course", "course_title"} & self.columns.keys():
            return
        above = [plain(text(c)) for row in self.sheet.rows if row.number < self.header.number for c in row.cells if c]
        hint = f" (above the table stands “{above[0]}”)" if above else ""
        self.questions.append(f"which course is it{hint}? Write it into constants.course_title, or a [[told]] rule")
        if "completed_on" not in self.columns:
            self.questions.append("on which day was it? Name the column under completed_on, or add a [[told]] rule")

    def _key(self, data: dict[str, Any], *, matrix: bool) -> None:
        who = next((r for r in ("person_id", "learner", "email", "name") if r in self.columns), None)
        people = [who] if who else [r for r in ("first_name", "last_name") if r in self.columns]
        data["key"] = [*people, "course", *(["unit_title"] if "unit_title" in self.columns else [])]
        if matrix:
            return
        told = [self.columns[r] for r in (*people, "course", "course_title", "unit_title") if r in self.columns]
        twice = said_twice(self.rows, told)
        if twice and "assignment" in self.columns:
            data["key"].append("assignment")
        elif twice:
            self.questions.append(
                f"rows {twice[0]} and {twice[1]} are the same person and course: two attempts (attempts = true and"
                " completed_on in key), or one corrected?"
            )

    def _lost_zeros(self) -> None:
        """Ask about ids of which some have leading zeros and others are shorter numbers."""
        for role in ("course", "learner", "person_id"):
            if role not in self.columns:
                continue
            ids = [text(value).removesuffix(".0") for _, value in self._cells(self.columns[role])]
            full = {len(one) for one in ids if one.isdigit() and one.startswith("0")}
            if full and any(one.isdigit() and len(one) < min(full) for one in ids):
                self.questions.append(
                    f"some ids of {role} have lost leading zeros; state digits = {{{role} = {min(full)}}}"
                )

    def _lines_of_the_report(self, data: dict[str, Any]) -> None:
        who = [r for r in WHO if r in self.columns]
        firsts = [plain(text(next((c for c in row.cells if c is not None), None))) for row in self.rows[-5:]]
        marks = [
            w
            for w in ("Total", "Totals", "Grand total", "End of report", "Page")
            if any(fold(f).startswith(fold(w)) for f in firsts)
        ]
        if marks and who:
            data["skip"] = [{"first": marks, "reason": "a line of the report, not a completion"}]
            self._say("lines like “" + marks[0] + "” are passed over", "likely", "they end the table")


__all__ = ["Choice", "Proposal", "propose"]
