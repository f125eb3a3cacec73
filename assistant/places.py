"""Countries and zones named in French or English words: CLDR's names, and those of ``data/places.toml``.

Knows names only; imports babel when a name is first looked up.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from assistant.text import Span, fold, fold_with_offsets

_DATA = Path(__file__).parent / "data" / "places.toml"
_SKIPPED = {"ZZ", "QO", "EU", "EZ", "UN", "XA", "XB", "AC", "TA", "CP", "DG", "IC", "EA", "CQ"}
"""CLDR territories that are no country."""


@dataclass(frozen=True, slots=True)
class Zone:
    """A region: its key, names in French and English, and its countries (ISO 3166-1 alpha-2)."""

    key: str
    fr: str
    en: str
    names: tuple[str, ...]
    countries: frozenset[str]


@cache
def zones() -> dict[str, Zone]:
    """Return the zones by key."""
    return {key: Zone(key, z["fr"], z["en"], tuple(z["names"]), frozenset(z["countries"])) for key, z in _toml()["zones"].items()}


def country_name(code: str, language: str = "fr") -> str:
    """Return the name of a country.

    >>> country_name("TZ"), country_name("TZ", "en")
    ('Tanzanie', 'Tanzania')
    """
    return _territories(language).get(code, code)


def countries_in(text: str) -> list[tuple[str, Span]]:
    """Return the countries named in a text with the spans of their names, in order; longer names win.

    >>> [code for code, _ in countries_in("Guinée équatoriale, puis Sénégal (RDC)")]
    ['GQ', 'SN', 'CD']
    """
    folded, offsets = fold_with_offsets(text)
    return [
        (_country_names()[match.group()], (offsets[match.start()], offsets[match.end() - 1] + 1))
        for match in _country_pattern().finditer(folded)
    ]


def zones_in(text: str) -> list[tuple[str, Span]]:
    """Return the keys of the zones named in a text with the spans of their names; longer names win.

    >>> [key for key, _ in zones_in("en Afrique de l’Ouest ou dans les Balkans")]
    ['afrique_ouest', 'balkans']
    """
    folded, offsets = fold_with_offsets(text)
    return [
        (_zone_names()[match.group()], (offsets[match.start()], offsets[match.end() - 1] + 1)) for match in _zone_pattern().finditer(folded)
    ]


def zones_of(codes: Iterable[str]) -> tuple[str, ...]:
    """Return the keys of the zones that hold one of some countries.

    >>> "balkans" in zones_of(["XK"])
    True
    """
    wanted = frozenset(codes)
    return tuple(key for key, zone in zones().items() if zone.countries & wanted)


def cities_in(folded: str) -> list[tuple[str, Span]]:
    """Return the capitals and large cities that a folded text names after ``à`` or ``in``, with their spans: those CLDR names for a time zone.

    >>> cities_in("un poste a lima"), cities_in("la lima du pays")
    ([('lima', (11, 15))], [])
    """
    return [(_cities()[match.group(1)][0], match.span(1)) for match in _city_pattern().finditer(folded)]


def city_of(country: str, text: str) -> str | None:
    """Return the capital or large city of a country (ISO 3166-1 alpha-2) that a text names, as it writes it; None where it names none.

    >>> city_of("TD", "N’Djamena, poste sans famille"), city_of("SN", "N’Djamena")
    ('N’Djamena', None)
    """
    folded, offsets = fold_with_offsets(text)
    for name, (_, code) in _cities().items():
        found = re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", folded) if code == country else None
        if found:
            return text[offsets[found.start()] : offsets[found.end() - 1] + 1]
    return None


def demonyms_in(folded: str) -> list[tuple[str, Span]]:
    """Return the countries and zones that adjectives and names of inhabitants in a folded text speak of, with their spans.

    >>> [key for key, _ in demonyms_in("les missions senegalaises et balkaniques")]
    ['SN', 'balkans']
    """
    return [(key, match.span()) for match in _demonym_pattern().finditer(folded) for key in _demonyms()[match.group()]]


def place_words() -> frozenset[str]:
    """Return the folded words of which names of places are made, inhabitants included: what a misspelt place is compared with."""
    names = [*_country_names(), *_zone_names(), *_demonyms()]
    return frozenset(word for name in names for word in re.findall(r"[a-z]{4,}", name))


@cache
def _demonyms() -> dict[str, tuple[str, ...]]:
    """Return the countries and zones that each form of an adjective names."""
    read = dict(_toml()["demonyms"])
    keyed = {**read.pop("zones"), **read}
    forms: dict[str, list[str]] = {}
    for key, names in keyed.items():
        for form in dict.fromkeys(form for name in names for form in _inflected(str(name))):
            forms.setdefault(form, []).append(key)
    return {form: tuple(keys) for form, keys in forms.items()}


def _inflected(name: str) -> Iterator[str]:
    """Yield the masculine, feminine and plural forms of an adjective, French or English."""
    feminine = name if name.endswith("e") else name + {"n": "ne"}.get(name[-1] if name.endswith(("ien", "een", "on")) else "", "e")
    feminine = {"grec": "grecque", "turc": "turque"}.get(name, feminine)
    for form in (name, feminine):
        yield form
        if not form.endswith(("s", "x")):
            yield form + "s"


@cache
def _cities() -> dict[str, tuple[str, str]]:
    """Return the name and the country of each city by the forms it is written in, folded."""
    from babel import Locale
    from babel.core import get_global

    french = Locale("fr").time_zones
    names: dict[str, tuple[str, str]] = {}
    for zone, country in get_global("zone_territories").items():
        name = fold(zone.rsplit("/", 1)[-1].replace("_", " "))
        local = fold(french.get(zone, {}).get("city") or name)
        names |= {name: (local, country), local: (local, country)}
    return {**names, **{fold(alias): names[fold(name)] for alias, name in _toml()["cities"].items()}}


@cache
def _city_pattern() -> re.Pattern[str]:
    named = [name for name in _cities() if name not in _country_names()]  # « à Djibouti » is the country, or both
    names = "|".join(re.escape(name) for name in sorted(named, key=len, reverse=True))
    return re.compile(rf"\b(?:a|in|at) ({names})(?![\w-])")


@cache
def _demonym_pattern() -> re.Pattern[str]:
    return _any_of(dict.fromkeys(_demonyms(), ""))


@cache
def _toml() -> dict[str, Any]:
    return tomllib.loads(_DATA.read_text(encoding="utf-8"))


@cache
def _territories(language: str) -> dict[str, str]:
    from babel import Locale

    names = Locale(language).territories
    return {code: name for code, name in names.items() if len(code) == 2 and code.isalpha() and code not in _SKIPPED}


@cache
def _country_names() -> dict[str, str]:
    names: dict[str, str] = {}
    for language in ("en", "fr"):
        for code, name in _territories(language).items():
            names[fold(name)] = code
            names[fold(re.sub(r"\s*\(.*\)", "", name))] = code
    for code, aliases in _toml()["aliases"].items():
        names.update({fold(str(alias)): code for alias in aliases})
    return {name: code for name, code in names.items() if len(name) > 1}


@cache
def _country_pattern() -> re.Pattern[str]:
    return _any_of(_country_names())


@cache
def _zone_names() -> dict[str, str]:
    return {fold(name): key for key, zone in zones().items() for name in zone.names}


@cache
def _zone_pattern() -> re.Pattern[str]:
    return _any_of(_zone_names())


def _any_of(names: dict[str, str]) -> re.Pattern[str]:
    ordered = sorted(names, key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(re.escape(name) for name in ordered)})(?![\w-])")
