"""Which lines number an article (第N条), where the next 款 of one begins, and where a table of contents ends.

What only names an article (第十二条申请补助的) numbers none, even where a line begins: the article of that number is
still to come, or has been. A paragraph without a number is a 款 of its article.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.labels import STYLES, read_label
from ingest.lines import SENTENCE_MARK, Paragraph
from ingest.tree import Tree
from ingest.units import ARTICLE, KUAN

_ABOVE = STYLES[: STYLES.index(ARTICLE) + 1]  # what ends an article
_SENTENCE_END = re.compile(r"[。！？!?][”’」』）)》]*$")
_OPENS_KUAN = re.compile(r"(?:除|违反|有|依照|按照|属于|符合|对)?(?:前[一二三两]?[款项]|本条|第[一二三四五]款)")
LOOKED_AHEAD = 100  # paragraphs behind one that tell where it belongs
_LONGEST_GAP = 50  # articles that may be missing
_HEADS = ("目录", "目次")
_CONTENTS_LENGTH = 400  # lines
_ENTRY_LENGTH = 60  # characters
_LEADER = re.compile(r"[\s.…．·•—_-]+|[（(]?\d+[）)]?$")

_Key = tuple[int, int]  # an article's number, and which of those inserted behind it


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A line that begins as an article does."""

    line: int  # index of its paragraph
    key: _Key
    set_off: bool  # space behind its number


def find_articles(paragraphs: Sequence[Paragraph]) -> frozenset[int]:
    """The indexes of the paragraphs that begin an article, without those that only name one."""
    candidates = _candidates(paragraphs)
    run = _Run(candidates)
    found: set[int] = set()
    last: _Key = (0, 0)
    for number, one in enumerate(candidates):
        following = (last[0] + 1, 0)
        if one.key in (following, (last[0], last[1] + 1)):
            accepted = one.set_off or not run.has(one.key, number, set_off=True)
        elif one.key == (1, 0):
            accepted = run.has((2, 0), number) or not run.has(following, number)
        else:  # a gap, or a number that stands twice
            skipped = range(last[0] + 1, min(one.key[0], last[0] + _LONGEST_GAP) + 1)
            accepted = one.key >= last and not any(run.has((key, 0), number) for key in (following[0], *skipped))
        if accepted:
            found.add(one.line)
            last = one.key
    return frozenset(found)


class _Run:
    """Which articles come behind a line, before the numbers begin anew."""

    def __init__(self, candidates: Sequence[_Candidate]) -> None:
        self._any: defaultdict[_Key, list[int]] = defaultdict(list)
        self._set_off: defaultdict[_Key, list[int]] = defaultdict(list)
        for number, one in enumerate(candidates):
            self._any[one.key].append(number)
            if one.set_off:
                self._set_off[one.key].append(number)

    def has(self, key: _Key, behind: int, *, set_off: bool = False) -> bool:
        """Whether an article comes; `set_off`: with space behind its number."""
        comes = _next((self._set_off if set_off else self._any)[key], behind)
        anew = _next(self._any[1, 0], behind)
        return comes is not None and (anew is None or comes < anew)


def _next(places: Sequence[int], behind: int) -> int | None:
    at = bisect_right(places, behind)
    return places[at] if at < len(places) else None


def _candidates(paragraphs: Sequence[Paragraph]) -> list[_Candidate]:
    found = []
    for index, paragraph in enumerate(paragraphs):
        label = read_label(paragraph.text)
        if label and label.style == ARTICLE and "\t" not in paragraph.text:
            behind = paragraph.text[label.length : label.length + 1]
            found.append(_Candidate(index, (label.number, label.inserted), not behind or behind.isspace()))
    return found


def find_contents(paragraphs: Sequence[Paragraph]) -> range:
    """The indexes of a table of contents (目录): from its head to the line before the first entry comes again."""
    head = next((n for n, one in enumerate(paragraphs) if _compact(one.text) in _HEADS), None)
    if head is None or head + 1 == len(paragraphs):
        return range(0)
    first = _entry(paragraphs[head + 1].text)
    for index in range(head + 2, min(len(paragraphs), head + _CONTENTS_LENGTH)):
        text = paragraphs[index].text
        if _entry(text) == first:
            return range(head, index)
        if len(text) > _ENTRY_LENGTH or SENTENCE_MARK.search(text):
            break
    return range(head, head + 1)


def _entry(text: str) -> str:
    """An entry without its dots and its page."""
    return _compact(_LEADER.sub("", text.strip()))


def _compact(text: str) -> str:
    return re.sub(r"\s", "", text)


def begins_kuan(tree: Tree, paragraph: Paragraph, following: Sequence[Paragraph]) -> bool:
    """Whether a line without a number is the next 款 of the article that is open.

    It is if the text before it is complete and no list goes on behind it: then it belongs to the list's last entry.
    """
    inner = _open_in_article(tree)
    if inner is None or paragraph.runs_on:
        return False
    entries = [unit for unit in tree.open[inner:] if unit.style != KUAN]
    opens = bool(entries and _OPENS_KUAN.match(paragraph.text))
    if opens or not _SENTENCE_END.search(tree.units[-1].lines[-1]):
        return opens
    if entries and not SENTENCE_MARK.search(entries[-1].lines[0]):
        return False  # an entry with a heading on a line of its own goes on
    coming = _next_labels(following, {unit.style for unit in entries}) if entries else {}
    return all(coming.get(unit.style) != tree.last_number.get(unit.style, 0) + 1 for unit in entries)


def _open_in_article(tree: Tree) -> int | None:
    """From where on the open units stand in an article; None if none is open."""
    return next((number + 1 for number, unit in enumerate(tree.open) if unit.style == ARTICLE), None)


def _next_labels(following: Sequence[Paragraph], styles: set[str]) -> dict[str, int]:
    """The next number of each style before the article ends."""
    found: dict[str, int] = {}
    for paragraph in following:
        label = read_label(paragraph.text)
        if label and label.style in _ABOVE:
            break
        if label and label.style in styles:
            found.setdefault(label.style, label.number)
    return found
