"""What a question asks for: the kind of thing, and whether a text holds one of that kind.

Pure functions over words; knows no index and no document.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

from assistant.text import fold


class Asked(StrEnum):
    """The kind of thing a question asks for."""

    AMOUNT = "amount"
    COUNT = "count"
    DURATION = "duration"
    AGE = "age"
    DATE = "date"
    PLACE = "place"
    PERSON = "person"
    CONTACT = "contact"
    LIST = "list"
    REASON = "reason"
    MANNER = "manner"
    DEFINITION = "definition"
    YES_NO = "yes_no"
    OTHER = "other"


_PATTERNS: tuple[tuple[Asked, str], ...] = (
    (Asked.DURATION, r"combien (de |d')?(temps|mois|ans?|annees?|jours?|semaines?|heures?)\b|(quelle|quel) (est |etait |sera )?(la |sa |leur )?(est la )?(duree|delai)|duree (maximale|moyenne|minimale|totale|d|de|du)\b|"
     r"how (long|many (months|years|days|weeks|hours))|pendant combien|jusqu'a combien (de temps|d'annees)|quelle (est la )?longueur|delai\b.*\?|what is the (average |maximum |minimum )?(duration|length)"),
    (Asked.AGE, r"quel(le)? (est l'|est son |etait son )?age|a quel age|jusqu'a quel age|limite d'age|how old|age limit|what age|quelle limite d'age"),
    (Asked.AMOUNT, r"combien d'argent|(salaire|remuneration|remunere|paye|paie|gagn\w+|touch\w+|indemnite|montant|tarif|honoraires?|cout|coute|couter|prix|budget|prime|solde|salary|salaries|pay|paid|earn|wage|cost|price|amount|fee)\b.*(combien|quel|how much|what)"
     r"|(combien|quel(le)?s?|how much|what)\b.*\b(salaire|remuneration|gagn\w+|touch\w+|indemnite|montant|tarif|honoraires?|cout|coute|coutent|prix|budget|prime|salary|earn|wage|cost|price|amount|fee|euros?)\b|how much|c'est paye combien|combien c'est paye"),
    (Asked.COUNT, r"combien|quel (est le )?nombre|nombre d|how many|quel(le)? (est la )?(part|pourcentage|proportion|taux)|what (share|percentage|number|proportion)|effectifs?\b"),
    (Asked.DATE, r"\bquand\b(?! (?:je|tu|on|nous|vous|il|elle|ils|elles)\b[^?]*,)(?!(?<=\w quand) (?:je|tu|on|nous|vous)\b)|quelle date|a quelles? dates?|quelles? (sont les |etaient les )?dates?|(en |de |quelle est l'|a partir de |depuis )quelle annee|en quelle annee|quel (jour|mois|siecle)|what (year|date|day|month)|\bwhen\b|depuis quand|date limite|deadline|quelle annee|quelle (periode|epoque)"),
    (Asked.CONTACT, r"contact|adresse|e-?mail|courriel|telephone|numero de tel|joindre|phone|address|site (web|internet)|url"),
    (Asked.PLACE, r"\bou ?\?$|\bou\b (est|sont|se |a |ont|puis|peut|dois|faut|en|aura|etait|s'|c'est|postuler|deposer|trouver)|^ou\b|d'ou\b|dans quel(le)?s? (pays|ville|villes|lieu|region|zone|etat|continent)|quel(le)?s? (est |sont )?(le |la |les )?(pays|ville|villes|lieu|lieux|destination|destinations|capitale)\b|\bwhere\b|(what|which) (country|countries|city|cities|town|place)"),
    (Asked.LIST, r"(quels|quelles|lesquels|lesquelles)\b|liste[rz]?\b|enumere|citez|donne[zr]?[ -]moi (la liste|les)|\b(les|the) (deux|trois|quatre|cinq|six|sept|huit|neuf|dix|two|three|four|five|six|seven|eight|nine|ten|\d+) \w+|what are\b|which (are|ones)|list\b"),
    (Asked.PERSON, r"(?:^|[,;:?!(.] ?|\b(?:et|mais|alors|donc|or|par|de|a|avec|chez|pour|sur|c'est|sais|savoir|dire|dites|dis|and|by|with|from|to|know|tell me) )(?:qui|who|whom|whose)\b(?! (?:peut|peuvent|can|may))|quel(le)? (est le nom|ministre|directeur|directrice|president|ambassadeur|ambassadrice|personne|organisme|operateur)"),
    (Asked.REASON, r"pourquoi|pour quelle raison|dans quel but|\bwhy\b|a cause de quoi|what for"),
    (Asked.MANNER, r"\bcomment\b(?! (s'appelle|se nomme|se prononce|appelle))|de quelle (maniere|facon)|\bhow\b|que faire pour|quelles? (demarches?|etapes?)|par ou"),
    (Asked.DEFINITION, r"qu'?est[- ]?ce que? |c'?est quoi|c koi|ca veut dire|que (signifie|veut dire|designe)|defini\w+|correspond a quoi|designe quoi|abreviation|sigle de quoi|signifie quoi|qu'(?:appelle|entend)-t-on|qu'est-ce qu'on (?:appelle|entend)|what (is|are) (an?|the) |what does .* mean|signification|kesako"),
    (Asked.YES_NO, r"^(?:[^?]{2,60} )?(?:est|sont|peut|peuvent|doit|doivent|faut|a|ont|etait|sera|reste|permet|donne|existe|comprend|couvre)-(?:t-)?(?:il|elle|ils|elles|on)\b|^(il faut|on doit|je dois|est[- ]ce|peut[- ]on|puis[- ]je|faut[- ]il|dois[- ]je|doit[- ]on|y a[- ]t[- ]il|existe|can |is |are |do |does |must |may |should |will |je peux|on peut|c'est possible|ai[- ]je|suis[- ]je)"),
)  # fmt: skip

_COMPILED = tuple((asked, re.compile(pattern)) for asked, pattern in _PATTERNS)

_NUMBER = (
    r"(?:\d[\d .,]*|un|une|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|quinze|vingt|trente|quarante|cinquante|soixante|cent|mille|"
    r"dizaine|douzaine|vingtaine|trentaine|quarantaine|cinquantaine|soixantaine|centaine|millier|million|milliard|"
    r"two|three|four|five|seven|eight|nine|ten|twelve|twenty|thirty|hundred|thousand|dozen)"
)
_MONTH = (
    r"(?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre|"
    r"january|february|march|april|may|june|july|august|september|october|november|december)"
)
_UNIT = r"(?:ans?|annees?|mois|jours?|semaines?|heures?|minutes?|secondes?|siecles?|trimestres?|years?|months?|days?|weeks?|hours?)"

_CUES: dict[Asked, re.Pattern[str]] = {
    Asked.AMOUNT: re.compile(
        rf"\d[\d .,]*(?:€|euros?|eur\b|k€|m€|md€|%|dollars?|\$|£|francs?|millions?|milliards?)|(?:\d|{_NUMBER})\s*(?:millions?|milliards?)\s*(?:d'|de )?(?:euros?|dollars?|francs?|€)|\d[\d .,]* ?(?:par|/) ?(?:mois|jour|an)"
    ),
    Asked.COUNT: re.compile(rf"\b{_NUMBER}s?\b|\d|aucune?\b|unique|moitie|tiers|quart"),
    Asked.DURATION: re.compile(
        rf"\b{_NUMBER}(?:\s*(?:a|à|ou|-|–|et)\s*{_NUMBER})?\s*(?:premieres? |bonnes? )?{_UNIT}\b|(?:19|20)\d\d\s*(?:-|–|a|à|et)\s*(?:19|20)\d\d|jusqu'(?:en|au|a)\b|depuis|court terme|long terme|de \d{{4}} a \d{{4}}|renouvelable"
    ),
    Asked.AGE: re.compile(rf"\b{_NUMBER}\s*ans?\b|\bage\b.*\d|\banniversaire\b|years old"),
    Asked.DATE: re.compile(
        rf"\b(?:1\d|20)\d\d\b|\b{_MONTH}\b|\b\d{{1,2}}/\d{{1,2}}\b|\b(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)\b|siecle|\bav\. j|chaque (?:annee|mois)|tous les|\b(?:premier|dernier) jour\b|\b(?:premier|dernier|\w+ieme) (?:mois|trimestre|semestre|semaine)\b"
    ),
    Asked.CONTACT: re.compile(r"@|https?:|www\.|\b0\d(?:[ .]?\d\d){4}\b|\b(?:rue|bd|boulevard|avenue|place)\b|\.(?:fr|org|com|eu)\b"),
}


def asked_for(question: str) -> Asked:
    """Return the kind of thing a question asks for.

    >>> asked_for("Combien de temps dure la mission ?"), asked_for("Quand ont eu lieu les Journées ?")
    (<Asked.DURATION: 'duration'>, <Asked.DATE: 'date'>)
    """
    folded = fold(question).strip()
    return next((asked for asked, pattern in _COMPILED if pattern.search(folded)), Asked.OTHER)


_FURTHER = re.compile(
    r"(?:,|;|\bet\b|\band\b|\?)\s*(?=(?:a |de |en |par |pour |dans |avec |depuis |jusqu'a |sur |at |by |in |from |for )?"
    r"(?:qui|quand|ou|combien|comment|pourquoi|quel(?:le)?s?|lesquel(?:le)?s|who|when|where|how|why|which|what)\b(?! (?:est-ce|sont-ils)\b))"
)
"""Where a question asks for a further thing."""


def further_asked(question: str) -> list[Asked]:
    """Return the kinds of things that a question asks for beside that of ``asked_for``, each once.

    >>> further_asked("Quand et par qui le portail a-t-il été lancé ?"), further_asked("Qui était là, et où ?"), further_asked("Qui est là ?")
    ([<Asked.PERSON: 'person'>], [<Asked.PERSON: 'person'>], [])
    """
    parts = _FURTHER.split(fold(question).strip(" ?"))
    first = asked_for(question)
    kinds = [asked_for(f"{part.strip()} ?") for part in parts if part.strip()] if len(parts) > 1 else []
    return [kind for kind in dict.fromkeys(kinds) if kind is not first and kind is not Asked.OTHER]


def holds(asked: Asked, text: str) -> bool | None:
    """Tell whether a text holds something of the kind asked for; None where words cannot tell."""
    if asked is Asked.PLACE:
        return _capitalised(text) > 0
    if asked is Asked.PERSON:
        return _capitalised(text) > 0 or bool(re.search(r"\b(par|le|la|les|l')\b", fold(text)))
    cue = _CUES.get(asked)
    return None if cue is None else bool(cue.search(fold(text)))


_ORDINALS = {
    "premier": 1, "premiere": 1, "first": 1, "deuxieme": 2, "second": 2, "seconde": 2, "troisieme": 3, "third": 3, "quatrieme": 4, "fourth": 4,
    "cinquieme": 5, "fifth": 5, "sixieme": 6, "sixth": 6, "septieme": 7, "huitieme": 8, "neuvieme": 9, "dixieme": 10,
}  # fmt: skip
_ORDINAL = re.compile(r"\b(\d{1,3})(?:e|er|ere|eme|ieme|nd|nde|st|rd|th)s?\b")


_LABELLED = re.compile(
    r"\b(?:priorite|priority|axe|axis|objectif|objective|goal|pilier|pillar|volet|finalite|etape|step|principe|article|point)\s+(?:n°\s*)?(\d{1,2})\b"
)


@lru_cache(4_096)  # asked for each sentence of a passage, about the passage
def constraints(text: str) -> frozenset[str]:
    """Return what an answer may not contradict: the years and ordinals of a text.

    >>> sorted(constraints("la 2e édition, en 2023")), sorted(constraints("la deuxième édition"))
    (['2023', '2e'], ['2e'])
    >>> sorted(constraints("Priorité 4"))
    ['4e']
    """
    folded = fold(text)
    found = {f"{int(number)}e" for number in _ORDINAL.findall(folded)}
    found |= {f"{_ORDINALS[word]}e" for word in (one.removesuffix("s") for one in re.findall(r"\w+", folded)) if word in _ORDINALS}
    found |= {f"{int(number)}e" for number in _LABELLED.findall(folded)}
    return frozenset(found | set(re.findall(r"\b(?:19|20)\d\d\b", folded)))


_COUNT_WORDS = {"deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8, "neuf": 9, "dix": 10, "douze": 12, "two": 2, "three": 3, "four": 4, "five": 5, "seven": 7, "eight": 8, "nine": 9, "ten": 10}  # fmt: skip


def count_named(question: str) -> int | None:
    """Return how many things a question says there are (``les six priorités``), None where it says nothing.

    >>> count_named("Quelles sont les six priorités ?"), count_named("Quelles priorités ?")
    (6, None)
    """
    match = re.search(rf"\b(?:les|the|ces|des|quels|quelles|which|what)\s+({'|'.join(_COUNT_WORDS)}|\d{{1,2}})\s+\w{{3,}}", fold(question))
    return (_COUNT_WORDS.get(match.group(1)) or int(match.group(1))) if match else None


_SOUGHT = re.compile(
    r"\b(?:combien|nombre) (?:de |d'|des )([a-z]+)|\bhow many ([a-z]+)|\b(?:qui est|who is|who was|qui etait) (?:le |la |l'|the )([a-z]+)|\bcomment s'appell\w+ (?:le |la |l')([a-z]+)"
)
_NAME_ASKED = re.compile(
    r"comment (?:s'appell|se nomm)|quel est (?:le|son) nom\b|nom (?:du|de la|de l'|des) |what is (?:the )?name|who is called"
)
_ADDRESSES_ASKED = (
    (re.compile(r"adresse (?:postale|exacte|du siege)|postal address"), re.compile(r"\b(?:rue|boulevard|avenue|quai|cedex)\b|\b\d{5}\b")),
    (re.compile(r"telephone|\bphone"), re.compile(r"(?:\d[ .-]?){8}")),
    (re.compile(r"courriel|e-?mail|adresse electronique"), re.compile(r"@")),
)
"""What asks for an address of some kind, and what one looks like, folded."""


def sought(question: str) -> str | None:
    """Return what a question wants counted or the office whose holder it asks for, folded; None where it does neither.

    >>> sought("Combien de pages a le rapport ?"), sought("Qui est la directrice ?"), sought("Combien de temps dure-t-elle ?")
    ('pages', 'directrice', None)
    """
    folded = fold(question)
    told = asked_for(question) in {Asked.COUNT, Asked.PERSON} or _NAME_ASKED.search(folded)
    found = _SOUGHT.search(folded) if told else None
    return next((group for group in found.groups() if group), None) if found else None


_OFFICE = (
    r"(?:chef(?:fe)?|directeur|directrice|president|presidente|ministre|secretaire|ambassadeur|ambassadrice|responsable|delegue|deleguee|coordinat(?:eur|rice)|coordonnat(?:eur|rice)|"
    r"tresorier|tresoriere|referent|referente|doyen|doyenne|maire|head|director|president|minister|ambassador|manager)"
)
_HOLDER_NAMED = re.compile(
    rf"\b(?:comment (?:s'appell\w+|se nomm\w+)|(?:nom|name) (?:du|de la|de l'|of the)|who is called|qui est|who is|who's) ?(?:le |la |l'|the |[a-z]+'s )?(?:[a-z]+ )?{_OFFICE}\b"
)
"""What asks for the name of the holder of an office, folded."""
_WHO_LEADS = re.compile(
    r"\b(?:qui|who) (?:dirige\w*|preside\w*|(?:a |avait |has )?(?:remplac\w+|succed\w+|replaced)|est a la tete|runs|heads|leads|chairs)\b"
)
"""What asks who leads something: a name answers, or an office."""
_PERSON = re.compile(
    r"\b(?:M\.|Mme|MM\.|Mr\.?|Mrs\.?|Ms\.?|Dr\.?|Pr\.?) ?[A-ZÀ-Ý]|"
    r"\b(?!(?:Les?|La|Une?|Des?|Du|Cet?t?e?|Ces|En|Aux?|Pour|Par|Son|Sa|Ses|Depuis|Dans|Avec|The|This|In|On|At|By|For)\b)[A-ZÀ-Ý][a-zà-ÿ]+(?:-[A-ZÀ-Ý][a-zà-ÿ]+)? (?:(?:de|du|d'|van|von) ?)?[A-ZÀ-Ý][A-Za-zà-ÿÀ-Ý’'-]+"
)
"""Two capitalised words in a row, or one after a title: as a person is named."""


def lacks_person(question: str, text: str) -> bool:
    """Tell whether a question asks for the holder of an office and a text names nobody, or nobody but those that the question names.

    >>> lacks_person("Qui dirige le pôle ?", "Anne Martin dirige le pôle."), lacks_person("Qui dirige le pôle ?", "Le pôle est à Lyon.")
    (False, True)
    >>> lacks_person("Qui préside le jury ?", "Le directeur préside le jury."), lacks_person("Qui peut candidater ?", "Les agents.")
    (False, False)
    """
    asked = fold(question)
    leads = _WHO_LEADS.search(asked)
    if not (leads or _HOLDER_NAMED.search(asked)):
        return False
    if any(fold(match.group()) not in asked for match in _PERSON.finditer(text)):
        return False
    return not (leads and re.search(rf"\b{_OFFICE}\b", fold(text)))


_NOUN_ASKED = re.compile(
    r"^(?:et |bonjour |alors |mais |and |so )?(?:a |de |dans |pour |par |sur |avec |selon |sous |en |in |at |on |for |by )?(?:quel(?:le)?s?|which|what) (?!est|sont|etait|etaient|sera|seront|is|are|was|were|do|does|did)([a-z]{3,})|"
    r"^(?:et |bonjour |alors |mais |and |so )?(?:quel(?:le)?s?|what) (?:est|sont|etait|etaient|sera|seront|is|are|was|were) (?:le |la |les |l'|the |leur |son |sa |ses |its |their )([a-z]{3,})"
)


def noun_asked(question: str) -> str | None:
    """Return the noun that a question asks for, folded; None where it asks for none.

    >>> noun_asked("Quel sera le thème des Journées ?"), noun_asked("Quelle note faut-il ?"), noun_asked("Qui vient ?")
    ('theme', 'note', None)
    """
    found = _NOUN_ASKED.search(fold(question).strip())
    noun = next((group for group in found.groups() if group), None) if found else None
    return None if noun in _GENERIC else noun


_GENERIC = frozenset(
    "condition conditions raison raisons but buts maniere facon type types sorte sortes point points chose moyen moyens critere criteres cas role sens difference differences reason way kind".split()
)
"""Nouns that an answer need not say again."""


def lacks(question: str, text: str) -> bool:
    """Tell whether a text holds none of what a question plainly demands: a name that it does not say itself, an address.

    >>> lacks("Comment s'appelle la cheffe du projet Amani ?", "La cheffe du projet Amani arrive."), lacks("Quel est son téléphone ?", "Le siège est à Paris.")
    (True, True)
    """
    folded = fold(question)
    if _NAME_ASKED.search(folded):
        said = set(re.findall(r"\w+", folded))
        return all(fold(word) in said for word in re.findall(r"(?<=[^\W\d_][ '’(])[A-ZÀÉÈÊÎÔÛÇŒ][\w’'-]+", text))
    return any(asks.search(folded) and not looks.search(fold(text)) for asks, looks in _ADDRESSES_ASKED)


_OUTSIDE = re.compile(r"\b(?:(?:de)?hors|outside)(?: (?:de|of))?(?: (?:la|le|les|the))? ?(?:d'|l'|de l')?([a-z]{4,})")


def opposes(question: str, text: str) -> bool:
    """Tell whether a text speaks but of what is outside a place that a question asks of, or the reverse.

    >>> opposes("Quelle couverture en Europe ?", "Hors d'Europe, la CFE assure l'expert."), opposes("Et hors d'Europe ?", "Hors d'Europe, la CFE.")
    (True, False)
    """
    asked, told = fold(question), fold(text)
    asked_outside, told_outside = set(_OUTSIDE.findall(asked)), set(_OUTSIDE.findall(told))
    if not asked_outside and not told_outside:
        return False
    asked_in, told_in = (set(re.findall(r"[a-z]{4,}", _OUTSIDE.sub(" ", one))) for one in (asked, told))
    return bool((told_outside & asked_in) - told_in - asked_outside or (asked_outside & told_in) - told_outside - asked_in)


_SECTIONS = (
    (
        re.compile(r"\bprofils?\b|\bqualifications?\b|\bcompetences?\b|\brequirements?\b|\bskills?\b|\bque (?:demande|faut-il)|\bqualites?\b|\bwhat does .* (?:ask|require)"),
        re.compile(r"profil|qualification|competence|requirement|prerequis|skill|candidat"),
    ),
    (
        re.compile(r"\bconsist\w+|\btaches?\b|\bque fait\b|\bfera\b|\bfait-on\b|\bresponsabilites?\b|\bresponsibilities\b|\bdut(?:y|ies)\b|\btasks?\b|\bdescri\w+|\bobjectifs?\b|\ben quoi\b|\binvolve"),
        re.compile(r"description|mission|tache|responsab|objectif|contexte|task|dut(?:y|ies)|context"),
    ),
)  # fmt: skip
"""What asks for a section of a posting, and how such sections are headed, folded."""


def in_section_asked(question: str, heading: str) -> bool:
    """Tell whether a question about a posting asks for what stands under a heading.

    >>> in_section_asked("Quel profil est demandé ?", "Profil recherché"), in_section_asked("Quel profil ?", "Conditions")
    (True, False)
    """
    folded, head = fold(question), fold(heading)
    return any(asks.search(folded) and heads.search(head) for asks, heads in _SECTIONS)


_VAGUE = frozenset(
    "et ou est c ce ca cela ceci il elle y a t la le les l un une des du de d en pour sur avec moi je j tu vous on nous mon ma mes votre vos quoi que qu qui quel quelle "
    "quels quelles comment combien quand pourquoi alors donc si s svp stp merci bonjour salut aide aider aidez info infos information informations renseignement "
    "renseignements question questions besoin veux voudrais savoir dire dites expliquer expliquez parler parle chose choses truc possible conditions condition modalites "
    "details detail plus encore autre faire fait faut marche sais peux peut the is it this that what how when why who please help more details conditions about me i can "
    "possible information tell need want do does know are was were be can could you sont suis etes etait s plait au aux ces cet cette si tu te m t ai as avez avons exactement precisement exactly does did last long".split()
)


_FIELD_ALONE = re.compile(
    r"(?:(?:et|and|alors|donc|bonjour|c'est|ca|quel(?:le)?s?|est|sont|pour|concernant|what|about|is|are|jusqu'a|jusqu'|avant|a partir de|depuis|combien|de temps|dure|quand|when|until|le|la|les|l'|un|une|des|du|de|d'|the)[ ,]*)*"
    r"(?:delais?|durees?|dates?|date limite|deadline|montants?|prix|tarifs?|salaires?|salary|remuneration|indemnites?|limite|age|conditions?|avantages|contact|adresse|formulaire|dossier|pieces|documents|quand|when|combien|how much)?"
)
"""A question that but names a field of something, and not of what."""


def is_vague(question: str) -> bool:
    """Tell whether a question has no word that says what it is about.

    >>> is_vague("c'est possible ?"), is_vague("Et pour les délais ?"), is_vague("Les conditions pour un VIE ?")
    (True, True, False)
    """
    folded = fold(question)
    return all(word in _VAGUE for word in re.findall(r"[^\W_]+", folded)) or _FIELD_ALONE.fullmatch(folded.strip(" ?!.")) is not None


def names(question: str) -> frozenset[str]:
    """Return the folded names and acronyms a question speaks of: capitalised words after the first, and acronyms.

    >>> sorted(names("Quel est le rôle de la DG Trésor à Taïwan ?"))
    ['dg', 'taiwan', 'tresor']
    """
    tokens = list(re.finditer(r"[^\W_]+", question))
    mostly_capitals = sum(t.group().isupper() for t in tokens) > 0.6 * len(tokens) if len(tokens) > 3 else False
    if mostly_capitals:
        return frozenset()
    found = set()
    for position, token in enumerate(tokens):
        word = token.group()
        acronym = len(word) >= 2 and word.isupper() and not word.isdigit()
        if acronym or (position > 0 and word[0].isupper() and len(word) > 1 and not _starts_sentence(question, token.start())):
            found.add(fold(word))
    return frozenset(found)


def _starts_sentence(text: str, offset: int) -> bool:
    return text[:offset].rstrip(" «\"'(")[-1:] in {"", ".", "!", "?", ":"}


def _capitalised(text: str) -> int:
    return len(re.findall(r"(?<=[^\W\d_][\s,('’])\s*[A-ZÀÉÈÊÎÔÛÇŒ][\w’'-]+", text))
