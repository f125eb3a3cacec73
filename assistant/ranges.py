"""The numbers of a question about missions: years of experience, level of study, length, dates.

Each reader takes the words that it understands from the question's wording.
"""

from __future__ import annotations

import datetime as dt
import re

from assistant.periods import Period, find_periods
from assistant.schema import Condition, Facet
from assistant.text import Span
from assistant.vocabulary import EDUCATION, find, years
from assistant.wording import Wording

DAY = 1 / 30
"""A day in months: the tolerance of a length named exactly."""


def levels(state: Wording) -> None:
    """Take years of experience and levels of study, with the words that make bounds of them."""
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
                re.sub(r"^\s*(?:d'|of )experience(?: professionnelle)?", "", state.text[span[1] :])[:15],
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
    if _MORE.search(before) or re.match(
        r"\s*(?:mini(?:mum)?\b|au moins|(?:ou|et) (?:plus|davantage|au-dela)|or (?:more|above)|at least|\+)", after
    ):
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


def months(state: Wording) -> None:
    """Take the length that a mission is to have; of several, the first."""
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


def dates(state: Wording) -> None:
    """Take periods, each said of what stands nearest: a deadline, a start, or the day a posting went up."""
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
