"""Writes ``corpus/SOURCES.md``: every document of the corpus with the addresses and the date it was authored from.

python -m tools.list_sources
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

from assistant.loading.markdown import split_front_matter
from tools.make_documents import SOURCES, read_source

CORPUS = Path(__file__).parent.parent / "corpus"
_RELAYS = {
    "union-africaine-economie-bleue": "https://www.blue-jobs.com/job/782/expertise-france-recruitment-of-short-term-junior-programme-support-expert-to-support-the-blue-economy-division/",
    "corridors-afrique-centrale": "https://www.lesopportunites.com/opportunite/cameroun/avis-de-recrutement/commerce-international/expertise-france-recrute-une-adjointe-cheffe-de-projet-des-corridors-strategiques-dafrique-centrale",
    "evaluation-innovi": "https://jamaity.org/opportunity/cahier-des-charges-expertise-france-2/?setLang=fr",
    "formation-professionnelle-tunis": "https://coordinationsud.org/offre-emploi/expert-e-international-e-en-formation-professionnelle-et-dialogue-institutionnel-et-public-p-h-f",
    "lemma-reinsertion": "https://www.francealumni.fr/en/offers/225931",
}
"""Addresses of the CSV export's postings, whose layout has no column for them."""

_HEAD = """# Sources of the corpus

Every document was written for this corpus from facts found on public pages (archived copies, of varying age) and collected on
22 November 2026. Figures, dates and names come from the addresses given; where two sources differ, the document gives both.
Sample postings (« exemple fictif ») match no real recruitment and have no source.
"""


def main() -> None:
    """Write the list."""
    lines = [_HEAD]
    for folder in ("policies", "guides", "news", "missions"):
        lines.append(f"\n## {folder}/\n")
        for name, title, links in sorted(_documents(folder)):
            told = "; ".join(links) or ("sample posting, no source" if "fict" in title.lower() else "see its text")
            lines.append(f"- `{name}` — {title}: {told}")
    (CORPUS / "SOURCES.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _documents(folder: str) -> Iterator[tuple[str, str, list[str]]]:
    for path in (CORPUS / folder).glob("*.md"):
        front, _ = split_front_matter(path.read_text(encoding="utf-8"))
        yield f"{folder}/{path.name}", str(front["title"]), _links(front.get("sources"))
    for path in (SOURCES / folder).glob("*.md"):
        source = read_source(path)
        rendered = next((CORPUS / folder).glob(f"{path.stem}.*"))
        yield f"{folder}/{rendered.name}", source.title, source.links
    for path in (CORPUS / folder).glob("*.jsonl"):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            yield f"{folder}/{path.name}#{row['id']}", row["title"], [row["url"]] if row.get("url") else []
    for path in (CORPUS / folder).glob("*.csv"):
        for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines(keepends=True)):
            yield f"{folder}/{path.name}#{row['id']}", row["Intitulé"], [_RELAYS[row["id"]]] if row["id"] in _RELAYS else []


def _links(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else []


if __name__ == "__main__":
    main()
