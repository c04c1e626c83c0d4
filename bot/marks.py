"""Mark words in a text, as HTML: everything else is escaped."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markupsafe import Markup, escape

_SHOWN = 96  # characters of a long text around its first match
_LEAD = 24  # of these, before it


def mark_words(text: str, words: Sequence[str]) -> Markup:
    """A text with the words marked; where two overlap, the longer one is."""
    if not words:
        return escape(text)
    pattern = re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)))
    pieces, at = [Markup()], 0
    for match in pattern.finditer(text):
        pieces += [escape(text[at : match.start()]), Markup("<mark>{}</mark>").format(match[0])]
        at = match.end()
    return Markup().join([*pieces, escape(text[at:])])


def excerpt_marked(text: str, words: Sequence[str]) -> Markup:
    """The surroundings of the part that holds most of the words, on one line, marked."""
    line = " ".join(text.split())
    starts = [0, *(match.start() for word in words for match in re.finditer(re.escape(word), line))]
    best = max(starts, key=lambda start: (len({word for word in words if word in _window(line, start)}), -start))
    shown = _window(line, best)
    before = "……" if not line.startswith(shown) else ""
    behind = "……" if not line.endswith(shown) else ""
    return Markup("{}{}{}").format(before, mark_words(shown, words), behind)


def _window(line: str, start: int) -> str:
    begin = max(0, min(start - _LEAD, len(line) - _SHOWN))
    return line[begin : begin + _SHOWN]
