"""The evaluators' page in a real browser: a run made, read, compared and downloaded, beside the chat page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import gradio as gr
import pytest
from fastapi import FastAPI
from openpyxl import load_workbook
from playwright.sync_api import BrowserContext, Page, expect
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.testclient import TestClient

from bot.answer_log import AnswerLog
from bot.api import create_api
from bot.page import build_page
from eval.cases import CaseError, read_cases, write_cases
from eval.drafts import Drafts
from eval.mount import mount_eval_page
from eval.page import build_eval_page
from eval.page_feedback import STEP, Feedback, FeedbackTab
from eval.page_results import CASES_SHOWN, ResultsTab
from eval.page_runs import RunTab
from eval.page_tools import Downloads
from eval.report import ReportView
from eval.saved import read_run
from prompts.eval_messages import load_eval_messages
from prompts.messages import load_messages
from tests.browsing import ANSWER, CHROMIUM, check_access, serve
from tests.fakes import FakeAssistant, FakeLibrary, FakePlaces
from tests.fakes_eval import NASTY, FakeRunner, fill_log, make_row, make_rows, write_run, write_verdicts
from tests.fakes_systems import make_case

BROWSER = [
    pytest.mark.enable_socket,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed: apt-get install chromium"),
]
# Gradio's own statistics use what pandas 3 is about to give up.
pytestmark = pytest.mark.filterwarnings("ignore:.*(no_silent_downcasting|copy keyword).* is deprecated")


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs")
    write_run(folder / "old", make_rows(20, seed=2, strength=0.8))
    rows = [make_row(0, "故意写错的地方", good=False, words=NASTY), *make_rows(20)[1:]]
    write_verdicts(write_run(folder / "new", rows), rows, NASTY)
    return folder


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two question sets."""
    folder = tmp_path_factory.mktemp("cases")
    write_cases(folder / "core.jsonl", [make_case(id="c-1"), make_case(id="c-2")])
    write_cases(folder / "hard.jsonl", [make_case(id="h-1")])
    return folder


@pytest.fixture(scope="module")
def feedback(tmp_path_factory: pytest.TempPathFactory) -> Feedback:
    """Answers that were of no use, more than are shown at once; no drafts yet."""
    return make_feedback(tmp_path_factory.mktemp("data"), STEP + 2, NASTY)


def make_feedback(folder: Path, n: int, words: str = "") -> Feedback:
    log = fill_log(folder / "answers.db", n, words)
    return Feedback(log, Drafts(folder / "drafts.jsonl"), FakeLibrary(), FakePlaces())


@pytest.fixture(scope="module")
def runner(runs: Path) -> FakeRunner:
    return FakeRunner(runs, pause=0.08)


def make_service(runner: FakeRunner, cases: Path, feedback: Feedback) -> FastAPI:
    """The chat page at /, the evaluators' page at /eval."""
    assistant, library, places = FakeAssistant(), FakeLibrary(), FakePlaces()
    page = build_page(assistant, library, places, load_messages())
    app = create_api(assistant, library, places, ready=lambda: True, page=page)
    mount_eval_page(app, build_eval_page(runner, runner.runs, feedback, load_eval_messages(), cases))
    return app


@pytest.fixture(scope="module")
def address(runner: FakeRunner, cases: Path, feedback: Feedback) -> Iterator[str]:
    """A real server on a free port."""
    with serve(make_service(runner, cases, feedback)) as url:
        yield url


@pytest.fixture
def visit(request: pytest.FixtureRequest, profile: BrowserContext, address: str) -> Iterator[Page]:
    """A visitor at a desk unless a test says how wide; whatever it did, nothing left this host or ran."""
    width = getattr(request, "param", 1280)
    page = profile.new_page()
    page.set_viewport_size({"width": width, "height": 844})
    called: list[str] = []
    errors: list[str] = []
    page.on("request", lambda request: called.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
    page.goto(f"{address}/eval/?run=new")
    expect(page.locator("#cases .count")).to_be_visible(timeout=ANSWER)
    yield page
    assert [url for url in called if not url.startswith((address, "data:", "blob:"))] == []
    assert errors == []
    assert page.evaluate("typeof window.stolen") == "undefined"
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.close()


def choose(page: Page, name: str, label: str) -> None:
    """Pick from a list."""
    page.click(f"#{name} input")
    page.get_by_role("option", name=label, exact=True).click()


class TestInABrowser:
    pytestmark = BROWSER

    @pytest.mark.parametrize("visit", [390, 1280], indirect=True, ids=["phone", "desk"])
    def test_axe_finds_nothing(self, visit: Page) -> None:
        for tab in visit.get_by_role("tab").all():
            if tab.is_visible():
                tab.click()
                check_access(visit)

    @pytest.mark.parametrize("visit", [390, 1280], indirect=True, ids=["phone", "desk"])
    def test_the_gate_stands_first_and_figures_and_a_failing_case_can_be_read(self, visit: Page) -> None:
        expect(visit.locator(".gate.missed")).to_be_in_viewport()
        expect(visit.locator(".gate.missed")).to_contain_text("没达到上线门槛")
        expect(visit.locator("#judge")).to_contain_text("openai:some-model")
        for chart in ("#risk svg", "#reliability svg"):
            expect(visit.locator(chart).first).to_be_visible()
        expect(visit.locator(".tile.worst")).to_be_in_viewport()
        expect(visit.locator("#types .bars li").first).to_contain_text("故意写错的地方")
        case = visit.locator("details.case.failed").first
        case.locator("summary").first.click()
        for words in ("应当作答，却说没有依据", "10万 或 十万", "没有引用", "不够作依据"):
            expect(case).to_contain_text(words)
        expect(case.locator("dl.judge")).to_contain_text("差一个条件")
        expect(case.locator(".reference")).to_have_text(f"给，十万。{NASTY}")
        expect(case.locator("script, img")).to_have_count(0)
        check_access(visit)

    def test_a_type_in_the_chart_leads_to_its_cases(self, visit: Page) -> None:
        visit.locator("#types .bars a").last.click()
        kind = visit.locator("#types .bars a").last.inner_text()
        expect(visit.locator("#cases .group")).to_have_count(1, timeout=ANSWER)
        expect(visit.locator("#cases .group h3")).to_contain_text(kind)
        expect(visit.locator("#type input")).to_have_value(kind)
        expect(visit.locator("#cases-title")).to_be_in_viewport()

    def test_cases_are_found_by_words_and_passed_ones_can_be_opened(self, visit: Page) -> None:
        choose(visit, "which", "全部")
        expect(visit.locator("#cases .count")).to_contain_text("共 20 题", timeout=ANSWER)
        visit.fill("#search textarea, #search input", "t-004")
        visit.press("#search textarea, #search input", "Enter")
        expect(visit.locator("details.case")).to_have_count(1, timeout=ANSWER)
        visit.locator("details.case summary").first.click()
        link = visit.get_by_role("link", name="打开原文")
        expect(link).to_have_attribute("href", "/documents/dalate-2023#四-五-15")

    def test_two_runs_are_compared(self, visit: Page, runs: Path) -> None:
        choose(visit, "against", "old")
        expect(visit.locator("#changes")).to_contain_text("配对检验", timeout=ANSWER)
        expect(visit.locator("#measures .ratio").first).to_contain_text("×")
        new, old = ({row.id: row.scores.success for row in read_run(runs / name).rows[1:]} for name in ("new", "old"))
        worse = sum(old[key] and not new[key] for key in new)
        choose(visit, "which", "变差的")
        expect(visit.locator("#cases .count")).to_contain_text(f"共 {worse} 题", timeout=ANSWER)
        expect(visit.locator("details.case")).to_have_count(worse)

    def test_report_and_rows_are_downloaded(self, visit: Page, runs: Path) -> None:
        names = {"report": "new-report.html", "rows": "new-rows.jsonl", "sheet": "new-rows.xlsx"}
        contents = {}
        for button, name in names.items():
            with visit.expect_download() as download:
                visit.click(f"#download-{button}")
            assert download.value.suggested_filename == name
            contents[button] = Path(download.value.path()).read_bytes()
        assert contents["report"].startswith(b"<!doctype html>")
        assert contents["rows"] == (runs / "new" / "rows.jsonl").read_bytes()
        sheet = load_workbook(BytesIO(contents["sheet"])).worksheets[0]
        assert [cell.value for cell in sheet[1]][:4] == ["编号", "题集", "类别", "问题"]
        assert sheet.max_row == 21
        assert not (runs / "new" / "report.html").exists()  # looking at a run leaves it as it is

    def test_a_set_is_run_with_progress_and_shown(self, visit: Page, runner: FakeRunner) -> None:
        visit.get_by_role("tab", name="跑一次").click()
        visit.get_by_label("难题集（1 题）").check()
        visit.locator("#upload input[type=file]").set_input_files(
            {"name": "我的题.jsonl", "mimeType": "text/plain", "buffer": b"{}"}
        )
        expect(visit.locator("#upload")).to_contain_text("我的题", timeout=ANSWER)
        visit.fill("#name textarea, #name input", "夜里-1")
        visit.click("#start")
        expect(visit.locator("#status")).to_contain_text("/ 10 题", timeout=ANSWER)
        expect(visit.locator("#run input")).to_have_value("夜里-1", timeout=ANSWER)
        expect(visit.locator("#types")).to_be_visible(timeout=ANSWER)
        assert runner.asked[-1] == (("hard.jsonl", "我的题.jsonl"), "夜里-1")

    def test_chosen_sets_can_be_taken_along_as_workbooks(self, visit: Page) -> None:
        visit.get_by_role("tab", name="跑一次").click()
        visit.get_by_label("核心题集（2 题）").check()
        book = visit.locator("#books a[download]")
        expect(book).to_have_count(1, timeout=ANSWER)
        with visit.expect_download() as download:
            book.click()
        assert download.value.suggested_filename == "core-改.xlsx"
        saved = Path(download.value.path()).with_suffix(".xlsx")
        download.value.save_as(saved)
        assert [case.id for case in read_cases(saved)] == ["c-1", "c-2"]
        visit.get_by_label("难题集（1 题）").check()
        expect(book).to_have_count(2, timeout=ANSWER)
        visit.get_by_label("核心题集（2 题）").uncheck()
        visit.get_by_label("难题集（1 题）").uncheck()
        expect(visit.locator("#books")).not_to_be_visible(timeout=ANSWER)

    @pytest.mark.parametrize("visit", [390, 1280], indirect=True, ids=["phone", "desk"])
    def test_a_useless_answer_becomes_a_draft_in_one_touch(self, visit: Page, feedback: Feedback) -> None:
        visit.get_by_role("tab", name="没用的回答").click()
        answers = visit.locator("#useless article")
        expect(answers).to_have_count(STEP, timeout=ANSWER)
        latest = feedback.log.down_voted(1)[0] if feedback.log else None
        assert latest
        first = answers.first
        for words in (latest.question, latest.comment or "没有写", "达拉特旗", "已答", "我在达旗开店", "10万元"):
            expect(first).to_contain_text(words)
        before = len(feedback.drafts.read())
        free = visit.locator("#useless article:has(button:enabled)").first
        answer = free.locator("button").get_attribute("data-answer")
        free.get_by_role("button", name="存为草稿题").click()
        made = visit.locator(f"#useless button[data-answer='{answer}']")
        expect(made).to_have_text("已存为草稿题", timeout=ANSWER)
        expect(made).to_be_disabled()
        expect(visit.locator("#drafts")).to_contain_text(f"已有 {before + 1} 道草稿题")
        expect(visit.locator("#drafts")).to_contain_text("要由人看过原文")
        assert [case.id for case in feedback.drafts.read()][-1] == f"draft-{str(answer)[:8]}"
        for button, name in (("drafts-sheet", "drafts-改.xlsx"), ("drafts", "drafts.jsonl")):
            with visit.expect_download() as download:
                visit.click(f"#download-{button}")
            assert download.value.suggested_filename == name
            download.value.save_as(saved := Path(download.value.path()).with_suffix(Path(name).suffix))
            assert read_cases(saved) == feedback.drafts.read()

    def test_older_answers_can_be_looked_at_and_drafts_be_run(self, visit: Page, feedback: Feedback) -> None:
        feedback.drafts.add(make_case(id="draft-x", type="draft"))
        visit.get_by_role("tab", name="没用的回答").click()
        visit.get_by_role("button", name="看更早的").click()
        expect(visit.locator("#useless article")).to_have_count(STEP + 2, timeout=ANSWER)
        expect(visit.locator("#more")).not_to_be_visible()
        visit.get_by_role("tab", name="跑一次").click()
        box = visit.get_by_label(f"草稿（{len(feedback.drafts.read())} 题）")
        expect(box).to_be_visible(timeout=ANSWER)
        expect(box).not_to_be_checked()

    def test_what_cannot_be_run_is_told(self, visit: Page, runner: FakeRunner) -> None:
        visit.get_by_role("tab", name="跑一次").click()
        status = visit.locator("#status .problem")
        visit.click("#start")
        expect(status).to_contain_text("请先选题集", timeout=ANSWER)
        visit.get_by_label("核心题集（2 题）").check()
        for name, told in (("new", "已经用过"), ("../up", "名字只能用"), ("new-2", "core.jsonl:7: <b>")):
            runner.error = CaseError("core.jsonl:7: <b>no question</b>")
            visit.fill("#name textarea, #name input", name)
            visit.click("#start")
            expect(status).to_contain_text(told, timeout=ANSWER)
        runner.error = None

    def test_a_run_that_was_deleted_or_damaged_is_told(self, visit: Page, runs: Path, address: str) -> None:
        write_run(runs / "broken", make_rows(2))
        visit.goto(f"{address}/eval/?run=broken")
        expect(visit.locator("#types")).to_be_visible(timeout=ANSWER)
        (runs / "broken" / "rows.jsonl").write_text("{}\n")
        choose(visit, "against", "old")
        expect(visit.locator("#figures .problem")).to_contain_text("rows.jsonl:1", timeout=ANSWER)
        expect(visit.locator("#look")).not_to_be_visible()
        (runs / "broken" / "summary.json").unlink()
        choose(visit, "against", "new")
        expect(visit.locator("#figures .problem")).to_contain_text("找不到“broken”", timeout=ANSWER)

    def test_both_pages_stand_side_by_side(self, visit: Page, address: str) -> None:
        get = visit.context.request.get
        assert "惠问评测" in get(f"{address}/eval").text()
        assert "惠问评测" not in get(address).text()
        assert get(f"{address}/api/none").json()["error"]["code"] == "not_found"
        assert "script-src 'self'" in get(f"{address}/eval/").headers["content-security-policy"]
        for closed in ("gradio_api/proxy=https://elsewhere.example", "monitoring", "gradio_api/file=/etc/hostname"):
            assert get(f"{address}/eval/{closed}").status in (403, 404)


@pytest.fixture
def own(tmp_path: Path) -> Feedback:
    return make_feedback(tmp_path / "data", 1)


def make_results(runs: Path) -> ResultsTab:
    return ResultsTab(runs, ReportView.load(), Downloads())


def test_only_whom_it_may_concern_sees_it(tmp_path: Path, cases: Path, own: Feedback) -> None:
    async def allow(request: HTTPConnection) -> None:
        if request.headers.get("x-staff") != "wang":
            raise HTTPException(401)

    app = FastAPI()
    page = build_eval_page(FakeRunner(tmp_path), tmp_path, own, load_eval_messages(), cases)
    mount_eval_page(app, page, allow)
    client = TestClient(app)
    assert client.get("/eval/config").status_code == 401
    assert client.get("/eval/gradio_api/heartbeat/x").status_code == 401
    assert client.get("/eval/config", headers={"x-staff": "wang"}).status_code == 200


def test_before_the_first_run_the_page_says_what_to_do(tmp_path: Path) -> None:
    tab = make_results(tmp_path)
    assert "还没有跑过" in tab.show(None, "")[0]
    assert "还没有跑过" in tab.filter(None, "", "failed", "", "")


def test_no_name_leads_out_of_the_folder(tmp_path: Path, cases: Path) -> None:
    write_run(tmp_path / "secret", make_rows(2))
    runner, results = FakeRunner(tmp_path / "runs"), make_results(tmp_path / "runs")
    assert "找不到“../secret”" in results.show("../secret", "")[0]
    tab = RunTab(runner, cases, tmp_path / "drafts.jsonl", results)
    tab.start(["../../etc/passwd", "core.jsonl"], None, "a", gr.Progress())
    assert runner.asked == [(("core.jsonl",), "a")]


def test_a_long_list_is_cut_and_says_so(tmp_path: Path) -> None:
    write_run(tmp_path / "run", [make_row(number, "查部门", good=False) for number in range(CASES_SHOWN + 5)])
    html = make_results(tmp_path).filter("run", "", "failed", "", "")
    assert html.count('<details class="case') == CASES_SHOWN
    assert f"共 {CASES_SHOWN + 5} 题，下面是前 {CASES_SHOWN} 题" in html


class Touched(gr.EventData):
    """The button of an answer."""

    def __init__(self, answer: str) -> None:
        super().__init__(None, {"answer": answer})


def make_tab(feedback: Feedback) -> FeedbackTab:
    return FeedbackTab(feedback, load_eval_messages(), Downloads())


def test_without_a_log_the_tab_says_what_to_set(own: Feedback) -> None:
    assert "HUIWEN_ANSWER_LOG" in make_tab(replace(own, log=None)).show(STEP)[0]


def test_a_log_that_cannot_be_read_is_told(own: Feedback, tmp_path: Path) -> None:
    (tmp_path / "broken.db").write_text("no database", encoding="utf-8")
    broken = AnswerLog(f"sqlite:///{tmp_path}/broken.db", 1)
    assert "读不出来" in make_tab(replace(own, log=broken)).show(STEP)[0]
    broken.close()


def test_only_an_answer_that_was_of_no_use_becomes_a_draft(own: Feedback) -> None:
    tab = make_tab(own)
    for answer in ("00000001answer", "none", "../../x"):  # liked; unknown
        tab.draft(STEP, Touched(answer))
    assert own.drafts.read() == []
    for _ in range(2):
        html = tab.draft(STEP, Touched("00000000answer"))[0]
        assert "已存为草稿题" in html
    assert [case.id for case in own.drafts.read()] == ["draft-00000000"]


def test_why_a_draft_cannot_be_kept_stands_at_its_answer(own: Feedback, tmp_path: Path) -> None:
    blocked = replace(own, drafts=Drafts(tmp_path / "file" / "drafts.jsonl"))
    (tmp_path / "file").write_text("", encoding="utf-8")
    html = make_tab(blocked).draft(STEP, Touched("00000000answer"))[0]
    assert "没存成" in html
    assert "HUIWEN_DRAFTS" in html
