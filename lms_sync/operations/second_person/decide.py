"""Ask for what cannot be undone, approve it, refuse it, take it back.

Nobody approves or refuses what they asked for themselves, under no role; only somebody who signed in may.
"""

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from lms_sync.documents.vault import plain_name
from lms_sync.errors import UsageError
from lms_sync.files import private_folder, write_private
from lms_sync.model.author import Author
from lms_sync.model.log import DecisionKind
from lms_sync.model.second_person import ActRequest, AskedAct
from lms_sync.operations.opening import STATE
from lms_sync.operations.second_person.carry_out import carry_out
from lms_sync.store.known.registers import ACT_REQUESTS
from lms_sync.store.workspace import Workspace

FOLDER = "requests"
"""Below `state/`: files that go with what waits for a second person."""


def waiting(workspace: Workspace) -> tuple[ActRequest, ...]:
    """Return what waits for a second person and has not expired, the oldest first."""
    at = workspace.clock()
    requests = [request for request in ACT_REQUESTS.read(workspace.store).values() if request.works(at)]
    return tuple(sorted(requests, key=lambda request: (request.asked_at, request.request_id)))


def ask(
    workspace: Workspace, author: Author, *, wanted: AskedAct, email: str = "", file: Path | None = None
) -> ActRequest:
    """Keep a request until a second person has decided, or it expires; the act itself has been tried before.

    Raises: UsageError when the same waits already.
    """
    store, name = workspace.store, plain_name(file.name) if file else ""
    content = file.read_bytes() if file else b""
    digest = hashlib.sha256(content).hexdigest() if file else ""
    for request in waiting(workspace):
        if (request.wanted, request.sha256) == (wanted, digest):
            raise UsageError(
                f"{request.request_id}: {request.by} has asked for this already",
                hint="Somebody else approves or refuses it at the desk.",
            )
    expires = author.at + timedelta(days=workspace.config.settings.web.second_person.days)
    request = ActRequest(
        f"S{author.at:%Y%m%d}-{workspace.mint()}",
        wanted,
        author.by,
        email,
        author.reason,
        author.at,
        expires,
        name,
        digest,
    )
    with store.transaction():
        ACT_REQUESTS.put(store, request.request_id, request, now=author.at)
        after = ACT_REQUESTS.plain(request)
        store.audit.add(DecisionKind.SECOND, wanted.subject, author, before=None, after=after)
        _clear(workspace)
        if file:
            private_folder(_folder(workspace, request))
            write_private(_folder(workspace, request) / name, content)
    return request


def approve(workspace: Workspace, author: Author, *, email: str, request_id: str) -> str:
    """Do what was asked for, with both names in its entry of the log, and return a sentence of what was done.

    `email` is the second person's, by the sign-in. Raises: UsageError for a request that does not wait, for who
    asked, and when it cannot be done as things are now.
    """
    request = _of_another(workspace, author, email, request_id)
    both = Author(request.by, request.reason, author.at, second=author.by)
    with file_of(workspace, request) as path:
        sentence = carry_out(request.wanted, workspace, author=both, path=path)
    # Should the program end here, the request waits on; what it asks for is done, and is not done a second time.
    with workspace.store.transaction():
        ACT_REQUESTS.end(workspace.store, request_id, now=workspace.clock())
    _clear(workspace)
    return sentence


def refuse(workspace: Workspace, author: Author, *, email: str, request_id: str) -> ActRequest:
    """Let a request be refused, and return it. Raises: UsageError for one that does not wait, and for who asked."""
    request = _of_another(workspace, author, email, request_id)
    _end(workspace, author, request)
    return request


def take_back(workspace: Workspace, author: Author, *, email: str, request_id: str) -> ActRequest:
    """Let who asked take a request back. Raises: UsageError for one that does not wait, and for anybody else."""
    request = _waiting(workspace, request_id)
    if not request.is_of(author.by, email):
        raise UsageError(f"{request_id}: {request.by} asked for it", hint="Approve or refuse it.")
    _end(workspace, author, request)
    return request


@contextmanager
def file_of(workspace: Workspace, request: ActRequest) -> Iterator[Path | None]:
    """Yield a copy of the file that goes with a request, as long as the block lasts; None where there is none.

    Raises: UsageError when it is gone or was changed.
    """
    if not request.file:
        yield None
        return
    kept = _folder(workspace, request) / request.file
    content = kept.read_bytes() if kept.is_file() else b""
    if hashlib.sha256(content).hexdigest() != request.sha256:
        raise UsageError(
            f"{request.file}: it is no longer as it was handed in", hint="Refuse the request, and ask for it again."
        )
    with tempfile.TemporaryDirectory(prefix="lms-sync-") as folder:
        path = Path(folder) / request.file
        write_private(path, content)
        yield path


def _of_another(workspace: Workspace, author: Author, email: str, request_id: str) -> ActRequest:
    request = _waiting(workspace, request_id)
    if not email:
        raise UsageError(
            "the second person signs in with a name of their own", hint="Set up [web.oidc], and sign in by it."
        )
    if request.is_of(author.by, email):
        raise UsageError(
            f"{request_id}: you asked for it yourself", hint="Somebody else decides; you may take it back."
        )
    return request


def _waiting(workspace: Workspace, request_id: str) -> ActRequest:
    for request in waiting(workspace):
        if request.request_id == request_id:
            return request
    raise UsageError(
        f"{request_id}: nothing of this name waits for a second person",
        hint="It was decided, taken back, or has expired; ask for it again.",
    )


def _end(workspace: Workspace, author: Author, request: ActRequest) -> None:
    store = workspace.store
    with store.transaction():
        ACT_REQUESTS.end(store, request.request_id, now=author.at)
        before = ACT_REQUESTS.plain(request)
        store.audit.add(DecisionKind.SECOND, request.wanted.subject, author, before=before, after=None)
    _clear(workspace)


def _folder(workspace: Workspace, request: ActRequest) -> Path:
    return workspace.config.folder / STATE / FOLDER / request.request_id


def _clear(workspace: Workspace) -> None:
    """Delete the files of requests that no longer wait."""
    known = {request.request_id for request in waiting(workspace)}
    for folder in (workspace.config.folder / STATE / FOLDER).glob("*"):
        if folder.name not in known:
            shutil.rmtree(folder, ignore_errors=True)
