"""The words of the page, in French and English, in one place."""

from __future__ import annotations

TITLE = "Assistant missions & coopération"

INTRO = (
    "Posez vos questions sur les missions d'expertise internationale et les priorités de coopération. "
    "Les réponses citent les documents mot pour mot ; l'assistant dit quand il ne sait pas."
)

PLACEHOLDER = "Votre question, par exemple : « Combien de temps peut durer une mission ETI ? »"
SEND = "Envoyer"
CLEAR = "Nouvelle conversation"
QUESTION_LABEL = "Votre question"
CONVERSATION_LABEL = "Conversation"
WELCOME = "Choisissez un exemple, ou posez votre question."
SEARCHING = "Recherche dans les documents…"

EXAMPLES = (
    "Quelles sont les priorités de la coopération en matière de justice ?",
    "Quelles missions sont ouvertes en Afrique ?",
    "Combien de temps peut durer une mission d'expert technique international ?",
    "Jusqu'à quel âge peut-on partir en VIE ?",
    "Quand et où s'est tenue la 3e édition des Journées ETI ?",
    "Qui peut devenir expert national détaché ?",
)

FOOTER = (
    "Cet assistant peut se tromper : vérifiez la source citée avant toute démarche. Les questions sont enregistrées sans adresse "
    "ni profil, et effacées après {days} jours."
)

SOURCES = {"fr": "Sources", "en": "Sources"}
PAGE = {"fr": "page", "en": "page"}
LINK = {"fr": "page d'origine", "en": "original page"}
SAMPLE = {"fr": "exemple fictif", "en": "fictitious sample"}
ENGINE = {
    "fr": {"extractive": "Réponse composée de citations exactes", "model": "Réponse rédigée par {name}, vérifiée"},
    "en": {"extractive": "Answer made of exact quotes", "model": "Answer written by {name}, verified"},
}
FAILED = {
    "fr": "Une erreur est survenue ; réessayez. Si elle revient, prévenez la personne qui maintient l'assistant.",
    "en": "Something went wrong; try again. If it comes back, tell whoever maintains the assistant.",
}
