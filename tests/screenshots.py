"""`make screenshots`: pictures of every page at both widths, into docs/, made of the documents that ship.

Run it after each change of a page, look at every picture, and mend what you would not show.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, expect

from bot.answer_log import AnswerLog
from bot.app import open_huiwen
from bot.serve import make_service
from bot.staff import StaffAccounts, StaffLogin
from eval.cli import CASES
from eval.drafts import Drafts
from eval.mount import mount_eval_page
from eval.page import build_eval_page
from eval.page_feedback import Feedback
from eval.page_runner import SystemRunner
from eval.run import run
from eval.sets import read_sets
from eval.systems import InProcess
from ingest.settings import ROOT, read_settings
from prompts.eval_messages import load_eval_messages
from tests.browsing import ANSWER, CHROMIUM, launch, serve

DOCS = ROOT / "docs"
SIZES = {"phone": (390, 844), "wide": (1280, 900)}
PLACE = "达拉特旗"
CASES_RUN = 60  # of the core set, for the evaluators' page to show
STAFF, PASSWORD = "wang", "for pictures only"
QUESTIONS = ("把店变成公司，旗里给钱不？", "达拉特旗和岚县，个转企各补多少？")


def main() -> None:
    """Take them all; needs the index (`huiwen ingest`) and Chromium."""
    if CHROMIUM is None:
        sys.exit("chromium is not installed: apt-get install chromium fonts-noto-cjk")
    with TemporaryDirectory() as folder:
        log = AnswerLog(f"sqlite:///{folder}/answers.db", 180)
        accounts = StaffAccounts(Path(folder) / "staff")
        accounts.set_password(STAFF, PASSWORD)
        settings, huiwen, runs = read_settings(), open_huiwen(read_settings()), Path(folder) / "runs"
        service = make_service(huiwen, log, StaffLogin(accounts))
        few = [replace(one, cases=one.cases[:CASES_RUN]) for one in read_sets([CASES / "core.jsonl"])]
        run(few, InProcess(huiwen), settings, runs, "example")
        runner = SystemRunner(InProcess(huiwen), settings, runs)
        feedback = Feedback(log, Drafts(Path(folder) / "drafts.jsonl"), huiwen, huiwen.gazetteer)
        mount_eval_page(service, build_eval_page(runner, runs, feedback, load_eval_messages()))
        with serve(service) as address, launch() as browser:
            for name, (width, height) in SIZES.items():
                for dark in (False, True):
                    take_all(browser, address, f"{name}-dark" if dark else name, width, height, dark)
        log.close()


def take_all(browser: Browser, address: str, name: str, width: int, height: int, dark: bool) -> None:
    """The pages as one visitor comes to them."""
    context = browser.new_context(
        viewport={"width": width, "height": height},
        locale="zh-CN",
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(f"{address}/?place={PLACE}")
    expect(page.locator("#coverage")).to_contain_text(PLACE, timeout=ANSWER)
    expect(page.locator("#examples")).to_be_visible()
    if not dark:
        take(page, f"start-{name}")
    ask(page, QUESTIONS[0])
    if not dark:
        take(page, f"chat-{name}")
    page.locator(".answer .marker").first.click()
    take(page, f"clause-{name}")
    if dark:  # one picture tells; the colours are the same on all pages
        context.close()
        return
    ask(page, QUESTIONS[1])
    take(page, f"comparison-{name}")
    page.get_by_role("button", name="没用").last.click()
    take(page, f"vote-{name}")
    page.goto(address + str(page.locator("a.open").first.get_attribute("href")))
    take(page, f"document-{name}")
    page.goto(f"{address}/widget-demo")
    page.get_by_role("button", name="问政策").click()
    expect(page.frame_locator("iframe").locator(".turn")).to_have_count(2, timeout=ANSWER)
    take(page, f"widget-{name}")
    enter(page, address, name)
    page.goto(f"{address}/desk?q=个转企 补助")
    expect(page.locator("#count")).to_be_visible(timeout=ANSWER)
    take(page, f"desk-{name}")
    page.press("#q", "Control+Enter")
    expect(page.locator("#readout")).to_be_visible(timeout=ANSWER)
    take(page, f"readout-{name}")
    page.goto(f"{address}/desk/compare?q=个转企补助多少&place=达拉特旗&place=岚县&place=六盘水市")
    take(page, f"compare-{name}")
    for path in ("corrections", "figures"):
        page.goto(f"{address}/desk/{path}")
        take(page, f"{path}-{name}")
    page.goto(f"{address}/eval/?run=example")
    expect(page.locator("#cases .count")).to_be_visible(timeout=ANSWER)
    take(page, f"eval-{name}")
    page.goto(f"{address}/corpus")
    take(page, f"corpus-{name}")
    page.locator(".kept a").first.click()
    page.locator(".outline a").nth(20).click()
    take(page, f"outline-{name}")
    context.close()


def enter(page: Page, address: str, name: str) -> None:
    """Log in at the desk."""
    page.goto(f"{address}/desk/login")
    take(page, f"login-{name}")
    page.fill("[name=name]", STAFF)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    expect(page.locator("#q")).to_be_visible(timeout=ANSWER)


def ask(page: Page, question: str) -> None:
    """Ask, and wait for the whole answer."""
    turns = page.locator(".turn").count()
    page.fill("#question textarea", question)
    page.press("#question textarea", "Enter")
    expect(page.locator(".turn")).to_have_count(turns + 1, timeout=ANSWER)
    expect(page.locator("#follow-ups")).to_be_visible(timeout=ANSWER)
    page.mouse.move(0, 0)


def take(page: Page, name: str) -> None:
    """One picture of what stands in the window."""
    page.wait_for_timeout(300)  # what still moves
    path: Path = DOCS / f"{name}.png"
    page.screenshot(path=path)
    print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
