"""Whom a clause names: 责任单位 (responsible), 牵头单位 (in the lead), as lists in brackets or in a sentence."""

from __future__ import annotations

import re

from ingest.model import Department, Role

_ENDS = (
    "局|委员会|委|部|办公室|办|中心|行|政府|法院|检察院|院|台|社|协会|会|工商联|妇联|残联|厅|署|公司|分局|分行|支行|支队|大队|队|所|站|组"
    "|单位|部门|学校|学院"
)
_ORGANISATION_END = f"(?:{_ENDS})"
_ROLES = {"牵头": Role.LEAD, "责任": Role.RESPONSIBLE, "负责": Role.RESPONSIBLE, "配合": Role.RESPONSIBLE}
_ROLE_WORD = rf"(?:{'|'.join(_ROLES)})(?:单位|部门)"
_ROLE = re.compile(rf"({'|'.join(_ROLES)})(?:单位|部门)\s*[：:]\s*")
_BRACKET = re.compile(
    rf"[（(]\s*(?=[^（()）]*{_ROLE_WORD}\s*[：:])([^（()）]*(?:[（(][^（()）]*[）)][^（()）]*)*)[）)]"
)
# 责任单位：县税务局、县财政局 without a bracket, at the end of a line.
_OPEN_LIST = re.compile(rf"(?:^|(?<=[。；]))\s*({_ROLE_WORD}\s*[：:][^（()）。\n]*)。?$", re.MULTILINE)
# A last bracket without the word 责任单位 that lists nothing but organisations.
_NAME = rf"[^（()）、，,：:]{{2,30}}{_ORGANISATION_END}"
_BARE_BRACKET = re.compile(rf"[（(]((?:{_NAME}[、，,]\s*)+{_NAME})[）)]\s*$")
# A last bracket with what they do behind their names: （市商务局牵头，市财政局、市税务局按职责分工负责）.
_DUTY = r"(?:(?:按照?|依照?)(?:各自)?职责(?:分工)?)?"
_DOING = "牵头负责|牵头|负责|配合|落实|参与|协助"
_DOERS_BRACKET = re.compile(
    rf"[（(]\s*([^（()）：:。]*{_ORGANISATION_END}等?{_DUTY}(?:{_DOING}))\s*[）)]\s*$", re.MULTILINE
)
_DOERS = re.compile(rf"(.+?){_DUTY}({_DOING})(?:[，,；;、]|$)")
# 由县住建局负责、县审批局、各乡镇配合; 县市场监管局牵头
_NARRATIVE = re.compile(rf"(?:由|[，。；（(\n]|^)([^，。；、由（()）\n]{{2,20}}?{_ORGANISATION_END})(负责|牵头)")
# A comma is missing where one office ends and the next begins with the same place's short prefix: 旗财政局旗工信局.
_MISSING_COMMA = re.compile(rf"(?<=局)(?=[旗县区市省][^、，,\s]{{2,}}{_ORGANISATION_END})")
_AND = re.compile(rf"({_ORGANISATION_END})(?:以?及|和)(?=其[他它]|相关|有关|各)")
_STRAY_PREFIX = re.compile(rf"({_ORGANISATION_END})[旗县区市]$")
_COMMAS = re.compile("[、，,；;/]")


def read_departments(text: str) -> list[Department]:
    """The departments that a clause names, each once, those in the lead first."""
    found: dict[str, Role] = {}
    for content, role in [*_bracketed(text), *_doing(text), *_bare(text), *_narrated(text)]:
        for name in _split(content):
            if found.get(name) is not Role.LEAD:
                found[name] = role
    departments = [Department(name, role) for name, role in found.items()]
    return sorted(departments, key=lambda department: department.role is not Role.LEAD)


def strip_departments(text: str) -> str:
    """A sentence without the list of departments behind it."""
    for pattern in (_BRACKET, _OPEN_LIST, _DOERS_BRACKET, _BARE_BRACKET):
        text = pattern.sub("", text)
    return text.strip()


def _bracketed(text: str) -> list[tuple[str, Role]]:
    """With a role before each list, in brackets or on a line of its own."""
    pairs = []
    for listing in [*_BRACKET.findall(text), *_OPEN_LIST.findall(_BRACKET.sub("", text))]:
        pieces = _ROLE.split(listing)
        pairs += [(names, _ROLES[role]) for role, names in zip(pieces[1::2], pieces[2::2], strict=True)]
    return pairs


def _doing(text: str) -> list[tuple[str, Role]]:
    return [
        (names.removeprefix("由"), Role.LEAD if doing.startswith("牵头") else Role.RESPONSIBLE)
        for listing in _DOERS_BRACKET.findall(text)
        for names, doing in _DOERS.findall(re.sub(r"\s", "", listing))
    ]


def _bare(text: str) -> list[tuple[str, Role]]:
    match = _BARE_BRACKET.search(text)
    return [(match.group(1), Role.RESPONSIBLE)] if match else []


def _narrated(text: str) -> list[tuple[str, Role]]:
    """Only where no list names them: 由县住建局负责."""
    if any(pattern.search(text) for pattern in (_BRACKET, _OPEN_LIST, _DOERS_BRACKET)):
        return []
    return [(name, _ROLES[role]) for name, role in _NARRATIVE.findall(text)]


def _split(names: str) -> list[str]:
    names = re.sub(r"\s", "", names)
    names = _AND.sub(r"\1、", _MISSING_COMMA.sub("、", names))
    pieces = (_STRAY_PREFIX.sub(r"\1", piece.removesuffix("等")) for piece in _COMMAS.split(names))
    return [piece for piece in pieces if len(piece) > 1]
