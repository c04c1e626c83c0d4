"""The command `huiwen eval-page`: the service with the evaluators' page at /eval.

It is a service of its own, for the evaluators' machine: whoever reaches the page can start runs, so `huiwen serve`,
which owners reach, does not have it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli import announce, app
from ingest.cli import AsJson, tell_errors
from ingest.settings import read_settings


@app.command(name="eval-page")
@tell_errors
def serve_eval_page(
    runs: Annotated[Path, typer.Option(help="folder of the runs")] = Path("runs"),
    as_json: AsJson = False,
) -> None:
    """Serve the evaluators' page at /eval, with the assistant beside it."""
    # Imported on use: Gradio takes seconds, which --help should not.
    from bot.app import open_huiwen
    from bot.serve import make_service, serve
    from eval.mount import PATH, mount_eval_page
    from eval.page import build_eval_page
    from eval.page_runner import SystemRunner
    from eval.systems import InProcess
    from prompts.eval_messages import load_eval_messages

    settings = read_settings()
    huiwen = open_huiwen(settings)
    service = make_service(huiwen)
    runner = SystemRunner(InProcess(huiwen), settings, runs)
    mount_eval_page(service, build_eval_page(runner, runs, load_eval_messages()))
    serve(service, settings, lambda: announce(settings, PATH, as_json))
