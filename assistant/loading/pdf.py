"""PDF: text by page, with headings, lists and tables told from sizes and positions; the only module that knows pypdf.

Running headers and footers are left out, words cut at line ends are joined. Needs a text layer: a scanned page is said to be
one, never passed over in silence.
"""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import pypdf
from pypdf.errors import PyPdfError

from assistant.errors import UnreadableFileError
from assistant.fields import canonical, opens_with_label
from assistant.loading.builder import TextBuilder
from assistant.schema import BlockKind, Problem
from assistant.text import is_item, normalise, squeeze

MAX_PAGES = 2_000
"""Pages read of one file."""
_HEADING_RATIO = 1.12
"""Font size over the body's from which a line is a heading."""
_CHARACTER_WIDTH = 0.5
"""Mean width of a character over its font size, to guess where a run ends."""
_EDGE = 0.12
"""Share of the page's height at its top and bottom where running heads stand."""
_MAX_HEADING = 200
_MIN_HIDDEN = 40
"""Characters of hidden text that are worth a word: white words on a dark heading are fewer."""
_MIN_PAGE = 25
"""Characters under which a page with a picture is taken for a scanned one: it may still bear a page number."""
_MARKER = re.compile(r"[•·▪◦‣●○■–—-]|\(?\d{1,2}[.)]|[a-z]\)")
"""A list marker set apart from its item."""

_BROKEN_LINK = re.compile(r"https?://\S{30,}$")
"""An address cut at a line end."""
_PREFIXES = frozenset("non ex vice sous demi semi mi co anti inter franco afro euro quasi contre avant après post pré auto socio".split())


@dataclass(frozen=True, slots=True)
class Run:
    """Words set in one go: position in points from the lower left corner, size, and the page (from 0)."""

    text: str
    x: float
    y: float
    size: float
    bold: bool
    page: int
    width: float = _CHARACTER_WIDTH
    """Mean width of a character over the size."""
    group: int = 0
    """Which text object of the page it was set in."""
    hidden: bool = False
    """Set so that no reader sees it: invisible, white, or too small."""

    @property
    def right(self) -> float:
        """Where it ends, about."""
        return self.x + len(self.text) * self.size * self.width


_SHOWING = {b"Tj", b"TJ", b"'", b'"'}
_INVISIBLE = 3
"""Text rendering mode that leaves no ink."""
_TINY = 1.5
"""Points under which text cannot be read."""


@dataclass(slots=True)
class _Ink:
    """How the text of a page is being set: which text object, and whether a reader can see it."""

    group: int = 0
    mode: int = 0
    white: bool = False
    seen: bool = False
    """Whether visible text was shown since the last piece was handed over."""
    unseen: bool = False
    saved: list[tuple[int, bool]] = field(default_factory=list)

    def before(self, operator: bytes, operands: list[Any], *_: object) -> None:
        """Note the state in which text is shown."""
        if operator in _SHOWING:
            hidden = self.mode == _INVISIBLE or self.white
            self.seen, self.unseen = self.seen or not hidden, self.unseen or hidden

    def after(self, operator: bytes, operands: list[Any], *_: object) -> None:
        """Follow the graphics state."""
        if operator == b"BT":
            self.group += 1
        elif operator == b"Tr":
            self.mode = int(operands[0])
        elif operator in {b"g", b"rg"}:
            self.white = all(float(one) >= 0.98 for one in operands)
        elif operator in {b"k", b"scn", b"sc", b"cs"}:
            self.white = False
        elif operator == b"q":
            self.saved.append((self.mode, self.white))
        elif operator == b"Q" and self.saved:
            self.mode, self.white = self.saved.pop()

    def hides(self, size: float) -> bool:
        """Tell whether the piece being handed over was set out of sight."""
        return (self.unseen and not self.seen) or 0 < size < _TINY

    def flushed(self) -> None:
        """Begin another piece."""
        self.seen = self.unseen = False


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the file says of itself."""

    title: str | None
    pages: int


def add_pdf(builder: TextBuilder, data: bytes, name: str, title: str | None) -> tuple[Metadata, list[Problem]]:
    """Append the text of a PDF to the builder; the title is its first large heading unless given.

    Raises:
        UnreadableFileError: encrypted, broken, empty, or without any text layer.

    """
    reader = _open(data)
    pages = [_runs(page, number) for number, page in enumerate(reader.pages[:MAX_PAGES])]
    problems = _page_problems(reader, pages, name)
    pages, hidden = _without_hidden(pages)
    if hidden:
        reason = f"holds {hidden} characters that no reader sees (invisible, white or tiny); they were left out"
        problems.append(Problem(name, reason, "check where the file comes from", fatal=False))
    _check_text(pages, problems)
    heights = [float(page.mediabox.top) - float(page.mediabox.bottom) for page in reader.pages[:MAX_PAGES]]
    kept = _without_running_heads(pages, heights)
    metadata = Metadata(_declared_title(reader), len(reader.pages))
    _Writer(builder, _body_size(kept), _hyphenated(kept)).write(kept, title or metadata.title)
    return metadata, problems


def _open(data: bytes) -> pypdf.PdfReader:
    logging.getLogger("pypdf").setLevel(logging.ERROR)
    remedy = "open it and save or print it again as PDF"
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableFileError("is protected by a password", "save a copy without password")
        if not reader.pages:
            raise UnreadableFileError("has no page", remedy)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError) as error:
        raise UnreadableFileError(f"is not a complete PDF ({type(error).__name__})", remedy) from error
    return reader


def _runs(page: pypdf.PageObject, number: int) -> list[Run] | None:
    """Return the runs of a page in the order they were set; None where the page is broken."""
    runs: list[Run] = []
    ink = _Ink()

    def visit(text: str, cm: list[float], tm: list[float], font: dict[str, Any] | None, size: float) -> None:
        if not text.strip():
            if runs and "\n" not in text and text:
                runs[-1] = replace(runs[-1], text=runs[-1].text + text)
            return
        scale = abs(tm[3] * cm[3]) or abs(tm[0] * cm[0]) or 1.0
        x, y = tm[4] * cm[0] + tm[5] * cm[2] + cm[4], tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
        bold = "bold" in str((font or {}).get("/BaseFont", "")).lower()
        lead = text.startswith("\n")
        for part in text.strip("\n").split("\n"):
            run = Run(part, x, y, round(size * scale, 1), bold, number, _mean_width(font), ink.group, ink.hides(size * scale))
            _extend(runs, run, starts=lead)
            lead = True
        ink.flushed()

    try:
        page.extract_text(visitor_text=visit, visitor_operand_before=ink.before, visitor_operand_after=ink.after)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, OverflowError):
        return None
    return [run for run in runs if run.text.strip()]


def _extend(runs: list[Run], run: Run, *, starts: bool) -> None:
    """Append a run, or join it to the last one where it goes on from it on the same line."""
    last = runs[-1] if runs else None
    if last and _same_line(last, run, starts=starts) and _touches(last, run) and not _starts_column(runs, run):
        marker = _MARKER.fullmatch(last.text.strip())
        runs[-1] = replace(last, text=f"{last.text.rstrip()} {run.text.lstrip()}" if marker else last.text + run.text)
    else:
        runs.append(run)


def _same_line(last: Run, run: Run, *, starts: bool) -> bool:
    drift, size = abs(last.y - run.y), max(run.size, 1)
    return drift <= (0.2 if starts else 0.3) * size and abs(last.size - run.size) < 0.35 * size


def _touches(last: Run, run: Run) -> bool:
    """Tell whether a run goes on where the last one ends: widths are guesses, the more so the longer the run."""
    gap = run.x - last.right
    if _MARKER.fullmatch(last.text.strip()):
        return 0 < run.x - last.x < 5 * run.size
    if last.group == run.group:
        return abs(gap) < 3 * run.size + 0.3 * (last.right - last.x)
    return -0.5 * run.size - 0.2 * (last.right - last.x) <= gap <= 0.6 * run.size + 0.04 * (last.right - last.x)


def _starts_column(runs: list[Run], run: Run) -> bool:
    """Tell whether a run starts where others of the page do, apart from the line it would go on."""
    last = runs[-1]
    if last.group == run.group or _MARKER.fullmatch(last.text.strip()):
        return False
    return any(abs(one.x - run.x) < 0.5 and one.page == run.page for one in runs[-60:-1])


def _mean_width(font: dict[str, Any] | None) -> float:
    """Return the mean width of a font's characters over its size, a usual one where the font does not tell."""
    widths = (font or {}).get("/Widths")
    try:
        known = [float(width) for width in widths or [] if float(width) > 0]
    except (TypeError, ValueError):
        return _CHARACTER_WIDTH
    return 0.92 * sum(known) / len(known) / 1000 if len(known) > 5 else _CHARACTER_WIDTH


def _page_problems(reader: pypdf.PdfReader, pages: list[list[Run] | None], name: str) -> list[Problem]:
    problems = [
        Problem(f"{name}, page {i + 1}", "cannot be decoded", "print the page again as PDF", fatal=False)
        for i, runs in enumerate(pages)
        if runs is None
    ]
    problems += [
        Problem(f"{name}, page {i + 1}", "has no text layer (scanned image?)", "run OCR on it and save", fatal=False)
        for i, runs in enumerate(pages)
        if runs is not None and sum(len(run.text) for run in runs) < _MIN_PAGE and _has_image(reader.pages[i])
    ]
    if len(reader.pages) > MAX_PAGES:
        reason = f"has {len(reader.pages)} pages; the first {MAX_PAGES} were read"
        problems.append(Problem(name, reason, "split the file", fatal=False))
    return problems


def _without_hidden(pages: list[list[Run] | None]) -> tuple[list[list[Run] | None], int]:
    """Drop the runs that no reader sees; where all are such, they are the text layer of a scan, and stay."""
    hidden = sum(len(run.text) for runs in pages for run in runs or [] if run.hidden)
    total = sum(len(run.text) for runs in pages for run in runs or [])
    if hidden < _MIN_HIDDEN or hidden > 0.9 * total:
        return pages, 0
    return [None if runs is None else [run for run in runs if not run.hidden] for runs in pages], hidden


def _has_image(page: pypdf.PageObject) -> bool:
    try:
        return bool(list(page.images.keys()))
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError):
        return False


def _check_text(pages: list[list[Run] | None], problems: list[Problem]) -> None:
    if sum(len(run.text) for runs in pages for run in runs or []) >= _MIN_PAGE:
        return
    if any("no text layer" in problem.reason for problem in problems):
        raise UnreadableFileError("is scanned: it holds images and no text layer", "run OCR on it and save it again")
    if any(runs is None for runs in pages):
        raise UnreadableFileError("has no page that can be decoded", "open it and print it again as PDF")
    raise UnreadableFileError("holds no text", "check that it is the right file")


def _declared_title(reader: pypdf.PdfReader) -> str | None:
    try:
        title = reader.metadata.title if reader.metadata else None
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError):
        return None
    named = squeeze(title) if isinstance(title, str) else ""
    return named if " " in named else None  # one word is that of a form, not of a document


def _without_running_heads(pages: list[list[Run] | None], heights: list[float]) -> list[list[Run]]:
    """Drop the lines at the page edges that come back on other pages, numbers apart, and page numbers."""
    count = sum(bool(runs) for runs in pages)
    seen: Counter[str] = Counter()
    for runs, height in zip(pages, heights, strict=True):
        seen.update({_shape(run) for run in runs or [] if _at_edge(run, height)})
    needed = max(2, count // 2) if count < 6 else max(3, count // 3)

    def is_running(run: Run, height: float) -> bool:
        shape = _shape(run)
        return _at_edge(run, height) and (seen[shape] >= needed or not re.search(r"[^\W\d_]", run.text))

    return [[run for run in runs or [] if not is_running(run, height)] for runs, height in zip(pages, heights, strict=True)]


def _at_edge(run: Run, height: float) -> bool:
    return run.y > height * (1 - _EDGE) or run.y < height * _EDGE


def _shape(run: Run) -> str:
    """Return what two pages' copies of a running line share: its words, numbers apart, and its height on the page."""
    return f"{round(run.y / 4)} " + re.sub(r"\b\d{1,4}\b", "#", squeeze(run.text).lower())


def _body_size(pages: list[list[Run]]) -> float:
    sizes: Counter[float] = Counter()
    for runs in pages:
        for run in runs:
            sizes[run.size] += len(run.text)
    return sizes.most_common(1)[0][0] if sizes else 10.0


def _hyphenated(pages: list[list[Run]]) -> frozenset[str]:
    """Return the words that the document writes with a hyphen inside a line."""
    found = (word for runs in pages for run in runs for word in re.findall(r"\w+-\w+(?:-\w+)*", run.text))
    return frozenset(word.lower() for word in found)


@dataclass(slots=True)
class _Line:
    cells: list[Run]
    """One run, or the cells of a table row."""

    @property
    def text(self) -> str:
        return " ".join(squeeze(cell.text) for cell in self.cells)


class _Writer:
    """Puts the runs of a document together into blocks; holds what one paragraph needs to know of the last line."""

    def __init__(self, builder: TextBuilder, body_size: float, hyphenated: frozenset[str]) -> None:
        self._builder = builder
        self._body = body_size
        self._hyphenated = hyphenated
        self._lines: list[Run] = []
        self._heading: list[Run] = []
        self._table_head: list[str] = []

    def write(self, pages: list[list[Run]], title: str | None) -> None:
        """Append every page's blocks."""
        sizes = sorted({r.size for runs in pages for r in runs if r.size >= self._body * _HEADING_RATIO}, reverse=True)
        first = next((run for runs in pages for run in runs), None)
        if title and not (first and squeeze(first.text) and squeeze(first.text) in title):
            self._builder.title(title)
        for runs in pages:
            self._new_page()
            for line in _rows(_in_columns(runs)):
                self._add(line, sizes)
        self._flush_heading(sizes)
        self._flush()

    def _new_page(self) -> None:
        continues = self._lines and not re.search(r"[.!?:;…]$", self._lines[-1].text.strip())
        if not continues:
            self._flush()
        self._builder.page()

    def _add(self, line: _Line, sizes: list[float]) -> None:
        run = line.cells[0]
        if len(line.cells) > 1:
            self._flush_heading(sizes)
            self._flush()
            self._add_row([squeeze(cell.text) for cell in line.cells])
        elif self._is_heading(run):
            self._flush()
            if self._heading and not _goes_on(self._heading[-1], run):
                self._flush_heading(sizes)
            self._heading.append(run)
        else:
            self._flush_heading(sizes)
            if self._lines and self._breaks(self._lines[-1], run):
                self._flush()
            self._lines.append(run)

    def _add_row(self, cells: list[str]) -> None:
        """Append a table row; a header repeated on the next page is left out."""
        goes_on = bool(self._builder.blocks) and self._builder.blocks[-1].kind is BlockKind.ROW
        if not goes_on:
            self._table_head = cells
        elif cells == self._table_head:
            return
        self._builder.row(cells)

    def _is_heading(self, run: Run) -> bool:
        text = run.text.strip()
        if self._heading and _goes_on(self._heading[-1], run):
            return True
        if len(text) > _MAX_HEADING or not any(c.isalpha() for c in text):
            return False
        if run.size >= self._body * _HEADING_RATIO:
            return True
        return run.bold and run.size >= self._body * 0.98 and not re.search(r"[.;,:]$", text) and not is_item(text)

    def _breaks(self, last: Run, run: Run) -> bool:
        """Tell whether a line starts another paragraph than the last one."""
        if is_item(run.text) or opens_with_label(run.text) or canonical(last.text.strip()):
            return True
        if last.page != run.page:
            return not run.text.strip()[:1].islower()
        gap = last.y - run.y
        if gap < -0.5 * run.size:
            return bool(re.search(r"[.!?:;]$", last.text.strip()))
        return gap > 1.75 * run.size or abs(last.size - run.size) > 0.6

    def _flush(self) -> None:
        if not self._lines:
            return
        text = self._join(self._lines)
        self._lines = []
        if is_item(text):
            self._builder.item(text)
        else:
            self._builder.paragraph(text)

    def _flush_heading(self, sizes: list[float]) -> None:
        if not self._heading:
            return
        size, text = self._heading[0].size, self._join(self._heading)
        self._heading = []
        if not self._builder.sections:
            self._builder.title(text)
        elif self._builder.sections[0].path[0] != squeeze(text):
            self._builder.heading(text, sizes.index(size) + 1 if size in sizes else len(sizes) + 1)

    def _join(self, runs: list[Run]) -> str:
        """Join the lines of a paragraph, words cut at line ends put together again."""
        text = squeeze(runs[0].text)
        for run in runs[1:]:
            following = squeeze(run.text)
            cut = re.search(r"(\w+)-$", text)
            if cut and following[:1].islower():
                rest = re.split(r"[^\w-]", following, maxsplit=1)[0]
                whole = f"{cut.group(1)}-{rest}".lower()
                keep = whole in self._hyphenated or cut.group(1).lower() in _PREFIXES
                text = (text if keep else text[:-1]) + following
            elif _BROKEN_LINK.search(text) and not following.startswith("("):
                text += following
            else:
                text = f"{text} {following}"
        return normalise(text)


def _goes_on(last: Run, run: Run) -> bool:
    return last.page == run.page and last.size == run.size and 0 < last.y - run.y < 1.7 * run.size


def _in_columns(runs: list[Run]) -> list[Run]:
    """Return the runs of a page in reading order: left column first where lines of two columns were set in turns."""
    if len(runs) < 12:
        return runs
    gutter = _gutter(runs)
    if gutter is None:
        return runs
    ordered: list[Run] = []
    left: list[Run] = []
    right: list[Run] = []
    for run in runs:
        if run.x < gutter < run.right - run.size:
            ordered += left + right + [run]
            left, right = [], []
        else:
            (left if run.x < gutter else right).append(run)
    return ordered + left + right


def _gutter(runs: list[Run]) -> float | None:
    """Return where the right column starts, if the page has two columns of prose set line by line in turns."""
    starts = Counter(round(run.x / 5) * 5 for run in runs if len(run.text) > 25)
    common = [x for x, count in starts.most_common(2) if count >= 5]
    if len(common) < 2:
        return None
    gutter = float(max(common))
    turns = sum((a.x < gutter - 5) != (b.x < gutter - 5) for a, b in pairwise(runs))
    return gutter - 5 if turns > 0.5 * len(runs) else None


def _rows(runs: list[Run]) -> list[_Line]:
    """Group runs that stand side by side on one line into table rows; a cell's further lines join its first."""
    lines: list[_Line] = []
    for run in runs:
        _join_cell(lines, run)
        row = lines[-1] if lines else None
        if row and _is_next_cell(row, run):
            row.cells.append(run)
        elif row and len(row.cells) > 1 and _is_cell_line(row, run):
            cell = row.cells[-1]
            row.cells[-1] = replace(cell, text=f"{cell.text.rstrip()} {run.text}")
        else:
            lines.append(_Line([run]))
    return lines


_CELL_LINES = 10
"""Lines the first cell of a row may have."""


def _join_cell(lines: list[_Line], run: Run) -> None:
    """Make one cell of the lines below which a run starts again, to their right: they are the first cell of its row."""
    for back in range(2, min(_CELL_LINES, len(lines)) + 1):
        cell = [line.cells[0] for line in lines[-back:]]
        if any(len(line.cells) > 1 for line in lines[-back:]) or any(abs(one.x - cell[0].x) > 2 for one in cell):
            return
        if run.page == cell[0].page and abs(run.y - cell[0].y) < 0.3 * run.size and run.x > cell[0].x + 2 * run.size:
            lines[-back:] = [_Line([replace(cell[0], text=" ".join(one.text.strip() for one in cell))])]
            return


def _is_next_cell(row: _Line, run: Run) -> bool:
    first, last = row.cells[0], row.cells[-1]
    return run.page == first.page and abs(run.y - first.y) < 0.3 * run.size and run.x > last.x + 2 * run.size


def _is_cell_line(row: _Line, run: Run) -> bool:
    cell = row.cells[-1]
    below = 0 < cell.y - run.y < 12 * run.size
    return run.page == cell.page and below and abs(run.x - cell.x) < 2 and cell.x > row.cells[0].x
