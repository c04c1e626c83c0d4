"""What a question wants to know, by the words that ask for it: how much, who, until when, which, how, whether."""

from __future__ import annotations

import re

from bot.question import Aspect

# Each aspect with the expressions that ask for it; one is enough.
_EXPRESSIONS: dict[Aspect, tuple[str, ...]] = {
    Aspect.NUMBER: ("文号", "发文字号", "几号文"),  # the document's number
    Aspect.SOURCE: (  # the document above it: 上位依据, 是照着哪个文件来的
        "上位",
        r"(?:依据|照着|根据|按照|落实|细化|贯彻)[^，。？?]{0,12}(?:哪|什么|啥)[^，。？?]{0,6}(?:文|法|条例|规定|意见|通知|办法)",
    ),
    Aspect.ISSUED: (  # its date, or whether it was issued at all
        r"(?:哪天|什么时候|何时|哪年|几号|几月).{0,4}(?:印发|发布|出台|下发|发的)",
        "印发日期|发布日期|落款",
        "正式(?:印发|发布|出台|文件|发)",
        "是不是稿子|只是.{0,3}稿|能不能当依据|在征求意见",
    ),
    Aspect.VALIDITY: (  # whether it still holds, and until when
        r"(?:还|仍|现在|眼下|目前).{0,6}(?:管用|有效|作数|算数|能用|执行|延续|在不在|继续)",
        r"(?:还|仍).{0,3}(?:认|算|行)不",
        "过期|过没过|失效|作废|有效期|到期|为止|执行到|截止",
        r"(?:20\d\d年|[今明去前后]年|现在|如今|眼下|目前)[^，。？?]{0,6}还有(?:没有|[吗不没])",  # 去年还有吗
        r"(?:到|至|减到).{0,4}(?:哪一?[天年日]|什么时候|啥时候|几月|何时)",
        r"(?:拿来|当).{0,4}(?:依据|答复)",
    ),
    Aspect.AMOUNT: (
        "多少|几个?钱|几[万千百块元%成]|多大|多高|标准|额度|上限|限额|金额|比例|费率|税率|打折|几折|便宜|名额|数量|个数|计划数|[两三]个数|目标|指标|几[户家名人]|几个(?!月|工作)",
        "给[不没]?给?钱|[补奖给贷领减免抵出交收](?:我|咱)?(?:好多|几多|几文)",  # dialect for how much
    ),
    Aspect.MONEY: (
        r"(?:钱|款|补|奖|贷|费|税|租|息|资金|出|配)[^？?]{0,12}(?:多少|好多|几多|几个?钱|标准|额度|限额|上限|比例|几[万千百元])",
        r"(?:多少|几)(?:钱|款|元|块|万|补|奖|税|费|息)|给[不没]?给?钱|[补奖免减抵领贷][^，。？?]{0,6}(?:钱|款|元|万|多少)",
        r"(?:[交缴花扣罚赔贴省退返]|便宜|优惠)(?:得|了|掉|我|咱|个)?(?:多少|几多|好多)(?![户家人个次天年月名样种])|几折",
        "补助|补贴|奖补|奖金",
    ),
    Aspect.DEPARTMENT: (
        r"找谁|该问谁|归(?:谁|哪)|谁(?:管|负责|牵头|主管|去|来)|责任(?:单位|部门)|牵头|主管|管这",
        r"哪个(?:部门|单位|局|科|地方管)|哪些(?:部门|单位|局)|哪[几两三]个局|(?:什么|啥)(?:部门|单位)",
        r"负责的?[^，。？?]{0,8}(?:哪|谁)|哪家(?:银行|单位|公司|机构)",
    ),
    Aspect.TERM: (
        r"多久|多长|几(?:[天年日周]|个月|个工作日|个礼拜|个星期)|什么时候|啥时候|何时|哪天|哪年|哪一天|几月",
        r"期限|时限|最长|截止|之前完成",
    ),
    Aspect.LIST: (
        "哪些|哪几|都有(?:啥|什么|谁)|有(?:什么|啥)|列(?:一下|出|举)|都(?:报|说|念|讲|写)|逐项|分别|一条一条|都是",
    ),
    Aspect.CONDITION: ("条件|什么样|啥样|哪样|谁能|符合|资格|够格|要求|门槛|标准",),
    Aspect.PROCEDURE: (
        "怎么(?:办|弄|申|报|领|走|去)|咋(?:办|弄|整|申|领)|如何|流程|手续|步骤|材料|去哪|上哪|在哪|哪里|窗口",
    ),
    Aspect.YES_NO: (
        r"吗|不[？?]?$|没[？?]?$|没有[？?]?$|能不能|是不是|有没有|可不可以|行不行|给不给|要不要|会不会|算不算|管不管",
    ),
}
_PATTERNS = {aspect: re.compile("|".join(expressions)) for aspect, expressions in _EXPRESSIONS.items()}


def read_aspects(text: str) -> frozenset[Aspect]:
    """Everything that a question wants to know."""
    return frozenset(aspect for aspect, pattern in _PATTERNS.items() if pattern.search(text))
