"""Web pages: the page's own text, without menus, scripts and frames around it; lists and tables kept as lines."""

import html as entities
import re

from khet.plan.reader.document import Document, Line
from khet.plan.reader.headings import heading_of
from khet.plan.reader.letters import tidy, visible
from khet.plan.reader.marks import split_marker

_DROPPED = (
    "script", "style", "noscript", "template", "nav", "footer", "aside", "form", "iframe", "svg", "select",
    "object", "embed", "canvas", "video", "audio", "map", "dialog", "input", "textarea", "head",
)  # fmt: skip
_CHROME = re.compile(
    r"(?:^|[-_ ])(?:nav|navbar|navigation|menu|breadcrumbs?|sidebar|footer|share|sharing|social|comments?|cookie|"
    r"pagination|pager|related|search|toolbar|banner|skip-link|screen-reader-text|masthead|widget[-_]area|"
    r"widget_(?:recent|archive|categor|meta|search|nav|calendar|tag|rss)\w*)(?:$|[-_ ])",
    re.IGNORECASE,
)
_BLOCKS = {
    "p", "div", "section", "article", "main", "header", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl",
    "dt", "dd", "table", "tr", "blockquote", "pre", "center", "address", "figure", "figcaption", "fieldset", "hr",
    "body", "html", "caption", "details", "summary", "thead", "tbody", "tfoot", "button",
}  # fmt: skip
# A paragraph break: sections stand apart by blank lines as in a text file.
_APART = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "blockquote", "hr"}


def read_html(source: str, name: str) -> Document:
    """The page as a Document; its lines are those a reader sees, numbered from 1."""
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(re.sub(r"<\?(?:php|=).*?(?:\?>|$)", "", source, flags=re.DOTALL), "lxml")
    _strip(soup)
    writer = _Writer()
    writer.walk(soup.body or soup)
    writer.end_line()
    lines = tuple(Line(number, text, cells, origin) for number, (text, cells, origin) in enumerate(writer.lines, 1))
    return Document(name, "html", lines, is_broken_at_width=False)


def without_tags(line: str) -> str:
    """A line of text with the tags that a page left in it taken out and its entities read."""
    line = re.sub(r"<\s*br\s*/?>", " ", line, flags=re.IGNORECASE)
    return visible(entities.unescape(re.sub(r"</?[A-Za-z][^<>]{0,300}>|<!--.*?-->", " ", line)))


def _strip(soup) -> None:
    """Take out what is not the page's text."""
    from bs4 import Comment

    for comment in soup.find_all(string=lambda text: isinstance(text, Comment)):
        comment.extract()
    for tag in soup.find_all(_DROPPED):
        tag.decompose()
    for tag in soup.find_all("button"):
        if not heading_of(tidy(visible(tag.get_text(" ")))):
            tag.decompose()
    whole = max(1, len(soup.get_text()))
    for tag in soup.find_all(True):
        if tag.decomposed or tag.name in ("html", "body"):
            continue
        if _is_hidden(tag) or (_is_chrome(tag) and len(tag.get_text()) < whole * 0.6 and not _holds_plan(tag)):
            tag.decompose()
    for tag in soup.find_all(["ul", "ol"]):
        if not tag.decomposed and _is_menu(tag):
            tag.decompose()


# What a page shows when somebody opens it: hidden at first and yet its text.
_FOLDED = re.compile(r"tab|accordion|collaps|panel|toggle|content|slide|carousel", re.IGNORECASE)


def _is_hidden(tag) -> bool:
    if _FOLDED.search(_names(tag)):
        return False
    style = str(tag.get("style", "")).replace(" ", "").lower()
    return (
        "display:none" in style
        or "visibility:hidden" in style
        or tag.has_attr("hidden")
        or tag.get("aria-hidden") == "true"
    )


def _is_chrome(tag) -> bool:
    if tag.get("role") in ("navigation", "banner", "contentinfo", "search", "complementary", "menu", "menubar"):
        return True
    names = _names(tag)
    return bool(names) and bool(_CHROME.search(names))


def _names(tag) -> str:
    return " ".join([*(tag.get("class") or []), str(tag.get("id") or "")])


def _holds_plan(tag) -> bool:
    """True when headings of a plan stand in the element's own text, not in links: builders name blocks oddly."""
    lines = (tidy(visible(str(text))) for text in tag.find_all(string=True) if not text.find_parent("a"))
    kinds = {heading.kind for line in lines if line and (heading := heading_of(line)) and not heading.rest}
    return bool(kinds - {"title"})


def _is_menu(tag) -> bool:
    """A list of which nearly every entry is only a link."""
    entries = tag.find_all("li")
    linked = sum(
        1
        for entry in entries
        if (link := entry.find("a", href=True)) and tidy(link.get_text()) == tidy(entry.get_text())
    )
    return len(entries) >= 3 and linked >= len(entries) * 0.8


class _Writer:
    """Walks the page and writes its lines."""

    def __init__(self):
        self.lines: list[tuple[str, tuple[str, ...], str]] = []
        self.parts: list[str] = []
        self.lists: list[tuple[str, int]] = []
        self.mark = ""  # of a list entry whose text has not come yet

    def walk(self, tag) -> None:
        """Write the tag's content. Deep pages are cut rather than let overflow the stack."""
        self._walk(tag, 0)

    def _walk(self, tag, depth: int) -> None:
        for child in tag.children:
            if getattr(child, "name", None) is None and tag.name == "pre":
                self._typed(str(child))
            elif getattr(child, "name", None) is None:
                self.parts.append(visible(re.sub(r"[ \t\r\n\f]+", " ", str(child))))
            elif depth > 200:
                self.parts.append(tidy(child.get_text(" ")))
            else:
                self._tag(child, depth)

    def _typed(self, text: str) -> None:
        """Text whose own line ends count."""
        *lines, last = text.split("\n")
        for line in lines:
            self.parts.append(visible(line))
            if not "".join(self.parts).strip():
                self._blank()
            self.end_line()
        self.parts.append(visible(last))

    def _tag(self, tag, depth: int) -> None:
        if tag.name == "br":
            self.end_line()
        elif tag.name == "img":
            self._picture(tag)
        elif tag.name == "table" and not _is_layout(tag):
            self._table(tag)
        elif tag.name in ("td", "th"):
            self.end_line()
            self._walk(tag, depth + 1)
            self.end_line()
        elif tag.name in _BLOCKS:
            self._block(tag, depth)
        else:
            self._walk(tag, depth + 1)

    def _block(self, tag, depth: int) -> None:
        self.end_line()
        if tag.name in _APART and not self.lists:
            self._blank()
        if tag.name in ("ul", "ol"):
            self.lists.append((_list_style(tag), _list_start(tag)))
        if tag.name == "li":
            self.mark = self._mark(tag)
        self._walk(tag, depth + 1)
        self.end_line()
        if tag.name in ("ul", "ol"):
            self.lists.pop()
        if tag.name in _APART and not self.lists:
            self._blank()

    def _mark(self, tag) -> str:
        """The number or bullet a browser would draw before the entry."""
        if not self.lists:
            return "• "
        style, number = self.lists[-1]
        given = str(tag.get("value") or "")
        number = int(given) if given.isdigit() else number
        self.lists[-1] = (style, number + 1)
        typed, _ = split_marker(visible(tag.get_text(" ", strip=True)))
        if typed and (typed.is_sure or not style):
            return ""  # the office typed its own number
        if style == "none":
            return ""
        return f"{number}. " if style == "1" else "• " if style == "•" else f"{_lettered(number)}. "

    def _picture(self, tag) -> None:
        text = tidy(visible(str(tag.get("alt") or tag.get("title") or "")))
        if text:
            self.end_line()
            self.lines.append((text, (), "alt"))

    def _table(self, tag) -> None:
        self.end_line()
        self._blank()
        for row in _grid(tag):
            cells = tuple(row)
            if sum(1 for cell in cells if cell.strip()) > 1 or (len(cells) > 1 and any(c.strip() for c in cells)):
                self.lines.append((" | ".join(tidy(cell) for cell in cells), cells, "text"))
            else:
                self._loose(cells)
        self._blank()

    def _loose(self, cells: tuple[str, ...]) -> None:
        for cell in cells:
            for part in cell.split("\n"):
                if part.strip():
                    self.lines.append((part.strip(), (), "text"))

    def end_line(self) -> None:
        """Close the line being written."""
        text = "".join(self.parts).strip()
        self.parts = []
        if text:
            self.lines.append((self.mark + text, (), "text"))
            self.mark = ""

    def _blank(self) -> None:
        if self.lines and self.lines[-1][0]:
            self.lines.append(("", (), "text"))


def _list_style(tag) -> str:
    style = str(tag.get("style", "")).lower()
    kind = str(tag.get("type") or "")
    if "list-style" in style and "none" in style:
        return "none"
    if tag.name == "ul":
        return "•"
    return "a" if kind.lower() == "a" or "alpha" in style else "1"


def _list_start(tag) -> int:
    start = str(tag.get("start") or "1")
    return int(start) if start.isdigit() and len(start) < 4 else 1


def _lettered(number: int) -> str:
    return "abcdefghijklmnopqrstuvwxyz"[(number - 1) % 26]


def _is_layout(tag) -> bool:
    """A table that only places things: another table, a heading or a list inside, or a single column."""
    if tag.find("table") or tag.find(["h1", "h2", "h3", "h4"]):
        return True
    rows = tag.find_all("tr")
    return not rows or all(len(row.find_all(["td", "th"])) < 2 for row in rows)


def _grid(tag) -> list[list[str]]:
    """The table's cells by row and column; a cell that spans rows or columns stands once and leaves blanks."""
    rows: list[list[str]] = []
    waiting: dict[int, int] = {}  # column -> rows still covered by a cell above
    for row in tag.find_all("tr")[:5000]:
        cells: list[str] = []
        place = 0
        for cell in row.find_all(["td", "th"], recursive=False):
            while waiting.get(place, 0):
                waiting[place] -= 1
                cells.append("")
                place += 1
            down, across = _span(cell, "rowspan"), _span(cell, "colspan")
            cells.append(_cell_text(cell))
            cells += [""] * (across - 1)
            for covered in range(place, place + across):
                waiting[covered] = down - 1
            place += across
        while waiting.get(place, 0):
            waiting[place] -= 1
            cells.append("")
            place += 1
        rows.append(cells)
    return rows


def _span(cell, name: str) -> int:
    value = str(cell.get(name) or "1")
    return max(1, min(int(value), 200)) if value.isdigit() and len(value) < 5 else 1


def _cell_text(cell) -> str:
    """A cell's lines: breaks, paragraphs and list entries each on their own."""
    inner = _Writer()
    inner.walk(cell)
    inner.end_line()
    return "\n".join(text for text, _cells, origin in inner.lines if text and origin != "alt")
