"""What a reader takes away: missions as CSV, their deadlines as a calendar, a conversation as Markdown."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Sequence
from typing import TypedDict

from assistant.schema import MissionEntry
from assistant.ui.missions import countries
from assistant.ui.words import WORDS

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""Starts of cells that a spreadsheet would compute."""


class Told(TypedDict):
    """A turn of a conversation as exported."""

    question: str
    answer: str
    sources: list[str]


def missions_csv(entries: Iterable[MissionEntry], language: str) -> str:
    """Return missions as CSV, for a spreadsheet."""
    words = WORDS[language]
    names = words.fields
    head = ("reference", "organisation", "countries", "city", "contract", "status", "duration", "deadline")
    rows = []
    for entry in entries:
        mission = entry.mission
        deadline = mission.deadline.strftime("%Y-%m-%d %H:%M") if mission.deadline else ""
        state = {True: words.open, False: words.closed, None: words.unknown}[entry.open]
        row = (
            mission.title, mission.reference, mission.organisation, countries(mission, language), mission.city, mission.contract, mission.status,
            mission.duration, deadline, state, words.sample if mission.sample else "", mission.url,
        )  # fmt: skip
        rows.append([value or "" for value in row])
    return csv_text([words.columns[0], *(names[one] for one in head), words.columns[-1], words.sample, "URL"], rows)


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return rows as CSV with a header, as French spreadsheets expect it: a byte-order mark, semicolons, cells they do not compute."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_inert(cell) for cell in row] for row in rows)
    return "\ufeff" + out.getvalue()


def deadlines_ics(entries: Iterable[MissionEntry], language: str, now: dt.datetime) -> str:
    """Return the deadlines of missions as an iCalendar file (RFC 5545); those of unknown deadline are left out."""
    words = WORDS[language]
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//assistant//missions//FR", "CALSCALE:GREGORIAN"]
    for entry in entries:
        mission = entry.mission
        if mission.deadline is None:
            continue
        ends = mission.deadline.astimezone(dt.UTC)
        sample = f" ({words.sample})" if mission.sample else ""
        lines += [
            "BEGIN:VEVENT",
            f"UID:{_ics(mission.document)}@assistant",
            f"DTSTAMP:{now.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}",
            f"DTSTART:{ends:%Y%m%dT%H%M%SZ}",
            f"SUMMARY:{_ics(f'{words.columns[4]} : {mission.title}{sample}')}",
            f"DESCRIPTION:{_ics(' · '.join(part for part in (mission.reference, countries(mission, language)) if part))}",
            *([f"URL:{mission.url}"] if mission.url and mission.url.isprintable() else []),
            "END:VEVENT",
        ]
    return "\r\n".join(folded for line in [*lines, "END:VCALENDAR"] for folded in _fold(line)) + "\r\n"


def conversation_markdown(turns: Sequence[Told], language: str, now: dt.datetime) -> str:
    """Return a conversation as Markdown, each answer with its sources."""
    words = WORDS[language]
    parts = [f"# {words.title}", f"{now:%Y-%m-%d %H:%M}"]
    for turn in turns:
        parts += [f"## {words.exported_question} : {turn['question']}", turn["answer"]]
        if turn["sources"]:
            parts.append(f"{words.sources} :\n\n" + "\n".join(f"- {one}" for one in turn["sources"]))
    return "\n\n".join(parts) + "\n"


def _inert(value: str) -> str:
    """Return a cell that a spreadsheet shows and does not compute."""
    return f"'{value}" if value.startswith(_FORMULA) else value


def _ics(text: str) -> str:
    for mark in "\\;,":
        text = text.replace(mark, f"\\{mark}")
    return " ".join(text.split())


def _fold(line: str) -> Iterable[str]:
    """Yield a line in pieces of at most 75 bytes, as the format wants, never within a character."""
    piece = ""
    for character in line:
        if len((piece + character).encode("utf-8")) > 74:
            yield piece
            piece = " "
        piece += character
    yield piece
