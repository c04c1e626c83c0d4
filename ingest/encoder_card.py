"""Write the model card that lies beside a trained encoder."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ingest.contrastive import Options
    from ingest.measure_encoder import Report
    from ingest.training_text import TrainingText

CARD = """\
---
language: zh
library_name: sentence-transformers
pipeline_tag: sentence-similarity
tags: [sentence-transformers, static-embedding]
---

# Static encoder for Chinese policy text

Brings everyday questions of shop owners and clauses of Chinese policies into one space. It is a table of word
vectors: a text's vector is the mean of its words' vectors, scaled to length one. The tokenizer is a Unigram model whose
vocabulary is Chinese words with their log frequencies, so that 财政 is one token; what is no word falls apart into
characters, numbers into digits; punctuation is dropped, an unknown character weighs nothing.

```python
from sentence_transformers import SentenceTransformer

model = SentenceTransformer("ingest/static_encoder", device="cpu")
model.similarity(model.encode("把店变成公司"), model.encode("个体工商户转型升级为企业"))
```

The vectors are stored as int8 with one scale a word, a layout that sentence-transformers 6 reads into float32.
Written by `python -m ingest.train_encoder`, this card included: change the script, not the card.

## Data

| what | pieces | source | licence |
|---|---|---|---|
| articles of Chinese laws and rules | {articles:,} | LawRefBook/Laws | texts of law: not subject to copyright |
| lay legal questions, the articles that answer them | {questions:,} | LeCoQA, STARD (oneal2000) | MIT |
| paraphrased customer questions | {paraphrases:,} | ATEC (liuaiting/ATEC) | Apache-2.0 |
| topics | {topics:,} | this project's lexicon, `corpus/topics` | this project's |
| clauses as texts write them | {clauses:,} | this project's examples, `corpus/examples` | this project's |
| things with their everyday names | {concepts:,} | this project's `corpus/everyday_words.yaml` | this project's |

The topics hold {official:,} official terms and {colloquial:,} everyday phrases, the examples {asked:,} questions. All
were written without sight of the questions that answers are measured on.
No text of the training data is in the model; its vocabulary is words counted in it.

## Training

About {pairs:,} pairs an epoch, drawn anew each time: an everyday phrase with an official term, with another phrase of
its topic, and with a passage that holds such terms (a statute, or terms put among a statute's sentences); a question
with the clause that answers it; an everyday word with the word of texts, alone and put in its place in a statute; a
question with its answer and its articles; two ways to ask one thing; a sentence with the rest of its article. In-batch
negatives in both directions, pairs of one topic or article excepted unless they belong to different clauses of it,
which are put into one batch; {epochs} epochs in batches of {batch:,}, Adam at {learning_rate} with warm-up and linear
decay, {dimensions} dimensions, seed {seed}; {spelled:.0%} of the words read as characters.
The same text, seed and number of threads give the same weights again.

## Figures

{figures}

## What was tried and left out

Each was trained anew and measured on phrases, clauses and questions held out, several times where the gain was small.

- Weights after training by inverse document frequency, by smooth inverse frequency (SIF), or without the first common
  component: no gain, since training already makes telling words long.
- The root of the learned length times SIF: the topic of a phrase stood first in 0.010 to 0.015 more cases on two
  splits, but in the whole search nothing moved that mattered (three sets, 853 questions, first clause right: 0.805
  for 0.802, 0.897 for 0.893, 0.856 for 0.861), so it was left out.
- Matryoshka training: 128 dimensions cut from the trained ones by principal components were as good as 128 trained so.
- A student of the mean of three seeds: no gain. The three seeds' vectors side by side, cut to 256 dimensions by
  principal components: a little better than one seed, at three times the training.

Kept are hard negatives (clauses of one topic in one batch), words read as characters now and then, and, in the search,
late interaction over the same vectors of words.

## Limits

A mean of words knows no order and no negation, and says nothing about places, dates or amounts; use it beside a
lexical index, never alone. It knows what is everyday speech from the lexicon, so words outside it count by their
characters. The data is mainland Chinese law and trade; dialects and other subjects are at their edge.
"""

NOT_MEASURED = "Not measured in this training run."


def write_card(text: TrainingText, options: Options, pairs: int, report: Report | None) -> str:
    """Return the card in Markdown: data, training, figures and limits."""
    return CARD.format(
        articles=len(text.articles),
        questions=len({question.text for question in text.questions}),
        paraphrases=len(text.paraphrases),
        topics=len(text.topics),
        official=sum(len(topic.official) for topic in text.topics),
        colloquial=sum(len(topic.colloquial) for topic in text.topics),
        clauses=sum(len(one.clauses) for one in text.examples.values()),
        asked=sum(len(one.questions) + sum(len(c.questions) for c in one.clauses) for one in text.examples.values()),
        concepts=len(text.concepts),
        pairs=pairs,
        batch=options.batch,
        epochs=options.epochs,
        learning_rate=options.learning_rate,
        dimensions=options.dimensions,
        seed=options.seed,
        spelled=options.spelled,
        figures="\n".join(report.lines()) if report else NOT_MEASURED,
    )
