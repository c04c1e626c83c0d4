"""Logged in at the desk: sessions in this process, told by a cookie, each with a token against forged requests.

A session ends with its account: one that is deleted or has another password is out at once. A restart ends them all.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from bot.errors_http import Refused
from bot.staff import StaffLogin

COOKIE = "huiwen_desk"
SHIFT = 10 * 3600.0  # seconds that a session lasts
HEADER = "X-CSRF-Token"

_PATH = "/desk"


@dataclass(frozen=True, slots=True)
class Session:
    """Who is logged in."""

    staff: str
    hashed: str  # the account's password hash when it logged in
    csrf: str
    ends: float


class Sessions:
    """Opens, finds and ends sessions."""

    def __init__(self, login: StaffLogin, clock: Callable[[], float] = time.monotonic) -> None:
        self._login = login
        self._clock = clock
        self._open: dict[str, Session] = {}  # by the digest of the cookie's value

    async def enter(self, name: str, password: str, response: Response) -> None:
        """Log somebody in and give `response` the cookie.

        Raises:
            HTTPException: 401 for a wrong pair; 429 after too many wrong passwords.
        """
        hashed = await self._login.admit(name, password)
        now, key = self._clock(), secrets.token_urlsafe(32)
        self._open = {digest: one for digest, one in self._open.items() if one.ends > now}
        self._open[_digest(key)] = Session(name, hashed, secrets.token_urlsafe(32), now + SHIFT)
        response.set_cookie(COOKIE, key, max_age=int(SHIFT), path=_PATH, secure=True, httponly=True, samesite="strict")

    def find(self, request: Request) -> Session | None:
        """The session of who asks; None where there is none that holds."""
        session = self._open.get(_digest(request.cookies.get(COOKIE, "")))
        if session is None or session.ends <= self._clock():
            return None
        return session if self._login.still_holds(session.staff, session.hashed) else None

    def leave(self, request: Request, response: Response) -> None:
        """Log out."""
        self._open.pop(_digest(request.cookies.get(COOKIE, "")), None)
        response.delete_cookie(COOKIE, path=_PATH, secure=True, httponly=True, samesite="strict")


def check_token(session: Session, given: str | None) -> None:
    """Refuse what another site may have made the browser send; 403 then."""
    if not hmac.compare_digest((given or "").encode(), session.csrf.encode()):
        raise Refused(403, "desk_stale")


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
