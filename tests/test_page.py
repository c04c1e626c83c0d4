"""The owners' page in a real browser: asked, answered, safe, and nothing fetched from elsewhere."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from bot.answer_log import AnswerLog
from bot.api import create_api
from bot.page import build_page
from bot.recorder import Recorder
from prompts.messages import load_messages
from tests.browsing import ANSWER, CHROMIUM, Visit, launch, serve
from tests.fakes import GRANT_QUOTE, FakeAssistant, FakeLibrary, FakePlaces, NumberedAssistant

COVERED = ("达拉特旗（鄂尔多斯市）", "鄂尔多斯市（内蒙古自治区）", "芜湖市（安徽省）")

pytestmark = [
    pytest.mark.enable_socket,
    # Gradio's own statistics use what pandas 3 is about to give up.
    pytest.mark.filterwarnings("ignore:.*(no_silent_downcasting|copy keyword).* is deprecated"),
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed: apt-get install chromium"),
]


@pytest.fixture(scope="module")
def assistant() -> FakeAssistant:
    return NumberedAssistant()


@pytest.fixture(scope="module")
def log_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("log") / "answers.db"


@pytest.fixture(scope="module")
def log(log_file: Path) -> Iterator[AnswerLog]:
    opened = AnswerLog(f"sqlite:///{log_file}", 180)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def address(assistant: FakeAssistant, log: AnswerLog) -> Iterator[str]:
    """A real server on a free port."""
    library, places = FakeLibrary(), FakePlaces()
    recorder = Recorder(assistant, places, log)
    page = build_page(recorder, library, places, load_messages(), log.keep_days)
    with serve(create_api(recorder, library, places, ready=lambda: True, page=page, log=log)) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launch() as browser:
        yield browser


@pytest.fixture
def visit(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Visit]:
    """A visitor with a phone unless a test says how wide; whatever it did, nothing left this host."""
    visited = Visit(browser, address, getattr(request, "param", 390))
    yield visited
    visited.check()
    visited.context.close()


@pytest.mark.parametrize("visit", [390, 1280], indirect=True, ids=["phone", "desk"])
def test_a_typed_question_is_answered_with_its_clause(visit: Visit) -> None:
    visit.ask("转公司有补助吗？")
    turn = visit.page.locator(".turn").last
    first = turn.locator(".answered > :not(.unseen)").first
    expect(first).to_have_class("notice expired")
    expect(first).to_contain_text("2025年12月31日届满")
    expect(turn.locator(".answer strong").last).to_have_text("10万元")
    card = turn.locator(".card")
    for words in ("达拉特旗", "已过期", "四、工作举措", "旗财政局（责任单位）", "2023-08-09", "达政办发〔2023〕88号"):
        expect(card).to_contain_text(words)
    expect(card.locator("mark").first).not_to_be_visible()
    turn.locator(".answer .marker").first.click()
    expect(card.locator("mark").first).to_have_text(GRANT_QUOTE)
    expect(card.locator("mark").first).to_be_visible()
    expect(turn.get_by_role("link", name="拨打 12345")).to_have_attribute("href", "tel:12345")
    link = card.get_by_role("link", name="打开原文")
    expect(link).to_have_attribute("href", "/documents/dalate-2023#四-五-15")
    expect(link).to_have_attribute("target", "_blank")
    expect(visit.page.locator("#follow-ups button:visible")).to_have_count(2)
    expect(visit.page.locator("#examples")).not_to_be_visible()


def test_the_link_opens_the_document_at_the_clause(visit: Visit) -> None:
    visit.ask("转公司有补助吗？")
    visit.page.locator(".card summary").first.click()
    with visit.context.expect_page() as opened:
        visit.page.get_by_role("link", name="打开原文").click()
    document = opened.value
    document.wait_for_load_state()
    target = document.locator("section:target")
    expect(target).to_contain_text(GRANT_QUOTE)
    expect(target).to_be_in_viewport()
    assert document.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    colour = "getComputedStyle(document.querySelector('section:target > .own')).backgroundColor"
    assert document.evaluate(colour) != "rgba(0, 0, 0, 0)"


def test_markers_open_the_card_which_stays_open_and_stay_on_the_page(visit: Visit) -> None:
    visit.page.close()
    visit.page = visit.open("/?place=芜湖市")
    visit.ask("转公司有补助吗？")
    visit.page.get_by_role("link", name="看依据 1").last.press("Enter")
    expect(visit.page.locator("#card-1-1 > summary")).to_be_focused()
    assert "place=" in visit.page.url
    visit.ask("能贷款吗？")
    expect(visit.page.locator("#card-1-1")).to_have_attribute("open", "")
    expect(visit.page.locator("#card-2-1")).not_to_have_attribute("open", "")


def test_markup_does_not_run(visit: Visit) -> None:
    visit.ask('歇业 <img src=x onerror="window.stolen = 9"> ${window.stolen = 8} {{constructor}}')
    turn = visit.page.locator(".turn").last
    expect(turn.locator(".asked")).to_contain_text("${window.stolen = 8} {{constructor}}")
    expect(turn.locator(".card blockquote")).to_contain_text("<img src=")
    expect(turn.locator(".card .title")).to_contain_text("<script>")
    expect(turn.locator("img, script, mark")).to_have_count(0)
    expect(turn.locator(".answer a")).to_have_count(1)  # [1]; not [7], which no citation has, nor the two in Markdown
    assert visit.page.evaluate("typeof window.stolen") == "undefined"


def test_follow_ups_carry_the_conversation_and_visitors_do_not_mix(
    visit: Visit, browser: Browser, address: str, assistant: FakeAssistant
) -> None:
    visit.ask("转公司有补助吗？")
    visit.page.get_by_role("button", name="要满足什么条件？").click()
    expect(visit.page.locator(".turn")).to_have_count(2, timeout=ANSWER)
    expect(visit.page.locator(".working")).to_have_count(0, timeout=ANSWER)
    assert [turn.content[:4] for turn in assistant.asked[-1].history] == ["转公司有", "给。**"]
    other = Visit(browser, address, 390)
    other.ask("能贷款吗？")
    assert assistant.asked[-1].history == []
    expect(other.page.locator(".turn")).to_have_count(1)
    other.context.close()


def test_examples_ask_and_restart_clears(visit: Visit) -> None:
    visit.page.locator("#examples button").first.click()
    expect(visit.page.locator("#restart")).to_be_visible(timeout=ANSWER)
    visit.page.locator("#restart").click()
    expect(visit.page.locator(".turn")).to_have_count(0, timeout=ANSWER)
    expect(visit.page.locator("#examples")).to_be_visible()


def test_a_place_is_chosen_typed_and_remembered(visit: Visit, assistant: FakeAssistant) -> None:
    options, line = visit.page.get_by_role("option"), visit.page.locator("#coverage")
    visit.page.click("#place input")
    expect(options).to_have_text([f"{name}有当地文件" for name in COVERED])
    options.nth(1).click()
    expect(line).to_contain_text("已选鄂尔多斯市：当地文件 1 份", timeout=ANSWER)
    visit.choose("准格尔旗")
    expect(line).to_contain_text("已选准格尔旗：当地文件还没有收录", timeout=ANSWER)
    visit.ask("能贷款吗？")
    assert assistant.asked[-1].jurisdiction == "150622"
    visit.page.reload()
    expect(line).to_contain_text("已选准格尔旗", timeout=ANSWER)
    expect(visit.page.locator("#place input")).to_have_value("准格尔旗（鄂尔多斯市）")
    visit.ask("能贷款吗？")
    assert assistant.asked[-1].jurisdiction == "150622"


def test_a_place_is_found_by_keyboard_while_it_is_typed(visit: Visit) -> None:
    box, options = visit.page.get_by_role("combobox"), visit.page.get_by_role("option")
    box.focus()
    visit.page.keyboard.insert_text("旗")
    expect(options).to_have_text(["达拉特旗（鄂尔多斯市）有当地文件", "准格尔旗（鄂尔多斯市）"])
    box.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", "place-option-1")
    box.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_have_value("")
    visit.page.keyboard.insert_text("旗")
    expect(options).to_have_count(2)
    box.press("ArrowDown")
    box.press("Enter")
    expect(visit.page.locator("#coverage")).to_contain_text("已选达拉特旗", timeout=ANSWER)
    expect(box).to_have_value("达拉特旗（鄂尔多斯市）")


def test_a_place_that_is_not_one_place_is_told(visit: Visit) -> None:
    visit.choose("朝阳区")
    expect(visit.page.locator("#coverage")).to_contain_text("有 2 个", timeout=ANSWER)
    visit.page.click("#place input")
    expect(visit.page.get_by_role("option")).to_have_text(["朝阳区（北京市）", "朝阳区（长春市）"])
    visit.choose("<b>无此县</b>")
    expect(visit.page.locator("#coverage")).to_contain_text("找不到“<b>无此县</b>”", timeout=ANSWER)
    expect(visit.page.locator("#place input")).to_have_value("<b>无此县</b>")


def test_the_place_in_the_address_comes_first(visit: Visit) -> None:
    visit.choose("准格尔旗")
    expect(visit.page.locator("#coverage")).to_contain_text("已选准格尔旗", timeout=ANSWER)
    visit.page.goto(f"{visit.address}/?place=芜湖市")
    expect(visit.page.locator("#coverage")).to_contain_text("已选芜湖市", timeout=ANSWER)


def test_routes_are_not_shadowed_and_uploads_are_closed(visit: Visit) -> None:
    get, post = visit.context.request.get, visit.context.request.post
    assert post(f"{visit.address}/api/search").status == 405
    assert get(f"{visit.address}/api/none").json()["error"]["code"] == "not_found"
    assert post(f"{visit.address}/gradio_api/upload", multipart={"files": "x"}).status == 404
    assert "script-src 'self'" in get(visit.address).headers["content-security-policy"]


def test_everything_is_large_enough_to_read(visit: Visit) -> None:
    visit.ask("转公司有补助吗？")
    small = visit.page.evaluate(
        """() => [...document.querySelectorAll('.gradio-container *')].filter(e =>
             [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()) && e.checkVisibility()
             && parseFloat(getComputedStyle(e).fontSize) < 15.9).map(e => e.outerHTML.slice(0, 120))"""
    )
    assert small == []


@pytest.mark.parametrize("visit", [390, 1280], indirect=True, ids=["phone", "desk"])
def test_a_vote_with_its_reason_reaches_the_log_and_outlasts_the_next_question(visit: Visit, log: AnswerLog) -> None:
    visit.ask("转公司有补助吗？")
    vote = visit.page.locator(".vote")
    useless = vote.get_by_role("button", name="没用")
    useless.click()
    expect(useless).to_have_attribute("aria-pressed", "true")
    expect(vote.get_by_role("status")).to_have_text("谢谢，您的评价记下了。", timeout=ANSWER)
    assert (log.down_voted(limit=1)[0].question, log.down_voted(limit=1)[0].comment) == ("转公司有补助吗？", None)
    vote.get_by_role("button", name="数字不对").click()
    vote.get_by_role("button", name="地方不对").click()
    vote.get_by_role("textbox").fill("应该是十五万")
    vote.get_by_role("button", name="提交").click()
    expect(vote.get_by_role("status")).to_have_text("谢谢，您说的问题记下了。", timeout=ANSWER)
    assert log.down_voted(limit=1)[0].comment == "地方不对、数字不对：应该是十五万"
    visit.ask("能贷款吗？")
    pressed = visit.page.locator(".verdicts button[aria-pressed=true]")
    expect(pressed).to_have_count(1)
    expect(visit.page.locator(".turn").first.locator(".verdicts button[aria-pressed=true]")).to_have_text("没用")


def test_a_vote_can_be_changed(visit: Visit, log: AnswerLog) -> None:
    visit.ask("转公司有补助吗？")
    vote = visit.page.locator(".vote")
    for name, verdict in (("没用", "down"), ("有用", "up")):
        with visit.page.expect_response("**/api/feedback"):
            vote.get_by_role("button", name=name).click()
        kept = log.get(vote.get_attribute("data-answer") or "")
        assert kept is not None
        assert kept.verdict == verdict
    expect(vote.locator(".why")).to_be_hidden()


def test_votes_go_by_keyboard_and_what_is_half_written_stays(visit: Visit, log: AnswerLog) -> None:
    visit.ask("转公司有补助吗？")
    first = visit.page.locator(".turn").first
    first.get_by_role("button", name="没用").press("Enter")
    expect(first.get_by_role("button", name="没用")).to_have_attribute("aria-expanded", "true")
    first.get_by_role("button", name="看不懂").press("Space")
    first.get_by_label("想说得具体些").fill("写到一半")
    visit.ask("能贷款吗？")
    expect(first.get_by_role("button", name="看不懂")).to_have_attribute("aria-pressed", "true")
    expect(first.get_by_role("textbox")).to_have_value("写到一半")
    expect(visit.page.locator(".turn").last.locator(".why")).to_be_hidden()
    first.get_by_role("textbox").press("Enter")
    expect(first.get_by_role("button", name="没用")).to_be_focused(timeout=ANSWER)
    assert log.down_voted(limit=1)[0].comment == "看不懂：写到一半"


def test_a_vote_that_is_not_kept_is_told(visit: Visit, log_file: Path) -> None:
    visit.ask("转公司有补助吗？")
    vote = visit.page.locator(".vote")
    visit.page.route("**/api/feedback", lambda route: route.abort())
    vote.get_by_role("button", name="有用").click()
    expect(vote.get_by_role("status")).to_have_text("没能记下您的评价，请检查网络后再试。", timeout=ANSWER)
    expect(vote.get_by_role("button", name="有用")).to_have_attribute("aria-pressed", "false")
    visit.page.unroute("**/api/feedback")
    with sqlite3.connect(log_file) as connection:
        connection.execute("DELETE FROM answers")
    connection.close()
    vote.get_by_role("button", name="有用").click()
    expect(vote.get_by_role("status")).to_contain_text("找不到这条回答的记录", timeout=ANSWER)
    assert len(visit.errors) == 2  # the browser's own words on the two requests that failed
    visit.errors.clear()


def test_votes_are_easy_to_touch_and_move_nothing(visit: Visit) -> None:
    visit.ask("转公司有补助吗？")
    place = "[...document.querySelectorAll('.verdicts button')].map((e) => JSON.stringify(e.getBoundingClientRect()))"
    visit.page.locator(".verdicts").evaluate("(e) => e.scrollIntoView({block: 'center'})")
    before = visit.page.evaluate(place)
    visit.page.get_by_role("button", name="有用").click()
    expect(visit.page.locator(".vote").get_by_role("status")).to_contain_text("谢谢", timeout=ANSWER)
    assert visit.page.evaluate(place) == before
    visit.page.get_by_role("button", name="没用").click()
    heights = visit.page.evaluate(
        "[...document.querySelectorAll('.vote button, .vote input')].map((e) => e.getBoundingClientRect().height)"
    )
    assert len(heights) == 10
    assert min(heights) >= 44


def test_the_page_says_what_is_kept_and_for_how_long(visit: Visit) -> None:
    expect(visit.page.locator("#masthead")).to_contain_text("保存 180 天")
    nothing_kept = build_page(FakeAssistant(), FakeLibrary(), FakePlaces(), load_messages())
    assert "保存" not in str(nothing_kept.get_config_file())
