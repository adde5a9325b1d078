"""Statements → items, each with exactly one reading. Pure."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from lms_sync.model.evidence import ClaimReason, Completion, Item, Reading, Refused, Revoked, Skipped
from lms_sync.model.finding import Origin
from lms_sync.sources.fit_items import FIRST_YEAR, LAST_YEAR
from lms_sync.sources.pull import READER_RULES
from lms_sync.sources.spreadsheet.cell_dates import When, Zones, read_when
from lms_sync.sources.spreadsheet.forbidden import mask
from lms_sync.sources.spreadsheet.layout import DateRules
from lms_sync.sources.spreadsheet.misread import Misread, ZoneMissing
from lms_sync.sources.spreadsheet.tried import tried
from lms_sync.sources.xapi.actor import learner_of
from lms_sync.sources.xapi.xapi_statement import (
    IDENTIFYING,
    READABLE,
    REASON,
    VOIDED,
    WAIVED,
    Statement,
    instant,
    parse,
    texts,
)

RULES = "xapi 2"
"""Version of how statements are read; another one makes every LRS be read whole once more."""


@dataclass(frozen=True, slots=True)
class StatementForm:
    """What turns statements into readings."""

    source: str
    url: str
    """Where statements are asked for."""
    verbs: tuple[str, ...]
    """The verbs that tell of a completion."""
    activities: tuple[str, ...]
    """What the ids of the activities that count begin with; none: all count."""
    person_id_homes: frozenset[str]
    """The home pages whose account names are people's ids, as `home_page` writes them."""
    zones: Zones
    """`file` is the zone of times that tell no offset; empty when nobody has stated it."""

    @property
    def mark(self) -> str:
        """Return 12 digits that are others when statements would be read differently."""
        settings = (self.url, self.verbs, self.activities, sorted(self.person_id_homes), self.zones)
        rules = (*settings, RULES, READER_RULES)
        return hashlib.sha256(repr(rules).encode()).hexdigest()[:12]


def read_statements(statements: Iterable[object], form: StatementForm) -> tuple[Item, ...]:
    """Return an item for each statement, in the order in which they were stored.

    A statement that came twice, word for word, is one item. One that cannot be read and is voided need not be read.
    """
    items = {(item.text, item.origin): item for item in (_item(raw, form) for raw in statements)}
    voided = {item.reading.record for item in items.values() if isinstance(item.reading, Revoked)}
    return tuple(sorted((_unless_voided(item, voided) for item in items.values()), key=_order))


def stored_at(item: Item) -> datetime | None:
    """Return when the LRS stored an item's statement, in UTC; None when it does not say so, or names no such time.

    Some programs write the first or the last day that they know (`0001-01-01`, `9999-12-31`) for "not told".
    """
    at = instant(dict(item.text).get("stored", ""))
    is_told = at is not None and at.tzinfo is not None and FIRST_YEAR <= at.year <= LAST_YEAR
    return at.astimezone(UTC) if at is not None and is_told else None


def is_zoneless(item: Item) -> bool:
    """Tell whether an item is a completion whose statement tells its time without a zone."""
    at = instant(dict(item.text).get("timestamp", ""))
    return isinstance(item.reading, Completion) and at is not None and at.tzinfo is None


def _order(item: Item) -> tuple[datetime, str]:
    return stored_at(item) or datetime.min.replace(tzinfo=UTC), item.origin.item


def _unless_voided(item: Item, voided: set[str]) -> Item:
    if isinstance(item.reading, Refused) and item.origin.item in voided:
        return replace(item, reading=Skipped("cannot be read, and is voided"))
    return item


def _item(raw: object, form: StatementForm) -> Item:
    kept = tuple((heading, mask(words)) for heading, words in texts(raw))
    origin = Origin(url=form.url, item=dict(kept).get("id", "").strip().lower())
    reading = tried(lambda: _reading(parse(raw), origin, form), origin, source=form.source)
    headings = {heading for heading, _ in kept}
    return Item(origin, kept, reading, IDENTIFYING & headings, READABLE & headings)


def _reading(statement: Statement, origin: Origin, form: StatementForm) -> Reading:
    if statement.verb.id == VOIDED:
        return _void(statement, form)
    reason = _no_completion(statement, form)
    return Skipped(reason) if reason else _completion(statement, origin, form)


def _void(statement: Statement, form: StatementForm) -> Reading:
    target = statement.thing
    if target.kind != "StatementRef" or not target.id.strip():
        return Skipped("voids nothing: its object is no statement")
    return Revoked(form.source, target.id.strip().lower(), statement.verb.word)


def _no_completion(statement: Statement, form: StatementForm) -> str:
    """Return why a statement reports no completion that counts, an empty string when it does."""
    verb, thing = statement.verb, statement.thing
    if verb.id not in (*form.verbs, WAIVED):
        return f"{verb.word} reports no completion"
    if thing.kind != "Activity" or not thing.id.strip():
        return f"about {thing.kind}, not an activity"
    if form.activities and not thing.id.startswith(form.activities):
        return "an activity that `activities` does not name"
    denial = statement.result.denial
    return f"{verb.word}, but {denial}" if denial else ""


def _completion(statement: Statement, origin: Origin, form: StatementForm) -> Completion:
    when = _when(statement, form.zones)
    waived = statement.verb.id == WAIVED
    reason = str(statement.result.extensions.get(REASON, "")) if waived else ""
    return Completion(
        source=form.source,
        record=statement.key,
        learner=learner_of(statement.actor, source=form.source, person_id_homes=form.person_id_homes),
        course=statement.thing.id.strip(),
        course_title=statement.thing.title,
        day=when.day if when else None,
        origin=origin,
        instant=when.instant if when else None,
        zone=when.zone if when else "",
        status=": ".join(filter(None, (statement.verb.word, mask(reason)))),
        claim=ClaimReason.WAIVER if waived else None if when else ClaimReason.NO_DATE,
        score=statement.result.score.percent,
    )


def _when(statement: Statement, zones: Zones) -> When | None:
    """Return when it happened, None when the statement does not say so."""
    words = statement.timestamp.strip()
    if not words:
        return None
    at = instant(words)
    if at is None:
        raise Misread(
            "bad-date",
            f'the timestamp "{mask(words)}"',
            expected="a time as ISO 8601 has it, e.g. 2026-09-03T17:30:00Z",
            remedy="Ask whoever keeps the LMS to void the statement, and to send it again with its time.",
        )
    try:
        return read_when(at, DateRules(), Zones("" if at.tzinfo else zones.file, zones.district))
    except ZoneMissing as error:
        raise Misread(
            "zone-missing",
            f"{error}, and nobody has stated the zone",
            expected="a time with its offset from UTC",
            remedy="State the zone of such times as `zone` of the [[source]] in lms_sync.toml.",
        ) from error
