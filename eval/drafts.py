"""Draft cases: an answer that its asker found useless becomes a case for a person to check and complete.

A draft repeats what the assistant did: what it should have done, only a person can say who has read the clause. Drafts
stand in a file of their own, apart from the sets that the gate is held to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from filelock import FileLock
from pydantic import ValidationError

from bot.answer_log import LoggedAnswer
from bot.contract import QUESTION_LENGTH, TURN_LENGTH
from eval.cases import FLAGS_OF, Case, CaseError, read_cases, squeeze, write_cases
from eval.outcome import BEHAVIOURS
from ingest.model import Clause

TYPE = "draft"

_PATIENCE = 10  # seconds to wait for another who writes

ClausesOf = Callable[[str], Sequence[Clause]]


class DownVoted(Protocol):
    """The answers that their askers found useless; methods raise AnswerLogError where the log cannot be read."""

    def down_voted(self, limit: int = 100, offset: int = 0) -> list[LoggedAnswer]:
        """The latest vote first."""
        ...

    def get(self, answer_id: str) -> LoggedAnswer | None:
        """One answer."""
        ...


class Drafts:
    """The draft cases in one file, `.jsonl`."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def read(self) -> list[Case]:
        """All of them; none where there is no file yet.

        Raises:
            CaseError: a line is wrong.
        """
        return read_cases(self.file) if self.file.exists() else []

    def add(self, case: Case) -> bool:
        """Add a case behind the others; False if it is there already.

        Raises:
            CaseError: a line of the file is wrong, or it cannot be written.
        """
        try:
            self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)  # as the answer log's: people's questions
            with FileLock(f"{self.file}.lock", timeout=_PATIENCE):
                known = self.read()
                if case.id in {one.id for one in known}:
                    return False
                fresh = self.file.with_suffix(".new.jsonl")
                write_cases(fresh, [*known, case])
                fresh.replace(self.file)
        except OSError as error:  # filelock's Timeout too
            raise CaseError(f"{self.file}: cannot be written ({error}); see HUIWEN_DRAFTS") from error
        return True


def draft_id(answer_id: str) -> str:
    """The id of the case that an answer becomes."""
    return f"{TYPE}-{answer_id[:8]}"


def make_draft(answer: LoggedAnswer, clauses_of: ClausesOf) -> Case:
    """A valid case that repeats what was asked and answered.

    Quotes that do not stand once in their document are lengthened to their clause, or left out; an answer of which no
    quote is left becomes a case to abstain from.

    Raises:
        CaseError: it cannot be made one.
    """
    expect = BEHAVIOURS[answer.status]
    evidence = list(_evidence(answer, clauses_of)) if expect == "answer" else []
    if expect == "answer" and not evidence:
        expect = "abstain"
    fields = {
        "id": draft_id(answer.id), "type": TYPE, "asker": "owner",
        "question": _one_line(answer.question)[:QUESTION_LENGTH],
        "history": [line[:TURN_LENGTH].strip() for turn in answer.history[::2] if (line := _one_line(turn))],
        "jurisdiction": answer.jurisdiction, "as_of": answer.as_of, "expect": expect, "evidence": evidence,
        "answer_must": [], "answer_must_not": [],
        "flags": [code for code in answer.notices if code in FLAGS_OF[expect]],
    }  # fmt: skip
    try:
        return Case.model_validate(fields)
    except ValidationError as error:
        raise CaseError(f"{answer.id}: cannot become a case: {error.errors()[0]['msg']}") from error


def _evidence(answer: LoggedAnswer, clauses_of: ClausesOf) -> Iterator[dict[str, str]]:
    for document_id, cited in dict.fromkeys(answer.citations):
        texts = [squeeze(clause.text) for clause in clauses_of(document_id)]
        quote = squeeze(cited)
        longer = (text for text in texts if quote in text)
        once = (each for each in (quote, *longer) if sum(text.count(each) for text in texts) == 1)
        for found in once:
            yield {"doc": document_id, "quote": found}
            break


def _one_line(text: str) -> str:
    return "".join(character for character in " ".join(text.split()) if character.isprintable())
