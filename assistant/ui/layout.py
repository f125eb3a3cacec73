"""What the pages share: their head, their scripts, their style, and the welcome of the chat."""

from __future__ import annotations

from pathlib import Path

import gradio as gr

from assistant.ui.markup import escape
from assistant.ui.words import Words

_STATIC = Path(__file__).parent / "static"
BRIDGE = "window.assistantSend = (event, data) => trigger(event, data);"
"""Lets the buttons of answers, which are plain HTML, raise events that Python handles."""
SAVE = "(file) => { if (file) window.assistantSave(JSON.parse(file)); }"
"""Saves a file that the server wrote into a hidden field."""

SHOW_SHEET = "() => setTimeout(() => { const sheet = document.querySelector('.sheet'); if (sheet) { sheet.focus(); sheet.scrollIntoView({ block: 'start' }); } }, 100)"
"""Brings the sheet that was opened into view."""


def css() -> str:
    """Return the style of the pages."""
    return (_STATIC / "style.css").read_text(encoding="utf-8")


def head(language: str) -> str:
    """Return what stands in the head of a page: its language and its script."""
    script = (_STATIC / "script.js").read_text(encoding="utf-8")
    return f"<script>document.documentElement.lang = '{language}';</script>\n<script>{script}</script>"


def theme() -> gr.themes.Base:
    """Return the theme: fonts of the system, nothing from elsewhere."""
    fonts = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "Arial", "sans-serif"]
    base: gr.themes.Base = gr.themes.Default(primary_hue="blue", font=fonts, font_mono=["ui-monospace", "Consolas", "monospace"])
    return base.set(
        button_primary_background_fill="#1d4ed8", button_primary_background_fill_dark="#1d4ed8", button_primary_text_color="#ffffff"
    )


def address(page: str, language: str) -> str:
    """Return the address of a page in a language."""
    path = {"chat": "/", "missions": "/missions/", "maintenance": "/maintenance/"}[page]
    return path if language == "fr" else f"/en{path}"


def header(words: Words, current: str, *, maintained: bool) -> str:
    """Return the head of a page: its name, the other pages, the other language."""
    pages = [("chat", words.nav_chat), ("missions", words.nav_missions), *([("maintenance", words.nav_maintenance)] if maintained else [])]
    links = "".join(
        f'<a href="{address(page, words.language)}"{" aria-current=page" if page == current else ""}>{escape(name)}</a>'
        for page, name in pages
    )
    other = "en" if words.language == "fr" else "fr"
    switch = f'<a href="{address(current, other)}" lang="{other}" hreflang="{other}" data-language="{other}">{words.other_name}</a>'
    skip = f'<a class="skip" href="#question">{words.skip}</a>' if current == "chat" else ""
    return f'{skip}<header class="top"><h1>{words.title}</h1><nav aria-label="{words.nav_label}">{links}{switch}</nav></header>'


def welcome(words: Words) -> str:
    """Return what the empty chat says: what it does and does not."""
    can = "".join(f"<li>{escape(one)}</li>" for one in words.can)
    cannot = "".join(f"<li>{escape(one)}</li>" for one in words.cannot)
    return (
        f'<div class="welcome"><p class="hello">{words.welcome}</p><div class="promises"><div><p><b>{words.can_title}</b></p><ul>{can}</ul></div>'
        f"<div><p><b>{words.cannot_title}</b></p><ul>{cannot}</ul></div></div></div>"
    )
