"""Read the text an encoder is trained on: statutes, lay questions, paraphrases, and what the project itself knows."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ingest.errors import UnreadableFile
from ingest.examples import Examples, load_examples
from ingest.thesaurus import Concept, Thesaurus
from ingest.topics import Lexicon, Topic

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STATUTES, QUESTIONS, PARAPHRASES = "statutes.jsonl.gz", "lecoqa_train.jsonl", "atec_pairs.tsv.gz"


@dataclass(frozen=True, slots=True)
class Article:
    """One article of a law or rule."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """A lay question, what a lawyer answers, and the articles that the answer rests on."""

    text: str
    keywords: str
    answer: str
    statutes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TrainingText:
    """All text that pairs are drawn from."""

    articles: tuple[Article, ...]
    questions: tuple[Question, ...]
    paraphrases: tuple[tuple[str, str], ...]
    topics: tuple[Topic, ...]
    examples: Mapping[str, Examples] = field(default_factory=dict)  # by topic
    concepts: tuple[Concept, ...] = ()

    def everyday_texts(self) -> Iterator[str]:
        """Yield what people wrote or may write, and the lexicon."""
        for question in self.questions:
            yield from (question.text, question.keywords, question.answer)
        for paraphrase in self.paraphrases:
            yield from paraphrase
        for topic in self.topics:
            yield from topic.phrases
        for examples in self.examples.values():
            yield from examples.questions
            for clause in examples.clauses:
                yield from (clause.text, *clause.questions)
        for concept in self.concepts:
            yield from (*concept.official, *concept.everyday)


def read_training_text(data: Path, corpus: Path) -> TrainingText:
    """Read the folder of training text, and topics, examples and everyday words of the corpus.

    Raises:
        UnreadableFile: a file of training text is missing or malformed.
        LexiconError: one of the corpus is.
    """
    articles = [Article(row["title"], row["text"]) for row in _rows(data / STATUTES, "title", "text")]
    questions = [
        Question(row["question"], _text(row["keywords"]), _text(row["answer"]), tuple(row["statutes"].values()))
        for row in _rows(data / QUESTIONS, "question", "keywords", "answer", "statutes")
    ]
    topics = Lexicon.load(corpus / "topics").topics
    return TrainingText(
        tuple(articles),
        tuple(questions),
        tuple(_paraphrases(data / PARAPHRASES)),
        topics,
        load_examples(corpus / "examples", {topic.name for topic in topics}),
        Thesaurus.load(corpus / "everyday_words.yaml").concepts,
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""  # what is absent was written as NaN


def _rows(path: Path, *keys: str) -> Iterator[dict[str, Any]]:
    for number, line in _lines(path):
        try:
            row = json.loads(line)
        except ValueError as error:
            raise UnreadableFile(f"{path}, line {number}: not JSON: {error}") from error
        if not isinstance(row, dict) or not row.keys() >= set(keys):
            raise UnreadableFile(f"{path}, line {number}: needs the keys {', '.join(keys)}")
        yield row


def _paraphrases(path: Path) -> Iterator[tuple[str, str]]:
    for number, line in _lines(path):
        fields = line.rstrip("\r\n").split("\t")
        if len(fields) != 3:
            raise UnreadableFile(f"{path}, line {number}: {len(fields)} fields, expected text, text and label")
        if fields[2] == "1":
            yield fields[0], fields[1]


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
            yield from enumerate(lines, 1)
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise UnreadableFile(f"{path}: cannot be read: {error}; --data names the folder of training text") from error
