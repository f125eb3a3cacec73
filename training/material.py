"""Reads the material written for this project: made-up administrative documents with questions, rewordings, everyday words.

Knows ``training/material/`` (its README says what each file holds); does not know what is trained from it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.expansion import EVERYDAY
from training.data import is_held_out, rows

FOLDER = Path(__file__).parent / "material"
_HELD_OUT = 0.1
"""Share of the reworded texts set aside for validation."""


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a made-up document, with the questions written about it that it answers."""

    title: str
    heading: str
    text: str
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question written about a section of a made-up document."""

    question: str
    style: str
    section: int
    """Place of the section in its document."""
    answers: tuple[str, ...] | None
    """The exact sentences that answer; None where the section does, without saying which."""


@dataclass(frozen=True, slots=True)
class Written:
    """A made-up document: its sections, what was asked about them, and what was asked that none of them answers."""

    title: str
    sections: tuple[tuple[str, str], ...]
    """Heading and text of each."""
    questions: tuple[Asked, ...]
    misses: tuple[str, ...]


def documents() -> Iterator[Written]:
    """Yield every made-up document, those whose questions have exact answers first."""
    for style, names in (("", ("sections.jsonl", "field.jsonl")), ("search", ("search.jsonl",)), ("faq", ("faq.jsonl",))):
        found: dict[str, list[dict[str, Any]]] = {}
        for name in names:
            for row in rows(FOLDER / name):
                found.setdefault(row["title"], []).append(row)
        for title, parts in found.items():
            asked = [_asked(one, place, style) for place, part in enumerate(parts) for one in part["questions"]]
            misses = [one for part in parts for one in part.get("misses", ())]
            yield Written(title, tuple((part["heading"], part["text"]) for part in parts), tuple(asked), tuple(misses))


def _asked(one: dict[str, Any] | str, section: int, style: str) -> Asked:
    if isinstance(one, str):
        return Asked(one, style, section, None)
    return Asked(one["q"], one["style"], section, tuple(one["answers"]))


def sections() -> Iterator[Section]:
    """Yield the sections, those of a document one after the other."""
    for row in rows(FOLDER / "sections.jsonl"):
        yield Section(row["title"], row["heading"], row["text"], tuple(one["q"] for one in row["questions"]))


def faq() -> Iterator[Section]:
    """Yield the entries of made-up pages of frequent questions, those of a page one after the other; a heading is the question as published."""
    for row in rows(FOLDER / "faq.jsonl"):
        yield Section(row["title"], row["heading"], row["text"], tuple(row["questions"]))


def rewordings() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield texts as documents write them, but those set aside, each with questions in other words that it answers."""
    for row in rows(FOLDER / "rewordings.jsonl"):
        if not is_held_out(row["text"], _HELD_OUT):
            yield row["text"], tuple(row["rewordings"])


def searched() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield sections of made-up documents under their headings, each with six questions that it answers."""
    for row in rows(FOLDER / "search.jsonl"):
        yield f"{row['heading']}\n{row['text']}", tuple(row["questions"])


def same_meaning() -> Iterator[tuple[str, str]]:
    """Yield pairs of words or short phrases: what people say, what documents write."""
    for row in rows(EVERYDAY):
        yield from ((say, find) for say in row["say"] for find in row["find"][:2])
    for row in rows(FOLDER / "synonyms.jsonl"):
        first, *others = row["group"]
        yield from ((first, other) for other in others)
