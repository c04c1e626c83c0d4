"""What documents of a corpus do to each other, and which say nearly the same."""

from __future__ import annotations

from datetime import date

import pytest

from ingest.corpus import FileReport
from ingest.effects import link_documents, names_of
from ingest.model import Document, Effect, EffectKind
from ingest.parse import ParsedDocument
from ingest.relations import relate
from tests.fakes_ingest import parse_text

OLD = "岚县登记办法\n（2015年3月1日岚县人民政府公布）\n第一条 为了登记。\n第二条 收费50元。"
NEW = "岚县个体工商户登记办法\n（2021年7月27日岚县人民政府公布）\n第一条 为了登记。\n第二条 不收费。\n第三条 {end}"


def new(end: str) -> str:
    return NEW.format(end=end)


def linked(**texts: str) -> dict[str, Document]:
    """Documents by their ids, with what they do to each other."""
    return {one.document.id: one.document for one in link_documents(parsed(texts))}


def parsed(texts: dict[str, str]) -> list[ParsedDocument]:
    return [parse_text(text, name) for name, text in texts.items()]


def kinds(document: Document) -> dict[EffectKind, str]:
    return {effect.kind: effect.document_id for effect in document.effects}


def test_a_repeal_is_told_by_both_where_it_stands() -> None:
    end = "本办法自2021年9月1日起施行。《岚县登记办法》同时废止。"
    found = linked(old=OLD, new=new(end))
    words = ("new#第三条", "《岚县登记办法》同时废止。")
    day = date(2021, 9, 1)
    assert found["new"].effects == (Effect(EffectKind.REPEALS, "old", "岚县登记办法", day, *words),)
    assert found["old"].effects == (Effect(EffectKind.REPEALED_BY, "new", "岚县个体工商户登记办法", day, *words),)


@pytest.mark.parametrize(
    "end",
    [
        "本办法自2021年9月1日起施行，《岚县登记办法》同时废止。",
        "本办法自2021年9月1日起施行。2015年3月1日发布的《岚县登记办法》废止。",
        "原《岚县登记办法》和《某县其他办法》一并废止。",
        "《关于印发〈岚县登记办法〉的通知》同时废止。",
        "自本办法施行之日起，《岚县登记办法》停止执行。",
        "现决定废止《岚县登记办法》。",
        "经研究，决定废止以下文件：《某县其他办法》；《岚县登记办法》。",
        "经研究，决定废止下列文件：1.《某县其他办法》；2.《岚县登记办法》（岚政发〔2015〕3号）。",
    ],
)
def test_ways_to_end_a_document(end: str) -> None:
    assert kinds(linked(old=OLD, new=new(end))["old"]) == {EffectKind.REPEALED_BY: "new"}


@pytest.mark.parametrize(
    "end",
    [
        "根据《岚县登记办法》登记的，证照同时废止。",
        "《岚县登记办法》废止前登记的，继续有效。",
        "《岚县登记办法》的修改或者废止，由县政府决定。",
        "本办法与《岚县登记办法》不一致的，以本办法为准。",
        "《岚县登记办法实施细则》同时废止。",
        "旧证同时废止；依照《岚县登记办法》换证。",
    ],
)
def test_what_ends_no_document(end: str) -> None:
    assert linked(old=OLD, new=new(end))["old"].effects == ()


DECISION = "岚县人民政府关于清理文件的决定\n岚县人民政府令第9号\n{}\n岚县人民政府\n2023年11月10日"


@pytest.mark.parametrize(
    "text",
    [
        "一、废止下列文件：\n1.《某县其他办法》\n2.《岚县登记办法》\n二、本决定自公布之日起施行。",
        "一、对下列文件予以废止：\n（一）《岚县登记办法》。",
        "一、附件所列文件予以废止。\n附件1\n废止的文件目录\n序号\t名称\t文号\n1\t岚县登记办法\t岚政发〔2015〕3号",
    ],
)
def test_a_list_of_what_is_over_ends_each_entry(text: str) -> None:
    assert kinds(linked(old=OLD, new=DECISION.format(text))["old"]) == {EffectKind.REPEALED_BY: "new"}


@pytest.mark.parametrize(
    "text",
    [
        "一、废止下列文件：\n1.《某县其他办法》\n二、继续有效的文件：\n1.《岚县登记办法》",
        "一、修改下列文件：\n1.《岚县登记办法》\n二、废止《某县其他办法》。",
        "一、废止下列文件的部分条款：\n1.《岚县登记办法》第二条",
        "一、有下列情形之一的，登记证废止：\n1.不符合《岚县登记办法》的；\n2.其他情形。",
    ],
)
def test_a_list_of_what_goes_on_ends_no_entry(text: str) -> None:
    assert linked(old=OLD, new=DECISION.format(text))["old"].effects == ()


def test_a_number_decides_between_documents_of_one_title() -> None:
    head = "岚县人民政府办公室关于做好登记的通知\n岚政办发〔{}〕5号\n一、收费{}元。\n岚县人民政府办公室\n{}年3月1日"
    found = linked(
        a=head.format(2015, 50, 2015),
        b=head.format(2016, 60, 2016),
        new=new("《岚县人民政府办公室关于做好登记的通知》（岚政办发〔2015〕5号）同时废止。"),
    )
    assert kinds(found["a"]) == {EffectKind.SUPERSEDED_BY: "b", EffectKind.REPEALED_BY: "new"}
    assert kinds(found["b"]) == {EffectKind.SUPERSEDES: "a"}


def test_no_place_ends_the_document_of_another() -> None:
    end = "《登记办法》同时废止。"
    old = OLD.replace("岚县登记办法", "登记办法").replace("岚县人民政府公布", "磴口县人民政府令第1号公布")
    assert linked(old=old, new=new(end))["old"].effects == ()


def test_a_draft_ends_nothing() -> None:
    text = new("《岚县登记办法》同时废止。").replace("登记办法\n（", "登记办法（征求意见稿）\n（", 1)
    assert linked(old=OLD, new=text)["old"].effects == ()


LAW = "岚县登记条例\n（{note}）\n第一条 为了登记。\n第二条 收费{fee}元。\n第三条 本条例自2010年1月1日起施行。"


def test_a_newer_version_takes_the_place_of_an_older_one() -> None:
    passed = "2009年12月1日岚县人民代表大会常务委员会通过"
    revised = f"{passed}　根据2018年5月1日《关于修改的决定》第一次修正"
    again = f"{revised}　2023年6月1日修订　自2023年8月1日起施行"
    first, second, third = (LAW.format(note=note, fee=fee) for fee, note in enumerate([passed, revised, again]))
    found = linked(third=third, first=first, second=second)
    assert kinds(found["first"]) == {EffectKind.SUPERSEDED_BY: "second"}
    assert kinds(found["second"]) == {EffectKind.SUPERSEDES: "first", EffectKind.SUPERSEDED_BY: "third"}
    (effect,) = found["first"].effects
    assert (effect.day, effect.clause_id) == (date(2018, 5, 1), "second#题注")
    assert "第一次修正" in effect.text


def test_copies_and_other_places_are_no_versions() -> None:
    note = "2009年12月1日岚县人民代表大会常务委员会通过"
    one, other = LAW.format(note=note, fee=1), LAW.format(note=note.replace("岚县", "磴口县"), fee=2)
    assert all(not document.effects for document in linked(a=one, b=one, c=other.replace("岚县登记", "登记")).values())


def test_what_a_document_is_called() -> None:
    assert "登记条例" in names_of("中华人民共和国登记条例（2021年修订）")
    assert names_of("岚县登记办法（试行）") == names_of("岚县登记办法")


def test_documents_that_say_nearly_the_same_are_told_apart_from_versions() -> None:
    body = "".join(
        f"\n第{n}条 {'企业申请第' + str(n) + '项补助应当提交材料并经部门审核后公示。' * 3}" for n in range(1, 9)
    )
    text = f"岚县补助办法{body}"
    texts = {"a": text, "b": text.replace("第8项", "第九项"), "c": "磴口县其他办法\n第一条 甲。"}
    reports = [FileReport(f"{name}.txt", parse_text(one, name)) for name, one in texts.items()]
    warnings = [one.parsed.document.warnings for one in relate(reports) if one.parsed]
    told = [[warning for warning in found if warning.startswith("near-duplicate")] for found in warnings]
    assert [len(found) for found in told] == [1, 1, 0]
    assert told[0][0].endswith("of its text is that of b.txt; remove one of them")


def test_either_number_of_joint_issuers_ends_their_document() -> None:
    old = "岚县财政局 岚县税务局\n关于减税的通知\n岚财〔2020〕1号　岚税〔2020〕2号\n一、减税。\n2020年1月1日\n"
    end = "岚县财政局关于清理文件的通知\n一、岚税〔2020〕2号同时废止。\n岚县财政局\n2024年1月1日\n"
    assert EffectKind.REPEALED_BY in kinds(linked(old=old, end=end)["old"])
