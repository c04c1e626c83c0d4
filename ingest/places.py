"""Names become places: the gazetteer of China's administrative divisions, and who lies in whom.

A place is never guessed: a name that is not known stays unknown, and one that several places share stays shared unless
another name in the text decides.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ingest.divisions import COUNTRY, read_divisions
from ingest.errors import AmbiguousPlace, UnknownPlace
from ingest.model import NATION, Place
from ingest.word_bounds import WordBounds

if TYPE_CHECKING:
    from collections.abc import Iterator

DATA = Path(__file__).parent / "data"
ALIASES = DATA / "place_aliases.csv"  # names in use that jionlp does not know
EVERYDAY = DATA / "everyday_words.txt"  # names that are words too, and name a place only behind the one above it

Relation = Literal["own", "ancestor", "descendant", "other"]

_COUNTRY_NAMES = frozenset({"全国", "国家", "中国", "中华人民共和国", NATION})
_BETWEEN = re.compile(r"[ \u3000]?的?")  # what may stand between a place and one in it: 鄂尔多斯的达旗
_SEPARATORS = re.compile(r"[\s/\\>›·,，、|-]+")  # between the parts of a path as people type it
_OPENING, _REST_OF_NAME = re.compile(r"[“‘\"「『]$"), re.compile(r"[^“”‘’\"「」『』，。？！,?!]{1,12}[”’\"」』]")
_HOMES = re.compile(r"路|街|[东南西北中]路|大[道街]|巷|[村镇乡江河湖]|街道|社区|小区")  # 成都路, 余姚江
_SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱林郭罗梁宋郑谢韩唐冯董萧程曹袁邓傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田"
    "姜范石姚谭廖邹熊陆郝崔邱秦顾侯邵孟段雷钱汤尹黎贺赖龚"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A place named in running text."""

    text: str
    start: int
    end: int
    places: tuple[Place, ...]  # one, or several if the name is shared and nothing in the text decides


class Gazetteer:
    """The administrative divisions of China from province to county, by code and by name."""

    def __init__(self, places: dict[str, Place], names: dict[str, tuple[Place, ...]], words: dict[str, bool]) -> None:
        self._places = places
        self._names = names
        self._everyday = words  # whether a name that is a word too names a place behind the one above it

    @classmethod
    def load(cls) -> Gazetteer:
        """Read the dictionary and the two data files; 0.2 to 0.3 s."""
        places = {NATION: COUNTRY}
        codes: defaultdict[str, set[str]] = defaultdict(set)
        for place, shorts in read_divisions():
            places[place.code] = place
            for name in (place.name, *shorts):
                codes[name].add(place.code)
        for alias, code in _aliases():
            codes[alias].add(code)
        names = {name: tuple(places[code] for code in sorted(found)) for name, found in codes.items()}
        everyday = _everyday()
        return cls(places, {**dict.fromkeys(everyday, ()), **names}, everyday)

    @property
    def places(self) -> tuple[Place, ...]:
        """Every place there is, the nation first."""
        return tuple(self._places.values())

    def by_code(self, code: str) -> Place:
        """Return the place with this code; UnknownPlace if there is none."""
        if code not in self._places:
            raise UnknownPlace(f"没有行政区划代码“{code}”：请填六位代码，例如 150621（达拉特旗），全国填 {NATION}")
        return self._places[code]

    def resolve(self, name: str) -> Place:
        """Return the one place that a name, a short form, a path or a code stands for.

        Raises UnknownPlace, or AmbiguousPlace with the candidates.
        """
        wanted = _SEPARATORS.sub("", name)
        if wanted in _COUNTRY_NAMES:
            return COUNTRY
        if wanted.isascii() and wanted.isdigit():
            return self.by_code(wanted)
        found = self._named(wanted) or self._below_path(wanted)
        if not found:
            raise UnknownPlace(f"没有找到属地“{name}”：请写全称，例如“鄂尔多斯市达拉特旗”，或六位行政区划代码")
        if len(found) > 1:
            options = "、".join(f"{''.join(place.path)}（{place.code}）" for place in found[:6])
            raise AmbiguousPlace(f"有 {len(found)} 个地方叫“{name}”：{options}，请连同上级写全或填代码", found)
        return found[0]

    def find(self, text: str) -> list[Mention]:
        """Return the places that a text names, in order, without overlap; a path counts as one mention."""
        words = WordBounds(text)
        mentions: list[Mention] = []
        start = 0
        while start < len(text):
            end, places = self._read(words, start, ())
            if places and not _in_name(text, start, end):
                mentions.append(Mention(text[start:end], start, end, places))
            start = max(end, start + 1)
        return _settle(mentions)

    def search(self, query: str, limit: int = 20) -> list[Place]:
        """Return the places for a search box: exact names first, then beginnings, then parts of the full path."""
        wanted = _SEPARATORS.sub("", query)
        if not wanted:
            return []
        ranks: dict[str, int] = {}
        for name, places in self._searchable:
            if wanted in name:
                rank = 0 if name == wanted else 1 if name.startswith(wanted) else 2
                for place in places:
                    ranks[place.code] = min(rank, ranks.get(place.code, rank))
        found = sorted(ranks, key=lambda code: (ranks[code], _level(self._places[code]), code))
        return [self._places[code] for code in found[:limit]]

    @cached_property
    def _searchable(self) -> list[tuple[str, tuple[Place, ...]]]:
        full = [(key, (place,)) for place in self._places.values() for key in ("".join(place.path), place.code)]
        return [*self._names.items(), *full]

    @cached_property
    def _lengths(self) -> dict[str, tuple[int, ...]]:
        """Return, for a first character, the lengths of the names that begin with it, longest first."""
        lengths: defaultdict[str, set[int]] = defaultdict(set)
        for name in self._names:
            lengths[name[0]].add(len(name))
        return {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()}

    def _named(self, name: str) -> tuple[Place, ...]:
        """Return whom a bare name stands for: 长沙 is the city, not the county; 朝阳 stays shared."""
        places = self._names.get(name, ())
        full = tuple(place for place in places if place.name == name)
        return full or (places if name in self._everyday else _highest(places))

    def _below_path(self, path: str, above: tuple[Place, ...] = ()) -> tuple[Place, ...]:
        """Return whom a whole path leads to: 内蒙古达旗, 吕梁市离石区."""
        found: dict[str, Place] = {}
        for name, places in self._names_at(path, 0):
            here, rest = _within(places, above), path[len(name) :]
            for place in (self._below_path(rest, here) if rest else _highest(here)) if here else ():
                found[place.code] = place
        return tuple(found.values())

    def _names_at(self, text: str, start: int) -> Iterator[tuple[str, tuple[Place, ...]]]:
        for length in self._lengths.get(text[start : start + 1], ()):
            name = text[start : start + length]
            if len(name) == length and name in self._names:
                yield name, self._names[name]

    def _read(self, words: WordBounds, start: int, above: tuple[Place, ...]) -> tuple[int, tuple[Place, ...]]:
        """Return the end and the places of the longest path that begins here, below `above` if that is given."""
        best: tuple[int, tuple[Place, ...]] = (start, ())
        for name, named in self._names_at(words.text, start):
            end, places = start + len(name), _within(named, above)
            if not named and not above:  # a phrase that is no place: 沙县小吃
                return best if best[1] else (end, ())
            if not places or any(place in named for place in above):  # 长沙市长沙银行: the city again
                continue
            reading = self._read(words, _past(_BETWEEN, words.text, end), places)
            if not reading[1] and self._stands(words, name, start, places, above):
                reading = (end, places)
            if reading[1] and reading[0] > best[0]:
                best = reading
        return best

    def _stands(
        self, words: WordBounds, name: str, start: int, places: tuple[Place, ...], above: tuple[Place, ...]
    ) -> bool:
        """Tell whether a name in running text is a name there, and no word or part of one."""
        end, full = start + len(name), any(place.name == name for place in places)
        if end not in words.bounds or (not full and _HOMES.fullmatch(words.next(end))):
            return False
        if name in self._everyday and not (full and above):
            return self._stands_as_name(words, name, start, places, above)
        if above:
            return True
        upper = min(map(_level, places)) < 2
        if start not in words.bounds:
            return full and (upper or len(name) > 3)
        return full or upper or words.next(start - 1) not in _SURNAMES

    def _stands_as_name(
        self, words: WordBounds, name: str, start: int, places: tuple[Place, ...], above: tuple[Place, ...]
    ) -> bool:
        """Tell whether an everyday word is a name here: 北京朝阳, 在会同县, or nothing else in the text."""
        if any(place.name == name for place in places) and not name.endswith("区") and words.opens_at(start):
            return True
        if not self._everyday[name]:
            return False
        holders = {place.code for place in above}
        return words.text.strip() == name or any(place.chain[1] in holders for place in places)


def relation(of: Place, to: Place) -> Relation:
    """Return what a document's place `of` is to the asker's place `to`: own, ancestor, descendant or other."""
    if of.code == to.code:
        return "own"
    if of.code in to.chain:
        return "ancestor"
    return "descendant" if to.code in of.chain else "other"


def applies(place_code: str, to: Place) -> bool:
    """Tell whether what is in force in the place with this code is in force in `to`."""
    return place_code in to.chain


def _aliases() -> Iterator[tuple[str, str]]:
    with ALIASES.open(encoding="utf-8", newline="") as lines:
        yield from ((row["alias"], row["code"]) for row in csv.DictReader(lines))


def _everyday() -> dict[str, bool]:
    """Return the words that are more than names, and whether they name a place behind the one above it."""
    listed = re.sub(r"#.*", "", EVERYDAY.read_text(encoding="utf-8")).split()
    return {word.removeprefix("!"): not word.startswith("!") for word in listed}


def _level(place: Place) -> int:
    return 0 if place.code.endswith("0000") else 1 if place.code.endswith("00") else 2


def _highest(places: tuple[Place, ...]) -> tuple[Place, ...]:
    top = min(map(_level, places), default=0)
    return tuple(place for place in places if _level(place) == top)


def _within(places: tuple[Place, ...], above: tuple[Place, ...]) -> tuple[Place, ...]:
    """Keep the places that lie in one of those above, or all if none is given."""
    codes = {place.code for place in above}
    return tuple(place for place in places if not codes.isdisjoint(place.chain[1:])) if above else places


def _in_name(text: str, start: int, end: int) -> bool:
    """Tell whether a place is the beginning of a name in quotation marks: the brand “山西精品”."""
    return bool(_OPENING.search(text[:start]) and _REST_OF_NAME.match(text, end))


def _past(pattern: re.Pattern[str], text: str, position: int) -> int:
    found = pattern.match(text, position)
    return found.end() if found else position


def _settle(mentions: list[Mention]) -> list[Mention]:
    """Let the mentions that are clear decide those that are not: 鼓楼区 in a text about 南京."""
    clear = {places[0].code for mention in mentions if len(places := _highest(mention.places)) == 1}
    settled = []
    for mention in mentions:
        decided = tuple(place for place in mention.places if not clear.isdisjoint(place.chain))
        places = _highest(decided or mention.places)
        settled.append(Mention(mention.text, mention.start, mention.end, places))
    return settled
