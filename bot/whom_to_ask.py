"""Whom to ask: the departments that the cited clauses name, those in the lead first."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.evidence import Evidence
from bot.verify import Line, markers
from ingest.model import Department, Role
from ingest.words import bigrams
from prompts.messages import RoleLabels
from prompts.phrases import AnswerPhrases

_ONLY_LEAD = re.compile(r"^(?=.*牵头)(?!.*(?:配合|责任|参与|参加))")  # who asks for those in the lead is told no others
_SHOWN = 3  # where whom to ask was not the question
_PLACE = re.compile(r".*[省市县区旗州]")  # of a name: 国家税务总局达拉特旗税务局 is a 税务局
_PLAIN = re.compile("总局|局|委员会|委|办公室|办|厅|部|会|中心|院|管理|监督|行政|业务|务|人民政府")  # no matter's name


def whom_to_ask(
    evidence: Sequence[Evidence],
    numbers: dict[str, int],
    question: str,
    every: bool,
    words: AnswerPhrases,
    roles: RoleLabels,
) -> list[Line]:
    """One line with the departments, their roles and where that stands; none if no clause names any.

    Args:
        evidence: what the answer rests on, the most telling first.
        numbers: the citation's number of each clause, by its id.
        question: the question; a department whose name has its matter goes before others of its role.
        every: whether all are named, not only the first few.
        words: how the line is worded.
        roles: what the roles are called.
    """
    found: dict[Department, int] = {}
    for one in evidence:
        for department in one.clause.facts.departments:
            found.setdefault(department, numbers[one.clause.id])
    if not found:
        return []
    if _ONLY_LEAD.search(question) and any(department.role is Role.LEAD for department in found):
        found = {department: number for department, number in found.items() if department.role is Role.LEAD}
    first = min(found.values())  # the departments of the clause that answers best stay before those of the others
    ordered = sorted(
        found, key=lambda d: (found[d] != first, d.role is not Role.LEAD, not _names_matter(d.name, question))
    )
    shown = ordered if every else ordered[:_SHOWN]
    groups = [(role, [d.name for d in shown if d.role is role]) for role in (Role.LEAD, Role.RESPONSIBLE)]
    text = "、".join(_named(role, names, words, roles) for role, names in groups if names)
    more = words.more_departments if len(shown) < len(found) else ""
    sources = sorted({found[department] for department in shown})
    return [Line(words.departments.format(departments=text + more, markers=markers(sources)), tuple(sources))]


def _named(role: Role, names: Sequence[str], words: AnswerPhrases, roles: RoleLabels) -> str:
    label = roles.lead if role is Role.LEAD else roles.responsible
    return words.department.format(name="、".join(names), role=label)


def _names_matter(name: str, question: str) -> bool:
    """Whether a department's name has the matter of a question: 税务局 for a tax, 住建局 not for one."""
    core = _PLAIN.sub("", _PLACE.sub("", name))
    return core in question if len(core) == 1 else bool(set(bigrams(core)) & set(bigrams(question)))
