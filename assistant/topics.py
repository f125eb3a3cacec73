"""What the missions asked for are about: domains, labels, topics, quoted words, and what no other reader took.

Each reader takes the words that it understands from the question's wording.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rapidfuzz import process
from rapidfuzz.distance import OSA

from assistant.domains import find_named, find_topics, synonyms
from assistant.lexical import analyse
from assistant.registry import city_key
from assistant.schema import Condition, Facet
from assistant.spelling import is_word
from assistant.text import Span
from assistant.vocabulary import FUNDERS, find
from assistant.wording import NEGATION, Wording


def quoted(state: Wording) -> None:
    """Take quoted words literally, where a sheet holds them."""
    for match in QUOTED.finditer(state.text):
        if state.known.holds(match["words"]):
            state.add(Condition(Facet.TEXT, frozenset({match["words"].strip()})), match.span())


QUOTED = re.compile(r"[«“\"]\s*(?P<words>[^«»“”\"]{2,60}?)\s*[»”\"]")


def labels(state: Wording) -> None:
    """Take whole labels of several words (``Climat et Agriculture``); one of a single word is a domain like any other."""
    for label in sorted(state.known.labels(), key=len, reverse=True):
        if " " in label and synonyms(label) == (label,):  # a topic has names in both languages
            for match in re.finditer(rf"\b{re.escape(label)}\b", state.text):
                state.add(Condition(Facet.LABEL, frozenset({label})), match.span())


def sponsors(state: Wording) -> None:
    """Take the funders named, where funding is spoken of."""
    if not _FUNDING.search(state.text):
        return
    others = {name: rf"\b{re.escape(name)}\b" for name in state.known.sponsors()}
    found = find(FUNDERS | others, state.text)
    for key, span in found:
        state.add(Condition(Facet.SPONSOR, frozenset({key})), span)
    if found:
        for match in reversed(list(_FUNDING.finditer(state.text))):
            state.take(match.span())


_FUNDING = re.compile(
    r"\bfinance(?:e|es|ee|ees|nt|r)?\b|\bfinancements?\b|\bbailleurs?(?: de fonds)?\b|\bcommandit\w+|\bdonors?\b|\bfund(?:ed|s|ers?|ing)?\b|\bsponsor\w*"
)


def domains(state: Wording) -> None:
    """Take the names of domains, and mark the narrower topics; the longest words first."""
    for match in _TENDERS.finditer(state.text):
        state.conditions.append(Condition(Facet.TEXT, frozenset({"offre technique financière"})))
        state.take(match.span())
    named = [(span, key) for key, span in find_named(state.text)] + [(span, None) for _, span in find_topics(state.text)]
    for span, key in sorted(named, key=lambda one: (one[0][0] - one[0][1], one[0])):
        if "\x00" in state.text[span[0] : span[1]]:
            continue
        if key:
            state.add(Condition(Facet.DOMAIN, frozenset({key})), span)
        else:
            state.topics.append(span)
            state.take(span)


_TENDERS = re.compile(
    r"\boffres? techniques?(?: et (?:une )?(?:offre )?financieres?)?\b|\btechnical and financial (?:offers?|proposals?)\b"
)


def left_over(state: Wording) -> Iterator[str]:
    """Take as topics the words that nobody understood where they name a thing or stand in a title; yield the others."""
    for run in re.finditer(r"[\w'-]+(?: [\w'-]+)*", _FILLER.sub(lambda match: "\x00" * len(match.group()), state.text)):
        words = " ".join(word for word in re.split(r"['\s]", run.group()) if analyse(word) and len(word) > 1)
        if not words:
            continue
        city = _near_city(words, state.known.cities())
        if city:
            state.add(Condition(Facet.CITY, frozenset({city})), run.span())
        elif (
            _NAMED.search(state.whole[: run.start()])
            or re.match(rf" (?:{_MISSIONS_EN})\b", state.whole[run.end() :])
            or _beside_topic(state, run.span())
            or state.known.holds(words, head=True)
        ):
            state.topics.append(run.span())
        else:
            yield words
    for negated, phrase in _phrases(state):
        state.conditions.append(Condition(Facet.TEXT, frozenset({phrase}), negated=negated))


def _near_city(words: str, cities: frozenset[str]) -> str | None:
    """Return the city of the registry that words name in another language or misspell (``addis ababa``)."""
    name = city_key(words)
    if is_word(name):  # « pairs » is not Paris
        return name if name in cities else None
    near = process.extractOne(name, cities, scorer=OSA.distance, score_cutoff=1 + (len(name) > 8)) if len(name) > 4 else None
    return near[0] if near else None


def _beside_topic(state: Wording, span: Span) -> bool:
    gaps = [state.whole[end : span[0]] if end <= span[0] else state.whole[span[1] : start] for start, end in state.topics]
    return any(_OF.fullmatch(gap) for gap in gaps)


_OF = re.compile(r"\s*(?:de la |de l'|du |des |de |d'|of the |of )?")


def _phrases(state: Wording) -> Iterator[tuple[bool, str]]:
    """Yield the topics with whether each is denied; those that but a preposition parts are one phrase."""
    joined: list[Span] = []
    for start, end in sorted(state.topics):
        if joined and _OF.fullmatch(state.whole[joined[-1][1] : start]):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    for start, end in joined:
        yield bool(NEGATION.search(state.whole[:start])), state.whole[start:end]


_MISSIONS_EN = "missions?|jobs?|positions?|postings?|openings?|vacanc(?:y|ies)|roles?"
"""What an English topic stands before (``diving jobs``)."""
_NAMED = re.compile(
    r"(?:\b(?:sur|concernant|about|on|dealing with|related to|relatives? (?:a|au|aux)|lie(?:e|s|es)? (?:a|au|aux)|autour d[eu']|commanditaire|bailleur|sponsor|donor|(?:commanditaire|bailleur|sponsor|donor) (?:est|is)|financee?s? par|funded by|contre|against|(?:domaine|secteur|theme|sujet|matiere|field|area|sector) (?:de|d'|du|des|of)|speciali\w+ (?:en|dans|in))|"
    r"\b(?:missions?|postes?|offres?|annonces?|jobs?|positions?|postings?|boulots?|opportunites?) (?:de|d'|du|en|dans|pour|as|for|in|on|of))\s*(?:l'|d'|(?:le|la|les|l|un|une|des|the|a|an|du|de) )*$"
)
_FILLER = re.compile(
    r"\b(?:missions?|poste?s?|offres?|annonces?|fiches?|postings?|jobs?|positions?|vacanc(?:y|ies)|openings?|boulots?|opportunites?|opportunit(?:y|ies)|assignments?|recrutements?|"
    r"candidatures?|emplois?|travail|contrats?|contracts?|appels?|"
    r"quel(?:le)?s?|lesquel(?:le)?s?|laquelle|lequel|liste[rz]?|combien|nombre|montre[rz]?|affich\w+|donne[rz]?|cherch\w+|recherch\w+|trouv\w+|propos\w+|existe\w*|offre\w*|offer\w*|"
    r"avez|as|ai|a-t-il|y|t|il|elle|ils|elles|sont|est|etaient|etait|sera|seront|peut|peux|puis|peuvent|faire|fait|aimerais|voudrais|veux|souhaite\w*|interesse\w*|besoin|"
    r"which|what|list|show|find|many|any|anything|something|are|is|there|looking|look|want|need|give|tell|have|has|had|do|does|you|your|me|i|we|can|could|please|would|like|that|were|was|"
    r"situ\w+|bas\w+|locat\w+|concern\w+|couvr\w+|cover\w*|port\w+|trait\w+|deal\w*|relat\w+|lie\w*|rattach\w+|depend\w+|deroul\w+|adress\w+|vis\w+|touch\w+|about|lien|rapport|autour|"
    r"domaine|domaines|secteurs?|sectors?|fields?|areas?|themes?|thematiques?|theme|sujets?|topics?|pole|poles|departements?|service|services|zone|zones|pays|countr(?:y|ies)|regions?|villes?|cit(?:y|ies)|continent|"
    r"exig\w+|demand\w+|requ\w+|requir\w+|deman\w+|accept\w+|affich\w+|indiqu\w+|mention\w+|precis\w+|ask\w*|prevu\w*|prevoi\w+|"
    r"toutes?|tous|tout|all|every|liste|ensemble|seul\w*|uniquement|only|simples?|meme|juste|just|exactement|exactly|encore|actuellement|aujourd'hui|maintenant|now|moment|jour|jours|"
    r"niveau|level|statut|status|type|types|duree|durees|durent|dure|duration|lasting|last|longs?|longues?|court\w*|experience|ans?|annees?|years?|mois|months?|langues?|languages?|diplomes?|degree|etudes?|study|"
    r"date|dates|limite|deadline|deadlines|prochaine?s?|next|proche|compris\w*|entre|between|moins|plus|less|more|than|least|most|minimum|maximum|environ|avant|apres|"
    r"personnes?|people|quelqu'un|candidats?|profils?|profil|expert\w*|recrut\w+|hiring|hire|pourv\w+|dispo\w*|"
    r"bonjour|salut|slt|bonsoir|merci|hello|hi|svp|stp|please|coucou|koi|quoi|ya|yatil|chez|ici|dispo|parle|parlant|speaking|travailler|work|partir|go|"
    r"en|o|ds|dan|sur|dans|pour|avec|sans|pas|non|hors|sauf|ni|not|no|excepte|autres?|other|mais|but|parmi|among|projets?|projects?|eu|plusieurs|several|gard\w+|keep|dont|run|runs|running|advertised?|soil|sol|enleve\w*|retire\w*|affine\w*|limite\w*|kelkechose|qqch|either|both|live|pls|plz|svp|whatever|dedans|la-dedans|desquel\w*|etranger|abroad|overseas|monde|world|contre|against|gigs?|ads?|adverts?|roles?|sheets?|applications?|send|demander|lien|inclus|included|comprise?s?|nord au sud|laissant|cote|leaving|aside|financ\w+|commanditaire|bailleur|sponsor|donor|funded|rien|voir|trouve|amabilite|consulte|indiquer|stock|passe|metier|comptent|compte|celles?|ceux|those|them|one|ones|aussi|also|else|total|mieux|bien|"
    r"apply|postuler|candidater|interess\w+|selon|d'apres|corpus|base|registre|registry|site|"
    r"cela|qu|que|qui|c|l|d|s|n|j|m|le|la|les|un|une|des|du|de|au|aux|a|of|the|an|in|on|at|for|to|with|et|ou|and|or|from|by|si|se|ce|cette|ces|mon|ma|mes|je|tu|nous|vous|on)\b(?:['’]|\b)"
)
