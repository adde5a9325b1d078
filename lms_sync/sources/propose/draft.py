"""What a proposal says of a sheet: the parts of its layout, typed; as `Layout`, and as the TOML to edit."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import ValidationError

from lms_sync.sources.propose.titles import MAY_BE_MISSING
from lms_sync.sources.spreadsheet.layout import Layout
from lms_sync.sources.spreadsheet.layout_rules import (
    DateRules,
    Matrix,
    Role,
    SheetChoice,
    Skip,
    StatedRule,
    StatusWords,
)


@dataclass(frozen=True, slots=True)
class LayoutDraft:
    """A layout as far as it is known."""

    sheet: SheetChoice
    columns: Mapping[Role, str]
    """Role → its heading."""
    key: tuple[Role, ...]
    dates: DateRules
    status: StatusWords | None = None
    """None for a sheet without a column of states."""
    matrix: Matrix | None = None
    name_order: Literal["", "last, first", "first last"] = ""
    """Empty where no column holds whole names."""
    skip: tuple[Skip, ...] = ()
    stated: tuple[StatedRule, ...] = ()
    """What labels above the header tell about every row."""
    constants: Mapping[Role, str] = field(default_factory=dict)
    """What a person said about every row."""

    @property
    def attempts(self) -> bool:
        """Tell whether every day is a record of its own: a class whose day stands in a title may be held again."""
        return any(rule.role == "completed_on" for rule in self.stated)

    @property
    def data(self) -> dict[str, Any]:
        """Return what the layout's file says, defaults left out."""
        parts: dict[str, Any] = {"kind": "matrix" if self.matrix else "rows", "key": list(self.key)}
        if self.attempts:
            parts |= {"key": [*self.key, "completed_on"], "attempts": True}
        optional = [rule.role for rule in self.stated if rule.role in MAY_BE_MISSING]
        if optional:
            parts["optional"] = optional
        if self.name_order:
            parts["name_order"] = self.name_order
        for name, section in (("sheet", self.sheet), ("matrix", self.matrix), ("dates", self.dates)):
            if section is not None:
                parts[name] = section.model_dump(mode="json", exclude_defaults=True)
        parts["columns"] = {role: [heading] for role, heading in self.columns.items()}
        parts["constants"] = dict(self.constants)
        if self.status is not None:
            parts["status"] = self.status.model_dump(mode="json")
        if self.matrix is not None:
            parts["matrix"]["cells"] = self.matrix.cells
        parts["told"] = [rule.model_dump(mode="json") for rule in self.stated]
        parts["skip"] = [skip.model_dump(mode="json", exclude_defaults=True) for skip in self.skip]
        return {name: part for name, part in parts.items() if part or name in ("dates", "matrix")}


@dataclass(frozen=True, slots=True)
class DraftLine:
    """One thing that the proposal says."""

    what: str
    sure: Literal["sure", "likely", "unsure"]
    why: str


@dataclass(frozen=True, slots=True)
class Unused:
    """A column that the layout does not use."""

    heading: str
    samples: tuple[str, ...]
    """A few of its values; none of a column that is never read."""
    why: str = ""

    def __str__(self) -> str:
        samples = ", ".join(f"“{value}”" for value in self.samples)
        return f"“{self.heading}”: {self.why or samples or 'blank'}"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A layout to edit."""

    draft: LayoutDraft
    choices: tuple[DraftLine, ...]
    open_questions: tuple[str, ...]
    """What a person must fill in or decide; while there is any, the layout is not finished."""
    unused: tuple[Unused, ...]
    ambiguous_day: str = ""
    """A cell whose day may be read day-first or month-first, where nothing decides; empty when settled."""
    status_unknown: tuple[str, ...] = ()
    """Words of the status column that a person must sort."""


def layout_of(proposal: Proposal, name: str) -> Layout | None:
    """Return the layout as far as the proposal goes; None while something that a layout needs is missing."""
    try:
        return Layout.model_validate({"name": name, **proposal.draft.data})
    except ValidationError:
        return None


def toml_of(proposal: Proposal, *, file: str) -> str:
    """Return the layout as TOML, with what is sure and what is not as comments; `file` names the sheet's file."""
    return "\n".join(_lines(proposal, file)) + "\n"


def _lines(proposal: Proposal, file: str) -> Iterator[str]:
    yield f"# Proposed by `lms-sync layouts propose` from {_comment(file)}. Read every line before you use it."
    for choice in proposal.choices:
        yield f"# {choice.sure:7} {_comment(choice.what)}: {_comment(choice.why)}"
    for column in proposal.unused:
        yield f"# not used {_comment(str(column))}"
    for question in proposal.open_questions:
        yield f"# TO DECIDE: {_comment(question)}"
    yield ""
    data = proposal.draft.data
    lists = {name: data.pop(name, []) for name in ("told", "skip")}
    tables = {key: value for key, value in data.items() if isinstance(value, Mapping)}
    yield from (f"{key} = {_value(value)}" for key, value in data.items() if key not in tables)
    for name, table in tables.items():
        if table:
            yield from ("", f"[{name}]")
            yield from (f"{key} = {_value(value)}" for key, value in table.items())
        if name == "status" and proposal.status_unknown:
            yield f"# not sorted yet: {', '.join(map(_comment, proposal.status_unknown))}"
    for name, rules in lists.items():
        for rule in rules:
            yield from ("", f"[[{name}]]", *(f"{key} = {_value(value)}" for key, value in rule.items()))


def _value(value: Any) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Sequence):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key} = {_value(item)}" for key, item in value.items()) + "}"
    return str(value)


def _comment(words: str) -> str:
    """Return words that can't end a comment's line."""
    return " ".join("".join(c if c.isprintable() else " " for c in words).split())
