"""Fetch the pinned front-end packages from npm and write what the product ships into ui/static/ui/vendor.

    python tools/vendor_frontend.py            fetch and write (needs npm and network)
    python tools/vendor_frontend.py --check    compare the committed files with their manifest (offline)

The result is committed, so neither a running product nor a build needs npm or a content delivery network.
"""

import argparse
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

VENDOR = Path(__file__).resolve().parent.parent / "src/bihuan/foundation/ui/static/ui/vendor"
MANIFEST = VENDOR / "manifest.json"
SPRITE = "tabler/icons.svg"


@dataclass(frozen=True)
class Package:
    """One npm package: exact version, licence id (SPDX), and `{path in the package: path under vendor/}`."""

    name: str
    version: str
    licence: str
    files: dict[str, str]


PACKAGES = (
    Package("bootstrap", "5.3.9", "MIT", {"dist/css/bootstrap.min.css": "bootstrap/bootstrap.min.css"}),
    Package("htmx.org", "2.0.11", "0BSD", {"dist/htmx.min.js": "htmx/htmx.min.js"}),
    Package("htmx-ext-sse", "2.2.4", "0BSD", {"dist/sse.min.js": "htmx/sse.min.js"}),
    Package("@tabler/icons", "3.51.0", "MIT", {}),
)

ICONS = (Path(__file__).parent / "icons.txt").read_text().split()


def _unpack(package: Package, folder: Path) -> tuple[Path, str]:
    """Download one package into `folder`; return its unpacked root and npm's integrity text."""
    answer = subprocess.run(
        ["npm", "pack", f"{package.name}@{package.version}", "--json", "--pack-destination", str(folder)],
        check=True,
        capture_output=True,
        text=True,
    )
    facts = json.loads(answer.stdout)[0]
    root = folder / f"{package.name.replace('/', '-').lstrip('@')}"
    with tarfile.open(folder / facts["filename"].replace("@", "").replace("/", "-")) as archive:
        archive.extractall(root, filter="data")
    return root / "package", facts["integrity"]


def _shipped(data: bytes) -> bytes:
    """Return the bytes we ship: without the source map comment, and without pictures that our CSP would refuse."""
    text = re.sub(r"\s*(/\*# sourceMappingURL=.*?\*/|//# sourceMappingURL=\S+)\s*$", "\n", data.decode())
    return re.sub(r'url\("data:[^"]*"\)', "none", text).encode()


def _sprite(root: Path) -> bytes:
    """Build one SVG sprite of the icons in ICONS (Tabler outline, 24 px grid). Stroke and fill are set by base.css."""
    parts = ['<svg xmlns="http://www.w3.org/2000/svg">']
    for name in sorted(set(ICONS)):
        source = (root / "icons/outline" / f"{name}.svg").read_text()
        shapes = re.findall(r"<(?:path|circle|rect|line|polyline|ellipse)\b[^>]*/>", source)
        drawn = (re.sub(r"\s+", " ", shape).replace(" />", "/>") for shape in shapes if 'stroke="none"' not in shape)
        parts.append(f'<symbol id="{name}" viewBox="0 0 24 24">{"".join(drawn)}</symbol>')
    return "\n".join([*parts, "</svg>\n"]).encode()


def fetch() -> None:
    """Fetch every package and write the files, their licences and the manifest."""
    entries = []
    with tempfile.TemporaryDirectory() as scratch:
        for package in PACKAGES:
            root, integrity = _unpack(package, Path(scratch))
            written = {target: _shipped((root / source).read_bytes()) for source, target in package.files.items()}
            if package.name == "@tabler/icons":
                written[SPRITE] = _sprite(root)
            folder = next(iter(written)).split("/")[0]
            written[f"{folder}/LICENSE-{package.name.split('/')[-1]}.txt"] = (root / "LICENSE").read_bytes()
            for target, data in written.items():
                (VENDOR / target).parent.mkdir(parents=True, exist_ok=True)
                (VENDOR / target).write_bytes(data)
            entries.append(
                {
                    "package": package.name,
                    "version": package.version,
                    "licence": package.licence,
                    "integrity": integrity,
                    "files": {
                        target: {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
                        for target, data in sorted(written.items())
                    },
                }
            )
    MANIFEST.write_text(json.dumps(entries, indent=2) + "\n")


def flaws() -> list[str]:
    """Return how the committed files differ from the manifest (empty: they are as fetched)."""
    entries = json.loads(MANIFEST.read_text())
    found = []
    pinned = {package.name: package.version for package in PACKAGES}
    if pinned != {entry["package"]: entry["version"] for entry in entries}:
        found.append("the pinned versions differ from the manifest: run tools/vendor_frontend.py")
    expected = {target: facts for entry in entries for target, facts in entry["files"].items()}
    present = {str(path.relative_to(VENDOR)) for path in VENDOR.rglob("*") if path.is_file() and path != MANIFEST}
    found += [f"{name} is not in the manifest" for name in sorted(present - expected.keys())]
    found += [f"{name} is missing" for name in sorted(expected.keys() - present)]
    for name in sorted(present & expected.keys()):
        if hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() != expected[name]["sha256"]:
            found.append(f"{name} was changed")
    return found


def main() -> int:
    """Run the tool; exit status 1 means that the committed files are not those of the manifest."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="only compare, offline")
    if not parser.parse_args().check:
        fetch()
    found = flaws()
    sys.stdout.writelines(line + "\n" for line in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
