"""The desk in a real browser, on both widths: search, read, copy, answer, correct, compare, by keyboard."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from playwright.sync_api import Browser, Download, Page, Route, StorageState, expect

from bot.answer_log import AnswerLog
from bot.api import create_api
from bot.desk import make_desk
from bot.recorder import Recorder
from bot.staff import StaffAccounts, StaffLogin
from eval.cases import Case, read_cases
from prompts.desk_messages import load_desk_messages
from tests.browsing import CHROMIUM, check_access, serve
from tests.corpus_fixture import Corpus
from tests.fakes import CHEAP
from tests.test_desk import GRANT, PASSWORD, create_fake_app

WORDS = load_desk_messages()
HOSTILE = '"><img src=x onerror="window.stolen=1"><script>window.stolen=2</script>'
BOTH = pytest.mark.parametrize("visit", [1280, 390], indirect=True, ids=["desk", "phone"])

pytestmark = [
    pytest.mark.enable_socket,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed: apt-get install chromium"),
]


@pytest.fixture(scope="module")
def address(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The desk on the corpus that ships, with two accounts."""
    folder: Path = tmp_path_factory.mktemp("desk")
    accounts = StaffAccounts(folder / "staff", CHEAP)
    for name in ("wang", "li"):
        accounts.set_password(name, PASSWORD)
    log = AnswerLog(f"sqlite:///{folder}/answers.db", 180)
    huiwen = corpus.huiwen
    recorder = Recorder(huiwen, huiwen.gazetteer, log)
    desk = make_desk(huiwen, recorder, log, StaffLogin(accounts))
    app = create_api(recorder, huiwen, huiwen.gazetteer, ready=huiwen.ready, page=None, log=log, desk=desk)
    with serve(app) as url:
        yield url
    log.close()


@pytest.fixture(scope="module")
def planted() -> Iterator[str]:
    """The desk on invented documents that hold markup; there are no accounts."""
    with serve(create_fake_app()) as url:
        yield url


class Visit:
    """One member of staff's browser; remembers every address that it called and every script error."""

    def __init__(self, browser: Browser, address: str, width: int = 1280, staff: StorageState | None = None) -> None:
        self.context = browser.new_context(
            viewport={"width": width, "height": 844}, locale="zh-CN", storage_state=staff
        )
        self.context.grant_permissions(["clipboard-read", "clipboard-write"])
        self.page: Page = self.context.new_page()
        self.address, self.width = address, width
        self.called: list[str] = []
        self.errors: list[str] = []
        self.page.on("request", lambda request: self.called.append(request.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda line: self.errors.append(line.text) if line.type == "error" else None)
        self.page.goto(f"{address}/desk")
        expect(self.page.locator("#q, [name=name]")).to_be_focused()  # what is typed sooner goes nowhere

    def enter(self, name: str) -> StorageState:
        """Log in as somebody types it; what the browser keeps of it."""
        self.type(name)
        self.press("Tab")
        self.type(PASSWORD)
        self.press("Enter")
        expect(self.page.locator("#q")).to_be_focused()
        return self.context.storage_state()

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def answer(self) -> None:
        self.press("Control+Enter")
        expect(self.page.locator("#readout, #correct").first).to_be_visible()

    @property
    def copied(self) -> str:
        expect(self.page.locator("#said.shown")).to_be_visible()
        return cast("str", self.page.evaluate("navigator.clipboard.readText()"))

    def check(self) -> None:
        """Nothing left this host, nothing failed, nothing planted ran, nothing hangs over the edge."""
        self.page.wait_for_load_state()  # without its styles a page is wider
        assert [url for url in self.called if not url.startswith((self.address, "data:"))] == []
        assert self.errors == []
        assert self.page.evaluate("window.stolen") is None
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert self.page.evaluate(wide) == 0


@pytest.fixture(scope="module")
def staff(browser: Browser, address: str) -> dict[str, StorageState]:
    """What the browsers of two keep once they are logged in."""
    kept = {}
    for name, width in (("wang", 1280), ("li", 390)):
        visited = Visit(browser, address, width)
        kept[name] = visited.enter(name)
        visited.check()
        visited.context.close()
    return kept


@pytest.fixture
def visit(
    request: pytest.FixtureRequest, browser: Browser, address: str, staff: dict[str, StorageState]
) -> Iterator[Visit]:
    visited = Visit(browser, address, getattr(request, "param", 1280), staff["wang"])
    yield visited
    visited.check()
    visited.context.close()


@BOTH
def test_from_two_terms_to_the_copied_citation_by_keyboard_alone(visit: Visit) -> None:
    visit.type("个转企 补助 达拉特旗")
    first = visit.page.locator(".hit").first
    expect(first).to_have_attribute("data-clause", GRANT)
    visit.press("ArrowDown", "ArrowDown", "ArrowUp")
    expect(first).to_be_focused()
    visit.press("Enter")
    here = visit.page.locator("#context .here")
    expect(here).to_contain_text("给予一次性10万元补助")
    expect(here).to_be_in_viewport()
    expect(here.locator("mark").first).to_be_visible()
    expect(visit.page.locator("#context")).to_be_focused()
    visit.press("c")
    copied = visit.copied
    assert re.match(r"《达拉特旗.+〈.+〉的通知》（2023年8月9日）四、（五）第15项：“15\.", copied)
    assert re.search(r"”〔已过期（至2025年12月31日），以20\d\d年\d+月\d+日为准〕$", copied)
    visit.press("Escape", "/")
    expect(visit.page.locator("#q")).to_be_focused()
    assert "q=%E4%B8%AA" in visit.page.url  # may be kept and sent on


@BOTH
def test_what_is_selected_is_what_is_quoted(visit: Visit) -> None:
    visit.type("个转企 补助 达拉特旗")
    visit.press("Enter")  # whether or not the list has come yet
    expect(visit.page.locator("#context")).to_be_focused()
    expect(visit.page.locator("#context .here")).to_contain_text("10万元")
    visit.page.evaluate("getSelection().selectAllChildren(document.querySelector('#context .here mark'))")
    visit.press("c")
    assert "第15项：“个转企”〔" in visit.copied


@BOTH
def test_filters_narrow_the_list_and_keep_the_focus(visit: Visit) -> None:
    visit.type("贷款")
    count = visit.page.locator("#count")
    expect(count).to_contain_text("找到")
    before = count.inner_text()
    visit.page.fill("[name=jurisdiction]", "甘州区")
    expect(count).to_contain_text("甘州区及其上级文件")
    if visit.width == 390:
        visit.page.locator(".facets summary").click()
    for name in ("topic", "department", "audience", "state"):
        box = visit.page.locator(f"input[name={name}]").nth(1)
        value = box.get_attribute("value")
        box.check()
        expect(visit.page).to_have_url(re.compile(f"{name}="))  # the list has come
        expect(visit.page.locator(f"input[name={name}][value='{value}']")).to_be_focused()
        expect(visit.page.locator(f"input[name={name}]:checked")).to_have_value(value or "")
        visit.page.locator("#clear").click()
        expect(visit.page).not_to_have_url(re.compile(f"{name}="))
        expect(count).to_have_text(before)
    visit.page.fill("[name=valid_on]", "2000-01-01")
    expect(visit.page).to_have_url(re.compile("valid_on=2000-01-01"))
    expect(count).not_to_have_text(before)
    visit.page.locator("#clear").click()
    expect(count).to_have_text(before)


def read_exported(download: Download) -> list[Case]:
    """The cases in a file that came down; a browser keeps it under a name without an ending."""
    file = download.path().with_suffix(".jsonl")
    download.save_as(file)
    return read_cases(file)


@BOTH
def test_an_answer_is_read_out_corrected_and_seen_by_a_colleague(
    visit: Visit, browser: Browser, staff: dict[str, StorageState]
) -> None:
    question = f"个转企补助多少{visit.width}"
    visit.page.fill("[name=jurisdiction]", "达拉特旗")
    visit.page.locator("#q").focus()
    visit.type(question)
    visit.answer()
    expect(visit.page.locator("#readout .warn")).to_contain_text("已经过期")
    expect(visit.page.locator(".rejected").first).to_contain_text("贴合")
    visit.page.locator("#correct button.main").click()
    expect(visit.page.locator("#said")).to_have_text(WORDS.correct.empty)
    visit.page.locator("[data-copies='口径']").click()
    assert visit.copied.startswith(WORDS.answer.first)
    visit.page.fill("[name=wording]", HOSTILE)
    visit.page.locator(".rejected [name=clause]").first.check()
    visit.page.locator("#correct button.main").click()
    expect(visit.page.locator(".earlier")).to_contain_text(HOSTILE)
    colleague = Visit(browser, visit.address, visit.width, staff["li"])
    colleague.page.fill("[name=jurisdiction]", "达拉特旗")
    colleague.page.locator("#q").focus()
    colleague.type(question)
    colleague.answer()
    expect(colleague.page.locator(".earlier")).to_contain_text("wang")
    expect(colleague.page.locator("[data-drop]")).to_have_count(0)
    colleague.page.goto(f"{visit.address}/desk/corrections")
    with colleague.page.expect_download() as download:
        colleague.page.get_by_text(WORDS.correct.export).click()
    cases = {case.question: case for case in read_exported(download.value)}
    assert cases[question].reference_answer == HOSTILE
    colleague.check()
    colleague.context.close()
    visit.page.locator("[data-drop]").click()
    expect(visit.page.locator(".earlier li")).to_have_count(0)


def test_two_staff_at_once_each_see_their_own(visit: Visit, browser: Browser, staff: dict[str, StorageState]) -> None:
    other = Visit(browser, visit.address, 390, staff["li"])
    visit.type("歇业")
    other.type("创业担保贷款")
    expect(visit.page.locator(".hit mark").first).to_have_text("歇业")
    expect(other.page.locator(".hit mark").first).not_to_have_text("歇业")
    visit.answer()
    other.answer()
    expect(visit.page.locator(".asked")).to_contain_text("歇业")
    expect(other.page.locator(".asked")).to_contain_text("创业担保贷款")
    other.context.close()


@BOTH
def test_places_are_compared_and_taken_along(visit: Visit) -> None:
    visit.page.goto(f"{visit.address}/desk/compare")
    visit.page.fill("[name=q]", "创业担保贷款最多贷多少")
    for number, place in enumerate(("达拉特旗", "磴口县", "甘州区")):
        visit.page.locator("[name=place]").nth(number).fill(place)
    visit.press("Enter")
    expect(visit.page.locator(".side thead th")).to_have_text(["达拉特旗", "磴口县", "甘州区"])
    for link, name in ((WORDS.compare.docx, "各地对比.docx"), (WORDS.compare.xlsx, "各地对比.xlsx")):
        with visit.page.expect_download() as download:
            visit.page.get_by_text(link).click()
        assert download.value.suggested_filename == name


@BOTH
def test_counts_and_corrections_have_their_pages(visit: Visit) -> None:
    titles = {WORDS.frame.figures: WORDS.figures.title, WORDS.frame.corrections: WORDS.correct.list_title}
    for link, title in titles.items():
        visit.page.get_by_role("link", name=link).click()
        expect(visit.page.locator("h1")).to_have_text(title)
        visit.check()
    visit.page.goto(f"{visit.address}/desk/figures")
    with visit.page.expect_download() as download:
        visit.page.locator("a[download]").click()
    assert download.value.suggested_filename == f"{WORDS.figures.file}.csv"


@BOTH
def test_markup_in_every_box_is_text(visit: Visit) -> None:
    visit.type(HOSTILE)
    visit.answer()
    visit.page.fill("[name=jurisdiction]", HOSTILE[:50])
    expect(visit.page.locator(".problem")).to_contain_text("<img")
    visit.page.goto(f"{visit.address}/desk/compare")
    visit.page.fill("[name=q]", HOSTILE)
    for number in range(5):
        visit.page.locator("[name=place]").nth(number).fill(HOSTILE[:50])
    visit.press("Enter")
    expect(visit.page.locator(".problem")).to_contain_text("<img")


@pytest.mark.parametrize("width", [1280, 390], ids=["desk", "phone"])
def test_markup_in_a_document_is_text(browser: Browser, planted: str, width: int) -> None:
    visitor = Visit(browser, planted, width)
    visitor.type("歇业")
    visitor.press("Enter")
    expect(visitor.page.locator("#context .here")).to_contain_text("<img")
    visitor.answer()
    expect(visitor.page.locator("#readout")).to_contain_text("<img")
    visitor.check()
    visitor.context.close()


@BOTH
def test_a_long_text_and_a_burst_of_keys_end_in_the_last_result_and_an_ended_session_in_the_login(visit: Visit) -> None:
    visit.page.fill("#q", "贷" * 600)
    expect(visit.page.locator("#q")).to_have_value("贷" * 500)
    expect(visit.page.locator(".list")).not_to_contain_text("500")
    visit.page.fill("#q", "")
    visit.type("歇业歇")
    visit.press("Backspace")
    expect(visit.page.locator(".hit mark").first).to_have_text("歇业")
    visit.context.clear_cookies()
    visit.type("歇")
    expect(visit.page.locator("[name=password]")).to_be_visible()
    visit.errors = [error for error in visit.errors if "401" not in error]


def wait_for_one(page: Page, held: list[Route]) -> Route:
    """The one request held back; the browser reports it before the route's handler has run."""
    deadline = time.monotonic() + 10
    while not held and time.monotonic() < deadline:
        page.wait_for_timeout(20)  # hands control to Playwright, which calls the handler
    return held.pop()


@BOTH
def test_faults_and_slow_answers_are_told_and_the_next_one_works(visit: Visit) -> None:
    said, readout = visit.page.locator("#said"), visit.page.locator("#readout")
    visit.context.set_offline(True)
    visit.type("歇业")
    expect(said).to_have_text(WORDS.frame.failed)
    visit.context.set_offline(False)
    visit.type(" ")
    expect(visit.page.locator(".hit").first).to_be_visible()
    held: list[Route] = []
    visit.page.route("**/desk/answer", lambda route: held.append(route))
    visit.press("Control+Enter")
    request = wait_for_one(visit.page, held)
    expect(visit.page.locator("#answer")).to_have_text(WORDS.answer.waiting)
    request.fulfill(status=500, json={"error": {"code": "internal", "message": "服务出了问题，请再试一次。"}})
    expect(said).to_have_text("服务出了问题，请再试一次。")
    visit.press("Control+Enter")
    wait_for_one(visit.page, held).continue_()
    expect(readout).to_be_visible()
    visit.errors = [error for error in visit.errors if "ERR_INTERNET_DISCONNECTED" not in error and "500" not in error]


@BOTH
def test_axe_finds_nothing(visit: Visit) -> None:
    if visit.width == 1280:  # colours do not depend on the width, nor the layout on the colours
        visit.page.emulate_media(color_scheme="dark")
    visit.type("个转企 补助 达拉特旗")
    expect(visit.page.locator(".hit").first).to_have_attribute("data-clause", GRANT)
    check_access(visit.page)
    visit.answer()
    check_access(visit.page)
    for path in ("/desk/compare?place=达拉特旗&place=岚县&q=个转企", "/desk/corrections", "/desk/figures"):
        visit.page.goto(visit.address + path)
        check_access(visit.page)
