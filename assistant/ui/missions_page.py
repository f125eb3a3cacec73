"""The missions page: the registry as a table to filter and sort, with plots that are tables too, and each sheet's fields."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import gradio as gr
import pandas as pd

from assistant import eligibility
from assistant.chat import Chat
from assistant.dates import PARIS
from assistant.domains import domains
from assistant.places import zones, zones_of
from assistant.profile import Profile
from assistant.registry import Registry
from assistant.schema import Condition, Facet, Filters, Mission, MissionEntry
from assistant.text import words as words_of
from assistant.ui import exports, layout, missions
from assistant.ui.events import PRIVATE, data, file_json
from assistant.ui.markup import escape, table
from assistant.ui.words import Words

_CONTRACTS = ("CDD", "CDDU", "CDI", "prestation")
_SHOWN_FIELDS = (
    "reference", "organisation", "countries", "city", "zone", "domains", "offer_type", "contract", "status", "duration", "start", "published",
    "deadline", "education", "experience", "languages", "remote", "sponsor",
)  # fmt: skip

Choice = list[tuple[str, str]]


class Handlers:
    """What the missions page's events call, in one language."""

    def __init__(self, chat: Chat, words: Words) -> None:
        self._chat = chat
        self._words = words

    def listed(
        self, text: str, open_now: bool, zone: str, domain: str, contract: str, status: str
    ) -> tuple[str, pd.DataFrame, str, pd.DataFrame, str, str]:
        """Return the missions that pass the filters: the table, both plots with their tables, and what a download needs."""
        now = dt.datetime.now(PARIS)
        entries = self._select(text, open_now, zone, domain, contract, status, now)
        by_zone, by_month = self._by_zone(entries), self._by_month(entries)
        words = self._words
        found = f'<p role="status"><b>{words.found.format(count=len(entries)) if entries else words.none_found}</b></p>'
        listing = (
            missions.table(entries, words.language, now.date(), opens=True) + missions.downloads(entries, words.language) if entries else ""
        )
        return (
            found + listing,
            by_zone,
            _as_table(by_zone, words, words.by_zone),
            by_month,
            _as_table(by_month, words, words.by_deadline),
            "",
        )

    def sheet(self, sent: gr.EventData) -> str:
        """Return a mission's sheet as HTML: fields with the words they were read from, what it asks for, the way to ask about it."""
        words, name = self._words, str(data(sent).get("mission", ""))
        registry = self._chat.generation().registry
        mission = registry.mission(name)
        if mission is None:
            return f"<p>{words.sheet_none}</p>"
        entry = MissionEntry(mission, mission.is_open(dt.datetime.now(PARIS)))
        rows = "".join(self._field(mission, field) for field in _SHOWN_FIELDS)
        quotes = dict.fromkeys(one.quote.quote for one in eligibility.against_posting(Profile(), mission))
        asked = "".join(f"<li>{escape(quote)}</li>" for quote in quotes)
        criteria = f"<h3>{words.criteria}</h3><ul>{asked}</ul>" if asked else ""
        question = words.ask_about_question.format(name=mission.reference or f"« {mission.title} »")
        ask = (
            f'<a class="button" href="{layout.address("chat", words.language)}?{escape(urlencode({"q": question}))}">{words.ask_about}</a>'
        )
        original = (
            f' <a href="{escape(mission.url)}" target="_blank" rel="noopener noreferrer nofollow">{words.original}</a>'
            if mission.url and mission.url.startswith(("http://", "https://"))
            else ""
        )
        return (
            f'<section class="sheet" tabindex="-1" aria-label="{words.sheet}"><h2>{escape(mission.title)}</h2><p>{missions.badge(entry, words)}</p>'
            f"<dl>{rows}</dl>{criteria}<p>{ask}{original}</p></section>"
        )

    def save(self, sent: gr.EventData) -> str:
        """Return the list as a file that the browser is to save."""
        return saved_missions(self._chat.generation().registry, data(sent), self._words.language)

    def _select(
        self, text: str, open_now: bool, zone: str, domain: str, contract: str, status: str, now: dt.datetime
    ) -> Sequence[MissionEntry]:
        chosen = [
            (Facet.STATE, "open" if open_now else ""),
            (Facet.PLACE, zone),
            (Facet.DOMAIN, domain),
            (Facet.CONTRACT, contract),
            (Facet.STATUS, status),
        ]
        conditions = [Condition(facet, frozenset({value})) for facet, value in chosen if value]
        conditions += [Condition(Facet.TEXT, frozenset({word})) for word in words_of(text)]
        return self._chat.generation().registry.listed(Filters(tuple(conditions)), now)

    def _by_zone(self, entries: Iterable[MissionEntry]) -> pd.DataFrame:
        words = self._words
        counts: Counter[str] = Counter()
        for entry in entries:
            held = zones_of(entry.mission.countries)
            named = [str(getattr(zones()[key], words.language)) for key in _CONTINENTS if key in held]
            counts.update(named[:1] or [words.zone_unknown])
        return pd.DataFrame(counts.most_common(), columns=[words.zone, words.count])

    def _by_month(self, entries: Iterable[MissionEntry]) -> pd.DataFrame:
        months = Counter(f"{entry.mission.deadline:%Y-%m}" for entry in entries if entry.mission.deadline)
        return pd.DataFrame(sorted(months.items()), columns=[self._words.month, self._words.count])

    def _field(self, mission: Mission, field: str) -> str:
        words = self._words
        value = _value(mission, field, words)
        if not value:
            return ""
        quote = mission.quote(field)
        told = quote is not None and field in _QUOTED and value not in quote.quote
        read = f"<small>{words.read_in.format(quote=escape(quote.quote))}</small>" if quote and told else ""
        return f"<dt>{words.fields[field]}</dt><dd>{escape(value)}{read}</dd>"


_CONTINENTS = ("afrique", "moyen_orient", "europe", "asie", "ameriques", "oceanie")
"""Zones of the plot; a mission counts in the first that holds one of its countries."""
_QUOTED = {"deadline", "duration", "education", "experience", "languages", "start", "remote", "published"}
"""Fields that are computed from the sheet's words, shown beside them."""


def saved_missions(registry: Registry, asked: Mapping[str, Any], language: str) -> str:
    """Return the missions that a page names as a file that the browser is to save: a table, or a calendar of deadlines."""
    now = dt.datetime.now(PARIS)
    found = [mission for name in asked.get("missions", [])[: missions.SAVED] if (mission := registry.mission(str(name)))]
    entries = [MissionEntry(mission, mission.is_open(now)) for mission in found]
    if asked.get("kind") == "ics":
        return file_json("missions.ics", "text/calendar", exports.deadlines_ics(entries, language, now))
    return file_json("missions.csv", "text/csv", exports.missions_csv(entries, language))


def build(handlers: Handlers, words: Words, *, maintained: bool) -> gr.Blocks:
    """Return the missions page in one language."""
    with gr.Blocks(title=f"{words.missions_title} — {words.title}", analytics_enabled=False) as blocks:
        gr.HTML(layout.header(words, "missions", maintained=maintained), elem_id="header", apply_default_css=False)
        gr.Markdown(f"## {words.missions_title}\n\n{words.missions_intro}")
        bridge = gr.HTML(elem_id="bridge", js_on_load=layout.BRIDGE)
        saved = gr.Textbox(visible="hidden")
        with gr.Row():
            text = gr.Textbox(label=words.free_text, elem_id="free-text", scale=3)
            zone = gr.Dropdown(_zone_choices(words), value="", label=words.zone, scale=2)
            domain = gr.Dropdown(_domain_choices(words), value="", label=words.domain, scale=2)
        with gr.Row():
            contract = gr.Dropdown([(words.all_contracts, ""), *((one, one) for one in _CONTRACTS)], value="", label=words.contract)
            status = gr.Dropdown(
                [(words.all_statuses, ""), *((name, key) for key, name in words.statuses.items())], value="", label=words.status
            )
            open_now = gr.Checkbox(label=words.open_now, value=True, elem_id="open-now")
        listing = gr.HTML(elem_id="missions-table", apply_default_css=False)
        sheet = gr.HTML(f"<p>{words.sheet_none}</p>", elem_id="sheet", apply_default_css=False)
        with gr.Row(elem_id="plots"):
            with gr.Column():
                zone_plot = gr.BarPlot(
                    x=words.zone, y=words.count, title=words.by_zone, sort="-y", y_lim=[0, None], height=260, elem_id="by-zone"
                )
                zone_table = gr.HTML(apply_default_css=False)
            with gr.Column():
                month_plot = gr.BarPlot(
                    x=words.month,
                    y=words.count,
                    title=words.by_deadline,
                    y_lim=[0, None],
                    x_label_angle=-45,
                    height=260,
                    elem_id="by-month",
                )
                month_table = gr.HTML(apply_default_css=False)
        chosen = [text, open_now, zone, domain, contract, status]
        shown: list[Any] = [listing, zone_plot, zone_table, month_plot, month_table, saved]
        blocks.load(handlers.listed, chosen, shown, **PRIVATE)
        gr.on(
            [text.change, open_now.change, zone.change, domain.change, contract.change, status.change],
            handlers.listed,
            chosen,
            shown,
            show_progress="hidden",
            **PRIVATE,
        )
        bridge.expand(handlers.sheet, None, sheet, **PRIVATE).then(None, js=layout.SHOW_SHEET)
        bridge.download(handlers.save, None, saved, **PRIVATE).then(None, saved, None, js=layout.SAVE)
    page: gr.Blocks = blocks
    return page


def _zone_choices(words: Words) -> Choice:
    return [(words.everywhere, ""), *sorted((str(getattr(zone, words.language)), key) for key, zone in zones().items())]


def _domain_choices(words: Words) -> Choice:
    return [(words.all_domains, ""), *sorted((str(getattr(domain, words.language)), key) for key, domain in domains().items())]


def _value(mission: Mission, field: str, words: Words) -> str:
    """Return a field in words, empty where the sheet does not give it."""
    if field == "countries":
        return missions.countries(mission, words.language)
    if field == "domains":
        return ", ".join(mission.domains)
    if field == "deadline":
        return (
            f"{missions.day(mission.deadline.date(), words.language)}, {mission.deadline:%H:%M}"
            if mission.deadline
            else mission.deadline_text or ""
        )
    if field == "start":
        return _start(mission.start, words)
    if field == "published":
        return missions.day(mission.published, words.language) if mission.published else ""
    if field in {"languages", "remote"}:
        quote = mission.quote(field)
        return quote.quote if quote else ""
    return str(getattr(mission, field) or "")


def _start(start: str | None, words: Words) -> str:
    try:
        return missions.day(dt.date.fromisoformat(start or ""), words.language)
    except ValueError:
        return start or ""


def _as_table(counts: pd.DataFrame, words: Words, title: str) -> str:
    rows = [[str(cell) for cell in row] for row in counts.itertuples(index=False)]
    return f'<details class="as-table"><summary>{words.as_table}</summary>{table(list(counts.columns), rows, title)}</details>'
