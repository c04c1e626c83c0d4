"""The corpus's pages in a browser, on both widths: a file's way in, to an answer, and out; nothing planted runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, StorageState, expect

from prompts.corpus_messages import load_corpus_messages
from tests.browsing import CHROMIUM, serve
from tests.corpus_fixture import Corpus
from tests.test_corpus_pages import HOSTILE, TEXT, make_service
from tests.test_desk_page import Visit

WORDS = load_corpus_messages()
BUILT = 240_000  # milliseconds; a build gives way to all else

pytestmark = [
    pytest.mark.enable_socket,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed: apt-get install chromium"),
]


@pytest.fixture(scope="module")
def address(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    made, log = make_service(corpus, tmp_path_factory.mktemp("keepers"))
    with serve(made.app) as url:
        yield url
    log.close()


@pytest.fixture(scope="module")
def wang(browser: Browser, address: str) -> StorageState:
    visitor = Visit(browser, address)
    kept = visitor.enter("wang")
    visitor.context.close()
    return kept


def find_serious(page: Page) -> list[str]:
    """The rules of accessibility that a page breaks seriously."""
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found if one["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("width", [1280, 390], ids=["desk", "phone"])
def test_a_file_comes_in_is_asked_about_and_goes(
    width: int, browser: Browser, address: str, wang: StorageState, tmp_path: Path
) -> None:
    visit = Visit(browser, address, width, wang)
    page = visit.page
    if width == 1280:  # colours do not depend on the width, nor the layout on the colours
        page.emulate_media(color_scheme="dark")
    page.get_by_role("link", name="文件库").click()
    expect(page.locator(".kept").first.locator("tbody tr")).to_have_count(5)
    visit.check()
    assert find_serious(page) == []

    path = tmp_path / f"豆腐<img src=x onerror=alert(1)>{width}.txt"
    path.write_text(TEXT.replace("4321元", f"{width}元"), encoding="utf-8")
    page.set_input_files("[name=file]", path)
    page.get_by_role("button", name=WORDS.upload.send).click()
    expect(page.locator(".waiting")).to_have_text(WORDS.draft.note)
    expect(page.locator(".remarks")).to_contain_text("请看是不是漏了号")
    expect(page.locator(".outline li", has_text=WORDS.document.odd)).to_contain_text("三、补助标准")
    expect(page.locator(".original")).to_contain_text(HOSTILE)
    page.locator(".outline a", has_text="三、补助标准").click()
    expect(page.locator(".original p:target")).to_contain_text(f"一次性补助{width}元")
    expect(page.locator(".original p:target")).to_be_in_viewport()
    visit.check()
    assert find_serious(page) == []

    page.get_by_role("button", name=WORDS.draft.publish).click()
    expect(page.locator("#state")).to_have_text(WORDS.build.done, timeout=BUILT)
    added = page.locator(".kept").first.locator("tr", has_text="豆腐").first
    expect(added).to_contain_text("岚县")
    expect(page.locator(".changes")).to_contain_text("wang")
    visit.check()

    page.goto(f"{address}/desk")
    page.locator("#q").fill("岚县手工豆腐坊补助多少")
    visit.press("Control+Enter")
    expect(page.locator("#readout")).to_contain_text(f"{width}元")
    visit.check()

    page.goto(f"{address}/corpus")
    page.locator("td a", has_text="豆腐").click()
    page.get_by_text(WORDS.document.remove, exact=True).click()
    page.get_by_role("button", name=WORDS.document.remove_now).click()
    expect(page.locator("#state")).to_have_text(WORDS.build.done, timeout=BUILT)
    expect(page.locator(".kept").first.locator("tbody tr")).to_have_count(5)
    expect(page.locator(".changes tbody tr").first).to_contain_text(WORDS.audit.removed)
    visit.check()
    visit.context.close()
