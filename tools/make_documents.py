"""Renders the documents of ``tools/corpus_sources`` into the corpus: PDF, DOCX, HTML and plain text.

    python -m tools.make_documents [--out corpus]

A source is Markdown with a front matter that names its ``render``: pdf, pdf-two-columns, pdf-running-heads, pdf-scanned-annex, docx, html, txt, or the
two layouts of the postings site, html-a and html-b. The same source always gives the same bytes.
"""

from __future__ import annotations

import argparse
import datetime as dt
import html
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import docx
import yaml
from docx.document import Document
from PIL import Image, ImageDraw
from reportlab import rl_config
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import cm
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    ListFlowable,
    ListItem,
    PageBreak,
    PageTemplate,
    Paragraph,
    Table,
    TableStyle,
)

SOURCES = Path(__file__).parent / "corpus_sources"
_STAMP = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Source:
    """A document's front matter and blocks: (kind, text) with kind h1, h2, h3, p, ul, ol or row."""

    name: str
    front: dict[str, object]
    blocks: tuple[tuple[str, str], ...]

    @property
    def title(self) -> str:
        """The document's title."""
        return str(self.front["title"])

    @property
    def links(self) -> list[str]:
        """The addresses it was authored from."""
        found = self.front.get("sources") or []
        return [str(one) for one in found] if isinstance(found, list) else [str(found)]


def main() -> None:
    """Render every source."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("corpus"))
    out = parser.parse_args().out
    _fonts()
    for path in sorted(SOURCES.rglob("*.md")):
        source = read_source(path)
        suffix, render = RENDERS[str(source.front["render"])]
        target = out / path.parent.name / f"{path.stem}{suffix}"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(render(source))
        print(target)


def read_source(path: Path) -> Source:
    """Read a source file."""
    _, header, body = path.read_text(encoding="utf-8").split("---\n", 2)
    return Source(path.stem, yaml.safe_load(header), tuple(_blocks(body)))


def _blocks(body: str) -> Iterator[tuple[str, str]]:
    for line in body.split("\n"):
        text = line.strip()
        if match := re.match(r"(#{1,3}) (.*)", text):
            yield f"h{len(match.group(1))}", match.group(2)
        elif text.startswith("- "):
            yield "ul", text[2:]
        elif match := re.match(r"\d+\. (.*)", text):
            yield "ol", match.group(1)
        elif text.startswith("|") and not re.fullmatch(r"[|\s:-]+", text):
            yield "row", text
        elif text and not text.startswith("|"):
            yield "p", text


def cells(row: str) -> list[str]:
    """Return the cells of a table row."""
    return [cell.strip() for cell in row.strip("|").split("|")]


def _fonts() -> None:
    rl_config.invariant = 1
    for name, file in (("Body", "Vera.ttf"), ("Body-Bold", "VeraBd.ttf")):
        pdfmetrics.registerFont(TTFont(name, file))
    pdfmetrics.registerFontFamily("Body", normal="Body", bold="Body-Bold", italic="Body", boldItalic="Body-Bold")


def _style(size: float, **options: object) -> ParagraphStyle:
    font = "Body-Bold" if options.pop("bold", False) else "Body"
    return ParagraphStyle(f"s{size}{font}", fontName=font, fontSize=size, leading=size * 1.35, spaceAfter=size * 0.6, **options)


def _pdf(source: Source, *, columns: int = 1, heads: bool = False, scan: bool = False) -> bytes:
    size = 9.5 if columns == 2 else 10.5
    styles = {
        "h1": _style(17, bold=True),
        "h2": _style(13, bold=True, spaceBefore=8),
        "h3": _style(11.8, bold=True, spaceBefore=4),
        "p": _style(size),
    }
    buffer = io.BytesIO()
    margin, gap = 2.2 * cm, 0.8 * cm
    width = (A4[0] - 2 * margin - (columns - 1) * gap) / columns
    frames = [Frame(margin + i * (width + gap), 2.3 * cm, width, A4[1] - 4.8 * cm, 0, 0, 0, 0, id=f"c{i}") for i in range(columns)]
    document = BaseDocTemplate(buffer, pagesize=A4, title=source.title, author="", invariant=1)
    on_page = partial(_running_heads, title=source.title) if heads else _page_number
    document.addPageTemplates([PageTemplate(id="page", frames=frames, onPage=on_page)])
    annex = [PageBreak(), _Scan("Annexe : copie d'écran d'une fiche, numérisée")] if scan else []
    document.build([*_flowables(source, styles, width), *annex])
    return buffer.getvalue()


def _flowables(source: Source, styles: dict[str, ParagraphStyle], width: float) -> Iterator[Flowable]:
    blocks = list(with_sources(source))
    position = 0
    while position < len(blocks):
        kind = blocks[position][0]
        end = position + 1
        while kind in {"ul", "ol", "row"} and end < len(blocks) and blocks[end][0] == kind:
            end += 1
        texts = [text for _, text in blocks[position:end]]
        if kind == "row":
            yield _table([cells(text) for text in texts], styles["p"], width)
        elif kind in {"ul", "ol"}:
            items = [ListItem(Paragraph(html.escape(text), styles["p"])) for text in texts]
            options = {"bulletType": "1", "bulletFormat": "%s."} if kind == "ol" else {"bulletType": "bullet", "start": "•"}
            yield ListFlowable(items, leftIndent=16, bulletFontName="Body", bulletFontSize=styles["p"].fontSize, **options)
        else:
            yield Paragraph(html.escape(texts[0]), styles[kind])
        position = end


def _table(rows: list[list[str]], style: ParagraphStyle, width: float) -> Table:
    small = ParagraphStyle("cell", parent=style, fontSize=8.5, leading=11, spaceAfter=0)
    head = ParagraphStyle("head", parent=small, fontName="Body-Bold")
    content = [[Paragraph(html.escape(cell), head if n == 0 else small) for cell in row] for n, row in enumerate(rows)]
    table = Table(content, colWidths=[width / len(rows[0])] * len(rows[0]), repeatRows=1, spaceAfter=8)
    table.setStyle(TableStyle([("GRID", (0, 0), (-1, -1), 0.5, "#888888"), ("VALIGN", (0, 0), (-1, -1), "TOP")]))
    return table


def _page_number(canvas: Canvas, document: BaseDocTemplate) -> None:
    canvas.setFont("Body", 8)
    canvas.drawCentredString(A4[0] / 2, 1.2 * cm, str(document.page))


def _running_heads(canvas: Canvas, document: BaseDocTemplate, title: str) -> None:
    canvas.setFont("Body", 8)
    canvas.drawString(2.2 * cm, A4[1] - 1.4 * cm, title)
    canvas.drawString(2.2 * cm, 1.2 * cm, "Recueil de guides, document de consultation")
    canvas.drawRightString(A4[0] - 2.2 * cm, 1.2 * cm, f"Page {document.page}")


class _Scan(Flowable):  # type: ignore[misc]
    """A page that is a picture of a text: what a scanner gives without text recognition."""

    def __init__(self, text: str) -> None:
        super().__init__()
        picture = Image.new("L", (1000, 1200), 255)
        ImageDraw.Draw(picture).text((80, 100), text, fill=0, font_size=34)
        self._picture = ImageReader(picture)

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Take the whole frame."""
        self._size = width, height - 1
        return self._size

    def draw(self) -> None:
        """Draw the picture."""
        self.canv.drawImage(self._picture, 0, 0, *self._size)


def with_sources(source: Source) -> Iterator[tuple[str, str]]:
    """Yield the blocks of a document with its title first and its sources and date last."""
    blocks = source.blocks
    if not (blocks and blocks[0][0] == "h1"):
        yield "h1", source.title
    yield from blocks
    if source.links:
        yield "h2", "Sources"
        yield "p", f"Faits relevés le {_french(source.front.get('updated'))} aux adresses suivantes :"
        yield from (("ul", link) for link in source.links)


def _french(value: object) -> str:
    return value.strftime("%d/%m/%Y") if isinstance(value, dt.date) else str(value or "22/11/2026")


def _docx(source: Source) -> bytes:
    document = docx.Document()
    document.core_properties.title = source.title
    document.core_properties.author = ""
    document.core_properties.created = document.core_properties.modified = _STAMP
    rows: list[list[str]] = []
    for kind, text in [*with_sources(source), ("end", "")]:
        if kind == "row":
            rows.append(cells(text))
            continue
        rows = _docx_table(document, rows)
        if kind in {"h1", "h2", "h3"}:
            document.add_heading(text, int(kind[1]) - 1)
        elif kind in {"ul", "ol"}:
            document.add_paragraph(text, style="List Bullet" if kind == "ul" else "List Number")
        elif kind == "p":
            document.add_paragraph(text)
    buffer = io.BytesIO()
    document.save(buffer)
    return _fixed_times(buffer.getvalue())


def _docx_table(document: Document, rows: list[list[str]]) -> list[list[str]]:
    """Write the rows gathered so far as a table, and return an empty gathering."""
    if rows:
        table = document.add_table(rows=0, cols=len(rows[0]), style="Table Grid")
        for row in rows:
            for cell, value in zip(table.add_row().cells, row, strict=True):
                cell.text = value
    return []


def _fixed_times(data: bytes) -> bytes:
    """Return a ZIP file with its entries' times set, so that the same source gives the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, (2026, 11, 22, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(name))
    return out.getvalue()


def body_html(blocks: Iterator[tuple[str, str]]) -> str:
    """Return blocks as HTML."""
    out: list[str] = []
    opened = ""
    tags = {"ul": "ul", "ol": "ol", "row": "table"}
    for kind, text in [*blocks, ("end", "")]:
        tag = tags.get(kind, "")
        if opened and tag != opened:
            out.append(f"</{opened}>")
            opened = ""
        if tag and not opened:
            out.append(f"<{tag}>")
            opened = tag
            cell = "th" if kind == "row" else "td"
        if kind == "row":
            out.append("<tr>" + "".join(f"<{cell}>{html.escape(one)}</{cell}>" for one in cells(text)) + "</tr>")
            cell = "td"
        elif tag:
            out.append(f"<li>{html.escape(text)}</li>")
        elif kind != "end":
            out.append(f"<{kind}>{html.escape(text)}</{kind}>")
    return "\n".join(out)


def _page_html(source: Source) -> bytes:
    navigation = '<nav><a href="/">Accueil</a> <a href="/actualites">Actualités</a> <a href="/contact">Contact</a></nav>'
    return _html_document(
        source, f"<header>{navigation}</header>\n<main>\n{body_html(with_sources(source))}\n</main>\n<footer>Mentions légales</footer>"
    )


def _html_document(source: Source, body: str) -> bytes:
    front = source.front
    url = f'<link rel="canonical" href="{html.escape(str(front["url"]))}">\n' if front.get("url") else ""
    published = front.get("published")
    date = f'<meta name="date" content="{published.isoformat()}">\n' if isinstance(published, dt.date) else ""
    return (
        f'<!doctype html>\n<html lang="{front.get("language", "fr")}">\n<head>\n<meta charset="utf-8">\n<title>{html.escape(source.title)}</title>\n'
        f"{url}{date}</head>\n<body>\n{body}\n</body>\n</html>\n"
    ).encode()


_LABELS = {
    "fr": {
        "reference": "Réf.", "offer_type": "Type d'offre", "contract_type": "Type de contrat", "conditions": "Conditions de l'offre",
        "domains": "Domaines d'expertises", "theme": "Sous-thématique", "deadline": "Date limite de candidature",
        "mission_duration": "Durée de la mission", "status": "Contrat", "duration": "Durée", "start": "Date de début",
        "education": "Niveau d'études", "experience": "Expérience", "languages": "Langues", "sponsor": "Commanditaire", "organisation": "Organisation",
    },
    "en": {
        "reference": "Ref.", "offer_type": "Job offer type", "contract_type": "Type of contract", "conditions": "Offer conditions",
        "domains": "Activity sectors", "theme": "Sub-theme", "deadline": "Deadline date", "mission_duration": "Duration of the assignment",
        "status": "Contract", "duration": "Duration", "start": "Start date", "education": "Level of study", "experience": "Experience",
        "languages": "Languages", "sponsor": "Donor", "organisation": "Organisation",
    },
}  # fmt: skip


def _posting(source: Source, *, listed: bool) -> bytes:
    """Return a mission sheet in a layout of the postings site: a form (A) or a list with the place below (B)."""
    front, english = source.front, source.front.get("language") == "en"
    labels = _LABELS["en" if english else "fr"]
    pairs = [(label, _value(front[key])) for key, label in labels.items() if front.get(key)]
    tag = "li" if listed else "div"
    rows = "\n".join(
        f'<{tag} class="field"><span class="label">{html.escape(label)}</span><br><span class="value">{html.escape(value)}</span></{tag}>'
        for label, value in pairs
    )
    rows = f"<ul>\n{rows}\n</ul>" if listed else f'<button type="button">{"Apply online" if english else "Postuler"}</button>\n{rows}'
    place = [_value(front[key]) for key in ("zone", "country", "city") if front.get(key)]
    blocks = [block for block in source.blocks if block[0] != "h1"]
    if listed:
        blocks = blocks[1:] if blocks and blocks[0][0] == "h2" else blocks
        department = [_value(front["department"])] if front.get("department") else []
        published = (
            [f"{'Published on :' if english else 'Mis en ligne le :'} {_value(front['published'])}"] if front.get("published") else []
        )
        lines = "\n".join(f"<p>{html.escape(line)}</p>" for line in [*department, *published, *place])
    else:
        lines = "\n".join(f"<p>{html.escape(line)}</p>" for line in place)
    body = body_html(iter(blocks))
    return _html_document(source, f"<article>\n<h1>{html.escape(source.title)}</h1>\n{rows}\n{lines}\n{body}\n</article>")


def _value(value: object) -> str:
    return ", ".join(str(one) for one in value) if isinstance(value, list) else str(value)


def _text(source: Source) -> bytes:
    out: list[str] = []
    number = 0
    previous = ""
    for kind, text in with_sources(source):
        number = number + 1 if kind == "ol" and previous == "ol" else 1
        marker = {"ul": "- ", "ol": f"{number}. "}.get(kind, "")
        separator = "\n" if kind == previous and marker else "\n\n"
        out.append(f"{separator if out else ''}{marker}{text}")
        previous = kind
    return ("".join(out) + "\n").encode()


RENDERS: dict[str, tuple[str, Callable[[Source], bytes]]] = {
    "pdf": (".pdf", _pdf),
    "pdf-scanned-annex": (".pdf", partial(_pdf, scan=True)),
    "pdf-two-columns": (".pdf", partial(_pdf, columns=2)),
    "pdf-running-heads": (".pdf", partial(_pdf, heads=True)),
    "docx": (".docx", _docx),
    "html": (".html", _page_html),
    "html-a": (".html", partial(_posting, listed=False)),
    "html-b": (".html", partial(_posting, listed=True)),
    "txt": (".txt", _text),
}


if __name__ == "__main__":
    main()
