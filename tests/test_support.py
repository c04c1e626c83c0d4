"""Honest paraphrases pass, what was made up and what turns a clause round does not; the threshold lies between."""

from __future__ import annotations

import pytest

from bot.support import flips, support
from ingest.sentences import split_sentences
from ingest.settings import Settings
from tests.corpus_fixture import Corpus

GRANT = (
    "对首次“个转企”稳定经营2年以上、无不良信用记录的企业给予一次性10万元补助，补助资金从设立的支持小微企业、个体工商户发展专项资金中"
    "列支。（责任单位：旗财政局）"
)
TURN = (
    "转型升级为企业的个体工商户，允许依法保留原字号、行业特征。支持除名称、统一社会信用代码外其他许可证关键信息未发生变更的“个转企”企业"
    "沿用原个体工商户在有效期内的后置许可，相关许可部门应在7个工作日内办理许可证变更手续。个体工商户拥有的专利权、商标权、荣誉称号等"
    "权益可转移至“个转企”企业名下。"
)
LANXIAN = "对成功转型升级为公司的，免除刻章费用，补助设立财务账户费用1200元，及一次性3000元奖励。"
LOAN = (
    "对符合条件的个体工商户发放创业担保贷款，个人最高贷款额度20万元，贷款期限不超过3年。对已享受财政贴息的，不再重复给予贴息。"
    "逾期的不予贴息。"
)
PAUSE = (
    "个体工商户可以自主决定在一定时期内歇业，歇业期限最长不得超过3年。歇业期间以法律文书送达地址代替经营场所的，不得收取任何费用。"
    "登记机关不收取登记费。"
)
MARKET = (
    "在早市、夜市经营的摊主，应当在每日收摊后清理垃圾。对摊位费按照5%的比例给予优惠，优惠期限1年。未按时缴纳摊位费的，取消优惠。"
    "禁止占用消防通道摆摊。"
)
ASKED = "把店变成公司，给钱不？歇业多久，贷款贷多少，摆摊怎么收费？"

HONEST = [
    (GRANT, "首次转成企业、稳定经营满2年、没有不良信用记录的，可以一次性补助10万元。[1]"),
    (GRANT, "这笔钱从支持小微企业、个体工商户发展的专项资金里出。[1]"),
    (GRANT, "要拿这10万元，得是首次“个转企”，稳定经营2年以上，而且没有不良信用记录。[1]"),
    (TURN, "转成企业以后，可以保留原来的字号和行业特征。[1]"),
    (TURN, "许可证变更由许可部门在7个工作日内办完。[1]"),
    (TURN, "您原来的专利权、商标权和荣誉称号可以转到新企业名下。[1]"),
    (TURN, "除名称和统一社会信用代码外，许可证其他关键信息没变的，可以沿用原来在有效期内的后置许可。[1]"),
    (TURN, "征求意见稿拟规定，转成企业的可以保留原字号。[1]"),
    (LANXIAN, "成功转为公司的，免掉刻章费，补助设立财务账户的费用1200元，再一次性奖励3000元。[1]"),
    (LOAN, "个人创业担保贷款最高能贷20万元，最长3年。[1]"),
    (LOAN, "已经享受过财政贴息的，不会重复给。[1]"),
    (LOAN, "逾期了就不给贴息。[1]"),
    (PAUSE, "歇业多久由您自己决定，但最长不得超过3年。[1]"),
    (PAUSE, "歇业期间用法律文书送达地址代替经营场所，不用交任何费用。[1]"),
    (PAUSE, "办登记不收登记费。[1]"),
    (MARKET, "早市、夜市的摊主，摊位费优惠5%，优惠1年。[1]"),
    (MARKET, "没有按时交摊位费的，会取消优惠。[1]"),
    (MARKET, "不能占用消防通道摆摊。[1]"),
    (MARKET, "每天收摊以后要清理垃圾。[1]"),
]
MADE_UP = [
    (GRANT, "可直接到银行领取。[1]"),
    (GRANT, "首次个转企的企业给予一次性10万元补助，可直接到银行领取。[1]"),
    (GRANT, "补助会在一周内打到您的账户。[1]"),
    (GRANT, "请携带身份证和营业执照到政务大厅窗口申请。[1]"),
    (GRANT, "只要雇佣残疾人就可以拿10万元补助。[1]"),
    (GRANT, "稳定经营2年以上的企业补助10万元，还免征三年所得税。[1]"),
    (TURN, "转企后原来的债务可以全部免除。[1]"),
    (TURN, "许可证变更要交工本费。[1]"),
    (TURN, "您可以网上提交材料，审批当天就能拿到证照。[1]"),
    (LANXIAN, "转为公司后三年内房租减半。[1]"),
    (LOAN, "大学生贷款无需担保人签字。[1]"),
    (LOAN, "贷款审批通过率很高，基本都能批。[1]"),
    (PAUSE, "歇业期间员工社保由政府代缴。[1]"),
    (PAUSE, "歇业期间可以照常营业开发票。[1]"),
    (MARKET, "摊主可以免费使用水电。[1]"),
    (MARKET, "夜市由街道办统一安排车位。[1]"),
    (MARKET, "摊位费优惠1年，期满自动续签。[1]"),
]
TURNED_ROUND = [
    (GRANT, "有不良信用记录的企业给予10万元补助。[1]"),
    (GRANT, "首次个转企的企业不给予一次性10万元补助。[1]"),
    (TURN, "关键信息发生变更的企业可以沿用后置许可。[1]"),
    (TURN, "不允许保留原字号、行业特征。[1]"),
    (TURN, "专利权不可转移至企业名下。[1]"),
    (LANXIAN, "转成公司的，收取刻章费用。[1]"),
    (LOAN, "逾期的也给贴息。[1]"),
    (LOAN, "已享受财政贴息的，重复给予贴息。[1]"),
    (LOAN, "对不符合条件的个体工商户发放创业担保贷款。[1]"),
    (PAUSE, "登记机关收取登记费。[1]"),
    (PAUSE, "歇业期间可以收取费用。[1]"),
    (MARKET, "可以占用消防通道摆摊。[1]"),
    (MARKET, "按时缴纳摊位费的，取消优惠。[1]"),
    (MARKET, "对摊位费不给予优惠。[1]"),
]
THRESHOLD = Settings().support_threshold


@pytest.mark.parametrize(("source", "sentence"), HONEST)
def test_an_honest_paraphrase_passes(source: str, sentence: str) -> None:
    assert support(sentence, [source], ASKED) >= THRESHOLD
    assert not flips(sentence, [source])


@pytest.mark.parametrize(("source", "sentence"), MADE_UP)
def test_what_was_made_up_has_no_support(source: str, sentence: str) -> None:
    assert support(sentence, [source], ASKED) < THRESHOLD


@pytest.mark.parametrize(("source", "sentence"), TURNED_ROUND)
def test_a_negation_dropped_or_added_is_seen(source: str, sentence: str) -> None:
    assert flips(sentence, [source])


def test_every_sentence_of_the_corpus_says_what_its_clause_says(corpus: Corpus) -> None:
    for document in corpus.huiwen.documents():
        for clause in corpus.huiwen.clauses(document.id):
            for sentence in split_sentences(clause.text):
                assert support(sentence.text, [clause.text], "") == 1, sentence.text
                assert not flips(sentence.text, [clause.text]), sentence.text


def test_another_source_may_support_half_of_a_sentence() -> None:
    sentence = "转成企业可以保留原字号，刻章费用也免除。[1][2]"
    assert support(sentence, [TURN], "") < THRESHOLD <= support(sentence, [TURN, LANXIAN], "")


@pytest.mark.parametrize("question", ["能直接到银行领取吗", "雇佣残疾人能拿10万元吗", "电费能减半吗"])
def test_yes_to_whatever_is_asked_has_no_support(question: str) -> None:
    said = question.rstrip("吗") + "。[1]"
    assert support(said, [GRANT], question) < THRESHOLD


def test_a_sentence_without_telling_words_needs_no_support() -> None:
    assert support("可以。[1]", [GRANT], "") == 1
    assert support("", [], "") == 1
    assert not flips("", [])
