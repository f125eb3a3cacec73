"""Checks each statement of an answer against the passages it cites, whoever wrote it.

A statement stands when the passages it cites exist, hold its figures, names and acronyms, and speak of the same thing. A
quote stands when it is in its document, to the character.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant import reading
from assistant.asking import names
from assistant.lexical import analyse
from assistant.schema import Citation, Document, Passage
from assistant.text import is_item, sentences, words

MIN_SUPPORT = 0.35
"""Share of a statement's words that the cited passages must hold, or come near in meaning."""
_MARK = re.compile(r"\[(\d{1,2}(?:\s*[,;]\s*\d{1,2})*)\]")
_NEAR = 0.55
"""Cosine from which a sentence in another language counts as saying the same thing."""


@dataclass(frozen=True, slots=True)
class Grounded:
    """The part of an answer that stands, its citations, and the statements that fell."""

    text: str
    citations: tuple[Citation, ...]
    removed: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether enough is left to be an answer."""
        return bool(self.citations) and len(self.removed) <= max(1, len(self.citations))


def ground(text: str, passages: Sequence[Passage]) -> Grounded:
    """Return the statements of an answer that the cited passages support, with an exact quote for each."""
    by_number = {passage.number: passage for passage in passages}
    kept: list[str] = []
    citations: list[Citation] = []
    removed: list[str] = []
    for statement in _statements(text):
        cited = [by_number[n] for n in cited_numbers(statement) if n in by_number]
        plain = _MARK.sub("", statement).strip()
        if not any(c.isalnum() for c in plain):
            continue
        if plain.endswith(":") and not cited:
            kept.append(plain)
        elif cited and len(cited) == len(cited_numbers(statement)) and _supported(plain, cited):
            kept.append(statement)
            citations += [_best_quote(plain, passage) for passage in cited]
        else:
            removed.append(plain)
    separator = "\n" if any(is_item(line) for line in kept) else " "
    return Grounded(separator.join(kept) if citations else "", tuple(dict.fromkeys(citations)), tuple(removed))


def cited_numbers(text: str) -> list[int]:
    """Return the passage numbers cited in a text, in order, each once.

    >>> cited_numbers("Deux ans [2], puis trois [1, 2].")
    [2, 1]
    """
    found = [int(n) for group in _MARK.findall(text) for n in re.split(r"\s*[,;]\s*", group)]
    return list(dict.fromkeys(found))


def is_exact(citation: Citation, document: Document) -> bool:
    """Tell whether a citation's quote stands in the document where it says, to the character."""
    return bool(citation.quote) and document.text[citation.start : citation.end] == citation.quote


def _statements(text: str) -> list[str]:
    """Return the sentences of an answer, a mark that follows the full stop kept with its sentence."""
    text = re.sub(r"([.!?])\s*((?:\[\d[\d,; ]*\]\s*)+)", r" \2\1 ", text)
    return [text[a:b].strip() for a, b in sentences(text)]


def _supported(statement: str, cited: Sequence[Passage]) -> bool:
    source = " ".join(f"{p.title} {' '.join(p.chunk.heading)} {p.chunk.text} {p.published or ''}" for p in cited)
    present = set(words(source))
    if any(number not in present for number in words(statement) if number.isdigit()):
        return False
    if any(name not in present and not _near_name(name, present) for name in names(f"x {statement}")):
        return False
    terms = analyse(statement)
    known = set(analyse(source))
    share = sum(term in known for term in terms) / len(terms) if terms else 0.0
    return share >= MIN_SUPPORT or _likeness(statement, cited) >= _NEAR


def _near_name(name: str, present: set[str]) -> bool:
    return len(name) >= 5 and any(word[:4] == name[:4] for word in present)


def _likeness(statement: str, cited: Sequence[Passage]) -> float:
    texts = [p.chunk.text[a:b] for p in cited for a, b in sentences(p.chunk.text)]
    return float(reading.likeness(statement, texts).max()) if texts else 0.0


def _best_quote(statement: str, passage: Passage) -> Citation:
    """Return the sentence of a passage that is nearest to a statement, as an exact quote."""
    text = passage.chunk.text
    spans = sentences(text) or [(0, len(text))]
    wanted = set(analyse(statement)) | {w for w in words(statement) if w.isdigit()}
    near = reading.likeness(statement, [text[a:b] for a, b in spans])

    def merit(position: int) -> float:
        a, b = spans[position]
        have = set(analyse(text[a:b])) | set(words(text[a:b]))
        return len(wanted & have) / max(len(wanted), 1) + float(near[position])

    start, end = spans[max(range(len(spans)), key=merit)]
    chunk = passage.chunk
    return Citation(
        passage.number, chunk.document, passage.title, chunk.page, text[start:end], chunk.start + start, chunk.start + end, passage.also
    )
