"""Reads the material written for this project: made-up administrative documents with questions, rewordings, everyday words.

Knows ``training/material/`` (its README says what each file holds); does not know what is trained from it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.expansion import EVERYDAY

FOLDER = Path(__file__).parent / "material"
HELD_OUT = 0.1
"""Share of the reworded texts set aside for validation."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about a section: its style, and the sentences that answer it, exact; none where nothing in the document does."""

    question: str
    style: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a made-up document, with the questions written about it."""

    title: str
    heading: str
    text: str
    questions: tuple[Asked, ...]


def sections() -> Iterator[Section]:
    """Yield the sections, those of a document one after the other."""
    for row in _rows(FOLDER / "sections.jsonl"):
        asked = [Asked(one["q"], one["style"], tuple(one["answers"])) for one in row["questions"]]
        missed = [Asked(question, "miss", ()) for question in row["misses"]]
        yield Section(row["title"], row["heading"], row["text"], (*asked, *missed))


def rewordings() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield texts as documents write them, each with questions in other words that it answers."""
    for row in _rows(FOLDER / "rewordings.jsonl"):
        yield row["text"], tuple(row["rewordings"])


def searched() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield sections of made-up documents under their headings, each with six questions that it answers."""
    for row in _rows(FOLDER / "search.jsonl"):
        yield f"{row['heading']}\n{row['text']}", tuple(row["questions"])


def same_meaning() -> Iterator[tuple[str, str]]:
    """Yield pairs of words or short phrases: what people say, what documents write."""
    for row in _rows(EVERYDAY):
        yield from ((say, find) for say in row["say"] for find in row["find"][:2])
    for row in _rows(FOLDER / "synonyms.jsonl"):
        first, *others = row["group"]
        yield from ((first, other) for other in others)


def is_held_out(text: str) -> bool:
    """Tell whether something is set aside, by a hash of its text (stable across runs and machines)."""
    digest = hashlib.blake2b(text.encode("utf-8"), digest_size=8).digest()
    return int.from_bytes(digest) / 2**64 < HELD_OUT


def _rows(path: Path) -> Iterator[dict[str, list]]:  # type: ignore[type-arg]
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)
