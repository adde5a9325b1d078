"""A proposal → the TOML to edit, and the layout that it stands for."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from lms_sync.sources.propose.proposal import Proposal
from lms_sync.sources.spreadsheet.layout import Layout


def layout_of(proposal: Proposal, name: str) -> Layout | None:
    """Return the layout as far as the proposal goes; None while something that a layout needs is missing."""
    try:
        return Layout.model_validate({"name": name, **proposal.data})
    except ValidationError:
        return None


def toml_of(proposal: Proposal, *, file: str) -> str:
    """Return the layout as TOML, with what is sure and what is not as comments; `file` names the sheet's file."""
    return "\n".join(_lines(proposal, file)) + "\n"


def _lines(proposal: Proposal, file: str) -> Iterator[str]:
    yield f"# Proposed by `lms-sync layouts propose` from {_comment(file)}. Read every line before you use it."
    for choice in proposal.choices:
        yield f"# {choice.sure:7} {_comment(choice.what)}: {_comment(choice.why)}"
    for question in proposal.open_questions:
        yield f"# TO DECIDE: {_comment(question)}"
    data = dict(proposal.data)
    tables = {
        key: data.pop(key) for key in ("sheet", "columns", "constants", "status", "dates", "matrix") if key in data
    }
    skips = data.pop("skip", [])
    yield ""
    for key, value in data.items():
        yield f"{key} = {_value(value)}"
    for name, table in tables.items():
        if table:
            yield from ("", f"[{name}]")
            yield from (f"{key} = {_value(value)}" for key, value in table.items())
        if name == "status" and proposal.status_unknown:
            yield f"# not sorted yet: {', '.join(map(_comment, proposal.status_unknown))}"
    for skip in skips:
        yield from ("", "[[skip]]", *(f"{key} = {_value(value)}" for key, value in skip.items()))


def _value(value: Any) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Sequence):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key} = {_value(one)}" for key, one in value.items()) + "}"
    return str(value)


def _comment(words: str) -> str:
    """Return words that can't end a comment's line."""
    return " ".join("".join(c if c.isprintable() else " " for c in words).split())
