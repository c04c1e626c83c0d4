"""What a language model says, cut into sentences as it comes, each with its markers and in plain form."""

from __future__ import annotations

import re

_MARKER = r"[\[【［]\s*\d+(?:\s*[,，、]\s*\d+)*\s*[\]】］]"
_CLOSERS = "”’」』）)"
# A stop, a semicolon at a marker, or a line's end that no colon leads to; then closing quotes and the markers. Whether
# that was all is known only once something else has come.
_SENTENCE = re.compile(
    rf"\s*(.+?(?:[。！？!?]+|(?<=[\]】］])[；;]|[；;](?=\s*[\[【［])|(?<![：:])\n)[{_CLOSERS}]*(?:\s*{_MARKER})*)(?P<more>\s*[^\s\[【［{_CLOSERS}]|$)",
    re.DOTALL,
)
_THOUGHT = re.compile(r"^\s*<think>.*?(?:</think>|$)", re.DOTALL)  # what some models think aloud before they answer
_BULLET = re.compile(r"^\s*(?:[-*•·>#]+\s+|\d{1,2}[.、)）]\s*(?!\d))+")


class SentenceCutter:
    """Takes pieces, gives sentences."""

    def __init__(self) -> None:
        self._text = ""

    def add(self, piece: str) -> list[str]:
        """The sentences that a piece completes; an empty piece says that the model pauses: what looks whole is."""
        self._text += piece
        rest = _THOUGHT.sub("", self._text)
        sentences = []
        while (match := _SENTENCE.match(rest)) and (match["more"] or not piece):
            sentences.append(match[1])
            rest = rest[match.start("more") :]
        if sentences:
            self._text = rest
        return [plain for sentence in sentences if (plain := _plain(sentence))]

    def rest(self) -> list[str]:
        """What is left at the end, whether it looks whole or not."""
        left = _plain(_THOUGHT.sub("", self._text))
        self._text = ""
        return [left] if left else []


def _plain(sentence: str) -> str:
    """A sentence without the sign of a list, its markers as [1][2]."""
    text = re.sub(_MARKER, lambda match: "".join(f"[{n}]" for n in re.findall(r"\d+", match[0])), sentence)
    return re.sub(r"\s*\n\s*", "", _BULLET.sub("", text)).strip()
