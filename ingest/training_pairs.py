"""Draw pairs of texts that mean the same from the training text.

Three registers have to meet: the words of everyday questions, the terms of policies, and the long clauses that hold
those terms. So a pair is an everyday phrase with an official term of its topic, a question with a clause that answers
it, a statute with one of its terms said in everyday words beside the statute itself, a question with the article that
answers it, a sentence with the rest of its article, or two ways to ask.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from random import Random

    from ingest.examples import Examples
    from ingest.thesaurus import Concept
    from ingest.topics import Topic
    from ingest.training_text import Article, Question, TrainingText

COMMON_TERM = 1_000  # a term that stands in more articles than this says little about what they are about
PLACES_KEPT = 400  # of a word in the statutes, to put another in its place
LEXICON_WEIGHT = 3  # how often an epoch goes through the lexicon
EXAMPLES_WEIGHT = 2  # and through the examples and the everyday words
ARTICLE_SHARE = 0.25  # of the articles, drawn anew each epoch: they are many, and an epoch has to be short
LONGEST_TEXT = 400  # characters; clauses are rarely longer
WINDOW = 60  # characters on either side of a word
SENTENCE = re.compile(r"[^。；\n]+[。；]?")
PART = re.compile(r"[^，。；、\n]+[，。；、]?")
# What people put around the point of a question, which must not move the vector.
OPENINGS = ("", "", "", "请问", "你好，", "我们这儿", "我们县里", "听说", "想问一下，", "咱们区里", "我想了解")
ENDINGS = ("", "", "", "吗", "怎么办", "有什么政策", "找谁", "归哪个部门管", "要多久", "有补贴吗", "有什么条件", "咋弄")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts that mean the same; no other pair of its group is a counter-example to it.

    Unless both are of a side of the matter, and of different ones: the clauses of a topic tell each other apart.
    """

    anchor: str
    positive: str
    group: str
    side: int | None = None


class PairSampler:
    """Draws the pairs of one epoch after another: other terms, sentences and passages each time."""

    def __init__(self, text: TrainingText) -> None:
        self._text = text
        self._passages = find_passages(text.topics, text.articles)
        self._places = find_places({word for one in text.concepts for word in one.official}, text.articles)

    def sample(self, random: Random) -> list[Pair]:
        """Draw one epoch's pairs, in random order, but the sides of a topic together, so that they meet."""
        pairs = list(self._article_pairs(random))
        for _ in range(LEXICON_WEIGHT):
            for topic in self._text.topics:
                pairs.extend(self._topic_pairs(topic, random))
        for question in self._text.questions:
            pairs.extend(_question_pairs(question))
        pairs.extend(Pair(left, right, left) for left, right in self._text.paraphrases)
        together: list[list[Pair]] = []
        for _ in range(EXAMPLES_WEIGHT):
            for concept in self._text.concepts:
                pairs.extend(self._concept_pairs(concept, random))
            for topic in self._text.topics:
                if examples := self._text.examples.get(topic.name):
                    pairs.extend(self._example_pairs(topic, examples, random))
                    together.append(list(_side_pairs(examples, random)))
        blocks = [*([pair] for pair in pairs), *together]
        random.shuffle(blocks)
        return [pair for block in blocks for pair in block]

    def _article_pairs(self, random: Random) -> Iterator[Pair]:
        articles = self._text.articles
        for article in random.sample(articles, math.ceil(len(articles) * ARTICLE_SHARE)):
            parts = SENTENCE.findall(article.text)
            if len(parts) < 2:
                parts = PART.findall(article.text)
            if len(parts) < 2:
                continue
            chosen = random.randrange(len(parts))
            rest = "".join(parts[:chosen] + parts[chosen + 1 :])
            yield Pair(parts[chosen], f"{article.title}\n{rest}"[:LONGEST_TEXT], article.text)
            if random.random() < 0.1:
                yield Pair(article.title, article.text[:LONGEST_TEXT], article.title)

    def _topic_pairs(self, topic: Topic, random: Random) -> Iterator[Pair]:
        for phrase in topic.colloquial:
            question = random.choice(OPENINGS) + phrase + random.choice(ENDINGS)
            yield Pair(phrase, random.choice(topic.terms), topic.name)
            yield Pair(question, self._passage(topic, random), topic.name)
            yield Pair(phrase, random.choice(topic.colloquial), topic.name)
        for term in topic.terms:
            yield Pair(term, random.choice(topic.terms), topic.name)
            yield Pair(term, self._passage(topic, random), topic.name)

    def _example_pairs(self, topic: Topic, examples: Examples, random: Random) -> Iterator[Pair]:
        """Questions on a topic with its terms, clauses, other questions and passages; its clauses with its terms."""
        asked = (*examples.questions, *topic.colloquial)
        for question in examples.questions:
            clause = random.choice(examples.clauses).text
            passage = self._among_statutes([clause], random) if random.random() < 0.5 else self._passage(topic, random)
            for positive in (random.choice(topic.terms), clause, random.choice(asked), passage):
                yield Pair(question, positive, topic.name)
        for example in examples.clauses:
            yield Pair(random.choice(topic.terms), example.text, topic.name)
            yield Pair(random.choice(topic.colloquial), example.text, topic.name)

    def _concept_pairs(self, concept: Concept, random: Random) -> Iterator[Pair]:
        """An everyday word with the word of texts, and put in its place in a statute with the statute."""
        for everyday in concept.everyday:
            official = random.choice(concept.official)
            yield Pair(everyday, official, concept.official[0])
            if found := self._places.get(official):
                article, start = random.choice(found)
                end, margin = start + len(official), random.randint(6, 20)
                said = article.text[max(0, start - margin) : start] + everyday + article.text[end : end + margin]
                near = article.text[max(0, start - WINDOW) : end + WINDOW]
                whole = article.text[:LONGEST_TEXT]
                yield Pair(said, whole if random.random() < 0.5 else near, concept.official[0])

    def _passage(self, topic: Topic, random: Random) -> str:
        """Return a long text on the topic: a statute that has one of its terms, or one with terms put into it."""
        found = self._passages.get(topic.name)
        if found and random.random() < 0.5:
            article = random.choice(found)
            return f"{article.title}\n{article.text}"[:LONGEST_TEXT]
        terms = random.sample(topic.official, min(len(topic.official), random.randint(1, 3)))
        return terms[0] + "\n" + self._among_statutes(terms[1:], random)

    def _among_statutes(self, texts: list[str], random: Random) -> str:
        """Return texts in any order among the sentences of a statute that is about something else."""
        sentences = SENTENCE.findall(random.choice(self._text.articles).text[:LONGEST_TEXT]) + texts
        random.shuffle(sentences)
        return "".join(sentences)


def find_passages(topics: Sequence[Topic], articles: Sequence[Article]) -> dict[str, list[Article]]:
    """Return for each topic's name the articles that contain one of its rarer official terms."""
    owners: defaultdict[str, set[str]] = defaultdict(set)
    for topic in topics:
        for term in topic.official:
            owners[term].add(topic.name)
    holders: defaultdict[str, dict[str, Article]] = defaultdict(dict)
    by_start = _by_start(owners)
    for article in articles:
        for term, _ in _find_terms(article.text, by_start):
            holders[term][article.text] = article
    found: defaultdict[str, list[Article]] = defaultdict(list)
    for term, texts in holders.items():
        if len(texts) <= COMMON_TERM:
            for name in sorted(owners[term]):
                found[name].extend(texts.values())
    return found


def find_places(words: Iterable[str], articles: Iterable[Article]) -> dict[str, list[tuple[Article, int]]]:
    """Return where each word stands in articles that are not too long, a limited number of places a word."""
    places: defaultdict[str, list[tuple[Article, int]]] = defaultdict(list)
    by_start = _by_start(words)
    for article in articles:
        if len(article.text) <= LONGEST_TEXT:
            for word, start in _find_terms(article.text, by_start):
                if len(places[word]) < PLACES_KEPT:
                    places[word].append((article, start))
    return places


def _by_start(terms: Iterable[str]) -> dict[str, list[str]]:
    """Return terms by their first two characters, which say which few are worth looking for in a text."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for term in sorted(terms):
        found[term[:2]].append(term)
    return found


def _find_terms(text: str, by_start: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, int]]:
    """Yield every term in a text with where it begins."""
    for start in range(len(text) - 1):
        for term in by_start.get(text[start : start + 2], ()):
            if text.startswith(term, start):
                yield term, start


def _side_pairs(examples: Examples, random: Random) -> Iterator[Pair]:
    """Questions with the very clause that answers them, and with each other."""
    for number, clause in enumerate(examples.clauses):
        for question in clause.questions:
            yield Pair(question, clause.text, examples.topic, number)
            yield Pair(question, random.choice(clause.questions), examples.topic, number)


def _question_pairs(question: Question) -> Iterator[Pair]:
    statutes = [statute[:LONGEST_TEXT] for statute in question.statutes]
    for asked in filter(None, (question.text, question.keywords)):
        for told in filter(None, (question.answer[:LONGEST_TEXT], *statutes)):
            yield Pair(asked, told, question.text)
