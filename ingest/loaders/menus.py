"""Which blocks of a web page hold links alone: menus, the way to the page, what else there is to read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_BLOCKS = frozenset({"div", "ul", "ol", "dl", "section", "aside", "header"})  # that may be a menu
# What stands around the links of a menu.
_AROUND_LINKS = re.compile(
    r"(?:您?(?:现在|当前|目前)?的?(?:所在)?的?位置(?:是|为)?|(?:相关|关联)(?:解读|链接|阅读|文章|新闻|信息|稿件|推荐|文档|文件|政策|内容|报道)|延伸阅读|分享到?|[:：>»›|/·-])*"
)
_ATTACHED = re.compile(r"附件|\.(?:docx?|xlsx?|pdf|wps|et|zip|rar|ofd)\b", re.IGNORECASE)
_MOST_AROUND = 60  # characters around a menu's links that are looked at
_WORDS_CUT = 1000  # characters of a text, white space and all, that are looked at
_FEWEST_LINKS = 3  # in a menu that has nothing else to tell it by


@dataclass(frozen=True, slots=True)
class _Held:
    """What an element holds, to tell whether it is a menu."""

    links: int
    attached: bool  # one of them leads to an attachment
    around: str  # the beginning of the text that is in none of them, without white space

    @property
    def is_menu(self) -> bool:
        """Whether nothing but links is there, and they are several or something says what they are."""
        if not self.links or self.attached or not _AROUND_LINKS.fullmatch(self.around):
            return False
        return self.links >= _FEWEST_LINKS or bool(self.around)


def find_menus(root: HtmlElement) -> list[HtmlElement]:
    """The blocks below an element that hold links alone, lists of attachments aside."""
    held: dict[HtmlElement, _Held] = {}
    for element in reversed(list(root.iter())):  # children come before their parents
        if element.tag == "a" and element.get("href"):
            attached = _ATTACHED.search(element.text_content() + (element.get("href") or ""))
            held[element] = _Held(1, bool(attached), "")
        else:
            inner = [held[one] for one in element]
            pieces = (element.text, *(piece for one in element for piece in (held[one].around, one.tail)))
            around = "".join("".join((piece or "")[:_WORDS_CUT].split()) for piece in pieces)[:_MOST_AROUND]
            held[element] = _Held(sum(one.links for one in inner), any(one.attached for one in inner), around)
    return [element for element, found in held.items() if element.tag in _BLOCKS and found.is_menu]
