"""Words marked in a text: nothing is lost, nothing becomes markup."""

from __future__ import annotations

from html import unescape

from hypothesis import given
from hypothesis import strategies as st

from bot.marks import excerpt_marked, mark_words

TEXTS = st.text(alphabet="甲乙丙丁<>&\"'markx 补助", max_size=300)
WORDS = st.lists(st.text(alphabet="甲乙丙<mark>补助", min_size=1, max_size=3), max_size=4)


def plain(html: str) -> str:
    return unescape(html.replace("<mark>", "").replace("</mark>", ""))


@given(TEXTS, WORDS)
def test_the_text_stays_what_it_was(text: str, words: list[str]) -> None:
    marked = str(mark_words(text, words))
    assert plain(marked) == text
    assert marked.count("<") == marked.count("<mark>") * 2


@given(TEXTS, WORDS)
def test_an_excerpt_stands_in_the_text(text: str, words: list[str]) -> None:
    shown = plain(str(excerpt_marked(text, words)))
    assert shown.removeprefix("……").removesuffix("……") in " ".join(text.split())


def test_the_longer_of_two_words_is_marked_and_the_part_with_most_is_shown() -> None:
    assert str(mark_words("个转企补助", ["转企", "个转企"])) == "<mark>个转企</mark>补助"
    text = "补助" + "无关的话" * 60 + "个转企的补助在这里" + "后面的话" * 60
    shown = str(excerpt_marked(text, ["个转企", "补助"]))
    assert "<mark>个转企</mark>的<mark>补助</mark>" in shown
    assert shown.startswith("……")
    assert shown.endswith("……")
