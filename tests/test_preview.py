"""A file's name can do no harm whatever it is, and a file's report tells what it would do to the corpus."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.corpus import FileReport, list_files, parse_corpus, read_corpus
from ingest.load import Loader
from ingest.preview import preview_file, safe_name
from ingest.settings import Settings
from tests.fakes_ingest import gazetteer, lexicon

TEXT = "某某旗促进就业办法\n一、支持达拉特旗的毕业生创业，给予补贴。\n二、支持农民工返乡。\n"


@given(
    st.text(max_size=300) | st.from_regex(r"(\.\./|/|\\|~\$|\.)*[a-z.<>'\"%\x00办法]{0,90}(\.docx)?", fullmatch=True)
)
def test_a_safe_name_is_one_visible_name_in_the_folder(name: str) -> None:
    safe = safe_name(name)
    assert Path(safe).name == safe
    assert safe not in ("", ".", "..")
    assert len(safe.encode()) <= 200
    assert not set(safe) & set("/\\<>&'\"%:*?|\x00\n")
    assert not safe.startswith((".", "-", "~$", "Thumbs.db", "desktop.ini"))
    assert safe_name(safe) == safe


@pytest.mark.parametrize(
    ("given_name", "safe"),
    [
        ("关于印发《办法》的通知（2024）.docx", "关于印发《办法》的通知（2024）.docx"),
        ("../../etc/passwd", "passwd"),
        ("C:\\文件\\办法 (1).pdf", "办法-(1).pdf"),
        ("<script>x</script>.txt", "script.txt"),
        ("~$办法.docx", "办法.docx"),
        ("..", "document"),
    ],
)
def test_names(given_name: str, safe: str) -> None:
    assert safe_name(given_name) == safe


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "corpus" / "documents" / "县里").mkdir(parents=True)
    (tmp_path / "corpus" / "documents" / "县里" / "旧.txt").write_text(TEXT, encoding="utf-8")
    return Settings(corpus=tmp_path / "corpus", index=tmp_path / "index")


def preview(settings: Settings, path: Path) -> FileReport:
    with Loader(settings) as loader:
        corpus = parse_corpus(read_corpus(settings), loader, gazetteer(), lexicon(), lambda *_: None)
        others = [one.parsed for one in corpus if one.parsed]
        return preview_file(path, settings, loader, gazetteer(), lexicon(), others)


def test_a_report_is_that_of_the_file_and_changes_nothing(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "新.txt"
    path.write_text(TEXT, encoding="gb18030")
    before = list(list_files(settings.corpus))
    report = preview(settings, path)
    assert report.parsed
    assert (report.file, report.parsed.document.id, len(report.parsed.clauses)) == ("新.txt", "新", 3)
    assert list(list_files(settings.corpus)) == before


def test_an_id_that_is_taken_and_a_file_without_text_are_refused(settings: Settings, tmp_path: Path) -> None:
    for name, text, told in (
        ("县里-旧.txt", TEXT, "its id 县里-旧 is that of 县里/旧.txt"),
        ("空.txt", " ", "is empty"),
    ):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        report = preview(settings, path)
        assert report.parsed is None
        assert told in str(report.error)
