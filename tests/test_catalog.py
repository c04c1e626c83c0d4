"""What is written into the catalog comes out of it again."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from ingest.catalog import Catalog, write_catalog
from tests.fakes_ingest import IDS, parse_text, parsed


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalog]:
    path = tmp_path_factory.mktemp("catalog") / "catalog.sqlite"
    write_catalog(path, [parsed(document) for document in reversed(IDS)])
    with closing(Catalog(path)) as opened:
        yield opened


@pytest.mark.parametrize("document", IDS)
def test_documents_and_clauses_come_back_as_they_were(catalog: Catalog, document: str) -> None:
    assert catalog.document(document) == parsed(document).document
    assert tuple(catalog.clauses(document)) == parsed(document).clauses


def test_documents_are_in_the_order_of_their_ids(catalog: Catalog) -> None:
    assert [document.id for document in catalog.documents()] == list(IDS)


def test_one_clause(catalog: Catalog) -> None:
    wanted = parsed("lanxian-2022").clauses[-2]
    assert catalog.clause(wanted.id) == wanted
    assert catalog.clause(wanted.id) is catalog.clause(wanted.id)


def test_what_does_not_exist(catalog: Catalog) -> None:
    assert catalog.document("nowhere") is None
    assert catalog.clause("nowhere#一") is None
    assert catalog.clauses("nowhere") == []
    assert catalog.clauses_on("没有的主题", None) == []


def test_clauses_on_a_topic_with_its_rank(catalog: Catalog) -> None:
    every = [one for document in IDS for one in parsed(document).clauses]
    topic = next(one.topics[1] for one in every if len(one.topics) > 1)
    expected = [(one.id, one.topics.index(topic)) for one in every if topic in one.topics]
    assert catalog.clauses_on(topic, None) == expected
    dalate = [(identity, rank) for identity, rank in expected if identity.startswith("dalate")]
    assert catalog.clauses_on(topic, {"150621", "100000"}) == dalate
    assert catalog.clauses_on(topic, set()) == []


def test_threads_may_share_it(catalog: Catalog) -> None:
    identities = [one.id for document in IDS for one in parsed(document).clauses]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(catalog.clause, identities * 4))
    assert [one.id for one in found if one] == identities * 4


def test_a_document_without_place_or_clauses_with_odd_text(tmp_path: Path) -> None:
    odd = parse_text("一、“引号”'单引号'\\反斜杠\n😀 表情\t制表")
    write_catalog(tmp_path / "catalog.sqlite", [odd])
    with closing(Catalog(tmp_path / "catalog.sqlite")) as opened:
        assert opened.document("doc") == odd.document
        assert tuple(opened.clauses("doc")) == odd.clauses


def test_it_is_read_only_and_written_once(tmp_path: Path) -> None:
    path = tmp_path / "catalog.sqlite"
    write_catalog(path, [])
    with pytest.raises(sqlite3.OperationalError):
        write_catalog(path, [])
    with closing(Catalog(path)) as opened, pytest.raises(sqlite3.OperationalError, match="readonly"):
        opened._connection.execute("DELETE FROM clause")
