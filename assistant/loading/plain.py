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

_BANNER = 4
"""Lines that a title may stand on."""
_LONGEST_WRAPPED = 150
"""Characters of the longest line of a text that is hard-wrapped."""
_NUMBERED = re.compile(r"(?:\d{1,2}(?:\.\d{1,2})*[.)]?|[IVX]{1,4}[.)])\s+(?=[A-ZÀÉÈÊÎÔÛÇŒ«])")
"""How a numbered heading begins."""
_CLOSING = re.compile(r"[.!?;,…:]$")
_UNDERLINE = re.compile(r"^\s*([=\-~_*#])\1{2,}\s*$")


def add_plain_text(builder: TextBuilder, text: str) -> None:
    """Append a plain text to the builder, its first line as title where it looks like one."""
    paragraphs = [part for block in _paragraphs(text) for part in _headed_parts(block)]
    headed = bool(builder.sections)
    position = 0
    while position < len(paragraphs):
        lines = paragraphs[position]
        following = paragraphs[position + 1] if position + 1 < len(paragraphs) else None
        if _is_label(lines) and following and len(following) == 1 and not is_item(following[0]):
            builder.item(f"{lines[0]}\n{following[0]}")
            position += 2
            continue
        if _is_heading(lines, following) or _is_numbered_heading(lines, following):
            builder.heading(lines[0], 1 if headed else 0)
            headed = True
        elif not headed and position == 0 and _is_banner(lines):
            builder.title(" — ".join(squeeze(line) for line in lines))
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


def _headed_parts(block: list[str]) -> list[list[str]]:
    """Return a block in two, where its first line is a numbered heading and its text follows without a blank line; else whole.

    >>> _headed_parts(["2. Budget", "Le budget baisse."]), _headed_parts(["1. un ;", "2. deux."])
    ([['2. Budget'], ['Le budget baisse.']], [['1. un ;', '2. deux.']])
    """
    if len(block) > 1 and _is_numbered_heading(block[:1], block[1:]):
        return [block[:1], block[1:]]
    return [block]


def _is_numbered_heading(lines: list[str], following: list[str] | None) -> bool:
    """Tell whether a block is a numbered heading: a short line, capitalised after its number, before a text that is not numbered."""
    line = lines[0].strip()
    if len(lines) != 1 or following is None or len(line) > MAX_HEADING or _CLOSING.search(line):
        return False
    return _NUMBERED.match(line) is not None and not _NUMBERED.match(following[0].strip())


def _is_wrapped(blocks: list[list[str]]) -> bool:
    inner = [len(line) for block in blocks for line in block[:-1] if not is_item(line)]
    if max((len(line) for block in blocks for line in block), default=0) > _LONGEST_WRAPPED:
        return False
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


def _is_banner(lines: list[str]) -> bool:
    """Tell whether the first block of a text is its title, on several lines: short ones, none a sentence or a field."""
    return 2 <= len(lines) <= _BANNER and not any(
        len(line) > MAX_HEADING or _CLOSING.search(line) or line[:1].islower() or is_labelled(line) or is_item(line) for line in lines
    )


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
