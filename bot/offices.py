"""The departments that a line names, and whether what it cites names them.

A name counts that ends as only an office's does: 财政局, 发改委, 政务服务中心, 县委宣传部. Words that anybody uses
(机会, 社会, 部门, 银行, 行业协会) are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ingest.seen import as_seen

_HAN = r"[\u4e00-\u9fff]"
_COMMISSIONS = (
    "发改|改革|国资|卫健|健康|网信|金融|经信|住建|农工|编|政法|纪检监|纪|外事|信访|扶贫|文明|管|管理|振兴|招商|双创"
)
_OFFICE = re.compile(
    rf"(?:{_HAN}(?:总局|分局|局|厅|署)(?![限面部势促域内外中里])"
    rf"|(?:{_COMMISSIONS})(?:委员会|委|办公室|办)(?![托派任理事法好件])|{_HAN}(?:办公室|办事处|委员会|联席会议)"
    r"|(?:服务|管理|发展|公积金|融媒体|监测|检测|审批|大数据|政务|就业|创业|人才|交易|调解|保障|援助)中心"
    r"|(?:宣传|组织|统战|武装|社会工作)部|(?:工|农|建|中|交|商业|招商|储蓄|人民|农业|工商|建设|中国|交通|村镇)银行"
    r"|(?<!商业)银行(?:总行|分行|支行)|分行|支行|农信社|信用社|农商行"
    r"|(?:中级|高级|初级)?人民法院|检察院|(?:税务|监管|派出|司法|工商)所|监管组|(?:执法|消防|交警|[支大总中])队"
    r"|妇联|工商联|残联|总工会|供销社|[省市县区旗盟乡镇]协会|个私协会?"
    r"|[省市县区旗州盟乡镇](?:人民)?政府(?!采购|定价|指导|债务|投入|网|性|服务))"
)
# Words that are no part of an office's name: it begins behind them.
_BOUNDARY = re.compile(
    "部门|单位|机关(?!事务)|负责|牵头|配合|联系|咨询|询问|核实|打电话|电话|拨打|致电|具体|材料|申请|窗口|办理|先后|直接|当地|所在地|属地"
    "|主管|[的向由找去到问请让归您你我他它是跟往叫]"
)
_LEADING = re.compile(
    "^(?:可以|可|建议|以及|或者|[和与及或对为在从给就以自来于先再也有经需即等并但则该各其所了把被将])+"
)
_LEVELS = "省市县区旗州盟乡镇"
_KIND = re.compile(f"^(?:[{_LEVELS}]|国家|中国)(?=...)")
# What stands before a name where it begins: 事务局 is no name within 退役军人事务局.
_BEFORE = "局委室心部所府行厅署院队门位和与及或对为在从给就以自来于经需即等并该各其向由找去到问请让归的"
_START = rf"(?:^|(?<=[^\u4e00-\u9fff]|[{_LEVELS}{_BEFORE}]))"


def offices(text: str) -> list[tuple[str, str]]:
    """The offices that a text names: each name as far to the left as it may reach, and all that it runs on from."""
    seen = plain_name(text)
    found, last = [], 0
    for match in _OFFICE.finditer(seen):
        run = re.split(r"[^\u4e00-\u9fff]", seen[last : match.end()])[-1]
        name = _LEADING.sub("", _BOUNDARY.split(run)[-1])
        found.append((name if len(name) >= len(match.group()) else match.group(), run))
        last = match.end()
    return found


def unnamed(text: str, given: str, names: Iterable[str], places: Iterable[str]) -> list[str]:
    """The offices of a text that nothing names.

    Args:
        text: what is told.
        given: the texts that it rests on, as `plain_name` writes them.
        names: the departments that these are known to name, of which short forms count too: 人社局.
        places: names of places that may stand before one: 达拉特旗财政局 is 旗财政局.
    """
    told = offices(text)
    if not told:
        return []
    known, before, flat = [plain_name(name) for name in names], list(places), given.replace("\n", "")
    return [
        name
        for name, run in told
        if not (name != run and run in flat) and not _stands(name, f"{given}\n{flat}", known, before)
    ]


def plain_name(text: str) -> str:
    """A text as names of offices are looked for in it: no white space but new lines, 县政府 for 县人民政府."""
    return re.sub(r"[^\S\n]+", "", as_seen(text)).replace("人民政府", "政府")


def _stands(name: str, given: str, known: Sequence[str], places: Sequence[str]) -> bool:
    forms = {name, *(name[len(place) - (place[-1] in _LEVELS) :] for place in places if name.startswith(place))}
    return any(
        re.search(("" if form[0] in _LEVELS else _START) + re.escape(form), given)
        or any(_is_short(form, one) or (form[0] == one[0] and _is_short(one, form)) for one in known)
        for form in forms
    )


def _is_short(short: str, full: str) -> bool:
    """Whether a name is a short form of another: all its characters, in their order, from the same first one on."""
    levels = short[0], full[0]
    if levels[0] in _LEVELS and levels[0] != levels[1]:
        return False
    short, full = _KIND.sub("", short), _KIND.sub("", full)
    rest = iter(full)
    return len(short) > 2 and short[0] == full[0] and all(character in rest for character in short)
