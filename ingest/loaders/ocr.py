"""Pages that are pictures become pages of characters in their boxes, as any other page, by an OCR engine.

The engine is RapidOCR, the extra `ocr`, whose package holds its models: nothing is fetched.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from ingest.errors import UnreadableFile
from ingest.joints import display_width
from ingest.loaders.pdf_page import Char, Page

if TYPE_CHECKING:
    from PIL import Image

_MODELS = {"Det.model_path": "PP-OCRv6_det_small.onnx", "Rec.model_path": "PP-OCRv6_rec_small.onnx"}
_THREADS = 4  # at most; each takes address space, which is bounded
_LONG_SIDE = 1600  # pixels at which lines are looked for; they are read at the picture's own, up to 2000
_SURE = 0.9  # confidence below which a line is told of
_EM = 2  # columns of a Chinese character


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A line, or a piece of one, that an engine read, with its upright box in pixels."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    confidence: float  # from 0 to 1


class Engine(Protocol):
    """Reads pictures."""

    def __call__(self, picture: Image.Image) -> Sequence[ReadLine]:
        """The lines on a picture in RGB, in any order."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as a picture."""

    page: int  # its number, from 1
    image: Image.Image  # in RGB
    scale: float  # points in a pixel


@dataclass(frozen=True, slots=True)
class Recognised:
    """What pictures of pages became, by page number, and what the report must tell of it."""

    pages: Mapping[int, Page]
    warnings: tuple[str, ...]


class RapidEngine:
    """RapidOCR with the models of its package."""

    def __init__(self) -> None:
        import rapidocr  # an extra, and heavy: only the process that reads scans has it

        folder = Path(rapidocr.__file__).parent / "models"
        self._read: Any = rapidocr.RapidOCR(
            params={
                **{option: str(folder / name) for option, name in _MODELS.items()},
                "Global.use_cls": False,  # tells lines that stand on their heads, and would read a third model
                "Global.text_score": 0.0,  # nothing is dropped in silence; what is doubtful is told
                "Global.log_level": "critical",
                "Det.limit_type": "max",  # else small pictures are blown up
                "Det.limit_side_len": _LONG_SIDE,
                "EngineConfig.onnxruntime.intra_op_num_threads": min(_THREADS, os.cpu_count() or 1),
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            }
        )

    def __call__(self, picture: Image.Image) -> Sequence[ReadLine]:
        """The lines on a picture."""
        found = self._read(picture)
        if found.txts is None:
            return ()
        edges = ((*box.min(axis=0).tolist(), *box.max(axis=0).tolist()) for box in found.boxes)
        return tuple(
            ReadLine(text, left, top, right, bottom, float(confidence))
            for text, (left, top, right, bottom), confidence in zip(found.txts, edges, found.scores, strict=True)
        )


def recognise(pictures: Iterable[Picture], engine: Engine) -> Recognised:
    """Read pictures of pages.

    Raises:
        UnreadableFile: the engine failed; names the page.
    """
    pages: dict[int, Page] = {}
    doubtful: list[tuple[int, str]] = []
    for picture in pictures:
        lines = [line for line in _read(picture, engine) if line.text.strip()]
        chars = [char for line in lines for char in _chars(line, picture.scale)]
        width, height = (side * picture.scale for side in picture.image.size)
        pages[picture.page] = Page(width, height, chars, [], [], unknown=0, scanned=False)
        doubtful += [(picture.page, line.text) for line in lines if line.confidence < _SURE]
    return Recognised(pages, tuple(_warnings(pages, doubtful)))


def _read(picture: Picture, engine: Engine) -> Sequence[ReadLine]:
    try:
        return engine(picture.image)
    except Exception as error:  # it wraps whatever its libraries raise, memory that is refused too
        raise UnreadableFile(
            f"OCR failed on page {picture.page} ({type(error).__name__}); raise HUIWEN_OCR_MEMORY or scan it anew"
        ) from error


def _chars(line: ReadLine, scale: float) -> Iterator[Char]:
    """A line's characters side by side: the engine tells the line's box alone."""
    left, step = line.left * scale, (line.right - line.left) * scale / display_width(line.text)
    for character in line.text:
        right = left + step * display_width(character)
        yield Char(character, left, line.top * scale, right, line.bottom * scale, max(_EM * step, 1.0))
        left = right


def _warnings(pages: Mapping[int, Page], doubtful: Sequence[tuple[int, str]]) -> Iterator[str]:
    if not pages:
        return
    yield f"pages {_list(pages)} were read by OCR; compare the text with the pictures"
    if doubtful:
        page, text = doubtful[0]
        yield f"{len(doubtful)} lines that OCR is not sure of, the first on page {page}: {text[:40]}"
    if empty := [number for number, page in pages.items() if not page.chars]:
        yield f"pages {_list(empty)}: OCR found no text there"


def _list(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, numbers))
