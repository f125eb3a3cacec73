"""The layout of a mission sheet -> its fields: labelled lines, tables, a label above its value, lines that bear no label.

Knows the labels of the postings site and where it puts what; what a value means is read in ``missions.py``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.fields import MISSION_FIELDS, UNMARKED, canonical, opens_with_label
from assistant.places import countries_in, zones_in
from assistant.schema import Document, Field, Kind
from assistant.text import ITEM_MARKER, Span, fold, sentences

HEADER_LINES = 80
"""Lines at the top of a sheet among which labels stand."""
_INLINE = re.compile(r"^(?P<label>[^:|\n]{2,60}?)\s*(?::|\s[–—-]\s)\s*(?P<value>\S.*)$")
_TITLE = re.compile(
    r"^(?P<label>titre du poste|intitulé(?: du poste| de la mission| de l'offre)?|job title|position title)\s*:\s*(?P<value>\S.*)$",
    re.IGNORECASE,
)
"""The title of the posting, where a relay puts its own banner above it."""
_DEPARTMENT = re.compile(r"^[^>|:.]{3,90}(?: > [^>|:.]{1,90})+$")
_LONGEST_LABELLED = 400
"""Characters of a value; more is a paragraph that happens to start like a label."""
_LONGEST_PLACE = 120
_NO_PLACE = re.compile(r"[:;|?!]|\.$|^(?:description|mission description|profil|profile|contexte|context|postuler|apply)\b")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the text, stripped, with its offset."""

    text: str
    start: int

    @property
    def end(self) -> int:
        """Where it ends in the text."""
        return self.start + len(self.text)


def fields(document: Document) -> list[Field]:
    """Return the fields of a sheet: those that its loader wrote, then those that its layout gives and nothing before did.

    What stands without a label is read beside some that do: a list of countries is no sheet.
    """
    found = [f for f in document.fields if f.name in MISSION_FIELDS or f.name == "published"]
    known = {f.start for f in found}
    lines = [line for line in _lines(document.text) if line.start not in known][:HEADER_LINES]
    read = list(_labelled(lines))
    if found or read or document.kind is Kind.MISSION:
        read += _in_sentences(lines, {one.name for one in [*found, *read]})
    if not found and not read:
        return []
    bare = _bare([line for line in lines if not any(f.start <= line.start < f.end for f in read)], document.title)
    return [*found, *read, *bare]


def _labelled(lines: Sequence[Line]) -> Iterator[Field]:
    position = 0
    while position < len(lines):
        line = lines[position]
        following = lines[position + 1] if position + 1 < len(lines) else None
        name = canonical(line.text)
        if name and following and not _has_label(following.text) and len(following.text) <= _LONGEST_LABELLED:
            yield Field(name, line.text.rstrip(" :"), following.text, line.start, following.end)
            position += 2
            continue
        one = _on_one_line(line)
        if one:
            yield one
        position += 1
        if one and one.name == "domains" and position < len(lines) and _is_theme(lines[position].text):
            yield Field("theme", "", _unmarked(lines[position].text), lines[position].start, lines[position].end)
            position += 1


def _in_sentences(lines: Sequence[Line], known: set[str]) -> list[Field]:
    """Return the fields that sentences within a paragraph give (``Salaire : 4 100 dinars par mois.``), those known left out."""
    told: list[Field] = []
    for line in lines:
        for begin, end in sentences(line.text)[1:]:
            one = _on_one_line(Line(line.text[begin:end], line.start + begin))
            if one and one.name not in known | {"title"} and len(one.value) <= _LONGEST_TOLD:
                known.add(one.name)
                told.append(replace(one, value=one.value.removesuffix(".")))
    return told


_LONGEST_TOLD = 90
"""Characters of a value that a sentence gives; more is a remark."""


def _unmarked(text: str) -> str:
    return ITEM_MARKER.sub("", text, count=1) if ITEM_MARKER.match(text) else text


_LONGEST_THEME = 90


def _is_theme(text: str) -> bool:
    """Tell whether the line after the domains is a sub-theme, which the site writes without a label."""
    bare = _unmarked(text)
    return len(bare) <= _LONGEST_THEME and not (
        _has_label(bare) or _DEPARTMENT.match(bare) or _is_zone(bare) or bare.endswith((".", "!", "?"))
    )


def _has_label(text: str) -> bool:
    return canonical(text) is not None or _on_one_line(Line(text, 0)) is not None


def _on_one_line(line: Line) -> Field | None:
    """Return the field of a line such as ``Durée : 12 mois``, ``| Durée | 12 mois |`` or ``Type de contrat CDD``."""
    titled = _TITLE.match(line.text)
    if titled:
        return Field("title", titled["label"], titled["value"].strip(), line.start, line.end)
    marker = ITEM_MARKER.match(line.text)
    bare = line.text[marker.end() :] if marker else line.text
    start = line.end - len(bare)
    if bare.startswith("| "):
        cells = [cell.strip() for cell in bare.strip("|").split("|")]
        name = canonical(cells[0]) if len(cells) == 2 else None
        return Field(name, cells[0], cells[1], start, line.end) if name and cells[1] else None
    for form in (_INLINE, UNMARKED):
        found = form.match(bare)
        name = canonical(found["label"]) if found else None
        if found and name and len(found["value"]) <= _LONGEST_LABELLED:
            return Field(name, found["label"], found["value"].strip(), start, line.end)
    return None


def _bare(lines: Sequence[Line], title: str) -> Iterator[Field]:
    """Yield what stands without a label: department, zone, then country, then city, each on a line of its own."""
    placed: str | None = None
    for line in lines:
        text = " ".join(line.text.split())
        if text == title or canonical(text):
            continue
        if _DEPARTMENT.match(text) and not countries_in(text.split(" > ")[0]):
            yield Field("department", "", text, line.start, line.end)
        elif _is_zone(text):
            placed = "zone"
            yield Field("zone", "", text, line.start, line.end)
        elif placed in {None, "zone"} and _is_country(text):
            placed = "country"
            yield Field("country", "", text, line.start, line.end)
        elif placed == "country":
            placed = "city"
            if len(text) <= _LONGEST_PLACE and not _NO_PLACE.search(fold(text)):
                yield Field("city", "", text, line.start, line.end)


def _is_zone(text: str) -> bool:
    """Tell whether a line is but the name of a zone, as the site writes it, in capitals."""
    if not text.isupper() or len(text) > _LONGEST_PLACE:
        return False
    return fold(text) in {"all areas", "toutes zones", "monde", "worldwide", "international"} or bool(zones_in(text))


def _is_country(text: str) -> bool:
    """Tell whether a line holds but countries, separated by commas, slashes or ``et``."""
    if len(text) > _LONGEST_PLACE:
        return False
    rest = fold(text)
    found = countries_in(rest)
    for _, (start, end) in reversed(found):
        rest = rest[:start] + rest[end:]
    return bool(found) and not re.sub(r"\b(?:et|and|ou|or|la|le|les|the)\b|[\s,;/()&'-]", "", rest)


def _lines(text: str) -> list[Line]:
    """Return the non-blank lines with their offsets."""
    lines, start = [], 0
    for raw in text.split("\n"):
        for begin, end in _between_labels(raw):
            if stripped := raw[begin:end].strip():
                lines.append(Line(stripped, start + raw.index(stripped, begin)))
        start += len(raw) + 1
    return lines


_INNER = re.compile(
    r"\s(?=(?:type d'offre|job offer type|type de contrat|type of contract|domaines d'expertises?|activity sectors|date limite de candidature|deadline date|durée de la mission|"
    r"duration of the assignment|mis en ligne le|published on|contrat (?:salarié|indépendant|portage)|durée \d)\b)",
    re.IGNORECASE,
)


def _between_labels(line: str) -> Iterator[Span]:
    """Yield the spans of a line's fields, where several stand on it: some PDF files draw two columns as one line."""
    cuts: list[int] = []
    if len(line) <= _LONGEST_LABELLED and opens_with_label(line):
        cuts = [found.start() for found in _INNER.finditer(line)]
        cuts += [found.start() for found in _NEXT.finditer(line) if canonical(found["label"]) and ":" in line[: found.start()]]
    cuts = sorted(set(cuts))
    yield from zip([0, *cuts], [*cuts, len(line)], strict=True)


_NEXT = re.compile(r"\s(?=(?P<label>[A-ZÉÈÀ][a-zà-ÿ']+(?: [a-zà-ÿ'’]+){0,5})\s*:\s)")
"""Where another label and its colon stand within a line."""
