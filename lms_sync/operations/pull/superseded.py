"""Which records a file that is gone still has to be kept with: those of which no newer file speaks. Pure."""

from collections.abc import Iterable
from dataclasses import replace

from lms_sync.model.evidence import StoredFile
from lms_sync.model.many_records import RecordsOfFile


def without_superseded(files: Iterable[StoredFile]) -> tuple[StoredFile, ...]:
    """Return the files that are gone and lose records, as they are to be kept.

    What the newest file says of a record is what counts, so that older ones need not be kept with it: a source that
    sends everything anew each night grows by what is new. Files that are there keep all of theirs.
    """
    newest_first = sorted(files, key=lambda file: (file.first_read_at, file.there), reverse=True)
    if all(file.there for file in newest_first):
        return ()
    newest, *others = newest_first  # hardly anything of it is new as a rule: it is not copied
    done: set[str] = set()
    spoken: set[str] = set()
    found: list[StoredFile] = []
    for file in others:
        records = file.records.without(newest.records) - done
        of_all = file.spoken.without(newest.spoken) - spoken
        if not file.there and (len(records) < len(file.records) or len(of_all) < len(file.spoken)):
            found.append(replace(file, records=RecordsOfFile.of(records), spoken=RecordsOfFile.of(of_all)))
        done |= records
        spoken |= of_all
    return tuple(found)
