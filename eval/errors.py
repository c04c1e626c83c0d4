"""What goes wrong on purpose in an evaluation."""

from __future__ import annotations

from ingest.errors import HuiwenError


class EvaluationError(HuiwenError):
    """A run, a gate, a comparison or a judge cannot be made as asked; the message says what to do."""
