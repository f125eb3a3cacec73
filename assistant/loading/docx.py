"""DOCX: headings by style, lists by numbering, tables; the only module that knows python-docx."""

from __future__ import annotations

import io
import zipfile

import docx
from docx.document import Document as DocxDocument
from docx.opc.exceptions import PackageNotFoundError
from docx.table import Table
from docx.text.paragraph import Paragraph
from lxml import etree

from assistant.errors import UnreadableFileError
from assistant.loading.builder import TextBuilder
from assistant.text import is_item, squeeze

MAX_UNPACKED = 300_000_000
"""Bytes a file may unpack to; more is a zip bomb or holds media that are not text."""
MAX_RATIO = 200
"""Times its size on disk that a file above a megabyte may unpack to."""


def add_docx(builder: TextBuilder, data: bytes, title: str | None) -> None:
    """Append the text of a DOCX file; the title is its Title or first heading unless given.

    Raises:
        UnreadableFileError: not a DOCX file, protected, damaged, or unpacking to far more than its size.

    """
    document = _open(data)
    declared = squeeze(document.core_properties.title or "")
    blocks = list(document.iter_inner_content())
    opening = next((b for b in blocks if isinstance(b, Paragraph) and b.text.strip()), None)
    if title or (opening is not None and _level(opening) is None and declared):
        builder.title(title or declared)
    counters: dict[str, int] = {}
    for block in blocks:
        if isinstance(block, Table):
            _add_table(builder, block)
        else:
            _add_paragraph(builder, block, counters)


def _open(data: bytes) -> DocxDocument:
    remedy = "open it in a word processor and save it again as .docx"
    if data[:4] == b"\xd0\xcf\x11\xe0":
        raise UnreadableFileError("is an old .doc or a protected file", "save it as .docx, without password")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * max(len(data), 1_000_000):
            raise UnreadableFileError("unpacks to far more than its size", "check where it comes from; do not open it")
        return docx.Document(io.BytesIO(data))
    except (zipfile.BadZipFile, PackageNotFoundError, etree.XMLSyntaxError, KeyError, ValueError) as error:
        raise UnreadableFileError(f"is not a readable DOCX file ({type(error).__name__})", remedy) from error


def _add_paragraph(builder: TextBuilder, paragraph: Paragraph, counters: dict[str, int]) -> None:
    text = squeeze(paragraph.text)
    if not text:
        return
    level = _level(paragraph)
    if level is not None:
        counters.clear()
        if not builder.sections:
            builder.title(text)
        elif builder.sections[0].path[0] != text:
            builder.heading(text, max(level, 1))
        return
    list_id = _list_id(paragraph)
    if list_id is None:
        counters.clear()
        builder.paragraph(text)
    elif is_item(text):
        builder.item(text)
    elif _is_numbered(paragraph):
        counters[list_id] = counters.get(list_id, 0) + 1
        builder.item(f"{counters[list_id]}. {text}")
    else:
        builder.item(f"- {text}")


def _level(paragraph: Paragraph) -> int | None:
    """Return the heading level of a paragraph (0 for the title), None for body text."""
    style = paragraph.style.name if paragraph.style is not None else ""
    if style == "Title":
        return 0
    if style and style.startswith("Heading ") and style[8:].isdigit():
        return int(style[8:])
    outline = paragraph._p.xpath("./w:pPr/w:outlineLvl/@w:val")
    return int(outline[0]) + 1 if outline and outline[0].isdigit() and int(outline[0]) < 9 else None


def _list_id(paragraph: Paragraph) -> str | None:
    numbers = paragraph._p.xpath("./w:pPr/w:numPr/w:numId/@w:val")
    if numbers:
        return str(numbers[0])
    style = paragraph.style.name if paragraph.style is not None else ""
    return style if style and style.startswith("List") and style != "List Paragraph" else None


def _is_numbered(paragraph: Paragraph) -> bool:
    style = (paragraph.style.name if paragraph.style is not None else "") or ""
    if "Number" in style:
        return True
    if "Bullet" in style:
        return False
    number_id = _list_id(paragraph)
    numbering = paragraph.part.numbering_part.element if number_id else None  # type: ignore[attr-defined]
    if numbering is None:
        return False
    abstract = numbering.xpath(f"./w:num[@w:numId='{number_id}']/w:abstractNumId/@w:val")
    if not abstract:
        return False
    forms = numbering.xpath(f"./w:abstractNum[@w:abstractNumId='{abstract[0]}']/w:lvl[@w:ilvl='0']/w:numFmt/@w:val")
    return bool(forms) and forms[0] != "bullet"


def _add_table(builder: TextBuilder, table: Table) -> None:
    for row in table.rows:
        cells: list[str] = []
        previous = None
        for cell in row.cells:
            if cell._tc is not previous:
                cells.append(squeeze(cell.text))
            previous = cell._tc
        builder.row(cells)
