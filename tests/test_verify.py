"""What no cited clause says does not get through; what is grounded passes untouched."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cite import cite
from bot.contract import Citation
from bot.evidence import Evidence
from bot.validity import judge
from bot.verify import Line, quote_stands, verify
from ingest.figures import figures, grounds, lacking
from ingest.model import Clause, ClauseKind, Document, LegalStatus
from ingest.sentences import Sentence, split_sentences
from tests.corpus_fixture import Corpus
from tests.test_figures import in_chinese

TEXT = (
    "15.对首次“个转企”、稳定经营2年以上、无不良信用记录的企业，给予一次性10万元补助，按50%贴息，2025年12月31日前申请。"
)
DOCUMENT = Document(
    "d",
    "三年成长计划（2023-2025年）实施方案",
    None,
    "鄂府办发〔2023〕72号",
    date(2023, 8, 9),
    LegalStatus.ISSUED,
    None,
    None,
)
CLAUSE = Clause("d#四-15", "d", None, ClauseKind.CLAUSE, 1, ("四", "15"), ("四、工作举措", "15"), TEXT, 1)
ASKED, TODAY = "把店变成公司给多少钱", date(2026, 11, 20)


def cited(clause: Clause, quote: str, number: int = 1, document: Document = DOCUMENT) -> Citation:
    validity = judge(document, clause, (), date(2026, 11, 20))
    sentence = Sentence(clause.text, 0, len(clause.text))
    citation = cite(number, Evidence(document, clause, (sentence,), validity), None)
    return citation.model_copy(update={"quote": quote})


CITATION = cited(CLAUSE, TEXT)


def passes(text: str, *numbers: int, asked: str = ASKED) -> bool:
    return bool(verify([Line(text, numbers or (1,))], [CITATION], asked, TODAY))


@pytest.mark.parametrize(
    "text",
    [
        TEXT + "[1]",
        "给，十万元。[1]",
        "给，１０ 万元。[1]",
        "给 100,000 元[1]，稳定经营两年以上。",
        "贴息一半，即百分之五十[1]",
        "12月31日前申请[1]",
        "这件事，您可以打12345问，第一时间到一个窗口办。",
        "您在2026年11月20日问的，文件是2023年8月9日印发的，文号〔2023〕72号[1]",
    ],
)
def test_what_is_grounded_passes(text: str) -> None:
    assert passes(text)


INVENTED = """
20万元|二十万元|２０万元|2 0万元|2\u200b0万元|2**0**万元|2`0`万元|&#50;0万元
2<i>0</i>万元|廿万元|贰拾万元|⑳万元|٢٠万元|20w|20W元|20k|200,000元
200000|两百千元|二十万|20多万|10多万元|十余万元|10亿元|10元|一万元|百万元|1 1万元
11万|10[1]0万元|[10]万元|【20】万元|10%|10年|百分之六十|六成|60％|0.5%
三分之一|3年|三年|二年半|3—5年|三到五年|2个月|两个月|半年|10户|十户|10倍|第16条|第十六条
2025年12月30日|2025年11月|二〇二六年底|2027年|2025-12-30|2024/12/31
12月30日|400-123-4567|10万元-30万元|A7|5G
"""


@pytest.mark.parametrize("figure", INVENTED.strip().replace("\n", "|").split("|"))
def test_an_invented_figure_does_not(figure: str) -> None:
    assert not passes(f"按文件，最高可以给{figure}。[1]")


@given(
    st.one_of(st.integers(1, 9_999_999), st.floats(0.1, 99.9).map(lambda value: round(value, 1))),
    st.sampled_from(["元", "万元", "%", "年", "个月", "户", "天", "个工作日", "倍", "次", ""]),
    st.data(),
)
def test_no_number_that_nothing_gives_gets_through(number: float, unit: str, data: st.DataObject) -> None:
    plain = f"{number}{unit}"
    writings = [plain, f"{number:,}{unit}", " ".join(plain), "\u200b".join(plain), "".join(map(_full_width, plain))]
    if isinstance(number, int) and unit:
        writings.append(f"百分之{in_chinese(number)}" if unit == "%" else in_chinese(number) + unit)
    given_at_all = not lacking(
        figures(plain), grounds(TEXT) | grounds(ASKED) | grounds("第四部分15〔2023〕72号；2023-08-09") | grounds("15")
    )
    says_a = number == 1 and unit in ("户", "次")
    if not given_at_all and not says_a and plain != "12345":
        assert not passes(f"补助{data.draw(st.sampled_from(writings))}左右。[1]")


@given(
    st.dates(date(1990, 1, 1), date(2040, 12, 31)),
    st.sampled_from(["{0.year}年{0.month}月{0.day}日", "{0:%Y-%m-%d}", "{0:%Y/%m/%d}", "{0.year}年{0.month}月"]),
)
def test_no_date_that_nothing_gives_gets_through(day: date, form: str) -> None:
    told, today = {date(2025, 12, 31), date(2023, 8, 9)}, date(2026, 11, 20)  # the day of asking: as a whole only
    written = form.format(day)
    expected = (
        day in {*told, today}
        if "日" in written or "-" in written or "/" in written
        else (day.year, day.month) in {(d.year, d.month) for d in told}
    )
    assert passes(f"到{written}为止[1]") == expected


def test_a_figure_of_the_question_may_be_repeated_and_no_other() -> None:
    assert passes("您问的50万元，文件没有写。[1]", asked="能贷五十万元吗")
    assert not passes("您问的50万元，文件写的是60万元。[1]", asked="能贷五十万元吗")


def test_a_figure_counts_only_where_its_clause_is_cited() -> None:
    other = cited(replace(CLAUSE, id="d#四-16", text="给予8万元奖励。"), "给予8万元奖励。", 2)
    lines = [Line("甲地给8万元。[1]", (1,)), Line("乙地给8万元。[2]", (2,)), Line("都给8万元。")]
    assert verify(lines, [CITATION, other], ASKED, TODAY) == [lines[1]]


@pytest.mark.parametrize(
    "line",
    [
        Line("给10万元。[2]", (1,)),
        Line("给10万元。", (2,)),
        Line("给10万元。[0]", (1,)),
        Line("给10万元。[１][9]", (1,)),
    ],
)
def test_a_marker_without_a_citation_is_cut(line: Line) -> None:
    assert verify([line], [CITATION], ASKED, TODAY) == []


@given(st.integers(0, len(TEXT) - 1), st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF))
def test_a_quote_altered_by_one_character_is_caught(position: int, character: str) -> None:
    altered = TEXT[:position] + character + TEXT[position + 1 :]
    citation = cited(CLAUSE, altered)
    assert quote_stands(citation) == (altered == TEXT)
    assert bool(verify([Line("给。[1]", (1,))], [citation], ASKED, TODAY)) == (altered == TEXT)


def test_a_quote_stands_whatever_its_white_space_and_an_empty_one_does_not() -> None:
    assert quote_stands(cited(CLAUSE, " 给予一次性 10万元\n补助"))
    assert not quote_stands(cited(CLAUSE, " "))


def test_every_sentence_of_the_corpus_passes_with_its_own_citation(corpus: Corpus) -> None:
    cut = []
    for document in corpus.huiwen.documents():
        for clause in corpus.huiwen.clauses(document.id):
            for sentence in split_sentences(clause.text):
                line, citation = Line(f"{sentence.text}[1]", (1,)), cited(clause, sentence.text, document=document)
                cut += [] if verify([line], [citation], ASKED, TODAY) else [(clause.id, sentence.text)]
    assert cut == []


def test_every_figure_of_the_corpus_raised_by_one_is_cut(corpus: Corpus) -> None:
    clauses = [clause for document in corpus.huiwen.documents() for clause in corpus.huiwen.clauses(document.id)]
    through = [
        (clause.id, quantity.text, raised)
        for clause in clauses
        for quantity in clause.facts.quantities
        if (digits := re.search(r"\d+", quantity.text))
        and (raised := quantity.text.replace(digits[0], str(int(digits[0]) + 1))) not in clause.text
        and not lacking(figures(raised), grounds(clause.text))
    ]
    assert through == []


def _full_width(character: str) -> str:
    return chr(ord(character) + 0xFEE0) if "!" <= character <= "~" else character
