"""How well a passage matches a question: features of the two, and a learned linear score over them.

The weights are learned by ``training/ranker.py`` and kept in ``models/ranker.json``, with those of a confidence: the
probability that the best passage answers. Knows the shipped embedding model's token vectors; not the store.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.embedding import Vectors, shipped
from assistant.lexical import Term, folded_words, stems
from assistant.schema import Chunk

MODEL = Path(__file__).parent / "models" / "ranker.json"

FEATURES = (
    "lexical", "cosine", "heading_cosine", "coverage", "heading_coverage", "whole_coverage", "window", "adjacent", "window_cosine",
    "likeness", "whole_likeness", "length", "cosine_unknown", "heading_cosine_unknown",
)  # fmt: skip
_WINDOW = 20
"""Terms in a row over which a question's words are gathered: about a sentence."""
_TOKENS = 40
"""Tokens of a window for the embedding model: about a sentence too."""
_TINY = 1e-9
_MAX_LEAD = 3.0
_MAX_WORDS = 500
"""Words of a passage that are read."""

_Part = tuple[int, int, str]
"""Number of a question's term, number of one of its names, and a stem of that name."""
_Hit = tuple[int, _Part, float]
"""Position in the passage, what is matched there, and the weight of the match."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A chunk that was found, with its full-text score and its cosines to the question."""

    chunk: Chunk
    lexical: float
    cosine: float
    """Of the heading or the body, the larger."""
    heading_cosine: float


@dataclass(frozen=True, slots=True)
class Question:
    """What is computed once a question."""

    terms: tuple[Term, ...]
    weights: tuple[float, ...]
    """The share of each term in what the question could score, summing to 1."""
    unknown: float
    """Share of the weight on words that the index does not hold."""
    vector: Vectors
    tokens: tuple[int, ...]
    """Its tokens in the shipped embedding model."""


def view(text: str, terms: Sequence[Term], weigh: Callable[[Term], float], unknown: float, vector: Vectors) -> Question:
    """Return what the features need of a question."""
    weights = [weigh(term) for term in terms]
    total = sum(weights) or 1.0
    said = folded_words(text)
    tokens = tuple(_tokens(said, shipped().word_tokens(said)))
    return Question(tuple(terms), tuple(w / total for w in weights), unknown, vector, tokens)


def score(question: Question, candidates: Sequence[Candidate]) -> NDArray[np.float64]:
    """Return the score of each candidate, shape (len(candidates),).

    The best one's is the probability that it answers; another's is that, times how likely it is beside the best.
    """
    if not candidates:
        return np.zeros(0)
    model = _model()
    rows = features(question, candidates)
    linear: NDArray[np.float64] = ((rows - model.mean) / model.scale) @ model.weights
    best = int(np.argmax(linear))
    inputs = confidence_inputs(rows[best], np.sort(linear)[::-1], question.unknown)
    confidence = 1 / (1 + math.exp(-float(inputs @ model.confidence[:-1] + model.confidence[-1])))
    scores: NDArray[np.float64] = confidence * np.exp(linear - linear[best])
    return scores


def confidence_inputs(best: NDArray[np.float64], scores: NDArray[np.float64], unknown: float) -> NDArray[np.float64]:
    """Return what the probability that the best passage answers is read from: its features, its lead, the unknown words."""
    lead = float(scores[0] - scores[1]) if len(scores) > 1 else 0.0
    return np.array([*best, min(lead, _MAX_LEAD), unknown])


def features(question: Question, candidates: Sequence[Candidate]) -> NDArray[np.float64]:
    """Return the features of each candidate, shape (len(candidates), len(FEATURES))."""
    look = _look_up(question.terms)
    texts = [folded_words(candidate.chunk.text)[:_MAX_WORDS] for candidate in candidates]
    headings = [folded_words(candidate.chunk.heading_text) for candidate in candidates]
    every = [word for text in (*texts, *headings) for word in text]
    term_of, tokens_of = stems(every), shipped().word_tokens(every)
    body = _flatten([_tokens(text, tokens_of) for text in texts])
    near, windows = _nearest(question, body), _windows(question, body)
    near_heading = _nearest(question, _flatten([_tokens(text, tokens_of) for text in headings]))
    weight_of = shipped().norms[list(question.tokens)] if question.tokens else np.zeros(1)
    share = weight_of / (weight_of.sum() or 1.0)
    rows = []
    for number, candidate in enumerate(candidates):
        matches = _matches([term for word in texts[number] if (term := term_of[word]) is not None], look)
        heading = _matches([term for word in headings[number] if (term := term_of[word]) is not None], look)
        rows.append(
            (
                candidate.lexical,
                candidate.cosine,
                candidate.heading_cosine,
                _covered(matches, question.weights),
                _covered(heading, question.weights),
                _covered([*matches, *heading], question.weights),
                _best_window(matches, question.weights),
                _adjacent(matches, question.weights),
                windows[number],
                float(near[number] @ share),
                float(np.maximum(near[number], near_heading[number]) @ share),
                math.log1p(len(texts[number])),
                candidate.cosine * question.unknown,
                candidate.heading_cosine * question.unknown,
            )
        )
    return np.array(rows, dtype=np.float64)


def _matches(terms: Sequence[str], look: Mapping[str, Sequence[tuple[_Part, float]]]) -> list[_Hit]:
    return [(at, part, weight) for at, term in enumerate(terms) if term in look for part, weight in look[term]]


def _tokens(words: Sequence[str], known: Mapping[str, Sequence[int]]) -> list[int]:
    return [token for word in words for token in known[word]]


def _look_up(terms: Sequence[Term]) -> dict[str, list[tuple[_Part, float]]]:
    """Return, for each stem, what it matches and how much: each stem of a phrase counts for its share."""
    found: dict[str, list[tuple[_Part, float]]] = {}
    for number, term in enumerate(terms):
        if term.stem is not None:
            found.setdefault(term.stem, []).append(((number, 0, term.stem), 1.0))
        for name, variant in enumerate(term.variants, start=1):
            for stem in dict.fromkeys(variant.stems):
                found.setdefault(stem, []).append(((number, name, stem), variant.weight / len(variant.stems)))
    return found


def _covered(matches: Sequence[_Hit], weights: Sequence[float]) -> float:
    """Return the share of the question's weight that matches cover."""
    named: dict[tuple[int, int], float] = {}
    for (number, name, _), weight in {part: weight for _, part, weight in matches}.items():
        named[number, name] = named.get((number, name), 0.0) + weight
    best: dict[int, float] = {}
    for (number, _), weight in named.items():
        best[number] = max(best.get(number, 0.0), weight)
    return sum(weight * weights[number] for number, weight in best.items())


def _best_window(matches: Sequence[_Hit], weights: Sequence[float]) -> float:
    """Return the largest share covered within a window of the passage."""
    best, end = 0.0, 0
    for start, (at, _, _) in enumerate(matches):
        grown = end
        while grown < len(matches) and matches[grown][0] < at + _WINDOW:
            grown += 1
        if grown > end:  # else the window holds no more than the last one did
            end = grown
            best = max(best, _covered(matches[start:end], weights))
    return best


def _adjacent(matches: Sequence[_Hit], weights: Sequence[float]) -> float:
    """Return the weight of the neighbouring terms of the question that stand close together in the passage."""
    pairs: set[int] = set()
    for start, (at, (number, _, _), _) in enumerate(matches):
        for other_at, (other, _, _), _ in matches[start + 1 :]:
            if other_at > at + 2:
                break
            if other == number + 1 and other_at > at:
                pairs.add(number)
            elif other == number - 1 and other_at == at + 1:
                pairs.add(other)
    return sum(weights[first] + weights[first + 1] for first in pairs)


@dataclass(frozen=True, slots=True)
class _Flat:
    """The tokens of several texts, end to end: text ``told[i]`` of ``count`` is ``tokens[starts[i]:starts[i + 1]]``."""

    count: int
    told: list[int]
    """The texts that hold a known token."""
    starts: NDArray[np.int64]
    tokens: NDArray[np.int64]
    distinct: NDArray[np.int64]
    """Each token once."""
    where: NDArray[np.int64]
    """The place of each token among the distinct ones."""


def _flatten(texts: Sequence[Sequence[int]]) -> _Flat:
    told = [number for number, text in enumerate(texts) if text]
    tokens = np.array([token for number in told for token in texts[number]], dtype=np.int64)
    starts = np.concatenate([[0], np.cumsum([len(texts[number]) for number in told])]).astype(np.int64)
    return _Flat(len(texts), told, starts, tokens, *np.unique(tokens, return_inverse=True))


def _nearest(question: Question, texts: _Flat) -> NDArray[np.float64]:
    """Return the cosine of each text's nearest token to each of the question's, shape (texts, tokens of the question, at least 1)."""
    nearest = np.zeros((texts.count, max(len(question.tokens), 1)))
    if texts.told and question.tokens:
        similar = shipped().table[texts.distinct] @ shipped().table[list(question.tokens)].T
        nearest[texts.told] = np.maximum.reduceat(similar[texts.where], texts.starts[:-1], axis=0)
    return nearest


def _windows(question: Question, texts: _Flat) -> NDArray[np.float64]:
    """Return the cosine of each text's nearest window to the question, shape (texts,)."""
    windows = np.zeros(texts.count)
    if not question.tokens:
        return windows
    weights = shipped().norms[texts.tokens]
    similar = (shipped().table[texts.distinct] @ question.vector)[texts.where]
    near = np.concatenate([[0.0], np.cumsum(similar * weights)])
    total = np.concatenate([[0.0], np.cumsum(weights)])
    for number, (start, end) in zip(texts.told, pairwise(texts.starts.tolist()), strict=True):
        first = np.arange(start, max(end - _TOKENS, start) + 1)
        last = np.minimum(first + _TOKENS, end)
        best = int(((near[last] - near[first]) / (total[last] - total[first])).argmax())
        held = slice(first[best], last[best])
        window = weights[held] @ shipped().table[texts.tokens[held]]
        windows[number] = float(window @ question.vector) / (float(np.linalg.norm(window)) + _TINY)
    return windows


@dataclass(frozen=True, slots=True)
class _Model:
    mean: NDArray[np.float64]
    scale: NDArray[np.float64]
    weights: NDArray[np.float64]
    confidence: NDArray[np.float64]
    """The last one is the constant."""


@cache
def _model() -> _Model:
    read = json.loads(MODEL.read_text(encoding="utf-8"))
    if tuple(read["features"]) != FEATURES:
        raise ValueError(f"{MODEL.name} was learned over other features; train it again")
    arrays: Mapping[str, NDArray[np.float64]] = {
        key: np.array(read[key], dtype=np.float64) for key in ("mean", "scale", "weights", "confidence")
    }
    return _Model(**arrays)
