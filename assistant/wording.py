"""The words of a question about missions while they are read: who reads some takes them, and a negation before them counts.

Knows no reader; what the sheets of a registry hold is asked of ``Known``.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field, replace
from typing import Protocol

from assistant.schema import Condition, Facet
from assistant.text import Span


class Known(Protocol):
    """What the sheets of a registry hold, for the words that no list has."""

    def cities(self) -> frozenset[str]:
        """Return the cities of the missions, as ``registry.city_key`` writes them."""
        ...

    def labels(self) -> frozenset[str]:
        """Return the labels of domains that sheets bear, as ``registry.label_key`` writes them."""
        ...

    def sponsors(self) -> frozenset[str]:
        """Return the funders of the missions that no list has, as ``registry.funders`` writes them."""
        ...

    def named(self, reference: str) -> frozenset[str]:
        """Return the documents of the missions of a reference."""
        ...

    def holds(self, words: str, *, head: bool = False) -> bool:
        """Tell whether a sheet holds some words; in its title, domains or theme where the head is asked."""
        ...


class Nothing:
    """A registry of no sheets."""

    def cities(self) -> frozenset[str]:
        """Return no city."""
        return frozenset()

    def labels(self) -> frozenset[str]:
        """Return no label."""
        return frozenset()

    def sponsors(self) -> frozenset[str]:
        """Return no funder."""
        return frozenset()

    def named(self, reference: str) -> frozenset[str]:
        """Return no document."""
        return frozenset()

    def holds(self, words: str, *, head: bool = False) -> bool:
        """Tell that no sheet holds any word."""
        return False


@dataclass(slots=True)
class Wording:
    """A folded question, of which words are blanked as they are understood."""

    text: str
    today: dt.date
    known: Known
    whole: str = ""
    conditions: list[Condition] = field(default_factory=list)
    topics: list[Span] = field(default_factory=list)
    _last: dict[Facet, tuple[int, bool]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.whole = self.text

    def take(self, span: Span) -> None:
        """Blank some words."""
        self.text = self.text[: span[0]] + "\x00" * (span[1] - span[0]) + self.text[span[1] :]

    def add(self, condition: Condition, span: Span) -> None:
        """Add a condition read from some words, negated where they are, and blank them."""
        negated = self._negated(condition.facet, span)
        self._last[condition.facet] = (span[1], negated)
        self.conditions.append(replace(condition, negated=negated))
        self.take(span)

    def _negated(self, facet: Facet, span: Span) -> bool:
        """Tell whether words are denied: a negation stands before them, or before those of the same kind they are joined to."""
        if NEGATION.search(self.whole[: span[0]]) or _EXCLUDED.match(self.whole[span[1] :]):
            return True
        last = self._last.get(facet)
        return bool(last and last[1] and _JOINED.fullmatch(self.whole[last[0] : span[0]]))


NEGATION = re.compile(
    r"(?:\bhors\b|\bsauf\b|\bexcepte\w*|\ba part\b|\ba l'exception d\w+|\ben dehors d\w+|\bpas\b|\bsans\b|\bni\b|\bnot\b|\bexcept\b|\bexcluding\b|\boutside(?: of)?\b|"
    r"\bailleurs qu\w*|\ben laissant de cote\b|\bleaving (?:out|aside)\b|\bapart from\b|\bother than\b|\bwithout\b|\bautres? que\b|\bno\b|\bn't\b|\bnon\b)[\s,'-]*"
    r"(?:(?:ceux|celles?|les|des|de|d|l|la|le|du|en|au|aux|a|in|the|any|an|those|sont|un|une|postes?|missions?|offres?|dans|located|based|situee?s?|basee?s?|contrats?|statut|encore|encor|deja|parler|speaking|demand\w+|requir\w+|exig\w+|que|for|pour|financee?s?|par|funded|by)[\s']+)*$"
)
_EXCLUDED = re.compile(r"\s*(?:exclue?s?|excepte\w*|mise?s? a part|excluded|not included)\b")
_JOINED = re.compile(
    r"[\s\x00]*(?:,|ou|et|ni|or|and|nor)[\s\x00]*(?:(?:en|au|aux|in|les|des|de|du|d'|l'|la|le|the|celles?|ceux|not|pas|hors)[\s\x00]*)*"
)
