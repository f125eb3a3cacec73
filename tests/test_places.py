import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.places import cities_in, countries_in, country_name, demonyms_in, zones, zones_in, zones_of
from assistant.text import fold

CODES = st.sampled_from(sorted({code for zone in zones().values() for code in zone.countries}))


@given(st.text(max_size=100))
def test_nothing_raises_and_spans_are_in_the_text(text):
    for _, (start, end) in [*countries_in(text), *zones_in(text), *demonyms_in(fold(text))]:
        assert 0 <= start < end


@given(CODES, st.sampled_from(["fr", "en"]))
def test_the_name_of_a_country_is_read_back(code, language):
    assert code in [found for found, _ in countries_in(f"Une mission, {country_name(code, language)}, deux ans")]


@given(CODES)
def test_every_country_of_a_zone_is_in_it(code):
    assert all(code in zones()[key].countries for key in zones_of([code]))


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Guinée équatoriale et Guinée-Bissau", ["GQ", "GW"]), ("au Niger, pas au Nigeria", ["NE", "NG"]), ("la République démocratique du Congo (RDC)", ["CD", "CD"]),
        ("Türkiye, North Macedonia", ["TR", "MK"]), ("Dominique et la République dominicaine", ["DM", "DO"]), ("le congolais", []),
    ],
)  # fmt: skip
def test_names_that_resemble_each_other_are_told_apart(text, codes):
    assert [code for code, _ in countries_in(text)] == codes


@pytest.mark.parametrize(
    ("word", "keys"),
    [
        ("senegalaises", {"SN"}),
        ("malgaches", {"MG"}),
        ("congolais", {"CD", "CG"}),
        ("tunisienne", {"TN"}),
        ("african", {"afrique"}),
        ("guineen", {"GN"}),
    ],
)
def test_inhabitants_name_their_country(word, keys):
    assert {key for key, _ in demonyms_in(word)} == keys


def test_a_city_named_like_its_country_is_the_country():
    assert not cities_in("un poste a djibouti") and countries_in("un poste à Djibouti")
    assert [name for name, _ in cities_in("un poste a nouakchott")] == ["nouakchott"]
