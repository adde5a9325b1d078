"""log: every human decision, and whether the record of them is whole."""

import json
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from lms_sync.cli.opening import day, open_workspace
from lms_sync.cli.options import format_choice, output_file, pass_folder
from lms_sync.cli.show import print_table
from lms_sync.errors import EXIT_DONE, EXIT_FINDINGS, UsageError
from lms_sync.files import write_whole
from lms_sync.model.log import DecisionKind, LogEntry
from lms_sync.store.audit import broken
from lms_sync.store.known.differences import compare_anew, read_differences
from lms_sync.tables.write_csv import csv_text
from lms_sync.text import written_day

HEADINGS = ("Number", "When", "What", "About", "By", "Why", "Before", "After")


@click.command(
    epilog="""\b
Examples:
  lms-sync log show --kind claim --since 2026-09-01
  lms-sync log show --about 100417
  lms-sync log show --format csv -o decisions.csv
""",
)
@click.option(
    "--kind",
    type=click.Choice([decision_kind.value for decision_kind in DecisionKind]),
    help="One kind of decision only.",
)
@click.option("--since", metavar="DAY", help="Decisions of this day or later (YYYY-MM-DD).")
@click.option("--about", default="", help="One Person ID, partner, claim, learner or version only.")
@format_choice("table", "json", "csv")
@output_file("Write to this file (json or csv).")
@pass_folder
def show(folder: str, *, kind: str | None, since: str | None, about: str, form: str, output: str | None) -> None:
    """Show decisions, the oldest first: class, links, claims, releases, map versions, each with before and after."""
    if output is not None and form == "table":
        raise UsageError("--format table is for the screen only", hint="For a file: --format csv or json.")
    first = day(since, option="--since")
    with open_workspace(folder, writes=False) as workspace:
        entries = [
            entry
            for entry in workspace.store.audit.entries()
            if (kind is None or entry.kind == kind)
            and (not about or (not entry.purged and entry.decision.subject == about))
            and (first is None or entry.at.astimezone(workspace.zone).date() >= first)
        ]
        rows = [_row(entry, workspace.zone) for entry in entries]
    match form:
        case "table":
            print_table(HEADINGS, rows)
            return
        case "json":
            text = (
                json.dumps([dict(zip(map(str.lower, HEADINGS), row, strict=True)) for row in rows], indent=1) + "\n"
            )
        case _:
            text = csv_text(HEADINGS, rows)
    if output is None:
        click.echo(text, nl=False)
    else:
        write_whole(Path(output), text.encode())
        click.echo(f"Wrote {output}")


def _row(entry: LogEntry, zone: ZoneInfo) -> list[str]:
    when = f"{entry.at.astimezone(zone):%Y-%m-%d %H:%M}"
    if entry.purged:
        return [str(entry.number), when, entry.kind, "", "", f"purged on {written_day(entry.purged_on)}", "", ""]
    decision = entry.decision
    return [
        *(str(entry.number), when, entry.kind, decision.subject, decision.who, decision.reason),
        _words(decision.before),
        _words(decision.after) or ("(taken back)" if decision.before else ""),
    ]


def _words(value: object) -> str:
    if not isinstance(value, dict):
        return ""
    return "; ".join(f"{key}: {_plain(item)}" for key, item in value.items() if item not in ("", None, []))


def _plain(value: object) -> str:
    if isinstance(value, dict):
        return f"({_words(value)})"
    if not isinstance(value, list):
        return str(value)
    return f"{len(value)} of them" if len(value) > 5 else " · ".join(map(str, value))


@click.command(
    epilog="""\b
Examples:
  lms-sync log verify                               0 whole · 1 not
  lms-sync log verify --head 17:3f29c0d1aa77b0e2    against the line in a night's summary
""",
)
@click.option("--head", default="", help="Number and hash, as printed in a night's summary.")
@pass_folder
def verify(folder: str, head: str) -> int:
    """Say whether the log is complete and the database agrees with it.

    An entry cut off at the end shows only by comparison with the line in a night's summary (--head).
    """
    anchor = _anchor(head)
    with open_workspace(folder, writes=False) as workspace:
        entries = workspace.store.audit.entries()
        compare_anew(workspace.store)
        differing = read_differences(workspace.store)
    wrong = [*dict.fromkeys((*broken(entries, anchor), *map(str, differing)))]
    for sentence in wrong:
        click.echo(f"✗ {sentence}")
    if wrong:
        click.echo("Compare with a backup of the database, and with the summaries that HR keeps.")
        return EXIT_FINDINGS
    newest = f"{entries[-1].number}:{entries[-1].hash[:16]}" if entries else "none yet"
    number = "1 entry" if len(entries) == 1 else f"{len(entries)} entries"
    click.echo(f"{number}, complete. Newest: {newest}")
    return EXIT_DONE


def _anchor(head: str) -> tuple[int, str] | None:
    if not head:
        return None
    number, _, code = head.strip().partition(":")
    if not number.isdecimal() or len(code) < 8:
        raise UsageError(
            f"--head {head}: not a line of a summary", hint="Write it as printed there: 17:3f29c0d1aa77b0e2"
        )
    return int(number), code.lower()
