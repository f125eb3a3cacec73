"""Layouts of mission sheets: where a value stands, with a label or without."""

import json

import pytest

from assistant.loading import load
from assistant.missions import parse
from tests.conftest import DATA
from tools.records import compare, read_corpus

LISTED = """Chef de projet (exemple fictif)

Réf. : 2027/ABC/12345
Type d'offre : Experts
Type de contrat : CDDU
Date limite de candidature : 08/06/2027 23:55

Gouvernance - GOUV > Pôle Justice

Mis en ligne le : 07/05/2027

AFRIQUE SUBSAHARIENNE

Togo

Lomé, avec des déplacements à Kara

La mission appuie un ministère.
"""
STACKED = "Conseiller (exemple fictif)\n\nRéf.\n\n2027/ABC/12345\n\nType de contrat\n\nCDD\n\nDurée\n\n12 mois renouvelables\n\nDate limite de candidature\n\n2027/06/08 12:40\n"
BULLETS = """# Adviser (fictitious sample)

- **Ref.** : 2027/ABC/12345
- **Type of contract** : Service contract
- **Deadline date** : 2027/06/08 12:40
- **Country** : Kenya
"""
TABLE = "# Adviser\n\n| Ref. | 2027/ABC/12345 |\n|---|---|\n| Contract | Freelancer ; Umbrella company |\n| Duration | 6 to 9 months |\n| Level of effort | 110 working days |\n"
PROSE = """Conseiller (exemple fictif)

Réf. : 2027/ABC/12345
Type d'offre : Experts
Date limite de candidature : 08/06/2027

Le poste est basé à Lomé, au Togo. Le contrat est conclu pour deux ans, reconductible une fois. La prise de poste est prévue le 1er octobre 2027.

Diplôme d'ingénieur ou master (bac + 5). Une expérience d'au moins huit ans est exigée. Français, niveau C1 exigé. Le portugais serait un plus. Aucun télétravail : pas de travail à distance.
"""


def mission(tmp_path, text, suffix=".txt"):
    path = tmp_path / f"sheet{suffix}"
    path.write_text(text, encoding="utf-8")
    [document] = load(path, f"missions/sheet{suffix}").documents
    return parse(document)


def test_lines_without_a_label_are_known_by_their_place(tmp_path):
    read = mission(tmp_path, LISTED)
    assert (read.zone, read.countries, read.city) == ("AFRIQUE SUBSAHARIENNE", ("TG",), "Lomé")
    assert read.department == "Gouvernance - GOUV > Pôle Justice"
    assert read.published.isoformat() == "2027-05-07"


def test_a_label_may_stand_above_its_value(tmp_path):
    read = mission(tmp_path, STACKED)
    assert (read.reference, read.contract, read.months, read.renewable) == ("2027/ABC/12345", "CDD", 12, True)
    assert f"{read.deadline:%Y-%m-%d %H:%M}" == "2027-06-08 12:40"


def test_labels_in_bold_in_a_list(tmp_path):
    read = mission(tmp_path, BULLETS, ".md")
    assert (read.contract, read.statuses, read.countries) == ("Service contract", ("contractor",), ("KE",))


def test_labels_in_a_table_of_two_columns(tmp_path):
    read = mission(tmp_path, TABLE, ".md")
    assert (read.months, read.months_max, read.person_days, read.statuses) == (6, 9, 110, ("contractor", "umbrella"))


def test_what_no_label_gives_is_read_in_the_prose(tmp_path):
    read = mission(tmp_path, PROSE)
    assert (read.countries, read.months, read.renewable, read.start) == (("TG",), 24, True, "2027-10-01")
    assert (read.education_level, read.experience_years, read.remote) == (5, 8, False)
    assert [(s.language, s.level, s.required) for s in read.languages] == [("fr", "C1", True), ("pt", None, False)]


@pytest.mark.parametrize(
    ("line", "doubt"),
    [
        ("Date limite de candidature : 31/02/2027", "the deadline"),
        ("Pays : Atlantide", "the country"),
        ("Durée : 3+3 lunes", "the duration"),
    ],
)
def test_a_value_that_cannot_be_read_is_kept_and_named(tmp_path, line, doubt):
    read = mission(tmp_path, f"Poste\n\nRéf. : 2027/ABC/12345\nType d'offre : Experts\nType de contrat : CDD\n{line}\n")
    assert [label for label, _ in read.doubts] == [doubt]


def test_sheets_in_ten_other_layouts_are_read_as_by_hand():
    table = json.loads((DATA / "sheets.json").read_text(encoding="utf-8"))
    agreement = compare(read_corpus(DATA / "sheets"), table)
    assert agreement.precision >= 0.98, agreement.invented
    assert agreement.recall >= 0.9, agreement.missed


def test_a_label_of_the_site_does_not_make_a_sheet_of_a_policy(tmp_path):
    path = tmp_path / "p.md"
    path.write_text("# Stratégie\n\nDurée : cinq ans\n\nTexte.\n", encoding="utf-8")
    [document] = load(path, "policies/p.md").documents
    assert parse(document) is None


def test_what_a_sentence_gives_after_a_label_is_a_field(tmp_path):
    path = tmp_path / "missions" / "offre.md"
    path.parent.mkdir()
    path.write_text(
        "# Conseil en urbanisme, Tchad\n\nN'Djamena, un an. Salaire : 4 100 francs nets par mois. Il n'y a pas de date limite.\n", "utf-8"
    )
    mission = parse(load(path, "missions/offre.md").documents[0])
    assert mission.quote("salary").quote == "Salaire : 4 100 francs nets par mois."
    assert (mission.city, mission.countries) == ("N'Djamena", ("TD",))
    assert "pas de date limite" in mission.quote("not_said").quote
