"""Commands of what cannot be undone, where the settings ask for a second, signed-in person: they ask, and say so."""

from pathlib import Path

import click

from lms_sync.errors import EXIT_FINDINGS
from lms_sync.model.author import Author
from lms_sync.model.second_person import AskedAct
from lms_sync.operations.second_person.decide import ask
from lms_sync.store.workspace import Workspace
from lms_sync.text import written_minute


def asked(workspace: Workspace, author: Author, wanted: AskedAct, *, file: Path | None = None) -> int:
    """Keep a request, say where a second person decides, and return the exit code."""
    request = ask(workspace, author, wanted=wanted, file=file)
    until = request.expires_at.astimezone(workspace.zone)
    click.echo(
        f"Nothing is done yet: {request.request_id} waits for a second person until {written_minute(until)}.\n"
        f"Somebody else, signed in at the desk, approves or refuses it: {workspace.config.settings.web.url}/requests"
    )
    return EXIT_FINDINGS
