"""Trains the reader: which sentence answers a question, and whether a passage answers it at all.

    python -m training.reader --data DIR [--out assistant/models/reader.json]

Learns from ``reading_fr.jsonl.gz``: the sentence that holds the marked answer against the other sentences of its paragraph
and those of the most similar other paragraphs of its article (near misses). Articles are split: a fifth is held out.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from assistant import reading
from assistant.lexical import analyse
from assistant.text import sentences

HIDDEN = 24
EPOCHS = 60
HELD_OUT = 0.2
NEAR_MISSES = 2
"""Other paragraphs of the article that go with each question."""


@dataclass(slots=True)
class Example:
    """A question, its candidates' features, which sentence answers (gold paragraph only) and each one's paragraph."""

    rows: NDArray[np.float64]
    labels: NDArray[np.float64]
    paragraphs: NDArray[np.int64]
    held_out: bool


def main() -> None:
    """Train, print the held-out figures and save."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=reading.MODEL)
    arguments = parser.parse_args()
    torch.manual_seed(0)
    rng = np.random.default_rng(0)
    examples = list(_examples(arguments.data / "reading_fr.jsonl.gz"))
    train = [e for e in examples if not e.held_out]
    train += [_as_foreign(e, rng) for e in train]
    held = [e for e in examples if e.held_out]
    model, mean, scale = _fit(train)
    _report("held out", held, model, mean, scale)
    _report("held out, as if asked in another language", [_as_foreign(e, rng) for e in held], model, mean, scale)
    _save(model, mean, scale, arguments.out)


def _examples(path: Path) -> list[Example]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        questions = [json.loads(line) for line in lines]
    articles: dict[str, dict[int, str]] = defaultdict(dict)
    for row in questions:
        articles[row["article"]][row["paragraph"]] = row["context"]
    idf = _idf([text for paragraphs in articles.values() for text in paragraphs.values()])
    return [_example(row, articles[row["article"]], idf) for row in questions]


def _example(row: dict[str, object], paragraphs: Mapping[int, str], idf: reading.Idf) -> Example:
    question, article, gold = str(row["question"]), str(row["article"]), int(str(row["paragraph"]))
    asked = reading.view(question, idf)
    others = [number for number in paragraphs if number != gold]
    shared = {n: sum(t in set(analyse(paragraphs[n])) for t in asked.terms) for n in others}
    chosen = [gold, *sorted(others, key=lambda n: -shared[n])[:NEAR_MISSES]]
    candidates, labels, owners = [], [], []
    start = int(str(row["answer_start"]))
    for number in chosen:
        text = paragraphs[number]
        before = ""
        for position, (a, b) in enumerate(sentences(text)):
            candidates.append(reading.Candidate(text[a:b], before, article, text, position))
            labels.append(float(number == gold and a <= start < b))
            owners.append(number != gold)
            before = text[a:b]
    digest = int(hashlib.sha256(article.encode()).hexdigest(), 16) % 1000 / 1000
    owner_ids = np.array(owners, dtype=np.int64)
    return Example(reading.features(asked, candidates), np.array(labels), owner_ids, digest < HELD_OUT)


_EXACT = ("coverage", "coverage_before", "coverage_heading", "coverage_passage", "bigrams")
_SOFT = ("soft", "soft_context", "cosine", "cosine_passage", "cosine_heading")


def _as_foreign(example: Example, rng: np.random.Generator) -> Example:
    """Return an example as it would look if the question were in another language: few words in common, near meanings."""
    rows = example.rows.copy()
    keep = rng.uniform(0.0, 0.4)
    for name in _EXACT:
        rows[:, reading.FEATURES.index(name)] *= keep
    for name in _SOFT:
        rows[:, reading.FEATURES.index(name)] *= rng.uniform(0.6, 0.9)
    rows[:, reading.FEATURES.index("missing_top")] = 1.0
    return Example(rows, example.labels, example.paragraphs, example.held_out)


def _idf(texts: Sequence[str]) -> reading.Idf:
    frequency: Counter[str] = Counter()
    for text in texts:
        frequency.update(set(analyse(text)))
    count = len(texts)

    def idf(terms: Sequence[str]) -> Mapping[str, float]:
        return {t: math.log(1 + (count - frequency[t] + 0.5) / (frequency[t] + 0.5)) for t in terms}

    return idf


def _fit(examples: list[Example]) -> tuple[torch.nn.Module, NDArray[np.float64], NDArray[np.float64]]:
    rows = np.concatenate([e.rows for e in examples])
    mean, scale = rows.mean(0), rows.std(0) + 1e-6
    x = torch.tensor((rows - mean) / scale, dtype=torch.float32)
    y = torch.tensor(np.concatenate([e.labels for e in examples]), dtype=torch.float32)
    model = torch.nn.Sequential(torch.nn.Linear(x.shape[1], HIDDEN), torch.nn.Tanh(), torch.nn.Linear(HIDDEN, 1))
    optimiser = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=0.05)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, EPOCHS)
    for _ in range(EPOCHS):
        for batch in torch.randperm(len(x)).split(512):
            loss = torch.nn.functional.binary_cross_entropy_with_logits(model(x[batch]).squeeze(1), y[batch])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        schedule.step()
    return model, mean, scale


def _report(name: str, examples: list[Example], model: torch.nn.Module, mean: NDArray[np.float64], scale: NDArray[np.float64]) -> None:
    first = second = known = 0
    right, wrong = [], []
    for example in examples:
        x = torch.tensor((example.rows - mean) / scale, dtype=torch.float32)
        with torch.no_grad():
            scores = torch.sigmoid(model(x)).squeeze(1).numpy()
        inside = np.flatnonzero(example.paragraphs == 0)
        outside = np.flatnonzero(example.paragraphs == 1)
        order = inside[np.argsort(-scores[inside])]
        if example.labels.sum():
            known += 1
            first += bool(example.labels[order[0]])
            second += bool(example.labels[order[:2]].any())
        right.append(scores[inside].max())
        if len(outside):
            wrong.append(scores[outside].max())
    print(f"{name}: sentence {first / known:.3f}, top two {second / known:.3f}, n={known}; near-miss AUC {_auc(right, wrong):.3f}")
    for level in (0.1, 0.2, 0.3, 0.4, 0.5):
        kept = float(np.mean(np.array(right) >= level)), float(np.mean(np.array(wrong) >= level))
        print(f"  p >= {level}: right passages {kept[0]:.2f}, near misses {kept[1]:.2f}")


def _auc(right: list[float], wrong: list[float]) -> float:
    values = np.array(right + wrong)
    ranks = values.argsort().argsort().astype(float) + 1
    n, m = len(right), len(wrong)
    return float((ranks[:n].sum() - n * (n + 1) / 2) / (n * m))


def _save(model: torch.nn.Module, mean: NDArray[np.float64], scale: NDArray[np.float64], out: Path) -> None:
    first, _, last = list(model.children())
    values = {
        "features": list(reading.FEATURES),
        "mean": mean.tolist(),
        "scale": scale.tolist(),
        "hidden": first.weight.detach().numpy().T.tolist(),
        "hidden_bias": first.bias.detach().numpy().tolist(),
        "out": last.weight.detach().numpy()[0].tolist(),
        "out_bias": float(last.bias.detach().numpy()[0]),
    }
    rounded = json.loads(json.dumps(values), parse_float=lambda text: round(float(text), 6))
    out.write_text(json.dumps(rounded), encoding="utf-8")


if __name__ == "__main__":
    main()
