"""Small stand-ins for the assistant, the corpus and the gazetteer; their documents are invented."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from bot.contract import (
    AskedPlace,
    AskRequest,
    AskResponse,
    Citation,
    DepartmentOut,
    Engine,
    JurisdictionOut,
    NoticeOut,
    SearchResponse,
    SearchResult,
    ValidityOut,
)
from bot.ports import CitationEvent, DeltaEvent, DoneEvent, Event, SearchQuery, StatusEvent
from bot.staff import Cost
from ingest.errors import AmbiguousPlace, UnknownPlace
from ingest.model import Clause, ClauseKind, Department, Document, Facts, LegalStatus, Part, Period, Place, Role

CHEAP: Cost = (2**4, 1, 1)  # of a password's hash: no time, where the real one takes 0.2 s
NATION_CHAIN = "100000"
DALATE = Place(
    "150621", "达拉特旗", ("内蒙古自治区", "鄂尔多斯市", "达拉特旗"), ("150621", "150600", "150000", NATION_CHAIN)
)
ORDOS = Place("150600", "鄂尔多斯市", ("内蒙古自治区", "鄂尔多斯市"), ("150600", "150000", NATION_CHAIN))
JUNGAR = Place(
    "150622", "准格尔旗", ("内蒙古自治区", "鄂尔多斯市", "准格尔旗"), ("150622", "150600", "150000", NATION_CHAIN)
)
CHAOYANG_BEIJING = Place("110105", "朝阳区", ("北京市", "朝阳区"), ("110105", "110000", NATION_CHAIN))
CHAOYANG_CHANGCHUN = Place(
    "220104", "朝阳区", ("吉林省", "长春市", "朝阳区"), ("220104", "220100", "220000", NATION_CHAIN)
)
WUHU = Place("340200", "芜湖市", ("安徽省", "芜湖市"), ("340200", "340000", NATION_CHAIN))
PLACES = (DALATE, ORDOS, JUNGAR, CHAOYANG_BEIJING, CHAOYANG_CHANGCHUN, WUHU)

PLAN = Document(
    id="dalate-2023",
    title="达拉特旗扶持小店成长三年方案（2023-2025年）",
    issuer="达拉特旗人民政府办公室",
    number="达政办发〔2023〕88号",
    issued_on=date(2023, 8, 9),
    status=LegalStatus.ISSUED,
    place=DALATE,
    period=Period("2023-2025年", 12, 22, date(2023, 1, 1), date(2025, 12, 31), (0, 0)),
    attachments=("重点任务分工表",),
)
RULES = Document(
    id="ordos-loans",
    title="鄂尔多斯市创业担保贷款办法",
    issuer="鄂尔多斯市人力资源和社会保障局",
    number=None,
    issued_on=date(2026, 1, 15),
    status=LegalStatus.ISSUED,
    place=ORDOS,
    period=None,
)
DRAFT = Document(
    id="wuhu-draft",
    title="芜湖市歇业备案办法<script>window.stolen = 1</script>（征求意见稿）",
    issuer="芜湖市市场监督管理局",
    number=None,
    issued_on=None,
    status=LegalStatus.DRAFT,
    place=WUHU,
    period=None,
)
DOCUMENTS = (PLAN, RULES, DRAFT)

GRANT = (
    "15.支持个体工商户转为企业。完善“个转企”登记、变更、注销的一件事办理，对转企前的字号、经营年限、荣誉和许可予以延续，"
    "转企过程中办理土地、房屋权属划转的，按规定免收相关费用。"
    "首次“个转企”、稳定经营2年以上、无不良信用记录的企业，给予一次性10万元补助。"
    "同一企业同时符合多项补助条件的，按就高不重复的原则执行，所需资金由旗级财政预算安排。（责任单位：旗财政局、旗市场监督管理局）"
)
GRANT_QUOTE = "首次“个转企”、稳定经营2年以上、无不良信用记录的企业，给予一次性10万元补助。"
TABLE_HEADER = "序号\t任务\t责任单位"
TABLE_ROWS = (
    "1\t新增“个转企”30户以上\t旗市场监督管理局",
    "2\t开展技能培训500人次\t旗人力资源和社会保障局",
    "合计\t2项",
)
TABLE_TEXT = "\n".join(("重点任务分工表", TABLE_HEADER, *TABLE_ROWS, "注：数据截至年底。"))
MARKUP = '第一条 可以申请歇业，<img src="https://elsewhere.example/x.png" onerror="window.stolen = 2">期限不超过___年。'


def _row(key: str, text: str) -> Part:
    start = TABLE_TEXT.index(text)
    return Part(key, "row", text, start, start + len(text), TABLE_HEADER)


def _clause(
    document: Document,
    anchor: str,
    text: str,
    order: int,
    *,
    parent: str | None = None,
    kind: ClauseKind = ClauseKind.CLAUSE,
    path: tuple[str, ...] = (),
    heading: str = "",
    parts: tuple[Part, ...] = (),
    departments: tuple[Department, ...] = (),
) -> Clause:
    return Clause(
        id=f"{document.id}#{anchor}",
        document_id=document.id,
        parent_id=parent and f"{document.id}#{parent}",
        kind=kind,
        section=1,
        labels=tuple(anchor.split("-")),
        path=path,
        text=text,
        order=order,
        heading=heading,
        parts=parts,
        facts=Facts(departments=departments),
        topics=("个转企",) if departments else (),
    )


CLAUSES = (
    _clause(PLAN, "标题", PLAN.title, 0, kind=ClauseKind.TITLE),
    _clause(PLAN, "文号", "达政办发〔2023〕88号", 1, kind=ClauseKind.NUMBER),
    _clause(PLAN, "主送", "旗直各相关单位：", 2, kind=ClauseKind.ADDRESSEE),
    _clause(PLAN, "前言", "为帮助小店成长，\n结合我旗实际，制定本方案。", 3, kind=ClauseKind.PREAMBLE),
    _clause(PLAN, "四", "四、工作举措", 4, kind=ClauseKind.HEADING, path=("四、工作举措",), heading="工作举措"),
    _clause(
        PLAN,
        "四-五",
        "（五）开展“个转企”培育行动",
        5,
        parent="四",
        kind=ClauseKind.HEADING,
        path=("四、工作举措", "（五）开展“个转企”培育行动"),
        heading="开展“个转企”培育行动",
    ),
    _clause(
        PLAN,
        "四-五-15",
        GRANT,
        6,
        parent="四-五",
        path=("四、工作举措", "（五）开展“个转企”培育行动", "15"),
        departments=(Department("旗财政局", Role.RESPONSIBLE), Department("旗市场监督管理局", Role.RESPONSIBLE)),
    ),
    _clause(
        PLAN,
        "四-五-16",
        "16.建立培育库。把有转企意愿的个体工商户纳入培育库，安排专人帮办代办。",
        7,
        parent="四-五",
        path=("四、工作举措", "（五）开展“个转企”培育行动", "16"),
        heading="建立培育库",
    ),
    _clause(
        PLAN,
        "附件1",
        TABLE_TEXT,
        8,
        kind=ClauseKind.TABLE,
        path=("附件 重点任务分工表",),
        parts=tuple(_row(row.split("\t")[0], row) for row in TABLE_ROWS),
    ),
    _clause(PLAN, "落款", "达拉特旗人民政府办公室\n2023年8月9日", 9, kind=ClauseKind.SIGNATURE),
    _clause(
        RULES,
        "5",
        "第五条 小微企业当年新招用人员达到职工总数10%以上的，可申请最高400万元的创业担保贷款，贷款期限最长3年。",
        0,
        path=("第五条",),
        departments=(Department("市人力资源和社会保障局", Role.LEAD),),
    ),
    _clause(DRAFT, "1", MARKUP, 0, path=("第一条",)),
)


class FakePlaces:
    """A gazetteer of six places."""

    def search(self, query: str, limit: int = 20) -> Sequence[Place]:
        """Places whose name holds the query."""
        return [place for place in PLACES if query in place.name][:limit]

    def resolve(self, name: str) -> Place:
        """The one place of that name, path or code."""
        found = [place for place in PLACES if name in (place.name, place.code, "".join(place.path))]
        if not found:
            raise UnknownPlace(f"no place {name}")
        if len(found) > 1:
            raise AmbiguousPlace(f"several places {name}", found)
        return found[0]


class FakeLibrary:
    """Three documents."""

    def documents(self) -> Sequence[Document]:
        """All of them, by id."""
        return sorted(DOCUMENTS, key=lambda document: document.id)

    def document(self, document_id: str) -> Document | None:
        """One of them."""
        return next((document for document in DOCUMENTS if document.id == document_id), None)

    def clauses(self, document_id: str) -> Sequence[Clause]:
        """A document's clauses."""
        return [clause for clause in CLAUSES if clause.document_id == document_id]

    def clause(self, clause_id: str) -> Clause | None:
        """One clause."""
        return next((clause for clause in CLAUSES if clause.id == clause_id), None)


class FakeAssistant:
    """Knows three answers by a word of the question; keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[AskRequest] = []
        self.searched: list[SearchQuery] = []

    def ask(self, request: AskRequest) -> AskResponse:
        """The answer, whole."""
        self.asked.append(request)
        place = FakePlaces().resolve(request.jurisdiction) if request.jurisdiction else None
        for word, answer in (("歇业", _draft), ("贷", _loan), ("补助", _grant), ("公司", _grant)):
            if word in request.question:
                return answer(place)
        return _respond("no_basis", "没有查到适用的规定。可以拨打12345询问。", (), (), place)

    def stream(self, request: AskRequest) -> Iterator[Event]:
        """The answer in pieces of twelve characters."""
        yield StatusEvent("正在查适用的文件……")
        response = self.ask(request)
        for citation in response.citations:
            yield CitationEvent(citation)
        for at in range(0, len(response.answer), 12):
            yield DeltaEvent(response.answer[at : at + 12])
        yield DoneEvent(response)

    def search(self, query: SearchQuery) -> SearchResponse:
        """Clauses that hold the text."""
        self.searched.append(query)
        if query.jurisdiction:
            FakePlaces().resolve(query.jurisdiction)
        found = [cite(clause, 1, clause.text) for clause in CLAUSES if query.text in clause.text]
        results = [SearchResult(**dict(citation), score=1.0, highlights=[query.text]) for citation in found]
        return SearchResponse(total=len(results), results=results[query.offset :][: query.limit])


class NumberedAssistant(FakeAssistant):
    """Gives each answer an id of its own, so that each has its own vote."""

    def ask(self, request: AskRequest) -> AskResponse:
        """The answer, whole."""
        response = super().ask(request)
        return response.model_copy(update={"id": f"answer-{len(self.asked)}"})


def cite(clause: Clause, n: int, quote: str) -> Citation:
    """A citation of an invented clause, judged on 2026-11-20."""
    document = next(document for document in DOCUMENTS if document.id == clause.document_id)
    assert document.place is not None
    ends = document.period.ends if document.period else None
    state = "draft" if document.status is LegalStatus.DRAFT else "expired" if ends else "unknown"
    return Citation(
        n=n,
        clause_id=clause.id,
        document_id=document.id,
        document_title=document.title,
        issuer=document.issuer,
        document_number=document.number,
        issued_on=document.issued_on,
        clause_path=list(clause.path),
        quote=quote,
        text=clause.text,
        legal_status=document.status.value,
        validity=ValidityOut.model_validate(
            {"state": state, "from": document.issued_on if ends else None, "to": ends, "basis": None}
        ),
        jurisdiction=JurisdictionOut(
            name=document.place.name, code=document.place.code, path=list(document.place.path), relation="own"
        ),
        departments=[DepartmentOut(name=each.name, role=each.role.value) for each in clause.facts.departments],
        url=f"/documents/{clause.id}",
    )


def clause_by_anchor(anchor: str) -> Clause:
    """An invented clause by what stands behind # in its id."""
    return next(clause for clause in CLAUSES if clause.id.endswith(f"#{anchor}"))


def _grant(place: Place | None) -> AskResponse:
    answer = (
        "给。**首次“个转企”、稳定经营2年以上、无不良信用记录**的企业，给予一次性**10万元**补助。[1]\n\n"
        "- 同时符合多项补助条件的，按就高不重复的原则执行。[1]\n\n找谁问：旗财政局（责任单位）[1]"
    )
    notice = NoticeOut(
        code="expired",
        message="依据的《达拉特旗扶持小店成长三年方案（2023-2025年）》规划期已于2025年12月31日届满，是否仍执行请先向旗财政局核实。",
        citations=[1],
    )
    return _respond("answered", answer, (cite(clause_by_anchor("四-五-15"), 1, GRANT_QUOTE),), (notice,), place)


def _loan(place: Place | None) -> AskResponse:
    clause = clause_by_anchor("5")
    quote = "可申请最高400万元的创业担保贷款，贷款期限最长3年"
    return _respond("answered", "可以申请，最高400万元，最长3年。[1]", (cite(clause, 1, quote),), (), place)


def _draft(place: Place | None) -> AskResponse:
    """An answer and a quote with markup in them, as a hostile document or model might give."""
    answer = '可以歇业。[1] [7] <img src=x onerror="window.stolen = 3"> [点我](javascript:alert(1)) ![x](https://elsewhere.example/y.png)'
    notice = NoticeOut(code="draft", message="所引文件是征求意见稿，还没有施行。", citations=[1])
    return _respond("answered", answer, (cite(clause_by_anchor("1"), 1, "这一句原文里没有"),), (notice,), place)


def _respond(
    status: str, answer: str, citations: Sequence[Citation], notices: Sequence[NoticeOut], place: Place | None
) -> AskResponse:
    return AskResponse.model_validate(
        {
            "id": "a1",
            "status": status,
            "answer": answer,
            "citations": list(citations),
            "notices": list(notices),
            "jurisdiction": place
            and AskedPlace(name=place.name, code=place.code, path=list(place.path), source="request"),
            "follow_ups": ["这笔补助找哪个部门办？", "要满足什么条件？"] if citations else [],
            "engine": Engine(composer="extractive", model=None, encoder="fake", ms=1.0),
        }
    )
