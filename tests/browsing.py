"""What tests of pages share: the service on a free port, the browser, and a visitor who lets nothing pass."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

import uvicorn
from axe_playwright_python.sync_playwright import Axe
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, FrameLocator, Page, expect, sync_playwright

CHROMIUM = shutil.which("chromium")
ANSWER = 30_000  # milliseconds; the machine may be busy


@contextmanager
def serve(app: FastAPI) -> Iterator[str]:
    """A real server on a free port; gives its address."""
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning", timeout_graceful_shutdown=1)
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.01)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:  # a thread that ran on would keep a failed run from ending
        server.should_exit = True
        thread.join(timeout=10)


@contextmanager
def launch() -> Iterator[Browser]:
    """The browser, without a window; what a page is expected to show may take as long as an answer."""
    expect.set_options(timeout=ANSWER)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield launched
        launched.close()


# What a page would do after so many milliseconds is done at once: `wait_out(6000)`. A clock that is moved instead lets
# the pieces of an answer overtake one another.
IMPATIENT = """(() => {
  const late = new Map(), {setTimeout: start, clearTimeout: stop} = window;
  window.setTimeout = (run, after, ...rest) => {
    const id = start(run, after, ...rest);
    if (after > 5000) late.set(id, [after, () => run(...rest)]);
    return id;
  };
  window.clearTimeout = (id) => { late.delete(id); stop(id); };
  window.wait_out = (after) => late.forEach(([due, run]) => { if (due === after) run(); });
})()"""


def open_profile(browser: Browser, width: int = 390, dark: bool = False) -> BrowserContext:
    """A browser's profile of its own, with a cache and nothing remembered yet."""
    scheme: Literal["dark", "light"] = "dark" if dark else "light"
    context = browser.new_context(
        viewport={"width": width, "height": 844}, locale="zh-CN", color_scheme=scheme, reduced_motion="reduce"
    )
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    return context


class Visit:
    """One visitor's browser; remembers every address that it called and every script error."""

    def __init__(self, context: BrowserContext, address: str, width: int = 390, path: str = "/") -> None:
        self.context = context
        self.address, self.width = address, width
        self.called: list[str] = []
        self.errors: list[str] = []
        self.page = self.open(path)

    def open(self, path: str) -> Page:
        """Another page of this visitor's; at the chat, once it can be used."""
        page = self.context.new_page()
        page.set_viewport_size({"width": self.width, "height": 844})
        page.on("request", lambda request: self.called.append(request.url))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda line: self.errors.append(line.text) if line.type == "error" else None)
        page.goto(self.address + path)
        if path.startswith(("/?", "/#")) or path == "/":
            expect(page.locator("#question textarea")).to_be_enabled(timeout=ANSWER)
        return page

    def ask(self, question: str) -> None:
        """Type a question, send it, wait for the answer."""
        answers = self.page.locator(".turn").count()
        self.send(question)
        expect(self.page.locator(".turn")).to_have_count(answers + 1, timeout=ANSWER)
        self.wait()

    def send(self, question: str) -> None:
        """Type a question and send it, as somebody does who sees what he types.

        The page may empty its box a frame or two after it has let one type again.
        """
        box = self.page.locator("#question textarea")
        box.fill(question)
        box.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        if box.input_value() != question:
            box.fill(question)
        box.press("Enter")

    def wait(self) -> None:
        """Wait until an answer is there and the next question can be typed."""
        settled(self.page)

    def choose(self, place: str) -> None:
        """Type a place and leave the box."""
        self.page.fill("#place input", place)
        self.page.locator("#place input").blur()

    def hurry(self) -> None:
        """Open the page anew with `wait_out`."""
        self.page.add_init_script(IMPATIENT)
        self.page.reload()
        expect(self.page.locator("#question textarea")).to_be_enabled(timeout=ANSWER)

    def leave(self) -> None:
        """Close all windows and forget the place; files stay in the cache for whoever is next."""
        self.context.set_offline(False)
        self.page.evaluate("localStorage.clear()")
        for page in self.context.pages:
            page.close()

    def check(self) -> None:
        """Nothing left this host, no script failed, nothing has to be scrolled sideways."""
        self.page.wait_for_load_state()  # without its styles a page is wider
        foreign = [url for url in self.called if not url.startswith((self.address, "data:", "blob:"))]
        assert not foreign, foreign
        assert not self.errors, self.errors
        width = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert self.page.evaluate(width) == 0


def settled(chat: Page | FrameLocator) -> None:
    """Wait until the chat, which may be in a frame, has answered."""
    expect(chat.locator("#restart")).to_be_visible(timeout=ANSWER)
    expect(chat.locator(".working")).to_have_count(0, timeout=ANSWER)
    expect(chat.locator("#question textarea")).to_be_enabled(timeout=ANSWER)


def check_access(page: Page) -> None:
    """No rule of axe-core's is broken, contrast and headings included."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
