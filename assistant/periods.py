"""Periods that people name, relative to a day: ``avant fin mars``, ``cette semaine``, ``in June 2027``, ``d'ici un mois``.

Pure functions over folded text. Days are inclusive.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from assistant.dates import MONTH_NAMES, month_number, parse_date
from assistant.text import Span


@dataclass(frozen=True, slots=True)
class Period:
    """The days between two, both included; None is no bound."""

    first: dt.date | None
    last: dt.date | None


_M = MONTH_NAMES
_YEAR = r"(?:19|20)\d\d"
_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        ("lundi monday", "mardi tuesday", "mercredi wednesday", "jeudi thursday", "vendredi friday", "samedi saturday", "dimanche sunday")
    )
    for name in names.split()
}
_WEEKDAY = "|".join(_WEEKDAYS)
_SEASONS = {"ete": (6, 21), "summer": (6, 21), "noel": (12, 25), "christmas": (12, 25), "rentree": (9, 1)}
"""The day with which a time of the year starts: (month, day)."""
_DAY = rf"(?:\d{{1,2}}(?:er|st|nd|rd|th)?(?: (?:of )?(?:{_M}))(?: {_YEAR})?|\d{{1,2}}/\d{{1,2}}/{_YEAR}|{_YEAR}-\d{{2}}-\d{{2}}|(?:{_M}) \d{{1,2}}(?:st|nd|rd|th)?(?:,? {_YEAR})?)"
_POINT = rf"(?:{_DAY}|(?:la )?(?:fin|mi|debut|end of|mid)[- ]?(?:du mois de |de |d'|of )?(?:(?:{_M})(?: {_YEAR})?|(?:l')?annee|the year|year|{_YEAR}|mois|the month|(?:la )?semaine|the week)|(?:{_M})(?: {_YEAR}| prochain)?|{_YEAR}|demain|tomorrow|aujourd'hui|today|(?:ce |this |next )?(?:{_WEEKDAY})(?: prochain)?|(?:l'ete|(?:the )?summer|noel|christmas|la rentree))"
_COUNTS = {
    "un": 1,
    "une": 1,
    "one": 1,
    "a": 1,
    "deux": 2,
    "two": 2,
    "trois": 3,
    "three": 3,
    "quatre": 4,
    "four": 4,
    "six": 6,
    "quinze": 15,
    "trente": 30,
}


def find_periods(folded: str, today: dt.date) -> list[tuple[Period, Span]]:
    """Return the periods named in a folded text, with their spans, in order; they do not overlap.

    >>> [(str(p.first), str(p.last)) for p, _ in find_periods("entre mars et mai 2027", dt.date(2026, 11, 22))]
    [('2027-03-01', '2027-05-31')]
    """
    taken: list[tuple[Period, Span]] = []
    for pattern, read in _FORMS:
        for match in pattern.finditer(folded):
            period = read(match, today)
            if period and not any(a < match.end() and match.start() < b for _, (a, b) in taken):
                taken.append((period, match.span()))
    return sorted(taken, key=lambda one: one[1])


def _point(text: str, today: dt.date) -> Period | None:
    """Return the days that a date, a month, a year or the end of one names; the next one where no year is given."""
    text = text.strip()
    day = {"demain": today + dt.timedelta(1), "tomorrow": today + dt.timedelta(1), "aujourd'hui": today, "today": today}.get(text)
    day = day or _weekday(text, today) or _season(text, today)
    if day:
        return Period(day, day)
    if (full := parse_date(text)) or (full := _next_day(text, today)):
        return Period(full, full)
    part = re.match(r"(?:la )?(fin|mi|debut|end of|mid)\b", text)
    whole = _month_or_year(
        re.sub(r"^(?:la )?(?:fin|mi|debut|end of|mid)[- ]?(?:du mois de |de |d'|of )?", "", text) if part else text, today
    )
    return _part_of(whole, part.group(1)) if whole and part else whole


def _weekday(text: str, today: dt.date) -> dt.date | None:
    """Return the next day of that name, today included."""
    found = re.search(rf"\b({_WEEKDAY})\b", text)
    return today + dt.timedelta((_WEEKDAYS[found.group(1)] - today.weekday()) % 7) if found else None


def _season(text: str, today: dt.date) -> dt.date | None:
    found = _SEASONS.get(re.sub(r"^(?:l'|la |the )", "", text))
    if not found:
        return None
    day = dt.date(today.year, *found)
    return day if day >= today else dt.date(today.year + 1, *found)


def _next_day(text: str, today: dt.date) -> dt.date | None:
    """Return the next day of that number and month (``15 mars``)."""
    found = re.search(rf"(\d{{1,2}})(?:er|st|nd|rd|th)? (?:of )?({_M})\b", text)
    number, name = found.groups() if found else (None, None)
    if not found and (found := re.search(rf"({_M}) (\d{{1,2}})\b(?!\d)", text)):
        name, number = found.groups()
    if not number or not name:
        return None
    for year in (today.year, today.year + 1):
        try:
            day = dt.date(year, month_number(name) or 1, int(number))
        except ValueError:
            continue
        if day >= today:
            return day
    return None


def _month_or_year(text: str, today: dt.date) -> Period | None:
    if re.fullmatch(r"(?:l')?annee|the year|year", text):
        return Period(dt.date(today.year, 1, 1), dt.date(today.year, 12, 31))
    if re.fullmatch(r"mois|the month", text):
        return month_of(today.year, today.month)
    if re.fullmatch(r"(?:la )?semaine|the week", text):
        return _week(today)
    if re.fullmatch(_YEAR, text):
        return Period(dt.date(int(text), 1, 1), dt.date(int(text), 12, 31))
    found = re.match(rf"({_M})(?: ({_YEAR}))?", text)
    month = month_number(found.group(1)) if found else None
    if not found or not month:
        return None
    year = int(found.group(2)) if found.group(2) else today.year + (month < today.month)
    return month_of(year, month)


def _part_of(whole: Period, part: str) -> Period:
    assert whole.first and whole.last
    length = (whole.last - whole.first).days + 1
    if part in {"fin", "end of"}:
        return Period(whole.last - dt.timedelta(max(length // 3 - 1, 0)), whole.last)
    if part in {"mi", "mid"}:
        middle = whole.first + dt.timedelta(length // 2)
        return Period(middle, middle)
    return Period(whole.first, whole.first + dt.timedelta(max(length // 3 - 1, 0)))


def month_of(year: int, month: int) -> Period:
    """Return the days of a month."""
    return Period(dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1]))


def _week(day: dt.date) -> Period:
    monday = day - dt.timedelta(day.weekday())
    return Period(monday, monday + dt.timedelta(6))


def _next_month(today: dt.date) -> Period:
    return month_of(today.year + today.month // 12, today.month % 12 + 1)


def _between(match: re.Match[str], today: dt.date) -> Period | None:
    last = _point(match["last"], today)
    year = f" {last.last.year}" if last and last.last and not re.search(_YEAR, match["first"]) else ""
    first = _point(match["first"] + year, today)
    if not first or not last or not first.first or not last.last:
        return None
    begin = first.first if first.first <= last.last else first.first.replace(year=first.first.year - 1, day=min(first.first.day, 28))
    return Period(begin, last.last)


def _before(match: re.Match[str], today: dt.date) -> Period | None:
    """``avant mars`` ends the day before; ``d'ici``, ``jusqu'à`` and ``avant fin mars`` end with it. What has passed is left out."""
    point = _point(match["point"], today)
    if not point or not point.first or not point.last:
        return None
    whole = match["word"].startswith(("d'ici", "jusqu", "until", "by", "au plus tard")) or re.search(r"\b(?:fin|end)\b", match["point"])
    last = point.last if whole else point.first - dt.timedelta(1)
    return Period(today if last >= today else None, last)


def _after(match: re.Match[str], today: dt.date) -> Period | None:
    point = _point(match["point"], today)
    if not point or not point.first or not point.last:
        return None
    inclusive = not match["word"].startswith(("apres", "after", "plus tard", "later"))
    return Period(point.first if inclusive else point.last + dt.timedelta(1), None)


def _within(match: re.Match[str], today: dt.date) -> Period:
    number, unit = match["n"] or match["n2"] or "un", match["u"] or match["u2"] or match["u3"]
    if unit[0] == "m":
        return Period(today, _months_later(today, _COUNTS.get(number) or int(number)))
    days = (_COUNTS.get(number) or int(number)) * {"j": 1, "d": 1, "s": 7, "w": 7}[unit[0]]
    return Period(today, today + dt.timedelta(days))


def _months_later(day: dt.date, months: int) -> dt.date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _ago(match: re.Match[str], today: dt.date) -> Period:
    count = _COUNTS.get(match["n"] or "un") or int(match["n"])
    days = count * {"j": 1, "d": 1, "s": 7, "w": 7, "m": 30}[match["u"][0]]
    return Period(today - dt.timedelta(days), today)


def _plain(match: re.Match[str], today: dt.date) -> Period | None:
    return _point(match["point"], today)


def _either(match: re.Match[str], today: dt.date) -> Period:
    """Return the years from the first to the last of two that follow each other (``en 2022 ou en 2023``)."""
    one, two = sorted((int(match["one"]), int(match["two"])))
    return Period(dt.date(one, 1, 1), dt.date(two, 12, 31))


_RANKS = {
    "premier": 1,
    "1er": 1,
    "first": 1,
    "second": 2,
    "deuxieme": 2,
    "2e": 2,
    "troisieme": 3,
    "3e": 3,
    "third": 3,
    "quatrieme": 4,
    "4e": 4,
    "fourth": 4,
}


def _share(match: re.Match[str], today: dt.date) -> Period | None:
    """Return the half or the quarter of a year."""
    parts = 2 if match["part"] in {"semestre", "half"} else 4
    rank = _RANKS.get(match["rank"], parts)
    if rank > parts:
        return None
    year = int(match["year"]) if match["year"] else today.year
    months = 12 // parts
    last = month_of(year, rank * months)
    return Period(dt.date(year, (rank - 1) * months + 1, 1), last.last)


_Reader = Callable[[re.Match[str], dt.date], Period | None]


def _forms() -> Iterator[tuple[re.Pattern[str], _Reader]]:
    def form(pattern: str, read: _Reader) -> tuple[re.Pattern[str], _Reader]:
        return re.compile(pattern), read

    yield form(
        rf"\b(?P<rank>premier|1er|second|deuxieme|2e|troisieme|3e|quatrieme|4e|dernier|first|second|third|fourth|last)\s+"
        rf"(?P<part>semestre|trimestre|half|quarter)(?: (?:de |of )?(?:l'annee )?(?P<year>{_YEAR}))?",
        _share,
    )
    yield form(
        rf"\b(?:entre|between|du|de|from) (?:le )?(?P<first>{_POINT}) (?:et|and|au|a|to|until) (?:le )?(?P<last>{_POINT})(?!\w)", _between
    )
    yield form(rf"\b(?:en|in) (?P<one>{_YEAR}) (?:ou|et|or|and) (?:en |in )?(?P<two>{_YEAR})\b", _either)
    yield form(
        rf"\b(?P<word>avant|before|d'ici(?: a)?|jusqu'(?:au|en|a)|until|by|au plus tard(?: le| en)?)(?: le| la| the)? (?P<point>{_POINT})(?!\w)",
        _before,
    )
    yield form(
        rf"\b(?P<word>apres|after|a partir d[eu']|depuis|since|des|plus tard que|later than)(?: le| la| the)? ?(?P<point>{_POINT})(?!\w)",
        _after,
    )
    yield form(
        r"\b(?:(?:dans (?:les |le )?|sous |d'ici |within (?:the |a )?|in (?:the )?next |the next |next )(?P<n>\d{1,3}|un|deux|trois|quatre|six|quinze|trente|two|three|four)? ?(?:prochaine?s? )?(?P<u>jours|mois|semaines|days|weeks|months)\b|les (?P<n2>\d{1,3}|deux|trois|quatre|six|quinze|trente)? ?(?:prochaine?s? (?P<u2>jours|mois|semaines)|(?P<u3>jours|mois|semaines) (?:qui viennent|a venir|prochaine?s?)))(?: (?:qui viennent|a venir|prochaine?s?))?",
        _within,
    )
    yield form(
        r"\b(?:ces |depuis |les |over the |in the )?(?:last |past )?(?P<n>\d{1,3}|deux|trois|quinze|trente|two|three)? ?(?P<u>jours|semaines|mois|days|weeks|months) (?:derniere?s?|passee?s?|ecoulee?s?)\b",
        _ago,
    )
    yield form(r"\b(?:ce mois(?:-ci| ci)?|dans le mois|this month|le mois en cours)\b", lambda _, today: month_of(today.year, today.month))
    yield form(r"\b(?:cette semaine|this week)\b", lambda _, today: _week(today))
    yield form(r"\b(?:(?:la )?semaine prochaine|next week)\b", lambda _, today: _week(today + dt.timedelta(7)))
    yield form(r"\b(?:(?:le )?mois prochain|next month)\b", lambda _, today: _next_month(today))
    yield form(r"\b(?:cette annee|this year)\b", lambda _, today: Period(dt.date(today.year, 1, 1), dt.date(today.year, 12, 31)))
    yield form(
        r"\b(?:l'annee prochaine|l'an prochain|next year)\b",
        lambda _, today: Period(dt.date(today.year + 1, 1, 1), dt.date(today.year + 1, 12, 31)),
    )
    yield form(
        r"\b(?:l'annee derniere|l'an dernier|last year)\b",
        lambda _, today: Period(dt.date(today.year - 1, 1, 1), dt.date(today.year - 1, 12, 31)),
    )
    yield form(
        rf"(?:\b(?:en|in|le|on|au|du|de|d'|of|mi-|courant|pour|during|annee) ?|\b(?!{_YEAR}))(?<!-)(?P<point>{_POINT})(?![\w-])", _plain
    )


_FORMS = tuple(_forms())
