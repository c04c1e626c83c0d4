"""The service with the evaluators' page at /eval: `huiwen eval-page`, and `huiwen serve` where staff log in.

Whoever reaches the page can start runs and read what people asked. So `huiwen serve`, which owners reach, has it only
behind a login, and `huiwen eval-page` without one only on this machine.
"""

from __future__ import annotations

from functools import partial
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import announce, app
from ingest.cli import AsJson, tell_errors
from ingest.errors import SettingsError
from ingest.settings import Settings, read_settings

if TYPE_CHECKING:
    from fastapi import FastAPI

RUNS = Path("runs")


@app.command(name="serve")  # in place of that of bot.cli: of two commands of one name Typer keeps the later
@tell_errors
def serve_all(as_json: AsJson = False) -> None:
    """Serve the pages and the HTTP interface; the evaluators' page too where there are staff accounts."""
    from bot.staff import open_staff_login  # FastAPI takes a second to import, which --help should not

    settings = read_settings()
    _serve(settings, RUNS, "", as_json, with_page=open_staff_login(settings) is not None)


@app.command(name="eval-page")
@tell_errors
def serve_eval_page(
    runs: Annotated[Path, typer.Option(help="folder of the runs")] = RUNS,
    as_json: AsJson = False,
) -> None:
    """Serve the evaluators' page at /eval, with the assistant beside it."""
    from bot.staff import open_staff_login  # see serve_all
    from eval.mount import PATH

    settings = read_settings()
    login = open_staff_login(settings)
    if login is None and not _is_loopback(settings.host):
        raise SettingsError(
            f"HOST={settings.host}: others could reach the page; set HUIWEN_STAFF and add accounts with "
            "`huiwen staff NAME`, or set HOST=127.0.0.1"
        )
    _serve(settings, runs, PATH, as_json, with_page=True)


def _serve(settings: Settings, runs: Path, path: str, as_json: bool, *, with_page: bool) -> None:
    # Imported on use: Gradio takes seconds, which --help should not.
    from bot.serve import open_service, serve
    from bot.service_log import configure_log

    configure_log(settings.log)
    make = partial(_open_with_page, settings, runs) if with_page else partial(open_service, settings)
    serve(make, settings, lambda: announce(settings, path, as_json))


def _open_with_page(settings: Settings, runs: Path) -> FastAPI:
    """The service with the evaluators' page."""
    # Imported on use, see _serve.
    from bot.app import open_huiwen
    from bot.limits import read_limits
    from bot.serve import make_service, open_answer_log
    from bot.staff import open_staff_login
    from eval.drafts import Drafts
    from eval.mount import mount_eval_page
    from eval.page import build_eval_page
    from eval.page_feedback import Feedback
    from eval.page_runner import SystemRunner
    from eval.systems import InProcess
    from prompts.eval_messages import load_eval_messages

    login, log = open_staff_login(settings), open_answer_log(settings)
    huiwen = open_huiwen(settings)
    limits = read_limits(settings)
    service = make_service(huiwen, log, login, settings.widget_origins, limits, settings.log_questions)
    feedback = Feedback(log, Drafts(settings.drafts), huiwen, huiwen.gazetteer)
    runner = SystemRunner(InProcess(huiwen), settings, runs)
    mount_eval_page(service, build_eval_page(runner, runs, feedback, load_eval_messages()), login)
    return service


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
