"""Builds the index in a process of its own, so that the service beside it goes on answering at its own pace."""

from __future__ import annotations

from dataclasses import replace
from multiprocessing import get_context
from multiprocessing.connection import Connection

from ingest.build import BuildReport, build
from ingest.corpus import Progress
from ingest.encoder import load_encoder
from ingest.errors import HuiwenError, IndexUnavailable
from ingest.give_way import give_way
from ingest.places import Gazetteer
from ingest.settings import Settings
from ingest.topics import Lexicon


def build_beside(settings: Settings, progress: Progress) -> BuildReport:
    """Build the index as `build` does; the report names files and errors, without their documents.

    Raises:
        HuiwenError: what `build` raises; IndexUnavailable if the process ended before it was done.
    """
    context = get_context("spawn")  # a fork would copy the locks of the service's threads
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_build, args=(settings, theirs), name="huiwen-ingest", daemon=True)
    process.start()
    theirs.close()
    try:
        while True:
            told = ours.recv()
            if isinstance(told, HuiwenError):
                raise told
            if isinstance(told, BuildReport):
                return told
            progress(*told)
    except EOFError as error:
        raise IndexUnavailable(
            "the process that builds the index ended before it was done; run `huiwen ingest` to see why"
        ) from error
    finally:
        ours.close()
        process.join()


def _build(settings: Settings, service: Connection) -> None:
    """What the process does; ends with the service, to which it then cannot tell its progress."""
    give_way()
    try:
        lexicon = Lexicon.load(settings.corpus / "topics")
        tools = (load_encoder(settings.encoder), Gazetteer.load(), lexicon)
        report = build(settings, *tools, lambda *step: service.send(step))
        files = tuple(replace(file, parsed=None) for file in report.files)
        service.send(replace(report, files=files))
    except HuiwenError as error:
        service.send(error)
