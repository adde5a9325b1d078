"""The yearly report to OSPI as files: one workbook, or csv files that say the same; and a README for the sender.

OSPI publishes what it receives: nothing in here names anybody.
"""

import textwrap
from collections.abc import Mapping
from dataclasses import replace
from zoneinfo import ZoneInfo

from lms_sync.agreements.year.ospi import CITATION, UNKNOWN, OspiReport
from lms_sync.reports.words import clean, count, written_in_full
from lms_sync.tables.write import ColumnSpec, Row, SheetSpec, Toned, write_workbook
from lms_sync.tables.write_csv import csv_text

README = f"Report to OSPI on safety and security staff ({CITATION})"
"""The first line of README.txt."""
NOT_KNOWN = "not known to this tool"
_WIDTH = 78
NOT_RECORDED = "not recorded"
_NOBODY = "People are numbered, the same number at each of a person's buildings; no list says who is behind a number."
_NAMES = (
    "The training confirmations and plans name people, and agreements may. OSPI publishes what it receives.",
    "Look through the folder documents, and ask OSPI what it wants of it, before you send it.",
)


def ospi_sheets(report: OspiReport, zone: ZoneInfo) -> tuple[SheetSpec, ...]:
    """Return the report as sheets; instants are told in the district's zone."""
    return tuple(map(_clean, (_about(report, zone), *_staff(report), *_agreements(report), *_not_here(report))))


def ospi_workbook(report: OspiReport, zone: ZoneInfo) -> bytes:
    """Return the report as an xlsx file."""
    title = f"Report to OSPI on safety and security staff, {report.school_year}"
    return write_workbook(None, ospi_sheets(report, zone), title=f"{clean(report.district)}: {title}")


def ospi_csv(report: OspiReport, zone: ZoneInfo) -> dict[str, bytes]:
    """Return file name → csv file, one for each sheet of the workbook; no spreadsheet runs a cell of it."""
    sheets = ospi_sheets(report, zone)
    return {
        f"{n}-{sheet_spec.title.lower().replace(' ', '-')}.csv": _csv(sheet_spec)
        for n, sheet_spec in enumerate(sheets, start=1)
    }


def ospi_readme(report: OspiReport, files: Mapping[str, bytes], zone: ZoneInfo) -> bytes:
    """Return README.txt: of which day, by what law, what is in it, what is missing, what nobody here knows."""
    about, missing = _about(report, zone).rows, report.missing or ("Nothing that this tool knows of.",)
    parts = [
        README,
        "\n".join(_wrapped(f"{name}: {value}", "  ") for name, value in about),
        "MISSING FROM THIS FOLDER",
        "\n".join(_wrapped(f"- {clean(line)}", "  ") for line in missing),
        "ASKED FOR BY THE LAW, AND NOT KNOWN TO THIS TOOL (not a zero: ask)",
        "\n".join(_wrapped(f"- {what}. Who would know: {who}.", "  ") for what, who in UNKNOWN),
        "BEFORE YOU SEND IT",
        "\n".join(_wrapped(f"- {line}", "  ") for line in (*_NAMES, _NOBODY)),
        "FILES",
        "\n".join(f"- {name}" for name in files),
    ]
    return ("\n\n".join(parts) + "\n").encode()


def _wrapped(text: str, indent: str) -> str:
    return textwrap.fill(text, _WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def _about(report: OspiReport, zone: ZoneInfo) -> SheetSpec:
    known = report.known_at.astimezone(zone)
    placed = {place.staff for place in report.places}
    rows: tuple[Row, ...] = (
        ("District", report.district),
        ("School year", report.school_year),
        ("Law", CITATION),
        ("Staff as of", written_in_full(report.as_of)),
        ("By what was recorded until", f"{written_in_full(known.date())}, {known:%H:%M}"),
        (
            "Made from",
            "the roster (people, assignments, buildings, agreements), recorded adoptions, issued documents",
        ),
        ("Safety and security staff in the district", report.staff),
        ("… of these, at a building", len(placed)),
        ("… of these, with no building recorded", report.nowhere),
        ("Buildings with staff", len(report.buildings)),
        ("Agreements", len(report.agreements)),
        ("Documents in the folder", len(report.copies)),
        ("Missing, see the sheet Missing", len(report.missing)),
        ("Asked for by the law and not known to this tool", len(UNKNOWN)),
    )
    intro = (f"Safety and security staff, {report.school_year}", f"{report.district}. {CITATION}.", _NOBODY)
    return SheetSpec("About", (ColumnSpec("What", 46), ColumnSpec("Value", 60)), rows, intro=intro, landscape=False)


def _staff(report: OspiReport) -> tuple[SheetSpec, SheetSpec]:
    buildings = SheetSpec(
        "Buildings",
        (ColumnSpec("Building", 40), ColumnSpec("Number of staff", 18), ColumnSpec("Days a week, together", 18)),
        tuple((name, staff, days or NOT_RECORDED) for name, staff, days in report.buildings),
        intro=("Number of staff at each building", "Somebody who works at two buildings counts at both."),
        table="Buildings",
        landscape=False,
    )
    people = SheetSpec(
        "Days a week",
        (ColumnSpec("Building", 40), ColumnSpec("Staff", 14), ColumnSpec("Days a week", 14)),
        tuple((place.building, f"Staff {place.staff}", place.days or NOT_RECORDED) for place in report.places),
        intro=("Days a week that each of the staff works at each building", _NOBODY),
        table="Days",
        landscape=False,
    )
    return buildings, people


def _agreements(report: OspiReport) -> tuple[SheetSpec, SheetSpec]:
    columns = (
        *(ColumnSpec("Agency or organisation", 34), ColumnSpec("Kind", 18), ColumnSpec("Agreement", 16)),
        *(ColumnSpec("School year", 12), ColumnSpec("Starts", 13, "date"), ColumnSpec("Ends", 13, "date")),
        ColumnSpec("Adopted on", 16, "date"),
    )
    rows: tuple[Row, ...] = tuple(
        (
            *(
                with_agreement.partner,
                with_agreement.kind.value,
                with_agreement.agreement.agreement_id,
                with_agreement.agreement.school_year,
            ),
            *(
                with_agreement.agreement.starts,
                with_agreement.agreement.ends or "open",
                with_agreement.adopted or Toned("not recorded", "warn"),
            ),
        )
        for with_agreement in report.agreements
    )
    files: tuple[Row, ...] = tuple(
        (agreement_copy.agreement_id, agreement_copy.what, f"documents/{agreement_copy.name}")
        for agreement_copy in report.copies
    )
    named = (ColumnSpec("Agreement", 16), ColumnSpec("Document", 44), ColumnSpec("File", 70))
    return (
        SheetSpec(
            "Agreements", columns, rows, intro=("Agencies and organisations with an agreement",), table="Agreed"
        ),
        SheetSpec("Documents", named, files, intro=("Documents in this folder", *_NAMES), table="Documents"),
    )


def _not_here(report: OspiReport) -> tuple[SheetSpec, SheetSpec]:
    columns = (ColumnSpec("What the law asks for", 60), ColumnSpec("Figure", 24), ColumnSpec("Who would know", 60))
    rows: tuple[Row, ...] = tuple((what, Toned(NOT_KNOWN, "warn"), who) for what, who in UNKNOWN)
    intro = ("Asked for by the law, and not known to this tool", "Not a zero: ask whoever would know, and add it.")
    missing: tuple[Row, ...] = tuple((line,) for line in report.missing)
    lacking = ("Missing", f"What ought to be here and is not: {count(len(missing), 'point', 'points')}.")
    return (
        SheetSpec("Not known here", columns, rows, intro=intro, table="Unknown"),
        SheetSpec("Missing", (ColumnSpec("What is missing", 120),), missing, intro=lacking, table="Missing"),
    )


def _clean(sheet: SheetSpec) -> SheetSpec:
    """Return the sheet with every text on one line and without control characters."""
    rows = tuple(tuple(clean(cell) if isinstance(cell, str) else cell for cell in row) for row in sheet.rows)
    return replace(sheet, rows=rows, intro=tuple(map(clean, sheet.intro)))


def _csv(sheet: SheetSpec) -> bytes:
    rows = ([cell.value if isinstance(cell, Toned) else cell for cell in row] for row in sheet.rows)
    text = csv_text([column.heading for column in sheet.columns], rows)
    return text.encode("utf-8-sig")  # by its first bytes Excel knows that it is UTF-8
