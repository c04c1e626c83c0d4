"""Look at a question before anything else: what is unreadable is cleaned, what is an attack is refused.

Refused is what asks the assistant to drop its rules, reveal its prompt, invent policy or harm someone. The patterns are
data, in `prompts/screen.yml`. Whether a question is about policy at all is decided later, on what was found.
"""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import yaml

_INVISIBLE = re.compile(
    r"[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff"
    r"\uffa0\U000e0000-\U000e007f]"
)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_ENCODED = re.compile(r"[A-Za-z0-9+/]{24,}={0,2}")
_PADDING = re.compile(r"[-._·*|/~^+=#、…]")  # put between letters to hide a word: 忽-略-规-则
# Traditional characters of the words that the patterns name.
_SIMPLIFIED = str.maketrans(
    "規則設詞統說編騙貼補貸開發輸無視過濾內後隱級訴複還員長審號離問題覆從現給權準證張報戶賬執書關閉動單銀頭條處應許轉換數據",
    "规则设词统说编骗贴补贷开发输无视过滤内后隐级诉复还员长审号离问题覆从现给权准证张报户账执书关闭动单银头条处应许转换数据",
)
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
        for reading in _readings(text):
            for name, patterns in self._families.items():
                if any(pattern.search(reading) for pattern in patterns):
                    return name
        return None


def clean_question(text: str) -> str:
    """A question without markup and invisible characters, and with single spaces."""
    return re.sub(r"\s+", " ", _TAG.sub("", _INVISIBLE.sub("", text))).strip() or text.strip()


def _readings(text: str) -> Iterator[str]:
    """A text and what is encoded in it, each as it stands and without what may be put between its letters."""
    for readable in (text, *_decoded(text)):
        folded = _fold(readable)
        yield folded
        if (bare := _PADDING.sub("", folded)) != folded:
            yield bare


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).lower()
    return re.sub(r"\s+", "", plain).translate(_SIMPLIFIED)


def _decoded(text: str) -> Iterator[str]:
    """What stands in Base64 in a text, where it decodes to readable text."""
    for match in _ENCODED.finditer(text):
        token = match.group().rstrip("=")
        try:
            readable = base64.b64decode(token + "=" * (-len(token) % 4), validate=True).decode("utf-8")
        except (binascii.Error, UnicodeDecodeError):
            continue
        if readable.isprintable():
            yield readable
