"""What a question says without a sum or a condition, to be told that it is so: who is in charge, that it is free.

归人社局管，对吗; 听说检验全免费. Only what asks to be confirmed, or was heard, is a claim.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from bot.evidence import Evidence, Finding, Premise
from bot.offices import offices, plain_name, unnamed

_TAG = "对[吗吧不]|是[吗吧不]|没错|对不对|是不是|行[吗不]|就[行可]|吧$"  # asks to be told that it is so
_CLAIMED = re.compile(f"{_TAG}|听(?:人|他们)?说|听[^，,]{{0,4}}讲|据说|都说|不是说")
_ONLY_TAG = re.compile(f"^(?:我说的|这样)?(?:{_TAG})")
_IN_CHARGE = re.compile("归|管|负责|找|去|到|上|办|领|交|报|给|问")
_PIECES = re.compile(r"[，,。？?！!；;]")
_ASKER = re.compile("^.*(?:个体工商户|个体户|商户|老板|企业|公司|小店|我们|我家)(?=...)")  # who, before the office
_NAMED = 3  # departments that are told instead, at most
_FREE = re.compile("(?:全|都|一律|完全)(?:部|是)?免费?|(?:全|都|一律)不(?:要|收|用交)钱")
_GRANTS_FREE = re.compile("免费|免[收征除缴交]|全免|零成本|不收取")
_IN_PART = re.compile(r"[^，,。；;：:]*(?:减半|半价|按[^，,。；;]{0,20}\d+%)[^，,。；;：:]*")
_LABEL = re.compile(r"^\d+[.．、]")


def judge_claims(text: str, finding: Finding) -> list[Premise]:
    """A premise for each claim that what is cited says otherwise.

    Args:
        text: the question as typed.
        finding: what was found for its one place.
    """
    claimed = list(_claimed(text))
    return [*_offices(claimed, finding), *_free(claimed, finding)]


def _claimed(text: str) -> Iterator[str]:
    """The pieces of a question that ask to be confirmed, or were heard."""
    for piece, behind in pairwise([*_PIECES.split(text), ""]):
        if _CLAIMED.search(piece) or _ONLY_TAG.match(behind):
            yield piece


def _offices(claimed: list[str], finding: Finding) -> Iterator[Premise]:
    """Departments that are said to be in charge and that no cited clause names."""
    named = next((one for one in finding.evidence if one.clause.facts.departments), None)
    if named is None:
        return
    given = "\n".join(plain_name(one.clause.text) for one in finding.evidence)
    names = [department.name for one in finding.evidence for department in one.clause.facts.departments]
    instead = "、".join(dict.fromkeys(one.name for one in named.clause.facts.departments[:_NAMED]))
    for piece in filter(_IN_CHARGE.search, claimed):
        for office in (_ASKER.sub("", name) for name, _ in offices(piece)):
            if unnamed(office, given, names, [finding.place.name, *finding.place.path]):
                yield _otherwise(office, finding, named, instead)


def _free(claimed: list[str], finding: Finding) -> Iterator[Premise]:
    """That all is free, where the clause that answers best only takes a part off."""
    said = next(filter(None, map(_FREE.search, claimed)), None)
    if said and finding.evidence:
        best = finding.evidence[0]
        told = "".join("".join(one.text.split()) for one in best.sentences)
        part = _IN_PART.search(told)
        if part and not _GRANTS_FREE.search(told):
            yield _otherwise(said.group(), finding, best, _LABEL.sub("", part.group()))


def _otherwise(text: str, finding: Finding, evidence: Evidence, instead: str) -> Premise:
    return Premise(text, finding.place, holds=False, evidence=evidence, instead=instead)
