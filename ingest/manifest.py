"""corpus/manifest.csv: the ids of the corpus's files, and what their texts do not say."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from ingest.errors import ManifestError, UnreadableFile
from ingest.load import decode


class ManifestRow(BaseModel):
    """One file. Columns besides `file` and `id` are for what the text itself leaves open."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: str
    id: str
    place: str | None = None
    issuer: str | None = None
    number: str | None = None
    issued_on: date | None = None

    @field_validator("id")
    @classmethod
    def _plain(cls, value: str) -> str:
        if not re.fullmatch(r"[\w.-]+", value):
            raise ValueError("may hold letters, digits, '-', '_' and '.' only")
        return value


def read_manifest(path: Path) -> dict[str, ManifestRow]:
    """Read the manifest, by file name; a missing file is an empty manifest.

    Raises:
        ManifestError: naming the line, the column and what is wrong there.
    """
    if not path.exists():
        return {}
    rows: dict[str, ManifestRow] = {}
    files: dict[str, str] = {}  # by id
    reader = csv.DictReader(_read_text(path).splitlines(keepends=True))
    _check_columns(path, reader.fieldnames)
    for record in reader:
        where = f"{path.name}, line {reader.line_num}"
        if not any(record.values()):
            continue  # a line of commas alone, as spreadsheets leave behind
        row = _read_row(record, where)
        if row.file in rows:
            raise ManifestError(f"{where}: column file: {row.file} stands there twice; keep one row")
        if row.id in files:
            raise ManifestError(f"{where}: column id: {row.id} is the id of {files[row.id]} already; give another")
        rows[row.file] = row
        files[row.id] = row.file
    return rows


def drop_row(path: Path, file: str) -> None:
    """Take the row of a file out of the manifest, all other lines as they are; nothing where it has none.

    Raises:
        ManifestError: the manifest cannot be read.
    """
    if file not in read_manifest(path):
        return
    data = path.read_bytes()
    lines = decode(data, path.name).splitlines(keepends=True)
    kept, reader, start = lines[:1], csv.DictReader(lines), 1
    for record in reader:
        if (record.get("file") or "").strip() != file:
            kept += lines[start : reader.line_num]
        start = reader.line_num
    # Excel knows UTF-8 by its mark alone; what had none and was no other encoding goes without it as before.
    plain = data.decode("utf-8", "ignore").encode() == data and not data.startswith(codecs.BOM_UTF8)
    fresh = path.with_name(f".{path.name}.new")
    ends = "\r\n" if b"\r" in data else "\n"
    fresh.write_text("".join(kept), encoding="utf-8" if plain else "utf-8-sig", newline=ends)
    fresh.replace(path)


def default_row(file: str) -> ManifestRow:
    """The row of a file that the manifest does not list: its id is its name, folders included, without the ending."""
    stem = re.sub(r"[^\w.-]+", "-", Path(file).with_suffix("").as_posix()).strip("-.") or "document"
    return ManifestRow(file=file, id=stem)


def _read_text(path: Path) -> str:
    """The file's text, in whatever encoding a spreadsheet saved it; "" if it is empty."""
    data = path.read_bytes()
    try:
        return decode(data, path.name) if data.strip() else ""
    except UnreadableFile as error:
        raise ManifestError(str(error)) from error


def _check_columns(path: Path, names: Sequence[str] | None) -> None:
    """The header must name the columns that every row needs; an empty file, or one of commas alone, needs none."""
    given = {name.strip() for name in names or ()} - {""}
    required = [name for name, field in ManifestRow.model_fields.items() if field.is_required()]
    if given and (missing := [name for name in required if name not in given]):
        columns = ",".join(ManifestRow.model_fields)
        raise ManifestError(f"{path.name}, line 1: has no column {missing[0]}; begin it with {columns}")


def _read_row(record: dict[str | None, str | list[str] | None], where: str) -> ManifestRow:
    cells: dict[str, str] = {}
    for column, value in record.items():
        if column is None or isinstance(value, list):
            raise ManifestError(f"{where}: has more cells than the header; quote a cell that has a comma")
        if value and value.strip():
            cells[column.strip()] = value.strip()
    try:
        return ManifestRow.model_validate(cells)
    except ValidationError as error:
        problem = error.errors()[0]
        given = f"={problem['input']!r}" if isinstance(problem["input"], str) else ""
        raise ManifestError(f"{where}: column {problem['loc'][0]}{given}: {problem['msg']}; mend the row") from error
