"""How findings are listed: those that say the same together, the same signs everywhere, and all of them as JSON."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

import click

from lms_sync.model.finding import Finding
from lms_sync.model.finding_groups import FindingGroup, ListedLines, capped, together

ALL_OF_THEM = "Show every line, even where many are alike."


def sign(finding: Finding) -> str:
    """Return the sign before a finding: ✗ keeps its file from coming into force."""
    return "✗" if finding.blocks else "•"


def print_findings(findings: Iterable[Finding], *, everything: bool = False) -> None:
    """Print findings, those that say the same in one line; many of one kind up to the cap, which is said."""
    found = lines_of(together(findings), everything=everything)
    for group in found.groups:
        click.echo(f"{sign(group.first)} {group}")
    print_left_out(found)


def lines_of(groups: Sequence[FindingGroup], *, everything: bool) -> ListedLines:
    """Return the lines to show: all of them, or up to the cap."""
    return ListedLines(tuple(groups), ()) if everything else capped(groups)


def print_left_out(found: ListedLines) -> None:
    """Say what the cap leaves out."""
    for what, number in found.left_out:
        click.echo(f"… and {number:,} more like these: {what} (--all shows every one, --format json too)")


def finding_json(finding: Finding) -> dict[str, Any]:
    """Return a finding as `--format json` tells it."""
    fields = {key: value for key, value in asdict(finding).items() if key not in ("handle", "weight")}
    return {"id": finding.id, **fields, "area": finding.area.value, "people": list(finding.people)}


def findings_json(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Return findings in the order in which they are listed, each by itself."""
    return [finding_json(finding) for group in together(findings) for finding in group.findings]
