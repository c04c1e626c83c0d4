"""Whether a sentence of a language model may be shown: all that holds for every line of an answer, and more.

It must cite, say what its clauses say (`bot/support.py`), and neither lead anywhere nor ask for secrets.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.support import flips, support
from bot.telling import Source
from bot.verify import Line, verify

# An address, markup, a picture or a link; and what nobody may be asked for here unless the clause asks for it.
_UNSAFE = re.compile(r"https?:|www\.|[a-z0-9-]+\.(?:com|cn|net|org)\b|<[a-z/!]|!\[|\]\(|```", re.IGNORECASE)
_SECRET = re.compile("密码|验证码|口令|银行卡号?|身份证号码?|账号|卡号")


@dataclass
class SentenceCheck:
    """Checks the sentences of one answer.

    Args:
        sources: what may be cited, by number.
        asked: the question, whose words and figures an answer may repeat.
        as_of: the day of asking.
        threshold: share of a sentence's words that must stand in what it cites.
        failures: how many sentences were not shown.
    """

    sources: Mapping[int, Source]
    asked: str
    as_of: date
    threshold: float
    failures: int = 0

    def verified(self, lines: Sequence[Line]) -> list[Line]:
        """The lines that hold, as for every answer."""
        return verify(lines, [source.citation for source in self.sources.values()], self.asked, self.as_of)

    def holds(self, line: Line) -> bool:
        """Whether a sentence cites, holds as every line must, says what its clauses say and asks nobody for secrets."""
        if not line.citations or not set(line.citations) <= set(self.sources) or not self.verified([line]):
            return False
        cited = [self.sources[number] for number in line.citations]
        texts = [source.citation.text for source in cited]
        if _UNSAFE.search(line.text) or any(word not in "".join(texts) for word in _SECRET.findall(line.text)):
            return False
        names = [name for source in cited for name in (*source.places, source.citation.document_title)]
        paths = ["\n".join(source.citation.clause_path) for source in cited]
        supported = support(line.text, [*texts, *paths, *names], self.asked) >= self.threshold
        return supported and not flips(line.text, texts)
