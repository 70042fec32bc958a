"""Migrations are one straight line in every app, and its end is written down."""

import re
from pathlib import Path

import pytest

from tests.architecture import SOURCE

APPS = sorted(path for path in SOURCE.rglob("migrations") if list(path.glob("[0-9]*.py")))


@pytest.mark.parametrize("folder", APPS, ids=lambda path: path.parent.name)
def test_migrations_are_linear(folder: Path):
    app = folder.parent.name
    texts = {path.stem: path.read_text() for path in folder.glob("[0-9]*.py")}
    before = {name: set(re.findall(rf"\(\s*[\"']{app}[\"'],\s*[\"']([^\"']+)[\"']\s*\)", text)) for name, text in texts.items()}
    followed = [name for names in before.values() for name in names & set(texts)]
    assert len(followed) == len(set(followed)), f"two migrations of {app} follow the same one"
    assert sorted(set(texts) - set(followed)) == [(folder / "max_migration.txt").read_text().strip()]
