"""A corpus of many documents for the benchmark: the sentences of those that ship, put together anew."""

from __future__ import annotations

import random
import re
import shutil
from pathlib import Path

_SENTENCE = re.compile(r"[^。\n]{15,120}。")
_PLACES = ("达拉特旗", "磴口县", "甘州区", "岚县", "康巴什区", "准格尔旗", "临河区", "山丹县", "方山县", "盘州市")
_NUMERALS = "一二三四五六七八九十"
_ITEMS = 6  # below each heading


def make_corpus(source: Path, folder: Path, documents: int) -> None:
    """Write so many documents of about 9 kB, all different, the same in each run; word lists as in `source`."""
    choose = random.Random(documents)
    texts = [path.read_text(encoding="utf-8") for path in sorted((source / "documents").glob("*.txt"))]
    sentences = [sentence for text in texts for sentence in _SENTENCE.findall(text)]
    (folder / "documents").mkdir(parents=True)
    shutil.copytree(source / "topics", folder / "topics")
    for path in source.glob("*.yaml"):
        shutil.copy(path, folder)
    for number in range(documents):
        text = "\n\n".join(_write(number, _PLACES[number % len(_PLACES)], sentences, choose))
        (folder / "documents" / f"{number:04d}.txt").write_text(text, encoding="utf-8")


def _write(number: int, place: str, sentences: list[str], choose: random.Random) -> list[str]:
    """The paragraphs of one document; its figures are its own."""
    paragraphs = [f"{place}人民政府关于支持经营主体发展若干措施（第{number}批）的通知"]
    for heading in _NUMERALS:
        paragraphs.append(f"{heading}、{choose.choice(sentences)[:12]}")
        for item in _NUMERALS[:_ITEMS]:
            own = re.sub(r"\d+", lambda _: str(choose.randint(1, 999)), choose.choice(sentences))
            paragraphs.append(f"（{item}）{own}")
    return [*paragraphs, f"{place}人民政府", f"2024年{choose.randint(1, 12)}月{choose.randint(1, 28)}日"]
