"""The words of the pages, in French and English, in one place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Example:
    """A question to begin with, and whose it is."""

    who: str
    question: str


@dataclass(frozen=True, slots=True)
class Words:
    """What the pages say in one language; ``{name}`` stands for a value."""

    language: str
    other_name: str
    title: str
    nav_label: str
    nav_chat: str
    nav_missions: str
    nav_maintenance: str
    skip: str
    intro: str
    welcome: str
    can: tuple[str, ...]
    cannot: tuple[str, ...]
    can_title: str
    cannot_title: str
    examples: tuple[Example, ...]
    placeholder: str
    send: str
    stop: str
    clear: str
    export: str
    question_label: str
    conversation_label: str
    searching: str
    stopped: str
    footer: str
    opt_out: str
    sources: str
    page: str
    page_image: str
    link: str
    sample: str
    by_quotes: str
    by_model: str
    by_records: str
    may_err: str
    failed: str
    understood: str
    remove_filter: str
    without_filter: str
    follow_ups: str
    download_csv: str
    download_ics: str
    columns: tuple[str, ...]
    """Headers of a list of missions: mission, country, contract, duration, deadline, state."""
    sort_by: str
    open: str
    closed: str
    unknown: str
    days_left: str
    day_left: str
    last_day: str
    no_deadline: str
    no_value: str
    more_rows: str
    faults: tuple[str, ...]
    """What may be wrong with an answer."""
    fault_label: str
    feedback_label: str
    feedback_send: str
    feedback_thanks: str
    conversations: str
    no_conversations: str
    open_conversation: str
    delete_conversation: str
    conversations_note: str
    rewritten: str
    exported_question: str
    missions_title: str
    missions_intro: str
    free_text: str
    open_now: str
    zone: str
    domain: str
    contract: str
    status: str
    everywhere: str
    all_domains: str
    all_contracts: str
    all_statuses: str
    statuses: dict[str, str]
    found: str
    none_found: str
    by_zone: str
    by_deadline: str
    as_table: str
    count: str
    month: str
    zone_unknown: str
    sheet: str
    sheet_none: str
    fields: dict[str, str]
    criteria: str
    ask_about: str
    ask_about_question: str
    read_in: str
    original: str


FR = Words(
    language="fr",
    other_name="English",
    title="Assistant missions & coopération",
    nav_label="Pages",
    nav_chat="Discussion",
    nav_missions="Missions",
    nav_maintenance="Maintenance",
    skip="Aller à la question",
    intro="Missions d'expertise internationale et priorités de coopération : des réponses qui citent les documents mot pour mot.",
    welcome="Bonjour ! Que cherchez-vous ?",
    can_title="Ce que je fais",
    can=(
        "je cite les documents mot pour mot, avec la source et la page ;",
        "je calcule les listes, les dates limites et les conditions depuis les fiches ;",
        "je dis quand les documents ne répondent pas.",
    ),
    cannot_title="Ce que je ne fais pas",
    cannot=("je ne décide pas d'une candidature ;", "je ne connais que les documents de cette base."),
    examples=(
        Example("Candidat", "Quelles missions sont ouvertes en Afrique ?"),
        Example("Candidat", "Jusqu'à quel âge peut-on partir en VIE ?"),
        Example("Candidat", "Je suis magistrate, huit ans d'expérience : à quoi puis-je prétendre ?"),
        Example("Service", "Quelles sont les priorités de la coopération en matière de justice ?"),
        Example("Service", "Quand et où s'est tenue la 3e édition des Journées ETI ?"),
        Example("Mainteneur", "Quelles missions ferment dans les deux prochains mois ?"),
    ),
    placeholder="Combien de temps peut durer une mission ETI ?",
    send="Envoyer",
    stop="Arrêter",
    clear="Nouvelle conversation",
    export="Exporter",
    question_label="Votre question",
    conversation_label="Conversation",
    searching="Recherche dans les documents…",
    stopped="Réponse arrêtée : ce qui était écrit n'était pas encore vérifié.",
    footer=(
        "Cet assistant peut se tromper : vérifiez la source citée avant toute démarche. Les questions sont enregistrées sans adresse ni profil, "
        "noms, courriels et téléphones masqués, et effacées après {days} jours. Les conversations restent dans votre navigateur."
    ),
    opt_out="Ne pas enregistrer mes questions",
    sources="Sources",
    page="page",
    page_image="Page {page} du document, le passage cité surligné",
    link="page d'origine",
    sample="exemple fictif",
    by_quotes="Réponse composée de citations exactes, sans modèle de langue",
    by_model="Réponse rédigée par {name}, chaque phrase vérifiée",
    by_records="Liste calculée depuis les fiches, sans modèle de langue",
    may_err=" ; elle peut se tromper.",
    failed="Une erreur est survenue ; réessayez. Si elle revient, prévenez la personne qui maintient l'assistant.",
    understood="Compris :",
    remove_filter="Retirer le filtre « {name} »",
    without_filter="Missions : {filters}",
    follow_ups="Pour continuer :",
    download_csv="Télécharger (CSV)",
    download_ics="Agenda (.ics)",
    columns=("Mission", "Pays", "Contrat", "Durée", "Date limite", "État"),
    sort_by="Trier par {name}",
    open="ouverte",
    closed="close",
    unknown="date limite inconnue",
    days_left="dans {count} jours",
    day_left="demain",
    last_day="aujourd'hui",
    no_deadline="non précisée",
    no_value="—",
    more_rows="{count} autres missions : affinez la question, ou voyez la page Missions.",
    faults=("inexact", "incomplet", "hors sujet", "périmé", "autre"),
    fault_label="Qu'est-ce qui ne va pas ?",
    feedback_label="Précisez, si vous voulez",
    feedback_send="Envoyer la remarque",
    feedback_thanks="Merci, c'est noté.",
    conversations="Conversations",
    no_conversations="Aucune conversation gardée.",
    open_conversation="Ouvrir « {name} »",
    delete_conversation="Supprimer « {name} »",
    conversations_note="Gardées dans ce navigateur seulement.",
    rewritten="Question comprise",
    exported_question="Question",
    missions_title="Missions",
    missions_intro="Le registre complet, lu des fiches. Les annonces ouvertes d'abord ; chaque ligne ouvre sa fiche.",
    free_text="Mots cherchés",
    open_now="Ouvertes maintenant",
    zone="Zone",
    domain="Domaine",
    contract="Contrat",
    status="Statut",
    everywhere="Toutes les zones",
    all_domains="Tous les domaines",
    all_contracts="Tous les contrats",
    all_statuses="Tous les statuts",
    statuses={"employee": "salarié", "contractor": "indépendant", "umbrella": "portage salarial"},
    found="{count} missions",
    none_found="Aucune mission ne correspond. Retirez un filtre.",
    by_zone="Missions par zone",
    by_deadline="Dates limites par mois",
    as_table="Voir en tableau",
    count="Missions",
    month="Mois",
    zone_unknown="Non précisée",
    sheet="Fiche",
    sheet_none="Choisissez une mission dans le tableau pour lire sa fiche.",
    fields={
        "reference": "Référence", "organisation": "Organisme", "countries": "Pays", "city": "Ville", "zone": "Zone", "domains": "Domaines",
        "offer_type": "Type d'offre", "contract": "Contrat", "status": "Statut", "duration": "Durée", "start": "Début", "published": "Mise en ligne",
        "deadline": "Date limite", "education": "Études", "experience": "Expérience", "languages": "Langues", "remote": "Télétravail", "sponsor": "Financement",
    },
    criteria="Ce que la fiche demande",
    ask_about="Poser une question sur cette mission",
    ask_about_question="Que demande la mission {name} ?",
    read_in="lu dans « {quote} »",
    original="Fiche d'origine",
)  # fmt: skip

EN = Words(
    language="en",
    other_name="Français",
    title="Missions & cooperation assistant",
    nav_label="Pages",
    nav_chat="Chat",
    nav_missions="Missions",
    nav_maintenance="Maintenance",
    skip="Go to the question",
    intro="International expertise missions and cooperation priorities: answers that quote the documents word for word.",
    welcome="Hello! What are you looking for?",
    can_title="What I do",
    can=(
        "I quote the documents, which are in French, word for word, with source and page;",
        "I compute lists, deadlines and conditions from the sheets;",
        "I say when the documents do not answer.",
    ),
    cannot_title="What I do not do",
    cannot=("I do not decide on applications;", "I know nothing but the documents of this base."),
    examples=(
        Example("Candidate", "Which missions are open in Africa?"),
        Example("Candidate", "What is the age limit for a VIE?"),
        Example("Candidate", "I am a judge with eight years of experience: what can I apply for?"),
        Example("Staff", "What are the priorities of cooperation in justice?"),
        Example("Staff", "When and where did the third ETI days take place?"),
        Example("Maintainer", "Which missions close in the next two months?"),
    ),
    placeholder="How long can an ETI mission last?",
    send="Send",
    stop="Stop",
    clear="New conversation",
    export="Export",
    question_label="Your question",
    conversation_label="Conversation",
    searching="Searching the documents…",
    stopped="Answer stopped: what was written had not been verified yet.",
    footer=(
        "This assistant can be wrong: check the source it quotes before you act. Questions are recorded without address or profile, names, "
        "e-mails and telephone numbers masked, and erased after {days} days. Conversations stay in your browser."
    ),
    opt_out="Do not record my questions",
    sources="Sources",
    page="page",
    page_image="Page {page} of the document, the quoted passage highlighted",
    link="original page",
    sample="fictitious sample",
    by_quotes="Answer made of exact quotes, without a language model",
    by_model="Answer written by {name}, each statement checked",
    by_records="List computed from the sheets, without a language model",
    may_err="; it can be wrong.",
    failed="Something went wrong; try again. If it comes back, tell whoever maintains the assistant.",
    understood="Understood:",
    remove_filter="Remove the filter “{name}”",
    without_filter="Missions: {filters}",
    follow_ups="To go on:",
    download_csv="Download (CSV)",
    download_ics="Calendar (.ics)",
    columns=("Mission", "Country", "Contract", "Duration", "Deadline", "State"),
    sort_by="Sort by {name}",
    open="open",
    closed="closed",
    unknown="deadline unknown",
    days_left="in {count} days",
    day_left="tomorrow",
    last_day="today",
    no_deadline="not given",
    no_value="—",
    more_rows="{count} more missions: narrow the question, or see the Missions page.",
    faults=("wrong", "incomplete", "off topic", "out of date", "other"),
    fault_label="What is wrong?",
    feedback_label="Say more, if you like",
    feedback_send="Send the remark",
    feedback_thanks="Thank you, noted.",
    conversations="Conversations",
    no_conversations="No conversation kept.",
    open_conversation="Open “{name}”",
    delete_conversation="Delete “{name}”",
    conversations_note="Kept in this browser only.",
    rewritten="Question understood",
    exported_question="Question",
    missions_title="Missions",
    missions_intro="The whole registry, read from the sheets. Open postings first; each row opens its sheet.",
    free_text="Words searched",
    open_now="Open now",
    zone="Zone",
    domain="Domain",
    contract="Contract",
    status="Status",
    everywhere="All zones",
    all_domains="All domains",
    all_contracts="All contracts",
    all_statuses="All statuses",
    statuses={"employee": "employee", "contractor": "freelance", "umbrella": "umbrella company"},
    found="{count} missions",
    none_found="No mission matches. Remove a filter.",
    by_zone="Missions by zone",
    by_deadline="Deadlines by month",
    as_table="As a table",
    count="Missions",
    month="Month",
    zone_unknown="Not given",
    sheet="Sheet",
    sheet_none="Choose a mission in the table to read its sheet.",
    fields={
        "reference": "Reference", "organisation": "Organisation", "countries": "Countries", "city": "City", "zone": "Zone", "domains": "Domains",
        "offer_type": "Kind of offer", "contract": "Contract", "status": "Status", "duration": "Duration", "start": "Start", "published": "Posted",
        "deadline": "Deadline", "education": "Studies", "experience": "Experience", "languages": "Languages", "remote": "Remote work", "sponsor": "Funding",
    },
    criteria="What the sheet asks for",
    ask_about="Ask about this mission",
    ask_about_question="What does the mission {name} ask for?",
    read_in="read in “{quote}”",
    original="Original sheet",
)  # fmt: skip

WORDS = {"fr": FR, "en": EN}
