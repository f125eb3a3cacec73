"""Question -> hits -> passages: full text and vectors, their scores fused.

Knows the store and the embedder; does not know how an answer is made.
"""

from __future__ import annotations

from assistant.embedding import Embedder
from assistant.schema import Hit, Passage, Query
from assistant.store import Generation

CANDIDATES = 100
"""Chunks taken from each side before fusing."""
DENSE_WEIGHT = 1.25
"""Weight of the cosine beside the normalised BM25 score, where the index knows every word of the question."""
UNKNOWN_WEIGHT = 4.0
"""What it gains as the index knows fewer of the question's words, by idf: English questions, typos, everyday words. See
training/LOG.md for how both were chosen."""


def search(generation: Generation, embedder: Embedder, query: Query, limit: int) -> list[Hit]:
    """Return the best chunks for a question, best first.

    The score is the full-text score (over what the question could have scored) plus the weighted cosine of heading or
    body, the larger. A hit that only full text found gets its true cosine, not zero.
    """
    count = max(CANDIDATES, limit)
    weight = DENSE_WEIGHT + UNKNOWN_WEIGHT * generation.lexical.unknown_share(query.text)
    lexical = {hit.chunk_id: hit.score for hit in generation.lexical.search(query.text, count)}
    vector = embedder.encode([query.text])[0]
    cosines = generation.nearest(vector, count)
    cosines |= generation.cosines(vector, [chunk_id for chunk_id in lexical if chunk_id not in cosines])
    fused = {
        chunk_id: lexical.get(chunk_id, 0.0) + weight * max(cosines.get(chunk_id, 0.0), 0.0) for chunk_id in lexical.keys() | cosines.keys()
    }
    best = sorted(fused, key=lambda chunk_id: (-fused[chunk_id], chunk_id))[:limit]
    chunks = generation.chunks(best)
    return [
        Hit(chunks[chunk_id], fused[chunk_id], rank, lexical.get(chunk_id, 0.0), cosines.get(chunk_id, 0.0))
        for rank, chunk_id in enumerate(best, start=1)
    ]


def about(generation: Generation, embedder: Embedder, query: Query, limit: int) -> list[Hit]:
    """Return the chunks of the mission that a question names, else the best of the whole index."""
    hits = search(generation, embedder, query, CANDIDATES if query.reference else limit)
    if query.reference:
        named = {m.document for m in generation.missions() if _is_reference(m.reference, query.reference)}
        own = [hit for hit in hits if hit.chunk.document in named]
        return (own or hits)[:limit]
    return hits


def _is_reference(reference: str | None, named: str) -> bool:
    return reference is not None and (reference == named or reference.rsplit("/", 1)[-1] == named)


def passages(generation: Generation, hits: list[Hit]) -> list[Passage]:
    """Return hits as numbered passages; of documents that hold the same thing, the best found stands for all."""
    found = {name: generation.document(name) for name in {hit.chunk.document for hit in hits}}
    numbered: list[Passage] = []
    left_out: set[str] = set()
    for hit in hits:
        document = found[hit.chunk.document]
        if document is not None and document.name not in left_out:
            also = generation.twins.get(document.name, ())
            left_out.update(also)
            numbered.append(
                Passage(
                    number=len(numbered) + 1,
                    chunk=hit.chunk,
                    title=document.title,
                    url=document.url,
                    published=document.published,
                    kind=document.kind,
                    sample=document.sample,
                    score=hit.score,
                    also=also,
                )
            )
    return numbered
