"""Measure in a real browser how long after the last key the desk shows its clauses: `python -m tests.measure_desk`.

From the event that brings the key's character to the frame in which the new list has been painted. One server and one
browser on this machine; the texts are the corpus's own topics, each typed key by key, faster than one types.
"""

from __future__ import annotations

import statistics

from playwright.sync_api import Page

from bot.api import create_api
from bot.app import open_huiwen
from bot.desk import make_desk
from ingest.settings import read_settings
from tests.browsing import launch, serve

TARGET = 150.0  # milliseconds
_TEXTS = 40
_BETWEEN = 80  # milliseconds from key to key
# Keeps the milliseconds from the last key to the frame after the list has changed.
_WATCH = """() => {
  let key = 0;
  window.waited = 0;
  document.addEventListener("beforeinput", (event) => { key = event.timeStamp; }, true);
  new MutationObserver(() => requestAnimationFrame(() => setTimeout(() => {
    if (key) window.waited = performance.now() - key;
  }))).observe(document.querySelector("#found"), { childList: true });
}"""


def main() -> None:
    """Type every text and print the median, the 95th percentile and the worst."""
    huiwen = open_huiwen(read_settings())
    desk = make_desk(huiwen, huiwen, None, None)
    app = create_api(huiwen, huiwen, huiwen.gazetteer, ready=huiwen.ready, page=None, desk=desk)
    topics = {topic for one in huiwen.documents() for clause in huiwen.clauses(one.id) for topic in clause.topics}
    texts = [f"{topic[:4]} 补贴" for topic in sorted(topics)][:_TEXTS]
    with serve(app) as url, launch() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(f"{url}/desk")
        times = sorted(_type(page, text) for text in texts)
    p95 = times[int(len(times) * 0.95)]
    middle, worst = statistics.median(times), times[-1]
    print(f"last key to painted list: median {middle:.0f} ms, p95 {p95:.0f} ms, worst {worst:.0f} ms")
    raise SystemExit(0 if p95 <= TARGET else 1)


def _type(page: Page, text: str) -> float:
    page.goto(page.url.partition("?")[0])
    page.evaluate(_WATCH)
    page.keyboard.type(text, delay=_BETWEEN)
    page.wait_for_timeout(500)
    return float(page.evaluate("window.waited"))


if __name__ == "__main__":
    main()
