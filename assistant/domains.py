"""Domains of expertise, named in French or English words: the labels of sheets and the everyday words of people.

Knows ``data/domains.toml`` only.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from assistant.text import Span, fold

_DOMAINS = Path(__file__).parent / "data" / "domains.toml"


@dataclass(frozen=True, slots=True)
class Domain:
    """A domain of expertise and the words for it, as patterns over folded text; topics are narrower than the domain."""

    key: str
    fr: str
    en: str
    words: tuple[str, ...]
    topics: tuple[str, ...]


def domains_in(text: str) -> frozenset[str]:
    """Return the keys of the domains whose words a text holds.

    >>> sorted(domains_in("un poste de prof dans les systèmes de santé"))
    ['education', 'sante']
    """
    return frozenset(key for key, _ in find_domains(fold(text)))


def find_domains(folded: str) -> list[tuple[str, Span]]:
    """Return the keys of the domains whose words or topics a folded text holds, with the spans of these words, in order."""
    return sorted([*find_named(folded), *find_topics(folded)], key=lambda one: one[1])


def find_named(folded: str) -> list[tuple[str, Span]]:
    """Return the domains that a folded text names as a whole, with the spans of the names."""
    return _find(folded, "words")


def find_topics(folded: str) -> list[tuple[str, Span]]:
    """Return the domains to which the narrower topics of a folded text belong, with the spans of the topics."""
    return _find(folded, "topics")


_REMEMBERED = 4_096
"""Phrases whose synonyms are remembered: the labels of sheets come back with each question."""


@cache
def domains() -> dict[str, Domain]:
    """Return the domains by key."""
    read = tomllib.loads(_DOMAINS.read_text(encoding="utf-8"))
    return {
        key: Domain(key, d["fr"], d["en"], _forms(d["words"], d.get("whole", ())), _forms(_names(d.get("topics", ()))))
        for key, d in read.items()
    }


@lru_cache(_REMEMBERED)
def synonyms(phrase: str) -> tuple[str, ...]:
    """Return the names of the topic that a folded phrase opens with, in both languages; the phrase alone where it is no topic.

    >>> synonyms("hiv")
    ('vih', 'sida', 'hiv', 'aids')
    """
    return next((names for names in _topics() if any(re.fullmatch(_form(name), phrase) for name in names)), (phrase,))


@cache
def _topics() -> tuple[tuple[str, ...], ...]:
    read = tomllib.loads(_DOMAINS.read_text(encoding="utf-8"))
    return tuple(tuple(topic.split("|")) for d in read.values() for topic in d.get("topics", ()))


def _names(topics: Iterable[str]) -> list[str]:
    return [name for topic in topics for name in topic.split("|")]


_SHORT = 4
"""Letters up to which a word stands alone: as the start of a longer one it would say something else."""


def _forms(opening: Iterable[str], whole: Sequence[str] = ()) -> tuple[str, ...]:
    return tuple(
        rf"\b{re.escape(name)}s?\b" if name in whole else _form(name) for name in sorted([*opening, *whole], key=len, reverse=True)
    )


def _form(name: str) -> str:
    return rf"\b{re.escape(name)}" + (r"s?\b" if len(name) <= _SHORT else r"\w*")


def _find(folded: str, kind: str) -> list[tuple[str, Span]]:
    return [(key, match.span()) for key in domains() if (pattern := _pattern(key, kind)) for match in pattern.finditer(folded)]


@cache
def _pattern(key: str, kind: str) -> re.Pattern[str] | None:
    forms: tuple[str, ...] = getattr(domains()[key], kind)
    return re.compile("|".join(forms)) if forms else None
