"""Staff accounts: a file of names and password hashes, and the login by HTTP Basic that goes by it.

Passwords are kept as scrypt hashes (RFC 7914). A line of the file is `name:scrypt$N$r$p$salt$hash`.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import os
import re
import secrets
import time
from base64 import b64decode, b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Final

from fastapi.security import HTTPBasic
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection

from ingest.errors import SettingsError
from ingest.settings import Settings

WRONG_PASSWORDS = 10  # of one name within LOCKED seconds; then even the right one is refused for a while
LOCKED = 600.0
SHORTEST = 8  # characters of a password

Cost = tuple[int, int, int]  # of a hash: scrypt's N, r and p; it takes 128 * N * r bytes
COST: Final[Cost] = (2**14, 8, 5)  # 16 MiB and some 0.2 s, as OWASP advises
_SALT = 16  # bytes
_NAME = re.compile(r"[A-Za-z0-9._-]{1,40}")
_PASSWORD = re.compile(rf"[ -~]{{{SHORTEST},200}}")  # browsers differ in how they send other characters
_LINE = re.compile(r"([A-Za-z0-9._-]{1,40}):(scrypt\$\d+\$\d+\$\d+\$[A-Za-z0-9+/=]+\$[A-Za-z0-9+/=]+)")
_REALM = "Huiwen staff"


class StaffAccounts:
    """The accounts in a file, read anew at each look: what is changed there holds at once.

    Args:
        file: where they stand.
        cost: what hashing a password takes.
    """

    def __init__(self, file: Path, cost: Cost = COST) -> None:
        self.file = file
        self._cost = cost
        self.hash_of_nobody = _write(bytes(_SALT), bytes(64), cost)  # of no password at all

    def read(self) -> dict[str, str]:
        """The password hashes by name; none where there is no file yet.

        Raises:
            SettingsError: the file cannot be read, or a line of it is malformed.
        """
        try:
            lines = self.file.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return {}
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"HUIWEN_STAFF={self.file}: cannot be read ({error}); name another file") from error
        found = {}
        for number, line in enumerate(lines, 1):
            parts = _LINE.fullmatch(line.strip())
            if parts:
                found[parts[1]] = parts[2]
            elif line.strip():
                raise SettingsError(f"{self.file}:{number}: is not name:hash; delete it and run `huiwen staff NAME`")
        return found

    def set_password(self, name: str, password: str) -> None:
        """Add an account, or give one another password. The file is replaced whole and is its owner's alone.

        Raises:
            SettingsError: the name or the password is none that a browser can send, or the file cannot be written.
        """
        if not _NAME.fullmatch(name):
            raise SettingsError(f"NAME={name!r}: write at most 40 letters (a-z), digits, '.', '-' or '_'")
        if not _PASSWORD.fullmatch(password):
            raise SettingsError(f"password: write {SHORTEST} to 200 letters (a-z), digits, blanks and punctuation")
        accounts = self.read() | {name: hash_password(password, self._cost)}
        fresh = self.file.with_name(f"{self.file.name}.{os.getpid()}.new")
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            fresh.touch(mode=0o600)
            fresh.write_text("".join(f"{one}:{kept}\n" for one, kept in accounts.items()), encoding="utf-8")
            fresh.replace(self.file)
        except OSError as error:
            raise SettingsError(f"HUIWEN_STAFF={self.file}: cannot be written ({error.strerror})") from error


class StaffLogin:
    """Lets in whoever sends the name and password of an account by HTTP Basic; guards a page as its `allow`.

    A password that was right is remembered, as a digest under a key of this process, so that the many requests of a
    page cost one hash. Hashes are made one at a time: nobody can occupy the machine with wrong passwords.
    """

    def __init__(self, accounts: StaffAccounts, clock: Callable[[], float] = time.monotonic) -> None:
        self._accounts = accounts
        self._clock = clock
        self._basic = HTTPBasic(realm=_REALM)
        self._key = secrets.token_bytes(32)
        self._right: dict[str, tuple[str, bytes]] = {}  # by name: the account's hash, and the digest of its password
        self._wrong: dict[str, list[float]] = {}  # by name: when
        self._turn = asyncio.Lock()

    async def __call__(self, request: HTTPConnection) -> str:
        """The name of who asks.

        Raises:
            HTTPException: 401 that makes a browser ask; 429 after too many wrong passwords.
        """
        given = await self._basic(request)
        assert given  # it raises itself where nothing is given
        await self.admit(given.username, given.password)
        return given.username

    async def admit(self, name: str, password: str) -> str:
        """Check a name and a password; what comes back tells `still_holds` later whether the account has changed.

        Raises:
            HTTPException: 401 for a wrong pair; 429 after too many wrong passwords.
        """
        hashed = (await run_in_threadpool(self._accounts.read)).get(name)
        if not self._remembers(name, password, hashed):
            async with self._turn:
                if not self._remembers(name, password, hashed):
                    await self._check(name, password, hashed)
        assert hashed is not None  # else the check has refused it
        return hashed

    def still_holds(self, name: str, hashed: str) -> bool:
        """Whether an account is there with the password that it had."""
        return self._accounts.read().get(name) == hashed

    async def _check(self, name: str, password: str, hashed: str | None) -> None:
        self._refuse_locked(name)
        # An unknown name takes as long as a known one, so that nobody learns the names.
        right = await run_in_threadpool(is_password, password, hashed or self._accounts.hash_of_nobody)
        if hashed is None or not right:
            self._wrong.setdefault(name, []).append(self._clock())
            raise self._basic.make_not_authenticated_error()
        self._wrong.pop(name, None)
        self._right[name] = (hashed, self._digest(password))

    def _remembers(self, name: str, password: str, hashed: str | None) -> bool:
        known, digest = self._right.get(name, ("", b""))
        return known == hashed and hmac.compare_digest(digest, self._digest(password))

    def _refuse_locked(self, name: str) -> None:
        now = self._clock()
        recent = {one: [at for at in times if now - at < LOCKED] for one, times in self._wrong.items()}
        self._wrong = {one: times for one, times in recent.items() if times}
        times = self._wrong.get(name, [])
        if len(times) >= WRONG_PASSWORDS:
            wait = LOCKED - (now - times[-WRONG_PASSWORDS])
            raise HTTPException(429, headers={"Retry-After": str(int(wait) + 1)})

    def _digest(self, password: str) -> bytes:
        return hmac.digest(self._key, password.encode(), "sha256")


def open_staff_login(settings: Settings) -> StaffLogin | None:
    """The login that the settings name; None where they name none.

    Raises:
        SettingsError: the file that they name has no account, or cannot be read.
    """
    if settings.staff is None:
        return None
    accounts = StaffAccounts(settings.staff)
    if not accounts.read():
        raise SettingsError(f"HUIWEN_STAFF={settings.staff}: holds no account yet; `huiwen staff NAME` adds one")
    return StaffLogin(accounts)


def hash_password(password: str, cost: Cost = COST) -> str:
    """A password as it is kept."""
    salt = secrets.token_bytes(_SALT)
    return _write(salt, _scrypt(password, salt, *cost), cost)


def is_password(password: str, hashed: str) -> bool:
    """Whether this is the password that was hashed, compared in constant time."""
    _, n, r, p, salt, kept = hashed.split("$")
    return hmac.compare_digest(_scrypt(password, b64decode(salt), int(n), int(r), int(p)), b64decode(kept))


def _scrypt(password: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=n, r=r, p=p, maxmem=256 * n * r)


def _write(salt: bytes, hashed: bytes, cost: Cost) -> str:
    n, r, p = cost
    return f"scrypt${n}${r}${p}${b64encode(salt).decode()}${b64encode(hashed).decode()}"
