"""How likely a sentence answers a question: features of the two, and a small learned model over them.

Trained by ``training/reader.py``; always reads with the shipped embedding model, whatever the index was built with. Knows
no document: it is given texts.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.asking import Asked, asked_for, constraints, holds, names, sought
from assistant.embedding import Vectors, shipped
from assistant.lexical import Term, Variant, analyse
from assistant.text import fold, words

MODEL = Path(__file__).parent / "models" / "reader.json"

Idf = Callable[[Sequence[str]], Mapping[str, float]]
"""Gives the inverse document frequency of terms."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence (or list) that may answer, and what surrounds it."""

    text: str
    before: str
    """The sentence before it, empty at the start of a passage."""
    heading: str
    """Title and headings above it."""
    passage: str
    position: int
    """Its place in the passage, from 0."""


@dataclass(frozen=True, slots=True)
class QuestionView:
    """What is computed once a question."""

    text: str
    asked: Asked
    terms: tuple[str, ...]
    weights: tuple[float, ...]
    variants: Mapping[str, tuple[Variant, ...]]
    """What documents may call a term, by term that has some."""
    names: frozenset[str]
    common: frozenset[str]
    """Terms that one passage in twelve or more holds, under their own or another name."""
    constraints: frozenset[str]
    vector: Vectors
    term_vectors: Vectors


FEATURES = (
    "bias", "coverage", "coverage_before", "coverage_heading", "coverage_passage", "soft", "soft_context", "missing_top", "cosine", "cosine_passage", "cosine_heading",
    "cue_ok", "cue_missing", "novel_number", "novel_name", "length", "short", "position", "bigrams", "names_near", "names_missing",
    "contradicts", "question_length", "is_count", "is_date", "is_place", "is_person", "is_manner", "is_definition",
)  # fmt: skip


def view(question: str, idf: Idf, expanded: Sequence[Term] = (), asked: Asked | None = None) -> QuestionView:
    """Return what the features need of a question.

    ``expanded`` are its terms with what documents may call them; ``asked`` is the kind of thing asked, where its words do not tell.
    """
    terms = tuple(dict.fromkeys(analyse(question)))
    weights = idf(terms)
    variants = _variants(expanded)
    return QuestionView(
        text=question,
        asked=asked or asked_for(question),
        terms=terms,
        weights=tuple(weights[term] for term in terms),
        variants=variants,
        names=frozenset(name for name in names(question) if analyse(name)),
        common=_common(terms, variants, idf),
        constraints=constraints(question),
        vector=shipped().encode([question])[0],
        term_vectors=shipped().encode(list(terms)),
    )


def _variants(expanded: Sequence[Term]) -> dict[str, tuple[Variant, ...]]:
    found: dict[str, tuple[Variant, ...]] = {}
    for term in expanded:
        for stem in term.said if term.stem is None else (term.stem,):
            found[stem] = (*found.get(stem, ()), *term.variants)
    return {stem: variants for stem, variants in found.items() if variants}


def _common(terms: Sequence[str], variants: Mapping[str, Sequence[Variant]], idf: Idf) -> frozenset[str]:
    called = {term: [(term,), *(variant.stems for variant in variants.get(term, ()))] for term in terms}
    weights = idf([stem for names in called.values() for name in names for stem in name])
    return frozenset(term for term, names in called.items() if any(max(weights[stem] for stem in name) < _TELLING for name in names))


def predict(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the probability that each candidate answers, by its features alone, shape (len(rows),)."""
    return _model().predict(rows)


def features(question: QuestionView, candidates: Sequence[Candidate]) -> NDArray[np.float64]:
    """Return the features of each candidate, shape (len(candidates), len(FEATURES))."""
    vectors = _encode_all([c.text for c in candidates])
    passages = _encode_all([c.passage for c in candidates])
    headings = _encode_all([c.heading for c in candidates])
    rows = []
    for number, candidate in enumerate(candidates):
        cosines = (
            float(vectors[number] @ question.vector),
            float(passages[number] @ question.vector),
            float(headings[number] @ question.vector),
        )
        rows.append(_row(question, candidate, cosines))
    return np.array(rows, dtype=np.float64)


def speaks_of(question: QuestionView, candidate: Candidate) -> bool:
    """Tell whether a candidate and its passage speak of something the question asks, beyond the names in it."""
    named = {term for name in question.names for term in analyse(name)}
    sought = [row for row, term in enumerate(question.terms) if term not in named]
    around = _stems(f"{candidate.heading} {candidate.passage}")
    if not sought or (question.asked is Asked.DEFINITION and named & around):
        return True
    if any(_held(question, question.terms[row], around) for row in sought):
        return True
    return bool(_soft(question, around)[sought].max() >= _SAME_SUBJECT)


def speaks_of_sought(question: QuestionView, candidate: Candidate) -> bool:
    """Tell whether a candidate or what surrounds it names what the question wants counted, or the office whose holder it asks for."""
    noun = sought(question.text)
    around = _stems(f"{candidate.heading} {candidate.passage}")
    rows = [row for row, term in enumerate(question.terms) if term in analyse(noun or "")]
    return not rows or bool(_soft(question, around)[rows].max() >= _SAME_SUBJECT)


def nearness(question: QuestionView, noun: str, text: str) -> float:
    """Return how near a noun of a question is to the nearest word of a text, 0 to 1; 1 where the question has no such word."""
    rows = [row for row, term in enumerate(question.terms) if term in analyse(noun)]
    return float(_soft(question, _stems(text))[rows].max()) if rows else 1.0


def telling_names(question: QuestionView) -> frozenset[str]:
    """Return the names of a question that not every other passage holds."""
    return frozenset(name for name in question.names if not question.common.issuperset(analyse(name)))


def named_otherwise(question: QuestionView, name: str, text: str) -> bool:
    """Tell whether a text holds another name of something that a question names."""
    present = _stems(text)
    return any(_held(question, term, present) > 0 for term in analyse(name))


def likeness(text: str, others: Sequence[str]) -> NDArray[np.float64]:
    """Return the cosine of a text to each of the others, shape (len(others),)."""
    return np.asarray(_encode_all(others) @ shipped().encode([text])[0], dtype=np.float64)


@lru_cache(8_192)  # a passage and its heading come back with each of its sentences, and with the next question
def _stems(text: str) -> frozenset[str]:
    return frozenset(analyse(text))


def _row(question: QuestionView, candidate: Candidate, cosines: tuple[float, float, float]) -> list[float]:
    own = _stems(candidate.text)
    before = own | _stems(candidate.before)
    heading = own | _stems(candidate.heading)
    whole = heading | _stems(candidate.passage)
    total = sum(question.weights) or 1.0
    soft = _soft(question, own)
    soft_context = np.maximum(soft, _soft(question, before | heading))
    missing = [w * (1.0 - _held(question, t, whole)) for t, w in zip(question.terms, question.weights, strict=True)]
    cue = holds(question.asked, candidate.text)
    near = fold(f"{candidate.heading} {candidate.before} {candidate.text}")
    far = fold(candidate.passage) + near
    asked_numbers = {w for w in words(question.text) if w.isdigit()}
    numbers = {w for w in words(candidate.text) if w.isdigit()} - asked_numbers
    weights = np.array(question.weights)
    return [
        1.0,
        _share(question, own) / total,
        _share(question, before) / total,
        _share(question, heading) / total,
        _share(question, whole) / total,
        float(soft @ weights) / total if total else 0.0,
        float(soft_context @ weights) / total if total else 0.0,
        max(missing, default=0.0) / (max(question.weights, default=0.0) or 1.0),
        *cosines,
        float(cue is True),
        float(cue is False),
        float(bool(numbers)),
        float(bool(names(f"x {candidate.text}") - question.names)),
        min(math.log1p(len(candidate.text)) / 6, 1.5),
        float(len(candidate.text) < 40),
        min(candidate.position, 8) / 8,
        _bigrams(question.text, candidate.text),
        _present(question.names, near),
        1.0 - _present(question.names, far),
        float(bool(question.constraints - constraints(far))),
        min(len(question.terms), 12) / 12,
        float(question.asked in {Asked.COUNT, Asked.AMOUNT, Asked.AGE, Asked.DURATION}),
        float(question.asked is Asked.DATE),
        float(question.asked is Asked.PLACE),
        float(question.asked is Asked.PERSON),
        float(question.asked in {Asked.MANNER, Asked.REASON}),
        float(question.asked is Asked.DEFINITION),
    ]


def _share(question: QuestionView, present: Set[str]) -> float:
    return sum(w * _held(question, t, present) for t, w in zip(question.terms, question.weights, strict=True))


def _held(question: QuestionView, term: str, present: Set[str]) -> float:
    """Return how surely a term of the question is among those present: 1 itself, less under another name, else 0."""
    if term in present:
        return 1.0
    named = [variant.weight for variant in question.variants.get(term, ()) if all(stem in present for stem in variant.stems)]
    return min(_OTHER_NAME * max(named, default=0.0), 1.0)


def _soft(question: QuestionView, present: Set[str]) -> NDArray[np.float64]:
    """Return how near each term of the question comes to a term present, 0 to 1."""
    if not present or not question.terms:
        return np.zeros(len(question.terms))
    near = question.term_vectors @ _term_vectors(sorted(present)).T
    named = [_held(question, term, present) for term in question.terms]
    return np.asarray(np.clip(np.maximum(near.max(axis=1), named), 0.0, 1.0), dtype=np.float64)


def _present(wanted: frozenset[str], text: str) -> float:
    if not wanted:
        return 1.0
    present = set(words(text))
    return sum(name in present for name in wanted) / len(wanted)


def _bigrams(question: str, text: str) -> float:
    wanted = analyse(question)
    pairs = set(pairwise(wanted))
    have = analyse(text)
    found = set(pairwise(have))
    return len(pairs & found) / len(pairs) if pairs else 0.0


@dataclass(frozen=True, slots=True)
class _Model:
    """Two dense layers over standardised features."""

    mean: NDArray[np.float64]
    scale: NDArray[np.float64]
    hidden: NDArray[np.float64]
    hidden_bias: NDArray[np.float64]
    out: NDArray[np.float64]
    out_bias: float

    def predict(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        standard = (rows - self.mean) / self.scale
        inner = np.tanh(standard @ self.hidden + self.hidden_bias)
        logits: NDArray[np.float64] = inner @ self.out + self.out_bias
        return 1.0 / (1.0 + np.exp(-logits))


@cache
def _model() -> _Model:
    values = json.loads(MODEL.read_text(encoding="utf-8"))
    if tuple(values["features"]) != FEATURES:
        raise ValueError(f"{MODEL.name} was trained on other features; run training/reader.py")
    arrays = {name: np.array(values[name]) for name in ("mean", "scale", "hidden", "hidden_bias", "out")}
    return _Model(**arrays, out_bias=float(values["out_bias"]))


_OTHER_NAME = 2.0
"""What another name of a term counts for its weight in a search: a passage that holds it speaks of the same thing."""
_TELLING = 2.5
"""Inverse document frequency from which a name tells passages apart: one in twelve or fewer hold it."""
_SAME_SUBJECT = 0.6
"""Cosine of two words from which they speak of the same thing, across languages too."""
_term_cache: dict[str, Vectors] = {}
_MAX_CACHED_TERMS = 200_000


def _term_vectors(terms: Sequence[str]) -> Vectors:
    """Return the vectors of terms, from a cache that it fills."""
    new = [term for term in terms if term not in _term_cache]
    if new:
        if len(_term_cache) > _MAX_CACHED_TERMS:
            _term_cache.clear()
            new = list(terms)
        _term_cache.update(zip(new, shipped().encode(new), strict=True))
    return np.stack([_term_cache[term] for term in terms])


def _encode_all(texts: Sequence[str]) -> Vectors:
    """Return the vectors of texts, each distinct one encoded once."""
    distinct = list(dict.fromkeys(texts))
    rows = {text: row for row, text in enumerate(distinct)}
    return shipped().encode(distinct)[[rows[text] for text in texts]]
