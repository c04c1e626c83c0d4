"""What a text says under its disguise: odd letters, marks between them, codes, letters changed by rule."""

from __future__ import annotations

import base64
import binascii
import codecs
import html
import re
import unicodedata
from collections.abc import Callable, Iterator
from urllib.parse import unquote

_INVISIBLE = re.compile(
    r"[\u00ad\u0300-\u036f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    r"\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e007f]"
)
_PADDING = re.compile(r"[^\w\s,。?!;:\"'“”‘’「」<>%@$&]|_")  # put between letters to hide a word: 忽-略-规-则
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")
_CODE = re.compile(r"(?=[A-Za-z_-]*[0-9+/])[A-Za-z0-9+/_-]{20,}={0,2}")
_HEX = re.compile(r"(?:(?:\\x|0x)?[0-9a-fA-F]{2}[\s,;:]?){8,}")
_DECIMAL = re.compile(r"(?<!\d)(?:\d{2,3}[\s,;]+){7,}\d{2,3}(?!\d)")  # 105 103 110 …
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_LATIN = re.compile(r"[a-z]")
_LEET = str.maketrans("0134578@$!", "oieastbasi")
_LEET_WORD = re.compile(r"[a-z]+[0134578@$!]+[a-z]|[0134578@$!][a-z]+[0134578@$!]")
_FEW_LETTERS = 8  # Latin letters below which a text is no sentence in a cipher
# Letters of other scripts that look like Latin ones, and the traditional characters of the words that attacks use.
_LIKE_LATIN = str.maketrans("асеорхуіјѕԁһԛԝαεοιρντκυ", "aceopxyijsdhqwaeoipvtku")
_SIMPLIFIED = str.maketrans(
    "規則設詞統說編騙貼補貸開發輸無視過濾內後隱級訴複還員長審號離問題覆從現給權準證張報戶賬執書關閉動單銀頭條處應許轉換數據為請讓嗎們時對"
    "與個來沒會這裡聽話機構偽領錢麼樣財稅務營業買賣調試測專護資訊檔讀寫輯碼鑰儲節點網絡誰縣鎮鄉辦廳門妳箇瞭証齣髮幫槼郃閤別彆迴侷跼傢幾炤"
    "電衕萬罰係繫麵記琯筦儅噹復當標製衖兩費檢舉拏挐經導註簽籤進闆裝錄錶檯臺颱讅講額纔媮實認貨學東計評衹隻虛銷覈備違傚幹榦糢錯體驗創諾冊剛"
    "該賠產偺喒線獎擔範結師監續見紅縯責項唸變夠絕葯藥旂減繙訓須鬚庫脩車債帶約阯兒刪區穩傳優殘聯隨勵蘤語適場寘掛擬攤氣滿種義蓋廢確親間煙牠"
    "謝議負邊顧勞喫圖顯價劃壞揹黨倣徬決環質達風髣崗職訪劇況組識丟國搆繞論韆響馬佈嚇朮禮舊術詐譯並併嚮捄擺曏細維飯協牴眾觝詢談賄連鄰釦媽軟"
    "隊險倆僱凈圍廣斷歸洩淨紹練遊順伕參掃晻繳葠軍闇館餬噁廠惡慼憑懞搶擊毉湊濛異矇稱緊繼舖踰醫鋪鏚頁預塊壓嬭戲撥沖紀翫腳臉衝辭遞鎖驟亂兌殼"
    "煩狀盜納脫臨農運釋鏈厤態曆欄歷聲腦覺賴選難凍損擾競筆織罵虧謠願鬧偪償婦獲穫紙誌誤趕鍋頂養駕鬆黃佔傷啟屬憐暫棄槍汙漲潤熱牆瞞積綠緻總習"
    "衛貧賭載輪迻鬨倉唄圓團將徑槃樓歲爭爺盤糰缾耑聰脅課購跡蹟遠雞頻魚齊儘匯園埰孃寀幣彙捨採揮攔昇濟災獄畝畢盡簡籥緩菑詳豬賸賽辯遺鈅阬陞際"
    "霤",
    "规则设词统说编骗贴补贷开发输无视过滤内后隐级诉复还员长审号离问题覆从现给权准证张报户账执书关闭动单银头条处应许转换数据为请让吗们时对"
    "与个来没会这里听话机构伪领钱么样财税务营业买卖调试测专护资讯档读写辑码钥储节点网络谁县镇乡办厅门你个了证出发帮规合合别别回局局家几照"
    "电同万罚系系面记管管当当复当标制弄两费检举拿拿经导注签签进板装录表台台台审讲额才偷实认货学东计评只只虚销核备违效干干模错体验创诺册刚"
    "该赔产咱咱线奖担范结师监续见红演责项念变够绝药药旗减翻训须须库修车债带约址儿删区稳传优残联随励花语适场置挂拟摊气满种义盖废确亲间烟它"
    "谢议负边顾劳吃图显价划坏背党仿仿决环质达风仿岗职访剧况组识丢国构绕论千响马布吓术礼旧术诈译并并向救摆向细维饭协抵众抵询谈贿连邻扣妈软"
    "队险俩雇净围广断归泄净绍练游顺夫参扫暗缴参军暗馆糊恶厂恶戚凭蒙抢击医凑蒙异蒙称紧继铺逾医铺戚页预块压奶戏拨冲纪玩脚脸冲辞递锁骤乱兑壳"
    "烦状盗纳脱临农运释链历态历栏历声脑觉赖选难冻损扰竞笔织骂亏谣愿闹逼偿妇获获纸志误赶锅顶养驾松黄占伤启属怜暂弃枪污涨润热墙瞒积绿致总习"
    "卫贫赌载轮移哄仓呗圆团将径盘楼岁争爷盘团瓶端聪胁课购迹迹远鸡频鱼齐尽汇园采娘采币汇舍采挥拦升济灾狱亩毕尽简钥缓灾详猪剩赛辩遗钥坑升际"
    "溜",
)


def strip_invisible(text: str) -> str:
    """A text without the characters that nobody sees."""
    return _INVISIBLE.sub("", text)


def fold(text: str) -> str:
    """A text in plain letters: half width, lower case, simplified, Latin where it looks so, without white space."""
    plain = unicodedata.normalize("NFKC", strip_invisible(text)).lower()
    return re.sub(r"\s+", "", plain).translate(_LIKE_LATIN).translate(_SIMPLIFIED)


def read_openly(text: str) -> Iterator[str]:
    """A text and what is encoded in it, folded."""
    yield from dict.fromkeys(map(fold, (text, *_decoded(text))))


def drop_codes(text: str) -> str:
    """A text without long numbers, addresses and codes: what is readable in them is read by itself."""
    return _CODE.sub("", text)


def unpad(folded: str) -> str:
    """A folded text without the marks that may be put between its letters."""
    return _PADDING.sub("", folded)


def is_spelt_apart(folded: str) -> bool:
    """Whether so many marks stand between the letters, one to three or more, that the text without them was meant."""
    return 4 * len(unpad(folded)) < 3 * len(folded)


def read_twisted(folded: str) -> Iterator[str]:
    """What a folded text says backwards, with figures for letters, and by the cipher that turns the alphabet by 13."""
    yield folded[::-1]
    if len(_LATIN.findall(folded)) >= _FEW_LETTERS:
        yield codecs.encode(folded, "rot13")
    if _LEET_WORD.search(folded):
        yield folded.translate(_LEET)


def _decoded(text: str) -> Iterator[str]:
    """What stands in a code inside a text, where it decodes to readable text."""
    yield from filter(None, (_readable(_from_base64, match.group()) for match in _BASE64.finditer(text)))
    yield from filter(None, (_readable(_from_hex, match.group()) for match in _HEX.finditer(text)))
    yield from filter(None, (_readable(_from_decimal, match.group()) for match in _DECIMAL.finditer(text)))
    if "%" in text or "\\u" in text or "&" in text:
        yield _ESCAPE.sub(lambda match: chr(int(match.group(1), 16)), html.unescape(unquote(text)))


def _readable(decode: Callable[[str], bytes], token: str) -> str | None:
    try:
        readable = decode(token).decode("utf-8")
    except (binascii.Error, ValueError):
        return None
    return readable if readable.isprintable() else None


def _from_base64(token: str) -> bytes:
    bare = token.rstrip("=").replace("-", "+").replace("_", "/")
    return base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)


def _from_hex(token: str) -> bytes:
    return bytes.fromhex(re.sub(r"\\x|0x|[\s,;:]", "", token))


def _from_decimal(token: str) -> bytes:
    return bytes(int(number) for number in re.findall(r"\d+", token))
