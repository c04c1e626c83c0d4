"""What the date of a clause governs.

执行期限至2024年底 ends the measure of its own sentence, or of its own item where semicolons part several; 以上政策…
ends what stands before it; a period in brackets behind a sentence ends that sentence; 为期三个月至7月底结束 alone in a
sentence ends the whole clause.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.labels import read_label
from ingest.sentences import Sentence

# Which part a sentence speaks of that states a period and has no subject of its own.
_OF_CLAUSE = re.compile(r"^(?:本[条项款]|(?:政策)?(?:为期|有效期|执行期限|实施期限|期限))")
_OF_ALL_BEFORE = re.compile(r"^(?:以上|上述|前述)")
_OF_LAST = re.compile(r"^[该此这]项?(?:政策|措施|优惠|补贴|补助|奖励|规定)")
_BRACKET = re.compile(r"[（(][^（()）]*[）)]")
_TRAILING = re.compile(r"，(?:(?:以上|上述|该)?政策)?$")  # …；对乙免征，政策 执行期限至2024年底: of the whole sentence


def governed(
    text: str, sentence: Sentence, before: Sentence | None, at: tuple[int, int], openings: Sequence[int]
) -> tuple[int, int]:
    """The characters of a clause that a period governs, as (start, end).

    Args:
        text: the clause's text.
        sentence: the sentence that states the period.
        before: the sentence before that one.
        at: the characters of the period.
        openings: where in the sentence something opens with a year of its own: 2022年…，2023年….
    """
    start, end = at
    if _OF_CLAUSE.search(sentence.text):
        return 0, len(text)
    if _OF_ALL_BEFORE.search(sentence.text):
        return 0, sentence.end
    bracket = _BRACKET.match(text, sentence.start)
    if before and bracket and end <= bracket.end():
        return before.start, bracket.end()
    if before and _OF_LAST.search(sentence.text):
        return before.start, sentence.end
    if start in openings:
        return start, min(_item(text, sentence, at)[1], *(other for other in openings if other > start), sentence.end)
    return _within(text, sentence, at)


def _within(text: str, sentence: Sentence, at: tuple[int, int]) -> tuple[int, int]:
    """Its item of the sentence; the whole of it where the period opens it or stands behind the last item."""
    first, last = _item(text, sentence, at)
    lead = text[sentence.start : at[0]]
    label = read_label(lead)
    opens = not lead[label.length if label else 0 :].strip()
    closes = last == sentence.end and bool(_TRAILING.search(text[first : at[0]]))
    return (sentence.start if closes else first), (sentence.end if opens else last)


def _item(text: str, sentence: Sentence, at: tuple[int, int]) -> tuple[int, int]:
    """The part between semicolons that the period stands in."""
    semicolon = text.find("；", at[1], sentence.end)
    return max(sentence.start, text.rfind("；", sentence.start, at[0]) + 1), semicolon + 1 or sentence.end
