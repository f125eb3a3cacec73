"""What one may ask next: other sections of the document just quoted, narrower lists of the missions just named.

Every suggestion is drawn from what the index holds, so that it has an answer.
"""

from __future__ import annotations

from collections.abc import Iterator

from assistant.schema import Answer, Facet, MissionEntry, Outcome, Query, Suggestion
from assistant.store import Generation
from assistant.text import fold

_MOST = 3
_SEVERAL = 2


def after(generation: Generation, query: Query, answer: Answer) -> tuple[Suggestion, ...]:
    """Return up to three questions that carry on from an answer."""
    if answer.outcome is Outcome.LISTING:
        return tuple(_narrower(query, answer.missions))[:_MOST]
    if answer.outcome is Outcome.ANSWERED and answer.citations:
        return tuple(_other_sections(generation, answer))[:_MOST]
    return ()


def _narrower(query: Query, entries: tuple[MissionEntry, ...]) -> Iterator[Suggestion]:
    words = _WORDS[query.language]
    still_open = [entry for entry in entries if entry.open]
    if still_open and len(still_open) < len(entries) and not query.filters.of(Facet.STATE):
        yield Suggestion(words["open"], words["open"])
    if len(still_open) >= _SEVERAL and query.filters.order is None:
        yield Suggestion(words["next"], words["next"])
    contracts = sorted({entry.mission.contract for entry in entries if entry.mission.contract in _CONTRACTS})
    if len(contracts) >= _SEVERAL and not query.filters.of(Facet.CONTRACT):
        yield from (Suggestion(words["contract"].format(one), words["contract"].format(one)) for one in contracts)


def _other_sections(generation: Generation, answer: Answer) -> Iterator[Suggestion]:
    """Yield the sections of the first document quoted that the answer does not quote, those after its quote first."""
    first = answer.citations[0]
    quoted = {p.chunk.heading for p in answer.passages if any(c.number == p.number for c in answer.citations)}
    chunks = generation.chunks_of(first.document)
    told: set[str] = set()
    for chunk in [c for c in chunks if c.start > first.start] + [c for c in chunks if c.start <= first.start]:
        heading = chunk.heading[-1] if len(chunk.heading) > 1 else ""
        if heading and chunk.heading not in quoted and fold(heading) not in told | _OF_NO_USE:
            told.add(fold(heading))
            yield Suggestion(heading, heading if _stands_alone(heading) else f"{heading} — {first.title}")


def _stands_alone(heading: str) -> bool:
    """Tell whether a heading says enough without its document's title."""
    return len(heading.split()) >= 5


_OF_NO_USE = {"source", "sources", "references"}
_CONTRACTS = {"CDD", "CDI", "CDDU"}
_WORDS = {
    "fr": {"open": "Lesquelles sont ouvertes ?", "next": "Quelle est la prochaine à clôturer ?", "contract": "Lesquelles en {} ?"},
    "en": {"open": "Which ones are open?", "next": "Which one closes next?", "contract": "Which ones are {}?"},
}
