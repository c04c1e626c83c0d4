"""Lines, and what each is by its form alone: a date, a document number, a member of a group, an attachment's head."""

from __future__ import annotations

import re
from dataclasses import dataclass

_CN = "一二三四五六七八九十"
_DATE = re.compile(rf"^[0-9０-９〇○零{_CN}]{{4}}年[0-9０-９{_CN}]{{1,3}}月[0-9０-９{_CN}]{{1,3}}日$")
_DOTTED_DATE = re.compile(r"^\d{4}\.\d{1,2}\.\d{1,2}$")
_NUMBER = re.compile(  # 岚政办发〔2022〕20号, 财政部 税务总局公告2023年第12号
    r"^\S{1,15}[〔\[【（(]\s*\d{4}\s*[〕\]】）)]\s*第?\s*\d+\s*号$"
    r"|^[\u4e00-\u9fff、 ]{2,40}(?:公告\s*\d{4}\s*年第|令\s*第?)\s*\d+\s*号$"
)
_MEMBER = re.compile(r"^(?:[\u4e00-\u9fff·]{2,8}|[\u4e00-\u9fff]\s+[\u4e00-\u9fff]|X\s?X\s?X)\s+[\u4e00-\u9fff]\S*$")
_ADDRESSEE = re.compile(r"^(?!.*(?:如下|决定)[：:]$)[^。；《》]{2,80}[：:]$")
_ORGANISATION = re.compile(r"^[^，。；：！？]{2,30}(?:政府|办公室|委员会|局|厅|部|院|中心|办|会|署|银行|联席会议)$")
# (此件公开发布), （联系人：市场科；联系电话：12345678）
_PUBLICITY = re.compile(r"^[（(](?:此件.{2,12}|(?:联系|咨询)(?:人|电话|方式|单位|科室)\s*[：:].{2,80})[）)]$")
_PRINTED = re.compile(r"\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日\s*印发$")
_COPIES = re.compile(r"^(?:抄\s*[送报]|公开方式|公开属性|信息公开选项)\s*[：:]")
_PROSE = re.compile(r"[。；:：]|，.*，|\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日")

SENTENCE_MARK = re.compile(r"[。！？；]")  # a line that has one is text, and neither a heading nor an entry of a list
# head, deputy, member, …
ROLE = re.compile(r"^(组\s*长|副\s*组\s*长|成\s*员|主\s*任|副\s*主\s*任|主要职责)\s*[：:]\s*")
ATTACHMENT_LINE = re.compile(rf"^附\s*件\s*[0-9０-９{_CN}]*\s*[：:]?")
ATTACHMENT = re.compile(rf"^附\s*件\s*([0-9０-９{_CN}]*)\s*[：:]?\s*$")  # the head of an attachment
# 附件1：某县补贴办法, where a title stands behind the number
ATTACHMENT_TITLED = re.compile(rf"^附\s*件\s*([0-9０-９{_CN}]+)\s*[：:]?\s*([^。，；：:\s][^。，；]{{3,60}})$")
ATTACHMENT_LIST = re.compile(r"^附\s*件\s*(?:下载)?\s*[：:]\s*\S")  # 附件：1. …


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of the document, with the number of its first line in the file (from 1)."""

    text: str
    line: int
    marked: bool = False  # a Markdown heading: never joined with its neighbours
    broken: bool = False  # ends in Markdown's hard break, two spaces: a page's own line ends
    indented: bool = False  # its first line is
    runs_on: bool = False  # may belong to the one before, whose last line ends with a sentence where it was wrapped


def is_date_line(text: str) -> bool:
    """Whether a line is nothing but a full date, as below a signature."""
    compact = re.sub(r"\s", "", text)
    return bool(_DATE.match(compact) or _DOTTED_DATE.match(compact))


def is_number_line(text: str) -> bool:
    """Whether a line is nothing but a document number (文号), or those of several issuers with space or 、 between."""
    return all(map(_NUMBER.match, re.split(r"(?<=号)[\s、，]+", text.strip())))


def is_member_line(text: str) -> bool:
    """Whether a line lists one member of a group: a name, space, a post; or a role and those."""
    return bool(_MEMBER.match(text) or ROLE.match(text))


def is_addressee_line(text: str) -> bool:
    """Whether a line names those that a document is sent to (主送机关)."""
    return bool(_ADDRESSEE.match(text))


def is_organisation_line(text: str) -> bool:
    """Whether a line is nothing but an organisation's name, or several with space between."""
    names = text.split()
    joint = len(names) > 1 and all(map(_ORGANISATION.match, names))
    return joint or (any(map(_ORGANISATION.match, [*names[:1], text])) and not is_member_line(text))


def is_publicity_line(text: str) -> bool:
    """Whether a line in brackets below a signature says how far a document may be spread, or whom to ask."""
    return bool(_PUBLICITY.match(text))


def is_imprint_line(text: str) -> bool:
    """Whether a line stands below the signature: who gets a copy (抄送：…), who printed it when (…2023年8月9日印发)."""
    return bool(_COPIES.match(text) or (_PRINTED.search(text) and not SENTENCE_MARK.search(text)))


def is_prose(text: str) -> bool:
    """Whether a line reads as a sentence, opens a list or tells a date or a name, so that it is no title."""
    return bool(_PROSE.search(text))
