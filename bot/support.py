"""Whether a sentence says what its sources say: most of its words stand there, and no negation is dropped or added.

A coarse check, on words alone: figures are checked by `bot/verify.py`. It is meant to let honest paraphrases through
and to stop what was made up, where in doubt the latter: the clause's own sentence then takes the sentence's place.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.words import search_words

_MARKER = re.compile(r"\[\d+\]")
_DRAFT_WORDS = re.compile("征求意见稿|(?<![模虚])拟")  # how a draft must be told
_PARTS = re.compile(r"[，,；;。！？!?：:\n（）()]+")
_SHORTEST_PART = 2  # content words; a part with fewer counts with the whole sentence only
_LENIENCE = 1.4  # what the share in the sources alone is multiplied by: the question may have given the rest
# Plain words that carry no claim of their own: "can", "you", "if", "according to", "the document says", "a sum of".
_ORDINARY = frozenset([
    "可以", "能够", "您的", "我们", "自己", "如果", "只要", "只有", "的话", "并且", "而且", "同时", "另外", "此外",
    "以及", "或者", "还是", "根据", "按照", "依据", "对于", "关于", "其中", "这个", "这些", "这项", "这笔", "那么",
    "因为", "所以", "由于", "但是", "不过", "然后", "之后", "以后", "之前", "之内", "以内", "原来", "原先", "继续",
    "规定", "政策", "文件", "原文", "条款", "明确", "写明", "提到", "说明", "里面", "当中", "目前", "现在", "已经",
    "一共", "总共", "合计", "大约", "左右", "每个", "一个", "一次", "一次性", "需要", "必须", "应当", "应该", "要求",
    "符合", "满足", "达到", "具备", "属于", "作为", "成为", "进行", "开展", "实施", "有关", "相关", "具体", "情况",
    "时候", "时间", "期间", "方面", "给予", "享受", "获得", "得到", "拿到", "提供", "予以", "支持", "帮助", "鼓励",
    "最高", "最多", "最低", "至少", "最长", "不超过", "超过", "以上", "以下", "上限", "额度", "金额", "标准", "数额",
    "补助", "补贴", "资金", "款项", "人民币", "包括", "包含", "例如", "比如", "分别", "其他", "征求意见稿", "意见",
    "征求", "草案", "没有", "填写", "空白", "留空", "数字", "不能", "不得", "不予", "不会", "不再", "不用", "不需要",
    "无需", "本地", "当地", "全部", "所有", "任何", "请问", "怎么", "什么", "多少", "哪些", "老板", "经营者", "经营",
    "之一", "方式", "途径", "情形", "条件", "多久",
])  # fmt: skip
# What these leave of a word is looked for in the sources: 免掉, 能贷
_ORDINARY_CHARACTERS = "能会要可得给到掉完了过再也都就还没不为成里该"

_CUTS = (_PARTS, re.compile(rf"(?:{_PARTS.pattern}|的)+"))
# "not", "must not", "none", "forbidden"; not where 不 is part of a word or of a bound: 不良, 不动产, 不低于.
_NEGATION = re.compile(
    r"(?:不(?!良|动产|同|断|仅|少|足|限|定期|低于|高于|超|多于|论|管|但|过|含)|未(?!来)|无(?!障碍|论|人机)|没(?!收)|禁止|严禁|不含)"
    r"([^的]*)"
)
_FREE = re.compile("免|减")  # what is free may be said before it or behind it: 免收登记费, 登记费不收
_PAID = re.compile("[收交缴付]|自费")


def support(sentence: str, sources: Sequence[str], asked: str) -> float:
    """The share of a sentence's telling words that stand in its sources or in the question, from 0 to 1.

    That of the weakest of its parts counts, so that a true half does not carry a made-up one. Of the whole sentence so
    much must stand in its sources that it does not just say yes to the question.

    Args:
        sentence: one sentence, with its markers.
        sources: the texts that it cites, and the names of their places.
        asked: the question.
    """
    given, said = _Words(sources), _Words([*sources, asked])
    parts = [_telling(part) for part in _PARTS.split(_bare(sentence))]
    whole = [word for part in parts for word in part]
    judged = [whole, *(part for part in parts if len(part) >= _SHORTEST_PART)]
    return min([_LENIENCE * given.share(whole), *map(said.share, judged)])


def flips(sentence: str, sources: Sequence[str]) -> bool:
    """Whether a sentence drops or adds a negation: 逾期不予贴息 told as 逾期也给贴息.

    Its parts, and the pieces between 的 and 的, are held against those parts of its sources that share most words with
    them, and against those that deny two of their words and more.
    """
    return any(_flips(_cut(sentence, cut), _cut("\n".join(sources), cut)) for cut in _CUTS)


def _flips(pieces: Sequence[str], others: Sequence[str]) -> bool:
    known = [(other, _words(other)) for other in others]
    return any(_goes_against_nearest(piece, known) or _affirms_denied(piece, known) for piece in pieces)


def _goes_against_nearest(piece: str, known: Sequence[tuple[str, frozenset[str]]]) -> bool:
    words = _words(piece)
    most = max((len(words & others) for _, others in known), default=0)
    nearest = [other for other, others in known if most and len(words & others) == most]
    return bool(nearest) and all(_contradicts(piece, other) for other in nearest)


def _affirms_denied(piece: str, known: Sequence[tuple[str, frozenset[str]]]) -> bool:
    """Whether a piece that denies nothing says what a source denies and nowhere affirms."""
    if _NEGATION.search(piece) or _FREE.search(piece):
        return False
    words = _words(piece)
    affirmed = [others for other, others in known if not _NEGATION.search(other)]
    denied = [words & _words(match[1]) for other, _ in known if (match := _NEGATION.search(other))]
    return any(len(one) > 1 and not any(one <= others for others in affirmed) for one in denied)


def _contradicts(told: str, source: str) -> bool:
    if _FREE.search(source):
        return not _FREE.search(told) and not _NEGATION.search(told) and bool(_PAID.search(told))
    if _FREE.search(told):
        return False
    here, there = _NEGATION.search(told), _NEGATION.search(source)
    if bool(here) == bool(there):
        return False
    denied, affirmed = (here[1], source) if here else (there[1] if there else "", told)
    return bool(_words(denied) & _words(affirmed))


def _cut(text: str, cut: re.Pattern[str]) -> list[str]:
    return [piece for piece in cut.split(_bare(text)) if piece]


def _words(text: str) -> frozenset[str]:
    return frozenset(word for word in search_words(text) if len(word) > 1)


def _telling(text: str) -> list[str]:
    """The words of a text that claim something; figures are checked elsewhere."""
    return [word for word in dict.fromkeys(search_words(text)) if _tells(word)]


def _tells(word: str) -> bool:
    return len(word) > 1 and word not in _ORDINARY and not any(character.isdigit() for character in word)


class _Words:
    """The words of some texts."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._text = _bare("\n".join(texts)).lower()
        self._words = set(search_words(self._text))

    def share(self, words: Sequence[str]) -> float:
        """The share of words that stand in the texts, or what is left of them without plain characters."""
        known = [one in self._words or one.strip(_ORDINARY_CHARACTERS) in self._text for one in words]
        return sum(known) / len(known) if known else 1.0


def _bare(text: str) -> str:
    return _DRAFT_WORDS.sub("", _MARKER.sub("", text)).replace("*", "")
