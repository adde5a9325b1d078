"""Tell a watching service that a night begins, and how it ended; the service tells people when it hears nothing.

The address is a secret: whoever knows it can say that all is well. A service that is away is no trouble of the night.
"""

import logging
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPException

from lms_sync.errors import EXIT_BUG, EXIT_DONE, EXIT_FINDINGS, ConfigError, Locked, exit_code_of
from lms_sync.time_limit import within
from lms_sync.workspace.settings.config import Config, secret

LOG = logging.getLogger(__name__)
SECONDS = 10.0


@dataclass
class Ending:
    """How a night ended, for whoever runs it to say."""

    exit_code: int = EXIT_BUG
    words: str = ""
    """A line or two without names; the service keeps it."""


@contextmanager
def announced(config: Config) -> Iterator[Ending]:
    """Say that a night begins, and at the end of the block how it ended; nothing where no service is named.

    An address that is missing costs no night: it is said, and the service hears nothing. A night that stands back
    for another one (exit code 75) says nothing.
    """
    settings = config.settings.monitoring
    if not (settings.ping_env or settings.ping_file):
        yield Ending()
        return
    try:
        address = secret(settings.ping_env, settings.ping_file, folder=config.folder, key="[monitoring] ping")()
    except ConfigError as error:  # `check` tells it too; no watching service is worth a night
        LOG.warning("the watching service was not told: %s", error)
        yield Ending()
        return
    _tell(f"{address.rstrip('/')}/start", "")
    ending = Ending()
    try:
        yield ending
    except BaseException as error:
        ending.exit_code = exit_code_of(error)
        raise
    finally:
        if ending.exit_code != Locked.exit_code:
            # Findings wait for HR, and nothing is wrong with the machine.
            code = EXIT_DONE if ending.exit_code == EXIT_FINDINGS else ending.exit_code
            _tell(f"{address.rstrip('/')}/{code}", ending.words)


def _tell(address: str, words: str) -> None:
    if not address.startswith(("https://", "http://")):
        LOG.warning("the ping was not sent: its address must begin with https://")
        return
    request = urllib.request.Request(address, data=words.encode()[:10_000], method="POST")
    try:
        within(SECONDS, lambda: urllib.request.urlopen(request, timeout=SECONDS).close())
    except (urllib.error.URLError, HTTPException, OSError, ValueError) as error:
        LOG.warning("the watching service was not told (%s)", type(error).__name__)
