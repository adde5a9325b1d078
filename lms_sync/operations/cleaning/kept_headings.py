"""What the headings of stored items mean, by the layouts at hand: kept in the clear, kept, or not kept. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from lms_sync.sources.canvas.units import ABOUT
from lms_sync.sources.canvas.units import WHO as CANVAS_WHO
from lms_sync.sources.corrections.sheet_form import INPUTS
from lms_sync.sources.spreadsheet.layout import IDENTIFYING, READABLE, WHO, Layout, Role
from lms_sync.sources.xapi.xapi_statement import IDENTIFYING as XAPI_IDENTIFYING
from lms_sync.sources.xapi.xapi_statement import KEPT
from lms_sync.sources.xapi.xapi_statement import READABLE as XAPI_READABLE
from lms_sync.text import fold
from lms_sync.workspace.settings.corrections import CORRECTIONS
from lms_sync.workspace.settings.sources import SourceSettings

DAYS: frozenset[Role] = frozenset(("completed_on", "assignment"))


@dataclass(frozen=True, slots=True)
class Heading:
    """What may stand under one heading."""

    readable: bool = False
    """It says nothing of who it was."""
    identifying: bool = False
    days: bool = True
    """Days may stand there."""
    bare: bool = False
    """Nine digits alone may not."""
    names: bool = False
    """Names, or anything at all: a birth date may stand within a longer text."""


FIXED = Heading(readable=True)
WHOSE = Heading(identifying=True, days=False, names=True)
KEPT_BY_NAME = Heading(days=False, bare=True, names=True)


@dataclass(frozen=True, slots=True)
class Headings:
    """The headings of one source that are kept."""

    known: Mapping[str, Heading] = field(default_factory=dict)
    """Folded → what it means."""

    def of(self, heading: str, courses: frozenset[str]) -> Heading | None:
        """Return what a heading means, None for one that is not kept; `courses` are what its item was read as."""
        folded = fold(heading)
        if folded in self.known:
            return self.known[folded]
        return FIXED if folded in courses else None


def headings_of(
    sources: Iterable[SourceSettings], layouts: Mapping[str, Layout], shipped: Mapping[str, Layout]
) -> dict[str, Headings]:
    """Return source → its headings; under an empty name those of sources whose layout is gone: any layout's roles."""
    gone = _together([_roles(layout) for layout in (*shipped.values(), *layouts.values())] + [_CANVAS, _XAPI])
    found = {"": Headings(gone), CORRECTIONS: Headings(_CORRECTIONS)}
    for source in sources:
        found[source.name] = Headings(_of_source(source, layouts) or gone)
    return found


def _of_source(source: SourceSettings, layouts: Mapping[str, Layout]) -> Mapping[str, Heading]:
    match source.kind:
        case "canvas":
            return _CANVAS
        case "xapi":
            return _XAPI
        case "moodle":
            names = [source.layout]
        case _:
            names = [pattern.layout for pattern in source.files]
    there = [layouts[name] for name in names if name in layouts]
    return _together([_roles(layout) | _kept(layout) for layout in there]) if len(there) == len(names) else {}


def _roles(layout: Layout) -> dict[str, Heading]:
    columns = {heading: role for role, headings in layout.columns.items() for heading in headings}
    columns |= {f"{rule.role} ({rule.where})": rule.role for rule in layout.told}
    patterns = any("*" in word for word in layout.status.every)
    return {fold(heading): _role(role, hide_status=patterns) for heading, role in columns.items()}


def _role(role: Role, *, hide_status: bool) -> Heading:
    return Heading(
        readable=role in READABLE and not (role == "status" and hide_status),
        identifying=role in IDENTIFYING,
        days=role in DAYS,
        names=role in WHO or role == "experienced_officer",
    )


def _kept(layout: Layout) -> dict[str, Heading]:
    return {fold(heading): KEPT_BY_NAME for heading in layout.keep}


def _together(several: Iterable[Mapping[str, Heading]]) -> dict[str, Heading]:
    """Return the headings of several layouts; where they differ about one, the one that hides more."""
    found: dict[str, Heading] = {}
    for headings in several:
        for name, heading in headings.items():
            before = found.get(name, heading)
            found[name] = heading if before.readable else before
    return found


def _fixed(readable: Iterable[str], identifying: Iterable[str], others: Iterable[str] = ()) -> dict[str, Heading]:
    found = {fold(name): FIXED for name in readable} | {fold(name): WHOSE for name in identifying}
    return found | {fold(name): Heading(days=False, names=True) for name in others}


_CANVAS = _fixed(ABOUT, CANVAS_WHO)
_XAPI = _fixed(XAPI_READABLE, XAPI_IDENTIFYING, KEPT.keys() - XAPI_READABLE - XAPI_IDENTIFYING)
_CORRECTIONS = _fixed(("Requirement", "Completed on"), ("Person ID",), INPUTS[1:])
