"""Question sets: the cases of one file each, read and held against the corpus."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from eval.cases import Case, Evidence, check_evidence, read_cases, squeeze
from eval.errors import EvaluationError
from ingest.catalog import Catalog
from ingest.generation import current_generation
from ingest.model import Clause
from ingest.settings import Settings

Topics = Mapping[tuple[str, str], str]  # by set and id

_LATER: frozenset[str] = frozenset({"not_yet"})  # notices that older sets say nothing of


@dataclass(frozen=True, slots=True)
class CaseSet:
    """The cases of one file."""

    name: str  # the file's stem
    digest: str
    cases: tuple[Case, ...]

    @property
    def unjudged(self) -> frozenset[str]:
        """The notices that the set leaves unstated: answers that carry them are not faulted for it."""
        return _LATER - {flag for case in self.cases for flag in case.flags}


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
    with _open_catalog(settings) as catalog:
        check_evidence([case for one in sets for case in one.cases], catalog.clauses)


def find_topics(sets: Sequence[CaseSet], settings: Settings) -> Topics:
    """What each case is about: the first topic of the clause that holds its first gold quote, where there is one."""
    with _open_catalog(settings) as catalog:
        clauses = lru_cache(maxsize=None)(
            lambda document: [(squeeze(clause.text), clause) for clause in catalog.clauses(document)]
        )
        found = {
            (one.name, case.id): _topic_of(case.evidence[0], clauses)
            for one in sets
            for case in one.cases
            if case.evidence
        }
    return {key: topic for key, topic in found.items() if topic}


def _topic_of(evidence: Evidence, clauses: Callable[[str], Sequence[tuple[str, Clause]]]) -> str | None:
    quote = squeeze(evidence.quote)
    holding = (clause for text, clause in clauses(evidence.doc) if quote in text)
    return next((clause.topics[0] for clause in holding if clause.topics), None)


@contextmanager
def _open_catalog(settings: Settings) -> Iterator[Catalog]:
    generation = current_generation(settings.index)
    if generation is None:
        raise EvaluationError(f"there is no index in {settings.index}; run `huiwen ingest` first")
    catalog = Catalog(generation.catalog)
    try:
        yield catalog
    finally:
        catalog.close()
