"""Learns the English-French lexicon that full text translates English words with.

    python -m training.lexicon --data DIR [--out assistant/models/lexicon.json.gz]

IBM model 1 (Brown et al., 1993) over parallel English-French texts, in both directions; a translation is kept where both
find it likely. Two French words that share translations are near-synonyms. English words are stemmed in English, French ones as the index holds them.
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.expansion import LEXICON
from assistant.lexical import analyse, analyse_english
from training import data
from training.data import Pair

ROUNDS = 6
MAX_TERMS = 24
"""Terms a side; longer texts are cut, and pairs of sections left out: what they share is too loose."""
MIN_PAIRS = 3
"""Pairs that must hold an English term and its translation."""
MIN_PROBABILITY = 0.06
MAX_TRANSLATIONS = 5
MIN_PIVOT = 0.02
MIN_SYNONYM = 0.05
MAX_SYNONYMS = 4
_KINDS = {"note_to_note", "heading_to_heading", "definition_to_definition", "term_to_term", "title_to_title"}


Lexicon = dict[str, dict[str, dict[str, float]]]


@dataclass(frozen=True, slots=True)
class Cooccurrences:
    """Each row: an English and a French term that stand in the same pair."""

    english: NDArray[np.int64]
    french: NDArray[np.int64]
    pair: NDArray[np.int64]


def main() -> None:
    """Learn, print some entries and save."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of the training data")
    parser.add_argument("--out", type=Path, default=LEXICON)
    options = parser.parse_args()
    started = time.perf_counter()
    english, french, rows = _terms(_pairs(options.data))
    lexicon = learn(english, french, rows)
    with gzip.GzipFile(options.out, "wb", mtime=0) as out:
        out.write(json.dumps(lexicon, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode("utf-8"))
    print(
        f"{len(lexicon['translations']):,} English and {len(lexicon['synonyms']):,} French terms in {time.perf_counter() - started:.0f} s, {options.out.stat().st_size / 1e3:.0f} kB"
    )


def learn(english: list[str], french: list[str], rows: Cooccurrences) -> Lexicon:
    """Return the likely translations of each English term, and the French terms that share translations with each other."""
    kinds, inverse, counts = np.unique(rows.english * len(french) + rows.french, return_inverse=True, return_counts=True)
    source, target = kinds // len(french), kinds % len(french)
    forward = _model1(source, rows.french, rows.pair, inverse)
    backward = _model1(target, rows.english, rows.pair, inverse)
    translations: dict[str, list[tuple[float, str]]] = {}
    for row in np.flatnonzero((counts >= MIN_PAIRS) & (forward >= MIN_PROBABILITY) & (backward >= MIN_PROBABILITY / 3)):
        pair = (float(np.sqrt(forward[row] * backward[row])), french[target[row]])
        translations.setdefault(english[source[row]], []).append(pair)
    likely = np.flatnonzero((counts >= MIN_PAIRS) & (forward > MIN_PIVOT) & (backward > MIN_PIVOT))
    there: dict[int, list[tuple[int, float]]] = {}
    back: dict[int, list[tuple[int, float]]] = {}
    for row in likely:
        back.setdefault(int(source[row]), []).append((int(target[row]), float(forward[row])))
        there.setdefault(int(target[row]), []).append((int(source[row]), float(backward[row])))
    return {
        "translations": {term: _relative(sorted(found, reverse=True)[:MAX_TRANSLATIONS]) for term, found in translations.items()},
        "synonyms": {french[term]: near for term in there if (near := _pivoted(term, there, back, french))},
    }


def _pivoted(
    term: int, there: dict[int, list[tuple[int, float]]], back: dict[int, list[tuple[int, float]]], french: list[str]
) -> dict[str, float]:
    """Return p(other | term) by way of English (Bannard and Callison-Burch, 2005), for the likeliest others."""
    found: dict[int, float] = {}
    for pivot, probability in there[term]:
        for other, likelihood in back.get(pivot, ()):
            found[other] = found.get(other, 0.0) + probability * likelihood
    found.pop(term, None)
    best = sorted(found.items(), key=lambda pair: -pair[1])[:MAX_SYNONYMS]
    return {french[other]: round(value, 2) for other, value in best if value >= MIN_SYNONYM}


def _model1(given: NDArray[np.int64], made: NDArray[np.int64], pair: NDArray[np.int64], inverse: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return p(made | given) for each kind of co-occurrence, by expectation and maximisation.

    ``given`` holds a term for each kind, ``made`` and ``pair`` a term and a pair for each co-occurrence.
    """
    _, slot = np.unique(pair * (int(made.max()) + 1) + made, return_inverse=True)
    probability = np.ones(len(given))
    for _ in range(ROUNDS):
        shares = probability[inverse]
        totals = np.bincount(slot, weights=shares)
        expected = np.bincount(inverse, weights=shares / totals[slot], minlength=len(given))
        probability = expected / np.bincount(given, weights=expected)[given]
    return probability


def _relative(options: list[tuple[float, str]]) -> dict[str, float]:
    best = options[0][0]
    return {term: round(value / best, 2) for value, term in options if value > best / 10}


def _pairs(folder: Path) -> Iterable[Pair]:
    away = data.held_out_queries(folder)
    yield from data.training_only(data.general_pairs(folder), away)
    yield from data.training_only((p for p in data.english_pairs(folder) if p.source in _KINDS), away)


def _terms(pairs: Iterable[Pair]) -> tuple[list[str], list[str], Cooccurrences]:
    numbers: tuple[dict[str, int], dict[str, int]] = ({}, {})
    columns: tuple[list[int], list[int], list[int]] = ([], [], [])
    for row, pair in enumerate(pairs):
        sides = [_numbered(pair.query, analyse_english, numbers[0]), _numbered(pair.passage, analyse, numbers[1])]
        for left in sides[0]:
            columns[0].extend([left] * len(sides[1]))
            columns[1].extend(sides[1])
            columns[2].extend([row] * len(sides[1]))
    return list(numbers[0]), list(numbers[1]), Cooccurrences(*(np.array(column, dtype=np.int64) for column in columns))


def _numbered(text: str, terms: Callable[[str], list[str]], numbers: dict[str, int]) -> list[int]:
    return [numbers.setdefault(term, len(numbers)) for term in list(dict.fromkeys(terms(text)))[:MAX_TERMS]]


if __name__ == "__main__":
    main()
