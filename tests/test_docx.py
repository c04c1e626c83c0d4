"""Word files: what a reader sees with all changes accepted."""

from __future__ import annotations

import pytest

from ingest.errors import UnreadableFile
from ingest.loaders.docx import load_docx
from tests.fakes_files import make_docx, make_zip, p, table


def lines(body: str, **parts: str) -> list[str]:
    return load_docx(make_docx(body, **parts)).text.split("\n")


def run(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


def test_changes_are_accepted() -> None:
    body = (
        f"<w:p>{run('补助')}<w:del><w:r><w:delText>五</w:delText></w:r></w:del><w:ins>{run('十')}</w:ins>"
        f"<w:moveFrom>{run('旧')}</w:moveFrom><w:moveTo>{run('万')}</w:moveTo>{run('元')}</w:p>"
        f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{run('前半')}</w:p><w:p>{run('后半')}</w:p>"
    )
    assert lines(body) == ["补助十万元", "前半后半"]


def test_what_is_not_shown_is_left_out() -> None:
    body = (
        f"<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>密</w:t></w:r><w:r><w:fldChar w:fldCharType='begin'/></w:r>"
        f"<w:r><w:instrText> PAGEREF </w:instrText></w:r>{run('目录')}<w:r><w:tab/><w:t>3</w:t></w:r></w:p>"
    )
    assert lines(body) == ["目录 3"]


def test_breaks_end_lines_and_pages_do_not() -> None:
    body = f"<w:p>{run('甲')}<w:r><w:br/></w:r>{run('乙')}<w:r><w:br w:type='page'/></w:r>{run('丙')}</w:p>"
    assert lines(body) == ["甲", "乙丙"]


def test_headings_are_marked_by_level_and_long_ones_are_text() -> None:
    style = '<w:style w:styleId="1"><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>'
    body = (
        p("总则", '<w:pStyle w:val="1"/>')
        + p("长" * 61, '<w:outlineLvl w:val="1"/>')
        + p("正文", '<w:outlineLvl w:val="9"/>')
    )
    assert lines(body, styles=style) == ["# 总则", "长" * 61, "正文"]


def test_a_footnote_follows_its_paragraph() -> None:
    body = f"<w:p>{run('补助')}<w:r><w:footnoteReference w:id='2'/></w:r>{run('十万元。')}</w:p>"
    note = f"<w:footnote w:id='2'><w:p>{run('一次性。')}</w:p></w:footnote>"
    assert lines(body, footnotes=note) == ["补助十万元。", "注1：一次性。"]


def test_a_text_box_is_read_once() -> None:
    box = f"<w:txbxContent>{p('某某县人民政府文件')}</w:txbxContent>"
    choice = f"<mc:Choice Requires='wps'>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
    drawn = f"<mc:AlternateContent xmlns:mc='http://mc'>{choice}</mc:AlternateContent>"
    assert lines(f"<w:p><w:r>{drawn}</w:r>{run('通知')}</w:p>") == ["通知", "某某县人民政府文件"]


def test_tables_with_merged_cells_become_rows() -> None:
    begin = f'<w:tcPr><w:vMerge w:val="restart"/></w:tcPr>{p("创业")}'
    wide = f'<w:tcPr><w:gridSpan w:val="2"/></w:tcPr>{p("合计")}'
    body = p("如下：") + table(
        ["类别", "事项", "金额"], [begin, "开办", "1万元"], [f"<w:tcPr><w:vMerge/></w:tcPr>{p('')}", "租金", "6000元"],
        [wide, "16000元"],
    )  # fmt: skip
    rows = ["类别\t事项\t金额", "创业\t开办\t1万元", "创业\t租金\t6000元", "合计\t\t16000元"]
    assert lines(body) == ["如下：", *rows]


def test_content_controls_and_strict_files_are_read() -> None:
    data = make_docx(f"<w:sdt><w:sdtContent>{p('控件里的文字。')}</w:sdtContent></w:sdt>")
    assert load_docx(data).text == "控件里的文字。"
    strict = '<document xmlns="http://purl.oclc.org/ooxml/wordprocessingml/main"><body><p><r><t>严格。</t></r></p></body></document>'
    assert load_docx(make_zip({"word/document.xml": strict})).text == "严格。"


def test_a_file_of_pictures_is_a_scan() -> None:
    body = '<w:document xmlns:w="w"><w:body><w:p/></w:body></w:document>'
    with pytest.raises(UnreadableFile, match="is a scan"):
        load_docx(make_zip({"word/document.xml": body, "word/media/1.png": b"\x89PNG"}))
