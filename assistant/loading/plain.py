"""Plain text: headings and lists inferred from the layout.

A heading is a short line of its own without closing punctuation; an item starts with a bullet, a number or a label such
as ``Priorité 1`` on a line of its own. Hard-wrapped lines are joined.
"""

from __future__ import annotations

import re
from statistics import median

from assistant.fields import is_labelled
from assistant.loading.builder import TextBuilder
from assistant.text import is_item, is_numbered_label, normalise, squeeze

MAX_HEADING = 150
"""Characters of the longest line taken for a heading."""
_WRAP_WIDTH = (45, 110)
"""Characters a line of hard-wrapped text may have at the median."""

_CLOSING = re.compile(r"[.!?;,…:]$")
_UNDERLINE = re.compile(r"^\s*([=\-~_*#])\1{2,}\s*$")


def add_plain_text(builder: TextBuilder, text: str) -> None:
    """Append a plain text to the builder, its first line as title where it looks like one."""
    paragraphs = _paragraphs(text)
    headed = bool(builder.sections)
    position = 0
    while position < len(paragraphs):
        lines = paragraphs[position]
        following = paragraphs[position + 1] if position + 1 < len(paragraphs) else None
        if _is_label(lines) and following and len(following) == 1 and not is_item(following[0]):
            builder.item(f"{lines[0]}\n{following[0]}")
            position += 2
            continue
        if _is_heading(lines, following):
            builder.heading(lines[0], 1 if headed else 0)
            headed = True
        else:
            _add_block(builder, lines)
        position += 1


def _paragraphs(text: str) -> list[list[str]]:
    """Return the blocks of non-blank lines, hard wraps undone and underlines under headings dropped."""
    blocks: list[list[str]] = [[]]
    for line in normalise(text).replace("\f", "\n\n").split("\n"):
        if not line.strip():
            blocks.append([])
        elif _UNDERLINE.match(line):
            blocks.append([])
        else:
            blocks[-1].append(line.rstrip())
    blocks = [block for block in blocks if block]
    wrapped = _is_wrapped(blocks)
    return [_unwrap(block) if wrapped else block for block in blocks]


def _is_wrapped(blocks: list[list[str]]) -> bool:
    inner = [len(line) for block in blocks for line in block[:-1] if not is_item(line)]
    return len(inner) >= 3 and _WRAP_WIDTH[0] <= median(inner) <= _WRAP_WIDTH[1]


def _unwrap(block: list[str]) -> list[str]:
    labelled = any(is_labelled(line) for line in block)
    joined: list[str] = []
    for line in block:
        if joined and not is_item(line) and not is_numbered_label(line) and not labelled and len(joined[-1]) > 0:
            joined[-1] = f"{joined[-1]} {line.strip()}"
        else:
            joined.append(line)
    return joined


def _is_label(lines: list[str]) -> bool:
    return len(lines) == 1 and is_numbered_label(lines[0])


def _is_heading(lines: list[str], following: list[str] | None) -> bool:
    """Tell whether a block is a heading; the last block of a text may be one, of an empty section."""
    line = lines[0].strip()
    if len(lines) != 1 or is_item(line) or len(line) > MAX_HEADING or (not line[:1].isalnum() and line[:1] not in "«\"'#"):
        return False
    if _CLOSING.search(line) or not any(c.isalpha() for c in line):
        return False
    return not line[:1].islower() and (following is None or len(line) <= MAX_HEADING)


def _add_block(builder: TextBuilder, lines: list[str]) -> None:
    """Append the lines of a block: runs of items as items, the others as one paragraph a run."""
    pending: list[str] = []
    for line in lines:
        if is_item(line):
            _flush(builder, pending)
            builder.item(line)
        else:
            pending.append(line.strip())
    _flush(builder, pending)


def _flush(builder: TextBuilder, pending: list[str]) -> None:
    if pending:
        builder.paragraph("\n".join(squeeze(line) for line in pending))
        pending.clear()
