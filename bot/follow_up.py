"""Whether and how a question leans on earlier turns, as a person would hear it.

那要找哪个部门 asks another thing of the same matter, 那磴口呢 the same thing of another place, 我是退役军人呢 adds to
it, 那贷款呢 turns to a new one. What is left of a turn without the words that only ask or point decides.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.aspects import read_aspects
from bot.question import Aspect
from ingest.facts import read_audiences
from ingest.spelling import Correction
from ingest.topics import TopicMatch
from ingest.words import bigrams

_SHORT = 14  # characters; a shorter turn with no topic of its own leans on the one before
_STRONG = 0.7  # from this score on, a turn has a topic of its own
_PLAIN = 0.8  # the same for a turn that points back: 那贷款呢 turns to another matter
_SHARED = 0.5  # from this score on, a topic of the matter counts as the turn's too
_FRAGMENT = 3  # characters; no more is a piece of the matter (利息, 抵押) where it is on its topic
_MENTIONS = frozenset({Aspect.YES_NO, Aspect.MONEY})  # no question of their own: 那贷款呢
_THINGS = frozenset("贷税租")  # the only single characters that are a matter
_HEAD = 2  # characters that a thing is called by in the end: 信用贷款 and 创业担保贷款 are both 贷款

# A piece between commas that asks nothing: that is understood, all right, thanks, goodbye.
_COURTESY = re.compile(
    r"(?:太?好[的啦了]?|那?行|那?可以|嗯+|哦|噢|对|是的?|ok|OK|那?就?好)?(?:的|吧|了|嘞|呀|啊|嗯|好)*"
    r"(?:我?都?(?:明白|知道|清楚|懂|了解|晓得|收到)[了啦]*)?(?:(?:多谢|谢谢|感谢|辛苦)[你您了啦啊哈]*)*"
    r"(?:不客气|再见|拜拜|没(?:有|别的)?(?:事|问题)?[了啦]|不用[了啦])?"
)
_PIECES = re.compile(r"[^，,。！!、；;\s]+")
# Signs that a turn leans on an earlier one: that, then, this matter, what about, if, I am…
_MARKED = re.compile(
    r"^(?:那|这|它|还有|另外|再问|要是|如果|假如|万一|换|不对|我们?是|我属于)|呢[？?。！!]*$|^.{0,4}呢|"
    r"这块|这项|这笔|这个(?:事|政策|钱|补)|上面|刚才|前面说|也(?:一样|可以|能|算|行)|也[有是]吗"
)
_ABOUT_SELF = re.compile(r"^(?:我|俺|咱)(?!想|要)[^？?]*(?<![吗呢不没])[。！!]?$")  # no question: 我租的是亲戚的房子
# What measures there are at all: not about the matter any more. 有哪些优惠政策, 还有别的补贴吗
_GENERAL = re.compile(
    r"(?:有(?:哪些|什么|啥)|还有(?:别的|其他|其它)|(?:都|能)(?:有|享受)(?:哪些|什么|啥))[^，。？?]{0,6}"
    r"(?:政策|补贴|补助|优惠|扶持|好处|支持|奖励)"
)
# Words that only ask, point or fill: what is left of a turn without them is what it is about.
_EMPTY_WORDS = (
    "那么 那个 那些 那项 那边 那里 那儿 那 这个 这些 这项 这笔 这块 这边 这里 这儿 这 别的 其他 其它 两边",
    "哪边 它们 它 其中 上面 刚才 前面 说的 说 还有 另外 再问 然后 还 再 也 都 又 就 才 只 我们 咱们 你们 我",
    "咱 俺 你 您 自己 个人 一个人 要是 如果 假如 万一 换成 换到 改成 换 不对 应该 属于 这样 那样 写 开始 的话",
    "的时候 那会儿 当时 多少钱 多少 几个钱 多长时间 多长 多久 多高 多大 几年 几天 几个月 几月 几号 几次 几",
    "什么时候 啥时候 何时 哪天 哪年 时候 时间 截止 到期 过期 有效期 还有效 有效 管用 作废 算数 期限 到账 下来",
    "拿到 到手 找谁 哪个部门 哪些部门 什么部门 部门 单位 哪个局 哪里 哪儿 哪家 哪个 哪些 哪 谁 归 负责 牵头",
    "管 联系 电话 窗口 地方 怎么办 怎么弄 怎么 怎样 咋办 咋弄 咋 如何 申请 申报 申领 办理 办 领取 领 报名 弄",
    "走 流程 手续 步骤 材料 资料 证明 条件 资格 门槛 要求 标准 额度 上限 限额 金额 最多 最高 最长 最低 最少",
    "最快 需要 要交 要带 要 交 带 得 必须 符合 够 可以 可不可以 能不能 能够 能 可 会不会 会 行不行 行 算不算",
    "算 有没有 有 没有 没 是不是 是 在 到 去 给不给 给 拿 吗 呢 吧 么 嘛 啊 呀 不 了 的 地 着 过 啥 什么 现在",
    "目前 眼下 如今 今年 去年 明年 前年 以后 之前 一样 具体 大概 批 政策 规定 文件 文号 通知 方案 依据 事情",
    "事儿 事 钱 补助 补贴 奖励 补 奖 优惠 名额 两 三 四 几个 个 比一比 对比 比较 比 划算 合适 更 好 多 少 高",
    "低 旗里 县里 市里 区里 省里 旗 县 市 区 省 政府 说错 问 查 看看 看 想 请 和 跟 与 及 同 年 月 日",
)
_LONGEST_FIRST = sorted(" ".join(_EMPTY_WORDS).split(), key=len, reverse=True)  # 多长时间 leaves no 时间
_ONLY_ASKS = re.compile("|".join(map(re.escape, _LONGEST_FIRST)) + r"|[\W\d_]+")
_PARTICLES = re.compile(
    r"^(?:(?:那|不对|换成?|改成|我(?:说|问)?的?是|这?[里边儿]|也|还|的|在)(?=[\s，,]|$)[\s，,]*)+|"
    r"^那么?(?!个|些|项|边|里|儿)|呢[？?。！!]*$"
)


class Vocabulary(Protocol):
    """What an index knows of words."""

    def topics_of(self, text: str) -> Sequence[TopicMatch]:
        """The topics that a text is about, best first."""
        ...

    def correct(self, text: str) -> tuple[str, tuple[Correction, ...]]:
        """A text with its slips of the pen mended, and what was mended."""
        ...


@dataclass(frozen=True, slots=True)
class Matter:
    """What a conversation is about: its words, without names of places, and what was asked of it last."""

    text: str = ""
    aspects: frozenset[Aspect] = frozenset()


@dataclass(frozen=True, slots=True)
class Heard:
    """A turn in the light of the matter before it."""

    context: str  # what it takes over, in front of its own words; empty if it stands by itself
    own: str  # its own words, without those that only point back
    aspects: frozenset[Aspect]  # what it wants to know, with what it takes over
    matter: Matter  # what the conversation is about behind it


def is_courtesy(text: str) -> bool:
    """Whether a text only thanks, agrees or says goodbye."""
    pieces = _PIECES.findall(text)
    return bool(pieces) and all(map(_COURTESY.fullmatch, pieces))


def without_courtesy(text: str) -> str:
    """A text without the thanks and the agreement that it begins with: 明白了，那怎么申请 asks 怎么申请."""
    start = 0
    for piece in _PIECES.finditer(text):
        if not _COURTESY.fullmatch(piece.group()):
            return text[piece.start() :]
        start = piece.end()
    return text[start:]


def only_asks(text: str) -> bool:
    """Whether nothing is left of a text without the words that ask, point or fill: 旗里给钱不, 那找哪个部门."""
    return not _content(text)


def hear(bare: str, matter: Matter, vocabulary: Vocabulary) -> Heard:
    """Hear a turn, which is no courtesy, as a person would who remembers the matter.

    Args:
        bare: the turn without names of places and politeness, its slips mended.
        matter: what the conversation is about; empty before anything was asked.
        vocabulary: tells the topics of a text.
    """
    asked, own = read_aspects(bare), _pointing_less(bare) if matter.text else bare
    taken = matter.aspects if asked <= _MENTIONS else frozenset[Aspect]()
    if not matter.text or not _leans(bare, matter, vocabulary):
        taken = taken if _MARKED.search(bare) else frozenset[Aspect]()
        return Heard("", own, asked | taken, Matter(own, asked | taken))
    own = own if asked or not only_asks(own) else ""
    text = matter.text if only_asks(own) else f"{matter.text} {own}"
    return Heard(matter.text, own, asked | taken, Matter(text, asked | taken))


def _leans(bare: str, matter: Matter, vocabulary: Vocabulary) -> bool:
    content = _content(bare)
    marked = bool(_MARKED.search(bare) or (_ABOUT_SELF.search(bare) and not read_aspects(bare)))
    if not content:
        return not _GENERAL.search(bare)
    if marked and not _beside_audiences(content):
        return True  # 我是退役军人呢
    own = _strong_topics(_pointing_less(bare), _PLAIN if marked else _STRONG, vocabulary)
    if not own:
        return marked or len(bare) <= _SHORT
    if _related(own, matter, vocabulary):
        sibling = len(content) > _HEAD and content[-_HEAD:] in matter.text  # 那信用贷款呢, of 创业担保贷款
        return not sibling and (marked or len(content) <= _FRAGMENT)
    return False


def _strong_topics(own: str, floor: float, vocabulary: Vocabulary) -> list[str]:
    """The topics that a turn plainly has, best first."""
    matches = vocabulary.topics_of(own)
    return (
        [match.topic.name for match in matches if match.score >= _STRONG]
        if matches and matches[0].score >= floor
        else []
    )


def _related(own: Sequence[str], matter: Matter, vocabulary: Vocabulary) -> bool:
    """Whether a turn's topics, best first, are the matter's too, or the best is called by a word of it: 贷款贴息."""
    shared = {match.topic.name for match in vocabulary.topics_of(matter.text) if match.score >= _SHARED}
    return not shared.isdisjoint(own) or not set(bigrams(own[0])).isdisjoint(bigrams(_content(matter.text)))


def _pointing_less(bare: str) -> str:
    """A turn without the words at its edges that only point: 那, 换成, 呢."""
    return _PARTICLES.sub("", bare).strip(" ，,？?。")


def _content(text: str) -> str:
    """What a text is about; a single character that is left over is part of a word that asks."""
    content = _ONLY_ASKS.sub("", text)
    return content if len(content) > 1 or content in _THINGS else ""


def _beside_audiences(content: str) -> str:
    """What is left beside the words for people: nothing of 退役军人."""
    for audience in read_audiences(content):
        content = content.replace(audience.text, "")
    return content
