"""What the tabs of the evaluators' page share."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from html import escape
from pathlib import Path


class Downloads:
    """A folder of files to be handed out: Gradio gives away what lies in the machine's temporary folder."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="huiwen-eval-"))
        weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)

    def put(self, name: str, content: bytes) -> str:
        """Keep a file and return its path; the name is what visitors will save it as."""
        file = self._folder / name
        file.write_bytes(content)
        return str(file)


def tell(sentence: str, kind: str = "problem") -> str:
    """A sentence as HTML; `kind` is problem or note."""
    return f'<p class="{kind}" role="status">{escape(sentence)}</p>'
