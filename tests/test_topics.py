"""The lexicon: its schema's errors, what it makes of clauses and of everyday questions, and how much it holds."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.encoder import Encoder, load_encoder
from ingest.errors import LexiconError
from ingest.settings import Settings
from ingest.term_index import normalize
from ingest.topic_vectors import TopicVectors
from ingest.topics import Lexicon, Topic

FOLDER = Path(__file__).resolve().parent.parent / "corpus" / "topics"

LEAVE = """\
- topic: 歇业
  official: [歇业备案, 恢复营业, 歇业期限]
  colloquial: [店先关几个月, 淡季不开门]
  near: [注销登记]
"""
CLOSE = """\
- topic: 注销登记
  official: [注销登记, 简易注销, 清税证明]
  colloquial: [不干了执照怎么退]
"""

# Everyday sentences that stand in no file of the lexicon, with the topics that each may be about.
EVERYDAY = [
    ("我那个小超市想改成有限公司，政府奖不奖钱", {"个转企"}),
    ("身份证被朋友借去，现在名下冒出一家公司", {"冒名登记与撤销"}),
    ("俺想把面馆过户给我儿子，照怎么弄", {"变更经营者"}),
    ("天冷没游客，客栈想停业到开春，咋跟工商说一声", {"歇业"}),
    ("铺子不开了，那张营业执照咋给销掉", {"注销登记"}),
    ("每年要在网上填的那个年报，我忘了弄，会罚钱吗", {"年报"}),
    ("搬家没改地址，被拉进异常名单了，怎么移出来", {"经营异常与异常标记"}),
    ("我住的楼房能当经营地址办照吗", {"住所经营场所登记"}),
    ("想在门口卖香烟，烟证去哪申请", {"烟草专卖零售许可"}),
    ("开个小饭馆卫生方面要办哪个许可证", {"食品经营许可与备案", "公共场所卫生许可", "一件事一次办"}),
    ("一个月流水七八万，增值税交不交", {"增值税免税与征收率优惠"}),
    ("税务给我核的定额太高，能降点不", {"定期定额与核定征收"}),
    ("顾客吃完饭非要发票，我不会开咋整", {"发票开具"}),
    ("淘宝上的收入平台都报给税务了，要补税吗", {"平台经营者与主播报税"}),
    ("人社局那种给开店人的贴息贷款，我能贷几个钱", {"创业担保贷款", "贷款贴息"}),
    ("银行贷款月底到期，想不还本金接着用", {"续贷与还贷接续", "贷款延期还本付息"}),
    ("没房子抵押，凭信用能从银行借点周转吗", {"信用贷款与首贷"}),
    ("县医院食堂欠我三年菜钱要不回来", {"拖欠账款清理"}),
    ("雇了两个刚毕业的学生，政府有没有奖励", {"吸纳就业与扩岗补贴", "高校毕业生创业扶持", "就业见习与学徒"}),
    ("五十岁下岗，社保太贵，能不能补贴一部分", {"社保补贴", "就业困难人员与失业人员帮扶"}),
    ("送外卖摔断腿，没人管，算不算工伤", {"工伤保险与职业伤害保障", "网约配送员等新就业群体"}),
    ("当过几年兵，回来想盘个店，有什么照顾", {"退役军人创业就业扶持", "退役士兵军属税收优惠"}),
    ("我是聋哑人，开个洗车店残联给补助不", {"残疾人创业就业"}),
    ("店里长期招不到服务员，政府能帮忙招人吗", {"公共招聘服务"}),
    ("老板拖着三个月工资不发找哪儿告", {"工资拖欠与农民工工资", "劳动合同与用工规范", "劳动争议仲裁"}),
    ("租的是街道办的房子，房租能免几个月", {"国有房屋租金减免"}),
    ("房东电费一度收我一块六，比供电局贵一倍", {"转供电加价治理"}),
    ("晚上想在广场边上支个小摊卖饰品，让不让", {"摆摊与占道经营管理", "夜间经济", "城管执法"}),
    ("门脸房要拆迁，装修费和停业损失谁赔", {"征收拆迁与补偿"}),
    ("换个新招牌是不是还得城管批", {"门头招牌与户外广告"}),
    ("营业额快到标准了，上规入统给多少奖金", {"小升规"}),
    ("我们厂做的零件全国没几家，能评小巨人吗", {"专精特新"}),
    ("注册的品牌被别人抢先注册商标了", {"商标注册服务", "知识产权保护与维权"}),
    ("自己琢磨出来的工具怎么申请专利", {"专利申请服务"}),
    ("电子秤多久要送去检定一回", {"计量检定"}),
    ("罚款交完了，网上处罚记录还在，咋撤", {"信用修复"}),
    ("头一次犯小错，市场局能不能不罚", {"包容审慎监管与首违不罚"}),
    ("三天两头来检查，生意都做不成了", {"双随机一公开监管", "规范涉企行政检查"}),
    ("专门买过期零食来索赔的人怎么对付", {"职业索赔与恶意举报治理"}),
    ("理发店充的卡老板跑了，我接手的店认不认", {"预付卡管理"}),
    ("想学拍视频直播卖货，哪里有免费的课", {"数字技能与电商培训", "电商与直播带货", "职业技能培训"}),
    ("外卖平台抽得太狠，一单剩不下几块", {"平台佣金抽成"}),
    ("我家店卖冰箱，怎么参加国家的以旧换新", {"以旧换新"}),
    ("街上冷冷清清，政府发不发消费券拉拉人气", {"促消费活动与消费券"}),
    ("想把货卖到国外，出口手续从哪开始", {"外贸与跨境电商", "通关与进出口便利"}),
    ("养了两百只羊，国家给补贴吗", {"畜禽养殖", "现代农业与产业链", "禁牧与草原生态"}),
    ("几户人家合伙种苹果，怎么注册合作社", {"家庭农场与农民合作社"}),
    ("老家院子想弄成民宿，要办哪些证", {"民宿与住宿业", "宅基地与闲置农房利用"}),
    ("跑大车过路费太贵，能不能打折", {"道路货运保障"}),
    ("楼上嫌我炒菜油烟大，天天投诉", {"餐饮油烟与市容环境", "露天烧烤与油烟占道"}),
    ("消防说我店里没有第二个出口不让开", {"消防安全"}),
    ("办个小加工厂还要做环评吗，花多少钱", {"环评与排污管理"}),
    ("小区里想开个托两岁娃娃的班", {"托育服务"}),
    ("开药房执业药师请不起怎么办", {"药店与药品经营"}),
    ("请不起律师，政府有免费打官司的吗", {"法律援助"}),
    ("店里有三个党员，能不能成立支部", {"小个专党建引领"}),
    ("干部说话不算数，招商时答应的房租减免没了", {"政务诚信与承诺兑现", "亲清政商与营商环境"}),
    ("想在房顶装光伏板卖电，补多少", {"分布式光伏与新能源发电"}),
    ("村里建个冷库放果子，有没有补助", {"冷链物流与冷库"}),
    ("停车场里装几个充电桩要跑什么手续", {"充电设施建设经营"}),
]

OFF_TOPIC = [
    "世界杯谁夺冠",
    "手机换屏幕",
    "今天天气怎么样",
    "你好",
    "猫为什么怕水",
    "红楼梦谁写的",
    "减肥吃什么好",
    "月亮离地球多远",
    "失眠怎么调理",
    "周末去哪里玩比较好",
    "怎么背单词",
    "太阳系几大行星",
    "打呼噜怎么治",
    "什么星座最配天蝎座",
    "怎么做番茄炒蛋",
    "哈哈哈哈",
    "asdfgh",
    "123456",
    "写一篇关于春天的作文",
    "量子力学是什么",
    "王者荣耀哪个英雄厉害",
    "我心情不好",
    "诸葛亮怎么死的",
    "感冒了喝什么",
]


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon.load(FOLDER)


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder(Settings().encoder)


@pytest.fixture(scope="module")
def vectors(tmp_path_factory: pytest.TempPathFactory, lexicon: Lexicon, encoder: Encoder) -> TopicVectors:
    return TopicVectors.create(tmp_path_factory.mktemp("topics") / "topics.npy", lexicon, encoder)


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def fail(folder: Path) -> str:
    with pytest.raises(LexiconError) as caught:
        Lexicon.load(folder)
    return str(caught.value)


def test_load_reads_every_file(tmp_path: Path) -> None:
    topics = Lexicon.load(write(tmp_path, b=CLOSE, a=LEAVE)).topics
    assert [topic.name for topic in topics] == ["歇业", "注销登记"]
    assert topics[0].near == ("注销登记",)
    assert topics[0].colloquial == ("店先关几个月", "淡季不开门")


def test_digest_tells_one_state_from_another(tmp_path: Path) -> None:
    before = Lexicon.load(write(tmp_path, a=LEAVE, b=CLOSE)).digest
    assert Lexicon.load(tmp_path).digest == before
    assert Lexicon.load(write(tmp_path, b=CLOSE.replace("怎么退", "咋退"))).digest != before


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (LEAVE + CLOSE.replace("colloquial", "colloqial"), ("entry 2", "注销登记", "colloqial")),
        (CLOSE.replace(", 清税证明", ""), ("entry 1", "注销登记", "official", "3 items")),
        (CLOSE.replace("[不干了执照怎么退]", "[]"), ("entry 1", "注销登记", "colloquial")),
        (CLOSE.replace("topic: 注销登记", "name: 注销登记"), ("entry 1", "no name", "topic")),
        ("- 注销登记\n", ("entry 1", "no name")),
        ("topic: 注销登记\n", ("not a list", "- topic:")),
        ("- topic: [注销\n", ("not valid YAML", "line")),
        (CLOSE + CLOSE, ("注销登记", "already in")),
        (CLOSE + LEAVE.replace("淡季不开门", "不干了执照怎么退"), ("歇业", "不干了执照怎么退", "注销登记")),
        (LEAVE, ("歇业", "near", "注销登记")),
    ],
)
def test_error_names_file_and_entry(tmp_path: Path, text: str, words: tuple[str, ...]) -> None:
    message = fail(write(tmp_path, mine=text))
    assert "mine.yaml" in message
    assert all(word in message for word in words)


def test_error_names_both_files_of_one_name(tmp_path: Path) -> None:
    message = fail(write(tmp_path, a=CLOSE, b=CLOSE))
    assert "a.yaml" in message
    assert "b.yaml" in message


def test_error_on_folder_without_topics(tmp_path: Path) -> None:
    assert str(tmp_path / "none") in fail(tmp_path / "none")


def test_tag_finds_terms_in_any_width(lexicon: Lexicon) -> None:
    best = lexicon.tag("对首次“个转企”的企业，减按１％征收率征收增值税")
    assert {match.topic.name for match in best} >= {"个转企", "增值税免税与征收率优惠"}


def test_tag_prefers_the_longer_term(lexicon: Lexicon) -> None:
    names = [match.topic.name for match in lexicon.tag("提高创业担保贷款额度，对创业担保贷款给予贴息")]
    assert names[0] == "创业担保贷款"


def test_tag_weighs_shared_terms_less() -> None:
    shared = ("奖补资金", "一次性奖励")
    first = Topic("首店奖励", ("首店经济", *shared), ("开首店给钱吗",), (), ())
    second = Topic("上规奖励", ("升规纳统", *shared), ("上规给钱吗",), (), ())
    matches = Lexicon((first, second)).tag("对升规纳统企业给予一次性奖励")
    assert [match.topic.name for match in matches] == ["上规奖励", "首店奖励"]


def test_tag_finds_nothing_in_what_is_no_policy(lexicon: Lexicon) -> None:
    assert lexicon.tag("春眠不觉晓，处处闻啼鸟") == ()


@settings(max_examples=60)
@given(st.data())
def test_tagged_terms_stand_in_the_text(lexicon: Lexicon, data: st.DataObject) -> None:
    topics = data.draw(st.lists(st.sampled_from(lexicon.topics), min_size=1, max_size=3))
    text = "，".join(data.draw(st.sampled_from(topic.official)) for topic in topics)
    matches = lexicon.tag(text)
    assert matches
    assert all(any(normalize(term) in normalize(text) for term in match.topic.terms) for match in matches)


def test_everyday_sentences_find_their_topics(vectors: TopicVectors, encoder: Encoder, lexicon: Lexicon) -> None:
    known = {phrase for topic in lexicon.topics for phrase in topic.phrases}
    assert not known & {question for question, _ in EVERYDAY}
    missed = [
        question
        for question, wanted in EVERYDAY
        if not wanted & {match.topic.name for match in vectors.search(encoder.embed_query(question), 3)}
    ]
    assert len(missed) <= 0.2 * len(EVERYDAY), missed


def test_other_subjects_are_nearer_to_what_is_no_policy(vectors: TopicVectors, encoder: Encoder) -> None:
    near = [vectors.off_topic(encoder.embed_query(question)) for question, _ in EVERYDAY]
    far = [vectors.off_topic(encoder.embed_query(question)) for question in OFF_TOPIC]
    assert sorted(far)[len(far) // 2] > sorted(near)[len(near) * 9 // 10]


def test_what_is_no_policy_stands_in_no_topic(lexicon: Lexicon) -> None:
    known = {normalize(phrase) for topic in lexicon.topics for phrase in topic.phrases}
    assert lexicon.off_topic
    assert not known & {normalize(phrase) for phrase in lexicon.off_topic}


def test_error_names_the_file_of_what_is_no_policy(tmp_path: Path) -> None:
    folder = tmp_path / "topics"
    folder.mkdir()
    write(folder, a=CLOSE)
    (tmp_path / "out_of_scope.yaml").write_text("- topic: 足球\n", encoding="utf-8")
    assert "out_of_scope.yaml: entry 1 (足球): phrases" in fail(folder)


def test_expected_topics_exist(lexicon: Lexicon) -> None:
    assert {name for _, wanted in EVERYDAY for name in wanted} <= {topic.name for topic in lexicon.topics}


def test_lexicon_is_wide(lexicon: Lexicon) -> None:
    assert len(lexicon.topics) >= 300
    assert not [topic.name for topic in lexicon.topics if len(topic.colloquial) < 30]
    assert not [topic.name for topic in lexicon.topics if len(topic.official) < 5]


def test_no_phrase_stands_twice(lexicon: Lexicon) -> None:
    phrases = [normalize(phrase) for topic in lexicon.topics for phrase in topic.colloquial]
    assert len(phrases) == len(set(phrases))
