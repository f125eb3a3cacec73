"""A question about missions, in words, French or English -> filters on the registry. Rules only, no model.

Each reader takes the words that it understands; what nobody takes is a topic, looked up in the sheets' text. Knows the cities
of the registry as a set it is given; knows no index.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from rapidfuzz import process
from rapidfuzz.distance import OSA

from assistant.domains import find_named, find_topics, synonyms
from assistant.errors import AssistantError
from assistant.lexical import analyse
from assistant.periods import Period, find_periods
from assistant.places import countries_in, demonyms_in, zones_in
from assistant.registry import city_key
from assistant.schema import Condition, Facet, Filters, Order
from assistant.text import Span, fold
from assistant.vocabulary import ASSIGNMENTS, CONTRACTS, EDUCATION, LEVELS, OFFER_TYPES, STATUSES, find, remote, skills, years

DAY = 1 / 30
"""A day in months: the tolerance of a length named exactly."""


class Known(Protocol):
    """What the sheets of a registry hold, for the words that no list has."""

    def cities(self) -> frozenset[str]:
        """Return the cities of the missions, as ``registry.city_key`` writes them."""
        ...

    def labels(self) -> frozenset[str]:
        """Return the labels of domains that sheets bear, as ``registry.label_key`` writes them."""
        ...

    def holds(self, words: str, *, head: bool = False) -> bool:
        """Tell whether a sheet holds some words; in its title, domains or theme where the head is asked."""
        ...


class _Nothing:
    """A registry of no sheets."""

    def cities(self) -> frozenset[str]:
        return frozenset()

    def labels(self) -> frozenset[str]:
        return frozenset()

    def holds(self, words: str, *, head: bool = False) -> bool:
        return False


@dataclass(frozen=True, slots=True)
class Reading:
    """What a question asks of the registry, and the words of it that were not understood."""

    filters: Filters
    ignored: tuple[str, ...] = ()
    """Runs of words from which nothing was read, folded."""
    counts: bool = False
    """Whether a number is asked."""


@dataclass(slots=True)
class _Question:
    """A folded question, of which words are blanked as they are understood."""

    text: str
    today: dt.date
    known: Known
    whole: str = ""
    conditions: list[Condition] = field(default_factory=list)
    topics: list[Span] = field(default_factory=list)
    _last: dict[Facet, tuple[int, bool]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.whole = self.text

    def take(self, span: Span) -> None:
        """Blank some words."""
        self.text = self.text[: span[0]] + "\x00" * (span[1] - span[0]) + self.text[span[1] :]

    def add(self, condition: Condition, span: Span) -> None:
        """Add a condition read from some words, negated where they are, and blank them."""
        negated = self._negated(condition.facet, span)
        self._last[condition.facet] = (span[1], negated)
        self.conditions.append(replace(condition, negated=negated))
        self.take(span)

    def _negated(self, facet: Facet, span: Span) -> bool:
        """Tell whether words are denied: a negation stands before them, or before those of the same kind they are joined to."""
        if _NEGATION.search(self.whole[: span[0]]) or _EXCLUDED.match(self.whole[span[1] :]):
            return True
        last = self._last.get(facet)
        return bool(last and last[1] and _JOINED.fullmatch(self.whole[last[0] : span[0]]))


_NEGATION = re.compile(
    r"(?:\bhors\b|\bsauf\b|\bexcepte\w*|\ba part\b|\ba l'exception d\w+|\ben dehors d\w+|\bpas\b|\bsans\b|\bni\b|\bnot\b|\bexcept\b|\bexcluding\b|\boutside(?: of)?\b|"
    r"\bailleurs qu\w*|\ben laissant de cote\b|\bleaving (?:out|aside)\b|\bapart from\b|\bother than\b|\bwithout\b|\bautres? que\b|\bno\b|\bn't\b|\bnon\b)[\s,'-]*"
    r"(?:(?:ceux|celles?|les|des|de|d|l|la|le|du|en|au|aux|a|in|the|any|an|those|sont|un|une|postes?|missions?|offres?|dans|located|based|situee?s?|basee?s?|contrats?|statut|encore|encor|deja|parler|speaking|demand\w+|requir\w+|exig\w+|que|for|pour)[\s']+)*$"
)
_EXCLUDED = re.compile(r"\s*(?:exclue?s?|excepte\w*|mise?s? a part|excluded|not included)\b")
_JOINED = re.compile(
    r"[\s\x00]*(?:,|ou|et|ni|or|and|nor)[\s\x00]*(?:(?:en|au|aux|in|les|des|de|du|d'|l'|la|le|the|celles?|ceux|not|pas|hors)[\s\x00]*)*"
)


def read(question: str, today: dt.date, known: Known | None = None) -> Reading:
    """Return what a question asks of the registry.

    >>> today = dt.date(2026, 11, 22)
    >>> [c.facet.value for c in read("missions de santé ouvertes hors Afrique", today).filters.conditions]
    ['state', 'place', 'domain']
    """
    state = _Question(_unquoted(_cleaned(fold(question))), today, known or _Nothing())
    order = _order(state)
    for reader in _READERS:
        reader(state)
    ignored = tuple(_left_over(state))
    return Reading(Filters(tuple(_merged(state.conditions)), order), ignored, bool(_COUNT.search(state.whole)))


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

    return _QUOTED.sub(bare, folded)


_REMARKS = re.compile(
    r"\((?:[\w' -]+,){2,}[\w' -]+\)|\b(?:sans compter|hors|not counting|without counting|excluding)(?: les| the)? (?:renouvellements?|renewals?|prolongations?)(?: (?:eventuels?|possibles?))?|\b(?:closes?|closed|fermees?|passees?)(?: (?:ones|missions|offres|annonces))? (?:too|as well|included|comprises|incluses|aussi)\b|\b(?:y compris|including|meme|even)(?: les| the)? (?:closes?|closed|fermees?|passees?)(?: ones)?\b|\bs'il (?:te|vous) plait\b|\bsvp\b|\bstp\b|"
    r"\ben (?:partie|fait|tout|general|theorie|principe|realite|bref|gros|vrai)\b|\bd'emblee\b|\bau total\b|\bpour (?:l'instant|le moment)\b|\bpar hasard\b|\bdans l'ensemble\b|\b(?:les )?iles (?:de |du )|\bin (?:part|general|total|fact)\b"
)
_COUNT = re.compile(r"\bcombien\b|\bnombre de\b|\bhow many\b|\bnumber of\b|\bcb de\b")


def _order(state: _Question) -> Order | None:
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


def _state(state: _Question) -> None:
    for value, pattern in (("unknown", _NO_DEADLINE), ("closed", _CLOSED), ("open", _OPEN)):
        for match in pattern.finditer(state.text):
            denied = value == "closed" and _NEGATION.search(state.whole[: match.start()])
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


def _places(state: _Question) -> None:
    for city in sorted(state.known.cities(), key=len, reverse=True):
        pattern = rf"(?<![\w-])(?:{'|'.join(_written(city))})(?![\w-])(?: (?:meme|itself))?"
        for match in re.finditer(pattern, state.text):
            state.add(Condition(Facet.CITY, frozenset({city_key(city)})), match.span())
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


def _languages(state: _Question) -> None:
    for match in reversed(list(_SHEET_LANGUAGE.finditer(state.text))):
        spoken = skills(match.group())
        if spoken:
            state.conditions.append(Condition(Facet.SHEET_LANGUAGE, frozenset({spoken[0].language})))
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


_SHEET_LANGUAGE = re.compile(
    r"\b(?:(?:redigee?s?|ecrite?s?|written|published|publiee?s?) (?:en|in) [a-z]+|(?:langue de la fiche|language of the sheet)[^\w]{0,3}[a-z]+|(?:fiches?|annonces?|sheets?|postings?) (?:sont |are )?(?:en|in) [a-z]+(?: \(langue de la fiche\)| \(language of the sheet\))?)"
)
_LANGUAGE_BEFORE = re.compile(
    r"(?:\bl'|\bde l'|\bdu|\ble|\bparl\w+|\bspeak\w*|\bmaitris\w+|\bexig\w+|\bdemand\w+|\brequir\w+|\bneed\w*|\bwant\w*|\blangues?|\blanguages?|\bavec|\bwith|\bsans|\bwithout|\bniveau|\bin|\ben|[abc][12] en|\bknowledge of|\bfluent) ?$"
)
_LANGUAGE_ANYWHERE = re.compile(r"\blangues?\b|\blanguages?\b|\bparl(?:e|er|ant|ent)\b|\bspeak\w*\b|\bexig\w+|\brequir\w+|\bdemand\w+")


def _levels(state: _Question) -> None:
    for count, span in years(state.text):
        around = state.text[max(span[0] - 40, 0) : span[1] + 30]
        if re.search(r"experience|anciennete|metier|carriere|pratique|professionnel", around):
            end = re.match(r"[\w\s']{0,25}?(?:experience(?: professionnelle)?|metier|carriere|pratique|anciennete)", state.text[span[1] :])
            begin = re.search(
                r"(?:experience[\s\w]{0,25}|\b(?:au moins|au plus|minimum|maximum|plus de|moins de|at least|at most|more than|less than|over|under|de|of)\s+)$",
                state.text[: span[0]],
            )
            whole = (begin.start() if begin else span[0], span[1] + (end.end() if end else 0))
            low, high = _bounds(
                state.text[max(span[0] - 25, 0) : span[0]],
                state.text[span[1] : span[1] + 15],
                count,
                person=bool(_PERSON.search(state.whole)),
                step=1,
            )
            state.add(Condition(Facet.EXPERIENCE, low=low, high=high), whole)
    named = [(key, span) for key, span in find(EDUCATION, state.text) if key != "0" or "baccalaureat" in state.text]
    if named:
        key, span = named[0]
        person = bool(_PERSON.search(state.whole))
        low, high = _bounds(state.text[max(span[0] - 25, 0) : span[0]], state.text[span[1] : span[1] + 15], int(key), person=person, step=1)
        state.add(Condition(Facet.EDUCATION, low=low, high=high), span)
        for _, other in named[1:]:
            state.take(other)


_PERSON = re.compile(r"\b(?:j'ai|j ai|je n'ai qu\w*|titulaire d\w*|i have|i've|avec mes|mes|je dispose|ayant|with my|my)\b")
_MORE = re.compile(r"\b(?:au moins|minimum|a partir de|at least|no less than|au minimum)\s*(?:de |d'|un |une |a )?$")
_OVER = re.compile(
    r"\b(?:plus d[e']|superieure?s? a|more than|over|longer than|depass\w+|au-dela d[e']|exceeding)\s*(?:les |des |the |un |une |a |one )?$"
)
_LESS = re.compile(r"\b(?:moins d[e']|inferieure?s? a|less than|under|shorter than|fewer than)\s*(?:un |une |a |one )?$")
_MOST = re.compile(
    r"\b(?:au plus|maximum|jusqu'a|at most|no more than|up to|n'excedant pas|ne depassant pas|au maximum)\s*(?:de |d'|un |une |a )?$"
)


def _bounds(before: str, after: str, value: float, *, person: bool, step: float) -> tuple[float | None, float | None]:
    """Return the bounds that a number stands for by the words around it; without any, the number itself."""
    if _OVER.search(before):
        return value + step, None
    if _LESS.search(before):
        return None, value - step
    if _MORE.search(before) or re.match(r"\s*(?:mini(?:mum)?\b|au moins|ou plus|et plus|or more|at least|\+)", after):
        return value, None
    if _MOST.search(before) or re.match(r"\s*(?:maximum|max\b|au plus|ou moins|or less|at most)", after) or person:
        return None, value
    return value, value


_N = r"\d+(?:[.,]\d+)?|un|une|one|a|deux|two|trois|three|quatre|four|cinq|five|six|sept|seven|huit|eight|neuf|nine|dix|ten|douze|twelve|dix-huit|eighteen|vingt-quatre|twenty-four|trente-six"
_NUMBERS = {"un": 1, "une": 1, "one": 1, "a": 1, "deux": 2, "two": 2, "trois": 3, "three": 3, "quatre": 4, "four": 4, "cinq": 5, "five": 5, "six": 6, "sept": 7, "seven": 7, "huit": 8, "eight": 8, "neuf": 9, "nine": 9, "dix": 10, "ten": 10, "douze": 12, "twelve": 12, "dix-huit": 18, "eighteen": 18, "vingt-quatre": 24, "twenty-four": 24, "trente-six": 36}  # fmt: skip
_UNIT = r"mois|months?|ans?|annees?|years?|semaines?|weeks?|jours?|days?"
_UNITS = {"m": 1.0, "a": 12.0, "y": 12.0, "s": 7 * DAY, "w": 7 * DAY, "j": DAY, "d": DAY}
_SPAN = re.compile(
    rf"\b(?:entre|between|de|from)?\s*\b(?P<low>{_N})\s*(?P<u1>{_UNIT})?\s*(?:a|to|et|and|-)\s*(?P<high>{_N})[- ]*(?P<u2>{_UNIT})\b"
)
_LENGTH = re.compile(
    rf"(?:\b(?:au moins|au plus|minimum|maximum|plus d[e']|moins d[e']|jusqu'a|superieure?s? a|inferieure?s? a|at least|at most|more than|less than|over|under|longer than|shorter than|up to|depass\w+(?: les| des)?|exceed\w*|durent|dure|duree(?: de| d'environ)?|lasting|lasts?)\s*)*\b(?P<n>{_N})[- ]*(?P<u>{_UNIT})\b(?: (?:maximum|minimum|exactement|exactly|au plus|au moins|ou plus|ou moins|or more|or less))?"
)


def _months(state: _Question) -> None:
    for match in _SPAN.finditer(state.text):
        shortest, longest = _in_months(match["low"], match["u1"] or match["u2"]), _in_months(match["high"], match["u2"])
        state.add(Condition(Facet.MONTHS, low=shortest - DAY / 2, high=longest + DAY / 2), match.span())
    for match in _LENGTH.finditer(state.text):
        lived = _LIVED.search(state.text[: match.start()])
        if not lived and not any(one.facet is Facet.MONTHS for one in state.conditions):
            state.add(_length(state.text, match), match.span())
        state.take(match.span())


def _length(text: str, match: re.Match[str]) -> Condition:
    """Return the condition that one length stands for; one named exactly leaves a day's room."""
    months = _in_months(match["n"], match["u"])
    before, after = text[max(match.start() - 5, 0) : match.start("n")], text[match.end("u") : match.end("u") + 15]
    low, high = _bounds(before, after, months, person=False, step=DAY / 2)
    if low is not None and low == high:
        low, high = months - DAY, months + DAY
    return Condition(Facet.MONTHS, low=low, high=high)


_LIVED = re.compile(
    r"\b(?:travaill\w+|passe|vecu|depuis|pendant|worked|spent|lived|ai)\s*(?:pendant |plus de |environ |for |over |about )?$"
)
"""What comes before a length of someone's life, not of a mission."""


def _in_months(number: str, unit: str) -> float:
    return float(_NUMBERS.get(number) or number.replace(",", ".")) * _UNITS[unit[0]]


_WHEN: tuple[tuple[Facet, re.Pattern[str]], ...] = (
    (
        Facet.PUBLISHED,
        re.compile(
            r"\b(?:publi\w+|mise?s? en ligne|parue?s?|posted|postees?|diffus\w+|nouvelles?|recentes?|published|since|depuis|went up|put up|post|sorties?)\b"
        ),
    ),
    (Facet.START, re.compile(r"\b(?:commenc\w+|debut\w*(?! de l'ete)|demarr\w+|prise de (?:poste|fonctions?)|start\w*|begin\w*)\b")),
    (
        Facet.DEADLINE,
        re.compile(
            r"\b(?:clotur\w+|ferm\w+|date limite|deadlines?|closing|closes?|se termin\w+|prennent fin|expir\w+|echeance|postul\w+|candidat\w+|apply|applications?|limite|due|cloreront|clos)\b"
        ),
    ),
)


def _dates(state: _Question) -> None:
    for period, span in find_periods(state.text, state.today):
        facet = _dated(state.whole, span)
        if (
            facet is Facet.PUBLISHED
            and period.first
            and period.first > state.today
            and not re.search(r"(?:19|20)\d\d", state.text[span[0] : span[1]])
        ):
            period = _year_before(period)
        low = period.first.toordinal() if period.first else None
        high = period.last.toordinal() if period.last else None
        state.add(Condition(facet, low=low, high=high), span)
    if any(c.facet in {Facet.DEADLINE, Facet.PUBLISHED, Facet.START} for c in state.conditions):
        for _, words in _WHEN:
            for match in list(words.finditer(state.text)):
                state.take(match.span())


def _dated(text: str, span: Span) -> Facet:
    """Return what a period is said of: what stands nearest before it, else after it, else the deadline."""
    before = [(m.end(), facet) for facet, words in _WHEN for m in words.finditer(text[: span[1]])]
    if before:
        return max(before, key=lambda one: one[0])[1]
    after = [(m.start(), facet) for facet, words in _WHEN for m in words.finditer(text, span[1])]
    return min(after, key=lambda one: one[0])[1] if after else Facet.DEADLINE


def _year_before(period: Period) -> Period:
    def back(day: dt.date | None) -> dt.date | None:
        return day.replace(year=day.year - 1, day=min(day.day, 28) if day.month == 2 else day.day) if day else None

    return Period(back(period.first), back(period.last))


def _controlled(patterns: dict[str, str], facet: Facet) -> Callable[[_Question], None]:
    def reader(state: _Question) -> None:
        for key, span in find(patterns, state.text):
            state.add(Condition(facet, frozenset({key})), span)

    return reader


def _quoted(state: _Question) -> None:
    """Take quoted words literally, where a sheet holds them."""
    for match in _QUOTED.finditer(state.text):
        if state.known.holds(match["words"]):
            state.add(Condition(Facet.TEXT, frozenset({match["words"].strip()})), match.span())


_QUOTED = re.compile(r"[«“\"]\s*(?P<words>[^«»“”\"]{2,60}?)\s*[»”\"]")


def _labels(state: _Question) -> None:
    """Take whole labels of several words (``Climat et Agriculture``); one of a single word is a domain like any other."""
    for label in sorted(state.known.labels(), key=len, reverse=True):
        if " " in label and synonyms(label) == (label,):  # a topic has names in both languages
            for match in re.finditer(rf"\b{re.escape(label)}\b", state.text):
                state.add(Condition(Facet.LABEL, frozenset({label})), match.span())


def _domains(state: _Question) -> None:
    for match in _TENDERS.finditer(state.text):
        state.conditions.append(Condition(Facet.TEXT, frozenset({"offre technique financière"})))
        state.take(match.span())
    named = [(span, key) for key, span in find_named(state.text)] + [(span, None) for _, span in find_topics(state.text)]
    for span, key in sorted(named, key=lambda one: (one[0][0] - one[0][1], one[0])):
        if "\x00" in state.text[span[0] : span[1]]:
            continue
        if key:
            state.add(Condition(Facet.DOMAIN, frozenset({key})), span)
        else:
            state.topics.append(span)
            state.take(span)


_TENDERS = re.compile(
    r"\boffres? techniques?(?: et (?:une )?(?:offre )?financieres?)?\b|\btechnical and financial (?:offers?|proposals?)\b"
)


_SAMPLES = re.compile(
    r"\b(?P<real>vraies?|vrais?|reelle?s?|reels?|real|non fictives?|authentiques?)\b|\b(?P<sample>exemples?|fictives?|fictifs?|samples?|fictitious)\b"
)


def _samples(state: _Question) -> None:
    found = list(_SAMPLES.finditer(state.text))
    real = any(match["real"] for match in found) or any(_NEGATION.search(state.whole[: match.start()]) for match in found)
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


def _modes(state: _Question) -> None:
    for match in _REMOTE.finditer(state.text):
        offered = remote(match.group())
        state.add(Condition(Facet.REMOTE, frozenset({"yes" if offered else "no"})), match.span())
    for match in _WORKED.finditer(state.text):
        state.add(Condition(Facet.WORKING_DAYS, low=1), match.span())
    for match in _RENEWABLE.finditer(state.text):
        state.add(Condition(Facet.RENEWABLE, frozenset({"no" if match["no"] else "yes"})), match.span())


_READERS: tuple[Callable[[_Question], None], ...] = (
    _quoted, _labels, _samples, _state, _languages, _places, _levels, _dates, _modes, _controlled(CONTRACTS, Facet.CONTRACT), _controlled(STATUSES, Facet.STATUS),
    _controlled(OFFER_TYPES, Facet.OFFER_TYPE), _controlled(ASSIGNMENTS, Facet.ASSIGNMENT), _months, _domains,
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


def _left_over(state: _Question) -> Iterator[str]:
    """Take as topics the words that nobody understood where they name a thing or stand in a title; yield the others."""
    for run in re.finditer(r"[\w'-]+(?: [\w'-]+)*", _FILLER.sub(lambda match: "\x00" * len(match.group()), state.text)):
        words = " ".join(word for word in re.split(r"['\s]", run.group()) if analyse(word) and len(word) > 1)
        if not words:
            continue
        city = _near_city(words, state.known.cities())
        if city:
            state.add(Condition(Facet.CITY, frozenset({city})), run.span())
        elif (
            _NAMED.search(state.whole[: run.start()])
            or re.match(rf" (?:{_MISSIONS_EN})\b", state.whole[run.end() :])
            or _beside_topic(state, run.span())
            or state.known.holds(words, head=True)
        ):
            state.topics.append(run.span())
        else:
            yield words
    for negated, phrase in _phrases(state):
        state.conditions.append(Condition(Facet.TEXT, frozenset({phrase}), negated=negated))


def _near_city(words: str, cities: frozenset[str]) -> str | None:
    """Return the city of the registry that words name in another language or misspell (``addis ababa``)."""
    name = city_key(words)
    near = process.extractOne(name, cities, scorer=OSA.distance, score_cutoff=1 + (len(name) > 8)) if len(name) > 4 else None
    return near[0] if near else None


def _beside_topic(state: _Question, span: Span) -> bool:
    gaps = [state.whole[end : span[0]] if end <= span[0] else state.whole[span[1] : start] for start, end in state.topics]
    return any(_OF.fullmatch(gap) for gap in gaps)


_OF = re.compile(r"\s*(?:de la |de l'|du |des |de |d'|of the |of )?")


def _phrases(state: _Question) -> Iterator[tuple[bool, str]]:
    """Yield the topics with whether each is denied; those that but a preposition parts are one phrase."""
    joined: list[Span] = []
    for start, end in sorted(state.topics):
        if joined and _OF.fullmatch(state.whole[joined[-1][1] : start]):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    for start, end in joined:
        yield bool(_NEGATION.search(state.whole[:start])), state.whole[start:end]


_MISSIONS_EN = "missions?|jobs?|positions?|postings?|openings?|vacanc(?:y|ies)|roles?"
"""What an English topic stands before (``diving jobs``)."""
_NAMED = re.compile(
    r"(?:\b(?:sur|concernant|about|on|dealing with|related to|relatives? (?:a|au|aux)|lie(?:e|s|es)? (?:a|au|aux)|autour d[eu']|commanditaire|bailleur|sponsor|donor|(?:commanditaire|bailleur|sponsor|donor) (?:est|is)|financee?s? par|funded by|contre|against|(?:domaine|secteur|theme|sujet|matiere|field|area|sector) (?:de|d'|du|des|of)|speciali\w+ (?:en|dans|in))|"
    r"\b(?:missions?|postes?|offres?|annonces?|jobs?|positions?|postings?|boulots?|opportunites?) (?:de|d'|du|en|dans|pour|as|for|in|on|of))\s*(?:l'|d'|(?:le|la|les|l|un|une|des|the|a|an|du|de) )*$"
)
_FILLER = re.compile(
    r"\b(?:missions?|poste?s?|offres?|annonces?|fiches?|postings?|jobs?|positions?|vacanc(?:y|ies)|openings?|boulots?|opportunites?|opportunit(?:y|ies)|assignments?|recrutements?|"
    r"candidatures?|emplois?|travail|contrats?|contracts?|appels?|"
    r"quel(?:le)?s?|lesquel(?:le)?s?|laquelle|lequel|liste[rz]?|combien|nombre|montre[rz]?|affich\w+|donne[rz]?|cherch\w+|recherch\w+|trouv\w+|propos\w+|existe\w*|offre\w*|offer\w*|"
    r"avez|as|ai|a-t-il|y|t|il|elle|ils|elles|sont|est|etaient|etait|sera|seront|peut|peux|puis|peuvent|faire|fait|aimerais|voudrais|veux|souhaite\w*|interesse\w*|besoin|"
    r"which|what|list|show|find|many|any|anything|something|are|is|there|looking|look|want|need|give|tell|have|has|had|do|does|you|your|me|i|we|can|could|please|would|like|that|were|was|"
    r"situ\w+|bas\w+|locat\w+|concern\w+|couvr\w+|cover\w*|port\w+|trait\w+|deal\w*|relat\w+|lie\w*|rattach\w+|depend\w+|deroul\w+|adress\w+|vis\w+|touch\w+|about|lien|rapport|autour|"
    r"domaine|domaines|secteurs?|sectors?|fields?|areas?|themes?|thematiques?|theme|sujets?|topics?|pole|poles|departements?|service|services|zone|zones|pays|countr(?:y|ies)|regions?|villes?|cit(?:y|ies)|continent|"
    r"exig\w+|demand\w+|requ\w+|requir\w+|deman\w+|accept\w+|affich\w+|indiqu\w+|mention\w+|precis\w+|ask\w*|prevu\w*|prevoi\w+|"
    r"toutes?|tous|tout|all|every|liste|ensemble|seul\w*|uniquement|only|simples?|meme|juste|just|exactement|exactly|encore|actuellement|aujourd'hui|maintenant|now|moment|jour|jours|"
    r"niveau|level|statut|status|type|types|duree|durees|durent|dure|duration|lasting|last|longs?|longues?|court\w*|experience|ans?|annees?|years?|mois|months?|langues?|languages?|diplomes?|degree|etudes?|study|"
    r"date|dates|limite|deadline|deadlines|prochaine?s?|next|proche|compris\w*|entre|between|moins|plus|less|more|than|least|most|minimum|maximum|environ|avant|apres|"
    r"personnes?|people|quelqu'un|candidats?|profils?|profil|expert\w*|recrut\w+|hiring|hire|pourv\w+|dispo\w*|"
    r"bonjour|salut|slt|bonsoir|merci|hello|hi|svp|stp|please|coucou|koi|quoi|ya|yatil|chez|ici|dispo|parle|parlant|speaking|travailler|work|partir|go|"
    r"en|o|ds|dan|sur|dans|pour|avec|sans|pas|non|hors|sauf|ni|not|no|excepte|autres?|other|mais|but|parmi|among|projets?|projects?|eu|plusieurs|several|gard\w+|keep|dont|run|runs|running|advertised?|soil|sol|enleve\w*|retire\w*|affine\w*|limite\w*|kelkechose|qqch|either|both|live|pls|plz|svp|whatever|dedans|la-dedans|desquel\w*|etranger|abroad|overseas|monde|world|contre|against|gigs?|ads?|adverts?|roles?|sheets?|applications?|send|demander|lien|inclus|included|comprise?s?|nord au sud|laissant|cote|leaving|aside|financ\w+|commanditaire|bailleur|sponsor|donor|funded|rien|voir|trouve|amabilite|consulte|indiquer|stock|passe|metier|comptent|compte|celles?|ceux|those|them|one|ones|aussi|also|else|total|mieux|bien|"
    r"apply|postuler|candidater|interess\w+|selon|d'apres|corpus|base|registre|registry|site|"
    r"cela|qu|que|qui|c|l|d|s|n|j|m|le|la|les|un|une|des|du|de|au|aux|a|of|the|an|in|on|at|for|to|with|et|ou|and|or|from|by|si|se|ce|cette|ces|mon|ma|mes|je|tu|nous|vous|on)\b(?:['’]|\b)"
)
