"""Pictures of what HR, partners and reviewers read, made of the demo's people: `make pictures`.

Needs Chromium, LibreOffice and poppler's pdftoppm (Debian: apt-get install chromium libreoffice-calc poppler-utils).
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from lms_sync.agreements.clause_c.pdf import confirmation_pdf
from lms_sync.operations.sample import SAMPLE_NAMES
from lms_sync.operations.sample_clause_c import SAMPLE_STAMP, sample_confirmed
from lms_sync.reports.templates import Templates, template_environment

HERE = Path(__file__).parent
PARTNER = "nps"
DAY = "2026-11-23"
STYLES = re.compile(r'<style.*?</style>| style="[^"]*"', re.DOTALL)


def report(folder: Path) -> Path:
    """Run the demo and return the folder with one partner's documents."""
    workspace, documents = folder / "demo", folder / "documents"
    _run("lms-sync", "demo", workspace)
    _run("lms-sync", "-w", workspace, "report", PARTNER, "--as-of", DAY, "-o", documents)
    return documents


def page_pictures(documents: Path) -> None:
    """Take the e-mail as a mail program shows it, on a phone, in the dark, and without any style."""
    html = (documents / "e-mail.html").read_text(encoding="utf-8")
    (documents / "plain.html").write_text(STYLES.sub("", html), encoding="utf-8")
    # A browser's window is never as narrow as a phone; a frame is.
    frame = '<body style="margin:0"><iframe src="e-mail.html" style="width:390px;height:844px;border:0">'
    (documents / "phone.html").write_text(frame, encoding="utf-8")
    _browse(documents / "e-mail.html", "partner-email.png", "700,900")
    _browse(documents / "e-mail.html", "dark.png", "700,900", "--blink-settings=preferredColorScheme=0")
    _browse(documents / "phone.html", "phone.png", "500,844")
    _browse(documents / "plain.html", "plain.png", "700,900")


def district_picture(folder: Path) -> None:
    """Take the demo's page of three nights, and the district's page of its third night."""
    _browse(folder / "demo" / "look" / "night-3-district.html", "district.png", "1000,1500")
    story = folder / "demo" / "index.html"
    # A frame below the window's lower edge is not loaded otherwise.
    eager = story.with_name("eager.html")
    eager.write_text(story.read_text(encoding="utf-8").replace(' loading="lazy"', ""), encoding="utf-8")
    _browse(eager, "demo.png", "1400,1800", "--virtual-time-budget=15000")


def printed_pictures(documents: Path) -> None:
    """Take the first page of the training plan, and the workbook's matrix as LibreOffice prints it."""
    _printed(next(documents.glob("*.pdf")), "training-plan", page=1)
    book = next(documents.glob("*.xlsx"))
    _run("soffice", "--headless", "--convert-to", "pdf", "--outdir", documents / "printed", book)
    pdf = documents / "printed" / f"{book.stem}.pdf"
    pages = _run("pdftotext", pdf, "-").split("\f")
    _printed(pdf, "workbook", page=next(n for n, text in enumerate(pages, start=1) if "Status as of" in text))


def sheet_pictures(folder: Path) -> None:
    """Take the sheets that trainers, HR and partners fill in, as LibreOffice prints them."""
    workspace = folder / "demo"
    book, new = workspace / "mappings" / "courses.xlsx", folder / "new-courses.xlsx"
    shutil.copyfile(book, new)
    _change(new)
    commands: dict[str, tuple[int, tuple[str | Path, ...]]] = {
        "impact": (520, ("mappings", "impact", new)),
        "suggestions": (140, ("mappings", "suggest")),
        "who-is-who": (240, ("people", "match")),
    }
    for name, (height, words) in commands.items():
        _asked(workspace, *words, "-o", folder / f"{name}.xlsx")
        _sheet(folder, folder / f"{name}.xlsx", name, height=height, page=1)
    _spoil(new)
    _asked(workspace, "mappings", "check", new, "--annotate")
    _sheet(folder, folder / "new-courses.checked.xlsx", "checked", height=220, page=1)
    partners = next((folder / "documents").glob("*.xlsx"))
    _sheet(folder, partners, "corrections", height=520, words="Do you know of training")


def review_pictures(folder: Path) -> None:
    """Take what the reviewer of agreements works with: a request, the checklist, both documents of clause C."""
    workspace = folder / "demo"
    _printed(next((workspace / "to-the-esd").glob("*.pdf")), "request", page=1)
    _printed(next((workspace / "agreements").glob("*.pdf")), "agreement-plan", page=1)
    # Nobody's agreement in the demo can be confirmed, so the sample of `lms-sync check` stands for one.
    templates = Templates(template_environment(None), SAMPLE_NAMES, ZoneInfo("America/Los_Angeles"))
    sample = folder / "confirmation.pdf"
    sample.write_bytes(confirmation_pdf(sample_confirmed(), SAMPLE_STAMP, templates).content)
    _printed(sample, "confirmation", page=1)
    _asked(workspace, "agreements", "review", "NPS-2026", "-o", folder / "checklist.xlsx")
    _sheet(folder, folder / "checklist.xlsx", "checklist", height=700, page=1)


def _change(path: Path) -> None:
    """Take topic 10 from one vendor's courses."""
    book, sheet, headings, first = _courses(path)
    for row in range(first, sheet.max_row + 1):
        if sheet.cell(row, headings["Source"]).value == "vector":
            sheet.cell(row, headings["10"]).value = None
    book.save(path)


def _spoil(path: Path) -> None:
    """Make two of the mistakes that people make in a map."""
    book, sheet, headings, first = _courses(path)
    sheet.cell(first + 3, headings["Course"], "Unit 6")
    sheet.cell(first + 4, headings["Source"], "vectr")
    book.save(path)


def _courses(path: Path) -> tuple[Workbook, Worksheet, dict[str, int], int]:
    """Return the workbook, its sheet Courses, the columns by heading, the first row below them."""
    book = load_workbook(path)
    sheet = book["Courses"]
    for row in sheet.iter_rows(max_row=9):
        if row[0].value == "Source":
            return book, sheet, {str(cell.value): n for n, cell in enumerate(row, start=1)}, int(str(row[0].row)) + 1
    raise SystemExit("no header in courses.xlsx")


def _asked(workspace: Path, *words: str | Path) -> None:
    """Run a command whose exit code tells what it found."""
    command = [Path(sys.executable).parent / "lms-sync", "-w", workspace, *words]
    subprocess.run(command, capture_output=True, text=True, check=False)


def _sheet(folder: Path, book: Path, name: str, *, height: int, page: int = 0, words: str = "") -> None:
    _run("soffice", "--headless", "--convert-to", "pdf", "--outdir", folder / "printed", book)
    pdf = folder / "printed" / f"{book.stem}.pdf"
    pages = _run("pdftotext", pdf, "-").split("\f")
    number = page or next(n for n, text in enumerate(pages, start=1) if words in text)
    # The upper part of the page only: what a person sees first.
    crop = ("-r", "150", "-x", "40", "-y", "60", "-W", "1600", "-H", str(height))
    _run("pdftoppm", "-png", "-singlefile", *crop, "-f", str(number), pdf, HERE / name)


def _browse(page: Path, name: str, size: str, *flags: str) -> None:
    steady = ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run")
    profile = f"--user-data-dir={page.parent / 'profile'}"
    _run("chromium", *steady, profile, f"--window-size={size}", f"--screenshot={HERE / name}", *flags, page.as_uri())


def _printed(pdf: Path, name: str, *, page: int) -> None:
    _run("pdftoppm", "-png", "-singlefile", "-r", "80", "-f", str(page), pdf, HERE / name)


def _run(program: str, *words: str | Path) -> str:
    beside = Path(sys.executable).parent / program
    command = [beside if beside.exists() else program, *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    if done.returncode:
        sys.exit(f"{program} failed:\n{done.stderr[-2000:]}")
    return done.stdout


if __name__ == "__main__":
    with TemporaryDirectory() as place:
        made = report(Path(place))
        page_pictures(made)
        district_picture(Path(place))
        printed_pictures(made)
        sheet_pictures(Path(place))
        review_pictures(Path(place))
