"""Web pages: the article and its title, not what stands around it."""

from __future__ import annotations

import pytest

from ingest.loaders.web_page import load_page, load_saved_page

ARTICLE = """
<h1>关于支持个体工商户的通知</h1><p>发布日期：2023-08-09 来源：市政府 <a href="javascript:print()">打印</a></p>
<div class="x"><p>各县人民政府：</p><p>　　为促进发展，<b>给予</b>补助。<br/>具体如下：</p>
<table><tr><th>事项</th><th>金额</th></tr><tr><td rowspan="2"><p>创业</p></td><td>1万元</td></tr>
<tr><td>2万元</td></tr></table>
<p style="display:none">隐藏的文字，看不见。</p><p>一、支持贷款，贴息。</p><p>二、支持转型，奖励。</p></div>
<div>分享到：微信</div>
"""
MENU = "<ul>" + "".join(f"<li><a href='/{n}'>首页，第{n}个栏目。新闻，要闻。</a></li>" for n in range(60)) + "</ul>"
HEAD = "<head><title>通知 - 某市人民政府</title><script>var a='，。';</script></head>"
FOOT = "<footer>版权所有，某市。</footer>"
PAGE = f"<html>{HEAD}<body><div>{MENU}</div><div>{ARTICLE}</div>{FOOT}</body></html>"


def test_the_article_is_read_and_what_stands_around_it_is_not() -> None:
    loaded = load_page(PAGE.encode())
    assert loaded.whole
    assert loaded.text.split("\n") == [
        "# 关于支持个体工商户的通知", "发布日期：2023-08-09 来源：市政府", "各县人民政府：", "为促进发展，给予补助。",
        "具体如下：", "事项\t金额", "创业\t1万元", "创业\t2万元", "一、支持贷款，贴息。", "二、支持转型，奖励。",
    ]  # fmt: skip


def test_the_title_is_that_of_the_archive_and_not_told_twice() -> None:
    meta = '<meta name="ArticleTitle" content="某市补助办法">'
    page = f"<html><head>{meta}</head><body><p>某市补助</p><p>办法</p><p>第一条 给予补助，一次性。</p></body></html>"
    assert load_page(page.encode()).text == "某市补助\n办法\n第一条 给予补助，一次性。"
    other = page.replace("<p>某市补助</p><p>办法</p>", "")
    assert load_page(other.encode()).text.startswith("# 某市补助办法\n")


@pytest.mark.parametrize("encoding", ["utf-8", "gb2312", "utf-16"])
def test_the_encoding_that_the_bytes_have_counts(encoding: str) -> None:
    page = "<html><meta charset='gb2312'><body><p>给予补助，一次性。</p></body></html>"
    assert load_page(page.encode(encoding)).text == "给予补助，一次性。"


def test_a_table_that_lays_out_the_page_is_no_table() -> None:
    inner = "<table><tr><td>事项</td><td>金额</td></tr><tr><td>贴息</td><td>5万元</td></tr></table>"
    page = f"<html><table><tr><td>菜单</td><td><p>第一条 给予补助，一次性。</p>{inner}</td></tr></table></html>"
    assert load_page(page.encode()).text.split("\n")[-3:] == ["第一条 给予补助，一次性。", "事项\t金额", "贴息\t5万元"]


def test_an_article_in_a_cell_keeps_its_paragraphs() -> None:
    article = "".join(f"<p>第{n}条 给予补助，一次性，由财政安排，{'并向社会公开，' * 15}。</p>" for n in range(1, 12))
    page = f"<html><table><tr><td>栏目</td><td>{article}</td></tr></table></html>"
    assert sum(line.startswith("第") for line in load_page(page.encode()).text.split("\n")) == 11


def test_a_page_saved_as_one_file_is_read() -> None:
    head = (
        b'From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n--b\r\n'
    )
    part = b"Content-Type: text/html\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    page = "<html><p>给予补助，一次性。</p></html>".encode()
    assert load_saved_page(head + part + page + b"\r\n--b--\r\n").text == "给予补助，一次性。"


def test_menus_the_way_to_the_page_and_its_foot_are_left_out_and_attachments_are_not() -> None:
    menu = "".join(f"<a href='/{name}'>{name}</a>" for name in ("首页", "政务公开", "办事服务"))
    page = f"""<html><body><div>{menu}</div><div>您当前所在的位置：<a href="/">首页</a> &gt; 正文</div>
        <h1>某县补贴办法</h1><p>第一条 给予补贴，一次性。</p>
        <p>第二条 由县财政局负责，<a href="/x">某规定</a>另有规定的除外。</p>
        <ul><li><a href="a.docx">申请表</a><li><a href="b.docx">承诺书</a><li><a href="c.pdf">名单</a></ul>
        <p>责任编辑：小王</p><div><h3>相关文档</h3><a href="/z">某办法政策解读</a></div>
        <div><h3>相关解读</h3><ul><li><a href="/y">一图读懂补贴办法</a></li></ul></div>
        <div>主办：某县人民政府 版权所有<br>联系电话：0000</div></body></html>"""
    assert load_page(page.encode()).text.split("\n") == [
        "# 某县补贴办法", "第一条 给予补贴，一次性。", "第二条 由县财政局负责，某规定另有规定的除外。",
        "申请表", "承诺书", "名单",
    ]  # fmt: skip
