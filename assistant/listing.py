"""The answer to a question about the registry: a complete list or count of missions, computed, never guessed.

Knows mission records and filters; reads no passage.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from assistant.dates import english_date, french_date
from assistant.domains import domains
from assistant.places import country_name, zones
from assistant.registry import Registry, nearest
from assistant.schema import Answer, Condition, Facet, Filters, Mission, MissionEntry, Outcome, Query
from assistant.text import fold
from assistant.vocabulary import language_codes, language_name

_MANY = 40
"""Languages from which a condition is better said by those it leaves out."""
SHOWN = 10
"""Missions written out in the text; the answer's ``missions`` always hold all of them."""


def answer(query: Query, registry: Registry, now: dt.datetime) -> Answer:
    """Return the missions that a question asks for, open ones first; where there are none, the nearest ones as alternatives."""
    words = _WORDS[query.language]
    understood = describe(query.filters, query.language)
    scope = f" ({understood})" if understood else ""
    found = registry.listed(query.filters, now)
    left = [words["ignored"].format(words=", ".join(f"« {one} »" for one in query.ignored))] if query.ignored else []
    if not found:
        nearest = _nearest(query.filters, registry, now)
        text = words["none"].format(scope=scope) + (f" {words['nearest']}" if nearest else "")
        return Answer(
            Outcome.LISTING,
            "\n".join([text, *(entry_line(entry, query.language) for entry in nearest), *left]),
            alternatives=tuple(nearest),
        )
    head = _head(found, scope, query.language)
    lines = [entry_line(entry, query.language) for entry in found[:SHOWN]]
    if len(found) > SHOWN:
        lines.append(words["more"].format(count=len(found) - SHOWN))
    return Answer(Outcome.LISTING, "\n".join([head, *lines, *left]), missions=tuple(found))


def _head(found: Sequence[MissionEntry], scope: str, language: str) -> str:
    """Return how many missions were found, and how many of them are open, closed or of unknown deadline."""
    counts = {state: sum(entry.open is state for entry in found) for state in (True, None, False)}
    told = [_counted(f"count_{_STATES[state]}", count, language) for state, count in counts.items() if count]
    return f"{_counted('count', len(found), language)}{scope}{_WORDS[language]['colon']} {', '.join(told)}."


def _counted(key: str, count: int, language: str) -> str:
    """Return a number with its words, in the singular or the plural."""
    one, many = _WORDS[language][key].split("|")
    return (one if count == 1 else many).format(count=count)


def state_line(mission: Mission, now: dt.datetime, language: str) -> str:
    """Return whether one can still apply to a mission, for an answer that quotes its sheet."""
    words = _WORDS[language]
    state = _STATES[mission.is_open(now)]
    date = _date(mission, language)
    return words[f"says_{state}"].format(title=mission.title, date=date, today=_day(now.date(), language))


_NOW = re.compile(r"\b(?:actuellement|en ce moment|ouvert\w*|est lance\w*|currently|now open|open for|sont attendues|recrute\w*)\b")


def speaks_of_now(text: str) -> bool:
    """Tell whether a text says that something is open as it is written.

    >>> speaks_of_now("L'appel est actuellement ouvert."), speaks_of_now("Il s'est tenu en 2023.")
    (True, False)
    """
    return _NOW.search(fold(text)) is not None


def news_line(day: dt.date, language: str) -> str:
    """Return that what a piece of news calls open was so on its day."""
    return _WORDS[language]["news"].format(date=_day(day, language))


def _day(day: dt.date, language: str) -> str:
    return french_date(day) if language == "fr" else english_date(day)


def _date(mission: Mission, language: str) -> str:
    return _day(mission.deadline.date(), language) if mission.deadline else _WORDS[language]["no_deadline"]


def describe(filters: Filters, language: str) -> str:
    """Return the filters in words, so that a wrong reading is seen."""
    words = _WORDS[language]
    parts = [condition_words(one, language) for one in filters.conditions]
    if filters.order:
        parts.append(words[f"{'most' if filters.order.largest else 'least'}_{filters.order.facet.value}"])
    return ", ".join(parts)


def condition_words(condition: Condition, language: str) -> str:
    """Return one condition in words.

    >>> condition_words(Condition(Facet.PLACE, frozenset({"SN", "asie"}), negated=True), "fr")
    'hors Asie ou Sénégal'
    """
    words = _WORDS[language]
    said = _values(condition, language) if condition.values else _range(condition, language)
    label = words.get("deadline_range" if condition.facet is Facet.DEADLINE else condition.facet.value, "{}").format(said)
    if not condition.negated:
        return label
    return words["except_place"].format(said) if condition.facet in {Facet.PLACE, Facet.CITY} else words["except"].format(label)


def _values(condition: Condition, language: str) -> str:
    if condition.facet is Facet.LANGUAGE and len(condition.values) > _MANY:
        others = sorted(language_name(code, language) for code in language_codes() - condition.values)
        return _WORDS[language]["other_than"].format(", ".join(others))
    named = sorted(_value(condition.facet, value, language) for value in condition.values)
    return f" {_WORDS[language]['or']} ".join(named)


def _value(facet: Facet, value: str, language: str) -> str:
    if facet is Facet.PLACE:
        return str(getattr(zones()[value], language)) if value in zones() else country_name(value, language)
    if facet is Facet.DOMAIN:
        return str(getattr(domains()[value], language))
    if facet in {Facet.LANGUAGE, Facet.SHEET_LANGUAGE}:
        code, _, level = value.partition(":")
        return f"{language_name(code, language)} {level}".strip()
    if facet is Facet.CITY:
        return value.title()
    if facet in {Facet.TEXT, Facet.LABEL}:
        return f"« {value} »" if language == "fr" else f"“{value}”"
    return _WORDS[language].get(f"{facet.value}_{value}", value)


def _range(condition: Condition, language: str) -> str:
    words = _WORDS[language]
    low, high = (_bound(condition.facet, bound, language) for bound in (condition.low, condition.high))
    if low is not None and high is not None:
        between = words["between_days" if condition.facet in _DATED else "from_to"]
        return low if low == high else between.format(low=low, high=high)
    return words["from"].format(low=low) if low is not None else words["to"].format(high=high)


_DATED = {Facet.DEADLINE, Facet.PUBLISHED, Facet.START}


def _bound(facet: Facet, bound: float | None, language: str) -> str | None:
    if bound is None:
        return None
    if facet in _DATED:
        return _day(dt.date.fromordinal(int(bound)), language)
    return f"{round(bound, 1):g}".replace(".", "," if language == "fr" else ".")


def _nearest(filters: Filters, registry: Registry, now: dt.datetime) -> list[MissionEntry]:
    """Return up to three missions that pass all filters but one, the first one that leaves some."""
    for relaxed in nearest(filters):
        if selection := registry.select(relaxed, now):
            return registry.entries(selection, limit=3)
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
        "colon": " :",
        "count": "{count} mission trouvée|{count} missions trouvées",
        "count_open": "{count} ouverte|{count} ouvertes",
        "count_unknown": "{count} sans date limite connue|{count} sans date limite connue",
        "count_closed": "{count} close|{count} closes",
        "none": "Aucune mission ne correspond{scope}.",
        "nearest": "Les plus proches :",
        "more": "… et {count} autres.",
        "ignored": "Non pris en compte : {words}.",
        "or": "ou",
        "except": "sauf {}",
        "except_place": "hors {}",
        "from_to": "de {low} à {high}",
        "between_days": "du {low} au {high}",
        "from": "à partir de {low}",
        "to": "jusqu'à {high}",
        "language": "langue demandée : {}",
        "sheet_language": "fiche en {}",
        "assignment": "{}",
        "other_than": "autre que {}",
        "sponsor": "financement : {}",
        "sponsor_eu": "Union européenne",
        "sponsor_afd": "AFD",
        "sponsor_meae": "MEAE",
        "sponsor_world_bank": "Banque mondiale",
        "sponsor_global_fund": "Fonds mondial",
        "sponsor_un": "Nations unies",
        "months": "durée en mois : {}",
        "working_days": "jours de travail : {}",
        "deadline_range": "date limite : {}",
        "published": "mise en ligne : {}",
        "start": "début : {}",
        "education": "niveau d'études : bac + {}",
        "experience": "années d'expérience : {}",
        "text": "sujet : {}",
        "label": "domaine {}",
        "state_open": "ouvertes",
        "state_closed": "closes",
        "state_unknown": "sans date limite connue",
        "status_employee": "statut salarié",
        "status_contractor": "statut indépendant",
        "status_umbrella": "portage salarial",
        "offer_type_field": "poste terrain",
        "offer_type_headquarters": "poste au siège",
        "offer_type_experts": "offre d'experts",
        "assignment_short": "court terme",
        "assignment_long": "long terme",
        "assignment_intermittent": "expertise perlée",
        "sample_yes": "exemples fictifs",
        "sample_no": "sans les exemples fictifs",
        "remote_yes": "en partie à distance",
        "remote_no": "sur place",
        "renewable_yes": "renouvelable",
        "renewable_no": "non renouvelable",
        "most_months": "la plus longue",
        "least_months": "la plus courte",
        "most_deadline": "date limite la plus lointaine",
        "least_deadline": "la prochaine à clôturer",
        "most_published": "la plus récente",
        "least_published": "la plus ancienne",
        "most_experience": "le plus d'expérience demandée",
        "least_experience": "le moins d'expérience demandée",
        "most_education": "le plus haut niveau d'études",
        "no_country": "pays non précisé",
        "no_deadline": "non précisée",
        "deadline": "date limite :",
        "sample": "exemple fictif",
        "open": "ouverte",
        "closed": "close",
        "unknown": "date limite inconnue",
        "news": "Cette actualité est du {date} : ce qu'elle dit ouvert peut ne plus l'être.",
        "says_open": "Au {today}, « {title} » est ouverte : date limite le {date}.",
        "says_closed": "Attention : au {today}, « {title} » est close (date limite le {date}).",
        "says_unknown": "La date limite de « {title} » n'est pas connue : vérifiez sur la fiche d'origine si l'annonce est encore ouverte.",
    },
    "en": {
        "colon": ":",
        "count": "{count} mission found|{count} missions found",
        "count_open": "{count} open|{count} open",
        "count_unknown": "{count} with no known deadline|{count} with no known deadline",
        "count_closed": "{count} closed|{count} closed",
        "none": "No mission matches{scope}.",
        "nearest": "The nearest ones:",
        "more": "… and {count} more.",
        "ignored": "Not taken into account: {words}.",
        "or": "or",
        "except": "except {}",
        "except_place": "outside {}",
        "from_to": "from {low} to {high}",
        "between_days": "from {low} to {high}",
        "from": "from {low}",
        "to": "up to {high}",
        "language": "language required: {}",
        "sheet_language": "sheet in {}",
        "assignment": "{}",
        "other_than": "other than {}",
        "sponsor": "funded by {}",
        "sponsor_eu": "the European Union",
        "sponsor_afd": "AFD",
        "sponsor_meae": "MEAE",
        "sponsor_world_bank": "the World Bank",
        "sponsor_global_fund": "the Global Fund",
        "sponsor_un": "the United Nations",
        "months": "length in months: {}",
        "working_days": "days of work: {}",
        "deadline_range": "deadline: {}",
        "published": "posted: {}",
        "start": "start: {}",
        "education": "level of study: {} years after secondary school",
        "experience": "years of experience: {}",
        "text": "topic: {}",
        "label": "domain {}",
        "state_open": "open",
        "state_closed": "closed",
        "state_unknown": "with no known deadline",
        "status_employee": "employee status",
        "status_contractor": "freelance status",
        "status_umbrella": "umbrella company",
        "offer_type_field": "field position",
        "offer_type_headquarters": "headquarters position",
        "offer_type_experts": "experts' offer",
        "assignment_short": "short term",
        "assignment_long": "long term",
        "assignment_intermittent": "intermittent assignment",
        "sample_yes": "fictitious samples",
        "sample_no": "without the fictitious samples",
        "remote_yes": "partly remote",
        "remote_no": "on site",
        "renewable_yes": "renewable",
        "renewable_no": "not renewable",
        "most_months": "the longest",
        "least_months": "the shortest",
        "most_deadline": "the latest deadline",
        "least_deadline": "the next to close",
        "most_published": "the most recent",
        "least_published": "the oldest",
        "most_experience": "the most experience required",
        "least_experience": "the least experience required",
        "most_education": "the highest level of study",
        "no_country": "country not given",
        "no_deadline": "not given",
        "deadline": "deadline:",
        "sample": "fictitious sample",
        "open": "open",
        "closed": "closed",
        "unknown": "deadline unknown",
        "news": "This piece of news is of {date}: what it calls open may no longer be.",
        "says_open": "On {today}, “{title}” is open: deadline {date}.",
        "says_closed": "Please note: on {today}, “{title}” is closed (deadline {date}).",
        "says_unknown": "The deadline of “{title}” is not known: check on the original sheet whether the posting is still open.",
    },
}
