"""`huiwen doctor`: look at all that the service stands on, and say of each whether it is well and how to mend it.

A check returns what it found; one that raises an error has found it broken, and an error of ours says what to do.
"""

from __future__ import annotations

import shutil
import socket
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from rich.console import Console

from ingest.errors import AnswerLogError, HuiwenError, IndexUnavailable, SettingsError
from ingest.report import print_json
from ingest.settings import Settings, hide_password, sqlite_file

if TYPE_CHECKING:
    from ingest.encoder import Encoder

State = Literal["ok", "warning", "broken"]

_GIBI = 1 << 30
_FULL, _TIGHT = 0.2, 1.0  # GiB free below which nothing can be kept, and below which it is time to act
_SECONDS = 3  # within which a model's server takes a connection
_COLORS = {"ok": "green", "warning": "yellow", "broken": "red"}


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found."""

    check: str
    state: State
    found: str  # what is there, or what is wrong and how to mend it


def free_bytes(folder: Path) -> int:
    """How many bytes can still be written there."""
    return shutil.disk_usage(folder).free


class Doctor:
    """Examines an installation by its settings. Nothing is changed.

    Args:
        settings: where everything is.
        free: bytes that are free where a folder lies.
    """

    def __init__(self, settings: Settings, free: Callable[[Path], int] = free_bytes) -> None:
        self._settings = settings
        self._free = free
        self._encoder: Encoder | None = None

    def examine(self) -> Iterator[Finding]:
        """Every check, one after the other."""
        checks: dict[str, Callable[[], tuple[State, str]]] = {
            "encoder": self._look_at_encoder,
            "corpus": self._look_at_corpus,
            "index": self._look_at_index,
            "disk": self._look_at_disk,
            "answer log": self._look_at_log,
            "staff": self._look_at_staff,
            "model": self._look_at_model,
            "network": self._look_at_network,
        }
        for name, check in checks.items():
            try:
                yield Finding(name, *check())
            except HuiwenError as error:
                yield Finding(name, "broken", str(error))
            except (OSError, ValueError) as error:  # what no one foresaw ends no other check
                yield Finding(name, "broken", f"{error}; see that this account may use it, and how it is set")

    def _look_at_encoder(self) -> tuple[State, str]:
        from ingest.encoder import load_encoder  # imported on use, as all heavy libraries are: not for --help

        self._encoder = load_encoder(self._settings.encoder)
        return "ok", f"{self._encoder.name}, {self._encoder.dimensions} dimensions"

    def _look_at_corpus(self) -> tuple[State, str]:
        from ingest.corpus import read_corpus
        from ingest.topics import Lexicon

        corpus = read_corpus(self._settings)
        Lexicon.load(self._settings.corpus / "topics")
        if not corpus.files:
            return (
                "broken",
                f"{corpus.folder} has no file that can be read; put some there and run `huiwen ingest`",
            )
        if corpus.unreadable:
            return "warning", f"{len(corpus.unreadable)} files cannot be read; `huiwen ingest` names them"
        return "ok", f"{len(corpus.files)} files"

    def _look_at_index(self) -> tuple[State, str]:
        if self._encoder is None:
            return "warning", "not looked at: there is no encoder to open it with"
        from ingest.build import is_stale
        from ingest.store import open_index
        from ingest.topics import Lexicon

        lexicon = Lexicon.load(self._settings.corpus / "topics")
        try:
            index = open_index(self._settings, self._encoder, lexicon)
            index.close()
        except HuiwenError:
            raise
        except Exception as error:  # whatever each library raises for a damaged file of its own
            raise IndexUnavailable(
                f"the index in {self._settings.index} cannot be read ({type(error).__name__}: {error}); see that this "
                "account may read it, else delete the folder and run `huiwen ingest`"
            ) from error
        if is_stale(self._settings, self._encoder, lexicon):
            return "warning", "older than the corpus; run `huiwen ingest`"
        return "ok", f"generation {index.name}: {index.info.documents} documents, {index.info.clauses} clauses"

    def _look_at_disk(self) -> tuple[State, str]:
        free = {str(folder): self._free(_existing(folder)) / _GIBI for folder in self._written()}
        folder, least = min(free.items(), key=lambda one: one[1])
        if least < _TIGHT:
            state: State = "broken" if least < _FULL else "warning"
            return state, f"{least:.1f} GiB free for {folder}; make room, or name another place"
        return "ok", f"{least:.1f} GiB free"

    def _written(self) -> list[Path]:
        """The folders that the service writes to."""
        log = sqlite_file(self._settings.answer_log)
        return [self._settings.index, self._settings.corpus, *([log.parent] if log else [])]

    def _look_at_log(self) -> tuple[State, str]:
        url = self._settings.answer_log
        if not url:
            return "ok", "switched off: nothing is kept, nobody can vote"
        from bot.reach import can_make, count_tables

        file = sqlite_file(url)
        if file and not file.exists():
            if not can_make(file):
                raise AnswerLogError(f"HUIWEN_ANSWER_LOG={url}: this account cannot make that file; see its folder")
            return "ok", f"{file} is made with the first answer"
        return "ok", f"{hide_password(url)}, {count_tables(url)} tables"

    def _look_at_staff(self) -> tuple[State, str]:
        if self._settings.staff is None:
            return "ok", "no accounts: the desk is open, corrections, counts and the evaluators' page are closed"
        from bot.staff import StaffAccounts

        accounts = StaffAccounts(self._settings.staff).read()
        if not accounts:
            raise SettingsError(f"HUIWEN_STAFF={self._settings.staff}: holds no account; run `huiwen staff NAME`")
        if self._settings.staff.stat().st_mode & 0o077:
            return "warning", f"others on this machine can read it; run `chmod 600 {self._settings.staff}`"
        return "ok", f"{len(accounts)} accounts"

    def _look_at_model(self) -> tuple[State, str]:
        if self._settings.model is None:
            return "ok", "none is set: answers quote"
        from bot.chat_model import open_chat_model
        from bot.metrics import Metrics
        from bot.reach import read_address

        url = self._settings.model_url
        host, port = read_address(url) if url else ("", 0)
        open_chat_model(self._settings, Metrics())
        if not url:
            return "ok", f"{self._settings.model}; its provider's address is not tried"
        try:
            socket.create_connection((host, port), _SECONDS).close()
        except OSError as error:
            # Answers go out all the same, quoted.
            told = hide_password(url)
            return "warning", f"HUIWEN_MODEL_URL={told}: {error.strerror or error}; start it, or mend the address"
        return "ok", f"{self._settings.model} takes connections"

    def _look_at_network(self) -> tuple[State, str]:
        from bot.request_log import read_networks

        proxies = read_networks(self._settings.trusted_proxies)
        plain = [origin for origin in self._settings.widget_origins.split() if origin.startswith("http://")]
        if plain:
            return "warning", f"HUIWEN_WIDGET_ORIGINS has {plain[0]}, which anybody on the way can change; use https"
        if self._settings.host not in ("127.0.0.1", "::1", "localhost") and not proxies:
            return "warning", f"HOST={self._settings.host} is open without HTTPS; see docs/operate.md for a proxy"
        return "ok", f"{self._settings.host}:{self._settings.port}, {len(proxies)} trusted proxies"


def print_findings(findings: list[Finding], as_json: bool) -> None:
    """A line a check."""
    if as_json:
        print_json([asdict(finding) for finding in findings])
        return
    console = Console(soft_wrap=True)
    for one in findings:
        console.print(f"{one.state:8}", style=_COLORS[one.state], end="")
        console.print(f"{one.check:11}{one.found}", markup=False, highlight=False)


def _existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that is there."""
    return next(path for path in (folder.absolute(), *folder.absolute().parents) if path.is_dir())
