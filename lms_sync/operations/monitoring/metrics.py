"""The last night's figures as a text file for Prometheus' node exporter."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from lms_sync.files import write_whole
from lms_sync.operations.monitoring.health import Health

_HELP: Mapping[str, str] = {
    "lms_sync_night_started_timestamp_seconds": "When the last night began.",
    "lms_sync_night_finished_timestamp_seconds": "When the last night came to its end.",
    "lms_sync_night_exit_code": "Exit code of the last night.",
    "lms_sync_source_stored_timestamp_seconds": "When a source was last read in full and stored.",
    "lms_sync_findings_waiting": "Findings that wait for a person, by area.",
    "lms_sync_deliveries": "Deliveries in the outbox, by state.",
}


def metrics_text(health: Health) -> str:
    """Return the figures in Prometheus' text format: each name with its help and type once, no time stamps."""
    found: dict[str, list[tuple[str, str, float]]] = {name: [] for name in _HELP}
    for name, label, figure in _figures(health):
        found[name].append((name, label, figure))
    lines = []
    for name, rows in found.items():
        if rows:
            lines += [f"# HELP {name} {_HELP[name]}", f"# TYPE {name} gauge"]
            lines += [f"{name}{label} {figure:.10g}" for name, label, figure in rows]
    return "\n".join(lines) + "\n"


def _figures(health: Health) -> Iterator[tuple[str, str, float]]:
    if health.last is not None:
        yield "lms_sync_night_started_timestamp_seconds", "", health.last.started_at.timestamp()
        if health.last.finished_at is not None:
            yield "lms_sync_night_finished_timestamp_seconds", "", health.last.finished_at.timestamp()
        if health.last.exit_code is not None:
            yield "lms_sync_night_exit_code", "", health.last.exit_code
    for source in health.sources:
        if source.stored_at is not None:
            label = _label("source", source.name)
            yield "lms_sync_source_stored_timestamp_seconds", label, source.stored_at.timestamp()
    for area, number in health.waiting.items():
        yield "lms_sync_findings_waiting", _label("area", area), number
    for state, number in health.outbox.items():
        yield "lms_sync_deliveries", _label("state", state), number


def _label(name: str, value: str) -> str:
    plain = value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
    return f'{{{name}="{plain}"}}'


def write_metrics(path: Path, health: Health) -> None:
    """Write the file whole, readable by the exporter. Raises: OSError."""
    write_whole(path, metrics_text(health).encode())
    path.chmod(0o644)
