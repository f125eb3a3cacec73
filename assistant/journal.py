"""The log of questions, outcomes and remarks: SQLite, outside the index, with retention. No address, no profile.

E-mails, telephone numbers and the name of who asks are masked before they are written; what a person tells of themselves
is not written at all.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant import eligibility, profile
from assistant.schema import Answer, Outcome
from assistant.text import words

RETENTION_DAYS = 90
GOOD, BAD = "good", "bad"
"""What a remark says of an answer."""
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<!\d)(?:\+|00)?\d(?:[ .-]?\d){8,13}(?!\d)")
_NAME = re.compile(
    r"(?P<said>(?i:\b(?:je m['’]appelle|je suis (?:m\.|mme|monsieur|madame)|mon nom est|moi c['’]est|signé|cordialement,?|my name is|i am (?:mr|mrs|ms)\.?|regards,?))\s+)"
    r"[A-ZÀ-ÖØ-Þ][\w'’-]+(?:\s+[A-ZÀ-ÖØ-Þ][\w'’-]+){0,3}"
)
_TABLES = """
CREATE TABLE IF NOT EXISTS questions(
  id INTEGER PRIMARY KEY, asked TEXT NOT NULL, question TEXT NOT NULL, outcome TEXT NOT NULL, engine TEXT NOT NULL,
  sources TEXT NOT NULL, seconds REAL NOT NULL);
CREATE TABLE IF NOT EXISTS remarks(
  id INTEGER PRIMARY KEY, made TEXT NOT NULL, question INTEGER REFERENCES questions(id), verdict TEXT NOT NULL, reason TEXT NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Unmet:
    """A question that found nothing or was called bad, whatever its case and accents, with how often it came."""

    question: str
    times: int
    last: str
    """ISO date and time."""
    why: str


@dataclass(frozen=True, slots=True)
class Day:
    """What was asked on a day."""

    date: str
    questions: int
    answered: int
    """Those answered or listed."""
    seconds: float
    """Median time of an answer."""


def mask(text: str) -> str:
    """Return text without e-mail addresses, telephone numbers and the name of who speaks.

    >>> mask("écrivez à a.b@exemple.org ou au 06 12 34 56 78")
    'écrivez à [courriel] ou au [téléphone]'
    >>> mask("Je m'appelle Jeanne Martin, où postuler ?")
    "Je m'appelle [nom], où postuler ?"
    """
    masked = _PHONE.sub("[téléphone]", _EMAIL.sub("[courriel]", text))
    return _NAME.sub(r"\g<said>[nom]", masked)


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

    def __init__(self, folder: Path, retention_days: int = RETENTION_DAYS, *, enabled: bool = True) -> None:
        self._path = folder / "journal.sqlite"
        self.retention_days = retention_days
        self.enabled = enabled

    def record(self, question: str, answer: Answer, asked: dt.datetime) -> int | None:
        """Append a question and how it ended, and return its number, None where nothing is kept; entries past the retention go."""
        if not self.enabled:
            return None
        sources = json.dumps(sorted({citation.document for citation in answer.citations}), ensure_ascii=False)
        row = (asked.isoformat(), without_person(question), answer.outcome.value, answer.engine, sources, answer.seconds.get("total", 0.0))
        with self._open() as db:
            number = db.execute(
                "INSERT INTO questions(asked, question, outcome, engine, sources, seconds) VALUES (?,?,?,?,?,?)", row
            ).lastrowid
            _forget(db, asked - dt.timedelta(days=self.retention_days))
        return number

    def remark(self, question: int, verdict: str, reason: str, made: dt.datetime) -> None:
        """Append what someone said of the answer to a recorded question."""
        if self.enabled:
            with self._open() as db:
                row = (made.isoformat(), question, verdict, mask(reason)[:_LONGEST_REASON])
                db.execute("INSERT INTO remarks(made, question, verdict, reason) VALUES (?,?,?,?)", row)

    def purge(self, before: dt.datetime | None = None) -> int:
        """Remove the entries before a time, all of them where none is given; return how many questions went."""
        with self._open() as db:
            count = int(db.execute("SELECT count(*) FROM questions").fetchone()[0])
            _forget(db, before)
            return count - int(db.execute("SELECT count(*) FROM questions").fetchone()[0])

    def questions(self) -> list[tuple[str, str, str]]:
        """Return (time, question, outcome) of each entry, oldest first."""
        with self._open() as db:
            return [tuple(row) for row in db.execute("SELECT asked, question, outcome FROM questions ORDER BY id")]

    def unmet(self) -> list[Unmet]:
        """Return the questions that found nothing, or whose answer was called bad, most frequent first."""
        with self._open() as db:
            nothing = db.execute(
                "SELECT question, asked, outcome FROM questions WHERE outcome IN (?, ?) ORDER BY asked", (Outcome.NOT_FOUND, Outcome.FAILED)
            ).fetchall()
            query = "SELECT q.question, r.made, r.reason FROM remarks r JOIN questions q ON q.id = r.question WHERE r.verdict = ? ORDER BY r.made"
            said = [(question, made, reason or BAD) for question, made, reason in db.execute(query, (BAD,))]
        groups: dict[str, list[tuple[str, str, str]]] = {}
        for question, when, why in [*nothing, *said]:
            groups.setdefault(" ".join(words(question)), []).append((question, when, why))
        found = [_unmet(group) for group in groups.values()]
        return sorted(found, key=lambda one: (-one.times, one.question))

    def days(self) -> list[Day]:
        """Return what was asked each day, oldest first."""
        with self._open() as db:
            rows = db.execute("SELECT substr(asked, 1, 10), outcome, seconds FROM questions ORDER BY asked").fetchall()
        by_day: dict[str, list[tuple[str, float]]] = {}
        for day, outcome, seconds in rows:
            by_day.setdefault(day, []).append((outcome, seconds))
        return [_day(day, entries) for day, entries in by_day.items()]

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.closing(sqlite3.connect(self._path, timeout=5)) as db, db:
            db.executescript(_TABLES)
            yield db


_LONGEST_REASON = 500


def _forget(db: sqlite3.Connection, before: dt.datetime | None) -> None:
    oldest = before.isoformat() if before else "9999"
    db.execute("DELETE FROM remarks WHERE made < ?", (oldest,))
    db.execute("DELETE FROM remarks WHERE question IN (SELECT id FROM questions WHERE asked < ?)", (oldest,))
    db.execute("DELETE FROM questions WHERE asked < ?", (oldest,))


def _unmet(group: Sequence[tuple[str, str, str]]) -> Unmet:
    question, last, _ = group[-1]
    reasons = Counter(why for _, _, why in group)
    return Unmet(question, len(group), last, " ; ".join(why for why, _ in reasons.most_common(3)))


def _day(day: str, entries: Sequence[tuple[str, float]]) -> Day:
    answered = sum(outcome in {Outcome.ANSWERED, Outcome.LISTING} for outcome, _ in entries)
    seconds = sorted(seconds for _, seconds in entries)
    return Day(day, len(entries), answered, seconds[len(seconds) // 2])
