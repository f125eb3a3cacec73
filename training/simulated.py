"""What the pipeline gives the reader, over documents made up for training: the units of the passages found for each question, weighed, and which answer.

Knows the pipeline and the training data; does not know what is learned from it.
"""

from __future__ import annotations

import hashlib
import random
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import Pool
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant import comprehension, extractive, retrieval, weighing
from assistant.embedding import shipped
from assistant.expansion import expand
from assistant.indexing import Options, index_corpus
from assistant.question import understand
from assistant.store import Generation
from assistant.text import fold, sentences
from assistant.units import Unit
from training import data, material

MISS, READING = "miss", "reading"
_SECTIONS = 520
"""Sections of a corpus: as many as the shipped one has passages."""
_HELD_OUT = 5
"""One document in so many is held out."""
_OF_A_LIST = 0.6
"""Share of a list's items that the marked answer must hold for the list to answer."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A question and the units read for it: their tokens, what is known of them, and which answer (none for a near miss)."""

    question: tuple[int, ...]
    tokens: tuple[tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]], ...]
    known: NDArray[np.float16]
    right: NDArray[np.bool_]
    style: str
    held_out: bool
    answered: bool
    """Whether its document answers; the passages found may not."""


def lists(folder: Path) -> list[Listed]:
    """Return the lists of all training questions; some twenty minutes on two cores."""
    documents = [*material.documents()]
    random.Random(3).shuffle(documents)
    corpora = [*_corpora(documents), *_corpora(list(_articles(folder)))]
    with Pool(2) as pool:
        return [one for some in pool.imap(_read, corpora) for one in some]


def _articles(folder: Path) -> Iterator[material.Written]:
    """Yield the articles of ``reading_fr`` as documents without headings."""
    found: dict[str, list[data.Reading]] = {}
    for one in data.reading(folder):
        found.setdefault(one.article, []).append(one)
    for title, asked in found.items():
        paragraphs = list(dict.fromkeys(one.context for one in asked))
        questions = [material.Asked(one.question, READING, paragraphs.index(one.context), _holding(one)) for one in asked]
        yield material.Written(title, tuple(("", text) for text in paragraphs), tuple(questions), ())


def _holding(one: data.Reading) -> tuple[str, ...]:
    return tuple(one.context[a:b] for a, b in sentences(one.context) if a <= one.start < b)


def _corpora(documents: Sequence[material.Written]) -> list[list[material.Written]]:
    """Return documents as corpora of about the same number of sections."""
    count = max(1, round(sum(len(one.sections) for one in documents) / _SECTIONS))
    corpora: list[list[material.Written]] = [[] for _ in range(count)]
    for document in documents:
        min(corpora, key=lambda corpus: sum(len(one.sections) for one in corpus)).append(document)
    return corpora


def _read(documents: Sequence[material.Written]) -> list[Listed]:
    """Index documents as a corpus and put their questions to it."""
    with tempfile.TemporaryDirectory() as name:
        corpus, index = Path(name) / "corpus", Path(name) / "index"
        corpus.mkdir()
        for number, document in enumerate(documents):
            (corpus / f"{number}.md").write_text(_as_markdown(document), encoding="utf-8")
        index_corpus(corpus, index, shipped(), options=Options(full=True))
        generation = Generation.open(index)
        found = [one for number, document in enumerate(documents) for one in _asked(generation, document, f"{number}.md")]
        generation.close()
    return found


def _as_markdown(document: material.Written) -> str:
    parts = [f"## {heading}\n\n{text}" if heading else text for heading, text in document.sections]
    return "\n\n".join([f"# {document.title}", *parts])


def _asked(generation: Generation, document: material.Written, name: str) -> Iterator[Listed]:
    held_out = int(hashlib.sha256(document.title.encode()).hexdigest(), 16) % _HELD_OUT == 0
    every = [(one.question, one.style, document.sections[one.section][1], one.answers) for one in document.questions]
    for question, style, text, answers in [*every, *((miss, MISS, "", ()) for miss in document.misses)]:
        query = understand(question)
        passages = retrieval.passages(generation, retrieval.search(generation, shipped(), query, extractive.PASSAGES_READ))
        expanded = expand(query.text, query.language, generation.lexical)
        view, units = extractive.what_is_read(query, passages, generation.lexical.idf, expanded)
        if not units:
            continue
        marked = [text] if answers is None else list(answers)
        candidates = [unit.candidate for unit in units]
        yield Listed(
            comprehension.tokens_of([query.text], comprehension.QUESTION)[0],
            tuple(comprehension.parts_of(candidates)),
            weighing.weigh(query, view, units).known.astype(np.float16),
            np.array([unit.passage.chunk.document == name and _answers(unit, marked) for unit in units]),
            style,
            held_out,
            style != MISS,
        )


def _answers(unit: Unit, marked: Sequence[str]) -> bool:
    """Tell whether a unit is, or stands in, the marked answer; a list, whether most of its items do."""
    answers = [_squashed(one) for one in marked]
    if unit.is_list:
        whole = " ".join(answers)
        items = [_squashed(unit.passage.chunk.text[a:b]) for a, b in unit.items]
        return len(answers) > 1 and sum(item in whole for item in items) >= max(2, _OF_A_LIST * len(items))
    own = _squashed(unit.text)
    return bool(own) and any(own in one or one in own for one in answers if one)


def _squashed(text: str) -> str:
    return re.sub(r"\W+", " ", fold(text)).strip()
