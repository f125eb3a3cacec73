"""Tells which documents hold the same thing: the same text, or the same posting in two languages, addresses or exports.

Only names the likeness; which of them is shown is decided where answers are made.
"""

from __future__ import annotations

import hashlib
import re

from assistant.lexical import folded_words
from assistant.schema import Document, Mission
from assistant.text import fold

_POSTING = re.compile(r"\b(?:19|20)\d\d/[\w&-]+/(\d{3,6})$")


def key(document: Document, mission: Mission | None) -> str:
    """Return what a document shares with its duplicates: the posting's number, else its title, places and deadline, else its words.

    The number that ends a reference is that of the posting whatever its language or address.
    """
    if mission and mission.reference:
        posting = _POSTING.search(mission.reference)
        return f"posting {posting.group(1)}" if posting else f"reference {fold(mission.reference)}"
    if mission and mission.deadline:
        return _digest(" ".join([*folded_words(mission.title), *mission.countries, mission.deadline.isoformat()]))
    start = document.sections[0].start if document.sections else 0
    return _digest(" ".join(folded_words(document.text[start:] or document.text)))


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8"), digest_size=12).hexdigest()
