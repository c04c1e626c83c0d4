"""Receive one file of a form, bounded in size however it is sent, under a name that cannot leave its folder."""

from __future__ import annotations

import shutil
from collections.abc import AsyncGenerator, Callable
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from ingest.preview import safe_name

_REST = 64 << 10  # bytes that the form may have besides the file


class TooLarge(MultiPartException):
    """The file has more bytes than it may."""


async def receive_file(request: Request, most: int, new_folder: Callable[[], Path]) -> tuple[str, Path | None]:
    """The form's token, and where its file was put; None where it has no file.

    Args:
        request: holds a form with `token` and `file`.
        most: bytes that the file may have.
        new_folder: makes the folder for it.

    Raises:
        TooLarge: the form has more bytes; they were read and thrown away, so that the browser shows the answer.
        MultiPartException: it is no such form.
    """
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise MultiPartException("no form with a file")
    stream = _bounded(request.stream(), most + _REST)
    form = await MultiPartParser(request.headers, stream, max_files=1, max_fields=4).parse()
    try:
        token, file = form.get("token"), form.get("file")
        if not isinstance(file, UploadFile) or not file.filename:
            return str(token or ""), None
        if (file.size or 0) > most:
            raise TooLarge("too large")
        return str(token or ""), await run_in_threadpool(_keep, file, new_folder)
    finally:
        await form.close()


def _keep(file: UploadFile, new_folder: Callable[[], Path]) -> Path:
    path = new_folder() / safe_name(file.filename or "")
    with path.open("wb") as target:
        shutil.copyfileobj(file.file, target)
    return path


async def _bounded(stream: AsyncGenerator[bytes, None], most: int) -> AsyncGenerator[bytes, None]:
    total = 0
    async for chunk in stream:
        total += len(chunk)
        if total <= most:
            yield chunk
    if total > most:
        raise TooLarge("too large")
