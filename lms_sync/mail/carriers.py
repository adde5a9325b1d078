"""All carriers by the name that lms_sync.toml calls them by. A new one is a file of its own and a line here."""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType

from lms_sync.errors import ConfigError
from lms_sync.mail.folder import FolderCarrier
from lms_sync.model.carrier import Carrier
from lms_sync.workspace.settings.config import Config, secret

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
    return SmtpCarrier(
        host=relay.host,
        port=relay.port,
        security=relay.security,
        user=relay.user,
        password=password,
        ca_file=str(config.path(relay.ca_file)) if relay.ca_file else "",
    )


CARRIERS: Mapping[str, Callable[[Config, Clock], Carrier]] = MappingProxyType({"folder": _folder, "smtp": _smtp})


def configured_carrier(config: Config, *, clock: Clock) -> Carrier:
    """Return the carrier that the settings name.

    Raises: ConfigError when its settings can't be used.
    """
    return CARRIERS[config.settings.mail.carrier](config, clock)
