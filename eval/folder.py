"""The folder of a run as it is written: config.json, rows.jsonl, summary.json. `eval.saved` reads finished ones."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from eval.errors import EvaluationError
from eval.rows import Row

_NAME = re.compile(r"[\w.-]{1,60}")
_FREE = ("started", "git")  # may differ between a run and its resumption


@dataclass(frozen=True, slots=True)
class Config:
    """What a run was made of."""

    name: str
    system: str
    url: str | None  # of the service that was asked; None in process
    encoder: str | None
    settings: Mapping[str, Any]
    corpus: str | None  # digest
    git: str | None  # revision, with "+" behind it where files were changed
    cases: Mapping[str, str]  # files with their digests
    started: str


class RunFolder:
    """One run on disk; rows are appended as they come."""

    def __init__(self, runs: Path, name: str) -> None:
        if not _NAME.fullmatch(name) or name.startswith("."):
            raise EvaluationError(f"--name {name}: write at most 60 letters, digits, '.', '-' or '_'")
        self.path = runs / name

    @property
    def rows_file(self) -> Path:
        """One JSON object a line."""
        return self.path / "rows.jsonl"

    @property
    def finished(self) -> bool:
        """Whether all cases were run."""
        return self._summary.exists()

    def begin(self, config: Config) -> list[Row]:
        """Make the folder, or take up an interrupted run of the same configuration and return what it has.

        Raises:
            EvaluationError: the name belongs to a finished run, or to one of another configuration.
        """
        if self.finished:
            raise EvaluationError(f"--name {config.name}: this run is finished; choose another name")
        if self._config.exists():
            self._check_same(config)
            rows = list(self._read_rows())
            self._write_rows(rows)
            return rows
        self.path.mkdir(parents=True, exist_ok=True)
        self._config.write_text(_dump(asdict(config)), encoding="utf-8")
        return []

    def append(self, row: Row) -> None:
        """Keep one more row."""
        with self.rows_file.open("a", encoding="utf-8") as file:
            file.write(f"{_line(row)}\n")

    def finish(self, rows: Iterable[Row], summary: Mapping[str, Any]) -> None:
        """Put the rows in order and write the summary: the last file of a run."""
        self._write_rows(rows)
        self._summary.write_text(_dump(summary), encoding="utf-8")

    @property
    def _config(self) -> Path:
        return self.path / "config.json"

    @property
    def _summary(self) -> Path:
        return self.path / "summary.json"

    def _check_same(self, config: Config) -> None:
        before = json.loads(self._config.read_text(encoding="utf-8"))
        now = json.loads(_dump(asdict(config)))
        changed = [key for key in now if key not in _FREE and now[key] != before.get(key)]
        if changed:
            raise EvaluationError(
                f"--name {config.name}: an interrupted run with another {', '.join(changed)} has this name; "
                f"choose another name, or delete {self.path}"
            )

    def _write_rows(self, rows: Iterable[Row]) -> None:
        complete = self.rows_file.with_suffix(".new")
        complete.write_text("".join(f"{_line(row)}\n" for row in rows), encoding="utf-8")
        complete.replace(self.rows_file)

    def _read_rows(self) -> Iterator[Row]:
        """The rows that are whole; a line that was cut short is asked again."""
        for line in self.rows_file.read_text(encoding="utf-8").split("\n") if self.rows_file.exists() else ():
            try:
                yield Row.model_validate_json(line)
            except ValidationError:
                continue


def _line(row: Row) -> str:
    return json.dumps(row.model_dump(mode="json", by_alias=True), ensure_ascii=False)


def _dump(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, default=str)
