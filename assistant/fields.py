"""The names under which documents give their fields: canonical name, label written, and the names met in the wild.

Knows the words only; what a value means is read in ``missions.py``.
"""

from __future__ import annotations

import re

from assistant.text import fold

LABELS: dict[str, str] = {
    "reference": "Référence",
    "organisation": "Organisation",
    "country": "Pays",
    "city": "Ville",
    "zone": "Zone",
    "domains": "Domaines d'expertises",
    "theme": "Sous-thématique",
    "offer_type": "Type d'offre",
    "contract_type": "Type de contrat",
    "status": "Contrat",
    "conditions": "Conditions de l'offre",
    "mission_duration": "Durée de la mission",
    "duration": "Durée",
    "deadline": "Date limite de candidature",
    "start": "Date de début",
    "published": "Mis en ligne le",
    "education": "Niveau d'études",
    "experience": "Expérience",
    "languages": "Langues",
    "sponsor": "Commanditaire",
    "salary": "Rémunération",
    "contact": "Contact",
    "department": "Département",
    "working_days": "Jours de travail",
    "ends": "Date de fin",
    "sample": "Exemple",
    "url": "Adresse",
    "sources": "Sources",
    "updated": "Mis à jour le",
    "author": "Auteur",
}
"""Canonical name -> the label a loader writes before the value."""

_ALIASES: dict[str, str] = {
    "reference": "reference|référence|réf.|réf|ref.|ref|n° de référence|reference number|job reference|réf. offre|référence de l'offre|réf. de l'offre",
    "organisation": "organisation|organization|organisme|employeur|employer|structure|structure qui recrute|nom de la structure|entreprise|société|recruteur",
    "country": "country|countries|pays|pays d'affectation|pays de mission|duty country|pays / countries",
    "city": "city|ville|town|lieu|location|lieu du travail|lieu de travail|lieu d'affectation|lieu de la mission|localisation|duty station|affectation",
    "zone": "zone|zone géographique|region|région|geographic area|area",
    "domains": "domains|domaines d'expertises|domaines d'expertise|domaine d'expertise|domaines|domaine|secteurs d'activité|secteur d'activité|secteur|secteurs|activity sectors|activity sector|sectors|sector|field|fields of expertise",
    "theme": "theme|sous-thématique|sous-thématiques|sous-thème|thème|sub-theme|thématique",
    "offer_type": "offer_type|type d'offre|job offer type|offer type|type of offer|nature de l'offre",
    "contract_type": "contract_type|type contrat|type de contrat|type of contract|contract type|nature du contrat",
    "status": "status|contrat|contract|statut|statut (contrat)|employment status",
    "conditions": "conditions|conditions de l'offre|offer conditions",
    "mission_duration": "mission_duration|durée de la mission|duration of the assignment|assignment duration|type de mission",
    "duration": "duration|durée|durée du contrat|contract duration|durée prévue|length",
    "deadline": "deadline|date limite de candidature|date limite|deadline date|closing date|application deadline|date de clôture|date de soumission|clôture|clôture des candidatures|date limite de dépôt|apply before|closes|candidater avant le|candidatures avant le|candidatures jusqu'au|candidatures|date limite des candidatures|fin des candidatures|limite de candidature|apply by",
    "start": "start|date de début|début|date de départ|départ|arrivée sur place|start date|starting date|démarrage|date de démarrage|prise d'effet|prise de poste|date de prise de poste|date de prise de fonction|début de mission",
    "published": "published|mis en ligne le|mise en ligne|publié le|publié sur|published on|date de publication|posted on|publication",
    "education": "education|niveau d'études|niveau d'étude|niveau requis|diplôme|diplôme requis|formation|level of study|degree|qualifications|niveau de formation",
    "experience": "experience|expérience|années d'expérience|année d'expérience requise|années d'expérience requises|years of experience|expérience requise|expérience professionnelle|expérience min|expérience minimale|expérience minimum",
    "languages": "languages|langues|langue|langues requises|compétences linguistiques|language requirements|language skills|langues de travail",
    "sponsor": "sponsor|commanditaire|commanditaire / bailleur|bailleur|donor|funder|financement|bailleur de fonds",
    "salary": "salary|salaire|salaire brut|rémunération|rémunération brute|indemnité|indemnité mensuelle|traitement|honoraires|gratification|pay|remuneration|fee|fees",
    "contact": "contact|contacts|personne à contacter|renseignements|pour tout renseignement|contact person",
    "department": "department|département|département > pôle|service|direction",
    "sample": "sample|exemple|specimen",
    "url": "url|adresse|lien|link|address",
    "sources": "sources|source",
    "updated": "updated|mis à jour le|mise à jour|last updated",
    "working_days": "working_days|level of effort|volume de travail|nombre de jours|nombre de jours de travail|number of days|number of working days|volume de jours",
    "ends": "ends|date de fin|fin de mission|end date|fin du contrat",
    "author": "author|auteur",
}

NAMES: dict[str, str] = {fold(alias): name for name, aliases in _ALIASES.items() for alias in aliases.split("|")}
"""Folded alias -> canonical name."""

_LONGEST = max(map(len, NAMES))

MISSION_FIELDS = frozenset(LABELS) - {"sources", "updated", "author", "url", "published", "sample"}
"""What tells a mission sheet from another document."""
PROVENANCE = frozenset({"sources", "updated", "author", "url"})
"""What says where a document comes from, not what it says: shown and quotable, but no answer."""


_OPENING = re.compile(r"^\W{0,4}(?P<label>[^:|\n]{2,60}?)\s*:(?:\s|\*|$)")


UNMARKED = re.compile(
    r"^(?P<label>réf\.|ref\.|référence|type d'offre|job offer type|type de contrat|type of contract|domaines d'expertises?|activity sectors|secteurs d'activité|"
    r"date limite de candidature|deadline date|durée de la mission|duration of the assignment|mis en ligne le|published on|publié sur|sous-thématique|"
    r"contrat(?= (?:salarié|indépendant|portage))|contract(?= (?:employee|freelancer|umbrella))|(?:durée|duration)(?= \d))\s+(?P<value>\S.*)$",
    re.IGNORECASE,
)
"""A line that opens with a label of the postings site and bears no colon."""


def opens_with_label(line: str) -> bool:
    """Tell whether a line is a label, or opens with one, with a colon or without.

    >>> opens_with_label("Type de contrat CDD"), opens_with_label("Durée"), opens_with_label("Le contrat est signé")
    (True, True, False)
    """
    text = line.strip()
    return is_labelled(text) or canonical(text) is not None or UNMARKED.match(text) is not None


def is_labelled(line: str) -> bool:
    """Tell whether a line opens with a known label and a colon, so that it is not to be joined with its neighbours.

    >>> is_labelled("Type de contrat : CDD"), is_labelled("**Réf.** : 1"), is_labelled("Il faut noter : rien")
    (True, True, False)
    """
    found = _OPENING.match(line)
    return found is not None and canonical(found["label"].strip("*_ ")) is not None


def canonical(label: str) -> str | None:
    """Return the canonical name of a column, key or label; None for one that is not known.

    >>> canonical("Réf."), canonical("DATE LIMITE :"), canonical("date_limite"), canonical("Durée (mois)"), canonical("couleur")
    ('reference', 'deadline', 'deadline', 'duration', None)
    """
    if len(label) > 2 * _LONGEST:  # a line of text, not a label
        return None
    bare = _REMARK.sub("", label.strip().rstrip(" :")).strip()
    return next((NAMES[one] for one in (fold(bare), fold(bare).replace("_", " ")) if one in NAMES), None)


def unit_of(label: str) -> str | None:
    """Return the unit of time that a column's label gives in brackets, None where it gives none.

    >>> unit_of("Durée (mois)"), unit_of("Pays (ville)")
    ('mois', None)
    """
    found = _REMARK.search(label.strip())
    unit = found.group().strip(" ()").lower() if found else ""
    return unit if re.fullmatch(_TIMES, unit) else None


_REMARK = re.compile(r"\s*\([^()]{1,20}\)$")
"""What a label adds in brackets (``Durée (mois)``)."""
_TIMES = r"mois|ans?|années?|jours?|semaines?|months?|years?|days?|weeks?"
