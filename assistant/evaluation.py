"""Metrics over a question set: are passages that answer found, are questions answered right, are the others declined.

Reads the format of a question set (``gold_files``, ``gold_span``…); knows hits and answers only as they are given.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import AssistantError
from assistant.measures import Interval, bootstrap, ndcg, recall, reciprocal_rank
from assistant.schema import Answer, Chunk, Hit, Outcome
from assistant.text import words

MAX_WORDS = 250
"""Words an answer and its quotes may hold together."""
_DECLINED = {Outcome.NOT_FOUND, Outcome.CLARIFY, Outcome.REFUSED, Outcome.SOCIAL}


@dataclass(frozen=True, slots=True)
class Example:
    """A question with what a right answer cites and says."""

    id: str
    question: str
    type: str
    gold_files: frozenset[str]
    gold_spans: tuple[str, ...]
    any_of: bool
    history: tuple[str, ...]
    as_of: str | None


@dataclass(frozen=True, slots=True)
class Metrics:
    """Means over a question set; None where it has no question of that sort."""

    answerable: float | None
    declined: float | None
    by_type: dict[str, tuple[float, int]]
    failures: tuple[str, ...]
    """Ids of the questions that scored under 1."""


@dataclass(frozen=True, slots=True)
class Retrieved:
    """The hits of a question that passages answer, best first, with which of them answer and how many passages do in all."""

    example: Example
    hits: tuple[Hit, ...]
    relevant: tuple[bool, ...]
    total: int


def read_examples(path: Path) -> list[Example]:
    """Read a question set in JSON Lines.

    Raises:
        AssistantError: a line is not a question.

    """
    examples = []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if line.strip():
            try:
                examples.append(_example(json.loads(line)))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise AssistantError(f"{path}, line {number}: not a question ({error!r})") from error
    return examples


def evaluate(examples: Iterable[Example], ask: Callable[[Example], Answer]) -> Metrics:
    """Ask every question and return the metrics."""
    scores = [(example, score(example, ask(example))) for example in examples]
    by_type: dict[str, list[float]] = defaultdict(list)
    for example, value in scores:
        by_type[example.type].append(value)
    return Metrics(
        answerable=_mean([value for example, value in scores if example.gold_files]),
        declined=_mean([value for example, value in scores if not example.gold_files]),
        by_type={kind: (_mean(values) or 0.0, len(values)) for kind, values in sorted(by_type.items())},
        failures=tuple(example.id for example, value in scores if value < 1),
    )


def retrieve(
    examples: Iterable[Example], search: Callable[[Example], Sequence[Hit]], chunks_of: Callable[[str], Sequence[Chunk]]
) -> list[Retrieved]:
    """Search for every question whose answer stands in a passage; a passage is right where it holds a gold span."""
    found = []
    for example in examples:
        total = sum(holds_answer(chunk, example) for name in example.gold_files for chunk in chunks_of(name)) if example.gold_spans else 0
        if total:
            hits = tuple(search(example))
            found.append(Retrieved(example, hits, tuple(holds_answer(hit.chunk, example) for hit in hits), total))
    return found


def retrieval_metrics(found: Sequence[Retrieved]) -> dict[str, Interval]:
    """Return each retrieval measure with its interval."""
    values = {
        "mrr@10": [reciprocal_rank(one.relevant) for one in found],
        **{f"recall@{k}": [recall(one.relevant, k) for one in found] for k in (1, 5, 10)},
        "ndcg@10": [ndcg(one.relevant, one.total) for one in found],
    }
    return {name: bootstrap(scores) for name, scores in values.items()} if found else {}


def score(example: Example, answer: Answer) -> float:
    """Return how right an answer is, 0 to 1."""
    if not example.gold_files:
        return float(answer.outcome in _DECLINED or (answer.outcome is Outcome.LISTING and not answer.missions))
    if answer.outcome not in {Outcome.ANSWERED, Outcome.LISTING}:
        return 0.0
    if example.type == "mission_listing":
        return _f1([{e.mission.document, *e.also} for e in answer.missions], example.gold_files)
    quotes = [c.quote for c in answer.citations]
    extra = [quote for quote in quotes if not _holds([answer.text], quote)]
    if len(words(" ".join([answer.text, *extra]))) > MAX_WORDS:
        return 0.0
    cited = {name for c in answer.citations for full in (c.document, *c.also) for name in (full, full.split("#")[0])}
    cited |= {e.mission.document for e in answer.missions}
    enough = any if example.any_of else all
    if not enough(name in cited for name in example.gold_files):
        return 0.0
    return float(enough(_holds([answer.text, *quotes], span) for span in example.gold_spans or ("",)))


def holds_answer(chunk: Chunk, example: Example) -> bool:
    """Tell whether a passage of a right document holds words that settle the answer."""
    names = {chunk.document, chunk.document.split("#")[0]}
    return bool(names & example.gold_files) and any(_holds([chunk.text], span) for span in example.gold_spans or ("",))


def _f1(got: list[set[str]], gold: frozenset[str]) -> float:
    hits = sum(bool(names & gold) for names in got)
    found = sum(any(name in names for names in got) for name in gold)
    return 2 * min(hits, found) / (len(got) + len(gold)) if hits else 0.0


def _holds(texts: list[str], span: str) -> bool:
    wanted = f" {' '.join(words(span))} "
    return any(wanted in f" {' '.join(words(text))} " for text in texts)


def _mean(values: list[float]) -> float | None:
    return round(sum(values) / len(values), 3) if values else None


def _example(row: dict[str, object]) -> Example:
    spans, history = row.get("gold_span") or [], row.get("history") or []
    files = row["gold_files"]
    if not isinstance(files, list) or not isinstance(spans, list) or not isinstance(history, list):
        raise TypeError("gold_files, gold_span and history are lists")
    return Example(
        id=str(row["id"]),
        question=str(row["question"]),
        type=str(row.get("type", "other")),
        gold_files=frozenset(str(name) for name in files),
        gold_spans=tuple(str(span) for span in spans),
        any_of=bool(row.get("any_of")),
        history=tuple(str(turn["question"]) if isinstance(turn, dict) else str(turn) for turn in history),
        as_of=str(row["as_of"]) if row.get("as_of") else None,
    )
