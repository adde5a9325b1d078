"""What a night looks at besides training: each look has its own scope, so that what is mended leaves the worklist."""

from pathlib import PurePath

from lms_sync.gaps.former import former_findings
from lms_sync.issuing import Issuer
from lms_sync.knowledge import former_people
from lms_sync.mapping import shown_findings
from lms_sync.matching import Seal
from lms_sync.model import Finding
from lms_sync.store import Store

Scopes = dict[str, tuple[Finding, ...]]


def watch(store: Store, issuer: Issuer, seal: Seal) -> Scopes:
    """Return scope → what is found there tonight."""
    knowledge, judged = issuer.knowledge, issuer.judged
    file = PurePath(issuer.config.settings.mappings.courses).name
    return {
        "courses shown": shown_findings(knowledge.course_map, store.evidence.shown(), file=file),
        "former people": former_findings(knowledge, judged, former_people(store), seal),
    }
