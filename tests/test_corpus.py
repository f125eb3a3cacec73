"""The shipped corpus: whole, sourced, samples marked, and rendered files read back as they were written."""

import datetime as dt
import re

import pytest

from assistant.dates import PARIS
from assistant.loading import load
from assistant.missions import parse
from assistant.schema import BlockKind, Kind
from assistant.text import words
from tests.test_docs import ROOT
from tools.make_documents import SOURCES, cells, read_source, with_sources

CORPUS = ROOT / "corpus"
RENDERED = sorted(SOURCES.rglob("*.md"))


def documents():
    for path in sorted(CORPUS.rglob("*.*")):
        if path.name != "SOURCES.md":
            name = path.relative_to(CORPUS).as_posix()
            yield from load(path, name).documents


@pytest.fixture(scope="module")
def shipped():
    return list(documents())


def test_there_is_enough_of_each_kind(shipped):
    count = {kind: sum(d.kind is kind for d in shipped) for kind in Kind}
    assert count[Kind.POLICY] >= 12
    assert count[Kind.GUIDE] >= 12
    assert count[Kind.NEWS] >= 8
    assert count[Kind.MISSION] >= 40
    assert count[Kind.OTHER] == 0


def test_samples_are_marked_and_only_samples_are_open(shipped):
    now = dt.datetime(2026, 11, 22, tzinfo=PARIS)
    missions = [m for d in shipped if (m := parse(d))]
    samples = [m for m in missions if m.sample]
    assert len(samples) >= 10
    assert all(m.deadline.year == 2027 for m in samples)
    assert all("fictif" in m.title or "fictitious" in m.title for m in samples)
    assert not [m.document for m in missions if m.is_open(now) and not m.sample]


@pytest.mark.parametrize("source", RENDERED, ids=lambda p: p.stem)
def test_rendered_documents_are_read_back_whole(source):
    written = read_source(source)
    path = next(p for p in (CORPUS / source.parent.name).glob(f"{source.stem}.*"))
    document = load(path, path.relative_to(CORPUS).as_posix()).documents[0]
    render = str(written.front["render"])
    blocks = list(with_sources(written)) if "html-" not in render else [b for b in written.blocks if b[0] != "h1"]
    if render == "html-b":  # that layout has no heading above its description
        blocks = blocks[1:]
    expected = [w for _, text in blocks if "://" not in text for w in words(text)]
    lines = [re.sub(r"^\d{1,2}\. ", "", line) for line in document.text.split("\n") if "://" not in line]
    got = words("\n".join(lines))
    assert recall(expected, got) >= 0.99
    if "html-" not in render:
        assert recall(got, expected) >= 0.99
        for kind, block in (("h2", BlockKind.HEADING), ("ul", BlockKind.ITEM), ("ol", BlockKind.ITEM), ("row", BlockKind.ROW)):
            texts = [" ".join(words(text)) for k, text in blocks if k == kind and "://" not in text and any(cells(text))]
            found = {" ".join(words(document.text[b.start : b.end])) for b in document.blocks if b.kind is block}
            missing = [t for t in texts if t not in found and not any(f.endswith(f" {t}") for f in found)]
            assert len(missing) <= 0.02 * len(texts), missing


def recall(wanted, got):
    """Share of the words wanted that stand in ``got`` in the same order (longest common subsequence)."""
    import difflib

    matcher = difflib.SequenceMatcher(None, wanted, got, autojunk=False)
    return sum(block.size for block in matcher.get_matching_blocks()) / len(wanted)
