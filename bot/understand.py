"""A question as typed becomes a question made whole: where, when, what, and which topics."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Literal

from bot.contract import Turn
from bot.question import Aspect, Question
from ingest.model import Place
from ingest.places import Gazetteer, Mention
from ingest.topics import TopicMatch

# What a question wants to know, by the words that ask for it.
_ASPECTS: tuple[tuple[Aspect, re.Pattern[str]], ...] = (
    (Aspect.NUMBER, re.compile(r"文号|发文字号|几号文")),
    (Aspect.SOURCE, re.compile(r"上位|(?:依据|照着|根据|按照|落实|细化|贯彻)[^，。？?]{0,12}(?:哪|什么|啥)[^，。？?]{0,6}(?:文|法|条例|规定|意见|通知|办法)")),
    (Aspect.ISSUED, re.compile(r"(?:哪天|什么时候|何时|哪年|几号|几月).{0,4}(?:印发|发布|出台|下发|发的)|印发日期|发布日期|落款|正式(?:印发|发布|出台|文件)|是不是稿子|只是.{0,3}稿|能不能当依据")),
    (Aspect.VALIDITY, re.compile(r"(?:还|仍|现在|眼下|目前).{0,6}(?:管用|有效|作数|算数|能用|执行|延续|在不在|继续)|过期|失效|作废|有效期|到期|(?:到|至).{0,4}(?:哪一?[天年日]|什么时候|啥时候|几月|何时)|(?:还|仍).{0,3}(?:认|算|行)不|(?:拿来|当).{0,4}(?:依据|答复)|为止|执行到|截止")),
    (Aspect.AMOUNT, re.compile(r"多少|几个?钱|几[万千百块元%成]|多大|多高|标准|额度|上限|限额|给[不没]?给?钱|金额|比例|费率|税率|打折|便宜")),
    (Aspect.DEPARTMENT, re.compile(r"找谁|哪个(?:部门|单位|局|科|地方管)|哪些(?:部门|单位|局)|哪[几两三]个局|谁(?:管|负责|牵头|主管|去|来)|归(?:谁|哪)|责任单位|牵头|主管|什么(?:部门|单位)|啥(?:部门|单位)|责任部门|该问谁|管这|负责的?[^，。？?]{0,8}(?:哪|谁)|哪家(?:银行|单位|公司|机构)")),
    (Aspect.TERM, re.compile(r"多久|多长|几[天个年日周]|什么时候|啥时候|何时|哪天|哪年|几月|期限|时限|最长|截止|之前完成")),
    (Aspect.LIST, re.compile(r"哪些|哪几|都有(?:啥|什么|谁)|有(?:什么|啥)|列(?:一下|出|举)|都(?:报|说|念|讲|写)|逐项|分别|一条一条|都是")),
    (Aspect.CONDITION, re.compile(r"条件|什么样|啥样|哪样|谁能|符合|资格|够格|要求|门槛|标准")),
    (Aspect.PROCEDURE, re.compile(r"怎么(?:办|弄|申|报|领|走|去)|咋(?:办|弄|整|申|领)|如何|流程|手续|步骤|材料|去哪|上哪|在哪|哪里|窗口")),
    (Aspect.YES_NO, re.compile(r"吗|不[？?]?$|没[？?]?$|没有[？?]?$|能不能|是不是|有没有|可不可以|行不行|给不给|要不要|会不会|算不算|管不管")),
)  # fmt: skip
# Signs that a question leans on an earlier turn: that, then, this matter, what about…
_LEANING = re.compile(r"^(?:那|那么|那要|这|这个|这块|它|还有|另外|再问|要是|如果|城区|乡下)|呢[？?。！!]*$|^.{0,4}呢|这块|这项|这个(?:事|政策|钱)|上面|刚才|前面说")
_ELLIPTIC_LENGTH = 14  # characters; a shorter question with no topic of its own leans on the turn before
_WHEREABOUTS_BEFORE = re.compile(r"(?:人|还|正|一直)在$")
_WHEREABOUTS_BEHIND = re.compile(r"(?:那边)?(?:打工|务工|上班|出差|上学|读书|念书|当兵|服役|旅游|回来|回乡|户口)")
_SEPARATORS = re.compile(r"[？?！!。；;\n]+")
_FILLER = re.compile(r"(?:两件事)?一起问|谢谢|请问|你好|您好|麻烦(?:你|您)?|帮(?:我|忙)(?:查|看|问)一?下?|我想问(?:一?下)?|想问(?:一?下)?|咨询(?:一?下)?")
# Inside a sentence, what may join two things asked for: 房租、检验费怎么优惠; 又…又…; 一个…一个….
_JOINTS = re.compile(r"[？?！!。；;\n，,、：:]+|还有|以及|另外|同时|再就是|一个(?:是|讲)")
_SHORTEST_PART = 5  # characters; less is no question by itself
_STRONG_TOPIC = 0.7  # from this score on, a question has a topic of its own

TopicsOf = Callable[[str], Sequence[TopicMatch]]
Source = Literal["request", "question", "history"]


def understand(
    text: str, place: Place | None, history: Sequence[Turn], as_of: date, gazetteer: Gazetteer, topics_of: TopicsOf
) -> Question:
    """Read a question in the light of the page's place and the earlier turns.

    Args:
        text: the question as typed.
        place: the place that the page knows, or None.
        history: earlier turns, oldest first.
        as_of: the day for which validity is judged.
        gazetteer: knows places.
        topics_of: tells the topics of a text, best first.
    """
    earlier = [turn.content for turn in history if turn.role == "user"]
    mentions = gazetteer.find(text)
    bare = _without(text, mentions)
    mentions = [mention for mention in mentions if not _is_whereabouts(text, mention)]
    follows_up = bool(earlier) and _leans(bare, topics_of)
    context = _context(earlier, gazetteer, topics_of) if follows_up else ""
    places, source, ambiguous = _where(mentions, earlier, place, gazetteer)
    parts = tuple(" ".join(filter(None, [context, part])) for part in _split(bare, _SEPARATORS)) or (context or text,)
    pieces = tuple(piece for piece in _split(bare, _JOINTS) if piece not in parts)
    aspects = frozenset(aspect for aspect, pattern in _ASPECTS if pattern.search(text))
    topics = tuple(topics_of(" ".join(parts)))
    return Question(text, parts, pieces, places, source, ambiguous, as_of, aspects, topics, follows_up)


def _is_whereabouts(text: str, mention: Mention) -> bool:
    """Whether a place is only where somebody is or was: 人在新疆打工, 从广东回来."""
    return bool(_WHEREABOUTS_BEFORE.search(text[: mention.start]) or _WHEREABOUTS_BEHIND.match(text, mention.end))


def _without(text: str, mentions: Sequence[Mention]) -> str:
    """A text without the names of places: they choose the documents and would only blur the search."""
    for mention in reversed(mentions):
        text = f"{text[: mention.start]} {text[mention.end :]}"
    return re.sub(r"\s+", " ", _FILLER.sub(" ", text)).strip()


def _leans(bare: str, topics_of: TopicsOf) -> bool:
    if _LEANING.search(bare):
        return True
    if len(bare) > _ELLIPTIC_LENGTH:
        return False
    return not any(match.score >= _STRONG_TOPIC for match in topics_of(bare))


def _context(earlier: Sequence[str], gazetteer: Gazetteer, topics_of: TopicsOf) -> str:
    """What the earlier turns were about: back to the last one that stood by itself."""
    turns: list[str] = []
    for turn in reversed(earlier):
        bare = _without(turn, gazetteer.find(turn))
        turns.insert(0, bare)
        if not _leans(bare, topics_of):
            break
    return " ".join(turns)


def _where(
    mentions: Sequence[Mention], earlier: Sequence[str], page: Place | None, gazetteer: Gazetteer
) -> tuple[tuple[Place, ...], Source | None, tuple[Place, ...]]:
    """The places asked about: in the question, else in an earlier turn, else the page's."""
    places, ambiguous = _settle(mentions, page)
    if places or ambiguous:
        return places, "question", ambiguous
    for turn in reversed(earlier):
        places, _ = _settle(gazetteer.find(turn), page)
        if places:
            return places, "history", ()
    return ((page,), "request", ()) if page else ((), None, ())


def _settle(mentions: Sequence[Mention], page: Place | None) -> tuple[tuple[Place, ...], tuple[Place, ...]]:
    """One place a mention; a shared name counts if one of its places lies on the page's chain or beside it."""
    found: dict[str, Place] = {}
    ambiguous: tuple[Place, ...] = ()
    for mention in mentions:
        near = [place for place in mention.places if page and (set(place.chain[1:-1]) & set(page.chain))]
        choice = mention.places if len(mention.places) == 1 else tuple(near)
        if len(choice) == 1:
            found[choice[0].code] = choice[0]
        else:
            ambiguous = mention.places
    return tuple(found.values()), () if found else ambiguous


def _split(bare: str, separators: re.Pattern[str]) -> list[str]:
    """The things asked, each by itself; what is too short to stand alone stays with its neighbour."""
    pieces: list[str] = []
    for piece in (piece.strip(" ，,、") for piece in separators.split(bare)):
        if pieces and len(piece) < _SHORTEST_PART:
            pieces[-1] = f"{pieces[-1]} {piece}".strip()
        elif piece:
            pieces.append(piece)
    return pieces
