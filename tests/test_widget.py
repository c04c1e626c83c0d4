"""The widget on pages of other origins: small, apart from the page, within its policy, and only where it is allowed."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from playwright.sync_api import Browser, Page, expect
from pydantic import ValidationError
from starlette.requests import Request
from starlette.routing import Route
from starlette.testclient import TestClient

from bot.api import create_api
from bot.page import build_page
from bot.widget import write_widget
from ingest.settings import Settings
from prompts.messages import load_messages
from tests.browsing import ANSWER, CHROMIUM, IMPATIENT, serve, settled
from tests.fakes import FakeAssistant, FakeLibrary, FakePlaces

STYLE = "button, p, iframe, div { display: none !important; font-size: 3px !important; color: red !important }"
DIGEST = b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()

pytestmark = [
    pytest.mark.enable_socket,
    # Gradio's own statistics use what pandas 3 is about to give up.
    pytest.mark.filterwarnings("ignore:.*(no_silent_downcasting|copy keyword).* is deprecated"),
]
in_browser = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed: apt-get install chromium")


@pytest.fixture(scope="module")
def assistant() -> FakeAssistant:
    return FakeAssistant()


async def show_host(request: Request) -> HTMLResponse:
    """A page of somebody else's: a strict policy, a style that would spoil what is not apart, and the widget."""
    service = request.query_params.get("service", "")
    script = (
        f'<script src="{service}/widget.js" data-place="达拉特旗" data-title="问一问政策"></script>' if service else ""
    )
    policy = f"default-src 'none'; script-src {service}; frame-src {service}; style-src 'sha256-{DIGEST}'"
    html = (
        f"<!doctype html><html lang=zh><meta charset=utf-8><title>县</title><style>{STYLE}</style><h1>县</h1>{script}"
    )
    return HTMLResponse(html, headers={"Content-Security-Policy": policy})


@pytest.fixture(scope="module")
def host() -> Iterator[str]:
    """The other site; by the name localhost it is allowed to have the widget, by its number it is not."""
    with serve(FastAPI(routes=[Route("/{page}", show_host)])) as address:
        yield address


@pytest.fixture(scope="module")
def address(assistant: FakeAssistant, host: str) -> Iterator[str]:
    library, places = FakeLibrary(), FakePlaces()
    page = build_page(assistant, library, places, load_messages())
    origins = f"https://www.example.cn {allowed(host)}"
    with serve(
        create_api(assistant, library, places, ready=lambda: True, page=page, widget_origins=origins)
    ) as address:
        yield address


def allowed(host: str) -> str:
    return host.replace("127.0.0.1", "localhost")


class Guest:
    """Somebody at the other site."""

    def __init__(self, browser: Browser, site: str, address: str, width: int) -> None:
        self.context = browser.new_context(viewport={"width": width, "height": 844}, locale="zh-CN")
        self.page = self.context.new_page()
        self.errors: list[str] = []
        self.page.on("console", lambda line: self.errors.append(line.text) if line.type == "error" else None)
        self.page.add_init_script(IMPATIENT)
        self.page.goto(f"{site}/first")
        self.before = read_globals(self.page)
        self.errors.clear()  # without the service's address the policy is none
        self.page.goto(f"{site}/first?service={address}")
        self.chat = self.page.frame_locator("huiwen-widget iframe")
        self.button = self.page.get_by_role("button", name="问一问政策")
        self.panel = self.page.get_by_role("dialog", name="问一问政策")


def read_globals(page: Page) -> set[str]:
    return set(page.evaluate("Object.getOwnPropertyNames(window)"))


def test_it_is_small_and_has_its_words_in_it() -> None:
    script = write_widget(load_messages().widget)
    assert len(script.encode()) <= 10 * 1024
    assert "__" not in script
    assert "问政策" in script


@in_browser
@pytest.mark.parametrize("width", [390, 1280], ids=["phone", "desk"])
def test_it_opens_with_the_focus_inside_closes_with_escape_and_outlasts_navigation(
    browser: Browser, host: str, address: str, assistant: FakeAssistant, width: int
) -> None:
    guest = Guest(browser, allowed(host), address, width)
    assert read_globals(guest.page) == guest.before
    expect(guest.button).to_have_attribute("aria-expanded", "false")
    expect(guest.button).to_have_css("font-size", "18px")
    guest.button.click()
    expect(guest.chat.locator("#question textarea")).to_be_focused(timeout=ANSWER)
    guest.page.keyboard.insert_text("转公司有补助吗？")
    guest.page.keyboard.press("Enter")
    settled(guest.chat)
    assert assistant.asked[-1].jurisdiction == "150621"
    guest.page.keyboard.press("Escape")
    expect(guest.panel).to_be_hidden()
    expect(guest.button).to_be_focused()
    guest.button.press("Enter")
    expect(guest.panel).to_be_visible()
    guest.page.goto(f"{allowed(host)}/next?service={address}")
    expect(guest.panel).to_be_visible()
    expect(guest.chat.locator(".turn")).to_contain_text("10万元", timeout=ANSWER)
    guest.panel.get_by_role("button", name="关闭").click()
    expect(guest.button).to_be_focused()
    assert guest.errors == []
    guest.context.close()


@in_browser
def test_where_it_is_not_allowed_it_says_so_and_shows_the_way(browser: Browser, host: str, address: str) -> None:
    guest = Guest(browser, host, address, 390)
    guest.button.click()
    expect(guest.panel.get_by_role("status")).to_have_text("正在打开……")
    expect(guest.panel.get_by_role("button", name="关闭")).to_be_focused()
    guest.page.evaluate("wait_out(15_000)")
    expect(guest.panel.get_by_role("status")).to_contain_text("没能打开")
    way = guest.panel.get_by_role("status").get_by_role("link")
    expect(way).to_have_attribute("href", f"{address}/?place=%E8%BE%BE%E6%8B%89%E7%89%B9%E6%97%97")
    assert any("frame-ancestors" in line for line in guest.errors)
    guest.page.keyboard.press("Escape")
    expect(guest.panel).to_be_hidden()
    guest.context.close()


@in_browser
def test_a_page_may_have_the_script_twice_and_the_example_page_has_it(browser: Browser, address: str) -> None:
    page = browser.new_page()
    errors: list[str] = []
    page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
    page.goto(f"{address}/widget-demo")
    page.evaluate("document.head.append(Object.assign(document.createElement('script'), {src: 'widget.js'}))")
    page.wait_for_load_state("networkidle")
    expect(page.locator("huiwen-widget")).to_have_count(1)
    page.get_by_role("button", name="问政策").click()
    expect(page.frame_locator("huiwen-widget iframe").locator("#question textarea")).to_be_focused(timeout=ANSWER)
    assert errors == []
    page.close()


def test_other_pages_and_framing_are_held_to_the_setting() -> None:
    library, places = FakeLibrary(), FakePlaces()
    app = create_api(FakeAssistant(), library, places, ready=lambda: True, page=None)
    assert TestClient(app).get("/widget.js").status_code == 404  # nothing to open without the page
    for good in ("", "https://www.example.gov.cn", "http://*.example.cn:8080 https://b.cn"):
        assert Settings(widget_origins=good).widget_origins == good
    for bad in ("https://x.cn; script-src *", "*", "'none'", "x.cn", "https://x.cn/path", "https://x.cn\nhttps://y.cn"):
        with pytest.raises(ValidationError):
            Settings(widget_origins=bad)
