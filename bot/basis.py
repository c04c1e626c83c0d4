"""Is there a basis? How sure it is that the clause that fits best covers the very thing asked, and not only its field.

A subject that no clause covers still has a nearest clause. Five signals tell such a clause from one that covers the
question, together in a logistic model:
- how well the clause fits (the score of the search);
- how much better a clause of the whole corpus fits: then it is covered elsewhere, not here; half as much where both
  are on a topic of the question: then that one only words it better; the largest lead counts;
- how plainly the question speaks of a topic of the lexicon: a question that is quite like what people ask about one of
  its hundreds of topics should find a clause as near as that, and one that is like none may find a farther one;
- how many of the question's telling words one sentence of the clause meets (ingest/met_words.py);
- how long the question is: the more words it has, the less it says that some are not met.
`eval/fit_basis.py` fits the constants.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass

from bot.matter import same_matter
from bot.retrieve import ClauseFinder, Found

# Of the signals in the order of their fields.
_WEIGHTS = (7.51, -6.5, -6.06, 4.18, 1.43)
_CONSTANT = -0.49
_WORDING = 0.5  # how much it counts that a clause on the same matter fits better elsewhere
_MET_UNKNOWN = 0.33  # the mean of the questions it was fitted on: says nothing where an encoder has no vectors of words


@dataclass(frozen=True, slots=True)
class BasisSignals:
    """What speaks for and against a clause as a basis, each from 0 to 1 but the last."""

    score: float  # of the clause
    lead_elsewhere: float  # of the best clause of the whole corpus over it, half if it is on the same matter
    known: float  # score of the question's best topic
    met: float  # share of the question's words, each by its weight, that the clause's best sentence meets
    length: float  # natural logarithm of the question's characters


def basis_score(
    text: str,
    best: Found,
    elsewhere: Sequence[Found],
    finder: ClauseFinder,
) -> float:
    """How sure it is that a clause covers a question, from 0 to 1.

    Args:
        text: the question, made whole, or a part of it.
        best: the clause that fits it best here.
        elsewhere: the best clauses of the whole corpus.
        finder: tells the question's topics, and which of its words a clause meets.
    """
    signals = astuple(read_signals(text, best, elsewhere, finder))
    log_odds = _CONSTANT + sum(weight * value for weight, value in zip(_WEIGHTS, signals, strict=True))
    return 1 / (1 + math.exp(-log_odds))


def read_signals(
    text: str,
    best: Found,
    elsewhere: Sequence[Found],
    finder: ClauseFinder,
) -> BasisSignals:
    """The signals of one question and clause; see basis_score."""
    topics = finder.topics_of(text)
    leads = [(one.score - best.score) * (_WORDING if same_matter(one, best, topics) else 1.0) for one in elsewhere]
    met = finder.share_met(text, best.clause.text)
    return BasisSignals(
        score=best.score,
        lead_elsewhere=max([0.0, *leads]),
        known=topics[0].score if topics else 0.0,
        met=_MET_UNKNOWN if met is None else met,
        length=math.log(max(1, len(text))),
    )
