"""What stands around a title and tells about the document: who passed it and when (题注), a site's table of facts.

（2001年8月3日北京市第十一届人民代表大会常务委员会第二十八次会议通过 根据2016年11月25日…修正）; 发布机关：某县人民政府.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from itertools import pairwise

from ingest.dates import YEAR, parse_date
from ingest.issuers import join_issuers, read_congress, split_issuers

_DAY = rf"{YEAR}\s*年\s*\S{{1,3}}\s*月\s*\S{{1,3}}\s*日"
_EVENT = r"通过|公布|发布|颁布|印发|批准|修正|修订|施行|实施|制定|废止|令第|第\d+号"
_NOTE = re.compile(rf"^[（(\[]?\s*(?:根据|自)?\s*(?:{_DAY}|\d{{4}}-\d\d?-\d\d?).{{0,300}}?(?:{_EVENT})")
_PROSE = re.compile(r"[。；](?![）)]?$)")
_FIELD = re.compile(
    r"^[\[【]?\s*(?P<key>[\u4e00-\u9fff](?:\s?[\u4e00-\u9fff]){1,5})\s*[\]】]?\s*[：:]\s*(?P<value>.*)$", re.DOTALL
)
_NUMBERS = {"发文字号", "文号", "文件编号", "公文字号"}
_ISSUERS = {"发布机关", "发布机构", "发文机关", "发文机构", "发布单位", "发文单位", "制定机关", "公布机关"}
_DATES = ("成文日期", "印发日期", "发文日期", "公布日期", "发布日期", "发布时间", "发表时间", "发文时间")
_STATES = {"有效性", "时效性", "效力状态", "时效", "有效状态", "文件状态"}
_OTHERS = {
    *("来源", "信息来源", "文章来源", "索引号", "主题分类", "主题词", "标题", "名称", "信息名称", "施行日期"),
    *("实施日期", "生效日期", "失效日期", "公开方式", "字体大小", "浏览次数", "浏览量", "效力级别", "体裁分类"),
}
_KEYS = frozenset({*_NUMBERS, *_ISSUERS, *_DATES, *_STATES, *_OTHERS})
_ENDED = re.compile(r"失效|废止")
_COMES_INTO_FORCE = re.compile(rf"自?\s*{_DAY}\s*起?\s*(?:施行|实施|执行|生效)|自\s*{_DAY}\s*起")
_MEETING = re.compile(  # 某县人民政府第20次常务会议; 经市政府第3次… names none
    r"(?<![\u4e00-\u9fff])(?![经由已])(?P<issuer>[\u4e00-\u9fff]{2,20}(?:人民政府|政府|委员会|管委会|局|委|办公室))"
    r"(?:\d{4}年)?第\s*[\d一二三四五六七八九十百]+\s*次[^，。；]{0,12}会议"
)
_ORDER = re.compile(r"(?P<issuer>[\u4e00-\u9fff、]{2,40})令\s*[（(]?第?\s*\d+\s*号")


def is_field_line(text: str) -> bool:
    """Whether a line is one of a site's facts about a document: 发布日期：2023-08-09."""
    match = _FIELD.match(text)
    return match is not None and re.sub(r"\s", "", match["key"]) in _KEYS


def is_note_line(text: str) -> bool:
    """Whether a line tells about the document above it, and is none of its own sentences."""
    if is_field_line(text):
        return True
    return bool(_NOTE.match(text)) and not _PROSE.search(text)


def is_open(text: str) -> bool:
    """Whether a note's bracket is still open."""
    return len(re.findall("[（(]", text)) > len(re.findall("[）)]", text))


def read_fields(lines: Iterable[str]) -> dict[str, str]:
    """A site's facts by their names, from lines 发布日期：2023-08-09 and from rows of a table of them."""
    fields: dict[str, str] = {}
    for line in lines:
        cells = [cell.strip() for cell in line.split("\t")]
        match = _FIELD.match(line)
        pairs = [(match["key"], match["value"])] if match and len(cells) == 1 else pairwise(cells)
        for key, value in pairs:
            name = re.sub(r"[\s：:\[\]【】]", "", key)
            if name in _KEYS and value.strip():
                fields.setdefault(name, value.strip())
    return fields


def number_in(fields: dict[str, str]) -> str | None:
    """The document number among a site's facts."""
    return next((fields[key] for key in fields if key in _NUMBERS), None)


def issuer_in(fields: dict[str, str]) -> str | None:
    """The issuer among a site's facts."""
    named = next((fields[key] for key in fields if key in _ISSUERS), None)
    return (join_issuers(split_issuers(named)) or named) if named else None


def date_in(fields: dict[str, str]) -> date | None:
    """The document's date among a site's facts: that of the document before that of the page."""
    days = (parse_date(fields[key]) for key in _DATES if key in fields)
    return next((day for day in days if day), None)


def is_ended(fields: dict[str, str]) -> bool:
    """Whether a site says that the document is no longer in force."""
    return any(bool(_ENDED.search(value)) for key, value in fields.items() if key in _STATES)


def date_of(note: str) -> date | None:
    """The day of a document's last version by the note below its title; not that of its coming into force."""
    text = _COMES_INTO_FORCE.sub("", note)
    days = [day for match in re.finditer(_DAY, text) if (day := parse_date(match.group()))]
    return max(days, default=None)


def commencement_of(note: str) -> tuple[date, str] | None:
    """The last day on which a version came into force by the note below its title, and the words that say so."""
    found = [(day, match.group()) for match in _COMES_INTO_FORCE.finditer(note) if (day := parse_date(match.group()))]
    return max(found, default=None)


def issuer_of(note: str) -> str | None:
    """Who passed or issued a document by the note below its title."""
    text = re.sub(_DAY, " ", note)
    if congress := read_congress(text):
        return congress
    named = _ORDER.search(text) or _MEETING.search(text)
    return join_issuers(split_issuers(named["issuer"])) if named else None
