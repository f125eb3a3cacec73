"""Trains the shipped static embedding model and saves it in model2vec's format with int8 weights.

    python -m training.train --data DIR [--out assistant/models/static] [--epochs 2] [--lambda 5]

The student is a table of token vectors; a text is the mean of its tokens' vectors. It learns from two signals at once: an
in-batch softmax over (query, passage) pairs, and two teachers, an English one and a multilingual one, joined in one space of 256
directions: both sides of an English-French pair must give their vector there; French questions and headings, and both sides of
the material written for the project, that of the multilingual one alone. The table starts from what the latter makes of each
word. Seeded: the same data and settings give the same model on the same machine.
"""

from __future__ import annotations

import argparse
import random
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

from assistant.text import fold, sentences
from training import data, material, teacher
from training.data import Pair
from training.teacher import Teacher

VOCABULARY = 37_000
DIMENSIONS = 256
BATCH = 2_048
TEMPERATURE = 1 / 20
LEARNING_RATE = 5e-3
MAX_TOKENS = 160
UNKNOWN = "[UNK]"
RIDGE = 1.0
REPEATED = {"asked": 5, "reworded": 6, "words": 3}
"""How often an epoch draws the sets written for the project, which are small."""
WRITTEN = frozenset(REPEATED)
COMMON = 1e-3
"""Share of all words from which a word starts with half the weight of a rare one."""
START_LENGTH = 1.6
"""Length of the vector of a rare word at the start."""
START_NOISE = 0.02
"""Standard deviation of the vectors of the tokens that are no word, at the start."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run may vary; the defaults are those of the shipped model."""

    data: Path
    out: Path
    cache: Path
    epochs: int
    distill: float
    multilingual: float
    written: bool
    start: bool
    dropout: float
    typos: float
    by_source: bool
    seed: int
    limit: int


@dataclass(slots=True)
class Texts:
    """Token ids of many texts, end to end; text i is ``ids[starts[i]:starts[i + 1]]``."""

    ids: NDArray[np.int32]
    starts: NDArray[np.int64]
    keys: NDArray[np.int64]
    """Equal for equal texts: two rows that share one must not serve as negatives of each other."""

    def bag(self, rows: NDArray[np.int64], keep: Callable[[NDArray[np.int32]], NDArray[np.int32]]) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the flat token ids and the offsets that ``EmbeddingBag`` takes, for the given rows."""
        pieces = [keep(self.ids[self.starts[r] : self.starts[r + 1]]) for r in rows]
        offsets = np.concatenate([[0], np.cumsum([len(p) for p in pieces])[:-1]])
        return torch.from_numpy(np.concatenate(pieces).astype(np.int64)), torch.from_numpy(offsets.astype(np.int64))


@dataclass(slots=True)
class PairSet:
    """Pairs of one source, tokenised, with the teacher's vectors where there are some."""

    name: str
    queries: Texts
    passages: Texts
    groups: NDArray[np.int64]
    """Which source each pair is of."""
    query_target: NDArray[np.float16] | None = None
    """The teachers' vectors of the queries, shape (pairs, DIMENSIONS)."""
    passage_target: NDArray[np.float16] | None = None

    def __len__(self) -> int:
        return len(self.queries.keys)


def main() -> None:
    """Train, export and say how long it took."""
    settings = _arguments()
    random.seed(settings.seed)
    torch.manual_seed(settings.seed)
    start = time.perf_counter()
    sets = _read(settings)
    print(f"{sum(len(pairs) for _, pairs in sets):,} pairs read in {time.perf_counter() - start:.0f} s", flush=True)
    tokenizer = train_tokenizer(sets, settings)
    tokenised = [_tokenise(name, pairs, tokenizer) for name, pairs in sets]
    space = Space.of(dict(sets)["parallel"], settings)
    for (name, pairs), pair_set in zip(sets, tokenised, strict=True):
        _aim(pair_set, name, pairs, space, settings)
    print(f"ready after {time.perf_counter() - start:.0f} s", flush=True)
    table = first_table(tokenizer, sets, space, settings) if settings.start else None
    weights = fit(tokenised, tokenizer.get_vocab_size(), settings, table)
    save(weights, tokenizer, settings.out)
    print(f"saved to {settings.out} after {time.perf_counter() - start:.0f} s")


def train_tokenizer(sets: Sequence[tuple[str, list[Pair]]], settings: Settings) -> Tokenizer:
    """Learn a WordPiece vocabulary, case and accents folded, over both languages."""
    tokenizer = Tokenizer(models.WordPiece(unk_token=UNKNOWN, max_input_chars_per_word=40))
    tokenizer.normalizer = normalizers.BertNormalizer(clean_text=True, handle_chinese_chars=False, strip_accents=True, lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(
        vocab_size=VOCABULARY, special_tokens=[UNKNOWN], min_frequency=3, limit_alphabet=300, show_progress=False
    )

    def texts() -> Iterator[str]:
        for _, pairs in sets:
            for pair in pairs:
                yield pair.query
                yield pair.passage

    tokenizer.train_from_iterator(texts(), trainer)
    return tokenizer


@dataclass(frozen=True, slots=True)
class Space:
    """Where the teachers' vectors are brought together, on the first principal directions of the two side by side."""

    parallel: NDArray[np.float16]
    """The vectors of the parallel pairs, shape (pairs, DIMENSIONS)."""
    from_multilingual: NDArray[np.float32]
    """Brings a vector of the multilingual teacher there, shape (512, DIMENSIONS)."""

    @classmethod
    def of(cls, pairs: list[Pair], settings: Settings) -> Space:
        """Return the space of the English-French pairs, whose English side the English teacher reads, the French one the other."""
        english = teacher.encode([pair.query for pair in pairs], Teacher.ENGLISH, settings.cache).astype(np.float32)
        french = teacher.encode([pair.passage for pair in pairs], Teacher.MULTILINGUAL, settings.cache).astype(np.float32)
        both = _reduced(np.concatenate([english, settings.multilingual * french], axis=1))
        gram = french.T @ french + RIDGE * np.eye(french.shape[1], dtype=np.float32)
        return cls(both.astype(np.float16), np.linalg.solve(gram, french.T @ both))

    def place(self, texts: list[str], cache: Path) -> NDArray[np.float16]:
        """Return texts of either language where the multilingual teacher puts them, unit vectors of shape (len(texts), DIMENSIONS)."""
        there = teacher.encode(texts, Teacher.MULTILINGUAL, cache).astype(np.float32) @ self.from_multilingual
        return (there / (np.linalg.norm(there, axis=1, keepdims=True) + 1e-9)).astype(np.float16)


def first_table(tokenizer: Tokenizer, sets: Sequence[tuple[str, list[Pair]]], space: Space, settings: Settings) -> NDArray[np.float32]:
    """Return token vectors to start from: each word where the multilingual teacher puts it, the weight of common ones less."""
    counts: Counter[str] = Counter()
    for _, pairs in sets:
        for pair in pairs[::3]:
            counts.update(re.findall(r"[^\W\d_]+", f"{pair.query} {pair.passage}"[:600].lower()))
    spelt: dict[str, Counter[str]] = defaultdict(Counter)
    for word, count in counts.items():
        spelt[fold(word)][word] += count
    table = np.random.default_rng(settings.seed).normal(0, START_NOISE, (tokenizer.get_vocab_size(), DIMENSIONS)).astype(np.float32)
    known = {token: row for token, row in tokenizer.get_vocab().items() if token in spelt}
    vectors = space.place([spelt[token].most_common(1)[0][0] for token in known], settings.cache)
    total = sum(counts.values())
    for (token, row), vector in zip(known.items(), vectors, strict=True):
        table[row] = START_LENGTH * vector.astype(np.float32) * COMMON / (COMMON + spelt[token].total() / total)
    return table


def _aim(pair_set: PairSet, name: str, pairs: list[Pair], space: Space, settings: Settings) -> None:
    """Give a set the teachers' vectors of its sides, where they read them."""
    if name == "parallel":
        pair_set.query_target = pair_set.passage_target = space.parallel
    elif settings.multilingual and name in {"french", *WRITTEN}:
        pair_set.query_target = space.place([pair.query for pair in pairs], settings.cache)
        if name in WRITTEN:
            pair_set.passage_target = space.place([pair.passage for pair in pairs], settings.cache)


def fit(sets: list[PairSet], vocabulary: int, settings: Settings, table: NDArray[np.float32] | None = None) -> NDArray[np.float32]:
    """Return the trained token vectors, shape (vocabulary, DIMENSIONS); they start from ``table`` where there is one."""
    bag = torch.nn.EmbeddingBag(vocabulary, DIMENSIONS, mode="mean")
    torch.nn.init.normal_(bag.weight, std=0.1)
    if table is not None:
        bag.weight.data.copy_(torch.from_numpy(table))
    optimiser = torch.optim.Adam(bag.parameters(), lr=LEARNING_RATE)
    rng = np.random.default_rng(settings.seed)
    batches = [batch for _ in range(settings.epochs) for batch in _epoch(sets, rng, settings.by_source)]
    whole = lambda ids: ids  # noqa: E731
    some = lambda ids: _without_some(ids, rng, settings.dropout)  # noqa: E731
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: max(0.0, 1 - step / len(batches)))
    for step, (pair_set, rows) in enumerate(batches):
        query = torch.nn.functional.normalize(bag(*pair_set.queries.bag(rows, some)))
        passage = torch.nn.functional.normalize(bag(*pair_set.passages.bag(rows, whole)))
        loss = _contrastive(query, passage, pair_set, rows)
        for side, targets in ((query, pair_set.query_target), (passage, pair_set.passage_target)):
            if targets is not None and settings.distill:
                loss = loss + settings.distill * _distillation(side, torch.from_numpy(targets[rows].astype(np.float32)))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        if step % 50 == 0:
            print(f"step {step}/{len(batches)} {pair_set.name} loss {loss.item():.3f}", flush=True)
    weights: NDArray[np.float32] = bag.weight.detach().numpy()
    return weights


def save(weights: NDArray[np.float32], tokenizer: Tokenizer, out: Path) -> None:
    """Save the model with int8 weights; vectors come out normalised."""
    from model2vec import StaticModel
    from model2vec.quantization import DType, quantize_embeddings

    clipped = _clip(weights)
    quantized = quantize_embeddings(clipped, DType.Int8)
    model = StaticModel(quantized, tokenizer, normalize=True, language=["fr", "en"], max_length=None)
    model.save_pretrained(out)
    (out / "README.md").unlink(missing_ok=True)


def _clip(weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """Cut the few largest values, so that the int8 steps are spent where nearly all values are."""
    bound = float(np.quantile(np.abs(weights), 0.9999))
    clipped: NDArray[np.float32] = np.clip(weights, -bound, bound)
    return clipped


def _contrastive(query: torch.Tensor, passage: torch.Tensor, pair_set: PairSet, rows: NDArray[np.int64]) -> torch.Tensor:
    scores = query @ passage.T / TEMPERATURE
    same = _equal(pair_set.queries.keys[rows]) | _equal(pair_set.passages.keys[rows])
    same.fill_diagonal_(False)
    scores = scores.masked_fill(same, float("-inf"))
    labels = torch.arange(len(rows))
    cross = torch.nn.functional.cross_entropy
    return (cross(scores, labels) + cross(scores.T, labels)) / 2


def _equal(keys: NDArray[np.int64]) -> torch.Tensor:
    tensor = torch.from_numpy(keys)
    return tensor[:, None] == tensor[None, :]


def _distillation(side: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Return how far a side is from the teachers' vectors, and a batch from their similarities."""
    return (1 - (side * target).sum(1)).mean() + 20 * ((side @ side.T - target @ target.T) ** 2).mean()


def _reduced(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Project vectors on their first principal directions, uncentred, and normalise them."""
    _, directions = np.linalg.eigh(vectors.T @ vectors)
    reduced: NDArray[np.float32] = vectors @ directions[:, ::-1][:, :DIMENSIONS]
    reduced /= np.linalg.norm(reduced, axis=1, keepdims=True) + 1e-9
    return reduced


def _without_some(ids: NDArray[np.int32], rng: np.random.Generator, share: float) -> NDArray[np.int32]:
    """Return the tokens of a text without a share of them, drawn; short texts stay whole."""
    if not share or len(ids) < 4:
        return ids
    left = ids[rng.random(len(ids)) >= share]
    return left if len(left) else ids


def _epoch(sets: list[PairSet], rng: np.random.Generator, by_source: bool) -> list[tuple[PairSet, NDArray[np.int64]]]:
    batches = []
    for pair_set in (one for one in sets for _ in range(REPEATED.get(one.name, 1))):
        order = rng.permutation(len(pair_set))
        if by_source:  # negatives of the same source are harder
            order = order[np.argsort(pair_set.groups[order], kind="stable")]
        batches += [(pair_set, order[i : i + BATCH]) for i in range(0, len(order) - BATCH // 2, BATCH)]
    return [batches[i] for i in rng.permutation(len(batches))]


def _read(settings: Settings) -> list[tuple[str, list[Pair]]]:
    rng = random.Random(settings.seed)
    away = data.held_out_queries(settings.data)
    french = data.training_only(data.french_pairs(settings.data), away)
    english = data.training_only((p for p in data.english_pairs(settings.data) if p.source not in data.LEGAL_ROWS), away)
    sections = data.training_only((p for p in data.english_pairs(settings.data) if p.source == "section_to_section"), away)
    parallel = data.parallel_pairs(settings.data, random.Random(settings.seed))
    cloze = [pair for text in data.french_texts(settings.data) if (pair := _cloze(text, rng))]
    cloze += [pair for p in french if (pair := _cloze(p.passage, rng))]
    if settings.typos:
        french += [Pair(_with_typo(p.query, rng), p.passage, p.source) for p in rng.sample(french, int(settings.typos * len(french)))]
    sets = [("french", french), ("english", english), ("sections", sections), ("cloze", cloze), ("parallel", parallel)]
    if settings.written:
        sets += [
            ("asked", [Pair(question, text, "asked") for text, questions in material.searched() for question in questions]),
            ("reworded", [Pair(question, text, "reworded") for text, questions in material.rewordings() for question in questions]),
            ("words", [Pair(*two, "words") for two in material.same_meaning()]),
        ]
    return [(name, pairs[: settings.limit] if name != "parallel" else pairs) for name, pairs in sets]


def _with_typo(text: str, rng: random.Random) -> str:
    """Return a text with one letter of one of its longer words dropped, doubled, swapped or replaced."""
    places = [i for i in range(1, len(text) - 1) if text[i - 1 : i + 2].isalpha()]
    if not places:
        return text
    i = rng.choice(places)
    changed = rng.choice(["", text[i] * 2, text[i + 1] + text[i], rng.choice("aeiourstnl")])
    return text[:i] + changed + text[i + 1 + (len(changed) == 2 and changed[0] != changed[1]) :]


def _cloze(text: str, rng: random.Random) -> Pair | None:
    """Pair a sentence drawn from a passage with the rest of it."""
    spans = sentences(text[:2000])
    if len(spans) < 2:
        return None
    start, end = spans[rng.randrange(len(spans))]
    return Pair(text[start:end], text[:start] + text[end:2000], "cloze")


def _tokenise(name: str, pairs: list[Pair], tokenizer: Tokenizer) -> PairSet:
    groups = np.array([hash(p.source) for p in pairs], dtype=np.int64)
    return PairSet(name, _encode([p.query for p in pairs], tokenizer), _encode([p.passage for p in pairs], tokenizer), groups)


def _encode(texts: list[str], tokenizer: Tokenizer) -> Texts:
    unknown = tokenizer.token_to_id(UNKNOWN)
    ids: list[NDArray[np.int32]] = []
    for start in range(0, len(texts), 20_000):
        for encoding in tokenizer.encode_batch_fast(texts[start : start + 20_000], add_special_tokens=False):
            ids.append(np.array([i for i in encoding.ids[:MAX_TOKENS] if i != unknown], dtype=np.int32))
    starts = np.concatenate([[0], np.cumsum([len(one) for one in ids])]).astype(np.int64)
    keys = np.array([hash(text) for text in texts], dtype=np.int64)
    return Texts(np.concatenate(ids), starts, keys)


def _arguments() -> Settings:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of the training data")
    parser.add_argument("--out", type=Path, default=Path("assistant/models/static"))
    parser.add_argument("--cache", type=Path, default=Path(".cache"), help="where the teacher's vectors are kept")
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--lambda", dest="distill", type=float, default=5.0, help="weight of the teachers")
    parser.add_argument("--multilingual", type=float, default=1.0, help="weight of the multilingual teacher beside the English one")
    parser.add_argument(
        "--written", action=argparse.BooleanOptionalAction, default=True, help="learn from the material written for the project"
    )
    parser.add_argument("--start", action=argparse.BooleanOptionalAction, default=True, help="start from the teacher's words")
    parser.add_argument("--dropout", type=float, default=0.15, help="share of a query's tokens left out at each step")
    parser.add_argument("--typos", type=float, default=0.2, help="share of the French queries that come again with a typo")
    parser.add_argument("--by-source", action="store_true", help="draw each batch from one source")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--limit", type=int, default=10**9, help="rows kept of each set, to try things out")
    return Settings(**vars(parser.parse_args()))


if __name__ == "__main__":
    main()
