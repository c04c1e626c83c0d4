"""The department that a question takes for the one in charge: 归人社局管，对吗, where the clause names another."""

from __future__ import annotations

import re
from itertools import pairwise

from bot.evidence import Finding, Premise
from bot.offices import offices, plain_name, unnamed

_TAG = "对[吗吧不]|是[吗吧不]|没错|对不对|是不是|行[吗不]|就[行可]|吧$"  # asks to be told that it is so
_CLAIMED = re.compile(f"{_TAG}|听(?:人|他们)?说|据说|都说")
_ONLY_TAG = re.compile(f"^(?:我说的|这样)?(?:{_TAG})")
_IN_CHARGE = re.compile("归|管|负责|找|去|到|上|办|领|交|报|给|问")
_ASKER = re.compile("^.*(?:个体工商户|个体户|商户|老板|企业|公司|小店|我们|我家)(?=...)")  # who, before the office
_PIECES = re.compile(r"[，,。？?！!；;]")
_NAMED = 3  # departments that are told instead, at most


def judge_offices(text: str, finding: Finding) -> list[Premise]:
    """A premise for each department that a question says is in charge and that no cited clause names.

    Args:
        text: the question as typed.
        finding: what was found for its one place.
    """
    named = next((one for one in finding.evidence if one.clause.facts.departments), None)
    if named is None:
        return []
    given = "\n".join(plain_name(one.clause.text) for one in finding.evidence)
    names = [department.name for one in finding.evidence for department in one.clause.facts.departments]
    place = finding.place
    instead = "、".join(dict.fromkeys(one.name for one in named.clause.facts.departments[:_NAMED]))
    return [
        Premise(office, place, holds=False, evidence=named, instead=instead)
        for office in _claimed(text)
        if unnamed(office, given, names, [place.name, *place.path])
    ]


def _claimed(text: str) -> list[str]:
    """The departments that a text says are in charge, asking to be told so, or as hearsay."""
    pieces = [*_PIECES.split(text), ""]
    return [
        name
        for piece, behind in pairwise(pieces)
        if _IN_CHARGE.search(piece) and (_CLAIMED.search(piece) or _ONLY_TAG.match(behind))
        for name in (_ASKER.sub("", name) for name, _ in offices(piece))
    ]
