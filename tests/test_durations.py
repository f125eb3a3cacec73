import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.durations import Duration, parse_duration

UNITS = st.sampled_from([("mois", 1), ("months", 1), ("ans", 12), ("years", 12)])


@given(st.text(max_size=80))
def test_nothing_raises_and_bounds_are_in_order(words):
    read = parse_duration(words)
    if read.shortest is not None and read.longest is not None:
        assert read.shortest <= read.longest


@given(st.integers(1, 99), UNITS)
def test_a_length_is_read_back(number, unit):
    read = parse_duration(f"{number} {unit[0]}")
    assert (read.shortest, read.longest) == (number * unit[1], number * unit[1])


@given(st.integers(1, 40), st.integers(1, 40))
def test_a_range_keeps_both_ends(one, other):
    low, high = sorted((one, other))
    if low < high:
        read = parse_duration(f"entre {low} et {high} mois")
        assert (read.shortest, read.longest) == (low, high)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("12 mois renouvelables", Duration(12, 12, renewable=True)),
        ("36 mois non renouvelables", Duration(36, 36, renewable=False)),
        ("1 year (renouvelable jusqu'en 2029)", Duration(12, 12, renewable=True)),
        ("12 mois renouvelables sur 4 ans", Duration(12, 12, renewable=True)),
        ("30 mois maximum", Duration(None, 30)),
        ("au moins 6 mois", Duration(6, None)),
        ("un an et demi", Duration(18, 18)),
        ("2 ans et 6 mois", Duration(30, 30)),
        ("12 (douze) mois", Duration(12, 12)),
        ("120 jours sur 2026-2028", Duration(working_days=120)),
        ("about 45 days over 5 months", Duration(5, 5, 45)),
        ("56 jours", Duration(1.87, 1.87)),
        ("Long terme (24 mois)", Duration(24, 24)),
        ("jusqu'au 31 décembre 2027", Duration(until=dt.date(2027, 12, 31))),
    ],
)
def test_lengths_as_sheets_write_them(words, expected):
    assert parse_duration(words) == expected


@pytest.mark.parametrize(
    "words", ["long terme", "long terme (fin de phase I juillet 2022, phase II 2 ans)", "jusqu'en 2029", "", "à définir"]
)
def test_what_gives_no_length_stays_empty(words):
    assert parse_duration(words).is_empty
