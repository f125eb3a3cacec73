"""Misspelt words of a question about missions, brought back to the names and words that filters know.

Only a word that neither French nor English has, as far as the shipped vocabulary tells, is touched.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from functools import cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from assistant.dates import MONTH_NAMES
from assistant.domains import domains
from assistant.embedding import SHIPPED
from assistant.places import place_words
from assistant.text import fold

_SHORTEST = 4
"""Letters of the shortest word that is corrected."""
_NEAR = 6
"""Letters of sound from which one of them may differ."""
_OWN_WORDS = (
    "mission missions poste postes offre offres annonce annonces fiche fiches ouverte ouvertes ouvert ouverts close closes fermee cloture cloturent date limite deadline "
    "contrat contrats salarie independant portage salarial prestation quelle quelles combien liste lister encore actuellement disponible disponibles candidater postuler "
    "anglais francais espagnol portugais arabe duree mois semaine annee experience niveau doctorat licence master pays zone which mission open closed position positions jobs "
    "numerique justice sante education agriculture culture climat environnement gouvernance securite finances migration genre emploi sport urbain humanitaire"
).split()


def corrected(folded: str, own: Callable[[str], bool] = lambda _: False) -> str:
    """Return a folded text with its misspelt words replaced by the known word that sounds the same or nearly.

    ``own`` tells the words of the sheets, which are left as they are.

    >>> corrected("une mision numerik a madagaskar")
    'une mission numerique a madagascar'
    """
    return re.sub(rf"[a-z]{{{_SHORTEST},}}", lambda match: match.group() if own(match.group()) else _nearest(match.group()), folded)


@cache
def _nearest(word: str) -> str:
    if word in _known() or word in _language():
        return word
    if word[0] in _ELIDED and word[1] in _VOWELS and word[1:] in _known():
        return f"{word[0]}'{word[1:]}"
    sound = _sound(word)
    sounds = _sounds()
    if sound in sounds:
        return sounds[sound]
    if len(sound) < _NEAR:
        return word
    near = process.extractOne(sound, sounds.keys(), scorer=OSA.distance, score_cutoff=1)
    return sounds[near[0]] if near and near[0][0] == sound[0] else word


def is_word(folded: str) -> bool:
    """Tell whether French or English has a word, as far as the shipped vocabulary tells."""
    return folded in _language()


def elided(word: str) -> str:
    """Return a word with the apostrophe that was left out of it, itself where it is a word or makes none.

    >>> elided("lagence"), elided("lourd"), elided("dexpertise")
    ("l'agence", 'lourd', "d'expertise")
    """
    folded = fold(word)
    if (
        len(word) < _ELIDED_WORD
        or len(folded) != len(word)
        or folded in _language()
        or folded[0] not in _ELIDED
        or folded[1] not in _VOWELS
    ):
        return word
    return f"{word[0]}'{word[1:]}" if folded[1:] in _language() else word


_ELIDED, _VOWELS = "ld", "aeiouyh"
"""Letters that stand before an apostrophe, and those that stand after it."""
_ELIDED_WORD = 6
"""Letters of the shortest word in which an apostrophe is put back."""
_SPELLINGS = (
    (r"ph", "f"), (r"qu(?=[eiao])|q|ck", "k"), (r"c(?=[eiy])|ss|z|x(?=[eiy])", "s"), (r"c(?!h)", "k"), (r"th", "t"), (r"y", "i"), (r"eaux?|aux?", "o"),
    (r"ai|ei", "e"), (r"g(?=[eiy])", "j"), (r"h", ""), (r"(.)\1+", r"\1"), (r"(?:ent|es|e|s|t|x)$", ""), (r"(?:e|s|t)$", ""),
)  # fmt: skip
"""How a written word sounds, roughly: what is written in several ways becomes one."""


def _sound(word: str) -> str:
    for pattern, replacement in _SPELLINGS:
        word = re.sub(pattern, replacement, word)
    return word


@cache
def _sounds() -> dict[str, str]:
    return {_sound(word): word for word in sorted(_known(), reverse=True)}


@cache
def _known() -> frozenset[str]:
    return frozenset([*_OWN_WORDS, *place_words(), *MONTH_NAMES.split("|"), *_domain_words()])


def _domain_words() -> Iterable[str]:
    for domain in domains().values():
        yield from re.findall(r"[a-z]{4,}", domain.fr.lower())
        yield from re.findall(r"[a-z]{4,}", domain.en.lower())


@cache
def _language() -> frozenset[str]:
    """Return the whole words of the shipped vocabulary, French and English."""
    vocabulary = json.loads((SHIPPED / "tokenizer.json").read_text(encoding="utf-8"))["model"]["vocab"]
    return frozenset(word for word in vocabulary if not word.startswith("##"))
