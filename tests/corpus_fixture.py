"""The five documents that ship, indexed once a session with the encoder that ships, and Huiwen opened on them."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.app import Huiwen, open_huiwen
from bot.contract import AskRequest, AskResponse
from ingest.build import BuildReport, build
from ingest.encoder import Encoder, load_encoder
from ingest.model import Clause, Document
from ingest.places import Gazetteer
from ingest.settings import Settings
from ingest.topics import Lexicon

PLACES = ("达拉特旗", "磴口县", "甘州区", "岚县", "六盘水市")
CODES = {"达拉特旗": "150621", "磴口县": "150822", "甘州区": "620702", "岚县": "141127", "六盘水市": "520200"}


@dataclass(frozen=True, slots=True)
class Corpus:
    """A copy of the corpus with its index, in a folder of the test's own."""

    settings: Settings
    huiwen: Huiwen
    tools: tuple[Encoder, Gazetteer, Lexicon]

    def ask(self, question: str, place: str | None = None, **fields: object) -> AskResponse:
        """Ask one question."""
        return self.huiwen.ask(AskRequest.model_validate({"question": question, "jurisdiction": place, **fields}))

    def document(self, document_id: str) -> Document:
        """A document that must be there."""
        document = self.huiwen.document(document_id)
        assert document is not None, document_id
        return document

    def clause(self, clause_id: str) -> Clause:
        """A clause that must be there."""
        clause = self.huiwen.clause(clause_id)
        assert clause is not None, clause_id
        return clause

    def rebuild(self) -> BuildReport:
        """Index what changed in the folder."""
        return build(self.settings, *self.tools, _tell_nobody)

    def environment(self) -> dict[str, str]:
        """The variables that make a process of its own work on this folder."""
        return environment_of(self.settings)


def environment_of(settings: Settings) -> dict[str, str]:
    """The variables that make a process of its own work on a corpus."""
    values = {"corpus": settings.corpus, "index": settings.index, "encoder": settings.encoder}
    return {f"HUIWEN_{name.upper()}": str(value) for name, value in values.items()}


def copy_settings(corpus: Corpus, folder: Path) -> Settings:
    """A copy of the folder, for tests that change it or work on it by commands; the settings that name it."""
    for source in (corpus.settings.corpus, corpus.settings.index):
        shutil.copytree(source, folder / source.name)
    return corpus.settings.model_copy(update={"corpus": folder / "corpus", "index": folder / "index"})


def copy_of(corpus: Corpus, folder: Path) -> Corpus:
    """A copy of the folder, and Huiwen opened on it."""
    settings = copy_settings(corpus, folder)
    return Corpus(settings, open_huiwen(settings), corpus.tools)


@pytest.fixture(scope="session")
def corpus(isolated_settings: None, tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """The five documents as they ship; not to be changed."""
    folder = tmp_path_factory.mktemp("five")
    shutil.copytree(Settings().corpus, folder / "corpus")
    settings = Settings(corpus=folder / "corpus", index=folder / "index")
    tools = (load_encoder(settings.encoder), Gazetteer.load(), Lexicon.load(settings.corpus / "topics"))
    assert not build(settings, *tools, _tell_nobody).failed
    return Corpus(settings, open_huiwen(settings), tools)


@pytest.fixture
def own_corpus(corpus: Corpus, tmp_path: Path) -> Corpus:
    """The same in a folder that a test may change."""
    return copy_of(corpus, tmp_path)


def _tell_nobody(step: str, done: int, total: int) -> None:
    """Progress that nobody watches."""
