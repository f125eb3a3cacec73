"""Puts a document together block by block, so that every loader yields text of one shape with exact offsets."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace

from assistant.fields import LABELS, is_labelled
from assistant.schema import Block, BlockKind, Document, Field, Kind, Section
from assistant.text import normalise, squeeze

_TIGHT = {BlockKind.ITEM, BlockKind.ROW, BlockKind.FIELD}
"""Kinds whose neighbours of the same kind stand on consecutive lines."""

CELL_SEPARATOR = " | "
_LONGEST_TITLE = 150
"""Characters of a first line that may be a title."""


@dataclass(slots=True)
class TextBuilder:
    """Appends headings, paragraphs, items, rows and fields to one text, and remembers where each stands."""

    parts: list[str] = field(default_factory=list)
    length: int = 0
    blocks: list[Block] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    fields: list[Field] = field(default_factory=list)
    pages: list[int] = field(default_factory=list)
    _stack: list[tuple[int, str]] = field(default_factory=list)

    def title(self, text: str) -> None:
        """Open the document with its title."""
        self.heading(text, 0)

    def heading(self, text: str, level: int) -> None:
        """Open a section; a heading of a lower or equal level closes those below it."""
        text = squeeze(text)
        if not text:
            return
        self._stack = [(known, name) for known, name in self._stack if known < level]
        self._stack.append((level, text))
        path = tuple(name for _, name in self._stack)
        span = self._append(BlockKind.HEADING, text, section=len(self.sections))
        self.sections.append(Section(path, span[1], span[1]))

    def paragraph(self, text: str) -> None:
        """Append a paragraph; its line ends are kept."""
        self._append(BlockKind.PARAGRAPH, normalise(text).strip())

    def item(self, text: str) -> None:
        """Append a list item, its marker included."""
        self._append(BlockKind.ITEM, normalise(text).strip())

    def row(self, cells: list[str]) -> None:
        """Append a table row as ``| a | b |``."""
        if any(cell.strip() for cell in cells):
            self._append(BlockKind.ROW, f"| {CELL_SEPARATOR.join(squeeze(cell) for cell in cells)} |")

    def field(self, name: str, value: str, label: str | None = None, *, unit: str | None = None) -> None:
        """Append a named value as ``Label : value``; ``unit`` is that of a bare number, where the label gives it."""
        value = squeeze(value)
        if not value:
            return
        label = label or LABELS.get(name, name)
        start, end = self._append(BlockKind.FIELD, f"{label} : {value}")
        self.fields.append(Field(name, label, f"{value} {unit}" if unit and value.isdigit() else value, start, end))

    def page(self) -> None:
        """Mark that what follows stands on a new page."""
        self.pages.append(self.length + (2 if self.parts else 0))

    def with_first_as_title(self) -> TextBuilder | None:
        """Return the same blocks with the first as the title, where it reads like one: a short line, no sentence, no field."""
        first = self.blocks[0] if self.blocks and not self.pages else None
        text = "".join(self.parts)[first.start : first.end] if first else ""
        if first is None or first.kind is not BlockKind.PARAGRAPH or len(text) > _LONGEST_TITLE or "\n" in text or is_labelled(text):
            return None
        if len(self.blocks) == 1 or text.endswith((".", "!", "?", ":", ";", ",")):
            return None
        return self.with_title(text, skipped=1)

    def with_title(self, title: str, skipped: int = 0) -> TextBuilder:
        """Return the same blocks under a title, for a document in which no heading was found."""
        titled = TextBuilder()
        titled.title(title)
        text = "".join(self.parts)
        for block in self.blocks[skipped:]:
            start, end = titled._append(block.kind, text[block.start : block.end])
            titled.fields += [replace(f, start=start, end=end) for f in self.fields if f.start == block.start]
        shift = titled.length - self.length
        titled.pages = [start + shift if start else 0 for start in self.pages]
        return titled

    def build(
        self,
        *,
        name: str,
        kind: Kind,
        language: str,
        published: dt.date | None = None,
        url: str | None = None,
        sample: bool = False,
    ) -> Document:
        """Return the document as built so far."""
        title = self.sections[0].path[0] if self.sections else name
        return Document(
            name=name,
            kind=kind,
            title=title,
            text="".join(self.parts),
            language=language,
            published=published,
            url=url,
            sample=sample,
            sections=tuple(self.sections),
            blocks=tuple(self.blocks),
            fields=tuple(self.fields),
            pages=tuple(min(start, self.length) for start in self.pages),
        )

    def _append(self, kind: BlockKind, text: str, section: int | None = None) -> tuple[int, int]:
        if not text:
            return self.length, self.length
        if self.parts:
            tight = bool(self.blocks) and kind in _TIGHT and self.blocks[-1].kind is kind
            separator = "\n" if tight else "\n\n"
            self.parts.append(separator)
            self.length += len(separator)
        start = self.length
        self.parts.append(text)
        self.length += len(text)
        owner = len(self.sections) - 1 if section is None else section
        self.blocks.append(Block(kind, start, self.length, max(owner, 0)))
        if section is None and self.sections:
            last = self.sections[-1]
            begin = start if last.start == last.end else last.start
            self.sections[-1] = Section(last.path, begin, self.length)
        return start, self.length
