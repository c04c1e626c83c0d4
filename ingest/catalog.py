"""The catalog: SQLite with documents, clauses, facts and topics. The truth; every index is made from it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from ingest.model import Clause, Document, Facts
from ingest.parse import ParsedDocument

_SCHEMA = """
CREATE TABLE document (
    id TEXT PRIMARY KEY, place TEXT, status TEXT NOT NULL, digest TEXT NOT NULL, data TEXT NOT NULL
);
CREATE TABLE clause (
    id TEXT PRIMARY KEY, document TEXT NOT NULL REFERENCES document, position INTEGER NOT NULL, data TEXT NOT NULL
);
CREATE INDEX clause_of_document ON clause (document, position);
CREATE TABLE fact (
    clause TEXT NOT NULL REFERENCES clause, kind TEXT NOT NULL, position INTEGER NOT NULL, data TEXT NOT NULL
);
CREATE INDEX fact_of_clause ON fact (clause);
CREATE TABLE topic (clause TEXT NOT NULL REFERENCES clause, name TEXT NOT NULL, position INTEGER NOT NULL);
CREATE INDEX topic_of_clause ON topic (clause);
CREATE INDEX clause_of_topic ON topic (name);
"""
_CACHED_CLAUSES = 4096
_document_adapter: TypeAdapter[Document] = TypeAdapter(Document)
_clause_adapter: TypeAdapter[Clause] = TypeAdapter(Clause)


def write_catalog(path: Path, documents: Iterable[ParsedDocument]) -> None:
    """Write a new catalog file; `path` must not exist."""
    connection = sqlite3.connect(path)
    try:
        with connection:
            connection.executescript(_SCHEMA)
            for parsed in documents:
                _insert(connection, parsed)
    finally:
        connection.close()


class Catalog:
    """A finished catalog, read only. Safe to share between threads."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True, check_same_thread=False)
        self._clause = lru_cache(_CACHED_CLAUSES)(self._read_clause)
        self._documents = {document.id: document for document in self._read_documents()}

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def documents(self) -> Sequence[Document]:
        """Every document, in the order of their ids."""
        return list(self._documents.values())

    def document(self, document_id: str) -> Document | None:
        """One document."""
        return self._documents.get(document_id)

    def clauses(self, document_id: str) -> Sequence[Clause]:
        """A document's clauses in the order of its text."""
        rows = self._connection.execute("SELECT id FROM clause WHERE document = ? ORDER BY position", (document_id,))
        return [clause for (identity,) in rows.fetchall() if (clause := self._clause(identity))]

    def clause(self, clause_id: str) -> Clause | None:
        """One clause."""
        return self._clause(clause_id)

    def clauses_on(self, topic: str, place_codes: Collection[str] | None) -> list[tuple[str, int]]:
        """Ids of the clauses on a topic, with its rank among each one's topics (from 0); None for all places."""
        query = (
            "SELECT topic.clause, topic.position, document.place FROM topic JOIN clause ON clause.id = topic.clause "
            "JOIN document ON document.id = clause.document WHERE topic.name = ? "
            "ORDER BY clause.document, clause.position"
        )
        rows = self._connection.execute(query, (topic,)).fetchall()
        return [(clause, rank) for clause, rank, place in rows if place_codes is None or place in place_codes]

    def _read_documents(self) -> Iterator[Document]:
        for (data,) in self._connection.execute("SELECT data FROM document ORDER BY id"):
            yield _document_adapter.validate_json(data)

    def _read_clause(self, clause_id: str) -> Clause | None:
        row = self._connection.execute("SELECT data FROM clause WHERE id = ?", (clause_id,)).fetchone()
        if row is None:
            return None
        facts: dict[str, list[Any]] = {}
        query = "SELECT kind, data FROM fact WHERE clause = ? ORDER BY kind, position"
        for kind, data in self._connection.execute(query, (clause_id,)):
            facts.setdefault(kind, []).append(json.loads(data))
        query = "SELECT name FROM topic WHERE clause = ? ORDER BY position"
        topics = [name for (name,) in self._connection.execute(query, (clause_id,))]
        return _clause_adapter.validate_python(json.loads(row[0]) | {"facts": facts, "topics": topics})


def _insert(connection: sqlite3.Connection, parsed: ParsedDocument) -> None:
    document = parsed.document
    place = document.place.code if document.place else None
    data = _document_adapter.dump_json(document).decode()
    row = (document.id, place, document.status, document.digest, data)
    connection.execute("INSERT INTO document VALUES (?, ?, ?, ?, ?)", row)
    for clause in parsed.clauses:
        record = {name: value for name, value in asdict(clause).items() if name not in ("facts", "topics")}
        values = (clause.id, document.id, clause.order, _json(record))
        connection.execute("INSERT INTO clause VALUES (?, ?, ?, ?)", values)
        connection.executemany("INSERT INTO fact VALUES (?, ?, ?, ?)", list(_fact_rows(clause)))
        rows = [(clause.id, name, position) for position, name in enumerate(clause.topics)]
        connection.executemany("INSERT INTO topic VALUES (?, ?, ?)", rows)


def _fact_rows(clause: Clause) -> Iterator[tuple[str, str, int, str]]:
    for kind in fields(Facts):
        for position, fact in enumerate(getattr(clause.facts, kind.name)):
            yield clause.id, kind.name, position, _json(asdict(fact))


def _json(record: dict[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False, default=str)
