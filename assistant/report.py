"""The HTML report of an evaluation: the figures, then the failures to read. One page, nothing loaded from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from assistant.evaluation import Metrics, Retrieved
from assistant.measures import Interval, recall, reciprocal_rank

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1d1d1f; background: #fff }
table { border-collapse: collapse; margin: 1rem 0 } th, td { border: 1px solid #c6c6cc; padding: .3rem .6rem; text-align: left; vertical-align: top }
details { border: 1px solid #c6c6cc; border-radius: .4rem; margin: .6rem 0; padding: .4rem .8rem } summary { cursor: pointer }
.right { background: #e2f3e4 } blockquote { margin: .3rem 0; padding-left: .8rem; border-left: 3px solid #c6c6cc; white-space: pre-wrap }
@media (prefers-color-scheme: dark) { body { background: #1d1d1f; color: #f2f2f4 } .right { background: #1f3d24 } }
"""
_SHOWN = 3
"""Passages shown of each failure."""
_LENGTH = 500


def page(name: str, systems: Mapping[str, Mapping[str, Interval]], found: Sequence[Retrieved], metrics: Metrics) -> str:
    """Return the report: retrieval measures by system, scores by type, the questions whose answer was not found first."""
    failures = [one for one in found if reciprocal_rank(one.relevant) < 1]
    failures.sort(key=lambda one: (reciprocal_rank(one.relevant), one.example.id))
    missed = sum(not recall(one.relevant, len(one.relevant)) for one in found)
    return "\n".join(
        [
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Evaluation: {escape(name)}</title><style>{_STYLE}</style></head><body>',
            f"<h1>Evaluation: {escape(name)}</h1>",
            f"<h2>Retrieval, {len(found)} questions that passages answer</h2>",
            _systems(systems),
            f"<h2>Answers</h2><p>Answerable questions answered right: {metrics.answerable}; others declined: {metrics.declined}.</p>",
            _types(metrics),
            f"<h2>Not found first: {len(failures)} questions, {missed} not found at all</h2>",
            *[_failure(one) for one in failures],
            "</body></html>\n",
        ]
    )


def _systems(systems: Mapping[str, Mapping[str, Interval]]) -> str:
    names = list(next(iter(systems.values()), {}))
    head = "".join(f"<th>{escape(name)}</th>" for name in names)
    rows = [
        f"<tr><th>{escape(system)}</th>"
        + "".join(f"<td>{m.mean:.3f} [{m.low:.3f}, {m.high:.3f}]</td>" for m in measures.values())
        + "</tr>"
        for system, measures in systems.items()
    ]
    return f"<table><tr><th></th>{head}</tr>{''.join(rows)}</table><p>Means with 95 % bootstrap intervals.</p>"


def _types(metrics: Metrics) -> str:
    rows = [f"<tr><td>{escape(kind)}</td><td>{mean:.3f}</td><td>{count}</td></tr>" for kind, (mean, count) in metrics.by_type.items()]
    return f"<table><tr><th>type</th><th>score</th><th>questions</th></tr>{''.join(rows)}</table>"


def _failure(one: Retrieved) -> str:
    place = next((str(rank) for rank, right in enumerate(one.relevant, start=1) if right), "none")
    wanted = "; ".join(f"« {span} »" for span in one.example.gold_spans)
    hits = "".join(
        f'<p class="{"right" if right else "wrong"}">{hit.rank}. {escape(hit.chunk.document)} — {escape(hit.chunk.heading_text)} ({hit.score:.3f})</p>'
        f"<blockquote>{escape(hit.chunk.text[:_LENGTH])}</blockquote>"
        for hit, right in list(zip(one.hits, one.relevant, strict=True))[:_SHOWN]
    )
    return (
        f"<details><summary>{escape(one.example.id)} ({escape(one.example.type)}), rank {place}: {escape(one.example.question)}</summary>"
        f"<p>Wanted: {escape(wanted)} in {escape(', '.join(sorted(one.example.gold_files)))}</p>{hits}</details>"
    )
