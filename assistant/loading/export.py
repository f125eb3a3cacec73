"""CSV and JSON Lines exports: each row or line is a document of its own, named ``path#record``."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field

from assistant.errors import UnreadableFileError
from assistant.fields import LABELS, MISSION_FIELDS, canonical, unit_of
from assistant.loading.builder import TextBuilder
from assistant.loading.markdown import as_text
from assistant.loading.plain import add_plain_text
from assistant.schema import Document, Kind, Problem
from assistant.text import fold, language_of, squeeze

MAX_FIELD = 5_000_000
"""Characters one CSV cell may hold."""

_TITLES = {
    fold(name)
    for name in (
        "title",
        "titre",
        "intitulé",
        "intitule",
        "titre du poste",
        "intitulé du poste",
        "intitulé de la mission",
        "intitulé de l'offre",
        "job title",
        "poste",
        "position",
        "name",
        "nom",
    )
}
_BODIES = {
    fold(name)
    for name in ("text", "texte", "description", "body", "contenu", "content", "description de la mission", "mission description", "détail")
}
_IDS = {"id", "identifiant", "uid", "n°", "numero"}
_TRUE = {"true", "1", "oui", "yes", "vrai", "x"}


@dataclass(slots=True)
class Record:
    """One row of an export, its columns sorted into what they are for."""

    id: str
    number: str = ""
    """Its place in the export: its id where it bears none of its own, or another record's reference."""
    own_id: bool = False
    """Whether a column gives its id."""
    title: str = ""
    body: str = ""
    values: list[tuple[str, str, str]] = field(default_factory=list)
    """(canonical name or column name, label, value) of the other columns."""
    plain: dict[str, str] = field(default_factory=dict)
    """url, kind, language, published and sample, as written."""


def read_jsonl(text: str, name: str) -> tuple[list[Document], list[Problem]]:
    """Return the documents of a JSON Lines export, and a problem for each line that could not be read."""
    documents: list[Document] = []
    problems: list[Problem] = []
    seen: set[str] = set()
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        if not line.strip():
            continue
        where = f"{name}, line {number}"
        try:
            row = json.loads(line)
        except (json.JSONDecodeError, RecursionError) as error:
            reason = f"is not valid JSON ({getattr(error, 'msg', 'nested too deeply')})"
            problems.append(Problem(where, reason, "write one complete JSON object a line"))
            continue
        if not isinstance(row, dict):
            problems.append(Problem(where, "is not a JSON object", 'write {"id": …, "title": …, "text": …}'))
            continue
        record = _sort_columns([(str(key), as_text(value)) for key, value in row.items()], str(number))
        _append(record, where, name, documents, problems, seen)
    return documents, problems


def read_csv(text: str, name: str) -> tuple[list[Document], list[Problem]]:
    """Return the documents of a CSV export (comma, semicolon or tab), and a problem for each bad row."""
    csv.field_size_limit(MAX_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), dialect=_dialect(text), strict=False)
    documents: list[Document] = []
    problems: list[Problem] = []
    seen: set[str] = set()
    rows = _rows(reader, name)
    header = next(rows, (1, []))[1]
    if len([cell for cell in header if cell.strip()]) < 2:
        raise UnreadableFileError("has no header of at least two columns", "put the column names on the first line")
    for count, (number, cells) in enumerate(rows, start=1):
        if not any(cell.strip() for cell in cells):
            continue
        where = f"{name}, line {number}"
        if len(cells) != len(header):
            reason = f"has {len(cells)} cells where the header has {len(header)}"
            problems.append(Problem(where, reason, "put cells that contain the separator between quotes"))
            continue
        record = _sort_columns(list(zip(header, cells, strict=True)), str(count))
        _append(record, where, name, documents, problems, seen)
    return documents, problems


def _rows(reader: Iterator[list[str]], name: str) -> Iterator[tuple[int, list[str]]]:
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            line = getattr(reader, "line_num", 0)
            raise UnreadableFileError(f"is not readable as CSV from line {line} ({error})", "check the quotes") from error
        yield getattr(reader, "line_num", 0), row


def _dialect(text: str) -> type[csv.Dialect]:
    first = text.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)

    class Export(csv.excel):
        delimiter = separator

    return Export


def _sort_columns(columns: list[tuple[str, str]], default_id: str) -> Record:
    record = Record(id="", number=default_id)
    for column, value in columns:
        key, name = fold(column).strip(), canonical(column)
        if key in _IDS:
            record.id = squeeze(value)
            record.own_id = bool(record.id)
        elif key in _TITLES and not record.title:
            record.title = squeeze(value)
        elif key in _BODIES and not record.body:
            record.body = value
        elif key in {"kind", "language", "lang"} or name in {"url", "sample", "published"}:
            record.plain[name or {"lang": "language"}.get(key, key)] = squeeze(value)
            if name == "published" and value.strip():
                record.values.append(("published", LABELS["published"], value))
        elif value.strip():
            unit = unit_of(column) if value.strip().isdigit() else None
            label = LABELS[name] if name and not unit else squeeze(column)
            record.values.append((name or key, label, value))
    references = [squeeze(value) for name, _, value in record.values if name == "reference"]
    record.id = record.id or next(iter(references), default_id)  # a reference stays with its row, a row's number does not
    return record


def _append(record: Record, where: str, name: str, documents: list[Document], problems: list[Problem], seen: set[str]) -> None:
    if record.id in seen and not record.own_id:
        record.id = record.number
    if record.id in seen:
        problems.append(Problem(where, f"repeats the id {record.id}", "give each record an id of its own"))
    elif not (record.title or record.body.strip() or record.values):
        problems.append(Problem(where, "has neither title nor text", "fill in `title` and `text`"))
    else:
        seen.add(record.id)
        documents.append(_document(record, name))


def _document(record: Record, name: str) -> Document:
    builder = TextBuilder()
    builder.title(record.title or record.id)
    sample = fold(record.plain.get("sample", "")) in _TRUE
    if sample:
        builder.field("sample", "oui")
    for field_name, label, value in record.values:
        builder.field(field_name, value, label, unit=unit_of(label))
    if record.body.strip():
        add_plain_text(builder, record.body)
    known = MISSION_FIELDS & {field_name for field_name, _, _ in record.values}
    kind = record.plain.get("kind", "")
    language = record.plain.get("language", "")[:2].lower()
    return builder.build(
        name=f"{name}#{record.id}",
        kind=Kind(kind) if kind in set(Kind) else (Kind.MISSION if len(known) >= 2 else Kind.OTHER),
        language=language or language_of(f"{record.title}\n{record.body[:2000]}"),
        published=_date(record.plain.get("published", "")),
        url=record.plain.get("url") or None,
        sample=sample,
    )


def _date(value: str) -> dt.date | None:
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%Y/%m/%d"):
        try:
            return dt.datetime.strptime(value[:10], form).date()
        except ValueError:
            continue
    return None
