"""HTML of plain text: every word of a document or a question is escaped, so that nothing in it is interpreted."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Sequence

from assistant.text import is_item

_MARK = re.compile(r"\[(\d{1,2}(?:\s*,\s*\d{1,2})*)\]")


def escape(text: str) -> str:
    """Escape HTML, and the line ends and marks that Markdown would read."""
    escaped = html.escape(text, quote=True)
    for mark in "*_`~$\\[]":
        escaped = escaped.replace(mark, f"&#{ord(mark)};")
    return re.sub(r"\n+", "<br>", escaped)


def text_html(text: str) -> str:
    """Return plain text as paragraphs and lists, citation numbers as buttons that open their source."""
    out: list[str] = []
    items: list[str] = []
    for line in [*text.split("\n"), ""]:
        if is_item(line):
            items.append(f"<li>{_inline(_unmarked(line))}</li>")
            continue
        if items:
            out.append(f"<ul>{''.join(items)}</ul>")
            items = []
        if line.strip():
            out.append(f"<p>{_inline(line)}</p>")
    return "".join(out)


def plain_text(markup: str) -> str:
    """Return the words of a message: what ``text_html`` was given; a text that it did not write stays as it is.

    >>> plain_text(text_html("Quel *âge* ?\\nEt où <b> ?")), plain_text("a < b")
    ('Quel *âge* ?\\nEt où <b> ?', 'a < b')
    """
    if not markup.startswith(("<p>", "<ul>")):
        return markup
    return html.unescape(re.sub(r"<[^>]*>", "", markup.replace("</p><p>", "\n")))


def button(label: str, event: str, data: object, *, css: str = "", description: str = "") -> str:
    """Return a button that sends an event of the page (see ``static/script.js``), with its data as JSON."""
    described = f' aria-label="{escape(description)}"' if description else ""
    sent = html.escape(json.dumps(data, ensure_ascii=True), quote=True).replace("_", "&#95;").replace("*", "&#42;").replace("~", "&#126;")
    return f'<button type="button" class="{css}" data-event="{event}" data-sent="{sent}"{described}>{label}</button>'


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], name: str) -> str:
    """Return rows of text as a table with a caption; on a phone each cell carries the name of its column."""
    heads = "".join(f'<th scope="col">{escape(one)}</th>' for one in columns)
    body = "".join(
        "<tr>"
        + "".join(f'<td data-label="{escape(label)}">{escape(cell)}</td>' for label, cell in zip(columns, row, strict=True))
        + "</tr>"
        for row in rows
    )
    return (
        f'<div class="table-box" tabindex="0" role="group" aria-label="{escape(name)}"><table class="missions"><caption>{escape(name)}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _unmarked(line: str) -> str:
    return re.sub(r"^\s*(?:[-•*–—]|\d{1,2}[.)])\s+", "", line)


def _inline(text: str) -> str:
    parts = _MARK.split(text)
    return "".join(_marks(part) if number % 2 else escape(part) for number, part in enumerate(parts))


def _marks(numbers: str) -> str:
    one_by_one = re.findall(r"\d+", numbers)
    return "".join(
        f'<sup><button type="button" class="cite" data-source="{one}" aria-label="source {one}">[{one}]</button></sup>'
        for one in one_by_one
    )
