"""Trains the ranker: the weights over a passage's features, and the calibration of its score.

    python -m training.ranker --data DIR [--out assistant/models/ranker.json]

Learns listwise (the probability mass on right passages among the candidates of a question) from the validation sets of
``training/measure.py`` and from the tuning half of the project's own questions; two fifths of each are held out. The
confidence is fitted on half of what is held out and printed on the other half: each question as it is, once more with its
right passages taken out (a near miss), and questions of ``reading`` put to the shipped corpus, which says nothing on them.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from assistant import ranking, retrieval
from assistant.embedding import shipped
from assistant.evaluation import holds_answer, read_examples
from assistant.indexing import index_corpus
from assistant.question import understand
from assistant.schema import Chunk, Query
from assistant.store import Generation
from training.measure import SETS, indexed

EPOCHS = 150
LEARNING_RATE = 1e-2
WEIGHT_DECAY = 1e-3
BATCH = 512
HELD_OUT = 0.4
FAR = 400
"""Questions put to a corpus that says nothing on them."""

Rows = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Example:
    """The candidates of a question: features, which answer, share of unknown words, and the order before ranking."""

    rows: Rows
    right: NDArray[np.bool_]
    unknown: float
    held_out: bool
    calibrates: bool


@dataclass(frozen=True, slots=True)
class Model:
    """Weights over standardised features."""

    mean: Rows
    scale: Rows
    weights: Rows

    def linear(self, rows: Rows) -> Rows:
        """Return the scores of candidates."""
        scores: Rows = ((rows - self.mean) / self.scale) @ self.weights
        return scores


def main() -> None:
    """Train, print the held-out figures and save."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of the training data")
    parser.add_argument("--out", type=Path, default=ranking.MODEL)
    options = parser.parse_args()
    torch.manual_seed(0)
    sets = {name: _validation_set(name, options.data) for name in SETS} | {"own": _own_questions()}
    model = fit([[e for e in examples if not e.held_out] for examples in sets.values()])
    for name, examples in sets.items():
        held = [e for e in examples if e.held_out]
        print(f"{name:8} {len(held):4} held out: in the order of the fused scores {_mrr(held, None):.3f}, ranked {_mrr(held, model):.3f}")
    for name, weight in zip(ranking.FEATURES, model.weights, strict=True):
        print(f"  {name:18} {weight:+.3f}")
    elsewhere = _put_to_the_corpus(SETS["reading"](options.data).questions[:FAR])
    sure = _confidence(model, [e for examples in sets.values() for e in examples if e.held_out], elsewhere)
    read = {
        "features": ranking.FEATURES,
        "mean": _rounded(model.mean),
        "scale": _rounded(model.scale),
        "weights": _rounded(model.weights),
        "confidence": _rounded(sure),
    }
    options.out.write_text(json.dumps(read, indent=1) + "\n", encoding="utf-8")


def fit(sets: Sequence[Sequence[Example]]) -> Model:
    """Return the weights under which right passages get most of the probability; every set weighs the same."""
    useful = [(e, 1 / len(examples)) for examples in sets for e in examples if e.right.any() and not e.right.all()]
    rows = np.concatenate([e.rows for e, _ in useful])
    mean, scale = rows.mean(axis=0), rows.std(axis=0) + 1e-6
    size = max(len(e.rows) for e, _ in useful)
    lists = torch.zeros(len(useful), size, rows.shape[1])
    right, present = torch.zeros(len(useful), size, dtype=torch.bool), torch.zeros(len(useful), size, dtype=torch.bool)
    for row, (example, _) in enumerate(useful):
        count = len(example.rows)
        lists[row, :count] = torch.from_numpy(((example.rows - mean) / scale).astype(np.float32))
        right[row, :count], present[row, :count] = torch.from_numpy(example.right), True
    weight = torch.tensor([w for _, w in useful]) * len(useful) / len(sets)
    linear = torch.nn.Linear(rows.shape[1], 1, bias=False)
    optimiser = torch.optim.AdamW(linear.parameters(), lr=LEARNING_RATE, weight_decay=WEIGHT_DECAY)
    for _ in range(EPOCHS):
        for batch in torch.randperm(len(useful)).split(BATCH):
            scores = linear(lists[batch])[..., 0].masked_fill(~present[batch], -1e9)
            mass = torch.log_softmax(scores, dim=1).masked_fill(~right[batch], -1e9).logsumexp(dim=1)
            loss = -(mass * weight[batch]).mean()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    return Model(mean, scale, linear.weight.detach().numpy()[0].astype(np.float64))


def _validation_set(name: str, data: Path) -> list[Example]:
    chosen = SETS[name](data)
    titles = {i: title for i, title, _ in chosen.passages}
    with tempfile.TemporaryDirectory() as folder:
        generation = indexed(chosen, shipped(), Path(folder))
        examples = [
            _example(generation, understand(question), _in(gold), titles[min(gold)] if name == "reading" else question)
            for question, gold in chosen.questions
        ]
        generation.close()
    return examples


def _own_questions() -> list[Example]:
    """Return the tuning half of the project's questions that passages answer, over the shipped corpus."""
    with tempfile.TemporaryDirectory() as folder:
        index_corpus(Path("corpus"), Path(folder), shipped())
        generation = Generation.open(Path(folder))
        examples = []
        for one in read_examples(Path("questions/tuning.jsonl")):
            if one.gold_files and not one.history:
                examples.append(_example(generation, understand(one.question), lambda chunk, one=one: holds_answer(chunk, one), one.id))
        generation.close()
    return examples


def _in(names: Iterable[str]) -> Callable[[Chunk], bool]:
    return lambda chunk: chunk.document.split("#")[1] in names


def _example(generation: Generation, query: Query, is_right: Callable[[Chunk], bool], group: str) -> Example:
    """Return a question's candidates; those of one group (an article, a question) are held out together."""
    question, candidates = retrieval.candidates(generation, shipped(), query, retrieval.RANKED)
    place = int(hashlib.sha256(group.encode()).hexdigest(), 16) % 1000 / 1000
    right = np.array([is_right(c.chunk) for c in candidates], dtype=np.bool_)
    return Example(ranking.features(question, candidates), right, question.unknown, place < HELD_OUT, place < HELD_OUT / 2)


def _mrr(examples: Sequence[Example], model: Model | None) -> float:
    """Return MRR@10 in the order of a model's scores, or as the candidates came."""
    total = 0.0
    for example in examples:
        order = np.argsort(-model.linear(example.rows), kind="stable") if model else np.arange(len(example.rows))
        total += next((1 / rank for rank, row in enumerate(order[:10], start=1) if example.right[row]), 0.0)
    return total / len(examples)


def _confidence(model: Model, held: Sequence[Example], elsewhere: Sequence[Example]) -> Rows:
    """Return the weights (the last a constant) of the probability that the best passage answers, and print what they do."""
    kinds = (("as they are", held, False), ("right passages taken out", held, True), ("put to another corpus", elsewhere, False))
    tables = {name: _best(examples, model, without_right=without) for name, examples, without in kinds}
    fitted = np.concatenate([table[table[:, 0] == 1] for table in tables.values()])
    weights = _logistic(fitted[:, 2:], fitted[:, 1])
    print("confidence >=   " + "   ".join(f"{name:>24}" for name in tables) + "      right of those kept")
    for level in (0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8):
        shown = {name: table[table[:, 0] == 0] for name, table in tables.items()}
        kept = {name: table[_probability(table[:, 2:], weights) >= level] for name, table in shown.items()}
        every = np.concatenate(list(kept.values()))
        shares = "   ".join(f"{len(kept[name]) / len(shown[name]):24.3f}" for name in kept)
        print(f"  {level:.2f}          {shares}      {every[:, 1].mean() if len(every) else 0:.3f}")
    return weights


def _best(examples: Sequence[Example], model: Model, *, without_right: bool) -> Rows:
    """Return, for the best candidate of each question: whether it fits, whether it is right, and what confidence reads."""
    rows = []
    for example in examples:
        allowed = ~example.right if without_right else np.ones(len(example.rows), dtype=np.bool_)
        if allowed.any():
            scores = np.where(allowed, model.linear(example.rows), -np.inf)
            best = int(np.argmax(scores))
            inputs = ranking.confidence_inputs(example.rows[best], np.sort(scores[allowed])[::-1], example.unknown)
            rows.append([float(example.calibrates), float(example.right[best]), *inputs])
    return np.array(rows)


def _logistic(inputs: Rows, labels: Rows) -> Rows:
    """Return the weights of a logistic regression, its constant last."""
    mean, scale = inputs.mean(axis=0), inputs.std(axis=0) + 1e-6
    rows, wanted = torch.from_numpy((inputs - mean) / scale), torch.from_numpy(labels)
    weights = torch.zeros(inputs.shape[1] + 1, dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.LBFGS([weights], max_iter=300)

    def step() -> torch.Tensor:
        optimiser.zero_grad()
        loss = torch.nn.functional.binary_cross_entropy_with_logits(rows @ weights[:-1] + weights[-1], wanted)
        loss = loss + 1e-3 * (weights[:-1] ** 2).sum()
        loss.backward()
        return loss

    optimiser.step(step)  # type: ignore[arg-type]
    learned: Rows = weights.detach().numpy()
    raw = learned[:-1] / scale
    return np.append(raw, learned[-1] - raw @ mean)


def _probability(inputs: Rows, weights: Rows) -> Rows:
    probability: Rows = 1 / (1 + np.exp(-(inputs @ weights[:-1] + weights[-1])))
    return probability


def _put_to_the_corpus(questions: Sequence[tuple[str, frozenset[str]]]) -> list[Example]:
    """Return the candidates that the shipped corpus gives for questions it does not answer."""
    with tempfile.TemporaryDirectory() as folder:
        index_corpus(Path("corpus"), Path(folder), shipped())
        generation = Generation.open(Path(folder))
        examples = [_example(generation, understand(question), lambda _: False, question) for question, _ in questions]
        generation.close()
    return examples


def _rounded(values: Rows) -> list[float]:
    return [round(float(value), 5) for value in values]


if __name__ == "__main__":
    main()
