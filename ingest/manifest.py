"""corpus/manifest.csv: the ids of the corpus's files, and what their texts do not say."""

from __future__ import annotations

import csv
import re
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from ingest.errors import ManifestError


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
    ids: set[str] = set()
    with path.open(encoding="utf-8-sig", newline="") as file:
        for line, record in enumerate(csv.DictReader(file), 2):
            row = _read_row(record, f"{path.name}, line {line}")
            if row.file in rows or row.id in ids:
                raise ManifestError(f"{path.name}, line {line}: file {row.file!r} or id {row.id!r} stands there twice; keep one row")
            rows[row.file] = row
            ids.add(row.id)
    return rows


def default_row(file: str) -> ManifestRow:
    """The row of a file that the manifest does not list: its id is its name without the ending."""
    stem = re.sub(r"[^\w.-]+", "-", Path(file).stem).strip("-.") or "document"
    return ManifestRow(file=file, id=stem)


def _read_row(record: dict[str, str], where: str) -> ManifestRow:
    try:
        return ManifestRow.model_validate({key: value.strip() for key, value in record.items() if value and value.strip()})
    except (ValidationError, AttributeError) as error:
        detail = error.errors()[0] if isinstance(error, ValidationError) else {"loc": ("row",), "msg": "has more cells than the header"}
        column = ".".join(str(part) for part in detail["loc"])
        raise ManifestError(f"{where}: column {column}: {detail['msg']}; mend the row") from error
