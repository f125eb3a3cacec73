"""The chat page: translates the chat's events into what Gradio shows, and starts the server."""

from __future__ import annotations

import datetime as dt
import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TypedDict

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
os.environ.setdefault("HF_HUB_OFFLINE", "1")

import fastapi
import gradio as gr
import gradio.events
import uvicorn

from assistant import store
from assistant.chat import Chat, Delta, Done, Found, Understood, open_chat
from assistant.dates import PARIS
from assistant.embedding import load_embedder
from assistant.errors import AssistantError
from assistant.indexing import Options, index_corpus
from assistant.journal import RETENTION_DAYS, Journal
from assistant.output import Json, answer_json
from assistant.schema import Turn
from assistant.settings import Settings
from assistant.ui import render, words

log = logging.getLogger(__name__)

_HEAD = "<script>document.documentElement.lang = 'fr';</script>"
_AT_ONCE = 8
"""Questions answered at the same time."""
_GOODBYE = 3
"""Seconds that open pages get to end when the server is stopped."""
_MAX_TURNS = 20
"""Earlier turns kept for follow-ups."""


class Message(TypedDict):
    """A message as the Chatbot takes it."""

    role: str
    content: str


class Past(TypedDict):
    """An earlier turn, as kept in the page's state."""

    question: str
    answer: str


class Handlers:
    """What the page's events call; holds the chat and the journal."""

    def __init__(self, chat: Chat, journal: Journal) -> None:
        self._chat = chat
        self._journal = journal

    def reply(self, question: str, messages: list[Message], past: list[Past]) -> Iterator[tuple[list[Message], list[Past]]]:
        """Yield the conversation as the answer to a question comes."""
        shown = [*messages, Message(role="user", content=render.text_html(question))]
        yield [*shown, Message(role="assistant", content=words.SEARCHING)], past
        asked = dt.datetime.now(PARIS)
        turns = [Turn(one["question"], one["answer"]) for one in past[-_MAX_TURNS:]]
        written, language = "", "fr"
        try:
            for event in self._chat.stream(question, history=turns, now=asked):
                if isinstance(event, Understood):
                    language = event.query.language
                elif isinstance(event, Delta):
                    written += event.text
                    yield [*shown, Message(role="assistant", content=render.text_html(written))], past
                elif isinstance(event, Done):
                    self._journal.record(question, event.answer, asked)
                    told = Past(question=question, answer=event.answer.text)
                    content = render.answer_html(event.answer, language)
                    yield [*shown, Message(role="assistant", content=content)], [*past, told]
                else:
                    assert isinstance(event, Found)
        except AssistantError:
            log.exception("question failed")
            yield [*shown, Message(role="assistant", content=words.FAILED[language])], past

    def ask(self, question: str) -> Json:
        """Answer one question for a program, as ``assistant ask --json`` does."""
        asked = dt.datetime.now(PARIS)
        answer = self._chat.answer(question, now=asked)
        self._journal.record(question, answer, asked)
        return answer_json(answer, question, None)


def build(handlers: Handlers) -> gr.Blocks:
    """Return the page."""
    with gr.Blocks(title=words.TITLE, analytics_enabled=False, fill_height=True) as blocks:
        gr.Markdown(f"# {words.TITLE}\n\n{words.INTRO}", elem_id="title")
        past = gr.State([])
        conversation = gr.Chatbot(
            label=words.CONVERSATION_LABEL,
            show_label=False,
            elem_id="conversation",
            height="60vh",
            buttons=["copy"],
            feedback_options=None,
            latex_delimiters=[],
            group_consecutive_messages=False,
            placeholder=words.WELCOME,
            examples=[{"text": one} for one in words.EXAMPLES],
        )
        with gr.Row():
            question = gr.Textbox(
                label=words.QUESTION_LABEL,
                placeholder=words.PLACEHOLDER,
                elem_id="question",
                lines=1,
                max_lines=6,
                max_length=2_000,
                scale=8,
                autofocus=True,
            )
            send = gr.Button(words.SEND, variant="primary", elem_id="send", scale=1, min_width=100)
        clear = gr.Button(words.CLEAR, elem_id="clear", size="sm", variant="secondary")
        gr.Markdown(words.FOOTER.format(days=RETENTION_DAYS), elem_id="footer")
        asked = gr.State("")
        for event in (question.submit, send.click):
            event(lambda text: (text, ""), question, [asked, question], api_visibility="private").then(
                handlers.reply, [asked, conversation, past], [conversation, past], api_visibility="private", concurrency_limit=_AT_ONCE
            )
        conversation.example_select(_example, None, asked, api_visibility="private").then(
            handlers.reply, [asked, conversation, past], [conversation, past], api_visibility="private", concurrency_limit=_AT_ONCE
        )
        clear.click(lambda: ([], []), None, [conversation, past], api_visibility="private")
        gradio.events.api(handlers.ask, api_name="ask", concurrency_limit=_AT_ONCE)
    page: gr.Blocks = blocks
    return page


def _example(chosen: gr.SelectData) -> str:
    return str(chosen.value["text"])


def create_app(settings: Settings) -> fastapi.FastAPI:
    """Return the web application over the index that the settings name."""
    handlers = Handlers(open_chat(settings), Journal(settings.data))
    css = (Path(__file__).parent / "style.css").read_text(encoding="utf-8")
    fonts = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "Arial", "sans-serif"]
    theme = gr.themes.Default(primary_hue="blue", font=fonts, font_mono=["ui-monospace", "Consolas", "monospace"])
    app = fastapi.FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    mounted: fastapi.FastAPI = gr.mount_gradio_app(
        app, build(handlers), path="/", theme=theme, css=css, head=_HEAD, ssr_mode=False, pwa=False, footer_links=[], mcp_server=False,
        server_name=settings.host, server_port=settings.port,
    )  # fmt: skip
    return mounted


def serve(settings: Settings) -> None:
    """Build the index if there is none, then serve the chat until it is stopped."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    if store.current(settings.index) is None:
        log.info("no index in %s yet: building it from %s", settings.index, settings.corpus)
        options = Options(max_bytes=int(settings.max_file_mb * 1_000_000))
        report = index_corpus(settings.corpus, settings.index, load_embedder(settings.embedding_model), options=options)
        log.info("%d documents indexed in %.1f s, %d skipped", report.documents, report.seconds, len(report.skipped))
    app = create_app(settings)
    log.info("the chat is on http://%s:%d", settings.host, settings.port)
    uvicorn.run(app, host=settings.host, port=settings.port, log_level="warning", timeout_graceful_shutdown=_GOODBYE)
