"""Files in the vault that nothing refers to: a run was killed between keeping a file and recording it."""

import re
from collections.abc import Set as AbstractSet

from lms_sync.documents.vault import Vault
from lms_sync.model.log import DecisionKind
from lms_sync.store.known.registers import ADOPTIONS, DOCUMENTS, DUTIES, POINTS, REPORTED, REQUESTS, SCANS
from lms_sync.store.store import Store

_OURS = re.compile(r"\.?([0-9a-f]{64})\.[a-z0-9]+(\.part)?")
_HASH = re.compile(r"[0-9a-f]{64}")


def sweep(store: Store, vault: Vault) -> tuple[str, ...]:
    """Delete kept files that no fact of any time refers to, and half-written ones; return their names, sorted.

    The caller holds the workspace's lock: nobody else is about to record one. What lay here when a backup was put
    back stays, since the facts that name it may be in the database that was set aside. In a rehearsal all stay.
    """
    if store.rehearsal or not vault.folder.is_dir():
        return ()
    present = sorted((path, found[1]) for path in vault.folder.iterdir() if (found := _OURS.fullmatch(path.name)))
    if not present:
        return ()
    referred, restored = _referred(store, {sha256 for _, sha256 in present}), _last_restored(store)
    orphans = [
        path
        for path, sha256 in present
        if (sha256 not in referred or path.suffix == ".part") and path.stat().st_mtime > restored
    ]
    for path in orphans:
        path.unlink(missing_ok=True)
    return tuple(path.name for path in orphans)


def _referred(store: Store, present: AbstractSet[str]) -> AbstractSet[str]:
    """Return those of the hashes that stand in a fact of any kind, also in one that counts no more.

    The facts about documents are looked at first; all others only where a file is left, which is rare.
    """
    registers = (ADOPTIONS, DOCUMENTS, DUTIES, POINTS, REPORTED, REQUESTS, SCANS)
    versions = (version for register in registers for version in store.facts.history(register.kind))
    found = {sha256 for version in versions for sha256 in _HASH.findall(str(version.payload))} & present
    return found if found == present else found | store.facts.mentioned(present - found)


def _last_restored(store: Store) -> float:
    """Return when a backup was last put back, as a file's time of change; 0 for never."""
    restored = [entry.at for entry in store.audit.entries(kinds=[DecisionKind.RESTORE])]
    return max((at.timestamp() for at in restored), default=0.0)
