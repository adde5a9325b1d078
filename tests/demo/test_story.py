"""The demo's page: each night in place, every link leads somewhere; a later night does not ask the ended Canvas."""

import re
from email.message import EmailMessage
from html import unescape
from pathlib import Path

import pytest

from lms_sync.demo.made_up_district import CANVAS, TOKEN_FILE, build, without_canvas
from lms_sync.demo.story import write_story
from lms_sync.tables.write import ColumnSpec, SheetSpec, write_workbook
from lms_sync.workspace.settings.config import read_config
from tests.cli.small_district import run
from tests.reports.browser import chromium, judged

BOOK = write_workbook(None, [SheetSpec("People", (ColumnSpec("Name", 20),), (("Ada <Marsh>",),))], title="x")


def mail(to: str, *, workbook: bytes = b"") -> bytes:
    message = EmailMessage()
    message["To"] = to
    message["Subject"] = "Training records, night of 23 Nov" if to.startswith("hr@") else "Training & more"
    message.set_content("plain")
    message.add_alternative("<p>as a page</p>", subtype="html")
    if workbook:
        message.add_attachment(workbook, maintype="application", subtype="octet-stream", filename="gaps.xlsx")
    return message.as_bytes()


def links(page: Path) -> set[str]:
    return {unescape(link) for link in re.findall(r'(?:href|src)="([^"]+)"', page.read_text("utf-8"))}


def test_the_page_shows_each_night_and_every_link_leads_somewhere(tmp_path: Path) -> None:
    (tmp_path / "outbox").mkdir()
    for name, content in (
        ("20261123T101000Z-a.eml", mail("hr@example.org")),
        ("20261123T161000Z-b.eml", mail("chief@example.org", workbook=BOOK)),
        ("20261124T101000Z-c.eml", mail("hr@example.org")),
    ):
        (tmp_path / "outbox" / name).write_bytes(content)
    for name in ("agreements/TP-1.pdf", "agreements/TC-1.pdf", "look/night-1-district.html"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"%PDF-1.7")
    (tmp_path / "look" / "night-1-district.xlsx").write_bytes(BOOK)
    page = write_story(tmp_path)
    text = page.read_text("utf-8")

    assert [link for link in links(page) if not (tmp_path / link).is_file()] == []
    assert text.index("The first night") < text.index("chief@example.org") < text.index("The second night")
    assert "The third night" not in text
    assert "Training &amp; more" in text
    sheets = [sheet.read_text("utf-8") for sheet in (tmp_path / "look").glob("*.xlsx.html")]
    assert len(sheets) == 2
    assert all("Ada &lt;Marsh&gt;" in sheet for sheet in sheets)
    assert "Training plan TP-1" in text
    assert "Training confirmation TC-1" in text
    assert text.index("What partners received") < text.index("chief@example.org")


def test_hrs_summary_is_known_by_its_subject_and_not_by_its_place(tmp_path: Path) -> None:
    (tmp_path / "outbox").mkdir()
    (tmp_path / "outbox" / "20261125T101000Z-a.eml").write_bytes(mail("chief@example.org", workbook=BOOK))
    (tmp_path / "outbox" / "20261125T101000Z-b.eml").write_bytes(mail("hr@example.org"))
    text = write_story(tmp_path).read_text("utf-8")

    assert text.count("HR’s summary, as a mail</a>") == 1
    assert "To hr@example.org" not in text.split("What partners received")[1]


def test_a_later_night_does_not_ask_the_canvas_that_has_ended(tmp_path: Path) -> None:
    url = "http://127.0.0.1:1"
    build(tmp_path / "demo", url)
    before = [source.name for source in read_config(tmp_path / "demo").settings.source]
    without_canvas(tmp_path / "demo", url)
    after = [source.name for source in read_config(tmp_path / "demo").settings.source]

    assert set(before) - set(after) == {"canvas"}
    assert CANVAS.format(url=url, token_file=TOKEN_FILE) not in (tmp_path / "demo" / "lms_sync.toml").read_text(
        "utf-8"
    )


@pytest.mark.slow
def test_the_demo_ends_in_ten_lines_and_goes_on(tmp_path: Path) -> None:
    demo = tmp_path / "demo"
    shown = run("demo", str(demo))
    end = shown.stdout.rpartition("\nLook: ")[2]
    page = (demo / "index.html").read_text("utf-8")

    assert shown.exit_code == 0, shown.output
    assert len(end.splitlines()) <= 10
    assert [link for link in links(demo / "index.html") if not (demo / link).is_file()] == []
    assert {path.name for path in (demo / "out").iterdir()} == {"district.html", "district.xlsx", "night.json"}
    for thing in ("Training confirmation TC-2026-0001", "Training plan TP-2026-0001", "night-3-district.html"):
        assert thing in page
    assert page.count(">The training plan</a>") == page.count(">The workbook, as a page</a>") == 5
    with chromium() as browser:
        found = judged(page.replace("<details>", "<details open>"), browser)
        assert (found["violations"], found["unsure"]) == ([], [])
        # Of a table that is wider than the window axe-core can't tell the contrast.
        assert judged((demo / "look/night-3-district.xlsx.html").read_text("utf-8"), browser)["violations"] == []
    assert run("-w", str(demo), "nightly").exit_code in (0, 1)
