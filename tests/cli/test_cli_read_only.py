"""A workspace on a disk that is mounted for reading only: commands that only read work, the others say why not."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.small_district import District

pytestmark = pytest.mark.slow
READING = (
    *("status", "gaps", "worklist", "outbox list", "people show 00101", "people find Marsh", "people links"),
    *("log show", "log verify", "db check", "mappings history", "agreements list", "documents list", "hold list"),
    *("calendar", "roster check", "report QPD -o OUT", "db backup -o OUT", "purge --older-than 7y", "db backups"),
)
WRITING = ("nightly", "pull", "outbox send", "db backup", "db upgrade")
MOUNTED = 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && shift && exec "$@"'
TYPED = """
import json, sys
from tests.cli.small_district import run
folder, *commands = sys.argv[1:]
ran = {words: run("-w", folder, *words.split()) for words in commands}
print(json.dumps({words: (result.exit_code, result.output) for words, result in ran.items()}))
"""


def typed(folder: Path, *commands: str) -> dict[str, tuple[int, str]]:
    """Return exit code and output of each command, typed where the folder can only be read."""
    own = [] if os.geteuid() == 0 else ["--map-root-user"]
    program = ["unshare", "--mount", *own, "sh", "-c", MOUNTED, "sh", str(folder), sys.executable, "-c", TYPED]
    done = subprocess.run(
        [*program, str(folder), *commands], capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2]
    )
    if "mount" in done.stderr or "unshare" in done.stderr:
        pytest.skip("nobody may mount anything here")
    assert done.returncode == 0, done.stderr
    return {words: tuple(result) for words, result in json.loads(done.stdout).items()}


@pytest.mark.skipif(shutil.which("unshare") is None, reason="no mounts of one's own here")
def test_what_only_reads_works_and_what_writes_says_why_it_cannot(morning: District, tmp_path: Path) -> None:
    commands = [words.replace("OUT", str(tmp_path / "out")) for words in READING]
    before = {path: path.stat().st_mtime_ns for path in morning.folder.rglob("*")}
    ran = typed(morning.folder, *commands, *WRITING)
    assert {words: ran[words][1] for words in commands if ran[words][0] not in (0, 1)} == {}
    for words in WRITING:
        code, output = ran[words]
        assert (code, "read" in output.lower(), "Traceback" in output) == (2, True, False), output
    assert {path: path.stat().st_mtime_ns for path in morning.folder.rglob("*")} == before
