"""Measure how well an encoder trained here carries over to phrases and questions it has not seen.

A share of the lexicon's everyday phrases, of the questions on example clauses and of the lay questions is kept from
training; then the encoder, and TF-IDF over characters and their bigrams beside it, rank what they should find.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer

from ingest.training_pairs import find_passages
from ingest.training_text import Article

if TYPE_CHECKING:
    from ingest.examples import Examples
    from ingest.training_text import Question, TrainingText

HELD_OUT = 0.15
POOL = 20_000  # statute articles that the right one has to be found among

Similarity = Callable[[Sequence[str], Sequence[str]], NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class HeldOut:
    """What was kept from training: phrases with their topic, questions with their clause, lay ones with articles."""

    phrases: tuple[tuple[str, str], ...]
    clauses: tuple[tuple[str, str], ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares between 0 and 1; the higher, the better."""

    topic_at_1: float  # phrases whose topic has the nearest official term
    topic_at_5: float
    clause_at_1: float  # questions whose clause is the nearest of all examples
    clause_at_5: float
    passage_at_5: float  # phrases with an article on their topic among the nearest five
    article_at_5: float  # recall of the articles that answer a lay question, among the nearest five


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of an encoder and, beside them, those of counting characters."""

    phrases: int
    clauses: int
    questions: int
    encoder: Figures
    characters: Figures

    def lines(self) -> list[str]:
        """Return the report as a Markdown table with what it was measured on."""
        meanings = {
            "topic_at_1": "topic of an everyday phrase, first",
            "topic_at_5": "topic of an everyday phrase, among five",
            "clause_at_1": "clause that answers an everyday question, among those of all topics, first",
            "clause_at_5": "the same, among five",
            "passage_at_5": "article with an official term of the phrase's topic, among five",
            "article_at_5": "recall of the articles that answer a lay question, among five",
        }
        return [
            f"Kept from training for these figures: {self.phrases} everyday phrases, {self.clauses} questions on",
            f"example clauses, {self.questions} lay questions, {HELD_OUT:.0%} of each; the saved encoder is then",
            f"trained with them. Topics are ranked by their nearest official term, articles among {POOL:,} statute",
            "articles drawn at random and those that answer; clauses and articles were seen in training.",
            "",
            "| what is found | this encoder | TF-IDF over characters and bigrams |",
            "|---|---|---|",
            *(
                f"| {meaning} | {getattr(self.encoder, name):.2f} | {getattr(self.characters, name):.2f} |"
                for name, meaning in meanings.items()
            ),
        ]


def hold_out(text: TrainingText, seed: int) -> tuple[TrainingText, HeldOut]:
    """Split the text into what to train on and what to measure with."""
    random = Random(seed)
    topics, phrases = [], []
    for topic in text.topics:
        kept = [phrase for phrase in topic.colloquial if random.random() >= HELD_OUT]
        phrases += [(phrase, topic.name) for phrase in topic.colloquial if phrase not in kept]
        topics.append(replace(topic, colloquial=tuple(kept)))
    seen = {phrase for topic in topics for phrase in (*topic.official, *topic.colloquial)}
    examples, clauses = _hold_out_examples(text.examples, random)
    known = {question.text for question in text.questions if random.random() >= HELD_OUT}
    training = replace(
        text,
        topics=tuple(topics),
        examples=examples,
        questions=tuple(question for question in text.questions if question.text in known),
    )
    questions = tuple(question for question in text.questions if question.text not in known)
    return training, HeldOut(tuple(pair for pair in phrases if pair[0] not in seen), clauses, questions)


def _hold_out_examples(
    examples: Mapping[str, Examples], random: Random
) -> tuple[dict[str, Examples], tuple[tuple[str, str], ...]]:
    """Take a share of the questions away from the example clauses; return the rest, and each taken with its clause."""
    rest, taken = {}, []
    for name, one in examples.items():
        clauses = []
        for clause in one.clauses:
            kept = tuple(question for question in clause.questions if random.random() >= HELD_OUT)
            taken += [(question, clause.text) for question in clause.questions if question not in kept]
            clauses.append(clause.model_copy(update={"questions": kept}))
        rest[name] = one.model_copy(update={"clauses": tuple(clauses)})
    return rest, tuple(taken)


def measure(similarity: Similarity, text: TrainingText, held_out: HeldOut, seed: int) -> Figures:
    """Rank topics for the phrases, and articles for phrases and questions."""
    ranks = _rank_topics(similarity, text, held_out.phrases)
    places = _rank_clauses(similarity, text, held_out.clauses)
    pool = _pool(text, seed)
    return Figures(
        _mean([rank < 1 for rank in ranks]),
        _mean([rank < 5 for rank in ranks]),
        _mean([rank < 1 for rank in places]),
        _mean([rank < 5 for rank in places]),
        _find_passages(similarity, text, held_out.phrases, pool),
        _find_articles(similarity, held_out.questions, pool),
    )


def measure_characters(text: TrainingText, held_out: HeldOut, seed: int) -> Figures:
    """Measure TF-IDF over characters and bigrams, for comparison."""
    vectorizer = TfidfVectorizer(analyzer="char", ngram_range=(1, 2), sublinear_tf=True, dtype=np.float32)
    vectorizer.fit(_pool(text, seed) + [term for topic in text.topics for term in topic.official])

    def similarity(queries: Sequence[str], texts: Sequence[str]) -> NDArray[np.float32]:
        scores: NDArray[np.float32] = (vectorizer.transform(queries) @ vectorizer.transform(texts).T).toarray()
        return scores

    return measure(similarity, text, held_out, seed)


def _pool(text: TrainingText, seed: int) -> list[str]:
    texts = sorted({article.text for article in text.articles})
    return sorted(Random(seed).sample(texts, min(POOL, len(texts))))


def _rank_topics(similarity: Similarity, text: TrainingText, phrases: Sequence[tuple[str, str]]) -> list[int]:
    """Return for each phrase the number of topics that come before its own."""
    terms = [(term, number) for number, topic in enumerate(text.topics) for term in topic.official]
    numbers = {topic.name: number for number, topic in enumerate(text.topics)}
    scores = similarity([phrase for phrase, _ in phrases], [term for term, _ in terms])
    best = np.full((len(phrases), len(text.topics)), -np.inf, dtype=np.float32)
    for column, (_, number) in enumerate(terms):
        best[:, number] = np.maximum(best[:, number], scores[:, column])
    own = best[np.arange(len(phrases)), [numbers[name] for _, name in phrases]]
    # topics of equal score count as before it, so that a phrase that matches nothing is not found
    ranks: list[int] = ((best >= own[:, None]).sum(axis=1) - 1).tolist()
    return ranks


def _rank_clauses(similarity: Similarity, text: TrainingText, asked: Sequence[tuple[str, str]]) -> list[int]:
    """Return for each question the number of example clauses that come before the one that answers it."""
    clauses = list(dict.fromkeys(clause.text for one in text.examples.values() for clause in one.clauses))
    if not asked:
        return []
    scores = similarity([question for question, _ in asked], clauses)
    own = scores[np.arange(len(asked)), [clauses.index(clause) for _, clause in asked]]
    ranks: list[int] = ((scores >= own[:, None]).sum(axis=1) - 1).tolist()
    return ranks


def _find_passages(
    similarity: Similarity, text: TrainingText, phrases: Sequence[tuple[str, str]], pool: list[str]
) -> float:
    """Return the share of phrases with an article on their topic among five, where the pool has three or more."""
    about = find_passages(text.topics, [Article("", content) for content in pool])
    right = {name: {article.text for article in found} for name, found in about.items()}
    asked = [(phrase, right[name]) for phrase, name in phrases if len(right.get(name, ())) >= 3]
    nearest = _nearest(similarity, [phrase for phrase, _ in asked], pool)
    return _mean([not found.isdisjoint(texts) for texts, (_, found) in zip(nearest, asked, strict=True)])


def _find_articles(similarity: Similarity, questions: Sequence[Question], pool: list[str]) -> float:
    """Return the mean share of a question's articles that are among five; a question's rows count as one."""
    right = {question.text: set[str]() for question in questions}
    for question in questions:
        right[question.text].update(question.statutes)
    texts = sorted({*pool, *(statute for statutes in right.values() for statute in statutes)})
    nearest = _nearest(similarity, list(right), texts)
    return _mean(
        [len(found.intersection(texts)) / len(found) for texts, found in zip(nearest, right.values(), strict=True)]
    )


def _nearest(similarity: Similarity, queries: list[str], texts: list[str]) -> list[list[str]]:
    if not queries:
        return []
    order = np.argsort(-similarity(queries, texts), axis=1, kind="stable")[:, :5]
    return [[texts[number] for number in row] for row in order]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else float("nan")
