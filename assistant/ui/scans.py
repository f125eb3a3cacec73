"""The picture of a PDF page, the quoted words marked, made in a process of its own: a broken file cannot take the chat down.

``python -m assistant.ui.scans FILE PAGE`` reads quotes on its input, separated by NUL, and writes a PNG.
"""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.text import fold

if TYPE_CHECKING:
    from pypdfium2 import PdfPage, PdfTextPage

_SCALE = 1.6
"""Pixels a point: a page of A4 is 950 pixels wide."""
_MOST_PIXELS = 4_000
_TIMEOUT = 20
_MARK = (255, 232, 110)
"""Colour of a mark, laid under the ink."""
_Box = tuple[float, float, float, float]


@lru_cache(maxsize=64)
def page_png(path: Path, changed: int, page: int, quotes: tuple[str, ...]) -> bytes | None:
    """Return the picture of a page (from 1) with quotes marked, None where it cannot be made.

    ``changed`` is the file's modification time: another one is another picture.
    """
    command = [sys.executable, "-m", "assistant.ui.scans", str(path), str(page)]
    try:
        done = subprocess.run(command, input="\0".join(quotes).encode("utf-8"), capture_output=True, timeout=_TIMEOUT, check=False)
    except subprocess.TimeoutExpired:
        return None
    return done.stdout if done.returncode == 0 and done.stdout else None


def draw(path: Path, page: int, quotes: Sequence[str]) -> bytes:
    """Return the picture of a page (from 1) with quotes marked.

    Raises:
        pypdfium2.PdfiumError: the file is no PDF, or has no such page.

    """
    import pypdfium2
    from PIL import Image, ImageChops, ImageDraw

    with pypdfium2.PdfDocument(path) as document:
        one = document[page - 1]
        width, height = one.get_size()
        scale = min(_SCALE, _MOST_PIXELS / max(width, height, 1))
        picture = one.render(scale=scale).to_pil().convert("RGB")
        layer = Image.new("RGB", picture.size, "white")
        pen = ImageDraw.Draw(layer)
        for left, bottom, right, top in _boxes(one, quotes):
            pen.rectangle((left * scale - 1, (height - top) * scale - 2, right * scale + 1, (height - bottom) * scale + 2), fill=_MARK)
        out = io.BytesIO()
        ImageChops.multiply(picture, layer).save(out, "PNG", optimize=True)
        return out.getvalue()


def _boxes(page: PdfPage, quotes: Sequence[str]) -> Iterator[_Box]:
    """Yield the boxes of the lines that hold quotes, in points from the bottom left; none on a rotated page."""
    if page.get_rotation():
        return
    text = page.get_textpage()
    letters = [(folded, number) for number, character in enumerate(text.get_text_range()) for folded in _letters(character)]
    every = "".join(letter for letter, _ in letters)
    for quote in quotes:
        for wanted in _parts(quote, every):
            at = every.find(wanted)
            yield from _lines(text, [letters[place][1] for place in range(at, at + len(wanted))])


def _parts(quote: str, every: str) -> list[str]:
    """Return the letters of a quote, or of its sentences, as far as a page holds them."""
    whole = _letters(quote)
    if whole in every:
        return [whole] if whole else []
    return [part for line in quote.split(". ") if len(part := _letters(line)) > 20 and part in every]


def _letters(text: str) -> str:
    return "".join(c for c in fold(text) if c.isalnum())


def _lines(text: PdfTextPage, characters: Sequence[int]) -> Iterator[_Box]:
    """Yield one box for each line of some characters."""
    line: list[_Box] = []
    for number in characters:
        box = text.get_charbox(number)
        if line and (box[1] > line[-1][3] or box[3] < line[-1][1] or box[0] < line[-1][0]):
            yield _around(line)
            line = []
        line.append(box)
    if line:
        yield _around(line)


def _around(boxes: Sequence[_Box]) -> _Box:
    return min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)


if __name__ == "__main__":
    sys.stdout.buffer.write(draw(Path(sys.argv[1]), int(sys.argv[2]), sys.stdin.buffer.read().decode("utf-8").split("\0")))
