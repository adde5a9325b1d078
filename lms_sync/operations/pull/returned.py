"""What partners sent back, as a source of the night."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from lms_sync.law.series import load
from lms_sync.model.roster import Roster
from lms_sync.sources.connectors import Source
from lms_sync.store.workspace import Workspace
from lms_sync.workspace.settings.corrections import CORRECTIONS, MailboxSettings
from lms_sync.workspace.settings.tokens import access_token

if TYPE_CHECKING:
    from lms_sync.sources.corrections.sender import TrustedServer


def returned_forms(workspace: Workspace, roster: Callable[[], Roster]) -> tuple[Source, ...]:
    """Return what partners sent back as a source; nothing where none has come back yet and no mailbox is read.

    `roster` gives the one in force, and is asked only where something has come back.
    """
    config = workspace.config
    folder = config.path(config.settings.corrections.folder)
    came = (folder.is_dir() and any(folder.iterdir())) or CORRECTIONS in workspace.store.runs.pulls()
    if not (came or config.settings.corrections.mailbox):
        return ()
    return (_corrections(workspace, roster()),)


def _corrections(workspace: Workspace, roster: Roster) -> Source:
    # Imported here: most districts read no mailbox, and no partner has sent anything back yet.
    from lms_sync.sources.corrections.claims import FormContext
    from lms_sync.sources.corrections.mailbox import open_mailbox
    from lms_sync.sources.corrections.source import Corrections

    config, settings = workspace.config, workspace.config.settings.corrections
    limits, mailbox = config.settings.limits, None
    today, law = workspace.today(), load()
    titles = {component.id: component.name for component in law.on(today).components} | law.names
    counter = FormContext(workspace.pseudonyms, roster, today, config.settings.district.dates, titles)
    if settings.mailbox:
        token = partial(access_token, config, "imap", settings.mailbox.user, clock=workspace.clock)
        mailbox = open_mailbox(settings.mailbox, config.folder, limits=limits, token=token)
    return Corrections(config.path(settings.folder), mailbox, _server(settings.mailbox), counter, limits)


def _server(settings: MailboxSettings | None) -> "TrustedServer":
    from lms_sync.sources.corrections.sender import TrustedServer

    return TrustedServer(settings.authserv_id, settings.exchange_online) if settings else TrustedServer()
