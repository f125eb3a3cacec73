"""Markdown with optional YAML front matter: headings, lists, tables and paragraphs, inline marks removed.

Reads the subset that documents are written in; raw HTML is kept as text, never interpreted.
"""

from __future__ import annotations

import datetime as dt
import re

import yaml

from assistant.errors import UnreadableFileError
from assistant.fields import MISSION_FIELDS, canonical, is_labelled
from assistant.loading.builder import TextBuilder
from assistant.text import is_item, normalise

FrontMatter = dict[str, object]

_FENCE = re.compile(r"^---[ \t]*$", re.MULTILINE)
_HEADING = re.compile(r"^(#{1,6})[ \t]+(.*?)[ \t]*#*$")
_RULE = re.compile(r"^[ \t]*([-*_])([ \t]*\1){2,}[ \t]*$")
_TABLE_RULE = re.compile(r"^[ \t]*\|?[ \t]*:?-+:?[ \t]*(\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_LINK = re.compile(r"!?\[([^\]]*)\]\(([^)\s]*)[^)]*\)")
_EMPHASIS = re.compile(r"(\*\*\*|\*\*|\*|___|__|`+)(?=\S)(.+?)(?<=\S)\1")
_MIN_LABELS = 2
"""Labels of a sheet in the first column of a table from which its rows are fields."""
_CODE_FENCE = re.compile(r"^[ \t]*(```|~~~)")


def split_front_matter(text: str) -> tuple[FrontMatter, str]:
    """Return the front matter's keys and the body.

    Raises:
        UnreadableFileError: the front matter opens and never closes, or is not a YAML mapping.

    """
    if not re.match(r"---[ \t]*\n", text):
        return {}, text
    fences = list(_FENCE.finditer(text))
    if len(fences) < 2:
        return {}, text
    header, body = text[fences[0].end() : fences[1].start()], text[fences[1].end() :]
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(header, Loader=yaml.SafeLoader)):
            raise UnreadableFileError("has YAML aliases in its front matter", "write the values out")
        read = yaml.safe_load(header)
    except yaml.YAMLError as error:
        line = getattr(getattr(error, "problem_mark", None), "line", 0) + 2
        raise UnreadableFileError(f"the front matter is not valid YAML (line {line})", "quote the values that contain a colon") from error
    if read is None:
        return {}, body
    if not isinstance(read, dict):
        raise UnreadableFileError("the front matter is not a list of keys", "write one `key: value` a line")
    return {str(key): value for key, value in read.items()}, body


def as_text(value: object) -> str:
    """Return a front matter or JSON value as the words written before the body.

    >>> as_text(["Kenya", "Tanzanie"]), as_text(True), as_text(None)
    ('Kenya ; Tanzanie', 'oui', '')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, list | tuple):
        return " ; ".join(as_text(one) for one in value if as_text(one))
    if isinstance(value, dict):
        return " ; ".join(f"{key} : {as_text(one)}" for key, one in value.items())
    if isinstance(value, dt.datetime):
        return value.strftime("%d/%m/%Y %H:%M")
    if isinstance(value, dt.date):
        return value.strftime("%d/%m/%Y")
    return str(value)


def first_heading(body: str) -> str | None:
    """Return the text of the first level-one heading, if the body starts with one."""
    for line in body.splitlines():
        if line.strip():
            match = _HEADING.match(line)
            return _inline(match.group(2)) if match and len(match.group(1)) == 1 else None
    return None


def add_markdown(builder: TextBuilder, body: str) -> None:
    """Append a Markdown body to the builder; a first level-one heading equal to the title is not repeated."""
    paragraph: list[str] = []
    table: list[list[str]] = []
    in_code = False
    for line in normalise(body).split("\n"):
        is_row = line.lstrip().startswith("|") and not in_code
        _flush_other(builder, paragraph, table, is_row=is_row)
        heading = None if in_code else _HEADING.match(line)
        if _CODE_FENCE.match(line):
            in_code = not in_code
        elif heading:
            _flush(builder, paragraph)
            _add_heading(builder, len(heading.group(1)), _inline(heading.group(2)))
        elif not line.strip() or (not in_code and _RULE.match(line)):
            _flush(builder, paragraph)
        elif is_row:
            table += [] if _TABLE_RULE.match(line) else [[_inline(cell) for cell in _cells(line)]]
        elif is_item(line) and not in_code:
            _flush(builder, paragraph)
            paragraph.append(line.strip())
        else:
            paragraph.append(line.strip().removeprefix("> ").rstrip())
    _flush_table(builder, table)
    _flush(builder, paragraph)


def _flush_other(builder: TextBuilder, paragraph: list[str], table: list[list[str]], *, is_row: bool) -> None:
    """Append what was gathered of the other kind before a line of a table, or before one that is none."""
    if is_row:
        _flush(builder, paragraph)
    else:
        _flush_table(builder, table)


def _flush_table(builder: TextBuilder, rows: list[list[str]]) -> None:
    """Append the gathered rows of a table; one of two columns whose first holds the labels of a sheet, as its fields."""
    filled = [cells for cells in rows if any(cells)]
    of_sheet = [cells for cells in filled if len(cells) == 2 and canonical(cells[0]) in MISSION_FIELDS]
    if len(of_sheet) >= _MIN_LABELS and all(len(cells) == 2 for cells in filled):
        for label, value in filled:
            builder.field(canonical(label) or label, value, label)
    else:
        for cells in filled:
            builder.row(cells)
    rows.clear()


def _add_heading(builder: TextBuilder, level: int, text: str) -> None:
    if builder.sections and level == 1 and builder.sections[0].path[0] == text:
        return
    builder.heading(text, level if builder.sections else 0)


def _flush(builder: TextBuilder, lines: list[str]) -> None:
    """Append the gathered lines as one item or paragraph; soft line breaks become spaces."""
    if not lines:
        return
    kept = any(is_labelled(line) for line in lines)  # one field a line, as the author wrote them
    text = _inline(("\n" if kept else " ").join(lines))
    if is_item(lines[0]):
        builder.item(text)
    else:
        builder.paragraph(text)
    lines.clear()


def _cells(line: str) -> list[str]:
    return [cell.replace("\\|", "|").strip() for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]


def _inline(text: str) -> str:
    """Return a line without emphasis and code marks, links as their words."""
    text = _LINK.sub(lambda match: match.group(1), text)
    for _ in range(3):
        text = _EMPHASIS.sub(r"\2", text)
    return text
