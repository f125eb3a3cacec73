"""Question -> hits -> passages: full text and vectors, their scores fused, the best ranked again.

Knows the store and the embedder; does not know how an answer is made.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Protocol

from assistant import ranking
from assistant.asking import Asked, asked_for
from assistant.embedding import Embedder, shipped
from assistant.expansion import expand
from assistant.lexical import Term, analyse, folded_words
from assistant.ranking import Candidate, Question
from assistant.schema import Chunk, Document, Hit, Passage, Query
from assistant.store import Generation
from assistant.text import fold

CANDIDATES = 60
"""Chunks taken from each side before fusing."""
RANKED = 20
"""Of these, the best that are read and ranked; more where more are asked for."""
DENSE_WEIGHT = 1.25
"""Weight of the cosine beside the normalised full-text score, where the index knows every word of the question."""
UNKNOWN_WEIGHT = 3.0
"""What it gains as the index knows fewer of the question's words: English questions, typos, everyday words. See
training/LOG.md for how both were chosen."""
_SAME = 0.95
"""Share of their words from which two passages say the same."""


class Reranker(Protocol):
    """Anything that orders the first hits again."""

    def rerank(self, question: str, hits: Sequence[Hit]) -> list[Hit]:
        """Return the hits in another order."""
        ...


def search(generation: Generation, embedder: Embedder, query: Query, limit: int, reranker: Reranker | None = None) -> list[Hit]:
    """Return the best chunks for a question, best first."""
    found = _hits(*candidates(generation, embedder, query, max(RANKED, limit)), embedder)
    return (reranker.rerank(query.text, found) if reranker else found)[:limit]


def about(generation: Generation, embedder: Embedder, query: Query, limit: int, reranker: Reranker | None = None) -> list[Hit]:
    """Return the chunks of the missions that a question names, else the best of the whole index."""
    if not query.documents:
        found = search(generation, embedder, query, limit, reranker)
        spelt = _spelling_out(generation, query)
        known = {hit.chunk.id for hit in spelt}
        return [*spelt, *(hit for hit in found if hit.chunk.id not in known)][:limit]
    question = _view(generation, embedder, query)
    lexical = _lexical(generation, question, CANDIDATES)
    chunks = [chunk for name in query.documents for chunk in generation.chunks_of(name)][:CANDIDATES]
    return _hits(question, _scored(generation, question, chunks, lexical), embedder)[:limit]


def _spelling_out(generation: Generation, query: Query) -> list[Hit]:
    """Return some chunks that spell out an acronym whose meaning is asked, its letters in brackets after it; however common it is."""
    if asked_for(query.text) is not Asked.DEFINITION:
        return []
    acronyms = [match.group(1) for match in _ACRONYM.finditer(query.text)]
    if len(acronyms) != 1:
        return []
    terms = [Term(term) for term in analyse(acronyms[0])]
    chunks = generation.chunks([hit.chunk_id for hit in generation.lexical.search(terms, _HOLDING)]).values()
    brackets = f"({fold(acronyms[0])})"
    spelt = [chunk for chunk in chunks if brackets in fold(chunk.text)][:_SPELT_OUT]
    return [Hit(chunk, _CERTAIN, rank, 0.0, 0.0) for rank, chunk in enumerate(spelt, start=1)]


_ACRONYM = re.compile(r"\b([A-ZÀ-Ý][A-ZÀ-Ý0-9&-]{1,9})\b")
_HOLDING = 500
"""Chunks that hold an acronym among which one that spells it out is looked for."""
_SPELT_OUT = 2
_CERTAIN = 0.9
"""Score of a chunk that spells an acronym out."""


def full_text(generation: Generation, query: Query, limit: int) -> list[Hit]:
    """Return the best chunks by full text alone, over the question's own words: what the other ways are measured against."""
    terms = [Term(term) for term in dict.fromkeys(analyse(query.text))]
    found = generation.lexical.search(terms, limit)
    chunks = generation.chunks([hit.chunk_id for hit in found])
    return [Hit(chunks[hit.chunk_id], hit.score, rank, hit.score, 0.0) for rank, hit in enumerate(found, start=1)]


def candidates(generation: Generation, embedder: Embedder, query: Query, limit: int) -> tuple[Question, list[Candidate]]:
    """Return a question as read, and the chunks worth ranking for it, best first.

    Full text and vectors each give some; their scores are fused: the full-text score over what the question could have
    scored, plus the weighted cosine of heading or body, the larger.
    """
    question = _view(generation, embedder, query)
    count = max(CANDIDATES, limit)
    lexical = _lexical(generation, question, count)
    near = generation.nearest(question.vector, count)
    likely = sorted(near, key=lambda chunk_id: (-fuse(lexical.get(chunk_id, 0.0), near[chunk_id], question.unknown), chunk_id))[:limit]
    unseen = [chunk_id for chunk_id in lexical if chunk_id not in near][:limit]
    chunks = generation.chunks([*likely, *unseen])
    scored = _scored(generation, question, list(chunks.values()), lexical)
    scored.sort(key=lambda c: (-fuse(c.lexical, c.cosine, question.unknown), c.chunk.id))
    return question, scored[:limit]


def fuse(lexical: float, cosine: float, unknown: float) -> float:
    """Return the fused score of a chunk, given the share of the question on words that the index does not hold."""
    return lexical + (DENSE_WEIGHT + UNKNOWN_WEIGHT * unknown) * max(cosine, 0.0)


def _view(generation: Generation, embedder: Embedder, query: Query) -> Question:
    terms = expand(query.text, query.language, generation.lexical)
    unknown = generation.lexical.unknown_share(terms)
    return ranking.view(query.text, terms, generation.lexical.weight, unknown, embedder.encode([query.text])[0])


def _lexical(generation: Generation, question: Question, limit: int) -> dict[str, float]:
    return {hit.chunk_id: hit.score for hit in generation.lexical.search(question.terms, limit)}


def _scored(generation: Generation, question: Question, chunks: Sequence[Chunk], lexical: Mapping[str, float]) -> list[Candidate]:
    """Return chunks with their scores; one that only full text found gets its true cosine, not zero."""
    cosines = generation.cosines(question.vector, [chunk.id for chunk in chunks])
    pairs = [(chunk, *cosines.get(chunk.id, (0.0, 0.0))) for chunk in chunks]
    return [Candidate(chunk, lexical.get(chunk.id, 0.0), max(body, heading), heading) for chunk, body, heading in pairs]


def _hits(question: Question, found: Sequence[Candidate], embedder: Embedder) -> list[Hit]:
    """Return candidates as hits, best first."""
    if embedder.fingerprint == shipped().fingerprint:
        scores = ranking.score(question, found).tolist()
    else:  # the ranker was learned with the shipped model's cosines
        scores = [fuse(c.lexical, c.cosine, question.unknown) for c in found]
    best = sorted(zip(scores, found, strict=True), key=lambda pair: (-pair[0], pair[1].chunk.id))
    return [Hit(c.chunk, score, rank, c.lexical, c.cosine) for rank, (score, c) in enumerate(best, start=1)]


def passages(generation: Generation, hits: list[Hit]) -> list[Passage]:
    """Return hits as numbered passages; of those that say the same, and of documents that hold the same, the first stands for all."""
    found = {name: generation.document(name) for name in {hit.chunk.document for hit in hits}}
    kept: list[tuple[Hit, frozenset[str], set[str]]] = []
    left_out: set[str] = set()
    for hit in hits:
        if found[hit.chunk.document] is None or hit.chunk.document in left_out:
            continue
        said = frozenset(folded_words(hit.chunk.text))
        same = next((others for _, words, others in kept if _says_the_same(said, words)), None)
        if same is not None:
            same.add(hit.chunk.document)
            continue
        also = generation.twins.get(hit.chunk.document, ())
        left_out.update(also)
        kept.append((hit, said, set(also)))
    return [_passage(number, hit, found[hit.chunk.document], also) for number, (hit, _, also) in enumerate(kept, start=1)]


def _says_the_same(one: frozenset[str], other: frozenset[str]) -> bool:
    """Tell whether two passages hold nearly the same words, and the same figures to the last one."""
    return len(one & other) >= _SAME * len(one | other) and {w for w in one ^ other if not w.isalpha()} == set()


def _passage(number: int, hit: Hit, document: Document | None, also: set[str]) -> Passage:
    assert document is not None
    return Passage(
        number=number,
        chunk=hit.chunk,
        title=document.title,
        url=document.url,
        published=document.published,
        kind=document.kind,
        sample=document.sample,
        score=hit.score,
        also=tuple(sorted(also - {document.name})),
    )
