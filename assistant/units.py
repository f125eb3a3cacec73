"""What can be quoted in a passage: its sentences, the items and rows of its lists and tables, its lists as a whole.

Pure functions over passages; knows no question.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.reading import Candidate
from assistant.schema import Passage
from assistant.text import Span, is_numbered_label, list_items, sentences, words

_ADDRESS = re.compile(r"https?://\S+(?: \([^)]*\))?")
_MAX_LIST_READ = 600
"""Characters of a list that are read to tell whether it answers."""


@dataclass(frozen=True, slots=True)
class Unit:
    """Something quotable in a passage: spans in the chunk's text, one a quote."""

    passage: Passage
    spans: tuple[Span, ...]
    candidate: Candidate
    """What is read of it: a table row with its headers; before a list, what introduces it."""
    is_list: bool = False
    ordinal: int | None = None
    """Its number, for an item of a numbered list."""

    @property
    def text(self) -> str:
        """Its quotes, one after the other."""
        return " ".join(self.passage.chunk.text[a:b] for a, b in self.spans)

    @property
    def leads(self) -> bool:
        """Whether it ends in a colon: what it opens answers, not it."""
        return not self.is_list and self.text.rstrip().endswith(":")

    @property
    def is_row(self) -> bool:
        """Whether it is a row of a table."""
        return not self.is_list and is_row(self.text)

    @property
    def introduction(self) -> Span | None:
        """The sentence that opens a list and is quoted with it."""
        start, end = self.spans[0]
        return (start, end) if self.is_list and self.passage.chunk.text[start:end].rstrip().endswith(":") else None

    @property
    def items(self) -> tuple[Span, ...]:
        """The items of a list, its introduction left out."""
        return self.spans[1:] if self.introduction else self.spans


def quotable(passage: Passage) -> Iterator[Unit]:
    """Yield the sentences of a passage, then the list it holds as a whole."""
    text = passage.chunk.text
    heading = " ".join(dict.fromkeys((passage.title, *passage.chunk.heading)))
    items = list_items(text)
    before = ""
    ordinal: int | None = None
    for position, (start, end) in enumerate(sentences(text)):
        span = _without_marker(items, (start, end))
        if span in items:
            ordinal = ordinal if is_numbered_label(before) else _number(text[start : span[0]])
        line = text[span[0] : span[1]]
        if (
            not _ADDRESS.fullmatch(line)
            and not _asks(line)
            and not _is_header(text, start, line)
            and (span in items or _says_something(line, heading))
        ):
            candidate = Candidate(row_in_words(text, line) or line, before, heading, text, position)
            yield Unit(passage, (span,), candidate, ordinal=ordinal if span in items else None)
        if span not in items:
            before = text[start:end]
            ordinal = _number(before) if is_numbered_label(before) else None
    for listed in _lists(text, items):
        if len(listed) >= 2 and not all(_ADDRESS.fullmatch(text[a:b]) for a, b in listed):
            yield _whole_list(passage, listed, heading)


def _lists(text: str, items: list[Span]) -> list[list[Span]]:
    """Return items by the list they belong to: a sentence that ends in a colon between two items opens another list."""
    lists: list[list[Span]] = []
    for item in items:
        if not lists or re.search(r":\s*\n", text[lists[-1][-1][1] : item[0]]):
            lists.append([item])
        else:
            lists[-1].append(item)
    return lists


def is_row(quote: str) -> bool:
    """Tell whether a quote is a row of a table."""
    return quote.startswith("| ") and quote.endswith(" |")


def row_in_words(text: str, quote: str) -> str | None:
    """Return a table row as ``header : cell`` pairs, None where the quote is no row."""
    if not is_row(quote):
        return None
    header = next((line for line in text.split("\n") if line.startswith("| ")), quote)
    cells = [cell.strip() for cell in quote.strip("|").split("|")]
    labels = [cell.strip() for cell in header.strip("|").split("|")]
    if header == quote or len(labels) != len(cells):
        return " ; ".join(cells)
    return " ; ".join(f"{label} : {cell}" for label, cell in zip(labels, cells, strict=True))


def _is_header(text: str, start: int, line: str) -> bool:
    """Tell whether a line is the first row of a table of several: it names the columns and answers nothing."""
    above, below = text[:start].rstrip("\n").rsplit("\n", 1)[-1], text[start + len(line) :].lstrip("\n").split("\n", 1)[0]
    return is_row(line) and not above.startswith("|") and below.startswith("|")


def _asks(line: str) -> bool:
    """Tell whether a line is a question: what follows it answers, not it."""
    return line.rstrip(' »"*').endswith("?")


def _says_something(line: str, heading: str) -> bool:
    """Tell whether a line can be an answer: not a label, a picture's credit or the heading said again."""
    if is_numbered_label(line) or line.startswith("©"):
        return False
    return bool(set(words(line)) - set(words(heading)))


def _number(text: str) -> int | None:
    found = re.search(r"\d{1,2}", text)
    return int(found.group()) if found else None


def _without_marker(items: list[Span], span: Span) -> Span:
    """Return the span of a sentence, its list marker left out."""
    return next(((a, span[1]) for a, b in items if span[0] < a < span[1] <= b), span)


def _whole_list(passage: Passage, items: list[Span], heading: str) -> Unit:
    text = passage.chunk.text
    lead = [span for span in sentences(text[: items[0][0]]) if not is_numbered_label(text[span[0] : span[1]])]
    intro = next((s for s in reversed(lead) if text[s[0] : s[1]].endswith(":")), None)
    opening = text[intro[0] : intro[1]] if intro else ""
    listed = " ".join(text[a:b] for a, b in items)[:_MAX_LIST_READ]
    spans = (intro, *items) if intro else tuple(items)
    return Unit(passage, spans, Candidate(f"{opening} {listed}".strip(), opening, heading, text, 0), is_list=True)
