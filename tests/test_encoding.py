"""A text's encoding is read from its bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.loaders.encoding import DAMAGED, decode_text

TEXT = "一、支持个体工商户发展\n给予10万元补助。\n" * 20


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "gbk"])
def test_every_encoding_with_and_without_a_mark(encoding: str) -> None:
    assert decode_text(TEXT.encode(encoding)) == TEXT


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_few_damaged_bytes_do_not_make_another_encoding_of_it(encoding: str) -> None:
    data = TEXT.encode(encoding)
    damaged = data[:60].rstrip(b"\n") + b"\xff" + data[60:]
    text = decode_text(damaged)
    assert text is not None
    assert 1 <= text.count(DAMAGED) <= 4
    assert text.endswith(TEXT[60:])


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_text_that_was_cut_in_a_character_is_read(encoding: str) -> None:
    text = decode_text(TEXT.encode(encoding)[:-3])
    assert text is not None
    assert text.rstrip(DAMAGED) == TEXT[:-2]


@pytest.mark.parametrize("data", [b"\x81\xff\x00\xfe", b"text\x00text", b"\xff\xfe\x00\xd8", bytes(range(256)) * 4])
def test_bytes_that_are_no_text(data: bytes) -> None:
    assert decode_text(data) is None


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=8, max_size=80))
def test_chinese_is_never_read_in_the_wrong_encoding(text: str) -> None:
    assert decode_text(text.encode("utf-8")) == text
