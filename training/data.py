"""Reads the training data and sets a validation split aside.

Knows the files under the data folder given with ``--data``; does not know what is trained from them.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import random
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HELD_OUT_SOURCES = {"mesconseilscovid"}
"""Questions and answers kept whole for validation."""

SHARE_ALIKE = {"onisep_metiers", "ntrex128", "unesco_thesaurus"}
"""Sources under share-alike licences, left out so that the model carries none of their terms."""

VALIDATION_SHARE = 0.01
"""Share of rows set aside; drawn by a hash of the passage, so that no passage stands on both sides."""

TATOEBA_ROWS = 90_000
"""Everyday sentences kept: all of them would be three fifths of the general pairs."""

LEGAL_ROWS = {
    "section_to_section": 35_000,
    "note_to_note": 15_000,
    "definition_to_definition": 12_000,
    "heading_to_heading": 10_000,
    "term_to_term": 6_000,
    "title_to_title": 3_000,
}
"""English-French legal pairs of the same meaning, drawn for the teacher, by kind."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A query and a passage that answers it, or one text in two languages."""

    query: str
    passage: str
    source: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A question with the paragraph of an article that answers it."""

    question: str
    article: str
    paragraph: int
    context: str
    start: int
    """Where the marked answer begins in the context."""


def is_validation(text: str) -> bool:
    """Tell whether a passage belongs to the validation split."""
    return is_held_out(text, VALIDATION_SHARE)


def is_held_out(text: str, share: float) -> bool:
    """Tell whether a text is of a share drawn by a hash of it (stable across runs and machines)."""
    digest = hashlib.blake2b(text.encode("utf-8"), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64 < share


def training_only(pairs: Iterable[Pair], held_out_queries: Collection[str]) -> list[Pair]:
    """Return the pairs of which neither the passage nor the query is held out, in either language."""
    return [
        p
        for p in pairs
        if p.source not in HELD_OUT_SOURCES
        and not is_validation(p.passage)
        and p.query not in held_out_queries
        and p.passage not in held_out_queries
    ]


def held_out_queries(folder: Path) -> set[str]:
    """Return the queries of the validation split: a marginal note held out with its section is not learned elsewhere."""
    pairs = [*french_pairs(folder), *(p for p in english_pairs(folder) if p.source == "note_to_section")]
    return {p.query for p in pairs if is_validation(p.passage)}


def reading(folder: Path) -> Iterator[Reading]:
    """Questions with the paragraph that answers each."""
    for row in rows(folder / "reading_fr.jsonl.gz"):
        yield Reading(row["question"], row["article"], int(row["paragraph"]), row["context"], int(row["answer_start"]))


def french_pairs(folder: Path) -> Iterator[Pair]:
    """Heading, question or job title -> French passage."""
    for row in rows(folder / "pairs_fr.jsonl.gz"):
        if row["source"] not in SHARE_ALIKE:
            yield Pair(row["query"], row["passage"], row["source"])


def english_pairs(folder: Path) -> Iterator[Pair]:
    """English heading, note, definition or section -> French text of the same law."""
    for row in rows(folder / "pairs_en_fr.jsonl.gz"):
        yield Pair(row["query"], row["passage"], row["kind"])


def general_pairs(folder: Path) -> Iterator[Pair]:
    """English text -> French text of the same meaning, outside the law."""
    for row in rows(folder / "pairs_en_fr_general.jsonl.gz"):
        if row["source"] not in SHARE_ALIKE:
            yield Pair(row["en"], row["fr"], row["source"])


def french_texts(folder: Path) -> Iterator[str]:
    """French articles of law, for pairs of a sentence and the rest of its passage."""
    for row in rows(folder / "texts_fr.jsonl.gz"):
        yield row["text"]


def parallel_pairs(folder: Path, rng: random.Random) -> list[Pair]:
    """Draw the English-French pairs whose English side the teacher reads."""
    away = held_out_queries(folder)
    by_kind: dict[str, list[Pair]] = {kind: [] for kind in LEGAL_ROWS}
    for pair in english_pairs(folder):
        if pair.source in by_kind and not is_validation(pair.passage):
            by_kind[pair.source].append(pair)
    general = [p for p in general_pairs(folder) if not is_validation(p.passage)]
    everyday = [p for p in general if p.source == "tatoeba"]
    drawn = [p for p in general if p.source != "tatoeba"]
    drawn += rng.sample(everyday, min(TATOEBA_ROWS, len(everyday)))
    for kind, pairs in by_kind.items():
        drawn += rng.sample(pairs, min(LEGAL_ROWS[kind], len(pairs)))
    rng.shuffle(drawn)
    return training_only(drawn, away)


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the lines of a JSON Lines file, compressed or not."""
    opened = gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8")
    with opened as lines:
        for line in lines:
            yield json.loads(line)
