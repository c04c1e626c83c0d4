"""Scans and pictures: read page by page where OCR is installed, told page by page where it is not."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont

from ingest.errors import UnreadableFile
from ingest.load import Loader, has_ocr
from ingest.loaders.loaded import Loaded
from ingest.loaders.ocr import ReadLine
from ingest.loaders.pdf import load_pdf
from ingest.loaders.picture import load_picture
from ingest.loaders.reader import Reader
from ingest.loaders.sniff import Format, is_plain, sniff
from ingest.manifest import ManifestRow
from ingest.parse import parse
from ingest.settings import Settings
from prompts.corpus_messages import load_corpus_messages, tell_note
from tests.fakes_files import PdfPage, make_pdf
from tests.fakes_ingest import gazetteer, lexicon

FONT = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
SIMPLIFIED = 2  # the face of that file with the shapes that the mainland writes
real = [
    pytest.mark.skipif(not FONT.exists(), reason="no Chinese font to draw with (Debian: fonts-noto-cjk)"),
    pytest.mark.skipif(not has_ocr(), reason="OCR is not installed (the extra `ocr`)"),
]
FIRST = ["第一条 由市场监管部门会同财政部门办理。", "第二条 给予一次性补助10万元。"]
SECOND = ["第三条 本办法自2024年1月1日起施行。"]
SIZE = 20  # pixels of a character of the fake's lines


class FakeEngine:
    """Reads off what it was told stands on each picture, one after the other."""

    def __init__(self, *pages: Sequence[ReadLine]) -> None:
        self._pages = iter(pages)

    def __call__(self, picture: Image.Image) -> Sequence[ReadLine]:
        assert picture.mode == "RGB"
        return next(self._pages)


class BrokenEngine:
    """Fails, as one does that is refused memory."""

    def __call__(self, picture: Image.Image) -> Sequence[ReadLine]:
        raise RuntimeError("bad allocation")


def line(text: str, x: float, y: float, confidence: float = 0.99) -> ReadLine:
    return ReadLine(text, x, y, x + SIZE * len(text), y + SIZE, confidence)


def below(texts: Sequence[str], x: float = 100, y: float = 100) -> list[ReadLine]:
    return [line(text, x, y + 30 * number) for number, text in enumerate(texts)]


def save(kind: str, *pages: Image.Image, **options: object) -> bytes:
    held = io.BytesIO()
    more = {"save_all": True, "append_images": pages[1:]} if kind in ("TIFF", "PDF", "GIF") else {}
    pages[0].save(held, kind, **more, **options)
    return held.getvalue()


def blank(pages: int = 1, kind: str = "TIFF") -> bytes:
    return save(kind, *[Image.new("L", (842, 842), 255 - page) for page in range(pages)])


def drawn(*lines: str) -> Image.Image:
    picture = Image.new("RGB", (700, 40 + 60 * len(lines)), "white")
    for number, text in enumerate(lines):
        font = ImageFont.truetype(FONT, 32, index=SIMPLIFIED)
        ImageDraw.Draw(picture).text((30, 20 + 60 * number), text, font=font, fill="black")
    return picture


def bare(text: str) -> str:
    return "".join(text.split())


# How lines become text, whoever reads them.


def test_each_page_of_a_picture_is_known_and_what_is_doubtful_is_told() -> None:
    doubtful = [line("第三条 补助三千兀", 100, 100, 0.62)]
    loaded = load_picture(blank(3), FakeEngine(below(["第一条 给予补助。", "第二条 给予贷款。"]), doubtful, []))
    assert loaded.text == "第一条 给予补助。\n第二条 给予贷款。\n第三条 补助三千兀\n"
    assert loaded.pages == ((0, 1), (20, 2))
    assert loaded.warnings == (
        "pages 1, 2, 3 were read by OCR; compare the text with the pictures",
        "1 lines that OCR is not sure of, the first on page 2: 第三条 补助三千兀",
        "pages 3: OCR found no text there",
    )
    words = load_corpus_messages()
    assert [tell_note(words, warning) for warning in loaded.warnings] == [
        "第 1, 2, 3 页是用文字识别（OCR）读的，可能有错字，请与图片核对",
        "有 1 行识别得没有把握，第一处在第 2 页：第三条 补助三千兀",
        "第 3 页没有识别出文字",
    ]


def test_two_columns_are_read_one_after_the_other() -> None:
    left = [f"左栏第{n}行这里写满十七个字到边界" for n in "一二三四五"]
    right = [f"右栏第{n}行这里写满十七个字到边界" for n in "一二三四五"]
    both = [one for pair in zip(below(left, 40), below(right, 450), strict=True) for one in pair]
    assert load_picture(blank(), FakeEngine(both)).text == "".join(left + right) + "\n"


def test_scanned_pages_of_a_pdf_stand_among_the_others() -> None:
    pages = PdfPage().text(70, 60, "第一条 给予补助。"), PdfPage().picture(), PdfPage().text(70, 60, "第三条 施行。")
    loaded = load_pdf(make_pdf(*pages), FakeEngine(below(["第二条 给予贷款。"])))
    assert loaded.text == "第一条 给予补助。\n第二条 给予贷款。\n第三条 施行。\n"
    assert [page for _, page in loaded.pages] == [1, 2, 3]
    assert loaded.warnings == ("pages 2 were read by OCR; compare the text with the pictures",)
    assert loaded.scanned == ()


@given(st.lists(st.text("补助贷款政策办法企业个体万元", min_size=1, max_size=25), min_size=1, max_size=20))
def test_nothing_that_was_read_is_lost(texts: list[str]) -> None:
    assert bare(load_picture(blank(), FakeEngine(below(texts))).text) == "".join(texts)


def test_an_engine_that_fails_is_one_error_that_names_the_page() -> None:
    with pytest.raises(UnreadableFile, match=r"^OCR failed on page 1 \(RuntimeError\); raise HUIWEN_OCR_MEMORY"):
        load_picture(blank(), BrokenEngine())


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "BMP", "WEBP", "GIF"])
def test_pictures_are_known_by_their_bytes(kind: str) -> None:
    data = blank(kind=kind)
    assert not is_plain(data)
    assert sniff(data) is Format.PICTURE


def test_text_that_begins_as_a_bitmap_is_text() -> None:
    assert is_plain("BM 是补贴的意思。".encode())


# Where it is not installed, or there is too much of it.


def refused(data: bytes, settings: Settings, *, installed: bool) -> str:
    with Loader(settings, lambda: installed) as loader, pytest.raises(UnreadableFile) as caught:
        loader.load(data, "a.pdf")
    return str(caught.value)


def test_without_the_extra_a_scan_is_told_with_the_command() -> None:
    advice = 'OCR is not installed; run .venv/bin/pip install "rapidocr~=3.10.0" in Huiwen\'s folder, or put the text'
    for data in (make_pdf(PdfPage().picture()), blank(2)):
        message = refused(data, Settings(), installed=False)
        assert message.startswith(f"a.pdf: is a scan or a picture, without text of its own: {advice}")
        assert "请管理员运行 .venv/bin/pip install" in tell_note(load_corpus_messages(), message)


def test_without_the_extra_a_mixed_pdf_says_which_pages_were_not_read() -> None:
    with Loader(Settings(), lambda: False) as loader:
        data = make_pdf(PdfPage().text(70, 60, "第一条 给予补助。"), PdfPage().picture(), PdfPage().picture())
        loaded = loader.load(data, "a.pdf")
    assert loaded.text == "第一条 给予补助。\n"
    assert loaded.warnings[0].startswith("pages 2, 3 are pictures without text and left out: OCR is not installed")


def test_more_pages_than_the_setting_are_not_begun() -> None:
    message = refused(blank(3), Settings(ocr_pages=2), installed=True)
    assert "3 scanned pages are more than HUIWEN_OCR_PAGES=2; raise it or divide it" in message
    assert tell_note(load_corpus_messages(), message) == "扫描件有 3 页，超过能识别的 2 页，请分成几个文件"


# With the real engine, in the process that reads files.


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with Reader(120, Settings().ocr_memory, ocr=True) as made:
        yield made


class TestRealEngine:
    """What is drawn is read."""

    pytestmark = real

    @pytest.mark.parametrize("kind", ["PNG", "JPEG", "BMP", "WEBP"])
    def test_a_picture_is_read(self, reader: Reader, kind: str) -> None:
        loaded = reader.read(save(kind, drawn(FIRST[1])))
        assert bare(loaded.text) == bare(FIRST[1])
        assert loaded.warnings[0] == "pages 1 were read by OCR; compare the text with the pictures"

    def test_pages_of_a_fax_are_cited_by_their_numbers(self, reader: Reader) -> None:
        loaded = reader.read(save("TIFF", drawn(*FIRST).convert("1"), drawn(*SECOND).convert("1")))
        clauses = parse(loaded, ManifestRow(file="a.tiff", id="a"), "digest", gazetteer(), lexicon()).clauses
        assert [(bare(clause.text), clause.page) for clause in clauses] == [
            (bare(text), page) for text, page in zip(FIRST + SECOND, (1, 1, 2), strict=True)
        ]

    def test_a_scanned_pdf_is_read_within_the_limits_of_ocr(self) -> None:
        with Loader(Settings(load_seconds=20)) as loader:
            loaded: Loaded = loader.load(save("PDF", drawn(*FIRST), drawn(*SECOND), resolution=100.0), "a.pdf")
        assert bare(loaded.text) == bare("".join(FIRST + SECOND))
        assert [page for _, page in loaded.pages] == [1, 2]
