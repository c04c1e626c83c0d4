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
from bot.notice import give_notices
from bot.offices import offices, plain_name
from bot.validity import judge
from bot.verify import Line, quote_stands, verify
from ingest.figures import figures, grounds, lacking
from ingest.model import Clause, ClauseKind, Department, Document, Facts, LegalStatus, Quantity, Role
from ingest.sentences import Sentence, split_sentences
from prompts.phrases import load_phrases
from tests.corpus_fixture import Corpus
from tests.fakes_ingest import IDS, bare, gazetteer, parsed
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
PHRASES = load_phrases()
DRAFT_LEAD = PHRASES.answer.draft_lead
SAME_UNIT = {"家": "户", "名": "人", "天": "日", "周年": "年"}
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
                citation = cited(clause, sentence.text, document=document)
                line = line_of(document, sentence.text)
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


QUOTED = [
    (parsed(document).document, clause)
    for document in IDS
    for clause in parsed(document).clauses
    if clause.facts.quantities or clause.facts.departments
]
COUNTED = [
    (document, clause, quantity)
    for document, clause in QUOTED
    for quantity in clause.facts.quantities
    if quantity.kind in ("amount", "percentage", "term", "count") and quantity.value == int(quantity.value)
]
OFFICES = sorted({department.name for _, clause in QUOTED for department in clause.facts.departments})
SAME_LENGTH = {"年": "周年", "日": "天", "户": "家", "人": "名"}  # another word for the same unit


def writings(number: int, unit: str) -> list[str]:
    """The ways of writing a number with its unit that a reader takes for the same."""
    plain = f"{number}{unit}"
    ways = [plain, f"{number:,}{unit}", "".join(map(_full_width, plain)), f"{number}.0{unit}"]
    ways += [f"【{number}】{unit}"] if unit in ("元", "%") else []
    ways += [hidden.join(plain) for hidden in (" ", "\u200b", "\u00ad", "**", "`", "<b>")]
    ways += [
        f"&#{ord(plain[0])};{plain[1:]}",
        f"百分之{in_chinese(number)}" if unit == "%" else in_chinese(number) + unit,
    ]
    if unit == "元" and number % 1000 == 0:
        ways += [f"{number / 10000:g}万元", f"{number // 1000}千元"]
    return ways


def line_of(document: Document, text: str) -> Line:
    return Line(f"{DRAFT_LEAD if document.status is LegalStatus.DRAFT else ''}{text}[1]", (1,))


def stands(document: Document, clause: Clause, text: str) -> bool:
    return bool(verify([line_of(document, text)], [cited(clause, clause.text, 1, document)], "有什么政策", TODAY))


@given(st.sampled_from(COUNTED), st.data())
def test_a_true_figure_passes_however_it_is_written(
    counted: tuple[Document, Clause, Quantity], data: st.DataObject
) -> None:
    document, clause, quantity = counted
    number, unit = int(quantity.value), quantity.unit
    if number == 1 and unit not in ("元", "%", "年"):
        return  # 一个 says "a"
    way = data.draw(st.sampled_from(writings(number, data.draw(st.sampled_from([unit, SAME_LENGTH.get(unit, unit)])))))
    assert stands(document, clause, f"这里写的是{way}。")


@given(
    st.sampled_from(COUNTED),
    st.integers(2, 99999),
    st.sampled_from(["元", "%", "年", "个月", "户", "人", "亿元"]),
    st.data(),
)
def test_a_changed_figure_is_cut_however_it_is_written(
    counted: tuple[Document, Clause, Quantity], number: int, unit: str, data: st.DataObject
) -> None:
    document, clause, quantity = counted
    if data.draw(st.booleans()):  # only the unit is another
        number = int(quantity.value)
    told_elsewhere = "".join([*clause.path, str(document.number), str(document.issued_on)])
    told = {(one.value, SAME_UNIT.get(one.unit, one.unit)) for one in clause.facts.quantities}
    if (number, unit) in told or str(number) in told_elsewhere or number == 1 or f"{number}{unit}" in clause.text:
        return
    value = number * 10**8 if unit == "亿元" else number
    if any(period.text.startswith(str(number)) for period in clause.facts.periods) or (value, "元") in told:
        return
    way = data.draw(st.sampled_from(writings(number, unit)))
    around = data.draw(st.sampled_from([("给予", "补助"), ("最高可以享受", ""), ("**", "**"), ("| 标准 | ", " |")]))
    assert not stands(document, clause, f"{around[0]}{way}{around[1]}。")


@given(
    st.sampled_from(QUOTED),
    st.sampled_from(OFFICES),
    st.sampled_from(["找谁问：{}（责任单位）", "这件事归{}管", "请向 {} 核实", "去{}办"]),
)
def test_a_department_is_told_only_where_its_clause_names_it(
    quoted: tuple[Document, Clause], office: str, form: str
) -> None:
    document, clause = quoted
    own = [department.name for department in clause.facts.departments]
    for name in own:
        assert stands(document, clause, form.format(name))
    near = any(_same_office(office, name) for name in own)
    shown = plain_name(bare("".join([clause.text, *clause.path, document.title])))
    if offices(office) and not near and not any(name in shown for name, _ in offices(office)):
        assert not stands(document, clause, form.format("\u200b".join(office)))


def _same_office(one: str, other: str) -> bool:
    """Whether one name may be short for the other: all its characters stand in it."""
    return set(one) <= set(other) or set(other) <= set(one)


@pytest.mark.parametrize(
    ("told", "holds"),
    [
        ("找旗财政局问。", True),
        ("找达拉特旗财政局问。", True),
        ("找财政局或旗人社局问。", True),
        ("可以到行业协会、商会、银行打听，抓住机会。", True),
        ("找市财政局问。", False),
        ("找鄂托克旗财政局问。", False),
        ("找旗税务局问。", False),
        ("找旗**税务**局问。", False),
        ("找县委宣传部、政务服务中心问。", False),
        ("拿到中国农业银行办。", False),
    ],
)
def test_departments_in_sentences(told: str, holds: bool) -> None:
    clause = replace(
        CLAUSE,
        facts=Facts(
            departments=(Department("旗财政局", Role.RESPONSIBLE), Department("旗人力资源和社会保障局", Role.LEAD))
        ),
    )
    clause = replace(clause, text=TEXT + "（责任单位：旗财政局、旗人力资源和社会保障局）")
    document = replace(DOCUMENT, place=gazetteer().resolve("达拉特旗"))
    assert bool(verify([Line(f"{told}[1]", (1,))], [cited(clause, TEXT, 1, document)], ASKED, TODAY)) == holds


@pytest.mark.parametrize(
    ("text", "told", "holds"),
    [
        ("贷款不超过30万元", "最高30万元", True),
        ("贷款不超过30万元", "最多可以给30万元", True),
        ("贷款不超过30万元", "30万元以内", True),
        ("贷款不超过30万元", "给30万元", True),  # left out, which is not checked
        ("贷款不超过30万元", "至少30万元", False),
        ("贷款不超过30万元", "超过30万元", False),
        ("贷款不超过30万元", "三十万元以上", False),
        ("经营2年以上", "经营满2年，即2年以上", True),
        ("经营2年以上", "2年以下", False),
        ("经营2年以上", "不超过两年", False),
        ("最低30万元，最高30万元", "至少30万元", True),
    ],
)
def test_the_most_is_not_told_as_the_least(text: str, told: str, holds: bool) -> None:
    citation = cited(replace(CLAUSE, text=text), text)
    assert bool(verify([Line(f"{told}。[1]", (1,))], [citation], ASKED, TODAY)) == holds


HERE, THERE, ABOVE = (gazetteer().resolve(name) for name in ("达拉特旗", "岚县", "内蒙古自治区"))


@pytest.mark.parametrize(
    ("told", "holds"),
    [
        ("达拉特旗给10万元[1]，岚县给3000元[2]。", True),
        ("达旗给10万元，岚县给3000元[1][2]。", True),
        ("两地分别给10万元和3000元。[1][2]", True),
        ("达拉特旗给10万元，自治区再给5%[1][3]。", True),  # what holds above holds here
        ("达拉特旗给3000元，岚县给10万元[1][2]。", False),
        ("在达旗，符合条件的，给3000元。[1][2]", False),
        ("岚县给10万元。[1]", False),
        ("岚县给5%。[3]", False),
        ("给3000元[1]，给10万元[2]。", False),  # each before the other's marker
        ("给10万元[1]，另给3000元[2]。", True),
        ("给10万元[1]、[2]。", True),
        ("给1[1]3000元[2]。", False),
    ],
)
def test_what_one_place_grants_is_not_told_of_another(told: str, holds: bool) -> None:
    texts = (("给予10万元", HERE), ("给予3000元", THERE), ("给予5%", ABOVE))
    citations = [
        cited(replace(CLAUSE, text=text), text, number, replace(DOCUMENT, place=place))
        for number, (text, place) in enumerate(texts, 1)
    ]
    assert bool(verify([Line(told)], citations, ASKED, TODAY)) == holds


@pytest.mark.parametrize(
    ("told", "holds"),
    [
        ("征求意见稿拟规定：给10万元。", True),
        ("拟给10万元。", True),
        ("原文没有写具体的数额。", True),
        ("找谁问：旗财政局（责任单位）", True),
        ("给10万元。", False),
        ("可以享受补助。", False),
        ("补助：10万元。", False),
        ("用虚拟货币给10万元。", False),
    ],
)
def test_a_draft_is_told_as_a_draft(told: str, holds: bool) -> None:
    text = TEXT + "由旗财政局负责，虚拟货币除外。"
    citation = cited(replace(CLAUSE, text=text), text, 1, replace(DOCUMENT, status=LegalStatus.DRAFT))
    assert bool(verify([Line(f"{told}[1]", (1,))], [citation], ASKED, TODAY)) == holds
    issued = cited(replace(CLAUSE, text=text), text, 2)
    assert verify([Line(f"{told}[1][2]")], [citation, issued], ASKED, TODAY)  # another clause is in force


@pytest.mark.parametrize(
    ("told", "holds"),
    [
        ("您问的50万元，文件没有写。", True),
        ("不是50万元，是10万元。", True),
        ("是的，给50万元。", False),
        ("您可以拿50万元。", False),
        ("最高不超过50万元。", False),
        ("最高50万。", False),
        ("您开店5年，够2年了。", True),
    ],
)
def test_a_figure_of_the_question_is_spoken_of_and_not_granted(told: str, holds: bool) -> None:
    assert passes(f"{told}[1]", asked="我开店5年，是不是能拿50万元") == holds


def test_a_large_number_without_its_unit_is_money() -> None:
    citation = cited(replace(CLAUSE, text="新增500户，给予10万元，占50%"), "新增500户")
    for told, held in (("给10万。", True), ("给500。", False), ("新增500户。", True), ("给50。", True)):
        assert bool(verify([Line(f"{told}[1]", (1,))], [citation], "给多少", TODAY)) == held, told


def test_notices_say_only_what_is_cited(corpus: Corpus) -> None:
    """Every figure, date and department of a warning stands in the citations that it is about."""
    for day in (date(2021, 1, 1), date(2023, 1, 1), date(2025, 6, 1), date(2030, 1, 1)):
        for document in corpus.huiwen.documents():
            for clause in corpus.huiwen.clauses(document.id):
                sentence = Sentence(clause.text, 0, len(clause.text))
                for blank in clause.facts.blanks[:1] or (None,):
                    one = Evidence(
                        document, clause, (sentence,), judge(document, clause, [(0, len(clause.text))], day), blank
                    )
                    for notice in give_notices([(1, one)], PHRASES):
                        line = Line(f"征求意见稿：{notice.message}", tuple(notice.citations))
                        assert verify([line], [cite(1, one, None)], "", date(1999, 1, 1)), notice.message


def _full_width(character: str) -> str:
    return chr(ord(character) + 0xFEE0) if "!" <= character <= "~" else character
