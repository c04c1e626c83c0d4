"""Read the text an encoder is trained on: statutes, lay questions, paraphrases and the lexicon of topics."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from ingest.errors import LexiconError, UnreadableFile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STATUTES, QUESTIONS, PARAPHRASES = "statutes.jsonl.gz", "lecoqa_train.jsonl", "atec_pairs.tsv.gz"


@dataclass(frozen=True, slots=True)
class Subject:
    """A topic of the lexicon, in the words of texts and in the words of people."""

    name: str
    official: tuple[str, ...]
    colloquial: tuple[str, ...]


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
    subjects: tuple[Subject, ...]

    def everyday_texts(self) -> Iterator[str]:
        """Yield what people wrote or may write, and the lexicon."""
        for question in self.questions:
            yield from (question.text, question.keywords, question.answer)
        for paraphrase in self.paraphrases:
            yield from paraphrase
        for subject in self.subjects:
            yield from (subject.name, *subject.official, *subject.colloquial)


def read_training_text(data: Path, topics: Path) -> TrainingText:
    """Read the folder of training text and the lexicon. Raises `UnreadableFile` and `LexiconError`."""
    articles = [Article(row["title"], row["text"]) for row in _rows(data / STATUTES, "title", "text")]
    questions = [
        Question(row["question"], _text(row["keywords"]), _text(row["answer"]), tuple(row["statutes"].values()))
        for row in _rows(data / QUESTIONS, "question", "keywords", "answer", "statutes")
    ]
    return TrainingText(
        tuple(articles), tuple(questions), tuple(_paraphrases(data / PARAPHRASES)), read_subjects(topics)
    )


def read_subjects(path: Path) -> tuple[Subject, ...]:
    """Read the topics of a .yaml or .jsonl file, or of every such file under a folder. Raises `LexiconError`."""
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    subjects = tuple(
        _subject(file, number, entry)
        for file in files
        if file.suffix in {".yaml", ".jsonl"}
        for number, entry in enumerate(_entries(file), 1)
    )
    if not subjects:
        raise LexiconError(f"{path}: no topic in any .yaml or .jsonl file here; name another place with --topics")
    return subjects


def _entries(file: Path) -> list[Any]:
    try:
        text = file.read_text(encoding="utf-8")
        if file.suffix == ".jsonl":
            return [json.loads(line) for line in text.splitlines() if line.strip()]
        entries = yaml.safe_load(text) or []
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise LexiconError(f"{file}: cannot be read: {error}") from error
    if not isinstance(entries, list):
        raise LexiconError(f"{file}: expected a list of topics, found {type(entries).__name__}")
    return entries


def _subject(file: Path, number: int, entry: Any) -> Subject:
    try:
        subject = Subject(str(entry["topic"]).strip(), _phrases(entry["official"]), _phrases(entry["colloquial"]))
    except (KeyError, TypeError) as error:
        raise LexiconError(f"{file}, entry {number}: needs topic, official and colloquial: {error!r}") from error
    if not subject.official:
        raise LexiconError(f"{file}, entry {number}: {subject.name} has no official term")
    return subject


def _phrases(values: list[Any]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(value).strip() for value in values))


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
