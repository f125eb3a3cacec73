"""Trains the network that reads a question and the units found for it together: which answers, or that none does.

    python -m training.comprehension --data DIR [--out assistant/models/comprehension.npz]

Learns from what the pipeline gives (``training/simulated.py``) over made-up documents and ``reading_fr``: the probability of
the right units among all read and "none"; of near misses, and of questions whose passage was not found, that of "none". A fifth
of the documents is held out. Three quarters of an hour on two cores.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from assistant import comprehension, weighing
from assistant.embedding import shipped
from training.simulated import MISS, READING, Listed, lists

WIDTH, DIRECTIONS, OF_KNOWN = 64, 128, 32
EPOCHS, BATCH, READ = 4, 32, 12
"""Questions a step, and units of each."""
HARD = 6
"""Of these, the wrong ones that the rules find best; the others are drawn."""
LEARNING_RATE, WEIGHT_DECAY, DROPPED = 2e-3, 0.01, 0.1
WITHOUT_KNOWN = 0.15
"""Share of the questions that are read without what is known of the units otherwise."""
WORDS_DROPPED = 0.08
NOT_FOUND = 0.5
"""Share kept of the answerable questions whose answer was not found."""
DRAWN = {"search": 0.7, READING: 0.7, "faq": 1.0}
DRAWN_ELSE = 1.5
"""How often an epoch draws a question of a style, and one with exact answers or a near miss."""
WEIGHT = {"search": 0.6, READING: 0.6, "faq": 0.8}
_NOTHING = -1e4


class Network(nn.Module):
    """The network of ``assistant/comprehension.py``, with the same names."""

    def __init__(self) -> None:
        super().__init__()
        table, norms = shipped().table, shipped().norms
        directions = np.linalg.eigh(table.T @ table)[1][:, ::-1][:, :DIRECTIONS].astype(np.float32)
        rows = table @ directions
        rows /= np.linalg.norm(rows, axis=1, keepdims=True) + 1e-9
        heavy = np.log(norms + 1e-3)
        self.directions = directions
        self.norm_mean, self.norm_scale, self.norm_average = float(heavy.mean()), float(heavy.std()), float(norms.mean())
        self.vectors = torch.from_numpy(np.concatenate([rows, np.zeros((1, DIRECTIONS), np.float32)]))
        self.heavy = torch.from_numpy(np.append((heavy - self.norm_mean) / self.norm_scale, 0.0).astype(np.float32))
        self.weight = torch.from_numpy(np.append(norms / self.norm_average, 0.0).astype(np.float32))
        known = len(weighing.KNOWN)
        self.inp, self.seg = nn.Linear(DIRECTIONS + 1, WIDTH), nn.Embedding(4, WIDTH)
        self.c1, self.c2 = nn.Conv1d(WIDTH, WIDTH, 3, padding=1), nn.Conv1d(WIDTH, WIDTH, 3, padding=1)
        self.n1, self.n2 = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.q, self.k = nn.Linear(WIDTH, WIDTH, bias=False), nn.Linear(WIDTH, WIDTH, bias=False)
        self.gamma = nn.Parameter(torch.tensor([4.0, 4.0]))
        self.cmp, self.cmp2 = nn.Linear(4 * WIDTH + 3, WIDTH), nn.Linear(4 * WIDTH + 2, WIDTH)
        self.register_buffer("xm", torch.zeros(known))
        self.register_buffer("xs", torch.ones(known))
        self.fx, self.skip = nn.Linear(known, OF_KNOWN), nn.Linear(known, 1)
        self.out1, self.out2, self.ctx = nn.Linear(5 * WIDTH + 6 + OF_KNOWN, WIDTH), nn.Linear(WIDTH, 1), nn.Linear(2 * WIDTH, WIDTH)
        self.null = nn.Parameter(torch.tensor(1.0))
        self.drop = nn.Dropout(DROPPED)

    def forward(self, asked: Tensor, tokens: Tensor, parts: Tensor, known: Tensor, present: Tensor) -> Tensor:
        """Return a score of each unit, shape (questions, units); ``-1`` is no token, ``present`` tells which units there are."""
        questions, units = present.shape
        q_vectors, q_states, q_mask = (_each(one, units) for one in self._encoded(asked, torch.full_like(asked, comprehension.ASKED)))
        s_vectors, s_states, s_mask = self._encoded(tokens, parts)
        inside = (parts == comprehension.IN_TEXT) * s_mask
        cosines = q_vectors @ s_vectors.transpose(1, 2)
        alike = self.q(q_states) @ self.k(s_states).transpose(1, 2) / WIDTH**0.5
        near, near_all = (_highest(cosines, mask[:, None]).amax(-1) for mask in (inside, s_mask))
        exact = ((_each(asked, units)[:, :, None] == tokens[:, None]) & (inside[:, None] > 0)).any(-1).float()
        found = (alike + self.gamma[0] * cosines).masked_fill(s_mask[:, None] == 0, _NOTHING).softmax(-1) @ s_states
        met = self._met(self.cmp, q_states, found, near, near_all, exact) * q_mask[..., None]
        weight = _each(self.weight[asked], units) * q_mask
        weight = weight / weight.sum(1, keepdim=True).clamp(min=1e-6)
        back = (alike + self.gamma[1] * cosines).transpose(1, 2).masked_fill(q_mask[:, None] == 0, _NOTHING).softmax(-1)
        nearest = _highest(cosines.transpose(1, 2), q_mask[:, None]).amax(-1)
        told = self._met(self.cmp2, s_states, back @ q_states, nearest, inside) * inside[..., None]
        count = inside.sum(1, keepdim=True).clamp(min=1)
        pooled = [
            (met * weight[..., None]).sum(1), (met + _NOTHING * (1 - q_mask[..., None])).amax(1),
            told.sum(1) / count, (told + _NOTHING * (1 - inside[..., None])).amax(1).clamp(min=-50),
            (q_states * weight[..., None]).sum(1),
        ]  # fmt: skip
        shares = [(one * weight).sum(1) for one in (near, near_all, exact)]
        lengths = [torch.log1p(count[:, 0]) / 4, torch.log1p(q_mask.sum(1)) / 3]
        standard = ((known - self.xm) / self.xs).clamp(-5, 5)
        if self.training:
            standard = standard * (torch.rand(questions, 1, 1) > WITHOUT_KNOWN)
        seen = torch.tanh(self.fx(standard)).flatten(0, 1)
        extra = torch.stack([*shares, ((near - 1) * q_mask).amin(1), *lengths], dim=1)
        state = _gelu(self.out1(self.drop(torch.cat([*pooled, extra, seen], -1)))).view(questions, units, WIDTH)
        best = (state + _NOTHING * (1 - present[..., None])).amax(1, keepdim=True).expand_as(state)
        state = state + _gelu(self.ctx(torch.cat([state, best], -1)))
        scores: Tensor = (self.out2(state) + self.skip(standard))[..., 0]
        return scores.masked_fill(present == 0, _NOTHING)

    def _encoded(self, ids: Tensor, parts: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        vectors, mask = self.vectors[ids], (ids >= 0).float()
        states = (self.inp(torch.cat([vectors, self.heavy[ids][..., None]], -1)) + self.seg(parts)) * mask[..., None]
        for convolved, normal in ((self.c1, self.n1), (self.c2, self.n2)):
            states = normal(states + self.drop(_gelu(convolved(states.transpose(1, 2)).transpose(1, 2)))) * mask[..., None]
        return vectors, states, mask

    @staticmethod
    def _met(layer: nn.Linear, own: Tensor, other: Tensor, *more: Tensor) -> Tensor:
        return _gelu(layer(torch.cat([own, other, own * other, (own - other).abs(), *(one[..., None] for one in more)], -1)))


def main() -> None:
    """Simulate, train, print the held-out figures after each epoch and save."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of the training data")
    parser.add_argument("--out", type=Path, default=comprehension.MODEL)
    options = parser.parse_args()
    torch.manual_seed(0)
    rng = random.Random(0)
    every = lists(options.data)
    held_out = [one for one in every if one.held_out]
    useful = [one for one in every if not one.held_out and (one.right.any() or not one.answered or rng.random() < NOT_FOUND)]
    print(f"{len(every)} questions, {len(useful)} learned, {len(held_out)} held out")
    train(useful, held_out, rng, options.out)


def train(useful: Sequence[Listed], held_out: Sequence[Listed], rng: random.Random, out: Path) -> None:
    """Train and save, with figures after each epoch."""
    network = Network()
    known = np.concatenate([one.known for one in useful[:: max(1, len(useful) // 3000)]]).astype(np.float32)
    network.xm.copy_(torch.from_numpy(known.mean(0)))
    network.xs.copy_(torch.from_numpy(known.std(0) + 1e-3))
    optimiser = torch.optim.AdamW(network.parameters(), lr=LEARNING_RATE, weight_decay=WEIGHT_DECAY)
    expected = sum(DRAWN.get(one.style, DRAWN_ELSE) for one in useful)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, LEARNING_RATE, total_steps=int(EPOCHS * expected / BATCH * 1.1), pct_start=0.1
    )
    for epoch in range(EPOCHS):
        network.train()
        for some in _batches(useful, rng):
            *read, right = _tensors(some, rng)
            weight = torch.tensor([WEIGHT.get(one.style, 1.0) for one in some])
            loss = (_loss(network(*read), network.null, right) * weight).mean()
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
        print(f"epoch {epoch}: {_figures(network, held_out)}", flush=True)
        _save(network, out)


def _batches(useful: Sequence[Listed], rng: random.Random) -> Iterator[list[Listed]]:
    drawn = []
    for one in useful:
        times = DRAWN.get(one.style, DRAWN_ELSE)
        drawn += [one] * (int(times) + (rng.random() < times % 1))
    rng.shuffle(drawn)
    yield from (drawn[start : start + BATCH] for start in range(0, len(drawn) - BATCH, BATCH))


def _tensors(some: Sequence[Listed], rng: random.Random | None) -> tuple[Tensor, ...]:
    """Return a batch: questions, tokens, parts, what is known, which units there are, which are right; all units without ``rng``."""
    chosen = [_chosen(one, rng) if rng else list(range(len(one.right))) for one in some]
    units = max(map(len, chosen))
    rows = [
        row
        for one, kept in zip(some, chosen, strict=True)
        for row in [*(one.tokens[i] for i in kept), *[((), (), ())] * (units - len(kept))]
    ]
    read = comprehension.padded(rows)
    known = np.zeros((len(some), units, len(weighing.KNOWN)), dtype=np.float32)
    present, right = np.zeros((len(some), units), dtype=np.float32), np.zeros((len(some), units), dtype=np.float32)
    for number, (one, kept) in enumerate(zip(some, chosen, strict=True)):
        known[number, : len(kept)], present[number, : len(kept)], right[number, : len(kept)] = one.known[kept], 1, one.right[kept]
    asked = [_words(one.question, rng) for one in some]
    longest = max(map(len, asked))
    questions = np.array([[*one, *[-1] * (longest - len(one))] for one in asked], dtype=np.int64)
    return tuple(map(torch.from_numpy, (questions, read.tokens, read.parts, known, present, right)))


def _words(question: Sequence[int], rng: random.Random | None) -> Sequence[int]:
    kept = [token for token in question if rng is None or len(question) < 4 or rng.random() > WORDS_DROPPED]
    return kept or question[:1] or [-1]


def _chosen(one: Listed, rng: random.Random) -> list[int]:
    """Return some units of a question: right ones, the wrong ones that rules find best, and others."""
    if len(one.right) <= READ:
        return list(range(len(one.right)))
    right = np.flatnonzero(one.right).tolist()
    right = rng.sample(right, min(len(right), READ // 2))
    wrong = sorted(np.flatnonzero(~one.right).tolist(), key=lambda unit: -one.known[unit, -1])
    others = wrong[HARD:]
    return [*right, *wrong[:HARD], *rng.sample(others, min(len(others), max(READ - len(right) - HARD, 0)))][:READ]


def _loss(scores: Tensor, null: Tensor, right: Tensor) -> Tensor:
    shares = torch.cat([scores, null.expand(len(scores), 1)], 1).log_softmax(1)
    found = shares[:, :-1].masked_fill(right == 0, _NOTHING).logsumexp(1)
    return -torch.where(right.any(1), found, shares[:, -1])


def _figures(network: Network, held_out: Sequence[Listed]) -> str:
    """Return, over questions with exact answers, how often the best unit answers, and how surely they are told from near misses; the rules' figures after each."""
    rng = random.Random(5)
    asked = [one for one in held_out if one.style not in {MISS, *DRAWN}]
    misses = [one for one in held_out if one.style == MISS]
    asked, misses = (rng.sample(some, min(len(some), 500)) for some in (asked, misses))
    parts = []
    for name, best in (("network", _scored(network, [*asked, *misses])), ("rules", [one.known[:, -1] for one in [*asked, *misses]])):
        top = [float(scores.max()) for scores in best]
        hit = np.array([bool(one.right[int(scores.argmax())]) for one, scores in zip(asked, best, strict=False)])
        near = np.array(top[len(asked) :])
        levels = {share: float(np.mean(hit & (np.array(top[: len(asked)]) > np.quantile(near, share)))) for share in (0.7, 0.8, 0.9)}
        told = np.mean(np.array(top[: len(asked)])[:, None] > near)
        kept = ", ".join(f"{value:.3f} where {share:.0%} of near misses are declined" for share, value in levels.items())
        parts.append(f"{name}: right {hit.mean():.3f}, {kept}, AUC {told:.3f}")
    return "; ".join(parts)


def _scored(network: Network, some: Sequence[Listed]) -> list[NDArray[np.float32]]:
    network.eval()
    with torch.no_grad():
        return [network(*_tensors([one], None)[:-1])[0].numpy() for one in some]


def _each(one: Tensor, times: int) -> Tensor:
    return one.repeat_interleave(times, dim=0)


def _highest(cosines: Tensor, present: Tensor) -> Tensor:
    return cosines * present - (1 - present)


def _gelu(x: Tensor) -> Tensor:
    return functional.gelu(x, approximate="tanh")


def _save(network: Network, out: Path) -> None:
    arrays = {name: value.numpy() for name, value in network.state_dict().items()}
    arrays |= {"directions": network.directions}
    arrays |= {name: np.array(getattr(network, name)) for name in ("norm_mean", "norm_scale", "norm_average")}
    np.savez_compressed(out, **{name: value.astype(np.float16) for name, value in arrays.items()})


if __name__ == "__main__":
    main()
