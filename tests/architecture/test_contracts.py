"""The import contracts of pyproject.toml hold, and each of them really can fail."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture import ROOT, SOURCE

CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
NAMES = {contract["id"]: contract["name"] for contract in CONTRACTS}

WRONG_IMPORTS = {
    "layers": ("foundation/kernel/text.py", "import bihuan.casework.cases"),
    "mechanisms": ("mechanisms/invented/services.py", "import bihuan.mechanisms.intake.services"),
    "kernel": ("foundation/kernel/text.py", "import bihuan.foundation.ledger"),
    "casework": ("casework/deadlines/rules.py", "import bihuan.casework.cases.models"),
    "shape": ("mechanisms/invented/models.py", "import bihuan.mechanisms.invented.services"),
    "tables": ("delivery/__init__.py", "import bihuan.mechanisms.invented.models"),
    "pure": ("mechanisms/invented/rules.py", "import django.db"),
}
UNEXPECTED_FILES = {
    "layers": "leftover/__init__.py",
    "kernel": "foundation/leftover/__init__.py",
    "casework": "casework/leftover/__init__.py",
    "shape": "mechanisms/invented/helpers.py",
}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the product with one more mechanism, made up of empty standard files."""
    copied = tmp_path / "bihuan"
    shutil.copytree(SOURCE, copied, ignore=shutil.ignore_patterns("static", "locale", "templates", "__pycache__"))
    for name in ("__init__", "models", "rules", "services"):
        (copied / "mechanisms" / "invented").mkdir(exist_ok=True)
        (copied / "mechanisms" / "invented" / f"{name}.py").touch()
    return copied


def _broken(folder: Path) -> set[str]:
    """Names of the contracts that `folder`'s copy of the product breaks."""
    program = "import importlinter.cli, sys; importlinter.cli.lint_imports(config_filename=sys.argv[1], no_cache=True)"
    command = [sys.executable, "-c", program, str(ROOT / "pyproject.toml")]
    run = subprocess.run(command, cwd=folder.parent, capture_output=True, text=True, check=False)
    verdicts = dict(re.findall(r"^(.+?) (KEPT|BROKEN)", run.stdout, re.M))
    assert set(verdicts) == set(NAMES.values()), run.stdout + run.stderr
    return {name for name, verdict in verdicts.items() if verdict == "BROKEN"}


def test_the_product_keeps_them_all(copy: Path):
    assert _broken(copy) == set()


def test_each_notices_a_wrong_import(copy: Path):
    assert set(WRONG_IMPORTS) == set(NAMES)
    for path, line in WRONG_IMPORTS.values():
        with (copy / path).open("a") as file:
            file.write(f"\n{line}\n")
    assert _broken(copy) == set(NAMES.values())


def test_the_exhaustive_ones_notice_an_unexpected_file(copy: Path):
    for path in UNEXPECTED_FILES.values():
        (copy / path).parent.mkdir(exist_ok=True)
        (copy / path).touch()
    assert _broken(copy) == {NAMES[key] for key in UNEXPECTED_FILES}
