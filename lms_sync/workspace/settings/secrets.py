"""Every secret that the settings name, so that `check` can say which one is not there."""

from collections.abc import Callable, Iterator

from lms_sync.workspace.settings.config import Config, secret
from lms_sync.workspace.settings.mail import SmtpSettings
from lms_sync.workspace.settings.oauth import OAuthSettings
from lms_sync.workspace.settings.section import Section
from lms_sync.workspace.settings.sources import FilePattern

SECRETS = ("token", "password", "client_secret")
"""What a section may need: settings `NAME_env` or `NAME_file`."""


APP_SECRETS = ("secret", "certificate", "refresh_token", "service_account")
"""What signs a program in by OAuth 2.0."""
IN_FILES = (*SECRETS, *APP_SECRETS, "query", "ping")
"""All that may lie in a file."""


def named_secrets(config: Config) -> Iterator[Callable[[], str]]:
    """Yield what reads each secret that the night will need; it raises ConfigError where there is none."""
    settings = config.settings
    for source in settings.source:
        key = f"[[source]] {source.name}"
        yield from _of_section(config, source, key)
        for pattern in getattr(source, "files", ()):
            yield from _of_options(config, pattern, key)
            if pattern.has_query:
                yield secret(pattern.query_env, pattern.query_file, folder=config.folder, key=f"{key}, query")
    if settings.corrections.mailbox and not settings.corrections.mailbox.by_oauth:
        yield from _of_section(config, settings.corrections.mailbox, "[corrections.mailbox]")
    if settings.mail.carrier == "smtp" and settings.mail.smtp and _signs_in(settings.mail.smtp):
        yield from _of_section(config, settings.mail.smtp, "[mail.smtp]")
    ping = settings.monitoring
    if ping.ping_env or ping.ping_file:
        yield secret(ping.ping_env, ping.ping_file, folder=config.folder, key="[monitoring] ping")
    if settings.web.oidc:
        yield from _of_section(config, settings.web.oidc, "[web.oidc]")
    if settings.oauth:
        yield from _of_app(config, settings.oauth)


def secret_files(config: Config) -> Iterator[str]:
    """Give the file of every secret that the settings keep in one, as the settings write it."""
    settings = config.settings
    patterns = [pattern for source in settings.source for pattern in getattr(source, "files", ())]
    mail = settings.mail.smtp, settings.corrections.mailbox
    sections = [*settings.source, *patterns, *mail, settings.store, settings.oauth, settings.web.oidc]
    for section in filter(None, [*sections, settings.monitoring]):
        yield from filter(None, (getattr(section, f"{kind}_file", "") for kind in IN_FILES))
    yield from (name for pattern in patterns for name in pattern.options_file.values())


def _signs_in(relay: SmtpSettings) -> bool:
    return relay.sign_in == "password" and bool(relay.user or relay.password_env or relay.password_file)


def _of_app(config: Config, app: OAuthSettings) -> Iterator[Callable[[], str]]:
    files = {
        "certificate": app.certificate_file,
        "refresh_token": app.refresh_token_file,
        "service_account": app.service_account_file,
    }
    for kind, name in files.items():
        if name:
            yield secret("", name, folder=config.folder, key=f"[oauth] {kind}")
    if app.secret_env or app.secret_file:
        yield secret(app.secret_env, app.secret_file, folder=config.folder, key="[oauth] secret")


def _of_section(config: Config, section: Section, key: str) -> Iterator[Callable[[], str]]:
    """Yield the section's secret: the one that is named; where none is, what raises that none is."""
    kinds = [kind for kind in SECRETS if hasattr(section, f"{kind}_env")]
    named = [kind for kind in kinds if getattr(section, f"{kind}_env") or getattr(section, f"{kind}_file")]
    for kind in named or kinds[:1]:
        by_name, by_file = getattr(section, f"{kind}_env"), getattr(section, f"{kind}_file")
        yield secret(by_name, by_file, folder=config.folder, key=f"{key} {kind}")


def _of_options(config: Config, pattern: FilePattern, key: str) -> Iterator[Callable[[], str]]:
    for option, variable in pattern.options_env.items():
        yield secret(variable, "", folder=config.folder, key=f"{key}, {option} of options")
    for option, name in pattern.options_file.items():
        yield secret("", name, folder=config.folder, key=f"{key}, {option} of options")
