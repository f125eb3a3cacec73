"""Compares the records read from a corpus with a table of the same sheets read by hand.

    python -m tools.records [--corpus corpus] [--table questions/missions.json]

Prints precision and recall over single values (each country, domain, language one value), and each difference.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.loading import load
from assistant.missions import parse
from assistant.schema import Mission

Row = dict[str, object]
Value = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far records agree with the table: values right, missed, and said though the table does not."""

    right: int
    missed: tuple[tuple[str, Value], ...]
    invented: tuple[tuple[str, Value], ...]

    @property
    def precision(self) -> float:
        """Share of the values read that the table has."""
        return self.right / max(self.right + len(self.invented), 1)

    @property
    def recall(self) -> float:
        """Share of the table's values that were read."""
        return self.right / max(self.right + len(self.missed), 1)


def read_corpus(corpus: Path) -> dict[str, Mission]:
    """Return the missions of a corpus by document name."""
    files = [path for path in sorted(corpus.rglob("*")) if path.is_file()]
    documents = [d for path in files for d in load(path, path.relative_to(corpus).as_posix()).documents]
    return {document.name: mission for document in documents if (mission := parse(document))}


def compare(missions: dict[str, Mission], table: dict[str, Row]) -> Agreement:
    """Return how far records agree with a table, sheet by sheet."""
    right, missed, invented = 0, [], []
    for name, row in table.items():
        wanted = set(_row_values(row))
        got = set(_mission_values(missions[name])) if name in missions else set()
        right += len(wanted & got)
        missed += [(name, one) for one in sorted(wanted - got)]
        invented += [(name, one) for one in sorted(got - wanted)]
    return Agreement(right, tuple(missed), tuple(invented))


_PLAIN = (
    "reference", "title", "organisation", "city", "zone", "theme", "offer_type", "contract", "duration", "months_min", "months_max", "person_days",
    "renewable", "start", "published", "deadline", "deadline_time", "education_level", "experience_years", "remote", "language", "url", "sample",
)  # fmt: skip


def _row_values(row: Row) -> Iterator[Value]:
    for name in _PLAIN:
        if row.get(name) is not None:
            yield name, _said(row[name])
    for name in ("countries", "domains", "statuses"):
        for one in row.get(name) or []:  # type: ignore[attr-defined]
            yield name, str(one)
    for skill in row.get("languages") or []:  # type: ignore[attr-defined]
        yield "languages", f"{skill['language']} {skill['level']} {skill['required']}"


def _mission_values(mission: Mission) -> Iterator[Value]:
    row: Row = {name: getattr(mission, name, None) for name in _PLAIN}
    end_of_day = mission.deadline is None or mission.deadline.second == 59
    row |= {
        "months_min": mission.months,
        "published": mission.published.isoformat() if mission.published else None,
        "deadline": mission.deadline.date().isoformat() if mission.deadline else None,
        "deadline_time": None if end_of_day or mission.deadline is None else f"{mission.deadline:%H:%M}",
        "countries": mission.countries,
        "domains": mission.domains,
        "statuses": mission.statuses,
        "languages": [{"language": s.language, "level": s.level, "required": s.required} for s in mission.languages],
    }
    yield from _row_values(row)


def _said(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def main() -> None:
    """Print the agreement and each difference."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=Path("corpus"))
    parser.add_argument("--table", type=Path, default=Path("questions/missions.json"))
    options = parser.parse_args()
    table = json.loads(options.table.read_text(encoding="utf-8"))
    agreement = compare(read_corpus(options.corpus), table)
    for label, values in (("missed", agreement.missed), ("invented", agreement.invented)):
        for name, (field, value) in values:
            print(f"{label:9} {name}: {field} = {value}")
    print(f"{len(table)} sheets, {agreement.right} values right: precision {agreement.precision:.4f}, recall {agreement.recall:.4f}")


if __name__ == "__main__":
    main()
