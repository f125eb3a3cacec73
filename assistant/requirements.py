"""What a sheet asks of a person and says of the work in its prose: studies, experience, languages, start, remote work.

Each is read from a sentence that speaks of it, so that a figure met elsewhere is never taken for a requirement.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.dates import parse_date, parse_deadline
from assistant.schema import Document
from assistant.text import Span, fold, fold_with_offsets, sentences
from assistant.vocabulary import EDUCATION, find, remote, skills, years


@dataclass(frozen=True, slots=True)
class Statement:
    """A field read in prose: ``document.text[start:end] == quote``."""

    field: str
    quote: str
    start: int
    end: int


_Found = tuple[str, int, int]
"""A field and the span of its words in the folded sentence."""
_NOT_SAID = re.compile(
    r"\b(?:n'est|ne sont|n'a) pas (?:reprise?s?|precisee?s?|connue?s?|indiquee?s?)|\bis not (?:repeated|specified|known|given)\b|"
    r"\b(?:il n'y a|n'a) pas de (?:date limite|salaire|langue)|\baucune date limite\b|\bno (?:closing date|deadline)\b"
)
_SOUGHT = re.compile(
    r"diplome|formation|niveau|titulaire|profil|etudes|degree|qualification|education|academic|requis|exige|demande|comporte|asks for|required|must|au moins|minimum"
)
_EXPERIENCE = re.compile(r"experience|anciennete")
_LANGUAGE = re.compile(
    r"\b(?:langues?|languages?|maitrise|maitriser|parle[rz]?|parlee?s?|courant\w*|couramment|fluen\w+|proficien\w+|command of|connaissance|notions|pratique|knowledge|appreci\w+|atout|un plus|bilingue|linguisti\w+|[abc][12])\b"
)
_START = re.compile(
    r"(?:prise de (?:poste|fonctions?)|premiere intervention|prend effet|prise d'effet|debut (?:de (?:la )?mission|du contrat|souhaite|prevu|previsionnel)?|demarrage|commence\w*|start\w*|entree en fonctions?|a compter du|\bfrom)"
    r"[^.;\n]{0,45}?(?=(?:\d{1,2}(?:er|st|nd|rd|th)? [a-z]{3,9} |\d{1,2}/\d{1,2}/|(?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre|"
    r"january|february|march|april|may|june|july|august|september|october|november|december) )(?:19|20)\d\d)"
)
_WHEN = re.compile(r"(?:\d{1,2}(?:er|st|nd|rd|th)? )?(?:[a-z]{3,9} )?(?:\d{1,2}/\d{1,2}/)?(?:19|20)\d\d")
_DEADLINE = re.compile(
    r"(?:candidatures?|applications?|postuler|apply|date limite|deadline|dossiers?|cloture)[^.;\n]{0,60}?(?:jusqu'au|avant le|au plus tard le|until|before|by|\ble|\bon|:)\s*(?P<date>(?:\d{1,2}|\d{4}|[a-z]{3,9} \d{1,2})[^;\n]{3,30})"
)
_LASTING = re.compile(
    r"(?:contrats?|missions?|postes?|duree|engagement|assignment|contract|position)[^.;\n]{0,40}?\b(?:conclue?s? pour|d'une duree de|duree de|est de|dure|pour une duree de|for a period of|lasts?|runs for|of)\s+(?=(?:un|une|deux|trois|quatre|cinq|six|\d{1,3}|one|two|three|four|a)\s*(?:ans?|annees?|mois|years?|months?)\b)"
)
_ADMITTED = re.compile(
    r"\b(?:sont admise?s?|est ouverte? (?:a|aux)|sont eligibles|peuvent (?:postuler|candidater|repondre|se presenter|deposer)|(?:est )?reservee?s? (?:a|aux)|seule?s? les?\b.{3,80}\b(?:admise?s?|postuler|candidater)|may apply|can apply|are eligible|(?:is )?open to)\b"
)
_CLOSED = re.compile(
    r"\b(?:annonce close|offre close|closed posting|ne doit pas etre tenue pour ouverte|candidatures? closes?|must not be taken as open)\b"
)
_OPTIONAL = re.compile(
    r"\b(?:avantage|bienvenue?s?|welcome|atout|souhait\w+|appreci\w+|serait un plus|un plus|asset|desirable|advantage|facultati\w+)\b"
)


def statements(document: Document, fields: Sequence[Span]) -> Iterator[Statement]:
    """Yield what the prose of a sheet says outside its fields: of each field the first sentence that gives it, of languages all."""
    told: set[str] = set()
    for begin, end in sentences(document.text):
        if any(start <= begin < stop for start, stop in fields):
            continue
        for one in _of_sentence(document.text, begin, end):
            if one.field not in told or one.field == "languages":
                told.add(one.field)
                yield one


def _of_sentence(text: str, begin: int, end: int) -> Iterator[Statement]:
    folded, offsets = fold_with_offsets(text[begin:end])
    for field, first, last in _spans(folded):
        a, b = begin + offsets[first], begin + offsets[last - 1] + 1
        yield Statement(field, text[a:b], a, b)


def _spans(folded: str) -> Iterator[_Found]:
    """Yield the fields that a folded sentence gives, with the spans of the words that give them."""
    whole = (0, len(folded))
    if _NOT_SAID.search(folded):
        yield "not_said", *whole
        return
    yield from _person(folded)
    for field, pattern in (("admitted", _ADMITTED), ("closed", _CLOSED)):
        if pattern.search(folded):
            yield field, *whole
    yield from _work(folded)


def _person(folded: str) -> Iterator[_Found]:
    """Yield what a sentence asks of a person."""
    if _SOUGHT.search(folded) and (levels := find(EDUCATION, folded)):
        yield "education", _clause_start(folded, levels[0][1][0]), _clause_end(folded, levels[-1][1][1], levels[0][1][0])
    if (known := _EXPERIENCE.search(folded)) and (counted := years(folded)):
        nearest = min(counted, key=lambda one: min(abs(one[1][0] - known.end()), abs(known.start() - one[1][1])))
        yield "experience", min(nearest[1][0], known.start()), max(nearest[1][1], known.end())
    if _LANGUAGE.search(folded) and (spoken := skills(folded)):
        yield "languages", spoken[0].start, len(folded)


def _work(folded: str) -> Iterator[_Found]:
    """Yield what a sentence says of the work: its start, length, place and deadline."""
    if (opening := _START.search(folded)) and (when := _WHEN.search(folded, opening.end())):
        yield "start", when.start(), when.end()
    if lasting := _LASTING.search(folded):
        yield "duration", lasting.end(), _end_of_clause(folded, lasting.end())
    if remote(folded) is not None:
        yield "remote", 0, len(folded)
    if (closing := _DEADLINE.search(folded)) and parse_deadline(closing["date"]):
        yield "deadline", closing.start("date"), len(folded)


def _end_of_clause(folded: str, start: int) -> int:
    """Return where the words of a duration end, its renewal included (``deux ans, reconductible une fois``)."""
    found = re.match(r"[^,;.(]*(?:,? ?\(?(?:eventuellement )?(?:renouvel|reconduct|renew|prolong|extend)[^,;.)]*\)?)?", folded[start:])
    return start + (found.end() if found else 0)


def _clause_start(folded: str, at: int) -> int:
    """Return where the words about a diploma start (``diplôme de niveau Bac+5``)."""
    opening = re.search(r"(?:diplome|formation|niveau|titulaire|degree)[^,;.]{0,30}$", folded[:at])
    return opening.start() if opening else at


def _clause_end(folded: str, last: int, first: int) -> int:
    """Return where they end: with the field of study that follows, at most."""
    following = re.match(r"\)?(?: (?:en|in|dans) [^,;.]{3,60}?(?= et \d| and \d|[,;.]|$))?", folded[max(first, last) :])
    return max(first, last) + (following.end() if following else 0)


def deadline_told(sentence: str) -> dt.date | None:
    """Return the last day to apply that a sentence tells, None where it tells none.

    >>> deadline_told("Les candidatures sont reçues jusqu'au 12 mars 2027.")
    datetime.date(2027, 3, 12)
    """
    closing = _DEADLINE.search(fold(sentence))
    found = parse_deadline(closing["date"]) if closing else None
    return found.date() if found else None


def start_day(text: str) -> str | None:
    """Return the ISO date of a start that names a day, None where it names but a month or a year.

    >>> start_day("1er octobre 2027"), start_day("juin 2027")
    ('2027-10-01', None)
    """
    day = parse_date(text)
    return day.isoformat() if day else None


def is_optional(text: str) -> bool:
    """Tell whether a requirement is but an asset.

    >>> is_optional("le portugais serait un plus")
    True
    """
    return bool(_OPTIONAL.search(text))
