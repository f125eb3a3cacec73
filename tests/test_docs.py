"""The documents tell the truth: every command, setting, target and module they should name is named."""

import re
from pathlib import Path

import pytest
import typer

from assistant.cli import app
from assistant.settings import Settings

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_command_is_documented():
    commands = typer.main.get_command(app).commands
    missing = [name for name in commands if f"assistant {name}" not in README]
    assert missing == []


def test_every_setting_is_documented():
    missing = [name for name in Settings.model_fields if f"ASSISTANT_{name.upper()}" not in README]
    assert missing == []


def test_no_setting_is_documented_that_does_not_exist():
    known = {f"ASSISTANT_{name.upper()}" for name in Settings.model_fields}
    assert set(re.findall(r"ASSISTANT_[A-Z_]+", README)) <= known


def test_make_targets_named_in_the_readme_exist():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"make ([a-z-]+)", README)) <= targets


def test_every_module_has_its_place_in_the_architecture():
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    modules = [p for p in (ROOT / "assistant").glob("*.py") if p.name != "__init__.py"]
    assert [p.name for p in modules if f"`{p.name}`" not in text] == []


def test_files_linked_from_the_documents_exist():
    for name in ("README.md", "ARCHITECTURE.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", text):
            assert (ROOT / target).exists(), f"{name} links to {target}"


@pytest.mark.parametrize("path", sorted((ROOT / "corpus").rglob("*.*")), ids=lambda p: p.name)
def test_every_document_is_in_sources(path):
    if path.name != "SOURCES.md":
        assert path.relative_to(ROOT / "corpus").as_posix() in (ROOT / "corpus" / "SOURCES.md").read_text(encoding="utf-8")
