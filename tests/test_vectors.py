import numpy as np
import pytest

from assistant import vectors
from assistant.errors import IndexMismatchError
from assistant.vectors import Recent, VectorIndex

RNG = np.random.default_rng(0)


def unit(count):
    rows = RNG.standard_normal((count, 16)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.fixture
def collection(tmp_path):
    """A collection of two hundred vectors, in a folder."""
    rows = [(f"v{number}", vector) for number, vector in enumerate(unit(200))]
    recent = vectors.merge(None, tmp_path / "one", Recent(0).after([], rows))
    return tmp_path / "one", recent, dict(rows)


def opened(folder, recent, tmp_path):
    recent.write(tmp_path / "recent.npz")
    return VectorIndex(folder, tmp_path / "recent.npz")


def exact(known, probe, limit):
    return sorted(known, key=lambda key: -float(known[key] @ probe))[:limit]


def changed(known, recent):
    """Remove three, replace one, add two; return what is then known and what is recent."""
    new = dict(zip(["v3", "n0", "n1"], unit(3), strict=True))
    recent = recent.after(["v0", "v1", "v2", "v3"], list(new.items()))
    recent = recent.after(["n1"], [])
    return {key: v for key, v in (known | new).items() if key not in {"v0", "v1", "v2", "n1"}}, recent


def test_recent_changes_are_searched_with_the_collection(collection, tmp_path):
    folder, recent, known = collection
    known, recent = changed(known, recent)
    index = opened(folder, recent, tmp_path)
    for probe in [*unit(20), known["v3"], known["n0"]]:
        found = index.nearest(probe, 10)
        assert list(found) == exact(known, probe, 10)
        assert found == pytest.approx(index.cosines(probe, list(found)), abs=1e-5)
    assert index.cosines(probe, ["v0", "v3", "n1", "absent"]).keys() == {"v3"}
    index.close()


def test_a_merged_collection_answers_as_the_two_did(collection, tmp_path):
    folder, recent, known = collection
    known, recent = changed(known, recent)
    merged = vectors.merge(folder, tmp_path / "two", recent)
    assert merged == Recent(len(known))
    index = opened(tmp_path / "two", merged, tmp_path)
    for probe in unit(20):
        assert list(index.nearest(probe, 10)) == exact(known, probe, 10)
    index.close()


def test_many_removed_near_the_question_hide_no_other(collection, tmp_path):
    folder, recent, known = collection
    probe = unit(1)[0]
    gone = exact(known, probe, 60)
    index = opened(folder, recent.after(gone, []), tmp_path)
    assert list(index.nearest(probe, 10)) == exact({k: v for k, v in known.items() if k not in gone}, probe, 10)
    index.close()


def test_an_added_vector_removed_again_leaves_nothing(collection):
    _, recent, _ = collection
    assert recent.after([], [("n", unit(1)[0])]).after(["n"], []) == recent


def test_a_small_change_stays_beside_a_large_one_does_not(collection):
    _, recent, _ = collection
    assert recent.after(["v0"], [("n", unit(1)[0])]).is_small
    assert not recent.after([f"v{number}" for number in range(11)], []).is_small
    assert not Recent(0).after([], [("n", unit(1)[0])]).is_small


@pytest.mark.parametrize("content", [b"", b"broken", None])
def test_a_damaged_file_says_which_command_repairs(collection, tmp_path, content):
    path = tmp_path / "recent.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(IndexMismatchError, match="--full"):
        VectorIndex(collection[0], path)


def test_a_missing_collection_says_which_command_repairs(tmp_path):
    with pytest.raises(IndexMismatchError, match="--full"):
        opened(tmp_path / "absent", Recent(0), tmp_path)
