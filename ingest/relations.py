"""What can be told of a document only beside the others: who ends whom, and which say nearly the same."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from zlib import crc32

from ingest.corpus import FileReport
from ingest.effects import link_documents
from ingest.parse import ParsedDocument

_SHINGLE = 8  # characters
_BYTES = 2  # a character takes so many in UTF-16
_SAMPLE = 8  # one shingle of so many is looked at
_COMMON = 20  # documents; what stands in more is a form of words
_FEWEST = 10  # shingles of a text that is long enough to be compared
_ALIKE = 0.8  # share of the shorter text that stands in the other too


def relate(files: Sequence[FileReport]) -> list[FileReport]:
    """The same files, their documents with what others do to them, and warned of where two say nearly the same."""
    linked = iter(_warn_of_duplicates(link_documents([file.parsed for file in files if file.parsed])))
    return [replace(file, parsed=next(linked)) if file.parsed else file for file in files]


def _warn_of_duplicates(parsed: Sequence[ParsedDocument]) -> Iterator[ParsedDocument]:
    """Each document, with a warning for each other one that is nearly the same and no other version of it."""
    shingles = [_shingles(one) for one in parsed]
    owners: defaultdict[int, list[int]] = defaultdict(list)
    for number, sample in enumerate(shingles):
        for shingle in sample:
            owners[shingle].append(number)
    for number, one in enumerate(parsed):
        shared = Counter(
            other for shingle in shingles[number] if len(owners[shingle]) <= _COMMON for other in owners[shingle]
        )
        related = {effect.document_id for effect in one.document.effects}
        warnings = []
        for other, count in sorted(shared.items()):
            share = count / max(1, min(len(shingles[number]), len(shingles[other])))
            twin = parsed[other].document
            if other != number and share >= _ALIKE and twin.id not in related:
                warnings.append(f"near-duplicate: {share:.0%} of its text is that of {twin.file}; remove one of them")
        document = replace(one.document, warnings=(*one.document.warnings, *warnings))
        yield replace(one, document=document) if warnings else one


def _shingles(parsed: ParsedDocument) -> frozenset[int]:
    """A sample of the runs of eight characters in a text, as numbers; empty for a text of a few words."""
    text = re.sub(r"\W", "", "".join(clause.text for clause in parsed.clauses)).encode("utf-16-le")
    runs = (
        crc32(text[start : start + _SHINGLE * _BYTES]) for start in range(0, len(text) - _SHINGLE * _BYTES + 1, _BYTES)
    )
    found = frozenset(run for run in runs if run % _SAMPLE == 0)
    return found if len(found) >= _FEWEST else frozenset()
