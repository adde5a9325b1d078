"""What a night looks at besides training: each look has its own scope, so that what is mended leaves the worklist."""

from collections.abc import Callable
from datetime import date
from pathlib import Path, PurePath
from zoneinfo import ZoneInfo

from lms_sync.agreements.clause_c.watch import certificate_findings
from lms_sync.agreements.review.record import read_recorded
from lms_sync.agreements.review.status import review_findings
from lms_sync.compliance.map_use import days_decide, shown_findings
from lms_sync.compliance.unmapped import UnmappedCourse, unmapped_courses, unmapped_findings
from lms_sync.documents.changed import changed_findings
from lms_sync.documents.request.status import request_findings
from lms_sync.documents.still_there import kept_findings
from lms_sync.documents.vault import open_vault
from lms_sync.errors import ConfigError, LmsSyncError, trouble_of
from lms_sync.files import shipped
from lms_sync.model.course_map import CourseMap, CourseSeen
from lms_sync.model.finding import Area, Finding
from lms_sync.model.pseudonyms import Pseudonyms
from lms_sync.operations.agreed.status import difference_findings
from lms_sync.people.former import former_findings
from lms_sync.reports.issuer import Issuer
from lms_sync.store.engine import sqlite_file
from lms_sync.store.known.registers import REQUESTS
from lms_sync.store.known.snapshot import former_people
from lms_sync.store.store import Store
from lms_sync.store.upkeep import problems_of_file
from lms_sync.workspace.mapping.phrases import Phrases, read_phrases
from lms_sync.workspace.mapping.suggest import known_titles, suggester
from lms_sync.workspace.settings.config import Config

Scopes = dict[str, tuple[Finding, ...]]
DAMAGED = "database-damaged"


def watch(store: Store, issuer: Issuer, pseudonyms: Pseudonyms) -> Scopes:
    """Return scope → what is found there tonight.

    A look that fails by a fault of the program is one finding and stops no other: HR must hear of the night.
    """
    snapshot, judged = issuer.snapshot, issuer.judged
    file = PurePath(issuer.config.settings.mappings.courses).name
    looks: dict[str, Callable[[], tuple[Finding, ...]]] = {
        "courses shown": lambda: shown_findings(snapshot.course_map, _courses(store, snapshot.course_map), file=file),
        "agreements": lambda: review_findings(snapshot.roster, read_recorded(store), as_of=judged.as_of),
        "requests": lambda: request_findings(snapshot, judged, REQUESTS.read(store)),
        "certificates": lambda: certificate_findings(store, issuer),
        "log": lambda: difference_findings(snapshot.differences),
        "phrases": lambda: open_phrases(issuer.config)[1],
        "unmapped": lambda: unmapped_findings(find_unmapped(issuer)),
        "documents": lambda: kept_findings(store, open_vault(*issuer.config.kept_files)) + changed_findings(snapshot),
        "former people": lambda: former_findings(snapshot, judged.matches, former_people(store), pseudonyms),
    }
    if _to_be_looked_over(store, issuer):
        looks["database"] = lambda: damage_findings(sqlite_file(issuer.config.store_url()))
    found: Scopes = {"looks": ()}
    for scope, look in looks.items():
        try:
            found[scope] = look()
        except Exception as error:
            found["looks"] += (_failed(scope, trouble_of(error, f"the look at {scope} failed")),)
    return found


def _courses(store: Store, course_map: CourseMap) -> tuple[CourseSeen, ...]:
    """Return the courses that sources have shown; with days only where these decide what a course is called."""
    names = store.evidence.courses_seen(days=False)
    return store.evidence.courses_seen() if days_decide(course_map, names) else names


def _to_be_looked_over(store: Store, issuer: Issuer) -> bool:
    """Tell whether the database's pages are looked over tonight: once a week, and while they are known as damaged."""
    last, zone = store.runs.last_finished("nightly"), ZoneInfo(issuer.snapshot.settings.zone)
    if any(waiting.finding.code == DAMAGED for waiting in store.findings.open(scopes=("database",))):
        return True
    return first_of_its_week(issuer.judged.as_of, last.astimezone(zone).date() if last else None)


def first_of_its_week(day: date, last: date | None) -> bool:
    """Tell whether a night is the first of its week, whatever its day: the machine may have been off on any.

    `last` is the day on which the last night came to its end.
    """
    return last is None or day.isocalendar()[:2] != last.isocalendar()[:2]


def damage_findings(file: Path | None) -> tuple[Finding, ...]:
    """Return a finding for a SQLite database whose pages are damaged; a server looks after its own."""
    problems = problems_of_file(file, thorough=False) if file is not None else ()
    return tuple(
        Finding(
            Area.CONFIG,
            DAMAGED,
            where="the database",
            found="; ".join(problems[:3]),
            expected="pages that are sound",
            remedy="lms-sync db check; put the newest backup back that is sound (docs/operators.md, Backup).",
            subject="the database, its pages",
        )
        for _ in problems[:1]
    )


def _failed(scope: str, trouble: LmsSyncError) -> Finding:
    return Finding(
        Area.CONFIG,
        "look-failed",
        where=f"the night's look at {scope}",
        found=str(trouble),
        expected="a look that comes to its end",
        remedy=f"{trouble.hint} What was found before stays on the worklist.".lstrip(),
    )


def find_unmapped(issuer: Issuer) -> tuple[UnmappedCourse, ...]:
    """Return the courses that wait for a trainer, with suggestions learnt from the map in force and the phrases."""
    snapshot, judged = issuer.snapshot, issuer.judged
    phrases, _ = open_phrases(issuer.config)
    suggest = suggester(phrases, snapshot.law.wordings, known_titles(snapshot.course_map))
    assigned = snapshot.roster.people_on(judged.as_of).keys()
    return unmapped_courses(judged, suggest, assigned=assigned)


def open_phrases(config: Config) -> tuple[Phrases, tuple[Finding, ...]]:
    """Return the workspace's mappings/phrases.toml, or the shipped one and, where that is broken, a finding."""
    own = config.path(config.settings.mappings.courses).with_name("phrases.toml")
    standard = shipped("mappings") / "phrases.toml"
    if not own.is_file():
        return read_phrases(standard), ()
    try:
        return read_phrases(own), ()
    except ConfigError as error:
        finding = Finding(
            Area.MAPPING,
            "phrases-unreadable",
            where=own.name,
            found=str(error),
            expected="phrases as the shipped file has them",
            remedy=f"{error.hint} Until then the shipped phrases suggest.",
        )
        return read_phrases(standard), (finding,)
