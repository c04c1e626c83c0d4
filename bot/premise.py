"""What a question takes for granted: 六盘水转企给10万，找谁领 takes a figure for that place's that may be another's.

Only a figure in the role of what is granted or limited is a premise (given, topped up, cut, at most), or of a condition
that is said to be enough or to be needed (满1年就给). What the asker has, is or wishes for is none: 雇了5个人, 开了3年,
想贷20万.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.evidence import Evidence, Finding
from bot.matter import likely_topics
from bot.question import Question
from bot.quote import quote
from bot.resources import Resources
from ingest.figures import Figure, figures, grounds
from ingest.model import Clause, Document, Place
from ingest.places import applies
from ingest.sentences import Sentence, split_sentences

_WIDE = 30  # clauses of the whole corpus that are looked through for the figure
_NUMBER = r"(?<![\d.])(?:\d+(?:\.\d+)?|[一二两三四五六七八九十百千半]+)"
_UNIT = r"(?:[百千]?[万亿千百](?:块钱?|元)?|块钱?|元|%|个点|成|折|个月|年|个?工作日|天|次|个百分点)"
_BARE = r"(?<![\d.])\d{3,6}(?![\d.%个年月日号户人家次天百千万亿])"  # 补贴5000
_FIGURE = (
    rf"(?P<figure>(?!(?:19|20)\d\d年)(?:{_NUMBER}{_UNIT}|{_BARE}))"
    r"(?!后|以[来上]|前|多?的(?:时间|时候)|年|度)"  # 3年后, 2年以上: a condition
)
_ADVERBS = (
    r"(?:[你我咱]们?|的是?|是|到|能|会|可以?|都|也|就|只|按|一次性|大概|差不多|整整|足足|"
    r"每[年月户家人次]|一[年个次]月?|高达|最多|最高|不超过){0,4}"
)
_GIVING = r"(?:给|补(?:助|贴)?|奖(?:励|补)?|发(?!了)|拨|返还?|减[免征收]?|免[收征交除]?|抵扣?|扣减|贴息|贴|退税?)"
_LIMIT = r"(?:最[多高长低少]|不超过|上限|封顶|顶格|限额|期限)"
_LIMITED = r"(?:能|可以?|是|只能|贷|歇|拿|领|申请|借|给|补|奖|免|减|到|个){0,3}"
# It was heard, it was promised, is it not: then whatever figure follows is taken for granted.
_HEARD = r"(?:听(?:人|他们)?说|不是(?:说|讲)?|说是|说好的?|据说|都说|有人(?:说|讲)|网上(?:说|讲)|宣传|传说|是不是|答应)"
_HEARD_GAP = r"[^，,。？?！!；;]{0,14}?"
_ROLES = (
    re.compile(rf"{_GIVING}{_ADVERBS}{_FIGURE}"),
    re.compile(rf"{_LIMIT}{_LIMITED}{_FIGURE}"),
    re.compile(rf"{_HEARD}{_HEARD_GAP}{_FIGURE}"),
    re.compile(rf"(?:能|可以)(?:拿|领)(?:到|个)?{_FIGURE}"),
    re.compile(rf"(?:那|这|的)(?:笔|个)?{_FIGURE}(?=(?:块?钱|元|的)*(?:补助|补贴|奖励|奖补|奖金|奖|红包))"),
    re.compile(rf"{_FIGURE}(?=(?:块?钱|元|的)*(?:补助|补贴|奖励|奖补|奖金|红包))"),
)
_CONDITIONS = (
    re.compile(rf"(?:满|够|达到|超过)(?P<figure>{_NUMBER}{_UNIT})(?:以上)?[，,]?(?=就|才|即|便)"),
    re.compile(rf"(?:是不是|是否|只要|必须)[^，,。？?！!；;]{{0,8}}?满(?P<figure>{_NUMBER}{_UNIT})"),
    re.compile(rf"(?P<figure>{_NUMBER}{_UNIT})(?:以[下内]|之内)的?(?=都|就|才|全|一律)"),
)
# What the asker has, is or wishes for, before the figure in the same clause.
_OWN = re.compile(
    r"(?:雇|招|请|开|干|做|经营|营业|注册|成立|办|转|交|满|营收|收入|销售|营业额|流水|投|欠|花|借|租|毕业|退伍|退役)了?"
    r"(?:大概|快|有|才|已经|了)*$|(?:想|打算|准备|需要|要)(?:申请)?(?:贷|借|拿)(?:个|款)*$|[我俺咱](?:今年|有|家有?)*$"
)
_ALTERNATIVES = re.compile(r"还是")
_BARE_MONEY = re.compile(r"[\d百千万亿]$|块钱?$")
_MONTHS = {"年": 12, "个月": 1}


@dataclass(frozen=True, slots=True)
class Premise:
    """A figure that a question takes for granted in a place, and whether it stands there."""

    text: str  # as typed: 10万
    figure: Figure  # its value and unit: ("100000", "元")
    place: Place  # where it is taken for granted
    holds: bool  # a clause of that place on the matter has it
    evidence: Evidence | None  # the clause that has it: of that place if it holds, else another's on the topic

    @property
    def elsewhere(self) -> Place | None:
        """The other place whose figure it is, if it is one's."""
        return None if self.holds or self.evidence is None else self.evidence.document.place


def premises(question: Question, findings: Sequence[Finding], resources: Resources) -> list[Premise]:
    """What a question takes for granted in each place that it asks about; nothing where no place is known.

    Args:
        question: the question; only its own text is read, not what it leans on.
        findings: what was found for its places.
        resources: where other places' clauses are looked up.
    """
    taken = read_premises(question.text)
    if not taken or not question.places:
        return []
    clauses = _on_the_matter(question, resources)
    return [
        _judge(text, figure, finding, clauses, question, resources) for finding in findings for text, figure in taken
    ]


def read_premises(text: str) -> list[tuple[str, Figure]]:
    """The figures that a text takes for granted, as typed and as read; none where it offers a choice (5万还是10万)."""
    if _ALTERNATIVES.search(text):
        return []
    conditions = (match for pattern in _CONDITIONS for match in pattern.finditer(text))
    found = {match.start("figure"): match["figure"] for match in conditions}
    for pattern in _ROLES:
        for match in pattern.finditer(text):
            before = re.split(r"[，,。？?！!；;]", text[: match.start("figure")])[-1]
            if not _OWN.search(before):
                found.setdefault(match.start("figure"), match["figure"])
    return [(typed, figure) for _, typed in sorted(found.items()) if (figure := _read(typed))]


def _read(typed: str) -> Figure | None:
    money = _BARE_MONEY.search(typed) is not None
    read = figures(re.sub("块钱?$", "", typed) + "元" if money else re.sub("个点$", "%", typed))
    return _normal(next(iter(read))) if len(read) == 1 else None


def _normal(figure: Figure) -> Figure:
    """Years as months, so that 半年 and 6个月 are one figure."""
    value, unit = figure
    if unit in _MONTHS and re.fullmatch(r"[\d.]+", value):
        return f"{float(value) * _MONTHS[unit]:g}", "个月"
    return figure


def _judge(
    text: str,
    figure: Figure,
    finding: Finding,
    clauses: Sequence[tuple[Document, Clause]],
    question: Question,
    resources: Resources,
) -> Premise:
    """Look in what is cited, then in the place's other clauses on the matter, then in other places'."""
    here = [pair for pair in clauses if _applies(pair[0], finding.place)]
    there = [pair for pair in clauses if not _applies(pair[0], finding.place)]
    for one in finding.evidence:
        if sentence := _sentence_with(figure, one.clause):
            return Premise(text, figure, finding.place, True, quote(one.document, one.clause, [sentence], question))
    for holds, pairs in ((True, here), (False, there)):
        for document, clause in pairs:
            sentence = _sentence_with(figure, clause)
            if sentence and _is_on(sentence, clause, question, resources):
                return Premise(text, figure, finding.place, holds, quote(document, clause, [sentence], question))
    return Premise(text, figure, finding.place, False, None)


def _sentence_with(figure: Figure, clause: Clause) -> Sentence | None:
    """The sentence of a clause that has a figure."""
    return next((one for one in split_sentences(clause.text) if figure in map(_normal, grounds(one.text))), None)


def _on_the_matter(question: Question, resources: Resources) -> list[tuple[Document, Clause]]:
    """The clauses of all places that may be on a topic of the question, best first."""
    asked = resources.finder.topics_of(question.whole)
    found = resources.finder.find(question.whole, place_codes=None, limit=_WIDE, topics=asked)
    return [(one.document, one.clause) for one in found]


def _is_on(sentence: Sentence, clause: Clause, question: Question, resources: Resources) -> bool:
    """Whether a sentence or its clause is on a topic of the question: a figure for another matter is no trace."""
    key = {question.topics[0].topic.name} | likely_topics(question.topics) if question.topics else set()
    return not key.isdisjoint({*clause.topics, *likely_topics(resources.finder.topics_of(sentence.text))})


def _applies(document: Document, place: Place) -> bool:
    return document.place is not None and applies(document.place.code, place)
