"""A person's words about themselves -> a typed profile: status, studies, experience, languages, nationality, age.

What is not said is unknown. A profile lives as long as the question: nothing stores it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from assistant.places import demonyms_in
from assistant.text import fold
from assistant.vocabulary import EDUCATION, find, skills, years

GROUPS: dict[str, str] = {
    "titular": r"\bfonctionnaires?\b|\b(?:seuls les|reservee?s? aux|uniquement aux) titulaires\b|\b(?:agents?|prof(?:esseure?)?s?|attachee?s? territoriale?s?|enseignante?s?)\s(?:[\w']+\s){0,2}?titulaires?\b|\btitulaires? (?:de la fonction publique|de l'education|en detachement)\b|\bcivil servants?\b",
    "contract": r"\bcontractuel(?:le)?s?\b|\bnon[- ]titulaires?\b|\bsans etre titulaires?\b|\b(?:hopital public|ministere|mairie|collectivite|prefecture|universite)\b[^.;?]{0,20}\ben cd[di]\b",
    "public": r"\bagents? publics?\b|\bagents? de l'etat\b|\badministration publique\b",
    "magistrate": r"\bmagistrate?s?\b",
    "private": r"\bsalariee?s? (?:du|dans le) prive\b|\bemploi salarie\b|\b(?:salariee?|avocate?|consultante?|ingenieure?|cadre|juriste|employee?)\b[^.;?]{0,25}\b(?:d'un|d'une|dans un|dans une|du|dans le|chez un) (?:\w+ )?(?:cabinet|banque|entreprise|societe|ong|cooperative|association|prive|start-?up)\w*\b|"
    r"\bcdi dans une? (?:banque|entreprise|societe|cabinet)\b|\bsecteur prive\b|\bsalariee? d'une? \w+|\bprivate sector\b",
    "outside": r"\bexterieure?s? au secteur public\b|\bhors du secteur public\b|\boutside the public sector\b",
    "contractor": r"\bindependante?s?\b|\bfreelanc\w*\b|\ba (?:mon|son|votre) compte\b|\bentrepreneure?s? individuel(?:le)?s?\b|\bauto-?entrepreneure?s?\b|\bsole traders?\b|\bself[- ]employed\b",
    "umbrella": r"\bportage\b|\bpresentee?s? par une? cabinet\b|\bcabinets? d'expertise\b|\bumbrella compan\w+",
    "student": r"\betudiante?s?\b|\bjeunes? diplomee?s?\b|\bfini(?:r)? mes etudes\b|\bstudents?\b",
    "jobseeker": r"\bau chomage\b|\bdemandeu(?:r|se)s? d'emploi\b|\bsans emploi\b|\bunemployed\b",
    "military": r"\bmilitaires?\b|\bofficiere?s?\b|\barmees?\b|\bsoldate?s?\b|\bmilitary\b",
}
"""Group of persons by their work -> how people and documents name it, folded."""
IMPLIED = {
    "public": frozenset({"titular", "contract", "magistrate"}),
    "outside": frozenset({"private", "contractor", "umbrella", "jobseeker"}),
}
"""Groups that a wider one holds."""
EEA = frozenset("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK".split())
"""Countries of the European Economic Area, ISO 3166-1 (https://www.efta.int/eea)."""

_AGE = re.compile(
    r"\b(?:j'ai|ai|avais|age de|aged|i am|i'm|je suis age de|je fais|,)\s*(\d{2}) ans?\b(?! d'exp| d'anc| de (?:metier|carriere|pratique)| dans)|\b(\d{2}) years old\b|\b(\d{2}) ans,"
)
_NATIONAL = re.compile(r"\b(?:je suis|suis|i am|i'm|de nationalite|nationalite|citoyen(?:ne)?|ressortissante?)\b[^.;?]{0,25}$")
_NATIVE = re.compile(r"\b(?:langue maternelle|natif|native|maternel(?:le)?|bilingue|native speaker|mother tongue)\b")
_FLUENT = re.compile(r"\b(?:couramment|courant|fluent|fluently|parfaitement)\b")
_CONTRACT = re.compile(r"\b(?:cdd|contrat|mission|poste) de $")
"""What comes before the length of a contract, not of an experience."""
_WITHOUT = re.compile(r"\b(?:sans|ni|pas|not|without|no)\b[^,.;]{0,15}$")
_ABROAD = re.compile(r"\bpasse\s+(\w+)\s+(?:des|sur les) (?:dix|10) dernieres annees (?:a l'etranger|hors de france)")
_NUMBERS = {"un": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8, "neuf": 9, "dix": 10}


_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Profile:
    """What a person says of themselves; empty or None where they do not."""

    groups: frozenset[str] = frozenset()
    permanent: bool | None = None
    """Whether their contract is for good (CDI or titular)."""
    education: int | None = None
    """Years of study after secondary school."""
    experience: int | None = None
    """Years."""
    languages: dict[str, str | None] = field(default_factory=dict)
    """Language -> level of the European framework; None where it is spoken at a level not given."""
    nationality: str | None = None
    age: int | None = None
    abroad: int | None = None
    """Years spent abroad of the last ten."""
    words: str = ""
    """What was said, folded."""

    @property
    def tells(self) -> int:
        """How many things were said."""
        return sum(map(bool, (self.groups, self.languages, self.nationality, self.education, self.experience, self.age, self.abroad)))

    @property
    def is_empty(self) -> bool:
        """Whether nothing was said that a criterion could be held against."""
        return (
            not (self.groups or self.languages or self.nationality) and self.education is self.experience is self.age is self.abroad is None
        )


def read(questions: Sequence[str]) -> Profile:
    """Return the profile that the questions of a conversation tell, the last one first where they differ.

    >>> p = read(["Je suis magistrate, huit ans d'expérience, anglais B2"])
    >>> sorted(p.groups), p.experience, p.languages
    (['magistrate'], 8, {'en': 'B2'})
    """
    told = [_read(fold(question)) for question in questions]
    groups = next((one.groups for one in reversed(told) if one.groups), frozenset())
    languages = {code: level for one in told for code, level in one.languages.items()}
    return Profile(
        groups=groups,
        permanent=_latest([one.permanent for one in told]),
        education=_latest([one.education for one in told]),
        experience=_latest([one.experience for one in told]),
        languages=languages,
        nationality=_latest([one.nationality for one in told]),
        age=_latest([one.age for one in told]),
        abroad=_latest([one.abroad for one in told]),
        words=" . ".join(one.words for one in told),
    )


def _latest(values: Sequence[_Value | None]) -> _Value | None:
    return next((value for value in reversed(values) if value is not None), None)


def groups_named(folded: str) -> frozenset[str]:
    """Return the groups of persons that a folded text names as such."""
    return frozenset(key for key, span in find(GROUPS, folded) if not _WITHOUT.search(folded[: span[0]]))


def groups_in(folded: str) -> frozenset[str]:
    """Return the groups of persons that a folded text names, those that a wider one holds included."""
    named = groups_named(folded)
    return named.union(*(IMPLIED[key] for key in named if key in IMPLIED))


def _read(folded: str) -> Profile:
    ages = _AGE.search(folded)
    age = int(next(one for one in ages.groups() if one)) if ages else None
    counted = [
        count
        for count, (start, end) in years(folded)
        if count != age and not _CONTRACT.search(folded[:start]) and _is_experience(folded, end)
    ]
    levels = [int(key) for key, _ in find(EDUCATION, folded) if key != "0"]
    abroad = _ABROAD.search(folded)
    none = re.search(r"\b(?:aucune|sans|pas d'|no) experience\b", folded)
    groups = groups_in(folded)
    return Profile(
        groups=groups,
        permanent=_permanent(folded, groups),
        education=max(levels) if levels else None,
        experience=0 if none else counted[0] if counted else None,
        languages=_languages(folded),
        nationality=_nationality(folded),
        age=age,
        abroad=_NUMBERS.get(abroad.group(1)) or (int(abroad.group(1)) if abroad.group(1).isdigit() else None) if abroad else None,
        words=folded,
    )


def _is_experience(folded: str, end: int) -> bool:
    return bool(re.match(r"\s*(?:d'|of |dans |en |in |comme |as |de (?:metier|carriere|pratique)|professionnel|experience)", folded[end:]))


def _permanent(folded: str, groups: frozenset[str]) -> bool | None:
    if re.search(r"\bcdi\b|\btitulaires?\b", folded):
        return True
    return False if re.search(r"\bcdd\b", folded) and "contract" in groups else None


def _languages(folded: str) -> dict[str, str | None]:
    spoken: dict[str, str | None] = {}
    read = skills(folded)
    for position, one in enumerate(read):
        end = read[position + 1].start if position + 1 < len(read) else len(folded)
        after = folded[one.end : end][:40]
        if one.level is None and position + 1 < len(read) and re.fullmatch(r"\s*(?:et|,|and)\s*", folded[one.end : end]):
            spoken[one.language] = read[position + 1].level
            continue
        cued = one.level or _NATIVE.search(after) or re.search(r"\b(?:parle|maitrise|speak|langues?)\b", folded) or _FLUENT.search(folded)
        if cued:
            spoken[one.language] = "C2" if _NATIVE.search(after) else one.level
    return {code: level for code, level in spoken.items() if level or _LISTED.search(folded)}


_LISTED = re.compile(r"\b(?:parle|maitrise|speak|langues?|couramment|courant|fluent\w*|anglais et|et l'anglais)\b")


def _nationality(folded: str) -> str | None:
    spoken = {one.start for one in skills(folded)}
    for code, (start, _) in demonyms_in(folded):
        official = re.search(r"\bfonctionnaire $", folded[:start])
        listed = start not in spoken and re.search(r",\s*$", folded[:start])
        if len(code) == 2 and (_NATIONAL.search(folded[:start]) or official or listed):
            return code
    return None
