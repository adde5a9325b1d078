"""Take in the files that people edit. A broken one does not come into force: the last good version stays."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from lms_sync import __version__
from lms_sync.compliance.for_whom import map_findings, names_among, shown_as, shown_as_findings
from lms_sync.errors import LmsSyncError
from lms_sync.law.series import load
from lms_sync.law.yearly import load_yearly
from lms_sync.model.author import Author
from lms_sync.model.course_map import CourseMap
from lms_sync.model.finding import Area, Finding
from lms_sync.model.log import DecisionKind
from lms_sync.model.readings import ConfiguredSource
from lms_sync.model.roster import Roster
from lms_sync.operations.book_in_force import BookInForce
from lms_sync.operations.contents import Contents
from lms_sync.operations.plausible_roster import ROSTER, implausible
from lms_sync.operations.pull.decide import drop_author
from lms_sync.operations.roster_before import known_ids
from lms_sync.sources.connectors import Source, open_source, read_layouts
from lms_sync.store.audit import Decided
from lms_sync.store.known.judgement_settings import JudgementSettings
from lms_sync.store.known.readers import partners_ever
from lms_sync.store.known.roster_in_force import RosterInForce
from lms_sync.store.known.snapshot import (
    ShippedLaw,
    read_map,
    read_roster,
    record_map,
    record_program,
    record_roster,
)
from lms_sync.store.store import Store
from lms_sync.store.workspace import Workspace
from lms_sync.text import without_place
from lms_sync.workspace.mapping.versions import deciders, difference
from lms_sync.workspace.roster.decisions import roster_decisions
from lms_sync.workspace.roster.named_partners import PartnerNames
from lms_sync.workspace.settings.config import Config
from lms_sync.workspace.settings.corrections import CORRECTIONS

if TYPE_CHECKING:
    from lms_sync.workspace.roster.check import RosterCheck

SCOPES = ("roster", "mapping", "layouts", "shown as")
"""What is looked at when the files are taken in."""
A_CORRECTION = "a correction"
"""What partners read of the workbooks that they send back."""


@dataclass(frozen=True, slots=True)
class Intake:
    """What the files that people edit came to tonight."""

    sources: tuple[Source, ...]
    """Those that can be pulled; one with a broken layout cannot."""
    findings: Mapping[str, tuple[Finding, ...]]
    """By scope."""
    roster: RosterInForce
    """For all steps of one night, as the `book` made of it."""
    book: BookInForce


def take_in(workspace: Workspace, *, now: datetime, insisting: str = "") -> Intake:
    """Record the roster, the map, the law and the settings as they are now, all of it or nothing.

    The decisions that the roster and the map hold are logged as their deciders'. `insisting` is who says that an
    implausible roster is right.
    """
    store, config = workspace.store, workspace.config
    settings = config.settings
    contents, book = Contents.of(workspace), BookInForce(workspace.pseudonyms)
    if contents.are_taken_in(workspace):
        return Intake(
            make_sources(config)[0], _still_waiting(store), RosterInForce(store), BookInForce(workspace.pseudonyms)
        )
    # Imported here: a night that takes nothing in anew needs nothing of what checks the files.
    from lms_sync.workspace.mapping.check import check_mapping

    contents.forget(workspace)
    with store.transaction():
        dates, today = settings.district.dates, workspace.day(now)
        roster = _roster_taken(workspace, insisting, now=now)
        # A source that is no longer configured keeps its evidence, so the map may go on naming it.
        names = {source.name for source in settings.source} | store.runs.pulls().keys()
        mapping = check_mapping(config.path(settings.mappings.courses), sources=names, dates=dates, today=today)
        if mapping.course_map is not None:
            _take_map(store, mapping.course_map, now=now)
        sources, layouts, broken = make_sources(config)
        versions = {"program": __version__, **layouts}
        law, known = load(), roster.roster or read_roster(store)
        former = partners_ever(store, now)
        naming = names_among(known, district=settings.district.name, topics=law.names.values(), former=former)
        shipped = ShippedLaw(law, load_yearly())
        record_program(store, shipped, judging_settings(config, known, naming), versions=versions, now=now)
        for_whom = map_findings(read_map(store), known, naming, file=config.path(settings.mappings.courses).name)
        findings = {
            "roster": roster.findings,
            "mapping": (*mapping.findings, *for_whom),
            "layouts": broken,
            "shown as": shown_as_findings(settings.source, known, naming),
        }
        # With the files: a night that takes nothing in anew has what was found from here.
        store.findings.see(findings, now=now)
    by_today = roster.rests_on_today or mapping.rests_on_today
    if not by_today and not any(finding.blocks for several in findings.values() for finding in several):
        contents.remember(workspace)
    return Intake(sources, findings, RosterInForce(store), book)


def _roster_taken(workspace: Workspace, insisting: str, *, now: datetime) -> "RosterCheck":
    """Return the roster as it is now, which is recorded where it may take effect, and what was found in it."""
    from lms_sync.workspace.roster.check import check_roster

    store, settings, path = workspace.store, workspace.config.settings, workspace.config.settings.roster.path
    file = workspace.config.path(path)
    roster = check_roster(file, dates=settings.district.dates, known=known_ids(store), today=workspace.day(now))
    roster = replace(roster, written=None)  # what the rows say as they are typed takes more room than the roster
    if doubt := _doubted(workspace, roster.roster, insisting, now=now, file=file.name):
        return replace(roster, roster=None, findings=(*roster.findings, doubt))
    if roster.roster is not None:
        take_roster(store, roster.roster, now=now)
    return roster


def _doubted(
    workspace: Workspace, roster: Roster | None, insisting: str, *, now: datetime, file: str
) -> Finding | None:
    """Return why a roster is implausible; None for any other, and where somebody insists on it, which is logged."""
    store = workspace.store
    found = implausible(read_roster(store), roster, today=workspace.day(now), file=file) if roster else None
    if found is None or not insisting:
        return found
    store.audit.add(DecisionKind.DROP, ROSTER, drop_author(insisting, now), before=None, after={"found": found.found})
    return None


def _still_waiting(store: Store) -> dict[str, tuple[Finding, ...]]:
    """Return by scope what was found when the files were taken in as they are now."""
    waiting = store.findings.open(scopes=SCOPES)
    return {scope: tuple(o.finding for o in waiting if o.scope == scope) for scope in SCOPES}


def take_roster(store: Store, roster: Roster, *, now: datetime) -> None:
    """Record the roster, and log the decisions that it makes or changes; the caller holds the transaction."""
    before = read_roster(store)
    store.audit.add_all(
        Decided(
            DecisionKind(decision.kind),
            decision.person_id,
            Author(decision.by or "(not told)", "recorded in the roster", now),
            decision.before,
            decision.after,
        )
        for decision in roster_decisions(before, roster)
    )
    record_roster(store, roster, now=now, before=before)


def _take_map(store: Store, course_map: CourseMap, *, now: datetime) -> None:
    """Record the map, and log a new version as its deciders' decision."""
    before = read_map(store)
    if before.version != course_map.version:
        known = before if before.version else None
        by = ", ".join(deciders(known, course_map)) or "(not told)"
        author = Author(by, "the mapping workbook was changed", now)
        change = {"version": course_map.version, "changes": list(difference(known, course_map))}
        was = {"version": before.version} if known else None
        store.audit.add(DecisionKind.MAP, course_map.version, author, before=was, after=change)
    record_map(store, course_map, now=now)


def judging_settings(config: Config, roster: Roster, names: PartnerNames) -> JudgementSettings:
    """Return the settings that a judgement and its report depend on; `names` tell what names a partner."""
    district = config.settings.district
    return JudgementSettings(
        district.name,
        district.contact,
        district.zone,
        config.settings.reports.due_soon_days,
        {CORRECTIONS: A_CORRECTION, **shown_as(config.settings.source, roster, names)},
        sources=configured_sources(config),
        closed=config.settings.year.closed_days,
        no_offering=config.settings.reports.no_offering,
        own_rule=config.settings.reports.own_rule,
    )


def configured_sources(config: Config) -> tuple[ConfiguredSource, ...]:
    """Return the sources of the settings, and whose people each tells of."""
    return tuple(ConfiguredSource(source.name, source.partners or ()) for source in config.settings.source)


def make_sources(config: Config) -> tuple[tuple[Source, ...], dict[str, str], tuple[Finding, ...]]:
    """Return the sources that can be pulled, the layouts' versions, and a finding for all that is wrong with them."""
    layouts, broken = read_layouts(config.path(config.settings.mappings.layouts))
    sources: list[Source] = []
    findings = list(broken)
    for settings in config.settings.source:
        try:
            sources.append(
                open_source(
                    settings, folder=config.folder, layouts=layouts, district_zone=config.settings.district.zone
                )
            )
        except LmsSyncError as error:
            findings.append(_unusable(settings.name, error))
    return tuple(sources), {f"layout {name}": layout.hash for name, layout in layouts.items()}, tuple(findings)


def _unusable(source: str, error: LmsSyncError) -> Finding:
    return Finding(
        Area.LAYOUT,
        "source-unusable",
        where=f"source {source}",
        found=without_place(str(error), f"source {source}"),
        expected="a layout and settings that can be used",
        remedy=error.hint,
        source=source,
        blocks=True,
    )
