"""Look at a question before anything else: what is unreadable is cleaned, what is an attack is refused.

Refused is what asks the assistant to drop its rules, reveal its prompt, invent policy or harm someone. The patterns are
data, in `prompts/screen.yml`. Whether a question is about policy at all is decided later, on what was found.
"""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata
from pathlib import Path

import yaml

_INVISIBLE = re.compile(r"[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e007f]")
_ENCODED = re.compile(r"[A-Za-z0-9+/]{24,}={0,2}")
_PATTERNS = Path(__file__).resolve().parent.parent / "prompts" / "screen.yml"


class Screen:
    """The patterns of what is refused."""

    def __init__(self, families: dict[str, list[str]]) -> None:
        self._families = {name: [re.compile(pattern) for pattern in patterns] for name, patterns in families.items()}

    @classmethod
    def load(cls, path: Path = _PATTERNS) -> Screen:
        """Read the patterns."""
        return cls(yaml.safe_load(path.read_text(encoding="utf-8")))

    def refuses(self, text: str) -> str | None:
        """The family of attack that a text belongs to, or None; what is encoded in it is looked at too."""
        for readable in (text, *_decoded(text)):
            folded = _fold(readable)
            for name, patterns in self._families.items():
                if any(pattern.search(folded) for pattern in patterns):
                    return name
        return None


def clean_question(text: str) -> str:
    """A question without invisible characters and with single spaces."""
    return re.sub(r"\s+", " ", _INVISIBLE.sub("", text)).strip()


def _fold(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).lower())


def _decoded(text: str) -> list[str]:
    """What stands in Base64 in a text, where it decodes to readable text."""
    found = []
    for match in _ENCODED.finditer(text):
        token = match.group().rstrip("=")
        try:
            readable = base64.b64decode(token + "=" * (-len(token) % 4), validate=True).decode("utf-8")
        except (binascii.Error, UnicodeDecodeError):
            continue
        if readable.isprintable():
            found.append(readable)
    return found
