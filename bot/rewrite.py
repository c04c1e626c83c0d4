"""A follow-up made whole by the language model; the rules' own wording stands where it does not answer, or adds to it.

Only the wording: the place is decided by rules alone, and so is everything else that is known of a question.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace

from bot.chat_model import ChatModel, Limits, Usage
from bot.contract import QUESTION_LENGTH, Turn
from bot.masking import mask_personal_data
from bot.question import Question
from bot.screen import Screen, clean_question
from bot.understand import Vocabulary
from ingest.errors import ModelFailed
from ingest.figures import figures, grounds, lacking
from ingest.model import NATION
from ingest.places import Gazetteer
from prompts.rendering import Prompts

_TURNS = 6  # of the conversation that are shown
_TURN_LENGTH = 300  # characters of each


class Rewriter:
    """Makes follow-ups whole.

    Args:
        chat: the model.
        prompts: what it is told.
        gazetteer: knows places.
        screen: knows attacks.
        seconds: how long it may take; 0: it is never asked.
    """

    def __init__(self, chat: ChatModel, prompts: Prompts, gazetteer: Gazetteer, screen: Screen, seconds: float) -> None:
        self._chat = chat
        self._prompts = prompts
        self._gazetteer = gazetteer
        self._screen = screen
        self._limits = Limits(first=seconds, gap=seconds, whole=seconds)

    def rewrite(self, question: Question, history: Sequence[Turn], vocabulary: Vocabulary) -> tuple[Question, Usage]:
        """The question with the model's wording of what is asked, or as it was; and the tokens that this took."""
        if not question.follows_up or not self._limits.whole:
            return question, Usage()
        try:
            text, usage = self._ask(question, history)
        except ModelFailed:
            return question, Usage()
        earlier = [turn.content for turn in history if turn.role == "user"]
        if not self._holds(text, question, earlier):
            return question, usage
        bare = self._without_places(text)
        return replace(question, parts=(bare,), topics=tuple(vocabulary.topics_of(bare))), usage

    def _ask(self, question: Question, history: Sequence[Turn]) -> tuple[str, Usage]:
        turns = [
            {"role": turn.role, "content": mask_personal_data(turn.content)[:_TURN_LENGTH]}
            for turn in history[-_TURNS:]
        ]
        prompt = self._prompts.render("rewrite", turns=turns, question=mask_personal_data(question.text))
        said, usage = "", Usage()
        with closing(self._chat.stream([("human", prompt)], self._limits)) as pieces:
            for piece in pieces:
                if isinstance(piece, Usage):
                    usage += piece
                else:
                    said += piece
        return clean_question(re.sub(r"<think>.*?(?:</think>|$)", "", said, flags=re.DOTALL)), usage

    def _holds(self, text: str, question: Question, earlier: Sequence[str]) -> bool:
        """Whether it is one question, on the same places, with no figure that nobody asked about, and no attack."""
        if not 1 < len(self._without_places(text)) <= QUESTION_LENGTH or self._screen.refuses(text):
            return False
        known = {code for place in question.places for code in place.chain if code != NATION}
        if any(known.isdisjoint(place.code for place in one.places) for one in self._gazetteer.find(text)):
            return False
        told = set().union(*map(grounds, [question.text, *earlier]))
        return not lacking(figures(text), told)

    def _without_places(self, text: str) -> str:
        """The wording without names of places, which choose the documents and would only blur the search."""
        for mention in reversed(list(self._gazetteer.find(text))):
            text = f"{text[: mention.start]} {text[mention.end :]}"
        return re.sub(r"\s+", " ", text).strip()
