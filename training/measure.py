"""Measures retrieval on validation sets drawn from the training data, through the real index.

    python -m training.measure --data DIR [--model assistant/models/static] [SET ...]

Settings are chosen on these sets, never on the evaluation sets. ``reading``: questions over the paragraphs they were written
from; ``enfr``: English marginal notes of sections that training leaves out, each under its law's title; ``noted``: the same,
each under its French marginal note, which says in other words what is asked; ``frval``: French headings and questions that
training leaves out; ``written``: questions written over made-up administrative documents (``training/material``), many of them
in everyday words; ``faq``: questions written over made-up pages of frequent questions, in other words than these.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from assistant.embedding import Embedder, StaticEmbedder
from assistant.indexing import Options, index_corpus
from assistant.question import understand
from assistant.retrieval import search
from assistant.store import Generation
from training import data, material

_QUESTIONS = 1_200
_DISTRACTORS = 3_000
_LAW = " — "
"""Stands between a marginal note and the title of its law."""
_FRENCH_SOURCES = {"codes_fr", "cdtn_glossary", "mesconseilscovid", "site_eig", "design_numerique", "justice_canada_fr"}


@dataclass(frozen=True, slots=True)
class ValidationSet:
    """Passages as (id, title, text) and questions with the ids of the passages that answer them."""

    name: str
    passages: list[tuple[str, str, str]]
    questions: list[tuple[str, frozenset[str]]]


def reading(folder: Path) -> ValidationSet:
    """Return questions drawn from ``reading_fr`` over all its paragraphs."""
    rows = list(data.reading(folder))
    passages = {f"{r.article}/{r.paragraph}": (r.article, r.context) for r in rows}
    drawn = random.Random(0).sample(rows, _QUESTIONS)
    questions = [(r.question, frozenset([f"{r.article}/{r.paragraph}"])) for r in drawn]
    return ValidationSet("reading", [(key, *rest) for key, rest in passages.items()], questions)


def enfr(folder: Path) -> ValidationSet:
    """Return held-out English marginal notes over their French sections and others, under the titles of the laws."""
    titles = {passage: law for passage, (_, law) in _notes(folder).items()}
    return _pairs("enfr", _english_notes(folder), titles)


def noted(folder: Path) -> ValidationSet:
    """Return held-out English marginal notes, their law left out, over French sections under their French marginal notes."""
    titles = {passage: note for passage, (note, _) in _notes(folder).items()}
    pairs = [data.Pair(p.query.split(_LAW)[0], p.passage, p.source) for p in _english_notes(folder)]
    return _pairs("noted", pairs, titles)


def frval(folder: Path) -> ValidationSet:
    """Return held-out French headings and questions over their passages and others."""
    titles = {passage: law for passage, (_, law) in _notes(folder).items()}
    pairs = [p for p in data.french_pairs(folder) if p.source in _FRENCH_SOURCES]
    return _pairs("frval", [data.Pair(p.query.split(_LAW)[0], p.passage, p.source) for p in pairs], titles)


def written(folder: Path) -> ValidationSet:
    """Return the questions written over made-up documents, over all their sections."""
    sections = [(f"s{number}", section) for number, section in enumerate(material.sections())]
    asked = [(question, frozenset([name])) for name, section in sections for question in section.questions]
    passages = [(name, f"{section.title} — {section.heading}", section.text) for name, section in sections]
    return ValidationSet("written", passages, asked)


def faq(folder: Path) -> ValidationSet:
    """Return the questions written over made-up pages of frequent questions, each entry under its question as published."""
    entries = [(f"f{number}", entry) for number, entry in enumerate(material.faq())]
    asked = [(question, frozenset([name])) for name, entry in entries for question in entry.questions]
    return ValidationSet("faq", [(name, entry.heading, entry.text) for name, entry in entries], asked)


def _english_notes(folder: Path) -> list[data.Pair]:
    return [p for p in data.english_pairs(folder) if p.source == "note_to_section"]


def _notes(folder: Path) -> dict[str, tuple[str, str]]:
    """Return the French marginal note and the law's title of each section."""
    return {
        p.passage: (note, law)
        for p in data.french_pairs(folder)
        if p.source == "justice_canada_fr"
        for note, _, law in [p.query.partition(_LAW)]
    }


SETS: dict[str, Callable[[Path], ValidationSet]] = {
    "reading": reading, "enfr": enfr, "noted": noted, "frval": frval, "written": written, "faq": faq,
}  # fmt: skip


def indexed(chosen: ValidationSet, embedder: Embedder, folder: Path) -> Generation:
    """Build the index of a validation set in a folder and open it."""
    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    rows = [json.dumps({"id": i, "title": title, "text": text}, ensure_ascii=False) for i, title, text in chosen.passages]
    (corpus / "export.jsonl").write_text("\n".join(rows), encoding="utf-8")
    index_corpus(corpus, folder / "index", embedder, options=Options(full=True))
    return Generation.open(folder / "index")


def ranks(chosen: ValidationSet, generation: Generation, embedder: Embedder) -> list[int]:
    """Return the rank, from 1, of the first right passage of each question; 0 where it is not among the first ten."""
    found = []
    for question, gold in chosen.questions:
        hits = search(generation, embedder, understand(question), 30)
        names = list(dict.fromkeys(hit.chunk.document.split("#")[1] for hit in hits))[:10]
        found.append(next((rank for rank, name in enumerate(names, start=1) if name in gold), 0))
    return found


def _pairs(name: str, pairs: list[data.Pair], titles: Mapping[str, str]) -> ValidationSet:
    held_out = [p for p in pairs if data.is_validation(p.passage)]
    drawn = random.Random(1).sample(held_out, min(900, len(held_out)))
    others = random.Random(0).sample(pairs, min(_DISTRACTORS, len(pairs)))
    ids = {text: f"p{row}" for row, text in enumerate(dict.fromkeys(p.passage for p in [*held_out, *others]))}
    same: dict[str, set[str]] = {}
    for pair in [*held_out, *others]:
        same.setdefault(pair.query, set()).add(ids[pair.passage])
    return ValidationSet(
        name, [(i, titles.get(text, ""), text) for text, i in ids.items()], [(p.query, frozenset(same[p.query])) for p in drawn]
    )


def main() -> None:
    """Print MRR@10 and recall for each set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", default=list(SETS))
    parser.add_argument("--data", type=Path, required=True, help="folder of the training data")
    parser.add_argument("--model", type=Path, default=Path("assistant/models/static"))
    options = parser.parse_args()
    embedder = StaticEmbedder(options.model)
    for name in options.sets:
        chosen = SETS[name](options.data)
        with tempfile.TemporaryDirectory() as folder:
            generation = indexed(chosen, embedder, Path(folder))
            started = time.perf_counter()
            got = ranks(chosen, generation, embedder)
            seconds = time.perf_counter() - started
            generation.close()
        mrr = sum(1 / rank for rank in got if rank) / len(got)
        first, ten = (sum(0 < rank <= k for rank in got) / len(got) for k in (1, 10))
        print(
            f"{name:8} {len(got)} questions  mrr@10 {mrr:.3f}  recall@1 {first:.3f}  @10 {ten:.3f}  {1000 * seconds / len(got):.1f} ms",
            flush=True,
        )


if __name__ == "__main__":
    main()
