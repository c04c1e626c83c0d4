"""What a clause states besides its sentences: figures, periods, audiences, departments, blanks.

Each fact keeps the characters of the clause that it was read from, so that an answer can quote them.
"""

from __future__ import annotations

import re

from ingest.departments import read_departments
from ingest.labels import parse_number
from ingest.model import Audience, Blank, Facts, Quantity
from ingest.periods import read_periods

# Read once from its first figure on and given back never: a text of figures alone would else be read anew from each.
_FIGURE = r"(?<!\d)\d++(?:[,，]\d{3})*+(?:\.\d++)?"
_CN_FIGURE = "(?<![一二两三四五六七八九十百千])[一二两三四五六七八九十百千]++"
_SCALE = {"": 1, "百": 1e2, "千": 1e3, "万": 1e4, "百万": 1e6, "千万": 1e7, "亿": 1e8}
_TERM_UNITS = "个工作日|工作日|个月|周年|年|周|天|日|小时"
_COUNT_UNITS = "户|家|个|人次|人|名|次|批次|批|项|条|件|场|处|辆|亩|套|座"

_AMOUNT = re.compile(rf"({_FIGURE}|{_CN_FIGURE})\s*(百万|千万|百|千|万|亿)?\s*元")
_PERCENTAGE = re.compile(rf"({_FIGURE})\s*%|百分之([一二三四五六七八九十百]+)")
_TERM = re.compile(rf"({_FIGURE}|{_CN_FIGURE})\s*({_TERM_UNITS})(?!度|代|初|底|末|份|均|期间|报|检|审)")
_DEADLINE = re.compile(r"每(?:年|季度|季|月)(?:\d{1,2}月)?(\d{1,2})\s*([日号])(?:之前|以前|前)")  # 每月30日前
_COUNT = re.compile(rf"({_FIGURE})\s*(万)?\s*({_COUNT_UNITS})(?!月|工作日)")
_YEAR_OR_DATE = re.compile(
    r"每月\s*\d{1,2}\s*[日号]|\d{4}\s*年(?:\s*\d{1,2}\s*月)?(?:\s*\d{1,2}\s*日)?|\d{1,2}\s*月\s*\d{1,2}\s*日"
)

# A blank is a run of spaces, underscores or crosses where a figure belongs: before a unit, or a fill-in line.
# Each run is read once, from its beginning on: a text of underscores alone would else be read anew from each.
_RUN = r"(?:(?<![ \t])[ \t]{2,}+|(?<!_)_{2,}+|(?<![×Xx＿])[×Xx＿]{2,}+)[ \t]*+"
_BLANK = re.compile(rf"{_RUN}(?=(万元|元|%|{_COUNT_UNITS}|{_TERM_UNITS}))")
_SUBJECT_LENGTH = 200  # characters before a blank in which its subject is looked for
_SUBJECT = re.compile(r"[^，。；、：！？\n\t（）()_×]+$")
_SUBJECT_AFTER = re.compile(r"[^，。；、：！？\s（）()_×]*")
_SUBJECT_VERB = re.compile(r"^(?:到\d{4}年底?)?(?:全[县市区旗省])?要?(?:新增|创建|培育|打造|建成|达到|突破|培养|累计)+")

# The normal name of an audience and the words that texts use for it (veterans, graduates, migrant workers, …).
_AUDIENCES: dict[str, str] = {
    "退役军人": r"退役军人|退役士兵|复员军人|军队转业干部|转业军人|退伍军人",
    "军属": r"随军家属|军属|军人家属",
    "高校毕业生": r"高校毕业生|大学毕业生|毕业年度内.{0,4}毕业生|大学生|大中专毕业生",
    "农民工": r"返乡农民工|农民工|进城务工人员",
    "就业困难人员": r"就业困难人员|就业困难群体|零就业家庭|登记失业人员|失业人员|下岗",
    "脱贫人口": r"脱贫劳动力|脱贫人口|建档立卡贫困人口|防止返贫监测对象",
    "残疾人": r"残疾人",
    "妇女": r"妇女|女性创业",
    "灵活就业人员": r"灵活就业人员",
    "网约配送员": r"网约配送员|外卖骑手|快递员|新就业形态劳动者",
    "农民合作社": r"农民合作社|农牧民合作社|合作社",
    "家庭农场": r"家庭农场|家庭农牧场",
    "小规模纳税人": r"小规模纳税人",
    "小型微利企业": r"小型微利企业",
    "小微企业": r"小微企业|小型和?微型企业",
    "中小企业": r"(?<!大)中小企业",
    "个体工商户": r"个体工商户|个体经营者|个体户",
}
_AUDIENCE_PATTERNS = {name: re.compile(pattern) for name, pattern in _AUDIENCES.items()}


def read_facts(text: str, year: int | None) -> Facts:
    """Read what a clause states.

    Args:
        text: the clause's own text.
        year: the document's year, for dates without one (六月底); None if unknown.
    """
    return Facts(
        quantities=tuple(read_quantities(text)),
        periods=tuple(read_periods(text, year)),
        departments=tuple(read_departments(text)),
        audiences=tuple(read_audiences(text)),
        blanks=tuple(_read_blanks(text)),
    )


def read_quantities(text: str) -> list[Quantity]:
    """Amounts in yuan, percentages, terms, counts and recurring deadlines, in the order of the text.

    Dates are none of these: see `read_periods`.
    """
    taken = bytearray(len(text))  # characters that are read
    for match in _YEAR_OR_DATE.finditer(text):
        taken[match.start() : match.end()] = bytes([1]) * len(match[0])
    found = [_quantity("deadline", match) for match in _DEADLINE.finditer(text)]
    for kind, pattern in (("amount", _AMOUNT), ("percentage", _PERCENTAGE), ("term", _TERM), ("count", _COUNT)):
        for match in pattern.finditer(text):
            if any(taken[match.start() : match.end()]):
                continue
            taken[match.start() : match.end()] = bytes([1]) * len(match[0])
            found.append(_quantity(kind, match))
    return sorted(found, key=lambda quantity: quantity.start)


def read_audiences(text: str) -> list[Audience]:
    """For whom a text says it is meant; each audience once, where it is named first."""
    found = [
        Audience(name, match.group(), match.start(), match.end())
        for name, pattern in _AUDIENCE_PATTERNS.items()
        if (match := pattern.search(text))
    ]
    return sorted(found, key=lambda audience: audience.start)


def _quantity(kind: str, match: re.Match[str]) -> Quantity:
    groups = match.groups()
    value = _figure(next(group for group in groups if group))
    unit = {"amount": "元", "percentage": "%"}.get(kind) or str(groups[-1])
    if kind in ("amount", "count"):
        value *= _SCALE[groups[1] or ""]
    return Quantity(kind, match.group(), match.start(), match.end(), value, unit)


def _figure(text: str) -> float:
    return float(re.sub("[,，]", "", text)) if text[0].isdigit() else float(parse_number(text))


def _read_blanks(text: str) -> list[Blank]:
    blanks = []
    for match in _BLANK.finditer(text):
        before = _SUBJECT.search(text[max(0, match.start() - _SUBJECT_LENGTH) : match.start()])
        name = _SUBJECT_VERB.sub("", re.sub(r"\s", "", before.group())) if before else ""
        after = _SUBJECT_AFTER.match(text, match.end() + len(match.group(1)))
        name = name.removesuffix("达到") or (after.group() if after else "")
        blanks.append(Blank(name, match.group(1), match.start(), match.end()))
    return blanks
