"""A report says what the run says, runs nothing, loads nothing, and can be read on a phone."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path
from string import Formatter

import pytest
import yaml
from playwright.sync_api import Browser, expect
from pydantic import BaseModel, ValidationError

from eval.errors import EvaluationError
from eval.measures import MEASURES
from eval.report import ReportView, write_report
from eval.saved import list_runs, read_run
from prompts.eval_messages import MESSAGES, load_eval_messages
from prompts.messages import load_messages
from tests.browsing import CHROMIUM
from tests.fakes_eval import NASTY, make_row, make_rows, write_run, write_verdicts
from tests.test_messages import sentences

FILLED = {
    "before",
    "after",
    "system",
    "n",
    "value",
    "k",
    "name",
    "reason",
    "shown",
    "label",
    "done",
    "total",
    "better",
    "worse",
    "p",
    "sets",
    "share",
}


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with text that would do harm as markup, an earlier one and a baseline."""
    folder = tmp_path_factory.mktemp("runs")
    write_run(folder / "new", [make_row(0, "故意写错的地方", good=False, words=NASTY), *make_rows(60)[1:]])
    write_run(folder / "old", make_rows(60, seed=2, strength=0.9))
    write_run(folder / "bm25-words", make_rows(60, seed=3, strength=0.6), "bm25-words")
    write_report(folder / "new", [folder / "old", folder / "bm25-words"])
    return folder


@pytest.fixture(scope="module")
def html(runs: Path) -> str:
    return (runs / "new" / "report.html").read_text(encoding="utf-8")


def text_of(html: str) -> str:
    """What a reader sees, on one line."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<style>.*?</style>|<[^>]+>", " ", html, flags=re.S)))


def test_the_worst_type_comes_first_and_is_named_above_all(runs: Path, html: str) -> None:
    run = read_run(runs / "new")
    names = [unescape(name) for name in re.findall(r'<span class="name">(?:<a [^>]*>)?\s*([^<\s]+)', html)]
    shares = [interval.value for kind in run.groups if (interval := run.figure_by("by_type", kind))]
    assert shares == sorted(shares)
    assert names[: len(run.groups)] == list(run.groups)
    assert text_of(html).index("最差的一类") < text_of(html).index("各类题的通过率")
    assert f"最差的一类 {run.groups[0]}" in text_of(html)


def test_figures_stand_with_their_intervals_and_ratios(runs: Path, html: str) -> None:
    new, old = (read_run(runs / name).figure("success") for name in ("new", "old"))
    assert new is not None
    assert old is not None
    text = text_of(html)
    assert f"通过 {new.value:.1%} [{new.low:.1%}, {new.high:.1%}]" in text
    assert f"{old.value:.1%} ×{new.value / old.value:.2f} [{old.low:.1%}, {old.high:.1%}]" in text


def test_the_matrix_counts_every_case(runs: Path, html: str) -> None:
    cells = re.findall(r'<td class="(?:right|wrong|none)" style="--share:[\d.]+">\s*(\d+)', html)
    assert sum(map(int, cells)) == len(read_run(runs / "new").rows)


def test_a_case_without_an_answer_has_a_column_of_its_own(tmp_path: Path) -> None:
    row = make_row(1, "查部门", good=False).model_copy(
        update={"status": "error", "error": "超时", "citations": [], "notices": [], "considered": None, "why": None}
    )
    text = text_of(write_report(write_run(tmp_path / "run", [row])).read_text(encoding="utf-8"))
    assert "拒答 出错" in text
    for words in ("超时", "没有记录。", "没有引用"):
        assert words in text


def test_every_failing_case_is_there_with_all_that_explains_it(runs: Path, html: str) -> None:
    failing = read_run(runs / "new").failing
    assert re.findall(r'<details class="case failed" id="case-\w+-([\w-]+)">', html) == [row.id for row in failing]
    case = text_of(html[html.index('id="case-core-t-000"') :])
    for words in (
        "我在达旗开店",
        "10万 或 十万",
        "100万",
        "应当作答，却说没有依据",
        "dalate-2023#四-五-15 应引",
        "不够作依据",
        "2026-11-20",
    ):
        assert words in case


def test_the_gate_stands_at_the_top_with_each_threshold_that_is_missed(html: str) -> None:
    text = text_of(html)
    assert text.index("没达到上线门槛") < text.index("最差的一类")
    assert re.search(r"核心题集 · 通过 [\d.]+% ，至少要 [\d.]+%", text)


@pytest.mark.parametrize(
    ("thresholds", "told"),
    [
        ({"core": {"success": 0.0}, "hard": {}}, "达到上线门槛。 按核心题集、难题集的门槛。"),
        ({"core": {"success": 0.0}, "own": {}}, "按核心题集的门槛。 “难题集”没有设门槛，不影响这个结论。 这次没跑own"),
        ({"core": {"success": 0.0}, "own": {}}, "跑过的题达到门槛，还不能算过关。"),
        ({"own": {"success": 0.0}}, "这次的题没有设上线门槛。"),
        ({"core": {"chars": 5, "abstain_f1": 2}}, "没达到上线门槛：2 项不够。"),
    ],
)
def test_the_gate_says_which_sets_it_holds_for(runs: Path, thresholds: dict[str, dict[str, float]], told: str) -> None:
    view = ReportView(load_eval_messages(), load_messages(), thresholds)
    assert told in text_of(view.render_figures(read_run(runs / "new")))


def test_a_measure_that_was_not_taken_misses_the_gate_in_words(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "run", [make_row(3, "查部门")])
    view = ReportView(load_eval_messages(), load_messages(), {"core": {"refuse_f1": 0.5, "chars": 5}})
    text = text_of(view.render_figures(read_run(folder)))
    assert "拒答 · F1 没有测到 ，至少要 50.0%" in text
    assert "答复字数 30 字 ，最多只能 5 字" in text


def test_topics_stand_in_a_table_worst_first(runs: Path, html: str) -> None:
    table = html[html.index('id="topics"') :].split("</details>")[0]
    topics = re.findall(r'<th scope="row">(主题\d)</th>', table)
    shares = [read_run(runs / "new").figure_by("by_topic", topic) for topic in topics]
    assert len(topics) == 3
    assert [one.value for one in shares if one] == sorted(one.value for one in shares if one)


def test_confidence_is_drawn_with_the_threshold_that_was_in_force(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "run", make_rows(30))
    assert "分数线" not in text_of(write_report(folder).read_text(encoding="utf-8"))
    config = {"settings": {"basis_threshold": 0.4}, "url": None}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    html = write_report(folder).read_text(encoding="utf-8")
    assert re.search(r"分数线 0\.4，答 \d+%", text_of(html))
    assert html.count("<polyline") == 1
    (folder / "config.json").write_text(json.dumps(config | {"url": "http://127.0.0.1"}), encoding="utf-8")
    assert "分数线" not in text_of(write_report(folder).read_text(encoding="utf-8"))


def test_what_a_judge_said_stands_apart_with_its_reasons(tmp_path: Path) -> None:
    rows = make_rows(10)
    folder = write_run(tmp_path / "run", rows)
    assert "模型打分" not in write_report(folder).read_text(encoding="utf-8")
    write_verdicts(folder, rows, NASTY)
    html = write_report(folder).read_text(encoding="utf-8")
    text = text_of(html)
    assert "由“openai:some-model”打分" in text
    assert re.search(r"忠于所引原文 5\.00 \[5\.00, 5\.00\] 10 条", text)
    failing = read_run(folder).failing
    assert html.count("差一个条件") == 2 * len(failing)
    assert not re.search(r"<(script|img)", html)


def test_what_got_better_and_worse_is_listed(runs: Path, html: str) -> None:
    # The first case was edited between the two runs, so it is compared with nothing.
    new, old = ({row.id: row.scores.success for row in read_run(runs / name).rows[1:]} for name in ("new", "old"))
    section = html[html.index('id="changes"') : html.index('id="cases"')]
    for kind, passed in (("worse", False), ("better", True)):
        listed = section[section.index(f'<details class="{kind}"') :].split("</details>")[0]
        changed = [key for key in new if new[key] == passed and old[key] != passed]
        assert changed
        assert re.findall(r"<code>(t-\d+)</code>", listed) == changed
    assert "题目改过的 1 题" in text_of(section)
    assert re.search(r"配对检验 p = [01]\.\d{3}", text_of(section))


def test_a_run_of_which_all_passes_says_so(tmp_path: Path) -> None:
    rows = [make_row(number, "查部门") for number in range(4)]
    text = text_of(write_report(write_run(tmp_path / "run", rows)).read_text(encoding="utf-8"))
    assert "没通过的 0 题" in text
    assert "全部通过。" in text
    assert "最差的一类" not in text


def test_nothing_of_a_run_becomes_markup_and_nothing_is_loaded(html: str) -> None:
    assert not re.search(r"<(script|img|link rel=.stylesheet|iframe)", html)
    assert not re.search(r"""(?:src|href)=["'](?!#|data:,)""", html)
    assert "url(" not in html
    assert unescape(html).count(NASTY) >= 4  # question, evidence, reference answer, why: shown as text


def test_a_reference_answer_is_shown_where_a_case_has_one(tmp_path: Path) -> None:
    rows = [make_row(0, "查部门", good=False, words="找财政局。"), make_row(1, "查部门", good=False)]
    text = text_of(write_report(write_run(tmp_path / "run", rows)).read_text(encoding="utf-8"))
    assert text.count("参考答复") == 1
    assert "给，十万。找财政局。" in text


def test_a_run_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"none/rows\.jsonl"):
        read_run(tmp_path / "none")
    folder = write_run(tmp_path / "run", make_rows(2))
    with (folder / "rows.jsonl").open("a") as file:
        file.write('{"id": 3}\n')
    with pytest.raises(EvaluationError, match=r"rows\.jsonl:3: "):
        read_run(folder)
    (folder / "rows.jsonl").write_text("")
    (folder / "summary.json").write_text("[]")
    with pytest.raises(EvaluationError, match=r"summary\.json: no JSON object"):
        read_run(folder)


def test_runs_are_listed_latest_first_and_unfinished_ones_are_not(runs: Path, tmp_path: Path) -> None:
    (tmp_path / "unfinished").mkdir()
    (tmp_path / "unfinished" / "rows.jsonl").write_text("")
    assert list_runs(tmp_path) == {}
    assert next(iter(list_runs(runs))) == "bm25-words"
    assert set(list_runs(runs)) == {"new", "old", "bm25-words"}


def test_every_measure_has_a_label() -> None:
    assert {measure.name for measure in MEASURES} <= load_eval_messages().measures.keys()


def test_messages_have_words_and_known_braces(tmp_path: Path) -> None:
    messages = load_eval_messages()
    for sentence in sentences(messages.model_dump()):
        assert sentence.strip()
        assert {name for _, name, _, _ in Formatter().parse(sentence) if name is not None} <= FILLED
    content = yaml.safe_load(MESSAGES.read_text(encoding="utf-8"))
    content["page"].pop("start")
    file = tmp_path / "eval_messages.yml"
    file.write_text(yaml.safe_dump(content), encoding="utf-8")
    with pytest.raises(ValidationError, match=r"page\.start"):
        load_eval_messages(file)


def test_every_message_is_used() -> None:
    messages = load_eval_messages()
    root = Path(__file__).parent.parent
    files = [*(root / "eval").glob("*.py"), *(root / "prompts" / "templates").glob("*.html")]
    source = "\n".join(file.read_text(encoding="utf-8") for file in files)
    sections: dict[str, BaseModel] = {"report": messages.report, "page": messages.page}
    unused = [
        key
        for section in sections.values()
        for key in type(section).model_fields
        if not re.search(rf"words\.{key}\b", source)
    ]
    assert set(unused) <= {"yes", "no"}  # said by messages.report.yes


def test_a_view_is_made_once_for_many_runs(runs: Path) -> None:
    view = ReportView.load()
    assert view.render_report(read_run(runs / "old")) != view.render_report(read_run(runs / "bm25-words"))


@pytest.mark.enable_socket
@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed: apt-get install chromium")
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_reads_in_a_browser_without_script(browser: Browser, runs: Path, width: int, scheme: str) -> None:
    context = browser.new_context(viewport={"width": width, "height": 844}, java_script_enabled=False)
    page = context.new_page()
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    called: list[str] = []
    page.on("request", lambda request: called.append(request.url))
    page.goto((runs / "new" / "report.html").as_uri())
    expect(page.locator(".tile.worst")).to_be_in_viewport()
    case = page.locator("details.case").first
    case.locator("summary").first.click()
    expect(case.locator(".found")).to_be_visible()
    page.locator(".bars a").first.click()
    expect(page.locator("#type-1 h3")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert [url for url in called if not url.startswith(("file:", "data:"))] == []
    context.close()
