"""Fit the model that tells attacks from honest questions: `python -m bot.train_screen --data FOLDER`.

It learns from corpus/attacks.yaml and attacks_frames.yaml against looks_like_attack.yaml, the lexicon's everyday
phrases, out_of_scope.yaml and the questions of examples/; also from the lay questions among the text that the encoder
is trained on, so that a word that it never met is no sign of an attack. Attacks hidden among honest questions, and
honest questions in a row, are put together from these. It prints rates on kinds and topics that it did not learn from.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import yaml
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from bot.disguise import fold
from bot.likeness import BUCKETS, Families, Likeness, buckets
from ingest.errors import LexiconError
from ingest.examples import load_examples
from ingest.settings import ROOT
from ingest.topics import Lexicon, OffTopic
from ingest.training_text import read_training_text
from prompts.screening import load_screening

SOURCES = ("corpus/attacks.yaml", "corpus/attacks_frames.yaml", "corpus/looks_like_attack.yaml", "prompts/screen.yml")
_JOINTS = ("，", "？", "。", "，另外", "，顺便", "，还有", "，然后", " ")  # between two questions put together
_GAP = re.compile(r"\{(\w+)\}")
_DRAWS = 25  # times that a sentence with named gaps is filled
_HONEST_GROUPS = 6000
_BEHIND = 0.75  # share of the hidden attacks that stand last
_FOLDS = 7
_C = 10.0  # inverse strength of regularisation, by cross-validation
_THRESHOLDS = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0)
# How much one text counts, by where it comes from.
_WEIGHTS = {"attacks": 5.0, "look_alikes": 8.0, "hidden": 2.0, "frames": 0.5}


class Frames(BaseModel):
    """Sentences with a gap, for attacks and for honest questions, and what fills the gap."""

    model_config = ConfigDict(extra="forbid")

    group: str
    kinds: list[str]
    slots: list[str] = Field(default_factory=list)  # what fills {}
    lists: dict[str, list[str]] = Field(default_factory=dict)  # what fills {name}, by name
    attack: list[str] = Field(default_factory=list)
    honest: list[str] = Field(default_factory=list)

    def fill(self, sentences: Sequence[str]) -> list[str]:
        """Sentences with each of the slots; or, where gaps are named, a few times with what is drawn from the lists."""
        if not self.lists:
            return [sentence.replace("{}", slot) for sentence in sentences for slot in self.slots]
        chance = random.Random(0)
        drawn = (self._draw(sentence, chance) for sentence in sentences for _ in range(_DRAWS))
        return list(dict.fromkeys(drawn))

    def _draw(self, sentence: str, chance: random.Random) -> str:
        return _GAP.sub(lambda gap: chance.choice(self.lists[gap[1]]), sentence)


@dataclass(frozen=True, slots=True)
class Text:
    """One text to learn from."""

    text: str
    source: str
    kinds: frozenset[str]  # it is held out with any of these
    attack: bool


Model = TypeVar("Model", bound=BaseModel)


def read_texts(corpus: Path, data: Path) -> list[Text]:
    """Every text of the corpus and of the training text that the model learns from, as it was written."""
    lexicon = Lexicon.load(corpus / "topics")
    examples = load_examples(corpus / "examples", {topic.name for topic in lexicon.topics})
    texts = [Text(phrase, "off_topic", frozenset({phrase}), False) for phrase in lexicon.off_topic]
    for source, name in (("attacks", "attacks"), ("look_alikes", "looks_like_attack")):
        for entry in _read(corpus / f"{name}.yaml", OffTopic):
            texts += [Text(each, source, frozenset({entry.topic}), source == "attacks") for each in entry.phrases]
    for topic in lexicon.topics:
        texts += [Text(phrase, "topics", frozenset({topic.name}), False) for phrase in topic.colloquial]
    for name, example in examples.items():
        questions = (*example.questions, *(question for clause in example.clauses for question in clause.questions))
        texts += [Text(question, "examples", frozenset({name}), False) for question in questions]
    training = read_training_text(data, corpus)
    lay = [*(question.text for question in training.questions), *itertools.chain(*training.paraphrases)]
    texts += [Text(each, "lay", frozenset({each}), False) for each in dict.fromkeys(lay)]
    for frames in _read(corpus / "attacks_frames.yaml", Frames):
        for attack, sentences in ((True, frames.attack), (False, frames.honest)):
            texts += [Text(each, "frames", frozenset(frames.kinds), attack) for each in frames.fill(sentences)]
    return texts


def digest_of_sources() -> str:
    """Equal as long as the files that the model was fitted on for the sake of attacks are the same."""
    return hashlib.sha256(b"\0".join((ROOT / source).read_bytes() for source in SOURCES)).hexdigest()


def fit(texts: Sequence[Text], families: Families) -> Likeness:
    """Fit the model to texts and to what is put together from them."""
    everything = [*texts, *_put_together(texts)]
    regression = LogisticRegression(C=_C, tol=1e-2, max_iter=300, solver="liblinear")
    regression.fit(
        _matrix((each.text for each in everything), families),
        [each.attack for each in everything],
        sample_weight=[_WEIGHTS.get(each.source, 1.0) for each in everything],
    )
    weights = regression.coef_[0].astype(np.float32)
    return Likeness(weights, float(regression.intercept_[0]), families, digest_of_sources())


def cross_validate(texts: Sequence[Text], families: Families) -> NDArray[np.float64]:
    """Each text's score by a model that saw nothing of its kind; NaN for frames, which are only learned from."""
    shuffled = sorted({kind for each in texts for kind in each.kinds if each.source != "frames"})
    random.Random(0).shuffle(shuffled)
    fold_of = {kind: number % _FOLDS for number, kind in enumerate(shuffled)}
    scores = np.full(len(texts), np.nan)
    for number in range(_FOLDS):
        held = {kind for kind, fold_number in fold_of.items() if fold_number == number}
        model = fit([each for each in texts if not each.kinds & held], families)
        for index, each in enumerate(texts):
            if each.source != "frames" and each.kinds & held:
                scores[index] = model.score(fold(each.text))
    return scores


def main() -> None:
    """Measure, fit to everything, and write the model."""
    parser = argparse.ArgumentParser(description="Fit the model that tells attacks from honest questions.")
    parser.add_argument("--data", type=Path, required=True, help="folder of the text that the encoder is trained on")
    texts = read_texts(ROOT / "corpus", parser.parse_args().data)
    words = load_screening().words
    families = Families(words)
    scores = cross_validate(texts, families)
    for source in dict.fromkeys(each.source for each in texts if each.source != "frames"):
        of_source = scores[[each.source == source for each in texts]]
        rates = "  ".join(f"{threshold:+.1f}: {(of_source >= threshold).mean():.4f}" for threshold in _THRESHOLDS)
        print(f"{source:12} {len(of_source):6} texts, refused from {rates}")
    fit(texts, families).save()


def _put_together(texts: Sequence[Text]) -> list[Text]:
    """Attacks among honest questions, and honest questions together, so that length by itself says nothing."""
    chance = random.Random(0)
    honest = [each.text for each in texts if each.source in ("topics", "examples", "look_alikes")]
    together = []
    for attack in (each.text for each in texts if each.source == "attacks"):
        pieces = chance.choices(honest, k=chance.choice((1, 1, 2)))
        pieces.insert(len(pieces) if chance.random() < _BEHIND else chance.randrange(len(pieces)), attack)
        together.append(Text(_join(pieces, chance), "hidden", frozenset(), True))
    for _ in range(_HONEST_GROUPS):
        together.append(
            Text(_join(chance.choices(honest, k=chance.choice((2, 2, 3, 4))), chance), "groups", frozenset(), False)
        )
    return together


def _join(pieces: Sequence[str], chance: random.Random) -> str:
    return "".join(piece + chance.choice(_JOINTS) for piece in pieces[:-1]) + pieces[-1]


def _matrix(texts: Iterable[str], families: Families) -> csr_matrix:
    """One row a text: 1 over the root of their number for the features of each kind."""
    columns: list[NDArray[np.int64]] = []
    values: list[NDArray[np.float64]] = []
    starts = [0]
    for text in texts:
        kinds = buckets(fold(text), families)
        columns += kinds
        values += [np.full(len(each), max(1, len(each)) ** -0.5) for each in kinds]
        starts.append(starts[-1] + sum(map(len, kinds)))
    return csr_matrix((np.concatenate(values), np.concatenate(columns), starts), shape=(len(starts) - 1, BUCKETS))


def _read(path: Path, model: type[Model]) -> list[Model]:
    entries = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
    try:
        return [model.model_validate(entry) for entry in entries]
    except ValidationError as error:
        raise LexiconError(f"{path}: {error}; mend the entry") from error


if __name__ == "__main__":
    main()
