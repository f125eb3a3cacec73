"""Questions about one posting: which it is, which of its fields is asked, and the answer from the words it was read from.

Knows mission records; reads no passage. Where a sheet does not give the field asked, that is the answer.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from assistant import filters
from assistant.eligibility import UNSAID, schemes_named
from assistant.expansion import spell_out
from assistant.fields import is_labelled
from assistant.lexical import analyse
from assistant.question import understand
from assistant.registry import Registry
from assistant.requirements import deadline_told
from assistant.schema import Answer, Citation, Evidence, Facet, Filters, Kind, Mission, Outcome, Passage, Query, Turn
from assistant.spelling import corrected
from assistant.text import Span, fold, sentences
from assistant.vocabulary import skills

MAX_NAMED = 3
"""Postings that one question may be about; more is a list."""
_CANDIDATES = 40
_GIVEN = {Facet.PLACE, Facet.CITY, Facet.PUBLISHED, Facet.SAMPLE}
"""What tells postings apart in a question about one; other conditions are what it asks."""

_POSTING = re.compile(
    r"(?:\b(?:la|le|les|cette|ce|cet|du|au|the|this|that)\s|\bl'|^)(?:\w+ ){0,2}(?:missions?|postes?|offres?|annonces?|fiches?|jobs?|positions?|postings?)\b|\bconseillere?\b|\bchef(?:fe)? de projet\b|\bexperte?\b|\bchargee? de\b|"
    r"\bcoordinat\w+|\bproject manager\b|\bteam leader\b|\badviser\b|\badvisor\b|\bresponsable\b|\bposte\b|\bjob\b"
)
_FIELDS: tuple[tuple[str, str], ...] = (
    ("contact", r"\bqui contacter\b|\bcontact\b|\ba qui (?:ecrire|s'adresser|envoyer|ecrit-on)\b|\badresse (?:mail|e-?mail|electronique)\b|\bwho (?:to|do i|should i) contact\b"),
    ("salary", r"\bsalaires?\b|\bremuner\w+|(?<!\bqui )\bpaye\w*\b|\bsalary\b|\bpaid\b|\bpay\b|\bhonoraires\b"),
    ("admitted", r"\bqui (?:peut|a le droit de|pouvait) (?:postuler|candidater)\b|\bwho (?:can|may|could) apply\b|\bqui est admis\b|\bquels profils sont admis\b|\bouverte? a qui\b|\ba (?:qui|quels? (?:profils?|statuts?|publics?)\b[^?]{0,30}) (?:s'adress\w+|est[- ](?:elle|il) (?:ouvert|reserve))|"
     r"\bs'adress\w+ a (?:qui|quels?|des (?:fonctionnaires|contractuels|salaries|independants))\b|\bopen to whom\b"),
    ("renewal", r"\brenouvel\w+|\breconduct\w+|\bprolong\w+|\brenew\w*\b|\bextend\w*\b"),
    ("deadline", r"\bdat(?:es?)? limit\w*|\b(?:dernier|ultime) (?:delai|jour)\b|\bdate butoir\b|\bdelais? (?:de|pour) (?:candidat|postul|depot|depos)\w*|\b(?:cloture|fermeture|fin) (?:des |de la |du |de )?(?:candidature|depot|inscription|appel)s?\b|\bavant quelle date\b|\b(?:depos|postul|candidat|repond)\w+ (?:avant|jusqu'a) quand\b|\bdeadline\b|\bjusqu'a quand\b|\bquand (?:se )?(?:ferm\w+|clotur\w+|termin\w+)|\b(?:ferm\w+|clotur\w+|closes?|closed|close)\b.{0,40}\b(?:quand|when)\b|\bwhen\b.{0,40}\b(?:closes?|closing|close|closed|apply)\b|\bdate de cloture\b|\buntil when\b|\bavant quand\b|\bexpire quand\b"),
    ("state", r"\b(?:puis-je|peut-on|peux|peut|can i|could i|can one|is it|est-ce que|est-elle|est-il|toujours|encore|still)\b.{0,40}\b(?:postuler|candidater|apply|ouverte?|open|pourvoir|close|disponible)\b|\bestelle (?:ouverte|close)\b"),
    ("start", r"(?<!\bpar qui )(?<!\bpar quoi )(?<!\bpar ou )\b(?:commenc\w+|demarr\w+|debut\w*|prise de (?:poste|fonctions?)|starts?|begins?|starting)\b"),
    ("experience", r"\bexperience\b|\banciennete\b"),
    ("education", r"\bdiplomes?\b|\bniveau d'etudes?\b|\bdegree\b|\bquelles? etudes\b|\blevel of (?:study|education)\b|\bbac ?\+|\bniveau (?:requis|demande|exige)\b"),
    ("languages", r"\blangues?\b|\blanguages?\b|\bparler\b|\b(?:niveau d'|niveau de )?(?:anglais|francais|espagnol|portugais|arabe) (?:requis|exige|demande|necessaire)|\bniveau d'anglais\b"),
    ("duration", r"\bdure\b|(?<!courte )(?<!longue )(?<!moyenne )\bdurees?\b|\bdurera\b|\bdurait\b|\bdurer\b.{0,15}\bcombien\b|\bcombien\b.{0,25}\bdurer\b|\bcombien de (?:temps|mois|jours?|semaines?|annees?)\b|\bhow (?:long|many (?:months|days|weeks))\b|\bduration\b|\blast\b|\blongueur\b"),
    ("remote", r"\btele-?travail\w*|\ba distance\b|\bremote\w*|\bsur place\b"),
    ("status", r"\bstatut\b|\bstatus\b|\bsalarie\b|\bindependants?\b|\bfreelances?\b"),
    ("contract_type", r"\bcontrats?\b|\bcontract\b|\bcddu?\b"),
    ("offer_type", r"\btype d'offre\b|\boffer type\b"),
    ("city", r"\b(?:quelle ville|which (?:city|town)|what city)\b"),
    ("country", r"\b(?:quel pays|which country|what country)\b"),
    ("place", r"^(?:et )?ou\b|\bc'est ou\b|\bou (?:est|se|sera|ca|est-ce)\b|\bwhere\b|(?<!\ba )(?<!\bont )(?<!\beu )(?<!\bauront )(?<!\baura )\blieu\b|\blocalisation\b|\bbasee? ou\b"),
    ("sponsor", r"\bqui (?:paie|paye|regle) (?:la |cette |ce |le |l')?(?:missions?|postes?|offre)\b|\bcommanditaire\b|\bbailleur\b|\bqui (?:a |avait )?finan[cs]\w+|\bfinan[cs]\w+ par qui\b|\bpar qui\b.{0,40}\bfinan[cs]\w+|\bfinancee? par\b|\bdonors?\b|\bfunded by\b|\bwho (?:is |was |were )?fund\w*|\bsponsor\b"),
    ("organisation", r"\bemployeur\b|\bqui recrute\b|\bemployer\b|\bquel organisme\b|\bquelle organisation\b|\bwhich organi[sz]ation\b"),
    ("department", r"\bdepartement\b|\bpole\b|\bdepartment\b"),
    ("domains", r"\bdomaines?\b|\bsecteurs?\b|\bsectors?\b"),
    ("reference", r"\brefer[ae]nces?\b|\b(?:la|sa|quelle|le|the|its) ref\b|\b(?:quel|sous quel|what) (?:est )?(?:le |son )?(?:numero|number)(?! de tel)\b|\bnumero (?:de|d') ?(?:la |l')?(?:mission|offre|annonce|poste|fiche)\b"),
    ("published", r"\b(?:mise? en ligne|publiee?|posted|published)\b.{0,20}\b(?:quand|when|date)\b|\b(?:quand|when)\b.{0,40}\b(?:mise? en ligne|publiee?|posted|published)\b|\bdate de (?:publication|mise en ligne)\b"),
)  # fmt: skip
"""Field of a sheet -> how it is asked for, folded; the first that matches counts."""
_PARTS = {"place": ("city", "country", "zone"), "state": ("deadline", "closed"), "duration": ("duration", "person_days", "mission_duration"), "admitted": ("admitted", "status")}  # fmt: skip
"""What is quoted for a field that a sheet gives in several places."""
_RENEWS = re.compile(r"\brenouvel|\breconduct|\bprolong|\brenew|\bexten")
"""What says, in a duration, whether it can be longer."""
_BESIDE = re.compile(r"\bet\b|\band\b|,|&|\bainsi que\b")
"""What stands between two fields asked at once."""
_NEAR = 45
"""Characters between two fields asked at once."""
_UNSAID = UNSAID | {"deadline": r"date limite|deadline"}
"""How a sheet names the field that it says it does not give."""
_POSTINGS = re.compile(r"\b(?:missions|postes|offres|annonces|fiches|postings|jobs|positions)\b")
_WHETHER_ANY = re.compile(
    r"\b(?:y a-t-il|il y a|y a|existe-t-il|avez-vous|auriez-vous|is there|are there|do you have)\b.{0,25}\b(?:missions?|postes?|offres?|annonces?|jobs?|positions?|postings?)\b"
)
"""What asks whether there is a posting, which the next question may be about."""
_MEANING = re.compile(r"\b(?:signifi\w+|veut dire|veulent dire|stands? for|mean|means|acronyme?|sigle)\b")
"""What asks for the meaning of a word, wherever it stands."""
_PRONOUN = re.compile(
    r"^(?:(?:ok|oui|non|merci|super|bien|alors|donc|d'accord|et|mais|and|but|so)[ ,]+)*(?:c'est|c'etait|ca)\b|\b(?:elle|il|y|la|le|cette (?:mission|offre|annonce|fiche)|ce poste|it|this (?:job|posting|mission|position)|that (?:job|posting|one)|celle-ci|celui-ci)\b"
)


def field_asked(question: str) -> str | None:
    """Return the field of a sheet that a question asks for, the first where it asks for several, None where it asks for none.

    >>> field_asked("Jusqu'à quand peut-on candidater ?"), field_asked("Que fait-on ?")
    ('deadline', None)
    """
    return next(iter(fields_asked(question)), None)


def fields_asked(question: str) -> list[str]:
    """Return the fields of a sheet that a question asks for: the first known, and those joined to it.

    >>> fields_asked("Quel contrat et pour combien de temps ?"), fields_asked("Quel est le contrat du poste dans la durée ?")
    (['duration', 'contract_type'], ['duration'])
    """
    folded = fold(question)
    found = [(name, match) for name, pattern in _FIELDS if (match := re.search(pattern, folded))]
    return [name for name, match in found if match is found[0][1] or _joined(folded, found[0][1].span(), match.span())]


def fields_of(query: Query, history: Sequence[Turn]) -> list[str]:
    """Return the fields that a question asks for, those of the last one where it but asks the same of another posting (``Même question pour…``)."""
    own = fields_asked(own_words(query))
    if own or not history or not _SAME.search(fold(query.original)):
        return own
    return fields_asked(history[-1].question)


_SAME = re.compile(r"^(?:et|and)\b|\b(?:meme (?:question|chose)|idem|pareil|same (?:question|thing))\b|^(?:what|how) about\b")
"""What asks the same of something else."""


def absent(query: Query, registry: Registry, now: dt.datetime) -> Filters | None:
    """Return the place that a question about one posting names and where there is none, None where it is no such question."""
    said = own_words(query)
    if not (field_asked(said) and _ONE_ROLE.search(fold(said))):
        return None
    given = _given(filters.read(_folded(said, registry), now.date(), registry).filters)
    placed = tuple(one for one in given.conditions if one.facet in {Facet.PLACE, Facet.CITY})
    return Filters(placed) if placed and not registry.select(Filters(placed), now) else None


_ONE_ROLE = re.compile(
    r"\b(?:le|la|ce|cette|du|au|the|this) (?:\w+ )?(?:postes?|missions?|offre|annonce|fiche|job|position|posting|conseillere?|chef(?:fe)? de projet|chargee? de|coordinat\w+|coordonnat\w+|volontaire|project manager|team leader|advis[eo]r)\b"
    r"|\bl'(?:offre|annonce|experte?) "
)
"""What names one posting, by its kind or role."""


def _joined(folded: str, one: Span, other: Span) -> bool:
    """Tell whether two spans of a question stand side by side, with an « et » or a comma between them."""
    first, second = sorted((one, other))
    between = folded[first[1] : second[0]]
    return first[1] <= second[0] and len(between) <= _NEAR and _BESIDE.search(between) is not None


def about(query: Query, history: Sequence[Turn], registry: Registry, now: dt.datetime) -> list[Mission]:
    """Return the postings that a question is about: those it names, else those of the question before that it refers back to."""
    if query.reference:
        return [mission for name in sorted(registry.named(query.reference)) if (mission := registry.mission(name))][:MAX_NAMED]
    if _MEANING.search(fold(query.original)):
        return []
    said = own_words(query)
    if query.changed and not about(understand(history[-1].question, history[:-1]), history[:-1], registry, now):
        return []
    if speaks_of_posting(said) or field_asked(said):
        named = find(said, registry, now)
        if named:
            return named
    if history and refers_back(query.original):
        last = history[-1].question
        earlier = about(understand(last, history[:-1]), history[:-1], registry, now)
        return earlier or (find(last, registry, now) if _WHETHER_ANY.search(fold(last)) else [])
    return []


def own_words(query: Query) -> str:
    """Return a question in its own words: the last one's with what a follow-up changes, without what is but added to it."""
    return query.text if query.changed else spell_out(query.original) if query.language == "fr" else query.original


def answer(query: Query, missions: Sequence[Mission], fields: Sequence[str], passages: Sequence[Passage]) -> Answer | None:
    """Return what the sheets of some postings give for the fields asked, and which they do not; None where they give none of them.

    ``passages`` are those of the sheets, numbered; each quote is cited in the one that holds it.
    """
    told = {(mission.document, field): _told(query, mission, field, passages) for mission in missions for field in fields}
    said = [(mission, one) for mission in missions for field in fields for one in told[mission.document, field]]
    if not said:
        return None
    citations, lines = [], []
    for mission, one in said:
        passage = holder(one, mission.document, passages)
        mark = ""
        if passage is not None:
            mark = f" [{passage.number}]"
            page = passage.chunk.page
            citations.append(Citation(passage.number, mission.document, mission.title, page, one.quote, one.start, one.end, passage.also))
        lines.append(f"{mission.title}{_COLON[query.language]} « {one.quote} »{mark}")
    lines += [_not_said(query, [mission], field) for mission in missions for field in fields if not told[mission.document, field]]
    return Answer(Outcome.ANSWERED, "\n\n".join(dict.fromkeys(lines)), tuple(citations), tuple(passages))


def disagreeing(mission: Mission, passages: Sequence[Passage]) -> list[Citation]:
    """Return the words of news on a posting that tell another deadline than its sheet."""
    if mission.deadline is None:
        return []
    found = []
    for passage in passages:
        if passage.kind is not Kind.NEWS or not _same_posting(mission, f"{passage.title} {passage.chunk.text}"):
            continue
        for start, end in sentences(passage.chunk.text):
            told = deadline_told(passage.chunk.text[start:end])
            if told is not None and told != mission.deadline.date():
                chunk = passage.chunk
                at = chunk.start + start, chunk.start + end
                found.append(Citation(passage.number, chunk.document, passage.title, chunk.page, chunk.text[start:end], *at))
    return found


def disagreement(answer: Answer, told: Sequence[Citation], passages: Sequence[Passage], language: str) -> Answer:
    """Return an answer with what news say otherwise than the sheet, which counts."""
    lines = [_OTHERWISE[language].format(title=one.title, quote=one.quote, number=one.number) for one in told]
    known = {passage.number for passage in answer.passages}
    return replace(
        answer,
        text="\n\n".join([answer.text, *lines]),
        citations=(*answer.citations, *told),
        passages=(*answer.passages, *(one for one in passages if one.number not in known)),
    )


def _same_posting(mission: Mission, text: str) -> bool:
    """Tell whether a text speaks of a posting: by its reference, or by its town and most words of its title."""
    if mission.reference and mission.reference in text:
        return True
    terms, title = set(analyse(text)), set(analyse(mission.title))
    placed = bool(mission.city) and set(analyse(mission.city or "")) <= terms
    return placed and len(title & terms) >= 0.6 * len(title)


_OTHERWISE = {
    "fr": "Désaccord : l'actualité « {title} » dit : « {quote} » [{number}]. C'est la fiche qui fait foi.",
    "en": "Disagreement: the piece of news “{title}” says: « {quote} » [{number}]. The sheet is what counts.",
}


def not_given(query: Query, missions: Sequence[Mission], field: str, passages: Sequence[Passage]) -> Answer:
    """Return that the sheets do not give a field."""
    return Answer(Outcome.NOT_FOUND, _not_said(query, missions, field), passages=tuple(passages))


def _not_said(query: Query, missions: Sequence[Mission], field: str) -> str:
    titles = ", ".join(f"« {mission.title} »" for mission in missions)
    return _NOT_GIVEN[query.language].format(title=titles, field=_NAMES[query.language][field])


def _told(query: Query, mission: Mission, field: str, passages: Sequence[Passage]) -> list[Evidence]:
    """Return the words of a sheet that give a field; of a renewal its sentence too, of languages the one that a question names."""
    told = evidence(mission, field)
    if field == "renewal":
        return [*told, *_sentence(mission, field, _RENEWS, passages)]
    return _of_language(query, mission, told, passages) if field == "languages" else told


def _of_language(query: Query, mission: Mission, told: list[Evidence], passages: Sequence[Passage]) -> list[Evidence]:
    """Return the sentence of a sheet that speaks of the language a question names, where the words that give its languages do not."""
    asked = skills(fold(query.original))
    if len(asked) != 1 or any(asked[0].language == one.language for told_one in told for one in skills(fold(told_one.quote))):
        return told
    word = re.compile(re.escape(fold(query.original)[asked[0].start : asked[0].end]))
    return _sentence(mission, "languages", word, passages) or told


def _sentence(mission: Mission, field: str, said: re.Pattern[str], passages: Sequence[Passage]) -> list[Evidence]:
    """Return the first sentence of a sheet that says something, its fields left out."""
    own = [passage.chunk for passage in passages if passage.chunk.document == mission.document]
    found = [(chunk, span) for chunk in own for span in sentences(chunk.text) if said.search(fold(chunk.text[span[0] : span[1]]))]
    told = [Evidence(field, chunk.text[a:b], chunk.start + a, chunk.start + b) for chunk, (a, b) in found]
    return [one for one in told if not is_labelled(one.quote)][:1]


def holder(one: Evidence, document: str, passages: Sequence[Passage]) -> Passage | None:
    """Return the first passage that holds some words of a document; None where none holds them whole."""
    return next((p for p in passages if p.chunk.document == document and p.chunk.start <= one.start and one.end <= p.chunk.end), None)


_COLON = {"fr": " :", "en": ":"}
_NOT_GIVEN = {
    "fr": "La fiche {title} ne précise pas {field}. Pour une réponse officielle, adressez-vous à l'organisme qui publie la mission.",
    "en": "The sheet {title} does not give {field}. For an official answer, please contact the organisation that publishes the mission.",
}
_NAMES = {
    "fr": {
        "contact": "qui contacter", "salary": "la rémunération", "admitted": "qui peut postuler", "state": "si l'on peut encore postuler", "deadline": "la date limite", "start": "la date de début",
        "experience": "l'expérience demandée", "education": "le diplôme demandé", "languages": "les langues demandées", "duration": "la durée", "remote": "si le travail à distance est possible", "renewal": "si le contrat est renouvelable",
        "status": "le statut", "contract_type": "le type de contrat", "offer_type": "le type d'offre", "city": "la ville", "country": "le pays", "place": "le lieu", "sponsor": "le commanditaire",
        "organisation": "l'employeur", "department": "le département", "domains": "le domaine", "reference": "la référence", "published": "la date de mise en ligne",
    },
    "en": {
        "contact": "whom to contact", "salary": "the pay", "admitted": "who may apply", "state": "whether one can still apply", "deadline": "the deadline", "start": "the start date", "experience": "the experience required",
        "education": "the degree required", "languages": "the languages required", "duration": "the duration", "remote": "whether remote work is possible", "renewal": "whether the contract is renewable", "status": "the status",
        "contract_type": "the type of contract", "offer_type": "the type of offer", "city": "the city", "country": "the country", "place": "the place", "sponsor": "the donor",
        "organisation": "the employer", "department": "the department", "domains": "the domain", "reference": "the reference", "published": "the date it was posted",
    },
}  # fmt: skip


def speaks_of_posting(question: str) -> bool:
    """Tell whether a question speaks of a posting, by a noun for one."""
    return _POSTING.search(fold(question)) is not None


def refers_back(question: str) -> bool:
    """Tell whether a question leaves what it is about to the one before (``Elle commence quand ?``)."""
    return _PRONOUN.search(fold(question)) is not None or len(analyse(question)) <= 1


def find(question: str, registry: Registry, now: dt.datetime) -> list[Mission]:
    """Return the postings that a question is about, by where they are and the words of their titles; empty where it is unclear."""
    folded = _folded(question, registry)
    given = _given(filters.read(folded, now.date(), registry).filters)
    placed = any(one.facet in {Facet.PLACE, Facet.CITY} for one in given.conditions)
    if placed:
        selection = registry.select(given, now)
        candidates = [entry.mission for entry in registry.entries(selection, limit=_CANDIDATES)] if len(selection) <= _CANDIDATES else []
    else:
        candidates = registry.titled(_subject(folded), limit=_CANDIDATES)
    return _best(folded, candidates, registry, placed=placed)


def _folded(question: str, registry: Registry) -> str:
    """Return a question folded, its misspelt words corrected but for those of the sheets."""
    return corrected(fold(question), lambda word: any(registry.rarity(term) for term in analyse(word)))


def _given(read: Filters) -> Filters:
    """Return what tells a posting apart: of a city and a country, the city."""
    kept = _GIVEN - {Facet.PLACE} if read.of(Facet.CITY) else _GIVEN
    return Filters(tuple(one for one in read.conditions if one.facet in kept and not one.negated))


def names_place(question: str, registry: Registry, today: dt.date) -> bool:
    """Tell whether a question names a country, a zone or a city of the registry."""
    conditions = filters.read(corrected(fold(question)), today, registry).filters.conditions
    return any(one.facet in {Facet.PLACE, Facet.CITY} for one in conditions)


def evidence(mission: Mission, field: str) -> list[Evidence]:
    """Return the words of a sheet that give a field."""
    if field == "renewal":
        return [one for one in evidence(mission, "duration") if _RENEWS.search(fold(one.quote))]
    names = _PARTS.get(field, (field,))
    found = [one for name in names if (one := mission.quote(name))]
    unsaid = mission.quote("not_said")
    if not found and unsaid and field in _UNSAID and re.search(_UNSAID[field], fold(unsaid.quote)):
        return [unsaid]
    return found if field in {"place", "state", "duration"} else found[:1]


def _best(folded: str, candidates: Sequence[Mission], registry: Registry, *, placed: bool) -> list[Mission]:
    if not candidates:
        return []
    asked = set(_subject(folded))
    candidates = [mission for mission in candidates if not _other_role(folded, mission)]
    if not candidates:
        return []
    weights = {mission.document: sum(registry.rarity(term) for term in asked & set(analyse(mission.title))) for mission in candidates}
    top = max(weights.values())
    if placed and top == 0:
        together = bool(_POSTINGS.search(folded)) and field_asked(folded) is None  # all those of a place, of which nothing is asked
        otherwise = not speaks_of_posting(folded) and len(asked) > _BESIDE_PLACE
        return [] if together or otherwise or len(candidates) > MAX_NAMED else list(candidates)
    one = _ONE.search(folded) and field_asked(folded)
    if not placed and (_ANYONE.match(folded) or (schemes_named(folded) and not _mostly_titled(asked, candidates, weights))):
        return []
    if not placed and top < (_TITLED_ONE if one else _TITLED):
        return []
    if not placed and not one and not speaks_of_posting(folded) and not _mostly_titled(asked, candidates, weights):
        return []
    best = [mission for mission in candidates if weights[mission.document] > _NEARLY * top]
    return best if len(best) <= MAX_NAMED else []


def _other_role(folded: str, mission: Mission) -> bool:
    """Tell whether a question names a role and the title of a posting another."""
    asked, titled = ({number for number, role in enumerate(_ROLES) if role.search(text)} for text in (folded, fold(mission.title)))
    return bool(asked and titled) and not asked & titled


def _mostly_titled(asked: set[str], candidates: Sequence[Mission], weights: Mapping[str, float]) -> bool:
    """Tell whether half of what a question speaks of stands in the best title: else it is about something else."""
    best = max(candidates, key=lambda mission: weights[mission.document])
    return 2 * len(asked & set(analyse(best.title))) >= len(asked)


_ANYONE = re.compile(
    r"(?:un|une|les|des|tout|chaque|an?|every) (?:\w+ )?(?:experte?s?|conseill\w+|volontaires?|chef\w*|chargee?s?|agents?|advis\w+|volunteers?)\b(?! (?:a|au|en|aux|in|at)\b)"
)
"""What speaks of all those of a role."""
_BESIDE_PLACE = 2
"""Terms beside a place that a question may have, which does not speak of a posting and of whose words no title has one."""
_ROLES = tuple(
    re.compile(pattern)
    for pattern in (
        r"\b(?:cheff?e?|directeur|directrice|responsable|coordinat\w+|coordonnat\w+|project manager|team leader|head|lead|manager)\b",
        r"\b(?:conseill(?:er|ere)s?|advis[eo]rs?)\b",
        r"\b(?:charge|chargee|officer)\b",
        r"\b(?:volontaires?|volunteers?|stagiaires?|interns?)\b",
    )
)
"""Kinds of role, folded: a posting of one is none of another."""
_TITLED = 1.2
"""Rarity that the title's words in a question must reach where no place tells which posting is meant."""
_TITLED_ONE = 1.0
"""The same, where a question asks for a field of one posting (``le poste sur les sargasses, quelle durée ?``): a word of one title is enough."""
_ONE = re.compile(
    r"\b(?:(?:le|ce|du|au|the|this) (?:poste|job|posting|position)|(?:l'|cette |la |une )(?:offre|annonce|fiche)|(?:la|cette) mission (?:sur|pour|a|en|au|de|d))\b"
)
_NEARLY = 0.75
_ASKING = frozenset(
    term
    for word in (
        "poste mission offre annonce fiche job position posting quand commence demarre date limite duree contrat statut diplome niveau experience annee langue ville pays combien mois temps expert "
        "experte conseiller conseillere chef projet charge chargee responsable postuler candidater salaire exige demande requis when where how long deadline start manager adviser application close open"
    ).split()
    for term in analyse(word)
)


def _subject(folded: str) -> list[str]:
    """Return the terms of a question that may stand in a title."""
    terms: Iterable[str] = dict.fromkeys(analyse(folded))
    return [term for term in terms if term not in _ASKING or term in _TITLE_WORDS]


_TITLE_WORDS = frozenset(term for word in ("conseiller", "charge", "responsable", "chef", "expert", "manager") for term in analyse(word))
