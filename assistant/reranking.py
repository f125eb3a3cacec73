"""An optional cross-encoder that reads question and passage together and orders the first hits again.

The only module that knows sentence-transformers' ``CrossEncoder``; imported and loaded only where one is configured.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.errors import ModelError
from assistant.schema import Hit

DEPTH = 30
"""Hits that are read: a cross-encoder takes some ten milliseconds a passage."""


class CrossEncoderReranker:
    """A sentence-transformers cross-encoder, by path or hub name (the hub is asked only where the network is allowed)."""

    def __init__(self, name: str) -> None:
        try:
            from sentence_transformers import CrossEncoder

            self._model = CrossEncoder(name, device="cpu")
        except (ImportError, OSError, ValueError, RuntimeError) as error:
            reason = str(error).splitlines()[0]
            raise ModelError(f"cannot load the reranker {name!r}: {reason}; check ASSISTANT_RERANKER") from error
        self.name = name

    def rerank(self, question: str, hits: Sequence[Hit]) -> list[Hit]:
        """Return hits, the first ones in the order of the cross-encoder's scores, the others after them.

        The scores among the first are handed out again in the new order: the first hit keeps the confidence of the search.
        """
        first, rest = list(hits[:DEPTH]), list(hits[DEPTH:])
        if not first:
            return []
        pairs = [(question, f"{hit.chunk.heading_text}\n{hit.chunk.text}") for hit in first]
        relevance = [float(value) for value in self._model.predict(pairs, show_progress_bar=False)]
        order = sorted(range(len(first)), key=lambda row: (-relevance[row], row))
        ordered = [replace(first[row], score=first[place].score) for place, row in enumerate(order)]
        return [replace(hit, rank=rank) for rank, hit in enumerate([*ordered, *rest], start=1)]


def load_reranker(name: str) -> CrossEncoderReranker | None:
    """Return the reranker of that path or hub name, None where none is named.

    Raises:
        ModelError: it cannot be loaded.

    """
    return CrossEncoderReranker(name) if name else None
