"""Follow-ups rewritten to stand alone, by rules over the conversation.

What a follow-up names (another year, place, scheme, status) takes the place of what the last question named; where it names
nothing of the kind, the last question is added to it. Knows no index.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.lexical import analyse
from assistant.places import countries_in, zones_in
from assistant.schema import Turn
from assistant.text import Span, fold, fold_with_offsets

_FOLLOWS = re.compile(
    r"^(?:et|and|mais|but|ou|or|alors|sinon|aussi)\b|^(?:what|how) about\b|\b(?:celles?|ceux|celui)(?:-ci|-la)?\b|^(?:elle|il|elles|ils|it|they|c'est)\b"
)
_PRONOUN = re.compile(
    r"\b(?:elle|il|elles|ils|y|en|lui|leur|cette (?:mission|strategie|offre)|ce (?:poste|dispositif|contrat)|it|they|its|their|this|that)\b"
)
_OPENING = re.compile(r"^(?:(?:et|and|mais|but|ou|or|alors|sinon)\b[ ,]*)?(?:(?:what|how) about |qu'en est[- ]il )?")
_JOINED = re.compile(r"\b(?:(?:hors|outside|en|in|au|aux|à|a|dans|for|pour|de|du|des|la|le|les|the) |d'|d’|l'|l’)+$", re.IGNORECASE)
"""What joins a place to the rest of a question."""
_FEW_TERMS = 3
"""Terms up to which a question may rest on the last one without a word that says so."""
_CHANGED_TERMS = 3
"""Terms up to which a follow-up but names what changes."""
_REMEMBERED = 4
"""Turns back that a follow-up of follow-ups is completed from."""

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_NEXT = re.compile(r"\b(?:annee (?:d'apres|suivante)|next year|year after)\b")
_BEFORE = re.compile(r"\b(?:annee (?:d'avant|precedente)|previous year|year before)\b")
_ACRONYM = re.compile(r"\b[A-Z]{2,}\b")
_PROPER = re.compile(r"(?<=[\w’'] )[A-ZÀÉÈÊÎÔÛÇŒ][\w’-]+|(?<=[dl]['’])[A-ZÀÉÈÊÎÔÛÇŒ][\w’-]+")
"""A capitalised word that opens no sentence: a town, a project."""
_STATUS = re.compile(
    r"\b(?:fonctionnaires?|contractuel(?:le)?s?|titulaires?|salariee?s?|independante?s?|freelances?|etudiante?s?|retraitee?s?|militaires?|stagiaires?|"
    r"prestataires?|civil servants?|contractors?|students?|employees?|pensioners?)\b"
)


def standalone(question: str, history: Sequence[Turn]) -> str:
    """Return a question that stands alone: itself, where it does.

    >>> standalone("Et en Europe ?", [Turn("Quelle est la couverture hors d'Afrique ?", "")])
    'Quelle est la couverture en Europe ?'
    >>> standalone("Elle commence quand ?", [Turn("Parle-moi de la mission à Hanoï", "")])
    'Elle commence quand ? (Parle-moi de la mission à Hanoï)'
    """
    if not history or not _follows(question):
        return question
    last = _last(history)
    return _changed(question, last) or f"{question} ({last})"


def resting(question: str, history: Sequence[Turn]) -> str | None:
    """Return a short question with the last one added, None where it is long or a follow-up in so many words: it may rest on it or not.

    >>> resting("Combien de priorités ?", [Turn("Parle-moi de la justice", "")])
    'Combien de priorités ? (Parle-moi de la justice)'
    """
    if not history or _follows(question) or len(analyse(question)) > _FEW_TERMS:
        return None
    return f"{question} ({_last(history)})"


def _follows(question: str) -> bool:
    """Tell whether a question is a follow-up in so many words."""
    folded = fold(question)
    count = len(analyse(question))
    return bool(_FOLLOWS.search(folded) or (count <= _FEW_TERMS and _PRONOUN.search(folded)) or count <= 1)


def _last(history: Sequence[Turn]) -> str:
    """Return the last question, standing alone, with the one before where it may rest on it."""
    *earlier, last = history[-_REMEMBERED:]
    return resting(last.question, earlier) or standalone(last.question, earlier)


def _changed(question: str, last: str) -> str | None:
    """Return the last question with what a follow-up names in the place of what it named, None where they name nothing alike."""
    opening = _OPENING.match(fold(question))
    said = question[opening.end() if opening else 0 :].strip(" ?!.")
    if not opening or not opening.group() or len(analyse(said)) > _CHANGED_TERMS:
        return None
    shifted = _shifted(said, last)
    if shifted:
        return shifted
    for named in (_years, _places, _acronyms, _statuses, _proper_names):
        now, before = list(named(said)), list(named(last))
        if len(now) == len(before) == 1:
            return _in_its_place(said, now[0], last, before[0], joined=named in {_places, _proper_names})
    return None


def _in_its_place(said: str, now: Span, last: str, before: Span, *, joined: bool) -> str:
    """Return the last question with one name for another; with ``joined``, what joins it too, where both are joined."""
    start, first = before[0], now[0]
    if joined:
        here, there = _JOINED.search(said[:first]), _JOINED.search(last[:start])
        if here and there:
            first, start = here.start(), there.start()
    return f"{last[:start]}{said[first : now[1]]}{last[before[1] :]}"


def _shifted(said: str, last: str) -> str | None:
    """Return the last question a year later or earlier, where a follow-up asks for that."""
    folded = fold(said)
    step = 1 if _NEXT.search(folded) else -1 if _BEFORE.search(folded) else 0
    return _YEAR.sub(lambda year: str(int(year.group()) + step), last) if step and _YEAR.search(last) else None


def _years(text: str) -> Iterator[Span]:
    return (match.span() for match in _YEAR.finditer(text))


def _places(text: str) -> Iterator[Span]:
    return (span for find in (countries_in, zones_in) for _, span in find(text))


def _acronyms(text: str) -> Iterator[Span]:
    return (match.span() for match in _ACRONYM.finditer(text))


def _proper_names(text: str) -> Iterator[Span]:
    return (match.span() for match in _PROPER.finditer(text))


def _statuses(text: str) -> Iterator[Span]:
    folded, offsets = fold_with_offsets(text)
    return ((offsets[match.start()], offsets[match.end() - 1] + 1) for match in _STATUS.finditer(folded))
