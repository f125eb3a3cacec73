"""The web application: the pages in both languages, the picture of a quoted page, and the server."""

from __future__ import annotations

import datetime as dt
import logging
import os
import threading
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
os.environ.setdefault("HF_HUB_OFFLINE", "1")

import fastapi
import gradio as gr
import uvicorn

from assistant import store
from assistant.chat import Chat, Found, open_chat
from assistant.dates import PARIS
from assistant.desk import Desk
from assistant.embedding import load_embedder
from assistant.indexing import Options, index_corpus
from assistant.journal import Journal
from assistant.settings import Settings
from assistant.ui import chat_page, layout, maintenance_page, missions_page, scans, sign_in
from assistant.ui.access import Sessions
from assistant.ui.desk_words import DESK_WORDS
from assistant.ui.words import WORDS

log = logging.getLogger(__name__)

_GOODBYE = 3
"""Seconds that open pages get to end when the server is stopped."""
_FIRST_PAGE = 3
"""Seconds left to the first page before the first question is prepared for."""
_MAX_SPANS = 20


def create_app(settings: Settings, chat: Chat) -> fastapi.FastAPI:
    """Return the web application over a chat."""
    journal = Journal(settings.data, settings.retention_days, enabled=settings.journal)
    app = fastapi.FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.add_api_route("/source/page.png", _page_route(chat, settings.corpus), methods=["GET"])
    password = settings.admin_password.get_secret_value()
    sessions = Sessions(password, settings.session_hours) if password else None
    app = sign_in.closed(app) if sessions is None else _with_maintenance(app, settings, chat, journal, sessions)
    maintained = sessions is not None
    for language in ("en", "fr"):  # the shorter addresses last: they would take the longer ones
        words = WORDS[language]
        listing = missions_page.build(missions_page.Handlers(chat, words), words, maintained=maintained)
        app = _mounted(app, listing, layout.address("missions", language), language, settings)
        handlers = chat_page.Handlers(chat, journal, words)
        page = chat_page.build(handlers, words, settings.retention_days, maintained=maintained)
        app = _mounted(app, page, layout.address("chat", language), language, settings)
    return app


def _warm(chat: Chat) -> None:
    """Ask what a first visitor might, so that their question finds vocabularies and models read."""
    for question in ("Quelles missions sont ouvertes ?", "Qui peut être expert ?"):
        for event in chat.stream(question, now=dt.datetime.now(PARIS)):
            if isinstance(event, Found):
                break


def _with_maintenance(app: fastapi.FastAPI, settings: Settings, chat: Chat, journal: Journal, sessions: Sessions) -> fastapi.FastAPI:
    """Return the application with the maintenance page behind its sign-in, in both languages."""
    embedder = load_embedder(settings.embedding_model)
    desk = Desk(settings.corpus, settings.index, settings.data, embedder, _options(settings))
    sign_in.guard(app, sessions)
    for language in ("en", "fr"):
        words, said = WORDS[language], DESK_WORDS[language]
        handlers = maintenance_page.Handlers(desk, chat, journal, sessions, words, said)
        page = maintenance_page.build(handlers, words, said)
        app = _mounted(app, page, layout.address("maintenance", language), language, settings, sign_in.dependency(sessions))
    return app


def _options(settings: Settings) -> Options:
    return Options(max_bytes=int(settings.max_file_mb * 1_000_000))


def _mounted(
    app: fastapi.FastAPI,
    page: gr.Blocks,
    path: str,
    language: str,
    settings: Settings,
    access: Callable[[fastapi.Request], str | None] | None = None,
) -> fastapi.FastAPI:
    mounted: fastapi.FastAPI = gr.mount_gradio_app(
        app, page, path=path.rstrip("/") or "/", theme=layout.theme(), css=layout.css(), head=layout.head(language), ssr_mode=False, pwa=False,
        footer_links=[], mcp_server=False, server_name=settings.host, server_port=settings.port, auth_dependency=access, max_file_size=int(settings.max_file_mb * 1_000_000),
    )  # fmt: skip
    return mounted


def _page_route(chat: Chat, corpus: Path) -> Callable[..., fastapi.Response]:
    """Return the handler that draws a page of a PDF of the index, quotes marked."""

    def page_png(document: str, page: int, spans: str = "") -> fastapi.Response:
        """Answer with the picture; only documents of the index that are files of the corpus folder are drawn."""
        found = chat.generation().document(document)
        path = (corpus / document).resolve()
        if found is None or not path.is_relative_to(corpus.resolve()) or path.suffix.lower() != ".pdf" or not path.is_file():
            return fastapi.Response(status_code=404)
        quotes = tuple(found.text[start:end] for start, end in _spans(spans) if start < end <= len(found.text))
        picture = scans.page_png(path, path.stat().st_mtime_ns, page, quotes)
        if picture is None:
            return fastapi.Response(status_code=404)
        return fastapi.Response(picture, media_type="image/png", headers={"Cache-Control": "private, max-age=3600"})

    return page_png


def _spans(text: str) -> list[tuple[int, int]]:
    pairs = [part.split("-") for part in text.split(",")[:_MAX_SPANS]]
    return [(int(pair[0]), int(pair[1])) for pair in pairs if len(pair) == 2 and pair[0].isdecimal() and pair[1].isdecimal()]


def serve(settings: Settings) -> None:
    """Build the index if there is none, then serve the pages until they are stopped."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    if store.current(settings.index) is None:
        log.info("no index in %s yet: building it from %s", settings.index, settings.corpus)
        report = index_corpus(settings.corpus, settings.index, load_embedder(settings.embedding_model), options=_options(settings))
        log.info("%d documents indexed in %.1f s, %d skipped", report.documents, report.seconds, len(report.skipped))
    chat = open_chat(settings)
    app = create_app(settings, chat)
    warming = threading.Timer(_FIRST_PAGE, _warm, args=(chat,))
    warming.daemon = True
    warming.start()
    log.info("the chat is on http://%s:%d", settings.host, settings.port)
    uvicorn.run(app, host=settings.host, port=settings.port, log_level="warning", timeout_graceful_shutdown=_GOODBYE)
