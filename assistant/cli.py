"""The command line: ``assistant …``. Reads arguments, calls the package, prints; no logic of its own."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.errors import AssistantError, UnreadableFileError

if TYPE_CHECKING:
    from assistant.chat import Chat
    from assistant.indexing import IndexReport
    from assistant.schema import Answer, Hit, Problem, Turn
    from assistant.settings import Settings

app = typer.Typer(
    add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None,
    help="Answers questions about international expertise missions and cooperation priorities, with exact quotes.",
)  # fmt: skip

CorpusOption = Annotated[Path | None, typer.Option("--corpus", help="Folder of the documents.")]
IndexOption = Annotated[Path | None, typer.Option("--index", help="Folder of the index.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
BatchOption = Annotated[Path | None, typer.Option("--batch", help="JSON Lines file of questions.")]
TodayOption = Annotated[str | None, typer.Option("--today", help="The day to assume (YYYY-MM-DD, or with a time).")]

_EVALUATED = 10
"""Hits of each question that `evaluate` reads."""


def main() -> None:
    """Run the command line; an error of ours ends it with its message and exit code 1."""
    try:
        app()
    except AssistantError as error:
        typer.echo(f"assistant: {error}", err=True)
        raise SystemExit(1) from error


@app.command()
def index(
    corpus: CorpusOption = None,
    index: IndexOption = None,
    full: Annotated[bool, typer.Option("--full", help="Read everything again.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Bring the index in line with the corpus."""
    from assistant.embedding import load_embedder
    from assistant.indexing import Options, index_corpus

    settings = _settings(corpus, index)
    options = Options(full=full, max_bytes=int(settings.max_file_mb * 1_000_000))
    embedder = load_embedder(settings.embedding_model)
    if as_json or not sys.stderr.isatty():
        report = index_corpus(settings.corpus, settings.index, embedder, options=options)
    else:
        with _progress_bar() as progress:
            report = index_corpus(settings.corpus, settings.index, embedder, options=options, progress=progress)
    _print_report(report, as_json)


@app.command()
def status(corpus: CorpusOption = None, index: IndexOption = None, as_json: JsonOption = False) -> None:
    """Say what is indexed, since when, with which model, and what changed on disk since."""
    from assistant import store
    from assistant.errors import IndexMissingError
    from assistant.indexing import corpus_changes
    from assistant.output import report_json

    settings = _settings(corpus, index)
    folder = store.current(settings.index)
    if folder is None:
        raise IndexMissingError(f"there is no index in {settings.index}; build it with `assistant index`")
    manifest = store.Manifest.read(folder)
    source = settings.corpus if corpus else Path(manifest.corpus)
    changes = corpus_changes(source, settings.index) if source.is_dir() else None
    values = {
        "index": str(settings.index), "generation": folder.name, "built": manifest.built, "corpus": manifest.corpus, "model": manifest.model,
        "files": manifest.files, "documents": manifest.documents, "chunks": manifest.chunks,
        "changes": {key: value for key, value in report_json(changes).items() if key in {"added", "changed", "removed"}} if changes else None,
    }  # fmt: skip
    if as_json:
        _print_json(values)
        return
    typer.echo(f"{manifest.documents} documents ({manifest.chunks} passages) from {manifest.corpus}")
    typer.echo(f"built {manifest.built} with {manifest.model}, generation {folder.name}")
    if changes is None:
        typer.echo("the corpus folder is not there")
    elif changes.has_changes:
        for label, names in (("added", changes.added), ("changed", changes.changed), ("removed", changes.removed)):
            typer.echo("".join(f"  {label:8} {name}\n" for name in names), nl=False)
        typer.echo("bring the index in line with `assistant index`")
    else:
        typer.echo("nothing changed since")


@app.command()
def show(document: str, corpus: CorpusOption = None, index: IndexOption = None) -> None:
    """Print the extracted text of a document, as indexed; a path prints all its records."""
    from assistant.store import Generation, documents_named

    settings = _settings(corpus, index)
    found = list(documents_named(Generation.open(settings.index), document))
    if not found:
        raise AssistantError(f"the index holds no document named {document}; `assistant status` says what changed")
    sys.stdout.buffer.write("\n\n".join(one.text for one in found).encode("utf-8") + b"\n")


@app.command()
def check(files: list[Path]) -> None:
    """Read files without indexing them, and show what would be extracted."""
    from assistant.loading import load

    for path in files:
        try:
            loaded = load(path, path.name)
        except UnreadableFileError as error:
            typer.echo(f"{path}: {error.reason} — {error.remedy}")
            continue
        for document in loaded.documents:
            typer.echo(f"{document.name}: {document.kind.value}, {document.language}, {len(document.text)} characters: {document.title}")
            for section in document.sections[1:]:
                typer.echo(f"  {'  ' * (len(section.path) - 2)}{section.path[-1]} ({section.end - section.start} characters)")
        for problem in loaded.problems:
            typer.echo(f"  {problem.where}: {problem.reason} — {problem.remedy}")


@app.command()
def search(
    question: Annotated[str | None, typer.Argument()] = None,
    k: Annotated[int, typer.Option("-k", min=1, max=1000, help="How many passages.")] = 10,
    batch: BatchOption = None,
    corpus: CorpusOption = None,
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print the passages found for a question, best first."""
    from assistant import output, retrieval
    from assistant.embedding import load_embedder
    from assistant.question import understand
    from assistant.reranking import load_reranker
    from assistant.store import Generation

    settings = _settings(corpus, index)
    embedder = load_embedder(settings.embedding_model)
    generation = Generation.open(settings.index, embedder.fingerprint)
    reranker = load_reranker(settings.reranker)

    def run(row: dict[str, object]) -> dict[str, object]:
        hits = retrieval.search(generation, embedder, understand(str(row["question"])), k, reranker)
        return output.hits_json(hits, str(row["question"]), _id(row))

    if batch:
        _run_batch(batch, run)
        return
    result = run({"question": _asked(question)})
    if as_json:
        _print_json(result)
        return
    for hit in result["hits"]:  # type: ignore[attr-defined]
        name = f"{hit['document']}#{hit['record']}" if hit["record"] else hit["document"]
        page = f", page {hit['page']}" if hit["page"] else ""
        typer.echo(f"{hit['rank']}. {name}{page} — {hit['heading']} ({hit['score']})\n   {' '.join(hit['text'].split())[:300]}")


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument()] = None,
    history: Annotated[list[str] | None, typer.Option("--history", help="An earlier question, oldest first.")] = None,
    today: TodayOption = None,
    batch: BatchOption = None,
    corpus: CorpusOption = None,
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """Answer a question with exact quotes."""
    from assistant import output
    from assistant.schema import Turn

    chat = _chat(_settings(corpus, index))

    def run(row: dict[str, object]) -> dict[str, object]:
        asked = str(row["question"])
        now = _now(str(row["today"]) if row.get("today") else today)
        answer = chat.answer(asked, history=_turns(row.get("history")), now=now)
        return output.answer_json(answer, asked, _id(row))

    if batch:
        _run_batch(batch, run)
        return
    asked = _asked(question)
    turns = [Turn(one) for one in history or []]
    answer = chat.answer(asked, history=turns, now=_now(today))
    if as_json:
        _print_json(output.answer_json(answer, asked, None))
    else:
        _print_answer(answer)


@app.command()
def missions(
    words: Annotated[str, typer.Argument(help="What is looked for, in words, as one asks the chat.")] = "",
    country: Annotated[list[str] | None, typer.Option(help="Country, in French or English.")] = None,
    zone: Annotated[list[str] | None, typer.Option(help="Zone, in French or English.")] = None,
    domain: Annotated[list[str] | None, typer.Option(help="Domain, in everyday words.")] = None,
    contract: Annotated[list[str] | None, typer.Option(help="CDD, CDDU, CDI, prestation.")] = None,
    status: Annotated[list[str] | None, typer.Option(help="Salarié, indépendant, portage.")] = None,
    language: Annotated[list[str] | None, typer.Option(help="Language required.")] = None,
    text: Annotated[list[str] | None, typer.Option(help="Words of the sheet.")] = None,
    open_only: Annotated[bool, typer.Option("--open", help="Only those one can still apply to.")] = False,
    closing_before: Annotated[str | None, typer.Option(help="Deadline before that day (YYYY-MM-DD).")] = None,
    closing_after: Annotated[str | None, typer.Option(help="Deadline after that day (YYYY-MM-DD).")] = None,
    months_min: Annotated[float | None, typer.Option(help="Shortest duration, in months.")] = None,
    months_max: Annotated[float | None, typer.Option(help="Longest duration, in months.")] = None,
    today: TodayOption = None,
    corpus: CorpusOption = None,
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the missions of the registry: open ones first, then unknown, then closed."""
    from assistant import filters, output
    from assistant.listing import describe, entry_line
    from assistant.schema import Condition, Facet
    from assistant.store import Generation

    registry = Generation.open(_settings(corpus, index).index).registry
    now = _now(today)
    wanted = filters.read(words, now.date(), registry).filters
    named = {
        Facet.PLACE: [*(country or ()), *(zone or ())],
        Facet.DOMAIN: domain,
        Facet.CONTRACT: contract,
        Facet.STATUS: status,
        Facet.LANGUAGE: language,
    }
    wanted = wanted.and_(*(filters.named(facet, names) for facet, names in named.items() if names))
    wanted = wanted.and_(*(Condition(Facet.TEXT, frozenset({one})) for one in text or ()))
    if open_only:
        wanted = wanted.and_(Condition(Facet.STATE, frozenset({"open"})))
    if closing_before:
        wanted = wanted.and_(Condition(Facet.DEADLINE, high=_date(closing_before).toordinal() - 1))
    if closing_after:
        wanted = wanted.and_(Condition(Facet.DEADLINE, low=_date(closing_after).toordinal() + 1))
    if months_min is not None or months_max is not None:
        wanted = wanted.and_(Condition(Facet.MONTHS, low=months_min, high=months_max))
    entries = registry.listed(wanted, now)
    if as_json:
        understood = describe(wanted, "fr")
        _print_json({"count": len(entries), "understood": understood, "missions": [output.entry_json(entry) for entry in entries]})
        return
    for entry in entries:
        typer.echo(entry_line(entry, "fr"))
    typer.echo(f"{len(entries)} mission(s)")


@app.command()
def evaluate(
    file: Path,
    report: Annotated[Path | None, typer.Option(help="Write an HTML report there, with the failures to read.")] = None,
    today: TodayOption = None,
    corpus: CorpusOption = None,
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print retrieval and answer metrics over a question set."""
    from dataclasses import asdict

    from assistant import evaluation, retrieval
    from assistant.question import understand
    from assistant.report import page
    from assistant.schema import Turn

    settings = _settings(corpus, index)
    chat = _chat(settings)
    generation = chat.generation()
    examples = evaluation.read_examples(file)
    turns = {example.id: [Turn(q) for q in example.history] for example in examples}

    def answer(example: evaluation.Example) -> Answer:
        return chat.answer(example.question, history=turns[example.id], now=_now(example.as_of or today))

    def search(example: evaluation.Example) -> Sequence[Hit]:
        return chat.search(understand(example.question, turns[example.id]), _EVALUATED)

    def full_text(example: evaluation.Example) -> Sequence[Hit]:
        return retrieval.full_text(generation, understand(example.question, turns[example.id]), _EVALUATED)

    found = evaluation.retrieve(examples, search, generation.chunks_of)
    plain = evaluation.retrieve(examples, full_text, generation.chunks_of)
    systems = {"assistant": evaluation.retrieval_metrics(found), "full text alone": evaluation.retrieval_metrics(plain)}
    metrics = evaluation.evaluate(examples, answer)
    if report:
        report.write_text(page(file.name, systems, found, metrics), encoding="utf-8")
    if as_json:
        measures = {system: {name: asdict(one) for name, one in values.items()} for system, values in systems.items()}
        _print_json({**asdict(metrics), "retrieval": measures, "questions_found_in_passages": len(found)})
        return
    for system, values in systems.items():
        shown = "  ".join(f"{name} {one.mean:.3f} [{one.low:.3f}, {one.high:.3f}]" for name, one in values.items())
        typer.echo(f"{system:16} {shown}")
    for kind, (mean, count) in metrics.by_type.items():
        typer.echo(f"{kind:20} {mean:.3f}  n={count}")
    typer.echo(f"answerable {metrics.answerable}  declined {metrics.declined}  failed: {', '.join(metrics.failures) or 'none'}")


@app.command()
def purge(
    before: Annotated[str | None, typer.Option("--before", help="Only what was recorded before that day (YYYY-MM-DD).")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Erase recorded questions and remarks."""
    from assistant.journal import Journal

    if not yes:
        typer.confirm(f"Erase the questions recorded{f' before {before}' if before else ''}?", abort=True)
    count = Journal(_settings(None, None).data).purge(_now(before) if before else None)
    typer.echo(f"{count} recorded question{'s' * (count != 1)} erased")


@app.command()
def serve(corpus: CorpusOption = None, index: IndexOption = None) -> None:
    """Start the chat on its local address, building the index first if there is none."""
    from assistant.ui.server import serve as serve_page

    serve_page(_settings(corpus, index))


def _settings(corpus: Path | None, index: Path | None) -> Settings:
    from assistant.settings import read_settings

    return read_settings(corpus=corpus, index=index)


def _chat(settings: Settings) -> Chat:
    from assistant.chat import open_chat

    return open_chat(settings)


def _asked(question: str | None) -> str:
    if question is None:
        raise typer.BadParameter("give a question, or --batch FILE")
    return question


def _now(today: str | None) -> dt.datetime:
    from assistant.dates import PARIS

    if not today:
        return dt.datetime.now(PARIS)
    try:
        moment = dt.datetime.fromisoformat(today)
    except ValueError as error:
        raise AssistantError(f"{today!r} is not a date; write YYYY-MM-DD or YYYY-MM-DDTHH:MM") from error
    return moment.astimezone(PARIS) if moment.tzinfo else moment.replace(tzinfo=PARIS)


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise AssistantError(f"{text!r} is not a date; write YYYY-MM-DD") from error


def _turns(history: object) -> list[Turn]:
    from assistant.schema import Turn

    if not isinstance(history, list):
        return []
    return [Turn(str(one.get("question", "")), str(one.get("answer", ""))) if isinstance(one, dict) else Turn(str(one)) for one in history]


def _id(row: dict[str, object]) -> str | None:
    return str(row["id"]) if row.get("id") is not None else None


def _run_batch(path: Path, run: Callable[[dict[str, object]], dict[str, object]]) -> None:
    """Run every line of a batch in order; a bad line, or one that fails, gives an object that says so."""
    for row in _batch_rows(path):
        try:
            result = run(row) if "error" not in row else {"id": _id(row), "outcome": "failed", "error": row["error"]}
        except AssistantError as error:
            result = {"id": _id(row), "outcome": "failed", "error": str(error)}
        _print_json(result)


def _batch_rows(path: Path) -> Iterator[dict[str, object]]:
    try:
        lines: Iterable[str] = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise AssistantError(f"{path} cannot be read ({error}); give a JSON Lines file in UTF-8") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield {"id": None, "error": f"line {number} is not valid JSON ({error})"}
            continue
        if not isinstance(row, dict) or not isinstance(row.get("question"), str):
            row_id = row.get("id") if isinstance(row, dict) else None
            yield {"id": row_id, "error": f"line {number} has no question"}
            continue
        yield row


def _print_json(value: object) -> None:
    sys.stdout.buffer.write(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
    sys.stdout.buffer.flush()


def _print_answer(answer: Answer) -> None:
    typer.echo(answer.text)
    if answer.notice:
        typer.echo(f"\n({answer.notice})")
    told: set[str] = set()
    for citation in answer.citations:
        page = f", page {citation.page}" if citation.page else ""
        line = f"[{citation.number}] {citation.title} — {citation.document}{page}"
        if line not in told:
            typer.echo(("\n" if not told else "") + line)
            told.add(line)


def _print_report(report: IndexReport, as_json: bool) -> None:
    from assistant.output import report_json

    if as_json:
        _print_json(report_json(report))
        return
    for label, names in (("added", report.added), ("changed", report.changed), ("removed", report.removed)):
        for name in names:
            typer.echo(f"  {label:8} {name}")
    _print_problems("skipped", report.skipped)
    _print_problems("look at", report.partial)
    typer.echo(
        f"{len(report.added)} added, {len(report.changed)} changed, {len(report.removed)} removed, {len(report.unchanged)} unchanged, "
        f"{len(report.skipped)} skipped; {report.documents} documents, {report.chunks} passages; {report.seconds:.1f} s"
    )


def _print_problems(label: str, problems: tuple[Problem, ...]) -> None:
    for problem in problems:
        typer.echo(f"  {label:8} {problem.where}: {problem.reason} — {problem.remedy}")


class _progress_bar:  # used like a function: `with _progress_bar() as progress`
    """A bar on the terminal for each step of indexing."""

    def __enter__(self) -> Callable[[str, int, int], None]:
        from rich.console import Console
        from rich.progress import Progress

        self._bar = Progress(console=Console(stderr=True), transient=True)
        self._bar.start()
        self._tasks: dict[str, object] = {}
        return self._advance

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def _advance(self, step: str, done: int, total: int) -> None:
        if step not in self._tasks:
            self._tasks[step] = self._bar.add_task(step, total=total)
        self._bar.update(self._tasks[step], completed=done)  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
