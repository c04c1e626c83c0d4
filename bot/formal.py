"""The formal citation of a clause, as staff paste it into a reply: 《…》（文号，日期）四、（五）第15项：“…”〔…〕."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from bot.contract import Citation
from bot.describe import badge_of
from ingest.dates import format_date
from ingest.model import Clause
from prompts.desk_messages import CitationWords
from prompts.messages import StateLabels

_INNER = str.maketrans("《》", "〈〉")  # a title inside a title
_NUMERAL = re.compile(r"[一二三四五六七八九十百]+")  # the label of a unit of the first level: 四


@dataclass(frozen=True, slots=True)
class FormalCitation:
    """Its three pieces: another quote of the same clause may take the place of the middle one."""

    head: str
    quote: str
    tail: str

    @property
    def source(self) -> str:
        """Which clause of which document, without its words."""
        return self.head.removesuffix("：")

    @property
    def text(self) -> str:
        """All of it, on one line."""
        return f"{self.head}“{' '.join(self.quote.split())}”{self.tail}"


def cite_formally(
    cited: Citation, clause: Clause, as_of: date, words: CitationWords, states: StateLabels
) -> FormalCitation:
    """Cite a clause with the quote and the state of `cited`, which was judged on `as_of`."""
    issued = format_date(cited.issued_on) if cited.issued_on else None
    details = "，".join(filter(None, [cited.document_number, issued]))
    title = cited.document_title.translate(_INNER)
    source = f"《{title}》" + (f"（{details}）" if details else "")
    state = getattr(states, badge_of(cited.legal_status, cited.validity.state))
    until = cited.validity.to if cited.legal_status != "draft" else None  # a draft is in force at no time
    ends = words.until.format(day=format_date(until)) if until else ""
    tail = words.state.format(state=state + ends, day=format_date(as_of))
    return FormalCitation(f"{source}{formal_path(clause, words)}：", cited.quote, tail)


def formal_path(clause: Clause, words: CitationWords) -> str:
    """Where a clause stands in its document: 四、（五）第15项; 第五条; 附件1."""
    path = "".join(_formal_label(label, words) for label in clause.labels)
    if path.endswith("、"):  # nothing stands below it
        return words.part.format(label=path.removesuffix("、"))
    return path


def _formal_label(label: str, words: CitationWords) -> str:
    if _NUMERAL.fullmatch(label):
        return f"{label}、"
    return words.item.format(label=label) if label.isdecimal() else label
