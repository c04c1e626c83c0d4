"""What a text says under its disguise: odd letters, marks between them, codes, letters changed by rule."""

from __future__ import annotations

import base64
import binascii
import codecs
import html
import re
import unicodedata
from collections.abc import Callable, Iterator
from urllib.parse import unquote

_INVISIBLE = re.compile(
    r"[\u00ad\u0300-\u036f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    r"\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e007f]"
)
_PADDING = re.compile(r"[-._·*|/~^+=#、…()（）]")  # put between letters to hide a word: 忽-略-规-则
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")
_CODE = re.compile(r"(?=[A-Za-z_-]*[0-9+/])[A-Za-z0-9+/_-]{20,}={0,2}")
_HEX = re.compile(r"(?:(?:\\x|0x)?[0-9a-fA-F]{2}[\s,;:]?){8,}")
_DECIMAL = re.compile(r"(?<!\d)(?:\d{2,3}[\s,;]+){7,}\d{2,3}(?!\d)")  # 105 103 110 …
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_LATIN = re.compile(r"[a-z]")
_LEET = str.maketrans("0134578@$!", "oieastbasi")
_LEET_WORD = re.compile(r"[a-z]+[0134578@$!]+[a-z]|[0134578@$!][a-z]+[0134578@$!]")
_FEW_LETTERS = 8  # Latin letters below which a text is no sentence in a cipher
# Letters of other scripts that look like Latin ones, and the traditional characters of the words that attacks use.
_LIKE_LATIN = str.maketrans("асеорхуіјѕԁһԛԝαεοιρντκυ", "aceopxyijsdhqwaeoipvtku")
_SIMPLIFIED = str.maketrans(
    "規則設詞統說編騙貼補貸開發輸無視過濾內後隱級訴複還員長審號離問題覆從現給權準證張報戶賬執書關閉動單銀頭條處應許轉換數據"
    "為請讓嗎們時對與個來沒會這裡聽話機構偽領錢麼樣財稅務營業買賣調試測試專業護資訊檔讀寫輯碼鑰儲節點網絡誰縣鎮鄉辦廳門",
    "规则设词统说编骗贴补贷开发输无视过滤内后隐级诉复还员长审号离问题覆从现给权准证张报户账执书关闭动单银头条处应许转换数据"
    "为请让吗们时对与个来没会这里听话机构伪领钱么样财税务营业买卖调试测试专业护资讯档读写辑码钥储节点网络谁县镇乡办厅门",
)


def strip_invisible(text: str) -> str:
    """A text without the characters that nobody sees."""
    return _INVISIBLE.sub("", text)


def fold(text: str) -> str:
    """A text in plain letters: half width, lower case, simplified, Latin where it looks so, without white space."""
    plain = unicodedata.normalize("NFKC", strip_invisible(text)).lower()
    return re.sub(r"\s+", "", plain).translate(_LIKE_LATIN).translate(_SIMPLIFIED)


def read_openly(text: str) -> Iterator[str]:
    """A text and what is encoded in it, folded."""
    yield from dict.fromkeys(map(fold, (text, *_decoded(text))))


def drop_codes(text: str) -> str:
    """A text without long numbers, addresses and codes: what is readable in them is read by itself."""
    return _CODE.sub("", text)


def unpad(folded: str) -> str:
    """A folded text without the marks that may be put between its letters."""
    return _PADDING.sub("", folded)


def is_spelt_apart(folded: str) -> bool:
    """Whether so many marks stand between the letters, one to three or more, that the text without them was meant."""
    return 4 * len(unpad(folded)) < 3 * len(folded)


def read_twisted(folded: str) -> Iterator[str]:
    """What a folded text says backwards, with figures for letters, and by the cipher that turns the alphabet by 13."""
    yield folded[::-1]
    if len(_LATIN.findall(folded)) >= _FEW_LETTERS:
        yield codecs.encode(folded, "rot13")
    if _LEET_WORD.search(folded):
        yield folded.translate(_LEET)


def _decoded(text: str) -> Iterator[str]:
    """What stands in a code inside a text, where it decodes to readable text."""
    yield from filter(None, (_readable(_from_base64, match.group()) for match in _BASE64.finditer(text)))
    yield from filter(None, (_readable(_from_hex, match.group()) for match in _HEX.finditer(text)))
    yield from filter(None, (_readable(_from_decimal, match.group()) for match in _DECIMAL.finditer(text)))
    if "%" in text or "\\u" in text or "&" in text:
        yield _ESCAPE.sub(lambda match: chr(int(match.group(1), 16)), html.unescape(unquote(text)))


def _readable(decode: Callable[[str], bytes], token: str) -> str | None:
    try:
        readable = decode(token).decode("utf-8")
    except (binascii.Error, ValueError):
        return None
    return readable if readable.isprintable() else None


def _from_base64(token: str) -> bytes:
    bare = token.rstrip("=").replace("-", "+").replace("_", "/")
    return base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)


def _from_hex(token: str) -> bytes:
    return bytes.fromhex(re.sub(r"\\x|0x|[\s,;:]", "", token))


def _from_decimal(token: str) -> bytes:
    return bytes(int(number) for number in re.findall(r"\d+", token))
