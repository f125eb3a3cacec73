"""HTML: the main content of a page, its headings, lists and tables.

Scripts, forms, navigation and hidden elements are left out. ``<main>`` or ``<article>`` is the content where there is
one; elsewhere trafilatura finds it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

import lxml.html
from lxml import etree

from assistant.dates import iso_date
from assistant.errors import UnreadableFileError
from assistant.fields import MISSION_FIELDS, canonical
from assistant.loading.builder import TextBuilder
from assistant.text import squeeze

_SKIPPED = {
    "script", "style", "noscript", "template", "nav", "form", "button", "select", "textarea", "input", "svg", "iframe",
    "object", "canvas", "video", "audio", "head", "dialog", "footer",
}  # fmt: skip
_BLOCKS = {
    "p", "div", "section", "article", "main", "ul", "ol", "li", "table", "tr", "td", "th", "dl", "dt", "dd", "h1", "h2", "h3", "h4",
    "h5", "h6", "blockquote", "pre", "figure", "figcaption", "header", "aside", "br", "hr", "address", "details", "summary", "thead",
    "tbody", "tfoot", "caption", "body", "center", "fieldset",
}  # fmt: skip
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0", re.IGNORECASE)
_BREAK = "\v"
"""Stands for a ``<br>`` until the lines are put together: the source's own line ends mean nothing."""
_MAX_DEPTH = 200
"""Nesting deeper than any page written for people; what lies below is read as plain text."""
_MIN_KEPT = 0.5
"""Share of the body's characters that found main content must keep to be trusted."""


@dataclass(frozen=True, slots=True)
class PageHead:
    """What a page says of itself in its head."""

    title: str | None
    language: str | None
    url: str | None
    published: dt.date | None


def parse(markup: str) -> lxml.html.HtmlElement:
    """Return the parsed page.

    Raises:
        UnreadableFileError: there is no element in it.

    """
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        tree = lxml.html.document_fromstring(markup.encode("utf-8"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableFileError(f"is not readable as HTML ({error})", "save the page again from the browser") from error
    if tree.find(".//body") is None:
        raise UnreadableFileError("holds no page", "save the page again from the browser")
    return tree


def page_head(tree: lxml.html.HtmlElement) -> PageHead:
    """Read title, language, canonical address and date of a page."""
    title = tree.findtext(".//head/title")
    canonical = tree.xpath("string(//link[@rel='canonical']/@href)")
    date = tree.xpath("string(//meta[@property='article:published_time' or @name='date']/@content)")
    return PageHead(
        title=squeeze(title) if title and title.strip() else None,
        language=(tree.get("lang") or "")[:2].lower() or None,
        url=canonical if re.match(r"https?://", canonical) else None,
        published=iso_date(date),
    )


def add_html(builder: TextBuilder, tree: lxml.html.HtmlElement, title: str | None) -> None:
    """Append the main content of a page; its first ``h1`` is the title, else the one given."""
    content = _main_content(tree)
    heading = next((squeeze(e.text_content()) for e in content.iter("h1") if e.text_content().strip()), None)
    builder.title(heading or title or "")
    _walk(builder, content, heading, 0)


def _main_content(tree: lxml.html.HtmlElement) -> lxml.html.HtmlElement:
    for path in ("//main", "//article", "//*[@role='main']"):
        found = tree.xpath(path)
        if len(found) == 1 and found[0].text_content().strip():
            return found[0]
    body = tree.find(".//body")
    if not tree.xpath("//nav | //header | //footer | //aside"):
        return body
    return _found_by_trafilatura(tree, body)


def _found_by_trafilatura(tree: lxml.html.HtmlElement, body: lxml.html.HtmlElement) -> lxml.html.HtmlElement:
    import trafilatura

    markup = trafilatura.extract(lxml.html.tostring(tree, encoding="unicode"), output_format="html", include_tables=True, favor_recall=True)
    if markup:
        found = lxml.html.document_fromstring(markup).find(".//body")
        kept = len(squeeze(found.text_content())) if found is not None else 0
        if found is not None and kept >= _MIN_KEPT * len(squeeze(_visible_text(body))):
            return found
    return body


def _visible_text(element: lxml.html.HtmlElement) -> str:
    return " ".join(_texts(element))


def _texts(element: lxml.html.HtmlElement) -> Iterator[str]:
    if element.tag in _SKIPPED:
        return
    if element.text:
        yield element.text
    for child in element:
        yield from _texts(child) if isinstance(child.tag, str) else ()
        if child.tail:
            yield child.tail


def _walk(builder: TextBuilder, element: lxml.html.HtmlElement, title: str | None, depth: int) -> None:
    """Append an element's blocks in document order."""
    pending: list[str] = [element.text or ""]
    for child in element:
        if not isinstance(child.tag, str) or child.tag in _SKIPPED or _is_hidden(child):
            pass
        elif child.tag not in _BLOCKS and not _holds_block(child):
            pending.append(_inline_text(child))
        elif child.tag == "br":
            pending.append(_BREAK)
        else:
            _flush(builder, pending)
            _add_block(builder, child, title, depth)
        pending.append(child.tail or "")
    _flush(builder, pending)


def _add_block(builder: TextBuilder, element: lxml.html.HtmlElement, title: str | None, depth: int) -> None:
    text = squeeze(element.text_content()) if element.tag in {"h1", "h2", "h3", "h4", "h5", "h6"} else ""
    if text:
        if element.tag != "h1" or text != title:
            builder.heading(text, int(element.tag[1]))
    elif element.tag in {"ul", "ol"}:
        _add_list(builder, element, title, depth)
    elif element.tag == "table":
        for row in element.iter("tr"):
            cells = [squeeze(_visible_text(cell)) for cell in row if cell.tag in {"td", "th"}]
            if len(cells) != 2 or not _add_field(builder, "\n".join(cells)):
                builder.row(cells)
    elif depth >= _MAX_DEPTH:
        builder.paragraph(squeeze(element.text_content()))
    else:
        _walk(builder, element, title, depth + 1)


def _add_list(builder: TextBuilder, element: lxml.html.HtmlElement, title: str | None, depth: int) -> None:
    number = int(element.get("start") or 1) if (element.get("start") or "1").isdigit() else 1
    for child in element:
        if child.tag != "li":
            continue
        nested = [sub for sub in child if sub.tag in {"ul", "ol"}]
        for sub in nested:
            child.remove(sub)
        text = "\n".join(line for line in map(squeeze, _inline_text(child).split(_BREAK)) if line)
        if text and not _add_field(builder, text):
            builder.item(f"{number}. {text}" if element.tag == "ol" else f"- {text}")
        number += 1
        for sub in nested:
            if depth < _MAX_DEPTH:
                _add_list(builder, sub, title, depth + 1)


def _add_field(builder: TextBuilder, text: str) -> bool:
    """Append a label of the postings site and its value on the next line as a field; tell whether it was one."""
    label, _, value = text.partition("\n")
    name = canonical(label)
    if name not in MISSION_FIELDS or not value.strip() or canonical(value):
        return False
    builder.field(name, value, label.rstrip(" :"))
    return True


def _inline_text(element: lxml.html.HtmlElement) -> str:
    parts = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str) and child.tag not in _SKIPPED and not _is_hidden(child):
            parts.append(_BREAK if child.tag == "br" else _inline_text(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _holds_block(element: lxml.html.HtmlElement) -> bool:
    return any(isinstance(child.tag, str) and child.tag in _BLOCKS - {"br"} for child in element.iter())


def _is_hidden(element: lxml.html.HtmlElement) -> bool:
    return element.get("hidden") is not None or element.get("aria-hidden") == "true" or bool(_HIDDEN.search(element.get("style") or ""))


def _flush(builder: TextBuilder, pending: list[str]) -> None:
    lines = [squeeze(line) for line in "".join(pending).split(_BREAK)]
    text = "\n".join(line for line in lines if line)
    if text and not _add_field(builder, text):
        builder.paragraph(text)
    pending.clear()
