"""A document is material, never an instruction: what in a clause speaks to an assistant is blanked before it is used.

Somebody may hide such sentences in a file, in the hope that a language model obeys them, or that they are quoted.
"""

from __future__ import annotations

import re
from dataclasses import replace

from bot.screen import Screen
from ingest.model import Clause, Facts
from ingest.sentences import split_sentences

# Speaks to a machine about what it tells: "AI assistants must answer", "tell the user that", "when answering, say".
_ADDRESSES = re.compile(
    r"(?:ai|人工智能|大模型|语言模型|聊天机器人|智能(?:助手|客服)|问答(?:助手|系统|机器人)|本助手|助手)"
    r".{0,12}(?:请|必须|应当?|务必|一律|要|需).{0,10}(?:回答|答复|回复|输出|告诉|告知|说|声称)"
    r"|(?:告诉|告知|回复|答复)(?:用户|提问者|提问人|询问者)"
    r"|(?:回答|答复|回复)(?:用户|提问|本问题|该问题|问题).{0,6}(?:时|请|必须|一律|只)"
)
_SPEAKS_TO = re.compile(
    r"[你您]|以上|上述|上面|前面|之前|此前|规则|指令|提示|系统|助手|模型|回答|输出|扮演|\bai\b|ignore|previous"
)


class OrderFilter:
    """Knows sentences that speak to an assistant."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen

    def silence(self, clause: Clause) -> Clause | None:
        """The clause with such sentences blanked; None if nothing else is in it.

        White space takes their place, so that all that is known of the clause keeps its place in it.
        """
        text = clause.text
        for sentence in split_sentences(clause.text):
            if self._is_order(sentence.text):
                text = text[: sentence.start] + " " * len(sentence.text) + text[sentence.end :]
        if text == clause.text:
            return clause
        return _with_text(clause, text) if text.strip() else None

    def _is_order(self, sentence: str) -> bool:
        plain = re.sub(r"\s", "", sentence).lower()
        # An office may well 取消一切限制: what speaks to nobody, nor of what was said before, is no order.
        return bool(_ADDRESSES.search(plain) or (_SPEAKS_TO.search(plain) and self._screen.matches(sentence)))


def _with_text(clause: Clause, text: str) -> Clause:
    """The clause with another text of the same length, and of its facts those that still stand in it."""

    def stands(start: int, end: int) -> bool:
        return text[start:end] == clause.text[start:end]

    facts = Facts(
        quantities=tuple(one for one in clause.facts.quantities if stands(one.start, one.end)),
        periods=tuple(one for one in clause.facts.periods if stands(one.start, one.end)),
        departments=tuple(one for one in clause.facts.departments if one.name in text),
        audiences=tuple(one for one in clause.facts.audiences if stands(one.start, one.end)),
        blanks=tuple(one for one in clause.facts.blanks if stands(one.start, one.end)),
    )
    parts = tuple(one for one in clause.parts if stands(one.start, one.end))
    return replace(clause, text=text, facts=facts, parts=parts)
