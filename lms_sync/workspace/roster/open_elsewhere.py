"""Whether somebody has a workbook open: office programs put a small file beside it, which tells who."""

from pathlib import Path


def opened_by(path: Path) -> str:
    """Return who has the workbook open, as its program says; `somebody` without a name; empty for nobody."""
    # Before a short name Excel puts its sign; of a long one the sign replaces the first two characters.
    for name in (f"~${path.name}", f"~${path.name[2:]}"):
        excel = _beside(path, name)
        if excel is not None:
            return _name(excel[1 : 1 + excel[0]]) if excel else "somebody"
    office = _beside(path, f".~lock.{path.name}#")
    if office is not None:
        return _name(office.partition(b",")[2].partition(b",")[0] or office.partition(b",")[0])
    return ""


def how_to_open(path: Path) -> str:
    """Return what to do about a workbook that is there and can't be opened."""
    whose = opened_by(path)
    if whose:
        return f"Close it where it is open ({whose}); else check who may read it."
    return "Check who may read it, and close it where it is open."


def _beside(path: Path, name: str) -> bytes | None:
    try:
        return path.with_name(name).read_bytes()[:200]
    except FileNotFoundError:
        return None
    except OSError:
        return b""  # Windows lets nobody read it while the workbook is open


def _name(written: bytes) -> str:
    words = written.decode("utf-8", errors="replace").replace("\ufffd", "").strip(" \0")
    return words if words.isprintable() and words else "somebody"


def open_elsewhere(path: Path) -> str:
    """Return the sentence that says that a workbook is open elsewhere; empty where it is not."""
    whose = opened_by(path)
    return f"{path.name} is open elsewhere ({whose}): what is not saved there is not read." if whose else ""
