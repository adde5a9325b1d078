"""Pictures of what partners receive, made of the demo's people: `make pictures`.

Needs Chromium, LibreOffice and poppler's pdftoppm (Debian: apt-get install chromium libreoffice-calc poppler-utils).
"""

import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

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


def printed_pictures(documents: Path) -> None:
    """Take the first page of the training plan, and the workbook's matrix as LibreOffice prints it."""
    _printed(next(documents.glob("*.pdf")), "training-plan", page=1)
    book = next(documents.glob("*.xlsx"))
    _run("soffice", "--headless", "--convert-to", "pdf", "--outdir", documents / "printed", book)
    pdf = documents / "printed" / f"{book.stem}.pdf"
    pages = _run("pdftotext", pdf, "-").split("\f")
    _printed(pdf, "workbook", page=next(n for n, text in enumerate(pages, start=1) if "Who stands where" in text))


def _browse(page: Path, name: str, size: str, *flags: str) -> None:
    steady = ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run")
    profile = f"--user-data-dir={page.parent / 'profile'}"
    _run("chromium", *steady, profile, f"--window-size={size}", f"--screenshot={HERE / name}", *flags, page.as_uri())


def _printed(pdf: Path, name: str, *, page: int) -> None:
    _run("pdftoppm", "-png", "-singlefile", "-r", "80", "-f", str(page), pdf, HERE / name)


def _run(program: str, *words: str | Path) -> str:
    beside = Path(sys.executable).parent / program
    command = [beside if beside.exists() else program, *words]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{program} failed:\n{done.stderr[-2000:]}")
    return done.stdout


if __name__ == "__main__":
    with TemporaryDirectory() as place:
        made = report(Path(place))
        page_pictures(made)
        printed_pictures(made)
