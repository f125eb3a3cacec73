"""Measures the mission registry on generated sheets: filters, questions in words, and the re-index of one changed sheet.

    python -m benchmarks.registry [--sheets 50000] [--folder DIR]

The peer is a loop over the same records in memory. Prints the 50th and 95th percentiles of selecting with random filters (rows in order, counts and the first ten records), of a
question answered with its list, and the time of a run after one sheet of the corpus changed. With --folder the corpus and
the index are kept there, and used again by the next run.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import tempfile
import time
from pathlib import Path

import numpy as np

from assistant import filters
from assistant.dates import PARIS
from assistant.embedding import load_embedder
from assistant.indexing import index_corpus
from assistant.schema import Condition, Facet, Filters, Order
from assistant.store import Generation
from benchmarks.timing import timed

_NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=PARIS)
_PLACES = [("Sénégal", "Dakar"), ("Tunisie", "Tunis"), ("Kenya", "Nairobi"), ("Viêt Nam", "Hanoï"), ("Kosovo", "Pristina"), ("Colombie", "Bogota"), ("Guinée", "Conakry"), ("Liban", "Beyrouth")]  # fmt: skip
_DOMAINS = ["Justice", "Systèmes de santé", "Climat et Agriculture", "Culture et patrimoine", "Education, Enseignement supérieur et Recherche", "Gouvernance démocratique"]  # fmt: skip
_CONTRACTS = [("CDD", "Salarié"), ("CDDU", "Salarié"), ("Contrat de prestation de services", "Indépendant / Entrepreneur Individuel"), ("CDD", "Portage salarial / Cabinet d'expertise")]  # fmt: skip
_SHEET = """---
title: {title} {number} (exemple fictif)
kind: mission
sample: true
reference: {year}/GEN/{number}
country: {country}
city: {city}
domains: {domain}
offer_type: {offer}
contract_type: {contract}
status: {status}
duration: {months} mois
deadline: {deadline}
education: Bac+{level}
experience: {years} ans
languages: français C1 ; {language} B2
---

## Description de la mission

Cette fiche est un exemple fictif. La mission {number} appuie une administration à {city}.
"""
_QUESTIONS = (
    "Quelles missions sont ouvertes en Afrique ?", "Combien de missions de santé au Sénégal ?", "Quels CDD ferment ce mois-ci ?", "Which open missions require Spanish?",
    "Missions de plus de deux ans hors Afrique", "Quelle est la prochaine mission à clôturer ?", "Missions en portage à Tunis, moins de 5 ans d'expérience",
)  # fmt: skip


def write_sheets(corpus: Path, count: int) -> None:
    """Write generated sheets, a thousand a folder; the same count gives the same sheets."""
    rng = random.Random(0)
    for number in range(10_000, 10_000 + count):
        folder = corpus / "missions" / f"{number // 1000}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{number}.md").write_text(_sheet(number, rng), encoding="utf-8")


def _sheet(number: int, rng: random.Random) -> str:
    country, city = rng.choice(_PLACES)
    contract, status = rng.choice(_CONTRACTS)
    day = _NOW.date() + dt.timedelta(rng.randint(-900, 400))
    return _SHEET.format(
        title=rng.choice(["Conseiller justice", "Chef de projet santé", "Expert climat", "Chargé de mission culture"]), number=number, year=day.year, country=country, city=city,
        domain=rng.choice(_DOMAINS), offer=rng.choice(["Experts", "Poste terrain"]), contract=contract, status=status, months=rng.choice([3, 6, 9, 12, 18, 24, 36]),
        deadline=day.strftime("%d/%m/%Y 12:00"), level=rng.choice([3, 5, 8]), years=rng.randint(2, 15), language=rng.choice(["anglais", "espagnol", "portugais", "arabe"]),
    )  # fmt: skip


def random_filters(rng: random.Random) -> Filters:
    """Return one to four conditions of different facets, sometimes with an order."""
    today = _NOW.date().toordinal()
    choices = [
        Condition(
            Facet.PLACE,
            frozenset({rng.choice(["SN", "TN", "KE", "afrique", "asie", "balkans", "afrique_ouest"])}),
            negated=rng.random() < 0.2,
        ),
        Condition(Facet.DOMAIN, frozenset({rng.choice(["justice", "sante", "climat", "culture"])})),
        Condition(Facet.CONTRACT, frozenset({rng.choice(["CDD", "CDDU", "prestation"])})),
        Condition(Facet.STATUS, frozenset({rng.choice(["employee", "contractor", "umbrella"])})),
        Condition(Facet.STATE, frozenset({rng.choice(["open", "closed"])})),
        Condition(Facet.LANGUAGE, frozenset({rng.choice(["en", "es", "pt"])})),
        Condition(Facet.MONTHS, low=rng.choice([None, 6, 12]), high=24),
        Condition(Facet.DEADLINE, low=today, high=today + rng.choice([7, 30, 90])),
        Condition(Facet.EXPERIENCE, high=rng.randint(3, 10)),
        Condition(Facet.TEXT, frozenset({rng.choice(["justice", "santé", "climat", "administration"])})),
    ]
    order = Order(Facet.MONTHS, largest=True) if rng.random() < 0.1 else None
    return Filters(tuple(rng.sample(choices, rng.randint(1, 4))), order)


def main() -> None:
    """Build or reuse the index, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sheets", type=int, default=50_000)
    parser.add_argument("--folder", type=Path, help="keep the corpus and the index there")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        corpus, index = folder / "corpus", folder / "index"
        embedder = load_embedder()
        if not corpus.exists():
            write_sheets(corpus, options.sheets)
        started = time.perf_counter()
        report = index_corpus(corpus, index, embedder)
        print(f"{report.documents:,} sheets indexed in {time.perf_counter() - started:.1f} s", flush=True)
        _print_selections(Generation.open(index))
        changed = sorted(corpus.rglob("*.md"))[0]
        for turn in range(3):
            changed.write_text(changed.read_text(encoding="utf-8") + f"\nAjout {turn} {time.time_ns()}.\n", encoding="utf-8")
            started = time.perf_counter()
            report = index_corpus(corpus, index, embedder)
            print(f"re-index after {len(report.changed)} sheet changed: {time.perf_counter() - started:.2f} s", flush=True)


def _print_selections(generation: Generation) -> None:
    registry = generation.registry
    rng = random.Random(1)
    times, found = [], []
    for wanted in [random_filters(rng) for _ in range(300)]:
        started = time.perf_counter()
        selection = registry.select(wanted, _NOW)
        registry.entries(selection, limit=10)
        times.append(time.perf_counter() - started)
        found.append(len(selection))
    print(f"filters: {_percentiles(times)}; {sum(found) / len(found):,.0f} found on average, {max(found):,} at most")
    started = time.perf_counter()
    everything = registry.select(Filters(), _NOW)
    print(f"no filter: {1000 * (time.perf_counter() - started):.1f} ms for {len(everything):,}")
    wanted = Filters((Condition(Facet.PLACE, frozenset({"SN", "TN"})), Condition(Facet.STATE, frozenset({"open"}))))
    records = registry.missions()
    ours = min(timed(lambda: registry.select(wanted, _NOW)) for _ in range(5))
    loop = min(timed(lambda: [one for one in records if {"SN", "TN"} & set(one.countries) and one.is_open(_NOW)]) for _ in range(5))
    print(
        f"open in two countries: {1000 * ours:.1f} ms, a loop over the records in memory {1000 * loop:.1f} ms: {loop / ours:.0f} times",
        flush=True,
    )
    times = []
    for question in _QUESTIONS * 5:
        started = time.perf_counter()
        read = filters.read(question, _NOW.date(), registry)
        registry.entries(registry.select(read.filters, _NOW), limit=10)
        times.append(time.perf_counter() - started)
    print(f"questions in words: {_percentiles(times)}", flush=True)


def _percentiles(seconds: list[float]) -> str:
    middle, high = (1000 * float(np.percentile(seconds, q)) for q in (50, 95))
    return f"p50 {middle:.1f} ms, p95 {high:.1f} ms"


if __name__ == "__main__":
    main()
