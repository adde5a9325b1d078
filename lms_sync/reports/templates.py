"""Templates → e-mail parts; the one home of Jinja2 and css-inline."""

import re
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import css_inline
from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
    TemplateSyntaxError,
    select_autoescape,
)
from jinja2.sandbox import ImmutableSandboxedEnvironment

from lms_sync.compliance.gate import PartnerText, fill
from lms_sync.errors import UsageError
from lms_sync.files import shipped
from lms_sync.reports import words
from lms_sync.reports.foot import foot_of, with_foot

TEXT_WIDTH = 76
"""Columns of a plain-text part."""

_INLINER = css_inline.CSSInliner(load_remote_stylesheets=False, minify_css=True)
_CLASS = re.compile(r'(<[a-z][a-z0-9]*(?: [^<>]*?)?) class="[^"<>]*"')


@dataclass(frozen=True, slots=True)
class EmailParts:
    """What a message says; addresses and headers are the mail's business."""

    subject: str
    """One line that names nobody."""
    html: str
    text: str
    """Says the same as `html`."""


@dataclass(frozen=True, slots=True)
class Templates:
    """How documents speak: a workspace's templates, the law's short names, the district's clock."""

    environment: ImmutableSandboxedEnvironment
    names: Mapping[str, str]
    """Requirement id → short name: `topic-10` → `De-escalation`."""
    zone: ZoneInfo
    """Instants are shown in this zone."""

    def instant(self, moment: datetime) -> PartnerText:
        """Return an instant as the district's clock shows it: `23 Nov 2026, 02:10 PST`."""
        local = moment.astimezone(self.zone)
        return fill("{}, {:%H:%M %Z}", words.written(local.date()), local)


def template_environment(folder: Path | None) -> ImmutableSandboxedEnvironment:
    """Return the templates: those in a workspace's `folder` first, the shipped ones for the rest.

    The shipped ones alone are translated once a process; in a workspace a file may be added at any time.
    """
    return _environment((folder, shipped("reports"))) if folder else _shipped_alone()


@cache
def _shipped_alone() -> ImmutableSandboxedEnvironment:
    return _environment((shipped("reports"),))


class _InsideLoader(FileSystemLoader):
    """Reads templates, and follows no link out of their folder."""

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        """Return a template's text. Raises: UsageError for a link that leads out of the folder."""
        text, path, fresh = super().get_source(environment, template)
        expect_inside(Path(path), tuple(map(Path, self.searchpath)))
        return text, path, fresh


def expect_inside(path: Path, folders: tuple[Path, ...]) -> None:
    """Refuse a file of reports/ that is a link to somewhere else. Raises: UsageError."""
    if not any(path.resolve().is_relative_to(folder.resolve()) for folder in folders):
        raise UsageError(
            f"reports/{path.name} is a link that leads out of its folder, and was not followed",
            hint="Put the file itself there, or remove it to use the shipped one.",
        )


def _environment(folders: tuple[Path, ...]) -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        loader=_InsideLoader(folders),
        autoescape=select_autoescape(enabled_extensions=("html.j2",), default_for_string=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["day"] = words.written
    environment.filters["day_in_full"] = words.written_in_full
    environment.filters["version_day"] = words.version_day
    environment.filters["listed"] = words.listed
    environment.filters["wrapped"] = wrapped
    return environment


def template_folders(templates: Templates) -> tuple[Path, ...]:
    """Return the folders that the templates come from, the workspace's before the shipped one."""
    loader = templates.environment.loader
    return tuple(Path(place) for place in loader.searchpath) if isinstance(loader, FileSystemLoader) else ()


def wrapped(text: object, indent: int = 0, first: str = "") -> str:
    """Return text broken into lines of a plain-text part; `first` opens it, later lines start at `indent`."""
    return textwrap.fill(
        str(text),
        width=TEXT_WIDTH,
        initial_indent=first or " " * indent,
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def render(templates: Templates, stem: str, subject: str, **values: object) -> EmailParts:
    """Return the parts that `stem`.html.j2 and `stem`.txt.j2 make of `values`, and why one receives them.

    Raises: UsageError that names the template and the line when one of them can't be read or filled.
    """
    data = {**values, "subject": subject}
    foot = foot_of(stem, data)
    page = with_foot(_fill(templates, f"{stem}.html.j2", data), foot)
    text = fill_text(templates, stem, data)
    return EmailParts(subject, inlined(page), f"{text}\n{wrapped(foot)}\n" if foot else text)


def fill_page(templates: Templates, stem: str, values: Mapping[str, object]) -> str:
    """Return the page that `stem`.html.j2 makes of `values`, for a browser: its style rules stay where they are.

    Raises: UsageError as `render`.
    """
    return _fill(templates, f"{stem}.html.j2", values)


def fill_text(templates: Templates, stem: str, values: Mapping[str, object]) -> str:
    """Return the plain text that `stem`.txt.j2 makes of `values`. Raises: UsageError as `render`."""
    return _without_gaps(_fill(templates, f"{stem}.txt.j2", values))


def inlined(html: str) -> str:
    """Return the page with its style rules written into the elements and its class names gone.

    Style elements marked `data-css-inline="keep"` stay: dark mode, and the fonts that Outlook asks for.
    """
    page = _INLINER.inline(html)
    return re.sub(r"\n\s*\n+", "\n", _CLASS.sub(r"\1", page))


def _fill(templates: Templates, name: str, values: Mapping[str, object]) -> str:
    try:
        return templates.environment.get_template(name).render(values)
    except TemplateSyntaxError as error:
        raise _template_error(name, f", line {error.lineno}", error) from error
    except TemplateError as error:
        raise _template_error(name, "", error) from error


def _template_error(name: str, place: str, error: TemplateError) -> UsageError:
    return UsageError(
        f"reports/{name}{place}: {error.message or type(error).__name__}",
        hint="Compare it with the shipped template of that name, or remove it from the workspace to use that one.",
    )


def _without_gaps(text: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"
