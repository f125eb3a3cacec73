"""The maintenance page: documents, index and questions. Every handler checks the session itself."""

from __future__ import annotations

import datetime as dt
import inspect
import logging
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import gradio as gr
import pandas as pd

from assistant.chat import Chat
from assistant.dates import PARIS
from assistant.desk import FOLDERS, CancelledError, Desk, Step
from assistant.errors import AssistantError
from assistant.indexing import IndexReport
from assistant.journal import Journal, Unmet
from assistant.schema import Condition, Facet, Filters, Problem
from assistant.ui import layout, missions
from assistant.ui.access import AccessError, Sessions
from assistant.ui.desk_words import DeskWords, told
from assistant.ui.events import PRIVATE, file_json
from assistant.ui.exports import csv_text
from assistant.ui.markup import escape, table
from assistant.ui.words import Words

log = logging.getLogger(__name__)

_CLOSING_DAYS = 30
_SHOWN_NAMES = 8
"""File names told of each kind of change."""
_Said = TypeVar("_Said")


class Handlers:
    """What the maintenance page's events call, in one language. ``checked`` makes each refuse a request without a session."""

    def __init__(self, desk: Desk, chat: Chat, journal: Journal, sessions: Sessions, words: Words, desk_words: DeskWords) -> None:
        self._desk = desk
        self._chat = chat
        self._journal = journal
        self._sessions = sessions
        self._words = words
        self._said = desk_words

    def add(self, files: list[str] | None, folder: str, replace: bool) -> str:
        """Add uploaded files to the corpus, and tell of each what became of it."""
        return self._each(
            files or [], lambda one: self._said.added.format(name=self._desk.add(Path(one), Path(one).name, folder, replace=replace))
        )

    def remove(self, paths: list[str] | None) -> str:
        """Take documents out of the corpus, and tell where they are kept."""
        return self._each(paths or [], lambda one: self._said.removed.format(name=one, kept=self._desk.remove(one)))

    def files(self) -> tuple[str, dict[str, Any]]:
        """Return the files of the index as a table, and their names to choose from."""
        rows = []
        for row in self._desk.files():
            state = self._said.skipped if row.skipped else self._said.partly if row.problems else self._said.read
            problems = row.problems or (Problem(row.path, "", ""),)
            rows += [
                (row.path, f"{row.size / 1000:.1f} ko", state, self._in_words(one.reason), self._in_words(one.remedy)) for one in problems
            ]
        return table(self._said.file_columns, rows, self._said.files), gr.update(choices=sorted({row[0] for row in rows}), value=[])

    def dry_run(self) -> str:
        """Return what a run would change."""
        report = self._desk.changes()
        if not report.has_changes and not report.skipped:
            return _note(self._said.dry_run_none)
        return self._changes(report) + self._problems(report.skipped)

    def index(self) -> Iterator[str]:
        """Bring the index in line with the corpus: yield a progress bar, then the report."""
        try:
            for step in self._desk.index():
                yield self._progress(step) if isinstance(step, Step) else self._report(step)
        except CancelledError:
            yield _note(self._said.cancelled)
        except (AssistantError, OSError) as error:
            log.exception("indexing failed")
            yield _note(self._said.failed.format(reason=self._in_words(str(error))))

    def cancel(self) -> None:
        """Ask the run to stop."""
        self._desk.cancel()

    def versions(self) -> str:
        """Return the versions of the index that are kept."""
        rows = []
        for one in self._desk.versions():
            kinds = ((self._said.new, one.added), (self._said.changed, one.changed), (self._said.gone, one.removed))
            changes = " ; ".join(f"{len(names)} {kind} ({_named(names)})" for kind, names in kinds if names)
            number = f"{one.number} ({self._said.served})" if one.served else one.number
            held = one.manifest
            rows.append((number, held.built, str(held.files), str(held.documents), str(held.chunks), changes))
        return table(self._said.version_columns, rows, self._said.versions)

    def roll_back(self) -> str:
        """Serve the version of the index before this one."""
        try:
            return _note(self._said.rolled_back.format(number=self._desk.roll_back()))
        except AssistantError as error:
            return _note(self._in_words(str(error)))

    def closing(self) -> str:
        """Return the postings about to close."""
        now = dt.datetime.now(PARIS)
        today = now.date().toordinal()
        soon = (Condition(Facet.STATE, frozenset({"open"})), Condition(Facet.DEADLINE, low=today, high=today + _CLOSING_DAYS))
        entries = self._chat.generation().registry.listed(Filters(soon), now)
        return missions.table(entries, self._words.language, now.date()) if entries else _note(self._said.closing_none)

    def unmet(self) -> str:
        """Return the questions that found nothing or were answered badly."""
        rows = [self._unmet_row(one) for one in self._journal.unmet()]
        return table(self._said.unmet_columns, rows, self._said.unmet) if rows else _note(self._said.unmet_none)

    def unmet_csv(self) -> str:
        """Return these questions as a CSV file that the browser is to save."""
        rows = (self._unmet_row(one) for one in self._journal.unmet())
        return file_json("questions.csv", "text/csv", csv_text(self._said.unmet_columns, rows))

    def usage(self) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, str]:
        """Return what was asked each day: how much, how often it was answered, how fast; and the same as a table."""
        said, days = self._said, self._journal.days()
        rows = [(day.date, day.questions, round(100 * day.answered / day.questions), round(1000 * day.seconds, 1)) for day in days]
        frame = pd.DataFrame(rows, columns=[said.day, said.questions, said.rate, said.latency])
        shown = table(tuple(frame.columns), [tuple(map(str, row)) for row in rows], said.usage) if rows else _note(said.usage_none)
        return frame[[said.day, said.questions]], frame[[said.day, said.rate]], frame[[said.day, said.latency]], shown

    def checked(self, handler: Callable[..., _Said]) -> Callable[..., _Said]:
        """Return a handler that takes the request after its own arguments, and refuses one without a session."""
        own = list(inspect.signature(handler).parameters.values())

        def guarded(*arguments: Any) -> _Said:  # noqa: ANN401 (the values of components, then the request)
            self._check(arguments[len(own)])
            return handler(*arguments[: len(own)])

        request = inspect.Parameter("request", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=gr.Request)
        guarded.__signature__ = inspect.Signature([*own, request])  # type: ignore[attr-defined]
        guarded.__annotations__ = {"request": gr.Request}
        return guarded

    def checked_stream(self, handler: Callable[[], Iterator[str]]) -> Callable[[gr.Request], Iterator[str]]:
        """Return a handler that yields, and refuses a request without a session."""

        def guarded(request: gr.Request) -> Iterator[str]:
            self._check(request)
            yield from handler()

        return guarded

    def _check(self, request: gr.Request) -> None:
        try:
            self._sessions.check(dict(request.cookies))
        except AccessError as error:
            raise gr.Error(self._said.sign_in) from error

    def _each(self, names: Sequence[str], act: Callable[[str], str]) -> str:
        lines = []
        for name in names:
            try:
                lines.append(act(name))
            except (AssistantError, OSError) as error:
                lines.append(self._said.refused.format(reason=self._in_words(str(error))))
        return "".join(_note(line) for line in lines or [self._said.nothing])

    def _progress(self, step: Step) -> str:
        name = self._said.doing.get(step.doing, step.doing)
        return f'<p><label>{name} : {step.done} / {step.total}<br><progress value="{step.done}" max="{max(step.total, 1)}"></progress></label></p>'

    def _report(self, report: IndexReport) -> str:
        done = self._said.done.format(seconds=report.seconds, documents=report.documents, chunks=report.chunks)
        return _note(done) + self._changes(report) + self._problems([*report.skipped, *report.partial])

    def _changes(self, report: IndexReport) -> str:
        kinds = ((self._said.new, report.added), (self._said.changed, report.changed), (self._said.gone, report.removed))
        lines = [f"<li>{len(names)} {kind}{f' : {escape(_named(names))}' if names else ''}</li>" for kind, names in kinds]
        return f"<ul>{''.join(lines)}<li>{len(report.unchanged)} {self._said.unchanged}</li></ul>"

    def _problems(self, problems: Sequence[Problem]) -> str:
        columns = (self._said.file_columns[0], *self._said.file_columns[2:])
        rows = [
            (one.where, self._said.skipped if one.fatal else self._said.partly, self._in_words(one.reason), self._in_words(one.remedy))
            for one in problems
        ]
        return table(columns, rows, self._said.unread) if rows else ""

    def _unmet_row(self, one: Unmet) -> tuple[str, ...]:
        why = " ; ".join(self._said.outcomes.get(part, part) for part in one.why.split(" ; "))
        return one.question, str(one.times), one.last[:16].replace("T", " "), why

    def _in_words(self, text: str) -> str:
        return told(text, self._words.language)


def build(handlers: Handlers, words: Words, said: DeskWords) -> gr.Blocks:
    """Return the maintenance page in one language."""
    check = handlers.checked
    with gr.Blocks(title=f"{said.title} — {words.title}", analytics_enabled=False) as blocks:
        gr.HTML(layout.header(words, "maintenance", maintained=True), elem_id="header", apply_default_css=False)
        address = f"{layout.address('maintenance', words.language)}logout"
        gr.HTML(
            f'<div class="title-row"><h2>{said.title}</h2><form method="post" action="{address}"><button class="small">{said.sign_out}</button></form></div>'
            f"<p>{said.intro}</p>",
            apply_default_css=False,
        )
        with gr.Tab(said.tab_documents):
            files_told = gr.HTML(elem_id="files-told", apply_default_css=False)
            with gr.Row():
                with gr.Column():
                    uploaded = gr.File(label=said.upload, file_count="multiple", type="filepath", elem_id="uploaded", height=160)
                    with gr.Row():
                        folder = gr.Dropdown(list(FOLDERS), value=FOLDERS[0], label=said.folder)
                        replace = gr.Checkbox(label=said.replace)
                    add = gr.Button(said.add, variant="primary", elem_id="add")
                with gr.Column():
                    doomed = gr.Dropdown([], multiselect=True, label=said.to_remove, elem_id="doomed")
                    remove = gr.Button(said.remove, variant="stop", elem_id="remove")
            files = gr.HTML(elem_id="files", apply_default_css=False)
        with gr.Tab(said.tab_index):
            with gr.Row():
                dry = gr.Button(said.dry_run, elem_id="dry-run")
                run = gr.Button(said.index, variant="primary", elem_id="run-index")
                cancel = gr.Button(said.cancel, variant="stop", elem_id="cancel")
            outcome = gr.HTML(elem_id="outcome", apply_default_css=False)
            versions = gr.HTML(elem_id="versions", apply_default_css=False)
            back = gr.Button(said.roll_back, elem_id="roll-back")
            gr.HTML(f"<h3>{said.closing}</h3>")
            closing = gr.HTML(elem_id="closing", apply_default_css=False)
        with gr.Tab(said.tab_questions):
            unmet = gr.HTML(elem_id="unmet", apply_default_css=False)
            with gr.Row():
                save, refresh = gr.Button(said.save_csv, elem_id="save-unmet"), gr.Button(said.refresh, elem_id="refresh")
            gr.HTML(f"<h3>{said.usage}</h3>")
            with gr.Row():
                asked = gr.BarPlot(x=said.day, y=said.questions, title=said.questions, y_lim=[0, None], height=220)
                rate = gr.BarPlot(x=said.day, y=said.rate, title=said.rate, y_lim=[0, 100], height=220)
                latency = gr.BarPlot(x=said.day, y=said.latency, title=said.latency, y_lim=[0, None], height=220)
            usage = gr.HTML(elem_id="usage", apply_default_css=False)
        saved = gr.Textbox(visible="hidden")
        listed = [files, doomed]
        add.click(check(handlers.add), [uploaded, folder, replace], files_told, **PRIVATE).then(None, None, uploaded, js="() => null")
        remove.click(check(handlers.remove), doomed, files_told, **PRIVATE).then(check(handlers.files), None, listed, **PRIVATE)
        dry.click(check(handlers.dry_run), None, outcome, **PRIVATE)
        indexed = run.click(
            handlers.checked_stream(handlers.index),
            None,
            outcome,
            concurrency_limit=1,
            concurrency_id="index",
            show_progress="hidden",
            **PRIVATE,
        )
        cancel.click(check(handlers.cancel), None, None, queue=False, **PRIVATE)
        turned = back.click(check(handlers.roll_back), None, outcome, **PRIVATE)
        for after in (indexed, turned):
            after.then(check(handlers.versions), None, versions, **PRIVATE).then(check(handlers.files), None, listed, **PRIVATE).then(
                check(handlers.closing), None, closing, **PRIVATE
            )
        save.click(check(handlers.unmet_csv), None, saved, **PRIVATE).then(None, saved, None, js=layout.SAVE)
        figures: list[Any] = [asked, rate, latency, usage]
        refresh.click(check(handlers.unmet), None, unmet, **PRIVATE).then(check(handlers.usage), None, figures, **PRIVATE)
        for handler, shown in (
            (handlers.files, listed),
            (handlers.versions, versions),
            (handlers.closing, closing),
            (handlers.unmet, unmet),
            (handlers.usage, figures),
        ):
            blocks.load(check(handler), None, shown, **PRIVATE)
    page: gr.Blocks = blocks
    return page


def _note(text: str) -> str:
    return f'<p role="status" class="note-line">{escape(text)}</p>'


def _named(names: Sequence[str]) -> str:
    more = f", + {len(names) - _SHOWN_NAMES}" if len(names) > _SHOWN_NAMES else ""
    return ", ".join(names[:_SHOWN_NAMES]) + more
