"""The encoding of a text, read from its bytes: UTF-8, GB18030 (GBK, GB2312) or UTF-16, with or without a mark."""

from __future__ import annotations

import re

DAMAGED = "\ufffd"  # stands for bytes that fit no character
_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_USUAL = re.compile(r"[\s!-~\u3000-\u303f\u4e00-\u9fff\uff00-\uff5e“”‘’—…·]")
_MOSTLY = 0.9  # share of usual characters that shows that an encoding was guessed right
_BEARABLE = 0.02  # share of damaged characters up to which a text is read all the same


def decode_text(data: bytes) -> str | None:
    """Bytes as text, with a few damaged characters as `DAMAGED`; None if they are no text.

    A text without a mark is tried as UTF-8 and then as GB18030; a few damaged bytes speak against neither, since what
    is written in one of them has damage at every second character when it is read in the other.
    """
    marked = next((encoding for mark, encoding in _MARKS.items() if data.startswith(mark)), None)
    if marked:
        return _readable(_decode(data, marked))
    if b"\0" in data:
        return next((text for one in ("utf-16-le", "utf-16-be") if (text := _usual(_decode(data, one)))), None)
    for encoding in ("utf-8", "gb18030"):
        if (text := _readable(_decode(data, encoding))) is not None:
            return text
    return None


def _decode(data: bytes, encoding: str) -> str:
    return data.decode(encoding, errors="replace")


def _readable(text: str) -> str | None:
    """A text that has few damaged characters among those that are not ASCII."""
    damaged = text.count(DAMAGED)
    others = sum(not character.isascii() for character in text) if damaged else 0
    cut = damaged == 1 and text.endswith(DAMAGED) and others > 1  # in the middle of its last character
    return None if "\0" in text or (damaged > others * _BEARABLE and not cut) else text


def _usual(text: str) -> str | None:
    return text if text and len(_USUAL.findall(text)) > _MOSTLY * len(text) and "\0" not in text else None
