"""Pure functions over French and English text: normalising, sentences, list items, language.

Knows nothing of documents or of retrieval.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

Span = tuple[int, int]

_SPACES = re.compile("[\u00a0\u202f\u2007\u2009\t]")
_NOTHING = re.compile("[\u200b\ufeff\u00ad\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
"""Zero-width spaces, soft hyphens and control characters."""
_LINE_ENDS = re.compile("\r\n|[\r\x0b\u2028\u2029]")
_LIGATURES = {"ﬁ": "fi", "ﬂ": "fl", "ﬀ": "ff", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_LIGATURE = re.compile("[ﬀ-ﬆ]")

_ABBREVIATIONS = frozenset(
    "m mm mme mmes mlle dr pr art al ex cf etc env min max p pp vol no nos n tel fig réf ref éd ed av bd st ste i.e e.g vs approx mr mrs ms sr jr".split()
)
_MARKS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")
_SENTENCE_END = re.compile(r"[.!?…]+[»”\")\]]*(?=\s|$)|\n+")
ITEM_MARKER = re.compile(r"[ \t]*(?:[-–—•*·▪◦‣●○■]|\(?\d{1,2}[.)°]|[a-z]\))[ \t]+")
_NUMBERED_LABEL = re.compile(
    r"(?:priorité|priority|axe|objectif|pilier|volet|finalité|étape|step|action|principe|mesure|niveau|phase|domaine|orientation|enjeu|composante|critère|condition|question|point|axis|pillar|goal|objective)"
    r"\s+(?:n°\s*)?(?:\d{1,2}|[ivx]{1,4})",
    re.IGNORECASE,
)


def normalise(text: str) -> str:
    """Return text in the one form that is stored: NFC, plain spaces, ``\\n`` line ends, no control characters.

    >>> normalise("l'e\u0301tat\\r\\nest\u00a0la")
    "l'état\\nest la"
    """
    text = _SPACES.sub(" ", _LINE_ENDS.sub("\n", text))
    text = _LIGATURE.sub(lambda match: _LIGATURES[match.group()], text)
    return _NOTHING.sub("", unicodedata.normalize("NFC", text))


def squeeze(text: str) -> str:
    """Return normalised text on one line, with single spaces.

    >>> squeeze(" deux   mots\\nici ")
    'deux mots ici'
    """
    return " ".join(normalise(text).split())


def fold(text: str) -> str:
    """Return text in lower case without accents, with plain apostrophes; its length may differ.

    >>> fold("L’Été à Œuvrer")
    "l'ete a oeuvrer"
    """
    if text.isascii():
        return text.lower()
    text = text.lower().replace("œ", "oe").replace("æ", "ae").replace("’", "'").replace("ʼ", "'")
    return _MARKS.sub("", unicodedata.normalize("NFKD", text))


def fold_with_offsets(text: str) -> tuple[str, list[int]]:
    """Return the folded text, and for each of its characters the offset it came from.

    >>> fold_with_offsets("Œuf")
    ('oeuf', [0, 0, 1, 2])
    """
    if text.isascii():
        return text.lower(), list(range(len(text)))
    folded: list[str] = []
    offsets: list[int] = []
    for offset, character in enumerate(text):
        for one in fold(character):
            folded.append(one)
            offsets.append(offset)
    return "".join(folded), offsets


def words(text: str) -> list[str]:
    """Return the folded words and numbers of a text, elided articles apart.

    >>> words("Qu'est-ce que l'ETI ?")
    ['qu', 'est', 'ce', 'que', 'l', 'eti']
    """
    return re.findall(r"\w+", fold(text))


def sentences(text: str) -> list[Span]:
    """Return the spans of the sentences of a text, line ends included as breaks, in order and without white space.

    >>> t = "M. Martin part le 3 mai. Il rentre."
    >>> [t[a:b] for a, b in sentences(t)]
    ['M. Martin part le 3 mai.', 'Il rentre.']
    """
    spans, start = [], 0
    for match in _SENTENCE_END.finditer(text):
        if text[match.start()] != "\n" and not _ends_sentence(text, match):
            continue
        spans.append(_strip(text, start, match.end()))
        start = match.end()
    spans.append(_strip(text, start, len(text)))
    return [(a, b) for a, b in spans if a < b]


def list_items(text: str) -> list[Span]:
    """Return the spans of the items of a list, their markers left out; empty where the text holds no list.

    An item starts with a bullet, a number, or a label such as ``Priorité 2`` on a line of its own.

    >>> t = "Trois axes :\\n- eau\\n- air"
    >>> [t[a:b] for a, b in list_items(t)]
    ['eau', 'air']
    >>> t = "Priorité 1\\nLa paix\\nPriorité 2\\nLe droit"
    >>> [t[a:b] for a, b in list_items(t)]
    ['La paix', 'Le droit']
    """
    spans: list[Span] = []
    pending_label = False
    for start, end in _lines(text):
        line = text[start:end]
        marker = ITEM_MARKER.match(line)
        if is_numbered_label(line):
            pending_label = True
        elif pending_label or marker:
            spans.append(_strip(text, start + (marker.end() if marker else 0), end))
            pending_label = False
    return [(a, b) for a, b in spans if a < b]


def is_item(line: str) -> bool:
    """Tell whether a line starts with a list marker.

    >>> is_item("  2. Deux"), is_item("2024 fut"), is_item("- a")
    (True, False, True)
    """
    return ITEM_MARKER.match(line) is not None


def is_numbered_label(line: str) -> bool:
    """Tell whether a line is but a numbered label such as ``Priorité 3`` or ``Axe II :``.

    >>> is_numbered_label("Priorité 3"), is_numbered_label("Priorité 3 pays")
    (True, False)
    """
    return _NUMBERED_LABEL.fullmatch(line.strip().rstrip(" :.-–")) is not None


_FRENCH = frozenset(
    "le la les un une des du de et est sont au aux en dans pour que qui quoi quel quelle quels quelles comment combien quand ou où je tu il elle nous vous ils mon ma mes ce cette ces c qu d l j pas ne sur avec y a t suis peut faut donc mais si par se ça sa son leur dois puis mission poste".split()
)
_ENGLISH = frozenset(
    "the of and is are what which who when where how many much long does do did can i my a an in on for to with there any under be am it this that from by open apply if whose was were has have about your tell me list show".split()
)


def language_of(text: str, default: str = "fr") -> str:
    """Return ``"fr"`` or ``"en"``, by the function words of a text; the default where they do not tell.

    >>> language_of("What is the salary?"), language_of("c koi le salaire"), language_of("ETI")
    ('en', 'fr', 'fr')
    """
    seen = words(text)
    french = len([w for w in seen if w in _FRENCH]) + sum(map(text.lower().count, "éèêàùçôîœ"))
    english = len([w for w in seen if w in _ENGLISH])
    if french == english:
        return default
    return "fr" if french > english else "en"


def _ends_sentence(text: str, match: re.Match[str]) -> bool:
    """Tell whether a full stop ends a sentence rather than an abbreviation, an initial or a number."""
    if not match.group().startswith(".") or match.group().startswith(".."):
        return True
    before = re.search(r"[\w.]+$", text[: match.start()])
    token = before.group().lower() if before else ""
    if token in _ABBREVIATIONS or (len(token) == 1 and token.isalpha() and before and before.group().isupper()):
        return False
    if token.isdigit() and len(token) <= 2 and not text[: match.start() - len(token)].rsplit("\n", 1)[-1].strip():
        return False
    following = text[match.end() :].lstrip()
    return not (following[:1].islower() and "\n" not in text[match.end() : match.end() + 2])


def _lines(text: str) -> Iterator[Span]:
    start = 0
    for line in text.split("\n"):
        yield start, start + len(line)
        start += len(line) + 1


def _strip(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
