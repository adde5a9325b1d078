"""What a night looks at besides training: each look has its own scope, so that what is mended leaves the worklist."""

from collections.abc import Sequence
from pathlib import PurePath

from lms_sync.config import shipped
from lms_sync.gaps.former import former_findings
from lms_sync.gaps.unmapped import UnmappedCourse, unmapped_courses, unmapped_findings
from lms_sync.issuing import Issuer
from lms_sync.knowledge import former_people
from lms_sync.mapping import shown_findings
from lms_sync.mapping.suggest import known_titles, read_phrases, suggester
from lms_sync.matching import Seal
from lms_sync.model import Area, Finding
from lms_sync.store import Store
from lms_sync.store.audit import broken

Scopes = dict[str, tuple[Finding, ...]]


def watch(store: Store, issuer: Issuer, seal: Seal) -> Scopes:
    """Return scope → what is found there tonight."""
    knowledge, judged = issuer.knowledge, issuer.judged
    file = PurePath(issuer.config.settings.mappings.courses).name
    return {
        "courses shown": shown_findings(knowledge.course_map, store.evidence.shown(), file=file),
        "log": log_findings(broken(store.audit.entries())),
        "unmapped": unmapped_findings(find_unmapped(issuer)),
        "former people": former_findings(knowledge, judged, former_people(store), seal),
    }


def find_unmapped(issuer: Issuer) -> tuple[UnmappedCourse, ...]:
    """Return the courses that wait for a trainer, with suggestions learnt from the map in force and the phrases.

    A workspace's mappings/phrases.toml goes before the shipped one. Raises: ConfigError when it can't be read.
    """
    knowledge, judged = issuer.knowledge, issuer.judged
    own = issuer.config.path(issuer.config.settings.mappings.courses).with_name("phrases.toml")
    phrases = read_phrases(own if own.is_file() else shipped("mappings") / "phrases.toml")
    suggest = suggester(phrases, knowledge.law.wordings, known_titles(knowledge.course_map))
    assigned = {a.person_id for a in knowledge.roster.assignments if a.covers(judged.as_of)}
    return unmapped_courses(judged, suggest, assigned=assigned)


def log_findings(wrong: Sequence[str]) -> tuple[Finding, ...]:
    """Return a finding for each thing that is wrong with the audit log."""
    return tuple(
        Finding(
            Area.CONFIG,
            "log-broken",
            where="the log of decisions",
            found=sentence,
            expected="a log that nobody has changed",
            remedy="lms-sync log verify; compare with a backup of the database.",
        )
        for sentence in wrong
    )
