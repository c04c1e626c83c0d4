"""Invented policy documents in every style of numbering, laid out as converters lay them out.

Where a reader could not tell either, the generator keeps away: no sentence begins with what looks like a label, a
heading on a line of its own is shorter than the lines that a wrapped file fills, and no line is wrapped inside a blank.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field

from hypothesis import strategies as st

_CN = "零一二三四五六七八九十"
_PHRASES = (
    *(
        "支持个体工商户转型为企业",
        "给予一次性10万元补助",
        "办理营业执照",
        "按规定享受1.5万元以内的优惠",
        "落实２项措施",
    ),
    *(
        "依照《条例》第三条规定执行",
        "由财政部门安排资金",
        "鼓励银行开发“信用贷”产品",
        "在7个工作日内办结",
        "降低经营成本",
    ),
    *(
        "符合条件（正常经营2年以上）的企业",
        "每户每年24000元",
        "对月销售额15万元以下的纳税人免征增值税",
        "新增企业    户以上",
    ),
    *("完善信用修复机制", "提供法律咨询等公共服务", "减半收取检验费用", "建立一月一通报制度", "推广“一件事一次办”"),
)
_HEADINGS = ("指导思想", "工作目标", "加大财税支持力度", "优化营商环境", "强化组织领导", "开展“个转企”行动")
_TITLES = (
    "某县促进个体工商户发展若干措施",
    "关于支持小店、小摊发展的实施方案（征求意见稿）",
    "某县人民政府办公室关于做好歇业备案的通知",
)


def chinese_number(number: int) -> str:
    """1 to 99 in Chinese figures."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{_CN[tens]}十"
    return head + (_CN[ones] if ones else "")


@dataclass(frozen=True)
class Style:
    """How one level is numbered: as it is written (several ways), and as the outline names it."""

    written: tuple[Callable[[int], str], ...]
    named: Callable[[int], str]
    most: int = 9
    headed: bool = True  # may have a heading on a line of its own


def _same(write: Callable[[int], str], *, most: int = 9, headed: bool = True) -> Style:
    return Style((write,), write, most, headed)


CHAPTER = _same(lambda n: f"第{chinese_number(n)}章")
ARTICLE = _same(lambda n: f"第{chinese_number(n)}条", headed=False)
CHINESE = Style((lambda n: f"{chinese_number(n)}、", lambda n: f"{chinese_number(n)} 、"), chinese_number)
BRACKET = Style(
    (lambda n: f"（{chinese_number(n)}）", lambda n: f"({chinese_number(n)})", lambda n: f"（{chinese_number(n)}）、"),
    lambda n: f"（{chinese_number(n)}）",
)
NUMBER = Style(
    (lambda n: f"{n}.", lambda n: f"{n}、", lambda n: f"{n}．", lambda n: f"{n}. ", lambda n: f"{_wide(n)}．"), str
)
NUMBER_BRACKET = Style((lambda n: f"（{n}）", lambda n: f"({n})", lambda n: f"（{_wide(n)}）"), lambda n: f"（{n}）")
HALF_BRACKET = Style((lambda n: f"{n}）", lambda n: f"{n})", lambda n: f"{_wide(n)}）"), lambda n: f"{n}）")
CIRCLED = _same(lambda n: chr(ord("①") + n - 1))
FIRST = _same(lambda n: f"{_CN[n]}是", headed=False)

# Which style lies below which, from the outermost level inwards.
NESTINGS = (
    (CHAPTER, ARTICLE), (CHAPTER, ARTICLE, BRACKET), (ARTICLE, BRACKET, NUMBER), (CHINESE, BRACKET, NUMBER),
    (CHINESE, BRACKET, FIRST), (CHINESE, NUMBER, NUMBER_BRACKET), (CHINESE, BRACKET, NUMBER, NUMBER_BRACKET, CIRCLED),
    (NUMBER, NUMBER_BRACKET), (BRACKET, NUMBER), (CHINESE, FIRST), (CHINESE,), (NUMBER,), (NUMBER, CIRCLED),
    (CHINESE, NUMBER, HALF_BRACKET),
)  # fmt: skip


def _wide(number: int) -> str:
    return "".join(chr(ord(digit) + 0xFEE0) for digit in str(number))


@dataclass
class Policy:
    """An invented document: its paragraphs, and the numbered units that an outline must find."""

    paragraphs: list[str] = field(default_factory=list)
    units: list[tuple[tuple[str, ...], list[str]]] = field(default_factory=list)  # labels and paragraphs


@st.composite
def sentences(draw: st.DrawFn, least: int = 1) -> str:
    """Some sentences, long enough to be wrapped."""
    count = draw(st.integers(least, 3))
    return "".join(
        "，".join(draw(st.lists(st.sampled_from(_PHRASES), min_size=3, max_size=6))) + "。" for _ in range(count)
    )


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """A document with a title, perhaps a preamble, numbered units, perhaps a signature."""
    policy = Policy([draw(st.sampled_from(_TITLES))])
    if draw(st.booleans()):
        policy.paragraphs.append("各乡镇人民政府：")
    if draw(st.booleans()):
        policy.paragraphs.append("为促进发展，" + draw(sentences()))
    _draw_level(draw, policy, draw(st.sampled_from(NESTINGS)), ())
    if draw(st.booleans()):
        policy.paragraphs += ["某县人民政府办公室", "2023年8月9日"]
    return policy


def _draw_level(draw: st.DrawFn, policy: Policy, styles: tuple[Style, ...], above: tuple[str, ...]) -> None:
    style, below = styles[0], styles[1:]
    write = draw(st.sampled_from(style.written))
    for number in range(1, draw(st.integers(1, 3)) + 1):
        labels = (*above, style.named(number))
        inner = bool(below) and draw(st.booleans())
        policy.units.append((labels, _draw_unit(draw, style, write(number), inner)))
        policy.paragraphs += policy.units[-1][1]
        if inner:
            _draw_level(draw, policy, below, labels)


def _draw_unit(draw: st.DrawFn, style: Style, label: str, inner: bool) -> list[str]:
    heading = draw(st.sampled_from(_HEADINGS))
    if style.headed and draw(st.booleans()):
        return [
            label + heading,
            *([] if inner and draw(st.booleans()) else draw(st.lists(sentences(), min_size=1, max_size=2))),
        ]
    if draw(st.booleans()):
        return [f"{label}{heading}。{draw(sentences())}"]
    return [label + draw(sentences())]


@st.composite
def plain_layouts(draw: st.DrawFn, policy: Policy) -> str:
    """Paragraphs as lines, with what Word and Markdown leave behind."""
    joint = draw(st.sampled_from(["\n", "\n\n", "\r\n"]))
    marks = st.sampled_from(["", "", "", "　　", "[bookmark: _GoBack]", "[bookmark: _Hlk1]　", "- ", "\u200b", "\f"])
    lines = []
    for number, paragraph in enumerate(policy.paragraphs):
        line = draw(marks) + paragraph
        if number and len(paragraph) < 20 and "。" not in paragraph and draw(st.booleans()):
            line = draw(st.sampled_from(["## ", "#### ", "[bookmark: _Toc]### "])) + draw(
                st.sampled_from([paragraph, f"**{paragraph}**"])
            )
        lines.append(line)
    return joint.join(lines)


@st.composite
def wrapped_layouts(draw: st.DrawFn, policy: Policy) -> str:
    """Lines cut at a width, as PDF extraction leaves them, with blank lines between them or not."""
    width = draw(st.integers(27, 45)) * 2
    joint = draw(st.sampled_from(["\n", "\n\n", "\n\n\n"]))
    indent = draw(st.sampled_from(["", "　　"]))
    # Enough full lines to show the width.
    policy.paragraphs[1:1] = ["为促进发展，" + "，".join(_PHRASES[:8]) * 6 + "。"]
    lines = [line for paragraph in policy.paragraphs for line in _wrap(indent + paragraph, width)]
    breaks = draw(st.sets(st.integers(0, len(lines)), max_size=2))
    return joint.join(f"\f{line}" if number in breaks else line for number, line in enumerate(lines))


def _wrap(paragraph: str, width: int) -> list[str]:
    lines, used = [""], 0
    for character in paragraph:
        columns = 2 if unicodedata.east_asian_width(character) in "WF" or character in "“”" else 1
        if used + columns > width and character != " " and not lines[-1].endswith(" "):
            lines.append("")
            used = 0
        lines[-1] += character
        used += columns
    return lines


@st.composite
def layouts(draw: st.DrawFn, policy: Policy) -> str:
    return draw(draw(st.sampled_from([plain_layouts, wrapped_layouts]))(policy))
