"""Mission sheet -> typed record, each field with the words it was read from; and the registry's filters.

Reads the fields that a loader wrote (front matter, CSV, JSON) and the labels of the postings site in the text. What a sheet
does not say stays empty.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from assistant.dates import parse_date, parse_deadline, parse_months
from assistant.errors import AssistantError
from assistant.fields import MISSION_FIELDS, canonical
from assistant.places import countries_in, zones, zones_in
from assistant.schema import Document, Evidence, Field, Filters, Kind, Mission, MissionEntry
from assistant.text import fold

_DOMAINS = Path(__file__).parent / "data" / "domains.toml"
_REFERENCE = re.compile(r"\b\d{4}/[A-Z][A-Z0-9&-]*/\d{2,6}\b")
_LABEL_LINE = re.compile(r"^(?P<label>[^:\n]{2,60}?)\s*:\s*(?P<value>\S.*)$")
_MIN_LABELS = 3
"""Distinct labels of the postings site from which a text counts as a mission sheet."""
_HEADER_LINES = 60
"""Lines at the top of a sheet among which labels stand."""


@dataclass(frozen=True, slots=True)
class Domain:
    """A domain of expertise and the everyday words for it, folded."""

    key: str
    fr: str
    en: str
    words: tuple[str, ...]


def parse(document: Document) -> Mission | None:
    """Return the mission a document describes, None where it is no mission sheet."""
    read = _fields(document)
    if document.kind is not Kind.MISSION and len({f.name for f in read if f.name in MISSION_FIELDS}) < _MIN_LABELS:
        return None
    by_name: dict[str, Field] = {}
    for one in read:
        by_name.setdefault(one.name, one)
    value = {name: one.value for name, one in by_name.items()}
    duration = value.get("duration") or value.get("mission_duration")
    return Mission(
        document=document.name,
        title=document.title,
        reference=value.get("reference") or _reference(document),
        organisation=value.get("organisation"),
        countries=_countries(document, value),
        place=value.get("country"),
        city=value.get("city"),
        zone=value.get("zone"),
        domains=tuple(one.strip() for one in value.get("domains", "").split(" ; ") if one.strip()),
        offer_type=value.get("offer_type"),
        contract=value.get("contract_type"),
        status=value.get("status"),
        duration=duration,
        months=parse_months(value.get("duration", "")),
        start=value.get("start"),
        published=document.published or parse_date(value.get("published", "")),
        deadline=parse_deadline(value.get("deadline", "")),
        deadline_text=value.get("deadline"),
        language=document.language,
        url=document.url,
        sample=document.sample,
        evidence=tuple(Evidence(f.name, document.text[f.start : f.end], f.start, f.end) for f in by_name.values()),
    )


def not_understood(mission: Mission) -> list[tuple[str, str]]:
    """Return the fields that a sheet gives in words that could not be read: (label, words)."""
    doubts = []
    if mission.deadline_text and mission.deadline is None:
        doubts.append(("the deadline", mission.deadline_text))
    if mission.place and not mission.countries:
        doubts.append(("the country", mission.place))
    return doubts


def select(missions: Iterable[Mission], filters: Filters, now: dt.datetime) -> list[MissionEntry]:
    """Return the missions that pass the filters: open ones first, then unknown, then closed; each by deadline."""
    entries = [MissionEntry(one, one.is_open(now)) for one in missions if _passes(one, filters, now)]
    rank = {True: 0, None: 1, False: 2}
    far = dt.datetime.max.replace(tzinfo=dt.UTC)
    return sorted(entries, key=lambda e: (rank[e.open], e.mission.deadline or far, e.mission.document))


def without_twins(entries: Sequence[MissionEntry], twins: Mapping[str, Sequence[str]]) -> list[MissionEntry]:
    """Return entries with each posting once, the others of its group under ``also``; the sheet that says most stands for it."""
    by_name = {entry.mission.document: entry for entry in entries}
    kept: list[MissionEntry] = []
    told: set[str] = set()
    for entry in entries:
        group = [entry.mission.document, *twins.get(entry.mission.document, ())]
        if entry.mission.document not in told:
            told.update(group)
            fullest = max((by_name[n] for n in group if n in by_name), key=lambda e: (len(e.mission.evidence), e.mission.language == "fr"))
            kept.append(replace(fullest, also=tuple(n for n in group if n != fullest.mission.document)))
    return kept


def filters_from_words(
    countries: Iterable[str] | None,
    zone_names: Iterable[str] | None,
    domain_words: Iterable[str] | None,
    contracts: Iterable[str] | None,
    *,
    open_only: bool = False,
    closing_before: dt.date | None = None,
) -> Filters:
    """Return filters from names in French or English.

    Raises:
        AssistantError: a name is not known, so that a filter that cannot match never passes for no filter.

    """
    return Filters(
        countries=_known("country", countries, lambda text: [code for code, _ in countries_in(text)]),
        zones=_known("zone", zone_names, lambda text: [key for key, _ in zones_in(text)]),
        domains=_known("domain", domain_words, domains_in),
        contracts=_known("contract", contracts, contracts_in),
        open_only=open_only,
        closing_before=closing_before,
    )


def _known(what: str, names: Iterable[str] | None, read: Callable[[str], Iterable[str]]) -> frozenset[str]:
    found: set[str] = set()
    for name in names or ():
        keys = set(read(name))
        if not keys:
            raise AssistantError(f"{name!r} is no known {what}; write it in French or English")
        found |= keys
    return frozenset(found)


def domains_of(mission: Mission) -> frozenset[str]:
    """Return the keys of the domains a mission belongs to, by its domain labels, theme and title."""
    return domains_in(" ; ".join([*mission.domains, mission.title]))


def domains_in(text: str) -> frozenset[str]:
    """Return the keys of the domains whose words a text holds.

    >>> sorted(domains_in("un poste de prof dans les systèmes de santé"))
    ['education', 'sante']
    """
    folded = fold(text)
    return frozenset(key for key, pattern in _domain_patterns().items() if pattern.search(folded))


@cache
def domains() -> dict[str, Domain]:
    """Return the domains by key."""
    read = tomllib.loads(_DOMAINS.read_text(encoding="utf-8"))
    return {key: Domain(key, d["fr"], d["en"], tuple(d["words"])) for key, d in read.items()}


_SHORT_WORDS = {"sera", "eau", "sida", "vih", "prof", "pme", "juge", "ecole", "sport", "crime", "genre", "water", "food", "meal"}
"""Words that stand alone: as the start of a longer word they would say something else."""


@cache
def _domain_patterns() -> dict[str, re.Pattern[str]]:
    return {
        key: re.compile("|".join(rf"\b{re.escape(w)}" + (r"s?\b" if w in _SHORT_WORDS else "") for w in domain.words))
        for key, domain in domains().items()
    }


def contracts_in(text: str) -> frozenset[str]:
    """Return the contract types named in a text, French or English: CDDU, CDD, CDI, prestation, portage.

    >>> sorted(contracts_in("Fixed-term contract (CDD)")), sorted(contracts_in("en freelance"))
    (['CDD'], ['prestation'])
    """
    folded = fold(text)
    return frozenset(name for name, pattern in _CONTRACTS.items() if pattern.search(folded))


_CONTRACTS = {
    "CDDU": re.compile(r"\bcddu\b|cdd d'usage"),
    "CDD": re.compile(r"\bcdd\b(?! d'usage)|fixed[- ]term"),
    "CDI": re.compile(r"\bcdi\b|permanent contract|duree indeterminee"),
    "prestation": re.compile(r"prestation|service contract|freelanc|independant|consultant|auto-?entrepreneur|contractor"),
    "portage": re.compile(r"portage|umbrella"),
}


def _passes(mission: Mission, filters: Filters, now: dt.datetime) -> bool:
    where = set(mission.countries)
    inside = frozenset(code for key in filters.zones for code in zones()[key].countries)
    zone_keys = {key for key, _ in zones_in(mission.zone or "")}
    contract = contracts_in(f"{mission.contract or ''} {mission.status or ''}")
    day = mission.deadline.date() if mission.deadline else None
    return (
        (not filters.countries or bool(where & filters.countries))
        and (not filters.zones or bool(where & inside) or bool(zone_keys & filters.zones))
        and (not filters.domains or bool(domains_of(mission) & filters.domains))
        and (not filters.contracts or bool(contract & filters.contracts))
        and (not filters.open_only or mission.is_open(now) is True)
        and (filters.closing_before is None or (day is not None and day < filters.closing_before))
    )


def _fields(document: Document) -> list[Field]:
    """Return the fields a loader wrote, then those that the site's labels give in the text."""
    written = [f for f in document.fields if f.name in MISSION_FIELDS or f.name == "published"]
    return written if len(written) >= _MIN_LABELS else [*written, *_labelled(document)]


def _labelled(document: Document) -> Iterator[Field]:
    lines = _lines(document.text)[:_HEADER_LINES]
    position = 0
    while position < len(lines):
        start, line = lines[position]
        name = canonical(line)
        inline = _LABEL_LINE.match(line)
        if name and position + 1 < len(lines) and not canonical(lines[position + 1][1]):
            begin, value = lines[position + 1]
            yield Field(name, line.strip(), value.strip(), start, begin + len(value))
            position += 2
            continue
        if inline and (named := canonical(inline["label"])):
            yield Field(named, inline["label"], inline["value"].strip(), start, start + len(line))
        position += 1


def _lines(text: str) -> list[tuple[int, str]]:
    """Return the non-blank lines with their offsets."""
    lines, start = [], 0
    for line in text.split("\n"):
        if line.strip():
            lines.append((start, line))
        start += len(line) + 1
    return lines


def _reference(document: Document) -> str | None:
    match = _REFERENCE.search(document.text)
    return match.group() if match else None


def _countries(document: Document, value: dict[str, str]) -> tuple[str, ...]:
    """Return the countries of the fields, else of the title, else of the first paragraph of the sheet that names one."""
    for text in (value.get("country", ""), value.get("city", ""), value.get("zone", ""), document.title):
        if found := tuple(dict.fromkeys(code for code, _ in countries_in(text))):
            return found
    fields_end = max((f.end for f in document.fields), default=0)
    for paragraph in document.text[fields_end:].split("\n\n"):
        if found := tuple(dict.fromkeys(code for code, _ in countries_in(paragraph) if code != "FR")):
            return found[:1]
    return ()
