"""Builds beside the service: one at a time, none forgotten, and whatever goes wrong is told."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from bot.corpus_build import Rebuilder
from ingest.build import BuildReport
from ingest.corpus import FileReport, Progress
from ingest.errors import IndexBusy, IndexUnavailable

WAIT = 60.0


def report(*errors: str) -> BuildReport:
    return BuildReport(tuple(FileReport("x", None, error) for error in errors), True, 0, 0, 0)


def test_a_change_during_a_build_makes_another_follow_and_progress_is_seen() -> None:
    began, go, builds = threading.Event(), threading.Event(), []

    def build(progress: Progress) -> BuildReport:
        builds.append(threading.current_thread())
        progress("parse", 2, 5)
        began.set()
        assert go.wait(WAIT)
        return report()

    rebuilder = Rebuilder(build)
    assert not rebuilder.state.busy
    rebuilder.start()
    assert began.wait(WAIT)
    assert (rebuilder.state.step, rebuilder.state.done, rebuilder.state.total) == ("parse", 2, 5)
    for _ in range(3):
        rebuilder.start()
    assert not rebuilder.wait(0)
    go.set()
    assert rebuilder.wait(WAIT)
    assert len(builds) == 2
    assert rebuilder.state.step == "done"
    rebuilder.start()
    assert rebuilder.wait(WAIT)
    assert len(builds) == 3


def test_faults_are_told_and_the_next_build_goes_on() -> None:
    outcomes: Iterator[BuildReport | Exception] = iter(
        [IndexBusy("busy"), report("a: is empty"), IndexUnavailable("full"), ZeroDivisionError()]
    )

    def build(progress: Progress) -> BuildReport:
        outcome = next(outcomes)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    rebuilder = Rebuilder(build)
    for told in (("done", ("a: is empty",), ""), ("failed", (), "full"), ("failed", (), "")):
        rebuilder.start()
        assert rebuilder.wait(WAIT)
        state = rebuilder.state
        assert (state.step, state.left_out, state.reason) == told
