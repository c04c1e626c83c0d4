"""Score one outcome on one case. What each score means stands in eval/README.md."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from bot.contract import Citation
from eval.cases import Case
from eval.outcome import Outcome
from eval.ranking import RankScores, score_ranking
from eval.rows import Scores
from ingest.figures import figures, grounds, lacking

_MARKER = re.compile(r"\[\d+\]")
_HOTLINE = ("12345", "")  # may be named in any answer


def score(case: Case, outcome: Outcome, unjudged: frozenset[str] = frozenset()) -> Scores:
    """Score what came of a case; a case without an answer fails and has nothing else to measure.

    Args:
        case: what was asked.
        outcome: what came of it.
        unjudged: the notices of which the case's set does not say where they belong, see `CaseSet.unjudged`.
    """
    answers = case.expect == "answer"
    held = [gold_in(case, citation.document_id, citation.text) for citation in outcome.citations]
    ranks = _score_ranks(case, outcome)
    scores = Scores(
        success=False,
        behaviour=outcome.behaviour == case.expect,
        cite_recall=len(frozenset().union(*held)) / len(case.evidence) if answers else None,
        cite_precision=_share(map(bool, held)) if answers else None,
        cite_first=any(map(bool, held[:1])) if answers else None,
        facts=_score_facts(case, outcome) if answers else None,
        forbidden=any(plain(text) in plain(outcome.answer) for text in case.answer_must_not),
        notices_missing=_missing(case, outcome),
        notices_extra=_extra(case, outcome, unjudged) if outcome.behaviour == "answer" else [],
        ungrounded=find_ungrounded(case, outcome) if outcome.behaviour == "answer" else [],
        quotes_verified=all(map(_quote_stands, outcome.citations)),
        place=_score_place(case, outcome),
        chars=len(plain(outcome.answer)),
        recall_at=ranks.recall_at if ranks else None,
        rr=ranks.rr if ranks else None,
        ndcg_at_10=ranks.ndcg_at_10 if ranks else None,
    )
    return scores.model_copy(update={"success": _succeeds(case, scores)})


def plain(text: str) -> str:
    """A text as it is compared: no white space, half width, lower case."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).lower()


def gold_in(case: Case, document_id: str, text: str) -> frozenset[int]:
    """The numbers of the gold quotes that a text of a document holds."""
    whole = plain(text)
    return frozenset(
        number
        for number, evidence in enumerate(case.evidence)
        if evidence.doc == document_id and plain(evidence.quote) in whole
    )


def find_ungrounded(case: Case, outcome: Outcome) -> list[str]:
    """The figures of an answer that stand in nothing it cites, nor in the question, nor in the day of asking."""
    told = figures(_MARKER.sub("", outcome.answer))
    given = grounds("\n".join([case.question, *case.history, str(case.as_of)])) | {_HOTLINE}
    for citation in outcome.citations:
        given |= _grounds_of(citation)
    return sorted("".join(figure) for figure in lacking(told, given))


def _succeeds(case: Case, scores: Scores) -> bool:
    if not scores.behaviour or scores.forbidden:
        return False
    whole = scores.cite_recall in (None, 1) and scores.facts in (None, 1)
    return case.expect != "answer" or (whole and not scores.notices_missing)


def _score_facts(case: Case, outcome: Outcome) -> float:
    """The share of the groups of which one alternative stands in the answer."""
    answer = plain(outcome.answer)
    met = [any(plain(text) in answer for text in group) for group in case.answer_must]
    return _share(met) if met else 1.0


def _score_place(case: Case, outcome: Outcome) -> bool | None:
    """Whether all that is cited belongs to a place that the gold clauses are of, or is marked as another place's."""
    if not outcome.citations:
        return None
    if case.expect == outcome.behaviour == "answer":
        gold = {evidence.doc for evidence in case.evidence}
        places = {_place(citation) for citation in outcome.citations if citation.document_id in gold}
        return all(one.document_id in gold or _place(one) in places - {None} for one in outcome.citations)
    marked = {number for one in outcome.notices if one.code == "other_jurisdiction" for number in one.citations}
    return all(one.n in marked or not _is_foreign(one) for one in outcome.citations)


def _place(citation: Citation) -> str | None:
    return citation.jurisdiction.code if citation.jurisdiction else None


def _is_foreign(citation: Citation) -> bool:
    return citation.jurisdiction is not None and citation.jurisdiction.relation == "other"


def _score_ranks(case: Case, outcome: Outcome) -> RankScores | None:
    if outcome.considered is None or case.expect != "answer":
        return None
    return score_ranking([gold_in(case, one.document_id, one.text) for one in outcome.considered], len(case.evidence))


def _missing(case: Case, outcome: Outcome) -> list[str]:
    return sorted(set(case.flags) - {notice.code for notice in outcome.notices})


def _extra(case: Case, outcome: Outcome, unjudged: frozenset[str]) -> list[str]:
    return sorted({notice.code for notice in outcome.notices} - set(case.flags) - unjudged)


def _quote_stands(citation: Citation) -> bool:
    """Verbatim: nothing but white space may differ."""
    quote, text = ("".join(words.split()) for words in (citation.quote, citation.text))
    return bool(quote) and quote in text


def _grounds_of(citation: Citation) -> set[tuple[str, str]]:
    validity = citation.validity
    parts: tuple[object, ...] = (
        citation.text, *citation.clause_path, citation.document_title, citation.document_number, citation.issued_on,
        validity.from_, validity.to, validity.basis,
    )  # fmt: skip
    return {figure for part in parts if part for figure in grounds(str(part))}


def _share(values: Sequence[bool] | map[bool]) -> float:
    found = list(values)
    return sum(found) / len(found) if found else 0.0
