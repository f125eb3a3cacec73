"""The controlled words of mission sheets and of questions about them: contracts, statuses, offer types, levels, languages.

Pure functions over folded text; each returns keys with the spans of the words they were read from. Knows no sheet.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from assistant.text import Span, fold

Found = tuple[str, Span]
"""A key and the span of its words in the folded text."""

CONTRACTS = {
    "CDDU": r"\bcddu\b|\bcdd d'usage\b",
    "CDD": r"\bcdd\b(?! d'usage)|\bfixed[- ]term\b(?:\s+contracts?\b)?|contrats? a duree determinee|\bduree determinee\b",
    "CDI": r"\bcdi\b|contrats? a duree indeterminee|\bduree indeterminee\b|\bpermanent contracts?\b|\bopen[- ]ended contracts?\b",
    "prestation": r"(?:contrats? de |en )?prestations? de services?|(?:en |contrats? de |marches? de )?\bprestations?\b|\bservice contracts?\b",
}
"""Contract type -> how it is written, folded."""

STATUSES = {
    "employee": r"\bsalariee?s?\b|\bemployees?\b(?! of)|\bsalaried\b|\bstatut (?:de )?salarie\b",
    "contractor": r"\bindependante?s?\b|\bentrepreneure?s? individuel(?:le)?s?\b|\bauto-?entrepreneure?s?\b|\bmicro-?entrepreneure?s?\b|\bfreelanc\w*|\bsole traders?\b|\bself[- ]employed\b",
    "umbrella": r"\bportage(?: salarial)?\b|\bcabinets? d'expertise\b|\bumbrella compan(?:y|ies)\b",
}
"""Status of the person hired -> how it is written, folded."""

OFFER_TYPES = {
    "field": r"\bpostes? (?:de )?terrain\b|\bfield (?:staff )?(?:jobs?|positions?|posts?)\b|\bfield staff\b|\bsur le terrain\b",
    "headquarters": r"\bpostes? (?:au )?siege\b|\bau siege\b|\bheadquarters?(?: jobs?| positions?)?\b",
    "experts": r"\boffres? (?:de type |d')experts?\b|\bpostes d'experts\b|\bmissions d'experts\b(?! tech)|^experts?$|\btype experts?\b|\bexperts? (?:jobs?|positions?|offers?)\b",
}
"""Type of offer on the postings site -> how it is written, folded."""

ASSIGNMENTS = {
    "short": r"\bcourt[- ]terme\b|\bshort[- ]term\b|\bcourte duree\b",
    "long": r"\blong[- ]terme\b|\blong[- ]term\b|\blongue duree\b",
    "intermittent": r"\bperlees?\b|\bintermittent\b",
}
"""How the time of an assignment is spread -> how it is written, folded."""

FUNDERS = {
    "eu": r"\bunion europeenne\b|\bue\b|\beuropean union\b|\beu\b|\bcommission europeenne\b|\beuropean commission\b",
    "afd": r"\bafd\b|\bagence francaise de developpement\b|\bfrench development agency\b",
    "meae": r"\bmeae\b|\bministere (?:de l'europe et )?des affaires etrangeres\b|\bministry (?:for europe and |of )?foreign affairs\b",
    "world_bank": r"\bbanque mondiale\b|\bworld bank\b",
    "global_fund": r"\bfonds mondial\b|\bglobal fund\b",
    "un": r"\bnations unies\b|\bonu\b|\bunited nations\b",
}
"""Funder of a mission -> how it is written, folded."""

EDUCATION = {
    "8": r"\bdoctorats?\b|\bdocteure?s? en\b|\bph\.? ?d\.?(?!\w)|\bdoctorates?\b|\bthese de doctorat\b|\bbac ?\+ ?8\b",
    "5": r"\bbac ?\+ ?5\b|\bmasters?(?:'s)?(?: degrees?)?\b(?! class)|\bdiplomes? d'ingenieure?\b|\bingenieure?s? diplome\w*|\bdea\b|\bdess\b|\bniveau 7\b",
    "4": r"\bbac ?\+ ?4\b|\bmaitrise (?:universitaire|en (?:droit|economie|gestion))\b|\bmaster 1\b|\bm1\b",
    "3": r"\bbac ?\+ ?3\b|\blicences?\b(?! libre)|\bbachelors?(?:'s)?(?: degrees?)?\b|\bniveau 6\b",
    "2": r"\bbac ?\+ ?2\b|\bbts\b|\bdut\b|\bdeug\b",
    "0": r"\bbaccalaureat\b|\bniveau bac\b(?! ?\+)|\bbac\b(?! ?\+)",
}
"""Years of study after the end of secondary school -> how the level is written, folded."""

_REMOTE_NO = re.compile(
    r"\b(?:sans|pas de|aucun|ni) (?:tele-?travail|travail a distance)\b|\b(?:no|without) (?:remote|telework)\w*\b|\b(?:entierement|integralement|uniquement|exclusivement) sur place\b|\bsur place (?:uniquement|exclusivement)\b|\bentirely on[- ]site\b|\ben presentiel uniquement\b|\bon[- ]site only\b|\b(?:remote work|tele-?travail|travail a distance) (?:is|est|n'est) (?:not|pas|im)\s?(?:possible|autorise|allowed|prevu)|\b(?:aucun|not) remote\b"
)
_REMOTE_YES = re.compile(r"\ba distance\b|\btele-?travail\w*\b|\bremote(?:ly)?\b|\bhome[- ]based\b|\bteleworking\b|\bdistanciel\b")

LEVELS = ("A1", "A2", "B1", "B2", "C1", "C2")
"""Levels of the European framework for languages, low to high."""
_LEVEL = re.compile(r"\b([abc][12])\b(?!\w)")
_LANGUAGES = "fr en es pt de it nl ar ru uk zh ja ko vi id ms th km lo my tl hi ur bn ne fa ps tr az hy ka kk uz tg mn sq sr hr bs sl mk bg ro hu pl cs sk el he sw am om so ha yo ig wo ff bm ln mg rw rn sn zu xh af tet ht ca ee gn qu ay ti ny tn st ts kg lu sv da no fi et lv lt is ga mt eu".split()  # fmt: skip


@dataclass(frozen=True, slots=True)
class Named:
    """A language and the level of it that is named, None where none is."""

    language: str
    """ISO 639-1 code (639-3 where there is none)."""
    level: str | None
    start: int
    end: int


def find(patterns: dict[str, str], folded: str) -> list[Found]:
    """Return the keys whose words a folded text holds, with their spans, in order.

    >>> find(CONTRACTS, "en cdd ou en prestation")
    [('CDD', (3, 6)), ('prestation', (10, 23))]
    """
    found = [(key, match.span()) for key, pattern in patterns.items() for match in re.finditer(pattern, folded)]
    return sorted(found, key=lambda one: one[1])


def keys(patterns: dict[str, str], text: str) -> tuple[str, ...]:
    """Return the keys whose words a text holds, each once, in order.

    >>> keys(STATUSES, "Portage salarial / Cabinet d'expertise")
    ('umbrella',)
    """
    return tuple(dict.fromkeys(key for key, _ in find(patterns, fold(text))))


def education_level(text: str) -> int | None:
    """Return the lowest level of study that a text names, in years after secondary school.

    >>> education_level("Master's degree (Bac+5)"), education_level("Bac+4/5"), education_level("néant")
    (5, 4, None)
    """
    named = [int(key) for key, _ in find(EDUCATION, fold(text))]
    return min(named) if named else None


_YEARS = re.compile(
    r"(?P<n>\d{1,2}|une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingt|one|two|three|four|five|seven|eight|nine|ten|twelve|fifteen|twenty)"
    r"(?:\s*(?:\(\d{1,2}\)|a|à|to|-|ou)\s*(?:\d{1,2}\s*)?)?\+?\s*(?:ans?|annees?|years?)\b"
)
_COUNTS = {"un": 1, "une": 1, "one": 1, "deux": 2, "two": 2, "trois": 3, "three": 3, "quatre": 4, "four": 4, "cinq": 5, "five": 5, "six": 6, "sept": 7, "seven": 7, "huit": 8, "eight": 8, "neuf": 9, "nine": 9, "dix": 10, "ten": 10, "onze": 11, "douze": 12, "twelve": 12, "treize": 13, "quatorze": 14, "seize": 16, "quinze": 15, "fifteen": 15, "vingt": 20, "twenty": 20}  # fmt: skip


def years(folded: str) -> list[tuple[int, Span]]:
    """Return the numbers of years named in a folded text, with their spans; of a range, the lower one.

    >>> years("5 a 7 ans, puis dix ans")
    [(5, (0, 9)), (10, (16, 23))]
    """
    return [(_COUNTS.get(match["n"]) or int(match["n"]), match.span()) for match in _YEARS.finditer(folded)]


def remote(text: str) -> bool | None:
    """Tell whether a text offers remote work, true or false; None where it does not speak of it.

    >>> remote("Sur place et à distance"), remote("sans télétravail"), remote("à Dakar")
    (True, False, None)
    """
    folded = fold(text)
    if _REMOTE_NO.search(folded):
        return False
    return True if _REMOTE_YES.search(folded) else None


def language_codes() -> frozenset[str]:
    """Return the codes of the languages that are known by name."""
    return frozenset(_LANGUAGES)


def skills(folded: str) -> list[Named]:
    """Return the languages named in a folded text, each with the level written after it (or just before: ``B2 en anglais``).

    A level said in words (``courant``) is no level of the framework, and none is made up for it.

    >>> [(s.language, s.level) for s in skills("francais c1 et anglais (b2), espagnol courant")]
    [('fr', 'C1'), ('en', 'B2'), ('es', None)]
    """
    named = list(_language_pattern().finditer(folded))
    found = []
    for position, match in enumerate(named):
        following = named[position + 1].start() if position + 1 < len(named) else len(folded)
        after = re.split(r"[.;\n]", folded[match.end() : following])[0][:40]
        before = folded[named[position - 1].end() if position else 0 : match.start()][-25:]
        found.append(Named(_language_names()[match.group()], _level(before, after, position > 0), match.start(), match.end()))
    return found


def _level(before: str, after: str, follows: bool) -> str | None:
    for text in (after,) if follows else (after, before):
        level = _LEVEL.search(text)
        if level:
            return level.group(1).upper()
    leading = re.search(r"\b([abc][12])\b (?:en |in |d'|de )$", before)
    return leading.group(1).upper() if leading else None


def language_name(code: str, language: str = "fr") -> str:
    """Return the name of a language.

    >>> language_name("en"), language_name("es", "en")
    ('anglais', 'Spanish')
    """
    from babel import Locale

    return str(Locale(language).languages.get(code, code))


@cache
def _language_names() -> dict[str, str]:
    from babel import Locale

    names: dict[str, str] = {}
    for code in _LANGUAGES:
        for language in ("en", "fr"):
            name = fold(str(Locale(language).languages.get(code, "")))
            if len(name) > 2:
                names[name] = code
    return names | {
        "mandarin": "zh",
        "castillan": "es",
        "kirundi": "rn",
        "kinyarwanda": "rw",
        "tetoum": "tet",
        "tetum": "tet",
        "farsi": "fa",
    }


@cache
def _language_pattern() -> re.Pattern[str]:
    ordered = sorted(_language_names(), key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, ordered))})(?![\w-])")
