"""The network that reads question and candidate together: the same in NumPy as in training, small, and of use."""

import numpy as np
import pytest

from assistant import comprehension, reading, weighing
from assistant.reading import Candidate

HEADING = "Guide du séjour — L'indemnité de séjour"
CANDIDATES = [
    Candidate("L'indemnité de séjour est versée à la fin de chaque mois.", "", HEADING, "", 0),
    Candidate("Son montant est de 1 200 euros par mois.", "L'indemnité de séjour est versée à la fin de chaque mois.", HEADING, "", 1),
    Candidate("Elle n'est pas imposable.", "Son montant est de 1 200 euros par mois.", HEADING, "", 2),
    Candidate("Le centre ouvre à neuf heures.", "", "Horaires", "", 0),
]


def known(rows):
    return np.zeros((rows, len(weighing.KNOWN)), dtype=np.float32)


@pytest.mark.slow
def test_numpy_gives_what_the_training_gives(tmp_path):
    torch = pytest.importorskip("torch")
    from training.comprehension import Network, _save

    torch.manual_seed(4)
    network = Network().eval()
    _save(network, tmp_path / "weights.npz")
    with np.load(tmp_path / "weights.npz") as stored:
        ours = comprehension._Network({name: stored[name].astype(np.float32) for name in stored.files})
    asked = np.array(comprehension.tokens_of(["Quel est le montant de l'indemnité ?"], comprehension.QUESTION)[0])
    read = comprehension.padded(comprehension.parts_of(CANDIDATES))
    told = np.random.default_rng(0).normal(size=(len(CANDIDATES), len(weighing.KNOWN))).astype(np.float32)
    tensors = (asked[None], read.tokens, read.parts, told[None], np.ones((1, len(CANDIDATES)), dtype=np.float32))
    with torch.no_grad():
        theirs = (network(*map(torch.from_numpy, tensors))[0] - network.null).numpy()
    assert np.allclose(ours.score(asked, read, told), theirs, atol=0.01)
    assert np.ptp(theirs) > 0.05


def test_a_row_keeps_the_ends_that_matter_and_says_which_part_is_which():
    long = Candidate("mot " * 100, "avant " * 50 + "dernier", "titre " * 50, "", 0)
    (heading, before, text) = comprehension.parts_of([long])[0]
    assert (len(heading), len(before), len(text)) == (comprehension.HEADING, comprehension.BEFORE, comprehension.TEXT)
    assert before[-1] == comprehension.tokens_of(["dernier"], 1)[0][-1]
    read = comprehension.padded([((1,), (), (2, 3)), ((), (), ())])
    assert read.tokens.tolist() == [[1, 2, 3], [-1, -1, -1]]
    assert read.parts.tolist()[0] == [comprehension.IN_HEADING, comprehension.IN_TEXT, comprehension.IN_TEXT]


@pytest.mark.parametrize(
    ("question", "best"),
    [
        ("Combien touche-t-on par mois ?", 1),
        ("Is the allowance taxable?", 2),
        ("Quand l'indemnité de séjour est-elle versée ?", 0),
        ("À quelle heure ouvre le centre ?", 3),
    ],
)
def test_the_sentence_that_answers_comes_first(question, best):
    view = reading.view(question, lambda terms: dict.fromkeys(terms, 3.0))
    told = known(len(CANDIDATES))
    told[:, : len(reading.FEATURES) - 1] = reading.features(view, CANDIDATES)[:, 1:]
    assert int(comprehension.score(question, CANDIDATES, told).argmax()) == best


def test_no_candidate_and_no_known_word_break_nothing():
    assert comprehension.score("Quel montant ?", [], known(0)).shape == (0,)
    assert np.isfinite(comprehension.score("", [Candidate("", "", "", "", 0)], known(1))).all()
    assert np.isfinite(comprehension.score("⁂ ⁂", CANDIDATES, known(len(CANDIDATES)))).all()


def test_what_reads_is_under_two_megabytes():
    assert comprehension.MODEL.stat().st_size + reading.MODEL.stat().st_size < 2_000_000
