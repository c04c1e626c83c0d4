"""An article's list is told whole: the words that open it, and its entries, each a clause of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from bot.evidence import Evidence
from bot.question import Aspect, Question
from bot.quote import quote
from bot.resources import Resources
from ingest.model import Clause
from ingest.passages import lead_of
from ingest.sentences import Sentence, split_sentences

_ENTRIES = 12  # of a list, at most
_READABLE = 600  # characters of its entries


def with_lists(evidence: Sequence[Evidence], question: Question, resources: Resources) -> list[Evidence]:
    """The evidence with the lists that it opens, and before an entry the words that open its list.

    Where several entries of one list answer, or a list was asked for, all of it is told.
    """
    shown: dict[str, Evidence] = {}
    parents = Counter(one.clause.parent_id for one in evidence)
    for one in evidence:
        opening = _opening_of(one, question, resources)
        whole = opening and (parents[opening.clause.id] > 1 or Aspect.LIST in question.aspects)
        if opening:
            shown.setdefault(opening.clause.id, opening)
        else:
            shown.setdefault(one.clause.id, one)
        if whole or (lead_of(one.clause) and one.quote.endswith(("：", ":"))):
            for entry in _entries(opening or one, question, resources):
                shown.setdefault(entry.clause.id, entry)
        shown.setdefault(one.clause.id, one)
    return list(shown.values())


def _opening_of(one: Evidence, question: Question, resources: Resources) -> Evidence | None:
    """The words that open the list of which a clause is an entry."""
    parent = resources.index.catalog.clause(one.clause.parent_id) if one.clause.parent_id else None
    lead = lead_of(parent) if parent and not _begins_kuan(one.clause) else ""
    if parent is None or not lead:
        return None
    start = parent.text.rindex(lead)
    return quote(one.document, parent, [Sentence(lead, start, start + len(lead))], question)


def _begins_kuan(clause: Clause) -> bool:
    """Whether a clause is a paragraph of its article, and no entry of its list."""
    return clause.labels[-1].endswith("款")


def _entries(one: Evidence, question: Question, resources: Resources) -> Iterator[Evidence]:
    """The entries of the list that a clause opens, as far as they can be read."""
    clauses = resources.index.catalog.clauses(one.document.id)
    entries = [clause for clause in clauses if clause.parent_id == one.clause.id and not _begins_kuan(clause)]
    length = 0
    for clause in entries[:_ENTRIES]:
        length += len(clause.text)
        if length <= _READABLE:
            yield quote(one.document, clause, split_sentences(clause.text), question)
