"""The log of decisions: who decided what, when and why; and whether the record is whole."""

from flask import request

from lms_sync.model.log import DecisionKind
from lms_sync.store.audit import broken
from lms_sync.text import fold
from lms_sync.web.visit import Visit, page

MOST = 200


def log(visit: Visit) -> str:
    """Return the newest decisions, of one kind or about one subject where that is asked for."""
    kind, about = request.args.get("kind", ""), request.args.get("about", "").strip()
    entries = visit.judgement.once("log", lambda: visit.workspace.store.audit.entries())
    found = [
        entry
        for entry in reversed(entries)
        if (not kind or entry.kind == kind)
        and (not about or (not entry.purged and fold(about) in fold(entry.decision.subject)))
    ]
    return page(
        "log.html",
        entries=found[:MOST],
        total=len(found),
        kinds=[decision.value for decision in DecisionKind],
        kind=kind,
        about=about,
        wrong=visit.judgement.once("log broken", lambda: broken(entries)),
        zone=visit.workspace.zone,
    )
