"""Pictures of pages: photographs, faxes and scans, several in a file where the format allows it (TIFF)."""

from __future__ import annotations

import io
from collections.abc import Iterator

from PIL import Image, ImageOps, ImageSequence

from ingest.errors import UnreadableFile
from ingest.loaders.loaded import Loaded
from ingest.loaders.ocr import Engine, Picture, recognise
from ingest.loaders.pdf import write_pages

_MOST_PIXELS = 100_000_000  # of a picture; A3 at 600 dots an inch has 70 million
_LONG_SIDE = 842  # points: pictures do not say how large the paper was, so it is taken to be A4


def load_picture(data: bytes, engine: Engine | None = None) -> Loaded:
    """The text of a picture, each of its pictures being a page; without an engine, that these were not read.

    Raises:
        UnreadableFile: it is too large, or the engine failed.
    """
    with Image.open(io.BytesIO(data)) as image:
        if engine is None:
            return Loaded("", scanned=tuple(range(1, getattr(image, "n_frames", 1) + 1)))
        read = recognise(_pictures(image), engine)
    return write_pages(list(read.pages.values()), read.warnings)


def _pictures(image: Image.Image) -> Iterator[Picture]:
    for page, frame in enumerate(ImageSequence.Iterator(image), 1):
        if frame.width * frame.height > _MOST_PIXELS:
            raise UnreadableFile(f"has a picture of more than {_MOST_PIXELS:,} pixels; make it smaller")
        shown = ImageOps.exif_transpose(frame).convert("RGBA")
        white = Image.new("RGBA", shown.size, "white")  # behind what is transparent
        white.alpha_composite(shown)
        yield Picture(page, white.convert("RGB"), _LONG_SIDE / max(shown.size))
