"""Mission sheet -> typed record, each field with the words it was read from.

Reads the fields that a loader wrote (front matter, CSV, JSON), the layout of the postings site and, for what these leave
out, the sheet's sentences. What a sheet does not say stays empty; what cannot be understood is kept as text and named.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from assistant import sheets
from assistant.dates import parse_date, parse_deadline
from assistant.durations import Duration, parse_duration
from assistant.fields import MISSION_FIELDS
from assistant.places import city_of, countries_in, zones_in
from assistant.requirements import Statement, is_optional, start_day, statements
from assistant.schema import Document, Evidence, Field, Kind, Mission, Skill
from assistant.text import fold, sentences
from assistant.vocabulary import CONTRACTS, STATUSES, Named, education_level, keys, remote, skills, years

REFERENCE = re.compile(r"\b\d{4}/[A-Z][A-Z0-9&-]*/\d{2,6}\b")
_MIN_LABELS = 3
"""Distinct labels of the postings site from which a text counts as a mission sheet."""
_ORGANISATION = re.compile(
    r"(Expertise France) recrut|L'employeur est (?:un |une |l'|la |le )?([^.;\n]{3,80})|The employer is (?:an? |the )?([^.;\n]{3,80})"
)
_WORKED_DAYS = re.compile(r"\b(?:about |environ |)\d{1,3} (?:jours|days) (?:sur|over|répartis sur|spread over)[^.,;\n]{3,40}")
_REMOTELY = "remote"
_PROFILE = ("education", "experience", "languages", "admitted")
"""What a person is held against: the sentence that tells it is kept too, where a label gives but a figure."""
_FROM_PROSE = ("education", "experience", "languages", "start", "duration", "deadline")


def parse(document: Document) -> Mission | None:
    """Return the mission a document describes, None where it is no mission sheet."""
    laid_out = sheets.fields(document)
    if document.kind is not Kind.MISSION and len({f.name for f in laid_out if f.name in MISSION_FIELDS}) < _MIN_LABELS:
        return None
    read = _first_of_each(laid_out)
    prose = list(statements(document, [(f.start, f.end) for f in laid_out if f.name != "conditions"]))
    said = {one.field: one for one in reversed(prose)}
    evidence = {name: Evidence(name, document.text[f.start : f.end], f.start, f.end) for name, f in read.items()}
    evidence |= {name: Evidence(name, s.quote, s.start, s.end) for name, s in said.items() if name not in read}
    evidence |= {
        f"{name} sentence": Evidence(f"{name} sentence", *_sentence(document.text, said[name].start)) for name in _PROFILE if name in said
    }
    value = {name: one.value for name, one in read.items()}
    for name in _FROM_PROSE:
        if name in said:
            value.setdefault(name, " . ".join(one.quote for one in prose if one.field == name))
    return _record(document, value, evidence, said)


def _sentence(text: str, at: int) -> tuple[str, int, int]:
    """Return the sentence that holds an offset, with where it starts and ends."""
    start, end = next((a, b) for a, b in sentences(text) if a <= at < b)
    return text[start:end], start, end


def _record(document: Document, value: Mapping[str, str], evidence: dict[str, Evidence], said: Mapping[str, Statement]) -> Mission:
    organisation = value.get("organisation") or _found(document, _ORGANISATION, "organisation", evidence)
    reference = value.get("reference") or _found(document, REFERENCE, "reference", evidence)
    lasting = _duration(document, value, evidence)
    countries = _countries(document, value, evidence)
    return Mission(
        document=document.name,
        title=value.get("title") or document.title,
        reference=reference,
        organisation=organisation,
        countries=countries,
        place=value.get("country"),
        city=_city(value.get("city")) or _city_told(document, countries),
        zone=value.get("zone") or (None if countries else _zone(document, evidence)),
        domains=_domains(value.get("domains", "")),
        theme=value.get("theme"),
        department=value.get("department"),
        offer_type=value.get("offer_type"),
        contract=_contract(value),
        status=value.get("status"),
        statuses=_statuses(value),
        assignment=value.get("mission_duration"),
        duration=value.get("duration"),
        months=lasting.shortest,
        months_max=lasting.longest,
        person_days=lasting.working_days or _days(value.get("working_days", "")),
        renewable=lasting.renewable,
        ends=lasting.until or parse_date(value.get("ends", "")),
        start=_start(value.get("start")),
        published=document.published or parse_date(value.get("published", "")),
        deadline=parse_deadline(value.get("deadline", "")),
        deadline_text=value.get("deadline"),
        education=value.get("education"),
        education_level=education_level(value.get("education", "")),
        experience=value.get("experience"),
        experience_years=_experience(value.get("experience", "")),
        languages=_skills(value.get("languages", "")),
        remote=_remote(value, said),
        sponsor=value.get("sponsor"),
        language=document.language,
        url=document.url or value.get("url"),
        sample=document.sample,
        evidence=tuple(evidence.values()),
        doubts=tuple(_doubts(value, lasting)),
    )


def _first_of_each(fields: Iterable[Field]) -> dict[str, Field]:
    by_name: dict[str, Field] = {}
    for one in fields:
        by_name.setdefault(one.name, one)
    return by_name


def _found(document: Document, pattern: re.Pattern[str], name: str, evidence: dict[str, Evidence]) -> str | None:
    match = pattern.search(document.text)
    if not match:
        return None
    group = next((n for n in range(1, len(match.groups()) + 1) if match.group(n)), 0)
    evidence[name] = Evidence(name, match.group(group), match.start(group), match.end(group))
    return match.group(group).strip()


def _city(value: str | None) -> str | None:
    """Return a city without what the site's field adds to it (``(REMOTE)``, travels); nothing where that is all."""
    city = re.split(r"\s*[(,;]|\s+(?:avec|with|et déplacements)\s", value or "")[0].strip(" -")
    return city or None


def _city_told(document: Document, countries: Sequence[str]) -> str | None:
    """Return the city of a sheet's one country that its title names, or with which one of its first lines begins."""
    if len(countries) != 1:
        return None
    told = [document.title, *(line[:_BEGINNING] for line in document.text[:_OPENING].split("\n"))]
    return next((city for text in told if (city := city_of(countries[0], text))), None)


_OPENING, _BEGINNING = 400, 20
"""Characters at the top of a sheet in which a line begins with its city, where no label gives it, and of the beginning of a line."""


def _domains(value: str) -> tuple[str, ...]:
    """Return the labels of a list of domains; they hold commas, only semicolons part them."""
    return tuple(dict.fromkeys(one.strip() for one in re.split(r"\s*[;|]\s*", value.replace("’", "'")) if one.strip()))


def _contract(value: Mapping[str, str]) -> str | None:
    """Return the contract type; a relayed posting may give it under the status' label."""
    given = value.get("contract_type")
    if given or not keys(CONTRACTS, value.get("status", "")):
        return given
    return value.get("status")


def _statuses(value: Mapping[str, str]) -> tuple[str, ...]:
    """Return the statuses of a sheet; a service contract that names none is for a contractor."""
    named = keys(STATUSES, f"{value.get('status', '')} ; {value.get('contract_type', '')}")
    return named or (("contractor",) if "prestation" in keys(CONTRACTS, value.get("contract_type", "")) else ())


def _zone(document: Document, evidence: dict[str, Evidence]) -> str | None:
    """Return the zone that the title names."""
    named = zones_in(document.title)
    if not named:
        return None
    start, end = named[0][1]
    at = document.text.find(document.title)
    if at >= 0:
        evidence["zone"] = Evidence("zone", document.title[start:end], at + start, at + end)
    return document.title[start:end]


def _duration(document: Document, value: Mapping[str, str], evidence: dict[str, Evidence]) -> Duration:
    """Return the duration of a sheet; the days of work, where only a sentence tells them, come from there."""
    own = parse_duration(value.get("duration", ""))
    if own.is_empty and "duration" not in value:
        return parse_duration(value.get("mission_duration", ""))
    worked = None if own.working_days else _WORKED_DAYS.search(document.text)
    if not worked:
        return own
    told = parse_duration(worked.group())
    if told.working_days is None or (told.shortest, told.longest) != (own.shortest, own.longest):
        return own
    evidence["person_days"] = Evidence("person_days", worked.group(), worked.start(), worked.end())
    return told


def _days(value: str) -> int | None:
    """Return the number of days of work that a label gives (``110 working days``)."""
    found = re.match(r"\D{0,20}(\d{1,4})\b", value)
    return int(found.group(1)) if found else None


def _start(value: str | None) -> str | None:
    """Return the ISO date of a start, else its words; of a sentence, those before its end."""
    return (start_day(value) or re.split(r"\.\s", value)[0]) if value else None


def _experience(value: str) -> int | None:
    """Return the years of experience asked for; a bare number is one of years."""
    counted = years(fold(value))
    if counted:
        return counted[0][0]
    return int(value) if value.strip().isdigit() else None


def _skills(value: str) -> tuple[Skill, ...]:
    folded = fold(value)
    by_language: dict[str, Skill] = {}
    for sentence in re.split(r"\.\s", folded):
        read = skills(sentence)
        optional = [is_optional(about) for about in _about_each(sentence, read)]
        for skill, one in zip(read, optional, strict=True):
            by_language.setdefault(skill.language, Skill(skill.language, skill.level, not one))
    return tuple(by_language.values())


def _about_each(sentence: str, read: Sequence[Named]) -> list[str]:
    """Return what a sentence says of each language: the words up to the next, or the next one's where but a conjunction parts them."""
    ends = [*(one.start for one in read[1:]), len(sentence)][: len(read)]
    about = [sentence[one.end : end] for one, end in zip(read, ends, strict=True)]
    for position in range(len(about) - 2, -1, -1):
        if re.fullmatch(r"\s*(?:,|et|ou|and|or|&|/)?\s*(?:l'|le |du |de l')?", about[position]):
            about[position] = about[position + 1]
    if len(about) == 1:
        about = [sentence]
    return about


def _remote(value: Mapping[str, str], said: Mapping[str, Statement]) -> bool | None:
    """Tell whether a mission is remote, in part at least: by its conditions, its place, then its sentences."""
    labelled = [remote(value.get(name, "")) for name in ("conditions", "city", "zone", "country")]
    told = next((one for one in labelled if one is not None), None)
    return told if told is not None or _REMOTELY not in said else remote(said[_REMOTELY].quote)


def _countries(document: Document, value: Mapping[str, str], evidence: dict[str, Evidence]) -> tuple[str, ...]:
    """Return the countries of the fields, else of the title, else of the first sentence of the sheet that names one."""
    for text in (value.get("country", ""), value.get("city", ""), value.get("zone", ""), document.title):
        if found := tuple(dict.fromkeys(code for code, _ in countries_in(text))):
            return found
    start = max((f.end for f in document.fields), default=0)
    for code, (begin, end) in countries_in(document.text[start:]):
        if code != "FR":
            evidence["country"] = Evidence("country", document.text[start + begin : start + end], start + begin, start + end)
            return (code,)
    return ()


def _doubts(value: Mapping[str, str], lasting: Duration) -> Iterable[tuple[str, str]]:
    """Yield the fields that a sheet gives in words that could not be read."""
    if value.get("deadline") and parse_deadline(value["deadline"]) is None:
        yield "the deadline", value["deadline"]
    if value.get("country") and not countries_in(value["country"]):
        yield "the country", value["country"]
    if re.search(r"\d", value.get("duration", "")) and lasting.is_empty:
        yield "the duration", value["duration"]
    if re.search(r"\d", value.get("experience", "")) and _experience(value["experience"]) is None:
        yield "the experience", value["experience"]
