"""Question sets: the cases of one file each, read and held against the corpus."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.cases import Case, check_evidence, read_cases
from eval.errors import EvaluationError
from ingest.catalog import Catalog
from ingest.generation import current_generation
from ingest.settings import Settings


@dataclass(frozen=True, slots=True)
class CaseSet:
    """The cases of one file."""

    name: str  # the file's stem
    digest: str
    cases: tuple[Case, ...]


def read_sets(files: Sequence[Path]) -> list[CaseSet]:
    """Read sets of cases.

    Raises:
        CaseError: a line of a file is wrong.
        EvaluationError: two files have one name.
    """
    read = [(file, tuple(read_cases(file))) for file in files]
    sets = [CaseSet(file.stem, hashlib.sha256(file.read_bytes()).hexdigest(), cases) for file, cases in read]
    names = [one.name for one in sets]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise EvaluationError(f"--cases: two files are named {', '.join(twice)}; rename one of them")
    return sets


def check_sets(sets: Sequence[CaseSet], settings: Settings) -> None:
    """Check the evidence of the cases against the corpus that is indexed here; CaseError names what does not stand."""
    generation = current_generation(settings.index)
    if generation is None:
        raise EvaluationError(f"there is no index in {settings.index}; run `huiwen ingest` first")
    catalog = Catalog(generation.catalog)
    try:
        check_evidence([case for one in sets for case in one.cases], catalog.clauses)
    finally:
        catalog.close()
