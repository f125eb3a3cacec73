"""The log of questions and outcomes: SQLite, outside the index, with retention. No address, no profile.

E-mails and telephone numbers are masked before they are written; what a person tells of themselves is not written at all.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from assistant import eligibility, profile
from assistant.schema import Answer

RETENTION_DAYS = 90
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<!\d)(?:\+|00)?\d(?:[ .-]?\d){8,13}(?!\d)")
_TABLE = """
CREATE TABLE IF NOT EXISTS questions(
  id INTEGER PRIMARY KEY, asked TEXT NOT NULL, question TEXT NOT NULL, outcome TEXT NOT NULL, engine TEXT NOT NULL,
  sources TEXT NOT NULL, seconds REAL NOT NULL)
"""


def mask(text: str) -> str:
    """Return text without e-mail addresses and telephone numbers.

    >>> mask("écrivez à a.b@exemple.org ou au 06 12 34 56 78")
    'écrivez à [courriel] ou au [téléphone]'
    """
    return _PHONE.sub("[téléphone]", _EMAIL.sub("[courriel]", text))


def without_person(question: str) -> str:
    """Return a question as it may be kept: of one that tells who asks, only the schemes it names.

    >>> without_person("Je suis magistrate, 8 ans d'expérience : puis-je devenir ETI ?")
    '[profil non conservé] expert technique international (ETI)'
    >>> without_person("Qui peut devenir ETI ?")
    'Qui peut devenir ETI ?'
    """
    if not eligibility.speaks_of_oneself(question, profile.read([question])):
        return mask(question)
    named = ", ".join(scheme.fr for scheme in eligibility.schemes_named(question))
    return f"[profil non conservé] {named}".strip()


class Journal:
    """The log in a folder, made at the first entry."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "journal.sqlite"

    def record(self, question: str, answer: Answer, asked: dt.datetime) -> None:
        """Append a question and how it ended; entries past the retention go."""
        sources = json.dumps(sorted({citation.document for citation in answer.citations}), ensure_ascii=False)
        row = (asked.isoformat(), without_person(question), answer.outcome.value, answer.engine, sources, answer.seconds.get("total", 0.0))
        oldest = (asked - dt.timedelta(days=RETENTION_DAYS)).isoformat()
        with self._open() as db:
            db.execute("INSERT INTO questions(asked, question, outcome, engine, sources, seconds) VALUES (?,?,?,?,?,?)", row)
            db.execute("DELETE FROM questions WHERE asked < ?", (oldest,))

    def questions(self) -> list[tuple[str, str, str]]:
        """Return (time, question, outcome) of each entry, oldest first."""
        with self._open() as db:
            return [tuple(row) for row in db.execute("SELECT asked, question, outcome FROM questions ORDER BY id")]

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.closing(sqlite3.connect(self._path, timeout=5)) as db, db:
            db.execute(_TABLE)
            yield db
