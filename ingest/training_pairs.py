"""Draw pairs of texts that mean the same from the training text.

Three registers have to meet: the words of everyday questions, the terms of policies, and the long clauses that hold
those terms. So a pair is an everyday phrase with an official term of its topic, a phrase with a passage that contains
such terms, a question with the article that answers it, a sentence with the rest of its article, or two ways to ask.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from random import Random

    from ingest.training_text import Article, Question, Subject, TrainingText

COMMON_TERM = 1_000  # a term that stands in more articles than this says little about what they are about
LEXICON_WEIGHT = 3  # how often an epoch goes through the lexicon
ARTICLE_SHARE = 0.25  # of the articles, drawn anew each epoch: they are many, and an epoch has to be short
LONGEST_TEXT = 400  # characters; clauses are rarely longer
SENTENCE = re.compile(r"[^。；\n]+[。；]?")
PART = re.compile(r"[^，。；、\n]+[，。；、]?")
# What people put around the point of a question, which must not move the vector.
OPENINGS = ("", "", "", "请问", "你好，", "我们这儿", "我们县里", "听说", "想问一下，", "咱们区里", "我想了解")
ENDINGS = ("", "", "", "吗", "怎么办", "有什么政策", "找谁", "归哪个部门管", "要多久", "有补贴吗", "有什么条件", "咋弄")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts that mean the same; no other pair of its group is a counter-example to it."""

    anchor: str
    positive: str
    group: str


class PairSampler:
    """Draws the pairs of one epoch after another: other terms, sentences and passages each time."""

    def __init__(self, text: TrainingText) -> None:
        self._text = text
        self._passages = find_passages(text.subjects, text.articles)

    def sample(self, random: Random) -> list[Pair]:
        """Draw one epoch's pairs, in random order."""
        pairs = list(self._article_pairs(random))
        for _ in range(LEXICON_WEIGHT):
            for subject in self._text.subjects:
                pairs.extend(self._subject_pairs(subject, random))
        for question in self._text.questions:
            pairs.extend(_question_pairs(question))
        pairs.extend(Pair(left, right, left) for left, right in self._text.paraphrases)
        random.shuffle(pairs)
        return pairs

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

    def _subject_pairs(self, subject: Subject, random: Random) -> Iterator[Pair]:
        terms = (subject.name, *subject.official)
        for phrase in subject.colloquial:
            question = random.choice(OPENINGS) + phrase + random.choice(ENDINGS)
            yield Pair(phrase, random.choice(terms), subject.name)
            yield Pair(question, self._passage(subject, random), subject.name)
            yield Pair(phrase, random.choice(subject.colloquial), subject.name)
        for term in terms:
            yield Pair(term, random.choice(terms), subject.name)
            yield Pair(term, self._passage(subject, random), subject.name)

    def _passage(self, subject: Subject, random: Random) -> str:
        """Return a long text about the subject: a statute that has one of its terms, or one with terms put into it."""
        found = self._passages.get(subject.name)
        if found and random.random() < 0.5:
            article = random.choice(found)
            return f"{article.title}\n{article.text}"[:LONGEST_TEXT]
        terms = random.sample(subject.official, min(len(subject.official), random.randint(1, 3)))
        sentences = SENTENCE.findall(random.choice(self._text.articles).text[:LONGEST_TEXT]) + terms[1:]
        random.shuffle(sentences)
        return terms[0] + "\n" + "".join(sentences)


def find_passages(subjects: Sequence[Subject], articles: Sequence[Article]) -> dict[str, list[Article]]:
    """Return for each subject's name the articles that contain one of its rarer official terms."""
    owners: defaultdict[str, set[str]] = defaultdict(set)
    for subject in subjects:
        for term in subject.official:
            owners[term].add(subject.name)
    # a text's pairs of neighbouring characters say which few terms are worth looking for in it
    by_start: defaultdict[str, list[str]] = defaultdict(list)
    for term in owners:
        by_start[term[:2]].append(term)
    holders: defaultdict[str, list[Article]] = defaultdict(list)
    for article in articles:
        starts = {article.text[i : i + 2] for i in range(len(article.text) - 1)}
        for start in sorted(starts & by_start.keys()):
            for term in by_start[start]:
                if term in article.text:
                    holders[term].append(article)
    found: defaultdict[str, list[Article]] = defaultdict(list)
    for term, texts in holders.items():
        if len(texts) <= COMMON_TERM:
            for name in sorted(owners[term]):
                found[name].extend(texts)
    return found


def _question_pairs(question: Question) -> Iterator[Pair]:
    statutes = [statute[:LONGEST_TEXT] for statute in question.statutes]
    for asked in filter(None, (question.text, question.keywords)):
        for told in filter(None, (question.answer[:LONGEST_TEXT], *statutes)):
            yield Pair(asked, told, question.text)
