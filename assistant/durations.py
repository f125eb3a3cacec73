"""Durations written by people, French and English: bounds, working days, an end date, whether renewable.

Never guesses: a duration that belongs to something else than the mission (``phase II 2 ans``) is not taken for its own.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from assistant.dates import parse_date
from assistant.text import fold

DAYS_A_MONTH = 30
"""Days counted for a month; weeks count seven of them."""


@dataclass(frozen=True, slots=True)
class Duration:
    """How long a mission lasts; what the words do not give is None."""

    shortest: float | None = None
    """Months."""
    longest: float | None = None
    """Months; equal to ``shortest`` where one length is given."""
    working_days: int | None = None
    """Days of work spread over a longer time (``45 jours sur 5 mois``)."""
    renewable: bool | None = None
    until: dt.date | None = None
    """Last day, where the words give an end instead of a length."""

    @property
    def is_empty(self) -> bool:
        """Whether the words told nothing."""
        return self == Duration()


_NUMBERS = {
    "un": 1, "une": 1, "one": 1, "a": 1, "an": 1, "deux": 2, "two": 2, "trois": 3, "three": 3, "quatre": 4, "four": 4, "cinq": 5, "five": 5,
    "six": 6, "sept": 7, "seven": 7, "huit": 8, "eight": 8, "neuf": 9, "nine": 9, "dix": 10, "ten": 10, "onze": 11, "eleven": 11, "douze": 12,
    "twelve": 12, "quinze": 15, "fifteen": 15, "dix-huit": 18, "eighteen": 18, "vingt": 20, "twenty": 20, "vingt-quatre": 24, "twenty-four": 24,
    "trente": 30, "thirty": 30, "trente-six": 36, "thirty-six": 36, "quarante-huit": 48, "soixante": 60,
}  # fmt: skip
_NUMBER = rf"(?:\d+(?:[.,]\d+)?|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})"
_UNIT = r"(?:mois|months?|ans?|annees?|years?|semaines?|weeks?|jours?|days?|hommes?[-/ ]jours?|h/j|j/h|j)"
_MONTHS_PER = {"m": 1.0, "a": 12.0, "y": 12.0, "s": 7 / DAYS_A_MONTH, "w": 7 / DAYS_A_MONTH, "j": 1 / DAYS_A_MONTH, "d": 1 / DAYS_A_MONTH, "h": 1 / DAYS_A_MONTH}  # fmt: skip
"""Months in a unit, by its first letter."""
_LENGTH = re.compile(
    rf"(?<![\w/+])(?P<n>{_NUMBER})(?:\s*\(\d+\))?\s*[- ]?(?P<u>{_UNIT})\b"
    rf"(?P<more>\s*(?:et|and)?\s*(?P<n2>{_NUMBER}|demi|half)\s*(?P<u2>mois|months?)?)?"
)
_RANGE = re.compile(
    rf"(?:entre\s+|between\s+|de\s+|from\s+)?(?<![\w/])(?P<low>{_NUMBER})\s*(?P<u1>{_UNIT})?\s*(?:a|à|to|et|and|ou|or|-|–|/)\s*(?P<high>{_NUMBER})\s*(?P<u2>{_UNIT})\b"
)
_WORKED = re.compile(
    rf"(?<![\w/])(?P<n>{_NUMBER})\s*(?:hommes?[-/ ]jours?|h/j|j/h|(?:working |person[- ])days|jours? (?:ouvres?|ouvrables?|d'expertise|de travail|calendaires? de travail)|"
    r"(?:jours?|days)(?=\s*(?:\([^)]*\)\s*)?(?:sur|over|repartis|spread|dans la periode|entre|between|\((?:sur |de )?[a-z]{3,9}\s?[-–a]\s?[a-z]{3,9}\)|par (?:mois|an)|per (?:month|year))))"
)
_AT_MOST = re.compile(r"\b(?:maxim\w*|max|jusqu'a|au plus|up to|at most|no more than|plafonn\w+|ne depassant pas|limite a)\b")
_AT_LEAST = re.compile(r"\b(?:minim\w*|min|au moins|at least|a partir de|from)\b")
_UNTIL = re.compile(
    r"\b(?:jusqu'(?:au|en)|until|till|to the end of|fin (?:prevue )?(?:le |en )?|se termine (?:le|en)|ends? (?:on|in))\s*(?P<date>.{4,30})"
)
_RENEWABLE = re.compile(r"\b(?P<no>non[- ]|not |sans )?(?:renouvel\w+|renew\w+|prolong\w+|reconduct\w+|extend\w+|extension)")
_OTHERS = re.compile(r"\b(?:phase|lot|tranche|periode d'essai|trial period|preavis|notice)\b")


def parse_duration(text: str) -> Duration:
    """Return what the words of a duration say.

    >>> parse_duration("6 à 12 mois renouvelables")
    Duration(shortest=6.0, longest=12.0, working_days=None, renewable=True, until=None)
    >>> parse_duration("30 mois maximum").longest, parse_duration("120 jours sur 2026-2028").working_days
    (30.0, 120)
    >>> parse_duration("long terme (phase II 2 ans)").is_empty
    True
    """
    folded = " ".join(fold(text).replace("·", ".").split())
    own = _without_renewal(_own(folded))
    shortest, longest = _bounds(own)
    worked = _WORKED.search(folded)
    if worked and (span := _bounds(own[: worked.start()] + own[worked.end() :])) != (shortest, longest):
        shortest, longest = span
    elif worked:
        shortest, longest = None, None
    ends = None if shortest or longest else _UNTIL.search(folded)
    return Duration(
        shortest, longest, int(_amount(worked["n"])) if worked else None, _renewable(folded), parse_date(ends["date"]) if ends else None
    )


def _own(folded: str) -> str:
    """Return the words outside parentheses; those inside where they open with a length and nothing outside gives one."""
    outside = re.sub(r"\([^)]*\)", " ", re.sub(r"\(\s*\d+\s*\)", "", folded))
    if _LENGTH.search(outside) and not _OTHERS.search(outside[: next(_LENGTH.finditer(outside)).start()]):
        return outside
    inside = [one for one in re.findall(r"\(([^)]*)\)", folded) if _LENGTH.match(one.strip()) or _RANGE.match(one.strip())]
    return inside[0] if inside else ""


def _without_renewal(own: str) -> str:
    """Return the words before those that speak of a renewal (``12 mois renouvelables sur 4 ans``)."""
    found = _RENEWABLE.search(own)
    return own[: found.start()] if found and _LENGTH.search(own[: found.start()]) else own


def _bounds(own: str) -> tuple[float | None, float | None]:
    between = _RANGE.search(own)
    if between:
        unit = between["u2"]
        low, high = _months(between["low"], between["u1"] or unit), _months(between["high"], unit)
        if low < high:
            return low, high
    found = _LENGTH.search(own)
    if not found:
        return None, None
    months = _whole(found)
    around = own[: found.start()] + " " + own[found.end() :]
    if _AT_MOST.search(around):
        return None, months
    return (months, None) if _AT_LEAST.search(around) else (months, months)


def _whole(found: re.Match[str]) -> float:
    """Return the months of a length and of what follows it (``un an et demi``, ``2 ans et 6 mois``)."""
    months = _months(found["n"], found["u"])
    if not found["more"]:
        return months
    if found["n2"] in {"demi", "half"}:
        return months + _months("1", found["u"]) / 2
    return months + _months(found["n2"], found["u2"]) if found["u2"] and found["u"][0] in "ay" else months


def _months(number: str, unit: str) -> float:
    return round(_amount(number) * _MONTHS_PER[unit[0]], 2)


def _amount(number: str) -> float:
    return float(_NUMBERS[number]) if number in _NUMBERS else float(number.replace(",", "."))


def _renewable(folded: str) -> bool | None:
    found = _RENEWABLE.search(folded)
    return None if not found else not found["no"]
