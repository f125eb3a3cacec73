"""Reads a question: its language, what it wants done, the filters it names, and what a follow-up leaves unsaid.

Rules only, no model. Knows no index; what the registry's sheets hold is asked of whoever has it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace

from assistant import filters, follow_ups
from assistant.expansion import spell_out
from assistant.schema import Facet, Filters, Intent, Query, Turn
from assistant.spelling import corrected
from assistant.text import fold, language_of, squeeze
from assistant.wording import Known

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

_NOUN = (
    r"(?:missions?|postes?|offres?|annonces?|postings?|jobs?|positions?|vacanc(?:y|ies)|openings?|fiches?(?: de mission)?|appels? a candidatures|boulots?|opportunit(?:e|y)s?|opportunities|assignments?|"
    r"recrutements?|candidatures?|applications?|ads?|adverts?|gigs?|roles?|sheets?|taf|cddu?|cdi|dates limites?|deadlines?|echeances?)"
)
_MANY = re.compile(
    r"\b(?:missions|postes|posts|offres|annonces|postings|jobs|positions|vacancies|openings|fiches|appels a candidatures|boulots|opportunites|opportunities|assignments|recrutements|"
    r"candidatures|applications|expertises|ads|adverts|gigs|roles|sheets|dates limites|deadlines|echeances)\b|\b(?:des|les|vos|ces|de|d'|quel|kel|mes) ?(?:mission|poste|offre|annonce)\b"
)
_CONTRACTS = re.compile(r"\b(?:cddu?|cdi|contrats|contracts|prestations)\b")
_SOME = re.compile(
    rf"(?:^|\b(?:une?|any|an?|quel(?:le)?|which|what|chaque|aucune?|autre|encore|comme)\s+(?:\w+ ){{0,2}}|[\w)]+ )(?:petite? |premiere? |bonne? )?{_NOUN}\b"
)
_THE = re.compile(
    rf"(?:^|[^\w])(?:(?:la|le|the|cette|ce|cet|this|that|du|de la|ma|mon|my|cel(?:ui|le))\s|l')(?:\w+ ){{0,2}}{_NOUN}\b(?! (?:la |le )?(?:plus|prochaine?))"
)
_LISTING_VERB = re.compile(
    r"\b(?:quel(?:le)?s?|lesquel(?:le)?s|laquelle|liste[rz]?|recense\w*|inventorie\w*|combien|montre[rz]?|affiche[rz]?|donne[rz]?|cherche|recherche|trouve[rz]?|toutes les|enumere\w*|filtre\w*|"
    r"which|what|list|show|find|how many|any|looking for|give me|tell me)\b"
)
_NOT_LISTING = re.compile(
    r"dans quel(?:le)?s? (?:pays|villes?)|what is the |when is |who is |(?:in|what|which) (?:which |what )?(?:countr|cit)|\btypes? de (?:missions?|postes?)|(?:duree|longueur) (?:moyenne |maximale )?d(?:'une|es|e la) missions?|combien de temps|familles? de missions|missions? d'un|"
    r"missions? (?:du|de l'|des) (?:eti|end|departement|service|ministere|agence|conseill|expert|rta|scac|cocac)|missions? principales|types? of (?:missions?|postings?)|how long|missions (?:confiees|exercees|assurees|menees|accomplies)|"
    r"missions (?:accompli\w*|exerce|assure|mene|rempli\w*|incombent)|"
    r"quel(?:le)?s? (?:est|sont) (?:la |le |les |l')(?!(?:\w+ ){0,2}(?:missions?|postes?|offres?|annonces?|fiches|opportunites|appels|recrutements|candidatures|cddu?|cdi)\b)"
)
_LISTS = re.compile(r"(?:liste|lister|listez|montre\w*|affiche\w*|recense\w*|enumere\w*|list|show)\b(?!.{0,12}\btypes?\b)")
_ASKS_OTHERWISE = re.compile(
    r"^(?:quel(?:le)?s? )?(?:diplomes?|salaire|duree|date limite|langues?|niveau d'etudes?|statut|remuneration)\b(?! le| la)|^(?:et )?(?:qui|quand|ou|comment|pourquoi|when|who|where|why|how(?! many))\b|\b(?:quand|pourquoi|comment|ou est-ce qu\w*|when|why|how (?:much|long|old|do|does|can))\b(?= ?\?|.*\?)|"
    r"\b(?:que veut dire|que signifie|signification|definition|c'est quoi (?:un|une|l'|le|la|les (?!missions|postes|offres|annonces|fiches))\b|what does|(?:quel(?:le)?s?|what|which) (?:types?|sorte|genre|kind)s?)\b|\bdit[- ]il\b|"
    r"\bcombien d(?:e |')(?!missions?|poste?s?|offres?|annonces?|fiches?|recrutements?|opportunites?|contrats?|prestations?|cddu?|cdi|vrai|nouve|candidatures? (?:ouverte|en cours))|\bhow many (?!(?:\w+ ){0,3}(?:missions?|posts?|postings?|positions?|jobs?|openings?|vacanc|opportunit|contracts?|offers?|sheets?|assignments?))|"
    r"\bc'(?:est|etait) (?:du|de la|un|une|quel\w*)\b|"
    r"^(?:sous |dans |par |en |a |avec |selon |pour )?(?:quel(?:le)?s?|which|what) (?:domaines?|categories?|rubriques?|criteres?|etapes?|pieces?|documents?|fields?|steps?|criteria)\b|"
    r":\s*(?:quel(?:le)?s? (?:est |sont )?)?(?:la |le |les |l')?(?:prise de (?:poste|fonctions?)|employeur|bailleur|reference|contrat|duree|date limite|salaire|remuneration|langues?|diplomes?|niveau d'etudes|experience|statut|lieu|ville|duration|deadline|salary|languages?|city)\b[^:]{0,40}$"
)
"""What asks for something else than missions, though it names some."""
_ARE_THERE = re.compile(
    r"\bauriez[- ]vous\b|\by aurait[- ]il\b|\bvous avez\b|\bvous auriez\b|\bpubliez\b|\by a[- ]t[- ]il\b|\bil y a\b|\by a\b|\bexiste\b|\bavez[- ]vous\b|\bdo you have\b|\bare there\b|\bis there\b"
)
_WHETHER = re.compile(
    r"^(?:est[- ]ce qu|peut[- ]on|puis[- ]je|faut[- ]il|dois[- ]je|doit[- ]on|can i|can one|is it|does|do i|must|may i|should|comment|how|pourquoi|why|quand|when|qui|who|si )|(?<!y a)\w-(?:t-)?(?:ils?|elles?|on)\b(?! (?:une?|des|encore|eu))"
)
_WHAT_IS_THERE = re.compile(
    r"\by ?a (?:koi|quoi|quelque chose|qqch)\b|\b(?:avez|as|auriez|avais)[- ]?(?:vous|tu)? (?:eu )?(?:quelque chose|qqch|quoi)\b|\bvous avez (?:quoi|quelque chose)\b|\bqu'avez[- ]vous\b|\btout ce que vous avez\b|"
    r"\beu quelque chose\b|^ce qui\b|\bqu'est-ce qu(?:i|e vous)\b|\bqui recrute\b|\brecrut(?:ez|ent|e)\b|\bembauch\w+|\bcherch\w+ quelqu'un\b|\bhiring\b|\banything\b|\beverything you have\b|"
    r"\bwhat(?:ever)? (?:closes|ends|expires|opens)\b|\bwhat did you (?:post|publish)\b|\btout ce qui\b|\beverything (?:about|in|on)\b|\bwhat (?:do|have|has) (?:you|got)\b|\bwhat's (?:open|available|still)\b|\bwhat can i\b"
)
_A_QUOI = re.compile(r"\b(?:a quoi|ou|what|which|que|qu)\b.{0,30}\b(?:postuler|candidater|apply)\b|\bpostul\w* a (?:koi|quoi)\b")
_LESQUELLES = re.compile(r"\blesquel(?:le)?s\b|\bwhich ones?\b|\blaquelle\b|\blequel\b")
_CONTINUES = re.compile(
    r"^(?:et|and|mais|but|ou|or|alors|sinon)\b|^(?:what|how) about\b|\bcel(?:le|ui)s?\b|\bceux\b|\blesquel(?:le)?s\b|\blaquelle\b|\bparmi\b|\bamong\b|\bseulement\b|\buniquement\b|\bonly\b|\bjuste\b|"
    r"\bthose\b|\bof (?:these|them)\b|\bd'entre elles\b|\bwhich ones?\b|\bthe ones\b|\bcombien\b|^how many\b|^sans\b|^without\b|^hors\b|^sauf\b|^dont\b|^(?:ne )?garde\w*\b|^keep\b|^affine\w*|^enleve\w*|^retire\w*|^remove\b|^drop\b|^plutot\b|^rather\b|^limite\w*|^en\b|^in\b|^avec\b|^with\b|^au\b|^aux\b"
)
_ON_MISSION = re.compile(r"\b(?:en|on) mission\b")
"""Of someone's situation, which names no mission."""
_EARLIER_LISTINGS = 6
"""Earlier questions of a conversation that are read for the filters that a follow-up narrows."""

_REFERENCE = re.compile(r"\b\d{4}/[A-Z][A-Z0-9&-]*/\d{2,6}\b", re.IGNORECASE)
_NUMBER = re.compile(r"(?:mission|poste|offre|fiche|annonce|reference|ref\.?|posting|job|n°)\s*(?:n°|numero|number|#)?\s*(\d{4,6})\b")


def understand(question: str, history: Sequence[Turn] = (), *, today: dt.date | None = None, known: Known | None = None) -> Query:
    """Return a question as understood, its follow-up completed from the last question.

    Without a day nothing is read for the registry: the query is one for a search. ``known`` tells what its sheets hold.
    """
    original = squeeze(question)[:MAX_QUESTION]
    language = language_of(original, default=language_of(history[-1].question) if history else "fr")
    if _is_social(original):
        return Query(original, language, original, Intent.SOCIAL)
    written = spell_out(original) if language == "fr" else original
    dated = _with_year(written, today)
    text = follow_ups.standalone(dated, history)
    reference = _REFERENCE.search(text)
    number = _NUMBER.search(fold(text))
    named = reference.group().upper() if reference else number.group(1) if number else _known_reference(text, known)
    read = _listing(original, language, history, today, known) if named is None and today else None
    return Query(
        text=text,
        resting=follow_ups.resting(written, history),
        changed=not text.startswith(dated),
        language=language,
        original=original,
        intent=Intent.LISTING if read else Intent.QUESTION,
        filters=read.filters if read else Filters(),
        reference=named,
        ignored=read.ignored if read else (),
    )


def _with_year(question: str, today: dt.date | None) -> str:
    """Return a question with the year that it means by the next or the last one.

    >>> _with_year("Où seront les Journées l'an prochain ?", dt.date(2026, 11, 22))
    "Où seront les Journées l'an prochain (2027) ?"
    """
    if today is None or re.search(r"\b(?:19|20)\d\d\b", question):
        return question
    told = [
        (match.end(), today.year + step) for pattern, step in ((_NEXT_YEAR, 1), (_LAST_YEAR, -1)) if (match := pattern.search(question))
    ]
    return f"{question[: told[0][0]]} ({told[0][1]}){question[told[0][0] :]}" if len(told) == 1 else question


_NEXT_YEAR = re.compile(r"\b(?:l['’]an(?:née)? prochaine?|next year)\b", re.IGNORECASE)
_LAST_YEAR = re.compile(r"\b(?:l['’]an(?:née)? (?:dernière?|dernier|passée?)|last year)\b", re.IGNORECASE)


def _known_reference(text: str, known: Known | None) -> str | None:
    """Return the first reference of a sheet that a text names, however such references are written."""
    codes = (match.group().rstrip(".-/") for match in _CODE.finditer(text)) if known else ()
    return next((code for code in codes if known and known.named(code)), None)


_CODE = re.compile(r"\b(?=[\w./-]*\d)(?=[\w./-]*[A-Za-z])[A-Za-z0-9][\w./-]{4,}")
"""Letters and figures in one word, as references are written."""


def _listing(question: str, language: str, history: Sequence[Turn], today: dt.date, known: Known | None) -> filters.Reading | None:
    """Return what a question asks of the registry, a follow-up joined to the list it narrows; None where it asks for no list."""
    folded = corrected(fold(spell_out(question) if language == "fr" else question))
    read = filters.read(folded, today, known)
    if history and _CONTINUES.search(folded) and not _has_own_subject(folded):
        earlier = _earlier_listing(history, today, known)
        if earlier and earlier.filters.of(Facet.LANGUAGE) and read.filters.of(Facet.PLACE):
            read = filters.read(f"langue : {folded}", today, known)
        if earlier and _only_narrows(read, known):
            return replace(read, filters=_joined(earlier.filters, read.filters))
    return read if _asks_for_missions(folded, read) else None


def _earlier_listing(history: Sequence[Turn], today: dt.date, known: Known | None) -> filters.Reading | None:
    recent = history[-_EARLIER_LISTINGS:]
    last = recent[-1].question
    return _listing(squeeze(last)[:MAX_QUESTION], language_of(last), recent[:-1], today, known)


def _has_own_subject(folded: str) -> bool:
    """Tell whether a question that starts like a follow-up names missions anew (``Et quelles missions en Asie ?``)."""
    return bool(re.search(r"^(?:quel(?:le)?s|which|what) (?:missions|postes|offres|postings|jobs)\b", folded))


def _only_narrows(read: filters.Reading, known: Known | None) -> bool:
    """Tell whether nothing of a follow-up is left to be understood otherwise."""
    topics = [value for one in read.filters.of(Facet.TEXT) for value in one.values]
    return not read.ignored and all(known is not None and known.holds(topic, head=True) for topic in topics)


def _joined(earlier: Filters, later: Filters) -> Filters:
    """Return the earlier filters with the later ones, which take the place of those of their kind."""
    replaced = {one.facet for one in later.conditions}
    for together in ({Facet.PLACE, Facet.CITY}, {Facet.DOMAIN, Facet.TEXT}):
        if replaced & together:
            replaced |= together
    kept = tuple(one for one in earlier.conditions if one.facet not in replaced)
    return Filters((*kept, *later.conditions), later.order or earlier.order)


def _asks_for_missions(folded: str, read: filters.Reading) -> bool:
    """Tell whether a question asks for missions: what speaks for it and against it, weighed."""
    if (_NOT_LISTING.search(folded) and not _LISTS.match(folded)) or (read.filters.is_empty and read.ignored):
        return False
    if _asks_for_a_noun(folded, read):
        return False
    folded = _ON_MISSION.sub(" ", folded)
    conditions = read.filters.conditions
    firm = sum(one.facet not in {Facet.TEXT, Facet.DOMAIN} for one in conditions)
    there = bool(_ARE_THERE.search(folded) or _WHAT_IS_THERE.search(folded) or _A_QUOI.search(folded) or _LESQUELLES.search(folded))
    elsewhere = any(condition.facet not in {Facet.CONTRACT, Facet.STATUS} for condition in conditions)
    many = bool(_MANY.search(folded) or (elsewhere and _CONTRACTS.search(folded)))
    one = bool(_SOME.search(folded)) and not many
    one = one or (read.filters.order is not None and bool(re.search(rf"\b{_NOUN}\b", folded)))
    all_told = firm > 1 and not read.ignored and not read.filters.of(Facet.TEXT)
    if there and not (many or one):  # nothing names missions: what narrows must be theirs
        there = firm > 0 and not read.filters.of(Facet.TEXT)
    if not (many or one or there or all_told):
        return False
    score = 2.0 * many + 1.25 * one + 1.0 * all_told + 0.5 * (len(folded.split()) <= _TERSE)
    score += 1.0 * bool(_LISTING_VERB.search(folded)) + 1.5 * there
    score += min(0.75 * firm + 0.5 * (len(conditions) - firm), 1.5) + 2.0 * (read.filters.order is not None)
    score -= 3.0 * bool(_ASKS_OTHERWISE.search(folded)) * (read.filters.order is None)
    score -= 2.0 * (bool(_WHETHER.search(folded)) and not there and not _MANY.search(folded))
    score -= 2.0 * (bool(_THE.search(folded)) and not many and read.filters.order is None)
    score -= 0.5 * len(read.ignored)
    return score >= _ASKED and (bool(conditions) or read.filters.order is not None or many)


def _asks_for_a_noun(folded: str, read: filters.Reading) -> bool:
    """Tell whether a question asks for something that no filter knows (``quelle note``), or whether one may do something in one's own situation."""
    asked = _OPENS_WITH_NOUN.match(folded)
    if asked and any(re.search(rf"\b{asked['noun']}", one) for one in read.ignored):
        return True
    if _SHEETS_OF_ELSE.search(folded):
        return True
    return bool(_OWN_SITUATION.search(folded)) and not _NAMES_MISSIONS.search(folded)


_OPENS_WITH_NOUN = re.compile(r"(?:et |bonjour,? )?(?:quel(?:le)?s?|what|which) (?P<noun>[a-z]{4,})\b")
_SHEETS_OF_ELSE = re.compile(r"\bfiches? (?:de |d')(?!missions?\b|postes?\b|offres?\b|annonces?\b)[a-z]{3,}")
_NAMES_MISSIONS = re.compile(r"\b(?:missions?|postes?|offres?|annonces?|jobs?|positions?|postings?|openings?)\b")
_OWN_SITUATION = re.compile(r"\b(?:je suis|i am|i'm)\b.{3,80}\b(?:puis-je|ai-je|peux-je|est-ce que je|can i|may i)\b")


_TERSE = 4
"""Words of a question that is but a phrase."""
_ASKED = 2.0
"""Weight from which a question is taken to ask for missions."""


def _is_social(text: str) -> bool:
    folded = fold(text).strip()
    rest = _SOCIAL.sub("", folded)
    return rest != folded and bool(_SOCIAL_GLUE.match(rest))
