"""All carriers by the name that lms_sync.toml calls them by. A new one is a file of its own and a line here."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from types import MappingProxyType

from lms_sync.errors import ConfigError
from lms_sync.mail.folder import FolderCarrier
from lms_sync.mail.pace import PacedCarrier
from lms_sync.model.address import split_sender
from lms_sync.model.carrier import Carrier
from lms_sync.workspace.settings.config import Config, secret
from lms_sync.workspace.settings.tokens import access_token

Clock = Callable[[], datetime]
"""Gives the present instant, aware."""


def _folder(config: Config, clock: Clock) -> Carrier:
    return FolderCarrier(config.path(config.settings.mail.folder), clock)


def _smtp(config: Config, clock: Clock) -> Carrier:
    # Imported here: a workspace that writes its mail into a folder loads no SMTP and no TLS.
    from lms_sync.mail.smtp import SmtpCarrier

    relay = config.settings.mail.smtp
    if relay is None:
        raise ConfigError(
            'lms_sync.toml: [mail] carrier = "smtp" needs a section [mail.smtp]', hint="State at least its host."
        )
    password = secret(relay.password_env, relay.password_file, folder=config.folder, key="[mail.smtp] password")
    carrier = SmtpCarrier(
        host=relay.host,
        port=relay.port,
        security=relay.security,
        user=relay.user,
        password=password,
        token=partial(access_token, config, "smtp", relay.user, clock=clock) if relay.sign_in == "oauth" else None,
        ca_file=str(config.path(relay.ca_file)) if relay.ca_file else "",
    )
    return PacedCarrier(carrier, config.settings.mail.per_minute)


def _graph(config: Config, clock: Clock) -> Carrier:
    from lms_sync.mail.graph import GraphCarrier

    settings = config.settings.mail.graph
    mailbox = settings.mailbox or split_sender(config.settings.mail.sender)[1]
    carrier = GraphCarrier(
        mailbox,
        partial(access_token, config, "graph", mailbox, clock=clock),
        address=settings.address.rstrip("/"),
        ca_file=str(config.path(settings.ca_file)) if settings.ca_file else "",
    )
    return PacedCarrier(carrier, config.settings.mail.per_minute)


CARRIERS: Mapping[str, Callable[[Config, Clock], Carrier]] = MappingProxyType(
    {"folder": _folder, "smtp": _smtp, "graph": _graph}
)


def configured_carrier(config: Config, *, clock: Clock) -> Carrier:
    """Return the carrier that the settings name.

    Raises: ConfigError when its settings can't be used.
    """
    return CARRIERS[config.settings.mail.carrier](config, clock)
