"""Each night as a JSON file for other programs: what was read, what waits, what was sent. Counts, no names."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

from lms_sync.errors import LmsSyncError
from lms_sync.files import shared_folder, write_whole
from lms_sync.operations.district_files import not_written, write_district
from lms_sync.operations.monitoring.health import health_json, health_of
from lms_sync.operations.monitoring.metrics import write_metrics
from lms_sync.operations.night import Night, let_stand
from lms_sync.reports.night.summary import NightSummary, SourceNight
from lms_sync.store.workspace import Workspace

SCHEMA = 1
"""Grows when something here changes its meaning or goes; what is added leaves it."""
FILE = "night.json"


def night_json(workspace: Workspace, night: Night) -> dict[str, Any]:
    """Return what a night came to. The shape is stated in docs/operators.md."""
    return {
        "schema": SCHEMA,
        "district": workspace.config.settings.district.id,
        "exit_code": int(night.exit_code),
        "health": health_json(health_of(workspace)),
        "read": [_source(source) for source in night.summary.sources] if night.summary else [],
        "new_findings": dict(sorted(Counter(finding.code for finding in night.new).items())),
        "people": dict(night.summary.states) if night.summary else {},
        "newly_overdue": night.summary.newly_overdue if night.summary else 0,
        "messages": _messages(night.summary),
        "log_head": night.summary.log_head if night.summary else "",
    }


def _source(source: SourceNight) -> dict[str, Any]:
    items: Counter[str] = Counter()
    for file in source.files:
        items.update(file.outcomes)
    return {
        "source": source.source,
        "stored": not source.trouble,
        "stopped": source.stopped,
        "files": len(source.files),
        "unchanged": sum(file.unchanged for file in source.files),
        "items": {outcome: number for outcome, number in sorted(items.items()) if number},
    }


def _messages(summary: NightSummary | None) -> dict[str, int]:
    return dict(sorted(Counter(message.state for message in summary.messages).items())) if summary else {}


def write_reports(workspace: Workspace, night: Night) -> tuple[str, ...]:
    """Write the night's report, the metrics, the district's page and workbook; return what was not written.

    Where anything was not, and where a kill came in between, a second night of the day writes all of it anew.
    """
    settings = workspace.config.settings.monitoring
    out, found = workspace.config.folder / "out", []
    try:
        shared_folder(out)
        text = json.dumps(night_json(workspace, night), indent=1, ensure_ascii=False)
        write_whole(out / FILE, text.encode() + b"\n")
    except (OSError, LmsSyncError) as error:
        found.append(not_written(out / FILE, error))
    if settings.metrics_file:
        path = Path(settings.metrics_file)
        try:
            write_metrics(workspace.config.path(str(path)), health_of(workspace))
        except OSError as error:
            found.append(not_written(path, error))
    if night.issuer is not None and night.summary is not None and out.is_dir():
        found += write_district(workspace, night.issuer, night.summary)
    let_stand(workspace, night, whole=not found)
    return tuple(found)
