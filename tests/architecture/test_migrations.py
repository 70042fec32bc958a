"""Migrations are one straight line in every app, and its end is written down."""

import re
from pathlib import Path

import pytest

from tests.architecture import SOURCE

APPS = sorted(path for path in SOURCE.rglob("migrations") if list(path.glob("[0-9]*.py")))


@pytest.mark.parametrize("folder", APPS, ids=lambda path: path.parent.name)
def test_migrations_are_linear(folder: Path):
    texts = {path.stem: path.read_text() for path in folder.glob("[0-9]*.py")}
    dependency = re.compile(rf"\(\s*[\"']{folder.parent.name}[\"'],\s*[\"']([^\"']+)[\"']\s*\)")
    before = {name: set(dependency.findall(text)) for name, text in texts.items()}
    followed = [name for names in before.values() for name in names & set(texts)]
    assert len(followed) == len(set(followed)), "two migrations follow the same one"
    assert sorted(set(texts) - set(followed)) == [(folder / "max_migration.txt").read_text().strip()]
