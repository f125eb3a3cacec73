"""Dates and durations written by people, French and English.

Never guesses: what could be read two ways is read the way the field's sheets write it (day first), what cannot is None.
"""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

from assistant.text import fold

PARIS = ZoneInfo("Europe/Paris")
"""Zone of every deadline on the postings site."""

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "janvier january jan janv", "fevrier february feb fevr fev", "mars march mar", "avril april apr avr", "mai may", "juin june jun",
            "juillet july jul juil", "aout august aug", "septembre september sep sept", "octobre october oct", "novembre november nov", "decembre december dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_FORMS = (
    re.compile(r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?!\d)"),
    re.compile(r"(?<!\d)(?P<d>\d{1,2})[-/.](?P<m>\d{1,2})[-/.](?P<y>\d{4})(?!\d)"),
    re.compile(rf"(?<!\d)(?P<d>\d{{1,2}})(?:er|st|nd|rd|th)? +(?:of +)?(?P<month>{_MONTH})\.? +(?P<y>\d{{4}})"),
    re.compile(rf"(?P<month>{_MONTH})\.? +(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,? +(?P<y>\d{{4}})"),
)
_TIME = re.compile(r"^[\s,àa@T-]*(?P<h>[01]?\d|2[0-4])\s*(?:(?:heures?|[:hH])\s*(?P<min>[0-5]\d)?)(?::[0-5]\d)?(?!\d)")
_END_OF_DAY = dt.time(23, 59, 59)


def parse_date(text: str) -> dt.date | None:
    """Return the first full date of a text, None where there is none that exists.

    >>> parse_date("2025/11/30 23:59"), parse_date("le 1er mars 2026"), parse_date("31/02/2026")
    (datetime.date(2025, 11, 30), datetime.date(2026, 3, 1), None)
    """
    found = _find(text)
    return found[0] if found else None


def iso_date(text: str) -> dt.date | None:
    """Return the ISO date a text starts with, a time after it passed over; None where there is none.

    >>> iso_date("2024-08-30T10:00"), iso_date("30/08/2024")
    (datetime.date(2024, 8, 30), None)
    """
    try:
        return dt.date.fromisoformat(text[:10])
    except ValueError:
        return None


def parse_deadline(text: str) -> dt.datetime | None:
    """Return the last instant of a deadline, Europe/Paris; without a time it is the end of its day.

    >>> parse_deadline("08/06/2025 00:00").isoformat()
    '2025-06-08T00:00:00+02:00'
    >>> parse_deadline("15 janvier 2027").isoformat()
    '2027-01-15T23:59:59+01:00'
    """
    found = _find(text)
    if not found:
        return None
    day, end = found
    time = _TIME.match(fold(text)[end:])
    if not time:
        return dt.datetime.combine(day, _END_OF_DAY, PARIS)
    hour, minute = int(time["h"]), int(time["min"] or 0)
    if hour == 24:
        return dt.datetime.combine(day, dt.time(), PARIS) + dt.timedelta(days=1) if minute == 0 else None
    return dt.datetime.combine(day, dt.time(hour, minute), PARIS)


_MONTH_YEAR = re.compile(rf"\b(?:(?P<month>{_MONTH})\.? +)?(?P<y>(?:19|20)\d\d)\b|\b(?P<m>\d{{1,2}})/(?P<y2>(?:19|20)\d\d)\b")


def month_named(text: str) -> tuple[int, int | None] | None:
    """Return the year and month that a text names, the month None where it names a year alone; None where it names neither.

    >>> month_named("juin 2027"), month_named("en 2028"), month_named("bientôt")
    ((2027, 6), (2028, None), None)
    """
    for found in _MONTH_YEAR.finditer(fold(text)):
        month = _MONTHS[found["month"]] if found["month"] else int(found["m"]) if found["m"] else None
        if month is None or 1 <= month <= 12:
            return int(found["y"] or found["y2"]), month
    return None


def month_number(name: str) -> int | None:
    """Return the number of a month by its folded name or abbreviation, French or English."""
    return _MONTHS.get(name)


MONTH_NAMES = _MONTH
"""The names of the months as alternatives of a pattern, folded, longest first."""


def french_date(day: dt.date) -> str:
    """Return a date as a French reader writes it.

    >>> french_date(dt.date(2027, 3, 1))
    '1er mars 2027'
    """
    names = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
    return f"{'1er' if day.day == 1 else day.day} {names[day.month - 1]} {day.year}"


def english_date(day: dt.date) -> str:
    """Return a date as an English reader writes it.

    >>> english_date(dt.date(2027, 3, 1))
    '1 March 2027'
    """
    names = "January February March April May June July August September October November December".split()
    return f"{day.day} {names[day.month - 1]} {day.year}"


def _find(text: str) -> tuple[dt.date, int] | None:
    """Return the first full date of a text and where it ends in the folded text."""
    folded = fold(text)
    matches = sorted((m for form in _FORMS if (m := form.search(folded))), key=lambda m: m.start())
    for match in matches:
        parts = match.groupdict()
        month = _MONTHS[parts["month"]] if parts.get("month") else int(parts["m"])
        try:
            return dt.date(int(parts["y"]), month, int(parts["d"])), match.end()
        except ValueError:
            continue
    return None
