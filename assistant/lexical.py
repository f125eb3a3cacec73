"""The French full-text index: tantivy, with one analysis for the index, the question and the reader.

Text is folded (case and accents) before stemming, so that *cybersécurité* and *cybersecurite* are one word.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import tantivy
from rapidfuzz import process
from rapidfuzz.distance import OSA

from assistant.errors import IndexMismatchError
from assistant.schema import Chunk

HEADING_WEIGHT = 0.5
"""Weight of a match in the heading path beside one in the body."""
_WRITER_HEAP = 64_000_000
_ANALYSER = "french_folded"
_WORDS = "folded"
_LONG_WORD = 8
"""Letters from which a word may be two letters off."""
_MAX_SIMILAR = 5
_CACHED_WORDS = 200_000
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
_STOP_WORDS = frozenset(_STOP)
_stem_cache: dict[str, str | None] = {}


@dataclass(frozen=True, slots=True)
class LexicalHit:
    """A chunk that full text found, with its BM25 score over the question's own maximum."""

    chunk_id: str
    score: float


@dataclass(frozen=True, slots=True)
class Variant:
    """What a term may also be called: the stems of a word or phrase, and its weight beside the term's own 1."""

    stems: tuple[str, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class Term:
    """A word of a question, as a stem (None for a phrase that is searched by its variants alone), and its variants."""

    stem: str | None
    variants: tuple[Variant, ...] = ()
    said: tuple[str, ...] = ()
    """The stems of a phrase."""


def _folded() -> tantivy.TextAnalyzerBuilder:
    return tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(tantivy.Filter.lowercase()).filter(tantivy.Filter.ascii_fold())


@cache
def _plain() -> tantivy.TextAnalyzer:
    return _folded().build()


@cache
def _stemming() -> tantivy.TextAnalyzer:
    return _folded().filter(tantivy.Filter.stemmer("french")).build()


@cache
def _analyser(language: str = "french") -> tantivy.TextAnalyzer:
    return _folded().filter(tantivy.Filter.custom_stopword(_STOP)).filter(tantivy.Filter.stemmer(language)).build()


def analyse(text: str) -> list[str]:
    """Return the terms of a text as the index holds them: folded, without stop words, stemmed.

    >>> analyse("Les priorités de l'ETI")
    ['priorit', 'eti']
    """
    terms: list[str] = _analyser().analyze(text)
    return terms


def folded_words(text: str) -> list[str]:
    """Return the words and numbers of a text, folded, stop words included: ``text.words``, many times faster."""
    found: list[str] = _plain().analyze(text)
    return found


def stems(words: Iterable[str]) -> Mapping[str, str | None]:
    """Return the term of each of some folded words (None for a stop word), from a cache that it fills."""
    global _stem_cache  # a full cache is replaced, not emptied: another thread may be reading it
    known = _stem_cache = _stem_cache if len(_stem_cache) < _CACHED_WORDS else {}
    new = [word for word in dict.fromkeys(words) if word not in known]
    found = _stemming().analyze(" ".join(new))
    if len(found) != len(new):  # a word that is cut again: one by one
        known.update((word, next(iter(analyse(word)), None)) for word in new)
    else:
        known.update((word, None if word in _STOP_WORDS else term) for word, term in zip(new, found, strict=True))
    return known


def analyse_english(text: str) -> list[str]:
    """Return the terms of an English text, stemmed in English, as the lexicon holds them.

    >>> analyse_english("What are the salaries?")
    ['salari']
    """
    terms: list[str] = _analyser("english").analyze(text)
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
            heading = chunk.heading_text
            writer.add_document(tantivy.Document(id=chunk.id, body=chunk.text, heading=heading, words=f"{chunk.text} {heading}"))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self.__dict__.pop("_words", None)

    def search(self, terms: Sequence[Term], limit: int) -> list[LexicalHit]:
        """Return the best chunks for a question's terms, best first.

        A score is BM25 (body, plus the heading at its weight; of a term and what else it may be called, the best) over the
        sum of the terms' idf: what the question could have scored, so that one whose words are unknown gets little.
        """
        terms = terms[:_MAX_TERMS]
        searcher = self._index.searcher()
        total = sum(self.weight(term) for term in terms)
        if not total or not searcher.num_docs:
            return []
        clauses = [(tantivy.Occur.Should, clause) for term in terms for clause in self._clauses(term)]
        found = searcher.search(tantivy.Query.boolean_query(clauses), limit, count=False)
        return [LexicalHit(str(searcher.doc(address)["id"][0]), float(score) / total) for score, address in found.hits]

    def idf(self, terms: Sequence[str]) -> dict[str, float]:
        """Return the inverse document frequency of terms; a term never seen gets the highest."""
        return {term: self._idf(term) for term in dict.fromkeys(terms)}

    def knows(self, term: str) -> bool:
        """Tell whether a body or a heading holds a term."""
        searcher = self._index.searcher()
        return bool(searcher.doc_freq("body", term) or searcher.doc_freq("heading", term))

    def weight(self, term: Term) -> float:
        """Return what a term could score: its own idf; that of its best variant where only these are known."""
        if term.stem is not None and (not term.variants or self.knows(term.stem)):
            return self._idf(term.stem)
        known = [v.weight * sum(map(self._idf, v.stems)) / len(v.stems) for v in term.variants if any(map(self.knows, v.stems))]
        return max(known, default=self._idf(term.stem or ""))

    def unknown_share(self, terms: Sequence[Term]) -> float:
        """Return the share of a question's weight on words that no body or heading holds as they are, 0 to 1."""
        weights = [(term, self.weight(term)) for term in terms]
        total = sum(weight for _, weight in weights)
        return sum(w for term, w in weights if term.stem is not None and not self.knows(term.stem)) / total if total else 0.0

    def similar(self, word: str) -> list[str]:
        """Return the words of the index nearest to a misspelt one: one letter off, two where it has eight or more."""
        allowed = 2 if len(word) >= _LONG_WORD else 1
        choices = [known for length in range(len(word) - allowed, len(word) + allowed + 1) for known in self._words.get(length, ())]
        found = process.extract(word, choices, scorer=OSA.distance, score_cutoff=allowed, limit=_MAX_SIMILAR)
        nearest = min((distance for _, distance, _ in found), default=0)
        return [known for known, distance, _ in found if distance == nearest]

    @cached_property
    def _words(self) -> dict[int, list[str]]:
        """The folded words of all bodies and headings, by length."""
        grouped: dict[int, list[str]] = {}
        for known, _ in self._index.searcher().terms_with_prefix("words", ""):
            if not known.isdigit():
                grouped.setdefault(len(known), []).append(known)
        return grouped

    def __len__(self) -> int:
        return int(self._index.searcher().num_docs)

    def _clauses(self, term: Term) -> Iterator[tantivy.Query]:
        """Yield one query for each field: the best of the term and its variants there."""
        schema = self._index.schema
        for field, weight in (("body", 1.0), ("heading", HEADING_WEIGHT)):
            options = [_phrase_query(schema, field, variant, weight) for variant in (*_own(term), *term.variants)]
            yield options[0] if len(options) == 1 else tantivy.Query.disjunction_max_query(options)

    def _idf(self, term: str) -> float:
        searcher = self._index.searcher()
        count = searcher.num_docs
        frequency = max(searcher.doc_freq("body", term), searcher.doc_freq("heading", term))
        frequency = min(frequency, count)
        return math.log(1 + (count - frequency + 0.5) / (frequency + 0.5))

    def _register(self) -> None:
        self._index.register_tokenizer(_ANALYSER, _analyser())
        self._index.register_tokenizer(_WORDS, _plain())


def _own(term: Term) -> tuple[Variant, ...]:
    return (Variant((term.stem,), 1.0),) if term.stem is not None else ()


def _phrase_query(schema: tantivy.Schema, field: str, variant: Variant, weight: float) -> tantivy.Query:
    """Return the query for a variant in a field: the mean over its stems, so that a phrase weighs no more than a word."""
    share = weight * variant.weight / len(variant.stems)
    stems = [tantivy.Query.boost_query(tantivy.Query.term_query(schema, field, stem), share) for stem in variant.stems]
    return stems[0] if len(stems) == 1 else tantivy.Query.boolean_query([(tantivy.Occur.Should, stem) for stem in stems])


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("body", tokenizer_name=_ANALYSER, index_option="freq")
    builder.add_text_field("heading", tokenizer_name=_ANALYSER, index_option="freq")
    builder.add_text_field("words", tokenizer_name=_WORDS, index_option="basic")
    return builder.build()
