"""The lexical index: BM25 over words, figures and character pairs. The only module that knows tantivy.

Scores are those of Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond (2009), as tantivy
computes them, summed over the fields. A filter on places changes which passages are found, never their scores.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

import tantivy
from tantivy import Occur, Query

from ingest.errors import IndexMissing
from ingest.words import bigrams, search_figures, search_words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from ingest.model import Passage

_WORD_FIELDS: Final = {"words": 1.0, "heading": 0.5, "topics": 0.5}  # field to weight
_BIGRAM_FIELDS: Final = {"bigrams": 0.5}
_HEAP_BYTES: Final = 64_000_000
_CACHED_QUERIES: Final = 256  # one question is asked of several places


class LexicalIndex:
    """Passages of one generation, found by their words."""

    def __init__(self, index: tantivy.Index) -> None:
        """Serve searches on an index that is complete: it is never written again."""
        self._schema = index.schema
        self._searcher = index.searcher()
        self._terms = lru_cache(_CACHED_QUERIES)(self._terms_of)

    @classmethod
    def create(cls, folder: Path, passages: Iterable[Passage]) -> LexicalIndex:
        """Write a new index into `folder`, which must hold none yet."""
        folder.mkdir(parents=True, exist_ok=True)
        index = tantivy.Index(_schema(), path=str(folder), reuse=False)
        writer = index.writer(_HEAP_BYTES, num_threads=1)  # one thread: passages of equal score keep their order
        for passage in passages:
            writer.add_document(_document(passage))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        return cls(index)

    @classmethod
    def open(cls, folder: Path) -> LexicalIndex:
        """Open the index in `folder`; IndexMissing if there is none."""
        if not folder.is_dir() or not tantivy.Index.exists(str(folder)):
            raise IndexMissing(f"No lexical index in {folder}: run `huiwen ingest` first.")
        return cls(tantivy.Index.open(str(folder)))

    def search(self, query: str, *, place_codes: Collection[str] | None, limit: int) -> list[tuple[str, float]]:
        """Passage ids with their BM25 scores, best first, at most `limit`.

        `place_codes` keeps the passages of these places; None keeps all. An empty collection finds nothing.
        The query is plain text: no character in it has a meaning of its own.
        """
        terms = self._terms(query)
        codes = None if place_codes is None else sorted(code for code in place_codes if code)
        if not terms or codes == [] or limit < 1:
            return []
        found = self._searcher.search(self._filtered(terms, codes), limit, count=False)
        return [(self._searcher.doc(address)["id"][0], float(score)) for score, address in found.hits]

    def _terms_of(self, query: str) -> list[Query]:
        words = dict.fromkeys([*search_words(query), *search_figures(query)])
        pairs = dict.fromkeys(bigrams(query))
        return [
            Query.boost_query(Query.term_query(self._schema, field, term, "freq"), weight)
            for fields, terms in ((_WORD_FIELDS, words), (_BIGRAM_FIELDS, pairs))
            for field, weight in fields.items()
            for term in terms
        ]

    def _filtered(self, terms: list[Query], codes: list[str] | None) -> Query:
        matches = Query.boolean_query([(Occur.Should, term) for term in terms])
        if codes is None:
            return matches
        places = Query.const_score_query(Query.term_set_query(self._schema, "place", codes), 0.0)
        return Query.boolean_query([(Occur.Must, places), (Occur.Must, matches)])


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("place", tokenizer_name="raw", index_option="basic")
    for field in (*_WORD_FIELDS, *_BIGRAM_FIELDS):
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="freq")
    return builder.build()


def _document(passage: Passage) -> tantivy.Document:
    fields = {
        "id": passage.id,
        "words": " ".join([*search_words(passage.text), *search_figures(passage.text)]),
        "bigrams": " ".join(bigrams(passage.text)),
        "heading": " ".join(search_words(passage.heading)),
        "topics": " ".join(search_words("\n".join(passage.topics))),
    }
    # Without a known place there is no term, so that no filter on places, not even on "", finds the passage.
    return tantivy.Document(**fields, **({"place": passage.place_code} if passage.place_code else {}))
