"""What a file would become, before it is in the corpus: its name made safe, its document, what it does to others."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ingest.corpus import PASSED_OVER, FileReport, parse_file
from ingest.load import Loader
from ingest.manifest import default_row, read_manifest
from ingest.parse import ParsedDocument
from ingest.places import Gazetteer
from ingest.relations import relate
from ingest.settings import Settings
from ingest.topics import Lexicon

_LONGEST = 180  # bytes of a name; systems take 255, and the ending and a copy's marks need some
_ODD = re.compile(r"[^\w.()（）〔〕《》、，“”+-]+")


def safe_name(name: str) -> str:
    """A file's name as it may stand in documents/: no folder, nothing odd, nothing that a build passes over."""
    last = unicodedata.normalize("NFC", re.split(r"[/\\]", name)[-1])
    plain = _ODD.sub("-", last).strip("-.")
    stem, dot, ending = plain.rpartition(".")
    if not dot or len(ending.encode()) > 10:
        stem, ending = plain, ""
    stem = stem.encode()[:_LONGEST].decode(errors="ignore").strip("-.") or "document"
    whole = f"{stem}.{ending}" if ending else stem
    return f"document-{whole}" if whole.startswith(PASSED_OVER) else whole


def preview_file(
    path: Path,
    settings: Settings,
    loader: Loader,
    gazetteer: Gazetteer,
    lexicon: Lexicon,
    others: Sequence[ParsedDocument],
) -> FileReport:
    """What a file that is not in the corpus would become there under its name; nothing is changed.

    Args:
        path: the file.
        settings: where the corpus is, whose manifest may have a row for it.
        loader: reads it within limits.
        gazetteer: knows places.
        lexicon: knows topics.
        others: the corpus's documents; that of the same file is the one that it would replace.

    Raises:
        ManifestError: the manifest has a bad row.
    """
    row = read_manifest(settings.corpus / "manifest.csv").get(path.name) or default_row(path.name)
    report = parse_file(path, row, loader, gazetteer, lexicon)
    others = [one for one in others if one.document.file != path.name]
    twin = next((one.document.file for one in others if one.document.id == row.id), None)
    if report.parsed and twin:
        message = f"{row.file}: its id {row.id} is that of {twin}; give it a row in manifest.csv with another id"
        return replace(report, parsed=None, error=message)
    return relate([*(FileReport(one.document.file, one) for one in others), report])[-1]
