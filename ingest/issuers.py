"""Who issues a document: joint issuers one by one, congresses by name, and which of them speak for the country."""

from __future__ import annotations

import re
from collections.abc import Iterator

_END = re.compile(
    r"(?:人民政府办公[室厅]|人民政府|政府|办公[室厅]|委员会|联席会议|指挥部|领导小组|法院|检察院|银行|总行|中心支行|协会"
    r"|局|厅|部|委|院|署|会|办|行|中心|总队|支队|大队|兵团|税务所|管理所)$"
)
_CONGRESS = re.compile(
    r"(?P<place>[\u4e00-\u9fff]{0,14}?)第[零一二三四五六七八九十百]+届(?P<country>全国)?"
    r"(?P<name>人民代表大会(?:常务委员会)?)"
)
_NATION = "中华人民共和国"
# Organs of the state and the ministries by the names that they sign with; 国家税务总局某省税务局 is a province's.
_NATIONAL = re.compile(
    rf"^(?:{_NATION}|中共中央|中央(?:军事|组织|宣传|网络|政法|机构)|国务院|全国人民代表大会|全国人大|全国总工会|全国工商"
    r"|最高人民(?:法院|检察院)|中国(?:人民银行|证监会|银保监会|银监会|保监会|证券监督|银行保险|银行业监督|保险监督|气象局)"
    r"|中国残疾人联合会|国家(?!级)[\u4e00-\u9fff]{2,16}(?:局|委员会|委|总局|办公室|中心)|(?:财政|公安|教育|民政|司法|商务|外交|国防|科技"
    r"|水利|交通|铁道|交通运输|农业|农业农村|工业和信息化|人力资源(?:和)?社会保障|自然资源|国土资源|生态环境|环境保护|住房"
    r"(?:和)?城乡建设|文化|文化和旅游|应急管理|退役军人事务|劳动(?:和社会保障)?|人事|建设|科学技术|信息产业|卫生)部"
    r"|(?:税务|市场监管|市场监督管理|金融监管|金融监督管理|海关|质检|广电|体育|工商|工商行政管理|食品药品监督管理)总[局署]"
    r"|审计署|卫生健康委(?:员会)?|国家卫生健康委|发展改革委|国资委|证监会|银保监会|银监会|人民银行|中央网信办|知识产权局|中医药局|医保局"
    r"|中小企业局|药监局|外汇局|海关总署)"
)
_LOCAL = re.compile(r"(?:[省县区旗州盟]|市(?!场))[^、]*[局委行厅院会]")  # 国家税务总局某省税务局


def split_issuers(text: str) -> list[str]:
    """The issuers that a line or several name, with white space or 、 between them; broken names are put together."""
    issuers: list[str] = []
    begun = ""
    for piece in re.split(r"[\s、，]+", text.strip()):
        begun += piece
        if _END.search(begun):
            issuers += _split_national(begun)
            begun = ""
    return issuers if issuers and not begun else []


def _split_national(name: str) -> Iterator[str]:
    """财政部税务总局: two, where what follows the first ending is national by itself."""
    for end in range(3, len(name) - 2):
        if _END.search(name[:end]) and is_national(name[:end]) and is_national(name[end:]):
            yield name[:end]
            yield from _split_national(name[end:])
            return
    yield name


def join_issuers(issuers: list[str]) -> str | None:
    """Several issuers as one text, each once, without the name of the state before its own organs."""
    names = dict.fromkeys(name.removeprefix(_NATION) or name for name in issuers)
    return "、".join(names) or None


def read_congress(text: str) -> str | None:
    """The congress that passed a law: 北京市第十一届人民代表大会常务委员会 is 北京市人民代表大会常务委员会."""
    match = _CONGRESS.search(text)
    return f"{match['place']}{match['country'] or ''}{match['name']}" if match else None


def is_national(name: str) -> bool:
    """Whether an issuer, or a title that begins with one, speaks for the whole country."""
    return bool(_NATIONAL.match(name)) and not _LOCAL.search(name)
