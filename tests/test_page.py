"""The owners' page in a real browser: asked, answered, safe, and nothing fetched from elsewhere."""

from __future__ import annotations

import sqlite3

import pytest
from playwright.sync_api import BrowserContext, expect

from bot.page import build_page
from prompts.messages import load_messages
from tests.browsing import ANSWER, CHROMIUM, Visit
from tests.chat_fixture import BOTH, Chat
from tests.fakes import GRANT_QUOTE, FakeAssistant, FakeLibrary, FakePlaces

COVERED = ("达拉特旗（鄂尔多斯市）", "鄂尔多斯市（内蒙古自治区）", "芜湖市（安徽省）")

pytestmark = [
    pytest.mark.enable_socket,
    # Gradio's own statistics use what pandas 3 is about to give up.
    pytest.mark.filterwarnings("ignore:.*(no_silent_downcasting|copy keyword).* is deprecated"),
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed: apt-get install chromium"),
]


@BOTH
def test_a_typed_question_is_answered_with_its_clause_which_opens_in_its_document(visit: Visit) -> None:
    expect(visit.page.locator("#masthead")).to_contain_text("保存 180 天")
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
    assert small_texts(visit) == []
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


def small_texts(visit: Visit) -> list[str]:
    """What is set in letters of less than 16 pixels."""
    found: list[str] = visit.page.evaluate(
        """() => [...document.querySelectorAll('.gradio-container *')].filter(e =>
             [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()) && e.checkVisibility()
             && parseFloat(getComputedStyle(e).fontSize) < 15.9).map(e => e.outerHTML.slice(0, 120))"""
    )
    return found


@BOTH
def test_the_place_in_the_address_comes_first_and_markers_stay_on_the_page(visit: Visit) -> None:
    visit.choose("准格尔旗")
    expect(visit.page.locator("#coverage")).to_contain_text("已选准格尔旗", timeout=ANSWER)
    visit.page.goto(f"{visit.address}/?place=芜湖市")
    expect(visit.page.locator("#coverage")).to_contain_text("已选芜湖市", timeout=ANSWER)
    expect(visit.page.locator("#question textarea")).to_be_enabled(timeout=ANSWER)
    visit.ask("转公司有补助吗？")
    visit.page.get_by_role("link", name="看依据 1").last.press("Enter")
    expect(visit.page.locator("#card-1-1 > summary")).to_be_focused()
    assert "place=" in visit.page.url
    visit.ask("能贷款吗？")
    expect(visit.page.locator("#card-1-1")).to_have_attribute("open", "")
    expect(visit.page.locator("#card-2-1")).not_to_have_attribute("open", "")


@BOTH
def test_examples_and_follow_ups_ask_restart_clears_and_visitors_do_not_mix(
    visit: Visit, profile: BrowserContext, chat: Chat
) -> None:
    visit.page.locator("#examples button").first.click()
    expect(visit.page.locator(".turn")).to_have_count(1, timeout=ANSWER)
    visit.wait()
    visit.page.locator("#restart").click()
    expect(visit.page.locator(".turn")).to_have_count(0, timeout=ANSWER)
    expect(visit.page.locator("#examples")).to_be_visible()
    expect(visit.page.locator("#question textarea")).to_be_enabled(timeout=ANSWER)
    visit.ask("转公司有补助吗？")
    visit.page.get_by_role("button", name="要满足什么条件？").click()
    expect(visit.page.locator(".turn")).to_have_count(2, timeout=ANSWER)
    visit.wait()
    assert [turn.content[:4] for turn in chat.assistant.asked[-1].history] == ["转公司有", "给。**"]
    other = Visit(profile, chat.address, visit.width)
    other.ask("能贷款吗？")
    assert chat.assistant.asked[-1].history == []
    expect(other.page.locator(".turn")).to_have_count(1)
    other.check()
    other.page.close()


@BOTH
def test_a_place_is_chosen_typed_and_remembered(visit: Visit, chat: Chat) -> None:
    options, line = visit.page.get_by_role("option"), visit.page.locator("#coverage")
    visit.page.click("#place input")
    expect(options).to_have_text([f"{name}有当地文件" for name in COVERED])
    options.nth(1).click()
    expect(line).to_contain_text("已选鄂尔多斯市：当地文件 1 份", timeout=ANSWER)
    visit.choose("准格尔旗")
    expect(line).to_contain_text("已选准格尔旗：当地文件还没有收录", timeout=ANSWER)
    visit.ask("能贷款吗？")
    assert chat.assistant.asked[-1].jurisdiction == "150622"
    visit.page.reload()
    expect(line).to_contain_text("已选准格尔旗", timeout=ANSWER)
    expect(visit.page.locator("#place input")).to_have_value("准格尔旗（鄂尔多斯市）")
    visit.ask("能贷款吗？")
    assert chat.assistant.asked[-1].jurisdiction == "150622"


@BOTH
def test_a_place_is_found_by_keyboard_while_it_is_typed_and_one_that_is_not_one_place_is_told(visit: Visit) -> None:
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
    visit.choose("朝阳区")
    expect(visit.page.locator("#coverage")).to_contain_text("有 2 个", timeout=ANSWER)
    visit.page.click("#place input")
    expect(visit.page.get_by_role("option")).to_have_text(["朝阳区（北京市）", "朝阳区（长春市）"])
    visit.choose("<b>无此县</b>")
    expect(visit.page.locator("#coverage")).to_contain_text("找不到“<b>无此县</b>”", timeout=ANSWER)
    expect(visit.page.locator("#place input")).to_have_value("<b>无此县</b>")


def touch_vote(visit: Visit, name: str) -> None:
    """Vote, and wait until it has arrived."""
    with visit.page.expect_response("**/api/feedback"):
        visit.page.locator(".vote").get_by_role("button", name=name).click()


@BOTH
def test_a_vote_is_easy_to_touch_can_be_changed_and_outlasts_the_next_question(visit: Visit, chat: Chat) -> None:
    visit.ask("转公司有补助吗？")
    vote = visit.page.locator(".vote")
    place = "[...document.querySelectorAll('.verdicts button')].map((e) => JSON.stringify(e.getBoundingClientRect()))"
    visit.page.locator(".verdicts").evaluate("(e) => e.scrollIntoView({block: 'center'})")
    before = visit.page.evaluate(place)
    visit.page.get_by_role("button", name="有用").click()
    expect(visit.page.locator(".vote").get_by_role("status")).to_contain_text("谢谢", timeout=ANSWER)
    assert visit.page.evaluate(place) == before
    touch_vote(visit, "没用")
    heights = visit.page.evaluate(
        "[...document.querySelectorAll('.vote button, .vote input')].map((e) => e.getBoundingClientRect().height)"
    )
    assert len(heights) == 10
    assert min(heights) >= 44
    touch_vote(visit, "有用")
    kept = chat.log.get(vote.get_attribute("data-answer") or "")
    assert kept is not None
    assert kept.verdict == "up"
    expect(vote.locator(".why")).to_be_hidden()
    touch_vote(visit, "没用")
    expect(vote.get_by_role("button", name="没用")).to_have_attribute("aria-pressed", "true")
    expect(vote.get_by_role("status")).to_have_text("谢谢，您的评价记下了。", timeout=ANSWER)
    latest = chat.log.down_voted(limit=1)[0]
    assert (latest.question, latest.comment) == ("转公司有补助吗？", None)
    vote.get_by_role("button", name="数字不对").click()
    vote.get_by_role("button", name="地方不对").click()
    vote.get_by_role("textbox").fill("应该是十五万")
    vote.get_by_role("button", name="提交").click()
    expect(vote.get_by_role("status")).to_have_text("谢谢，您说的问题记下了。", timeout=ANSWER)
    assert chat.log.down_voted(limit=1)[0].comment == "地方不对、数字不对：应该是十五万"
    visit.ask("能贷款吗？")
    pressed = visit.page.locator(".verdicts button[aria-pressed=true]")
    expect(pressed).to_have_count(1)
    expect(visit.page.locator(".turn").first.locator(".verdicts button[aria-pressed=true]")).to_have_text("没用")


@BOTH
def test_votes_go_by_keyboard_and_what_is_half_written_stays_and_a_vote_that_is_not_kept_is_told(
    visit: Visit, chat: Chat
) -> None:
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
    assert chat.log.down_voted(limit=1)[0].comment == "看不懂：写到一半"
    vote = visit.page.locator(".vote").last
    visit.page.route("**/api/feedback", lambda route: route.abort())
    vote.get_by_role("button", name="有用").click()
    expect(vote.get_by_role("status")).to_have_text("没能记下您的评价，请检查网络后再试。", timeout=ANSWER)
    expect(vote.get_by_role("button", name="有用")).to_have_attribute("aria-pressed", "false")
    visit.page.unroute("**/api/feedback")
    with sqlite3.connect(chat.log_file) as connection:
        connection.execute("DELETE FROM answers")
    connection.close()
    vote.get_by_role("button", name="有用").click()
    expect(vote.get_by_role("status")).to_contain_text("找不到这条回答的记录", timeout=ANSWER)
    assert len(visit.errors) == 2  # the browser's own words on the two requests that failed
    visit.errors.clear()


def test_routes_are_not_shadowed_and_uploads_are_closed(profile: BrowserContext, chat: Chat) -> None:
    get, post = profile.request.get, profile.request.post
    assert post(f"{chat.address}/api/search").status == 405
    assert get(f"{chat.address}/api/none").json()["error"]["code"] == "not_found"
    assert post(f"{chat.address}/gradio_api/upload", multipart={"files": "x"}).status == 404
    assert "script-src 'self'" in get(chat.address).headers["content-security-policy"]


def test_where_nothing_is_kept_the_page_does_not_say_so() -> None:
    nothing_kept = build_page(FakeAssistant(), FakeLibrary(), FakePlaces(), load_messages())
    assert "保存" not in str(nothing_kept.get_config_file())
