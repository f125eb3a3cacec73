"""Misspelt words of a question about missions, brought back to the names and words that filters know.

Only a word that neither French nor English has, as far as the shipped vocabulary tells, is touched.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from assistant.dates import MONTH_NAMES
from assistant.domains import domains
from assistant.embedding import SHIPPED
from assistant.places import place_words

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


def corrected(folded: str) -> str:
    """Return a folded text with its misspelt words replaced by the known word that sounds the same or nearly.

    >>> corrected("une mision numerik a madagaskar")
    'une mission numerique a madagascar'
    """
    return re.sub(rf"[a-z]{{{_SHORTEST},}}", lambda match: _nearest(match.group()), folded)


@cache
def _nearest(word: str) -> str:
    if word in _known() or word in _language():
        return word
    if word[0] in "ld" and word[1] in "aeiouh" and word[1:] in _known():  # an apostrophe left out
        return f"{word[0]}'{word[1:]}"
    sound = _sound(word)
    sounds = _sounds()
    if sound in sounds:
        return sounds[sound]
    if len(sound) < _NEAR:
        return word
    near = process.extractOne(sound, sounds.keys(), scorer=OSA.distance, score_cutoff=1)
    return sounds[near[0]] if near and near[0][0] == sound[0] else word


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
