"""Name the clause that a quote was taken from, in one line, for what is copied out of the page."""

from __future__ import annotations

from bot.contract import Citation

_INNER = str.maketrans("《》", "〈〉")  # a title within a title, by GB/T 15834


def name_source(citation: Citation, label: str) -> str:
    """《title》（number，date）path（place，label）; `label` says whether it holds."""
    marks = "，".join(str(part) for part in (citation.document_number, citation.issued_on) if part)
    place = citation.jurisdiction.name if citation.jurisdiction else ""
    title = citation.document_title.translate(_INNER)
    about = "，".join(part for part in (place, label) if part)
    return f"《{title}》{f'（{marks}）' if marks else ''}{' › '.join(citation.clause_path)}（{about}）"
