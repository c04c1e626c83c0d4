"""China's administrative divisions, from the dictionary that jionlp ships. The only module that knows jionlp.

Its archive is read directly: importing jionlp unpacks 51 MB into its own folder, prints, and with its loader makes a
process of 126 MB, this module one of 58.
"""

from __future__ import annotations

import importlib.util
import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.errors import PlaceError
from ingest.model import NATION, Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

COUNTRY = Place(NATION, "全国", ("全国",), (NATION,))
_DISSOLVED = frozenset({"530422"})  # 澄江县, which the dictionary keeps beside 澄江市, the city it became
_ROW = re.compile(rb"^(\t{0,2})([^\t\r\n]+)\t(\d{6})\t([^\t\r\n]+)\r?$", re.MULTILINE)  # indent, name, code, short form
_ZONES = {"经济技术开发区": "经开区", "高新技术产业开发区": "高新区"}


def read_divisions() -> Iterator[tuple[Place, tuple[str, ...]]]:
    """Yield every division with its short forms, without the levels that exist in the code table alone."""
    line = [COUNTRY]
    for indent, raw_name, raw_code, raw_short in _rows():
        name, code, depth = raw_name.decode(), raw_code.decode(), len(indent)
        above = line[depth]
        if name.endswith("直辖行政区划") or code == above.code:  # 省直辖行政区划; 北京市 as a city of 北京市
            line[depth + 1 :] = [above]
        elif code not in _DISSOLVED:
            path = (*above.path, name) if depth else (name,)
            place = Place(code, name, path, (code, *above.chain))
            line[depth + 1 :] = [place]
            yield place, tuple(_short_forms(name, raw_short.decode().split("/")))


def _rows() -> Iterator[tuple[bytes, bytes, bytes, bytes]]:
    """Yield indent, name, code and short forms of provinces, cities and counties, a megabyte at a time."""
    jionlp = importlib.util.find_spec("jionlp")
    if jionlp is None or jionlp.origin is None:
        raise PlaceError("jionlp is not installed, and its dictionary of places is needed: pip install jionlp")
    archive = Path(jionlp.origin).parent / "dictionary" / "china_location.zip"
    with zipfile.ZipFile(archive) as files, files.open("china_location.txt") as dictionary:
        while block := dictionary.read(1 << 20):
            yield from _ROW.findall(block + dictionary.readline())


def _short_forms(name: str, known: Iterable[str]) -> Iterator[str]:
    """Yield the dictionary's short forms and those that follow from the name: 大理州, 威宁县, 达拉特."""
    for short in known:
        yield short
        if name.endswith(("自治州", "自治县")) and not short.endswith(name[-1]):
            yield short + name[-1]
    for whole, short in _ZONES.items():
        if name.endswith(whole):
            yield name.removesuffix(whole) + short
    if len(name) > 3 and re.search(r"[^左右前中后治合]旗$", name):
        yield name[:-1]
