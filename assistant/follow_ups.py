"""Follow-ups rewritten to stand alone, by rules over the conversation.

What a follow-up names (another year, place, scheme, status) takes the place of what the last question named; where it names
nothing of the kind, the last question is added to it. Knows no index.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.asking import Asked, asked_for
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
_REFERS = re.compile(
    r"\b(?:leur (?=[a-z]+(?:er|ir|re)\b)|lui (?=[a-z]+(?:er|ir|re)\b)|la-dessus|la-bas|dedans|(?:le|la|les) (?=demander|joindre|contacter|obtenir|renouveler))"
)
_OPENING = re.compile(r"^(?:(?:et|and|mais|but|ou|or|alors|sinon)\b[ ,]*)?(?:(?:what|how) about |qu'en est[- ]il )?")
_JOINED = re.compile(r"\b(?:(?:hors|outside|en|in|au|aux|à|a|dans|for|pour|de|du|des|la|le|les|the) |d'|d’|l'|l’)+$", re.IGNORECASE)
"""What joins a place to the rest of a question."""
_FEW_TERMS = 3
"""Terms up to which a question may rest on the last one without a word that says so."""
_SOME_TERMS = 5
"""The same, with a word that surely refers back."""
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
    changed = _changed(question, last)
    if changed or asked_for(question) is Asked.OTHER:
        return changed or f"{question} ({last})"
    return f"{question} ({_replaced(question, _subject(last))})"


def _subject(last: str) -> str:
    """Return what a question is about, without what it asks of it: a question that asks something else needs but that.

    >>> _subject("Quel est le budget maximum d'un jumelage ?"), _subject("La stratégie prévoit combien d'argent ?"), _subject("Qui la dirige ?")
    ('un jumelage', 'La stratégie prévoit', 'Qui la dirige ?')
    """
    nested = _NESTED.match(last)
    if nested:  # a follow-up itself: what it asks is over, what it adds is kept
        kept = asked_for(nested["own"]) in {Asked.OTHER, Asked.YES_NO}
        return f"{nested['own']} ({_subject(nested['about'])})" if kept else _subject(nested["about"])
    folded, offsets = fold_with_offsets(last)
    opening, closing = _ASKS.match(folded), _ASKS_LAST.search(folded)
    if opening and analyse(folded[opening.end() :]):
        return last[offsets[opening.end()] :].strip(" ?")
    if closing and analyse(folded[: closing.start()]):
        return last[: offsets[closing.start()]].strip(" ,?")
    return last


_NOUN = r"[a-z-]+(?: (?!(?:de|du|des|d'|pour|of|for)\b)[a-z-]+){0,2}"
_ASKS = re.compile(
    rf"(?:et )?(?:(?:quel(?:le)?s?|what|which) (?:est|sont|etait|etaient|sera|seront|is|are|was|were) (?:le |la |les |l'|the )?{_NOUN} (?:de la |de l'|des |du |de |d'|of the |of |pour |for )|"
    r"(?:combien|how many|how much)(?: (?:de |d')?[a-z]+)? |(?:c'est quoi|qu'est[- ]ce que?|what is|what are) (?:c'est que |l'|le |la |les |the |qu')?)"
)
"""What a question asks of something, at its beginning, folded."""
_NESTED = re.compile(r"(?P<own>[^()]+) \((?P<about>.+)\)$")
_ASKS_LAST = re.compile(r"[ ,](?:c'est |elle |il )?(?:combien|quand|ou|comment|pourquoi|quel(?:le)?s? [a-z]+)(?: [a-z' ]{0,20})?\?$")
"""The same, at its end (``La stratégie prévoit combien par an ?``)."""


def _replaced(question: str, subject: str) -> str:
    """Return a subject with the name of its kind that a question gives in the place of its own, where each gives one."""
    for named in (_years, _places, _acronyms, _proper_names):
        now, before = list(named(question)), list(named(subject))
        alone = named in {_years, _acronyms} or (len(before) == 1 and _JOINED.search(subject[: before[0][0]]))
        if len(now) == len(before) == 1 and alone:
            return _in_its_place(question, now[0], subject, before[0], joined=False)
    return subject


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
    return bool(
        _FOLLOWS.search(folded)
        or (count <= _FEW_TERMS and _PRONOUN.search(folded))
        or (count <= _SOME_TERMS and _REFERS.search(folded))
        or count <= 1
    )


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
            whole = _in_its_place(said, now[0], last, before[0], joined=named in {_places, _proper_names})
            return whole if named is _years else _PERIOD.sub("", whole)
    return None


_PERIOD = re.compile(r"(?: (?:sur|pour|de|en|in|for|of))?(?: la période)? (?:19|20)\d\d ?[-–] ?(?:19|20)\d\d\b")
"""The years of a plan: another country's, or scheme's, are others."""


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
