"""A Moodle site, 4.1 or newer, read whole each night by web services: it does not tell reliably what is new."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from lms_sync.errors import ConfigError, SourceError
from lms_sync.sources.diagnosis import Check
from lms_sync.sources.http.endpoint import Endpoint
from lms_sync.sources.http.session import open_session
from lms_sync.sources.moodle.answers import SiteInfo
from lms_sync.sources.moodle.calls import SITE_INFO, Calls
from lms_sync.sources.moodle.diagnosis import check_content, check_functions, check_site
from lms_sync.sources.moodle.error_codes import SERVICES, passing_trouble
from lms_sync.sources.moodle.found import ReportReading
from lms_sync.sources.moodle.functions import Functions
from lms_sync.sources.moodle.report import Report
from lms_sync.sources.pull import Export, FileSkipped, Pull
from lms_sync.sources.spreadsheet.layout import Layout
from lms_sync.text import did_you_mean
from lms_sync.workspace.settings.config import secret
from lms_sync.workspace.settings.sources import MoodleSettings


@dataclass(frozen=True, slots=True)
class Moodle:
    """One site as a source."""

    name: str
    endpoint: Endpoint
    token: Callable[[], str] = field(repr=False)
    strategy: Report | Functions
    reading: ReportReading

    @property
    def export(self) -> Export:
        """Return that each pull holds everything so far."""
        return "cumulative"

    def pull(self, seen: frozenset[str], cursor: str = "") -> Pull:
        """Return what the site holds, as one file; it is skipped when nothing in it has changed.

        Raises: SourceError (MoodleError and HttpError are such) when the site does not answer, lacks a right or a
        function, or its pages do not make a whole.
        """
        with self._calls() as calls:
            site = calls.site_info()
            self._refuse_lack(site)
            found = self.strategy.read(calls, site)
        mark = self.reading.mark(found)
        if mark in seen:
            return Pull(self.name, self.export, (), (FileSkipped(found.name, found.sha256, mark),))
        return Pull(self.name, self.export, (self.reading.read(found),))

    def diagnose(self) -> Iterator[Check]:
        """Give what is right and wrong about address, token, clock, service, rights and report; reads all once.

        Raises: SourceError, which is the last thing wrong.
        """
        with self._calls() as calls:
            answer = calls.answer(SITE_INFO, {})
            site = calls.site_info()
            yield from check_site(calls, answer, site)
            yield from check_functions(site, self.strategy.needs, self.strategy.wants)
            if self.strategy.needs <= site.offered:
                found = self.strategy.read(calls, site)
                yield from check_content(found, self.reading.read(found))

    @contextmanager
    def _calls(self) -> Iterator[Calls]:
        with open_session(self.endpoint) as session:
            yield Calls(self.name, session, self.token)

    def _refuse_lack(self, site: SiteInfo) -> None:
        if missing := sorted(self.strategy.needs - site.offered):
            raise SourceError(
                f"source {self.name}: the token's service does not offer {', '.join(missing)}",
                hint=f"{SERVICES} → Functions: add them.",
            )


def from_settings(
    settings: MoodleSettings, *, folder: Path, layouts: Mapping[str, Layout], district_zone: str
) -> Moodle:
    """Return the source that a [[source]] section describes; `layouts` by name, `folder` the workspace.

    Raises: ConfigError when it names a layout that is not there, or an address that is none.
    """
    if settings.layout not in layouts:
        raise ConfigError(
            f'lms_sync.toml, [[source]] {settings.name}: there is no layout "{settings.layout}"',
            hint=f"{did_you_mean(settings.layout, layouts)}Layouts: {', '.join(sorted(layouts)) or 'none'}.",
        )
    layout = layouts[settings.layout]
    ca_file = str(folder / settings.ca_file) if settings.ca_file else ""
    token = secret(settings.token_env, settings.token_file, folder=folder, key=f"[[source]] {settings.name}, token")

    endpoint = Endpoint(settings.name, settings.url, again=passing_trouble, ca_file=ca_file)
    reading = ReportReading(settings.name, layout, district_zone)
    return Moodle(settings.name, endpoint, token, _strategy(settings, layout, district_zone), reading)


def _strategy(settings: MoodleSettings, layout: Layout, district_zone: str) -> Report | Functions:
    if settings.strategy == "report":
        return Report(settings.report, settings.rows, layout, settings.zone or "")
    if not settings.courses:
        raise ConfigError(
            f'lms_sync.toml, [[source]] {settings.name}: strategy = "functions" names no courses',
            hint='State the courses\' ID numbers, e.g. courses = ["SSS-01", "SSS-02"].',
        )
    if not (layout.status.done and layout.status.not_done and layout.dates.instant):
        raise ConfigError(
            f"lms_sync.toml, [[source]] {settings.name}: the layout {layout.name} has no status words or no instants",
            hint="Use moodle-custom-report.",
        )
    return Functions(settings.courses, layout, district_zone)
