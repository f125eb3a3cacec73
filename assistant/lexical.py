"""The French full-text index: tantivy, with one analysis for the index, the question and the reader.

Text is folded (case and accents) before stemming, so that *cybersécurité* and *cybersecurite* are one word.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import tantivy

from assistant.errors import IndexMismatchError
from assistant.schema import Chunk

HEADING_WEIGHT = 0.5
"""Weight of a match in the heading path beside one in the body."""
_WRITER_HEAP = 64_000_000
_ANALYSER = "french_folded"
_MAX_TERMS = 64
"""Distinct terms of a question that are searched; a pasted page is cut there."""

_STOP = (
    "a ai aie aient aies ait ala alors as au aucun aura aurait aussi autre aux avaient avait avec avez avoir avons bien c ca car ce ceci cela celle celles celui "
    "ces cet cette ceux chez ci comme comment d dans de des donc du elle elles en encore est et etaient etait etant etc ete etes etre eu eux fait faut fut hors "
    "ici il ils j je l la le les leur leurs lors lui m ma mais me meme memes mes moi mon n ne ni nos notre nous on ont or ou par pas peu peut peuvent "
    "plus pour pourquoi qu quand que quel quelle quelles quels qui quoi s sa sans serait seront ses si sien soit son sont sous suis sur t ta tandis te tel telle tes toi "
    "ton tous tout toute toutes tres tu un une vers voici voila vos votre vous y "
    "the of and is are was were be been what which who whom whose how do does did can could should would will shall may might must an in on at for to from by with about "
    "this that these those there it its i my me you your we our they their he she his her has have had any some if or not as than then so"
).split()


@dataclass(frozen=True, slots=True)
class LexicalHit:
    """A chunk that full text found, with its BM25 score over the question's own maximum."""

    chunk_id: str
    score: float


@cache
def _analyser() -> tantivy.TextAnalyzer:
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
        .filter(tantivy.Filter.custom_stopword(_STOP))
        .filter(tantivy.Filter.stemmer("french"))
        .build()
    )


def analyse(text: str) -> list[str]:
    """Return the terms of a text as the index holds them: folded, without stop words, stemmed.

    >>> analyse("Les priorités de l'ETI")
    ['priorit', 'eti']
    """
    terms: list[str] = _analyser().analyze(text)
    return terms


class LexicalIndex:
    """A tantivy index in a folder, open for reading; ``update`` writes to it."""

    def __init__(self, folder: Path) -> None:
        if not tantivy.Index.exists(str(folder)):
            raise IndexMismatchError(f"the full-text index in {folder} is missing; run `assistant index --full`")
        try:
            self._index = tantivy.Index.open(str(folder))
        except ValueError as error:
            raise IndexMismatchError(f"the full-text index in {folder} is damaged; run `assistant index --full`") from error
        self._register()

    @classmethod
    def create(cls, folder: Path) -> LexicalIndex:
        """Make an empty index in a new folder."""
        folder.mkdir(parents=True)
        tantivy.Index(_schema(), path=str(folder))
        return cls(folder)

    def update(self, added: Iterable[Chunk], removed: Iterable[str]) -> None:
        """Add chunks and remove others, in one commit."""
        writer = self._index.writer(heap_size=_WRITER_HEAP, num_threads=1)
        for chunk_id in removed:
            writer.delete_documents_by_term("id", chunk_id)
        for chunk in added:
            writer.add_document(tantivy.Document(id=chunk.id, body=chunk.text, heading=" ".join(dict.fromkeys(chunk.heading))))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()

    def search(self, text: str, limit: int) -> list[LexicalHit]:
        """Return the best chunks for a question's words, best first.

        A score is BM25 (body, plus the heading at its weight) over the sum of the terms' idf: what the question could
        have scored, so that a question whose words are unknown gets little even at its best hit.
        """
        terms = list(dict.fromkeys(analyse(text)))[:_MAX_TERMS]
        searcher = self._index.searcher()
        total = sum(self._idf(searcher, term) for term in terms)
        if not terms or not searcher.num_docs:
            return []
        clauses = [(tantivy.Occur.Should, query) for term in terms for query in self._clauses(term)]
        found = searcher.search(tantivy.Query.boolean_query(clauses), limit, count=False)
        return [LexicalHit(str(searcher.doc(address)["id"][0]), float(score) / total) for score, address in found.hits]

    def idf(self, terms: Sequence[str]) -> dict[str, float]:
        """Return the inverse document frequency of terms; a term never seen gets the highest."""
        searcher = self._index.searcher()
        return {term: self._idf(searcher, term) for term in dict.fromkeys(terms)}

    def unknown_share(self, text: str) -> float:
        """Return the share of a question's idf that stands on words which no body or heading holds, 0 to 1."""
        searcher = self._index.searcher()
        weights = {term: self._idf(searcher, term) for term in dict.fromkeys(analyse(text))}
        unknown = [t for t in weights if not (searcher.doc_freq("body", t) or searcher.doc_freq("heading", t))]
        total = sum(weights.values())
        return sum(weights[t] for t in unknown) / total if total else 0.0

    def __len__(self) -> int:
        return int(self._index.searcher().num_docs)

    def _clauses(self, term: str) -> list[tantivy.Query]:
        schema = self._index.schema
        heading = tantivy.Query.term_query(schema, "heading", term)
        return [
            tantivy.Query.term_query(schema, "body", term),
            tantivy.Query.boost_query(heading, HEADING_WEIGHT),
        ]

    def _idf(self, searcher: tantivy.Searcher, term: str) -> float:
        count = searcher.num_docs
        frequency = max(searcher.doc_freq("body", term), searcher.doc_freq("heading", term))
        frequency = min(frequency, count)
        return math.log(1 + (count - frequency + 0.5) / (frequency + 0.5))

    def _register(self) -> None:
        self._index.register_tokenizer(_ANALYSER, _analyser())


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("body", tokenizer_name=_ANALYSER, index_option="freq")
    builder.add_text_field("heading", tokenizer_name=_ANALYSER, index_option="freq")
    return builder.build()
