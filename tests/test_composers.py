"""What every composer keeps, whether it quotes or a language model words: the same rules, run on both."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from datetime import date

import pytest

from bot.answer import answer
from bot.app import Huiwen
from bot.cite import cite
from bot.contract import AskRequest, AskResponse, Citation
from bot.find import find
from bot.ports import Account, CitationEvent, Composer, DeltaEvent, DoneEvent
from bot.question import Question
from bot.understand import understand
from bot.verify import Line, quote_stands, verify
from tests.corpus_fixture import PLACES, Corpus
from tests.model_server import ModelServer, Script, open_with_model, repeat_sources, serving

QUESTIONS = (
    "把店变成公司，给钱不？",
    "创业担保贷款最高多少",
    "高新技术企业要培育多少家",
    "现在还有效吗",
    "房租能减吗？找谁办？",
    "达拉特旗和岚县的个转企补助哪个多",
)
DAYS = (date(2024, 6, 1), date(2026, 11, 20))
CASES = [(*case, DAYS[n % 2]) for n, case in enumerate(itertools.product(QUESTIONS, (*PLACES[:3], "北京市", None)))]


@pytest.fixture(scope="module")
def server() -> Iterator[ModelServer]:
    with serving() as server:
        server.play(Script(repeat_sources))
        yield server


@pytest.fixture(scope="module", params=["extractive", "model"])
def huiwen(request: pytest.FixtureRequest, corpus: Corpus, server: ModelServer) -> Huiwen:
    return corpus.huiwen if request.param == "extractive" else open_with_model(corpus, server)


@pytest.fixture(scope="module")
def answers(huiwen: Huiwen) -> list[tuple[Question, list[Citation], list[Line | Account | None]]]:
    resources = huiwen.resources()
    composer: Composer = resources.model or resources.composer
    told = []
    for text, name, day in CASES:
        place = huiwen.gazetteer.resolve(name) if name else None
        question = understand(text, place, [], day, huiwen.gazetteer, resources.finder)
        findings = find(question, resources)
        evidence = {one.clause.id: one for finding in findings for one in finding.evidence}
        citations = [cite(number, one, place) for number, one in enumerate(evidence.values(), 1)]
        numbers = {citation.clause_id: citation.n for citation in citations}
        told.append((question, citations, list(composer.compose(question, findings, numbers))))
    return told


Answers = list[tuple[Question, list[Citation], list[Line | Account | None]]]


def lines_of(told: list[Line | Account | None]) -> list[Line]:
    return [one for one in told if isinstance(one, Line)]


def test_every_line_verifies(answers: Answers) -> None:
    for question, citations, told in answers:
        lines = lines_of(told)
        assert verify(lines, citations, f"{question.text} {question.whole}", question.as_of) == lines, question.text


def test_what_is_found_is_told_with_its_marker(answers: Answers) -> None:
    for question, citations, told in answers:
        assert bool(citations) == any(line.citations for line in lines_of(told)), question.text
        for line in lines_of(told):
            assert {int(number) for number in re.findall(r"\[(\d+)\]", line.text)} <= set(line.citations), line


def test_quotes_stand_in_their_clauses(answers: Answers) -> None:
    assert all(quote_stands(citation) for _, citations, _ in answers for citation in citations)


def test_whom_to_ask_is_told_where_a_clause_names_a_department(answers: Answers) -> None:
    for question, citations, told in answers:
        if any(citation.departments for citation in citations):
            assert any("找谁问" in line.text for line in lines_of(told)), question.text


def test_a_draft_is_told_as_a_draft(answers: Answers) -> None:
    drafts = 0
    for _, citations, told in answers:
        by_number = {citation.n: citation for citation in citations}
        for line in lines_of(told):
            cited = [by_number[number] for number in line.citations]
            claims = not re.search("找谁问|期限：|没有写|没有填", line.text)
            if cited and claims and all(one.legal_status == "draft" for one in cited):
                drafts += 1
                assert "征求意见" in line.text, line
    assert drafts


def test_each_place_asked_about_is_spoken_of(answers: Answers) -> None:
    for question, _, told in answers:
        if len(question.places) > 1:
            text = "".join(line.text for line in lines_of(told))
            assert all(place.name in text for place in question.places)


def test_an_account_comes_last_if_at_all(answers: Answers) -> None:
    for _, _, told in answers:
        assert not any(isinstance(one, Account) for one in told[:-1])


def test_the_pieces_make_up_the_answer(huiwen: Huiwen) -> None:
    for text, place, day in CASES[::3]:
        events = list(answer(AskRequest(question=text, jurisdiction=place, as_of=day), huiwen.resources()))
        done = events[-1]
        assert isinstance(done, DoneEvent)
        assert "".join(event.text for event in events if isinstance(event, DeltaEvent)) == done.response.answer
        assert [one.citation for one in events if isinstance(one, CitationEvent)] == done.response.citations
        kinds = [type(event) for event in events]
        if CitationEvent in kinds:
            assert max(n for n, kind in enumerate(kinds) if kind is CitationEvent) < kinds.index(DeltaEvent)


def test_only_the_wording_differs(corpus: Corpus, server: ModelServer) -> None:
    worded = open_with_model(corpus, server)
    shown = 0
    for text, place, day in CASES:
        request = AskRequest(question=text, jurisdiction=place, as_of=day)
        quoted, told = corpus.huiwen.ask(request), worded.ask(request)
        assert facts_of(quoted) == facts_of(told), text
        shown += told.engine.composer == "model"
        assert told.engine.fallback in (None, "rejected")
    assert shown >= 5


def facts_of(response: AskResponse) -> dict[str, object]:
    return response.model_dump(include={"status", "citations", "notices", "jurisdiction", "follow_ups"})
