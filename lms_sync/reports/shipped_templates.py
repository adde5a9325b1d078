"""The shipped templates: which there are, what they are for, and which variables they are filled with."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jinja2 import meta

from lms_sync.files import shipped
from lms_sync.reports.templates import template_environment

PURPOSES: Mapping[str, str] = {
    "agreement": "the mail that sends an agreement's document",
    "agreement_plan": "clause C: an agreement's training plan",
    "building": "the monthly list for a principal",
    "clause_c": "what both documents of clause C share",
    "confirmation": "clause C: an agreement's training confirmation",
    "district": "the page of the whole district",
    "grid": "the grid of people and requirements in printed documents",
    "night": "the night's summary for HR",
    "notice": "short mails: reminders of last lawful days, receipts for corrections",
    "page": "the look of every printed document",
    "partner": "a partner's report",
    "plan": "a partner's training plan",
    "record": "one person's record",
    "request": "the packet for an ESD",
    "style": "the look of every mail",
    "withdrawal": "the mail that withdraws a document",
}
"""Stem of the file's name → what it makes."""
_OF_TYPST = re.compile(r"\b(?:data|page)\.(?!typ\b)([a-z_]+)")


@dataclass(frozen=True, slots=True)
class ShippedTemplate:
    """A template that a workspace's own may stand before."""

    path: Path
    purpose: str

    @property
    def variables(self) -> tuple[str, ...]:
        """What the program fills it with, and no other name; sorted."""
        text = self.path.read_text(encoding="utf-8")
        if self.path.suffix == ".typ":
            return tuple(sorted(set(_OF_TYPST.findall(text))))
        return tuple(sorted(meta.find_undeclared_variables(template_environment(None).parse(text))))


def shipped_templates() -> tuple[ShippedTemplate, ...]:
    """Return all shipped templates by name."""
    files = [path for path in shipped("reports").iterdir() if path.name.endswith((".j2", ".typ"))]
    return tuple(
        ShippedTemplate(path, PURPOSES.get(path.name.partition(".")[0], ""))
        for path in sorted(files, key=lambda path: path.name)
    )
