"""Words and signs of pages: what states, kinds of findings and deliveries are called, and what can be done next."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lms_sync.agreements.year.calendar_pages import CalendarPage, what
from lms_sync.agreements.year.entry import DueKind, DueState
from lms_sync.law.standing import MetBy, Standing, State
from lms_sync.model.delivery import DeliveryState
from lms_sync.model.finding import Area
from lms_sync.reports import words

STATE_NAMES: Mapping[State, tuple[str, str]] = {
    State.OVERDUE: ("!", "Overdue"),
    State.UNDETERMINED: ("?", "Undetermined"),
    State.ON_PLAN: ("→", "On plan"),
    State.COMPLETE: ("✓", "Complete"),
    State.DOCUMENTED: ("★", "Documented"),
    State.NOT_STARTED: ("○", "Not started"),
}
"""State → (sign, word)."""
AREA_WORDS: Mapping[Area, str] = {
    Area.CLAIM: "Claims to decide",
    Area.DOUBT: "Completions in doubt",
    Area.PERSON: "People to identify or to follow up",
    Area.COURSE: "Courses that the map does not have",
    Area.ROSTER: "The roster",
    Area.AGREEMENT: "Agreements",
    Area.SOURCE: "Sources",
    Area.FILE: "Files",
    Area.ROW: "Rows that cannot be read",
    Area.MAPPING: "The course map",
    Area.LAYOUT: "Layouts of sheets",
    Area.DELIVERY: "Messages to partners",
    Area.OFFERING: "Courses that can be taken",
    Area.CONFIG: "Settings",
}
WAITS: Mapping[Area, tuple[str, str]] = {
    Area.CLAIM: ("claim to decide", "claims to decide"),
    Area.DOUBT: ("completion in doubt to decide", "completions in doubt to decide"),
    Area.PERSON: ("person to identify or to follow up", "people to identify or to follow up"),
    Area.COURSE: ("course that the map does not have", "courses that the map does not have"),
    Area.ROSTER: ("cell of the roster to correct", "cells of the roster to correct"),
    Area.AGREEMENT: ("thing to do about agreements", "things to do about agreements"),
    Area.SOURCE: ("source to look after", "sources to look after"),
    Area.FILE: ("file to look at", "files to look at"),
    Area.ROW: ("row that cannot be read", "rows that cannot be read"),
    Area.MAPPING: ("thing to look at in the course map", "things to look at in the course map"),
    Area.LAYOUT: ("layout to correct", "layouts to correct"),
    Area.DELIVERY: ("message to look at", "messages to look at"),
    Area.OFFERING: ("thing to look at in the classes on offer", "things to look at in the classes on offer"),
    Area.CONFIG: ("setting to correct", "settings to correct"),
}
"""Kind of findings → (one waits, several wait)."""
DELIVERY_WORDS: Mapping[DeliveryState, str] = {
    DeliveryState.HELD: "held, waits for a person",
    DeliveryState.QUEUED: "to be sent",
    DeliveryState.SENDING: "being sent",
    DeliveryState.SENT: "sent",
    DeliveryState.FAILED: "failed",
    DeliveryState.UNKNOWN: "perhaps sent",
}
NEXT: Mapping[str, tuple[str, str]] = {
    "unmapped-course": ("Decide it in the course map", "courses"),
    "unconfirmed-person": ("Decide who it is", "matches"),
    "identity-conflict": ("Decide who it is", "matches"),
    "another-last-name": ("Decide who it is", "matches"),
}
"""Code of a finding → (what to do next, the page on which)."""
NEXT_BY_AREA: Mapping[Area, tuple[str, str]] = {
    Area.ROSTER: ("Correct the roster", "roster"),
    Area.MAPPING: ("Correct the course map", "courses"),
    Area.AGREEMENT: ("Open the agreements", "agreements"),
    Area.DELIVERY: ("Open the messages", "messages"),
    Area.LAYOUT: ("Try a sheet", "sheets"),
    Area.ROW: ("Try the corrected sheet", "sheets"),
    Area.FILE: ("Try the corrected sheet", "sheets"),
}


@dataclass(frozen=True, slots=True)
class DueEntry:
    """One thing that is due, as a line."""

    day: str
    what: str
    late: bool
    person_id: str
    agreement_id: str


def due_lines(calendar: CalendarPage) -> list[DueEntry]:
    """Return what a calendar holds, line by line."""
    return [
        DueEntry(
            words.written(entry.due) if entry.due else "no day set",
            what(entry, calendar.names),
            entry.standing(calendar.today) is DueState.OVERDUE,
            entry.person_id if entry.kind is DueKind.TRAINING else "",
            entry.subject if entry.kind in (DueKind.REVIEW, DueKind.ADOPTION) else "",
        )
        for entry in calendar.entries
    ]


@dataclass(frozen=True, slots=True)
class Cell:
    """One requirement of one person in the matrix: a sign, a word, and a class for the colour."""

    sign: str
    word: str
    kind: str


def cell_of(standing: Standing | None) -> Cell:
    """Return how a requirement stands; None for one that the person's class does not ask for."""
    if standing is None:
        return Cell("–", "not required", "none")
    count = f" {min(standing.have, standing.need)} of {standing.need}" if standing.need > 1 else ""
    if standing.open:
        if standing.late:
            return Cell("!", f"overdue{count}", "late")
        return Cell("→", f"open{count}", "open")
    if standing.doubted:
        return Cell("?", "met, in doubt", "doubt")
    met = {MetBy.CREDITS: ("✓", "met"), MetBy.VERIFIED: ("★", "verified"), MetBy.WAIVED: ("◇", "waived")}
    sign, word = met[standing.met_by or MetBy.CREDITS]
    return Cell(sign, f"{word}, late" if standing.late else word, "met")


FIELDS: Mapping[str, str] = {
    "See `lms-sync documents add --help`; a list needs a column Person ID": "Fill in what is missing",
    "Correct the command": "Correct the form",
    'Add --reason "…"': "Fill in “Why”",
    'Add --note "…"': "Fill in “How it was done”",
    "say so with --note": "say so in the note",
    "See --on and --year again": "Look at the day and the school year again",
    "Leave --building out": "Tick no building",
    "Put it there, or name its folder: --attachments": "Send it together with the checklist",
    '--reason "…"': "in the field “Why”",
    "--reason": "“Why”",
    "--again": "tick “even if it was mailed before”",
    "--on ": "",
    "the day that the document shows in --day": "the day that the document shows in “Day of the training”",
    "Leave --day out; that day counts": "Leave “Day of the training” blank; that day counts",
    "Correct --day": "Correct “Day of the training”",
    "--component": "“What it documents”",
    "--kind": "“What the ESD says”",
    "--esd": "“Which ESD”",
    "--day": "“Day of the document”",
    "--number": "“Its number”",
    "--person": "the person",
}
"""What the command line calls something → what pages call it; the longer ones first."""
_COMMAND = re.compile(r"lms-sync|`| --[a-z]")
_ASIDE = re.compile(r" ?\([^()]*(?:`|lms-sync)[^()]*\)")
_AT_THE_END = re.compile(r": `[^`]*`(?=\.|$)")
"""A command after the words that say what it does."""
LOOK_AGAIN = "Go back, load the page again, and look at what it says now."


def on_page(sentences: str) -> str:
    """Return what an error says with the fields of forms in place of a command's options."""
    for option, field in FIELDS.items():
        sentences = sentences.replace(option, field)
    return sentences


def hint_on_page(hint: str) -> str:
    """Return what to do on a page; where only a command would help, to look again. Nothing for nothing."""
    return without_commands(on_page(hint)) or (LOOK_AGAIN if hint else "")


def lines_on_page(lines: Iterable[str]) -> list[str]:
    """Return lines of an error as a page says them: without the sentences that name a command."""
    return [_without_commands(on_page(line)) for line in lines]


def without_commands(sentence: str) -> str:
    """Return what to do, without the sentences that name a command: pages have buttons instead."""
    return _without_commands(sentence).rstrip(" ;,:")


def _without_commands(sentences: str) -> str:
    kept = _ASIDE.sub("", _AT_THE_END.sub("", sentences))
    return " ".join(part for part in re.split(r"(?<=[.!?]) ", kept) if not _COMMAND.search(part))
