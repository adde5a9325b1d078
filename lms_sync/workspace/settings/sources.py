"""The [[source]] sections of lms_sync.toml, one class a kind."""

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, model_validator

from lms_sync.workspace.settings.section import Section, Slug, Zone

A_FILE, AN_LMS = "a file", "the ESD's LMS"
"""What partners read of a source whose settings state no `shown_as`."""
Partners = Annotated[tuple[str, ...] | None, Field(min_length=1, strict=False)]
"""Partner IDs of those whose people a source tells of; they wait until it has been read. None: all."""


class FilePattern(Section):
    """Files of one kind: where they lie, how they are laid out, in which zone their instants are."""

    path: str
    """Relative to the workspace, or a URL (sftp, s3, smb, https); with `*`, `?` and `**` where folders are listed."""
    layout: str
    """A file of the layouts' folder, by its name without .toml."""
    zone: Zone | None = None
    """The zone of the file's times of day; needed where it has any."""
    options: dict[str, str | int | bool] = Field(default={})
    """For a URL: options for its server, by fsspec's names; `a.b` is the option `b` within `a`."""
    options_env: dict[str, str] = Field(default={})
    """Option → the environment variable that holds its value."""
    options_file: dict[str, str] = Field(default={})
    """Option → the file with its value, relative to the workspace or to systemd's credentials."""

    query_env: str = ""
    """The environment variable that holds the query of a web address, where that is a secret."""
    query_file: str = ""
    """The file with it."""
    redirects_to: tuple[str, ...] = Field(default=(), strict=False)
    """Hosts that a web server may send us on to; to any other no redirect is followed."""

    @property
    def has_query(self) -> bool:
        """Tell whether a secret query belongs to the address."""
        return bool(self.query_env or self.query_file)

    @model_validator(mode="after")
    def _secrets_are_safe(self) -> "FilePattern":
        if "://" not in self.path:
            if self.options or self.options_env or self.options_file or self.has_query or self.redirects_to:
                raise ValueError("options are for a path that is a URL; a file of this machine needs none")
            return self
        parts = urlsplit(self.path)
        if parts.password is not None:
            raise ValueError("path holds a password; name it in options_env or options_file")
        if parts.scheme in ("http", "ftp") and parts.hostname not in ("localhost", "127.0.0.1", "::1"):
            raise ValueError(f"{parts.scheme}:// sends people's data in the clear; use https:// or sftp://")
        return self


class SpreadsheetSettings(Section):
    """A source whose records come in spreadsheets; several file patterns may feed it."""

    name: Slug
    """What the source is called; it leads each of its records."""
    kind: Literal["spreadsheet"]
    """Which kind of source it is."""
    shown_as: str = Field(default=A_FILE, min_length=1)
    """What partners read instead of the source's name."""
    partners: Partners = None
    """Partner IDs whose people it covers; their mail waits until it has been read. Absent: all partners."""
    export: Literal["cumulative", "increment"]
    """Whether a new file holds everything up to now, or only what is new."""
    files: tuple[FilePattern, ...] = Field(min_length=1, strict=False)


class MoodleSettings(Section):
    """A Moodle site (4.1 or newer), read through its web services."""

    name: Slug
    """What the source is called; it leads each of its records."""
    kind: Literal["moodle"]
    """Which kind of source it is."""
    shown_as: str = Field(default=AN_LMS, min_length=1)
    """What partners read instead of the source's name."""
    partners: Partners = None
    """Partner IDs whose people it covers; their mail waits until it has been read. Absent: all partners."""
    url: str
    """The site's address as its administrator wrote it ($CFG->wwwroot)."""
    token_env: str = ""
    """Environment variable with the web-service token."""
    token_file: str = ""
    """File with it, relative to the workspace or to systemd's credentials."""
    ca_file: str = ""
    """PEM file of a further authority that may sign certificates, relative to the workspace; empty for none."""
    strategy: Literal["report", "functions"] = "report"
    """`report`: one custom report; `functions`: course by course and person by person, where there can be none."""
    report: str | int = "LMS sync"
    """The custom report's name or number (`report`)."""
    layout: str = "moodle-custom-report"
    """What the report's headings and words mean; also for its downloads, so both give the same records."""
    courses: tuple[str, ...] = Field(default=(), strict=False)
    """Course ID numbers (`functions`); the report knows its courses itself."""
    rows: int = Field(default=500, ge=1, le=5000)
    """Of one page (`report`)."""
    zone: Zone | None = None
    """Of the report's times, where the site forces one on everybody; needed nowhere else."""


class XapiSettings(Section):
    """A source whose records are the statements of a Learning Record Store (xAPI 1.0.3)."""

    name: Slug
    """What the source is called; it leads each of its records."""
    kind: Literal["xapi"]
    """Which kind of source it is."""
    shown_as: str = Field(default=AN_LMS, min_length=1)
    """What partners read instead of the source's name."""
    partners: Partners = None
    """Partner IDs whose people it covers; their mail waits until it has been read. Absent: all partners."""
    url: str
    """The endpoint: the part before `/statements`."""
    user: str
    """The user's name (or key) at the LRS."""
    password_env: str = ""
    """Environment variable with the password."""
    password_file: str = ""
    """File with it, relative to the workspace or to systemd's credentials."""
    ca_file: str = ""
    """PEM file of a further authority that may sign certificates, relative to the workspace; empty for none."""
    verbs: tuple[str, ...] = Field(
        default=("http://adlnet.gov/expapi/verbs/completed", "http://adlnet.gov/expapi/verbs/passed"),
        min_length=1,
        strict=False,
    )
    """The verbs that tell of a completion."""
    activities: tuple[str, ...] = Field(default=(), strict=False)
    """What the ids of the activities that count begin with; none: all count."""
    account_is_person_id: tuple[str, ...] = Field(default=(), strict=False)
    """The home pages whose account names are people's ids."""
    overlap_days: int = Field(default=7, ge=1)
    """How long before the newest statement that was read the next pull begins, for what the LRS took in late."""
    zone: Zone | None = None
    """Of times that tell no offset; without it they are refused."""


class CanvasSettings(Section):
    """Classes of a Canvas, read through its REST API; their modules are the units."""

    name: Slug
    """What the source is called; it leads each of its records."""
    kind: Literal["canvas"]
    """Which kind of source it is."""
    shown_as: str = Field(default=AN_LMS, min_length=1)
    """What partners read instead of the source's name."""
    partners: Partners = None
    """Partner IDs whose people it covers; their mail waits until it has been read. Absent: all partners."""
    url: str
    """Canvas's address, without a path: `https://lms.example.org`."""
    token_env: str = ""
    """Environment variable with the access token."""
    token_file: str = ""
    """File with it, relative to the workspace or to systemd's credentials."""
    ca_file: str = ""
    """PEM file of the authorities to trust, relative to the workspace; empty: the usual ones."""
    courses: tuple[str, ...] = Field(default=(), strict=False)
    """The classes by course id or as `sis_course_id:…`; empty: those that `account` and `search` find."""
    account: str = ""
    """The account (an id, or `self` for the root) whose courses, and those of its sub-accounts, are searched."""
    search: str = ""
    """Part of the classes' name, code or SIS id, at least three characters; empty: all courses of the account."""
    sis_user_id_is_person_id: bool = False
    """True only when the SIS user id is the same id as Person ID on the roster."""

    @model_validator(mode="after")
    def _classes_are_told_one_way(self) -> "CanvasSettings":
        if bool(self.courses) == bool(self.account):
            raise ValueError("state either `courses` or `account` (with `search`)")
        if self.search and (self.courses or len(self.search) < 3):
            raise ValueError("`search` goes with `account`, and Canvas wants at least three characters")
        return self


SourceSettings = Annotated[
    SpreadsheetSettings | MoodleSettings | XapiSettings | CanvasSettings, Field(discriminator="kind")
]
"""Any [[source]]; `kind` tells which."""
