"""The house rules, each as a test short enough to read in one breath."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "bihuan"


def python_files(*folders: Path) -> list[Path]:
    """Return every Python file of the product (or of `folders`), migrations left out."""
    searched = folders or (SOURCE, ROOT / "config")
    return sorted(path for folder in searched for path in folder.rglob("*.py") if path.parent.name != "migrations")


def templates() -> list[Path]:
    """Return every page and fragment; documents and mail texts (`.txt`) too."""
    return sorted(path for path in SOURCE.rglob("templates/**/*") if path.suffix in {".html", ".txt", ".xml", ".svg"})


def name_of(path: Path) -> str:
    """Return `path` as a reader of the repository would write it."""
    return str(path.relative_to(ROOT))
