"""The [[source]] sections of lms_sync.toml, one class a kind."""

from typing import Literal

from pydantic import Field

from lms_sync.config.section import Section, Slug, Zone


class FilePattern(Section):
    """Files of one kind: where they lie, how they are laid out, in which zone their instants are."""

    path: str
    layout: str
    zone: Zone | None = None


class SpreadsheetSettings(Section):
    """A source whose records come in spreadsheets; several file patterns may feed it."""

    name: Slug
    kind: Literal["spreadsheet"]
    export: Literal["cumulative", "increment"]
    files: tuple[FilePattern, ...] = Field(min_length=1, strict=False)


SourceSettings = SpreadsheetSettings
"""Any [[source]]; `kind` tells which."""
