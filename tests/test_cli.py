"""The commands, run as people run them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from ingest.settings import Settings, read_settings
from tests.corpus_fixture import Corpus, copy_settings, environment_of

Run = Callable[..., Result]


@pytest.fixture
def run(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command on the five documents."""
    for name, value in corpus.environment().items():
        monkeypatch.setenv(name, value)
    return lambda *arguments: CliRunner().invoke(app, arguments)


@pytest.fixture
def own(corpus: Corpus, tmp_path: Path) -> Settings:
    """A copy that a test may change."""
    return copy_settings(corpus, tmp_path)


@pytest.fixture
def run_own(own: Settings, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command on the copy."""
    for name, value in environment_of(own).items():
        monkeypatch.setenv(name, value)
    return lambda *arguments: CliRunner().invoke(app, arguments)


def told(result: Result) -> str:
    """What stands on the terminal, in one line."""
    return " ".join(result.output.split())


def test_help_names_every_command(run: Run) -> None:
    result = run("--help")
    assert result.exit_code == 0
    assert all(
        command in result.output for command in ("ingest", "ask", "serve", "settings", "doctor", "backup", "restore")
    )


def test_ask_answers_with_sources(run: Run) -> None:
    result = run("ask", "个转企补助多少", "--place", "达拉特旗")
    assert result.exit_code == 0
    assert "10万元" in result.stdout
    assert "[1]" in result.stdout


def test_ask_for_programs_prints_the_contract(run: Run) -> None:
    result = run("ask", "个转企补助多少", "--place", "达拉特旗", "--as-of", "2024-06-01", "--json")
    response = json.loads(result.stdout)
    assert (result.exit_code, response["status"]) == (0, "answered")
    assert response["citations"][0]["validity"].keys() == {"state", "from", "to", "basis"}


def test_search_prints_clauses(run: Run) -> None:
    response = json.loads(run("search", "达拉特旗 补助", "--limit", "3", "--json").stdout)
    assert len(response["results"]) == 3 < response["total"]
    assert "达拉特旗" in run("search", "补助", "--place", "达拉特旗").stdout


@pytest.mark.parametrize("command", ["ask", "search"])
def test_an_unknown_place_is_told_in_one_line(run: Run, command: str) -> None:
    result = run(command, "补助", "--place", "没有这个县")
    assert result.exit_code == 1
    assert "没有这个县" in told(result)
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    "arguments",
    [
        ("ask",),
        ("ask", "x", "--as-of", "昨天"),
        ("search", "x", "--limit", "0"),
        ("nothing",),
        ("ask", "x", "--no-such"),
    ],
)
def test_wrong_usage_ends_with_2(run: Run, arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 2


@pytest.mark.parametrize("question", ["", "   ", "问" * 501, "个转企\x00补助"])
def test_a_question_that_cannot_be_read_is_told(run: Run, question: str) -> None:
    result = run("ask", question)
    assert result.exit_code == 1
    assert "500" in told(result)


def test_ingest_tells_of_every_file_and_does_nothing_twice(run_own: Run, own: Settings) -> None:
    report = json.loads(run_own("ingest", "--json").stdout)
    assert (report["changed"], report["encoded"], len(report["files"])) == (False, 0, 5)
    path = own.corpus / "documents" / "kangbashi.txt"
    path.write_text(
        "康巴什区人民政府关于夜市的通知\n\n一、补贴\n\n给予夜市摊位731元补贴。\n\n2024年5月6日\n", encoding="utf-8"
    )
    result = run_own("ingest")
    assert result.exit_code == 0
    assert "kangbashi" in result.stdout
    assert "731元" in run_own("ask", "夜市摊位补贴多少钱", "--place", "康巴什区").stdout
    quiet = run_own("ingest", "--if-stale")
    assert (quiet.exit_code, quiet.output) == (0, "")


def test_a_file_left_out_is_named_and_the_others_serve(run_own: Run, own: Settings) -> None:
    (own.corpus / "documents" / "broken.txt").write_bytes(b"\x00\xff\xfe\x01" * 50)
    result = run_own("ingest", "--json")
    report = json.loads(result.stdout)
    assert result.exit_code == 1
    assert [file["file"] for file in report["files"] if file["error"]] == ["broken.txt"]
    assert run_own("ask", "个转企补助多少", "--place", "达拉特旗").exit_code == 0


def test_without_an_index_the_command_that_builds_one_is_named(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HUIWEN_INDEX", str(tmp_path / "none"))
    for arguments in (("ask", "补助"), ("search", "补助")):
        result = run(*arguments)
        assert result.exit_code == 1
        assert "huiwen ingest" in told(result)


def test_an_index_of_another_encoder_is_refused_with_the_command_that_rebuilds(run_own: Run, own: Settings) -> None:
    for info in own.index.glob("*/info.json"):
        content = json.loads(info.read_text(encoding="utf-8"))
        info.write_text(json.dumps({**content, "encoder": "another", "encoder_digest": "another"}), encoding="utf-8")
    result = run_own("ask", "补助")
    assert result.exit_code == 1
    assert "another" in told(result)
    assert "huiwen ingest" in told(result)


def test_settings_tell_value_source_and_meaning(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("HUIWEN_RESULTS=7\nPORT=8123\n", encoding="utf-8")
    monkeypatch.setitem(Settings.model_config, "env_file", str(tmp_path / ".env"))
    monkeypatch.setenv("PORT", "9000")
    monkeypatch.setenv("HUIWEN_ANSWER_LOG", "postgresql://huiwen:geheim@db.example/answers")
    result = CliRunner().invoke(app, ["settings", "--json"])
    settings = {one["variable"]: one for one in json.loads(result.stdout)}
    assert result.exit_code == 0
    assert (settings["PORT"]["value"], settings["PORT"]["source"]) == ("9000", "environment")
    assert (settings["HUIWEN_RESULTS"]["value"], settings["HUIWEN_RESULTS"]["source"]) == ("7", ".env")
    assert (settings["HOST"]["value"], settings["HOST"]["source"]) == ("127.0.0.1", "default")
    assert settings["HUIWEN_ANSWER_LOG"]["value"] == "postgresql://huiwen:***@db.example/answers"
    assert all(one["meaning"] for one in settings.values())
    assert len(settings) == len(Settings.model_fields)
    assert "HUIWEN_RESULTS" in CliRunner().invoke(app, ["settings"]).stdout


@pytest.mark.parametrize(("name", "value"), [("PORT", "many"), ("PORT", "70000"), ("HUIWEN_RESULTS", "0")])
def test_a_setting_that_cannot_be_used_is_named_with_its_value(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    result = CliRunner().invoke(app, ["settings"])
    assert result.exit_code == 1
    assert f"{name}='{value}'" in told(result)


def test_what_a_file_of_variables_leaves_open_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HUIWEN_STAFF", "HUIWEN_MODEL", "HUIWEN_ANSWER_LOG"):
        monkeypatch.setenv(name, "")
    settings = read_settings()
    assert (settings.staff, settings.model, settings.answer_log) == (None, None, "")  # the last: nothing is kept


def test_an_error_stands_in_one_line_however_long(monkeypatch: pytest.MonkeyPatch) -> None:
    value = "/a/long/folder" * 20
    monkeypatch.setenv("PORT", value)
    result = CliRunner().invoke(app, ["settings"])
    assert len(result.stderr.splitlines()) == 1
    assert f"PORT='{value}'" in result.stderr
