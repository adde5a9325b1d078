"""The demo as one page: three nights, and what HR, partners and the reviewer got, each to be looked at in place.

The page lies in the demo's folder and needs no server; mails and workbooks are written out beside it as pages.
"""

import email.policy
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.parser import BytesParser
from html import escape
from itertools import groupby
from pathlib import Path

from lms_sync.demo.look import plain_page, workbook_page
from lms_sync.files import file_name, shared_folder, write_whole

INDEX, LOOK = "index.html", "look"
SUMMARY = "Training records, night of"
"""How the subject of HR's summary begins."""
NIGHTS = (
    (
        "The first night",
        "Everything is new. HR gets the summary and the page of the whole district; each partner’s report waits until"
        " a person has looked at its address. In the morning HR releases them, and they are sent.",
    ),
    (
        "The second night",
        "The same files: no report is repeated. Partners are reminded once of what is due within two weeks.",
    ),
    (
        "The third night",
        "The trainer has corrected the course map, so everybody is judged again. Mail goes only to the partner whose"
        " people’s results changed and who wants mail on each change.",
    ),
)


@dataclass(frozen=True, slots=True)
class View:
    """One thing to look at."""

    title: str
    place: str
    """Its path from the page."""
    attached: tuple[tuple[str, str], ...] = ()
    """(name, path) of what came with it."""


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail, and what came with it, to be looked at side by side."""

    day: str
    """Of the night, as its file's name begins."""
    title: str
    views: tuple[View, ...]
    """The mail itself, and the workbook and the plan that a partner's report brings."""
    to_hr: bool
    """It is the night's summary."""


def keep_district(folder: Path, night: int) -> None:
    """Keep the district's page and workbook of this night (1, 2, 3), which the next night writes anew."""
    shared_folder(folder / LOOK)
    for name in ("district.html", "district.xlsx"):
        page = folder / "out" / name
        if page.is_file():
            write_whole(folder / LOOK / f"night-{night}-{name}", page.read_bytes())


def write_story(folder: Path) -> Path:
    """Write the page of a finished demo and what it shows, and return it."""
    shared_folder(folder / LOOK)
    mails = [_mail(folder, path) for path in sorted((folder / "outbox").glob("*.eml"))]
    nights = [tuple(group) for _, group in groupby(mails, key=lambda mail: mail.day)]
    sections = [_night(folder, number, mails) for number, mails in enumerate(nights[: len(NIGHTS)], start=1) if mails]
    body = "<h1>Three nights of a made-up district</h1>" + _INTRO + "".join(sections) + _reviewer(folder)
    write_whole(folder / INDEX, plain_page("A demo of lms_sync: three nights", body).encode())
    return folder / INDEX


_INTRO = (
    "<p>Every night lms_sync reads the training records, finds out who lacks what, and informs each partner. Below"
    " is what HR, the partners and the agreement reviewer received. All people are made up.</p>"
)
_REVIEWER = (
    "People who have finished count as documented only when the educational service district (ESD) says so. Packets"
    " ask it to, and it answers with a list. An agreement whose people are all documented gets its training"
    " confirmation; the other one can’t be confirmed yet, so its training plan is issued."
)


def _night(folder: Path, number: int, mails: Sequence[Mail]) -> str:
    title, words = NIGHTS[number - 1]
    district, book = f"{LOOK}/night-{number}-district.html", f"{LOOK}/night-{number}-district.xlsx"
    partners = [mail for mail in mails if not mail.to_hr]
    views = [_titled(mail.views[0], "HR’s summary, as a mail") for mail in mails if mail.to_hr]
    if (folder / district).is_file():
        page = f"{book}.html"
        write_whole(folder / page, workbook_page("district.xlsx", (folder / book).read_bytes()).encode())
        attached = (("district.xlsx", book), ("district.xlsx, as a page", page))
        views.append(View("The whole district on one page", district, attached))
    received = "".join(_partner(mail, opened=place == 0) for place, mail in enumerate(partners))
    heading = "<h3>What partners received</h3>" if partners else ""
    return _section(title, words, _row(views, title) + heading + received)


def _titled(view: View, title: str) -> View:
    return View(title, view.place, view.attached)


def _partner(mail: Mail, *, opened: bool) -> str:
    state = " open" if opened else ""
    return f"<details{state}><summary>{escape(mail.title)}</summary>{_row(mail.views, mail.title)}</details>"


def _reviewer(folder: Path) -> str:
    issued = [View(_issued_title(path), f"agreements/{path.name}") for path in _pdfs(folder, "agreements")]
    packets = [(path.name, f"to-the-esd/{path.name}") for path in _pdfs(folder, "to-the-esd")]
    if packets:
        issued.append(View(f"{len(packets)} packets to the ESD; the first", packets[0][1], tuple(packets[1:])))
    title = "What the reviewer of agreements did"
    return _section(title, _REVIEWER, _row(issued, title)) if issued else ""


def _issued_title(path: Path) -> str:
    kind = "Training confirmation" if path.stem.startswith("TC-") else "Training plan"
    return f"{kind} {path.stem}"


def _pdfs(folder: Path, name: str) -> list[Path]:
    return sorted((folder / name).glob("*.pdf"))


def _section(title: str, words: str, content: str) -> str:
    return f"<section><h2>{escape(title)}</h2><p>{escape(words)}</p>{content}</section>"


def _row(views: Iterable[View], what: str) -> str:
    """Return views side by side; a screen reader tells one frame from another by `what` they belong to."""
    return f'<div class="row">{"".join(_cell(view, what) for view in views)}</div>'


def _cell(view: View, what: str) -> str:
    links = "".join(f'<li><a href="{escape(place)}">{escape(name)}</a></li>' for name, place in view.attached)
    listed = f"<ul>{links}</ul>" if links else ""
    if len(view.attached) > 4:
        listed = f"<details><summary>{len(view.attached)} more</summary>{listed}</details>"
    name, place = escape(view.title), escape(view.place)
    frame = f'<iframe src="{place}" title="{name}. {escape(what)}" loading="lazy"></iframe>'
    return f'<div><p class="name"><a href="{place}">{name}</a></p>{frame}{listed}</div>'


def _mail(folder: Path, path: Path) -> Mail:
    """Return a mail, written out as a page, with its workbook and its plan beside it."""
    message = BytesParser(policy=email.policy.default).parsebytes(path.read_bytes())
    assert isinstance(message, EmailMessage)
    body, stem = message.get_body(("html", "plain")), path.stem
    content = body.get_content() if body else ""
    html = content if body and body.get_content_subtype() == "html" else plain_page(stem, _as_written(content))
    place = f"{LOOK}/{stem}.html"
    write_whole(folder / place, html.encode())
    views, others = [], [("the mail itself", f"outbox/{path.name}")]
    for part in message.iter_attachments():
        for name, attached in _attachment(folder, stem, part):
            if attached.endswith((".html", ".pdf")):
                views.append(
                    View(_ATTACHED[attached.endswith(".pdf")], attached, ((name, attached.removesuffix(".html")),))
                )
            elif not attached.endswith(".xlsx"):
                others.append((name, attached))
    mail = View("The mail", place, tuple(others))
    subject = str(message["Subject"])
    return Mail(path.name[:8], f"To {message['To']}: {subject}", (mail, *views), subject.startswith(SUMMARY))


_ATTACHED = ("The workbook, as a page", "The training plan")


def _as_written(text: str) -> str:
    return f"<pre>{escape(text)}</pre>"


def _attachment(folder: Path, stem: str, part: EmailMessage) -> Iterator[tuple[str, str]]:
    """Write what came with a mail beside the page, a workbook as a page too; yield name and path of each."""
    name = part.get_filename() or "attachment"
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return
    place = f"{LOOK}/{file_name(stem[-6:], Path(name).stem, ending=Path(name).suffix)}"
    write_whole(folder / place, content)
    yield name, place
    if name.endswith(".xlsx"):
        write_whole(folder / f"{place}.html", workbook_page(name, content).encode())
        yield name, f"{place}.html"
