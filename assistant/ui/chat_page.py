"""The chat page: translates the chat's events into what Gradio shows, and the page's events into questions."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator
from typing import Any, TypedDict

import gradio as gr
import gradio.events

from assistant.chat import Chat, Delta, Done, Found, Understood
from assistant.dates import PARIS
from assistant.errors import AssistantError
from assistant.journal import BAD, GOOD, Journal
from assistant.listing import describe
from assistant.output import Json, answer_json
from assistant.schema import Answer, Intent, Query, Turn
from assistant.ui import chips, exports, layout, render
from assistant.ui.events import PRIVATE, data, file_json
from assistant.ui.markup import button, escape, plain_text, text_html
from assistant.ui.missions_page import saved_missions
from assistant.ui.words import Words

log = logging.getLogger(__name__)

_AT_ONCE = 8
"""Questions answered at the same time."""
_MAX_TURNS = 20
"""Earlier turns kept for follow-ups."""
_MAX_QUESTION = 2_000
"""Characters of a question."""
_MAX_CONVERSATIONS = 20
"""Conversations kept in the browser."""
_MAX_TITLE = 60


class Message(TypedDict):
    """A message as the Chatbot takes it."""

    role: str
    content: str


class Past(TypedDict):
    """An earlier turn, as kept in the page's state."""

    question: str
    answer: str
    sources: list[str]
    recorded: int | None
    """Its number in the journal."""


class Kept(TypedDict):
    """A conversation kept in the browser."""

    id: str
    title: str
    messages: list[Message]
    past: list[Past]


Shown = tuple[list[Message], list[Past]]


class Handlers:
    """What the chat page's events call, in one language; holds the chat and the journal."""

    def __init__(self, chat: Chat, journal: Journal, words: Words) -> None:
        self._chat = chat
        self._journal = journal
        self._words = words

    def reply(self, question: str, messages: list[Message], past: list[Past], silent: bool) -> Iterator[Shown]:
        """Yield the conversation as the answer to a question comes."""
        question = question[:_MAX_QUESTION].strip()
        if not question:
            yield gr.skip(), gr.skip()
            return
        shown = [*messages, Message(role="user", content=text_html(question))]
        yield [*shown, self._said(f"<p>{self._words.searching}</p>")], past
        asked = dt.datetime.now(PARIS)
        turns = [Turn(one["question"], one["answer"]) for one in past[-_MAX_TURNS:]]
        written, query = "", None
        try:
            for event in self._chat.stream(question, history=turns, now=asked):
                if isinstance(event, Understood):
                    query = event.query
                elif isinstance(event, Delta):
                    written += event.text
                    yield [*shown, self._said(text_html(written))], past
                elif isinstance(event, Done):
                    yield self._done(question, event.answer, query, shown, past, asked, silent)
                else:
                    assert isinstance(event, Found)
        except AssistantError:
            log.exception("question failed")
            yield [*shown, self._said(f"<p>{self._words.failed}</p>")], [*past, _unanswered(question)]

    def stopped(self, messages: list[Message], past: list[Past]) -> tuple[list[Message], list[Past], dict[str, Any], dict[str, Any]]:
        """Return the conversation without what was streamed and not verified, and the buttons as they were."""
        if len(messages) == 2 * len(past) + 2:
            question = plain_text(_content(messages[-2]))
            messages, past = [*messages[:-1], self._said(f"<p>{self._words.stopped}</p>")], [*past, _unanswered(question)]
        return messages, past, gr.update(visible=True), gr.update(visible=False)

    def list_again(self, messages: list[Message], past: list[Past], sent: gr.EventData) -> Shown:
        """Return the conversation with the list that a removed chip leaves."""
        language = self._words.language
        try:
            filters = chips.from_json(data(sent))
            now = dt.datetime.now(PARIS)
            answer = self._chat.list_missions(filters, language, now)
        except (AssistantError, ValueError, KeyError) as error:
            log.exception("filters refused")
            raise gr.Error(self._words.failed) from error
        question = self._words.without_filter.format(filters=describe(filters, language) or self._words.everywhere)
        query = Query("", language, "", Intent.LISTING, filters)
        shown = [*messages, Message(role="user", content=text_html(question))]
        content = render.answer_html(answer, query, language, now)
        return [*shown, self._said(content)], [*past, Past(question=question, answer=answer.text, sources=[], recorded=None)]

    def save(self, sent: gr.EventData) -> str:
        """Return a file that the browser is to save, as JSON: its name, type and text."""
        return saved_missions(self._chat.generation().registry, data(sent), self._words.language)

    def export(self, past: list[Past]) -> str:
        """Return the conversation as a Markdown file that the browser is to save, as JSON."""
        turns = [exports.Told(question=one["question"], answer=one["answer"], sources=one["sources"]) for one in past]
        text = exports.conversation_markdown(turns, self._words.language, dt.datetime.now(PARIS))
        return file_json("conversation.md", "text/markdown", text)

    def like(self, past: list[Past], liked: gr.LikeData) -> tuple[int | None, dict[str, Any], dict[str, Any]]:
        """Record what was said of an answer, and open the field for a reason where it was no praise."""
        turn = _turn(liked.index)
        recorded = past[turn]["recorded"] if turn < len(past) else None
        praised = liked.liked is True
        if recorded is not None and praised:
            self._journal.remark(recorded, GOOD, "", dt.datetime.now(PARIS))
        asks = recorded is not None and not praised
        return recorded, gr.update(visible=asks), gr.update(value="" if asks else self._words.feedback_thanks)

    def reason(self, recorded: int | None, fault: str | None, reason: str) -> tuple[dict[str, Any], None, str, str]:
        """Record what was wrong with an answer."""
        if recorded is not None:
            said = " : ".join(part for part in (fault or "", reason.strip()) if part)
            self._journal.remark(recorded, BAD, said, dt.datetime.now(PARIS))
        return gr.update(visible=False), None, "", self._words.feedback_thanks

    def retry(self, messages: list[Message], past: list[Past], retried: gr.RetryData) -> tuple[str, list[Message], list[Past]]:
        """Return the question to ask again, and the conversation before it."""
        return self._again(_turn(retried.index), None, messages, past)

    def edit(self, messages: list[Message], past: list[Past], edited: gr.EditData) -> tuple[str, list[Message], list[Past]]:
        """Return an edited question, and the conversation before it."""
        return self._again(_turn(edited.index), plain_text(str(edited.value)), messages, past)

    def keep(self, messages: list[Message], past: list[Past], current: str, kept: list[Kept]) -> tuple[list[Kept], str]:
        """Return the conversations to keep in the browser with this one in its latest state, and its id."""
        if not past:
            return kept, current
        name = current or dt.datetime.now(dt.UTC).strftime("%Y%m%d%H%M%S%f")
        title = past[0]["question"][:_MAX_TITLE]
        plain = [Message(role=str(m["role"]), content=_content(m)) for m in messages]
        one = Kept(id=name, title=title, messages=plain, past=past)
        return [one, *(other for other in kept or [] if other["id"] != name)][:_MAX_CONVERSATIONS], name

    def conversations(self, kept: list[Kept]) -> str:
        """Return the list of the conversations kept, as HTML."""
        words = self._words
        rows = "".join(
            f"<li>{button(escape(one['title']), 'open', {'id': one['id']}, css='link', description=words.open_conversation.format(name=one['title']))}"
            f"{button('✕', 'forget', {'id': one['id']}, css='small', description=words.delete_conversation.format(name=one['title']))}</li>"
            for one in kept or []
        )
        return f"<ul class='conversations'>{rows}</ul>" if rows else f"<p>{words.no_conversations}</p>"

    def reopen(self, kept: list[Kept], sent: gr.EventData) -> tuple[list[Message], list[Past], str]:
        """Return a conversation kept in the browser."""
        wanted = data(sent).get("id")
        one = next((one for one in kept or [] if one["id"] == wanted), None)
        return (one["messages"], one["past"], one["id"]) if one else ([], [], "")

    def forget(self, kept: list[Kept], sent: gr.EventData) -> list[Kept]:
        """Return the conversations kept without one."""
        wanted = data(sent).get("id")
        return [one for one in kept or [] if one["id"] != wanted]

    def ask(self, question: str) -> Json:
        """Answer one question for a program, as ``assistant ask --json`` does."""
        asked = dt.datetime.now(PARIS)
        answer = self._chat.answer(question, now=asked)
        self._journal.record(question, answer, asked)
        return answer_json(answer, question, None)

    def _done(
        self, question: str, answer: Answer, query: Query | None, shown: list[Message], past: list[Past], asked: dt.datetime, silent: bool
    ) -> Shown:
        recorded = None if silent else self._journal.record(question, answer, asked)
        told = Past(question=question, answer=answer.text, sources=render.source_names(answer), recorded=recorded)
        language = query.language if query else self._words.language
        return [*shown, self._said(render.answer_html(answer, query, language, asked))], [*past, told]

    def _again(self, turn: int, question: str | None, messages: list[Message], past: list[Past]) -> tuple[str, list[Message], list[Past]]:
        if question is None and 2 * turn < len(messages):
            question = plain_text(_content(messages[2 * turn]))
        return question or "", messages[: 2 * turn], past[:turn]

    def _said(self, content: str) -> Message:
        return Message(role="assistant", content=content)


def build(handlers: Handlers, words: Words, retention_days: int, *, maintained: bool) -> gr.Blocks:
    """Return the chat page in one language."""
    with gr.Blocks(title=words.title, analytics_enabled=False, fill_height=True) as blocks:
        gr.HTML(layout.header(words, "chat", maintained=maintained), elem_id="header", apply_default_css=False)
        past, asked, current, recorded = gr.State([]), gr.State(""), gr.State(""), gr.State(None)
        kept = gr.BrowserState([], storage_key="assistant-conversations", secret=_NOT_SECRET)
        bridge = gr.HTML(elem_id="bridge", js_on_load=layout.BRIDGE)
        saved = gr.Textbox(visible="hidden")
        with gr.Sidebar(label=words.conversations, open=False, elem_id="conversations"):
            gr.Markdown(f"**{words.conversations}**\n\n{words.conversations_note}")
            kept_list = gr.HTML(apply_default_css=False)
        conversation = gr.Chatbot(
            label=words.conversation_label,
            show_label=False,
            elem_id="conversation",
            height="58vh",
            buttons=["copy"],
            feedback_options=("Like", "Dislike"),
            autoscroll=False,  # script.js brings the question to the top instead
            latex_delimiters=[],
            group_consecutive_messages=False,
            sanitize_html=False,  # every word is escaped where it is written (markup.py); the buttons of answers must stay
            editable="user",
            placeholder=layout.welcome(words),
            examples=[{"text": one.question, "display_text": f"{one.who} — {one.question}"} for one in words.examples],
        )
        with gr.Row(elem_id="ask"):
            question = gr.Textbox(
                label=words.question_label,
                placeholder=words.placeholder,
                elem_id="question",
                lines=1,
                max_lines=6,
                max_length=_MAX_QUESTION,
                scale=8,
                autofocus=True,
            )
            send = gr.Button(words.send, variant="primary", elem_id="send", scale=1, min_width=100)
            stop = gr.Button(words.stop, variant="stop", elem_id="stop", scale=1, min_width=100, visible=False)
        with gr.Row(visible=False, elem_id="reason") as reason_row:
            fault = gr.Radio(list(words.faults), label=words.fault_label, scale=6)
            reason = gr.Textbox(label=words.feedback_label, max_length=500, scale=4)
            send_reason = gr.Button(words.feedback_send, scale=1, min_width=140)
        thanks = gr.HTML(elem_id="thanks", apply_default_css=False)
        with gr.Row(elem_id="tools"):
            clear = gr.Button(words.clear, elem_id="clear", size="sm", variant="secondary")
            export = gr.Button(words.export, elem_id="export", size="sm", variant="secondary")
            silent = gr.Checkbox(label=words.opt_out, value=False, elem_id="silent", container=False)
        gr.HTML(
            f"<footer class='note'><p>{words.footer.format(days=retention_days)}</p></footer>", elem_id="footer", apply_default_css=False
        )

        def answered(event: gradio.events.Dependency) -> None:
            """Answer what ``asked`` holds after an event, and keep the conversation."""
            started = event.then(lambda: (gr.update(visible=False), gr.update(visible=True)), None, [send, stop], queue=False, **PRIVATE)
            running = started.then(
                handlers.reply,
                [asked, conversation, past, silent],
                [conversation, past],
                concurrency_limit=_AT_ONCE,
                show_progress="hidden",
                **PRIVATE,
            )
            running.then(lambda: (gr.update(visible=True), gr.update(visible=False)), None, [send, stop], **PRIVATE)
            stop.click(handlers.stopped, [conversation, past], [conversation, past, send, stop], cancels=[running], **PRIVATE)
            kept_after(running)

        def kept_after(event: gradio.events.Dependency) -> None:
            event.then(handlers.keep, [conversation, past, current, kept], [kept, current], **PRIVATE).then(
                handlers.conversations, kept, kept_list, **PRIVATE
            )

        for trigger in (question.submit, send.click):
            answered(trigger(lambda text: (text, ""), question, [asked, question], queue=False, **PRIVATE))
        answered(bridge.submit(_question_sent, None, asked, **PRIVATE))
        answered(conversation.example_select(_example, None, asked, **PRIVATE))
        answered(conversation.retry(handlers.retry, [conversation, past], [asked, conversation, past], **PRIVATE))
        answered(conversation.edit(handlers.edit, [conversation, past], [asked, conversation, past], **PRIVATE))
        kept_after(bridge.select(handlers.list_again, [conversation, past], [conversation, past], show_progress="hidden", **PRIVATE))
        bridge.download(handlers.save, None, saved, **PRIVATE).then(None, saved, None, js=layout.SAVE)
        export.click(handlers.export, past, saved, **PRIVATE).then(None, saved, None, js=layout.SAVE)
        bridge.expand(handlers.reopen, kept, [conversation, past, current], **PRIVATE)
        bridge.delete(handlers.forget, kept, kept, **PRIVATE).then(handlers.conversations, kept, kept_list, **PRIVATE)
        conversation.like(handlers.like, past, [recorded, reason_row, thanks], **PRIVATE)
        for trigger in (reason.submit, send_reason.click):
            trigger(handlers.reason, [recorded, fault, reason], [reason_row, fault, reason, thanks], **PRIVATE)
        clear.click(lambda: ([], [], "", ""), None, [conversation, past, current, thanks], **PRIVATE)
        conversation.clear(lambda: ([], ""), None, [past, current], **PRIVATE)
        blocks.load(handlers.conversations, kept, kept_list, **PRIVATE)
        opening = gr.State("")
        blocks.load(_opening, None, opening, **PRIVATE)
        answered(opening.change(lambda text: text, opening, asked, queue=False, **PRIVATE))  # where the address names a question alone
        if words.language == "fr":
            gradio.events.api(handlers.ask, api_name="ask", concurrency_limit=_AT_ONCE)
    page: gr.Blocks = blocks
    return page


_NOT_SECRET = "conversations"
"""Gradio encrypts what the browser keeps with it; what is kept is the visitor's own, on their own machine."""


def _opening(request: gr.Request) -> str:
    """Return the question that the page's address opens with (``?q=``)."""
    return str(request.query_params.get("q", ""))[:_MAX_QUESTION]


def _example(chosen: gr.SelectData) -> str:
    return str(chosen.value["text"])


def _question_sent(event: gr.EventData) -> str:
    return str(data(event).get("question", ""))


def _unanswered(question: str) -> Past:
    """Return a turn that got no answer; each question of the page has its turn."""
    return Past(question=question, answer="", sources=[], recorded=None)


def _turn(index: int | tuple[int, ...]) -> int:
    """Return the number of the turn that a message belongs to."""
    return (index if isinstance(index, int) else index[0]) // 2


def _content(message: Any) -> str:  # noqa: ANN401 (Gradio gives a string, or a list of parts)
    content = message["content"]
    if isinstance(content, str):
        return content
    return "".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
