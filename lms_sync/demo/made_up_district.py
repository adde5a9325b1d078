"""A made-up district for `lms-sync demo`: four partners, sixty people, messy files, the same on every machine.

No person, address or organisation in it is real. It judges as of `DEMO_DAY`. Three nights tell its story: the first
on what `build` wrote, a second on the same files, on which nothing may change, and a third after `corrected_map`.
`esd_answer` is what the ESD sends when a reviewer has asked it for documentation.
Beside the files there is the ESD's class on a Canvas that runs on this machine while `esd_canvas` is open.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lms_sync.demo.books import course_book, roster_book
from lms_sync.demo.canvas_class import esd_class
from lms_sync.demo.canvas_server import ServedCanvas, serving
from lms_sync.demo.cast import DEMO_DAY
from lms_sync.demo.esd import ESD, esd_list
from lms_sync.demo.inbox import inbox
from lms_sync.errors import UsageError
from lms_sync.files import shared_folder, shipped, write_private, write_whole
from lms_sync.workspace.settings.config import FILE_NAME

MAP = "mappings/courses.xlsx"
TOKEN = "made-up-token-of-the-demo"
TOKEN_FILE = "state/canvas.token"
CANVAS = """
[[source]]
name = "canvas"                         # the ESD's new class: each module is a unit; lives only as long as the demo
kind = "canvas"
url = "{url}"
token_file = "{token_file}"
account = "1"
search = "HB1214"
"""


@contextmanager
def esd_canvas() -> Iterator[str]:
    """Serve the ESD's class on a free port of this machine, and give the address of its Canvas."""
    with serving(ServedCanvas(TOKEN, [esd_class()])) as url:
        yield url


def build(folder: Path, canvas_url: str = "") -> None:
    """Write the demo's workspace into `folder`, which is made if need be and must be empty.

    With the address of a Canvas, the class there is a source beside the files.

    Raises: UsageError when there is something in the folder, or it can't be written to.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(
            f"{folder} is not an empty folder",
            hint="Name a folder that does not exist yet: the demo never touches what is there.",
        )
    settings = Path(__file__).with_name(FILE_NAME).read_bytes()
    token = {}
    if canvas_url:
        settings += CANVAS.format(url=canvas_url, token_file=TOKEN_FILE).encode()
        token = {TOKEN_FILE: TOKEN.encode()}
    layouts = {f"mappings/layouts/{path.name}": path.read_bytes() for path in _layouts()}
    # Made-up people need no secret, and the demo is the same on every machine.
    key = {"state/identity.key": b"the demo has no secrets\n"}
    files = {
        FILE_NAME: settings,
        **key,
        **token,
        "roster.xlsx": roster_book(),
        MAP: course_book(),
        **layouts,
        **inbox(),
    }
    for name, content in files.items():
        _write(folder / name, content)


def without_canvas(folder: Path, canvas_url: str) -> None:
    """Take the Canvas that has ended out of the settings, so that a later night does not ask it; its records stay."""
    path = folder / FILE_NAME
    text = path.read_text(encoding="utf-8")
    section = CANVAS.format(url=canvas_url, token_file=TOKEN_FILE)
    _write(path, text.replace(section, "\n# The ESD's Canvas answered only while the demo ran.\n").encode())


def corrected_map(folder: Path) -> None:
    """Replace the course map by the one that the trainer corrected; see `books.course_book`."""
    _write(folder / MAP, course_book(corrected=True))


def esd_answer(folder: Path) -> Path:
    """Write the list that the ESD sends when it was asked for documentation, and return its path."""
    path = folder / "from-the-esd" / "documents.xlsx"
    _write(path, esd_list())
    return path


def _layouts() -> list[Path]:
    return sorted((shipped("mappings") / "layouts").glob("*.toml"))


def _write(path: Path, content: bytes) -> None:
    try:
        shared_folder(path.parent)
        (write_private if path.parent.name == "state" else write_whole)(path, content)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}", hint="Name a folder that you may write to.") from error


__all__ = ["DEMO_DAY", "ESD", "build", "corrected_map", "esd_answer", "esd_canvas", "without_canvas"]
