"""Answers as HTML: the text with its marks, lists of missions, sources to open, and what may be asked next."""

from __future__ import annotations

import datetime as dt
import re
from urllib.parse import urlencode

from assistant.schema import Answer, Citation, Filters, Outcome, Passage, Query, Suggestion
from assistant.text import fold, is_item
from assistant.ui import chips, missions
from assistant.ui.markup import button, escape, text_html
from assistant.ui.words import WORDS

_CONTEXT = 240
"""Characters shown before and after a highlighted quote."""


def answer_html(answer: Answer, query: Query | None, language: str, now: dt.datetime) -> str:
    """Return an answer with its sources below, as one block of HTML without blank lines."""
    parts = [_rewritten(query, language) if query else "", _body(answer, query.filters if query else Filters(), language, now)]
    if answer.notice:
        parts.append(f'<p class="notice">{escape(answer.notice)}</p>')
    if answer.citations:
        parts.append(_sources(answer, language))
    if answer.outcome in {Outcome.ANSWERED, Outcome.LISTING}:
        parts.append(_engine(answer, language))
    parts.append(_follow_ups(answer.suggestions, language))
    return f'<div class="answer" lang="{language}">{"".join(parts)}</div>'


def source_names(answer: Answer) -> list[str]:
    """Return the sources of an answer, one line each, for an export."""
    passages = {passage.number: passage for passage in answer.passages}
    lines = []
    for citation in answer.citations:
        page = f", p. {citation.page}" if citation.page else ""
        passage = passages.get(citation.number)
        url = f" — {passage.url}" if passage and passage.url else ""
        lines.append(f"[{citation.number}] {citation.title} ({citation.document}{page}){url} : « {citation.quote} »")
    return lines


def _body(answer: Answer, filters: Filters, language: str, now: dt.datetime) -> str:
    entries = answer.missions or answer.alternatives
    if answer.outcome is not Outcome.LISTING or not entries:
        shown = chips.chips(filters, language) if answer.outcome is Outcome.LISTING else ""
        return text_html(answer.text) + shown
    lines = [line for line in answer.text.split("\n") if _is_quoted(line) or not (is_item(line) or line.startswith("…"))]
    table = missions.table(entries, language, now.date())
    return "".join([text_html("\n".join(lines)), chips.chips(filters, language), table, missions.downloads(entries, language)])


def _is_quoted(line: str) -> bool:
    """Tell whether a line of an answer ends in the mark of a source, which the lines of a list of missions never do."""
    return line.endswith("]")


def _rewritten(query: Query, language: str) -> str:
    """Return the question as it was completed from the conversation, to be opened; empty where it stood alone."""
    if not query.original or fold(query.text).strip(" ?!.") == fold(query.original).strip(" ?!.") or len(query.text) <= len(query.original):
        return ""
    return f'<details class="rewritten"><summary>{WORDS[language].rewritten}</summary><p>{escape(query.text)}</p></details>'


def _sources(answer: Answer, language: str) -> str:
    passages = {passage.number: passage for passage in answer.passages}
    by_number: dict[int, list[Citation]] = {}
    for citation in answer.citations:
        by_number.setdefault(citation.number, []).append(citation)
    rows = "".join(_source(n, cited, passages.get(n), language) for n, cited in by_number.items())
    return f'<div class="sources"><p class="sources-title">{WORDS[language].sources}</p>{rows}</div>'


def _engine(answer: Answer, language: str) -> str:
    words = WORDS[language]
    made = words.by_records if answer.outcome is Outcome.LISTING else words.by_quotes
    said = made if answer.engine == "extractive" else words.by_model.format(name=escape(answer.engine))
    return f'<p class="engine">{said}{words.may_err}</p>'


def _source(number: int, citations: list[Citation], passage: Passage | None, language: str) -> str:
    words, first = WORDS[language], citations[0]
    facts = [f"<b>[{number}] {escape(first.title)}</b>"]
    if passage and passage.chunk.heading[1:]:
        facts.append(escape(passage.chunk.heading[-1]))
    if first.page:
        facts.append(f"{words.page} {first.page}")
    if passage and passage.published:
        facts.append(missions.day(passage.published, language))
    if passage and passage.sample:
        facts.append(f'<span class="badge sample">{words.sample}</span>')
    quoted = _highlighted(citations, passage) if passage else " … ".join(escape(c.quote) for c in citations)
    image = _page_image(citations, language) if first.page and first.document.lower().endswith(".pdf") else ""
    return (
        f'<details class="source" data-number="{number}"><summary>{" · ".join(facts)}</summary><blockquote>{quoted}</blockquote>{image}'
        f'<p class="file">{escape(first.document)}{_link(passage, language)}</p></details>'
    )


def _link(passage: Passage | None, language: str) -> str:
    if not (passage and passage.url and re.match(r"https?://", passage.url)):
        return ""
    return f' · <a href="{escape(passage.url)}" target="_blank" rel="noopener noreferrer nofollow">{WORDS[language].link}</a>'


def _page_image(citations: list[Citation], language: str) -> str:
    first = citations[0]
    spans = ",".join(f"{c.start}-{c.end}" for c in citations)
    address = urlencode({"document": first.document, "page": first.page, "spans": spans})
    described = WORDS[language].page_image.format(page=first.page)
    return f'<img class="scan" loading="lazy" alt="{escape(described)}" src="/source/page.png?{escape(address)}">'


def _follow_ups(suggestions: tuple[Suggestion, ...], language: str) -> str:
    if not suggestions:
        return ""
    said = "".join(button(escape(one.label), "ask", {"question": one.question}, css="chip ask") for one in suggestions)
    name = WORDS[language].follow_ups
    return f'<div class="follow-ups" role="group" aria-label="{name}">{name} {said}</div>'


def _highlighted(citations: list[Citation], passage: Passage) -> str:
    """Return the passage's words around its quotes, the quotes marked."""
    text, base = passage.chunk.text, passage.chunk.start
    spans = sorted((c.start - base, c.end - base) for c in citations)
    begin, end = _whole_words(text, max(spans[0][0] - _CONTEXT, 0), min(spans[-1][1] + _CONTEXT, len(text)), spans)
    out = ["… " if begin else ""]
    position = begin
    for start, stop in spans:
        if start >= position:
            out.append(f"{escape(text[position:start])}<mark>{escape(text[start:stop])}</mark>")
            position = stop
    out.append(escape(text[position:end]) + (" …" if end < len(text) else ""))
    return "".join(out)


def _whole_words(text: str, begin: int, end: int, spans: list[tuple[int, int]]) -> tuple[int, int]:
    """Return the bounds of an excerpt moved to the ends of words, never into a quote."""
    while 0 < begin < spans[0][0] and not text[begin - 1].isspace():
        begin += 1
    while spans[-1][1] < end < len(text) and not text[end].isspace():
        end -= 1
    return begin, end
