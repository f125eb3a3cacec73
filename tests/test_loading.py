import io
import json
import zipfile
from pathlib import Path

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import UnreadableFileError
from assistant.loading import load
from assistant.loading.builder import TextBuilder
from assistant.loading.plain import add_plain_text
from assistant.missions import parse
from assistant.schema import BlockKind, Kind
from tests.conftest import DATA
from tests.pdfs import pdf_of


def plain(text):
    builder = TextBuilder()
    add_plain_text(builder, text)
    return builder.build(name="t.txt", kind=Kind.OTHER, language="fr")


def write(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def only(path):
    loaded = load(path, path.name)
    assert len(loaded.documents) == 1
    return loaded.documents[0]


def blocks(document, kind):
    return [document.text[b.start : b.end] for b in document.blocks if b.kind is kind]


def test_plain_text_headings_lists_and_empty_section():
    document = only(DATA / "corpus" / "justice.txt")
    assert [s.path[-1] for s in document.sections] == [
        "Justice", "Objectifs", "Les missions longues au sein d'un projet", "Les missions courtes", "Priorités thématiques",
        "Zones géographiques prioritaires",
    ]  # fmt: skip
    last = document.sections[-1]
    assert document.text[last.start : last.end] == ""
    items = blocks(document, BlockKind.ITEM)
    assert items[0].startswith("1. Rendre l'entraide")
    assert items[3] == "Priorité 1\nLe combat contre le terrorisme et les réseaux criminels"
    assert len(items) == 6


def test_hard_wrapped_text_is_joined():
    line = "Cette phrase est coupée à la main au bout de soixante-dix signes,"
    document = plain(f"Titre\n\n{line}\n{line}\n{line}\n{line}\nfin de la phrase.\n")
    assert blocks(document, BlockKind.PARAGRAPH) == [" ".join([line] * 4) + " fin de la phrase."]


@given(st.text(max_size=400))
def test_plain_text_never_raises_and_offsets_hold(text):
    document = plain(text)
    assert all(0 <= b.start < b.end <= len(document.text) for b in document.blocks)


def test_front_matter_fields_can_be_quoted(tmp_path):
    text = '---\ntitle: "Un poste : Dakar"\nkind: mission\nreference: 2027/AB/12345\ncountry: [Kenya, Tanzanie]\nsample: true\n---\n## Profil\n\n**Bac+5** exigé, voir [le site](https://exemple.org).\n'
    document = only(write(tmp_path, "m.md", text))
    assert (document.title, document.kind, document.sample) == ("Un poste : Dakar", Kind.MISSION, True)
    assert {f.name: f.value for f in document.fields} == {"reference": "2027/AB/12345", "country": "Kenya ; Tanzanie"}
    for field in document.fields:
        assert document.text[field.start : field.end] == f"{field.label} : {field.value}"
    assert blocks(document, BlockKind.PARAGRAPH) == ["Bac+5 exigé, voir le site."]


def test_html_keeps_content_and_drops_the_rest(tmp_path):
    page = """<html lang="fr"><head><title>Titre du site</title></head><body><nav>Menu</nav><main><h1>La stratégie</h1><p>Un
    premier <b>paragraphe</b>.</p><ol><li>un</li><li>deux<ul><li>deux bis</li></ul></li></ol><table><tr><th>A</th><th>B</th></tr>
    <tr><td>1</td><td>2</td></tr></table><p style="display:none">caché</p><script>alert(1)</script></main><footer>pied</footer></body></html>"""
    document = only(write(tmp_path, "p.html", page))
    assert document.text == "La stratégie\n\nUn premier paragraphe.\n\n1. un\n2. deux\n- deux bis\n\n| A | B |\n| 1 | 2 |"


def test_pdf_pages_headings_lists_tables_and_running_heads(tmp_path):
    document = only(write(tmp_path, "d.pdf", pdf_of(DATA / "source.md", "pdf-running-heads")))
    assert len(document.pages) >= 2
    assert "Recueil de guides" not in document.text
    assert document.title == "Guide d'essai"
    assert "• premier point ;" in blocks(document, BlockKind.ITEM)
    assert "| Position | Durée |" in blocks(document, BlockKind.ROW)
    last = document.text.index("dernière phrase du guide")
    assert document.page_at(last) == len(document.pages)


def test_pdf_columns_are_read_one_after_the_other(tmp_path):
    document = only(write(tmp_path, "d.pdf", pdf_of(DATA / "source.md", "pdf-two-columns")))
    words = document.text.split()
    source = (DATA / "source.md").read_text().split("---\n")[2]
    assert [w for w in words if w.startswith("mot")] == [w for w in source.split() if w.startswith("mot")]


def test_a_scanned_page_is_said_to_be_one(tmp_path):
    path = write(tmp_path, "d.pdf", pdf_of(DATA / "source.md", "pdf-scanned-annex"))
    problems = load(path, "d.pdf").problems
    assert len(problems) == 1
    assert "text layer" in problems[0].reason
    assert not problems[0].fatal


def test_docx_headings_lists_tables(tmp_path):
    document = docx.Document()
    document.add_heading("Titre", 0)
    document.add_heading("Partie", 1)
    document.add_paragraph("Voici :")
    document.add_paragraph("premier", style="List Number")
    document.add_paragraph("second", style="List Number")
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "a", "b"
    buffer = io.BytesIO()
    document.save(buffer)
    read = only(write(tmp_path, "d.docx", buffer.getvalue()))
    assert read.text == "Titre\n\nPartie\n\nVoici :\n\n1. premier\n2. second\n\n| a | b |"
    assert read.sections[1].path == ("Titre", "Partie")


def test_a_document_without_heading_keeps_its_tables_and_lists(tmp_path):
    document = docx.Document()
    document.add_paragraph("un", style="List Bullet")
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "a", "b"
    buffer = io.BytesIO()
    document.save(buffer)
    read = only(write(tmp_path, "sans-titre.docx", buffer.getvalue()))
    assert read.text == "sans titre\n\n- un\n\n| a | b |"
    assert [b.kind for b in read.blocks] == [BlockKind.HEADING, BlockKind.ITEM, BlockKind.ROW]


def test_jsonl_lines_are_documents_and_bad_lines_are_named(tmp_path):
    good = json.dumps({"id": "a", "title": "Titre", "text": "Le texte."})
    path = write(tmp_path, "e.jsonl", f"{good}\n{{oups\n[1]\n{good}\n")
    loaded = load(path, "e.jsonl")
    assert [d.name for d in loaded.documents] == ["e.jsonl#a"]
    assert loaded.documents[0].text == "Titre\n\nLe texte."
    assert [p.where for p in loaded.problems] == ["e.jsonl, line 2", "e.jsonl, line 3", "e.jsonl, line 4"]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_rows_are_documents(tmp_path, separator):
    rows = [["id", "Intitulé", "Pays", "Description"], ["7", "Poste", "Kenya", '"une ligne\net une autre"'], ["8", "x"]]
    path = write(tmp_path, "e.csv", "\n".join(separator.join(row) for row in rows))
    loaded = load(path, "e.csv")
    assert [d.name for d in loaded.documents] == ["e.csv#7"]
    assert "Pays : Kenya" in loaded.documents[0].text
    assert loaded.problems[0].where == "e.csv, line 4"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_encodings(tmp_path, encoding):
    document = only(write(tmp_path, "t.txt", "L'été à Œuvry\n\nÇa coûte 3 €.".encode(encoding)))
    assert document.text == "L'été à Œuvry\n\nÇa coûte 3 €."


def zip_bomb():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * 400_000_000)
    return buffer.getvalue()


BAD = {
    "empty.txt": (b"", "empty"),
    "spaces.md": (b" \n\n ", "empty"),
    "truncated.pdf": (lambda: pdf_of(DATA / "source.md", "pdf")[:3000], "PDF"),
    "text.pdf": (b"bonjour", "no PDF"),
    "picture.txt": (b"\x89PNG\r\n\x1a\n....", "png"),
    "binary.txt": (bytes(range(256)) * 20, "text"),
    "sheet.xlsx": (b"PK\x03\x04", "unknown format"),
    "old.docx": (b"\xd0\xcf\x11\xe0" + b"0" * 600, "old .doc"),
    "broken.docx": (b"PK\x03\x04 not a zip", "DOCX"),
    "bomb.docx": (zip_bomb, "unpacks"),
    "front.md": (b"---\ntitle: a: b: c\n---\nx", "YAML"),
    "header.csv": (b"un seul mot\n", "header"),
    "all-bad.jsonl": (b"oups\n", "no readable record"),
    "nothing.html": (b"<!-- rien -->", "HTML"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_files_say_what_and_what_to_do(tmp_path, name):
    content, reason = BAD[name]
    path = write(tmp_path, name, content() if callable(content) else content)
    with pytest.raises(UnreadableFileError, match=reason) as caught:
        load(path, name)
    assert len(caught.value.remedy) > 10


def test_encrypted_pdf(tmp_path):
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf_of(DATA / "source.md", "pdf"))))
    writer.encrypt("secret", algorithm="RC4-128")
    path = tmp_path / "locked.pdf"
    writer.write(path)
    with pytest.raises(UnreadableFileError, match="password"):
        load(path, path.name)


@pytest.mark.parametrize("name", ["notes.md", "notes.txt", "page.html", "export.jsonl", "export.csv"])
@given(data=st.binary(max_size=300))
def test_any_bytes_give_documents_or_a_reason(tmp_path_factory, name, data):
    path = tmp_path_factory.mktemp("any") / name
    path.write_bytes(data)
    try:
        loaded = load(path, name)
    except UnreadableFileError as error:
        assert error.reason
    else:
        assert all(Path(d.path).name == name for d in loaded.documents)


def test_csv_columns_are_read_under_the_names_people_give_them(tmp_path):
    header = "reference;Intitulé du poste;pays;date_limite;Durée (mois);remuneration;Réunion"
    path = write(tmp_path, "o.csv", f"{header}\nAB-26-101;Conseil en archives;Togo;2027-03-04;24;2 000 € par mois;mardi\n")
    document = only(path)
    assert document.name == "o.csv#AB-26-101"  # stays with its row, whatever rows come before
    mission = parse(document)
    assert (mission.title, mission.months, mission.deadline.date().isoformat()) == ("Conseil en archives", 24.0, "2027-03-04")
    assert mission.quote("salary").quote == "Rémunération : 2 000 € par mois"
    assert "Durée (mois) : 24" in document.text and "Réunion : mardi" in document.text


def test_a_two_column_table_of_a_sheet_is_its_fields(tmp_path):
    rows = "| | |\n|---|---|\n| **Référence** | AB-1 |\n| **Lieu** | Lomé, Togo |\n| **Permis** | B |\n| **Durée** | 12 mois |\n"
    document = only(write(tmp_path, "f.md", f"# Offre\n\n{rows}"))
    assert [(one.name, one.value) for one in document.fields] == [
        ("reference", "AB-1"), ("city", "Lomé, Togo"), ("Permis", "B"), ("duration", "12 mois"),
    ]  # fmt: skip
    other = only(write(tmp_path, "g.md", "# Prix\n\n| Pays | Prix |\n|---|---|\n| Togo | 3 |\n| Bénin | 4 |\n"))
    assert not other.fields and len(blocks(other, BlockKind.ROW)) == 3


def test_numbered_headings_of_a_plain_text_are_headings(tmp_path):
    long = "Le conseil approuve le budget présenté, qui baisse de deux millions d'euros, et demande une note sur les réserves avant l'été prochain."
    text = f"CONSEIL\nCompte rendu du 4 mai\n\nPrésents : 12.\n\n1. BUDGET\n{long}\n\n2. Questions diverses\n\nAucune.\n\n1. un point\n2. un autre\n"
    document = only(write(tmp_path, "c.txt", text))
    assert [section.path for section in document.sections] == [
        ("CONSEIL — Compte rendu du 4 mai",),
        ("CONSEIL — Compte rendu du 4 mai", "1. BUDGET"),
        ("CONSEIL — Compte rendu du 4 mai", "2. Questions diverses"),
    ]
    assert blocks(document, BlockKind.ITEM) == ["1. un point", "2. un autre"]


def test_rows_that_share_a_reference_are_all_kept(tmp_path):
    path = write(tmp_path, "o.csv", "Référence,Intitulé,Pays\nNC,Archives,Togo\nNC,Musées,Togo\nAB-12345,Écoles,Mali\n")
    loaded = load(path, "o.csv")
    assert [document.name for document in loaded.documents] == ["o.csv#NC", "o.csv#2", "o.csv#AB-12345"]
    assert not loaded.problems
