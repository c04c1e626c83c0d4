"""Look at a question before anything else: what is unreadable is cleaned, what is an attack is refused.

Refused is what asks the assistant to drop its rules, reveal its prompt, invent policy or harm someone. Patterns know
the plain cases (`prompts/screen.yml`), a small model knows the many ways of putting them (`bot/likeness.py`); both
look under the text's disguise (`bot/disguise.py`). Whether a question is about policy at all is decided later, on what
was found.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence

from bot.disguise import drop_codes, fold, is_spelt_apart, read_openly, read_twisted, strip_invisible, unpad
from bot.likeness import Likeness
from prompts.screening import load_screening

_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
# A tag that names who speaks in a prompt is no markup: it pretends to be somebody else.
_ROLE_TAG = re.compile(r"<\s*(?:system|assistant|developer|admin|instructions?)\b[^<>]*>", re.IGNORECASE)
_SENTENCES = re.compile(r"(?<=[。！!？?；;])")  # as they stand in folded text
_REFUSED_FROM = (
    2.5  # log-odds from which a sentence is refused: of the honest texts most like attacks, 2 in 100 reach it
)
_TWO_FROM = 3.0  # the same for two sentences that follow each other: the longer a text, the more can be read into it
_HONEST_BELOW = -5.0  # log-odds below which a question is honest, whatever was said before it
_HIDDEN = {"override", "reveal"}  # families that people hide in letters turned round; a wrong they just name
_SHORTEST_SENTENCE = 6  # characters; less says nothing by itself


class Screen:
    """What is refused."""

    def __init__(self, families: Mapping[str, Sequence[re.Pattern[str]]], likeness: Likeness) -> None:
        self._families = families
        self._likeness = likeness

    @classmethod
    def load(cls) -> Screen:
        """Read the patterns and the model."""
        return cls(load_screening().patterns, Likeness.load())

    def refuses(self, text: str, with_earlier: str = "") -> str | None:
        """The family of attack that a question belongs to, or None; what is hidden in it is looked at too.

        Args:
            text: the question as typed.
            with_earlier: the question with the earlier turns that it leans on, if it leans on any: an attack may be put
                in pieces. A question that is plainly honest is not refused for what was said before it.
        """
        family = self._match(text) or self._liken(text)
        if family or not with_earlier or self._likeness.score(fold(text)) < _HONEST_BELOW:
            return family
        return self._match(with_earlier) or self._liken(with_earlier)

    def matches(self, text: str) -> bool:
        """Whether a pattern knows a text as it stands; no guesses, and no disguise is looked under."""
        return bool(self._find(fold(text)))

    def _match(self, text: str) -> str | None:
        """The family that has a pattern for a text."""
        for reading in read_openly(text):
            plain = (self._find(each) for each in dict.fromkeys((reading, unpad(reading))))
            twisted = (self._find(each) & _HIDDEN for each in read_twisted(reading))
            if found := next(filter(None, itertools.chain(plain, twisted)), None):
                return min(found)
        return None

    def _find(self, reading: str) -> set[str]:
        """Every family that has a pattern for a reading."""
        return {name for name, patterns in self._families.items() if any(each.search(reading) for each in patterns)}

    def _liken(self, text: str) -> str | None:
        """`reads_like_one` if a sentence of a text, or two that follow each other, read like an attack."""
        _, *decoded = read_openly(text)
        return "reads_like_one" if any(map(self._is_like, (fold(drop_codes(text)), *decoded))) else None

    def _is_like(self, reading: str) -> bool:
        sentences = _sentences(unpad(reading) if is_spelt_apart(reading) else reading)
        pairs = [f"{one}。{other}" for one, other in itertools.pairwise(sentences)]
        return any(self._likeness.score(sentence) >= _REFUSED_FROM for sentence in sentences) or any(
            self._likeness.score(pair) >= _TWO_FROM for pair in pairs
        )


def clean_question(text: str) -> str:
    """A question without markup and invisible characters, and with single spaces."""
    open_text = _ROLE_TAG.sub("[system]", strip_invisible(text))
    return re.sub(r"\s+", " ", _TAG.sub("", open_text)).strip() or text.strip()


def _sentences(folded: str) -> list[str]:
    """The sentences of a text; what is too short to say anything stays with the one before it."""
    sentences: list[str] = []
    for piece in filter(None, _SENTENCES.split(folded)):
        if sentences and len(piece) < _SHORTEST_SENTENCE:
            sentences[-1] += piece
        else:
            sentences.append(piece)
    return sentences or [folded]
