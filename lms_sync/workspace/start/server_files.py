"""What runs the night on a server, filled in for a workspace: systemd's units, a line for cron, a container."""

import shutil
import sys
from importlib.resources import files
from pathlib import Path

from lms_sync.errors import UsageError
from lms_sync.files import shared_folder, write_whole
from lms_sync.workspace.settings.config import Config, secret_places

NAMES = ("lms-sync.service", "lms-sync.timer", "crontab", "Containerfile")
FOLDER = "server"
_MISREAD = "%\\\"'$:"


def write_server_files(config: Config, *, user: str = "lms-sync") -> tuple[Path, ...]:
    """Write the files into the workspace's folder `server`, anew each time, and return them.

    Raises: UsageError for a workspace whose path systemd and cron could not read as one word.
    """
    place = str(config.folder)
    if any(sign.isspace() or sign in _MISREAD for sign in place):
        raise UsageError(
            f"{place}: a path with blanks or signs that systemd and cron read as their own",
            hint="Move the workspace to a plain path, such as /srv/lms-sync.",
        )
    district = config.settings.district
    values = {
        "WORKSPACE": place,
        "PROGRAM": _program(),
        "USER": user,
        "DISTRICT": " ".join(district.name.replace("%", "%%").split()),
        "ZONE": district.zone,
        "HR": district.hr[0],
        "KEY": _key(config),
    }
    folder = config.folder / FOLDER
    shared_folder(folder)
    for name in NAMES:
        text = (files("lms_sync.workspace.start.service") / name).read_text(encoding="utf-8")
        for key, value in values.items():
            text = text.replace(f"@{key}@", value)
        write_whole(folder / name, text.encode())
    return tuple(folder / name for name in NAMES)


def _key(config: Config) -> str:
    """Return the line by which systemd hands the identity key to an account that may not see its folder."""
    place = secret_places(config.settings.store.key_file, config.folder)[0]
    if place.is_relative_to(config.folder) or any(sign.isspace() or sign in _MISREAD for sign in str(place)):
        return "# The identity key is where the account reads it."
    return f"LoadCredential={place.name}:{place}"


def _program() -> str:
    """Return the path of the command that runs now."""
    beside = Path(sys.executable).with_name("lms-sync")
    return str(beside) if beside.exists() else shutil.which("lms-sync") or str(beside)
