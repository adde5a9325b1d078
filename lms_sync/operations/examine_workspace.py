"""What is right and wrong about the workspace itself and its machine; nothing is stored."""

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from html import escape
from pathlib import Path
from zoneinfo import ZoneInfo

from lms_sync.errors import LmsSyncError
from lms_sync.mail.carriers import configured_carrier
from lms_sync.mail.message import MessageParts, build_message, message_id
from lms_sync.model.carrier import Carrier, Envelope, Reachable, RecipientOutcome
from lms_sync.operations.check import check_workspace
from lms_sync.reports.words import count
from lms_sync.sources.diagnosis import Check, good, note, wrong
from lms_sync.store.engine import sqlite_file
from lms_sync.store.upkeep import problems_of_file
from lms_sync.workspace.settings.config import Config

ROOM = 1_000_000_000
"""Bytes that ought to be free at least."""
AHEAD = timedelta(minutes=5)
"""A file may be so much younger than the clock says, on a share for instance."""


def examine_workspace(config: Config, *, now: datetime) -> Iterator[tuple[str, Check]]:
    """Give (topic, check): what people edit with secrets, mail and templates; database, disk, clock and zone."""
    yield "workspace", _edited(config, now=now)
    file = sqlite_file(config.store_url())
    yield "workspace", _database(file)
    yield "mail", _mail(config, now=now)
    yield "machine", _room(config.folder, file)
    yield "machine", _clock(config, file, now=now)


def send_test_mail(config: Config, address: str, *, now: datetime, token: str) -> Check:
    """Send a mail of a few words to an address, by the way that reports take, and return what became of it."""
    sender = config.settings.mail.sender
    subject = f"Test mail of lms-sync for {config.settings.district.name}"
    words = f"{subject}. If you can read this, reports can be sent. Nobody needs to answer."
    html = f"<!doctype html><html lang=en><title>{escape(subject)}</title><p>{escape(words)}</p></html>"
    try:
        envelope = Envelope(f"test-{token}", sender, to=(address,))
        parts = MessageParts(subject, html, words)
        body = build_message(parts, envelope=envelope, message_id=message_id(token, sender=sender), date=now)
        return _handed_over(configured_carrier(config, clock=lambda: now), envelope, body)
    except LmsSyncError as error:
        return wrong("test mail", str(error), error.hint)


def _handed_over(carrier: Carrier, envelope: Envelope, body: bytes) -> Check:
    with carrier.session() as session:
        (result,) = session.send(envelope, body)
    if result.outcome is RecipientOutcome.ACCEPTED:
        return good("test mail", f"the carrier {carrier.name} took it for {result.address}; look whether it arrives")
    return wrong("test mail", f"{result.address}: {result.outcome}, {result.detail}", "See docs/operators.md, Mail.")


def _edited(config: Config, *, now: datetime) -> Check:
    findings = tuple(check_workspace(config, now=now))
    blocking = [finding for finding in findings if finding.blocks]
    if blocking:
        return wrong("what people edit", f"{blocking[0].where}: {blocking[0].found}", "See `lms-sync check`.")
    if findings:
        number = count(len(findings), "finding", "findings")
        return note("what people edit", f"{number}, none keeps a file out", "See `lms-sync check`.")
    return good("what people edit", "settings, secrets, roster, course map and templates")


def _mail(config: Config, *, now: datetime) -> Check:
    """Sign in where reports are handed over; nothing is sent."""
    try:
        carrier = configured_carrier(config, clock=lambda: now)
        if not isinstance(carrier, Reachable):
            return good("mail", f"messages are kept in the folder {config.settings.mail.folder}; none is sent")
        return good("mail", carrier.reach())
    except LmsSyncError as error:
        return wrong("mail", str(error), error.hint)


def _database(file: Path | None) -> Check:
    if file is None:
        return good("database", "PostgreSQL; its server looks after the pages, `lms-sync db check` after the rows")
    if not file.exists():
        return good("database", "none yet; the first command that stores something makes it")
    try:
        problems = problems_of_file(file, thorough=False)
    except LmsSyncError as error:
        return wrong("database", str(error), error.hint)
    if problems:
        return wrong("database", problems[0], "Put a backup back: docs/operators.md, Backup.")
    return good("database", f"{file.stat().st_size / 1e6:,.1f} MB, its pages are sound")


def _room(folder: Path, file: Path | None) -> Check:
    free = shutil.disk_usage(folder).free
    # A migration and a backup copy the database.
    needed = max(ROOM, 3 * file.stat().st_size if file is not None and file.exists() else 0)
    if free < needed:
        return wrong("disk", f"{free / 1e9:,.1f} GB are free", f"Make room: {needed / 1e9:,.1f} GB are wanted.")
    return good("disk", f"{free / 1e9:,.0f} GB are free")


def _clock(config: Config, file: Path | None, *, now: datetime) -> Check:
    zone = config.settings.district.zone
    here = f"{now.astimezone(ZoneInfo(zone)):%A %Y-%m-%d %H:%M} in {zone}"
    written = file.stat().st_mtime if file is not None and file.exists() else 0.0
    if written > (now + AHEAD).timestamp():
        return note("clock", f"{here}; the database was written later than that", "Set the machine's clock (NTP).")
    return good("clock", here)
