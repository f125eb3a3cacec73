"""How surely each of some candidates answers a question: a small network that reads question and candidate together.

Each token of the question looks for its counterpart in the candidate, its heading and the sentence before it, and the reverse;
what comes of it is joined to what is known of the candidate otherwise, and the candidates are weighed against each other and
against none of them. Trained by ``training/comprehension.py``; reads with the shipped embedding model's token vectors, on their
main directions. Knows no document: it is given texts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.embedding import Vectors, shipped
from assistant.reading import Candidate

MODEL = Path(__file__).parent / "models" / "comprehension.npz"

QUESTION, HEADING, BEFORE, TEXT = 32, 16, 12, 48
"""Tokens read of a question, of a candidate's heading, of the (end of the) sentence before it, of its text."""

IN_HEADING, IN_BEFORE, IN_TEXT, ASKED = range(4)
"""Where a token stands: in the three parts of a candidate, or in the question."""

Tokens = tuple[int, ...]
Ids = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Batch:
    """Candidates as rows of tokens: heading, sentence before and text, one after the other; ``-1`` where a row has ended."""

    tokens: Ids
    parts: Ids
    """``IN_HEADING``, ``IN_BEFORE`` or ``IN_TEXT``."""


def score(question: str, candidates: Sequence[Candidate], known: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the log-odds that each candidate, rather than none, answers; shape (len(candidates),).

    ``known`` is what is known of each otherwise, shape (len(candidates), features of the training).
    """
    if not candidates:
        return np.zeros(0)
    asked = np.array(tokens_of([question], QUESTION)[0] or (-1,), dtype=np.int64)
    return _network().score(asked, padded(parts_of(candidates)), known).astype(np.float64)


def tokens_of(texts: Sequence[str], most: int) -> list[Tokens]:
    """Return the first tokens of texts; of a negative number, the last."""
    return [tuple(ids[:most] if most > 0 else ids[most:]) for ids in shipped().tokens(texts)]


def parts_of(candidates: Sequence[Candidate]) -> list[tuple[Tokens, Tokens, Tokens]]:
    """Return the tokens read of candidates: of the heading, of the sentence before, of the text."""
    headings = tokens_of([one.heading for one in candidates], HEADING)
    before = tokens_of([one.before for one in candidates], -BEFORE)
    return list(zip(headings, before, tokens_of([one.text for one in candidates], TEXT), strict=True))


def padded(rows: Sequence[tuple[Tokens, Tokens, Tokens]]) -> Batch:
    """Return rows of three parts as one batch, as wide as the longest."""
    width = max(1, *(sum(map(len, row)) for row in rows))
    tokens, parts = np.full((len(rows), width), -1, dtype=np.int64), np.zeros((len(rows), width), dtype=np.int64)
    for number, row in enumerate(rows):
        joined = [token for part in row for token in part]
        tokens[number, : len(joined)] = joined
        parts[number, : len(joined)] = np.repeat(np.arange(3), [len(part) for part in row])
    return Batch(tokens, parts)


def token_vectors(ids: Ids, directions: Vectors) -> tuple[Vectors, Vectors]:
    """Return the unit vectors of tokens on the main directions of the embedding, and their norms; zeros for ``-1``."""
    distinct, where = np.unique(ids, return_inverse=True)
    rows = shipped().table[distinct] @ directions
    rows /= np.linalg.norm(rows, axis=1, keepdims=True) + 1e-9
    norms = shipped().norms[distinct].copy()
    rows[distinct < 0], norms[distinct < 0] = 0.0, 0.0
    return rows[where.reshape(ids.shape)], norms[where.reshape(ids.shape)]


@dataclass(frozen=True, slots=True)
class _Network:
    """The weights, by the name they have in training."""

    weights: Mapping[str, Vectors]

    def score(self, asked: Ids, read: Batch, known: NDArray[np.float32]) -> Vectors:
        w = self.weights
        q_vectors, q_states, q_present, q_weight = self._encoded(asked[None], np.full((1, len(asked)), ASKED))
        s_vectors, s_states, present, _ = self._encoded(read.tokens, read.parts)
        q_states, q_present = q_states[0], q_present[0]
        inside = (read.parts == IN_TEXT) * present
        weight = q_weight[0] * q_present
        weight = weight / max(float(weight.sum()), 1e-6)
        cosines = np.matmul(q_vectors[0], s_vectors.transpose(0, 2, 1))  # candidates, tokens of the question, of the candidate
        alike = np.matmul(q_states @ w["q.weight"].T, (s_states @ w["k.weight"].T).transpose(0, 2, 1)) / np.sqrt(q_states.shape[1])

        near = _highest(cosines, inside[:, None]).max(axis=2)
        near_all = _highest(cosines, present[:, None]).max(axis=2)
        exact = ((asked[None, :, None] == read.tokens[:, None, :]) & (inside[:, None] > 0)).any(axis=2).astype(np.float32)
        found = np.matmul(_softmax(alike + w["gamma"][0] * cosines, present[:, None]), s_states)
        q_all = np.broadcast_to(q_states, found.shape)
        met = _gelu(
            self._dense("cmp", q_all, found, q_all * found, np.abs(q_all - found), near[..., None], near_all[..., None], exact[..., None])
        )
        met = met * q_present[:, None]
        of_question = [np.tensordot(met, weight, axes=(1, 0)), (met - 1e4 * (1 - q_present)[:, None]).max(axis=1)]

        back = _softmax((alike + w["gamma"][1] * cosines).transpose(0, 2, 1), q_present[None, None])
        sought = np.matmul(back, q_states)
        nearest = _highest(cosines.transpose(0, 2, 1), q_present[None, None]).max(axis=2)
        told = _gelu(
            self._dense("cmp2", s_states, sought, s_states * sought, np.abs(s_states - sought), nearest[..., None], inside[..., None])
        )
        told = told * inside[..., None]
        count = np.maximum(inside.sum(axis=1, keepdims=True), 1)
        of_text = [told.sum(axis=1) / count, np.maximum((told - 1e4 * (1 - inside[..., None])).max(axis=1), -50)]

        shares = [near @ weight, near_all @ weight, exact @ weight, ((near - 1) * q_present).min(axis=1)]
        lengths = [np.log1p(count[:, 0]) / 4, np.full(len(known), np.log1p(q_present.sum()) / 3)]
        asked_for = np.broadcast_to(weight @ q_states, of_text[0].shape)
        standard = np.clip((known - w["xm"]) / w["xs"], -5, 5)
        seen = np.tanh(self._dense("fx", standard))
        state = _gelu(self._dense("out1", *of_question, *of_text, asked_for, np.column_stack([*shares, *lengths]), seen))
        best = np.broadcast_to(state.max(axis=0), state.shape)
        state = state + _gelu(self._dense("ctx", state, best))
        logits: Vectors = (self._dense("out2", state) + self._dense("skip", standard))[:, 0] - w["null"]
        return logits

    def _encoded(self, ids: Ids, parts: Ids) -> tuple[Vectors, Vectors, Vectors, Vectors]:
        """Return tokens' vectors, states after two convolutions, which are present, and their weights."""
        w = self.weights
        vectors, norms = token_vectors(ids, w["directions"])
        present = (ids >= 0).astype(np.float32)
        heavy = np.where(ids >= 0, (np.log(norms + 1e-3) - w["norm_mean"]) / w["norm_scale"], 0.0).astype(np.float32)
        states = (self._dense("inp", vectors, heavy[..., None]) + w["seg.weight"][parts]) * present[..., None]
        for name, norm in (("c1", "n1"), ("c2", "n2")):
            states = self._normal(norm, states + _gelu(self._convolved(name, states))) * present[..., None]
        return vectors, states, present, norms / w["norm_average"]

    def _dense(self, name: str, *inputs: Vectors) -> Vectors:
        """Return a dense layer over inputs side by side, without joining them."""
        weight, start = self.weights[f"{name}.weight"], 0
        total: Vectors = self.weights[f"{name}.bias"]
        for one in inputs:
            total = total + one @ weight[:, start : start + one.shape[-1]].T
            start += one.shape[-1]
        return total

    def _convolved(self, name: str, states: Vectors) -> Vectors:
        """Return a convolution over each token and its two neighbours."""
        weight = self.weights[f"{name}.weight"]  # out, in, 3
        total = self.weights[f"{name}.bias"] + states @ weight[:, :, 1].T
        total[:, 1:] += states[:, :-1] @ weight[:, :, 0].T
        total[:, :-1] += states[:, 1:] @ weight[:, :, 2].T
        return total

    def _normal(self, name: str, states: Vectors) -> Vectors:
        centred = states - states.mean(axis=-1, keepdims=True)
        scaled: Vectors = centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + 1e-5)
        return scaled * self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"]


def _highest(cosines: Vectors, present: Vectors) -> Vectors:
    """Return cosines with those to nothing at -1."""
    masked: Vectors = cosines * present - (1 - present)
    return masked


def _softmax(scores: Vectors, present: Vectors) -> Vectors:
    scores = np.where(present > 0, scores, np.float32(-1e4))
    exponents = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares: Vectors = exponents / exponents.sum(axis=-1, keepdims=True)
    return shares


def _gelu(x: Vectors) -> Vectors:
    curved: Vectors = 0.5 * x * (1 + np.tanh(np.float32(0.7978845608) * (x + np.float32(0.044715) * x * x * x)))
    return curved


@cache
def _network() -> _Network:
    with np.load(MODEL) as stored:
        return _Network({name: stored[name].astype(np.float32) for name in stored.files})
