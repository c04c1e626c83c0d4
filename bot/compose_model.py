"""Evidence becomes an answer by a language model: sentence by sentence, each checked before it is shown.

What fails is replaced by the clause's own words, and after three failures the model is heard no more. The extractive
answer is composed beforehand, so it stands in at once for whatever the model leaves out, gets wrong or does not say.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing

from bot.chat_model import ChatModel, Limits, Usage
from bot.cite import cite
from bot.contract import Fallback
from bot.describe import badge_of
from bot.evidence import Finding
from bot.masking import mask_personal_data
from bot.model_sentences import SentenceCutter
from bot.ports import Account, Composer
from bot.question import Aspect, Question
from bot.sentence_check import SentenceCheck
from bot.telling import Source, Telling
from bot.verify import Line
from ingest.dates import format_date
from ingest.errors import ModelFailed
from ingest.settings import Settings
from prompts.messages import StateLabels
from prompts.phrases import Phrases
from prompts.rendering import Prompts

_FAILURES = 3  # sentences that fail until the model is heard no more
_LONGEST = 1000  # characters of one answer; it is asked for 200
_INTERJECTION = 5  # characters: 给。可以的。 It says nothing that the next sentence does not, and rests on nothing
_MONEY = frozenset({"元", "%"})
_UNITS = {
    Aspect.AMOUNT: (*_MONEY, "户", "人", "个", "次", "项", "件", "场", "批"),
    Aspect.TERM: ("年", "个月", "月", "日", "工作日", "小时", "周", "季度", "date"),
}
_MARKER = re.compile(r"\[(\d+)\]")


class ModelComposer:
    """Lets a language model word what the clauses say.

    Args:
        stand_in: composes the answer that stands in for the model's.
        chat: the model.
        prompts: what it is told.
        phrases: what answers are worded with.
        states: what validity is called.
        settings: limits and thresholds.
    """

    def __init__(
        self,
        stand_in: Composer,
        chat: ChatModel,
        prompts: Prompts,
        phrases: Phrases,
        states: StateLabels,
        settings: Settings,
    ) -> None:
        self._stand_in = stand_in
        self._chat = chat
        self._prompts = prompts
        self._phrases = phrases
        self._states = states
        self._threshold = settings.support_threshold
        self._limits = Limits(
            first=settings.model_first_token,
            gap=settings.model_gap,
            whole=settings.model_timeout,
            attempts=1 + settings.model_retries,
        )

    def compose(
        self, question: Question, findings: Sequence[Finding], numbers: dict[str, int]
    ) -> Iterator[Line | Account | None]:
        """The answer's lines, one behind the other; at the end how they came about. Closing it hangs up.

        Args:
            question: what was asked.
            findings: what was found for each place asked about, in their order.
            numbers: the citation's number of each clause, by its id.
        """
        sources = _sources(findings, numbers)
        check = SentenceCheck(sources, f"{question.text} {question.whole}", question.as_of, self._threshold)
        lines = [one for one in self._stand_in.compose(question, findings, numbers) if isinstance(one, Line)]
        lead = self._phrases.answer.place_lead if len(findings) > 1 else ""
        telling = Telling(check.verified(lines), sources, lead, _units(question))
        yield from telling.opening()
        usage, fallback = Usage(), None
        try:
            for one in self._say(question, sources, telling, check):
                if isinstance(one, Usage):
                    usage += one
                else:
                    yield one
        except ModelFailed as failure:
            fallback = failure.code
        rejected = check.failures >= _FAILURES or (not telling.shown and fallback is None)
        each_clause = fallback is not None or len(question.parts) > 1
        yield from telling.rest(everything=rejected or not telling.shown, each_clause=each_clause)
        yield self._account(telling, "rejected" if rejected else fallback, usage)

    def _say(
        self, question: Question, sources: Mapping[int, Source], telling: Telling, check: SentenceCheck
    ) -> Iterator[Line | Usage | None]:
        """What the model says, as far as it holds, with quotations for what does not.

        Raises:
            ModelFailed: the call failed, or no sentence came in time.
        """
        cutter, said = SentenceCutter(), 0
        patience = time.monotonic() + self._limits.first
        messages = [("system", self._prompts.render("system")), ("human", self._ask(question, sources))]
        pieces = self._chat.stream(messages, self._limits)
        with closing(pieces):
            for piece in pieces:
                if isinstance(piece, Usage):
                    yield piece
                    continue
                said += len(piece)
                sentences = cutter.add(piece)
                for sentence in sentences:
                    yield from _shown(sentence, telling, check)
                if check.failures >= _FAILURES or said > _LONGEST:
                    return
                if not (telling.shown or check.failures) and time.monotonic() > patience:
                    pieces.throw(TimeoutError())
                if not piece:
                    yield None
        for sentence in cutter.rest():
            yield from _shown(sentence, telling, check)

    def _ask(self, question: Question, sources: Mapping[int, Source]) -> str:
        """The sources and the question, for the model."""
        asked = f"{question.text}（{question.whole}）" if question.follows_up else question.text
        return self._prompts.render(
            "user",
            sources=[self._describe(number, source) for number, source in sources.items()],
            question=mask_personal_data(asked),
            places="、".join(place.name for place in question.places),
            as_of=format_date(question.as_of),
        )

    def _describe(self, number: int, source: Source) -> dict[str, object]:
        citation = source.citation
        return {
            "n": number,
            "place": "、".join(source.places),
            "title": citation.document_title,
            "state": getattr(self._states, badge_of(citation.legal_status, citation.validity.state)),
            "period": citation.validity.basis or "",
            "path": " › ".join(citation.clause_path),
            "text": citation.text,
        }

    def _account(self, telling: Telling, fallback: Fallback | None, usage: Usage) -> Account:
        return Account(
            composer="model" if telling.shown else "extractive",
            model=self._chat.name,
            prompt=self._prompts.digest,
            fallback=fallback,
            tokens_in=usage.tokens_in,
            tokens_out=usage.tokens_out,
        )


def _shown(sentence: str, telling: Telling, check: SentenceCheck) -> Iterator[Line]:
    """A sentence of the model's if it holds, else what takes its place."""
    line = Line(sentence, tuple(dict.fromkeys(int(number) for number in _MARKER.findall(sentence))))
    if not line.citations and len(sentence) <= _INTERJECTION:
        return
    known = set(line.citations) <= set(check.sources)
    placed = telling.placed(line) if known and line.citations else line
    if placed is not None and telling.repeats(placed):
        return
    if placed is not None and check.holds(placed):
        yield telling.tell(placed)
    else:
        check.failures += 1
        if check.failures < _FAILURES:
            yield from telling.instead_of(line)


def _units(question: Question) -> frozenset[str]:
    """The units of the figures that a question asks for."""
    if Aspect.MONEY in question.aspects:
        return _MONEY
    return frozenset(unit for aspect, units in _UNITS.items() if aspect in question.aspects for unit in units)


def _sources(findings: Sequence[Finding], numbers: Mapping[str, int]) -> dict[int, Source]:
    """Every clause that is cited, by its number, with the places that it was found for."""
    found = [(numbers[one.clause.id], one, finding.place.name) for finding in findings for one in finding.evidence]
    first = {number: one for number, one, _ in reversed(found)}
    return {
        number: Source(
            first[number], cite(number, first[number], None), tuple(place for n, _, place in found if n == number)
        )
        for number in sorted(first)
    }
