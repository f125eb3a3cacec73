"""The registry of missions: records in SQLite beside the documents, filtered and sorted exactly.

``store.py`` opens the database and decides which generation is served; this module knows its mission tables alone. The
clock is passed in.
"""

from __future__ import annotations

import calendar
import datetime as dt
import json
import math
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from assistant.dates import month_named
from assistant.domains import domains_in, find_topics, synonyms
from assistant.lexical import analyse
from assistant.places import zones_in, zones_of
from assistant.schema import Condition, Evidence, Facet, Filters, Mission, MissionEntry, Order, Skill
from assistant.text import fold
from assistant.vocabulary import ASSIGNMENTS, CONTRACTS, OFFER_TYPES, keys

TABLES = """
CREATE TABLE missions(id INTEGER PRIMARY KEY, document TEXT NOT NULL UNIQUE, record TEXT NOT NULL, fields INTEGER NOT NULL,
  deadline REAL, deadline_day INTEGER, published INTEGER, start_low INTEGER, start_high INTEGER, months_low REAL, months_high REAL,
  working_days INTEGER, education INTEGER, experience INTEGER);
CREATE INDEX missions_deadline ON missions(deadline, document);
CREATE TABLE mission_tags(facet TEXT NOT NULL, value TEXT NOT NULL, mission INTEGER NOT NULL, PRIMARY KEY(facet, value, mission)) WITHOUT ROWID;
CREATE INDEX mission_tags_mission ON mission_tags(mission);
CREATE VIRTUAL TABLE mission_words USING fts5(head, body, tokenize='unicode61');
"""
WORKING_DAYS_A_MONTH = 20
"""Days of work counted for a month, where a sheet gives them over a time of unknown length."""

_NUMBERS: dict[Facet, tuple[str, str]] = {
    Facet.MONTHS: ("months_low", "months_high"),
    Facet.WORKING_DAYS: ("working_days", "working_days"),
    Facet.DEADLINE: ("deadline_day", "deadline_day"),
    Facet.PUBLISHED: ("published", "published"),
    Facet.START: ("start_low", "start_high"),
    Facet.EDUCATION: ("education", "education"),
    Facet.EXPERIENCE: ("experience", "experience"),
}
"""Facet that is a number -> the columns of its lowest and highest value."""


@dataclass(frozen=True, slots=True)
class Selection:
    """The missions that pass some filters, as row ids in order: open, deadline unknown, closed; each by deadline."""

    open: tuple[int, ...] = ()
    unknown: tuple[int, ...] = ()
    closed: tuple[int, ...] = ()

    def __len__(self) -> int:
        return len(self.open) + len(self.unknown) + len(self.closed)

    @property
    def states(self) -> Iterator[tuple[int, bool | None]]:
        """Each row id with whether one can still apply."""
        for ids, state in ((self.open, True), (self.unknown, None), (self.closed, False)):
            yield from ((row, state) for row in ids)


def write(db: sqlite3.Connection, missions: Iterable[Mission], bodies: Mapping[str, str]) -> None:
    """Add missions to the tables; ``bodies`` gives the text of each one's document."""
    for mission in missions:
        cursor = db.execute(_INSERT, _row(mission))
        row = cursor.lastrowid
        db.executemany("INSERT OR IGNORE INTO mission_tags VALUES (?,?,?)", [(f.value, value, row) for f, value in _tags(mission)])
        db.execute("INSERT INTO mission_words(rowid, head, body) VALUES (?,?,?)", (row, *_words(mission, bodies[mission.document])))


def remove(db: sqlite3.Connection, path: str) -> None:
    """Remove the missions that the documents of a file describe."""
    query = "SELECT missions.id FROM missions JOIN documents ON documents.name = missions.document WHERE documents.path = ?"
    rows = db.execute(query, (path,)).fetchall()
    for table, column in (("mission_tags", "mission"), ("mission_words", "rowid"), ("missions", "id")):
        db.executemany(f"DELETE FROM {table} WHERE {column} = ?", rows)


class Registry:
    """The missions of one generation, open for reading on the connection of its store."""

    def __init__(self, db: sqlite3.Connection, twins: Mapping[str, Sequence[str]]) -> None:
        self._db = db
        self._twins = twins
        self._groups = {row: group for row, group in self._grouped()}

    def __len__(self) -> int:
        return int(self._db.execute("SELECT count(*) FROM missions").fetchone()[0])

    def select(self, filters: Filters, now: dt.datetime) -> Selection:
        """Return the missions that pass the filters at a time (aware); each posting once."""
        clauses = [self._clause(one, now) for one in filters.conditions]
        where = " AND ".join(sql for sql, _ in clauses) or "1"
        values = [value for _, given in clauses for value in given]
        if filters.order:
            sql, given = _extreme(filters.order, where, values)
            where, values = f"{where} AND {sql}", [*values, *given]
        rows = self._db.execute(f"SELECT id, deadline FROM missions WHERE {where} ORDER BY deadline, document", values).fetchall()
        kept = self._once([row for row, _ in rows])
        instant = now.timestamp()
        return Selection(
            open=tuple(row for row, deadline in rows if deadline is not None and deadline > instant and row in kept),
            unknown=tuple(row for row, deadline in rows if deadline is None and row in kept),
            closed=tuple(row for row, deadline in rows if deadline is not None and deadline <= instant and row in kept),
        )

    def entries(self, selection: Selection, limit: int | None = None) -> list[MissionEntry]:
        """Return the missions of a selection, in order; the first ones where a limit is given."""
        rows = list(selection.states)[:limit]
        records = self._records([row for row, _ in rows])
        return [MissionEntry(records[row], state, self._also(records[row])) for row, state in rows]

    def listed(self, filters: Filters, now: dt.datetime) -> list[MissionEntry]:
        """Return the missions that pass the filters at a time, in order."""
        return self.entries(self.select(filters, now))

    def named(self, reference: str) -> frozenset[str]:
        """Return the documents of the missions of that reference, or of that number at its end."""
        query = "SELECT document FROM missions JOIN mission_tags ON mission = id WHERE facet = ? AND value = ?"
        return frozenset(document for (document,) in self._db.execute(query, (Facet.REFERENCE.value, fold(reference))))

    def titled(self, terms: Sequence[str], limit: int) -> list[Mission]:
        """Return the missions whose title, domains or theme hold some of the terms, those that hold the rarest first."""
        if not terms:
            return []
        match = "{head}: (" + " OR ".join(f'"{term}"' for term in terms) + ")"
        query = "SELECT rowid FROM mission_words WHERE mission_words MATCH ? ORDER BY rank LIMIT ?"
        rows = [row for (row,) in self._db.execute(query, (match, limit))]
        records = self._records(rows)
        kept = self._once(rows)
        return [records[row] for row in rows if row in kept]

    def rarity(self, term: str) -> float:
        """Return how much a term tells sheets apart: 1 where one title in all holds it, towards 0 where all do."""
        query = "SELECT count(*) FROM mission_words WHERE mission_words MATCH ?"
        holding = int(self._db.execute(query, (f'{{head}}: "{term}"',)).fetchone()[0])
        total = len(self)
        return math.log((total + 1) / holding) / math.log(total + 1) if holding and total > 1 else 0.0

    def mission(self, document: str) -> Mission | None:
        """Return the mission that a document describes, None where it describes none."""
        row = self._db.execute("SELECT record FROM missions WHERE document = ?", (document,)).fetchone()
        return as_mission(row[0]) if row else None

    def missions(self) -> list[Mission]:
        """Return every mission, by document name."""
        return [as_mission(row[0]) for row in self._db.execute("SELECT record FROM missions ORDER BY document")]

    def cities(self) -> frozenset[str]:
        """Return the cities of the missions, as ``city_key`` writes them."""
        return frozenset(
            value for (value,) in self._db.execute("SELECT DISTINCT value FROM mission_tags WHERE facet = ?", (Facet.CITY.value,))
        )

    def holds(self, words: str, *, head: bool = False) -> bool:
        """Tell whether a sheet holds some words, all of them; in its title, domains or theme where the head is asked."""
        match = _all_of(words)
        return bool(match) and self._matches(f"{{head}}: ({match})" if head else match)

    def _clause(self, condition: Condition, now: dt.datetime) -> tuple[str, list[object]]:
        """Return a condition as SQL with its values."""
        if condition.facet in _NUMBERS:
            sql, values = _between(condition)
        elif condition.facet is Facet.STATE:
            sql, values = _in_state(condition.values, now)
        elif condition.facet is Facet.TEXT:
            sql, values = self._holding(condition.values)
        else:
            sql, values = _tagged(condition)
        return (f"NOT ({sql})", values) if condition.negated else (f"({sql})", values)

    def _holding(self, phrases: frozenset[str]) -> tuple[str, list[object]]:
        """Return the missions whose sheet speaks of one of some phrases; where no sheet does, those of the phrases' domains."""
        matches = [match for phrase in sorted(phrases) if (match := self._strictest(phrase) or self._narrower(phrase))]
        if matches:
            found = "id IN (SELECT rowid FROM mission_words WHERE mission_words MATCH ?)"
            return " OR ".join([found] * len(matches)), list(matches)
        domains = frozenset(key for phrase in phrases for key, _ in find_topics(fold(phrase)))
        return _tagged(Condition(Facet.DOMAIN, domains)) if domains else ("0", [])

    def _strictest(self, phrase: str) -> str | None:
        """Return the strictest full-text query for a phrase that some sheet answers: in titles, as one phrase, word by word."""
        return next((match for match in _matches(phrase) if self._matches(match)), None)

    def _narrower(self, phrase: str) -> str | None:
        """Return the query for a topic within a phrase that no sheet holds whole (``syrian refugees``)."""
        folded = fold(phrase)
        inside = (folded[start:end] for _, (start, end) in find_topics(folded))
        return next((match for topic in inside if topic != folded and (match := self._strictest(topic))), None)

    def _matches(self, match: str) -> bool:
        return self._db.execute("SELECT 1 FROM mission_words WHERE mission_words MATCH ? LIMIT 1", (match,)).fetchone() is not None

    def _records(self, rows: Sequence[int]) -> dict[int, Mission]:
        found: dict[int, Mission] = {}
        for start in range(0, len(rows), 500):
            part = rows[start : start + 500]
            marks = ",".join("?" * len(part))
            query = f"SELECT id, record FROM missions WHERE id IN ({marks})"
            found.update((row, as_mission(record)) for row, record in self._db.execute(query, list(part)))
        return found

    def _also(self, mission: Mission) -> tuple[str, ...]:
        return tuple(self._twins.get(mission.document, ()))

    def _grouped(self) -> Iterator[tuple[int, tuple[str, int]]]:
        """Yield, for each mission found twice or more, its row with its group and how much its sheet says."""
        for name, others in self._twins.items():
            row = self._db.execute("SELECT id, fields FROM missions WHERE document = ?", (name,)).fetchone()
            if row:
                yield row[0], (min(name, *others), row[1])

    def _once(self, rows: Sequence[int]) -> frozenset[int] | _Everything:
        """Return the rows to keep: of those that are one posting, the sheet that says most."""
        several = [row for row in rows if row in self._groups]
        if not several:
            return _Everything()
        best: dict[str, int] = {}
        for row in several:
            group, fields = self._groups[row]
            if group not in best or fields > self._groups[best[group]][1]:
                best[group] = row
        return frozenset(rows).difference(several).union(best.values())


class _Everything:
    """Holds every row."""

    def __contains__(self, _: object) -> bool:
        return True


def as_mission(record: str) -> Mission:
    """Return a mission from its record as stored."""
    values = json.loads(record)
    for name in ("countries", "domains", "statuses"):
        values[name] = tuple(values[name])
    for name in ("published", "ends"):
        values[name] = dt.date.fromisoformat(values[name]) if values[name] else None
    values["deadline"] = dt.datetime.fromisoformat(values["deadline"]) if values["deadline"] else None
    values["languages"] = tuple(Skill(**one) for one in values["languages"])
    values["evidence"] = tuple(Evidence(**one) for one in values["evidence"])
    values["doubts"] = tuple((label, words) for label, words in values["doubts"])
    return Mission(**values)


_COLUMNS = "document, record, fields, deadline, deadline_day, published, start_low, start_high, months_low, months_high, working_days, education, experience"
_INSERT = f"INSERT INTO missions({_COLUMNS}) VALUES ({','.join('?' * (_COLUMNS.count(',') + 1))})"


def _row(mission: Mission) -> tuple[object, ...]:
    record = json.dumps(asdict(mission), ensure_ascii=False, default=lambda value: value.isoformat())
    deadline = mission.deadline
    low, high = _length(mission)
    return (
        mission.document, record, len(mission.evidence) + (mission.language == "fr"), deadline.timestamp() if deadline else None, _ordinal(deadline),
        _ordinal(mission.published), *_start(mission.start), low, high, mission.person_days, mission.education_level, mission.experience_years,
    )  # fmt: skip


def _ordinal(day: dt.date | None) -> int | None:
    return day.toordinal() if day else None


def _length(mission: Mission) -> tuple[float | None, float | None]:
    """Return the shortest and longest length in months; days of work count where the time they are spread over is not in years."""
    low = mission.months if mission.months is not None else mission.months_max
    high = mission.months_max if mission.months_max is not None else mission.months
    years = any(word.isdigit() and len(word) == 4 for word in fold(mission.duration or "").replace("-", " ").split())
    if low is None and mission.person_days is not None and not years:
        low = high = mission.person_days / WORKING_DAYS_A_MONTH
    return low, high


def _start(text: str | None) -> tuple[int | None, int | None]:
    """Return the first and last day on which a mission starts: one day, or those of a month or a year named."""
    if not text:
        return None, None
    try:
        day = dt.date.fromisoformat(text)
        return day.toordinal(), day.toordinal()
    except ValueError:
        named = month_named(text)
    if not named:
        return None, None
    year, month = named
    last = calendar.monthrange(year, month or 12)[1]
    return dt.date(year, month or 1, 1).toordinal(), dt.date(year, month or 12, last).toordinal()


def _tags(mission: Mission) -> Iterator[tuple[Facet, str]]:
    for place in (*mission.countries, *zones_of(mission.countries), *(key for key, _ in zones_in(mission.zone or ""))):
        yield Facet.PLACE, place
    if mission.city:
        yield Facet.CITY, city_key(mission.city)
    yield from ((Facet.DOMAIN, key) for key in domains_in(" ; ".join([*mission.domains, mission.title, mission.theme or ""])))
    yield from ((Facet.CONTRACT, key) for key in keys(CONTRACTS, f"{mission.contract or ''} ; {mission.status or ''}"))
    yield from ((Facet.STATUS, key) for key in mission.statuses)
    yield from ((Facet.OFFER_TYPE, key) for key in keys(OFFER_TYPES, mission.offer_type or ""))
    yield from ((Facet.ASSIGNMENT, key) for key in keys(ASSIGNMENTS, f"{mission.assignment or ''} ; {mission.duration or ''}"))
    yield from ((Facet.LANGUAGE, value) for skill in mission.languages if skill.required for value in _language_values(skill))
    yield Facet.SHEET_LANGUAGE, mission.language
    yield Facet.SAMPLE, _yes(mission.sample)
    if mission.remote is not None:
        yield Facet.REMOTE, _yes(mission.remote)
    if mission.renewable is not None:
        yield Facet.RENEWABLE, _yes(mission.renewable)
    if mission.reference:
        yield Facet.REFERENCE, fold(mission.reference)
        yield Facet.REFERENCE, fold(mission.reference.rsplit("/", 1)[-1])


def _language_values(skill: Skill) -> Iterator[str]:
    yield skill.language
    if skill.level:
        yield f"{skill.language}:{skill.level}"


def city_key(name: str) -> str:
    """Return the one form of a city's name, whatever its accents, case and hyphens.

    >>> city_key("Addis-Abeba"), city_key("SAINT-LOUIS (déplacements)")
    ('addis abeba', 'saint louis')
    """
    return " ".join(fold(name.split("(")[0].split(",")[0]).replace("-", " ").split())


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _words(mission: Mission, body: str) -> tuple[str, str]:
    """Return the stems of what a sheet is about (title, domains, theme, department, sponsor), then of all its text."""
    head = " ; ".join(
        [mission.title, *mission.domains, mission.theme or "", mission.department or "", mission.sponsor or "", mission.offer_type or ""]
    )
    return " ".join(analyse(head)), " ".join(analyse(body))


def _tagged(condition: Condition) -> tuple[str, list[object]]:
    """Return the missions that have one of some values; of a negated condition, those of which nothing is known count as having it."""
    marks = ",".join("?" * len(condition.values))
    has = f"id IN (SELECT mission FROM mission_tags WHERE facet = ? AND value IN ({marks}))"
    values: list[object] = [condition.facet.value, *sorted(condition.values)]
    if not condition.negated:
        return has, values
    return f"{has} OR id NOT IN (SELECT mission FROM mission_tags WHERE facet = ?)", [*values, condition.facet.value]


def _between(condition: Condition) -> tuple[str, list[object]]:
    low, high = _NUMBERS[condition.facet]
    bounds = [(f"{low} >= ?", condition.low)] * (condition.low is not None) + [(f"{high} <= ?", condition.high)] * (
        condition.high is not None
    )
    sql = " AND ".join(one for one, _ in bounds) or f"{low} IS NOT NULL"
    if condition.negated:
        sql = f"{low} IS NULL OR ({sql})"
    return sql, [value for _, value in bounds]


def _in_state(values: frozenset[str], now: dt.datetime) -> tuple[str, list[object]]:
    sql = {"open": "deadline > ?", "closed": "deadline <= ?", "unknown": "deadline IS NULL"}
    chosen = [value for value in sql if value in values]
    given: list[object] = [now.timestamp() for value in chosen if value != "unknown"]
    return " OR ".join(f"({sql[value]})" for value in chosen) or "0", given


def _matches(phrase: str) -> Iterator[str]:
    """Yield the full-text queries for a phrase or another name of its topic, the strictest first."""
    names = [terms for name in synonyms(fold(phrase)) if (terms := analyse(name))]
    if names:
        exact = " OR ".join(f'"{" ".join(terms)}"' + (" *" if len(terms[-1]) > _PREFIX else "") for terms in names)
        yield f"{{head}}: ({exact})"
        if len(names) == 1 and len(names[0]) > 1:
            yield f"{{head}}: ({_all_of(phrase)})"
        yield exact
        if len(names) == 1:
            yield _all_of(phrase)


_PREFIX = 4
"""Letters that a word must exceed to stand for those that start with it."""


def _all_of(words: str) -> str:
    """Return the full-text query for sheets that hold every word; empty where all are stop words."""
    return " AND ".join(f'"{term}"' for term in analyse(words))


def _extreme(order: Order, where: str, values: Sequence[object]) -> tuple[str, list[object]]:
    """Return those with the largest or smallest value among the missions that pass the other conditions."""
    low, high = _NUMBERS[order.facet]
    column, function = (high, "max") if order.largest else (low, "min")
    return f"{column} = (SELECT {function}({column}) FROM missions WHERE {where})", list(values)


def nearest(filters: Filters) -> Iterator[Filters]:
    """Yield the filters with one condition less, the least telling first, for when nothing passes them all."""
    for facet in (*_RELAXED, *(f for f in Facet if f not in _RELAXED)):
        relaxed = replace(filters.without(facet), order=None)
        if relaxed.conditions != filters.conditions and relaxed.conditions:
            yield relaxed


_RELAXED = (
    Facet.STATE,
    Facet.MONTHS,
    Facet.CONTRACT,
    Facet.STATUS,
    Facet.LANGUAGE,
    Facet.EXPERIENCE,
    Facet.EDUCATION,
    Facet.CITY,
    Facet.PLACE,
)
