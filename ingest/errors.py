"""Every error that Huiwen raises on purpose, as one tree.

HuiwenError
├── SettingsError            a setting has a value that cannot be used
├── DocumentError            one file of the corpus cannot become a document
│   ├── UnreadableFile       it holds no text that can be read within the limits: damaged, encrypted, a scan, too large
│   └── ManifestError        corpus/manifest.csv has a bad row
├── LexiconError             a file of corpus/topics is malformed
├── PlaceError               a place name cannot be resolved to one place
│   ├── UnknownPlace         the gazetteer has no such place
│   └── AmbiguousPlace       several places share the name
├── IndexUnavailable         the index cannot serve
│   ├── IndexMissing         nothing has been ingested yet that can be used
│   │   └── IndexDamaged     a file of it is gone, cut or overwritten
│   ├── IndexBusy            another ingest holds the lock
│   └── EncoderMismatch      it was built with another encoder
├── EncoderError             the encoder cannot be loaded
├── ModelFailed              the language model did not answer, or not as it must
├── AnswerLogError           the answer log cannot be opened, read or written
├── TooBusy                  as many answers are at work and waiting as may be
├── BackupError              a backup cannot be written, or not be restored
└── WorkerFailed             a process of the service could not start

A message names the key, the value, the file and line, and what to do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingest.model import Place

ModelFailure = Literal["timeout", "unavailable", "malformed", "breaker_open"]


class HuiwenError(Exception):
    """The root: catch this to catch all that is expected to go wrong."""


class SettingsError(HuiwenError):
    """A setting has a value that cannot be used."""


class DocumentError(HuiwenError):
    """One file of the corpus cannot become a document."""


class UnreadableFile(DocumentError):
    """A file holds no text that can be read within the limits on time, memory and size."""


class ManifestError(DocumentError):
    """corpus/manifest.csv has a bad row."""


class LexiconError(HuiwenError):
    """A file of corpus/topics is malformed."""


class PlaceError(HuiwenError):
    """A place name cannot be resolved to one place."""


class UnknownPlace(PlaceError):
    """The gazetteer has no such place."""


class AmbiguousPlace(PlaceError):
    """Several places share the name."""

    def __init__(self, message: str, candidates: Sequence[Place]) -> None:
        super().__init__(message)
        self.candidates = tuple(candidates)


class IndexUnavailable(HuiwenError):
    """The index cannot serve."""


class IndexMissing(IndexUnavailable):
    """Nothing has been ingested yet."""


class IndexDamaged(IndexMissing):
    """A file of the index is gone, cut or overwritten."""


class IndexBusy(IndexUnavailable):
    """Another ingest holds the lock."""


class EncoderMismatch(IndexUnavailable):
    """The index was built with another encoder."""


class EncoderError(HuiwenError):
    """The encoder cannot be loaded."""


class ModelFailed(HuiwenError):
    """The language model did not answer, or not as it must: `code` says which."""

    def __init__(self, code: ModelFailure, message: str) -> None:
        super().__init__(message)
        self.code = code


class AnswerLogError(HuiwenError):
    """The answer log cannot be opened, read or written."""


class TooBusy(HuiwenError):
    """As many answers are at work and waiting as may be."""


class BackupError(HuiwenError):
    """A backup cannot be written, or not be restored."""


class WorkerFailed(HuiwenError):
    """A process of the service could not start."""
