"""Answers as HTML: every word of a document or a question is escaped, so that nothing in it is interpreted."""

from __future__ import annotations

import html
import re

from assistant.schema import Answer, Citation, Passage
from assistant.text import is_item
from assistant.ui import words

_MARK = re.compile(r"\[(\d{1,2}(?:\s*,\s*\d{1,2})*)\]")
_CONTEXT = 240
"""Characters shown before and after a highlighted quote."""


def answer_html(answer: Answer, language: str) -> str:
    """Return an answer with its sources below, as one block of HTML without blank lines."""
    parts = [text_html(answer.text)]
    if answer.notice:
        parts.append(f'<p class="notice">{_escape(answer.notice)}</p>')
    if answer.citations:
        parts.append(_sources(answer, language))
    return f'<div class="answer" lang="{language}">{"".join(parts)}</div>'


def text_html(text: str) -> str:
    """Return plain text as paragraphs and lists, citation numbers set apart."""
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


def _sources(answer: Answer, language: str) -> str:
    passages = {passage.number: passage for passage in answer.passages}
    by_number: dict[int, list[Citation]] = {}
    for citation in answer.citations:
        by_number.setdefault(citation.number, []).append(citation)
    rows = "".join(_source(n, cited, passages.get(n), language) for n, cited in by_number.items())
    engine = words.ENGINE[language]
    said = engine["extractive"] if answer.engine == "extractive" else engine["model"].format(name=_escape(answer.engine))
    return f'<div class="sources"><p class="sources-title">{words.SOURCES[language]}</p>{rows}<p class="engine">{said}</p></div>'


def _source(number: int, citations: list[Citation], passage: Passage | None, language: str) -> str:
    first = citations[0]
    facts = [f"<b>[{number}] {_escape(first.title)}</b>"]
    if passage and passage.chunk.heading[1:]:
        facts.append(_escape(passage.chunk.heading[-1]))
    if first.page:
        facts.append(f"{words.PAGE[language]} {first.page}")
    if passage and passage.published:
        facts.append(passage.published.isoformat())
    if passage and passage.sample:
        facts.append(f'<span class="sample">{words.SAMPLE[language]}</span>')
    if passage and passage.url and re.match(r"https?://", passage.url):
        link = _escape(passage.url)
        facts.append(f'<a href="{link}" target="_blank" rel="noopener noreferrer nofollow">{words.LINK[language]}</a>')
    quoted = _highlighted(citations, passage) if passage else " … ".join(_escape(c.quote) for c in citations)
    name = _escape(first.document)
    return f'<details class="source" open><summary>{" · ".join(facts)}</summary><blockquote>{quoted}</blockquote><p class="file">{name}</p></details>'


def _highlighted(citations: list[Citation], passage: Passage) -> str:
    """Return the passage's words around its quotes, the quotes marked."""
    text, base = passage.chunk.text, passage.chunk.start
    spans = sorted((c.start - base, c.end - base) for c in citations)
    begin, end = _whole_words(text, max(spans[0][0] - _CONTEXT, 0), min(spans[-1][1] + _CONTEXT, len(text)), spans)
    out = ["… " if begin else ""]
    position = begin
    for start, stop in spans:
        if start >= position:
            out.append(f"{_escape(text[position:start])}<mark>{_escape(text[start:stop])}</mark>")
            position = stop
    out.append(_escape(text[position:end]) + (" …" if end < len(text) else ""))
    return "".join(out)


def _whole_words(text: str, begin: int, end: int, spans: list[tuple[int, int]]) -> tuple[int, int]:
    """Return the bounds of an excerpt moved to the ends of words, never into a quote."""
    while 0 < begin < spans[0][0] and not text[begin - 1].isspace():
        begin += 1
    while spans[-1][1] < end < len(text) and not text[end].isspace():
        end -= 1
    return begin, end


def _unmarked(line: str) -> str:
    return re.sub(r"^\s*(?:[-•*–—]|\d{1,2}[.)])\s+", "", line)


def _inline(text: str) -> str:
    return _MARK.sub(r'<sup class="cite">[\1]</sup>', _escape(text))


def _escape(text: str) -> str:
    """Escape HTML, and the line ends and marks that Markdown would read."""
    escaped = html.escape(text, quote=True)
    for mark in "*_`~$\\":
        escaped = escaped.replace(mark, f"&#{ord(mark)};")
    return re.sub(r"\n+", "<br>", escaped)
