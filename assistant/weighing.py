"""How likely each quotable unit of some passages answers a question: rules, the reader and the network, weighed together.

Knows units and what was asked; does not know how an answer is composed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant import comprehension, reading
from assistant.asking import Asked, constraints, count_named, holds, lacks, lacks_person, noun_asked, opposes, sought
from assistant.lexical import analyse
from assistant.places import countries_in, zones_in
from assistant.schema import Intent, Kind, Query
from assistant.text import fold, words
from assistant.units import Unit

KNOWN = (*reading.FEATURES[1:], "found_to_best", "found", "rank", "is_list", "leads", "is_row", "numbered", "fit", "ruled")
"""What the network is told of a unit beside its words: the reader's features, how well its passage was found, what it is, what the rules say."""

_RULED_WEIGHT = 0.35
"""Weight of the rules and the reader beside the network; this and the next were chosen on the tuning questions (training/LOG.md)."""
_CONSTANT = 0.6
_DEFINES_MORE = 1.5
"""What a definition gains beside the network, which saw few of them."""
_READ = 24
"""Units that the network reads: those that are likeliest by the rest."""
_ENGLISH = 1.0
"""What all units gain where the question is in English: fewer of its words are met in French texts."""
_DOUBTFUL = 2.0
"""What a unit that lacks something of the question loses."""
_TOLD_DOUBTFUL = -8.0
"""What the network is told in the place of the rules' log-odds of such a unit."""

_NO_FIGURE = _NOT_COUNTED = 2.0
"""What a unit loses without a figure, or what is counted, where that is asked."""
_COVERED = [reading.FEATURES.index(name) for name in ("coverage_passage", "coverage_heading")]
_COVERS_LITTLE = 0.3
"""Share of a question under which neither a passage nor its headings hold much of it: 6 right answers in 100 of the tuning sets are under it."""
_UNCOVERED = 1.0
_NO_NOUN = 0.7
"""What it loses where neither it nor what surrounds it has the noun asked for (``quel thème``)."""
_OF_A_SHEET, _DEFINES_LESS = 0.5, 1.0
"""What the words of a posting's sheet lose, and lose more where a definition is asked."""
_NAMELESS = {Asked.LIST, Asked.OTHER, Asked.REASON, Asked.MANNER}
"""Kinds of things that only their noun names."""
_NEAR = 0.5
"""Likeness from which a word stands for another."""

_STRICT = {Asked.AMOUNT, Asked.COUNT, Asked.DURATION, Asked.AGE, Asked.DATE}
"""Kinds of thing whose answer must hold a figure or a date: a sentence without one does not answer."""
_DEFINITION_LOGIT = 3.0
"""What an entry of a glossary gains where a definition is asked."""
_ORDINAL_LOGIT = 2.5
"""What the item that bears the number asked for gains (``la deuxième priorité``)."""
_YEAR_LOGIT = 2.0
"""What a unit that tells of other years than the one asked loses."""
_COUNTRY_ASKED = re.compile(r"\b(?:pays|countr(?:y|ies))\b")
_COUNTRY_LOGIT = 0.8
"""What a unit gains for each country it names, where countries are asked."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """What is known of units before their words are read together with the question, one row or element a unit."""

    known: NDArray[np.float32]
    """Shape (units, len(KNOWN))."""
    ruled: NDArray[np.float64]
    """Log-odds by the reader and the rules."""
    fit: NDArray[np.bool_]
    """Whether nothing of the question is lacking: the kind of thing asked, its years, ordinals and names."""
    doubt: NDArray[np.float64]
    """What it loses for lacking what is asked in so many words."""
    out: NDArray[np.bool_]
    """Whether it is out of the question: what is plainly demanded is lacking."""


def likely(query: Query, view: reading.QuestionView, units: Sequence[Unit]) -> NDArray[np.float64]:
    """Return the probability that each unit answers, shape (len(units),); 0 where it is out of the question."""
    if not units:
        return np.zeros(0)
    weighed = weigh(query, view, units)
    possible = np.flatnonzero(~weighed.out)
    read = possible[np.argsort(-weighed.known[possible, -1], kind="stable")][:_READ]
    logits = comprehension.score(view.text, [units[number].candidate for number in read], weighed.known[read])
    logits += _RULED_WEIGHT * weighed.ruled[read] + _CONSTANT - _DOUBTFUL * ~weighed.fit[read] - weighed.doubt[read]
    logits += _DEFINES_MORE * np.array(
        [view.asked is Asked.DEFINITION and _defines(view, units[number]) for number in read], dtype=np.float64
    )
    logits += _ENGLISH * (query.language == "en")
    probabilities = np.zeros(len(units))
    probabilities[read] = 1 / (1 + np.exp(-logits))
    return probabilities


def weigh(query: Query, view: reading.QuestionView, units: Sequence[Unit]) -> Weighed:
    """Return what rules and the reader say of units, and what the network is told of them."""
    features = reading.features(view, [unit.candidate for unit in units])
    read = reading.predict(features)
    scores = np.array([max(unit.passage.score, 1e-6) for unit in units])
    found = np.log(scores / scores.max())
    own = query.text if query.changed else query.original  # without what it rests on
    countries = view.asked is Asked.PLACE and _COUNTRY_ASKED.search(fold(own)) is not None
    out = np.array([_is_out_of_the_question(view, unit) or _names_none(own, unit, countries=countries) for unit in units])
    fit = np.array([not no and _is_fit(view, unit) for unit, no in zip(units, out.tolist(), strict=True)])
    rules = np.array([_rules(query, view, unit) for unit in units])
    ruled = np.array([_logit(probability) for probability in read.tolist()]) + found + rules
    places = {number: place for place, number in enumerate(dict.fromkeys(unit.passage.number for unit in units))}
    rank = np.array([places[unit.passage.number] / 8 for unit in units])
    kinds = [(unit.is_list, unit.leads, unit.is_row, unit.ordinal is not None) for unit in units]
    told = np.where(fit, ruled, _TOLD_DOUBTFUL)
    odds = np.log(scores / (1 - np.minimum(scores, 1 - 1e-6)))
    known = np.column_stack([features[:, 1:], found, odds, rank, np.array(kinds, dtype=np.float64), fit, told])
    counted = sought(own) if view.asked is Asked.COUNT else None
    noun = noun_asked(own) if view.asked in _NAMELESS else None
    doubt = np.array([_doubt(view, unit, counted, noun) for unit in units])
    doubt += _UNCOVERED * (features[:, _COVERED].max(axis=1) < _COVERS_LITTLE)
    if not query.documents and query.intent is not Intent.LISTING:
        doubt += [_of_a_sheet(view, unit) for unit in units]
    return Weighed(known.astype(np.float32), ruled, fit, doubt, out)


def tells_another_year(view: reading.QuestionView, unit: Unit) -> bool:
    """Tell whether a unit speaks of years, and of none that is asked."""
    asked = {one for one in view.constraints if not one.endswith("e")}
    told = {one for one in constraints(unit.text) if not one.endswith("e")}
    return bool(asked and told and not asked & told)


def _logit(probability: float) -> float:
    probability = min(max(probability, 1e-6), 1 - 1e-6)
    return math.log(probability / (1 - probability))


def _is_out_of_the_question(view: reading.QuestionView, unit: Unit) -> bool:
    """Tell whether what a question plainly demands is lacking: a name, an address, the inside of a place, its years and ordinals, an office.

    So it is where nothing around a unit speaks of anything in the question but its names.
    """
    candidate = unit.candidate
    numbered = {f"{unit.ordinal}e"} if unit.ordinal else set()
    return (
        lacks(view.text, unit.text)
        or opposes(view.text, f"{unit.passage.section} {unit.text}")
        or bool(view.constraints - constraints(f"{candidate.heading} {candidate.passage}") - numbered - _dated(unit))
        or not reading.speaks_of(view, candidate)
        or (view.asked is not Asked.COUNT and not reading.speaks_of_sought(view, candidate))
    )


def _dated(unit: Unit) -> set[str]:
    """Return the years that a document bears in its name or its date."""
    published = unit.passage.published
    return {*constraints(unit.passage.chunk.document.replace("_", " ")), *([str(published.year)] if published else ())}


def _is_fit(view: reading.QuestionView, unit: Unit) -> bool:
    """Tell whether nothing of a question is lacking in a unit that is not out of it: the kind of thing, the item asked for, the names."""
    candidate = unit.candidate
    around = f"{candidate.heading} {candidate.passage}"
    if view.asked in _STRICT and holds(view.asked, unit.text) is False:
        return False
    if view.asked is Asked.COUNT and not reading.speaks_of_sought(view, candidate):
        return False
    numbered = {f"{unit.ordinal}e"} if unit.ordinal else set()
    wanted = {one for one in view.constraints if one.endswith("e")}
    if unit.ordinal and wanted and not wanted & numbered:
        return False
    present = set(words(around))
    missing = [name for name in reading.telling_names(view) if name not in present and not reading.named_otherwise(view, name, around)]
    return not missing or all(_inflected(name, present) for name in missing)


def _names_none(own: str, unit: Unit, *, countries: bool) -> bool:
    """Tell whether a unit names no person where the holder of an office is asked for, or no country where countries are."""
    if countries:
        said = f"{unit.candidate.before} {unit.candidate.text}"
        return not (countries_in(said) or zones_in(said))
    return lacks_person(own, unit.text)


def _doubt(view: reading.QuestionView, unit: Unit, counted: str | None, noun: str | None) -> float:
    """Return what a unit loses for lacking what is asked in so many words: a figure, what is counted, the noun asked for."""
    candidate = unit.candidate
    doubt = 0.0
    if view.asked in _STRICT and holds(view.asked, unit.text) is False:
        doubt += _NO_FIGURE
    if counted and reading.nearness(view, counted, f"{candidate.before} {candidate.text}") < _NEAR:
        doubt += _NOT_COUNTED
    if noun and reading.nearness(view, noun, f"{candidate.heading} {candidate.passage}") < _NEAR:
        doubt += _NO_NOUN
    return doubt


def _of_a_sheet(view: reading.QuestionView, unit: Unit) -> float:
    """Return what a unit of a posting's sheet loses where the question is about no posting."""
    if unit.passage.kind is not Kind.MISSION:
        return 0.0
    return _OF_A_SHEET + (_DEFINES_LESS if view.asked is Asked.DEFINITION else 0.0)


def _inflected(name: str, present: set[str]) -> bool:
    """Tell whether a name occurs in another form (plural, gender), five letters or more in common."""
    return len(name) >= 5 and any(word[:5] == name[:5] for word in present)


def _rules(query: Query, view: reading.QuestionView, unit: Unit) -> float:
    """Return what the kind of a unit adds to its log-odds, by the kind of thing asked."""
    logit = _list_logit(query, view, unit) if unit.is_list else 0.0
    if tells_another_year(view, unit):
        logit -= _YEAR_LOGIT
    if view.asked is Asked.PLACE and _COUNTRY_ASKED.search(fold(query.text)):
        logit += _COUNTRY_LOGIT * min(len(countries_in(unit.text)), 3)
    if unit.ordinal and f"{unit.ordinal}e" in view.constraints:
        logit += _ORDINAL_LOGIT
    if view.asked is Asked.DEFINITION and _defines(view, unit):
        logit += _DEFINITION_LOGIT
    return logit


def _defines(view: reading.QuestionView, unit: Unit) -> bool:
    """Tell whether a unit says what a term stands for: its entry in a glossary, or its words with the acronym in brackets."""
    if any(f"({name})" in fold(unit.text) for name in view.names):
        return True
    opening = words(unit.text)[:6]
    sought = sorted(view.names) or list(view.terms)
    return len(opening) > len(sought) and bool(sought) and all(any(w.startswith(one) for w in opening[: len(sought)]) for one in sought)


def _list_logit(query: Query, view: reading.QuestionView, unit: Unit) -> float:
    wanted = count_named(query.text)
    heading = set(analyse(f"{unit.candidate.heading} {unit.candidate.before}"))
    total = sum(view.weights) or 1.0
    covered = sum(w for t, w in zip(view.terms, view.weights, strict=True) if t in heading) / total
    asks = view.asked is Asked.LIST or wanted is not None
    if not asks:
        return -1.5 + covered
    return 3.0 * covered - 0.5 + (1.5 if wanted == len(unit.items) else 0.0)
