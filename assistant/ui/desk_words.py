"""The words of the maintenance page, in French and English, and the index report's reasons in French."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DeskWords:
    """What the maintenance page says in one language; ``{name}`` stands for a value."""

    title: str
    intro: str
    sign_in: str
    sign_out: str
    password: str
    wrong: str
    too_many: str
    closed: str
    tab_documents: str
    tab_index: str
    tab_questions: str
    upload: str
    folder: str
    replace: str
    add: str
    added: str
    refused: str
    to_remove: str
    remove: str
    removed: str
    nothing: str
    files: str
    file_columns: tuple[str, ...]
    """Headers of the files: file, size, state, reason, remedy."""
    read: str
    partly: str
    skipped: str
    dry_run: str
    dry_run_none: str
    index: str
    cancel: str
    cancelled: str
    doing: dict[str, str]
    done: str
    unread: str
    new: str
    changed: str
    gone: str
    unchanged: str
    failed: str
    versions: str
    version_columns: tuple[str, ...]
    """Headers of the versions: version, built, files, documents, passages, changes."""
    served: str
    roll_back: str
    rolled_back: str
    closing: str
    closing_none: str
    unmet: str
    unmet_none: str
    unmet_columns: tuple[str, ...]
    """Headers of the questions: question, times, last, why."""
    save_csv: str
    refresh: str
    usage: str
    usage_none: str
    day: str
    questions: str
    rate: str
    latency: str
    outcomes: dict[str, str]


FR = DeskWords(
    title="Maintenance",
    intro="Documents, index et questions sans réponse.",
    sign_in="Se connecter",
    sign_out="Se déconnecter",
    password="Mot de passe",
    wrong="Mot de passe refusé.",
    too_many="Trop d'essais : attendez cinq minutes.",
    closed="La page de maintenance est fermée : elle s'ouvre quand ASSISTANT_ADMIN_PASSWORD est défini.",
    tab_documents="Documents",
    tab_index="Index",
    tab_questions="Questions",
    upload="Fichiers à ajouter",
    folder="Dossier",
    replace="Remplacer un fichier du même nom",
    add="Ajouter au corpus",
    added="Ajouté : {name}. Relancez l'indexation pour qu'il serve.",
    refused="Refusé : {reason}",
    to_remove="Fichiers à retirer",
    remove="Retirer du corpus",
    removed="Retiré : {name} ; gardé dans {kept}.",
    nothing="Rien n'est choisi.",
    files="Fichiers de l'index, ceux à revoir d'abord",
    file_columns=("Fichier", "Taille", "État", "Raison", "Remède"),
    read="lu",
    partly="à revoir",
    skipped="écarté",
    dry_run="Voir ce qui changerait",
    dry_run_none="Le corpus est celui de l'index : rien ne changerait.",
    index="Indexer",
    cancel="Annuler",
    cancelled="Indexation annulée : l'index est resté comme il était.",
    doing={"read": "Lecture des fichiers", "embed": "Calcul des vecteurs"},
    done="Index à jour en {seconds} s : {documents} documents, {chunks} passages.",
    unread="Fichiers écartés ou à revoir",
    new="nouveaux",
    changed="modifiés",
    gone="retirés",
    unchanged="inchangés",
    failed="L'indexation a échoué : {reason}. L'index servi est resté comme il était.",
    versions="Versions de l'index",
    version_columns=("Version", "Construite le (UTC)", "Fichiers", "Documents", "Passages", "Ce qu'elle a changé"),
    served="servie",
    roll_back="Revenir à la version précédente",
    rolled_back="La version {number} est servie. La prochaine indexation reprendra les fichiers du corpus tels qu'ils sont.",
    closing="Annonces qui ferment dans les 30 jours",
    closing_none="Aucune annonce ne ferme dans les 30 jours.",
    unmet="Questions sans réponse ou jugées mauvaises, les plus fréquentes d'abord",
    unmet_none="Aucune pour l'instant.",
    unmet_columns=("Question", "Fois", "Dernière", "Pourquoi"),
    save_csv="Télécharger (CSV)",
    refresh="Actualiser",
    usage="Usage",
    usage_none="Aucune question enregistrée.",
    day="Jour",
    questions="Questions",
    rate="Réponses (%)",
    latency="Temps médian (ms)",
    outcomes={"not_found": "sans réponse", "failed": "en échec", "bad": "jugée mauvaise"},
)  # fmt: skip

EN = DeskWords(
    title="Maintenance",
    intro="Documents, index and unanswered questions.",
    sign_in="Sign in",
    sign_out="Sign out",
    password="Password",
    wrong="Wrong password.",
    too_many="Too many tries: wait five minutes.",
    closed="The maintenance page is closed: it opens when ASSISTANT_ADMIN_PASSWORD is set.",
    tab_documents="Documents",
    tab_index="Index",
    tab_questions="Questions",
    upload="Files to add",
    folder="Folder",
    replace="Replace a file of the same name",
    add="Add to the corpus",
    added="Added: {name}. Index again for it to be used.",
    refused="Refused: {reason}",
    to_remove="Files to remove",
    remove="Remove from the corpus",
    removed="Removed: {name}; kept in {kept}.",
    nothing="Nothing is chosen.",
    files="Files of the index, those to look at first",
    file_columns=("File", "Size", "State", "Reason", "Remedy"),
    read="read",
    partly="to look at",
    skipped="left out",
    dry_run="See what would change",
    dry_run_none="The corpus is that of the index: nothing would change.",
    index="Index",
    cancel="Cancel",
    cancelled="The run was cancelled: the index is as it was.",
    doing={"read": "Reading files", "embed": "Computing vectors"},
    done="Index up to date in {seconds} s: {documents} documents, {chunks} passages.",
    unread="Files left out or to look at",
    new="new",
    changed="changed",
    gone="removed",
    unchanged="unchanged",
    failed="Indexing failed: {reason}. The index that was served still is.",
    versions="Versions of the index",
    version_columns=("Version", "Built (UTC)", "Files", "Documents", "Passages", "What it changed"),
    served="served",
    roll_back="Go back to the version before",
    rolled_back="Version {number} is served. The next run will take the files of the corpus as they are.",
    closing="Postings that close within 30 days",
    closing_none="No posting closes within 30 days.",
    unmet="Questions without answer or with a bad one, most frequent first",
    unmet_none="None so far.",
    unmet_columns=("Question", "Times", "Last", "Why"),
    save_csv="Download (CSV)",
    refresh="Refresh",
    usage="Usage",
    usage_none="No question recorded.",
    day="Day",
    questions="Questions",
    rate="Answered (%)",
    latency="Median time (ms)",
    outcomes={"not_found": "no answer", "failed": "failed", "bad": "called bad"},
)  # fmt: skip

DESK_WORDS = {"fr": FR, "en": EN}

_FRENCH: tuple[tuple[str, str], ...] = (
    (r"needs more than (\d+) MB of memory to read", r"demande plus de \1 Mo de mémoire à la lecture"),
    (r"split it, or check where it comes from", "le scinder, ou vérifier d'où il vient"),
    (r"could not be read \((.*)\)", r"n'a pas pu être lu (\1)"),
    (
        r"open it and save it again; if it comes back, leave it out",
        "l'ouvrir et l'enregistrer de nouveau ; si cela revient, le laisser de côté",
    ),
    (
        r"holds (\d+) characters that no reader sees \(invisible, white or tiny\); they were left out",
        r"contient \1 caractères qu'aucun lecteur ne voit (invisibles, blancs ou minuscules) ; ils ont été laissés de côté",
    ),
    (r"open it and save or print it again as PDF", "l'ouvrir et l'enregistrer ou l'imprimer de nouveau en PDF"),
    (
        r"open it in a word processor and save it again as \.docx",
        "l'ouvrir dans un traitement de texte et l'enregistrer de nouveau en .docx",
    ),
    (r"has (\d+) pages; the first (\d+) were read", r"a \1 pages ; les \2 premières ont été lues"),
    (r"open it and save it again", "l'ouvrir et l'enregistrer de nouveau"),
    (r"open it in a reader and print it again as PDF|open it and print it again as PDF", "l'ouvrir et l'imprimer de nouveau en PDF"),
    (r"is an old \.doc or a protected file", "est un ancien .doc ou un fichier protégé"),
    (r"save it as \.docx, without password", "l'enregistrer en .docx, sans mot de passe"),
    (r"unpacks to far more than its size", "se déploie bien au-delà de sa taille"),
    (r"check where it comes from; do not open it", "vérifier d'où il vient ; ne pas l'ouvrir"),
    (r"is not a readable DOCX file \((.*)\)", r"n'est pas un DOCX lisible (\1)"),
    (r"has an unknown format \(no extension\)", "a un format inconnu (pas d'extension)"),
    (r"has an unknown format \((.*)\)", r"a un format inconnu (\1)"),
    (r"save it as one of (.*)", r"l'enregistrer dans l'un de ces formats : \1"),
    (r"is empty", "est vide"),
    (r"put the document there again, or delete the file", "y remettre le document, ou supprimer le fichier"),
    (r"holds no readable record \((.*)\)", r"ne contient aucune ligne lisible (\1)"),
    (r"holds no text", "ne contient pas de texte"),
    (r"check that it is the right file", "vérifier que c'est le bon fichier"),
    (r"may not be read by this user", "ne peut pas être lu par cet utilisateur"),
    (r"give read permission \(chmod \+r\)(, or check the disk)?", "donner le droit de lecture (chmod +r)"),
    (r"cannot be opened \((.*)\)", r"ne peut pas être ouvert (\1)"),
    (r"check the disk and the file name", "vérifier le disque et le nom du fichier"),
    (r"is named \.pdf but is no PDF", "s'appelle .pdf mais n'est pas un PDF"),
    (r"give it the extension of its format|give it the right extension", "lui donner l'extension de son format"),
    (r"is named (\S+) but its content is (.*)", r"s'appelle \1 mais son contenu est \2"),
    (r"is not a JSON object", "n'est pas un objet JSON"),
    (r"is not valid JSON(.*)", r"n'est pas du JSON valide\1"),
    (r"write one complete JSON object a line", "écrire un objet JSON complet par ligne"),
    (r"write (\{.*\})", r"écrire \1"),
    (r"has no header of at least two columns", "n'a pas d'en-tête d'au moins deux colonnes"),
    (r"put the column names on the first line", "mettre les noms des colonnes sur la première ligne"),
    (r"has (\d+) cells where the header has (\d+)", r"a \1 cellules quand l'en-tête en a \2"),
    (r"put cells that contain the separator between quotes", "mettre entre guillemets les cellules qui contiennent le séparateur"),
    (r"is not readable as CSV from line (\d+) \((.*)\)", r"n'est pas lisible en CSV à partir de la ligne \1 (\2)"),
    (r"check the quotes", "vérifier les guillemets"),
    (r"repeats the id (.*)", r"répète l'identifiant \1"),
    (r"give each record an id of its own", "donner à chaque ligne son propre identifiant"),
    (r"has neither title nor text", "n'a ni titre ni texte"),
    (r"fill in `title` and `text`", "remplir `title` et `text`"),
    (r"has YAML aliases in its front matter", "a des alias YAML dans son en-tête"),
    (r"write the values out", "écrire les valeurs en toutes lettres"),
    (r"the front matter is not valid YAML \(line (\d+)\)", r"son en-tête n'est pas du YAML valide (ligne \1)"),
    (r"quote the values that contain a colon", "mettre entre guillemets les valeurs qui contiennent deux-points"),
    (r"the front matter is not a list of keys", "son en-tête n'est pas une liste de clés"),
    (r"write one `key: value` a line", "écrire une `clé: valeur` par ligne"),
    (r"starts like (\S+) but is not, from byte (\d+)", r"commence comme du \1 mais n'en est plus à l'octet \2"),
    (r"save it again as UTF-8", "l'enregistrer de nouveau en UTF-8"),
    (r"is neither UTF-8 nor Windows-1252 text", "n'est un texte ni en UTF-8 ni en Windows-1252"),
    (r"holds binary data, not text", "contient des données binaires et non du texte"),
    (r"check that the file is what its name says", "vérifier que le fichier est ce que dit son nom"),
    (r"is not readable as HTML \((.*)\)", r"n'est pas lisible en HTML (\1)"),
    (r"holds no page", "ne contient pas de page"),
    (r"save the page again from the browser", "enregistrer de nouveau la page depuis le navigateur"),
    (r"check where the file comes from", "vérifier d'où vient le fichier"),
    (r"is protected by a password", "est protégé par un mot de passe"),
    (r"save a copy without password", "en enregistrer une copie sans mot de passe"),
    (r"has no page that can be decoded", "n'a pas de page lisible"),
    (r"has no page", "n'a pas de page"),
    (r"is not a complete PDF \((.*)\)", r"n'est pas un PDF complet (\1)"),
    (r"cannot be decoded", "ne peut pas être décodée"),
    (r"print the page again as PDF", "imprimer de nouveau la page en PDF"),
    (r"has no text layer \(scanned image\?\)", "n'a pas de texte (image numérisée ?)"),
    (r"is scanned: it holds images and no text layer", "est numérisé : des images et pas de texte"),
    (r"run OCR on it and save( it again)?", "y appliquer une reconnaissance de caractères, et l'enregistrer"),
    (r"split the file", "scinder le fichier"),
    (r"is a link to outside the corpus folder", "est un lien hors du dossier du corpus"),
    (r"copy the file itself into the corpus", "copier le fichier lui-même dans le corpus"),
    (r"is a link to a folder or to nothing", "est un lien vers un dossier ou vers rien"),
    (r"copy the files themselves into the corpus", "copier les fichiers eux-mêmes dans le corpus"),
    (r"is not a regular file", "n'est pas un fichier ordinaire"),
    (r"remove it from the corpus", "le retirer du corpus"),
    (r"has control characters in its name", "a des caractères de commande dans son nom"),
    (r"rename it without them", "le renommer sans eux"),
    (r"is larger than the limit \((\d+) MB > (\d+) MB\)", r"dépasse la limite (\1 Mo > \2 Mo)"),
    (r"split it, or raise ASSISTANT_MAX_FILE_MB", "le scinder, ou relever ASSISTANT_MAX_FILE_MB"),
    (r"the (\w+) (« .* ») is not understood", r"\2 n'est pas compris (champ \1)"),
    (r"(.*) is not understood", r"\1 n'est pas compris"),
    (r"write it as on the postings site", "l'écrire comme sur le site des annonces"),
    (r"has neither date nor source", "n'a ni date ni source"),
    (r"add `published` and `url` to its front matter", "ajouter `published` et `url` à son en-tête"),
    (r"holds the same thing as (.*)", r"dit la même chose que \1"),
    (r"remove one of the two; meanwhile answers show it once", "retirer l'un des deux ; en attendant, les réponses le montrent une fois"),
    (
        r"(.*) is there already; tick « replace » to put this one in its place",
        r"\1 existe déjà ; cochez « Remplacer » pour mettre celui-ci à sa place",
    ),
    (
        r"(.*) is no name for a document: use letters, figures, spaces and hyphens",
        r"\1 n'est pas un nom de document : lettres, chiffres, espaces et tirets",
    ),
    (r"(.*) has an unknown format; admitted: (.*)", r"\1 a un format inconnu ; admis : \2"),
    (r"(.*) is empty; put the document there again", r"\1 est vide ; y remettre le document"),
    (r"(.*) is larger than the limit \((\d+) MB > (\d+) MB\); split it", r"\1 dépasse la limite (\2 Mo > \3 Mo) ; le scinder"),
    (r"(.*) is no file of the corpus", r"\1 n'est pas un fichier du corpus"),
    (r"(.*) is outside the corpus folder", r"\1 est hors du dossier du corpus"),
    (
        r"the corpus is being indexed already; wait for it to end, or cancel it",
        "une indexation est déjà en cours ; attendez sa fin, ou annulez-la",
    ),
    (r"no earlier version of the index is kept in .*", "aucune version précédente de l'index n'est gardée"),
    (r"another `assistant index` is writing .*; wait for it to end", "une autre indexation écrit l'index ; attendez sa fin"),
)


def told(text: str, language: str) -> str:
    """Return a reason or a remedy of the index report in a language; one that is not known stays in English.

    >>> told("has an unknown format (.xyz)", "fr")
    'a un format inconnu (.xyz)'
    """
    if language == "en":
        return text
    return next((found.expand(french) for english, french in _FRENCH if (found := re.fullmatch(english, text))), text)
