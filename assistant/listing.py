"""The answer to a question about the registry: a complete list or count of missions, computed, never guessed.

Knows mission records and filters; reads no passage.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from assistant.dates import english_date, french_date
from assistant.missions import domains, select
from assistant.places import country_name, zones
from assistant.schema import Answer, Filters, Mission, MissionEntry, Outcome, Query

SHOWN = 10
"""Missions written out in the text; the answer's ``missions`` always hold all of them."""


def answer(query: Query, registry: Sequence[Mission], found: Sequence[MissionEntry], now: dt.datetime) -> Answer:
    """Return the missions found, open ones first; where there are none, the nearest ones as alternatives."""
    words = _WORDS[query.language]
    understood = describe(query.filters, query.language)
    scope = f" ({understood})" if understood else ""
    if not found:
        nearest = _nearest(query.filters, registry, now)
        text = words["none"].format(scope=scope) + (f" {words['nearest']}" if nearest else "")
        lines = [entry_line(entry, query.language) for entry in nearest]
        return Answer(Outcome.LISTING, "\n".join([text, *lines]), alternatives=tuple(nearest))
    counts = {state: sum(entry.open is state for entry in found) for state in (True, None, False)}
    head = words["found"].format(total=len(found), scope=scope, open=counts[True], unknown=counts[None], closed=counts[False])
    lines = [entry_line(entry, query.language) for entry in found[:SHOWN]]
    if len(found) > SHOWN:
        lines.append(words["more"].format(count=len(found) - SHOWN))
    return Answer(Outcome.LISTING, "\n".join([head, *lines]), missions=tuple(found))


def state_line(mission: Mission, now: dt.datetime, language: str) -> str:
    """Return whether one can still apply to a mission, for an answer that quotes its sheet."""
    words = _WORDS[language]
    state = _STATES[mission.is_open(now)]
    date = _date(mission, language)
    return words[f"says_{state}"].format(title=mission.title, date=date, today=_day(now.date(), language))


def _day(day: dt.date, language: str) -> str:
    return french_date(day) if language == "fr" else english_date(day)


def _date(mission: Mission, language: str) -> str:
    return _day(mission.deadline.date(), language) if mission.deadline else _WORDS[language]["no_deadline"]


def describe(filters: Filters, language: str) -> str:
    """Return the filters in words, so that a wrong reading is seen."""
    words = _WORDS[language]
    parts = [country_name(code, language) for code in sorted(filters.countries)]
    parts += [getattr(zones()[key], language) for key in sorted(filters.zones)]
    parts += [getattr(domains()[key], language) for key in sorted(filters.domains)]
    parts += sorted(filters.contracts)
    if filters.open_only:
        parts.append(words["open_only"])
    return ", ".join(parts)


def _nearest(filters: Filters, registry: Sequence[Mission], now: dt.datetime) -> list[MissionEntry]:
    """Return up to three missions that pass all filters but one, the first one that leaves some."""
    for relaxed in (
        replace(filters, open_only=False),
        replace(filters, contracts=frozenset()),
        replace(filters, countries=frozenset(), zones=frozenset()),
        replace(filters, domains=frozenset()),
    ):
        if relaxed != filters and not relaxed.is_empty and (found := select(registry, relaxed, now)):
            return found[:3]
    return []


def entry_line(entry: MissionEntry, language: str) -> str:
    """Return a mission on one line: title, place, contract, deadline, open or closed."""
    words, mission = _WORDS[language], entry.mission
    where = ", ".join(country_name(code, language) for code in mission.countries) or words["no_country"]
    state = words[_STATES[entry.open]]
    date = _date(mission, language)
    sample = f" — {words['sample']}" if mission.sample else ""
    contract = f" — {mission.contract}" if mission.contract else ""
    return f"- {mission.title} — {where}{contract} — {words['deadline']} {date} — {state}{sample}"


_STATES = {True: "open", False: "closed", None: "unknown"}
_WORDS = {
    "fr": {
        "found": "{total} mission(s) trouvée(s){scope} : {open} ouverte(s), {unknown} sans date limite connue, {closed} close(s).",
        "none": "Aucune mission ne correspond{scope}.",
        "nearest": "Les plus proches :",
        "more": "… et {count} autres.",
        "open_only": "ouvertes seulement",
        "no_country": "pays non précisé",
        "no_deadline": "non précisée",
        "deadline": "date limite :",
        "sample": "exemple fictif",
        "open": "ouverte",
        "closed": "close",
        "unknown": "date limite inconnue",
        "says_open": "Au {today}, « {title} » est ouverte : date limite le {date}.",
        "says_closed": "Attention : au {today}, « {title} » est close (date limite le {date}).",
        "says_unknown": "La date limite de « {title} » n'est pas connue : vérifiez sur la fiche d'origine si l'annonce est encore ouverte.",
    },
    "en": {
        "found": "{total} mission(s) found{scope}: {open} open, {unknown} with no known deadline, {closed} closed.",
        "none": "No mission matches{scope}.",
        "nearest": "The nearest ones:",
        "more": "… and {count} more.",
        "open_only": "open only",
        "no_country": "country not given",
        "no_deadline": "not given",
        "deadline": "deadline:",
        "sample": "fictitious sample",
        "open": "open",
        "closed": "closed",
        "unknown": "deadline unknown",
        "says_open": "On {today}, “{title}” is open: deadline {date}.",
        "says_closed": "Please note: on {today}, “{title}” is closed (deadline {date}).",
        "says_unknown": "The deadline of “{title}” is not known: check on the original sheet whether the posting is still open.",
    },
}
