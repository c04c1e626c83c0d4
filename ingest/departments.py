"""Whom a clause names: 责任单位 (responsible), 牵头单位 (in the lead), as lists in brackets or in a sentence."""

from __future__ import annotations

import re

from ingest.model import Department, Role

_ORGANISATION_END = r"(?:局|委员会|委|部|办公室|办|中心|行|政府|法院|检察院|院|台|社|协会|会|厅|署|公司|分局|分行|支行|支队|大队|队|所|站|组|单位|部门|学校|学院)"
_ROLES = {"责任单位": Role.RESPONSIBLE, "配合单位": Role.RESPONSIBLE, "负责单位": Role.RESPONSIBLE, "牵头单位": Role.LEAD, "牵头部门": Role.LEAD, "责任部门": Role.RESPONSIBLE}
_ROLE = re.compile(rf"({'|'.join(_ROLES)})\s*[：:]\s*")
_BRACKET = re.compile(r"[（(]\s*(?=[^（()）]*(?:责任单位|牵头单位|配合单位|负责单位|牵头部门|责任部门)\s*[：:])([^（()）]*(?:[（(][^（()）]*[）)][^（()）]*)*)[）)]")
# A last bracket without the word 责任单位 that lists nothing but organisations.
_BARE_BRACKET = re.compile(rf"[（(]((?:[^（()）、，,：:]{{2,30}}{_ORGANISATION_END}[、，,]\s*)+[^（()）、，,：:]{{2,30}}{_ORGANISATION_END})[）)]\s*$")
# 由县住建局负责、县审批局、各乡镇配合; 县市场监管局牵头
_NARRATIVE = re.compile(rf"(?:由|[，。；\n]|^)([^，。；、由\n]{{2,20}}?{_ORGANISATION_END})(负责|牵头)")
# A comma is missing where one organisation ends and the next begins with the same place's short prefix.
_MISSING_COMMA = re.compile(rf"(?<={_ORGANISATION_END[3:-1].split('|')[0]})(?=[旗县区市省][^、，,\s]{{2,}}{_ORGANISATION_END})")
_AND = re.compile(rf"({_ORGANISATION_END})(?:以?及|和)(?=其[他它]|相关|有关|各)")
_STRAY_PREFIX = re.compile(rf"({_ORGANISATION_END})[旗县区市]$")


def read_departments(text: str) -> list[Department]:
    """The departments that a clause names, each once, those in the lead first."""
    found: dict[str, Role] = {}
    for content, role in [*_bracketed(text), *_bare(text), *_narrated(text)]:
        for name in _split(content):
            if found.get(name) is not Role.LEAD:
                found[name] = role
    departments = [Department(name, role) for name, role in found.items()]
    return sorted(departments, key=lambda department: department.role is not Role.LEAD)


def strip_departments(text: str) -> str:
    """A sentence without the bracket that lists departments."""
    return _BARE_BRACKET.sub("", _BRACKET.sub("", text)).strip()


def _bracketed(text: str) -> list[tuple[str, Role]]:
    pairs = []
    for bracket in _BRACKET.finditer(text):
        pieces = _ROLE.split(bracket.group(1))
        pairs += [(names, _ROLES[role]) for role, names in zip(pieces[1::2], pieces[2::2], strict=True)]
    return pairs


def _bare(text: str) -> list[tuple[str, Role]]:
    match = _BARE_BRACKET.search(text)
    return [(match.group(1), Role.RESPONSIBLE)] if match else []


def _narrated(text: str) -> list[tuple[str, Role]]:
    """Only where no bracket names them: 由县住建局负责."""
    if _BRACKET.search(text):
        return []
    roles = {"牵头": Role.LEAD, "负责": Role.RESPONSIBLE}
    return [(match.group(1), roles[match.group(2)]) for match in _NARRATIVE.finditer(text)]


def _split(names: str) -> list[str]:
    names = re.sub(r"\s", "", names)
    names = _AND.sub(r"\1、", _MISSING_COMMA.sub("、", names))
    pieces = (_STRAY_PREFIX.sub(r"\1", piece.removesuffix("等")) for piece in re.split("[、，,；;/]", names))
    return [piece for piece in pieces if len(piece) > 1]
