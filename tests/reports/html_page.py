"""An HTML page as the tests look at it."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"meta", "br", "link", "img", "hr"})


@dataclass
class Page:
    """What stands in a page: elements with their attributes, headings in order, and the words that are shown."""

    elements: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    headings: list[int] = field(default_factory=list)
    parents: list[tuple[str, str]] = field(default_factory=list)
    """(element, the element around it)."""
    shown: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        """Return the words that are shown, blanks collapsed."""
        return " ".join(" ".join(self.shown).split())


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self.stack: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.page.elements.append((tag, {name: value or "" for name, value in attrs}))
        self.page.parents.append((tag, self.stack[-1] if self.stack else ""))
        if tag in {"h1", "h2", "h3", "h4"}:
            self.page.headings.append(int(tag[1]))
        if tag not in VOID:
            self.stack.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self.stack and self.stack.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "body" in self.stack and "style" not in self.stack:
            self.page.shown.append(data)


def read_page(html: str) -> Page:
    """Return what stands in `html`."""
    reader = _Reader()
    reader.feed(html)
    return reader.page
