"""An answer that was of no use becomes a valid case, once, whoever else writes at the same time."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.answer_log import AnswerLog, LoggedAnswer
from bot.contract import AskRequest
from bot.recorder import Recorder
from eval.cases import CaseError, check_evidence
from eval.cli import CASES
from eval.drafts import Drafts, draft_id, make_draft
from eval.gate import read_gate
from eval.page_runner import SystemRunner
from eval.saved import read_run
from eval.systems import InProcess
from ingest.model import Clause, ClauseKind
from tests.corpus_fixture import Corpus
from tests.fakes import GRANT_QUOTE, FakeLibrary

CLAUSES_OF = FakeLibrary().clauses


def logged(**fields: Any) -> LoggedAnswer:
    """An answer on the grant of tests/fakes.py, with other values where they are given."""
    values: dict[str, Any] = {
        "id": "0123456789abcdef", "asked_at": datetime(2026, 11, 20, 3, tzinfo=UTC), "question": "旗里给钱不？",
        "history": (), "jurisdiction": "150621", "as_of": date(2026, 11, 20), "status": "answered",
        "answer": "给。[1]", "citations": (("dalate-2023", GRANT_QUOTE),), "notices": ("expired",),
        "verdict": "down", "comment": "没说到点子上",
    }  # fmt: skip
    return LoggedAnswer(**values | fields)


def test_a_draft_repeats_what_was_asked_and_answered() -> None:
    case = make_draft(logged(), CLAUSES_OF)
    assert (case.id, case.type, case.asker, case.expect) == ("draft-01234567", "draft", "owner", "answer")
    assert (case.question, case.jurisdiction, case.as_of) == ("旗里给钱不？", "150621", date(2026, 11, 20))
    assert [(one.doc, one.quote) for one in case.evidence] == [("dalate-2023", GRANT_QUOTE)]
    assert (case.answer_must, case.answer_must_not, case.flags) == ((), (), ("expired",))
    check_evidence([case], CLAUSES_OF)


@pytest.mark.parametrize(
    ("status", "expect", "flags"),
    [
        ("answered", "answer", ("expired", "other_jurisdiction")),
        ("partial", "answer", ("expired", "other_jurisdiction")),
        ("no_basis", "abstain", ("other_jurisdiction",)),
        ("out_of_scope", "refuse", ()),
        ("refused", "refuse", ()),
    ],
)
def test_what_it_expects_follows_from_what_was_done(status: str, expect: str, flags: tuple[str, ...]) -> None:
    case = make_draft(logged(status=status, notices=("expired", "other_jurisdiction", "of_old")), CLAUSES_OF)
    assert (case.expect, case.flags) == (expect, flags)
    assert bool(case.evidence) == (expect == "answer")


def test_a_quote_that_stands_twice_is_lengthened_to_its_clause_and_one_that_stands_nowhere_is_left_out() -> None:
    cited = (("dalate-2023", "责任单位"), ("dalate-2023", "这一句哪里都没有"), ("gone-2020", GRANT_QUOTE))
    case = make_draft(logged(citations=cited), CLAUSES_OF)
    (evidence,) = case.evidence
    assert evidence.quote.startswith("15.支持个体工商户转为企业")
    check_evidence([case], CLAUSES_OF)


def test_an_answer_whose_document_is_gone_becomes_a_case_to_abstain_from() -> None:
    case = make_draft(logged(citations=(("gone-2020", GRANT_QUOTE),)), CLAUSES_OF)
    assert (case.expect, case.evidence, case.flags) == ("abstain", (), ())


def test_quotes_may_run_over_lines() -> None:
    text = "序号\t任务\n1\t培训 500 人次"
    table = Clause("d#附件", "d", None, ClauseKind.TABLE, 1, ("附件",), (), text, 0)
    case = make_draft(logged(citations=(("d", text),)), lambda document: [table])
    assert case.evidence[0].quote == "序号任务1培训500人次"
    check_evidence([case], lambda document: [table])


def test_text_that_no_case_may_hold_is_cleaned() -> None:
    history = ("我在达旗\r\n开店\x07", "好的。", " \n ", "您说。", "x" * 5001)
    case = make_draft(logged(question=" 给钱\n不？\u200b", history=history), CLAUSES_OF)
    assert case.question == "给钱 不？"
    assert case.history == ("我在达旗 开店", "x" * 5000)  # the asker's turns alone


def test_what_cannot_be_a_case_is_told() -> None:
    with pytest.raises(CaseError, match="0123456789abcdef: cannot become a case"):
        make_draft(logged(question="\u200b"), CLAUSES_OF)


def test_a_draft_is_kept_once(tmp_path: Path) -> None:
    drafts = Drafts(tmp_path / "data" / "drafts.jsonl")
    assert drafts.read() == []
    first, second = (make_draft(logged(id=f"{n}" * 16), CLAUSES_OF) for n in (1, 2))
    assert [drafts.add(case) for case in (first, second, first)] == [True, True, False]
    assert drafts.read() == [first, second]
    assert stat.S_IMODE(drafts.file.parent.stat().st_mode) == 0o700
    assert draft_id("1" * 16) == first.id


def test_drafts_added_at_the_same_time_are_all_kept(tmp_path: Path) -> None:
    drafts = [Drafts(tmp_path / "drafts.jsonl") for _ in range(8)]
    cases = [make_draft(logged(id=f"{number:016d}"[::-1]), CLAUSES_OF) for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(lambda pair: pair[0].add(pair[1]), zip(drafts, cases, strict=True)))
    assert {case.id for case in drafts[0].read()} == {case.id for case in cases}


def test_a_file_that_was_damaged_is_told_and_left_as_it_is(tmp_path: Path) -> None:
    drafts = Drafts(tmp_path / "drafts.jsonl")
    drafts.file.write_text("{}\n", encoding="utf-8")
    with pytest.raises(CaseError, match=r"drafts\.jsonl: line 1"):
        drafts.add(make_draft(logged(), CLAUSES_OF))
    assert drafts.file.read_text(encoding="utf-8") == "{}\n"


def test_answers_of_the_whole_service_become_drafts_that_can_be_run(corpus: Corpus, tmp_path: Path) -> None:
    log, drafts = AnswerLog(f"sqlite:///{tmp_path}/answers.db", 30), Drafts(tmp_path / "drafts.jsonl")
    assistant = Recorder(corpus.huiwen, corpus.huiwen.gazetteer, log)
    for question, place in (("个转企补助多少", "达拉特旗"), ("两地个转企怎么补", None), ("养狗要办证吗", "岚县")):
        response = assistant.ask(AskRequest(question=question, jurisdiction=place))
        assert log.vote(response.id, "down", "不对")
    for answer in log.down_voted():
        assert drafts.add(make_draft(answer, corpus.huiwen.clauses))
    runner = SystemRunner(InProcess(corpus.huiwen), corpus.settings, tmp_path / "runs")
    finished = read_run(runner.run([drafts.file], "drafts", lambda done, total: None))
    assert len(finished.rows) == 3
    assert {row.set for row in finished.rows} == {"drafts"}
    log.close()


def test_drafts_have_no_part_in_the_gate_nor_in_what_is_run_unnamed() -> None:
    assert "drafts" not in read_gate()
    assert not (CASES / "drafts.jsonl").exists()
