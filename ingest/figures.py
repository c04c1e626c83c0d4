"""Read the figures of a text: numbers with their units, percentages and dates, however they are written.

Two writings of one figure read the same: 10万元, 十万元, １０ 万元 and 100,000元; 50%, 百分之五十 and 五成;
2025年12月31日 and 2025-12-31. A Chinese numeral is a figure only with a unit behind it or where it runs into the
hundreds: 一次性, 第三方 and 十四五 are words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from itertools import zip_longest

from ingest.numerals import ARABIC, CHINESE, read_number, shortest
from ingest.seen import as_seen

# A value in its shortest form, and its unit: ("100000", "元"), ("50", "%"), ("2025-12-31", "date"), ("15", "").
Figure = tuple[str, str]

# What stands behind a number, each with what it counts as; what may not follow tells another word: 次, not 次性.
_UNIT_FORMS: tuple[tuple[str, str], ...] = (
    ("%", r"%|个?百分点"),
    ("元", r"元(?!旦|素|件|宵)|块钱|块(?!状)|圆|人民币"),
    ("工作日", r"个?工作日"),
    ("个月", r"个月"),
    ("月", r"月(?!饼|季|嫂)份?"),
    ("日", r"日(?!常|报|益|用)|天(?!然|津|下|空|赋)"),
    ("年", r"周?年(?!级|轻|龄|纪|货)度?"),
    ("小时", r"个?小时"),
    ("分钟", r"分钟"),
    ("周", r"个?星期|周"),
    ("季度", r"个?季度"),
    ("户", r"户(?!籍|口|外|主|均)|家(?!庭|政|电|具|属|长|装|居|畜)"),
    ("人", r"人(?!民|大|社|才|工|口|均|力)|名(?!称|字|单|录|义|优|特|牌)|位(?!置)"),
    ("次", r"次(?!性|年|日)"),
    ("成", r"成(?!员|立|果|本|长|功|年|为|交|品|效|熟|套|都|分)"),
    *((unit, unit) for unit in ("倍", "折", "岁", "号", "亩", "吨", "公里")),
    *((unit, rf"{unit}(?!{other})") for unit, other in (
        ("个", "体|性|别|税|人所得"), ("项", "目"), ("条", "件|例|款"), ("款", "项|式"), ("件", "套"),
        ("批", "准|复|发|次"), ("场", "所|地|景"),
        ("分", "类|为|局|公司|别|支|期|之|享|析|配|红|数|步|级|段|布|行"), ("种", "植|养|子|类|业"),
        ("章", "程"), ("节", "约|能|假"), ("期", "限|间|货"), ("届", "时"), ("份", "额"), ("类", "似|别"), ("档", "案"),
    )),
    ("平方米", r"平方米|平米|㎡"),
)  # fmt: skip
_UNIT = "|".join(f"(?P<u{number}>{form})" for number, (_, form) in enumerate(_UNIT_FORMS))
_ARTICLE_UNITS = frozenset("个户人项条款件批场分种章节期届份类档")  # behind 一 they say "a", not "one"
_FRACTION = re.compile(rf"({ARABIC}|{CHINESE})分之({ARABIC}|{CHINESE})")
_NUMBER = re.compile(rf"(?P<ordinal>第)?(?P<number>{ARABIC}|{CHINESE})\s*(?:(?:{_UNIT})(?P<half>半)?)?", re.IGNORECASE)
_RANGE = re.compile(r"\s*[-—–−~〜至到]+\s*")
_LARGE = re.compile(r"[万亿wk]+$", re.IGNORECASE)
_LEFT_OUT = frozenset({"元", "年"})  # units that people leave out: 最高10万, 2023
_LARGE_VALUE = 100
_CACHED_TEXTS = 2048  # questions, lines of an answer, clauses: each is read by several steps, clauses again and again


@dataclass(frozen=True, slots=True)
class _Token:
    start: int
    end: int
    number: str
    unit: str
    half: bool
    ordinal: bool


def figures(text: str) -> set[Figure]:
    """The figures of a text as a reader sees them: digits that only white space parts are one number."""
    return {figure for figure, _ in locate_figures(text)[1]}


@lru_cache(_CACHED_TEXTS)
def locate_figures(text: str) -> tuple[str, tuple[tuple[Figure, tuple[int, int]], ...]]:
    """A text as a reader sees it, without white space, and its figures with the characters of it where each stands."""
    seen = re.sub(r"\s+", "", as_seen(text))
    return seen, tuple(_read(seen))


@lru_cache(_CACHED_TEXTS)
def grounds(text: str) -> frozenset[Figure]:
    """All figures that a text gives grounds for: also the parts of its dates, and the cells of a table one by one."""
    seen = as_seen(text)
    readings = (seen, re.sub(r"[^\S\n]+", "", seen), re.sub(r"\s+", "", seen))
    found = {figure for reading in readings for figure, _ in _read(reading)}
    return frozenset(found.union(*(_parts_of(value) for value, unit in found if unit == "date")))


def lacking(wanted: Iterable[Figure], given: Set[Figure]) -> set[Figure]:
    """The figures that nothing gives grounds for.

    One without a unit needs its value only: 3 in 第3、4款; a large one is read as money, as people say it: 最高10万.
    """
    bare = {value for value, unit in given if not unit or unit in _LEFT_OUT or _is_small(value)}
    return {(value, unit) for value, unit in wanted if (value, unit) not in given and (unit or value not in bare)}


def _is_small(value: str) -> bool:
    return value.isdigit() and int(value) < _LARGE_VALUE


def _read(plain: str) -> Iterator[tuple[Figure, tuple[int, int]]]:
    """The figures of a plain text with the characters where each stands, whole dates as one."""
    fractions = list(_FRACTION.finditer(plain))
    yield from ((_fraction(match), match.span()) for match in fractions)
    rest = _FRACTION.sub(lambda match: "，" * len(match.group()), plain)
    tokens = [_token(match) for match in _NUMBER.finditer(rest)]
    runs = list(_runs(tokens))
    for run, following in zip_longest(runs, runs[1:]):
        where = run[0].start, run[-1].end
        if len(run) > 1:
            yield ("-".join(read_number(token.number) for token in run), "date"), where
        else:
            token = _with_range(run[0], following[0], rest) if following else run[0]
            yield from ((figure, where) for figure in _figures_of(token))


def _token(match: re.Match[str]) -> _Token:
    unit = next((name for number, (name, _) in enumerate(_UNIT_FORMS) if match[f"u{number}"]), "")
    return _Token(match.start(), match.end(), match["number"], unit, bool(match["half"]), bool(match["ordinal"]))


def _runs(tokens: list[_Token]) -> Iterator[list[_Token]]:
    """Tokens one by one; year, month and day that stand together as one run."""
    order = {"年": ("月",), "月": ("日", "号")}
    run: list[_Token] = []
    for token in tokens:
        if run and run[-1].end == token.start and token.unit in order.get(run[-1].unit, ()):
            run.append(token)
            continue
        if run:
            yield run
        run = [token]
    if run:
        yield run


def _with_range(token: _Token, end: _Token, text: str) -> _Token:
    """A number with the scale and the unit that stand behind the other end of its range only: 3 in 3-5年."""
    if token.unit or not _RANGE.fullmatch(text[token.end : end.start]):
        return token
    scale = "" if _LARGE.search(token.number) else "".join(_LARGE.findall(end.number)[-1:])
    return replace(token, number=token.number + scale, unit=end.unit)


def _figures_of(token: _Token) -> Iterator[Figure]:
    if _is_word(token.number, token.unit, token.ordinal):
        return
    value = read_number(token.number, half=token.half)
    if token.unit == "成" and value.isdigit():  # 三成: 30%
        value, unit = shortest(Decimal(value) * 10), "%"
    else:
        unit = token.unit
    yield value, unit


def _is_word(number: str, unit: str, ordinal: bool) -> bool:
    """Whether a numeral is part of a word or says "a": 一次性, 十四五, 二十大, 第三方, 一个."""
    if number[0].isdigit():
        return False
    if unit:
        bare = len(number) == 1 and number in "百千万亿" and unit != "元"
        article = number == "一" and unit in _ARTICLE_UNITS and not ordinal
        return bare or article or (number, unit) == ("十", "分")
    large = re.search("[百千万亿]", number[1:])
    return number == "半" or large is None or number[0] in "百千万亿零"


def _fraction(match: re.Match[str]) -> Figure:
    below, above = match[1], match[2]
    part, about = _exact(read_number(above, plain=True))
    whole, _ = _exact(read_number(below, plain=True))
    return shortest(round(part / (whole or 1) * 100, 6)) + about, "%"


def _exact(number: str) -> tuple[Decimal, str]:
    """The value of a number, and the sign of one that is only about so much: 十几."""
    return Decimal(number.rstrip("+")), "+" * number.endswith("+")


def _parts_of(day: str) -> set[Figure]:
    """What a date gives grounds for by itself: its year, its month, its day, and two of them together."""
    parts = day.split("-")
    units = ("年", "月", "日") if len(parts) == 3 else ("年", "月") if len(parts[0]) == 4 else ("月", "日")
    return {*zip(parts, units, strict=True), ("-".join(parts[:2]), "date"), ("-".join(parts[-2:]), "date")}
