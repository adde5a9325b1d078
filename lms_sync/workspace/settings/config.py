"""lms_sync.toml and the environment → one frozen `Config`; secrets come from the environment or a file."""

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError, field_validator, model_validator

from lms_sync.errors import ConfigError
from lms_sync.files import shipped
from lms_sync.model.badge_issuer import BadgeIssuer
from lms_sync.tables.typed_days import DateOrder
from lms_sync.workspace.settings.buildings import BuildingSettings, doubled
from lms_sync.workspace.settings.corrections import CorrectionSettings, MailboxSettings
from lms_sync.workspace.settings.limits import LimitSettings
from lms_sync.workspace.settings.mail import MailSettings
from lms_sync.workspace.settings.oauth import OAuthSettings
from lms_sync.workspace.settings.problems import problems
from lms_sync.workspace.settings.secret import FILE_NAME, from_environment, secret, secret_places
from lms_sync.workspace.settings.section import Section, Slug, Zone
from lms_sync.workspace.settings.sources import FilePattern, SourceSettings, SpreadsheetSettings
from lms_sync.workspace.settings.web import WebSettings
from lms_sync.workspace.settings.yearly import DocumentSettings, YearSettings

IDENTITY_KEY = "LMS_SYNC_IDENTITY_KEY"
"""Environment variable that holds the identity key where it is not kept in a file."""

SHORTEST_KEY = 16
"""Characters of the shortest identity key that is taken; `lms-sync init` makes 64."""
NO_KEY = (
    "Bring the key of this database: from the machine where the workspace was before, or from where its copy is kept."
    " With another key no stored record is recognised."
)


class District(Section):
    """Whom the workspace belongs to."""

    id: Slug
    """Short and lasting: small letters, digits and hyphens. It leads every record."""
    name: str
    """As reports shall call the district."""
    zone: Zone
    """The zone whose calendar days count."""
    hr: tuple[str, ...] = Field(min_length=1, strict=False)
    """Addresses that receive the night's summary."""
    dates: DateOrder = ""
    """The order in which people here write days in digits, in the workbooks that they fill in; empty: nobody has
    said, and a day that could be two is asked about."""
    contact: str
    """One line for partners: whom to call or write to."""


class BackupSettings(Section):
    """Copies of the database, the filed documents and what people edit."""

    folder: str = "backups"
    """Relative to the workspace; better on another disk."""
    every_days: int = Field(default=1, ge=0)
    """The night makes one when the newest is this old; 0: it makes none."""
    keep: int = Field(default=14, ge=1)
    """So many stay; the oldest go."""


class MonitoringSettings(Section):
    """What other machines learn of each night."""

    metrics_file: str = ""
    """A file for Prometheus' node exporter, ending in .prom; absent: none."""
    ping_env: str = ""
    """Environment variable with the address that is notified how a night ended."""
    ping_file: str = ""
    """File with the address of a watching service, which is notified when a night begins and how it ended."""


class RosterSettings(Section):
    """Where HR keeps the roster, relative to the workspace."""

    path: str = "roster.xlsx"
    """The workbook, relative to the workspace."""


class MappingSettings(Section):
    """Where the trainer's files lie, relative to the workspace."""

    courses: str = "mappings/courses.xlsx"
    """The workbook that says what courses teach."""
    layouts: str = "mappings/layouts"
    """The folder with a file for each kind of sheet."""


class StoreSettings(Section):
    """The database, and the file with the key of the learners' hashes."""

    url: str = "sqlite:///state/lms_sync.db"
    """The database's address, without a password."""
    url_env: str = ""
    """Name of an environment variable that holds the URL."""
    password_env: str = ""
    """Name of an environment variable that holds the password of a database server."""
    password_file: str = ""
    """A file with that password, in the workspace or among systemd's credentials."""
    key_file: str = "state/identity.key"
    """Where earlier versions kept it; `lms-sync init` names a place outside of the workspace."""

    @field_validator("url")
    @classmethod
    def _no_password(cls, url: str) -> str:
        if re.search(r"://[^/@\s]*:[^/]*@|[?&]password=", url):
            raise ValueError("a password does not belong into this file; name password_file or password_env")
        return url


class ReportSettings(Section):
    """How reports look."""

    folder: str = "reports"
    """A template here overrides the shipped one of the same name."""
    due_soon_days: int = Field(default=60, ge=1)
    """A report calls “due soon” what is due within so many days."""
    group: str = ""
    """The group of this machine that may read new files for people (0640); empty: that of the account."""
    no_offering: str = ""
    """What partners read where no class covers a gap, such as which provider to ask; empty: whom to ask here."""
    own_rule: str = ""
    """A stricter rule of the district's own for people who are overdue; partners read that it is the district's."""
    own_record: Literal["off", "monthly"] = "off"
    """`monthly`: everybody is sent their own record, to the first of their addresses on the roster."""


class Settings(Section):
    """The whole of lms_sync.toml."""

    district: District
    roster: RosterSettings = RosterSettings()
    mappings: MappingSettings = MappingSettings()
    store: StoreSettings = StoreSettings()
    source: tuple[SourceSettings, ...] = Field(default=(), strict=False)
    mail: MailSettings
    oauth: OAuthSettings | None = None
    reports: ReportSettings = ReportSettings()
    backup: BackupSettings = BackupSettings()
    monitoring: MonitoringSettings = MonitoringSettings()
    building: tuple[BuildingSettings, ...] = Field(default=(), strict=False)
    corrections: CorrectionSettings = CorrectionSettings()
    documents: DocumentSettings = DocumentSettings()
    year: YearSettings = YearSettings()
    limits: LimitSettings = LimitSettings()
    web: WebSettings = WebSettings()

    @model_validator(mode="after")
    def _sign_in_is_told(self) -> "Settings":
        relay, box = self.mail.smtp, self.corrections.mailbox
        asked = self.mail.carrier == "graph" or (self.mail.carrier == "smtp" and relay and relay.sign_in == "oauth")
        if (asked or (box and box.by_oauth)) and self.oauth is None:
            raise ValueError("a section [oauth] is missing, by which the mail server is signed in to")
        return self

    @model_validator(mode="after")
    def _building_names_differ(self) -> "Settings":
        if twice := doubled(self.building):
            raise ValueError(
                f"two [[building]] sections are called {', '.join(twice)}; each building may be listed once"
            )
        return self

    @model_validator(mode="after")
    def _source_names_differ(self) -> "Settings":
        names = [source.name for source in self.source]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(
                f"two [[source]] sections are called {', '.join(twice)}; a name may be used for one source only"
            )
        if "corrections" in names:
            raise ValueError('the name "corrections" is taken: it means what partners send back')
        return self


class Config(Section):
    """A workspace's folder and settings."""

    folder: Path
    settings: Settings

    def path(self, relative: str) -> Path:
        """Return a path of the settings as a path from the workspace's folder."""
        return self.folder / Path(relative).expanduser()

    def store_url(self, environment: Mapping[str, str] = os.environ) -> str:
        """Return the database's URL, a relative SQLite path resolved against the workspace.

        Raises: ConfigError when `url_env` names a variable that is not set.
        """
        store = self.settings.store
        url = store.url
        if store.url_env:
            url = from_environment(store.url_env, environment, "[store] url_env")
        prefix = "sqlite:///"
        return prefix + str(self.path(url.removeprefix(prefix))) if url.startswith(prefix) else url

    def store_password(self) -> str:
        """Return a database server's password; empty where none is named. Raises: ConfigError when it is gone."""
        store = self.settings.store
        if not (store.password_env or store.password_file):
            return ""
        return secret(store.password_env, store.password_file, folder=self.folder, key="[store] password")()

    @property
    def kept_files(self) -> tuple[Path, int, tuple[BadgeIssuer, ...]]:
        """The folder of the files that people hand in, the size of the largest in MB, whose badges are believed."""
        documents = self.settings.documents
        issuers = tuple(
            BadgeIssuer(
                issuer.name,
                issuer.id,
                self.path(issuer.key_file) if issuer.key_file else None,
                tuple(self.path(place) for place in issuer.revoked_files),
            )
            for issuer in documents.badge_issuer
        )
        return self.path(documents.folder), documents.largest_mb, issuers

    def identity_key(self) -> bytes:
        """Return the key of the learners' hashes. Raises: ConfigError when there is none, or it is too short."""
        settings = self.settings.store
        named = IDENTITY_KEY if os.environ.get(IDENTITY_KEY) else ""
        read = secret(named, settings.key_file, folder=self.folder, key="[store] key", missing=NO_KEY)
        key = read().encode()
        if len(key) < SHORTEST_KEY:
            where = named or f"{FILE_NAME}, [store] key_file: {settings.key_file}"
            raise ConfigError(
                f"{where} is too short a key: {len(key)} characters, and {SHORTEST_KEY} are the fewest",
                hint="Put back the key that `lms-sync init` made. Anybody who can guess it can undo the hashes.",
            )
        return key


def read_config(folder: Path) -> Config:
    """Return the workspace's settings.

    Raises: ConfigError that names every wrong key at once.
    """
    path = folder / FILE_NAME
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ConfigError(
            f"{folder} holds no {FILE_NAME}",
            hint="Go to the workspace, name it with --workspace, or make one with `lms-sync init DIR`.",
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"{path}: {error}", hint="Correct the file at that place; text goes between quotes."
        ) from error
    try:
        return Config(folder=folder.resolve(), settings=Settings.model_validate(data))
    except ValidationError as error:
        raise ConfigError(
            "\n".join(problems(error, Settings, file=FILE_NAME)),
            hint="The comments in the file that `lms-sync init` writes, and docs/settings.md, name every key.",
        ) from error


__all__ = [
    "FILE_NAME",
    "IDENTITY_KEY",
    "BuildingSettings",
    "Config",
    "DocumentSettings",
    "FilePattern",
    "MailboxSettings",
    "Settings",
    "SourceSettings",
    "SpreadsheetSettings",
    "YearSettings",
    "read_config",
    "secret",
    "secret_places",
    "shipped",
]
