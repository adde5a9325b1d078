"""How the demo shows what is no page by itself: a workbook as a page, in the look of the demo's own page."""

from datetime import date, datetime
from html import escape

from lms_sync.tables.cells import Row, Sheet, Value, text
from lms_sync.tables.guard import read_guarded
from lms_sync.text import written_day

STYLE = """body{font:16px/1.5 system-ui,sans-serif;color:#1a1a1a;background:#fff}
body{margin:0 auto;max-width:100rem;padding:1rem}
h1,h2{color:#1f3864;line-height:1.2}h2{margin-top:2.5rem;border-top:2px solid #1f3864;padding-top:.6rem}
ul{padding-left:1.2rem;margin:.3rem 0}iframe{width:100%;height:36rem;border:1px solid #767676;background:#fff}
.row{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,26rem),1fr));gap:1rem}
.name{font-weight:bold;margin:.4rem 0}summary{cursor:pointer;padding:.3rem 0;overflow-wrap:anywhere}
table{border-collapse:collapse;font-size:14px}td,th{border:1px solid #767676}
td,th{padding:.2rem .4rem;text-align:left;vertical-align:top}
th{background:#1f3864;color:#fff}.bad{background:#f8d7da}.warn{background:#fff3cd}.good{background:#e2f0d9}
pre{white-space:pre-wrap}a{color:#1f4e9e}"""
_TONES = {"!": "bad", "?": "warn", "◆": "warn", "✓": "good"}


def plain_page(title: str, body: str) -> str:
    """Return a whole page of `body`, which is HTML already."""
    head = f'<meta charset="utf-8"><title>{escape(title)}</title><style>{STYLE}</style>'
    view = '<meta name="viewport" content="width=device-width,initial-scale=1">'
    return f'<!doctype html><html lang="en"><head>{head}{view}</head><body><main>{body}</main></body></html>\n'


def workbook_page(name: str, content: bytes) -> str:
    """Return a workbook as a page: a heading, the introduction and the table of each sheet."""
    return plain_page(name, f"<h1>{escape(name)}</h1>" + "".join(map(_sheet, read_guarded(content).sheets)))


def _sheet(sheet: Sheet) -> str:
    rows = [row for row in sheet.rows if any(cell is not None for cell in row.cells)]
    widest = max((_filled(row) for row in rows), default=0)
    first = next((place for place, row in enumerate(rows) if _filled(row) == widest), 0)
    intro = "".join(f"<p>{escape(' '.join(filter(None, map(_written, row.cells))))}</p>" for row in rows[:first])
    head = "".join(f'<th scope="col">{escape(_written(cell))}</th>' for cell in rows[first].cells) if rows else ""
    body = "".join(f"<tr>{''.join(map(_cell, row.cells))}</tr>" for row in rows[first + 1 :])
    return f"<h2>{escape(sheet.name)}</h2>{intro}<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _filled(row: Row) -> int:
    return sum(cell is not None for cell in row.cells)


def _cell(value: Value) -> str:
    words = _written(value)
    tone = _TONES.get(words[:1], "")
    mark = f' class="{tone}"' if tone else ""
    return f"<td{mark}>{escape(words)}</td>"


def _written(value: Value) -> str:
    """Return a cell as its workbook shows it: a day as `3 Nov 2026`."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return written_day(value)
    return text(value)
