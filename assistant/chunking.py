"""Cuts a document into chunks that follow its structure: never across headings, lists and tables whole.

Knows blocks and sections only, not formats nor the index.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.fields import PROVENANCE
from assistant.schema import Block, BlockKind, Chunk, Document, Section
from assistant.text import Span, sentences

MAX_CHARS = 1_200
"""Characters of the longest chunk of prose: about 250 words, an answer and its context."""
MAX_LIST_CHARS = 2_000
"""Characters of the longest list or table kept whole, its introduction included."""
MAX_INTRODUCTION = 600
"""Characters of the longest paragraph taken for the introduction of the list that follows it."""
PARAMETERS = {"version": 3, "max_chars": MAX_CHARS, "max_list_chars": MAX_LIST_CHARS}
"""What the manifest records: an index cut otherwise is rebuilt."""


@dataclass(frozen=True, slots=True)
class _Unit:
    """A span that is not cut: one paragraph, or a list or table with its introduction."""

    start: int
    end: int
    alone: bool = False

    @property
    def length(self) -> int:
        return self.end - self.start


def chunk(document: Document) -> list[Chunk]:
    """Return the chunks of a document in order; ``document.text[c.start:c.end] == c.text`` for each."""
    chunks: list[Chunk] = []
    provenance = {f.start for f in document.fields if f.name in PROVENANCE}
    for number, section in enumerate(document.sections or (Section((document.title,), 0, len(document.text)),)):
        blocks = [b for b in document.blocks if b.section == number and b.kind is not BlockKind.HEADING and b.start not in provenance]
        units = [part for unit in _units(document, blocks) for part in _split(document, unit)]
        chunks += [_chunk(document, section.path, start, end) for start, end in _pack(units)]
    return chunks


def _units(document: Document, blocks: list[Block]) -> Iterator[_Unit]:
    position = 0
    while position < len(blocks):
        block = blocks[position]
        kind = block.kind
        run = position + 1
        while run < len(blocks) and kind is not BlockKind.PARAGRAPH and blocks[run].kind is kind:
            run += 1
        following = blocks[run] if run < len(blocks) else None
        if kind is BlockKind.PARAGRAPH and following and _introduces(document, block, following):
            run += 1
            while run < len(blocks) and blocks[run].kind is following.kind:
                run += 1
        yield _Unit(block.start, blocks[run - 1].end, alone=kind is BlockKind.FIELD)
        position = run


def _introduces(document: Document, block: Block, following: Block) -> bool:
    if following.kind not in {BlockKind.ITEM, BlockKind.ROW}:
        return False
    return block.end - block.start <= MAX_INTRODUCTION or document.text[block.end - 1] == ":"


def _split(document: Document, unit: _Unit) -> Iterator[_Unit]:
    """Yield a unit as it is where it is short enough, else in parts cut between lines, then between sentences."""
    inner = [b for b in document.blocks if unit.start <= b.start and b.end <= unit.end]
    is_prose = len(inner) == 1 and inner[0].kind is BlockKind.PARAGRAPH
    limit = MAX_CHARS if is_prose else MAX_LIST_CHARS
    if unit.length <= limit:
        yield unit
        return
    pieces = [(b.start, b.end) for b in inner] if len(inner) > 1 else _sentence_spans(document, unit)
    for start, end in _gather(pieces, limit):
        if end - start > limit and len(inner) > 1:
            yield from _split(document, _Unit(start, end))
        else:
            yield _Unit(start, end, unit.alone)


def _sentence_spans(document: Document, unit: _Unit) -> list[Span]:
    text = document.text[unit.start : unit.end]
    spans: list[Span] = []
    for start, end in sentences(text):
        while end - start > MAX_CHARS:
            cut = text.rfind(" ", start + 1, start + MAX_CHARS)
            cut = cut if cut > start else start + MAX_CHARS
            spans.append((unit.start + start, unit.start + cut))
            start = cut + (text[cut : cut + 1] == " ")
        spans.append((unit.start + start, unit.start + end))
    return spans


def _gather(pieces: list[Span], limit: int) -> Iterator[Span]:
    start, end = pieces[0]
    for first, last in pieces[1:]:
        if last - start > limit:
            yield start, end
            start = first
        end = last
    yield start, end


def _pack(units: list[_Unit]) -> Iterator[Span]:
    """Join neighbouring units while they fit in one chunk together."""
    pending: _Unit | None = None
    for unit in units:
        if pending and not pending.alone and not unit.alone and unit.end - pending.start <= MAX_CHARS:
            pending = _Unit(pending.start, unit.end)
            continue
        if pending:
            yield pending.start, pending.end
        pending = unit
    if pending:
        yield pending.start, pending.end


def _chunk(document: Document, path: tuple[str, ...], start: int, end: int) -> Chunk:
    text = document.text[start:end]
    key = "\0".join([document.name, str(start), *path, text])
    digest = hashlib.blake2b(key.encode("utf-8"), digest_size=16).hexdigest()
    return Chunk(digest, document.name, path, text, document.page_at(start), start, end)
