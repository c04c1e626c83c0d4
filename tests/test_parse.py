"""One file's text becomes a document: the rules on what is kept, and on ids (rules 1 to 3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.errors import AmbiguousPlace, UnknownPlace, UnreadableFile
from ingest.loaders.loaded import Loaded
from ingest.manifest import ManifestRow
from ingest.model import ClauseKind
from ingest.parse import ParsedDocument, parse
from tests.fakes_ingest import IDS, bare, clause, gazetteer, lexicon, parse_text, parsed, texts, without_artefacts
from tests.strategies_ingest import layouts, plain_layouts, policies, sentences


def ids(document: ParsedDocument) -> list[str]:
    return [one.id for one in document.clauses]


def with_row(text: str, row: ManifestRow) -> ParsedDocument:
    return parse(Loaded(text), row, "digest", gazetteer(), lexicon())


def test_a_document_keeps_its_file_and_digest() -> None:
    row = ManifestRow(file="a.txt", id="a")
    document = parse(Loaded("一、支持发展。"), row, "1234", gazetteer(), lexicon()).document
    assert (document.id, document.file, document.digest) == ("a", "a.txt", "1234")


def test_the_manifest_fills_what_the_text_leaves_open() -> None:
    row = ManifestRow(
        file="a.txt", id="a", place="岚县", issuer="县财政局", number="岚财〔2023〕1号", issued_on=date(2023, 1, 2)
    )
    document = with_row("关于促进发展的措施\n一、支持发展。", row).document
    assert (document.issuer, document.number, document.issued_on) == ("县财政局", "岚财〔2023〕1号", date(2023, 1, 2))
    assert document.warnings == ()
    signed = with_row(texts()["lanxian-2022"], row).document
    assert (signed.issuer, signed.issued_on) == ("岚县人民政府办公室", date(2022, 5, 7))


def test_a_bad_place_in_the_manifest_is_told() -> None:
    with pytest.raises(UnknownPlace):
        with_row("一、支持发展。", ManifestRow(file="a.txt", id="a", place="某某县"))
    with pytest.raises(AmbiguousPlace):
        with_row("一、支持发展。", ManifestRow(file="a.txt", id="a", place="朝阳区"))


def test_a_text_of_marks_alone_is_told() -> None:
    with pytest.raises(UnreadableFile, match=r"^doc\.txt: holds no text but marks of a converter; put"):
        parse_text("**\n[bookmark: _GoBack]\n\f")


def test_the_title_dates_months_where_no_signature_does() -> None:
    one = parse_text("关于做好2024年度工作的通知\n一、行动（六月底结束）。").clauses[-1]
    assert one.facts.periods[0].ends == date(2024, 6, 30)


def test_clauses_have_the_topics_of_their_text_and_headings() -> None:
    assert "个转企" in "".join(clause("dalate-2023#四-五-15").topics)
    assert any("贷款" in topic for topic in clause("ganzhou-2024#二-三-7").topics)


def test_an_attachment_is_dated_by_the_period_nearest_to_its_mention() -> None:
    text = "一、培训。2022年培训70人，见附件1；2023年培训80人，见附件 2。\n附件1\n名单\n附件2\n名单\n附件3\n名单"
    periods = {one.id: [period.begins for period in one.facts.periods] for one in parse_text(text).clauses[1:]}
    assert periods == {"doc#附件1": [date(2022, 1, 1)], "doc#附件2": [date(2023, 1, 1)], "doc#附件3": []}


def test_a_period_that_opens_a_list_reaches_what_is_in_it() -> None:
    opening = "一、减负\n房租减半。以下政策执行至2024年底：\n"
    text = f"{opening}1.免收检验费。\n2.对甲减半，执行期限至2023年底。\n二、其他\n加强宣传。"
    ends = {one.id: [period.ends for period in one.facts.periods] for one in parse_text(text).clauses}
    assert ends["doc#一-1"] == [date(2024, 12, 31)]
    assert ends["doc#一-2"] == [date(2023, 12, 31), date(2024, 12, 31)]
    assert ends["doc#二"] == []


@pytest.mark.parametrize("document", IDS)
def test_nothing_is_lost_or_invented(document: str) -> None:
    text = without_artefacts(texts()[document])
    assert bare("".join(one.text for one in parsed(document).clauses)) == text


@pytest.mark.parametrize("document", IDS)
def test_the_same_text_gets_the_same_ids(document: str) -> None:
    assert ids(parse_text(texts()[document], document)) == ids(parsed(document))


@pytest.mark.parametrize("document", IDS)
def test_an_edit_changes_no_id(document: str) -> None:
    text, before = texts()[document], parsed(document)
    places = [position for position in range(len(text)) if text.startswith("支持", position)]
    for position in places[:: max(1, len(places) // 6)]:
        edited = parse_text(f"{text[:position]}大力扶助{text[position + 2 :]}", document)
        assert ids(edited) == ids(before)
        changed = [a.id for a, b in zip(before.clauses, edited.clauses, strict=True) if bare(a.text) != bare(b.text)]
        assert len(changed) == 1


@settings(max_examples=40)
@given(st.data())
def test_rules_1_to_3_on_any_document(data: st.DataObject) -> None:
    text = data.draw(layouts(data.draw(policies())))
    document = parse_text(text)
    assert bare("".join(one.text for one in document.clauses)) == without_artefacts(text)
    assert all(bare(one.text) in without_artefacts(text) for one in document.clauses)
    assert len(set(ids(document))) == len(document.clauses)
    assert parse_text(text) == document
    blanks = sum(len(one.facts.blanks) for one in document.clauses)
    assert blanks == text.count("    户")


@settings(max_examples=40)
@given(st.data())
def test_an_edited_sentence_of_any_document_changes_no_id(data: st.DataObject) -> None:
    policy = data.draw(policies())
    numbers = [number for number, text in enumerate(policy.paragraphs) if text.count("。") > 1]
    if not numbers:
        return
    before = data.draw(plain_layouts(policy))
    paragraph = policy.paragraphs[data.draw(st.sampled_from(numbers))]
    kept, _, _ = paragraph.removesuffix("。").rpartition("。")
    after = before.replace(paragraph, f"{kept}。{data.draw(sentences())}")
    assert ids(parse_text(after)) == ids(parse_text(before))


@settings(max_examples=40)
@given(st.data())
def test_the_layout_changes_nothing(data: st.DataObject) -> None:
    policy = data.draw(policies())
    one, other = (parse_text(data.draw(plain_layouts(policy))) for _ in range(2))
    strip = [[replace(clause, text=bare(clause.text)) for clause in document.clauses] for document in (one, other)]
    assert strip[0] == strip[1]


@settings(max_examples=150)
@given(
    st.text(
        "一二第章条是（）()1２.①附件：\n\t 　年月日05《》〔〕号元%万_X长组局通知，。；-#*\\\u200b",
        min_size=1,
        max_size=150,
    )
)
def test_no_text_breaks_the_way_in(text: str) -> None:
    try:
        document = parse_text(text)
    except UnreadableFile:
        assert not without_artefacts(text)
        return
    assert bare("".join(one.text for one in document.clauses)) == without_artefacts(text)
    assert all(one.kind in ClauseKind for one in document.clauses)
