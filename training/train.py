"""Trains the shipped static embedding model and saves it in model2vec's format with int8 weights.

    python -m training.train --data DIR [--out assistant/models/static] [--epochs 2] [--lambda 5]

The student is a table of token vectors; a text is the mean of its tokens' vectors. It learns from two signals at once: an
in-batch softmax over (query, passage) pairs, and an English teacher whose vector both sides of an English-French pair must
give. Seeded: the same data and settings give the same model on the same machine.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

from assistant.text import sentences
from training import data, teacher
from training.data import Pair

VOCABULARY = 37_000
DIMENSIONS = 256
BATCH = 2_048
TEMPERATURE = 1 / 20
LEARNING_RATE = 5e-3
MAX_TOKENS = 160
UNKNOWN = "[UNK]"


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run may vary; the defaults are those of the shipped model."""

    data: Path
    out: Path
    cache: Path
    epochs: int
    distill: float
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
    teacher: NDArray[np.float16] | None = None

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
    for (name, pairs), pair_set in zip(sets, tokenised, strict=True):
        if name == "parallel":
            pair_set.teacher = _reduced(teacher.encode([pair.query for pair in pairs], settings.cache))
    print(f"ready after {time.perf_counter() - start:.0f} s", flush=True)
    weights = fit(tokenised, tokenizer.get_vocab_size(), settings)
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


def fit(sets: list[PairSet], vocabulary: int, settings: Settings) -> NDArray[np.float32]:
    """Return the trained token vectors, shape (vocabulary, DIMENSIONS)."""
    bag = torch.nn.EmbeddingBag(vocabulary, DIMENSIONS, mode="mean")
    torch.nn.init.normal_(bag.weight, std=0.1)
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
        if pair_set.teacher is not None and settings.distill:
            target = torch.from_numpy(pair_set.teacher[rows].astype(np.float32))
            loss = loss + settings.distill * _distillation(query, passage, target)
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


def _distillation(query: torch.Tensor, passage: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Both sides must give the teacher's vector, and the batch its similarities."""
    direct = (1 - (query * target).sum(1)).mean() + (1 - (passage * target).sum(1)).mean()
    similarities = target @ target.T
    shape = ((query @ query.T - similarities) ** 2).mean() + ((passage @ passage.T - similarities) ** 2).mean()
    return direct + 20 * shape


def _reduced(vectors: NDArray[np.float16]) -> NDArray[np.float16]:
    """Project the teacher's vectors on their first principal directions, uncentred, and normalise them."""
    full = vectors.astype(np.float32)
    _, directions = np.linalg.eigh(full.T @ full)
    reduced = full @ directions[:, ::-1][:, :DIMENSIONS]
    reduced /= np.linalg.norm(reduced, axis=1, keepdims=True) + 1e-9
    half: NDArray[np.float16] = reduced.astype(np.float16)
    return half


def _without_some(ids: NDArray[np.int32], rng: np.random.Generator, share: float) -> NDArray[np.int32]:
    """Return the tokens of a text without a share of them, drawn; short texts stay whole."""
    if not share or len(ids) < 4:
        return ids
    left = ids[rng.random(len(ids)) >= share]
    return left if len(left) else ids


def _epoch(sets: list[PairSet], rng: np.random.Generator, by_source: bool) -> list[tuple[PairSet, NDArray[np.int64]]]:
    batches = []
    for pair_set in sets:
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
    parser.add_argument("--lambda", dest="distill", type=float, default=5.0, help="weight of the teacher")
    parser.add_argument("--dropout", type=float, default=0.15, help="share of a query's tokens left out at each step")
    parser.add_argument("--typos", type=float, default=0.2, help="share of the French queries that come again with a typo")
    parser.add_argument("--by-source", action="store_true", help="draw each batch from one source")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--limit", type=int, default=10**9, help="rows kept of each set, to try things out")
    return Settings(**vars(parser.parse_args()))


if __name__ == "__main__":
    main()
