"""Yes or no, and how firmly: what a clause's own words grant, allow, forbid, or only encourage."""

from __future__ import annotations

import re
from enum import StrEnum

from ingest.figures import figures, grounds, lacking

# Questions whether something is given, paid, reduced or waived: 有补贴吗, 给不给钱, 能减税不.
_ASKS_GRANT = re.compile(
    r"(?:有没有|有无|给不给|补不补|奖不奖|减不减|免不免)"
    r"|(?:有|给|补|奖|减|免|贴|返|领|享受)[^，。？?！!]{0,14}(?:吗|么|嘛|没有?|不)[？?。！!]*$"
    r"|(?:有没得|给不|补不|奖不|减不|免不)(?:[？?]|$)"
)
_GRANT_MATTER = re.compile(r"补|奖|贴|减|免|优惠|扶持|资助|返|钱|贷|资金|政策")
# Questions whether one may: 能不能, 可以…吗, 让不让.
_ASKS_LEAVE = re.compile(
    r"能不能|可不可以|可否|行不行|让不让|准不准|许不许|(?:能|可以|允许|准|让)[^，。？?！!]{1,20}(?:吗|么|嘛|不)[？?。！!]*$"
)
_ASKS_RELIEF = re.compile(r"免|不[交缴罚还]|赖掉|缓[交缴]")  # from what is owed: that one may do something is no answer
# Questions that deny or fear: a yes would be read the wrong way round.
_TURNED = re.compile(
    r"要不要|收不收|罚|取消|是不是|不是|难道|别的|还|没了|停发|停了|不用|(?<!给)不给|(?<!让)不让|(?<!能)不能|(?<!补)不补|(?<!奖)不奖"
)

_GRANTS = re.compile(r"给予|补助|补贴|奖励|奖补|贴息|减免|免收|免征|减按|减半|扣减|抵减|资助|免费|发放|享受")
_FIGURE_OR_FREE = re.compile(r"\d|[一二三四五六七八九十百]+(?:万|元|%)|百分之|免收|免征|免费|全额|减半")
_ALLOWS = re.compile(r"可以|可(?=[申办享按在向凭延选采自继])|允许|准予")
_FORBIDS = re.compile(r"不得|不予|不再|禁止|严禁|不允许|不准|停止|取消")
# What a grant hangs on: whoever asks may not be one of those it is for.
_CONDITIONS = re.compile(
    r"对[^，。；]{2,}|符合|首次|[年月]以?上|以内|无[^，。；]{0,4}不良|稳定|满\d|限于|的(?:企业|个体|人员|单位|经营|，)"
)
_HEDGES = re.compile(r"鼓励|探索|支持|引导|推动|按照?(?:有关|相关|国家)?规定")


class Verdict(StrEnum):
    """What is said before the words of the clause."""

    GIVEN = "given"
    CONDITIONAL = "conditional"
    ALLOWED = "allowed"
    ONLY_MENTIONED = "only_mentioned"


def judge_yes_no(question: str, quote: str) -> tuple[Verdict, str] | None:
    """Whether a quote says yes to a question, with the words on which that rests; None where that is not plain.

    Args:
        question: as typed.
        quote: the sentences that answer.
    """
    if _TURNED.search(question) or _FORBIDS.search(quote) or lacking(figures(question), grounds(quote)):
        return None
    if _ASKS_GRANT.search(question) and _GRANT_MATTER.search(question):
        return _grant(quote)
    if _ASKS_LEAVE.search(question) and not _ASKS_RELIEF.search(question) and (match := _ALLOWS.search(quote)):
        return Verdict.ALLOWED, match.group()
    return None


def hedge(quote: str) -> str:
    """The word by which a text only encourages or refers to rules elsewhere: 鼓励, 探索, 按规定; empty if none."""
    match = _HEDGES.search(quote)
    return match.group() if match else ""


def _grant(quote: str) -> tuple[Verdict, str] | None:
    grant = _GRANTS.search(quote)
    if grant and _FIGURE_OR_FREE.search(quote):
        return (Verdict.CONDITIONAL if _CONDITIONS.search(quote) else Verdict.GIVEN), grant.group()
    word = hedge(quote)
    return (Verdict.ONLY_MENTIONED, word) if word else None
