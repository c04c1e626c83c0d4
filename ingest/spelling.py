"""Slips of the pen against the corpus's own vocabulary: a word typed for one that sounds alike, a dropped character.

A run of characters is corrected only if it is no word itself, nobody in the lexicon says it, and it sounds, tones
aside, as a word that the documents or the lexicon hold: 信用休复 becomes 信用修复, 创业但保贷款 创业担保贷款. Numerals
are never changed.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING

import rjieba

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from ingest.topics import Lexicon

_LONGEST = 8  # characters of a word that a slip is looked for in
_SHORTEST_DROPPED = 5  # a shorter word that lost a character may be anything
_SHORTEST_INSIDE = 4  # a shorter slip has to begin and end where words do
_SPOKEN = 4  # characters of the runs that people's own phrases vouch for
_MOST_READINGS = 16  # of one run of characters: 长 and 行 have two each
_CHINESE = re.compile(r"[\u4e00-\u9fff]+")
_NUMERALS = frozenset("〇一二两三四五六七八九十百千万亿")
# Words of grammar: in a short run they are what they are, whatever the run sounds like.
_GRAMMAR = frozenset(
    "的地得了吗呢吧啊呀嘛着过在是有个不没我你您他她它们这那哪就都也还又再很和跟给把被让对从到要能会可啥咋么"
)
# Characters with two usual sounds; the others count as they are usually read.
_SOUNDS = {
    "长": ("chang", "zhang"), "行": ("xing", "hang"), "重": ("zhong", "chong"), "还": ("huan", "hai"),
    "调": ("tiao", "diao"), "率": ("lv", "shuai"), "会": ("hui", "kuai"), "降": ("jiang", "xiang"),
    "便": ("bian", "pian"), "传": ("chuan", "zhuan"), "供": ("gong",), "给": ("gei", "ji"), "种": ("zhong",),
    "量": ("liang",), "数": ("shu",), "单": ("dan",), "期": ("qi",), "校": ("xiao", "jiao"), "藏": ("cang", "zang"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Correction:
    """What was typed and what is meant."""

    typed: str
    meant: str


class Spelling:
    """The vocabulary of one generation by its sound."""

    def __init__(self, words: Sequence[str], spoken: Iterable[str] = ()) -> None:
        """Index words, the most frequent first: of two that sound alike, the first is meant.

        `spoken` are phrases as people say them: what stands in one is no slip.
        """
        self._words = frozenset(words)
        self._spoken = frozenset(_pieces(spoken))
        self._by_sound: dict[tuple[str, ...], str] = {}
        self._dropped: dict[str, str] = {}
        for word in words:
            for sound in _sounds(word):
                self._by_sound.setdefault(sound, word)
            if len(word) >= _SHORTEST_DROPPED:
                for lost in range(1, len(word) - 1):
                    self._dropped.setdefault(word[:lost] + word[lost + 1 :], word)

    @classmethod
    def create(cls, path: Path, texts: Iterable[str], lexicon: Lexicon) -> Spelling:
        """Collect the words of the passages and the lexicon's terms and keep them in a file."""
        words = collect_words(texts, (term for topic in lexicon.topics for term in topic.terms))
        path.write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")
        return cls(words, _spoken(lexicon))

    @classmethod
    def open(cls, path: Path, lexicon: Lexicon) -> Spelling:
        """Read the words that were collected with this very lexicon."""
        return cls(json.loads(path.read_text(encoding="utf-8")), _spoken(lexicon))

    def correct(self, text: str) -> tuple[str, tuple[Correction, ...]]:
        """The text with its slips mended, and what was mended, from left to right."""
        out: list[str] = []
        made: list[Correction] = []
        position = 0
        for run in _CHINESE.finditer(text):
            out.append(text[position : run.start()])
            out.extend(self._correct_run(run.group(), made))
            position = run.end()
        return "".join([*out, text[position:]]), tuple(made)

    def _correct_run(self, run: str, made: list[Correction]) -> Iterator[str]:
        bounds = _bounds(run)
        start = 0
        while start < len(run):
            end, meant = self._read(run, start, bounds)
            typed = run[start:end]
            if meant != typed:
                made.append(Correction(typed, meant))
            yield meant
            start = end

    def _read(self, run: str, start: int, bounds: frozenset[int]) -> tuple[int, str]:
        """The end of what stands here, and what is meant by it: the longest known word, else the longest slip."""
        for end in range(min(len(run), start + _LONGEST), start + 1, -1):
            typed = run[start:end]
            if typed in self._words:
                return end, typed
            meant = self._slip(typed, start in bounds and end in bounds)
            if meant:
                return end, meant
        return start + 1, run[start]

    def _slip(self, typed: str, whole: bool) -> str | None:
        """The word that is meant by what is none, if there is one; `whole`: other words end and begin around it."""
        if (len(typed) < _SHORTEST_INSIDE and not whole) or (len(typed) < 3 and _GRAMMAR & set(typed)):
            return None
        if typed in self._spoken or _is_word(typed):
            return None
        meant = next((self._by_sound[sound] for sound in _sounds(typed) if sound in self._by_sound), None)
        if meant is None:
            return self._dropped.get(typed)
        changed = [{old, new} for old, new in zip(typed, meant, strict=True) if old != new]
        kept = 2 * len(changed) <= len(typed) and not any((_NUMERALS | _GRAMMAR) & pair for pair in changed)
        return meant if kept else None


def collect_words(texts: Iterable[str], terms: Iterable[str]) -> list[str]:
    """The words of texts and the terms, the most frequent first."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(word for word in rjieba.cut(text, hmm=False) if _is_spelled(word))
    for term in terms:
        counts.update(run for run in {*_CHINESE.findall(term), *rjieba.cut(term, hmm=False)} if _is_spelled(run))
    return [word for word, _ in sorted(counts.items(), key=lambda one: (-one[1], one[0]))]


def _is_spelled(word: str) -> bool:
    return 2 <= len(word) <= _LONGEST and _CHINESE.fullmatch(word) is not None


def _bounds(run: str) -> frozenset[int]:
    """Where words begin and end."""
    found, position = {0}, 0
    for word in rjieba.cut(run, hmm=False):
        position += len(word)
        found.add(position)
    return frozenset(found)


@lru_cache(4096)
def _is_word(text: str) -> bool:
    return len(rjieba.cut(text, hmm=False)) == 1


def _sounds(text: str) -> list[tuple[str, ...]]:
    """The ways to say it, a syllable a character; of many, the first few."""
    ways = product(*map(_syllables, text))
    return [way for way, _ in zip(ways, range(_MOST_READINGS), strict=False)]


@lru_cache(8192)
def _syllables(character: str) -> tuple[str, ...]:
    """How a character may sound, without tones."""
    from pypinyin import lazy_pinyin  # imported on use: its tables take a third of a second

    return _SOUNDS.get(character) or tuple(lazy_pinyin(character))


def _spoken(lexicon: Lexicon) -> Iterator[str]:
    return (phrase for topic in lexicon.topics for phrase in topic.phrases)


def _pieces(phrases: Iterable[str]) -> Iterator[str]:
    """All runs of up to `_SPOKEN` characters that stand in the phrases."""
    for phrase in phrases:
        for length in range(2, _SPOKEN + 1):
            yield from (phrase[start : start + length] for start in range(len(phrase) - length + 1))
