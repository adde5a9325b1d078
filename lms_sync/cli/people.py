"""people: one person's record, for the person, the chief and a hearing; and who is who."""

import json
import logging
from pathlib import Path
from typing import Any

import click

from lms_sync.cli.opening import day, instant, open_workspace
from lms_sync.cli.options import as_of_option, format_choice, known_at_option, output_file, pass_folder
from lms_sync.cli.purge import purged_json, tell_purged
from lms_sync.cli.show import print_text
from lms_sync.compliance.person_record import PersonRecord, build_record
from lms_sync.errors import UsageError
from lms_sync.files import write_whole
from lms_sync.mail.before_issuing import banner, expect_complete
from lms_sync.model.known import known_person
from lms_sync.operations.night import open_issuer
from lms_sync.operations.retention.record import Purge, purged_before
from lms_sync.operations.unread_rows import UnreadRows
from lms_sync.reports.issuer import Issuer
from lms_sync.reports.person.as_json import record_json
from lms_sync.reports.person.pdf import record_pdf, record_text

log = logging.getLogger(__name__)


@click.command(
    epilog="""\b
Examples:
  lms-sync people show 100417
  lms-sync people show 100417 -o record.pdf            for the person, the chief, a hearing
  lms-sync people show 100417 --in-full -o court.pdf   with instructor, place and file as they were read
  lms-sync people show 100417 --as-of 2026-06-30 --known-at 2026-07-01T06:00 --format json
"""
)
@click.argument("person_id", metavar="ID")
@as_of_option
@known_at_option
@format_choice("text", "json", text="How it is written.")
@click.option("--in-full", is_flag=True, help="Every text as it was read, for the district or a court.")
@output_file("Write to this file; a PDF where it ends in .pdf.")
@pass_folder
def show(folder: str, /, *, person_id: str, as_of: str | None, known_at: str | None, **how: Any) -> int:
    """Show what counts and why, what does not and why, what is missing and by when, and how to dispute it."""
    with open_workspace(folder, writes=False) as workspace:
        known = instant(known_at, workspace.zone)
        gone = purged_before(workspace.store, known)
        code = tell_purged(gone)
        issuer = open_issuer(workspace, as_of=day(as_of, option="--as-of") or workspace.today(), known_at=known)
        person = known_person(issuer.snapshot.roster, person_id)
        record = build_record(
            issuer.snapshot,
            issuer.judged,
            person.person_id,
            for_district=how["in_full"],
            unread=() if known else UnreadRows.of(workspace, issuer).of_person(person.person_id),
        )
        form, output = how["form"], how["output"]
        for line in banner(issuer):
            click.echo(f"! {line}", err=True)
        if output is None:
            print_text(_text(record, issuer, form=form, gone=gone))
        else:
            expect_complete(issuer)
            write_whole(Path(output), _content(record, issuer, form=form, output=Path(output), gone=gone))
            click.echo(f"Wrote {output}")
    return code


def _content(record: PersonRecord, issuer: Issuer, *, form: str, output: Path, gone: Purge | None) -> bytes:
    if output.suffix.lower() != ".pdf":
        return _text(record, issuer, form=form, gone=gone).encode()
    if form == "json":
        raise UsageError("--format json is no PDF", hint="Name a file that ends in .json, or leave --format out.")
    pdf = record_pdf(record, issuer.templates)
    if pdf.trouble:
        log.warning("the PDF does not claim PDF/UA-1: %s", pdf.trouble)
    return pdf.content


def _text(record: PersonRecord, issuer: Issuer, *, form: str, gone: Purge | None) -> str:
    if form == "json":
        return json.dumps(record_json(record) | purged_json(gone), ensure_ascii=False, indent=1) + "\n"
    return record_text(record, issuer.templates)
