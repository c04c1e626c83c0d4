import re
from hypothesis import given, settings, strategies as st, HealthCheck
from ingest.clean import clean
from ingest.outline import outline
from tests.fakes_ingest import *
from tests.strategies_ingest import *
@settings(max_examples=400, deadline=None)
@given(st.data())
def test_wrapped(data):
    policy=data.draw(policies()); text=data.draw(wrapped_layouts(policy))
    check(policy,text)
@settings(max_examples=400, deadline=None)
@given(st.data())
def test_plain(data):
    policy=data.draw(policies()); text=data.draw(plain_layouts(policy))
    check(policy,text)
def check(policy,text):
    cs,odd=outline(clean(text),"d")
    assert bare("".join(c.text for c in cs))==without_artefacts(text)
    got=[(c.labels,bare(c.text)) for c in cs if c.kind.value in("clause","heading")]
    assert got==[(l,bare("".join(p))) for l,p in policy.units]
    assert len({c.id for c in cs})==len(cs)
    assert odd==[]
ALPH="一二三四、（）()12２.．①②第章条是附件：:\n\n\n\t 　  年月日05《》〔〕号元%万_X长组员政府局关于通知，。；-#*\\[]bokmar\u200b\ufeff\f"
@settings(max_examples=1500, deadline=None)
@given(st.text(ALPH,min_size=1,max_size=200))
def test_any(text):
    if not clean(text): return
    p=parse_text(text)
    assert bare("".join(c.text for c in p.clauses))==without_artefacts(text)
    assert len({c.id for c in p.clauses})==len(p.clauses)
    for c in p.clauses:
        assert len({x.key for x in c.parts})==len(c.parts)
        for x in c.parts: assert c.text[x.start:x.end]==x.text
TOK=["第一章","第一条","第二条","一、","二、","（一）","(二)","1.","2、","（1）","（2）","①","②","一是","二是","附件1","附件：","附件2：","\n","\n","\n","\n","\t","\t","  ","　","是","。","，","；","：","《","》","（","）","2023年8月9日","0000年","至0000年底","自2023年13月40日起施行","十四五期间","某县财政局","组 长：","副主任：","张 三 县长","成 员：","XXX 局长","责任单位：","牵头单位：","百分之十","一百元","10 万元","通知","文件","岚政办发〔2022〕20号","合计","**","## ","- ","[bookmark: x]","\\","有效期执行","至2024年底","六月底结束","1月31日前","〇〇〇〇年一月一日","四、","~2","号","到","工作目标","aa","b","(此件公开发布)","____","元","%","千元","百元"]
@settings(max_examples=6000, deadline=None)
@given(st.lists(st.sampled_from(TOK),min_size=1,max_size=40))
def test_tok(tokens):
    text="".join(tokens)
    if not clean(text): return
    p=parse_text(text)
    assert bare("".join(c.text for c in p.clauses))==without_artefacts(text)
    assert len({c.id for c in p.clauses})==len(p.clauses)
    for c in p.clauses:
        assert len({x.key for x in c.parts})==len(c.parts)
        for x in c.parts: assert c.text[x.start:x.end]==x.text
        for q in c.facts.quantities+c.facts.periods+c.facts.audiences: assert c.text[q.start:q.end]==q.text
        for b in c.facts.blanks: assert not c.text[b.start:b.end].strip(" \t_×Xx＿")
        for d in c.facts.departments: assert bare(d.name) in bare(c.text)
        for q in c.facts.periods: assert 0<=q.governs[0]<=q.governs[1]<=len(c.text)
