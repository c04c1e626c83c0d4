"""What documents of a corpus do to each other: 同时废止 ends another one, a newer version takes an older one's place.

Computed over the whole corpus when it is built, and told by both documents. A text ends another only where the corpus
holds it, in the same place, under the title or the number that the text names; two documents of one title and place
are two versions if they begin to hold on different days.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice, pairwise

from ingest.document_numbers import normal_number
from ingest.model import Clause, ClauseKind, Document, Effect, EffectKind, LegalStatus
from ingest.parse import ParsedDocument
from ingest.sentences import Sentence, split_sentences
from ingest.units import ATTACHMENTS, NOTES

_ENDED = re.compile(
    r"(?:同时|一并|即行|予以|自行|相应|随之|自.{2,20}起)?(?<![者或、])(?:废止|失效|停止执行|停止施行|不再执行)(?![的前后或、])"
)
_ENDS = re.compile(r"(?:决定|同时|现|一并|^)废止(?:以?下列|以下)?.{0,12}?(?=《)")
# 废止下列文件： and what stands below it; the heads of such lists in attachments: 废止的文件目录
_ENDS_BELOW = re.compile(r"^[^。；]*(?:下列|以下|如下)[^。；]*[：:]$")
_ENDS_SEVERAL = re.compile("废止(?:以下|下列|如下)")  # 废止以下文件：《…》；《…》 in one sentence
_ENTRY = re.compile(r"\s*(?:[（(]?[\d一二三四五六七八九十]+[)）、.．]?)?\s*《")
_ENDED_LIST = re.compile(r"(?:废止|失效)[^。；]{0,30}(?:目录|清单|列表)")
_NOT_WHOLE = re.compile(r"情形|条件|条款|部分内容|修改|继续有效|保留")
_OVER = re.compile(r"废止|失效|停止执行")
_NAME = re.compile(r"《((?:[^《》]|《[^《》]*》)+)》(?:\s*[（(]([^（）()]*?\d+\s*号)[^（）()]*[）)])?")
_BARE_NUMBER = re.compile(r"[\u4e00-\u9fff]{1,12}[〔\[【（(]\s*\d{4}\s*[〕\]】）)]\s*第?\s*\d+\s*号")
_RESTS_ON = re.compile(r"(?:根据|依照|按照|依据|贯彻|落实|执行)[^，。；]*$")
_SHORTEST = 3  # characters; no document's name is as short
_NEAR = 60  # characters before a title in which 根据 speaks of it
_SEGMENT = re.compile(r"[^；;]+")
_VERSION = re.compile(  # what a title has behind it that tells one version of a document from another
    r"[（(](?:\d{4}年?)?(?:第?[一二三四五\d]*次?)(?:修订|修正|修改|试行|暂行|版|本)[^（()）]{0,4}[）)]$|[（(]\d{4}-\d{1,2}-\d{1,2}[）)]$"
    r"|[（(【\[](?:现?已)?(?:废止|失效)[）)】\]]$"
)
_STATE = re.compile(r"^中华人民共和国")
_ISSUER = re.compile(r"^[^《》（）]{2,40}?(?=关于.{4})")
_INNER = re.compile(r"《(.+)》|[〈<](.+)[〉>]")
_AMENDED = re.compile(r"修订|修正")
_LONGEST = 500  # characters of a title; what is longer is none, and would be searched for marks from each of its marks


@dataclass(frozen=True, slots=True)
class _Link:
    """A newer document's words about an older one."""

    kind: EffectKind  # repeals or supersedes
    newer: int
    older: int
    clause: Clause
    text: str


def link_documents(parsed: Sequence[ParsedDocument]) -> list[ParsedDocument]:
    """The same documents, each with what others of the corpus do to it and what it does to them."""
    effects: defaultdict[int, dict[tuple[EffectKind, int], Effect]] = defaultdict(dict)
    for link in (*_versions(parsed), *_repeals(parsed)):
        newer, older = parsed[link.newer].document, parsed[link.older].document
        passive = EffectKind.REPEALED_BY if link.kind is EffectKind.REPEALS else EffectKind.SUPERSEDED_BY
        effect = Effect(link.kind, older.id, older.title, _commences(newer), link.clause.id, link.text)
        effects[link.newer].setdefault((link.kind, link.older), effect)
        told = replace(effect, kind=passive, document_id=newer.id, title=newer.title)
        effects[link.older].setdefault((passive, link.newer), told)
    return [
        replace(one, document=replace(one.document, effects=tuple(effects[number].values())))
        for number, one in enumerate(parsed)
    ]


def names_of(title: str) -> frozenset[str]:
    """What a document is called: by its title, and by the name inside 印发《…》的通知; without what tells versions."""
    title = title[:_LONGEST]
    inner = _INNER.search(title)
    forms = [title, *(filter(None, inner.groups()) if inner else ())]
    return frozenset(name for form in forms for name in (_bare(form), _bare(_ISSUER.sub("", form))) if len(name) > 3)


def _bare(title: str) -> str:
    name = re.sub(r"[\s《》〈〉<>“”\"'‘’]", "", title)
    while (shorter := _VERSION.sub("", name)) != name:
        name = shorter
    return _STATE.sub("", name)


def _commences(document: Document) -> date | None:
    """The day from which a version holds: that of its commencement, though no sooner than it was issued."""
    days = [document.issued_on, document.period.begins if document.period else None]
    return max(filter(None, days), default=None)


def _versions(parsed: Sequence[ParsedDocument]) -> Iterator[_Link]:
    """Documents of one title and one place, from the oldest to the newest."""
    groups: defaultdict[tuple[str, str | None], list[int]] = defaultdict(list)
    for number, one in enumerate(parsed):
        if one.document.status is not LegalStatus.DRAFT and _commences(one.document):
            groups[_bare(one.document.title), _place(one.document)].append(number)
    for (name, _), members in groups.items():
        ordered = sorted(members, key=lambda number: _commences(parsed[number].document) or date.min)
        for older, newer in pairwise(ordered):
            if len(name) > 3 and _commences(parsed[older].document) != _commences(parsed[newer].document):
                clause, text = _words_of_version(parsed[newer])
                yield _Link(EffectKind.SUPERSEDES, newer, older, clause, text)


def _words_of_version(parsed: ParsedDocument) -> tuple[Clause, str]:
    """Where a version tells that it is one: the note on its revision, else its title, else its first words."""
    for clause in parsed.clauses:
        if clause.labels[-1].startswith(NOTES):
            told = [line for line in clause.text.split("\n") if _AMENDED.search(line)]
            if told:
                return clause, told[-1].strip()
    first = next((one for one in parsed.clauses if one.kind is ClauseKind.TITLE), parsed.clauses[0])
    return first, first.text


def _repeals(parsed: Sequence[ParsedDocument]) -> Iterator[_Link]:
    """Sentences that end other documents of the corpus by title or number."""
    by_name: defaultdict[str, list[int]] = defaultdict(list)
    by_number: defaultdict[str, list[int]] = defaultdict(list)
    for number, one in enumerate(parsed):
        for name in names_of(one.document.title):
            by_name[name].append(number)
        if one.document.number:
            for joint in _numbers(one.document.number):
                by_number[joint].append(number)
    for number, one in enumerate(parsed):
        if one.document.status is LegalStatus.DRAFT:
            continue
        for clause, sentence, title, named in _ended(one.clauses):
            found = by_number.get(normal_number(named), []) if named else []
            if not found and title:
                found = [other for name in names_of(title) for other in by_name.get(name, [])]
                found = [other for other in found if _fits(parsed[other].document, named)]
            for other in dict.fromkeys(found):
                if other != number and _may_end(one.document, parsed[other].document):
                    yield _Link(EffectKind.REPEALS, number, other, clause, sentence.text)


def _ended(clauses: Sequence[Clause]) -> Iterator[tuple[Clause, Sentence, str | None, str | None]]:
    """The clause and sentence, the title and the number of everything that a document says is over."""
    listing: set[str] = set()  # the ids of clauses that say of all below them that it is over
    for clause in clauses:
        listed = clause.parent_id in listing
        if not listed and not any(word in clause.text for word in ("废止", "执行", "失效")):
            continue
        for sentence in split_sentences(clause.text):
            goes_on = False
            for segment in _SEGMENT.findall(sentence.text):
                entry = listed or (goes_on and _ENTRY.match(segment))
                for title, number in _listed(segment) if entry else _named(segment):
                    yield clause, sentence, title, number
                goes_on = goes_on or bool(_ENDS_SEVERAL.search(segment))
            listed = listed or _opens_list(clause, sentence.text)
        if listed:
            listing.add(clause.id)


def _opens_list(clause: Clause, sentence: str) -> bool:
    """Whether a sentence says that whatever is listed behind it is over: 废止下列文件：, or an attachment's title."""
    opens = _ENDS_BELOW.match(sentence) and _OVER.search(sentence)
    head = clause.kind is ClauseKind.ATTACHMENT and clause.labels[-1] != ATTACHMENTS
    titled = head and _ENDED_LIST.search(sentence)
    return bool(opens or titled) and not _NOT_WHOLE.search(sentence)


def _listed(line: str) -> Iterator[tuple[str | None, str | None]]:
    """The title and the number that an entry of a list names; in a table a cell each, the title in brackets or not."""
    cells = [cell.strip() for cell in line.split("\t")]
    if len(cells) == 1 or _NAME.search(line):
        yield from ((match[1], match[2]) for match in islice(_NAME.finditer(line), 1))
        return
    number = next((cell for cell in cells if _BARE_NUMBER.fullmatch(cell)), None)
    yield from ((cell, number) for cell in cells if cell != number and len(cell) > _SHORTEST)


def _named(segment: str) -> Iterator[tuple[str | None, str | None]]:
    """Titles and numbers before 同时废止, or behind 废止."""
    ended, ends = _ENDED.search(segment), _ENDS.search(segment)
    start, end = (ends.end(), len(segment)) if ends else (0, ended.start() if ended else 0)
    region = segment[start:end]
    for match in _NAME.finditer(region):
        if ends or not _RESTS_ON.search(region, max(0, match.start() - _NEAR), match.start()):
            yield match[1], match[2]
    if not _NAME.search(region):
        yield from ((None, match.group()) for match in _BARE_NUMBER.finditer(region))


def _fits(document: Document, number: str | None) -> bool:
    return number is None or document.number is None or normal_number(number) in _numbers(document.number)


def _numbers(number: str) -> list[str]:
    """The numbers of a document; one that several issue together may have several, with 、 between them."""
    return [normal_number(one) for one in re.split(r"(?<=号)、", number)]


def _may_end(newer: Document, older: Document) -> bool:
    """Whether one may end the other: of the same place, and not the younger by the older."""
    if _place(older) not in (_place(newer), None):
        return False
    return not (newer.issued_on and older.issued_on and newer.issued_on < older.issued_on)


def _place(document: Document) -> str | None:
    return document.place.code if document.place else None
