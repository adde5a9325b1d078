"""The demo as one page: three nights, and what HR, partners and the reviewer got, each to be looked at in place.

The page lies in the demo's folder and needs no server; mails and workbooks are copied beside it as pages.
"""

import email.policy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.parser import BytesParser
from html import escape
from itertools import groupby
from pathlib import Path

from lms_sync.files import file_name, shared_folder, write_whole
from lms_sync.tables.cells import Sheet, text
from lms_sync.tables.guard import read_guarded

INDEX, LOOK = "index.html", "look"
NIGHTS = (
    (
        "The first night",
        "Everything is new. HR gets the summary; each partner's report waits for a look at its address.",
    ),
    ("The second night", "The same files: nothing repeats, and no partner is written to."),
    (
        "The third night",
        "The trainer has corrected the course map: all history is judged anew.",
    ),
)
STYLE = """body{font:16px/1.5 system-ui,sans-serif;color:#1a1a1a;background:#fff;margin:0 auto;max-width:76rem}
body{padding:1rem}
h1,h2{color:#1f3864}ul{padding-left:1.2rem}iframe{width:100%;height:34rem;border:1px solid #767676}
.row{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,30rem),1fr));gap:1rem}
table{border-collapse:collapse}td,th{border:1px solid #767676;padding:.2rem .4rem;text-align:left;vertical-align:top}
a{color:#1f4e9e}"""


@dataclass(frozen=True, slots=True)
class View:
    """One thing to look at."""

    title: str
    place: str
    """Its path from the page."""
    attached: tuple[tuple[str, str], ...] = ()
    """(name, path) of what came with it."""


def write_story(folder: Path) -> Path:
    """Write the page of a finished demo and what it shows, and return it."""
    shared_folder(folder / LOOK)
    mails = sorted((folder / "outbox").glob("*.eml"))
    nights = [tuple(_mail(folder, path) for path in group) for _, group in groupby(mails, key=lambda p: p.name[:8])]
    sections = [_section(title, words, mails) for (title, words), mails in zip(NIGHTS, nights, strict=False)]
    sections.append(_section("What the reviewer did", _REVIEWER, _documents(folder)))
    sections.append(_section("The whole district", "All partners at once, as HR sees them.", _district(folder)))
    page = _page(
        "A demo of lms_sync: three nights", "<h1>Three nights of a made-up district</h1>" + "".join(sections)
    )
    write_whole(folder / INDEX, page.encode())
    return folder / INDEX


_REVIEWER = (
    "Whoever is complete is not documented until the ESD says so: packets ask it to. One agreement can't be confirmed"
    " yet, as long as some of its people are not documented, so its training plan is issued."
)


def _page(title: str, body: str) -> str:
    head = f'<meta charset="utf-8"><title>{escape(title)}</title><style>{STYLE}</style>'
    view = '<meta name="viewport" content="width=device-width,initial-scale=1">'
    return f'<!doctype html><html lang="en"><head>{head}{view}</head><body><main>{body}</main></body></html>\n'


def _section(title: str, words: str, things: Sequence[View]) -> str:
    if not things:
        return ""
    cells = "".join(_cell(thing) for thing in things)
    return f'<section><h2>{escape(title)}</h2><p>{escape(words)}</p><div class="row">{cells}</div></section>'


def _cell(thing: View) -> str:
    links = "".join(f'<li><a href="{escape(place)}">{escape(name)}</a></li>' for name, place in thing.attached)
    name = escape(thing.title)
    frame = f'<iframe src="{escape(thing.place)}" title="{name}" loading="lazy"></iframe>'
    return f'<div><h3><a href="{escape(thing.place)}">{name}</a></h3><ul>{links}</ul>{frame}</div>'


def _mail(folder: Path, path: Path) -> View:
    """Return a mail, written out as a page with its attachments beside it."""
    message = BytesParser(policy=email.policy.default).parsebytes(path.read_bytes())
    assert isinstance(message, EmailMessage)
    body, stem = message.get_body(("html", "plain")), path.stem
    content = body.get_content() if body else ""
    html = content if body and body.get_content_subtype() == "html" else _page(stem, f"<pre>{escape(content)}</pre>")
    place = f"{LOOK}/{stem}.html"
    write_whole(folder / place, html.encode())
    attached = [("the mail itself", f"outbox/{path.name}")]
    for part in message.iter_attachments():
        attached += _attachment(folder, stem, part)
    return View(f"To {message['To']}: {message['Subject']}", place, tuple(attached))


def _attachment(folder: Path, stem: str, part: EmailMessage) -> Iterator[tuple[str, str]]:
    name = part.get_filename() or "attachment"
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return
    place = f"{LOOK}/{file_name(stem[-6:], Path(name).stem, ending=Path(name).suffix)}"
    write_whole(folder / place, content)
    yield name, place
    if name.endswith(".xlsx"):
        write_whole(folder / f"{place}.html", _workbook(name, content).encode())
        yield f"{name}, as a page", f"{place}.html"


def _workbook(name: str, content: bytes) -> str:
    return _page(name, f"<h1>{escape(name)}</h1>" + "".join(map(_sheet, read_guarded(content).sheets)))


def _sheet(sheet: Sheet) -> str:
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(text(cell))}</td>" for cell in row.cells) + "</tr>" for row in sheet.rows
    )
    return f"<h2>{escape(sheet.name)}</h2><table>{rows}</table>"


def _documents(folder: Path) -> tuple[View, ...]:
    issued = [View(f"Issued: {path.stem}", f"agreements/{path.name}") for path in _pdfs(folder, "agreements")]
    packets = [(path.name, f"to-the-esd/{path.name}") for path in _pdfs(folder, "to-the-esd")]
    asked = [View(f"{len(packets)} packets to the ESD, the first", packets[0][1], tuple(packets))] if packets else []
    return (*issued, *asked)


def _pdfs(folder: Path, name: str) -> list[Path]:
    return sorted((folder / name).glob("*.pdf"))


def _district(folder: Path) -> tuple[View, ...]:
    """Return the district's own page, where the nights have written one."""
    return (View("The district", "out/district.html"),) if (folder / "out" / "district.html").is_file() else ()
