"""What the files say that are there and were not read tonight; `files` are all that are known of the source. Pure."""

from collections.abc import Iterable, Set
from datetime import datetime

from lms_sync.model.evidence import StoredFile
from lms_sync.model.pseudonyms import Pseudonyms
from lms_sync.operations.pull.readable import hidden_name
from lms_sync.sources.pull import Pull


def unread(files: Iterable[StoredFile], pull: Pull, *, among: Set[str]) -> dict[str, datetime]:
    """Return record → when the newest file that speaks of it and was not read tonight was first read.

    Of the records `among` which it is asked for. Files that have been put away count too: an older one that is read
    again must not undo what they said.
    """
    read = {file.sha256 for file in pull.files if not file.failed}
    newest: dict[str, datetime] = {}
    for file in sorted(files, key=lambda file: file.first_read_at):
        if among and file.sha256 not in read:
            newest |= dict.fromkeys(file.spoken.each & among, file.first_read_at)
    return newest


def still_there(files: Iterable[StoredFile], pull: Pull, pseudonyms: Pseudonyms) -> list[StoredFile]:
    """Return the stored files that were not read tonight: unchanged ones, and the last good ones of failed ones."""
    unchanged = {file_skipped.fingerprint for file_skipped in pull.skipped}
    failed = {*pull.failed, *(hidden_name(name, pseudonyms) for name in pull.failed)}
    return [f for f in files if f.there and (f.fingerprint in unchanged or f.name in failed)]
