"""A source whose records are the statements of a Learning Record Store (xAPI 1.0.3).

A pull asks for the verbs that tell of a completion, for cmi5's waivers, and for voids: the first two from a week (or
what `overlap_days` says) before the newest that was read, voids always all, because a void may be older than what it
revokes reaches us. A statement's id is its record, so what comes again changes nothing.
"""

import base64
import hashlib
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from lms_sync.model.evidence import Completion, Item
from lms_sync.model.finding import Area, Finding
from lms_sync.sources.diagnosis import Check
from lms_sync.sources.http.answer import Failure, HttpError
from lms_sync.sources.http.endpoint import Endpoint
from lms_sync.sources.http.session import Session, open_session
from lms_sync.sources.pull import Export, FileRead, FileSkipped, Pull, fingerprint
from lms_sync.sources.spreadsheet.cell_dates import Zones
from lms_sync.sources.spreadsheet.layout import Layout
from lms_sync.sources.xapi.actor import home_page, unmatchable
from lms_sync.sources.xapi.cursor import Cursor, moved, read_cursor, timestamp
from lms_sync.sources.xapi.diagnosis import checks
from lms_sync.sources.xapi.listing import PATH, Listing, shows
from lms_sync.sources.xapi.readings import StatementForm, is_zoneless, read_statements, stored_at
from lms_sync.sources.xapi.xapi_statement import VOIDED, WAIVED
from lms_sync.workspace.settings.config import secret
from lms_sync.workspace.settings.sources import XapiSettings

VERSION = {"X-Experience-API-Version": "1.0.3"}
SIDE_FAILURES = (Failure.BROKEN, Failure.REJECTED, Failure.UNREADABLE, Failure.TIMEOUT)
"""How an LRS may fail at being asked for what is new only. Ralph does from its first statement without a zone on."""
FILE = "statements"
"""The name under which the ledger counts what an LRS gave."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Xapi:
    """One LRS."""

    name: str
    endpoint: Endpoint
    form: StatementForm
    overlap: timedelta
    """How long before the newest statement that was read the next pull begins."""
    export: Export = "increment"

    def pull(self, seen: frozenset[str], cursor: str = "") -> Pull:
        """Return the statements that are new since `cursor`, and all voids; without cursor, all statements.

        An LRS that does not keep to what `since` means is read whole the next time; one that fails at it, at once.

        Raises: SourceError when any page fails: a pull is whole or none.
        """
        before = read_cursor(cursor, self.form.mark)
        since = before.since(self.overlap)
        with open_session(self.endpoint) as session:
            listing = self._listed(session, since)
            items = read_statements(listing.statements, self.form)
            trusted = not listing.fails and self._knows_stored(session, items, listing)
        after = moved(before, items, through=listing.through) if trusted else Cursor(self.form.mark)
        file = self._file(items, listing)
        if file.fingerprint in seen:
            same = FileSkipped(file.name, file.sha256, file.fingerprint)
            return Pull(self.name, self.export, (), (same,), cursor=str(after))
        return Pull(self.name, self.export, (file,), cursor=str(after))

    def _listed(self, session: Session, since: Mapping[str, str]) -> Listing:
        """Return all that was stored since; all that there is when the LRS fails only when it is asked so."""
        try:
            return self._listing(session, since)
        except HttpError as error:
            if not since or error.kind not in SIDE_FAILURES:
                raise
            log.info("source %s: what is new cannot be asked for (%s); everything is read", self.name, error.kind)
        listing = self._listing(session, {})
        listing.fails = True
        return listing

    def _listing(self, session: Session, since: Mapping[str, str]) -> Listing:
        listing = Listing(since)
        for verb in (*self.form.verbs, WAIVED):
            listing.ask(session, {"verb": verb, **since})
        listing.ask(session, {"verb": VOIDED})
        return listing

    def _knows_stored(self, session: Session, items: tuple[Item, ...], listing: Listing) -> bool:
        """Tell whether the LRS compares `since` and `until` with `stored`, and not with when something happened.

        Asked until just before the first `stored` that it showed, it must show nothing. One that compares `timestamp`
        (Ralph does) would never show a completion that reached it late, so nothing may be left out with it; nor with
        one that does not answer, which stops no pull.
        """
        counted = (item for item in items if dict(item.text).get("verb.id") in self.form.verbs)
        first = min(filter(None, map(stored_at, counted)), default=None)
        if first is None:
            return bool(listing.since)
        earlier = {**listing.since, "until": timestamp(first - timedelta(microseconds=1))}
        try:
            return not any(shows(session, {"verb": verb, **earlier}) for verb in self.form.verbs)
        except HttpError as error:
            log.info("source %s: it cannot be asked what came when (%s)", self.name, error.kind)
            listing.fails = True
            return False

    def diagnose(self) -> Iterator[Check]:
        """Give what is right and wrong about address, sign-in, clock, rights and verbs.

        Raises: SourceError, which is the last thing wrong.
        """
        with open_session(self.endpoint) as session:
            yield from checks(session, self.form.verbs, now=self.endpoint.clock.now())

    def _file(self, items: tuple[Item, ...], listing: Listing) -> FileRead:
        sha256 = hashlib.sha256(repr([item.text for item in items]).encode()).hexdigest()
        zones = self.form.zones
        mark = fingerprint(sha256, self.form.mark, zone=zones.file, district_zone=zones.district)
        findings = (*self._nothing(None if listing.since else items), *self._unmatchable(items))
        findings += self._zoneless(items) if listing.fails else ()
        return FileRead(FILE, sha256, mark, items, findings)

    def _nothing(self, items: tuple[Item, ...] | None) -> tuple[Finding, ...]:
        """Return a finding when an LRS that was asked for everything (else None) has nothing."""
        if items is None or items:
            return ()
        return (
            self._finding(
                "nothing-shown",
                "the LRS was asked for everything, and shows no statement",
                expected="at least one completion",
                remedy="Check the rights of the user (statements/read, not statements/read/mine), `url` and `verbs`.",
            ),
        )

    def _unmatchable(self, items: tuple[Item, ...]) -> tuple[Finding, ...]:
        """Return a finding when people are named in ways that the roster can't know."""
        ways = unmatchable(i.reading.learner for i in items if isinstance(i.reading, Completion))
        if not ways:
            return ()
        return (
            self._finding(
                "people-not-matchable",
                f"some statements name people only by {', '.join(ways)}",
                expected="an e-mail address, or an account whose name is the person's id",
                remedy="Name the home page in `account_is_person_id` where its account names are people's ids; "
                "otherwise ask for actors with mbox, or write the learner into Other IDs of the roster.",
            ),
        )

    def _zoneless(self, items: tuple[Item, ...]) -> tuple[Finding, ...]:
        """Return a finding when completions that were read tell no zone: an LRS may fail at times because of them."""
        if not (count := sum(is_zoneless(item) for item in items)):
            return ()
        return (
            self._finding(
                "statements-without-zone",
                f"{count} statements give their time without its offset from UTC, and the LRS fails when it is asked"
                " for what is new",
                expected="a time like 2026-09-03T17:30:00Z",
                remedy="Ask whoever keeps the LMS to void them and to send them again with it. Nothing is missing:"
                " every night reads all statements until then.",
            ),
        )

    def _finding(self, code: str, found: str, *, expected: str, remedy: str) -> Finding:
        where = f"lms_sync.toml, [[source]] {self.name}"
        return Finding(Area.SOURCE, code, where, found, expected, remedy, source=self.name)


def from_settings(settings: XapiSettings, *, folder: Path, layouts: Mapping[str, Layout], district_zone: str) -> Xapi:
    """Return the source that a [[source]] section describes; `folder` is the workspace, `layouts` are not needed.

    Raises: ConfigError when `url` is no address that the secret may be sent to.
    """
    key = f"[[source]] {settings.name}, password"
    password = secret(settings.password_env, settings.password_file, folder=folder, key=key)
    url = settings.url.rstrip("/")
    ca_file = str(folder / settings.ca_file) if settings.ca_file else ""
    endpoint = Endpoint(settings.name, url, headers=_headers(settings.user, password), ca_file=ca_file)
    form = StatementForm(
        source=settings.name,
        url=url + PATH,
        verbs=settings.verbs,
        activities=settings.activities,
        person_id_homes=frozenset(map(home_page, settings.account_is_person_id)),
        zones=Zones(settings.zone or "", district_zone),
    )
    return Xapi(settings.name, endpoint, form, timedelta(days=settings.overlap_days))


def _headers(user: str, password: Callable[[], str]) -> Callable[[], Mapping[str, str]]:
    """Return the headers of every request, the password read when it is needed so that it stands in no field."""

    def headers() -> Mapping[str, str]:
        pair = base64.b64encode(f"{user}:{password()}".encode()).decode()
        return {"Authorization": f"Basic {pair}", **VERSION}

    return headers
