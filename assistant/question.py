"""Reads a question: its language, what it wants done, the filters it names, and what a follow-up leaves unsaid.

Rules only, no model. Knows words, places and domains; not the index.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.expansion import spell_out
from assistant.lexical import analyse
from assistant.missions import contracts_in, domains_in
from assistant.places import countries_in, zones_in
from assistant.schema import Filters, Intent, Query, Turn
from assistant.text import fold, language_of, squeeze

MAX_QUESTION = 2_000
"""Characters of a question that are read; more is a pasted document."""

_SOCIAL = re.compile(
    r"(?:re)?(?:bonjour|bonsoir|salut|coucou|hello|hi|hey|good (?:morning|evening)|merci(?: beaucoup| bien)?|thanks?(?: you)?(?: very much)?|thank you(?: so much)?|"
    r"au revoir|a bientot|bye|goodbye|bonne (?:journee|soiree)|ok|d'accord|parfait|super|genial|ca va|comment (?:ca va|vas-tu|allez-vous)|how are you|"
    r"(?:qui|que) (?:es[- ]tu|etes[- ]vous)|tu es qui|vous etes qui|who are you|what are you|what can you do|que (?:sais|peux)[- ]tu faire|que (?:savez|pouvez)[- ]vous faire|"
    r"c'est quoi (?:ton|votre) (?:nom|role)|comment (?:tu )?t'appelles[- ]tu|aide|help)"
)
_SOCIAL_GLUE = re.compile(
    r"^(?:[\s,;!.?]|tout le monde|a tous|madame|monsieur|pour (?:tout|votre aide|ton aide|la reponse|l'aide)|l'assistant|assistant|et|and|a vous|for your help|everyone)*$"
)

_MISSION_NOUN = re.compile(
    r"\b(?:missions|postes?|offres?|annonces|postings|jobs|positions|vacanc(?:y|ies)|openings|fiches de mission|fiches|appels a candidatures|boulots?|opportunites|assignments|recrutements)\b"
)
_LISTING_VERB = re.compile(
    r"\b(?:quel(?:le)?s?|lesquel(?:le)?s|liste[rz]?|combien de|montre[rz]?|affiche[rz]?|donne[rz]?|cherche|trouve[rz]?|y a[- ]t[- ]il|il y a|avez[- ]vous|as[- ]tu|toutes les|"
    r"which|what|list|show|find|how many|any|are there|is there|looking for)\b"
)
_NOT_LISTING = re.compile(
    r"dans quel(?:le)?s? (?:pays|villes?)|what is the |when is |who is |(?:in|what|which) (?:which |what )?(?:countr|cit)|\btypes? de (?:missions?|postes?)|(?:duree|longueur) (?:moyenne |maximale )?d(?:'une|es|e la) missions?|combien de temps|familles? de missions|missions? d'un|"
    r"missions? (?:du|de l'|des) (?:eti|end|departement|service|ministere|agence|conseill|expert|rta|scac|cocac)|missions? principales|types? of (?:missions?|postings?)|how long|"
    r"quel(?:le)?s? (?:est|sont) (?:la |le |les |l')(?!missions|postes|offres|annonces|fiches|opportunites|appels|recrutements)"
)
_OPEN = re.compile(
    r"\b(?:ouvert(?:e)?s?|open|en cours|disponibles?|available|encore|actuellement|current(?:ly)?|a pourvoir|postuler|still|vacant)\b"
)
_REFERENCE = re.compile(r"\b\d{4}/[A-Z][A-Z0-9&-]*/\d{2,6}\b", re.IGNORECASE)
_NUMBER = re.compile(r"(?:mission|poste|offre|fiche|annonce|reference|ref\.?|posting|job|n°)\s*(?:n°|numero|number|#)?\s*(\d{4,6})\b")

_FOLLOW_UP = re.compile(
    r"^(?:et|and|mais|but|ou|or|alors|sinon|aussi)\b|^(?:what|how) about\b|\b(?:celles?|ceux|celui)(?:-ci|-la)?\b|^(?:elle|il|elles|ils|it|they|c'est)\b"
)
_PRONOUN = re.compile(
    r"\b(?:elle|il|elles|ils|y|en|lui|leur|cette (?:mission|strategie|offre)|ce (?:poste|dispositif|contrat)|it|they|its|their|this|that)\b"
)
_FEW_TERMS = 3


def understand(question: str, history: Sequence[Turn] = ()) -> Query:
    """Return a question as understood, its follow-up completed from the last question."""
    original = squeeze(question)[:MAX_QUESTION]
    language = language_of(original, default=language_of(history[-1].question) if history else "fr")
    if _is_social(original):
        return Query(original, language, original, Intent.SOCIAL)
    text = _standalone(spell_out(original) if language == "fr" else original, history)
    folded = fold(text)
    reference = _REFERENCE.search(text)
    number = _NUMBER.search(folded)
    named = reference.group().upper() if reference else number.group(1) if number else None
    listing = named is None and bool(_MISSION_NOUN.search(folded) and _LISTING_VERB.search(folded) and not _NOT_LISTING.search(folded))
    return Query(
        text=text,
        language=language,
        original=original,
        intent=Intent.LISTING if listing else Intent.QUESTION,
        filters=_filters(text) if listing else Filters(),
        reference=named,
    )


def _is_social(text: str) -> bool:
    folded = fold(text).strip()
    rest = _SOCIAL.sub("", folded)
    return rest != folded and bool(_SOCIAL_GLUE.match(rest))


def _standalone(question: str, history: Sequence[Turn]) -> str:
    """Return the question with the last one's words added where it cannot stand alone."""
    if not history:
        return question
    folded = fold(question)
    few = len(analyse(question)) <= _FEW_TERMS
    if _FOLLOW_UP.search(folded) or (few and _PRONOUN.search(folded)) or len(analyse(question)) <= 1:
        return f"{question} ({history[-1].question})"
    return question


def _filters(text: str) -> Filters:
    folded = fold(text)
    inside = zones_in(text)
    spans = [span for _, span in inside]
    countries = [code for code, span in countries_in(text) if not any(a <= span[0] and span[1] <= b for a, b in spans)]
    contracts = contracts_in(text)
    return Filters(
        countries=frozenset(countries),
        zones=frozenset(key for key, _ in inside),
        domains=domains_in(text),
        contracts=contracts,
        open_only=bool(_OPEN.search(folded)),
    )
