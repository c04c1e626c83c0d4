"""Files and folders from elsewhere come into the corpus under their names, and nothing outside it is touched."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.add import add_files
from ingest.corpus import parse_corpus, read_corpus
from ingest.errors import SettingsError
from ingest.load import Loader
from ingest.settings import Settings
from tests.fakes_files import PdfPage, make_docx, make_pdf, p
from tests.fakes_ingest import gazetteer, lexicon

TEXT = "某某旗促进就业办法\n一、支持达拉特旗的毕业生创业，给予补贴。\n二、支持农民工返乡。\n"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "corpus" / "documents").mkdir(parents=True)
    return Settings(corpus=tmp_path / "corpus", index=tmp_path / "index")


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """A folder as a county keeps it."""
    folder = tmp_path / "县里的文件"
    (folder / "2023").mkdir(parents=True)
    (folder / "2023" / "办法.txt").write_text(TEXT, encoding="gb18030")
    (folder / "2023" / "办法.pdf").write_bytes(make_docx("".join(map(p, TEXT.split("\n")))))
    (folder / "办法.txt").write_bytes(make_pdf(PdfPage().lines(70, 60, TEXT.split("\n"))))
    (folder / "扫描.pdf").write_bytes(make_pdf(PdfPage().picture()))
    (folder / "空.docx").write_bytes(b"")
    (folder / "密码").symlink_to("/etc/passwd")
    (folder / "上级").symlink_to(tmp_path)
    (folder / "~$办法.docx").write_bytes(b"lock")
    return folder


def report(settings: Settings) -> dict[str, str]:
    """What became of each file: how many clauses it has, or why none."""
    with Loader(settings, lambda: False) as loader:  # whether the machine has OCR or not
        files = parse_corpus(read_corpus(settings), loader, gazetteer(), lexicon(), lambda *_: None)
    return {one.file: f"{len(one.parsed.clauses)} clauses" if one.parsed else str(one.error) for one in files}


def test_a_mixed_folder_is_read_whatever_the_names_say(settings: Settings, mixed: Path) -> None:
    add_files([mixed], settings)
    found = report(settings)
    assert {
        name.removeprefix("县里的文件/"): told.split(": ", 1)[-1].split(",")[0] for name, told in found.items()
    } == {
        "2023/办法.pdf": "3 clauses",
        "2023/办法.txt": "its id 县里的文件-2023-办法 is that of 县里的文件/2023/办法.pdf; "
        "give it a row in manifest.csv with another id",
        "办法.txt": "3 clauses",
        "扫描.pdf": "is a scan or a picture",
        "空.docx": "is empty; remove it or put the document's text into it",
        "密码": "is a symbolic link; put the file itself there",
        "上级": "is a symbolic link; put the file itself there",
    }


def test_a_new_version_takes_the_place_of_the_old_one(settings: Settings, tmp_path: Path) -> None:
    source = tmp_path / "办法.txt"
    for text in (TEXT, TEXT + "三、其他。\n"):
        source.write_text(text, encoding="utf-8")
        add_files([source], settings)
    assert report(settings) == {"办法.txt": "4 clauses"}


def test_the_corpus_itself_is_not_copied_into_itself(settings: Settings) -> None:
    documents = settings.corpus / "documents"
    (documents / "办法.txt").write_text(TEXT, encoding="utf-8")
    add_files([documents, documents / "办法.txt"], settings)
    assert [path.name for path in documents.rglob("*")] == ["办法.txt"]


def test_a_path_that_is_not_there_is_told(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"nowhere: there is no such file or folder; check the path"):
        add_files([tmp_path / "nowhere"], settings)


def test_a_file_that_is_too_large_is_told_unread(settings: Settings) -> None:
    with (settings.corpus / "documents" / "大.txt").open("wb") as file:
        file.truncate((settings.file_size << 20) + 1)  # a hole, no bytes on disk
    assert report(settings) == {"大.txt": "大.txt: is larger than 64 MB; divide it or raise HUIWEN_FILE_SIZE"}
