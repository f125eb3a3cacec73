"""What a question's words may be called in the documents: translations, acronyms, everyday words, spellings.

Reads the glossary (``data/glossary.toml``, edited by hand), everyday words (``data/everyday.jsonl``) and the English-French
lexicon (``models/lexicon.json.gz``, learned: ``training/lexicon.py``). Knows an index only by which words it holds. A
question's own words always count most.
"""

from __future__ import annotations

import gzip
import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from assistant.lexical import LexicalIndex, Term, Variant, analyse, analyse_english
from assistant.spelling import elided
from assistant.text import fold, words

GLOSSARY = Path(__file__).parent / "data" / "glossary.toml"
EVERYDAY = Path(__file__).parent / "data" / "everyday.jsonl"
LEXICON = Path(__file__).parent / "models" / "lexicon.json.gz"

GLOSSARY_WEIGHT = 0.5
LEXICON_WEIGHT = 0.9
SPELLING_WEIGHT = 0.8
SYNONYM_WEIGHT = 2.0
"""Weights of a word put beside the question's own, before the likelihood of a translation or synonym; see training/LOG.md."""
_MIN_MISSPELT = 4
"""Letters from which an unknown word may be a misspelt known one."""

_Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Glossary:
    """The glossary, ready to look up: folded words of what people say -> analysed terms of what documents say."""

    phrases: Mapping[_Phrase, tuple[_Phrase, ...]]
    acronyms: Mapping[str, tuple[_Phrase, ...]]
    ordinary: frozenset[str]
    """Acronyms that are also words: read as acronyms in capitals only."""
    short: Mapping[str, str]
    longest: int
    """Words of the longest phrase."""


def expand(question: str, language: str, index: LexicalIndex) -> tuple[Term, ...]:
    """Return the terms to search for a question, each with what it may be called in the documents."""
    glossary = _glossary()
    said = words(question)
    capitals = {fold(token) for token in re.findall(r"\b[A-Z][A-Z0-9-]+\b", question)}
    terms: dict[str, Term] = {}
    for word in dict.fromkeys(said):
        for stem in analyse(word):
            variants = [*_glossed(word, capitals, glossary), *_translated(word, stem, language, index)]
            if not index.knows(stem) and not any(index.knows(s) for v in variants for s in v.stems):
                variants = _respelt(word, index)
            terms.setdefault(stem, Term(stem, tuple(variants)))
    for phrase in _phrases(said, glossary):
        key = " ".join(phrase)
        variants = [Variant(target, GLOSSARY_WEIGHT) for target in glossary.phrases[phrase]]
        terms.setdefault(key, Term(None, tuple(variants), tuple(analyse(key))))
    return tuple(terms.values())


def spell_out(question: str) -> str:
    """Return a question with the short forms of messages written out.

    >>> spell_out("c koi kel salaire pr 1 ETI")
    "c'est quoi quel salaire pour 1 ETI"
    >>> spell_out("combien dexperts pour lagence")
    "combien d'experts pour l'agence"
    """
    short = _glossary().short
    shouted = question.isupper()

    def written(match: re.Match[str]) -> str:
        token = match.group()
        return short.get(token.lower()) or elided(token) if token.islower() or shouted else token

    return re.sub(r"(?<![\w'’])\w+(?![\w'’])", written, question)


def _glossed(word: str, capitals: set[str], glossary: Glossary) -> Iterator[Variant]:
    targets = list(glossary.phrases.get((word,), ()))
    if word in capitals or word not in glossary.ordinary:
        targets += glossary.acronyms.get(word, ())
    yield from (Variant(target, GLOSSARY_WEIGHT) for target in targets)


def _phrases(said: Sequence[str], glossary: Glossary) -> Iterator[_Phrase]:
    """Yield the phrases of several words that the glossary knows and the question holds."""
    for length in range(2, glossary.longest + 1):
        for start in range(len(said) - length + 1):
            phrase = tuple(said[start : start + length])
            if phrase in glossary.phrases:
                yield phrase


def _translated(word: str, stem: str, language: str, index: LexicalIndex) -> Iterator[Variant]:
    """Yield the translations of an English word (or of an unknown one, which may be English), else near-synonyms."""
    if language == "en" or not index.knows(stem):
        for english in analyse_english(word):
            for french, likelihood in _lexicon()["translations"].get(english, {}).items():
                if french != stem:
                    yield Variant((french,), LEXICON_WEIGHT * likelihood)
    if language == "fr":
        for french, likelihood in _lexicon()["synonyms"].get(stem, {}).items():
            yield Variant((french,), min(SYNONYM_WEIGHT * likelihood, GLOSSARY_WEIGHT))


def _respelt(word: str, index: LexicalIndex) -> list[Variant]:
    """Return the known words that an unknown one may be meant for: one letter off, two in a long word."""
    if len(word) < _MIN_MISSPELT or word.isdigit():
        return []
    return [Variant(terms, SPELLING_WEIGHT) for terms in _analysed(index.similar(word))]


@cache
def _glossary() -> Glossary:
    with GLOSSARY.open("rb") as source:
        read = tomllib.load(source)
    phrases: dict[_Phrase, tuple[_Phrase, ...]] = {}
    acronyms: dict[str, tuple[_Phrase, ...]] = {}
    for acronym, meanings in read["acronyms"].items():
        acronyms[fold(acronym)] = _analysed(meanings)
        for meaning in meanings:
            said = tuple(words(meaning))
            if len(said) > 1:
                phrases[said] = (*phrases.get(said, ()), *_analysed([acronym]))
    everyday = [json.loads(line) for line in EVERYDAY.read_text(encoding="utf-8").splitlines()]
    for entry in [*read["everyday"], *everyday]:
        found = _analysed(entry["find"])
        for say in entry["say"]:
            if said := tuple(words(say)):
                phrases[said] = tuple(dict.fromkeys((*phrases.get(said, ()), *found)))
    return Glossary(phrases, acronyms, frozenset(read["ordinary"]), read["short"], max(map(len, phrases), default=0))


def _analysed(texts: Sequence[str]) -> tuple[_Phrase, ...]:
    return tuple(terms for text in texts if (terms := tuple(analyse(text))))


@cache
def _lexicon() -> dict[str, dict[str, dict[str, float]]]:
    read: dict[str, dict[str, dict[str, float]]] = json.loads(gzip.decompress(LEXICON.read_bytes()))
    return read
