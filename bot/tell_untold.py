"""What was asked and what the cited clauses leave open: said plainly, so that nobody reads a figure into them."""

from __future__ import annotations

from bot.evidence import Finding
from bot.question import Aspect, Question
from bot.verdict import hedge
from bot.verify import Line, markers
from prompts.phrases import AnswerPhrases


def tell_untold(question: Question, finding: Finding, numbers: dict[str, int], words: AnswerPhrases) -> list[Line]:
    """A line for each thing asked that the clauses do not tell; an end and a number are told of elsewhere.

    Args:
        question: what was asked.
        finding: what was found for one place.
        numbers: the citation's number of each clause, by its id.
        words: how it is worded.
    """
    if not finding.covered:
        return []
    word = hedge(finding.evidence[0].quote)
    money = words.no_amount_hedged if word else words.no_amount
    forms = {
        Aspect.AMOUNT: money if Aspect.MONEY in question.aspects else words.no_figure,
        Aspect.DEPARTMENT: words.no_department,
        Aspect.TERM: words.no_term,
    }
    cited = tuple(dict.fromkeys(numbers[one.clause.id] for one in finding.evidence))
    return [
        Line(form.format(word=word, markers=markers(cited)), cited)
        for aspect, form in forms.items()
        if aspect in finding.untold
    ]
