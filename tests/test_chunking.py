from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.chunking import MAX_CHARS, MAX_LIST_CHARS, chunk
from assistant.loading.builder import TextBuilder
from assistant.schema import Kind

WORDS = st.text(alphabet="abcé .", min_size=1, max_size=400)
BLOCKS = st.one_of(
    st.tuples(st.just("heading"), st.text(alphabet="abcdef", min_size=1, max_size=20)),
    st.tuples(st.just("paragraph"), WORDS),
    st.tuples(st.just("item"), WORDS.map(lambda t: f"- {t}")),
    st.tuples(st.just("row"), WORDS),
)


def document(blocks):
    builder = TextBuilder()
    builder.title("Titre")
    for kind, value in blocks:
        if kind == "heading":
            builder.heading(value, 1)
        elif kind == "row":
            builder.row([value, "b"])
        else:
            getattr(builder, kind)(value)
    return builder.build(name="d.md", kind=Kind.OTHER, language="fr")


@settings(max_examples=150)
@given(st.lists(BLOCKS, max_size=30))
def test_chunks_are_exact_ordered_and_lose_nothing(blocks):
    built = document(blocks)
    chunks = chunk(built)
    assert all(built.text[c.start : c.end] == c.text for c in chunks)
    assert len({c.id for c in chunks}) == len(chunks)
    assert all(a.end <= b.start for a, b in pairwise(chunks))
    assert all(len(c.text) <= MAX_LIST_CHARS for c in chunks)
    covered = "".join(c.text for c in chunks)
    body = "".join(built.text[b.start : b.end] for b in built.blocks if b.kind != "heading")
    assert [x for x in covered if not x.isspace()] == [x for x in body if not x.isspace()]


@given(st.lists(BLOCKS, max_size=30))
def test_no_chunk_crosses_a_heading(blocks):
    built = document(blocks)
    headings = [b for b in built.blocks if b.kind == "heading"]
    assert not any(c.start < h.start < c.end for c in chunk(built) for h in headings)


def test_a_list_stays_with_the_sentence_that_introduces_it():
    items = [("item", f"- {'mot ' * 30}{i}") for i in range(10)]
    built = document([("paragraph", "x " * 500), ("paragraph", "Voici les axes :"), *items])
    listed = [c for c in chunk(built) if "Voici les axes" in c.text]
    assert len(listed) == 1
    assert listed[0].text.count("\n- ") == 10


def test_prose_is_cut_at_sentences():
    built = document([("paragraph", "Une phrase assez courte pour finir. " * 100)])
    chunks = chunk(built)
    assert len(chunks) > 2
    assert all(len(c.text) <= MAX_CHARS and c.text.endswith(".") for c in chunks)


def test_ids_are_stable_and_tell_records_apart():
    one = document([("paragraph", "Bonjour")])
    assert [c.id for c in chunk(one)] == [c.id for c in chunk(document([("paragraph", "Bonjour")]))]
    from dataclasses import replace

    assert chunk(one)[0].id != chunk(replace(one, name="e.md"))[0].id
