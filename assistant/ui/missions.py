"""Lists of missions as HTML: a table that sorts, read as cards on a phone; each state in words, never by colour alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from assistant.dates import english_date, french_date
from assistant.places import country_name
from assistant.schema import Mission, MissionEntry
from assistant.ui.markup import button, escape
from assistant.ui.words import WORDS, Words

SHOWN = 60
"""Rows of a list shown in the page."""
SAVED = 2_000
"""Missions of a list that its downloads hold, at most."""
_SOON = 30
"""Days before its deadline from which a mission's days left are told."""


def table(entries: Sequence[MissionEntry], language: str, today: dt.date, *, opens: bool = False) -> str:
    """Return missions as a table; with ``opens`` each title opens its sheet."""
    words = WORDS[language]
    heads = "".join(
        f'<th scope="col" aria-sort="none"><button type="button" class="sort" data-column="{number}" '
        f'aria-label="{escape(words.sort_by.format(name=name))}">{escape(name)}</button></th>'
        for number, name in enumerate(words.columns)
    )
    rows = "".join(_row(entry, words, today, opens=opens) for entry in entries[:SHOWN])
    more = f'<p class="more">{words.more_rows.format(count=len(entries) - SHOWN)}</p>' if len(entries) > SHOWN else ""
    return f'<div class="table-box" tabindex="0" role="group" aria-label="{escape(words.missions_title)}"><table class="missions"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>{more}'


def downloads(entries: Sequence[MissionEntry], language: str) -> str:
    """Return the buttons that save a list as a table or its deadlines as a calendar."""
    words = WORDS[language]
    named = [entry.mission.document for entry in entries[:SAVED]]
    return (
        '<div class="actions">'
        + button(words.download_csv, "save", {"kind": "csv", "missions": named}, css="small")
        + button(words.download_ics, "save", {"kind": "ics", "missions": named}, css="small")
        + "</div>"
    )


def day(value: dt.date, language: str) -> str:
    """Return a date in words."""
    return french_date(value) if language == "fr" else english_date(value)


def countries(mission: Mission, language: str) -> str:
    """Return the names of a mission's countries."""
    return ", ".join(country_name(code, language) for code in mission.countries) or mission.place or ""


def left(entry: MissionEntry, words: Words, today: dt.date) -> str:
    """Return how long one can still apply, empty where that is far, over or unknown."""
    deadline = entry.mission.deadline
    if not entry.open or deadline is None:
        return ""
    days = (deadline.date() - today).days
    if days > _SOON:
        return ""
    return words.last_day if days <= 0 else words.day_left if days == 1 else words.days_left.format(count=days)


def badge(entry: MissionEntry, words: Words) -> str:
    """Return the state of a mission, and whether it is a sample, as marks with words."""
    state = {True: "open", False: "closed", None: "unknown"}[entry.open]
    mark = f'<span class="badge {state}">{getattr(words, state)}</span>'
    return mark + (f' <span class="badge sample">{words.sample}</span>' if entry.mission.sample else "")


def _row(entry: MissionEntry, words: Words, today: dt.date, *, opens: bool) -> str:
    mission = entry.mission
    name = escape(mission.title)
    title = button(name, "sheet", {"mission": mission.document}, css="link") if opens else f"<b>{name}</b>"
    under = " · ".join(escape(part) for part in (mission.organisation, mission.reference) if part)
    when = day(mission.deadline.date(), words.language) if mission.deadline else words.no_deadline
    soon = left(entry, words, today)
    rank = {True: 0, None: 1, False: 2}[entry.open]
    cells = (
        (f"{title}<br><small>{under}</small>", mission.title),
        (escape(countries(mission, words.language) or words.no_value), countries(mission, words.language)),
        (escape(mission.contract or words.no_value), mission.contract or ""),
        (escape(mission.duration or words.no_value), f"{mission.months or 0:08.2f}"),
        (escape(when) + (f"<br><small>{soon}</small>" if soon else ""), mission.deadline.isoformat() if mission.deadline else "9999"),
        (badge(entry, words), str(rank)),
    )
    return (
        "<tr>"
        + "".join(
            f'<td data-label="{escape(label)}" data-sort="{escape(key)}">{cell}</td>'
            for label, (cell, key) in zip(words.columns, cells, strict=True)
        )
        + "</tr>"
    )
