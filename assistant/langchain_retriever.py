"""The hybrid retriever as a LangChain ``BaseRetriever``, for those who build their own chains on the index."""

from __future__ import annotations

from pathlib import Path

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangChainDocument
from langchain_core.retrievers import BaseRetriever

from assistant import retrieval
from assistant.embedding import load_embedder
from assistant.question import understand
from assistant.store import Generation


class HybridRetriever(BaseRetriever):
    """Returns the best passages of an index for a question, with where they stand as metadata."""

    index: Path
    embedding_model: str = ""
    k: int = 6

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[LangChainDocument]:
        embedder = load_embedder(self.embedding_model)
        generation = Generation.open(self.index, embedder.fingerprint)
        try:
            hits = retrieval.search(generation, embedder, understand(query), self.k)
            found = retrieval.passages(generation, hits)
        finally:
            generation.close()
        return [
            LangChainDocument(
                page_content=p.chunk.text,
                metadata={
                    "document": p.chunk.document,
                    "title": p.title,
                    "heading": " > ".join(p.chunk.heading),
                    "page": p.chunk.page,
                    "start": p.chunk.start,
                    "end": p.chunk.end,
                    "score": p.score,
                },
            )
            for p in found
        ]
