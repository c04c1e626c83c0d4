"""corpus/manifest.csv: what it says, and how its mistakes are told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ingest.errors import ManifestError
from ingest.manifest import ManifestRow, default_row, drop_row, read_manifest
from tests.fakes_ingest import CORPUS, IDS

HEADER = "file,id,place,issuer,number,issued_on\n"


def write(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "manifest.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_the_five_documents_are_listed() -> None:
    rows = read_manifest(CORPUS / "manifest.csv")
    assert tuple(row.id for row in rows.values()) == IDS
    assert all((CORPUS / "documents" / file).is_file() for file in rows)


def test_a_row_fills_what_it_says(tmp_path: Path) -> None:
    path = write(tmp_path, HEADER + 'a.txt,a-1,达拉特旗,"旗政府,旗委",达政发〔2023〕1号,2023-08-09\nb.txt , b ,,,,\n')
    assert read_manifest(path) == {
        "a.txt": ManifestRow(
            file="a.txt",
            id="a-1",
            place="达拉特旗",
            issuer="旗政府,旗委",
            number="达政发〔2023〕1号",
            issued_on=date(2023, 8, 9),
        ),
        "b.txt": ManifestRow(file="b.txt", id="b"),
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_whatever_a_spreadsheet_saves(tmp_path: Path, encoding: str) -> None:
    path = write(tmp_path, HEADER.replace("\n", "\r\n") + "文件.txt,a,岚县,,,\r\n,,,,,\r\n\r\n", encoding)
    assert read_manifest(path)["文件.txt"].place == "岚县"


@pytest.mark.parametrize("text", ["", "\n", HEADER])
def test_an_empty_manifest_lists_nothing(tmp_path: Path, text: str) -> None:
    assert read_manifest(write(tmp_path, text)) == {}


@pytest.mark.parametrize(
    ("text", "column"),
    [("nonsense", "file"), ("file,place\n", "id"), ("a.txt,a,岚县\n", "file"), ("file;id\na;b\n", "file")],
)
def test_a_header_without_a_column_that_every_row_needs_is_told(tmp_path: Path, text: str, column: str) -> None:
    with pytest.raises(ManifestError, match=rf"^manifest\.csv, line 1: has no column {column}; begin it with file,id,"):
        read_manifest(write(tmp_path, text))


def test_no_manifest_lists_nothing(tmp_path: Path) -> None:
    assert read_manifest(tmp_path / "manifest.csv") == {}


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("a.txt,a b,,,,\n", "manifest.csv, line 2: column id='a b': Value error, may hold letters"),
        ("a.txt,a,,,,soon\n", "manifest.csv, line 2: column issued_on='soon': "),
        ("a.txt,,,,,\n", "manifest.csv, line 2: column id: Field required; mend the row"),
        ('a.txt,a,"x\ny",,,\n,b,,,,\n', "manifest.csv, line 4: column file: Field required; mend the row"),
        ("a.txt,a,,,,\na.txt,b,,,,\n", "manifest.csv, line 3: column file: a.txt stands there twice; keep one row"),
        ("a.txt,a,,,,\nb.txt,a,,,,\n", "manifest.csv, line 3: column id: a is the id of a.txt already; give another"),
        ("a.txt,a,,,,,more\n", "manifest.csv, line 2: has more cells than the header; quote a cell that has a comma"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_column(tmp_path: Path, rows: str, told: str) -> None:
    with pytest.raises(ManifestError) as caught:
        read_manifest(write(tmp_path, HEADER + rows))
    assert str(caught.value).startswith(told)


def test_a_column_that_does_not_exist_is_told(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="column area='x': Extra inputs"):
        read_manifest(write(tmp_path, "file,id,area\na.txt,a,x\n"))


def test_a_manifest_that_is_no_text_is_told(tmp_path: Path) -> None:
    path = tmp_path / "manifest.csv"
    path.write_bytes(b"PK\x03\x04 a spreadsheet")
    with pytest.raises(ManifestError, match=r"manifest\.csv: is not text"):
        read_manifest(path)


@pytest.mark.parametrize(
    ("file", "identity"),
    [("岚县方案.txt", "岚县方案"), ("a b（试行）.md", "a-b-试行"), ("a.b.txt", "a.b"), ("（）.txt", "document")],
)
def test_a_file_without_a_row_goes_by_its_name(file: str, identity: str) -> None:
    assert default_row(file) == ManifestRow(file=file, id=identity)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_row_goes_and_all_other_lines_stay(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "manifest.csv"
    kept = 'file,id,issuer\r\n甲.txt,jia,"某局\r\n和某委"\r\n,,\r\n'
    path.write_bytes((kept + '乙.txt,yi,"某厅\r\n第二行"\r\n丙.txt,bing,\r\n').encode(encoding))
    drop_row(path, "没有.txt")
    drop_row(path, "乙.txt")
    assert path.read_bytes().decode("utf-8-sig") == kept + "丙.txt,bing,\r\n"
    assert set(read_manifest(path)) == {"甲.txt", "丙.txt"}
