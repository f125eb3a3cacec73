"""Who may maintain: one password, sessions that expire, each request checked. There is no default password."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import time
from collections.abc import Callable, Mapping

from assistant.errors import AssistantError

COOKIE = "assistant_session"
SHORTEST = 12
"""Characters of a password."""
_TRIES, _PERIOD = 5, 300.0
"""Wrong passwords admitted in so many seconds, by anyone."""


class AccessError(AssistantError):
    """The caller is not signed in."""


class TooManyTriesError(AccessError):
    """Too many wrong passwords were tried lately."""


class Sessions:
    """The sessions of maintainers, in memory: all end when the server stops."""

    def __init__(self, password: str, hours: float, clock: Callable[[], float] = time.monotonic) -> None:
        if len(password) < SHORTEST:
            raise AssistantError(
                f"ASSISTANT_ADMIN_PASSWORD has fewer than {SHORTEST} characters; give a longer one, or none to close the maintenance page"
            )
        self._digest = _digest(password)
        self._seconds = hours * 3600
        self._clock = clock
        self._ends: dict[str, float] = {}
        self._failed: list[float] = []
        self._lock = threading.Lock()

    def open(self, password: str) -> str:
        """Return the token of a new session.

        Raises:
            TooManyTriesError: too many wrong ones were tried lately.
            AccessError: the password is wrong.

        """
        with self._lock:
            now = self._clock()
            self._failed = [when for when in self._failed if now - when < _PERIOD]
            if len(self._failed) >= _TRIES:
                raise TooManyTriesError("too many wrong passwords; wait five minutes")
            if not hmac.compare_digest(_digest(password), self._digest):
                self._failed.append(now)
                raise AccessError("wrong password")
            token = secrets.token_urlsafe(32)
            self._ends = {kept: end for kept, end in self._ends.items() if end > now} | {_digest(token): now + self._seconds}
            return token

    def holds(self, cookies: Mapping[str, str]) -> bool:
        """Tell whether a request's cookies name a session that has not ended."""
        end = self._ends.get(_digest(cookies.get(COOKIE, "")))
        return end is not None and end > self._clock()

    def check(self, cookies: Mapping[str, str]) -> None:
        """Refuse a request without a session.

        Raises:
            AccessError: there is none, or it has ended.

        """
        if not self.holds(cookies):
            raise AccessError("sign in first")

    def close(self, cookies: Mapping[str, str]) -> None:
        """End a request's session."""
        with self._lock:
            self._ends.pop(_digest(cookies.get(COOKIE, "")), None)

    @property
    def seconds(self) -> int:
        """How long a session lasts."""
        return int(self._seconds)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
