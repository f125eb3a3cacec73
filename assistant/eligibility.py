"""A person's profile against the criteria of a posting or of a scheme: met, not met or unknown, each with the words that say so.

No advice beyond the documents: where they are silent a criterion is unknown. Stores nothing.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from assistant.profile import EEA, Profile, groups_in, groups_named
from assistant.schema import Chunk, Evidence, Mission
from assistant.text import ITEM_MARKER, fold, sentences
from assistant.vocabulary import LEVELS, language_name

_SCHEMES = Path(__file__).parent / "data" / "schemes.toml"


class Verdict(StrEnum):
    """How a criterion stands for a person."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion: what it is about, how it stands, and the exact words of the document that set it."""

    name: str
    """``status``, ``education``, ``experience``, ``languages``, ``age``, ``nationality`` or ``residence``."""
    verdict: Verdict
    quote: Evidence
    document: str
    missing: str | None = None
    """What the person would have to say for it to be known: a language code, or the criterion's name."""


@dataclass(frozen=True, slots=True)
class Scheme:
    """A scheme: its names in both languages, and how documents speak of it."""

    key: str
    fr: str
    en: str
    names: re.Pattern[str]


ELIGIBILITY = re.compile(
    r"\btrop (?:vieux|vieille|agee?|jeune)\b|\btoo (?:old|young)\b|\b(?:puis|peux|pourrais|pourrai)[- ]?je\b|\bje (?:peux|pourrais)\b|\bai[- ]je (?:le droit|droit|acces)\b|\bsuis[- ]je\b|\b(?:m'est|m'etait|m'est[- ](?:il|elle))\b|\best[- ](?:il|elle|ce) (?:pour moi|bon|possible|que je)\b|\bpour moi\b|"
    r"\bpossible\b|\bmon profil\b|\bje corresponds\b|\ba quoi\b.{0,20}\bpretendre\b|\b(?:can|could|may|am|did|do|would) i\b|\beligible\b|\bl'\w+ est[- ]il pour\b|\best-ce que je\b|\bet si j'\w+\b|\bet la mission\b|\bouverte?\b|\b(?:peut|peuvent|pourrai\w*)\b.{0,20}\bme (?:recruter|prendre|embaucher|engager|detacher)\b"
)
"""How a person asks whether something is open to them."""


_PERSON = re.compile(r"\bje\b|\bj'|\bj[es]?suis\b|\bjsuis\b|\bmoi\b|\bmon\b|\bma\b|\bm'|\bi\b|\bi'm\b|\bmy\b|\bme\b")
_WHAT = re.compile(
    r"\ba (?:quoi|quelles? missions?|quels postes)\b.{0,30}\b(?:pretendre|postuler|candidater|acces|droit)\b|\b(?:quelles? missions?|quels? postes?|quelles? offres?)\b.{0,60}\b(?:me correspond\w*|pour moi|me convien\w*|puis-je|je peux|m'irai\w*|mon profil|adaptee?s?)\b|"
    r"\bwhat (?:can|could|may) i apply\b|\bwhich (?:missions?|jobs?|positions?)\b.{0,40}\b(?:suit|match|fit|for me|i (?:can )?apply)\b|\bque puis-je viser\b|\bqu'est-ce qui (?:me correspond|est fait pour moi)\b"
)


def speaks_of_oneself(question: str, profile: Profile) -> bool:
    """Tell whether the person whose profile a question tells is the one who asks."""
    return not profile.is_empty and (bool(_PERSON.search(fold(question))) or profile.tells >= _A_PORTRAIT)


def asks_for_oneself(question: str, profile: Profile) -> bool:
    """Tell whether someone who told a profile asks what is open to them.

    >>> told = Profile(groups=frozenset({"contract"}))
    >>> asks_for_oneself("Contractuel : puis-je devenir END ?", told), asks_for_oneself("Qui peut devenir END ?", told)
    (True, False)
    """
    folded = fold(question)
    return bool(ELIGIBILITY.search(folded)) and not _ELSEWHERE.search(folded) and speaks_of_oneself(question, profile)


def asks_of_someone(question: str, profile: Profile) -> bool:
    """Tell whether a question asks if a person of some kind may apply.

    >>> asks_of_someone("Une juriste du privé a-t-elle le droit de candidater ?", Profile(groups=frozenset({"private"})))
    True
    """
    folded = fold(question)
    return not profile.is_empty and not _ELSEWHERE.search(folded) and _SOMEONE.search(folded) is not None


_SOMEONE = re.compile(
    r"\b(?:une?|des|les) .{3,60}\b(?:peut|peuvent|pourrait|pourraient)-(?:ils?|elles?) (?:aussi |encore )?(?:postuler|candidater|devenir|partir|participer|viser|acceder|faire|etre (?:recrute|choisi|retenu|admis|pris|eti|end)\w*)\b|\b(?:a-t-(?:il|elle)|ont-(?:ils|elles)) le droit de (?:postuler|candidater)\b|"
    r"\b(?:can|may|could) (?:an?|the) \w+.{0,40}\bapply\b"
)
_ELSEWHERE = re.compile(
    r"\b(?:puis|peux|pourrai\w*|can|may|could)\b.{0,12}\b(?:prolong\w+|renouvel\w+|cumul\w+|gagn\w+|touch\w+|emmen\w+|rembours\w+|cotis\w+|perdre|demission\w+|revenir|rentrer|extend|renew|earn|bring|keep)\b|\bcombien\b|\bhow (?:much|many|long)\b|\bquand\b|\bwhen\b"
)
"""What a person may ask to do that is not to apply."""
_A_PORTRAIT = 3
"""Things said of a person from which a question is about them, even where it says neither *je* nor *moi*."""


def asks_what_fits(question: str) -> bool:
    """Tell whether someone asks which postings are open to them, all of them.

    >>> asks_what_fits("J'ai un master et l'anglais C1 : à quoi puis-je prétendre ?")
    True
    """
    return _WHAT.search(fold(question)) is not None


def schemes_named(question: str) -> list[Scheme]:
    """Return the schemes that a question names.

    >>> [one.key for one in schemes_named("Puis-je faire un VIE ou devenir ETI ?")]
    ['eti', 'vie']
    """
    folded = fold(question)
    return [one for one in schemes() if one.names.search(folded)]


@cache
def schemes() -> tuple[Scheme, ...]:
    """Return the schemes, in the order of their file."""
    read = tomllib.loads(_SCHEMES.read_text(encoding="utf-8"))
    return tuple(Scheme(key, one["fr"], one["en"], re.compile("|".join(one["names"]))) for key, one in read.items())


def against_posting(profile: Profile, mission: Mission) -> list[Criterion]:
    """Return how a profile stands to each criterion that a posting's sheet sets."""
    told = [one for read in (_status, _level, _experience, _languages) if (one := read(profile, mission))]
    unsaid = mission.quote("not_said")
    if unsaid is None:
        return told
    known = {one.name for one in told}
    lacking = [name for name, words in UNSAID.items() if name not in known and re.search(words, fold(unsaid.quote))]
    return [*told, *(Criterion(name, Verdict.UNKNOWN, unsaid, mission.document) for name in lacking)]


def against_scheme(profile: Profile, scheme: Scheme, chunks: Iterable[Chunk]) -> list[Criterion]:
    """Return how a profile stands to the criteria that some passages set for a scheme; of each the first that settles it."""
    best: dict[str, tuple[int, Criterion]] = {}
    for chunk in chunks:
        heading = fold(" ".join(chunk.heading))
        for begin, end in sentences(chunk.text):
            marker = ITEM_MARKER.match(chunk.text, begin)
            start = marker.end() if marker and marker.end() < end else begin
            evidence = Evidence(scheme.key, chunk.text[start:end], chunk.start + start, chunk.start + end)
            folded = fold(evidence.quote)
            if not (scheme.names.search(heading) or scheme.names.search(folded)) or evidence.quote.startswith("|"):
                continue
            for strength, criterion in _of_sentence(profile, folded, evidence, chunk.document):
                if criterion.name not in best or strength > best[criterion.name][0]:
                    best[criterion.name] = (strength, criterion)
    return [best[name][1] for name in _ORDER if name in best]


_ORDER = ("age", "nationality", "status", "education", "experience", "languages", "residence")
UNSAID = {"education": r"diplome|degree", "experience": r"experience", "languages": r"langue|language"}
"""How a sheet names the criterion that it says it does not give."""


def _of_sentence(profile: Profile, folded: str, evidence: Evidence, document: str) -> Iterator[tuple[int, Criterion]]:
    """Yield what a sentence says of each criterion, with how surely: words that name the person's own group say most."""
    for name, verdict in (
        ("age", _age(profile, folded)),
        ("nationality", _nationality(profile, folded)),
        ("status", _access(profile, folded)),
        ("experience", _practice(profile, folded)),
        ("languages", _union_language(profile, folded)),
        ("residence", _residence(profile, folded)),
    ):
        if verdict is not None:
            told = bool(profile.groups & groups_named(folded)) + (profile.permanent is False and "indeterminee" in folded)
            strength = 0 if verdict is Verdict.UNKNOWN else 1 + (told if name == "status" else 0)
            yield strength, Criterion(name, verdict, evidence, document, name if verdict is Verdict.UNKNOWN else None)


def _verdict(met: bool | None) -> Verdict:
    return Verdict.UNKNOWN if met is None else Verdict.MET if met else Verdict.NOT_MET


def _best_quote(mission: Mission, name: str) -> Evidence | None:
    return mission.quote(f"{name} sentence") or mission.quote(name)


def _status(profile: Profile, mission: Mission) -> Criterion | None:
    quote = _best_quote(mission, "admitted") or mission.quote("status")
    if quote is None:
        return None
    admitted = groups_in(fold(quote.quote))
    met = bool(profile.groups & admitted) if profile.groups and admitted else None
    return Criterion("status", _verdict(met), quote, mission.document, "status" if met is None else None)


def _level(profile: Profile, mission: Mission) -> Criterion | None:
    quote = _best_quote(mission, "education")
    if quote is None or mission.education_level is None:
        return None
    met = profile.education >= mission.education_level if profile.education is not None else None
    return Criterion("education", _verdict(met), quote, mission.document, "education" if met is None else None)


def _experience(profile: Profile, mission: Mission) -> Criterion | None:
    quote = _best_quote(mission, "experience")
    if quote is None or mission.experience_years is None:
        return None
    met = None if profile.experience is None else profile.experience >= mission.experience_years
    within = re.search(r"\bdont\b[^,.;]*\d|\bincluding\b[^,.;]*\d", fold(quote.quote))
    if met and within and "dont" not in profile.words and "including" not in profile.words:
        met = None  # a part of it must have been of some kind, and the person did not say
    return Criterion("experience", _verdict(met), quote, mission.document, "experience" if met is None else None)


def _languages(profile: Profile, mission: Mission) -> Criterion | None:
    quote = _best_quote(mission, "languages")
    required = [skill for skill in mission.languages if skill.required]
    if quote is None or not required:
        return None
    verdicts = [(_speaks(profile, skill.language, skill.level), skill.language) for skill in required]
    if any(one is False for one, _ in verdicts):
        return Criterion("languages", Verdict.NOT_MET, quote, mission.document)
    missing = next((language for one, language in verdicts if one is None), None)
    return Criterion("languages", Verdict.UNKNOWN if missing else Verdict.MET, quote, mission.document, missing)


def _speaks(profile: Profile, language: str, level: str | None) -> bool | None:
    if language not in profile.languages:
        return None
    own = profile.languages[language]
    if level is None:
        return True
    return None if own is None else LEVELS.index(own) >= LEVELS.index(level)


_AGES = re.compile(
    r"\b(?:de |from |entre )?(\d{2})(?: ans)? (?:a|et|to|and) (\d{2}) ans\b|\b(?:moins de|jusqu'a|under) (\d{2}) ans\b|\bfrom (\d{2}) to (\d{2})\b"
)


def _age(profile: Profile, folded: str) -> Verdict | None:
    found = _AGES.search(folded) if profile.age is not None else None
    if not found or profile.age is None:
        return None
    low, high = (found[1] or found[4], found[2] or found[5]) if not found[3] else ("0", found[3])
    return _verdict(int(low or 0) <= profile.age <= int(high))


_NATIONALITY = re.compile(
    r"\b(?:etre|avoir la|posseder la) (?:de )?(?:nationalite )?francaise?s?\b|\bnationalite francaise\b|\bressortissante?s? de l'(?:espace|union|eee|ue)\b|\bnationals? of\b"
)


def _nationality(profile: Profile, folded: str) -> Verdict | None:
    if profile.nationality is None or not _NATIONALITY.search(folded):
        return None
    european = re.search(r"\bespace economique europeen\b|\beee\b|\beea\b|\bunion europeenne\b", folded) and profile.nationality in EEA
    swiss = "suisse" in folded and profile.nationality == "CH"
    french = re.search(r"\bfrancaise?s?\b|\bfrench\b", folded) and profile.nationality == "FR"
    return _verdict(bool(european or swiss or french))


_DENIED = re.compile(
    r"\bne peu(?:t|vent) pas\b|\bexclue?s?\b|\bn'y a(?:ont)? pas acces\b|\bn'ont pas acces\b|\bferme\b|\bincompatible\b|\binterdit\b|\bn'est pas ouvert|\bcannot\b|\bnot (?:open|eligible)\b"
)
_GRANTED = re.compile(
    r"\bpeu(?:t|vent) (?:y |etre |egalement |aussi )*(?:participer|postuler|candidater|recrute|viser|repondre|devenir|acceder|detache|mise? a disposition)|\bpeu(?:t|vent) etre\b|\badmise?s?\b|\bouverte?s? (?:a|aux)\b|\badaptes? aux\b|"
    r"\bs'adresse\w* (?:a|aux)\b|\bpermet de recruter\b|\bla priorite va aux\b|\best un agent\b|\bsont des agents\b|\bou en contrat a duree indeterminee\b|\bune personne exterieure\b|\bun fonctionnaire d'un\b|\bfigure parmi\b|\bmay\b|\bcan be\b|\bopen to\b"
)
_DEPENDS = re.compile(r"\bdepend de\b|\bselon\b|\bau cas par cas\b|\bdepends on\b")
_ONLY = re.compile(r"\best un agent\b|\bsont des agents\b|\breservee?s? (?:a|aux)\b|\bseule?s?\b|\buniquement\b|\bonly\b")


def _access(profile: Profile, folded: str) -> Verdict | None:
    """Tell whether a sentence opens or closes a scheme to a group of persons that the person belongs to."""
    named = groups_in(folded) | ({"private"} if re.search(r"\bprive\b", folded) else frozenset())
    outside = re.search(r"\bactivite remuneree\b", folded) and profile.groups & {"private", "contractor"}
    if outside and _DENIED.search(folded):
        return Verdict.NOT_MET
    if not profile.groups or not named:
        return None
    clause = next((one for one in folded.split(";") if profile.groups & groups_in(one)), folded)
    own, folded = profile.groups & named, clause
    if own and _DENIED.search(folded):
        return Verdict.NOT_MET
    if own and _DEPENDS.search(folded):
        return Verdict.UNKNOWN
    if own and "contract" in own and profile.permanent is False and re.search(r"\bcdi\b|indeterminee", folded):
        return Verdict.NOT_MET
    if own and _GRANTED.search(folded):
        return Verdict.MET
    return Verdict.NOT_MET if not own and _ONLY.search(folded) else None


def _practice(profile: Profile, folded: str) -> Verdict | None:
    """Tell how a sentence that asks for experience, without a figure, stands for someone who has none."""
    asks = re.search(r"\bdemandent\b[^.;]{0,30}\bexperience\b|\bexperience (?:est )?(?:exigee|requise|demandee)\b", folded)
    if not asks:
        return None
    return Verdict.NOT_MET if profile.experience == 0 else None


def _union_language(profile: Profile, folded: str) -> Verdict | None:
    if not re.search(
        r"\bmaitrise d'une langue de l'union europeenne\b|\blangue de l'ue\b|\bknowledge of a language of the european union\b", folded
    ):
        return None
    other = {"en", "de", "es", "it", "pt", "nl", "pl", "ro", "el", "sv", "da", "fi", "cs", "hu"} & set(profile.languages)
    return Verdict.MET if other else Verdict.UNKNOWN


_YEARS_OF_TEN = re.compile(r"\b(\w+) ans sur les dix dernieres annees\b")
_COUNTS = {"trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8, "neuf": 9}


def _residence(profile: Profile, folded: str) -> Verdict | None:
    found = _YEARS_OF_TEN.search(folded) if profile.abroad is not None else None
    if not found or profile.abroad is None:
        return None
    most = _COUNTS.get(found.group(1)) or (int(found.group(1)) if found.group(1).isdigit() else None)
    return None if most is None else _verdict(profile.abroad <= most)


def question_back(criteria: Sequence[Criterion], language: str) -> str | None:
    """Return the one short question whose answer would settle the first unknown criterion; None where none would."""
    for one in criteria:
        if one.verdict is Verdict.UNKNOWN and one.missing:
            words = _ASKED[language]
            if one.name == "languages" and one.missing != "languages":
                return words["language"].format(language=language_name(one.missing, language))
            return words.get(one.name)
    return None


_ASKED = {
    "fr": {
        "language": "Quel est votre niveau en {language} (de A1 à C2) ?",
        "status": "Quel est votre statut actuel (fonctionnaire, contractuel, salarié du privé, indépendant…) ?",
        "education": "Quel est votre diplôme le plus élevé ?",
        "experience": "Combien d'années d'expérience avez-vous dans ce domaine ?",
        "languages": "Quelles langues parlez-vous, et à quel niveau ?",
    },
    "en": {
        "language": "What is your level of {language} (A1 to C2)?",
        "status": "What is your present status (civil servant, public contract, private employee, freelancer…)?",
        "education": "What is your highest degree?",
        "experience": "How many years of experience do you have in this field?",
        "languages": "Which languages do you speak, and at which level?",
    },
}
