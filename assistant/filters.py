"""A question about missions, in words, French or English -> filters on the registry. Rules only, no model.

Each reader takes the words that it understands; what nobody takes is a topic, looked up in the sheets' text. Knows the cities
of the registry as a set it is given; knows no index.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from assistant import ranges, topics
from assistant.domains import find_named, find_topics
from assistant.errors import AssistantError
from assistant.places import cities_in, countries_in, demonyms_in, zones_in
from assistant.registry import city_key
from assistant.schema import Condition, Facet, Filters, Order
from assistant.text import fold
from assistant.vocabulary import ASSIGNMENTS, CONTRACTS, LEVELS, OFFER_TYPES, STATUSES, find, language_codes, remote, skills
from assistant.wording import NEGATION, Known, Nothing, Wording


@dataclass(frozen=True, slots=True)
class Reading:
    """What a question asks of the registry, and the words of it that were not understood."""

    filters: Filters
    ignored: tuple[str, ...] = ()
    """Runs of words from which nothing was read, folded."""


def read(question: str, today: dt.date, known: Known | None = None) -> Reading:
    """Return what a question asks of the registry.

    >>> today = dt.date(2026, 11, 22)
    >>> [c.facet.value for c in read("missions de santé ouvertes hors Afrique", today).filters.conditions]
    ['state', 'place', 'domain']
    """
    state = Wording(_unquoted(_cleaned(fold(question))), today, known or Nothing())
    order = _order(state)
    for reader in _READERS:
        reader(state)
    ignored = tuple(topics.left_over(state))
    return Reading(Filters(tuple(_merged(state.conditions)), order), ignored)


def named(facet: Facet, names: Sequence[str]) -> Condition:
    """Return the condition that some names of one facet stand for, in French or English.

    Raises:
        AssistantError: a name is not known, so that a filter that cannot match never passes for no filter.

    """
    values: set[str] = set()
    for name in names:
        found = _VALUES[facet](fold(name))
        if not found:
            raise AssistantError(f"{name!r} is no known {facet.value}; write it in French or English")
        values |= found
    return Condition(facet, frozenset(values))


_VALUES: dict[Facet, Callable[[str], set[str]]] = {
    Facet.PLACE: lambda text: {key for key, _ in zones_in(text)} or {code for code, _ in countries_in(text)},
    Facet.DOMAIN: lambda text: {key for key, _ in (*find_named(text), *find_topics(text))},
    Facet.CONTRACT: lambda text: {key for key, _ in find(CONTRACTS, text)},
    Facet.STATUS: lambda text: {key for key, _ in find(STATUSES, text)},
    Facet.LANGUAGE: lambda text: {skill.language for skill in skills(text)},
}


def _cleaned(folded: str) -> str:
    """Return a question without the remarks that limit nothing (``sans compter les renouvellements``)."""
    return _REMARKS.sub(lambda match: " " * len(match.group()), folded.replace("·", "."))


def _unquoted(folded: str) -> str:
    """Return a question without the quote marks around words that a list of ours has (``de type « Experts »``)."""

    def bare(match: re.Match[str]) -> str:
        listed = any(find(patterns, match["words"]) for patterns in (CONTRACTS, STATUSES, OFFER_TYPES, ASSIGNMENTS))
        return match["words"] if listed else match.group()

    return topics.QUOTED.sub(bare, folded)


_REMARKS = re.compile(
    r"\b(?:ouverte?s?|open|en cours)(?:,)? (?:ou|et|comme|or|and|et/ou) (?:non|not|closes?|closed|clos|cloturees?|fermees?|passees?|expirees?)\b|\b(?:closes?|closed|clos|fermees?|passees?) (?:ou|et|comme|or|and) (?:ouverte?s?|open|en cours)\b|\((?:[\w' -]+,){2,}[\w' -]+\)|\b(?:sans compter|hors|not counting|without counting|excluding)(?: les| the)? (?:renouvellements?|renewals?|prolongations?)(?: (?:eventuels?|possibles?))?|\b(?:closes?|closed|fermees?|passees?)(?: (?:ones|missions|offres|annonces))? (?:too|as well|included|comprises|incluses|aussi)\b|\b(?:y compris|including|meme|even)(?: les| the)? (?:closes?|closed|fermees?|passees?|vieilles?|anciennes?|old)(?: (?:ones|offres|annonces|missions|fiches))?\b|\bs'il (?:te|vous) plait\b|\bsvp\b|\bstp\b|"
    r"\ben (?:partie|fait|tout|general|theorie|principe|realite|bref|gros|vrai)\b|\bd'emblee\b|\bau total\b|\bpour (?:l'instant|le moment)\b|\bpar hasard\b|\bdans l'ensemble\b|\b(?:les )?iles (?:de |du )|\bin (?:part|general|total|fact)\b"
)


def _order(state: Wording) -> Order | None:
    for facet, largest, pattern in _ORDERS:
        if match := re.search(pattern, state.text):
            state.take(match.span())
            if (facet, largest) == (Facet.DEADLINE, False):
                state.conditions.append(Condition(Facet.STATE, frozenset({"open"})))
            return Order(facet, largest)
    return None


_NOUN = r"(?:\w+ )?(?:missions?|postes?|offres?|annonces?|fiches?|postings?|jobs?|positions?|contrats?|candidatures?)"
_ORDERS: tuple[tuple[Facet, bool, str], ...] = (
    (Facet.EXPERIENCE, True, r"\ble plus d'(?:annees d')?experience\b|\b(?:the )?most (?:years of )?experience\b|\bexperience la plus longue\b|\bhighest experience\b|\bla plus experimentee\b"),
    (Facet.EXPERIENCE, False, r"\ble moins d'(?:annees d')?experience\b|\b(?:the )?(?:least|fewest|lowest)(?: years of)? experience\b"),
    (Facet.EDUCATION, True, r"\b(?:diplome|niveau (?:d'etudes?)?) le plus eleve\b|\bhighest (?:degree|level of study|education)\b"),
    (Facet.MONTHS, True, rf"\bla plus longue(?: {_NOUN})?\b|\ble plus long(?: {_NOUN})?\b|\b(?:the )?longest\b|\bdure le plus longtemps\b|\blasts? (?:the )?longest\b|\bles plus longues\b"),
    (Facet.MONTHS, False, rf"\bla plus courte(?: {_NOUN})?\b|\ble plus court(?: {_NOUN})?\b|\b(?:the )?shortest\b|\bdure le moins longtemps\b"),
    (Facet.DEADLINE, False, rf"\b(?:la |le )?prochaine?s? {_NOUN} a (?:se )?(?:cloturer|fermer|expirer)\b|\b(?:la |le )?prochaine?s? (?:a (?:se )?(?:cloturer|fermer)|date limite|cloture|echeance)\b|\bferme\w* (?:en premier|le plus tot|bientot)|"
     r"\bcloturent? (?:en premier|le plus tot)|\b(?:next|first|soonest) to close\b|\bcloses? (?:first|next|soonest)\b|\bnext deadline\b|\bearliest deadline\b|\bdate limite la plus proche\b|\bla plus urgente\b|\bmost urgent\b|\bpremiere a (?:se )?(?:cloturer|fermer)\b"),
    (Facet.DEADLINE, True, r"\bferme\w* (?:en dernier|le plus tard)|\bclotur\w+ (?:en dernier|le plus tard)|\bdate limite la plus (?:lointaine|eloignee|tardive)\b|\blatest deadline\b|\bcloses? last\b"),
    (Facet.PUBLISHED, False, r"\b(?:mise?s? en ligne|publiee?s?|parue?s?) il y a le plus longtemps\b|\bla plus ancienne\b|\bles plus anciennes\b|\boldest\b|\b(?:publiee?|mise en ligne) en premier\b"),
    (Facet.PUBLISHED, True, rf"\bla plus recente(?: {_NOUN})?\b|\bles plus recentes\b|\bmost recent(?:ly posted)?\b|\bnewest\b|\blatest (?:posting|mission|job|position)s?\b|\b(?:derniere|dernier) (?:mission|annonce|offre|poste|fiche)s? (?:publiee?|mise? en ligne|parue?)\b|\b(?:publiee?|mise? en ligne) en dernier\b"),
)  # fmt: skip


def _state(state: Wording) -> None:
    for value, pattern in (("unknown", _NO_DEADLINE), ("closed", _CLOSED), ("open", _OPEN)):
        for match in pattern.finditer(state.text):
            denied = value == "closed" and NEGATION.search(state.whole[: match.start()])
            if not any(c.facet is Facet.STATE for c in state.conditions):
                state.conditions.append(Condition(Facet.STATE, frozenset({"open" if denied else value})))
            state.take(match.span())


_NO_DEADLINE = re.compile(
    r"\b(?:n'(?:indique\w*|ont|a|affiche\w*|precise\w*) (?:pas|aucune)(?: de)?|sans|aucune|without(?: a)?|no|unknown) (?:known )?(?:date limite|deadline|date de cloture|closing date)(?: connue| indiquee| precisee)?|"
    r"\b(?:date limite|deadline|date de cloture)s? (?:(?:est|sont|is|are) )?(?:in|un)(?:connue?s?|known)|\b(?:date limite|deadline) (?:n'est )?(?:pas|non) (?:connue|precisee|indiquee)"
)
_CLOSED = re.compile(
    r"\b(?:ne sont|n'est|n'etait|n'etaient)? ?plus (?:ouverte?s?|disponibles?|a pourvoir)\b|\bno longer (?:open|available)\b|\b(?:deja )?(?:clos|closes|closed|shut|cloturees?|fermees?|expirees?|expired|terminees?|perimees?)\b(?! (?:en|avant|apres|le|ce|in|on|before|this|within|after|by|next|until|during|d'ici|cette)\b)|\b(?:deja|est|sont|etait|etaient) (?:close|cloture|ferme|expire|termine)s?\b|"
    r"\b(?:date limite|deadline) (?:est |a |has |is )?(?:depassee|passee|passed)\b"
)
_OPEN = re.compile(
    r"\b(?:encore |toujours |still |currently |actuellement |en ce moment )*(?:ouverte?s?|ouvert\.e\.?s?|open|disponibles?|available|vacante?s?|vacant|a pourvoir|en cours(?! de)|accessibles?)\b(?: en ce moment| actuellement| aujourd'hui| currently| now| right now)?|"
    r"\b(?:(?:je |on |i )?(?:peux|peut|puis|pouvoir|can|could|may)(?:[- ](?:on|je|encore|still|i|we))* )?(?:encore |still )?(?:postuler|candidater|apply)\b(?: (?:to|for|a))?|\b(?:encore|encor|actuellement|en ce moment|currently|right now|still|live)\b"
)


def _cities(state: Wording) -> None:
    """Take the cities of the registry, however they are written, then others that anyone knows: there is no mission there."""
    for city in sorted(state.known.cities(), key=len, reverse=True):
        pattern = rf"(?<![\w-])(?:{'|'.join(_written(city))})(?![\w-])(?: (?:meme|itself))?"
        for match in re.finditer(pattern, state.text):
            state.add(Condition(Facet.CITY, frozenset({city_key(city)})), match.span())
    for city, span in cities_in(state.text):
        state.add(Condition(Facet.CITY, frozenset({city_key(city)})), span)


def _places(state: Wording) -> None:
    _cities(state)
    for match in _ORGANISATIONS.finditer(state.text):
        state.take(match.span())
    named = [*zones_in(state.text)]
    named += [(code, span) for code, span in countries_in(state.text) if not any(a <= span[0] and span[1] <= b for _, (a, b) in named)]
    for key, span in sorted(named, key=lambda one: one[1]):
        if key == "FR" and not _IN_FRANCE.search(state.text[: span[0]]):
            continue
        state.add(Condition(Facet.PLACE, frozenset({key})), span)
    about = [span for _, span in find_topics(state.text)]
    for key, span in demonyms_in(state.text):
        if key == "FR" or any(state.text[min(a, span[0]) : max(b, span[1])].count(" ") == 1 for a, b in about):
            continue  # the people or things of a country, not where the mission is: ``réfugiés syriens``
        state.add(Condition(Facet.PLACE, frozenset({key})), span)


def _written(city: str) -> Iterator[str]:
    """Yield how a city may be written: with hyphens or spaces, ``st`` for *saint*, or its first word alone where it is long."""
    words = city.split()
    yield "[- ]".join("(?:saint|st)" if word == "saint" else re.escape(word) for word in words)
    if len(words) > 1 and len(words[0]) >= _LONG_NAME and words[0] != "saint":
        yield re.escape(words[0])


_LONG_NAME = 5
_ORGANISATIONS = re.compile(
    r"\b(?:expertise|business|campus|atout) france\b|\bfrance volontaires\b|\bunion (?:africaine|europeenne)\b|\b(?:african|european) union\b|\bministere (?:de |des )?l'europe et des affaires etrangeres\b"
)
"""Names that hold the name of a place and are none."""
_IN_FRANCE = re.compile(r"(?:\ben|\bin|\bhors(?: de)?|\boutside(?: of)?|\bmissions?|\bpostes?|\bsauf|\bexcept|\bet|\bou|,)\s*(?:la )?$")


def _languages(state: Wording) -> None:
    for match in reversed(list(_SHEET_LANGUAGE.finditer(state.text))):
        spoken = skills(match.group())
        if spoken:
            state.conditions.append(Condition(Facet.SHEET_LANGUAGE, frozenset({spoken[0].language})))
            state.take(match.span())
    for match in _OTHER_LANGUAGE.finditer(state.text):
        excluded = {skill.language for skill in skills(match["but"])}
        if excluded:
            state.conditions.append(Condition(Facet.LANGUAGE, language_codes() - excluded))
            state.take(match.span())
    for skill in skills(state.text):
        before, after = state.text[: skill.start], state.text[skill.end :]
        level = re.match(
            r"\s*(?:,|de |au |at )?\s*(?:mais |but )?(?P<bound>pas plus que |au plus |maximum |au maximum |at most |no more than |au moins |minimum |at least )?(?:niveau |level )?\(?(?P<level>[abc][12])\b\)?",
            after,
        )
        if level or re.match(r"\s*(?:courant|fluent)", after) or _LANGUAGE_BEFORE.search(before) or _LANGUAGE_ANYWHERE.search(state.whole):
            named = _levels_named(level["level"].upper(), level["bound"] or "") if level else ()
            values = frozenset(f"{skill.language}:{one}" for one in named) or frozenset({skill.language})
            state.add(Condition(Facet.LANGUAGE, values), (skill.start, skill.end + (level.end() if level else 0)))


def _levels_named(level: str, bound: str) -> tuple[str, ...]:
    """Return the levels that a level and the words before it stand for: it alone, those up to it or from it on."""
    at = LEVELS.index(level)
    if re.match(r"pas plus|au plus|max|au max|at most|no more", bound):
        return LEVELS[: at + 1]
    return LEVELS[at:] if bound else (level,)


_OTHER_LANGUAGE = re.compile(
    r"\b(?:une |d'|any |an)?(?:(?:langues?|languages?) (?:autres? que|other than)|autres? langues? que|other languages? than)(?P<but>(?: (?:le |la |et |ou |ni |and |or )*(?:l')?[a-z]+,?){1,4})"
)
_SHEET_LANGUAGE = re.compile(
    r"\b(?:(?:redigee?s?|ecrite?s?|written|published|publiee?s?) (?:en|in) [a-z]+|(?:langue de la fiche|language of the sheet)[^\w]{0,3}[a-z]+|(?:fiches?|annonces?|sheets?|postings?) (?:sont |are )?(?:en|in) [a-z]+(?: \(langue de la fiche\)| \(language of the sheet\))?)"
)
_LANGUAGE_BEFORE = re.compile(
    r"(?:\bl'|\bde l'|\bdu|\ble|\bparl\w+|\bspeak\w*|\bmaitris\w+|\bexig\w+|\bdemand\w+|\brequir\w+|\bneed\w*|\bwant\w*|\blangues?|\blanguages?|\bavec|\bwith|\bsans|\bwithout|\bniveau|\bin|\ben|[abc][12] en|\bknowledge of|\bfluent) ?$"
)
_LANGUAGE_ANYWHERE = re.compile(r"\blangues?\b|\blanguages?\b|\bparl(?:e|er|ant|ent)\b|\bspeak\w*\b|\bexig\w+|\brequir\w+|\bdemand\w+")


def _controlled(patterns: dict[str, str], facet: Facet) -> Callable[[Wording], None]:
    def reader(state: Wording) -> None:
        for key, span in find(patterns, state.text):
            state.add(Condition(facet, frozenset({key})), span)

    return reader


_SAMPLES = re.compile(
    r"\b(?P<real>vraies?|vrais?|reelle?s?|reels?|real|non fictives?|authentiques?)\b|\b(?P<sample>exemples?|fictives?|fictifs?|samples?|fictitious)\b"
)


def _samples(state: Wording) -> None:
    found = list(_SAMPLES.finditer(state.text))
    real = any(match["real"] for match in found) or any(NEGATION.search(state.whole[: match.start()]) for match in found)
    if found:
        state.conditions.append(Condition(Facet.SAMPLE, frozenset({"no" if real else "yes"})))
    for match in found:
        state.take(match.span())


_REMOTE = re.compile(
    r"\b(?:(?:en )?partie(?:llement)? |partly |partially )?(?:a distance|en tele-?travail|tele-?travail\w*|remote(?:ly)?|home[- ]based|distanciel)\b|\bsur place\b|\bon[- ]site\b"
)
_WORKED = re.compile(
    r"\b(?:nombre de |en )?jours? (?:de travail|repartis|etales|ouvres|d'expertise)(?: sur (?:plusieurs|des) (?:mois|annees))?|\bdays of work\b|\bperson[- ]days\b|\bworking days\b"
)
_RENEWABLE = re.compile(r"\b(?P<no>non[- ]|not )?(?:renouvelables?|renewable|prolongeables?|reconductibles?)\b")


def _modes(state: Wording) -> None:
    for match in _REMOTE.finditer(state.text):
        offered = remote(match.group())
        state.add(Condition(Facet.REMOTE, frozenset({"yes" if offered else "no"})), match.span())
    for match in _WORKED.finditer(state.text):
        state.add(Condition(Facet.WORKING_DAYS, low=1), match.span())
    for match in _RENEWABLE.finditer(state.text):
        state.add(Condition(Facet.RENEWABLE, frozenset({"no" if match["no"] else "yes"})), match.span())


_READERS: tuple[Callable[[Wording], None], ...] = (
    topics.quoted, topics.labels, _samples, _state, topics.sponsors, _languages, _places, ranges.levels, ranges.dates, _modes, _controlled(CONTRACTS, Facet.CONTRACT), _controlled(STATUSES, Facet.STATUS),
    _controlled(OFFER_TYPES, Facet.OFFER_TYPE), _controlled(ASSIGNMENTS, Facet.ASSIGNMENT), ranges.months, topics.domains,
)  # fmt: skip
"""In this order: a number of years is experience before it is a length, a period before a length, a place before a language."""


def _narrowed(first: Condition, other: Condition) -> Condition:
    """Return the first of two periods said of one date; of two that are open to the same side, the narrower."""
    if first.high is None and other.high is None and first.low is not None and other.low is not None:
        return replace(first, low=max(first.low, other.low))
    if first.low is None and other.low is None and first.high is not None and other.high is not None:
        return replace(first, high=min(first.high, other.high))
    return first


_DATES = {Facet.DEADLINE, Facet.PUBLISHED, Facet.START}
"""Of two periods said of one date the first counts: the other explains it."""


def _merged(conditions: Iterable[Condition]) -> Iterator[Condition]:
    """Yield conditions with those on one facet joined: any of the values named, none of those denied; languages all hold."""
    merged: dict[tuple[Facet, bool], Condition] = {}
    for one in dict.fromkeys(conditions):
        key = (one.facet, one.negated)
        if one.facet in _DATES and key in merged:
            merged[key] = _narrowed(merged[key], one)
            continue
        if one.facet in _DATES:
            merged[key] = one
            continue
        if one.values and one.facet is not Facet.LANGUAGE and key in merged:
            merged[key] = replace(merged[key], values=merged[key].values | one.values)
        elif one.values and one.facet is not Facet.LANGUAGE:
            merged[key] = one
        else:
            yield one
    yield from merged.values()
