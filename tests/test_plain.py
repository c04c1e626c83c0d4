"""Text files: what Markdown and CSV write for programs becomes what people read."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import UnreadableFile
from ingest.loaders.plain import load_plain
from tests.fakes_ingest import CORPUS


def load(text: str) -> str:
    return load_plain(text.encode()).text


def test_a_plain_text_stays_as_it_is() -> None:
    for path in (CORPUS / "documents").iterdir():
        loaded = load_plain(path.read_bytes())
        assert loaded.text == path.read_text(encoding="utf-8").replace("\r\n", "\n")
        assert not loaded.whole


def test_markdown_loses_comments_pictures_and_addresses() -> None:
    text = "---\ntitle: 办法\n---\n# 办法\n<!-- INFO\nEND -->\n见[条例](https://example.org/a)和[附表](./b.md)。\n![图](c.png)\n---\n完。"
    assert load(text).split() == ["#", "办法", "见条例和附表。", "完。"]


def test_a_markdown_table_becomes_rows() -> None:
    text = "补助：\n\n| 事项 | 金额 |\n|:---|---:|\n| 个转企 | 10万元 |\n| a \\| b | |\n"
    assert load(text).split("\n") == ["补助：", "", "事项\t金额", "", "个转企\t10万元", "a | b\t", ""]


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_csv_is_a_table_whatever_its_name_says(delimiter: str, encoding: str) -> None:
    lines = [["事项", "金额"], ["个转企", '"10万元\n一次性"'], ["贴息", "5万元"]]
    loaded = load_plain("\r\n".join(delimiter.join(line) for line in lines).encode(encoding))
    assert loaded.text == "事项\t金额\n个转企\t10万元 一次性\n贴息\t5万元"
    assert loaded.whole


def test_prose_with_commas_is_no_table() -> None:
    text = "Notice, 2023\nWe support shops, firms, and farms.\nApply now.\n"
    assert load(text) == text


def test_damage_is_told() -> None:
    loaded = load_plain("给予补助。".encode() * 50 + b"\xff")
    assert loaded.warnings == ("1 damaged characters; compare with the original",)


@given(st.binary(max_size=300))
def test_any_bytes_become_text_or_one_error(data: bytes) -> None:
    with contextlib.suppress(UnreadableFile):
        text = load_plain(data).text
        assert "\r" not in text
        assert "\0" not in text
