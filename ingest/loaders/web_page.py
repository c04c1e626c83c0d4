"""Saved web pages: the article, not the navigation around it.

The article is the smallest part of the page that holds nearly all of its sentences. Text in links does not count for
it, so that menus and lists of news weigh nothing. Of the article only what a browser does not show is left out, and
what acts instead of saying something: share, print, close.
"""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from lxml import html

from ingest.errors import UnreadableFile
from ingest.loaders.encoding import decode_text
from ingest.loaders.grid import Cell, table_lines
from ingest.loaders.loaded import Loaded
from ingest.loaders.menus import find_menus

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_UNSEEN = frozenset(
    {"script", "style", "noscript", "template", "head", "iframe", "object", "svg", "canvas", "audio", "video"}
    | {"select", "button", "input", "textarea", "nav", "footer", "rt", "map"}
)
_INLINE = frozenset(
    {"a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "kbd", "label"}
    | {
        "mark",
        "q",
        "ruby",
        "rb",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
    }
    | {"img", "wbr", "o:p", "st1:chsdate"}
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SENTENCE = re.compile(r"[^，。；：！？\s][，。；：！？]")  # a mark of punctuation with something before it
_NEARLY_ALL = 0.85  # share of the sentences that the article holds
_TITLE_SEPARATOR = re.compile(r"\s*[-_|–—]\s*")
# What acts on the page and says nothing of the matter: share, print, close, font size, views.
_FURNITURE = re.compile(
    r"^[【\[]?\s*(?:分享|浏览次数|阅读次数|点击数|返回顶部|打印|关闭|字体|字号|扫一扫|责任编辑|责编|我要纠错|上一篇|下一篇|您?(?:现在|当前|目前)?的?(?:所在)?的?位置(?=[:：是]))[^。；]{0,40}$"
)
_PROSE = re.compile(r"[。：；]")
_HEAD_LINES = 10  # in which a title stands
_FOOT = re.compile(r"ICP备|公网安备|网站标识码|版权所有")
_FOOT_LINES = 10  # a page's foot has at most so many
_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_WIDEST_SPAN = 1000
_ARTICLE_BLOCKS, _ARTICLE_LENGTH = 10, 1000  # paragraphs and characters of a cell that is no cell


def load_page(data: bytes) -> Loaded:
    """The article of a web page in any encoding that it names or that its bytes show."""
    parser = html.HTMLParser(remove_comments=True, remove_pis=True, no_network=True, huge_tree=True)
    root = html.document_fromstring(_decode(data), parser=parser)
    title = _title(root)
    _drop_unseen(root)
    lines = [line for line in _lines(_article(root)) if line and not _FURNITURE.match(line)]
    foot = next((number for number, line in enumerate(lines) if _FOOT.search(line)), len(lines))
    lines = lines[:foot] if len(lines) - foot <= _FOOT_LINES else lines
    head = "".join(line for line in lines[:_HEAD_LINES] if not _PROSE.search(line))
    if title and _bare(title) not in _bare(head):
        lines.insert(0, f"# {title}")
    return Loaded("\n".join(lines), whole=True)


def load_saved_page(data: bytes) -> Loaded:
    """The article of a page that a browser saved with its pictures as one file (MHTML)."""
    message = email.message_from_bytes(data, policy=email.policy.compat32)
    for part in message.walk():
        if part.get_content_type() == "text/html" and isinstance(content := part.get_payload(decode=True), bytes):
            return load_page(content)
    raise UnreadableFile("holds no page but only its parts; save the page again, as HTML")


def _decode(data: bytes) -> str:
    """The page as text: in the encoding that fits its bytes, else in the one that it names, damage marked."""
    if (text := decode_text(data)) is not None:
        return text
    named = _CHARSET.search(data[:4096])
    try:
        return data.decode(named[1].decode("ascii") if named else "utf-8", errors="replace").replace("\0", "")
    except LookupError:
        return data.decode("utf-8", errors="replace").replace("\0", "")


def _title(root: HtmlElement) -> str:
    """The title that the page states: for archives, else its only chief heading, else for the browser."""
    for meta in root.iter("meta"):
        if (meta.get("name") or "").lower() == "articletitle" and (meta.get("content") or "").strip():
            return _squeeze(meta.get("content") or "")
    chief = [text for heading in root.iter("h1") if (text := _squeeze(heading.text_content()))]
    if len(chief) == 1:
        return chief[0]
    shown = next((_squeeze(title.text_content()) for title in root.iter("title")), "")
    return max(_TITLE_SEPARATOR.split(shown), key=len)  # 某某市人民政府门户网站 - 通知


def _drop_unseen(root: HtmlElement) -> None:
    """Remove what a browser does not show, and menus."""
    for element in list(root.iter()):
        if isinstance(element.tag, str) and (element.tag in _UNSEEN or _is_hidden(element)):
            _drop(element)
    for element in find_menus(root):
        _drop(element)


def _drop(element: HtmlElement) -> None:
    element.clear(keep_tail=True)
    element.tag = "span"


def _is_hidden(element: HtmlElement) -> bool:
    """What is not shown, and what does something instead of saying it: print, close, share."""
    acts = element.tag == "a" and (element.get("href") or "").strip().lower().startswith("javascript:")
    return acts or bool(_HIDDEN.search(element.get("style") or ""))


def _article(root: HtmlElement) -> HtmlElement:
    """The smallest element that holds nearly all sentences of the page."""
    weights: dict[HtmlElement, int] = {}
    for element in reversed(list(root.iter())):  # children come before their parents
        own = 0 if element.tag == "a" else _sentences(element.text)
        inner = 0 if element.tag == "a" else sum(weights[one] + _sentences(one.tail) for one in element)
        weights[element] = own + inner
    article = root
    while True:
        best = max(article, key=lambda one: weights[one], default=None)
        if best is None or best.tag in _INLINE | {"p", "tr", "td", "tbody"} or not weights[article]:
            return article
        if weights[best] < _NEARLY_ALL * weights[root]:
            return article
        article = best


def _sentences(text: str | None) -> int:
    return len(_SENTENCE.findall(text)) if text else 0


def _lines(article: HtmlElement) -> Iterator[str]:
    """The lines of an element: a block is a line, a table's row too. Walks without recursion, however deep it goes."""
    pieces: list[str] = []
    waiting: list[HtmlElement | str | None] = [None, article]  # an element, text, or None: a line ends here
    while waiting:
        one = waiting.pop()
        if one is None:
            yield _squeeze("".join(pieces))
            pieces.clear()
        elif isinstance(one, str):
            pieces.append(one)
        elif one.tag == "table" and _is_data(one):
            yield _squeeze("".join(pieces))
            pieces.clear()
            yield from table_lines(_rows(one))
        else:
            _put_content(one, waiting)


def _put_content(element: HtmlElement, waiting: list[HtmlElement | str | None]) -> None:
    """Put what an element holds on the stack, last things first."""
    block = element.tag not in _INLINE
    if block:
        waiting.append(None)
    for inner in reversed(element):
        waiting.append(inner.tail or "")
        waiting.append(inner)
    waiting.append(element.text or "")
    if block:
        if element.tag in _HEADINGS:
            waiting.append("# ")
        waiting.append(None)


def _is_data(table: HtmlElement) -> bool:
    """Whether a table is one of data; one that holds another, or a whole article in a cell, lays out the page."""
    if next(table.iterdescendants("table"), None) is not None:
        return False
    return not any(
        sum(1 for _ in cell.iterdescendants("p", "br", "div")) >= _ARTICLE_BLOCKS
        and len(cell.text_content()) > _ARTICLE_LENGTH
        for cell in table.iterdescendants("td")
    )


def _rows(table: HtmlElement) -> list[list[Cell]]:
    rows = [[cell for cell in row if cell.tag in ("td", "th")] for row in table.iter("tr")]
    return [[_cell(cell, len(rows) - number) for cell in row] for number, row in enumerate(rows)]


def _cell(element: HtmlElement, rows_left: int) -> Cell:
    lines = tuple(line.removeprefix("# ") for line in _lines(element) if line)
    return Cell(lines, _span(element.get("colspan")), min(_span(element.get("rowspan")), rows_left))


def _span(text: str | None) -> int:
    return min(int(text), _WIDEST_SPAN) if text and text.strip().isdecimal() and int(text) else 1


def _squeeze(text: str) -> str:
    """White space as a browser shows it; the full-width indent stays to be undone with that of other files."""
    text = re.sub(r"[ \t\r\n\f\v]+", " ", text).strip()
    return "" if text == "#" else text


def _bare(text: str) -> str:
    return re.sub(r"\s|^#", "", text)
