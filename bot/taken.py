"""What a question takes for granted: 六盘水转企给10万，找谁领 takes a figure for that place's that may be another's.

Only a figure in the role of what is granted or limited is a premise (given, topped up, cut, at most), or of a condition
that is said to be enough or to be needed (满1年就给). What the asker has, is or wishes for is none: 雇了5个人, 开了3年,
想贷20万.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from bot.bounds import Bound
from ingest.figures import Figure, figures, grounds
from ingest.numerals import ARABIC, CHINESE, shortest

_NUMBER = rf"(?<![\d.a-zA-Z])(?=[\d一二两三四五六七八九十半])(?:{ARABIC}|{CHINESE})(?:(?<=[百千万])\d(?![\d.]))?"
_UNIT = r"(?:块钱?|元|%|个点|成|折|个月|年|个?工作日|天|次(?!性)|个百分点)"
_COUNT = r"(?:岁|[人名户家](?!家)|个(?![月体转工点百]))"  # of whom or what a condition asks for
_MONEY = (
    rf"(?=[\d.零一二两三四五六七八九十]*[百千万亿])(?>{_NUMBER})(?![个年月日号户人家次天成折岁名%块元])"  # 十万, 一千五
)
_BARE = r"(?<![\d.])(?!20[1-4]\d(?!\d)|12345)\d{3,6}(?![\d.%个年月日号户人家次天百千万亿岁元块])"  # 补贴5000
_SHARE = "百分之[一二三四五六七八九十百]+"
_NEVER = r"(?!(?:19|20)\d\d年)"
_FIGURE = (
    rf"(?P<figure>{_NEVER}(?:{_SHARE}|(?>{_NUMBER}){_UNIT}|{_MONEY}|{_BARE}))"
    r"(?!后|以[来上]|前|多?的(?:时间|时候)|年|度)"  # 3年后, 2年以上: a condition
    r"(?<!一年(?=能|可以|给|补|多少|有|交|少|减|抵|最|大概|得|要|\d))(?<!一个月(?=能|可以|给|补|多少|有|交|少|减|抵|最|得|要|\d))"
)
_REQUIRED = rf"(?P<figure>{_NEVER}(?:{_SHARE}|(?>{_NUMBER})(?:{_UNIT}|{_COUNT})|{_MONEY}))"
_ADVERBS = (
    r"(?:[你我咱]们?|的是?|是|到|能|会|可以?|都|也|就|只|按|一次性|大概|差不多|整整|足足|"
    r"每[年月户家人次]|一[年个次]月?|高达|最多|最高|不超过){0,4}"
)
_GIVING = (
    r"(?:给|补(?:助|贴)?|奖(?:励|补)?|发(?!了)|拨|返还?|减[免征收]?|免[收征交除]?|缓[缴交]?|抵扣?|扣减"
    r"|贴息|贴|退税?|打)"
)
_LIMIT = r"(?:最[多高长低少]|不超过|上限|封顶|顶格|限额|期限)"
_LIMITED = r"(?:能|可以?|是|只能|贷|批|歇|拿|领|申请|借|给|补|奖|免|减|到|个){0,3}"
# It was heard, it was promised, is it not: then whatever figure follows is taken for granted.
_HEARD = (
    r"(?:听(?:人|他们)?说|不是(?:说|讲|有|能|都|给|补)|说是|说好的?|据说|都说|有人(?:说|讲)|网上(?:说|讲)|宣传|传说|是不是"
    r"|答应)"
)
_SAME_PIECE = r"[^，,。？?！!；;]"
_WHERE_IS_IT = "啥时|什么时|上?[去到]?哪|找谁|咋|怎么|到账|下来|还没|没到"
_GRANT = "(?:补助|补贴|奖励|奖补|奖金|红包|额度|限额)"
_ROLES = (
    re.compile(rf"{_GIVING}{_ADVERBS}{_FIGURE}"),
    re.compile(rf"{_LIMIT}{_LIMITED}{_FIGURE}"),
    re.compile(rf"{_HEARD}{_SAME_PIECE}{{0,14}}?{_FIGURE}"),
    re.compile(rf"(?:能|可以)(?:一直|连续?)?(?:拿|领|免|歇|用|享受)(?:到|个)?{_FIGURE}"),
    re.compile(rf"(?:能|可以)(?:贷|借|缓)(?P<figure>(?>{_NUMBER})(?:年|个月))"),
    re.compile(rf"(?:那|这|的)(?:笔|个)?{_FIGURE}(?=(?:块?钱|元|的)*(?:{_GRANT}|奖|{_WHERE_IS_IT}))"),
    re.compile(rf"{_FIGURE}(?=(?:块?钱|元|的)*(?:(?![贷借欠营卖雇招])[^，,。？?！!；;、\d]){{0,4}}{_GRANT})"),
    re.compile(rf"{_FIGURE}(?=的?(?:房租|租金|费用?|税)[都全也]?给?[免减])"),
)
_THEN = r"(?=[就才便](?:能|可|给|发|有|补|奖|行|免|减|返|退|领|让|算|批|贷)|即可)"
_UP_TO = r"(?:以[下内]|之[内下]|内)"
_CONDITIONS = (
    re.compile(
        r"(?:满|够|达到?|超过|[过凑齐]|撑|熬|干|开|做|经营|营业|注册|登记|成立|交|缴|上)[了够满过齐]?"
        rf"{_REQUIRED}(?:以上)?的?(?:{_SAME_PIECE}(?<!\d)){{0,8}}?[，,]?{_THEN}"
    ),
    re.compile(rf"(?:是不是|是否|只要|必须|[还非]?得|要求|需要){_SAME_PIECE}{{0,8}}?[满够凑齐到]{_REQUIRED}"),
    re.compile(
        rf"{_REQUIRED}(?:{_UP_TO}|[以之]上)的?(?:{_SAME_PIECE}(?<!\d)){{0,6}}?[，,]?(?=都|一律|全|有|给|那|[对行]|{_THEN})"
    ),
    re.compile(rf"{_REQUIRED}{_UP_TO}的?(?:{_SAME_PIECE}(?<!\d)){{0,6}}?(?=[也都全]?是?(?:免|不[用要]?交|不收))"),
)
# What the asker has, is or wishes for, before the figure in the same piece.
_OWN = re.compile(
    r"(?:雇|招|请|开|干|做|经营|营业|注册|成立|办|转|交|满|营收|收入|销售|营业额|流水|投|欠|花|借|租|毕业|退伍|退役|来)了?"
    r"(?:大概|快|有|才|已经|了)*$|(?:想|打算|准备|需要|要)(?:申请)?(?:贷|借|拿)(?:个|款)*$|[我俺咱](?:今年|有|家有?)*$"
    r"|(?:爸|妈|哥|姐|家里|亲戚|老板|房东|员工|工人|伙计)[^，,]{0,4}(?:给|发|返|退|补)$"
)
_OF_ASKER = re.compile("^(?!.*(?:听|说|讲)).*[我俺咱](?!们这|们那|这[里儿边]|那[里儿边])")
_ALTERNATIVES = re.compile(rf"还是{_SAME_PIECE}{{0,4}}?{_FIGURE}")
_BARE_MONEY = re.compile(r"(?:[\d百千万亿]|[百千万][一二两三四五六七八九])$|块钱?$")
_SPOKEN_TAIL = re.compile(r"(?<=([百千万]))\d$")  # 1万5, 1千2
_LOWER = {"万": "千", "千": "百", "百": "十"}
# What a condition is about, by the words around its figure; a term since graduation is no answer to one of operation.
_SUBJECTS: Mapping[str, re.Pattern[str]] = {
    "graduation": re.compile("毕业|离校"),
    "service": re.compile("退役|退伍|复员"),
    "contract": re.compile("合同|招用|招工|雇|用工|招人"),
    "insurance": re.compile("参保|缴费|缴纳|社保|失业保?险|交保险"),
    "unemployment": re.compile("失业"),
    "turnover": re.compile("销售|营业额|营收|收入|流水|卖"),
    "capital": re.compile("投资|注册资|资本"),
    "operation": re.compile("撑|熬|经营|营业|开[业店]|开[满了张]|干|做|登记|注册|成立|办[满了]"),
}
_MONTHS = {"年": 12, "个月": 1}
_PEOPLE = frozenset({"个", "名", "位"})  # 凑够5个, where a text says 5人
_HALVED = re.compile("减半|半价|对折")
_BLANK = re.compile(r"(?<=[\u4e00-\u9fff\d%])\s+(?=[\u4e00-\u9fff\d])")
_GIVEN = re.compile("[发给有领补奖拿返退贷批免减]")


@dataclass(frozen=True, slots=True)
class Taken:
    """A figure that a question takes for granted."""

    text: str  # as typed, without blanks: 10万
    figure: Figure  # its value and unit: ("100000", "元")
    condition: bool = False  # it is said to be enough, or needed, for what is granted
    subject: str = ""  # what a condition is about: operation, graduation; empty where that is not plain
    bound: Bound | None = None  # whether a condition asks for that much at least or at most, where it says so
    of_grant: bool = False  # what a condition leads to is the grant that the question names, and nothing else


def read_taken(text: str) -> list[Taken]:
    """The figures that a text takes for granted, in its order; none where it offers a choice (5万还是10万)."""
    text = _BLANK.sub("", text)
    if _ALTERNATIVES.search(text):
        return []
    taken = {start: _read_condition(text, match) for start, match in _conditions(text).items()}
    for pattern in _ROLES:
        for match in pattern.finditer(text):
            start = match.start("figure")
            if start not in taken and not _OWN.search(_before(text, start)):
                taken[start] = _read_grant(match)
    return [one for _, one in sorted(taken.items()) if one]


def fits(subject: str, before: str, behind: str) -> bool:
    """Whether a clause may set a condition of this subject, by the words around its figure; where not plain, it may."""
    other = _subject(before) or _subject(behind)
    return not subject or not other or subject == other


def figures_in(text: str) -> set[Figure]:
    """The figures of a text as premises are compared with them: 半年 and 6个月 are one, and so are 减半 and 50%."""
    halved: set[Figure] = {("50", "%")} if _HALVED.search(text) else set()
    return set(map(normal, grounds(text))) | halved


def normal(figure: Figure) -> Figure:
    """Years as months, 折 as what is left to pay in per cent, people by one word."""
    value, unit = figure
    if re.fullmatch(r"[\d.]+", value) and unit in _MONTHS:
        return shortest(Decimal(value) * _MONTHS[unit]), "个月"
    if re.fullmatch(r"[\d.]+", value) and unit == "折":
        return shortest(Decimal(value) * 10), "%"
    return (value, "人") if unit in _PEOPLE else figure


def _conditions(text: str) -> dict[int, re.Match[str]]:
    """The conditions by where their figures stand, the asker's own left out."""
    return {
        match.start("figure"): match
        for pattern in _CONDITIONS
        for match in pattern.finditer(text)
        if not _OF_ASKER.search(_before(text, match.start("figure")))
    }


def _read_condition(text: str, match: re.Match[str]) -> Taken | None:
    figure, before = _read(match["figure"]), _before(text, match.start("figure"))
    behind = re.split(r"[，,。？?！!；;]", text[match.end("figure") :])[0]
    least = re.search(r"[满够齐]$|达到?$|超过$|过$", before) or re.match("[以之]上", behind)
    bound = Bound.MOST if re.match(_UP_TO, behind) else Bound.LEAST if least else None
    leads_to = re.sub(rf"^(?:{_UP_TO}|[以之]上)?的?", "", behind)
    of_grant = not leads_to or bool(_GIVEN.search(leads_to))
    return Taken(match["figure"], figure, True, _subject(before), bound, of_grant) if figure else None


def _read_grant(match: re.Match[str]) -> Taken | None:
    figure = _read(match["figure"])
    return Taken(match["figure"], figure) if figure else None


def _read(typed: str) -> Figure | None:
    money = _BARE_MONEY.search(typed) is not None
    whole = _SPOKEN_TAIL.sub(lambda match: match[0] + _LOWER[match[1]], re.sub("块钱?$", "", typed))
    read = figures(whole + "元" if money else re.sub("个点$", "%", typed))
    return normal(next(iter(read))) if len(read) == 1 else None


def _subject(words: str) -> str:
    return next((name for name, pattern in _SUBJECTS.items() if pattern.search(words)), "")


def _before(text: str, start: int) -> str:
    """What stands before a figure, back to the mark before it."""
    return re.split(r"[，,。？?！!；;]", text[:start])[-1]
