"""Keep the one catalogue of texts whole: `python -m tools.messages` checks it. Needs gettext.

`--write` collects the texts of the sources and compiles. `--merge A.tsv B.tsv …` does the same and fills in missing
translations from files of `English<TAB>translation` lines (of a plural, its singular); what is translated stays.
"""

import gettext
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from babel.messages import pofile

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "bihuan"
LANGUAGES = ("zh_Hans", "en")
# English is the source language: a missing translation shows the source text, which is right.
COMPLETE = ("zh_Hans",)


def _collect(folder: Path) -> None:
    """Bring the catalogues below `folder` (a copy of the product) in line with its sources."""
    wanted = [part for language in LANGUAGES for part in ("-l", language)]
    options = "--no-obsolete --no-wrap --add-location file -v 0 -i tests -i static".split()
    subprocess.run([sys.executable, ROOT / "manage.py", "makemessages", *wanted, *options], cwd=folder, check=True)


def _catalogue(folder: Path, language: str, suffix: str) -> Path:
    return folder / "locale" / language / "LC_MESSAGES" / f"django.{suffix}"


def _listed(path: Path, *options: str) -> list[str]:
    """Msgids of `path` that msgattrib selects with `options`."""
    command = ["msgattrib", "--no-obsolete", "--no-wrap", *options, str(path)]
    shown = subprocess.run(command, capture_output=True, text=True, check=True)
    return [line for line in shown.stdout.splitlines() if line.startswith("msgid ") and line != 'msgid ""']


def _compiled(path: Path) -> dict[Any, str]:
    with path.open("rb") as file:
        catalogue: dict[Any, str] = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    return {text: translated for text, translated in catalogue.items() if text}


def flaws(folder: Path) -> list[str]:
    """Say what the catalogues of the product lack, compared with those freshly collected in its copy `folder`."""
    found = []
    for language in LANGUAGES:
        fresh, kept = _catalogue(folder, language, "po"), _catalogue(SOURCE, language, "mo")
        if language in COMPLETE:
            found += [f"{language}: not translated: {text}" for text in _listed(fresh, "--untranslated")]
            found += [f"{language}: fuzzy: {text}" for text in _listed(fresh, "--only-fuzzy")]
        made = fresh.with_suffix(".fresh")
        subprocess.run(["msgfmt", "--check-format", "-o", made, fresh], check=True)
        if not kept.exists() or _compiled(kept) != _compiled(made):
            found.append(f"{language}: the compiled catalogue is behind its sources")
    return found


def write() -> None:
    """Collect and compile in place."""
    for language in LANGUAGES:
        _catalogue(SOURCE, language, "po").parent.mkdir(parents=True, exist_ok=True)
    _collect(SOURCE)
    for language in LANGUAGES:
        path = _catalogue(SOURCE, language, "po")
        subprocess.run(["msgfmt", "--check-format", "-o", path.with_suffix(".mo"), path], check=True)


def _pairs(files: list[Path]) -> dict[str, str]:
    """Read `English<TAB>translation` lines; the first translation of a text wins."""
    pairs: dict[str, str] = {}
    for line in (line for file in files for line in file.read_text().splitlines()):
        source, tab, translation = line.partition("\t")
        if tab and source.strip() and translation.strip():
            pairs.setdefault(source.strip(), translation.strip())
    return pairs


def merge(path: Path, language: str, pairs: dict[str, str]) -> list[str]:
    """Fill the empty and fuzzy messages of the catalogue at `path` from `pairs`; return the texts it does not know."""
    with path.open("rb") as file:
        catalogue = pofile.read_po(file, domain="django")
    # A fresh catalogue names no language in its header, and without one it has no plural rule.
    catalogue.locale, catalogue.fuzzy = language, False
    unused = set(pairs)
    for message in catalogue:
        source = message.id[0] if isinstance(message.id, tuple) else message.id
        if not source or source not in pairs:
            continue
        unused.discard(source)
        done = any(message.string) if isinstance(message.string, tuple) else bool(message.string)
        if not done or message.fuzzy:
            translation = pairs[source]
            message.string = (translation,) * catalogue.num_plurals if isinstance(message.id, tuple) else translation
            message.flags.discard("fuzzy")
    with path.open("wb") as file:
        pofile.write_po(file, catalogue, width=0)
    return sorted(unused)


def merge_all(files: list[Path]) -> None:
    """Collect, fill the complete languages from `files`, and compile. Says which lines no source asks for."""
    write()
    for language in COMPLETE:
        for text in merge(_catalogue(SOURCE, language, "po"), language, _pairs(files)):
            print(f"{language}: no source asks for: {text}")
    # gettext writes the file last, so that its form does not depend on how it was filled.
    write()


def main() -> int:
    """Return 0 when the catalogues are whole, 1 with a list of what is not."""
    if shutil.which("xgettext") is None:
        print("NOT RUN: the check of the texts (gettext is not installed)")
        return 0
    if "--merge" in sys.argv:
        merge_all([Path(name) for name in sys.argv[sys.argv.index("--merge") + 1 :]])
    elif "--write" in sys.argv:
        write()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "bihuan"
        shutil.copytree(SOURCE, folder, ignore=shutil.ignore_patterns("static", "__pycache__", "tests"))
        _collect(folder)
        found = flaws(folder)
    print("\n".join([*found, f"Texts to mend: {len(found)} (python -m tools.messages --write, then translate)"]))
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
