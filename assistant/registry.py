"""The registry of missions: records in SQLite beside the documents, filtered and sorted exactly.

``store.py`` opens the database and decides which generation is served; this module knows its mission tables alone. The
clock is passed in.
"""

from __future__ import annotations

import calendar
import datetime as dt
import json
import math
import re
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from assistant.dates import month_named
from assistant.domains import domains_in, find_topics, synonyms
from assistant.lexical import analyse
from assistant.places import zones, zones_in, zones_of
from assistant.schema import Condition, Evidence, Facet, Filters, Mission, MissionEntry, Order, Skill
from assistant.text import fold
from assistant.vocabulary import ASSIGNMENTS, CONTRACTS, FUNDERS, OFFER_TYPES, keys

TABLES = """
CREATE TABLE missions(id INTEGER PRIMARY KEY, document TEXT NOT NULL UNIQUE, record BLOB NOT NULL, fields INTEGER NOT NULL,
  deadline REAL, deadline_day INTEGER, published INTEGER, start_low INTEGER, start_high INTEGER, months_low REAL, months_high REAL,
  working_days INTEGER, education INTEGER, experience INTEGER);
CREATE TABLE mission_tags(facet TEXT NOT NULL, value TEXT NOT NULL, mission INTEGER NOT NULL, PRIMARY KEY(facet, value, mission)) WITHOUT ROWID;
CREATE INDEX mission_tags_mission ON mission_tags(mission);
CREATE VIRTUAL TABLE mission_words USING fts5(head, body, tokenize='unicode61');
"""
Mask = NDArray[np.bool_]
"""Which missions, in the order of lists."""
_WORDED = 500
"""Full-text queries whose missions are remembered."""
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


@dataclass(frozen=True, slots=True)
class _Columns:
    """What filters read, one element a mission, in the order of lists: by deadline, then by document."""

    rows: NDArray[np.int64]
    places: NDArray[np.int64]
    """By row id, where the mission stands in the other arrays."""
    deadline: NDArray[np.float64]
    """Seconds since 1970, NaN where it is not known."""
    numbers: Mapping[str, NDArray[np.float64]]
    """By column; NaN where the sheet does not say."""


class Registry:
    """The missions of one generation, open for reading on the connection of its store.

    What filters read is held in memory (some hundred bytes a mission); records are read when they are shown.
    """

    def __init__(self, db: sqlite3.Connection, twins: Mapping[str, Sequence[str]]) -> None:
        self._db = db
        self._twins = twins
        self._tagged: dict[tuple[Facet, str], Mask] = {}
        self._worded: dict[str, Mask] = {}

    def __len__(self) -> int:
        return len(self._columns.rows)

    def select(self, filters: Filters, now: dt.datetime) -> Selection:
        """Return the missions that pass the filters at a time (aware); each posting once."""
        columns, instant = self._columns, now.timestamp()
        passing = np.ones(len(columns.rows), dtype=bool)
        for condition in filters.conditions:
            passing &= self._passes(condition, instant)
        if filters.order:
            passing &= self._extreme(filters.order, passing)
        passing = self._once(passing)
        unknown = np.isnan(columns.deadline)
        is_open = columns.deadline > instant
        return Selection(
            open=tuple(columns.rows[passing & is_open].tolist()),
            unknown=tuple(columns.rows[passing & unknown].tolist()),
            closed=tuple(columns.rows[passing & ~is_open & ~unknown].tolist()),
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
        kept = set(self._columns.rows[self._once(self._mask((row,) for row in rows))].tolist())
        records = self._records(rows)
        return [records[row] for row in rows if row in kept]

    def rarity(self, term: str) -> float:
        """Return how much a term tells sheets apart: 1 where one title in all holds it, towards 0 where all do."""
        holding = int(self._worded_so(f'{{head}}: "{term}"').sum())
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
        return self._cities

    def labels(self) -> frozenset[str]:
        """Return the labels of domains that sheets bear, as ``label_key`` writes them."""
        return self._labels

    @cached_property
    def _labels(self) -> frozenset[str]:
        return self._values(Facet.LABEL)

    @cached_property
    def _cities(self) -> frozenset[str]:
        return self._values(Facet.CITY)

    def sponsors(self) -> frozenset[str]:
        """Return the funders of the missions that the vocabulary does not have, as ``funders`` writes them."""
        return self._sponsors - FUNDERS.keys()

    @cached_property
    def _sponsors(self) -> frozenset[str]:
        return self._values(Facet.SPONSOR)

    def _values(self, facet: Facet) -> frozenset[str]:
        query = "SELECT DISTINCT value FROM mission_tags WHERE facet = ?"
        return frozenset(value for (value,) in self._db.execute(query, (facet.value,)))

    def holds(self, words: str, *, head: bool = False) -> bool:
        """Tell whether a sheet holds some words, all of them; in its title, domains or theme where the head is asked."""
        match = _all_of(words)
        return bool(match) and self._matches(f"{{head}}: ({match})" if head else match)

    @cached_property
    def _columns(self) -> _Columns:
        names = list(dict.fromkeys(name for pair in _NUMBERS.values() for name in pair))
        query = f"SELECT id, deadline, {', '.join(names)} FROM missions ORDER BY deadline, document"
        read = np.array(self._db.execute(query).fetchall(), dtype=np.float64).reshape(-1, 2 + len(names))
        rows = read[:, 0].astype(np.int64)
        places = np.full(int(rows.max(initial=0)) + 1, -1, dtype=np.int64)
        places[rows] = np.arange(len(rows))
        numbers = {name: read[:, 2 + number].copy() for number, name in enumerate(names)}
        return _Columns(rows, places, read[:, 1].copy(), numbers)

    def _mask(self, rows: Iterable[tuple[int]]) -> Mask:
        """Return which missions have one of some row ids."""
        mask = np.zeros(len(self._columns.rows), dtype=bool)
        ids = np.fromiter((row for (row,) in rows), dtype=np.int64)
        mask[self._columns.places[ids]] = True
        return mask

    def _passes(self, condition: Condition, instant: float) -> Mask:
        """Return which missions pass a condition; what a sheet does not say passes neither it nor its denial."""
        if condition.facet in _NUMBERS:
            known, holds = self._between(condition)
        elif condition.facet is Facet.STATE:
            known, holds = self._everything(), self._in_state(condition.values, instant)
        elif condition.facet is Facet.TEXT:
            known, holds = self._everything(), self._speaking_of(condition.values)
        else:
            known, holds = self._has(condition.facet, None), self._any_of(condition.facet, condition.values)
        return known & ~holds if condition.negated else holds

    def _everything(self) -> Mask:
        return np.ones(len(self._columns.rows), dtype=bool)

    def _has(self, facet: Facet, value: str | None) -> Mask:
        """Return which missions have a value of a facet, or any where none is named."""
        key = (facet, value or "")
        if key not in self._tagged:
            clause, given = ("AND value = ?", (facet.value, value)) if value else ("", (facet.value,))
            self._tagged[key] = self._mask(self._db.execute(f"SELECT mission FROM mission_tags WHERE facet = ? {clause}", given))
        return self._tagged[key]

    def _any_of(self, facet: Facet, values: Iterable[str]) -> Mask:
        holds = ~self._everything()
        for value in values:
            holds |= self._has(facet, value)
        return holds

    def _between(self, condition: Condition) -> tuple[Mask, Mask]:
        low, high = (self._columns.numbers[name] for name in _NUMBERS[condition.facet])
        known = ~np.isnan(low)
        above = low >= condition.low if condition.low is not None else known
        below = high <= condition.high if condition.high is not None else known
        return known, known & above & below

    def _in_state(self, values: Iterable[str], instant: float) -> Mask:
        deadline = self._columns.deadline
        states = {"open": deadline > instant, "closed": deadline <= instant, "unknown": np.isnan(deadline)}
        holds = ~self._everything()
        for value in values:
            holds |= states[value]
        return holds

    def _speaking_of(self, phrases: frozenset[str]) -> Mask:
        """Return the missions whose sheet speaks of one of some phrases; where no sheet does, those of the phrases' domains."""
        matches = [match for phrase in sorted(phrases) if (match := self._strictest(phrase) or self._narrower(phrase))]
        holds = ~self._everything()
        for match in matches:
            holds |= self._worded_so(match)
        if not matches:
            holds = self._any_of(Facet.DOMAIN, [key for phrase in phrases for key, _ in find_topics(fold(phrase))])
        return holds

    def _worded_so(self, match: str) -> Mask:
        """Return the missions that answer a full-text query, from the last ones asked."""
        if match not in self._worded:
            if len(self._worded) >= _WORDED:
                self._worded = {}
            self._worded[match] = self._mask(self._db.execute("SELECT rowid FROM mission_words WHERE mission_words MATCH ?", (match,)))
        return self._worded[match]

    def _extreme(self, order: Order, passing: Mask) -> Mask:
        """Return those with the largest or the smallest value among the missions that pass."""
        column = self._columns.numbers[_NUMBERS[order.facet][1 if order.largest else 0]]
        values = column[passing & ~np.isnan(column)]
        best = np.nan if not len(values) else values.max() if order.largest else values.min()
        return np.equal(column, best)

    def _strictest(self, phrase: str) -> str | None:
        """Return the strictest full-text query for a phrase that some sheet answers: in titles, as one phrase, word by word."""
        return next((match for match in _matches(phrase) if self._matches(match)), None)

    def _narrower(self, phrase: str) -> str | None:
        """Return the query for a topic within a phrase that no sheet holds whole (``syrian refugees``)."""
        folded = fold(phrase)
        inside = (folded[start:end] for _, (start, end) in find_topics(folded))
        return next((match for topic in inside if topic != folded and (match := self._strictest(topic))), None)

    def _matches(self, match: str) -> bool:
        return bool(self._worded_so(match).any())

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

    @cached_property
    def _several(self) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """The postings found twice or more: where each one's sheets stand, and how much each says."""
        groups: dict[str, list[tuple[int, int]]] = {}
        for name, others in self._twins.items():
            found = self._db.execute("SELECT id, fields FROM missions WHERE document = ?", (name,)).fetchone()
            if found:
                groups.setdefault(min(name, *others), []).append((int(self._columns.places[found[0]]), found[1]))
        pairs = [tuple(zip(*sheets, strict=True)) for sheets in groups.values() if len(sheets) > 1]
        return [(np.array(places), np.array(fields)) for places, fields in pairs]

    def _once(self, passing: Mask) -> Mask:
        """Return the missions that pass with each posting once: of its sheets, the one that says most."""
        kept = passing.copy()
        for places, fields in self._several:
            inside = passing[places]
            if inside.sum() > 1:
                best = places[inside][int(np.argmax(fields[inside]))]
                kept[places] = False
                kept[best] = True
        return kept


def as_mission(record: bytes) -> Mission:
    """Return a mission from its record as stored: JSON, compressed, because a run copies the whole index."""
    values = json.loads(zlib.decompress(record))
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
    told = json.dumps(asdict(mission), ensure_ascii=False, default=lambda value: value.isoformat())
    record = zlib.compress(told.encode("utf-8"))
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
    yield from ((Facet.LABEL, label_key(label)) for label in mission.domains)
    yield from ((Facet.CONTRACT, key) for key in keys(CONTRACTS, f"{mission.contract or ''} ; {mission.status or ''}"))
    yield from ((Facet.STATUS, key) for key in mission.statuses)
    yield from ((Facet.OFFER_TYPE, key) for key in keys(OFFER_TYPES, mission.offer_type or ""))
    yield from (
        (Facet.ASSIGNMENT, key) for key in keys(ASSIGNMENTS, f"{mission.title} ; {mission.assignment or ''} ; {mission.duration or ''}")
    )
    yield from ((Facet.SPONSOR, key) for key in funders(mission.sponsor or ""))
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


def funders(sponsor: str) -> tuple[str, ...]:
    """Return the keys of the funders that a sheet names: those of the vocabulary, else each name as written, folded.

    >>> funders("Union européenne ; Fondation Alpha")
    ('eu', 'fondation alpha')
    """
    others = (fold(part).strip() for part in re.split(r"[;,/]", re.sub(r"\([^)]*\)", "", sponsor)))
    return tuple(dict.fromkeys([*keys(FUNDERS, fold(sponsor)), *(part for part in others if part and not keys(FUNDERS, part))]))


def label_key(label: str) -> str:
    """Return the one form of a domain's label.

    >>> label_key("Climat et  Agriculture")
    'climat et agriculture'
    """
    return " ".join(fold(label).split())


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


def nearest(filters: Filters) -> Iterator[Filters]:
    """Yield the filters with one condition less, the least telling first, for when nothing passes them all."""
    for facet in (*_RELAXED, *(f for f in Facet if f not in _RELAXED)):
        relaxed = replace(filters.without(facet), order=None)
        if relaxed.conditions != filters.conditions and relaxed.conditions:
            yield relaxed
        elif facet is Facet.PLACE and filters.of(facet):
            yield from (relaxed.and_(wider) for wider in _wider(filters.of(facet)))
    if filters.of(Facet.DEADLINE):
        yield Filters((Condition(Facet.STATE, frozenset({"open"})),))


def _wider(places: Iterable[Condition]) -> Iterator[Condition]:
    """Yield the zones around the countries named, the smallest first."""
    countries = {value for one in places for value in one.values if value not in zones() and not one.negated}
    for key in sorted(zones_of(countries), key=lambda key: len(zones()[key].countries)):
        yield Condition(Facet.PLACE, frozenset({key}))


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
